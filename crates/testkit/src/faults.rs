//! What goes wrong when a test asks for it: which requests fail, how often, and answers that end too early.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use futures_util::stream;

/// The faults that are due: of an endpoint `E`, ways to fail `F`.
#[derive(Debug)]
pub(crate) struct Faults<E, F> {
    /// Endpoint -> fault and how often it still happens; `None`: for ever.
    due: HashMap<E, VecDeque<(F, Option<u32>)>>,
}

impl<E, F> Default for Faults<E, F> {
    fn default() -> Self {
        Self { due: HashMap::new() }
    }
}

impl<E: Copy + Eq + Hash, F: Copy> Faults<E, F> {
    pub(crate) fn add(&mut self, endpoint: E, fault: F, times: Option<u32>) {
        if times != Some(0) {
            self.due.entry(endpoint).or_default().push_back((fault, times));
        }
    }

    pub(crate) fn clear(&mut self, endpoint: E) {
        self.due.remove(&endpoint);
    }

    /// Whether the next request will fail.
    pub(crate) fn due(&self, endpoint: E) -> bool {
        self.due.get(&endpoint).is_some_and(|due| !due.is_empty())
    }

    /// The fault of the next request.
    pub(crate) fn next(&mut self, endpoint: E) -> Option<F> {
        let due = self.due.get_mut(&endpoint)?;
        let (fault, times) = due.front_mut()?;
        let fault = *fault;
        if let Some(times) = times {
            *times -= 1;
            if *times == 0 {
                due.pop_front();
            }
        }
        Some(fault)
    }
}

/// The first half of an answer, and then, with `cut`, the connection is gone.
pub(crate) async fn half(response: Response, cut: bool) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = body.slice(..body.len() / 2);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, if cut { cut_after(half) } else { Body::from(half) })
}

/// Sends this, and then the connection is gone.
pub(crate) fn cut_after(bytes: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(bytes), |bytes| async {
        let item = if let Some(bytes) = bytes {
            Ok(bytes)
        } else {
            // At once, not even the head would go out.
            tokio::time::sleep(Duration::from_millis(5)).await;
            Err(io::Error::other("cut on request"))
        };
        Some((item, None))
    }))
}

/// So many bytes of `a` between a beginning and an end.
pub(crate) fn huge(start: &'static str, bytes: usize, end: &'static str) -> Body {
    const PIECE: usize = 64 * 1024;
    let pieces = bytes.div_ceil(PIECE);
    let chunks = (0..=pieces + 1).map(move |number| {
        Ok::<_, io::Error>(match number {
            0 => Bytes::from_static(start.as_bytes()),
            number if number <= pieces => Bytes::from(vec![b'a'; PIECE]),
            _ => Bytes::from_static(end.as_bytes()),
        })
    });
    Body::from_stream(stream::iter(chunks))
}
