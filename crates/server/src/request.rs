//! The requests of one client and its subscriptions. Every request is answered.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use metrics::counter;
use polychat_hub::{Counted, Includes, Join, Parcel, Profile, Refused, Subscription, text_frame};
use polychat_model::request::{ClientMessage, Follow, GetStats, MAX_TOP, Subscribe, Unsubscribe};
use polychat_model::wire::{ErrorFrame, Format, ServerMessage, StatsFrame, Status, StatusFrame};
use polychat_model::{ChannelKey, ErrorCode, IdentifierType, Platform};
use tokio::time::Instant;

use crate::follow::{Changed, Following};
use crate::outbound::Outbound;
use crate::pages::Page;
use crate::routes::Shared;

/// How many requests over the limit are answered before the connection is closed.
const PATIENCE: u32 = 100;

/// Whether the client may go on.
pub(crate) enum Served {
    Yes,
    /// It does not hear that it is too fast.
    TooMany,
}

/// The requests of one client.
pub(crate) struct Requests {
    shared: Arc<Shared>,
    outbound: Arc<Outbound>,
    format: Format,
    subscriptions: HashMap<ChannelKey, Held>,
    budget: Budget,
    following: Option<Following>,
    /// This client is a page in OBS.
    page: Option<Page>,
}

struct Held {
    subscription: Subscription,
    profile: Profile,
    wait: bool,
}

impl Requests {
    pub(crate) fn new(shared: Arc<Shared>, outbound: Arc<Outbound>, format: Format) -> Self {
        let budget = Budget::new(shared.limits.requests_per_second);
        Self { shared, outbound, format, subscriptions: HashMap::new(), budget, following: None, page: None }
    }

    /// A text frame.
    pub(crate) fn text(&mut self, frame: &str) -> Served {
        match self.budget.take() {
            Allowance::Granted => {}
            Allowance::Refused => {
                let per_second = self.shared.limits.requests_per_second;
                let text = format!("Too many requests: {per_second} a second at most. This one was not carried out.");
                // Said with the channel, so that who asks for many knows which one to ask for again.
                let (platform, identifier) = named(frame);
                self.error(ErrorFrame { platform, identifier, ..ErrorFrame::new(ErrorCode::RateLimited, text) });
                return Served::Yes;
            }
            Allowance::Exhausted => return Served::TooMany,
        }
        let answered = match ClientMessage::parse(frame) {
            Ok(ClientMessage::Subscribe(request)) => self.subscribe(request),
            Ok(ClientMessage::Unsubscribe(request)) => self.unsubscribe(&request),
            Ok(ClientMessage::GetStats(request)) => self.get_stats(&request),
            Ok(ClientMessage::Follow(request)) => {
                self.follow(request);
                Ok(())
            }
            Ok(ClientMessage::Shown(shown)) => {
                self.shared.pages.shown(&mut self.page, shown);
                Ok(())
            }
            Err(refusal) => Err(ErrorFrame {
                platform: refusal.platform,
                identifier: refusal.identifier,
                ..ErrorFrame::new(refusal.code, refusal.text)
            }),
        };
        let outcome = if answered.is_ok() { "served" } else { "refused" };
        counter!("polychat_requests_total", "outcome" => outcome).increment(1);
        if let Err(error) = answered {
            self.error(error);
        }
        Served::Yes
    }

    /// A binary frame.
    pub(crate) fn binary(&mut self) -> Served {
        if matches!(self.budget.take(), Allowance::Exhausted) {
            return Served::TooMany;
        }
        let text = "Binary frames are not understood. Send one JSON object as a text frame.";
        self.error(ErrorFrame::new(ErrorCode::InvalidJson, text));
        Served::Yes
    }

    /// A ping or a pong: free, but not without end.
    pub(crate) fn control(&mut self) -> Served {
        match self.budget.take() {
            Allowance::Exhausted => Served::TooMany,
            _ => Served::Yes,
        }
    }

