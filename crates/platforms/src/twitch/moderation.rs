//! `CLEARCHAT` and `CLEARMSG`: what has to disappear.

use polychat_model::{Body, ModerationAction, ModerationData};

use super::irc::Line;
use super::tags::Tags;
use super::{Read, Room};

/// The whole room, or one user's messages so far. A `ban-duration` is a time-out, none is a ban.
pub(super) fn clear_chat(line: &Line<'_>, room: &Room<'_>) -> Read {
    let tags = Tags::of(line);
    let username = line.text().filter(|login| !login.is_empty());
    let user_id = line.tag("target-user-id");
    let action =
        if username.is_none() && user_id.is_none() { ModerationAction::Clear } else { ModerationAction::DeleteUser };
    let data = ModerationData {
        action,
        message_id: None,
        user_id: user_id.map(Into::into),
        username: username.map(str::to_owned),
        duration_seconds: line.tag("ban-duration").and_then(|seconds| seconds.parse().ok()),
    };
    let kind = if action == ModerationAction::Clear { "clear" } else { "clear-user" };
    // A time-out that becomes a ban is two happenings, also within one millisecond.
    let duration = line.tag("ban-duration").unwrap_or_default();
    let id = room.event_id(&tags, kind, username.unwrap_or_default(), &duration);
    Read::Event(room.event(&tags, id, Body::Moderation(data)))
}

/// One message.
pub(super) fn clear_message(line: &Line<'_>, room: &Room<'_>) -> Read {
    let tags = Tags::of(line);
    let Some(target) = line.tag("target-msg-id") else { return Read::Ignored("a deletion that names no message") };
    let id = room.event_id(&tags, "delete", tags.login, &target);
    let data = ModerationData {
        action: ModerationAction::DeleteMessage,
        message_id: Some(target.into_owned()),
        user_id: None,
        username: (!tags.login.is_empty()).then(|| tags.login.to_owned()),
        duration_seconds: None,
    };
    Read::Event(room.event(&tags, id, Body::Moderation(data)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twitch::testing::event;

    fn moderation(line: &str) -> ModerationData {
        let Body::Moderation(data) = event(line).body else { panic!("{line}") };
        data
    }

    #[test]
    fn a_time_out_a_ban_and_a_clear_are_told_apart() {
        let timeout = moderation("@ban-duration=600;room-id=1;target-user-id=9;tmi-sent-ts=5 :t CLEARCHAT #c :ann");
        assert_eq!((timeout.action, timeout.duration_seconds), (ModerationAction::DeleteUser, Some(600)));
        assert_eq!((timeout.user_id.as_deref(), timeout.username.as_deref()), (Some("9"), Some("ann")));
        let ban = moderation("@room-id=1;target-user-id=9 :t CLEARCHAT #c ann");
        assert_eq!((ban.action, ban.duration_seconds), (ModerationAction::DeleteUser, None));
        let ban_at =
            |more: &str| event(&format!("@{more}room-id=1;target-user-id=9;tmi-sent-ts=5 :t CLEARCHAT #c :ann")).id;
        assert_ne!(ban_at(""), ban_at("ban-duration=600;"), "both are told, in the same millisecond, too");
        let clear = moderation("@room-id=1;tmi-sent-ts=5 :t CLEARCHAT #c");
        assert_eq!((clear.action, clear.user_id), (ModerationAction::Clear, None));
    }

    #[test]
    fn a_deletion_names_its_message_and_is_the_same_event_when_told_again() {
        let line = "@login=ann;room-id=;target-msg-id=m-1;tmi-sent-ts=5 :t CLEARMSG #c :text";
        assert_eq!(moderation(line).message_id.as_deref(), Some("m-1"));
        assert_eq!(event(line).id, event(line).id);
        assert_ne!(event(line).id, event(&line.replace("m-1", "m-2")).id);
        assert_eq!(
            crate::twitch::testing::read_line("@login=a :t CLEARMSG #c :x"),
            Read::Ignored("a deletion that names no message")
        );
    }
}
