//! Recorded messages of TikTok, and how to give them to a desk.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use polychat_model::{Body, ChatEvent, Content, Element};
use polychat_platforms::tiktok::frame::{self, Batch};
use polychat_platforms::tiktok::{Desk, Host, Told, proto};
use prost::Message as _;
use serde_json::Value;

/// When messages are taken: after all of them.
pub(crate) const NOW: i64 = 1_780_000_000_000;
const RECORDINGS: [&str; 5] = ["WebcastLog2", "ab", "link", "giftsCollector", "jw"];

/// A recorded message.
#[derive(Clone)]
pub(crate) struct Recorded {
    pub(crate) recording: String,
    pub(crate) method: String,
    /// Its place in the list of its method.
    pub(crate) index: usize,
    pub(crate) id: i64,
    pub(crate) payload: Bytes,
}

pub(crate) fn corpus() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let tiktok = root.join("tiktok");
    if tiktok.is_dir() {
        return Some(tiktok);
    }
    eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
    None
}

/// One recording as it is, repetitions included, in its order.
pub(crate) fn repeated(corpus: &Path, recording: &str) -> Vec<Recorded> {
    let file = fs::read(corpus.join(format!("recordings/{recording}.json"))).unwrap();
    let methods: Value = serde_json::from_slice(&file).unwrap();
    let mut all = Vec::new();
    for (method, messages) in methods.as_object().unwrap() {
        for (index, message) in messages.as_array().unwrap().iter().enumerate() {
            let payload: Bytes = BASE64.decode(message["eventData"].as_str().unwrap()).unwrap().into();
            // Every message begins with its head, and of this one nothing else is read.
            let head =
                proto::WebcastAccessControlMessage::decode(payload.clone()).ok().and_then(|message| message.common);
            let id = head.map_or(0, |head| head.msg_id);
            all.push(Recorded { recording: recording.to_owned(), method: method.clone(), index, id, payload });
        }
    }
    all
}

/// Every recorded message once.
pub(crate) fn recorded(corpus: &Path) -> Vec<Recorded> {
    let mut seen = HashSet::new();
    let all = RECORDINGS.iter().flat_map(|recording| repeated(corpus, recording));
    all.filter(|message| seen.insert((message.method.clone(), message.payload.clone()))).collect()
}

/// Messages as a frame brings them.
pub(crate) fn batch_of(messages: &[&Recorded]) -> Batch {
    frame::batch(fetch_result(messages)).unwrap()
}

pub(crate) fn fetch_result(messages: &[&Recorded]) -> Bytes {
    let message = |message: &&Recorded| proto::BaseMessage {
        method: Bytes::copy_from_slice(message.method.as_bytes()),
        payload: message.payload.clone(),
        msg_id: message.id,
        is_history: false,
    };
    let messages = messages.iter().map(message).collect();
    proto::FetchResult { messages, now: NOW, ..Default::default() }.encode_to_vec().into()
}

pub(crate) fn desk() -> Desk {
    Desk::new(Host { room_id: "7000".into(), user_id: Some("1".to_owned()), username: "nobody".to_owned() })
}

pub(crate) fn events(told: &[Told]) -> impl Iterator<Item = &ChatEvent> {
    told.iter().filter_map(|told| match told {
        Told::Event(event) => Some(event),
        Told::Room(_) => None,
    })
}

/// What holds for every event.
pub(crate) fn check(event: &ChatEvent) {
    assert!(event.id.starts_with("tt:") && event.id.len() > 3, "{}", event.id);
    assert!(event.sent_at_ms > 1_500_000_000_000, "{}", event.id);
    let whole = |content: &Content| {
        let joined: String = content.elements().iter().map(Element::value).collect();
        assert_eq!(joined, content.raw(), "{}", event.id);
    };
    match &event.body {
        Body::Chat(chat) => {
            whole(&chat.data.content);
            let author = &chat.data.author;
            assert!(!chat.data.content.raw().is_empty() && !author.display_name.is_empty(), "{}", event.id);
        }
        Body::Event(data) => {
            assert!(!data.text.trim().is_empty(), "{}", event.id);
            data.message.iter().for_each(whole);
        }
        Body::Moderation(_) | Body::Viewers(_) => {}
    }
}
