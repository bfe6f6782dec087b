//! The pure parts that find a stream on YouTube, over recorded pages, held against answer keys that others made of them.
//!
//! The recordings are not part of the repository: `POLYCHAT_CORPUS` says where they are. Without them each test says so
//! and passes.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::fs;
use std::path::PathBuf;

use polychat_platforms::youtube::item_id::{self, Notice};
use polychat_platforms::youtube::token::{self, ChatType, TokenKind};
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let youtube = root.join("youtube");
    if youtube.is_dir() {
        return Some(youtube);
    }
    eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
    None
}

fn json(corpus: &std::path::Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(corpus.join(name)).unwrap()).unwrap()
}

#[test]
fn recorded_tokens_say_whose_chat_they_read_and_are_rewritten_in_one_byte() {
    let Some(corpus) = corpus() else { return };
    let vectors = json(&corpus, "vectors.json");
    for (name, kind) in [("live_token", TokenKind::Live), ("replay_token", TokenKind::Replay)] {
        let vector = &vectors[name];
        let token = vector["token"].as_str().unwrap();
        assert_eq!(token::kind(token), Some(kind));
        assert_eq!(token::chat_type(token), Some(ChatType::Top));
        assert_eq!(token::video_id(token).as_deref(), vector["video_id"].as_str());
        assert_eq!(token::channel_id(token).as_deref(), vector["channel_id"].as_str());
        assert!(!token::is_stub(token));
        let all = token::all_messages(token).unwrap();
        assert_eq!(Some(&*all), vector["token_after_setting_chat_type_1"].as_str());
        assert_eq!(token::chat_type(&all), Some(ChatType::All));
    }
}

#[test]
fn the_tokens_of_menus_without_a_video_are_stubs() {
    let Some(corpus) = corpus() else { return };
    let stubs = &json(&corpus, "vectors.json")["stub_tokens"];
    let (top, live) = (stubs["top"].as_str().unwrap(), stubs["live"].as_str().unwrap());
    assert!(token::is_stub(top) && token::is_stub(live));
    assert_eq!((token::video_id(top), token::channel_id(live)), (None, None));
    assert_eq!(token::all_messages(top).as_deref(), Some(live));
}

#[test]
fn recorded_ids_tell_their_time_or_their_notice() {
    let Some(corpus) = corpus() else { return };
    let ids = &json(&corpus, "vectors.json")["ids"];
    let mut notices = Vec::new();
    for vector in ids.as_array().unwrap() {
        let id = vector["id"].as_str().unwrap();
        assert_eq!(item_id::inner(id).as_deref(), vector["inner"].as_str());
        assert_eq!(item_id::made_at_usec(id), vector["usec_in_id"].as_u64());
        notices.extend(item_id::notice(id));
    }
    assert_eq!(notices, [Notice::SubscribersOnly, Notice::CommunityGuidelines]);
}
