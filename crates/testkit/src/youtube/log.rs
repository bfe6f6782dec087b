//! Who asked what, for tests.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use super::fault::Endpoint;

/// Requests that are kept.
const MAX_LOGGED: usize = 2_000;

/// Bytes of a body that are kept.
pub(super) const MAX_BODY: usize = 16 * 1024;

/// A request that the simulation received.
#[derive(Debug, Clone)]
pub struct Logged {
    /// What it asked for.
    pub endpoint: Endpoint,
    /// When it came.
    pub at: Instant,
    /// `GET` or `POST`.
    pub method: String,
    /// With the query.
    pub path: String,
    /// The names in small letters.
    pub headers: Vec<(String, String)>,
    /// The first 16 KiB.
    pub body: String,
}

impl Logged {
    /// A header; `name` in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
pub(super) struct Log {
    requests: VecDeque<Logged>,
    counts: HashMap<Endpoint, u64>,
    open: HashMap<Endpoint, u64>,
    most_open: HashMap<Endpoint, u64>,
}

impl Log {
    pub(super) fn came(&mut self, request: Logged) {
        let endpoint = request.endpoint;
        *self.counts.entry(endpoint).or_default() += 1;
        let open = self.open.entry(endpoint).or_default();
        *open += 1;
        let most = self.most_open.entry(endpoint).or_default();
        *most = (*most).max(*open);
        if self.requests.len() == MAX_LOGGED {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(super) fn went(&mut self, endpoint: Endpoint) {
        if let Some(open) = self.open.get_mut(&endpoint) {
            *open = open.saturating_sub(1);
        }
    }

    pub(super) fn count(&self, endpoint: Endpoint) -> u64 {
        self.counts.get(&endpoint).copied().unwrap_or(0)
    }

    pub(super) fn most_at_once(&self, endpoint: Endpoint) -> u64 {
        self.most_open.get(&endpoint).copied().unwrap_or(0)
    }

    pub(super) fn of(&self, endpoint: Endpoint) -> Vec<Logged> {
        self.requests.iter().filter(|request| request.endpoint == endpoint).cloned().collect()
    }
}
