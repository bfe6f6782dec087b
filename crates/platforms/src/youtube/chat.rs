//! Reads the chat of one broadcast: one request at a time, when a push says so or the clock does, until it is over.

use std::sync::Arc;
use std::time::Duration;

use polychat_model::wire::Owner;
use polychat_model::{Body, ChannelKey, ChatEvent, ErrorCode, ViewersData, iso_timestamp, unix_ms};
use rand::RngExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use super::answer::{self, Answer, Refusal};
use super::connect::Parts;
use super::desk::Desk;
use super::details::{self, Details};
use super::find::{self, Found};
use super::innertube::Extras;
use super::pace::{Failure, Pace, Why};
use super::signaler::Push;
use super::token::{self, ChatType};
use super::video::{ChatAccess, Video, VideoState};
use super::words;
use crate::{Outlet, Signal, Started, UpstreamState};

/// How many answers must agree that it is over. One can be a hiccup.
const AGREEING: u32 = 2;
/// With how many viewers a silent chat is suspicious.
const LIVELY: u64 = 20;
/// What is told of an answer without a continuation.
const NO_WAY: &str = "YouTube gave no way to continue.";

/// Why reading a broadcast ended.
#[derive(Debug)]
pub(crate) enum Over {
    /// The broadcast is over.
    Ended,
    /// Nobody listens any more.
    Quiet,
    /// The channel has begun another broadcast while we sat in a waiting room.
    Switch(Box<Found>),
}

/// The reading of one broadcast's chat.
pub(crate) struct Chat<'a> {
    parts: &'a Parts,
    key: &'a ChannelKey,
    out: &'a Outlet,
    found: Found,
    room_id: Arc<str>,
    token: String,
    token_since: Instant,
    /// Whether the next answer is the first of this reading: what it holds was said before.
    is_first: bool,
    desk: Desk,
    pace: Pace,
    /// How many signals of the push channel were seen.
    signals: u64,
    last_fetch: Instant,
    last_item: Instant,
    /// Pauses until then whatever the pace says: after failures.
    not_before: Instant,
    details: Details,
    told: Option<Started>,
    is_told_lost: bool,
    is_warned: bool,
}

impl<'a> Chat<'a> {
    /// Prepares to read; `token` is the chat's own start token.
    pub(crate) fn new(parts: &'a Parts, key: &'a ChannelKey, out: &'a Outlet, found: Found, token: &str) -> Self {
        let room_id: Arc<str> = found.video.id.as_str().into();
        let now = Instant::now();
        let details = Details::of(&found.video);
        Self {
            parts,
            key,
            out,
            found,
            desk: Desk::new(Arc::clone(&room_id)),
            room_id,
            token: everything(token),
            token_since: now,
            is_first: true,
            pace: Pace::new(),
            signals: 0,
            last_fetch: now,
            last_item: now,
            not_before: now,
            details,
            told: None,
            is_told_lost: false,
            is_warned: false,
        }
    }

    /// Reads until it is over. Dropping the future stops everything.
    pub(crate) async fn read(mut self) -> Over {
        let parts = self.parts;
        let mut tasks = JoinSet::new();
        let (tell, mut details) = mpsc::channel(8);
        tasks.spawn(details::watch(Arc::clone(&parts.net), self.found.video.clone(), parts.timings.clone(), tell));
        // The topic of the first answer names the push channel; nothing is pushed before.
        let mut pushes: Option<tokio::sync::watch::Receiver<Push>> = None;
        let mut look_around = tokio::time::interval(parts.timings.look_around);
        look_around.reset();
        let mut tick = tokio::time::interval(Duration::from_secs(1));

        self.tell_started().await;
        self.tell_details().await;
        loop {
            let answered = match self.fetch().await {
                Fetched::Answer { topic } => topic,
                Fetched::Failed => None,
                Fetched::Over(over) => return over,
            };
            if let (None, Some(topic), Some(signaler)) = (&pushes, answered, &parts.signaler) {
                pushes = Some(signaler.listen(&mut tasks, topic));
            }
            // What happens until the next fetch is due.
            loop {
                let due = (self.last_fetch + self.pace.wait(&parts.timings, rand::rng().random_range(0.0..1.0)))
                    .max(self.not_before);
                tokio::select! {
                    biased;
                    () = self.out.closed() => return Over::Quiet,
                    push = pushed(&mut pushes) => self.pushed(push),
                    Some(news) = details.recv() => self.learn(news).await,
                    _ = look_around.tick(), if self.is_waiting_room() => {
                        if let Some(found) = self.another().await {
                            return Over::Switch(Box::new(found));
                        }
                    }
                    _ = tick.tick() => {
                        let events = self.desk.tick(clock_ms());
                        self.send(events).await;
                    }
                    () = tokio::time::sleep_until(due) => break,
                }
            }
        }
    }

