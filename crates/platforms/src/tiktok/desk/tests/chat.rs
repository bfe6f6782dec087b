//! What people write, and who they are.

use polychat_model::{BadgeType, Content, Element, Roles};

use super::*;
use crate::tiktok::proto::{Badge, CombineBadge, Emote, EmoteAt, ImageBadge, PrivilegeLog, UserIdentity};

const WEBP: &str = "https://p16.example/a~webp.webp";

fn told(chat: &proto::WebcastChatMessage) -> ChatMessage {
    let events = take(&mut desk(), vec![message("WebcastChatMessage", 11, chat)]);
    said(&events[0]).clone()
}

fn written(words: &str) -> proto::WebcastChatMessage {
    proto::WebcastChatMessage { common: head(11), user: user(5, "Ann"), content: bytes(words), ..Default::default() }
}

fn emote(index: i32, url: &str) -> EmoteAt {
    EmoteAt { index, emote: Some(Emote { emote_id: bytes("1"), image: image(url) }) }
}

/// The kinds of elements and their texts.
fn parts(content: &Content) -> Vec<(&str, &str)> {
    let kind = |element: &Element| match element {
        Element::Text { .. } => "text",
        Element::Emote { .. } => "emote",
        Element::Link { .. } => "link",
        Element::Mention { .. } => "mention",
        Element::Cheer { .. } => "cheer",
    };
    content.elements().iter().map(|element| (kind(element), element.value())).collect()
}

#[test]
fn an_emote_stands_where_people_count_characters() {
    // 22 characters in 25 UTF-16 units: the emote is at the end.
    let hearts = "hoch mit ❤️❤️❤️ fliegt ";
    let count = unicode_segmentation::UnicodeSegmentation::graphemes(hearts, true).count();
    let chat =
        proto::WebcastChatMessage { emotes: vec![emote(i32::try_from(count).unwrap(), WEBP)], ..written(hearts) };
    let content = told(&chat).data.content;
    assert_eq!(parts(&content), [("text", hearts), ("emote", "[emote]")]);
    let chat = proto::WebcastChatMessage {
        emotes: vec![emote(99, WEBP), emote(1, WEBP), emote(-4, WEBP), emote(1, WEBP)],
        ..written("👨‍👩‍👧!")
    };
    let content = told(&chat).data.content;
    assert_eq!(content.raw(), "[emote]👨‍👩‍👧[emote][emote]![emote]");
    assert_eq!(content.sanitized(), "👨‍👩‍👧 !");
}

#[test]
fn an_emote_that_no_browser_shows_stays_a_word() {
    let chat = proto::WebcastChatMessage { emotes: vec![emote(0, "https://p16.example/a.heic")], ..written("hi") };
    assert_eq!(parts(&told(&chat).data.content), [("text", "[emote]hi")]);
}

#[test]
fn a_chat_may_be_emotes_alone_but_not_nothing() {
    let chat = proto::WebcastChatMessage { emotes: vec![emote(0, WEBP)], ..written("") };
    assert_eq!(parts(&told(&chat).data.content), [("emote", "[emote]")]);
    assert!(take(&mut desk(), vec![chat_of("")]).is_empty());
    let stickers = proto::WebcastEmoteChatMessage {
        common: head(12),
        user: user(5, "Ann"),
        emotes: vec![Emote { emote_id: bytes("1"), image: image(WEBP) }; 2],
        user_identity: None,
    };
    let events = take(&mut desk(), vec![message("WebcastEmoteChatMessage", 12, &stickers)]);
    assert_eq!(parts(&said(&events[0]).data.content), [("emote", "[sticker]"), ("text", " "), ("emote", "[sticker]")]);
}

fn chat_of(words: &str) -> proto::BaseMessage {
    super::chat(11, words)
}

