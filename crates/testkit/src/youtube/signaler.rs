//! The push channel: choose a server, open a session, listen. It carries no messages, only "this chat changed".

mod listener;

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::answer::{error_saying, tracking};
use super::server::Asked;
use super::world::World;

pub(super) use listener::listen;

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
    /// What it wants to hear of. Only the exact topic of a chat gets its signals.
    topics: Vec<String>,
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
    /// How many listen to `topic` at the moment.
    pub(super) fn listeners(&self, topic: &str) -> usize {
        self.sessions.values().filter(|s| s.listening && s.topics.iter().any(|wanted| wanted == topic)).count()
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

/// The topics that a subscription names: `[…,[["youtube_live_chat_web"],[1],[[["T"]]]],…]`.
fn topics(subscription: &Value) -> Option<Vec<String>> {
    if subscription[3].as_array()?.first()?.as_u64()? == 0 || subscription[5][0][0] != "youtube_live_chat_web" {
        return None;
    }
    let topics = subscription[5][2].as_array()?.iter();
    topics.map(|topic| topic[0][0].as_str().filter(|topic| topic.starts_with("chat~")).map(str::to_owned)).collect()
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
    let topics = topics(&request[1]);
    if !outdated && topics.is_none() {
        return bad_request("Bad Request");
    }
    let untyped = asked.header("x-webchannel-content-type") != Some("application/json+protobuf");
    let now = world.now_usec();
    let topics = topics.unwrap_or_default();
    let subscribed = world.videos.iter().filter(|video| topics.contains(&video.topic()));
    let told = subscribed.map(|video| video.newest(Instant::now())).max().unwrap_or(0);
    let mut session = Session {
        gsession: gsession.to_owned(),
        topics,
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
