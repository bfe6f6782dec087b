//! A built-in conversation on the channel `polychat-demo` of each platform: to look at Polychat without anybody being
//! live, to arrange an overlay, to take pictures. It never opens a connection.

mod cast;
mod dice;
mod play;
mod script;
mod text;
mod tiers;
mod tiktok;
mod twitch;
mod youtube;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use polychat_model::{ChannelKey, ChatEvent, IdentifierType, InvalidIdentifier, Platform};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use self::script::Script;
use crate::{BoxFuture, Connector, Outlet, Signal, Started, UpstreamError, UpstreamState};

/// The channel of the demo.
const CHANNEL: &str = "polychat-demo";

/// How late the demo may be before it stops catching up. Longer: a computer that slept would wake to a flood.
const MAX_LATE: Duration = Duration::from_secs(2);

/// Plays the demo of one platform, and leaves every other channel to the real connector if there is one.
pub struct Demo {
    platform: Platform,
    inner: Option<Arc<dyn Connector>>,
}

impl Demo {
    /// A demo around `inner`, which reads the same platform. Without `inner` the demo is all that can be read.
    pub fn new(platform: Platform, inner: Option<Arc<dyn Connector>>) -> Self {
        Self { platform, inner }
    }

    /// What to say about any other channel.
    fn refusal(&self) -> String {
        let name = self.platform.name();
        format!("Reading {name} is not part of this version yet; its demo is the channel {CHANNEL}.")
    }
}

impl Connector for Demo {
    fn platform(&self) -> Platform {
        self.platform
    }

    fn key(&self, identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
        let name = typed.trim().trim_start_matches(['@', '#']).trim();
        if name.eq_ignore_ascii_case(CHANNEL) {
            return Ok(ChannelKey::new(self.platform, IdentifierType::Username, CHANNEL));
        }
        match &self.inner {
            Some(inner) => inner.key(identifier_type, typed),
            None => Err(InvalidIdentifier(self.refusal())),
        }
    }

    fn read(
        &self,
        key: ChannelKey,
        out: Outlet,
        cancel: CancellationToken,
    ) -> BoxFuture<'_, Result<(), UpstreamError>> {
        if &*key.identifier == CHANNEL {
            return Box::pin(async move {
                play(self.platform, &out, &cancel).await;
                Ok(())
            });
        }
        match &self.inner {
            Some(inner) => inner.read(key, out, cancel),
            None => Box::pin(async move { Err(UpstreamError::NotFound { text: self.refusal() }) }),
        }
    }
}

/// Plays until `cancel` fires or nobody listens any more.
async fn play(platform: Platform, out: &Outlet, cancel: &CancellationToken) {
    let told = async {
        let room_id: Arc<str> = CHANNEL.into();
        let started = UpstreamState::Started(Started::new(room_id.clone(), Some(true)));
        if out.send(Signal::State(started)).await.is_err() {
            return;
        }
        let started_us = u64::try_from(since_epoch().as_micros()).unwrap_or(u64::MAX);
        // The same conversation every time, another one on each platform.
        let script = Script::new(platform, platform as u64, started_us);
        let mut due = Instant::now();
        for (pause, step) in script {
            due += pause;
            due = due.max(Instant::now().checked_sub(MAX_LATE).unwrap_or(due));
            sleep_until(due).await;
            let event = ChatEvent {
                id: step.id,
                revision: step.revision,
                sent_at_ms: i64::try_from(since_epoch().as_millis()).unwrap_or(i64::MAX),
                room_id: room_id.clone(),
                history: false,
                body: step.body,
            };
            if out.send(Signal::Event(event)).await.is_err() {
                return;
            }
        }
    };
    // `told` can be dropped at any await: it has nothing to tidy up.
    let _ = cancel.run_until_cancelled(told).await;
}

/// The real time: zero if the computer's clock is before 1970.
fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests;
