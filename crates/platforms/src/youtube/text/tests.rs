//! Texts in every shape become the same message.

use proptest::prelude::*;

use super::*;
use polychat_model::Element;

fn text(json: &str) -> Text<'_> {
    serde_json::from_str(json).expect(json)
}

/// Kind and value of each element, and where it leads.
fn parts(json: &str) -> Vec<(&'static str, String, String)> {
    let content = text(json).message();
    let part = |element: &Element| {
        let value = element.value().to_owned();
        match element {
            Element::Text { .. } => ("text", value, String::new()),
            Element::Emote { metadata, .. } => {
                (if metadata.is_custom { "custom" } else { "emoji" }, value, metadata.url.to_string())
            }
            Element::Link { metadata, .. } => ("link", value, metadata.url.clone()),
            Element::Mention { metadata, .. } => ("mention", value, metadata.username.clone()),
            Element::Cheer { .. } => ("cheer", value, String::new()),
        }
    };
    content.elements().iter().map(part).collect()
}

fn part(kind: &'static str, value: &str, more: &str) -> (&'static str, String, String) {
    (kind, value.to_owned(), more.to_owned())
}

const FACE: &str = r#"{"emoji":{"emojiId":"😳","shortcuts":[":flushed_face:"],
    "image":{"thumbnails":[{"url":"https://fonts.gstatic.com/s/e/notoemoji/15.1/1f633/72.png"}],
    "accessibility":{"accessibilityData":{"label":"😳"}}}}}"#;
const CUSTOM: &str = r#"{"emoji":{"emojiId":"UCxxxxxxxxxxxxxxxxxxxxxx/key","shortcuts":[":_wave:"],"isCustomEmoji":true,
    "image":{"thumbnails":[{"url":"https://yt3.example/24","width":24},{"url":"https://yt3.example/48","width":48}],
    "accessibility":{"accessibilityData":{"label":"wave"}}}}}"#;

