//! The façade against a simulated Twitch, on real sockets.

mod pictures;
mod pushes;
mod resolving;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::{Body, ChatEvent, EventData, EventName};
use polychat_testkit::SimTwitchSide;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{HermesTimings, Side, Timings};
use crate::twitch::TwitchConfig;
use crate::{Signal, UpstreamState};

/// How long a test waits before it calls it a failure.
const PATIENCE: Duration = Duration::from_secs(30);

fn quick() -> Timings {
    let ms = Duration::from_millis;
    Timings {
        request: Duration::from_secs(5),
        resolve: [Duration::from_secs(5); 3],
        resolved: Duration::from_secs(60),
        batch_gap: ms(20),
        poll: ms(60),
        pictures: Duration::from_secs(3600),
        retry: ms(20),
        settle: ms(0),
        hermes: HermesTimings { connect: Duration::from_secs(5), grace: ms(100), pause_min: ms(5), pause_max: ms(20) },
    }
}

fn config(sim: &SimTwitchSide) -> TwitchConfig {
    TwitchConfig {
        gql_url: Some(sim.gql_url()),
        hermes_url: Some(sim.hermes_url()),
        ivr_url: Some(sim.ivr_url()),
        decapi_url: Some(sim.decapi_url()),
        recent_messages_url: Some(sim.recent_url()),
        client_ids: vec!["one".to_owned(), "two".to_owned()],
        ..TwitchConfig::irc_only("ws://127.0.0.1:1")
    }
}

/// A façade that ends with the test.
struct Fixture {
    side: Arc<Side>,
    tasks: TaskTracker,
    cancel: CancellationToken,
}

impl Fixture {
    fn new(config: &TwitchConfig, timings: Timings) -> Self {
        let (tasks, cancel) = (TaskTracker::new(), CancellationToken::new());
        let side = Side::with_timings(config, timings, tasks.clone(), cancel.clone());
        Self { side, tasks, cancel }
    }

    fn of(sim: &SimTwitchSide) -> Self {
        Self::new(&config(sim), quick())
    }

    async fn stop(self) {
        self.cancel.cancel();
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.expect("every task ends");
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Waits until something is so.
async fn until(what: &str, mut so: impl FnMut() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "waited in vain until {what}");
}

/// The next signal of which `pick` makes something.
async fn next<T>(out: &mut mpsc::Receiver<Signal>, what: &str, mut pick: impl FnMut(Signal) -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(picked) = pick(out.recv().await.expect("the outlet stays open")) {
                return picked;
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

fn as_event(signal: Signal) -> Option<(ChatEvent, EventData)> {
    let Signal::Event(event) = signal else { return None };
    let Body::Event(data) = event.body.clone() else { return None };
    Some((event, *data))
}

async fn next_event(out: &mut mpsc::Receiver<Signal>, name: EventName) -> (ChatEvent, EventData) {
    next(out, &format!("{name:?}"), |signal| as_event(signal).filter(|(_, data)| data.event == name)).await
}

async fn next_live(out: &mut mpsc::Receiver<Signal>, expected: bool) {
    next(out, "a change of live", |signal| match signal {
        Signal::State(UpstreamState::Started(started)) if started.live == Some(expected) => Some(()),
        _ => None,
    })
    .await;
}

/// A folder that is removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("polychat-side-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
