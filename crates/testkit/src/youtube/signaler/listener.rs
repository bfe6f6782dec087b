//! One listening request: a long body of frames, which ends or breaks when it is asked to.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{bad_request, frame, refused};
use crate::youtube::server::{Asked, Shared};
use crate::youtube::token::signal_stamp;
use crate::youtube::world::World;

pub(in crate::youtube) fn listen(shared: &Arc<Shared>, asked: &Asked) -> Response {
    if let Some(refusal) = refused(asked) {
        return refusal;
    }
    let sid = asked.query("SID").and_then(|sid| sid.strip_prefix("SID")).and_then(|number| number.parse::<u64>().ok());
    let Some(acknowledged) = asked.query("AID").and_then(|aid| aid.parse::<u64>().ok()) else {
        return bad_request("Bad Request");
    };
    if asked.query("RID") != Some("rpc") || asked.query("TYPE") != Some("xmlhttp") {
        return bad_request("Bad Request");
    }
    let changes = shared.changes();
    let begun = shared.change(|world| {
        let (hold, cuts) = (world.push.hold, world.push.cuts);
        let session = world.push.sessions.get_mut(&sid?)?;
        if asked.query("gsessionid") != Some(&session.gsession) || session.untyped {
            return None;
        }
        session.frames.retain(|(array, _)| *array > acknowledged);
        session.listener += 1;
        session.listening = true;
        Some((session.listener, hold, cuts))
    });
    let Some((number, hold, cuts)) = begun else { return bad_request("Unknown SID") };
    let now = Instant::now();
    let listener = Listener {
        shared: Arc::clone(shared),
        changes,
        sid: sid.unwrap_or_default(),
        number,
        cuts,
        sent: acknowledged,
        quiet_since: now,
        until: hold.map(|hold| now + hold),
        one_batch: asked.query("CI") == Some("1"),
        pieces: VecDeque::new(),
        over: false,
    };
    let body = stream::unfold(listener, |mut listener| async {
        let piece = listener.next().await?;
        Some((piece, listener))
    });
    Body::from_stream(body).into_response()
}

/// One listening request.
struct Listener {
    shared: Arc<Shared>,
    changes: watch::Receiver<()>,
    sid: u64,
    number: u64,
    cuts: u64,
    /// The last array that was sent.
    sent: u64,
    quiet_since: Instant,
    until: Option<Instant>,
    /// `CI=1`: the body ends after one batch.
    one_batch: bool,
    /// What is still to be sent of a batch, in pieces.
    pieces: VecDeque<Bytes>,
    over: bool,
}

enum Step {
    Send(String),
    /// Nothing to say before this moment, unless something changes.
    Wait(Option<Instant>),
    End,
    Cut,
}

impl Listener {
    /// The next piece of the body; `None`: it is over; an error: the connection is cut.
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if let Some(piece) = self.pieces.pop_front() {
            // Pieces that follow each other at once would be read as one.
            tokio::time::sleep(Duration::from_millis(2)).await;
            return Some(Ok(piece));
        }
        while !self.over {
            self.changes.mark_unchanged();
            match self.step() {
                Step::End => return None,
                Step::Cut => {
                    self.over = true;
                    return Some(Err(io::Error::other("cut on request")));
                }
                Step::Send(text) => {
                    self.over = self.one_batch;
                    let size = self.shared.look(|world| world.push.split).unwrap_or(usize::MAX).max(1);
                    let mut pieces = text.as_bytes().chunks(size).map(Bytes::copy_from_slice);
                    let first = pieces.next()?;
                    self.pieces.extend(pieces);
                    return Some(Ok(first));
                }
                Step::Wait(until) => {
                    let woken = async {
                        match until {
                            Some(until) => tokio::time::sleep_until(until.into()).await,
                            None => std::future::pending().await,
                        }
                    };
                    tokio::select! {
                        () = woken => {}
                        changed = self.changes.changed() => changed.ok()?,
                        () = self.shared.cancel.cancelled() => return None,
                    }
                }
            }
        }
        None
    }

    fn step(&mut self) -> Step {
        let now = Instant::now();
        // Nobody but the listeners themselves is concerned by what happens here: no change is announced.
        self.shared.quietly(|world| {
            if world.push.cuts != self.cuts {
                return Step::Cut;
            }
            let usec = world.now_usec();
            let World { videos, push, .. } = world;
            let Some(session) = push.sessions.get_mut(&self.sid).filter(|session| session.listener == self.number)
            else {
                return Step::End;
            };
            let silent_until = push.silent_until.filter(|until| *until > now);
            let mut wake = [self.until, silent_until].into_iter().flatten().min();
            if silent_until.is_none() && !session.outdated {
                let mut newest = session.told;
                for video in videos.iter().filter(|video| session.topics.contains(&video.topic())) {
                    newest = newest.max(video.newest(now));
                    wake = [wake, video.next_visible(now)].into_iter().flatten().min();
                }
                if newest > session.told {
                    session.told = newest;
                    if push.joined {
                        session.add(json!(["noop"]));
                    }
                    session.add(signal(newest, usec));
                    if push.joined {
                        session.add(json!(["noop"]));
                    }
                }
            }
            let due = self.quiet_since + push.keepalive;
            if now >= due {
                session.add(json!(["noop"]));
            }
            let new: Vec<_> = session.frames.iter().filter(|(array, _)| *array > self.sent).collect();
            if let Some((last, _)) = new.last() {
                self.sent = *last;
                self.quiet_since = now;
                return Step::Send(new.iter().map(|(array, payload)| frame(&json!([[array, payload]]))).collect());
            }
            if session.outdated || self.until.is_some_and(|until| now >= until) {
                return Step::End;
            }
            Step::Wait(wake.into_iter().chain([due]).min())
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.shared.change(|world| {
            if let Some(session) = world.push.sessions.get_mut(&self.sid)
                && session.listener == self.number
            {
                session.listening = false;
            }
        });
    }
}

/// "The chat changed at `published`."
fn signal(published: u64, now: u64) -> Value {
    let times: Vec<String> = [0, 3, 17, 40, 82].iter().map(|late| (now + late).to_string()).collect();
    json!([[[[
        "1",
        [null, [[[null, signal_stamp(published), published.to_string(), now.to_string(), times, [], 0, 0]]]]
    ]]]])
}
