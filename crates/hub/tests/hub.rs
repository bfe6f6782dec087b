//! The hub with a scripted platform and viewers that remember what they got. Time is simulated.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use polychat_hub::{Hold, Hub, HubLimits, Includes, Join, LINGER, Parcel, Profile, START_LIMIT, Subscription, Viewer};
use polychat_model::request::Include;
use polychat_model::wire::{Format, Owner};
use polychat_model::{
    Author, Body, ChannelKey, ChatData, ChatEvent, ChatMessage, Content, ErrorCode, IdentifierType, InvalidIdentifier,
    ModerationAction, ModerationData, Platform,
};
use polychat_platforms::{BoxFuture, Connector, NotLive, Outlet, Signal, Started, UpstreamError, UpstreamState};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// What the next call of `read` does.
enum Script {
    /// Starts, and gives its outlet to the test.
    Start,
    /// Never says anything.
    Hang,
    Fail(UpstreamError),
    Panic,
}

/// Where a reader puts what it reads, and how the test makes it fail.
type Line = (Outlet, Option<oneshot::Sender<UpstreamError>>);

#[derive(Default)]
struct Platforms {
    scripts: Mutex<Vec<Script>>,
    outlets: Mutex<HashMap<String, Line>>,
    open: AtomicUsize,
    opened: AtomicUsize,
}

struct Scripted(Arc<Platforms>);

struct Count<'a>(&'a AtomicUsize);
impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Connector for Scripted {
    fn platform(&self) -> Platform {
        Platform::Twitch
    }

    fn key(&self, kind: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
        Ok(ChannelKey::new(Platform::Twitch, kind, typed.to_lowercase()))
    }

    fn read(
        &self,
        key: ChannelKey,
        out: Outlet,
        cancel: CancellationToken,
    ) -> BoxFuture<'_, Result<(), UpstreamError>> {
        Box::pin(async move {
            self.0.open.fetch_add(1, Ordering::SeqCst);
            self.0.opened.fetch_add(1, Ordering::SeqCst);
            let _count = Count(&self.0.open);
            let script = self.0.scripts.lock().unwrap().pop().unwrap_or(Script::Start);
            match script {
                Script::Fail(error) => return Err(error),
                Script::Panic => panic!("poison message"),
                Script::Hang => cancel.cancelled().await,
                Script::Start => {
                    let (fail, failed) = oneshot::channel();
                    let started = UpstreamState::Started(Started::new("1", Some(true)));
                    out.send(Signal::State(started)).await.ok();
                    self.0.outlets.lock().unwrap().insert(key.identifier.to_string(), (out, Some(fail)));
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        error = failed => return error.map_or(Ok(()), Err),
                    }
                }
            }
            Ok(())
        })
    }
}

impl Platforms {
    async fn send(&self, channel: &str, event: ChatEvent) {
        self.signal(channel, Signal::Event(event)).await;
    }

    async fn signal(&self, channel: &str, signal: Signal) {
        let out = self.outlets.lock().unwrap()[channel].0.clone();
        out.send(signal).await.expect("the hub listens");
    }

    fn fail(&self, channel: &str, error: UpstreamError) {
        let (_, fail) = self.outlets.lock().unwrap().remove(channel).unwrap();
        fail.unwrap().send(error).ok();
    }
}

#[derive(Default)]
struct Ear {
    heard: Mutex<Vec<Value>>,
}

impl Viewer for Ear {
    fn deliver(&self, hold: &Arc<Hold>, parcel: &Parcel) {
        assert!(!hold.is_over(), "nothing comes after leaving");
        let mut rest = &parcel.bytes[..];
        let mut heard = self.heard.lock().unwrap();
        while !rest.is_empty() {
            let (at, len) = match rest[1] {
                126 => (4, usize::from(u16::from_be_bytes([rest[2], rest[3]]))),
                short => (2, usize::from(short)),
            };
            heard.push(serde_json::from_slice(&rest[at..at + len]).unwrap());
            rest = &rest[at + len..];
        }
    }
}

