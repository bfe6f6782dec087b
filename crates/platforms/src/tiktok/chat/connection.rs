//! One connection to a room: opened, kept alive, read to its end.

use std::time::Duration;

use bytes::Bytes;
use polychat_model::{ErrorCode, unix_ms};
use rand::RngExt;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use super::{Over, Reading};
use crate::tiktok::connect::Opened;
use crate::tiktok::desk::Desk;
use crate::tiktok::frame::{self, Batch, Frame};
use crate::tiktok::ladder::Setback;
use crate::tiktok::line::{Line, NoLine, refused};
use crate::tiktok::refusal::Refusal;
use crate::tiktok::webview::Came;
use crate::tiktok::words;

/// What a frame came to.
enum Heard {
    /// Messages, or the word that we are in.
    News,
    /// Nothing of the room.
    Nothing,
    /// The end of this connection.
    Over(Over),
}

impl Reading<'_> {
    /// Opens the way that the ladder says.
    async fn open(&mut self) -> Result<Opened, NoLine> {
        self.turn += 1;
        let found = self.last.as_ref().ok_or(NoLine::RoomOver)?;
        let via = self.ladder.via();
        metrics::counter!("polychat_tiktok_connections_total", "via" => via.as_str()).increment(1);
        debug!(channel = %self.key, via = via.as_str(), room = found.room_id, "connecting");
        // After the first time more of what was said is asked for, to fill the gap.
        self.parts.open(via, found, self.was_in, self.turn - 1).await
    }

    /// Reads one room over one connection.
    pub(super) async fn room(&mut self) -> Over {
        let Opened { mut line, first, visitor } = match self.open().await {
            Ok(opened) => opened,
            Err(NoLine::RoomOver) => return Over::Gone,
            Err(NoLine::Setback(setback)) => return Over::Lost(setback),
            Err(NoLine::Unsigned(error)) => return Over::Unsigned(error),
        };
        self.visitor = visitor;
        let timings = self.parts.timings.clone();
        let room_id = self.last.as_ref().map_or(0, |last| last.room_id);
        if line.is_ours() {
            // The player's order.
            let nonce = rand::rng().random_range(1..1 << 62);
            for greeting in [frame::heartbeat(room_id), frame::enter_room(room_id, nonce)] {
                if let Err(setback) = line.send(greeting).await {
                    return Over::Lost(setback);
                }
            }
        }
        let opened = Instant::now();
        let mut joined = false;
        let mut deadline = opened + if line.is_ours() { timings.join } else { timings.page };
        let mut healthy = false;
        let mut heartbeat = tokio::time::interval(timings.heartbeat);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        heartbeat.reset();
        let primary = self.ladder.primary_due(&timings);
        if let Some(batch) = first
            && let Some(over) = self.take(&batch).await
        {
            return over;
        }
        loop {
            let due = self.desk.as_ref().and_then(Desk::due_ms).map(|due| Instant::now() + until(due));
            tokio::select! {
                biased;
                () = self.out.closed() => return Over::Quiet,
                // Before the frames, of which there may be no end.
                _ = heartbeat.tick(), if line.is_ours() => {
                    if let Err(setback) = line.send(frame::heartbeat(room_id)).await {
                        return Over::Lost(setback);
                    }
                }
                () = at(due) => {
                    let told = self.desk.as_mut().map(|desk| desk.tick(unix_ms())).unwrap_or_default();
                    if let Some(over) = self.tell(told).await {
                        return over;
                    }
                }
                came = line.next() => match came {
                    Ok(Came::Frame(bytes)) => {
                        match self.frame(bytes, &mut line, &mut joined).await {
                            Heard::Over(over) => return over,
                            Heard::News => deadline = Instant::now() + timings.silence,
                            // A socket that only keeps itself alive is one whose room is gone.
                            Heard::Nothing => {}
                        }
                    }
                    Ok(Came::NeedsUser) => {
                        deadline = Instant::now() + timings.user;
                        self.lost(words::NEEDS_USER, timings.user, ErrorCode::UpstreamUnavailable).await;
                    }
                    Err(setback) => return Over::Lost(setback),
                },
                () = tokio::time::sleep_until(opened + timings.healthy), if joined && !healthy => {
                    healthy = true;
                    self.ladder.healthy();
                }
                () = at(primary) => return Over::Primary,
                () = tokio::time::sleep_until(deadline) => {
                    metrics::counter!("polychat_tiktok_silences_total").increment(1);
                    return Over::Lost(match (joined, line.is_ours()) {
                        (true, _) => Setback::Lost,
                        (false, true) => Setback::Silent,
                        (false, false) => Setback::Unseen,
                    });
                }
            }
        }
    }

    /// One frame of the socket.
    async fn frame(&mut self, bytes: Bytes, line: &mut Line, joined: &mut bool) -> Heard {
        metrics::counter!("polychat_tiktok_frames_total").increment(1);
        let batch = match frame::read(bytes) {
            Ok(Frame::Messages(batch)) => Some(batch),
            Ok(Frame::Joined(batch)) => batch,
            Ok(Frame::Heartbeat | Frame::Ack) => return Heard::Nothing,
            Ok(Frame::Close { reason }) => {
                info!(channel = %self.key, "TikTok closes the connection");
                return Heard::Over(match refused(Refusal::of_close(&reason)) {
                    NoLine::RoomOver => Over::Ended,
                    NoLine::Setback(setback) => Over::Lost(setback),
                    NoLine::Unsigned(error) => Over::Unsigned(error),
                });
            }
            Ok(Frame::Other(_)) => {
                metrics::counter!("polychat_tiktok_unknown_frames_total").increment(1);
                return Heard::Nothing;
            }
            Err(_) => {
                // One broken frame is only itself.
                metrics::counter!("polychat_tiktok_broken_frames_total").increment(1);
                return Heard::Nothing;
            }
        };
        if !std::mem::replace(joined, true) {
            self.joined(line).await;
        }
        let Some(batch) = batch else { return Heard::News };
        if line.is_ours()
            && let Some(ack) = &batch.ack
            && let Err(setback) = line.send(ack.clone()).await
        {
            return Heard::Over(Over::Lost(setback));
        }
        self.take(&batch).await.map_or(Heard::News, Heard::Over)
    }

    /// The room has let us in.
    async fn joined(&mut self, line: &Line) {
        if let (Line::Page(page), Some(last)) = (line, &mut self.last)
            && let Some(room_id) = page.room_id()
            && last.room_id != room_id
        {
            // The page found it, not we; it opened the channel that was asked for.
            last.room_id = room_id;
            if let Some(desk) = &mut self.desk {
                desk.enter(room_id.to_string().into());
            }
        }
        (self.over, self.was_in, self.is_told_lost) = (None, true, false);
        // The same host next time.
        self.turn -= 1;
        if let Some(visitor) = &self.visitor {
            self.parts.web.accepted(visitor);
        }
        self.tell_started().await;
    }

    async fn take(&mut self, batch: &Batch) -> Option<Over> {
        let desk = self.desk.as_mut()?;
        let told = desk.take(batch, unix_ms());
        for name in desk.new_unknown() {
            metrics::counter!("polychat_tiktok_unknown_kinds_total").increment(1);
            info!(channel = %self.key, kind = %name, "TikTok sends something unknown");
        }
        if desk.degraded() && !std::mem::replace(&mut self.is_warned, true) {
            warn!(channel = %self.key, "much of what TikTok sends is unknown; Polychat is out of date");
            self.tell_started().await;
        }
        self.tell(told).await
    }
}

/// Waits until then, or for ever.
async fn at(when: Option<Instant>) {
    match when {
        Some(when) => tokio::time::sleep_until(when).await,
        None => std::future::pending().await,
    }
}

/// How long until this Unix time in milliseconds.
fn until(due_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(due_ms.saturating_sub(unix_ms())).unwrap_or(0))
}
