//! Twenty channels of YouTube for a day, a thousand times as fast as a day is: does memory stay flat?
//!
//! `cargo bench -p polychat-platforms --bench youtube_follow` runs a simulated YouTube and the real connector in this
//! process, over real sockets; words behind `--` are the hours to follow (24). Every channel talks, ends its stream every
//! four hours and begins the next one. The figures of both together are printed for every two hours.
#![expect(clippy::print_stdout, reason = "it prints figures")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use polychat_model::{Body, IdentifierType};
use polychat_platforms::youtube::{Timings, YoutubeConfig, YoutubeConnector};
use polychat_platforms::{Connector, Signal, UpstreamError};
use polychat_testkit::youtube::{Endpoint, SimYoutube};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

const CHANNELS: usize = 20;
/// How many times as fast as it is.
const HASTE: u32 = 1_000;
const HOUR: Duration = Duration::from_secs(3_600);
/// A message a simulated minute and channel.
const TALK: Duration = Duration::from_secs(60);

fn timings() -> Timings {
    let real = Timings::default();
    Timings {
        signal_gap: real.signal_gap / HASTE,
        backstop: real.backstop / HASTE,
        poll_first: real.poll_first / HASTE,
        poll_longest: real.poll_longest / HASTE,
        retry_first: real.retry_first / HASTE,
        retry_longest: real.retry_longest / HASTE,
        limited_longest: real.limited_longest / HASTE,
        hiccup: real.hiccup / HASTE,
        watchdog: real.watchdog / HASTE,
        refresh: real.refresh / HASTE,
        metadata: real.metadata / HASTE,
        look_again: real.look_again / HASTE,
        look_again_soon: real.look_again_soon / HASTE,
        around_start: real.around_start / HASTE,
        look_around: real.look_around / HASTE,
    }
}

/// Resident memory of this process in MiB, where the system tells.
fn memory() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0.0);
    pages * 4_096.0 / 1_048_576.0
}

#[tokio::main]
async fn main() {
    let hours = std::env::args().filter_map(|argument| argument.parse().ok()).next_back().unwrap_or(24_u32);
    let sim = SimYoutube::start().await;
    let names: Vec<String> = (0..CHANNELS).map(|n| format!("channel{n}")).collect();
    let mut videos: Vec<String> = Vec::new();
    for name in &names {
        sim.add_channel(name, name);
        videos.push(sim.start_stream(name, "the first"));
    }
    let config = YoutubeConfig { url: sim.url(), signaler_url: Some(sim.signaler_url()), replay: None };
    let connector = Arc::new(YoutubeConnector::with_timings(&config, timings()));
    let (heard, ends) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let cancel = CancellationToken::new();
    let mut readers = JoinSet::new();
    for name in &names {
        let (connector, cancel) = (Arc::clone(&connector), cancel.clone());
        let (heard, ends) = (Arc::clone(&heard), Arc::clone(&ends));
        let Ok(key) = connector.key(IdentifierType::Username, name) else { return };
        readers.spawn(async move {
            while !cancel.is_cancelled() {
                let (out, mut inlet) = tokio::sync::mpsc::channel(256);
                let count = async {
                    while let Some(signal) = inlet.recv().await {
                        if let Signal::Event(event) = signal
                            && matches!(event.body, Body::Chat(_))
                        {
                            heard.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                };
                let (outcome, ()) = tokio::join!(connector.read(key.clone(), out, cancel.clone()), count);
                let pause = match outcome {
                    Err(UpstreamError::NotLive(not_live)) => {
                        ends.fetch_add(u64::from(not_live.ended), Ordering::Relaxed);
                        not_live.retry_in
                    }
                    _ => Duration::from_millis(5),
                };
                sleep(pause).await;
            }
        });
    }
    println!("hour   MiB   messages said / heard   requests of the chat   streams ended");
    let (began, mut said) = (Instant::now(), 0_u64);
    let step = TALK / HASTE;
    for n in 1..=(HOUR * hours).as_secs() / TALK.as_secs() {
        sleep_until(began + step * n as u32).await;
        for (at, name) in names.iter().enumerate() {
            // Each channel at another time.
            if (n + at as u64 * 7).is_multiple_of(240) {
                sim.end(&videos[at]);
                videos[at] = sim.start_stream(name, "the next");
            }
            sim.say(&videos[at], "viewer", "a message as people write it, with a few words");
            said += 1;
        }
        if n.is_multiple_of(120) {
            let (heard, ends) = (heard.load(Ordering::Relaxed), ends.load(Ordering::Relaxed));
            let fetches = sim.requests(Endpoint::GetLiveChat);
            println!("{:>4} {:>6.1} {said:>14} / {heard:<8} {fetches:>18} {ends:>15}", n / 60, memory());
        }
    }
    cancel.cancel();
    readers.join_all().await;
}
