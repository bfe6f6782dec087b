//! Reads one channel: joins it, tells the hub how it does, and turns its lines into events.
//!
//! The connection heals itself in the pool. What is decided here is what only the channel can know: whether it exists,
//! whether it has been closed or renamed, and which messages were missed.

mod history;
mod interpret;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::wire::Owner;
use polychat_model::{ChatEvent, ErrorCode};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use self::interpret::Interpreter;
use super::connection::LINES_PER_CHANNEL;
use super::pacing::BackOff;
use super::pool::{Link, Membership, Pool};
use super::side::{ChannelInfo, Resolution, RoomGuard, Side};
use super::timings::Timings;
use super::{TwitchConfig, login};
use crate::connector::BoxFuture;
use crate::{Outlet, Signal, Started, UpstreamError, UpstreamState};

/// Live lines that wait while history is fetched. When there are more, chat goes on without the history.
const WAITING_LINES: usize = 1024;

/// What all channels share.
pub(super) struct Shared {
    pub(super) config: TwitchConfig,
    pub(super) timings: Timings,
    pub(super) pool: Pool,
    pub(super) side: Arc<Side>,
}

/// Reads `login` until it is over or `cancel` fires.
pub(super) async fn read(
    shared: Arc<Shared>,
    login: Arc<str>,
    out: Outlet,
    cancel: CancellationToken,
) -> Result<(), UpstreamError> {
    let reading = async {
        let membership = shared.pool.enter(Arc::clone(&login)).await.ok_or_else(stopped)?;
        match Reading::new(shared, login, out, membership).run().await {
            Ok(never) => match never {},
            Err(End::NobodyListens) => Ok(()),
            Err(End::Over(error)) => Err(error),
        }
    };
    tokio::select! {
        biased;
        // Dropping the reading drops its membership, which leaves the channel.
        () = cancel.cancelled() => Ok(()),
        result = Box::pin(reading) => result,
    }
}

/// What a reading ends with when the connector was shut down.
pub(super) fn stopped() -> UpstreamError {
    UpstreamError::Unavailable { cause: "Reading Twitch stopped.".to_owned() }
}

/// Why a reading ends.
enum End {
    NobodyListens,
    Over(UpstreamError),
}

type Step = Result<(), End>;

/// What happens when nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timer {
    /// The JOIN was not answered.
    Silent,
    /// The pause after some unanswered JOINs is over.
    TryAgain,
}

struct Reading {
    shared: Arc<Shared>,
    /// The login that is joined: another one than at the start when the channel was renamed.
    login: Arc<str>,
    out: Outlet,
    membership: Membership,
    seen: Link,
    interpreter: Interpreter,
    events: Vec<ChatEvent>,
    resolving: Option<BoxFuture<'static, Resolution>>,
    resolution: Option<Resolution>,
    live: Option<bool>,
    /// JOINs without an answer.
    attempts: u32,
    back_off: BackOff,
    timer: Option<(Instant, Timer)>,
    /// Was joined at least once.
    started: bool,
    joined: bool,
    /// Twitch repeated the last JOIN.
    echoed: bool,
    /// Twitch put us out of a channel that was joined.
    closing: Option<Closing>,
    room: Option<RoomGuard>,
    history: Option<BoxFuture<'static, Vec<String>>>,
    waiting: VecDeque<Box<str>>,
    gap_since: Option<Instant>,
}

/// Twitch put us out: it is being found out why.
#[derive(Debug, Clone, Copy)]
struct Closing {
    suspended: bool,
    /// JOIN was tried once more.
    tried: bool,
}

impl Reading {
    fn new(shared: Arc<Shared>, login: Arc<str>, out: Outlet, membership: Membership) -> Self {
        let mut reading = Self {
            interpreter: Interpreter::new(Arc::clone(&login), Arc::clone(&shared.side)),
            back_off: BackOff::new(shared.timings.back_off * 4, shared.timings.back_off_max),
            shared,
            login,
            out,
            membership,
            seen: Link::default(),
            events: Vec::new(),
            resolving: None,
            resolution: None,
            live: None,
            attempts: 0,
            timer: None,
            started: false,
            joined: false,
            echoed: false,
            closing: None,
            room: None,
            history: None,
            waiting: VecDeque::new(),
            gap_since: None,
        };
        reading.resolve();
        reading
    }

