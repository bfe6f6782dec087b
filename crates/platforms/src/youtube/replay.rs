//! Plays the recorded chat of an ended broadcast as if it happened now, faster or as it was: for designing overlays,
//! for demonstrations and for load.

use std::sync::Arc;
use std::time::Duration;

use polychat_model::ChannelKey;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;
use tracing::debug;

use super::answer::{self, Answer, ContinuationKind};
use super::chat::clock_ms;
use super::connect::Parts;
use super::desk::Desk;
use super::token;
use super::words;
use crate::{Outlet, Signal, Started, UpstreamError, UpstreamState};

/// How many answers in a row may fail.
const FAILURES: u32 = 5;
/// The longest silence that is played: nobody watches an overlay for an hour of nothing.
const SILENCE: Duration = Duration::from_secs(60);

/// Plays from the beginning to the end, `speed` times as fast as it was.
pub(crate) async fn play(
    parts: &Parts,
    key: &ChannelKey,
    out: &Outlet,
    id: &str,
    start: &str,
    speed: u32,
) -> Result<(), UpstreamError> {
    let room_id: Arc<str> = id.into();
    let mut token = token::all_messages(start).unwrap_or_else(|| start.to_owned());
    let mut desk = Desk::new(Arc::clone(&room_id));
    let started = Started {
        message: Some(format!("Playing the recorded chat of {}, {speed} times as fast.", words::name(key))),
        ..Started::new(room_id, Some(false))
    };
    send(out, Signal::State(UpstreamState::Started(started))).await?;
    let (mut offset_ms, mut failures) = (0_u64, 0);
    // When the moment `played_ms` of the broadcast is told.
    let (mut played_ms, mut told_at) = (0_u64, Instant::now());
    loop {
        let answer = parts.net.live_chat_replay(&token, offset_ms).await;
        let parsed = answer.as_ref().map_err(|refusal| words::refused(*refusal)).and_then(|bytes| {
            answer::read_each(bytes).ok().filter(|answer| answer.has_chat).ok_or_else(words::unreadable)
        });
        let answer = match parsed {
            Ok(answer) => answer,
            Err(error) => {
                failures += 1;
                debug!(channel = %key, %error, "a part of the replay failed");
                if failures >= FAILURES {
                    return Err(error);
                }
                tokio::time::sleep(parts.timings.retry_first * failures).await;
                continue;
            }
        };
        failures = 0;
        let mut last = offset_ms;
        let is_empty = answer.actions.is_empty();
        for action in answer.actions.each() {
            let at_ms = offset_of(action).unwrap_or(last);
            last = last.max(at_ms);
            let one = Answer { actions: action.into(), ..Answer::default() };
            let events = desk.take(&one, false, clock_ms());
            if events.is_empty() {
                continue;
            }
            let gap = Duration::from_millis(at_ms.saturating_sub(played_ms)) / speed.max(1);
            told_at = (told_at + gap.min(SILENCE)).max(Instant::now() - Duration::from_secs(1));
            played_ms = played_ms.max(at_ms);
            tokio::time::sleep_until(told_at).await;
            for event in events {
                send(out, Signal::Event(event)).await?;
            }
        }
        // No further part, or one that brings nothing new: the end.
        match answer.continuation.filter(|continuation| continuation.kind == ContinuationKind::Replay) {
            Some(continuation) if !is_empty && (last > offset_ms || continuation.token != *token) => {
                token = continuation.token.into_owned();
                offset_ms = last;
            }
            _ => {
                return Err(UpstreamError::Ended {
                    text: format!("The recorded chat of {} is over.", words::name(key)),
                });
            }
        }
    }
}

async fn send(out: &Outlet, signal: Signal) -> Result<(), UpstreamError> {
    out.send(signal).await.map_err(|_| UpstreamError::Ended { text: "Nobody watches.".to_owned() })
}

/// When in the broadcast an action of a replay happened, in milliseconds; before its start is 0.
fn offset_of(action: &RawValue) -> Option<u64> {
    #[derive(Deserialize)]
    struct Wrapper<'a> {
        #[serde(rename = "replayChatItemAction", borrow)]
        replay: Option<Inner<'a>>,
    }
    #[derive(Deserialize)]
    struct Inner<'a> {
        #[serde(rename = "videoOffsetTimeMsec")]
        offset: Option<&'a str>,
    }
    let offset: i64 = serde_json::from_str::<Wrapper<'_>>(action.get()).ok()?.replay?.offset?.parse().ok()?;
    Some(offset.max(0).unsigned_abs())
}
