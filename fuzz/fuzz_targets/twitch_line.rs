//! Any bytes as a line of Twitch's IRC: split, read, folded into bundles and written as a frame.

#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use polychat_model::wire::{Format, Numbered};
use polychat_model::{Body, ChannelKey, ChatEvent, Element, IdentifierType, Platform};
use polychat_platforms::twitch::catalog::{EmoteRef, EmoteTable, Lookups};
use polychat_platforms::twitch::irc::Line;
use polychat_platforms::twitch::{GiftBundles, Read, Room, RoomModes, login, read};

static LOOKUPS: LazyLock<Lookups> = LazyLock::new(|| {
    let emote = EmoteRef { url: "https://emotes.example/1".into() };
    Lookups { emotes: EmoteTable::new([("OMEGALUL".to_owned(), emote)]).into(), ..Lookups::default() }
});

static KEY: LazyLock<ChannelKey> =
    LazyLock::new(|| ChannelKey::new(Platform::Twitch, IdentifierType::Username, "fuzz"));

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(name) = login(&text) {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
    }
    let Some(line) = Line::parse(&text) else { return };
    let room = Room { login: "fuzz", room_id: None, lookups: &LOOKUPS, now_ms: 0 };
    match read(&line, &room) {
        Read::Event(event) => check(&event),
        Read::Gift(gift) => {
            let (mut bundles, now) = (GiftBundles::default(), Instant::now());
            let mut events = bundles.push(gift, now);
            events.extend(bundles.tick(now + Duration::from_secs(20)));
            events.extend(bundles.close(now));
            events.iter().for_each(check);
        }
        Read::RoomState(state) => {
            let mut modes = RoomModes::default();
            modes.apply(&state, &room);
            assert!(modes.apply(&state, &room).is_none(), "told twice, changed once");
        }
        _ => {}
    }
});

fn check(event: &ChatEvent) {
    if let Body::Chat(chat) = &event.body {
        let joined: String = chat.data.content.elements().iter().map(Element::value).collect();
        assert_eq!(joined, chat.data.content.raw());
    }
    Numbered { key: &KEY, seq: 1, event }.to_json(Format::Flat);
}