    /// Ends with an error only: a chat has no end of its own.
    async fn run(mut self) -> Result<Infallible, End> {
        let mut lines = Vec::with_capacity(LINES_PER_CHANNEL);
        loop {
            let timer = self.timer.map(|(at, _)| at);
            let due = self.interpreter.due();
            tokio::select! {
                biased;
                changed = self.membership.link.changed() => match changed {
                    Ok(()) => self.hear_link().await?,
                    Err(_) => return Err(End::Over(stopped())),
                },
                resolution = some(&mut self.resolving) => {
                    self.resolving = None;
                    self.hear_resolution(resolution).await?;
                }
                history = some(&mut self.history) => {
                    self.history = None;
                    self.merge(history).await?;
                }
                () = at(due) => {
                    self.interpreter.flush(Instant::now(), &mut self.events);
                    self.send_events().await?;
                }
                () = at(timer) => self.time_is_up().await?,
                // Nothing is taken before the hub knows that the channel has started.
                _ = self.membership.lines.recv_many(&mut lines, LINES_PER_CHANNEL), if self.started => {
                    self.hear_lines(&mut lines).await?;
                }
            }
        }
    }

    async fn send(&mut self, signal: Signal) -> Step {
        self.out.send(signal).await.map_err(|_| End::NobodyListens)
    }

    async fn send_events(&mut self) -> Step {
        // Taken out for the time of the loop, and put back for its memory.
        let mut events = std::mem::take(&mut self.events);
        for event in events.drain(..) {
            self.send(Signal::Event(event)).await?;
        }
        self.events = events;
        Ok(())
    }

    async fn send_started(&mut self) -> Step {
        let live_id = self.interpreter.room_id().cloned().unwrap_or_else(|| Arc::clone(&self.login));
        let live = self.room.as_ref().and_then(RoomGuard::live).or(self.live);
        self.send(Signal::State(UpstreamState::Started(Started::new(live_id, live)))).await
    }

    async fn send_reconnecting(&mut self, cause: &str, retry_in: Duration, code: ErrorCode) -> Step {
        let cause = cause.to_owned();
        self.send(Signal::State(UpstreamState::Reconnecting { cause, retry_in, code })).await
    }

    async fn hear_link(&mut self) -> Step {
        let link = self.membership.link.borrow_and_update().clone();
        let seen = std::mem::replace(&mut self.seen, link.clone());
        if link.gaps > seen.gaps && self.started {
            self.gap_since.get_or_insert_with(Instant::now);
        }
        if link.losses > seen.losses {
            self.stop_reading();
            (self.joined, self.echoed, self.attempts, self.timer) = (false, false, 0, None);
            // It may have been renamed or closed by the time we are back.
            self.resolution = None;
            if let Some((loss, retry_in)) = &link.loss {
                self.send_reconnecting(&loss.cause, *retry_in, loss.code).await?;
            }
        }
        if link.asked > seen.asked {
            self.attempts += 1;
            let timings = &self.shared.timings;
            let patience = if self.attempts == 1 { timings.join_first } else { timings.join_again };
            self.timer = Some((Instant::now() + patience, Timer::Silent));
        }
        if link.echoed > seen.echoed {
            self.echoed = true;
        }
        if link.refused > seen.refused {
            self.refused(&link.refusal).await?;
        } else if link.put_out > seen.put_out {
            self.put_out(false).await?;
        }
        if link.joined && !self.joined {
            self.has_joined(link.room_id).await?;
        }
        Ok(())
    }

    async fn has_joined(&mut self, room_id: Option<Arc<str>>) -> Step {
        let again = self.started;
        (self.joined, self.started) = (true, true);
        (self.attempts, self.timer, self.closing) = (0, None, None);
        self.back_off.reset();
        if let Some(room_id) = room_id {
            self.interpreter.set_room_id(room_id);
        }
        self.send_started().await?;
        if self.room.is_none()
            && let Some(room_id) = self.interpreter.room_id()
        {
            self.room = Some(self.shared.side.open_room(&self.login, Arc::clone(room_id), self.out.clone()));
        }
        if let Some(room) = &self.room {
            room.reading(true);
        }
        self.ask_for_history(again);
        Ok(())
    }

    /// Nothing is read for the moment: the side services must not say otherwise.
    fn stop_reading(&self) {
        if let Some(room) = &self.room {
            room.reading(false);
        }
    }

