use polychat_model::{ChannelKey, Element, IdentifierType, Platform, wire};
use proptest::prelude::*;

use super::*;
use crate::twitch::testing::{event, read_line};

#[test]
fn a_suspended_channel_and_a_refusal_are_told_from_notices() {
    let suspended = "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #chan :This channel does not exist.";
    assert_eq!(read_line(suspended), Read::Suspended { text: "This channel does not exist.".into() });
    for id in ["msg_banned", "tos_ban", "msg_room_not_found", "msg_channel_blocked"] {
        let line = format!("@msg-id={id} :tmi.twitch.tv NOTICE #chan :No.");
        assert_eq!(read_line(&line), Read::Refused { msg_id: id.into(), text: "No.".into() });
    }
    let login = ":tmi.twitch.tv NOTICE * :Login authentication failed";
    assert_eq!(read_line(login), Read::Refused { msg_id: String::new(), text: "Login authentication failed".into() });
    let other = "@msg-id=unrecognized_cmd :tmi.twitch.tv NOTICE #chan :Unrecognized command: /x";
    assert!(matches!(read_line(other), Read::Notice { msg_id, .. } if msg_id == "unrecognized_cmd"));
    assert!(matches!(read_line("@msg-id=slow_on :t NOTICE #chan :Slow."), Read::Ignored(_)));
}

#[test]
fn a_command_that_nobody_knows_is_named_in_short() {
    assert_eq!(read_line(":t NEWTHING #chan"), Read::Unknown("NEWTHING".into()));
    let Read::Unknown(command) = read_line(&"X".repeat(5_000)) else { panic!() };
    assert_eq!(command.len(), 32);
    assert!(matches!(read_line("PING :tmi.twitch.tv"), Read::Ignored(_)));
}

#[test]
fn the_room_is_the_lines_own_or_the_known_one_or_the_login() {
    let lookups = Lookups::default();
    let known: Arc<str> = "7".into();
    let room = |room_id| Room { login: "chan", room_id, lookups: &lookups, now_ms: 1 };
    assert!(Arc::ptr_eq(&room(Some(&known)).id("7"), &known), "the known one is shared, not copied");
    assert!(Arc::ptr_eq(&room(Some(&known)).id(""), &known));
    assert_eq!(&*room(Some(&known)).id("8"), "8");
    assert_eq!(&*room(None).id(""), "chan");
}

#[test]
fn an_id_made_of_a_line_without_one_depends_on_everything_in_it() {
    let id = |line: &str| event(line).id;
    let line = "@tmi-sent-ts=5 :ann!a@a PRIVMSG #chan :hi";
    assert_eq!(id(line), id(line));
    for other in [
        "@tmi-sent-ts=6 :ann!a@a PRIVMSG #chan :hi",
        "@tmi-sent-ts=5 :bob!a@a PRIVMSG #chan :hi",
        "@tmi-sent-ts=5 :ann!a@a PRIVMSG #chan :ho",
        "@tmi-sent-ts=5;room-id=3 :ann!a@a PRIVMSG #chan :hi",
    ] {
        assert_ne!(id(line), id(other), "{other}");
    }
    assert_ne!(stable_hash(&["ab", "c"]), stable_hash(&["a", "bc"]));
    assert_eq!(format!("{:x}", stable_hash(&[])), "cbf29ce484222325", "never changes between versions");
}

const KEYS: &[&str] = &[
    "badges",
    "badge-info",
    "bits",
    "color",
    "custom-reward-id",
    "display-name",
    "emotes",
    "first-msg",
    "flags",
    "gifs",
    "id",
    "login",
    "mod",
    "msg-id",
    "pinned-chat-paid-amount",
    "pinned-chat-paid-currency",
    "pinned-chat-paid-exponent",
    "reply-parent-msg-id",
    "reply-parent-display-name",
    "reply-parent-msg-body",
    "rm-deleted",
    "room-id",
    "slow",
    "source-badges",
    "source-id",
    "source-msg-id",
    "source-room-id",
    "system-msg",
    "target-msg-id",
    "tmi-sent-ts",
    "user-id",
    "ban-duration",
    "followers-only",
    "msg-param-amount",
    "msg-param-exponent",
    "msg-param-currency",
    "msg-param-donation-amount",
    "msg-param-donation-currency",
    "msg-param-mass-gift-count",
    "msg-param-months",
    "msg-param-sub-plan",
    "msg-param-viewerCount",
    "msg-param-profileImageURL",
    "msg-param-community-gift-id",
    "msg-param-recipient-user-name",
    "msg-param-goal-contribution-type",
    "msg-param-value",
    "msg-param-bits-spent",
];

const KINDS: &str = "sub|resub|subgift|anonsubgift|submysterygift|anonsubmysterygift|giftpaidupgrade|anongiftpaidupgrade|\
    primepaidupgrade|extendsub|standardpayforward|communitypayforward|primecommunitygiftreceived|rewardgift|raid|unraid|\
    ritual|bitsbadgetier|announcement|viewermilestone|modiversary|socialsharingbadge|charitydonation|charity|\
    midnightsquid|onetapgiftredeemed|onetapstreakstarted|sharedchatnotice|x";

proptest! {
    #[test]
    fn whatever_comes_is_read_and_can_be_written_as_a_frame(
        command in "PRIVMSG|USERNOTICE|CLEARCHAT|CLEARMSG|ROOMSTATE|NOTICE|[A-Z]{1,8}",
        kind in KINDS,
        tags in proptest::collection::vec(
            (proptest::sample::select(KEYS), "(25:0-4)?|[0-9]{1,20}|-?[0-9]{1,3}|[^; \r\n\0]{0,20}|1|USD"),
            0..20,
        ),
        text in "(:?(\\PC|[ \u{1}\u{e0002}]|Kappa|@a|a\\.tv){0,20})?",
    ) {
        let block: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let line = format!("@{};msg-id={kind} :ann!ann@ann {command} #chan {text}", block.join(";"));
        let read = match read_line(&line) {
            Read::Event(event) => event,
            Read::Gift(gift) => gift.event,
            _ => return Ok(()),
        };
        prop_assert!(read.id.starts_with("tw:"));
        let content = match &read.body {
            Body::Chat(chat) => Some(&chat.data.content),
            Body::Event(data) => {
                prop_assert!(!data.text.is_empty());
                data.message.as_ref()
            }
            _ => None,
        };
        if let Some(content) = content {
            let joined: String = content.elements().iter().map(Element::value).collect();
            prop_assert_eq!(joined, content.raw());
        }
        let key = ChannelKey::new(Platform::Twitch, IdentifierType::Username, "chan");
        let frame = wire::Numbered { key: &key, seq: 1, event: &read }.to_json(wire::Format::Flat);
        prop_assert!(serde_json::from_slice::<wire::ServerMessage>(&frame).is_ok());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        if let Some(line) = Line::parse(&text) {
            let lookups = Lookups::default();
            let _ = read(&line, &Room { login: "chan", room_id: None, lookups: &lookups, now_ms: 0 });
        }
    }
}
