use polychat_model::{IdentifierType, Platform};
use proptest::prelude::*;

use super::{key, looks_drawn};
use IdentifierType::{ChannelId, LiveId, Username};

const VIDEO: &str = "aB3-dE_fG7h";
const CHANNEL: &str = "UCabcdefghij-_ABCDEFGH12";

fn read(identifier_type: IdentifierType, typed: &str) -> Result<(IdentifierType, String), String> {
    let key = key(identifier_type, typed).map_err(|refusal| refusal.to_string())?;
    assert_eq!(key.platform, Platform::Youtube);
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
fn every_form_of_a_handle_is_the_same_channel() {
    let forms = [
        "@somebody",
        "@SomeBody",
        " @somebody\n",
        "@somebody/live",
        "/@somebody",
        "youtube.com/@somebody",
        "www.youtube.com/@SomeBody/streams",
        "m.youtube.com/@somebody/featured",
        "music.youtube.com/@somebody",
        "https://youtube.com/@somebody?si=a1b2",
        "HTTPS://WWW.YouTube.com/@SOMEBODY/videos?view=0#x",
        "http://www.youtube.com/@somebody/live",
        "https://www.youtube.com/%40somebody",
        "//youtube.com/@somebody",
        "https://www.youtube.com/c/@somebody",
    ];
    all_are((Username, "somebody"), &forms);
    assert_eq!(read(Username, "SomeBody"), Ok((Username, "somebody".into())));
    assert_eq!(read(Username, "some.body-1_x·y"), Ok((Username, "some.body-1_x·y".into())));
}

#[test]
fn handles_of_any_script_are_read_percent_encoded_or_not() {
    let forms = [
        "@Ünïcode",
        "https://www.youtube.com/@Ünïcode/live",
        "youtube.com/@%C3%9Cn%C3%AFcode",
        "@%C3%9Cn%C3%AFcode",
        "@U\u{308}ni\u{308}code",
    ];
    all_are((Username, "ünïcode"), &forms);
    // Japanese; Hindi with its vowel signs and virama; Thai with tone marks.
    for name in ["あいう先生", "हिन्दी", "ช่องนี้"] {
        all_are((Username, name), &[&format!("@{name}"), &format!("https://youtube.com/@{name}")]);
    }
}

#[test]
fn every_form_of_a_video_is_the_same_broadcast() {
    let forms = [
        "youtube.com/watch?v=aB3-dE_fG7h",
        "https://www.youtube.com/watch?v=aB3-dE_fG7h&list=x&t=10s",
        "https://m.youtube.com/watch?app=desktop&v=aB3-dE_fG7h",
        "https://music.youtube.com/watch?v=aB3-dE_fG7h",
        "https://www.youtube.com/watch/aB3-dE_fG7h",
        "https://youtube.com/?v=aB3-dE_fG7h",
        "youtu.be/aB3-dE_fG7h",
        "https://youtu.be/aB3-dE_fG7h?si=zz",
        "https://www.youtube.com/live/aB3-dE_fG7h?feature=share",
        "youtube.com/shorts/aB3-dE_fG7h",
        "https://www.youtube.com/embed/aB3-dE_fG7h?autoplay=1",
        "https://www.youtube-nocookie.com/embed/aB3-dE_fG7h",
        "https://www.youtube.com/v/aB3-dE_fG7h",
        "https://www.youtube.com/live_chat?is_popout=1&v=aB3-dE_fG7h",
        "https://studio.youtube.com/live_chat?is_popout=1&v=aB3-dE_fG7h",
        "https://studio.youtube.com/video/aB3-dE_fG7h/livestreaming",
        "studio.youtube.com/video/aB3-dE_fG7h/edit",
        "/watch?v=aB3-dE_fG7h",
        "watch?v=aB3-dE_fG7h",
        "live/aB3-dE_fG7h",
    ];
    all_are((LiveId, VIDEO), &forms);
    assert_eq!(read(LiveId, VIDEO), Ok((LiveId, VIDEO.into())));
}

#[test]
fn every_form_of_a_channel_id_is_the_same_channel() {
    let forms = [
        CHANNEL,
        "youtube.com/channel/UCabcdefghij-_ABCDEFGH12",
        "https://www.youtube.com/channel/UCabcdefghij-_ABCDEFGH12/live",
        "https://studio.youtube.com/channel/UCabcdefghij-_ABCDEFGH12/livestreaming/manage",
        "https://www.youtube.com/embed/live_stream?channel=UCabcdefghij-_ABCDEFGH12",
        "channel/UCabcdefghij-_ABCDEFGH12",
    ];
    all_are((ChannelId, CHANNEL), &forms);
}

#[test]
fn old_names_keep_their_kind() {
    all_are((Username, "c/somename"), &["youtube.com/c/SomeName", "https://youtube.com/c/SomeName/live", "c/somename"]);
    all_are((Username, "user/somename"), &["youtube.com/user/SomeName/videos", "user/somename"]);
    all_are((Username, "c/somename"), &["youtube.com/SomeName", "https://www.youtube.com/SomeName/live"]);
    all_are((Username, "c/größe"), &["https://www.youtube.com/c/Gr%C3%B6%C3%9Fe"]);
}

#[test]
fn a_plain_word_is_what_was_asked_for() {
    assert_eq!(read(Username, "elevenchars"), Ok((Username, "elevenchars".into())));
    assert_eq!(read(LiveId, "elevenchars"), Ok((LiveId, "elevenchars".into())));
    assert!(read(ChannelId, "elevenchars").unwrap_err().contains("UC"));
    assert!(read(LiveId, "somebody").unwrap_err().contains("11"));
}

#[test]
fn a_video_id_given_as_a_username_keeps_its_spelling() {
    assert_eq!(read(Username, VIDEO), Ok((Username, VIDEO.into())));
    assert_eq!(read(Username, "@aB3-dE_fG7h"), Ok((Username, "ab3-de_fg7h".into())));
    for name in ["JackStreams", "MrBeasts600", "SOMECHANNEL", "somechannel", "my_channel1"] {
        assert!(!looks_drawn(name), "{name}");
        assert_eq!(read(Username, name), Ok((Username, name.to_lowercase())));
    }
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
        "c/..",
        "c/%2e%2e",
        "----------",
        "__________",
        "a b",
        "a\nb",
        "a\0b",
        "@a%00b",
        "@a%0d%0ab",
        "@a%2Fb",
        "@a%2540",
        "@%ff%fe",
        "a&v=b",
        "a\"b",
        "a/b",
        "/",
        "//",
        "http://",
        "@a\u{200d}b",
        "@a\u{202e}b",
        "youtube.com",
        "www.youtube.com",
        "https://www.youtube.com/",
        "https://www.youtube.com/live",
        "https://www.youtube.com/feed/subscriptions",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?list=x",
        "https://www.youtube.com/channel/UCshort",
        "https://www.youtube.com/channel/ucabcdefghij-_ABCDEFGH12",
        "https://youtu.be/",
        "https://youtu.be/aB3-dE_fG7h%22",
        "https://www.youtube.com/redirect?q=https://evil.example",
        "https://twitch.tv/somebody",
        "twitch.tv/somebody",
        "twitch.tv",
        "www.example.com",
        "https://www.youtube.com/@twitch.tv",
        "https://youtube.com.evil.example/@somebody",
        "https://youtube.com@evil.example/@somebody",
        "https://notyoutube.com/@somebody",
        "javascript://youtube.com/@somebody",
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
fn signs_alone_are_a_video_id_but_no_name() {
    assert_eq!(read(LiveId, "-----------"), Ok((LiveId, "-----------".into())));
    assert!(read(Username, "-----------").is_err());
}

#[test]
fn an_answer_does_not_repeat_a_long_input() {
    for long in ["x!".repeat(10_000), "a".repeat(500), format!("https://youtube.com/@{}", "é".repeat(800))] {
        assert!(key(Username, &long).unwrap_err().to_string().len() < 300);
    }
}

/// What may be in a key, and that a key stays what it is when it is typed.
fn holds(given: IdentifierType, typed: &str) -> Result<(), TestCaseError> {
    let Ok(found) = key(given, typed) else { return Ok(()) };
    let id = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    match found.identifier_type {
        LiveId => prop_assert!(found.identifier.len() == 11 && id(&found.identifier)),
        ChannelId => prop_assert!(found.identifier.len() == 24 && id(&found.identifier)),
        Username => {
            let name = &*found.identifier;
            let name = name.strip_prefix("c/").or_else(|| name.strip_prefix("user/")).unwrap_or(name);
            prop_assert!(name.chars().any(char::is_alphanumeric), "{name:?}");
            prop_assert!((1..=60).contains(&name.chars().count()));
            let harmless = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "_-.".contains(c);
            prop_assert!(name.chars().all(harmless), "{name:?}");
            prop_assert!(!name.contains(|c: char| c.is_whitespace() || c.is_control()));
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
        front in "(@|/|c/|user/|https://youtube\\.com/(@|@www\\.|@twitch.tv|c/|user/|watch\\?v=|channel/)?|youtu\\.be/)?",
        name in "[\\pL\\pM\\pN_.·/%?&-]{1,24}",
        back in "(/live|/streams|\\?x=y|/)?",
    ) {
        holds(given, &format!("{front}{name}{back}"))?;
    }

    #[test]
    fn every_id_passes(video in "[A-Za-z0-9_-]{11}", channel in "UC[A-Za-z0-9_-]{22}") {
        prop_assert_eq!(read(Username, &format!("https://youtu.be/{video}")), Ok((LiveId, video)));
        prop_assert_eq!(read(Username, &channel), Ok((ChannelId, channel)));
    }
}

#[test]
fn most_random_ids_look_drawn() {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    let mut state = 1_u64;
    let mut draw = || {
        let mut word = String::new();
        for _ in 0..11 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            word.push(char::from(LETTERS[(state >> 58) as usize]));
        }
        word
    };
    let drawn = (0..10_000).filter(|_| looks_drawn(&draw())).count();
    assert!(drawn > 9_000, "{drawn} of 10000");
}
