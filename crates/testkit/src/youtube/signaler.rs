//! The push channel: choose a server, open a session, listen. It carries no messages, only "this chat changed".

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::answer::{error_saying, tracking};
use super::server::{Asked, Shared};
use super::token::signal_stamp;
use super::world::World;

/// The key that every page has had from 2021 to 2026.
pub const SIGNALER_KEY: &str = "AIzaSyDZNkyC-AtROwMBpLfevIvqYk-Gfi8ZOeo";

/// Sessions that are kept; the oldest are forgotten first.
const MAX_SESSIONS: usize = 1_000;

/// Frames that wait for being acknowledged; the oldest are forgotten first.
const MAX_FRAMES: usize = 1_000;

/// How the channel behaves, and its sessions.
#[derive(Debug)]
pub(super) struct Push {
    /// Until then connected and alive, but never a signal.
    pub(super) silent_until: Option<Instant>,
    pub(super) keepalive: Duration,
    /// A listening body ends after this.
    pub(super) hold: Option<Duration>,
    /// Frames are sent in pieces of so many bytes.
    pub(super) split: Option<usize>,
    /// A signal comes in one piece with other frames around it.
    pub(super) joined: bool,
    /// Grows when listeners are cut off.
    pub(super) cuts: u64,
    pub(super) sessions: BTreeMap<u64, Session>,
    chosen: u64,
}

impl Default for Push {
    fn default() -> Self {
        let keepalive = Duration::from_secs(30);
        let sessions = BTreeMap::new();
        Self { silent_until: None, keepalive, hold: None, split: None, joined: false, cuts: 0, sessions, chosen: 0 }
    }
}

/// What one client opened.
#[derive(Debug)]
pub(super) struct Session {
    gsession: String,
    /// Videos that it wants to hear of.
    videos: Vec<String>,
    /// Opened without the header that is only missed when it listens.
    untyped: bool,
    /// Opened with a shape that is answered with `close`.
    outdated: bool,
    next_array: u64,
    frames: VecDeque<(u64, Value)>,
    /// The newest thing that was told.
    told: u64,
    /// Grows with every listening request: an older one ends.
    listener: u64,
    pub(super) listening: bool,
}

impl Session {
    fn add(&mut self, payload: Value) {
        if self.frames.len() == MAX_FRAMES {
            self.frames.pop_front();
        }
        self.frames.push_back((self.next_array, payload));
        self.next_array += 1;
    }
}

impl Push {
    /// How many listen to the chat of `video` at the moment.
    pub(super) fn listeners(&self, video: &str) -> usize {
        self.sessions.values().filter(|s| s.listening && s.videos.iter().any(|wanted| wanted == video)).count()
    }

    /// Every session gets `payload`.
    pub(super) fn frame(&mut self, payload: &Value) {
        for session in self.sessions.values_mut() {
            session.add(payload.clone());
        }
    }
}

/// `["1",[null,null,["usec"]]]`: alive.
pub(super) fn ping(usec: u64) -> Value {
    json!([[[["1", [null, null, [usec.to_string()]]]]]])
}

/// What all three requests need. `None`: it is there.
fn refused(asked: &Asked) -> Option<Response> {
    if asked.query("key") != Some(SIGNALER_KEY) {
        return Some(error_saying(StatusCode::BAD_REQUEST, "API key not valid. Please pass a valid API key."));
    }
    if !asked.header("referer").is_some_and(|referer| referer.starts_with("https://www.youtube.com")) {
        return Some(error_saying(StatusCode::FORBIDDEN, "Requests from referer <empty> are blocked."));
    }
    None
}

fn bad_request(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, format!("<HTML><HEAD><TITLE>{why}</TITLE></HEAD><BODY><H1>{why}</H1></BODY></HTML>"))
        .into_response()
}

