//! The frames, letter by letter. The files in `golden/` are written by hand from the documented protocol: whoever
//! changes a frame has to change them, and sees what clients will see.

use polychat_model::look::{OwnLook, control, fits};
use polychat_model::saved::{HiddenPerson, Overlay, SavedChannel, Stage};
use polychat_model::wire::{ErrorFrame, Format, GapFrame, Numbered, SavedFrame, ServerMessage, Status, StatusFrame};
use polychat_model::{
    Author, Badge, BadgeType, Body, ChannelKey, ChatData, ChatEvent, ChatMessage, Combo, ComboState, Content,
    ContentBuilder, Element, EmoteMetadata, ErrorCode, EventData, EventName, IdentifierType, Metadata, MetadataType,
    ModerationAction, ModerationData, MonetaryData, Money, Person, Platform, Reply, Roles, Sticker, ViewersData,
};

/// Compares field by field, in the order in which the fields are written.
#[track_caller]
fn is_golden(written: &str, golden: &str) {
    let compact: serde_json::Value = serde_json::from_str(golden).expect("golden files are JSON");
    let read: serde_json::Value = serde_json::from_str(written).expect("frames are JSON");
    assert_eq!(read, compact, "\nwritten: {written}");
}

fn key(platform: Platform) -> ChannelKey {
    ChannelKey::new(platform, IdentifierType::Username, "some_channel")
}

fn written(key: &ChannelKey, event: &ChatEvent, format: Format) -> String {
    String::from_utf8(Numbered { key, seq: 7, event }.to_json(format)).expect("JSON is UTF-8")
}

fn author() -> Author {
    Author {
        id: "4242".into(),
        username: "someviewer".into(),
        display_name: "SomeViewer".into(),
        avatar_url: None,
        color: Some("#1E90FF".into()),
        roles: Roles { subscriber: true, ..Roles::default() },
        badges: vec![
            Badge { kind: BadgeType::Subscriber, label: "subscriber".into(), image_url: None, months: None },
            Badge {
                kind: BadgeType::Custom,
                label: "bits".into(),
                image_url: Some("https://b.example/1".into()),
                months: None,
            },
        ],
    }
}

fn event(body: Body) -> ChatEvent {
    ChatEvent {
        id: "tw:b34ccfc7".into(),
        revision: 0,
        sent_at_ms: 1_734_567_890_123,
        room_id: "1337".into(),
        history: false,
        body,
    }
}

fn chat(data: ChatData) -> ChatEvent {
    event(Body::Chat(Box::new(ChatMessage { message_id: "b34ccfc7".into(), data })))
}

#[test]
fn a_chat_frame_in_both_forms() {
    let mut content = ContentBuilder::new("😀 Kappa");
    content.element(5..10, |value, position| Element::Emote {
        value,
        position,
        metadata: EmoteMetadata {
            url: "https://e.example/25".into(),
            alt: "Kappa".into(),
            is_custom: false,
            style: None,
        },
    });
    let event = chat(ChatData { author: author(), content: content.finish(), ..ChatData::default() });
    let key = key(Platform::Twitch);
    is_golden(&written(&key, &event, Format::Flat), include_str!("golden/chat.json"));
    is_golden(&written(&key, &event, Format::Nested), include_str!("golden/chat-nested.json"));
}

#[test]
fn a_super_chat_with_a_sticker_and_a_reply() {
    let money = Money { micros: 5_000_000, currency: "USD".into() };
    let metadata = Metadata {
        kind: MetadataType::SuperChat,
        monetary_data: Some(MonetaryData {
            amount: "$5.00".into(),
            formatted: "$5.00".into(),
            color: "#1DE9B6".into(),
            money: Some(money),
            bits: None,
            tier: None,
            colors: None,
        }),
        sticker: Some(Sticker { url: "https://s.example/1".into(), alt: "a cat".into() }),
    };
    let user = Person { id: "1".into(), username: "bob".into(), display_name: "Bob".into(), avatar_url: None };
    let reply = Reply { message_id: "p".into(), thread_id: "t".into(), user, text: "so?".into() };
    let data = ChatData { author: author(), metadata, reply: Some(reply), first_message: true, ..ChatData::default() };
    is_golden(&written(&key(Platform::Youtube), &chat(data), Format::Flat), include_str!("golden/super-chat.json"));
}

#[test]
fn an_event_frame() {
    let data = EventData {
        event: EventName::GiftSubscription,
        text: "SomeViewer gifted 5 Tier 1 subs.".into(),
        user: Some(author()),
        message: Some(Content::plain("enjoy")),
        amount: Some(Money { micros: 24_950_000, currency: "USD".into() }),
        count: Some(5),
        tier: Some("1".into()),
        recipients: vec![Person { username: "rafi".into(), ..Person::default() }],
        combo: Some(Combo { id: "g".into(), count: 1, state: ComboState::Running }),
        ..EventData::default()
    };
    let event = event(Body::Event(Box::new(data)));
    is_golden(&written(&key(Platform::Twitch), &event, Format::Flat), include_str!("golden/event.json"));
    is_golden(&written(&key(Platform::Twitch), &event, Format::Nested), include_str!("golden/event.json"));
}

#[test]
fn moderation_and_viewers_frames() {
    let data = ModerationData {
        action: ModerationAction::DeleteUser,
        message_id: None,
        user_id: Some("66".into()),
        username: Some("mallory".into()),
        duration_seconds: Some(600),
    };
    let moderation = event(Body::Moderation(data));
    is_golden(&written(&key(Platform::Twitch), &moderation, Format::Flat), include_str!("golden/moderation.json"));
    let data = ViewersData { viewers: Some(1204), live: Some(true), title: Some("wings".into()), ..Default::default() };
    let viewers = event(Body::Viewers(data));
    is_golden(&written(&key(Platform::Twitch), &viewers, Format::Flat), include_str!("golden/viewers.json"));
}

