//! The push channel over real sockets, against the simulated YouTube in all its moods.

use polychat_testkit::SimYoutube;
use polychat_testkit::youtube::{Endpoint, Fault};
use serde_json::json;

use super::*;

/// Quick, but not so quick that a busy machine is taken for a silent server.
fn patience() -> Patience {
    let ms = Duration::from_millis;
    Patience { silence: ms(3_000), retry_first: ms(10), retry_longest: ms(50), healthy: ms(60_000), again: ms(5) }
}

struct Listening {
    sim: SimYoutube,
    video: String,
    hear: watch::Receiver<Push>,
    tasks: JoinSet<()>,
}

impl Listening {
    async fn with(patience: Patience, mood: impl FnOnce(&SimYoutube)) -> Self {
        let sim = SimYoutube::start().await;
        sim.add_channel("weir", "Weir");
        let video = sim.start_stream("weir", "a stream");
        mood(&sim);
        let signaler = Arc::new(Signaler::with_patience(&sim.signaler_url(), patience).unwrap());
        let mut tasks = JoinSet::new();
        let hear = signaler.listen(&mut tasks, format!("chat~{video}"));
        Self { sim, video, hear, tasks }
    }

    async fn to(mood: impl FnOnce(&SimYoutube)) -> Self {
        Self::with(patience(), mood).await
    }

    async fn until(&mut self, what: &str, so: impl FnMut(&Push) -> bool) -> Push {
        let waiting = timeout(Duration::from_secs(20), self.hear.wait_for(so)).await;
        *waiting.unwrap_or_else(|_| panic!("waited in vain until {what}")).unwrap()
    }

    async fn connected(&mut self) {
        self.until("it is connected", |push| push.connected).await;
        self.sim.until("somebody listens", |sim| sim.listeners(&self.video) == 1).await;
    }

    /// Says something, and waits for the signal of it.
    async fn say(&mut self, text: &str) -> Push {
        let before = *self.hear.borrow_and_update();
        let now = self.sim.now_usec();
        self.sim.say(&self.video, "ada", text);
        let push =
            self.until("a signal", |push| push.signals > before.signals && push.publish_usec > before.publish_usec);
        let push = push.await;
        assert!(push.publish_usec.abs_diff(now) < 10_000_000, "the time of the message");
        push
    }
}

#[tokio::test]
async fn a_message_is_signalled() {
    let mut listening = Listening::to(|_| {}).await;
    listening.connected().await;
    assert_eq!(listening.hear.borrow().signals, 0, "subscribing is no signal");
    listening.say("one").await;
    listening.say("two").await;
    assert_eq!(listening.sim.requests(Endpoint::ChooseServer), 1);
    assert_eq!(listening.sim.requests(Endpoint::Unknown), 0);
}

#[tokio::test]
async fn the_three_requests_are_those_of_the_page() {
    let mut listening = Listening::to(|_| {}).await;
    listening.connected().await;
    let log = |endpoint| listening.sim.log(endpoint).pop().unwrap();
    for endpoint in [Endpoint::ChooseServer, Endpoint::OpenPush, Endpoint::ListenPush] {
        let asked = log(endpoint);
        assert_eq!(asked.header("referer"), Some("https://www.youtube.com/"), "{endpoint:?}");
        assert_eq!(asked.header("accept-encoding"), Some("identity"), "a compressed stream would come late");
        assert!(asked.header("cookie").is_none() && asked.header("user-agent").unwrap().contains("Chrome/"));
    }
    assert_eq!(log(Endpoint::ChooseServer).header("content-type"), Some("application/json+protobuf"));
    assert_eq!(log(Endpoint::OpenPush).header("x-webchannel-content-type"), Some("application/json+protobuf"));
    assert!(log(Endpoint::ListenPush).path.contains("AID=0"));
}

#[tokio::test]
async fn frames_may_come_in_pieces_or_together() {
    for split in [None, Some(1), Some(7)] {
        let mut listening = Listening::to(|sim| {
            sim.split_frames(split);
            sim.join_frames(true);
        })
        .await;
        listening.connected().await;
        listening.say("one").await;
    }
}

#[tokio::test]
async fn an_answer_that_ends_is_asked_for_again_with_what_was_heard() {
    let mut listening = Listening::to(|sim| {
        sim.hold_push(Some(Duration::from_millis(100)));
        sim.push_keepalive(Duration::from_millis(40));
    })
    .await;
    listening.connected().await;
    listening.say("one").await;
    listening.sim.until("it was asked again", |sim| sim.requests(Endpoint::ListenPush) > 3).await;
    listening.say("two").await;
    assert_eq!(listening.sim.requests(Endpoint::OpenPush), 1, "the same session goes on");
    let asked = listening.sim.log(Endpoint::ListenPush);
    let heard: Vec<u64> =
        asked.iter().filter_map(|asked| asked.path.split("AID=").nth(1)?.split('&').next()?.parse().ok()).collect();
    assert!(heard.is_sorted() && heard[0] == 0 && heard[heard.len() - 1] > 2, "{heard:?}");
}

