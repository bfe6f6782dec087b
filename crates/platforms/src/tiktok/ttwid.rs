//! The cookie by which TikTok knows an anonymous visitor, and the browser that it was given to.
//!
//! Without it a socket opens and stays silent. It is long lived and belongs together with the `User-Agent`.

use std::fmt;

use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use serde_json::{Value, json};

use super::agent::{AGENTS, Agent};
use super::room::NoRoom;

/// Longest value that is taken. Those seen have up to 200 characters.
const VALUE_MAX_BYTES: usize = 1_024;
/// Says that a visitor is not taken for a browser, by the way in which the connection was encrypted.
const SYSTEM_ERROR: &str = "x-tt-system-error";

/// A visitor of TikTok: one for all rooms, as in a browser. Its value is never written to a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    /// The cookie's value, as it was received.
    pub(crate) ttwid: String,
    /// The browser that it was given to.
    pub(crate) agent: &'static Agent,
}

impl Credentials {
    /// A visitor, if `ttwid` can be the value of a cookie.
    pub(crate) fn new(ttwid: &str, agent: &'static Agent) -> Option<Self> {
        is_value(ttwid).then(|| Self { ttwid: ttwid.to_owned(), agent })
    }

    /// What is sent as `Cookie`.
    pub(crate) fn cookie(&self) -> HeaderValue {
        let mut value = HeaderValue::try_from(format!("ttwid={}", self.ttwid)).expect("checked when it was made");
        value.set_sensitive(true);
        value
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = AGENTS.iter().position(|agent| agent == self.agent);
        f.debug_struct("Credentials").field("agent", &number).finish_non_exhaustive()
    }
}

/// Why there is no visitor to go as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoTtwid {
    /// TikTok sees that this is no browser.
    Judged,
    /// It answers, and gives no cookie.
    NotGiven,
    /// It does not answer as it should.
    Refused(NoRoom),
}

impl NoTtwid {
    /// The word in metrics.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Judged => "judged",
            Self::NotGiven => "not_given",
            Self::Refused(why) => why.word(),
        }
    }
}

/// The `ttwid` of an answer, whatever its status.
pub(crate) fn given(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    // The last one of a name counts.
    cookies.filter_map(value).next_back()
}

/// Whether an answer without a cookie says that it never will give one.
pub(crate) fn is_judged(headers: &HeaderMap) -> bool {
    headers.contains_key(SYSTEM_ERROR) && !headers.contains_key(SET_COOKIE)
}

/// What the registration of visitors is asked: as TikTok's own pages ask it. Other numbers than this `aid` are refused.
pub(crate) fn registration() -> Value {
    json!({
        "region": "va",
        "aid": 1768,
        "needFid": false,
        "service": super::agent::SITE,
        "migrate_priority": 0,
        "cbUrlProtocol": "https",
        "misleep": 100,
    })
}

/// The value in `ttwid=VALUE; Path=/; …`, unless that takes the cookie away.
fn value(cookie: &str) -> Option<&str> {
    let mut parts = cookie.split(';').map(str::trim);
    let value = parts.next()?.strip_prefix("ttwid=")?.trim_matches('"');
    let removed = parts.any(|part| {
        part.split_once('=').is_some_and(|(name, age)| {
            name.trim().eq_ignore_ascii_case("max-age") && age.trim().parse::<i64>().is_ok_and(|age| age <= 0)
        })
    });
    (is_value(value) && !removed).then_some(value)
}

fn is_value(text: &str) -> bool {
    let is_octet = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b',' | b';' | b'\\');
    (1..=VALUE_MAX_BYTES).contains(&text.len()) && text.bytes().all(is_octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cookies: &[&str]) -> HeaderMap {
        let cookies = cookies.iter().map(|cookie| (SET_COOKIE, HeaderValue::from_str(cookie).unwrap()));
        let mut headers = HeaderMap::new();
        cookies.for_each(|(name, value)| {
            headers.append(name, value);
        });
        headers
    }

    #[test]
    fn the_cookie_is_found_among_others_and_stays_as_it_is() {
        let value = "1%7CAb-_c%7C1780000000%7C0a1b";
        let own = format!("ttwid={value}; Path=/; Domain=tiktok.com; Max-Age=31536000; HttpOnly; Secure");
        let headers = answer(&["tt_csrf_token=x; Path=/", &own, "tt_chain_token=y", "my_ttwid=no"]);
        assert_eq!(given(&headers), Some(value));
        assert_eq!(given(&answer(&["ttwid=1|a|2|b"])), Some("1|a|2|b"));
        assert_eq!(given(&answer(&["ttwid=first", "ttwid=last"])), Some("last"));
    }

    #[test]
    fn what_is_no_cookie_is_none() {
        let long = format!("ttwid={}", "a".repeat(2_000));
        for none in
            ["ttwid=; Path=/", "ttwid=x; Max-Age=0", "ttwid=x; max-age = -1", "ttwid=a b", "ttwid", "TTWID=x", &long]
        {
            assert_eq!(given(&answer(&[none])), None, "{none}");
        }
        assert_eq!(given(&HeaderMap::new()), None);
    }

    #[test]
    fn a_judgement_is_a_sign_without_any_cookie() {
        let mut headers = HeaderMap::new();
        assert!(!is_judged(&headers));
        headers.insert("X-TT-System-Error", HeaderValue::from_static("3"));
        assert!(is_judged(&headers));
        headers.insert(SET_COOKIE, HeaderValue::from_static("a=b"));
        assert!(!is_judged(&headers));
    }

    #[test]
    fn a_visitor_is_shown_to_nobody() {
        for agent in &AGENTS {
            let visitor = Credentials::new("1%7Csecret%7C2", agent).unwrap();
            assert_eq!(visitor.cookie(), "ttwid=1%7Csecret%7C2");
            assert!(!format!("{visitor:?} {:?}", visitor.cookie()).contains("secret"));
        }
        assert_eq!(Credentials::new("a\r\nb: c", &AGENTS[0]), None);
    }
}
