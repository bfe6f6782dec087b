//! The tags that most lines carry, found in one pass instead of one search each.

use super::irc::Line;

macro_rules! tags {
    ($($field:ident = $key:literal),* $(,)?) => {
        /// Raw values, still escaped; empty when absent. On Twitch both mean the same.
        #[derive(Debug, Clone, Copy, Default)]
        pub(super) struct Tags<'a> {
            $(pub(super) $field: &'a str,)*
        }

        impl<'a> Tags<'a> {
            pub(super) fn of(line: &Line<'a>) -> Self {
                let mut tags = Self::default();
                for (key, value) in line.raw_tags() {
                    match key.as_bytes() {
                        $($key => tags.$field = value,)*
                        _ => {}
                    }
                }
                tags
            }
        }
    };
}

tags! {
    badges = b"badges",
    bits = b"bits",
    color = b"color",
    custom_reward_id = b"custom-reward-id",
    display_name = b"display-name",
    emotes = b"emotes",
    first_msg = b"first-msg",
    gifs = b"gifs",
    hype_chat_amount = b"pinned-chat-paid-amount",
    id = b"id",
    login = b"login",
    moderator = b"mod",
    msg_id = b"msg-id",
    reply_parent_id = b"reply-parent-msg-id",
    returning_chatter = b"returning-chatter",
    rm_deleted = b"rm-deleted",
    room_id = b"room-id",
    sent_ts = b"sent-ts",
    source_badges = b"source-badges",
    source_id = b"source-id",
    source_msg_id = b"source-msg-id",
    source_room_id = b"source-room-id",
    subscriber = b"subscriber",
    tmi_sent_ts = b"tmi-sent-ts",
    user_id = b"user-id",
}

impl Tags<'_> {
    /// Unix milliseconds.
    pub(super) fn sent_at_ms(&self) -> Option<i64> {
        self.tmi_sent_ts.parse().or_else(|_| self.sent_ts.parse()).ok()
    }

    /// Written in another channel of a shared chat.
    pub(super) fn is_mirrored(&self) -> bool {
        !self.source_room_id.is_empty() && self.source_room_id != self.room_id
    }
}
