//! An answer of `get_live_chat`, of its replay sister, or the same object in the chat's own page.
//!
//! [`read`] reads everything in one go. Only if that fails somewhere it goes over the answer once more and leaves each
//! action as a borrowed piece of JSON until [`Desk`](super::Desk) takes it, so that a broken one costs only itself.

mod shape;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use self::shape::{Continuations, Envelope, View};
use super::action::Action;
use super::lenient::{Obj, Str};

/// Longest token that is taken over, in bytes. Recorded ones have up to 420 (2026).
const TOKEN_MAX_BYTES: usize = 4_096;
/// Longest name of a topic, a visitor or a sentence of YouTube that is taken over, in bytes.
const NAME_MAX_BYTES: usize = 1_024;
/// How many entries of the menu of views are looked at: YouTube has two.
const VIEWS_MAX: usize = 8;
/// Largest header that is looked at for its menu, in bytes. Recorded ones have about 20,000.
const HEADER_MAX_BYTES: usize = 256 * 1024;

/// What YouTube said.
#[derive(Debug, Default)]
pub struct Answer<'a> {
    /// How to ask next. None: the chat is over, or YouTube refused.
    pub continuation: Option<Continuation<'a>>,
    /// Nothing but a token for seeking: the end of a replay.
    pub replay_is_over: bool,
    /// The answer had a chat in it at all.
    pub has_chat: bool,
    /// What happened, in order.
    pub actions: Actions<'a>,
    /// The view was loaded anew: what `actions` has is from before.
    pub history: bool,
    /// The views that the chat offers, Top chat first, then Live chat (all messages). Only in first answers.
    pub views: Vec<ViewToken>,
    /// Unix milliseconds by YouTube's clock, when it answered.
    pub server_time_ms: Option<i64>,
    /// Who we are to YouTube: to be sent back with the next request.
    pub visitor_data: Option<Cow<'a, str>>,
    /// Microseconds: up to when the answer holds what was published.
    pub last_publish_at_usec: Option<u64>,
    /// Likes of the broadcast.
    pub likes: Option<u64>,
    /// Why there is no chat.
    pub refusal: Option<Refusal<'a>>,
}

/// What happened, in order; for a [`Desk`](super::Desk).
#[derive(Debug)]
pub struct Actions<'a>(pub(super) Entries<'a>);

/// Actions that were read, or that each have to be tried.
#[derive(Debug)]
pub(super) enum Entries<'a> {
    Read(Vec<Action<'a>>),
    Untried(Vec<&'a RawValue>),
}

impl Default for Actions<'_> {
    fn default() -> Self {
        Self(Entries::Read(Vec::new()))
    }
}

impl<'a> From<&'a RawValue> for Actions<'a> {
    fn from(action: &'a RawValue) -> Self {
        Self(Entries::Untried(vec![action]))
    }
}

impl<'a> Actions<'a> {
    /// The actions as JSON, as far as they were left so.
    pub(super) fn each(self) -> Vec<&'a RawValue> {
        match self.0 {
            Entries::Read(_) => Vec::new(),
            Entries::Untried(actions) => actions,
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        match &self.0 {
            Entries::Read(actions) => actions.len(),
            Entries::Untried(actions) => actions.len(),
        }
    }

    /// Nothing happened.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How to ask next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation<'a> {
    /// What YouTube wants us to do.
    pub kind: ContinuationKind,
    /// To be sent with the next request.
    pub token: Cow<'a, str>,
    /// How long to wait at most.
    pub timeout_ms: Option<u64>,
    /// What to listen to for "something changed".
    pub topic: Option<Cow<'a, str>>,
}

/// What YouTube wants us to do until the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContinuationKind {
    /// Listen for a signal.
    Invalidation,
    /// Wait.
    Timed,
    /// Ask at once: the answer is history.
    Reload,
    /// Ask for the next part of a replay.
    Replay,
}

/// One of the views that a chat offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewToken {
    /// Starts this view. Watch pages have stubs of 32 characters here, which YouTube refuses.
    pub token: String,
    /// It is the one in use.
    pub selected: bool,
}

/// Why there is no chat in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// An error with YouTube's code and word, such as 400 and `INVALID_ARGUMENT`.
    Error {
        /// Like an HTTP status; 0 if it is not told.
        code: u64,
        /// YouTube's word for it; empty if it is not told.
        status: Cow<'a, str>,
    },
    /// A sentence for people in place of the chat, in whatever language: disabled, or only for members.
    Message(String),
}

/// The bytes are no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No UTF-8.
    #[error("the answer is no text")]
    NotText,
    /// Not JSON: most often a page that asks for consent or says that we ask too often.
    #[error("the answer is no JSON")]
    NotJson,
}

/// Takes an answer apart. Its texts are borrowed from `bytes`.
pub fn read(bytes: &[u8]) -> Result<Answer<'_>, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
    read_as(text, Entries::Read).or_else(|_| read_as(text, Entries::Untried)).map_err(|_| Unreadable::NotJson)
}

