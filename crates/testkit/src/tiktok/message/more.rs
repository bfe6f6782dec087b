//! What the rarer happenings are on the wire: pins, questions, polls, boxes, banners.

use super::common::{common, head, text};
use super::{Around, Kind, TkMessage};
use crate::proto::Message;
use crate::tiktok::person::{avatar, image};

/// The method and the message.
pub(super) fn write(message: &TkMessage, around: &Around) -> (&'static str, Message) {
    let from = &message.from;
    let start = |method: &str| Message::default().message(1, head(around, method));
    let now_s = around.now_ms / 1_000;
    match &message.kind {
        Kind::Pin { of, method, payload } => {
            let field = match method.as_str() {
                "WebcastSocialMessage" => 3,
                "WebcastGiftMessage" => 4,
                "WebcastMemberMessage" => 5,
                "WebcastLikeMessage" => 6,
                _ => 2,
            };
            let written = start("WebcastRoomPinMessage").bytes(field, payload).string(30, method);
            // Only who and whether it is a moderator.
            let operator = Message::default().int(1, from.id()).message(32, Message::default().flag(2, true));
            let written = written.int(31, around.now_ms).message(32, operator);
            // A pin bears its own id; taking it away names that.
            let written = match of {
                None => written.int(33, 1).int(34, 60).int(35, around.id),
                Some(pin) => written.int(33, 2).int(35, *pin),
            };
            ("WebcastRoomPinMessage", written)
        }
        Kind::Question { text } => {
            let question = Message::default().int(1, around.id).string(2, text).int(4, now_s).message(5, from.user());
            ("WebcastQuestionNewMessage", start("WebcastQuestionNewMessage").message(2, question))
        }
        Kind::PollStart { poll, title, options } => {
            let options = options.iter().zip(0..).map(|(option, index)| poll_option(option, index, 0));
            let begun = Message::default().int(1, around.now_ms).int(2, around.now_ms + 60_000).each(3, options);
            let begun = begun.string(4, title).message(5, around.owner.user());
            ("WebcastPollMessage", start("WebcastPollMessage").int(3, *poll).message(4, begun).int(7, 1))
        }
        Kind::PollVotes { poll, votes } => {
            let update = Message::default().each(2, poll_options(votes)).message(3, around.owner.user());
            ("WebcastPollMessage", start("WebcastPollMessage").int(2, 2).int(3, *poll).message(6, update).int(7, 1))
        }
        Kind::PollEnd { poll, votes } => {
            let end = Message::default().int(1, 1).each(2, poll_options(votes)).message(3, around.owner.user());
            ("WebcastPollMessage", start("WebcastPollMessage").int(2, 1).int(3, *poll).message(5, end).int(7, 1))
        }
        Kind::Envelope { number, diamonds, people, business, opens_s } => {
            let (urls, uri) = avatar(&from.handle, 100);
            let envelope = Message::default()
                .string(1, &number.to_string())
                .int(2, *business)
                .string(4, &from.nickname)
                .int(5, (*diamonds).into())
                .int(6, (*people).into())
                .int(7, *opens_s)
                .string(8, &from.id().to_string())
                .message(9, image(&urls, &uri))
                .string(10, &now_s.to_string())
                .string(11, &around.room.to_string());
            ("WebcastEnvelopeMessage", start("WebcastEnvelopeMessage").message(2, envelope).int(3, 1))
        }
        Kind::EnvelopeHides { number } => {
            let envelope = Message::default().string(1, &number.to_string());
            ("WebcastEnvelopeMessage", start("WebcastEnvelopeMessage").message(2, envelope).int(3, 2))
        }
        Kind::Subscription { months, gifted } => {
            let method = "WebcastSubNotifyMessage";
            let key = "pm_mt_sub_notify";
            let head = common(around, method, key, "{0:user} subscribed to the host", Some(from));
            let subscribed = Message::default().message(1, head).message(2, from.user()).int(4, *months);
            (method, subscribed.int(6, u64::from(*months > 1)).int(8, 2).flag(9, *gifted))
        }
        Kind::Barrage { kind, key, level } => {
            let content = text(key, "{0:user} joined", []);
            let written = start("WebcastBarrageMessage").int(3, *kind).message(5, content).int(6, 3_000);
            let level = Message::default().int(1, (*level).into()).message(4, from.user());
            let field = if matches!(kind, 10 | 11) { 101 } else { 100 };
            ("WebcastBarrageMessage", written.message(50, from.user()).message(field, level))
        }
        Kind::Caption { sentence, text, done } => {
            let words = Message::default().string(1, "en").string(2, text);
            let written = start("WebcastCaptionMessage").int(2, around.now_ms).int(3, 2_000).message(4, words);
            ("WebcastCaptionMessage", written.int(5, *sentence).int(6, 1).flag(7, *done))
        }
        Kind::Intro { text } => {
            let written = start("WebcastLiveIntroMessage").int(2, around.id).string(4, text);
            ("WebcastLiveIntroMessage", written.message(5, around.owner.user()).string(8, "en"))
        }
        Kind::Notice { text } => {
            // Its own name is another one than that in its head.
            let written = Message::default().message(1, head(around, "SystemMessage")).string(2, text);
            ("RoomMessage", written.int(4, 1).string(6, "general"))
        }
        Kind::Goal { text, progress, target } => {
            let part = Message::default().int(1, 1).int(2, 5655).int(3, *progress).int(4, *target);
            let goal = Message::default().int(1, around.room).int(2, 1).int(3, 1).message(4, part.clone());
            let goal = goal.string(5, text).string(13, &around.room.to_string());
            let written = start("WebcastGoalUpdateMessage").message(3, goal).int(4, from.id()).string(6, &from.handle);
            ("WebcastGoalUpdateMessage", written.message(7, part).int(9, 1).string(12, &from.id().to_string()))
        }
        Kind::Captcha => {
            let captcha = Message::default().int(1, around.id).int(2, around.room).int(3, 30);
            ("WebcastAccessControlMessage", start("WebcastAccessControlMessage").message(2, captcha))
        }
        kind => unreachable!("{kind:?} is written elsewhere"),
    }
}

fn poll_options(votes: &[(String, u64)]) -> impl Iterator<Item = Message> {
    votes.iter().zip(0..).map(|((option, votes), index)| poll_option(option, index, *votes))
}

fn poll_option(text: &str, index: u64, votes: u64) -> Message {
    Message::default().int(1, votes).string(2, text).int(3, index)
}
