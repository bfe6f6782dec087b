//! Any bytes as an answer of YouTube's chat: taken apart, taken by the desk twice, and written as frames.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use polychat_model::wire::{Format, Numbered};
use polychat_model::{Body, ChannelKey, ChatEvent, Element, IdentifierType, Platform};
use polychat_platforms::youtube::Desk;
use polychat_platforms::youtube::answer::read;

static KEY: LazyLock<ChannelKey> = LazyLock::new(|| ChannelKey::new(Platform::Youtube, IdentifierType::LiveId, "fuzz"));

fuzz_target!(|bytes: &[u8]| {
    // As a whole answer, and as its actions: most mutations of a whole answer only break its frame.
    take(bytes);
    let mut wrapped = br#"{"contents":{"liveChatRenderer":{"actions":["#.to_vec();
    wrapped.extend_from_slice(bytes);
    wrapped.extend_from_slice(b"]}}}");
    take(&wrapped);
});

fn take(bytes: &[u8]) {
    let Ok(answer) = read(bytes) else { return };
    let mut desk = Desk::new("fuzz");
    let mut events = desk.take(&answer, false, 1_000);
    events.extend(desk.take(&answer, true, 2_000));
    while let Some(due) = desk.due_ms() {
        events.extend(desk.tick(due));
    }
    let health = desk.health();
    assert!(health.unknown + health.broken <= health.actions * 2);
    events.iter().for_each(check);
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