#[tokio::test]
async fn a_session_that_is_forgotten_or_cut_is_opened_anew() {
    let mut listening = Listening::to(|_| {}).await;
    listening.connected().await;
    listening.say("one").await;
    for forget in [true, false] {
        let opened = listening.sim.requests(Endpoint::OpenPush);
        if forget {
            listening.sim.forget_push();
        } else {
            listening.sim.cut_push();
        }
        listening.sim.until("a new session", |sim| sim.requests(Endpoint::OpenPush) > opened).await;
        listening.connected().await;
        listening.say("more").await;
    }
}

#[tokio::test]
async fn a_lost_channel_says_so_until_it_is_back() {
    let mut listening = Listening::to(|_| {}).await;
    listening.connected().await;
    listening.sim.fail_always(Endpoint::ChooseServer, Fault::Status(503));
    listening.sim.forget_push();
    listening.until("it is lost", |push| !push.connected).await;
    listening.sim.well(Endpoint::ChooseServer);
    listening.connected().await;
    listening.say("again").await;
}

#[tokio::test]
async fn whatever_is_answered_instead_it_heals() {
    let faults = [
        Fault::Status(400),
        Fault::Status(429),
        Fault::Status(503),
        Fault::Html,
        Fault::Sorry,
        Fault::Truncated,
        Fault::Cut,
        Fault::Empty,
        Fault::Garbage,
        Fault::Huge(300_000),
    ];
    for endpoint in [Endpoint::ChooseServer, Endpoint::OpenPush, Endpoint::ListenPush] {
        let mut listening = Listening::to(|sim| {
            for fault in faults {
                sim.fail(endpoint, fault, 1);
            }
        })
        .await;
        let asked = faults.len() as u64 + 1;
        listening.sim.until("all faults are over", |sim| sim.requests(endpoint) >= asked).await;
        listening.connected().await;
        listening.say("healed").await;
    }
}

#[tokio::test]
async fn silence_ends_a_session() {
    let short = Patience { silence: Duration::from_millis(200), ..patience() };
    let listening = Listening::with(short, |sim| sim.push_keepalive(Duration::from_secs(600))).await;
    listening.sim.until("a new session", |sim| sim.requests(Endpoint::OpenPush) >= 2).await;
}

#[tokio::test]
async fn noops_are_life_enough() {
    let short = Patience { silence: Duration::from_millis(1_500), ..patience() };
    let mut listening = Listening::with(short, |sim| sim.push_keepalive(Duration::from_millis(100))).await;
    listening.connected().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!((listening.sim.requests(Endpoint::OpenPush), listening.hear.borrow().signals), (1, 0));
}

#[tokio::test]
async fn pings_and_unknown_frames_are_no_signals_and_close_ends_the_session() {
    let mut listening = Listening::to(|_| {}).await;
    listening.connected().await;
    listening.sim.ping();
    let untimed = json!([[[["1", [null, [[[null, "EJ", 5]]]]]]]]);
    for odd in [json!([{"new": 1}]), json!([]), json!(7), untimed] {
        listening.sim.push_frame(&odd);
    }
    assert_eq!(listening.say("one").await.signals, 1);
    assert_eq!(listening.sim.requests(Endpoint::OpenPush), 1);
    listening.sim.push_frame(&json!(["close"]));
    listening.sim.until("a new session", |sim| sim.requests(Endpoint::OpenPush) == 2).await;
}

#[tokio::test]
async fn nobody_is_asked_any_more_when_nobody_hears() {
    let mut listening = Listening::to(|_| {}).await;
    listening.connected().await;
    drop(listening.hear);
    assert!(listening.tasks.join_next().await.unwrap().is_ok(), "the task ends by itself");
    listening.sim.until("nobody listens", |sim| sim.listeners(&listening.video) == 0).await;
}

#[tokio::test]
async fn a_topic_without_an_end_is_not_asked_for() {
    let sim = SimYoutube::start().await;
    let signaler = Arc::new(Signaler::new(&sim.signaler_url()).unwrap());
    let mut tasks = JoinSet::new();
    let mut hear = signaler.listen(&mut tasks, "x".repeat(NAME_MAX + 1));
    assert!(hear.changed().await.is_err(), "it ends at once");
    assert_eq!(sim.requests(Endpoint::ChooseServer), 0);
    assert!(Signaler::new("file:///etc/passwd").is_none());
}
