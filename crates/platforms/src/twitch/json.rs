//! Reading JSON that may be anything: a value of the wrong type is as good as a missing one.

use polychat_model::iso_timestamp;
use serde_json::Value;

/// Longest text that is taken over from a side channel, in bytes. Longer than any title or message that Twitch allows.
const TEXT_MAX_BYTES: usize = 2_000;
/// Longest address that is taken over, in bytes. Addresses of Twitch's pictures have about 120.
const URL_MAX_BYTES: usize = 1_000;

/// A text, cut at [`TEXT_MAX_BYTES`]; `None` if it is no text or empty.
pub(crate) fn text(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|t| !t.is_empty())?;
    let mut end = text.len().min(TEXT_MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Some(text[..end].to_owned())
}

/// An id: a short text, or a number, which some messages use for the same id.
pub(crate) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if !s.is_empty() && s.len() <= 128 => Some(s.clone()),
        Value::Number(n) => n.as_u64().map(|n| n.to_string()),
        _ => None,
    }
}

/// An https address that is safe to hand to a browser.
pub(crate) fn https(value: &Value) -> Option<String> {
    https_str(value.as_str()?)
}

/// The same, of a text.
pub(crate) fn https_str(text: &str) -> Option<String> {
    let good = text.len() <= URL_MAX_BYTES
        && text.starts_with("https://")
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`'));
    good.then(|| text.to_owned())
}

/// A point in time as Unix milliseconds: ISO 8601, or a number of seconds (with a fraction) or of milliseconds.
pub(crate) fn time_ms(value: &Value) -> Option<i64> {
    /// A number above this is milliseconds: as seconds it would be the year 5138.
    const SECONDS_MAX: f64 = 1e11;
    match value {
        Value::String(s) if s.len() <= 64 => s.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond),
        Value::Number(n) => {
            let n = n.as_f64().filter(|n| *n > 0.0)?;
            Some(if n < SECONDS_MAX { n * 1000.0 } else { n } as i64)
        }
        _ => None,
    }
}

/// A point in time as the protocol writes it.
pub(crate) fn iso(value: &Value) -> Option<String> {
    time_ms(value).map(|ms| iso_timestamp(ms).to_string())
}

/// Takes back the escaping that Twitch leaves in titles and category names: `\u0026` and HTML entities.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, used) = escape(rest).unwrap_or((if rest.starts_with('&') { '&' } else { '\\' }, 1));
        out.push(c);
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

/// The character that an escape at the start of `text` stands for, and the length of the escape in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    const ENTITIES: [(&str, char); 6] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&#34;", '"')];
    if let Some(hex) = text.strip_prefix("\\u") {
        let hex = hex.get(..4).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))?;
        return Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, 6));
    }
    ENTITIES.iter().find(|(name, _)| text.starts_with(name)).map(|(name, c)| (*c, name.len()))
}

/// Hostile JSON for property tests.
#[cfg(test)]
pub(crate) mod any {
    use proptest::prelude::*;
    use serde_json::Value;

    /// Any JSON, with `words` as names and as texts, so that it often gets past the first look.
    pub(crate) fn json(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
        let word = prop::sample::select(words);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            word.clone().prop_map(Value::from),
            Just(Value::from("2026-01-01T00:00:00Z")),
            Just(Value::from("https://cdn.example/x.png")),
        ];
        leaf.prop_recursive(6, 64, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::vec((word.clone(), inner), 0..8)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{https, id, text, time_ms, unescape};

    #[test]
    fn escapes_of_titles_are_taken_back() {
        assert_eq!(unescape("Science \\u0026 Technology"), "Science & Technology");
        assert_eq!(unescape("a &lt;b&gt; &amp; \\n \\u12 \\ud800 &x"), "a <b> & \\n \\u12 \\ud800 &x");
        assert_eq!(unescape("\\u00e"), "\\u00e");
    }

    #[test]
    fn times_come_in_three_forms() {
        assert_eq!(time_ms(&json!("2020-10-10T19:13:30.536153182Z")), Some(1_602_357_210_536));
        assert_eq!(time_ms(&json!(1_605_026_941.187)), Some(1_605_026_941_187));
        assert_eq!(time_ms(&json!(1_605_026_941_187_i64)), Some(1_605_026_941_187));
        assert_eq!(time_ms(&json!("soon")), None);
        assert_eq!(time_ms(&json!(-1)), None);
    }

    #[test]
    fn only_plain_https_addresses_pass() {
        assert!(https(&json!("https://a.example/x%20y.png?z=1")).is_some());
        for bad in ["http://a.example/", "javascript:x", "https://a/\"onload=", "https://a/ b", ""] {
            assert!(https(&json!(bad)).is_none(), "{bad}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "é".repeat(5_000);
        assert_eq!(text(&json!(long)).unwrap().len(), 2_000);
        assert_eq!(id(&json!(long)), None);
        assert_eq!(id(&json!(12)).as_deref(), Some("12"));
    }
}