#[test]
fn status_frames_are_the_documented_ones_and_more() {
    let key = key(Platform::Twitch);
    let frames = [
        StatusFrame {
            identifier: Some("Some_Channel".into()),
            channel: Some("some_channel".into()),
            identifier_type: Some(IdentifierType::Username),
            ..StatusFrame::of(Status::Subscribed, &key)
        },
        StatusFrame::of(Status::Connecting, &key),
        StatusFrame { live_id: Some("1337".into()), live: Some(true), ..StatusFrame::of(Status::Started, &key) },
        StatusFrame {
            cause: Some("Twitch closed the connection.".into()),
            retry_in_ms: Some(1_000),
            ..StatusFrame::of(Status::Reconnecting, &key)
        },
        StatusFrame {
            cause: Some("In words.".into()),
            code: Some(ErrorCode::ConsentNeeded),
            retry_in_ms: Some(300_000),
            ..StatusFrame::of(Status::Reconnecting, &self::key(Platform::Tiktok))
        },
        StatusFrame {
            message: Some("@some_channel is not live yet.".into()),
            retry_in_ms: Some(30_000),
            ..StatusFrame::of(Status::Waiting, &key)
        },
        StatusFrame::of(Status::Ended, &key),
        StatusFrame::bare(Status::Unsubscribed),
    ]
    .map(ServerMessage::Status);
    is_golden(&serde_json::to_string(&frames).unwrap(), include_str!("golden/status.json"));
}

#[test]
fn error_and_gap_frames_have_the_documented_codes() {
    let codes = [
        ErrorCode::StreamNotLive,
        ErrorCode::StreamEnded,
        ErrorCode::InvalidMessageType,
        ErrorCode::NoActiveChat,
        ErrorCode::StreamNotFound,
        ErrorCode::UnsupportedPlatform,
        ErrorCode::InvalidJson,
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidIdentifier,
        ErrorCode::UpstreamUnavailable,
        ErrorCode::ConsentNeeded,
        ErrorCode::Timeout,
        ErrorCode::RateLimited,
        ErrorCode::TooManySubscriptions,
    ];
    let mut frames: Vec<_> = codes.map(|code| ServerMessage::Error(ErrorFrame::new(code, "In words."))).into();
    let of = ErrorFrame::of(ErrorCode::Timeout, &key(Platform::Twitch), "In words.");
    frames.push(ServerMessage::Error(ErrorFrame { details: Some("More.".into()), ..of }));
    let (platform, identifier) = (Platform::Twitch, "some_channel".to_owned());
    frames.push(ServerMessage::Gap(GapFrame { platform, identifier: identifier.clone(), missed: Some(12) }));
    frames.push(ServerMessage::Gap(GapFrame { platform, identifier, missed: None }));
    is_golden(&serde_json::to_string(&frames).unwrap(), include_str!("golden/errors.json"));
}

#[test]
fn a_saved_frame() {
    let channel = SavedChannel {
        platform: Platform::Youtube,
        identifier: "@some_channel".into(),
        identifier_type: IdentifierType::Username,
        paused: true,
    };
    let mut overlay = Overlay::new("main");
    overlay.look = Some("neon".into());
    overlay.values.insert("fontSize".into(), 22.into());
    let mut own = OwnLook { id: "mine".into(), name: "Mine".into(), base: "neon".into(), ..OwnLook::default() };
    own.values.insert("outline".into(), "thick".into());
    own.css = "#message { color: #fff }".into();
    let stage = Stage { cleared_at: 1_734_567_890_123, ..Stage::default() };
    let (looks, language) = (vec![own], Some("id".to_owned()));
    let (channels, overlays) = (vec![channel], vec![overlay]);
    let hidden = vec![HiddenPerson { platform: Platform::Twitch, id: "7".to_owned(), name: "Bo".to_owned() }];
    let frame = ServerMessage::Saved(SavedFrame { channels, overlays, looks, stage, language, hidden });
    is_golden(&frame.to_json(), include_str!("golden/saved.json"));
}

/// A setting, a value, whether a look may hold it, and what the pages write in its place. They hold their own reading
/// against the same file.
#[test]
fn values_of_looks() {
    let cases: Vec<(String, serde_json::Value, bool, serde_json::Value)> =
        serde_json::from_str(include_str!("golden/look-values.json")).unwrap();
    for (id, value, expected, written) in cases {
        let control = control(&id).unwrap();
        assert_eq!(fits(control, &value), expected, "{id} {value}");
        assert!(written.is_null() || fits(control, &written), "what the pages write is taken: {id} {written}");
    }
}

#[test]
fn what_is_written_for_many_reads_back_as_the_owned_frame() {
    let key = key(Platform::Twitch);
    let bodies = [
        chat(ChatData { author: author(), content: Content::plain("hi <b>"), ..ChatData::default() }).body,
        Body::Event(Box::default()),
        Body::Moderation(ModerationData {
            action: ModerationAction::Clear,
            message_id: None,
            user_id: None,
            username: None,
            duration_seconds: None,
        }),
        Body::Viewers(ViewersData::default()),
    ];
    for body in bodies {
        let json = written(&key, &event(body), Format::Flat);
        let frame: ServerMessage = serde_json::from_str(&json).expect("no field is unknown to the owned frame");
        let again: serde_json::Value = serde_json::to_value(&frame).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(&json).unwrap());
    }
}
