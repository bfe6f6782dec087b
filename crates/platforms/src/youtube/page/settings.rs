//! What a page tells the site's own program in `ytcfg.set({…})`.

use memchr::memmem;
use serde_json::Value;

use crate::youtube::pick::{Want, pick, want};

const SET: &[u8] = b"ytcfg.set(";

/// How many calls are read. Pages have two to six.
const CALLS: usize = 100;

/// Longest visitor id; recorded ones of 2026 have 520 characters.
const VISITOR_MAX_BYTES: usize = 2_048;
/// Longest of the other values; recorded keys have 39 characters.
const WORD_MAX_BYTES: usize = 100;

/// The settings of a page that matter to requests. All of them are fit for a header: plain ASCII of bounded length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The version of the site's program, as `2.20260423.01.00`.
    pub client_version: Option<String>,
    /// Who we are to the site.
    pub visitor_data: Option<String>,
    /// The language of the page, as `en` or `en-GB`.
    pub hl: Option<String>,
    /// The country that the page was made for, as `US`.
    pub gl: Option<String>,
    /// The public key of the site's own requests.
    pub api_key: Option<String>,
    /// The public key of the push channel of chats.
    pub push_key: Option<String>,
}

const WANT: Want = want!({
    INNERTUBE_CLIENT_VERSION: _,
    INNERTUBE_CONTEXT_CLIENT_VERSION: _,
    INNERTUBE_CONTEXT: { client: { clientVersion: _, visitorData: _ } },
    INNERTUBE_API_KEY: _,
    VISITOR_DATA: _,
    HL: _,
    GL: _,
    LIVE_CHAT_BASE_TANGO_CONFIG: { apiKey: _ },
});

impl Settings {
    pub(super) fn read(page: &[u8]) -> Self {
        let mut all = Self::default();
        let mut end = 0;
        for at in memmem::find_iter(page, SET).take(CALLS) {
            // A name within an object that was read already is only text.
            if at < end {
                continue;
            }
            let rest = page[at + SET.len()..].trim_ascii_start();
            // Some calls hold JavaScript that is no JSON; what matters never stands in them.
            if rest.starts_with(b"{")
                && let Some((call, len)) = pick(rest, &WANT)
            {
                end = page.len() - rest.len() + len;
                all.add(&call);
            }
        }
        all
    }

    /// Later calls overwrite earlier ones.
    fn add(&mut self, call: &Value) {
        let client = &call["INNERTUBE_CONTEXT"]["client"];
        let versions =
            [&call["INNERTUBE_CLIENT_VERSION"], &call["INNERTUBE_CONTEXT_CLIENT_VERSION"], &client["clientVersion"]];
        let version = versions.into_iter().find_map(|v| word(v, WORD_MAX_BYTES).filter(|text| is_version(text)));
        let visitors = [&client["visitorData"], &call["VISITOR_DATA"]];
        let visitor = visitors.into_iter().find_map(|v| word(v, VISITOR_MAX_BYTES));
        let short = |value: &Value| word(value, WORD_MAX_BYTES);
        for (mine, news) in [
            (&mut self.client_version, version),
            (&mut self.visitor_data, visitor),
            (&mut self.hl, short(&call["HL"])),
            (&mut self.gl, short(&call["GL"])),
            (&mut self.api_key, short(&call["INNERTUBE_API_KEY"])),
            (&mut self.push_key, short(&call["LIVE_CHAT_BASE_TANGO_CONFIG"]["apiKey"])),
        ] {
            *mine = news.or(mine.take());
        }
    }
}

/// The visitor id that any answer of the site renews: who we are to it from now on.
pub fn visitor_data(answer: &[u8]) -> Option<String> {
    const WANT: Want = want!({ responseContext: { visitorData: _ } });
    let (answer, _) = pick(answer, &WANT)?;
    word(&answer["responseContext"]["visitorData"], VISITOR_MAX_BYTES)
}

fn word(value: &Value, max_bytes: usize) -> Option<String> {
    let text = value.as_str().filter(|text| (1..=max_bytes).contains(&text.len()))?;
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.=%".contains(&b)).then(|| text.to_owned())
}

/// `2.20260423.01.00`: numbers with points between them.
fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    parts.clone().count() == 4 && parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Settings, visitor_data};

    #[test]
    fn settings_are_put_together_from_all_calls_in_order() {
        let page = br#"<script>ytcfg.set('EMERGENCY_BASE_URL', '/x'); ytcfg.set({"CSI": 'x', "HL": "fr"});
            ytcfg.set({"HL": "de", "GL": "DE", "INNERTUBE_CLIENT_VERSION": "2.20260101.00.00",
              "TEXT": "ytcfg.set({\"HL\": \"xx\"})", "INNERTUBE_CONTEXT": {"client": {"visitorData": "Cg%3D%3D"}},
              "LIVE_CHAT_BASE_TANGO_CONFIG": {"apiKey": "AIza-_1"}, "VISITOR_DATA": "other"});
            ytcfg.set( {"HL": "en"});</script>"#;
        let expected = Settings {
            client_version: Some("2.20260101.00.00".into()),
            visitor_data: Some("Cg%3D%3D".into()),
            hl: Some("en".into()),
            gl: Some("DE".into()),
            api_key: None,
            push_key: Some("AIza-_1".into()),
        };
        assert_eq!(Settings::read(page), expected);
    }

    #[test]
    fn what_is_not_fit_for_a_header_is_left_out() {
        let page = r#"ytcfg.set({"HL": "e\r\nn", "GL": 7, "INNERTUBE_CLIENT_VERSION": "newest", "VISITOR_DATA": "é",
            "INNERTUBE_API_KEY": ""})"#;
        assert_eq!(Settings::read(page.as_bytes()), Settings::default());
        let long = format!(r#"ytcfg.set({{"VISITOR_DATA": "{}"}})"#, "a".repeat(5_000));
        assert_eq!(Settings::read(long.as_bytes()), Settings::default());
    }

    #[test]
    fn an_answer_renews_who_we_are() {
        assert_eq!(visitor_data(br#"{"responseContext": {"visitorData": "Cg"}}"#).as_deref(), Some("Cg"));
        assert_eq!(visitor_data(br#"{"responseContext": {"visitorData": "a\nb"}}"#), None);
        assert_eq!(visitor_data(b"<html>"), None);
    }
}
