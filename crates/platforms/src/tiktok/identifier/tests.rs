use polychat_model::{IdentifierType, Platform};
use proptest::prelude::*;

use super::{ShortLink, key, room_id, short_link};
use IdentifierType::{ChannelId, LiveId, Username};

const ROOM: &str = "7412345678901234567";

fn read(identifier_type: IdentifierType, typed: &str) -> Result<(IdentifierType, String), String> {
    let key = key(identifier_type, typed).map_err(|refusal| refusal.to_string())?;
    assert_eq!(key.platform, Platform::Tiktok);
    Ok((key.identifier_type, key.identifier.to_string()))
}

#[track_caller]
fn all_are(expected: (IdentifierType, &str), forms: &[&str]) {
    for form in forms {
        for given in [Username, ChannelId, LiveId] {
            assert_eq!(read(given, form), Ok((expected.0, expected.1.to_owned())), "{form} as {given:?}");
        }
    }
}

#[test]
fn every_form_of_a_name_is_the_same_channel() {
    let forms = [
        "@some.body_1",
        "@Some.Body_1",
        " @some.body_1\n",
        "@some.body_1/live",
        "/@some.body_1",
        "tiktok.com/@some.body_1",
        "www.tiktok.com/@Some.Body_1/live",
        "m.tiktok.com/@some.body_1/live",
        "https://tiktok.com/@some.body_1?lang=en",
        "HTTPS://WWW.TikTok.com/@SOME.BODY_1/live?_r=1&sec_uid=x#y",
        "http://www.tiktok.com/@some.body_1/live/",
        "https://www.tiktok.com/@some.body_1/video/7412345678901234567",
        "https://www.tiktok.com/%40some.body_1",
        "https://www.tiktok.com/live/@some.body_1",
        "https://vm.tiktok.com/@some.body_1",
        "//tiktok.com/@some.body_1",
        "%40some.body_1",
    ];
    all_are((Username, "some.body_1"), &forms);
    all_are((Username, "somebody"), &["somebody/live", "SomeBody/live?x=y", "/somebody/", "somebody?lang=en"]);
    for typed in ["some.body_1", "Some.Body_1"] {
        assert_eq!(read(Username, typed), Ok((Username, "some.body_1".into())));
    }
    // Not what sign-up allows today, but nobody's business here.
    for name in ["x", "ends.", "1234567890", "vm", "t", "live", "_"] {
        assert_eq!(read(Username, name), Ok((Username, name.into())));
        assert_eq!(read(Username, &format!("@{name}")), Ok((Username, name.into())));
    }
    all_are((Username, "vm"), &["vm/live", "@vm/live"]);
}

#[test]
fn every_form_of_a_room_id_is_the_same_broadcast() {
    let forms = [
        ROOM,
        " 7412345678901234567 ",
        "7412345678901234567/live",
        "https://m.tiktok.com/share/live/7412345678901234567/?_r=1",
        "https://www.tiktok.com/share/live/7412345678901234567",
        "https://www.tiktok.com/live/7412345678901234567",
        "https://webcast.tiktok.com/webcast/room/info/?aid=1988&room_id=7412345678901234567",
        "https://www.tiktok.com/?room_id=7412345678901234567",
    ];
    all_are((LiveId, ROOM), &forms);
    assert_eq!(room_id(ROOM), Some(7_412_345_678_901_234_567));
    assert_eq!(read(LiveId, "1234567890"), Ok((LiveId, "1234567890".into())), "asked for as one");
    assert_eq!(read(Username, "1412345678901234567"), Ok((Username, "1412345678901234567".into())));
    for none in
        ["0412345678901234567", "123456789", "74123456789012345678", "741234567890123456x", "+412345678901234567"]
    {
        assert_eq!(room_id(none), None);
        assert!(read(LiveId, none).unwrap_err().contains("19 digits"), "{none}");
    }
}

#[test]
fn a_short_link_keeps_its_place_and_its_letters() {
    all_are(
        (Username, "vm/ZMabcDEF1"),
        &["https://vm.tiktok.com/ZMabcDEF1/", "vm.tiktok.com/ZMabcDEF1?x=y", "vm/ZMabcDEF1"],
    );
    all_are(
        (Username, "vt/ZSabcDEF1"),
        &["https://vt.tiktok.com/ZSabcDEF1", "VT.TikTok.com/ZSabcDEF1/", "vt/ZSabcDEF1"],
    );
    let forms =
        ["https://www.tiktok.com/t/ZTabcDEF1/", "tiktok.com/t/ZTabcDEF1", "m.tiktok.com/T/ZTabcDEF1", "t/ZTabcDEF1"];
    all_are((Username, "t/ZTabcDEF1"), &forms);
    let of = |typed| short_link(&key(Username, typed).unwrap()).map(|(place, code)| (place, code.to_owned()));
    assert_eq!(of("vm.tiktok.com/ZMabcDEF1"), Some((ShortLink::Vm, "ZMabcDEF1".into())));
    assert_eq!(of("t/ZTabcDEF1"), Some((ShortLink::T, "ZTabcDEF1".into())));
    assert_eq!((of("ZTabcDEF1"), of(ROOM)), (None, None));
}

