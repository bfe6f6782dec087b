//! What most happenings are on the wire: talk, gifts, the audience and what is taken back.

use super::common::{common, emote, head, text};
use super::{Around, Kind, TkMessage, gift, more};
use crate::proto::Message;
use crate::tiktok::id;
use crate::tiktok::person::{Person, image};

/// The method and the message.
pub(super) fn write(message: &TkMessage, around: &Around) -> (&'static str, Message) {
    let from = &message.from;
    let identity = || from.identity(around.owner.id());
    match &message.kind {
        Kind::Chat { text, to, language, emotes } => {
            let method = "WebcastChatMessage";
            (
                "WebcastChatMessage",
                chat(head(around, method), from, text, to.as_ref(), language, emotes).message(18, identity()),
            )
        }
        Kind::Emotes(names) => {
            let method = "WebcastEmoteChatMessage";
            let emotes = names.iter().map(|name| emote(name));
            let start = Message::default().message(1, head(around, method)).message(2, from.user());
            (method, start.each(3, emotes).message(5, identity()))
        }
        Kind::Gift { gift, count, group, ended, to } => {
            ("WebcastGiftMessage", gift::write(message, around, *gift, *count, *group, *ended, to.as_ref()))
        }
        Kind::Like { count, total } => {
            let (method, key) = ("WebcastLikeMessage", "pm_mt_msg_viewer");
            let start =
                Message::default().message(1, common(around, method, key, "{0:user} liked the LIVE", Some(from)));
            let effect = Message::default().int(1, 1).int(2, 1).int(3, 2_000);
            (method, start.int(2, (*count).into()).int(3, *total).message(5, from.user()).int(9, 1).message(10, effect))
        }
        Kind::Follow { followers } => {
            let key = "pm_main_follow_message_viewer_2";
            let social = social(around, from, key, "{0:user} followed the LIVE creator");
            let target = around.owner.id();
            let followed = social.int(4, 1).string(5, &target.to_string()).int(6, *followers).int(14, target);
            ("WebcastSocialMessage", followed)
        }
        Kind::Share { joined } => {
            let key = match joined {
                0 => "pm_mt_guidance_share".to_owned(),
                joined => format!("pm_mt_guidance_viewer_{joined}_share"),
            };
            let social = social(around, from, &key, "{0:user} shared the LIVE");
            ("WebcastSocialMessage", social.int(3, 1).int(4, 3).string(5, "12").int(8, (*joined).into()))
        }
        Kind::Join { viewers } => {
            let (method, key) = ("WebcastMemberMessage", "live_room_enter_toast");
            let start = Message::default().message(1, common(around, method, key, "{0:user} joined", Some(from)));
            let joined = start.message(2, from.user()).int(3, (*viewers).into()).int(10, 1).int(12, from.id());
            (method, joined.string(19, "homepage_hot-live_cell").string(20, "draw"))
        }
        Kind::Guest => {
            let method = "WebcastUnauthorizedMemberMessage";
            let number = id::hash(&around.id.to_string(), 0) % 1_000_000_000;
            let start = Message::default().message(1, head(around, method)).int(2, 1);
            let prefix = text("web_nonlogin_im_7", "Viewer%s", []);
            (method, start.message(3, prefix).string(4, &number.to_string()))
        }
        Kind::Viewers { now, ever, top } => {
            let method = "WebcastRoomUserSeqMessage";
            let ranks = top.iter().zip(1..).map(|((person, score), rank)| {
                Message::default().int(1, *score).message(2, person.user()).int(3, rank)
            });
            let start = Message::default().message(1, head(around, method)).each(2, ranks);
            (method, start.int(3, *now).int(7, *ever).int(8, now / 20))
        }
        Kind::Delete { messages, users } => {
            let method = "WebcastImDeleteMessage";
            (method, Message::default().message(1, head(around, method)).packed(2, messages).packed(3, users))
        }
        Kind::Control { action } => {
            let (method, source) = ("WebcastControlMessage", if *action == 1 { "anchor_pause" } else { "app_pause" });
            let extra = Message::default().string(8, if *action <= 2 { source } else { "" });
            (method, Message::default().message(1, head(around, method)).int(2, *action).message(4, extra))
        }
        _ => more::write(message, around),
    }
}

fn social(around: &Around, from: &Person, key: &str, pattern: &str) -> Message {
    let common = common(around, "WebcastSocialMessage", key, pattern, Some(from));
    Message::default().message(1, common).message(2, from.user())
}

/// `WebcastChatMessage`, without the identity of the sender.
fn chat(
    common: Message,
    from: &Person,
    text: &str,
    to: Option<&Person>,
    language: &str,
    emotes: &[(u32, String)],
) -> Message {
    let content = match to {
        Some(to) => format!("@{} {text}", to.nickname),
        None => text.to_owned(),
    };
    let label = image(&[], "");
    let written = Message::default()
        .message(1, common)
        .message(2, from.user())
        .string(3, &content)
        .message(9, Message::default().message(1, label));
    let written = match to {
        Some(to) => written.message(12, to.user()),
        None => written,
    };
    let placed = emotes.iter().map(|(index, name)| Message::default().int(1, (*index).into()).message(2, emote(name)));
    let score = Message::default().string(1, "sim").int(2, 42);
    written.each(13, placed).string(14, language).message(19, score).int(22, 100)
}