/// The same, with each action left as JSON: for a replay, which tells one after the other.
pub(super) fn read_each(bytes: &[u8]) -> Result<Answer<'_>, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
    read_as(text, Entries::Untried).map_err(|_| Unreadable::NotJson)
}

fn read_as<'a, A: Deserialize<'a>>(
    text: &'a str,
    entries: impl FnOnce(Vec<A>) -> Entries<'a>,
) -> Result<Answer<'a>, serde_json::Error> {
    let Obj(mut envelope) = serde_json::from_str::<Obj<Envelope<'a, A>>>(text)?;
    // Until 2021 pages asked with `pbj=1` and got the answer one level deeper.
    if let Some(inner) = envelope.response.take() {
        envelope = serde_json::from_str::<Obj<_>>(inner.get())?.0;
    }
    let Envelope { response_context, error, continuation_contents, contents, framework_updates, streaming, .. } =
        envelope;
    let contents = contents.0;
    let from_page = contents.live_chat_renderer.0.is_some();
    let view = continuation_contents.0.live_chat_continuation.0.or(contents.live_chat_renderer.0);
    let likes = framework_updates.0.entity_batch_update.0.mutations.0;
    let likes = likes.iter().rev().find_map(|mutation| mutation.payload.like_count_entity.if_indifferent.0);
    let mut answer = Answer {
        has_chat: view.is_some(),
        visitor_data: named(response_context.0.visitor_data),
        last_publish_at_usec: streaming.0.last_publish_at_usec.0,
        likes,
        ..Answer::default()
    };
    if let Some(error) = error.get() {
        answer.refusal = Some(refused(error));
    } else if view.is_none() {
        if let Some(message) = contents.message_renderer.get() {
            answer.refusal = Some(Refusal::Message(cut(&message.text.plain(), NAME_MAX_BYTES).to_owned()));
        } else if response_context.0.errors.0 {
            answer.refusal = Some(Refusal::Error { code: 0, status: Cow::Borrowed("") });
        }
    }
    let Some(view) = view else { return Ok(answer) };
    let View { continuations, actions, header, client_messages } = *view;
    answer.actions = Actions(entries(actions.0));
    answer.history = from_page || client_messages.0 || header.is_some();
    answer.views = header.map(views).unwrap_or_default();
    next(continuations, &mut answer);
    Ok(answer)
}

/// The first token that can be used.
fn next<'a>(continuations: Continuations<'a>, answer: &mut Answer<'a>) {
    let mut seeks = false;
    for mut one in continuations.0 {
        let kinds = [
            (ContinuationKind::Invalidation, one.0.invalidation.0.take()),
            (ContinuationKind::Timed, one.0.timed.0.take()),
            (ContinuationKind::Replay, one.0.replay.0.take()),
            (ContinuationKind::Reload, one.0.reload.0.take()),
        ];
        seeks |= one.0.seek.0.is_some();
        for (kind, data) in kinds {
            let Some(data) = data else { continue };
            let id = data.invalidation_id.0;
            answer.server_time_ms = id.server_time_ms.0.and_then(|ms| i64::try_from(ms).ok());
            let token = data.continuation.into_inner();
            if token.is_empty() || token.len() > TOKEN_MAX_BYTES {
                continue;
            }
            let timeout_ms = data.timeout_ms.0.or(data.until_last_message_ms.0);
            answer.continuation = Some(Continuation { kind, token, timeout_ms, topic: named(id.topic) });
            return;
        }
    }
    answer.replay_is_over = seeks;
}

fn refused<'a>(error: &shape::ErrorBody<'a>) -> Refusal<'a> {
    let status = error.status.clone().into_inner();
    let status = if status.len() > NAME_MAX_BYTES { Cow::Borrowed("") } else { status };
    Refusal::Error { code: error.code.0.unwrap_or_default(), status }
}

/// The menu of views. Its titles are in whatever language, its order is not.
fn views(header: &RawValue) -> Vec<ViewToken> {
    const MENU: &str = "/liveChatHeaderRenderer/viewSelector/sortFilterSubMenuRenderer/subMenuItems";
    const TOKEN: &str = "/continuation/reloadContinuationData/continuation";
    let json = header.get();
    if json.len() > HEADER_MAX_BYTES {
        return Vec::new();
    }
    let header: Value = serde_json::from_str(json).unwrap_or_default();
    let entries = header.pointer(MENU).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let tokens = entries.iter().take(VIEWS_MAX).filter_map(|entry| {
        let token = entry.pointer(TOKEN)?.as_str().filter(|token| token.len() <= TOKEN_MAX_BYTES)?;
        Some(ViewToken { token: token.to_owned(), selected: entry["selected"] == Value::Bool(true) })
    });
    tokens.collect()
}

fn named(text: Str<'_>) -> Option<Cow<'_, str>> {
    Some(text.into_inner()).filter(|text| !text.is_empty() && text.len() <= NAME_MAX_BYTES)
}

/// The beginning of a text, cut between characters.
pub(super) fn cut(text: &str, max_bytes: usize) -> &str {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests;