/// The chats that a subscription names: `[…,[["youtube_live_chat_web"],[1],[[["T"]]]],…]`.
fn topics(subscription: &Value) -> Option<Vec<String>> {
    if subscription[3].as_array()?.first()?.as_u64()? == 0 || subscription[5][0][0] != "youtube_live_chat_web" {
        return None;
    }
    let topics = subscription[5][2].as_array()?.iter().map(|topic| {
        let topic = topic[0][0].as_str().or_else(|| topic[0].as_str())?;
        // `chat~VIDEO`, in earlier years with `~N` behind it.
        topic.strip_prefix("chat~")?.split('~').next().map(str::to_owned)
    });
    topics.collect()
}

pub(super) fn choose(world: &mut World, asked: &Asked) -> Response {
    if let Some(refusal) = refused(asked) {
        return refusal;
    }
    let typed = asked.header("content-type").is_some_and(|kind| kind.starts_with("application/json+protobuf"));
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    if !typed || topics(&body[0]).is_none_or(|topics| topics.is_empty()) {
        return error_saying(StatusCode::BAD_REQUEST, "Request contains an invalid argument.");
    }
    world.push.chosen += 1;
    let gsession = format!("gs{}-{}", world.push.chosen, tracking("gsession"));
    json!([gsession, 3, null, (world.now_usec()).to_string(), "1780000000000000"]).to_string().into_response()
}

pub(super) fn refresh(asked: &Asked) -> Response {
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    match refused(asked) {
        Some(refusal) => refusal,
        None if body[0].as_str().is_some_and(|token| token.starts_with("creds-")) => "[]".into_response(),
        None => error_saying(StatusCode::BAD_REQUEST, "Request contains an invalid argument."),
    }
}

pub(super) fn open(world: &mut World, asked: &Asked) -> Response {
    if let Some(refusal) = refused(asked) {
        return refusal;
    }
    let Some(gsession) = asked.query("gsessionid").filter(|gsession| gsession.starts_with("gs")) else {
        return bad_request("Bad Request");
    };
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&asked.body).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let request: Value = field("req0___data__").and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    if field("count") != Some("1") || asked.query("VER") != Some("8") || asked.query("RID").is_none() {
        return bad_request("Bad Request");
    }
    let request = &request[0][0];
    let outdated = request[0] != "1" || request[3] != 3;
    let videos = topics(&request[1]);
    if !outdated && videos.is_none() {
        return bad_request("Bad Request");
    }
    let untyped = asked.header("x-webchannel-content-type") != Some("application/json+protobuf");
    let now = world.now_usec();
    let told = |video: &String| world.video(video).map_or(0, |video| video.newest(Instant::now()));
    let videos = videos.unwrap_or_default();
    let told = videos.iter().map(told).max().unwrap_or(0);
    let mut session = Session {
        gsession: gsession.to_owned(),
        videos,
        untyped,
        outdated,
        next_array: 1,
        frames: VecDeque::new(),
        told,
        listener: 0,
        listening: false,
    };
    if outdated {
        session.add(json!(["close"]));
    } else {
        session.add(json!([[null, null, [format!("creds-{now}")]]]));
        session.add(json!([[[["1", [[now.to_string()]]]]]]));
    }
    let number = world.push.sessions.keys().next_back().map_or(1, |last| last + 1);
    if world.push.sessions.len() == MAX_SESSIONS {
        world.push.sessions.pop_first();
    }
    world.push.sessions.insert(number, session);
    let keepalive = world.push.keepalive.as_millis() as u64;
    frame(&json!([[0, ["c", format!("SID{number:08}"), "", 8, 14, keepalive]]])).into_response()
}

/// `<length>\n<that many characters>`.
fn frame(array: &Value) -> String {
    let text = array.to_string();
    format!("{}\n{text}", text.len())
}

pub(super) fn listen(shared: &Arc<Shared>, asked: &Asked) -> Response {
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
                for video in videos.iter().filter(|video| session.videos.contains(&video.id)) {
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