impl Ear {
    /// What was heard, in short: the type, and what matters of it.
    fn words(&self) -> Vec<String> {
        self.heard.lock().unwrap().iter().map(short).collect()
    }

    fn last(&self) -> Value {
        self.heard.lock().unwrap().last().unwrap().clone()
    }

    fn clear(&self) {
        self.heard.lock().unwrap().clear();
    }
}

fn short(frame: &Value) -> String {
    let text = |path: &str| frame.pointer(path).and_then(Value::as_str).unwrap_or("?").to_owned();
    match frame["type"].as_str().unwrap() {
        "status" => text("/status"),
        "error" => text("/code"),
        "chat" if frame["data"]["type"] == "chat" => format!("nested:{}", text("/data/data/content/raw")),
        "chat" => text("/data/content/raw"),
        "moderation" => format!("moderation:{}", text("/data/action")),
        other => other.to_owned(),
    }
}

fn setup() -> (Hub, Arc<Platforms>) {
    let platforms = Arc::<Platforms>::default();
    let hub = Hub::new([Arc::new(Scripted(platforms.clone())) as Arc<dyn Connector>], HubLimits::default());
    (hub, platforms)
}

fn everything() -> Profile {
    Profile { format: Format::Flat, includes: Includes::of(&[Include::Events, Include::Moderation, Include::Viewers]) }
}

#[derive(Clone, Copy)]
struct Ask {
    profile: Profile,
    wait: bool,
    backlog: u32,
    since: Option<u64>,
}

const PLAIN: Ask = Ask {
    profile: Profile { format: Format::Flat, includes: Includes::of(&[]) },
    wait: false,
    backlog: 0,
    since: None,
};