    /// Twitch does not let us in.
    async fn refused(&mut self, text: &str) -> Step {
        if self.started {
            return self.put_out(true).await;
        }
        let login = &self.login;
        let text = if text.is_empty() { "The channel is suspended." } else { text };
        Err(End::Over(UpstreamError::NotFound { text: format!("Twitch does not open the chat of {login}: {text}") }))
    }

    /// Twitch put us out of the channel, or calls it suspended while it is being read.
    async fn put_out(&mut self, suspended: bool) -> Step {
        (self.joined, self.echoed, self.timer) = (false, false, None);
        match &mut self.closing {
            Some(closing) if closing.tried => Err(self.gone()),
            Some(closing) => {
                closing.suspended |= suspended;
                Ok(())
            }
            None => {
                debug!(channel = &*self.login, suspended, "Twitch put us out of a channel");
                self.closing = Some(Closing { suspended, tried: false });
                self.gap_since.get_or_insert_with(Instant::now);
                self.stop_reading();
                self.send_reconnecting(
                    "Twitch closed the chat of this channel.",
                    Duration::ZERO,
                    ErrorCode::UpstreamUnavailable,
                )
                .await?;
                self.resolve();
                Ok(())
            }
        }
    }

    /// The channel is not there, or not there any more.
    fn gone(&self) -> End {
        let login = &self.login;
        End::Over(if self.started {
            UpstreamError::Ended { text: format!("Twitch has closed the channel {login}.") }
        } else {
            UpstreamError::NotFound { text: format!("There is no Twitch channel named {login}.") }
        })
    }

    fn resolve(&mut self) {
        let (side, old) = (Arc::clone(&self.shared.side), Arc::clone(&self.login));
        let room_id = self.interpreter.room_id().cloned();
        self.resolving = Some(Box::pin(async move {
            let resolution = side.resolve(&old).await;
            let Some(id) = room_id else { return resolution };
            let elsewhere = match &resolution {
                Resolution::NotFound => true,
                // Somebody else took the name that this channel had.
                Resolution::Found(info) => info.id != id,
                Resolution::Suspended { .. } | Resolution::Unknown => false,
            };
            if !elsewhere {
                return resolution;
            }
            match side.login_of(&id).await {
                Some(new) if new != *old => Resolution::Found(ChannelInfo::new(id, new.clone(), new)),
                _ => Resolution::NotFound,
            }
        }));
    }

    /// The login that the channel has now, if it is another one.
    ///
    /// What a service says is no safer than what people type: only a login may reach the socket (B26).
    fn renamed(&self) -> Option<Arc<str>> {
        let Some(Resolution::Found(info)) = &self.resolution else { return None };
        let other = self.started && *info.login != *self.login;
        let safe = login(&info.login).is_ok_and(|clean| clean == info.login);
        (other && safe).then(|| info.login.as_str().into())
    }

    async fn hear_resolution(&mut self, resolution: Resolution) -> Step {
        if let Resolution::Found(info) = &resolution {
            let display_name = Some(info.display_name.as_str().into());
            self.send(Signal::Owner(Owner { display_name, avatar_url: info.avatar_url.clone() })).await?;
        }
        if let Resolution::Found(info) = &resolution
            && info.broadcast.live.is_some()
            && info.broadcast.live != self.live
        {
            self.live = info.broadcast.live;
            if self.joined {
                self.send_started().await?;
            }
        }
        let known = self.resolution.insert(resolution);
        if let Some(closing) = self.closing.filter(|closing| !closing.tried) {
            match known {
                Resolution::NotFound | Resolution::Suspended { .. } => return Err(self.gone()),
                Resolution::Unknown if closing.suspended => return Err(self.gone()),
                Resolution::Found(_) | Resolution::Unknown => {
                    if let Some(new) = self.renamed() {
                        return self.move_to(new).await;
                    }
                    self.closing = Some(Closing { tried: true, ..closing });
                    self.attempts = 0;
                    self.membership.join_again().await;
                }
            }
        } else if !self.joined && self.attempts > 1 {
            // A JOIN was not answered, and now it is known why.
            if let Some(new) = self.renamed() {
                return self.move_to(new).await;
            }
            return self.not_there();
        }
        Ok(())
    }

