//! `PRIVMSG`: what people write.

use polychat_model::{Body, ChatData, ChatMessage, Highlight, Metadata, MetadataType, MonetaryData, Person, Reply};

use super::author::{author, name, source_channel};
use super::irc::Line;
use super::money;
use super::tags::Tags;
use super::text::{self, Source};
use super::{Read, Room};

pub(super) fn read(line: &Line<'_>, room: &Room<'_>) -> Read {
    let tags = Tags::of(line);
    if tags.rm_deleted == "1" {
        return Read::Ignored("deleted before it was read");
    }
    let Some(sent) = line.text().filter(|text| !text.is_empty()) else {
        return Read::Ignored("a message without text");
    };
    let login = line.nick().unwrap_or(tags.login);
    let (text, action) = text::action(sent);
    let reply = (!tags.reply_parent_id.is_empty()).then(|| reply(line, &tags, room));
    let bits = tags.bits.parse().ok().filter(|bits| *bits > 0);
    let content = text::content(&Source {
        text,
        emotes: tags.emotes,
        gifs: tags.gifs,
        answered: reply.as_ref().map(|reply| &reply.user),
        bits,
        gigantic: tags.msg_id == "gigantified-emote-message",
        lookups: room.lookups,
    });
    let id = room.event_id(&tags, "message", login, sent);
    let message_id = if tags.id.is_empty() { id.to_string() } else { tags.id.to_owned() };
    let data = ChatData {
        author: author(&tags, login, room),
        content,
        metadata: metadata(line, &tags, bits, room),
        reply,
        first_message: tags.first_msg == "1",
        returning: tags.returning_chatter == "1",
        action,
        highlight: highlight(line, &tags),
        source_channel: source_channel(&tags, room),
    };
    Read::Event(room.event(&tags, id, Body::Chat(Box::new(ChatMessage { message_id, data }))))
}

/// The answered message. Thread tags are absent when the answered one began the thread.
fn reply(line: &Line<'_>, tags: &Tags<'_>, room: &Room<'_>) -> Reply {
    let raw = |key| line.raw_tag(key).unwrap_or_default();
    let login = raw("reply-parent-user-login");
    let id = raw("reply-parent-user-id");
    Reply {
        message_id: tags.reply_parent_id.to_owned(),
        thread_id: line.tag("reply-thread-parent-msg-id").map_or_else(|| tags.reply_parent_id.to_owned(), Into::into),
        user: Person {
            id: id.to_owned(),
            username: login.to_owned(),
            display_name: name(raw("reply-parent-display-name"), login),
            avatar_url: room.lookups.people.avatar(id),
        },
        text: line.tag("reply-parent-msg-body").unwrap_or_default().into_owned(),
    }
}

/// Bits and Hype Chat are money; everything else is chat.
fn metadata(line: &Line<'_>, tags: &Tags<'_>, bits: Option<u32>, room: &Room<'_>) -> Metadata {
    let monetary_data = match bits {
        Some(bits) => Some(money::bits(bits, &room.lookups.cheermotes)),
        None if !tags.hype_chat_amount.is_empty() => hype_chat(line, tags),
        None => None,
    };
    let kind = if monetary_data.is_some() { MetadataType::SuperChat } else { MetadataType::Chat };
    Metadata { kind, monetary_data, sticker: None }
}

/// Hype Chat: a message pinned for money. Twitch ended it, recordings have it.
fn hype_chat(line: &Line<'_>, tags: &Tags<'_>) -> Option<MonetaryData> {
    let raw = |key| line.raw_tag(key).unwrap_or_default();
    let exponent = raw("pinned-chat-paid-exponent");
    let money = money::money(tags.hype_chat_amount, exponent, raw("pinned-chat-paid-currency"))?;
    let amount = money::written(&money, exponent);
    Some(MonetaryData {
        formatted: amount.clone(),
        amount,
        color: money::hype_chat_color(raw("pinned-chat-paid-level")).to_owned(),
        money: Some(money),
        bits: None,
        tier: None,
        colors: None,
    })
}