    fn pushed(&mut self, push: Push) {
        let news = push.signals.saturating_sub(self.signals);
        if news > 0 {
            metrics::counter!("polychat_youtube_signals_total").increment(news);
            self.signals = push.signals;
            self.pace.signalled(push.publish_usec);
        } else if !push.connected {
            self.pace.push_lost();
        }
    }

    /// One request, and what becomes of its answer.
    async fn fetch(&mut self) -> Fetched {
        if self.token_since.elapsed() > self.parts.timings.refresh || self.is_suspicious() {
            self.renew().await;
        }
        let why = self.pace.why();
        let extras = match why {
            Why::Signal(usec) => Extras::Published(usec),
            Why::Backstop => Extras::TimedOut,
            Why::Poll => Extras::None,
        };
        self.last_fetch = Instant::now();
        let word = match why {
            Why::Signal(_) => "signal",
            Why::Backstop => "backstop",
            Why::Poll => "poll",
        };
        metrics::counter!("polychat_youtube_fetches_total", "why" => word).increment(1);
        let bytes = match self.parts.net.live_chat(&self.token, extras).await {
            Ok(bytes) => bytes,
            Err(refusal) => return self.failed(refusal.failure(), refusal.to_string()).await,
        };
        match answer::read(&bytes) {
            Ok(answer) => self.take(&answer, why).await,
            Err(_) => self.failed(Failure::Passing, "YouTube sent an answer that cannot be read.".to_owned()).await,
        }
    }

    async fn take(&mut self, answer: &Answer<'_>, why: Why) -> Fetched {
        if let Some(Refusal::Error { .. }) = answer.refusal {
            return self.failed(Failure::Token, "YouTube refused to continue the chat.".to_owned()).await;
        }
        self.parts.net.remember_visitor(answer.visitor_data.as_deref());
        let events = self.desk.take(answer, self.is_first, clock_ms());
        let items = events.len();
        if items == 0 {
            metrics::counter!("polychat_youtube_empties_total").increment(1);
        } else {
            self.last_item = Instant::now();
        }
        self.note_oddities();
        if answer.continuation.is_some() {
            // Before the messages: they are the proof.
            self.is_told_lost = false;
            self.tell_started().await;
        }
        self.send(events).await;
        if self.desk.take_attention() {
            // The chat was closed or moved: the broadcast's own state says which.
            return self.is_it_over().await;
        }
        let Some(continuation) = &answer.continuation else { return self.is_it_over().await };
        // A start token that could not be changed: the first answer has a menu with a token for all messages.
        let all = answer.views.get(1).filter(|view| !view.selected && !token::is_stub(&view.token));
        let all = all.filter(|_| token::chat_type(&self.token) != Some(ChatType::All));
        self.pace.answered(why, items, continuation.timeout_ms.map(Duration::from_millis));
        self.is_first = false;
        self.token.clear();
        self.token.push_str(all.map_or(&*continuation.token, |view| &view.token));
        if let Some(likes) = answer.likes
            && self.details.merge(Details { likes: Some(likes), ..Details::default() })
        {
            self.tell_details().await;
        }
        Fetched::Answer { topic: continuation.topic.as_deref().map(str::to_owned) }
    }

