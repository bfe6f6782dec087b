//! Raw lines of the last messages from a recent-messages service: for the gap of a reconnect, and for the start if asked.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::http::{Http, below};

/// How long the service has. Chat does not wait for it any longer (its outages are frequent).
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);
/// Most lines of one request: what the services keep at least.
const LINES_MAX: u32 = 500;
/// Longest line that is taken, in bytes: tags have at most 8 KiB, text 4.
const LINE_MAX_BYTES: usize = 16 * 1024;

/// Fetches at most `limit` lines, oldest first; with `after_ms` (Unix milliseconds) only later ones. Any failure is an
/// empty list.
pub(crate) async fn fetch(http: &Http, base: &Url, login: &str, after_ms: Option<i64>, limit: u32) -> Vec<String> {
    let limit = limit.min(LINES_MAX);
    let Some(url) = address(base, login, after_ms, limit).filter(|_| limit > 0) else { return Vec::new() };
    match http.get_json(url, TIMEOUT).await {
        Ok(answer) => {
            if let Some(code) = answer["error_code"].as_str().filter(|code| code.len() < 64) {
                tracing::debug!(platform = "twitch", code, "recent messages are incomplete");
            }
            lines(&answer, limit as usize)
        }
        Err(error) => {
            tracing::debug!(platform = "twitch", %error, "no recent messages");
            Vec::new()
        }
    }
}

fn address(base: &Url, login: &str, after_ms: Option<i64>, limit: u32) -> Option<Url> {
    // The settings may name the service or its request.
    let path: &[&str] = if base.path().ends_with("/recent-messages") { &[] } else { &["api", "v2", "recent-messages"] };
    let mut url = below(base, path.iter().copied().chain([login]))?;
    url.query_pairs_mut().append_pair("limit", &limit.to_string());
    if let Some(after) = after_ms {
        url.query_pairs_mut().append_pair("after", &after.to_string());
    }
    Some(url)
}

/// The last `limit` lines that are lines.
fn lines(answer: &Value, limit: usize) -> Vec<String> {
    let all = answer["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let last = &all[all.len().saturating_sub(limit)..];
    let line = |value: &Value| {
        let line = value.as_str()?.trim_end_matches(['\r', '\n']);
        let good = !line.is_empty() && line.len() <= LINE_MAX_BYTES && !line.contains(['\r', '\n', '\0']);
        good.then(|| line.to_owned())
    };
    last.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use url::Url;

    use super::{LINE_MAX_BYTES, address, lines};

    #[test]
    fn the_address_may_be_the_service_or_its_request() {
        let made = |base: &str| address(&Url::parse(base).unwrap(), "alice", Some(5), 50).unwrap().to_string();
        let expected = "https://r.example/api/v2/recent-messages/alice?limit=50&after=5";
        assert_eq!(made("https://r.example"), expected);
        assert_eq!(made("https://r.example/"), expected);
        assert_eq!(made("https://r.example/api/v2/recent-messages"), expected);
    }

    #[test]
    fn only_lines_pass_and_only_the_last() {
        let long = "x".repeat(LINE_MAX_BYTES + 1);
        let answer = json!({"messages": ["old", "a\r\n", 5, "b\nQUIT", null, long, "", "c"]});
        assert_eq!(lines(&answer, 7), ["a", "c"]);
        assert!(lines(&json!({"messages": "x"}), 7).is_empty());
        assert!(lines(&json!(null), 7).is_empty());
    }
}