fn join(hub: &Hub, channel: &str, ask: Ask) -> (Arc<Ear>, Subscription) {
    let ear = Arc::<Ear>::default();
    let key = hub.key(Platform::Twitch, IdentifierType::Username, channel).unwrap();
    let Ask { profile, wait, backlog, since } = ask;
    let ack = Parcel::of(br#"{"type":"status","status":"subscribed"}"#);
    let subscription = hub.join(Join { key, viewer: ear.clone(), profile, wait, backlog, since, ack }).unwrap();
    (ear, subscription)
}

fn chat(id: &str, text: &str) -> ChatEvent {
    let author = Author { id: "7".into(), ..Author::default() };
    let data = ChatData { author, content: Content::plain(text), ..ChatData::default() };
    let body = Body::Chat(Box::new(ChatMessage { message_id: id.into(), data }));
    ChatEvent { id: format!("tw:{id}").into(), revision: 0, sent_at_ms: 5, room_id: "1".into(), history: false, body }
}

fn event(id: &str) -> ChatEvent {
    ChatEvent { body: Body::Event(Box::default()), ..chat(id, "") }
}

fn deletion(id: &str) -> ChatEvent {
    let data = ModerationData {
        action: ModerationAction::DeleteMessage,
        message_id: Some(id.into()),
        user_id: None,
        username: None,
        duration_seconds: None,
    };
    ChatEvent { body: Body::Moderation(data), ..chat(&format!("del-{id}"), "") }
}

async fn settle() {
    sleep(Duration::from_millis(5)).await;
}

fn lost() -> UpstreamError {
    UpstreamError::Unavailable { cause: "Twitch closed the connection.".into() }
}

#[tokio::test(start_paused = true)]
async fn the_starter_and_a_late_viewer_hear_that_it_started() {
    let (hub, platforms) = setup();
    let (a, _a) = join(&hub, "alice", PLAIN);
    settle().await;
    let (b, _b) = join(&hub, "ALICE", PLAIN);
    assert_eq!(a.words(), ["subscribed", "connecting", "started"], "the old service never told the starter");
    assert_eq!(b.words(), ["subscribed", "started"]);
    assert_eq!(platforms.opened.load(Ordering::SeqCst), 1, "one upstream for both spellings (B11)");
}

#[tokio::test(start_paused = true)]
async fn whose_channel_it_is_is_told_once_and_to_all_who_come_later() {
    let (hub, platforms) = setup();
    let (a, _a) = join(&hub, "a", PLAIN);
    settle().await;
    assert_eq!(a.last().get("owner"), None, "nobody knows yet");
    let owner = |name: &str| Owner { display_name: Some(name.into()), avatar_url: Some("https://p.example/a".into()) };
    for name in ["Ann", "Ann", "Anna"] {
        platforms.signal("a", Signal::Owner(owner(name))).await;
        settle().await;
    }
    assert_eq!(a.words(), ["subscribed", "connecting", "started", "started", "started"], "a repetition is not told");
    assert_eq!(a.last()["owner"], json!({"display_name": "Anna", "avatar_url": "https://p.example/a"}));
    let (b, _b) = join(&hub, "a", PLAIN);
    assert_eq!(b.last()["owner"]["display_name"], "Anna");

    // It is still known when the channel is read anew.
    platforms.fail("a", UpstreamError::NotLive(NotLive::new("@a is not live.", Duration::from_secs(30)).into()));
    let (patient, _p) = join(&hub, "a", Ask { wait: true, ..PLAIN });
    settle().await;
    assert_eq!(
        (&patient.last()["status"], &patient.last()["owner"]["display_name"]),
        (&json!("waiting"), &json!("Anna"))
    );
}

#[tokio::test(start_paused = true)]
async fn viewers_get_what_they_asked_for_and_numbers_without_holes() {
    let (hub, platforms) = setup();
    let (plain, _p) = join(&hub, "a", PLAIN);
    let (all, _a) = join(&hub, "a", Ask { profile: everything(), ..PLAIN });
    let nested = Profile { format: Format::Nested, ..Profile::default() };
    let (old, _o) = join(&hub, "a", Ask { profile: nested, ..PLAIN });
    settle().await;
    for ear in [&plain, &all, &old] {
        ear.clear();
    }
    for e in [chat("1", "hi"), event("2"), deletion("1"), chat("3", "yo"), chat("3", "yo")] {
        platforms.send("a", e).await;
    }
    settle().await;
    assert_eq!(plain.words(), ["hi", "yo"]);
    assert_eq!(all.words(), ["hi", "event", "moderation:delete_message", "yo"]);
    assert_eq!(old.words(), ["nested:hi", "nested:yo"]);
    let seqs: Vec<u64> = all.heard.lock().unwrap().iter().map(|f| f["seq"].as_u64().unwrap()).collect();
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
    assert_eq!(hub.health().channels[0].repeated, 1);
}

#[tokio::test(start_paused = true)]
async fn the_last_viewer_leaving_closes_the_upstream_after_the_linger() {
    let (hub, platforms) = setup();
    let (_, a) = join(&hub, "a", PLAIN);
    let (_, b) = join(&hub, "a", PLAIN);
    settle().await;
    drop(a);
    sleep(LINGER * 2).await;
    assert_eq!(platforms.open.load(Ordering::SeqCst), 1, "b still watches");
    drop(b);
    sleep(LINGER / 2).await;
    let (_, c) = join(&hub, "a", PLAIN);
    sleep(LINGER * 2).await;
    assert_eq!(platforms.opened.load(Ordering::SeqCst), 1, "a reload of OBS does not reconnect");
    drop(c);
    sleep(LINGER + Duration::from_millis(50)).await;
    assert_eq!((platforms.open.load(Ordering::SeqCst), hub.health().channels.len()), (0, 0));
    let (d, _d) = join(&hub, "a", PLAIN);
    settle().await;
    assert_eq!(d.words(), ["subscribed", "connecting", "started"], "it opens again");
}

#[tokio::test(start_paused = true)]
async fn messages_do_not_keep_an_unwatched_channel_open() {
    let (hub, platforms) = setup();
    drop(join(&hub, "a", PLAIN));
    settle().await;
    for n in 0..30 {
        let out = platforms.outlets.lock().unwrap()["a"].0.clone();
        out.send(Signal::Event(chat(&n.to_string(), "x"))).await.ok();
        sleep(LINGER / 10).await;
    }
    assert_eq!(hub.health().channels.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn leaving_while_it_starts_leaves_nothing_behind() {
    let (hub, platforms) = setup();
    platforms.scripts.lock().unwrap().push(Script::Hang);
    let (a, held) = join(&hub, "a", PLAIN);
    drop(held);
    sleep(LINGER * 2).await;
    assert_eq!(platforms.open.load(Ordering::SeqCst), 0, "B15, B16: no reader stays");
    assert_eq!(a.words(), ["subscribed", "connecting"], "and nothing comes after leaving");
}

#[tokio::test(start_paused = true)]
async fn a_lost_platform_is_told_and_read_again() {
    let (hub, platforms) = setup();
    let (a, _a) = join(&hub, "a", PLAIN);
    settle().await;
    platforms.send("a", chat("1", "before")).await;
    platforms.fail("a", lost());
    settle().await;
    let (late, _l) = join(&hub, "a", PLAIN);
    assert_eq!(late.words(), ["subscribed", "reconnecting"], "B12: nobody is told that it runs while it does not");
    sleep(Duration::from_secs(3)).await;
    platforms.send("a", chat("1", "before")).await;
    platforms.send("a", chat("2", "after")).await;
    settle().await;
    assert_eq!(
        a.words(),
        ["subscribed", "connecting", "started", "before", "reconnecting", "started", "after"],
        "what the platform repeats after a reconnect comes once"
    );
    let frame = a.heard.lock().unwrap().iter().find(|f| f["status"] == "reconnecting").unwrap().clone();
    assert_eq!(frame["cause"], "Twitch closed the connection.");
    assert!((800..=1200).contains(&frame["retry_in_ms"].as_u64().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_cannot_be_reached_is_an_error_once_and_then_heals() {
    let (hub, platforms) = setup();
    let scripts = [Script::Start, Script::Fail(lost()), Script::Fail(lost())];
    *platforms.scripts.lock().unwrap() = scripts.into();
    let (a, _a) = join(&hub, "a", PLAIN);
    sleep(Duration::from_secs(10)).await;
    let heard = a.words();
    assert_eq!(heard[..4], ["subscribed", "connecting", "reconnecting", "UPSTREAM_UNAVAILABLE"]);
    assert_eq!(heard.last().unwrap(), "started");
    let told = |word: &str| heard.iter().filter(|heard| *heard == word).count();
    assert_eq!((told("reconnecting"), told("UPSTREAM_UNAVAILABLE")), (2, 1), "the error once, the state each time");
    assert!(ErrorCode::UpstreamUnavailable.keeps_subscription());
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_says_nothing_is_told_within_the_limit() {
    let (hub, platforms) = setup();
    platforms.scripts.lock().unwrap().push(Script::Hang);
    let (a, _a) = join(&hub, "a", PLAIN);
    sleep(START_LIMIT + Duration::from_millis(50)).await;
    assert_eq!(a.words(), ["subscribed", "connecting", "reconnecting", "TIMEOUT"], "B14");
}

#[tokio::test(start_paused = true)]
async fn an_end_is_told_to_all_and_the_next_viewer_starts_anew() {
    let (hub, platforms) = setup();
    let (a, held) = join(&hub, "a", PLAIN);
    let (b, _b) = join(&hub, "a", PLAIN);
    settle().await;
    platforms.fail("a", UpstreamError::Ended { text: "The channel was suspended.".into() });
    settle().await;
    assert_eq!(a.words(), ["subscribed", "connecting", "started", "ended", "STREAM_ENDED"]);
    assert_eq!(b.words()[2..], ["started", "ended", "STREAM_ENDED"]);
    assert!(held.is_over());
    let (c, _c) = join(&hub, "a", PLAIN);
    settle().await;
    drop(held);
    settle().await;
    platforms.send("a", chat("1", "new life")).await;
    settle().await;
    assert_eq!(
        c.words(),
        ["subscribed", "connecting", "started", "new life"],
        "B17: dropping the old subscription does not touch the new channel"
    );
}

#[tokio::test(start_paused = true)]
async fn not_live_sends_away_those_who_do_not_wait() {
    let (hub, platforms) = setup();
    let not_live =
        || Script::Fail(UpstreamError::NotLive(NotLive::new("@a is not live.", Duration::from_secs(30)).into()));
    *platforms.scripts.lock().unwrap() = vec![Script::Start, not_live(), not_live()];
    let (hasty, held) = join(&hub, "a", PLAIN);
    let (patient, _p) = join(&hub, "a", Ask { wait: true, ..PLAIN });
    settle().await;
    assert_eq!(hasty.words(), ["subscribed", "connecting", "STREAM_NOT_LIVE"]);
    assert!(held.is_over());
    assert_eq!(patient.words(), ["subscribed", "connecting", "waiting"]);
    let (late, _l) = join(&hub, "a", PLAIN);
    assert_eq!(late.words(), ["subscribed", "STREAM_NOT_LIVE"]);
    sleep(Duration::from_secs(65)).await;
    assert_eq!(patient.words(), ["subscribed", "connecting", "waiting", "started"]);
    assert_eq!(hasty.words().len(), 3, "who was sent away hears no more");
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_that_ends_sends_away_those_who_do_not_wait_for_the_next() {
    let (hub, platforms) = setup();
    let ended = NotLive { ended: true, ..NotLive::new("The stream of @a has ended.", Duration::from_secs(30)) };
    *platforms.scripts.lock().unwrap() = vec![Script::Start, Script::Fail(UpstreamError::NotLive(ended.into()))];
    let (hasty, held) = join(&hub, "a", PLAIN);
    let (patient, _p) = join(&hub, "a", Ask { wait: true, ..PLAIN });
    settle().await;
    assert_eq!(hasty.words(), ["subscribed", "connecting", "ended", "STREAM_ENDED"]);
    assert!(held.is_over());
    assert_eq!(patient.words(), ["subscribed", "connecting", "waiting"]);
    let (late, _l) = join(&hub, "a", PLAIN);
    assert_eq!(late.words(), ["subscribed", "STREAM_NOT_LIVE"]);
    sleep(Duration::from_secs(35)).await;
    assert_eq!(patient.words(), ["subscribed", "connecting", "waiting", "started"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_connector_is_a_reconnect_of_one_channel() {
    let (hub, platforms) = setup();
    let (other, _o) = join(&hub, "other", PLAIN);
    settle().await;
    platforms.scripts.lock().unwrap().push(Script::Panic);
    let (a, _a) = join(&hub, "a", PLAIN);
    sleep(Duration::from_secs(3)).await;
    assert_eq!(a.words().last().unwrap(), "started");
    platforms.send("other", chat("1", "fine")).await;
    settle().await;
    assert_eq!(other.words().last().unwrap(), "fine");
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_gets_what_was_missed_and_nothing_twice() {
    let (hub, platforms) = setup();
    let (a, held) = join(&hub, "a", Ask { profile: everything(), ..PLAIN });
    settle().await;
    platforms.send("a", chat("1", "one")).await;
    platforms.send("a", chat("2", "two")).await;
    settle().await;
    let since = a.heard.lock().unwrap().last().unwrap()["seq"].as_u64();
    drop(held);
    platforms.send("a", chat("3", "three")).await;
    platforms.send("a", deletion("1")).await;
    platforms.send("a", chat("4", "four")).await;
    settle().await;
    let (b, _b) = join(&hub, "a", Ask { profile: everything(), since, ..PLAIN });
    let (fresh, _f) = join(&hub, "a", Ask { backlog: 2, ..PLAIN });
    platforms.send("a", chat("5", "five")).await;
    settle().await;
    assert_eq!(
        b.words(),
        ["subscribed", "started", "three", "moderation:delete_message", "four", "five"],
        "messages and deletions since"
    );
    assert_eq!(fresh.words(), ["subscribed", "started", "three", "four", "five"]);
    let (old, _o) = join(&hub, "a", Ask { since: Some(5), ..PLAIN });
    assert_eq!(old.words()[..3], ["subscribed", "started", "gap"], "numbers of an earlier life");
    assert_eq!(old.words()[3..], ["two", "three", "four", "five"], "the deleted one is not among them");
}

#[tokio::test(start_paused = true)]
async fn what_was_never_heard_is_told_to_all_and_to_those_who_come_back_from_before() {
    let (hub, platforms) = setup();
    let (a, held) = join(&hub, "a", PLAIN);
    let (b, _b) = join(&hub, "a", PLAIN);
    settle().await;
    platforms.send("a", chat("1", "one")).await;
    settle().await;
    let since = a.last()["seq"].as_u64();
    drop(held);
    platforms.signal("a", Signal::Missed).await;
    platforms.send("a", chat("2", "two")).await;
    settle().await;
    assert_eq!(b.words()[2..], ["started", "one", "gap", "two"], "where it is missing");
    let (back, _back) = join(&hub, "a", Ask { since, ..PLAIN });
    let (after, _after) = join(&hub, "a", Ask { since: b.last()["seq"].as_u64(), ..PLAIN });
    let (new, _new) = join(&hub, "a", Ask { backlog: 5, ..PLAIN });
    assert_eq!(back.words(), ["subscribed", "started", "gap", "two"]);
    assert_eq!(after.words(), ["subscribed", "started"], "it knows what came later");
    assert_eq!(new.words(), ["subscribed", "started", "one", "two"], "who is new misses nothing");
}

#[tokio::test(start_paused = true)]
async fn stopping_ends_every_channel_within_the_limit() {
    let (hub, platforms) = setup();
    let _held: Vec<_> = (0..20).map(|n| join(&hub, &format!("c{n}"), PLAIN)).collect();
    settle().await;
    assert_eq!(platforms.open.load(Ordering::SeqCst), 20);
    tokio::time::timeout(Duration::from_secs(5), hub.shutdown()).await.expect("within 5 s");
    assert_eq!(platforms.open.load(Ordering::SeqCst), 0);
    let key = hub.key(Platform::Twitch, IdentifierType::Username, "x").unwrap();
    let viewer = Arc::<Ear>::default();
    let ack = Parcel::of(b"{}");
    let refused =
        hub.join(Join { key, viewer, profile: Profile::default(), wait: false, backlog: 0, since: None, ack });
    assert!(refused.is_err(), "a stopping hub opens nothing");
}

#[tokio::test(start_paused = true)]
async fn the_number_of_open_channels_is_bounded() {
    let platforms = Arc::<Platforms>::default();
    let hub = Hub::new([Arc::new(Scripted(platforms)) as Arc<dyn Connector>], HubLimits { channels: 2 });
    let _a = join(&hub, "a", PLAIN);
    let _b = join(&hub, "b", PLAIN);
    let key = hub.key(Platform::Twitch, IdentifierType::Username, "c").unwrap();
    let (viewer, ack) = (Arc::<Ear>::default(), Parcel::of(b"{}"));
    let refused =
        hub.join(Join { key, viewer, profile: Profile::default(), wait: false, backlog: 0, since: None, ack });
    assert_eq!(refused.err().unwrap().code, ErrorCode::TooManySubscriptions);
    assert_eq!(
        hub.key(Platform::Youtube, IdentifierType::Username, "c").unwrap_err().code,
        ErrorCode::UnsupportedPlatform
    );
}