    /// Without a continuation it may be over, or a hiccup: only the broadcast's own state decides, and twice.
    async fn is_it_over(&mut self) -> Fetched {
        for _ in 0..AGREEING {
            tokio::time::sleep(self.parts.timings.hiccup).await;
            match find::video(&self.parts.net, &self.room_id).await {
                Ok(
                    Video { state: VideoState::Ended | VideoState::Missing | VideoState::Private, .. }
                    | Video { chat: ChatAccess::ReplayOnly { .. } | ChatAccess::Closed, .. },
                ) => {}
                Ok(Video { chat: ChatAccess::Open { token, .. }, .. }) => {
                    debug!(channel = %self.key, "the chat goes on with a new token");
                    self.use_token(&token);
                    return self.failed(Failure::Passing, NO_WAY.to_owned()).await;
                }
                Ok(_) => return self.failed(Failure::Passing, NO_WAY.to_owned()).await,
                Err(error) => return self.failed(Failure::Passing, error.to_string()).await,
            }
        }
        Fetched::Over(Over::Ended)
    }

    /// Counts a failure: pauses, asks for a new token, and tells people if it goes on.
    async fn failed(&mut self, failure: Failure, cause: String) -> Fetched {
        let after = self.pace.failed(failure, &self.parts.timings, rand::rng().random_range(0.0..1.0));
        debug!(channel = %self.key, %cause, pause_ms = after.pause.as_millis() as u64, "a fetch failed");
        self.not_before = Instant::now() + after.pause;
        if after.renew && self.renew().await == Renewed::Gone && self.is_closed_still().await {
            return Fetched::Over(Over::Ended);
        }
        if after.tell && !self.is_told_lost {
            warn!(channel = %self.key, %cause, "reconnecting");
            self.is_told_lost = true;
            self.told = None;
            let code = ErrorCode::UpstreamUnavailable;
            self.state(UpstreamState::Reconnecting { cause, retry_in: after.pause, code }).await;
        }
        Fetched::Failed
    }

    /// The second look at a broadcast whose chat was found closed.
    async fn is_closed_still(&self) -> bool {
        tokio::time::sleep(self.parts.timings.hiccup).await;
        let video = find::video(&self.parts.net, &self.room_id).await;
        video.is_ok_and(|video| !matches!(video.chat, ChatAccess::Open { .. } | ChatAccess::Unknown))
    }

    /// A silent chat that should not be: its token may be dead, which looks the same as quiet.
    fn is_suspicious(&self) -> bool {
        let limit = self.parts.timings.watchdog;
        self.last_item.elapsed() > limit
            && self.token_since.elapsed() > limit
            && self.details.viewers.is_some_and(|viewers| viewers > LIVELY)
    }

    /// A new token, from the broadcast itself. Nothing is lost or told twice: the desk knows what it has told.
    async fn renew(&mut self) -> Renewed {
        metrics::counter!("polychat_youtube_renewals_total").increment(1);
        match find::video(&self.parts.net, &self.room_id).await {
            Ok(Video { chat: ChatAccess::Open { token, .. }, .. }) => {
                self.use_token(&token);
                Renewed::Yes
            }
            Ok(Video { chat: ChatAccess::Unknown, .. }) | Err(_) => {
                // As if it had worked: the next try is in a while, not with every fetch.
                self.token_since = Instant::now();
                Renewed::No
            }
            Ok(_) => Renewed::Gone,
        }
    }

    fn use_token(&mut self, token: &str) {
        self.token = everything(token);
        self.token_since = Instant::now();
    }

    /// What else is known of the broadcast now. Never an end: that is believed only of the chat itself.
    async fn learn(&mut self, news: Details) {
        if self.details.merge(news) {
            self.tell_details().await;
            self.tell_started().await;
        }
    }

    fn is_waiting_room(&self) -> bool {
        self.found.channel_id.is_some() && self.details.state == Some(VideoState::Upcoming)
    }