    fn subscribe(&mut self, request: Subscribe) -> Result<(), ErrorFrame> {
        let Subscribe { platform, identifier, identifier_type, include, backlog, since, wait } = request;
        let named = |refused: Refused| ErrorFrame {
            platform: Some(platform.as_str().to_owned()),
            identifier: Some(identifier.chars().take(100).collect()),
            ..ErrorFrame::new(refused.code, refused.text)
        };
        let key = self.shared.hub.key(platform, identifier_type, &identifier).map_err(&named)?;
        let ack = ServerMessage::Status(StatusFrame {
            identifier: Some(identifier.clone()),
            channel: Some(key.identifier.to_string()),
            identifier_type: Some(key.identifier_type),
            storage_type: self.shared.hub.storage_type(),
            ..StatusFrame::of(Status::Subscribed, &key)
        });
        let ack = Parcel::of(ack.to_json().as_bytes());
        let profile = Profile { format: self.format, includes: Includes::of(&include) };
        self.subscriptions.retain(|_, held| !held.subscription.is_over());
        let open = self.subscriptions.len();
        let max = self.shared.limits.max_subscriptions;
        let entry = match self.subscriptions.entry(key.clone()) {
            Entry::Occupied(entry) => {
                let held = entry.get();
                let nothing_new = held.profile == profile && held.wait == wait && backlog == 0 && since.is_none();
                if nothing_new && held.subscription.repeat(&ack) {
                    return Ok(());
                }
                // Before the new one: the same message must not come through both.
                held.subscription.hold().close();
                Entry::Occupied(entry)
            }
            Entry::Vacant(_) if open >= max => {
                let text = format!("This connection has {open} subscriptions, as many as one may have.");
                return Err(named(Refused { code: ErrorCode::TooManySubscriptions, text }));
            }
            vacant @ Entry::Vacant(_) => vacant,
        };
        let viewer = self.outbound.clone();
        let join = Join { key, viewer, profile, wait, backlog, since, ack };
        let subscription = self.shared.hub.join(join).map_err(named)?;
        entry.insert_entry(Held { subscription, profile, wait });
        Ok(())
    }

    fn unsubscribe(&mut self, request: &Unsubscribe) -> Result<(), ErrorFrame> {
        self.subscriptions.retain(|_, held| !held.subscription.is_over());
        let named = (request.platform, request.identifier.as_deref(), request.identifier_type);
        let leaving: Vec<ChannelKey> =
            self.subscriptions.keys().filter(|key| self.is_meant(named, key)).cloned().collect();
        if leaving.is_empty() {
            let text = if self.subscriptions.is_empty() {
                "Nothing is subscribed on this connection."
            } else {
                "That channel is not subscribed on this connection."
            };
            return Err(ErrorFrame {
                platform: request.platform.map(|platform| platform.as_str().to_owned()),
                identifier: request.identifier.as_ref().map(|typed| typed.chars().take(100).collect()),
                ..ErrorFrame::new(ErrorCode::NoActiveChat, text)
            });
        }
        for key in leaving {
            if let Some(held) = self.subscriptions.remove(&key) {
                held.subscription.hold().close();
            }
            let mut frame = StatusFrame::of(Status::Unsubscribed, &key);
            if request.identifier.is_some() {
                frame.identifier.clone_from(&request.identifier);
                frame.channel = Some(key.identifier.to_string());
            }
            self.send(&ServerMessage::Status(frame));
        }
        Ok(())
    }

    fn get_stats(&self, request: &GetStats) -> Result<(), ErrorFrame> {
        let refused = |code, text: &str| ErrorFrame {
            platform: request.platform.map(|platform| platform.as_str().to_owned()),
            identifier: request.identifier.as_ref().map(|typed| typed.chars().take(100).collect()),
            ..ErrorFrame::new(code, text)
        };
        // Channels that have ended count here: they are what STREAM_NOT_FOUND is for.
        if self.subscriptions.is_empty() {
            return Err(refused(ErrorCode::NoActiveChat, "No active chat connection"));
        }
        if self.shared.hub.storage_type().is_none() {
            return Err(refused(ErrorCode::StreamNotFound, "Statistics are switched off (ENABLE_STATS)."));
        }
        let named = (request.platform, request.identifier.as_deref(), request.identifier_type);
        let meant: Vec<(&ChannelKey, &Held)> =
            self.subscriptions.iter().filter(|(key, _)| self.is_meant(named, key)).collect();
        // Shared by all the answers to one request, so that they fit into the queue of a client that reads.
        let top = request.limit.min(MAX_TOP / (meant.len().max(1) as u32));
        let mut answered = false;
        for (key, held) in meant {
            match held.subscription.stats(top) {
                Counted::Data(data) => {
                    let (platform, identifier) = (key.platform, key.identifier.to_string());
                    self.send(&ServerMessage::Stats(StatsFrame { platform, identifier, data: *data }));
                    answered = true;
                }
                Counted::Later => answered = true,
                Counted::Nothing => {}
            }
        }
        answered.then_some(()).ok_or_else(|| refused(ErrorCode::StreamNotFound, "Stream data not found"))
    }