#[test]
fn a_message_of_emoji_only_is_not_empty() {
    let json = format!(r#"{{"runs":[{FACE},{CUSTOM}]}}"#);
    let face = "https://fonts.gstatic.com/s/e/notoemoji/15.1/1f633/72.png";
    assert_eq!(parts(&json), [part("emoji", "😳", face), part("custom", ":_wave:", "https://yt3.example/48")]);
    assert_eq!((&*text(&json).plain(), text(&json).message().raw()), ("😳:_wave:", "😳:_wave:"));
    assert_eq!(text(r#"{"runs":[{"emoji":{}}]}"#).plain(), "\u{25a1}");
}

#[test]
fn an_emoji_without_a_safe_picture_is_text() {
    let json = r#"{"runs":[{"emoji":{"emojiId":"😳","image":{"thumbnails":[{"url":"http://x.example/1"}]}}}]}"#;
    assert_eq!(parts(json), [part("text", "😳", "")]);
}

#[test]
fn links_lead_where_they_say() {
    let run = |endpoint: &str| format!(r#"{{"runs":[{{"text":"shown","navigationEndpoint":{endpoint}}}]}}"#);
    for (endpoint, url) in [
        (r#"{"urlEndpoint":{"url":"https://example.com/very/long"}}"#, "https://example.com/very/long"),
        (
            r#"{"urlEndpoint":{"url":"https://www.youtube.com/redirect?event=live_chat&q=https%3A%2F%2Fexample.com%2F%3Fa%3Db"}}"#,
            "https://example.com/?a=b",
        ),
        (r#"{"urlEndpoint":{"url":"/redirect?q=http%3A%2F%2Fexample.com"}}"#, "http://example.com/"),
        (r#"{"watchEndpoint":{"videoId":"abcdefghijk"}}"#, "https://www.youtube.com/watch?v=abcdefghijk"),
        (r#"{"browseEndpoint":{"browseId":"UCabc"}}"#, "https://www.youtube.com/channel/UCabc"),
    ] {
        assert_eq!(parts(&run(endpoint)), [part("link", "shown", url)], "{endpoint}");
    }
    for endpoint in [
        r#"{"urlEndpoint":{"url":"javascript:alert(1)"}}"#,
        r#"{"urlEndpoint":{"url":"/redirect?q=javascript%3Aalert(1)"}}"#,
        r#"{"watchEndpoint":{"videoId":"a\"b"}}"#,
        "{}",
        "[]",
    ] {
        assert_eq!(parts(&run(endpoint)), [part("text", "shown", "")], "{endpoint}");
    }
}

#[test]
fn names_with_an_at_sign_are_mentions_and_mail_is_not() {
    let found = parts(r#"{"simpleText":"@ann-1 hi (@böb_2.) me@mail.example @x @"}"#);
    assert_eq!(
        found,
        [
            part("mention", "@ann-1", "ann-1"),
            part("text", " hi (", ""),
            part("mention", "@böb_2", "böb_2"),
            part("text", ".) me@mail.example @x @", ""),
        ]
    );
    let linked = r#"{"runs":[{"text":"@ann","navigationEndpoint":{"browseEndpoint":{"browseId":"UCann"}}}]}"#;
    assert_eq!(parts(linked), [part("mention", "@ann", "ann")]);
}

#[test]
fn view_models_count_utf16() {
    let json = r#"{"content":"😳 see this :_w:","commandRuns":[{"startIndex":3,"length":8,
        "onTap":{"innertubeCommand":{"urlEndpoint":{"url":"https://example.com/"}}}},{"startIndex":90,"length":1}],
        "attachmentRuns":[{"startIndex":12,"length":4,"element":{"type":{"imageType":{"image":{"sources":[
        {"url":"https://e.example/1"}]}}}}},{"startIndex":1,"length":1,"element":{"type":{"imageType":{"image":
        {"sources":[{"url":"https://e.example/2"}]}}}}}]}"#;
    assert_eq!(
        parts(json),
        [
            part("text", "😳 ", ""),
            part("link", "see this", "https://example.com/"),
            part("text", " ", ""),
            part("custom", ":_w:", "https://e.example/1"),
        ]
    );
}

#[test]
fn numbers_are_found_in_every_shape() {
    let number = |json: &str| text(json).number();
    assert_eq!(number(r#"{"runs":[{"text":"Member for "},{"text":"27"},{"text":" months"}]}"#), Some(27));
    assert_eq!(number(r#"{"simpleText":"Member for 1 month"}"#), Some(1));
    assert_eq!(number(r#"{"runs":[{"text":"1,301 votes"}]}"#), Some(1_301));
    assert_eq!(number(r#"{"content":"1.3K votes"}"#), Some(1_300));
    assert_eq!(number(r#"{"content":"12M"}"#), Some(12_000_000));
    assert_eq!(number(r#"{"content":"99999999999999999999"}"#), None);
    assert_eq!(number(r#"{"content":"none"}"#), None);
}

#[test]
fn a_text_without_an_end_is_cut_between_characters() {
    let json = format!(r#"{{"runs":[{}{{"text":"é"}}]}}"#, r#"{"text":"@ann é é "},"#.repeat(900));
    let content = text(&json).message();
    assert!(content.raw().len() <= TEXT_MAX_BYTES && content.raw().len() > TEXT_MAX_BYTES - 10);
    assert!(text(&json).plain().len() <= TEXT_MAX_BYTES);
}

proptest! {
    #[test]
    fn any_text_comes_apart_without_loss(words in proptest::collection::vec(".{0,12}|@[a-z.é]{0,6} ?", 0..6)) {
        let runs: Vec<_> = words.iter().map(|word| serde_json::json!({ "text": word })).collect();
        let json = serde_json::json!({ "runs": runs }).to_string();
        let content = text(&json).message();
        let joined: String = content.elements().iter().map(Element::value).collect();
        prop_assert_eq!(&joined, content.raw());
        prop_assert_eq!(joined, words.concat());
    }

    #[test]
    fn any_positions_in_a_view_model_are_harmless(start: u64, length: u64, near in 0u64..8, short in 0u64..8) {
        for (start, length) in [(start, length), (near, short)] {
            let run = serde_json::json!({ "startIndex": start, "length": length, "onTap":
                { "innertubeCommand": { "urlEndpoint": { "url": "https://example.com/" } } } });
            let json = serde_json::json!({ "content": "a😳é b", "commandRuns": [run.clone(), run] }).to_string();
            let content = text(&json).message();
            prop_assert_eq!(content.raw(), "a😳é b");
        }
    }
}
