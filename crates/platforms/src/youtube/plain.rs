//! Texts and numbers out of values that may be anything.

use serde_json::Value;

/// Longest text that is taken over, in bytes. A title has at most 100 characters, a name 60.
const TEXT_MAX_BYTES: usize = 2_000;

/// A text in any of the three shapes: `{runs: [{text}]}`, `{simpleText}`, `{content}`; `None` if it is none or empty.
pub(super) fn text(value: &Value) -> Option<String> {
    let mut whole = String::new();
    for run in value["runs"].as_array().into_iter().flatten() {
        whole.push_str(run["text"].as_str().unwrap_or_default());
        if whole.len() > TEXT_MAX_BYTES {
            break;
        }
    }
    let simple = value["simpleText"].as_str().or(value["content"].as_str()).unwrap_or_default();
    cut(if whole.is_empty() { simple } else { &whole })
}

/// A plain string; `None` if it is none or empty.
pub(super) fn string(value: &Value) -> Option<String> {
    cut(value.as_str()?)
}

fn cut(text: &str) -> Option<String> {
    let mut end = text.len().min(TEXT_MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| text[..end].to_owned())
}

/// The largest number that is taken over: the largest that the pages, which are JavaScript, can hold exactly.
const NUMBER_MAX: u64 = (1 << 53) - 1;

/// A whole number, which YouTube writes as a number or as a text of digits.
pub(super) fn integer(value: &Value) -> Option<u64> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    (number <= NUMBER_MAX).then_some(number)
}

/// A count in a localised text: `5,516 watching`, `4.536 Zuschauer`, `1 901 spectateurs`, `1.2K watching`, `1,2 万 人`.
///
/// Separators group digits, unless a unit follows: then the last one marks decimals. The units are those that stand behind
/// shortened counts in English and East Asian languages; we ask for English.
pub(super) fn count(text: &str) -> Option<u64> {
    count_of_any_size(text).filter(|count| *count <= NUMBER_MAX)
}

fn count_of_any_size(text: &str) -> Option<u64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut groups = vec![String::new()];
    let mut rest = &text[start..];
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        groups.last_mut()?.push_str(&rest[..digits]);
        rest = &rest[digits..];
        // A separator only counts between digits; a plain space only between groups of three.
        let mut chars = rest.chars();
        let separator =
            chars.next().filter(|c| matches!(c, ',' | '.' | '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}' | ' '));
        let next = chars.as_str().bytes().take_while(u8::is_ascii_digit).count();
        if separator.is_none() || next == 0 || (separator == Some(' ') && next != 3) {
            break;
        }
        groups.push(String::new());
        rest = chars.as_str();
    }
    let Some(unit) = unit(rest) else { return groups.concat().parse().ok() };
    let decimals = if groups.len() > 1 { groups.pop()? } else { String::new() };
    let whole: u64 = groups.concat().parse().ok()?;
    let part = decimals.bytes().try_fold((0_u64, unit), |(sum, place), digit| {
        let place = place / 10;
        Some((sum.checked_add(u64::from(digit - b'0') * place)?, place))
    })?;
    whole.checked_mul(unit)?.checked_add(part.0)
}

/// What the word behind a number multiplies it with.
fn unit(rest: &str) -> Option<u64> {
    let mut chars = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).chars();
    let unit = match chars.next()? {
        'K' | 'k' => 1_000,
        'M' => 1_000_000,
        'B' => 1_000_000_000,
        '千' | '천' => return Some(1_000),
        '万' | '萬' | '만' => return Some(10_000),
        '億' | '亿' | '억' => return Some(100_000_000),
        _ => return None,
    };
    // A letter that begins a word is no unit.
    chars.next().is_none_or(|c| !c.is_alphabetic()).then_some(unit)
}

/// A point in time as Unix milliseconds: ISO 8601.
pub(super) fn iso_ms(value: &Value) -> Option<i64> {
    let text = value.as_str().filter(|text| text.len() <= 64)?;
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// A point in time as Unix milliseconds: seconds since 1970, as a text.
pub(super) fn seconds_ms(value: &Value) -> Option<i64> {
    /// The year 5138. Beyond it there is nothing to wait for.
    const SECONDS_MAX: u64 = 100_000_000_000;
    let seconds = integer(value).filter(|seconds| (1..SECONDS_MAX).contains(seconds))?;
    i64::try_from(seconds * 1_000).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{count, integer, iso_ms, seconds_ms, text};

    #[test]
    fn a_text_is_read_in_each_shape() {
        for shape in
            [json!({"runs": [{"text": "a"}, {"text": "b"}]}), json!({"simpleText": "ab"}), json!({"content": "ab"})]
        {
            assert_eq!(text(&shape).as_deref(), Some("ab"));
        }
        for none in [
            json!(null),
            json!("ab"),
            json!({"runs": [1, {"text": 2}]}),
            json!({"runs": {}}),
            json!({"simpleText": ""}),
        ] {
            assert_eq!(text(&none), None);
        }
        assert_eq!(text(&json!({"simpleText": "é".repeat(5_000)})).unwrap().len(), 2_000);
    }

    #[test]
    fn a_count_is_read_in_many_languages() {
        let counts = [
            ("5,516 watching", 5_516),
            ("32 waiting", 32),
            ("4.536 Zuschauer", 4_536),
            ("1\u{a0}901 spectateurs", 1_901),
            ("1\u{202f}234\u{202f}567 vues", 1_234_567),
            ("1 901 diváků", 1_901),
            ("12’345 Zuschauer", 12_345),
            ("1,23,456 watching", 123_456),
            ("1.2K watching", 1_200),
            ("1.234K watching", 1_234),
            ("3K watching", 3_000),
            ("2.5M watching", 2_500_000),
            ("1.2 万人が視聴中", 12_000),
            ("1234 人が視聴中", 1_234),
            ("視聴者 1,234", 1_234),
            ("7 Kanäle", 7),
            ("0 watching", 0),
            ("4.", 4),
        ];
        for (text, number) in counts {
            assert_eq!(count(text), Some(number), "{text}");
        }
        for none in ["", "No viewers", "٣", "99999999999999999999999"] {
            assert_eq!(count(none), None, "{none}");
        }
    }

    #[test]
    fn numbers_and_times_are_read_as_texts_or_numbers() {
        assert_eq!((integer(&json!("5516")), integer(&json!(7)), integer(&json!("-1"))), (Some(5_516), Some(7), None));
        assert_eq!(seconds_ms(&json!("1700000000")), Some(1_700_000_000_000));
        assert_eq!((seconds_ms(&json!("0")), seconds_ms(&json!(u64::MAX))), (None, None));
        assert_eq!(iso_ms(&json!("2026-01-01T00:00:00+00:00")), Some(1_767_225_600_000));
        assert_eq!(iso_ms(&json!("tomorrow")), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_count(text in any::<String>(), digits in "[0-9.,' \u{a0}]{0,40}", unit in "[KMB万億]?") {
            count(&text);
            count(&format!("{digits}{unit}"));
        }

        #[test]
        fn every_number_is_read_grouped_or_not(number in any::<u32>(), separator in "[,.'\u{a0} ]") {
            let digits = number.to_string();
            let mut grouped = String::new();
            for (i, digit) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i) % 3 == 0 {
                    grouped.push_str(&separator);
                }
                grouped.push(digit);
            }
            prop_assert_eq!(count(&format!("{grouped} watching")), Some(u64::from(number)));
            prop_assert_eq!(count(&digits), Some(u64::from(number)));
        }
    }
}
