//! The task of one channel: reads the platform, tells the viewers, heals itself, goes when nobody watches.

use std::sync::Arc;
use std::time::Duration;

use polychat_model::ErrorCode;
use polychat_platforms::{Connector, Signal, UpstreamError, UpstreamState};
use rand::RngExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

use crate::emotes::ChannelEmotes;
use crate::room::{Room, Upstream};

/// How long a channel without viewers is kept open, so that an OBS scene reload does not reconnect.
///
/// Chosen by hand, not measured: longer than an OBS reload, short enough not to read a chat nobody sees.
pub const LINGER: Duration = Duration::from_secs(10);

/// How long a platform may take to say anything about a channel before viewers hear of it (B14).
pub const START_LIMIT: Duration = Duration::from_secs(20);

/// What waits between the platform and the fan-out. When it is full the connector waits, and the platform's socket with
/// it. Large enough that one fan-out to thousands of viewers does not stop the reading.
const SIGNALS: usize = 256;

/// The pauses between attempts: 1 s, doubling to 30 s, a fifth more or less.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// After how long without an error the pauses begin at 1 s again.
const HEALTHY: Duration = Duration::from_secs(60);

/// How long a connector may take to say goodbye to its platform. Well under the 5 s that the whole program has to stop.
const GOODBYE: Duration = Duration::from_secs(2);

/// Why the task of a channel ended.
pub(crate) enum End {
    /// Nobody watches, or the program stops.
    Quiet,
    /// What the viewers hear.
    Told(ErrorCode, String),
}

/// Reads `room` until it is over. `leave` is asked when nobody has watched for a while, and says whether the room was
/// given up.
pub(crate) async fn run(
    room: &Arc<Room>,
    connector: &Arc<dyn Connector>,
    emotes: &ChannelEmotes,
    cancel: &CancellationToken,
    mut leave: impl FnMut() -> bool,
) -> End {
    emotes.ready().await;
    let mut attempts = 0_u32;
    loop {
        let began = Instant::now();
        let outcome = match read_once(room, connector, emotes, cancel, &mut leave).await {
            Ok(end) => return end,
            Err(outcome) => outcome,
        };
        let pause = match outcome {
            Ok(()) if cancel.is_cancelled() => return End::Quiet,
            Ok(()) => return End::Told(ErrorCode::StreamEnded, "The stream has ended.".to_owned()),
            Err(UpstreamError::NotLive(not_live)) => {
                let retry_in = not_live.retry_in;
                if !room.not_live(*not_live) && leave() {
                    return End::Quiet;
                }
                attempts = 0;
                retry_in
            }
            Err(error) if error.is_transient() => {
                if began.elapsed() > HEALTHY {
                    attempts = 0;
                }
                let retry_in = pause(attempts);
                attempts += 1;
                warn!(channel = %room.key, attempts, %error, retry_ms = retry_in.as_millis() as u64, "reconnecting");
                room.set_upstream(Upstream::Reconnecting { cause: error.to_string(), retry_in, code: error.code() });
                retry_in
            }
            Err(error) => {
                info!(channel = %room.key, %error, "channel over");
                return End::Told(error.code(), error.to_string());
            }
        };
        let idle = room.idle(LINGER);
        tokio::select! {
            biased;
            () = cancel.cancelled() => return End::Quiet,
            () = tokio::time::sleep(pause) => {}
            () = idle => if leave() { return End::Quiet },
        }
    }
}

fn pause(attempts: u32) -> Duration {
    let (first, longest) = RETRY;
    let plain = first.saturating_mul(1 << attempts.min(10)).min(longest);
    plain.mul_f64(rand::rng().random_range(0.8..1.2))
}

/// One call of the connector, and the way of what it reads to the viewers. `Ok` when the channel is over for good.
async fn read_once(
    room: &Arc<Room>,
    connector: &Arc<dyn Connector>,
    emotes: &ChannelEmotes,
    cancel: &CancellationToken,
    leave: &mut impl FnMut() -> bool,
) -> Result<End, Result<(), UpstreamError>> {
    let (outlet, mut signals) = mpsc::channel(SIGNALS);
    let stop = cancel.child_token();
    // A task of its own, so that reading goes on while a message is written to thousands, and a panic stays there.
    let mut reader = JoinSet::new();
    reader.spawn({
        let (connector, key) = (connector.clone(), room.key.clone());
        let stop = stop.clone();
        async move { connector.read(key, outlet, stop).await }
    });
    let mut waiting = Vec::with_capacity(SIGNALS);
    let mut quiet_since_start = true;
    let start_limit = tokio::time::sleep(START_LIMIT);
    let idle = room.idle(LINGER);
    tokio::pin!(start_limit, idle);
    let left = loop {
        tokio::select! {
            biased;
            () = cancel.cancelled() => break true,
            received = signals.recv_many(&mut waiting, SIGNALS) => {
                if received == 0 {
                    break false;
                }
                // Who reads is not what the platform says.
                quiet_since_start &= waiting.iter().all(|signal| matches!(signal, Signal::Reader(_)));
                take(room, emotes, &mut waiting).await;
            }
            () = &mut idle => {
                if leave() {
                    debug!(channel = %room.key, "nobody watches");
                    break true;
                }
                idle.set(room.idle(LINGER));
            }
            () = &mut start_limit, if quiet_since_start => {
                quiet_since_start = false;
                let cause = format!("{} has not answered for {} s.", room.key.platform.name(), START_LIMIT.as_secs());
                room.set_upstream(Upstream::Reconnecting { cause, retry_in: START_LIMIT, code: ErrorCode::Timeout });
            }
        }
    };
    if left {
        stop.cancel();
        // Nobody listens any more: a connector that waits for room in the channel is freed by this.
        drop(signals);
        if tokio::time::timeout(GOODBYE, reader.join_next()).await.is_err() {
            warn!(channel = %room.key, "the connector did not stop in time and is ended");
        }
        return Ok(End::Quiet);
    }
    Err(match reader.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(panic)) => {
            // One broken event must not end the room, and one broken room not the program.
            error!(channel = %room.key, error = %panic, "the connector failed");
            Err(UpstreamError::Unavailable { cause: "Reading failed inside Polychat.".to_owned() })
        }
        None => Ok(()),
    })
}

/// Publishes events together as long as no state stands between them: order is kept.
async fn take(room: &Room, emotes: &ChannelEmotes, signals: &mut Vec<Signal>) {
    let mut events = Vec::with_capacity(signals.len());
    for signal in signals.drain(..) {
        match signal {
            Signal::Event(mut event) => {
                emotes.enrich(&mut event);
                events.push(event);
            }
            Signal::Owner(owner) => room.set_owner(owner),
            Signal::Reader(reader) => {
                room.publish(events.drain(..)).await;
                room.set_reader(reader);
            }
            Signal::Missed => {
                room.publish(events.drain(..)).await;
                room.missed();
            }
            Signal::State(state) => {
                room.publish(events.drain(..)).await;
                if let UpstreamState::Started(started) = &state {
                    emotes.started(started);
                }
                match state {
                    UpstreamState::Started(started) => room.set_upstream(Upstream::Started(started)),
                    UpstreamState::Reconnecting { cause, retry_in, code } => {
                        room.set_upstream(Upstream::Reconnecting { cause, retry_in, code });
                    }
                    // Those who do not wait are gone then; a channel without viewers closes by itself.
                    UpstreamState::Waiting(not_live) => _ = room.not_live(not_live),
                }
            }
        }
    }
    room.publish(events.into_iter()).await;
}