    /// The channel has a new name.
    async fn move_to(&mut self, login: Arc<str>) -> Step {
        debug!(from = &*self.login, to = &*login, "a channel was renamed");
        self.membership = self.shared.pool.enter(Arc::clone(&login)).await.ok_or_else(|| End::Over(stopped()))?;
        self.interpreter.rename(Arc::clone(&login));
        (self.login, self.seen, self.closing, self.attempts, self.timer) = (login, Link::default(), None, 0, None);
        Ok(())
    }

    /// Ends the reading if the channel is known not to exist.
    fn not_there(&mut self) -> Step {
        match &self.resolution {
            Some(Resolution::Suspended { .. }) if !self.started => {
                let text = format!("The Twitch channel {} is suspended.", self.login);
                Err(End::Over(UpstreamError::NotFound { text }))
            }
            Some(Resolution::NotFound | Resolution::Suspended { .. }) => Err(self.gone()),
            Some(Resolution::Found(_) | Resolution::Unknown) | None => Ok(()),
        }
    }

    async fn time_is_up(&mut self) -> Step {
        let Some((_, timer)) = self.timer.take() else { return Ok(()) };
        if timer == Timer::TryAgain {
            self.membership.join_again().await;
            return Ok(());
        }
        if std::mem::take(&mut self.echoed) {
            // The state of the room did not come, but the repetition of our JOIN did: chat will come, too.
            return self.has_joined(None).await;
        }
        // Silence alone says nothing: Twitch also ignores JOINs that come too fast.
        if let Some(new) = self.renamed() {
            return self.move_to(new).await;
        }
        self.not_there()?;
        if !matches!(self.resolution, Some(Resolution::Found(_))) && self.resolving.is_none() {
            self.resolve();
        }
        if self.attempts < 2 {
            self.membership.join_again().await;
            return Ok(());
        }
        if self.closing.is_some_and(|closing| closing.tried) {
            return Err(self.gone());
        }
        let pause = self.back_off.next_pause(rand::random());
        self.timer = Some((Instant::now() + pause, Timer::TryAgain));
        let cause = match self.resolution {
            Some(Resolution::Found(_)) => "Twitch does not answer the request to join this chat.",
            _ => "Twitch does not answer the request to join this chat. Perhaps there is no such channel.",
        };
        self.send_reconnecting(cause, pause, ErrorCode::Timeout).await
    }

    async fn hear_lines(&mut self, lines: &mut Vec<Box<str>>) -> Step {
        for line in lines.drain(..) {
            if self.history.is_some() && self.waiting.len() < WAITING_LINES {
                self.waiting.push_back(line);
                continue;
            }
            if self.history.take().is_some() {
                debug!(channel = &*self.login, "chat goes on without history");
            }
            while let Some(line) = self.waiting.pop_front() {
                self.interpreter.line(&line, Instant::now(), &mut self.events);
            }
            self.interpreter.line(&line, Instant::now(), &mut self.events);
            self.send_events().await?;
        }
        Ok(())
    }

    /// Asks for the messages before the start, or of the gap before this rejoin, if the settings want it.
    fn ask_for_history(&mut self, again: bool) {
        let gap = self.gap_since.take();
        let config = &self.shared.config;
        if config.recent_messages_url.is_none() {
            return;
        }
        let (after, limit) = match (again, gap, self.interpreter.last_sent_ms()) {
            (false, ..) => (None, config.recent_messages_limit.min(history::LIMIT)),
            (true, Some(gap), Some(last)) => (Some(last), history::limit_of_gap(gap.elapsed())),
            (true, ..) => return,
        };
        if limit == 0 {
            return;
        }
        let (side, login, patience) =
            (Arc::clone(&self.shared.side), Arc::clone(&self.login), self.shared.timings.history);
        self.history = Some(Box::pin(async move {
            tokio::time::timeout(patience, side.recent(&login, after, limit)).await.unwrap_or_default()
        }));
    }

    /// Inserts history before the live lines that have waited for it.
    async fn merge(&mut self, history: Vec<String>) -> Step {
        let now = Instant::now();
        for line in history::before_live(&history, &self.waiting, self.interpreter.last_sent_ms()) {
            self.interpreter.line(line, now, &mut self.events);
        }
        for line in std::mem::take(&mut self.waiting) {
            self.interpreter.line(&line, now, &mut self.events);
        }
        self.send_events().await
    }
}

/// The result of a future, or never.
async fn some<T>(future: &mut Option<BoxFuture<'static, T>>) -> T {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

/// Waits until then, or for ever.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
