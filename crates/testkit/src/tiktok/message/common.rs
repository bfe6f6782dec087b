//! What many messages have in them: the head and the text that TikTok itself would show.

use super::Around;
use crate::proto::Message;
use crate::tiktok::person::{Person, image};

/// `Common`. `key` names the event, `pattern` is its text with `{0:user}` in it.
pub(super) fn common(around: &Around, method: &str, key: &str, pattern: &str, user: Option<&Person>) -> Message {
    let described = match user {
        Some(user) if !pattern.is_empty() => pattern.replace("{0:user}", &user.nickname),
        _ => String::new(),
    };
    let common = head(around, method).string(7, &described);
    if key.is_empty() {
        return common;
    }
    let pieces = user.map(|user| {
        let value = Message::default().message(1, user.user());
        Message::default().int(1, 11).message(21, value)
    });
    common.message(8, text(key, pattern, pieces))
}

/// `Common` without a text.
pub(super) fn head(around: &Around, method: &str) -> Message {
    Message::default()
        .string(1, method)
        .int(2, around.id)
        .int(3, around.room)
        .int(4, around.now_ms)
        .flag(6, true)
        .string(12, &format!("202611242000{:016X}", around.id))
}

/// `Text`.
pub(super) fn text(key: &str, pattern: &str, pieces: impl IntoIterator<Item = Message>) -> Message {
    let format = Message::default().string(1, "#ffffffff").int(4, 400);
    Message::default().string(1, key).string(2, pattern).message(3, format).each(4, pieces)
}

/// `Emote`, by a name.
pub(super) fn emote(name: &str) -> Message {
    let uri = format!("webcast-va/emote_{name}");
    let urls = [format!("https://p16-webcast.tiktokcdn.com/{uri}~tplv-obj-emotes-v1.webp")];
    Message::default().string(1, name).message(2, image(&urls, &uri)).string(4, &format!("uuid-{name}")).int(5, 1)
}
