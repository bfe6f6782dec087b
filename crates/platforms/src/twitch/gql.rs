//! Twitch's GraphQL without login: batches of plain-text queries, and what to do with the ways in which they fail.
//!
//! Errors come with HTTP 200. A client id from which Twitch suddenly wants an integrity token is passed over for the next
//! one; tokens are never made.

mod queries;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

pub(crate) use queries::*;

use crate::http::{Http, HttpError};

/// One query of a batch.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    text: &'static str,
    variables: Value,
}

/// Most queries of a batch. Twitch has a limit that is said to be 35.
pub(crate) const BATCH_MAX: usize = 20;

/// Why a whole batch brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GqlError {
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Every client id was refused.
    #[error("no client id is accepted")]
    Refused,
    #[error("an answer of another shape")]
    Shape,
}

/// The longest that GraphQL is left alone after failures.
const REST_MAX: Duration = Duration::from_secs(300);

/// The address and the client ids.
pub(crate) struct Gql {
    http: Arc<Http>,
    url: Url,
    client_ids: Vec<String>,
    /// The id that worked last is asked first.
    current: AtomicUsize,
    rest: Mutex<Rest>,
}

/// Whether GraphQL should be left alone.
#[derive(Default)]
struct Rest {
    failures: u32,
    until: Option<Instant>,
}

impl Gql {
    pub(crate) fn new(http: Arc<Http>, url: Url, client_ids: Vec<String>) -> Self {
        Self { http, url, client_ids, current: AtomicUsize::new(0), rest: Mutex::default() }
    }

    /// Whether it failed lately, so that what is not urgent should ask somebody else.
    pub(crate) fn rests(&self) -> bool {
        self.rest().until.is_some_and(|until| Instant::now() < until)
    }

    /// The same as [`batch`](Self::batch) for what is not urgent: after a failure it is left alone for `pause`, after
    /// each further one for twice as long.
    pub(crate) async fn background(
        &self,
        queries: &[Query],
        timeout: Duration,
        pause: Duration,
    ) -> Result<Vec<Option<Value>>, GqlError> {
        let answers = self.batch(queries, timeout).await;
        let failures = if answers.is_ok() { 0 } else { self.rest().failures + 1 };
        let until =
            failures.checked_sub(1).map(|n| Instant::now() + pause.saturating_mul(1 << n.min(10)).min(REST_MAX));
        *self.rest() = Rest { failures, until };
        answers
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks; answers in the order of the queries: `data`, or `None` where a query failed. Ends within `timeout`.
    pub(crate) async fn batch(&self, queries: &[Query], timeout: Duration) -> Result<Vec<Option<Value>>, GqlError> {
        let end = Instant::now() + timeout;
        let body = queries.iter().map(|q| json!({"query": q.text, "variables": q.variables})).collect();
        let first = self.current.load(Ordering::Relaxed);
        for turn in 0..self.client_ids.len() {
            let which = (first + turn) % self.client_ids.len();
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(HttpError::Timeout.into());
            }
            match self.http.post_json(self.url.clone(), &self.client_ids[which], &body, left).await {
                Ok(answer) if refused(&answer) => {}
                Ok(answer) => {
                    self.current.store(which, Ordering::Relaxed);
                    return read(answer, queries.len());
                }
                Err(HttpError::Status(StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {}
                Err(error) => return Err(error.into()),
            }
            tracing::debug!(platform = "twitch", turn, "GraphQL refuses a client id");
        }
        Err(GqlError::Refused)
    }
}

/// The errors of an answer or of a part of it.
fn errors(part: &Value) -> impl Iterator<Item = &Value> {
    // A refusal of the whole is `{"error": "Bad Request", "message": "…"}` instead.
    part["errors"].as_array().into_iter().flatten().chain(part["error"].is_string().then_some(part))
}

/// Whether the client id is what is wrong.
fn refused(answer: &Value) -> bool {
    let of_id = |error: &Value| {
        let message = error["message"].as_str().unwrap_or_default();
        error["extensions"]["challenge"]["type"] == "integrity"
            || message.contains("integrity")
            || message.contains("Client-ID")
    };
    match answer {
        Value::Array(parts) => parts.iter().any(|part| errors(part).any(of_id)),
        whole => errors(whole).any(of_id),
    }
}

fn read(answer: Value, expected: usize) -> Result<Vec<Option<Value>>, GqlError> {
    let Value::Array(parts) = answer else { return Err(GqlError::Shape) };
    if parts.len() != expected {
        return Err(GqlError::Shape);
    }
    let data = |mut part: Value| {
        let failed = errors(&part).next().is_some();
        let Some(Value::Object(mut data)) = part.get_mut("data").map(Value::take) else { return None };
        if failed {
            // With an error, null means "failed", not "there is none".
            data.retain(|_, value| !value.is_null());
        }
        (!data.is_empty()).then_some(Value::Object(data))
    };
    Ok(parts.into_iter().map(data).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{GqlError, read, read_badges, read_broadcasts, read_cheermotes, read_people, read_resolve, refused};
    use crate::twitch::json::any;

    #[test]
    fn a_failed_field_is_missing_and_not_null() {
        let answer = json!([
            {"data": {"a": null, "b": 1}, "errors": [{"message": "service timeout"}]},
            {"data": {"a": null}},
            {"data": {"a": null}, "errors": [{"message": "service error"}]},
            {"errors": [{"message": "PersistedQueryNotFound"}]},
            "what",
        ]);
        let parts = read(answer, 5).unwrap();
        assert_eq!(parts, [Some(json!({"b": 1})), Some(json!({"a": null})), None, None, None]);
    }

    #[test]
    fn another_shape_is_an_error() {
        assert_eq!(read(json!({"data": {}}), 1), Err(GqlError::Shape));
        assert_eq!(read(json!([]), 1), Err(GqlError::Shape));
        assert_eq!(read(json!(null), 1), Err(GqlError::Shape));
    }

    #[test]
    fn a_refused_client_id_is_told_from_a_failed_query() {
        assert!(refused(&json!([{"errors": [{"message": "failed integrity check"}]}])));
        assert!(refused(&json!([{"errors": [{"extensions": {"challenge": {"type": "integrity"}}}]}])));
        assert!(refused(&json!({"error": "Bad Request", "message": "The \"Client-ID\" header is invalid."})));
        assert!(!refused(&json!([{"errors": [{"message": "service timeout"}]}])));
        assert!(!refused(&json!([{"data": {"message": "integrity"}}])));
    }

    proptest! {
        #[test]
        fn no_answer_panics(answer in any::json(&[
            "data", "errors", "error", "message", "extensions", "challenge", "type", "integrity", "users", "user", "id",
            "login", "displayName", "stream", "viewersCount", "userResultByLogin", "__typename", "reason", "badges",
            "broadcastBadges", "setID", "version", "imageURL", "cheerConfig", "cheer", "cheerGroups", "groups", "nodes",
            "prefix", "tiers", "bits", "templateURL", "x",
        ])) {
            let _refused = refused(&answer);
            for whole in [answer.clone(), json!([answer]), json!([{"data": answer}])] {
                if let Ok(parts) = read(whole, 1) {
                    let _resolution = read_resolve("x", &[parts[0].clone(), parts[0].clone()]);
                    for data in parts.iter().flatten() {
                        let _read = (read_broadcasts(data), read_people(data), read_badges(data), read_cheermotes(data));
                    }
                }
            }
        }
    }
}
