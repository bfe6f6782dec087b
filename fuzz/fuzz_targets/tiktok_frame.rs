//! Any bytes as a frame of TikTok, as a batch, and as one message of every kind: taken apart, taken by the desk twice, and
//! written as frames of our own.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use polychat_model::wire::{Format, Numbered};
use polychat_model::{Body, ChannelKey, ChatEvent, Element, IdentifierType, Platform};
use polychat_platforms::tiktok::frame::{self, Batch, Frame};
use polychat_platforms::tiktok::{Desk, Host, Told};

static KEY: LazyLock<ChannelKey> = LazyLock::new(|| ChannelKey::new(Platform::Tiktok, IdentifierType::Username, "fuzz"));

const NOW: i64 = 1_780_000_000_000;
const METHODS: [&str; 24] = [
    "RoomMessage",
    "WebcastAccessControlMessage",
    "WebcastBarrageMessage",
    "WebcastCaptionMessage",
    "WebcastChatMessage",
    "WebcastControlMessage",
    "WebcastEmoteChatMessage",
    "WebcastEnvelopeMessage",
    "WebcastGiftMessage",
    "WebcastGoalUpdateMessage",
    "WebcastImDeleteMessage",
    "WebcastLikeMessage",
    "WebcastLinkMicArmies",
    "WebcastLinkMicBattle",
    "WebcastLiveIntroMessage",
    "WebcastMemberMessage",
    "WebcastPollMessage",
    "WebcastQuestionNewMessage",
    "WebcastRoomMessage",
    "WebcastRoomPinMessage",
    "WebcastRoomUserSeqMessage",
    "WebcastSocialMessage",
    "WebcastSubNotifyMessage",
    "WebcastUnauthorizedMemberMessage",
];

fuzz_target!(|bytes: &[u8]| {
    let whole = bytes.to_vec();
    match frame::read(whole.clone().into()) {
        Ok(Frame::Messages(batch) | Frame::Joined(Some(batch))) => take(&batch),
        _ => {}
    }
    if let Ok(batch) = frame::batch(whole.into()) {
        take(&batch);
    }
    // Most mutations of a whole frame only break its envelope.
    if let Some((first, payload)) = bytes.split_first() {
        let method = METHODS[usize::from(*first) % METHODS.len()];
        let mut message = field(1, method.as_bytes());
        message.extend(field(2, payload));
        if let Ok(batch) = frame::batch(field(1, &message).into()) {
            take(&batch);
        }
    }
});

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
    out
}

fn take(batch: &Batch) {
    let host = Host { room_id: "7".into(), user_id: Some("1".to_owned()), username: "fuzz".to_owned() };
    let mut desk = Desk::new(host);
    let mut told = desk.take(batch, NOW);
    desk.rejoined();
    told.extend(desk.take(batch, NOW + 1_000));
    let mut last = i64::MIN;
    while let Some(due) = desk.due_ms() {
        assert!(due > last, "a tick at its time leaves nothing due");
        last = due;
        told.extend(desk.tick(due));
    }
    let health = desk.health();
    assert!(health.unknown + health.broken <= health.actions);
    for told in &told {
        if let Told::Event(event) = told {
            check(event);
        }
    }
}

fn check(event: &ChatEvent) {
    let content = match &event.body {
        Body::Chat(chat) => Some(&chat.data.content),
        Body::Event(data) => data.message.as_ref(),
        _ => None,
    };
    if let Some(content) = content {
        let joined: String = content.elements().iter().map(Element::value).collect();
        assert_eq!(joined, content.raw());
    }
    Numbered { key: &KEY, seq: 1, event }.to_json(Format::Flat);
}