    /// Another broadcast of the channel that runs already, while this one has not begun.
    async fn another(&mut self) -> Option<Found> {
        let channel_id = self.found.channel_id.as_deref()?;
        let found = self
            .parts
            .finder
            .of_channel(&self.parts.net, self.key, channel_id, &self.parts.timings, &mut Owner::default())
            .await;
        found.ok().filter(|found| found.video.id != *self.room_id && found.video.state == VideoState::Live)
    }

    /// Logs each kind of oddity once, and tells when they are many.
    fn note_oddities(&mut self) {
        for name in self.desk.unknown_kinds() {
            metrics::counter!("polychat_youtube_unknown_kinds_total").increment(1);
            info!(channel = %self.key, kind = %name, "YouTube sends something unknown");
        }
        if self.desk.degraded() && !std::mem::replace(&mut self.is_warned, true) {
            warn!(channel = %self.key, "much of what YouTube sends is unknown; Polychat is out of date");
        }
    }

    async fn tell_started(&mut self) {
        let live = self.details.state.map(|state| state == VideoState::Live);
        let degraded = self.desk.degraded();
        let upcoming = self.details.state == Some(VideoState::Upcoming);
        let message = match (degraded, upcoming) {
            (true, _) => Some(words::DEGRADED.to_owned()),
            (_, true) => Some(words::upcoming(self.key)),
            _ => None,
        };
        let owner = self.found.channel_id.as_deref().or(self.found.video.channel_id.as_deref());
        let started = Started {
            live_id: Arc::clone(&self.room_id),
            owner_id: owner.map(Into::into),
            live,
            starts_at_ms: if upcoming { self.details.starts_at_ms } else { None },
            degraded,
            via: None,
            message,
            broadcasts: self.found.broadcasts.clone(),
        };
        if self.told.as_ref() != Some(&started) {
            self.told = Some(started.clone());
            self.state(UpstreamState::Started(started)).await;
        }
    }

    async fn tell_details(&self) {
        let details = &self.details;
        let data = ViewersData {
            viewers: details.viewers,
            live: details.state.as_ref().map(|state| *state == VideoState::Live),
            title: details.title.clone(),
            category: None,
            likes: details.likes,
            started_at: details.started_at_ms.map(|ms| iso_timestamp(ms).to_string()),
        };
        let now = unix_ms();
        let event = ChatEvent {
            id: format!("yt:viewers:{}:{now}", self.room_id).into(),
            revision: 0,
            sent_at_ms: now,
            room_id: Arc::clone(&self.room_id),
            history: false,
            body: Body::Viewers(data),
        };
        self.send(vec![event]).await;
    }

    async fn send(&self, events: Vec<ChatEvent>) {
        for event in events {
            self.signal(Signal::Event(event)).await;
        }
    }

    async fn state(&self, state: UpstreamState) {
        self.signal(Signal::State(state)).await;
    }

    /// The hub closes the channel when it no longer wants it; that is seen at the next select.
    async fn signal(&self, signal: Signal) {
        let _closed = self.out.send(signal).await;
    }
}

/// What a fetch came to.
enum Fetched {
    Answer { topic: Option<String> },
    Failed,
    Over(Over),
}

#[derive(PartialEq, Eq)]
enum Renewed {
    Yes,
    No,
    Gone,
}

/// YouTube's own start token selects "Top chat", which leaves messages out. One byte in it selects all of them.
fn everything(start: &str) -> String {
    token::all_messages(start).unwrap_or_else(|| start.to_owned())
}

/// Unix milliseconds by our clock.
pub(super) fn clock_ms() -> u64 {
    unix_ms().unsigned_abs()
}

/// The next push, or never when there are none.
async fn pushed(pushes: &mut Option<tokio::sync::watch::Receiver<Push>>) -> Push {
    if let Some(receiver) = pushes {
        if receiver.changed().await.is_ok() {
            return *receiver.borrow_and_update();
        }
        *pushes = None;
        return Push::default();
    }
    std::future::pending().await
}