#[test]
fn names_that_are_called_and_links_are_elements() {
    let chat = proto::WebcastChatMessage {
        at_user: user(6, "Bo Two"),
        mention_users: vec![user(7, "Cy").unwrap()],
        ..written("@Bo Two look at a.example.com with @Cy and @nobody")
    };
    let content = told(&chat).data.content;
    assert_eq!(
        parts(&content),
        [
            ("mention", "@Bo Two"),
            ("text", " look at "),
            ("link", "a.example.com"),
            ("text", " with "),
            ("mention", "@Cy"),
            ("text", " and @nobody"),
        ]
    );
    assert!(
        matches!(&content.elements()[0], Element::Mention { metadata, .. } if metadata.username == "bo.two"),
        "the handle behind the name"
    );
}

#[test]
fn a_text_that_was_cut_within_a_character_is_told() {
    let chat = proto::WebcastChatMessage { content: Bytes::from_static(b"caf\xc3"), ..written("") };
    assert_eq!(told(&chat).data.content.raw(), "caf");
}

fn badge(scene_type: i32, display_type: i32, level: &str) -> Badge {
    Badge {
        display_type,
        scene_type,
        log: Some(PrivilegeLog { level: bytes(level) }),
        image: Some(ImageBadge { image: image("https://p16.example/old.png") }),
        combine: (display_type == 4)
            .then(|| CombineBadge { icon: image("https://p16.example/new.png"), str: bytes(level) }),
    }
}

#[test]
fn badges_come_once_for_each_scene_with_their_level() {
    let badges = vec![badge(8, 1, "15"), badge(1, 1, "0"), badge(8, 4, "15"), badge(10, 4, "7"), badge(4, 1, "x")];
    let chat = proto::WebcastChatMessage {
        user: Some(User { badges, verified: true, ..user(5, "Ann").unwrap() }),
        ..written("x")
    };
    let author = told(&chat).data.author;
    let badges = author.badges.iter().map(|badge| (badge.kind, &*badge.label, badge.image_url.as_deref()));
    let (old, new) = (Some("https://p16.example/old.png"), Some("https://p16.example/new.png"));
    assert_eq!(
        badges.collect::<Vec<_>>(),
        [
            (BadgeType::Custom, "Gifter level 15", new),
            (BadgeType::Moderator, "Moderator", old),
            (BadgeType::Custom, "Fan club level 7", new),
            (BadgeType::Subscriber, "Subscriber", old),
            (BadgeType::Verified, "Verified", None),
        ]
    );
    assert_eq!(author.roles, Roles { broadcaster: false, moderator: true, subscriber: true, verified: true });
}

#[test]
fn the_message_says_what_its_author_is_and_badges_are_asked_only_without_it() {
    let identity = |identity| proto::WebcastChatMessage {
        user: Some(User { badges: vec![badge(1, 1, ""), badge(4, 1, "")], ..user(5, "Ann").unwrap() }),
        user_identity: Some(identity),
        ..written("x")
    };
    assert_eq!(told(&identity(UserIdentity::default())).data.author.roles, Roles::default());
    let all = UserIdentity { is_subscriber: true, is_moderator: true, is_anchor: true };
    let roles = Roles { broadcaster: true, moderator: true, subscriber: true, verified: false };
    assert_eq!(told(&identity(all)).data.author.roles, roles);
    let host = proto::WebcastChatMessage { user: user(HOST_ID, "Host Name"), ..written("x") };
    assert!(told(&host).data.author.roles.broadcaster, "by id");
    let mut nameless = Desk::new(Host { room_id: "71".into(), user_id: None, username: "Host.Name".to_owned() });
    let events = take(&mut nameless, vec![message("WebcastChatMessage", 11, &host)]);
    assert!(said(&events[0]).data.author.roles.broadcaster, "by handle");
}

#[test]
fn somebody_without_names_is_still_somebody() {
    let chat = proto::WebcastChatMessage { user: Some(User { id: 5, ..User::default() }), ..written("x") };
    let author = told(&chat).data.author;
    assert_eq!((author.id.as_str(), author.username.as_str(), author.display_name.as_str()), ("5", "5", "5"));
    let nobody = proto::WebcastChatMessage { user: None, ..written("x") };
    assert_eq!(told(&nobody).data.author.display_name, "Somebody");
}
