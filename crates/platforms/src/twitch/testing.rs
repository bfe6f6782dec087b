//! Reading single lines in unit tests.

use polychat_model::{Body, ChatEvent, ChatMessage, EventData};

use super::catalog::Lookups;
use super::irc::Line;
use super::{Read, Room, read};

pub(crate) const NOW_MS: i64 = 1_700_000_000_000;

pub(crate) fn read_with(line: &str, lookups: &Lookups) -> Read {
    read(&Line::parse(line).expect(line), &Room { login: "chan", room_id: None, lookups, now_ms: NOW_MS })
}

pub(crate) fn read_line(line: &str) -> Read {
    read_with(line, &Lookups::default())
}

pub(crate) fn event(line: &str) -> ChatEvent {
    match read_line(line) {
        Read::Event(event) => event,
        Read::Gift(gift) => gift.event,
        other => panic!("{line}: {other:?}"),
    }
}

pub(crate) fn chat(line: &str) -> ChatMessage {
    let Body::Chat(chat) = event(line).body else { panic!("{line}") };
    *chat
}

pub(crate) fn data(line: &str) -> EventData {
    let Body::Event(data) = event(line).body else { panic!("{line}") };
    *data
}
