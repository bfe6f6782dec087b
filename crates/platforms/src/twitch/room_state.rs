//! `ROOMSTATE`: the rules of a room. The first one is whole, later ones hold only what changed.

use polychat_model::{Body, ChatEvent, EventData, EventName};

use super::Room;
use super::irc::Line;
use super::tags::Tags;

/// What one `ROOMSTATE` line says: what is `None` was not mentioned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomState {
    /// The channel's user id.
    pub room_id: Option<String>,
    /// Only emotes may be written.
    pub emote_only: Option<bool>,
    /// Minutes for which one must have followed; -1 when anyone may write.
    pub followers_only: Option<i32>,
    /// No text may be written twice.
    pub unique: Option<bool>,
    /// Seconds between two messages of one person; 0 when there is no limit.
    pub slow_seconds: Option<u32>,
    /// Only subscribers may write.
    pub subscribers_only: Option<bool>,
}

pub(super) fn read(line: &Line<'_>) -> RoomState {
    let flag = |key| match line.raw_tag(key) {
        Some("1") => Some(true),
        Some("0") => Some(false),
        _ => None,
    };
    let number = |key| line.raw_tag(key).unwrap_or_default();
    RoomState {
        room_id: line.tag("room-id").map(Into::into),
        emote_only: flag("emote-only"),
        followers_only: number("followers-only").parse().ok(),
        unique: flag("r9k"),
        slow_seconds: number("slow").parse().ok(),
        subscribers_only: flag("subs-only"),
    }
}

/// The rules of a room as they stand. Turns a change into an event; what was so from the start is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomModes {
    known: RoomState,
}

impl RoomModes {
    /// Takes over what `change` says. `Some` when a rule that was known is another one now.
    pub fn apply(&mut self, change: &RoomState, room: &Room<'_>) -> Option<ChatEvent> {
        let mut texts = Vec::new();
        let known = &mut self.known;
        if change.room_id.is_some() {
            known.room_id.clone_from(&change.room_id);
        }
        if let Some(on) = changed(&mut known.emote_only, change.emote_only) {
            texts.push(if on {
                "Only emotes may be written now.".to_owned()
            } else {
                "Emote-only mode is off.".to_owned()
            });
        }
        if let Some(minutes) = changed(&mut known.followers_only, change.followers_only) {
            texts.push(match minutes {
                ..0 => "Followers-only mode is off.".to_owned(),
                0 => "Only followers may write now.".to_owned(),
                _ => format!("Only those who have followed for {} may write now.", span(i64::from(minutes) * 60)),
            });
        }
        if let Some(on) = changed(&mut known.unique, change.unique) {
            let text = if on { "No message may be written twice now." } else { "Unique-chat mode is off." };
            texts.push(text.to_owned());
        }
        if let Some(seconds) = changed(&mut known.slow_seconds, change.slow_seconds) {
            texts.push(match seconds {
                0 => "Slow mode is off.".to_owned(),
                _ => format!("Slow mode: one message in {} from each person.", span(i64::from(seconds))),
            });
        }
        if let Some(on) = changed(&mut known.subscribers_only, change.subscribers_only) {
            let text = if on { "Only subscribers may write now." } else { "Subscribers-only mode is off." };
            texts.push(text.to_owned());
        }
        if texts.is_empty() {
            return None;
        }
        let text = texts.join(" ");
        let room_id = self.known.room_id.as_deref().unwrap_or_default();
        let tags = Tags { room_id, ..Tags::default() };
        let id = room.event_id(&tags, "mode", "", &text);
        let data = EventData {
            event: EventName::Mode,
            text,
            native_type: Some("roomstate".to_owned()),
            ..EventData::default()
        };
        Some(room.event(&tags, id, Body::Event(Box::new(data))))
    }
}

/// The new value when it replaces another one.
fn changed<T: Copy + PartialEq>(known: &mut Option<T>, change: Option<T>) -> Option<T> {
    let new = change?;
    let old = known.replace(new);
    old.is_some_and(|old| old != new).then_some(new)
}

/// `30 seconds`, `1 minute`, `90 minutes`, `2 hours`, `7 days`.
fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        s if s % 86_400 == 0 => (s / 86_400, "day"),
        s if s % 3_600 == 0 => (s / 3_600, "hour"),
        s if s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twitch::Read;
    use crate::twitch::catalog::Lookups;
    use crate::twitch::testing::{NOW_MS, read_line};

    fn state(line: &str) -> RoomState {
        let Read::RoomState(state) = read_line(line) else { panic!("{line}") };
        state
    }

    #[test]
    fn only_a_change_of_a_known_rule_is_an_event() {
        let lookups = Lookups::default();
        let room = Room { login: "chan", room_id: None, lookups: &lookups, now_ms: NOW_MS };
        let mut modes = RoomModes::default();
        let mut text = |line| {
            let event = modes.apply(&state(line), &room)?;
            assert_eq!(&*event.room_id, "7");
            let Body::Event(data) = event.body else { panic!("{line}") };
            Some(data.text)
        };
        let full = "@emote-only=0;followers-only=-1;r9k=0;room-id=7;slow=0;subs-only=0 :t ROOMSTATE #chan";
        assert_eq!(text(full), None, "so from the start");
        assert_eq!(text(full), None, "told again after a reconnect");
        let slow = text("@room-id=7;slow=10 :t ROOMSTATE #chan");
        assert_eq!(slow.as_deref(), Some("Slow mode: one message in 10 seconds from each person."));
        let followers = text("@room-id=7;followers-only=10080 :t ROOMSTATE #chan");
        assert_eq!(followers.as_deref(), Some("Only those who have followed for 7 days may write now."));
        let all = text(full);
        assert_eq!(all.as_deref(), Some("Followers-only mode is off. Slow mode is off."));
        assert_eq!(text("@room-id=7;slow=x;subs-only= :t ROOMSTATE #chan"), None);
    }

    #[test]
    fn spans_are_written_in_their_largest_whole_unit() {
        assert_eq!([span(1), span(60), span(5_400), span(86_400)], ["1 second", "1 minute", "90 minutes", "1 day"]);
    }
}