fn highlight(line: &Line<'_>, tags: &Tags<'_>) -> Option<Highlight> {
    let plain = |kind: &str| Some(Highlight { kind: kind.to_owned(), detail: None });
    match tags.msg_id {
        "highlighted-message" => plain("highlighted"),
        "skip-subs-mode-message" => plain("subs_mode_skipped"),
        "user-intro" => plain("introduction"),
        "gigantified-emote-message" => plain("gigantified_emote"),
        "animated-message" => {
            let detail = line.tag("animation-id").map(Into::into);
            Some(Highlight { kind: "animated".to_owned(), detail })
        }
        "" if !tags.custom_reward_id.is_empty() => {
            Some(Highlight { kind: "reward".to_owned(), detail: Some(tags.custom_reward_id.to_owned()) })
        }
        "" => None,
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::{Element, EmoteStyle, Money};

    use super::*;
    use crate::twitch::testing::{NOW_MS, chat, event, read_line};

    #[test]
    fn a_message_has_its_author_its_time_and_its_ids() {
        let line = "@badges=moderator/1,partner/1;color=#FF7F50;display-name=A\u{df};id=m-1;mod=1;room-id=7;\
                    tmi-sent-ts=1600000000000;user-id=9 :ann!ann@ann PRIVMSG #chan :hi";
        let event = event(line);
        assert_eq!((&*event.id, event.sent_at_ms, &*event.room_id), ("tw:m-1", 1_600_000_000_000, "7"));
        let chat = chat(line);
        let author = &chat.data.author;
        assert_eq!((chat.message_id.as_str(), author.id.as_str()), ("m-1", "9"));
        assert_eq!((author.username.as_str(), author.display_name.as_str()), ("ann", "A\u{df}"));
        assert_eq!(author.color.as_deref(), Some("#FF7F50"));
        assert!(author.roles.moderator && author.roles.verified && !author.roles.broadcaster);
        assert_eq!(author.badges.iter().map(|b| &*b.label).collect::<Vec<_>>(), ["moderator", "partner"]);
    }

    #[test]
    fn a_line_without_tags_is_a_message_with_an_id_that_stays() {
        let line = ":ann!ann@ann PRIVMSG #chan :hi";
        let event = event(line);
        assert_eq!((event.sent_at_ms, &*event.room_id), (NOW_MS, "chan"));
        assert!(event.id.starts_with("tw:message:"), "{}", event.id);
        assert_eq!(chat(line).message_id, *event.id);
        assert_eq!(chat(line).data.author.display_name, "ann");
    }

    #[test]
    fn a_mirrored_message_has_the_id_of_its_source_and_its_source_channel() {
        let line = "@id=copy;source-id=orig;room-id=1;source-room-id=2;badges=moderator/1;source-badges=vip/1 \
                    :ann!a@a PRIVMSG #chan :hi";
        assert_eq!(&*event(line).id, "tw:orig");
        let chat = chat(line);
        assert_eq!(chat.message_id, "copy");
        let source = chat.data.source_channel.unwrap();
        assert_eq!((source.id.as_str(), source.message_id.as_deref()), ("2", Some("orig")));
        assert!(chat.data.author.roles.moderator, "roles are those of this room");
        assert_eq!(&*chat.data.author.badges[0].label, "vip", "badges are those of the source");
        let native = "@id=orig;source-id=orig;room-id=2;source-room-id=2 :ann!a@a PRIVMSG #chan :hi";
        assert_eq!((&*event(native).id, self::chat(native).data.source_channel), ("tw:orig", None));
    }

    #[test]
    fn bits_and_hype_chat_are_money() {
        let cheer = chat("@bits=100 :ann!a@a PRIVMSG #chan :Cheer100 take it").data;
        let money = cheer.metadata.monetary_data.unwrap();
        assert_eq!((money.amount.as_str(), money.formatted.as_str(), money.bits), ("100", "100 bits", Some(100)));
        assert_eq!((money.color.as_str(), cheer.metadata.kind), ("#9c3ee8", MetadataType::SuperChat));
        let hype = chat(
            "@pinned-chat-paid-amount=1400;pinned-chat-paid-currency=EUR;pinned-chat-paid-exponent=2;\
             pinned-chat-paid-level=TWO :ann!a@a PRIVMSG #chan :hi",
        );
        let money = hype.data.metadata.monetary_data.unwrap();
        assert_eq!(money.money, Some(Money { micros: 14_000_000, currency: "EUR".into() }));
        assert_eq!(money.formatted, "\u{20ac}14.00");
    }

    #[test]
    fn an_action_is_told_from_a_text_that_begins_with_the_word() {
        let text = |line| (chat(line).data.content.raw().to_owned(), chat(line).data.action);
        assert_eq!(text(":a!a@a PRIVMSG #c :\u{1}ACTION waves\u{1}"), ("waves".into(), true));
        assert_eq!(text(":a!a@a PRIVMSG #c :\u{1}ACTION waves"), ("waves".into(), true));
        assert_eq!(text(":a!a@a PRIVMSG #c :ACTION waves"), ("ACTION waves".into(), false));
    }

    #[test]
    fn a_reply_says_whom_it_answers_and_loses_the_name_in_front() {
        let line = "@emotes=25:7-11;reply-parent-msg-id=p;reply-parent-user-id=3;reply-parent-user-login=alice;\
                    reply-parent-display-name=Alice;reply-parent-msg-body=hello\\sthere;\
                    reply-thread-parent-msg-id=t :bob!b@b PRIVMSG #chan :@ALICE Kappa yes";
        let data = chat(line).data;
        let reply = data.reply.unwrap();
        assert_eq!((reply.message_id.as_str(), reply.thread_id.as_str()), ("p", "t"));
        assert_eq!((reply.user.display_name.as_str(), reply.text.as_str()), ("Alice", "hello there"));
        assert_eq!(data.content.raw(), "Kappa yes");
        assert!(
            matches!(&data.content.elements()[0], Element::Emote { value, position: [0, 5], .. } if value == "Kappa")
        );
    }

    #[test]
    fn the_last_emote_of_a_gigantified_message_is_large() {
        let data = chat("@msg-id=gigantified-emote-message;emotes=25:0-4,6-10 :a!a@a PRIVMSG #c :Kappa Kappa").data;
        let styles: Vec<_> = data
            .content
            .elements()
            .iter()
            .filter_map(|e| match e {
                Element::Emote { metadata, .. } => Some(metadata.style),
                _ => None,
            })
            .collect();
        assert_eq!(styles, [None, Some(EmoteStyle::Gigantic)]);
        assert_eq!(data.highlight.unwrap().kind, "gigantified_emote");
    }

    #[test]
    fn what_was_deleted_or_has_no_text_is_ignored() {
        for line in ["@rm-deleted=1 :a!a@a PRIVMSG #c :x", ":a!a@a PRIVMSG #c", ":a!a@a PRIVMSG #c :", "PRIVMSG"] {
            assert!(matches!(read_line(line), Read::Ignored(_)), "{line}");
        }
    }
}