    fn follow(&mut self, request: Follow) {
        let mut following = Following::new(&self.shared.commands, &self.shared.pages, request);
        for frame in following.frames() {
            self.send(&frame);
        }
        self.following = Some(following);
    }

    /// Waits until something changes that this client follows. Never ends for one that follows nothing.
    pub(crate) async fn followed(&mut self) -> Changed {
        match &mut self.following {
            Some(following) => following.changed().await,
            None => std::future::pending().await,
        }
    }

    /// Tells what has changed.
    pub(crate) fn tell(&mut self, changed: Changed) {
        if let Some(frame) = self.following.as_mut().map(|following| following.frame(changed)) {
            self.send(&frame);
        }
    }

    /// Whether a request means this channel. A field that is absent means any.
    fn is_meant(
        &self,
        (platform, identifier, kind): (Option<Platform>, Option<&str>, Option<IdentifierType>),
        key: &ChannelKey,
    ) -> bool {
        if platform.is_some_and(|platform| platform != key.platform) {
            return false;
        }
        match identifier {
            None => kind.is_none_or(|kind| kind == key.identifier_type),
            // Read as it was when it was subscribed: an address can name something else than its type says.
            Some(typed) => {
                let named = self.shared.hub.key(key.platform, kind.unwrap_or(key.identifier_type), typed);
                named.is_ok_and(|named| named == *key)
            }
        }
    }

    fn error(&self, frame: ErrorFrame) {
        self.send(&ServerMessage::Error(frame));
    }

    fn send(&self, message: &ServerMessage) {
        self.outbound.answer(text_frame(message.to_json().as_bytes()));
    }
}

/// The channel that a request names, cut to a sane length.
fn named(frame: &str) -> (Option<String>, Option<String>) {
    let (platform, identifier) = match ClientMessage::parse(frame) {
        Ok(ClientMessage::Subscribe(asked)) => (Some(asked.platform), Some(asked.identifier)),
        Ok(ClientMessage::Unsubscribe(asked)) => (asked.platform, asked.identifier),
        Ok(ClientMessage::GetStats(asked)) => (asked.platform, asked.identifier),
        Ok(ClientMessage::Follow(_) | ClientMessage::Shown(_)) | Err(_) => (None, None),
    };
    let platform = platform.map(|platform| platform.as_str().to_owned());
    (platform, identifier.map(|identifier| identifier.chars().take(100).collect()))
}

/// A token bucket: `rate` a second, twice as many at once.
struct Budget {
    rate: f64,
    tokens: f64,
    at: Instant,
    refused: u32,
}

enum Allowance {
    Granted,
    Refused,
    Exhausted,
}

impl Budget {
    fn new(per_second: u32) -> Self {
        let rate = f64::from(per_second.max(1));
        Self { rate, tokens: rate * 2.0, at: Instant::now(), refused: 0 }
    }

    fn take(&mut self) -> Allowance {
        let now = Instant::now();
        self.tokens = (self.tokens + now.duration_since(self.at).as_secs_f64() * self.rate).min(self.rate * 2.0);
        self.at = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            self.refused = 0;
            return Allowance::Granted;
        }
        self.refused += 1;
        if self.refused > PATIENCE { Allowance::Exhausted } else { Allowance::Refused }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_fast_client_is_refused_then_closed_and_a_patient_one_served() {
        let mut budget = Budget::new(10);
        let granted = (0..25).filter(|_| matches!(budget.take(), Allowance::Granted)).count();
        assert_eq!(granted, 20, "twice the rate at once");
        tokio::time::advance(Duration::from_secs(1)).await;
        let granted = (0..15).filter(|_| matches!(budget.take(), Allowance::Granted)).count();
        assert_eq!(granted, 10, "then the rate");
        assert!((0..200).any(|_| matches!(budget.take(), Allowance::Exhausted)));
    }
}