#[test]
fn a_plain_word_is_what_was_asked_for() {
    assert_eq!(read(Username, "somebody"), Ok((Username, "somebody".into())));
    assert!(read(LiveId, "somebody").unwrap_err().contains("19 digits"));
    assert!(read(ChannelId, "somebody").unwrap_err().contains("name of the channel"));
}

#[test]
fn nothing_else_passes() {
    let hostile = [
        "",
        " ",
        "@",
        "@@",
        ".",
        "..",
        "@..",
        "@%2e%2e",
        "a b",
        "a\nb",
        "a\0b",
        "@a%00b",
        "@a%0d%0ab",
        "@a%2Fb",
        "@a%2540",
        "@%ff%fe",
        "a&b=c",
        "a\"b",
        "a/b",
        "a-b",
        "/",
        "//",
        "http://",
        "@ünïcode",
        "@a\u{200d}b",
        "@\u{212a}elvin",
        "@7412345678901234567",
        "t/abc",
        "t/ZTabc-EF1",
        "vm/ZM%2fabcdef",
        "https://vm.tiktok.com/",
        "https://vm.tiktok.com/ZMabc%22EF1",
        "tiktok.com",
        "www.tiktok.com",
        "vm.tiktok.com",
        "@www.tiktok.com",
        "https://www.tiktok.com/",
        "https://www.tiktok.com/live",
        "https://www.tiktok.com/foryou",
        "https://www.tiktok.com/somebody",
        "https://www.tiktok.com/share/live/1",
        "https://www.tiktok.com/share/user/7412345678901234567",
        "https://www.tiktok.com/?room_id=1%26x",
        "https://twitch.tv/somebody",
        "twitch.tv/somebody",
        "twitch.tv",
        "www.example.com",
        "https://www.tiktok.com/@twitch.tv",
        "https://tiktok.com.evil.example/@somebody",
        "https://tiktok.com@evil.example/@somebody",
        "https://nottiktok.com/@somebody",
        "javascript://tiktok.com/@somebody",
        "file:///@somebody",
    ];
    for typed in hostile {
        for given in [Username, ChannelId, LiveId] {
            let refusal = key(given, typed).expect_err(typed).to_string();
            assert!(refusal.ends_with('.') && !refusal.contains(['\r', '\n', '\0']), "{refusal:?}");
        }
    }
}

#[test]
fn an_answer_does_not_repeat_a_long_input() {
    for long in ["x!".repeat(10_000), "a".repeat(500), format!("https://tiktok.com/@{}", "é".repeat(800))] {
        assert!(key(Username, &long).unwrap_err().to_string().len() < 300);
    }
}

/// What may be in a key, and that a key stays what it is when it is typed.
fn holds(given: IdentifierType, typed: &str) -> Result<(), TestCaseError> {
    let Ok(found) = key(given, typed) else { return Ok(()) };
    let name = &*found.identifier;
    match found.identifier_type {
        LiveId => prop_assert!(room_id(name).is_some_and(|id| id > 0)),
        ChannelId => prop_assert!(false, "TikTok has none"),
        Username => {
            if let Some((_, code)) = short_link(&found) {
                prop_assert!(code.bytes().all(|b| b.is_ascii_alphanumeric()));
            } else {
                let harmless = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
                prop_assert!((1..=60).contains(&name.len()) && name.chars().all(harmless), "{name:?}");
                prop_assert!(name.chars().any(|c| c != '.'), "{name:?}");
            }
        }
    }
    prop_assert_eq!(key(found.identifier_type, &found.identifier), Ok(found));
    Ok(())
}

fn any_type() -> impl Strategy<Value = IdentifierType> {
    prop_oneof![Just(Username), Just(ChannelId), Just(LiveId)]
}

proptest! {
    #[test]
    fn whatever_passes_is_harmless_and_stays(given in any_type(), typed in any::<String>()) {
        holds(given, &typed)?;
    }

    #[test]
    fn whatever_passes_of_names_is_harmless_and_stays(
        given in any_type(),
        front in "(@|/|t/|vm/|(https://)?(www\\.|m\\.|vm\\.|vt\\.)?tiktok\\.com/(@|@www\\.|t/|share/live/|live/|\\?room_id=)?)?",
        name in "([a-zA-Z0-9_.]{1,24}|[67][0-9]{18}|[\\pL\\pN_./%?&-]{1,24})",
        back in "(/live|/video/1|\\?x=y|/)?",
    ) {
        holds(given, &format!("{front}{name}{back}"))?;
    }

    #[test]
    fn every_name_passes(name in "[a-z0-9_]{2,18}") {
        prop_assert_eq!(read(Username, &format!("https://www.tiktok.com/@{name}/live")), Ok((Username, name)));
    }
}
