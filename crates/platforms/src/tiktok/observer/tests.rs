//! Tests of the script's text and of the reader.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn every_kind_of_message_is_read() {
    let read = |message: serde_json::Value| read(&message.to_string());
    let ready = json!({"kind": "ready", "href": "https://www.tiktok.com/@luna/live", "language": "C", "visibility": "hidden",
        "top": true, "what a later script says": [{}]});
    let href = "https://www.tiktok.com/@luna/live".to_owned();
    assert_eq!(read(ready), Ok(Seen::Ready { href, language: "C".to_owned(), visible: false, top: true }));
    let url = "wss://webcast-ws.tiktok.com/webcast/im/ws_proxy/?a=b";
    assert_eq!(
        read(json!({"kind": "open", "socket": 1, "url": url})),
        Ok(Seen::Open { socket: 1, url: url.to_owned() })
    );
    assert_eq!(
        read(json!({"kind": "frame", "socket": 2, "number": 9, "data": "AAH/"})),
        Ok(Seen::Frame { socket: 2, number: 9, data: Bytes::from_static(b"\x00\x01\xff") })
    );
    assert_eq!(
        read(json!({"kind": "close", "socket": 2, "code": 1006, "reason": ""})),
        Ok(Seen::Close { socket: 2, code: 1006, reason: String::new() })
    );
    assert_eq!(read(json!({"kind": "no_socket"})), Ok(Seen::NoSocket));
    for (word, wall) in [
        ("captcha", Wall::Captcha),
        ("login", Wall::Login),
        ("age", Wall::Age),
        ("region", Wall::Region),
        ("chat_disabled", Wall::ChatDisabled),
    ] {
        assert_eq!(read(json!({"kind": "wall", "wall": word})), Ok(Seen::Wall(wall)));
    }
}

#[test]
fn what_the_script_does_not_write_is_refused() {
    for wrong in [
        "",
        "frame",
        "null",
        "[]",
        "{}",
        r#"{"kind":"frame"}"#,
        r#"{"kind":"frame","socket":1,"number":1}"#,
        r#"{"kind":"frame","socket":0,"number":1,"data":""}"#,
        r#"{"kind":"frame","socket":1,"number":0,"data":""}"#,
        r#"{"kind":"frame","socket":-1,"number":1,"data":""}"#,
        r#"{"kind":"frame","socket":1,"number":1,"data":[1]}"#,
        r#"{"kind":"close","socket":1,"code":70000,"reason":""}"#,
        r#"{"kind":"close","socket":1,"code":1000}"#,
        r#"{"kind":"open","socket":1.5,"url":""}"#,
        r#"{"kind":"wall","wall":"of text"}"#,
        r#"{"kind":"sing"}"#,
        r#"{"kind":["ready"]}"#,
    ] {
        assert_eq!(read(wrong), Err(Unreadable::NotOurs), "{wrong}");
    }
    for damaged in ["A", "AA", "AA=A", "AAH*", "AAH/\\n", "AAH_"] {
        let message = format!(r#"{{"kind":"frame","socket":1,"number":1,"data":"{damaged}"}}"#);
        assert_eq!(read(&message), Err(Unreadable::Damaged), "{damaged}");
    }
}

#[test]
fn the_largest_frame_is_read_and_what_is_larger_is_not() {
    let message = |bytes: usize| {
        let data = STANDARD.encode(vec![7; bytes]);
        format!(r#"{{"kind":"frame","socket":18446744073709551615,"number":18446744073709551615,"data":"{data}"}}"#)
    };
    let Ok(Seen::Frame { data, .. }) = read(&message(MAX_FRAME)) else { panic!("the largest frame") };
    assert_eq!(data.len(), MAX_FRAME);
    assert_eq!(read(&message(MAX_FRAME + 1)), Err(Unreadable::TooLong));
    assert_eq!(read(&message(MAX_FRAME + 10_000)), Err(Unreadable::TooLong));
    let long = "x".repeat(MAX_ADDRESS + 1);
    assert_eq!(read(&json!({"kind": "open", "socket": 1, "url": long}).to_string()), Err(Unreadable::TooLong));
    let reason = "x".repeat(MAX_WORD + 1);
    let close = json!({"kind": "close", "socket": 1, "code": 1000, "reason": reason});
    assert_eq!(read(&close.to_string()), Err(Unreadable::TooLong));
}

#[test]
fn deep_and_wide_nonsense_is_stepped_over() {
    let deep = format!(r#"{{"kind":"no_socket","more":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(read(&deep), Ok(Seen::NoSocket));
    let wide = format!(r#"{{"kind":"no_socket","more":[{}0]}}"#, "0,".repeat(1_000_000));
    assert_eq!(read(&wide), Ok(Seen::NoSocket));
}

#[test]
fn the_parameters_are_texts_whatever_is_in_them() {
    assert!(SCRIPT.trim_end().ends_with(PARAMETERS), "the last line of observer.js");
    let script = script("a\"b", "</script>\u{2028}\\");
    assert!(
        script.ends_with("(\"a\\\"b\", \"\\u003c/script>\\u2028\\\\\", false);\n"),
        "{}",
        &script[script.len() - 80..]
    );
    assert!(script_for_all_frames("post", FILTER).ends_with("(\"post\", \"/webcast/im/\", true);\n"));
    for word in ["BRIDGE", "EVERYWHERE"] {
        assert!(!script.contains(word));
    }
}

proptest! {
    #[test]
    fn nothing_that_the_page_says_breaks_the_reader(text in ".*") {
        let _ = read(&text);
    }

    #[test]
    fn nothing_that_looks_like_a_message_breaks_the_reader(
        kind in "ready|open|frame|close|no_socket|wall|other",
        socket in any::<i64>(),
        word in ".*",
        code in any::<u32>(),
    ) {
        let message = json!({"kind": kind, "socket": socket, "number": code, "data": word, "code": code, "reason": word,
            "url": word, "href": word, "language": word, "visibility": word, "top": true, "wall": word});
        let _ = read(&message.to_string());
    }

    #[test]
    fn every_frame_comes_as_it_was(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let message = json!({"kind": "frame", "socket": 1, "number": 1, "data": STANDARD.encode(&bytes)});
        prop_assert_eq!(read(&message.to_string()), Ok(Seen::Frame { socket: 1, number: 1, data: bytes.into() }));
    }
}
