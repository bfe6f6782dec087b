//! Twenty channels of YouTube for a day, a thousand times as fast as a day is: does memory stay flat?
//!
//! `cargo bench -p polychat-platforms --bench youtube_follow` runs the real connector, and a simulated YouTube in
//! a process of its own, over real sockets; a word behind `--` is how many hours to follow (24). Every channel talks, ends
//! its stream every four hours and begins the next one. The figures of this process are printed for every two hours.
#![expect(clippy::print_stdout, reason = "it prints figures")]

use std::io::BufRead as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use polychat_model::{Body, IdentifierType};
use polychat_platforms::youtube::{Timings, YoutubeConfig, YoutubeConnector};
use polychat_platforms::{Connector, Signal, UpstreamError};
use polychat_testkit::youtube::SimYoutube;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

const CHANNELS: usize = 20;
/// How many times as fast as it is.
const HASTE: u32 = 1_000;
const HOUR: Duration = Duration::from_secs(3_600);
/// A message a simulated minute and channel.
const TALK: Duration = Duration::from_secs(60);
/// Set for the process that plays YouTube.
const PLAYER: &str = "POLYCHAT_BENCH_PLAYS_YOUTUBE";

fn timings() -> Timings {
    let real = Timings::default();
    Timings {
        signal_gap: real.signal_gap / HASTE,
        signal_gap_longest: real.signal_gap_longest / HASTE,
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

/// Plays YouTube in a process of its own, so that its memory is not taken for ours. Ends with its parent.
async fn play(hours: u32) {
    let sim = SimYoutube::start().await;
    let names: Vec<String> = names().collect();
    for name in &names {
        sim.add_channel(name, name);
    }
    let mut videos: Vec<String> = names.iter().map(|name| sim.start_stream(name, "the first")).collect();
    println!("{}", sim.url());
    let began = Instant::now();
    for n in 1..=(HOUR * hours).as_secs() / TALK.as_secs() {
        sleep_until(began + TALK / HASTE * n as u32).await;
        for (at, name) in names.iter().enumerate() {
            // Each channel at another time.
            if (n + at as u64 * 7).is_multiple_of(240) {
                sim.end(&videos[at]);
                videos[at] = sim.start_stream(name, "the next");
            }
            sim.say(&videos[at], "viewer", "a message as people write it, with a few words");
        }
    }
    // The parent ends this.
    std::future::pending::<()>().await;
}

fn names() -> impl Iterator<Item = String> {
    (0..CHANNELS).map(|n| format!("channel{n}"))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let hours = std::env::args().filter_map(|argument| argument.parse().ok()).next_back().unwrap_or(24_u32);
    if std::env::var_os(PLAYER).is_some() {
        play(hours).await;
    }
    let mut player = std::process::Command::new(std::env::current_exe()?)
        .arg(hours.to_string())
        .env(PLAYER, "1")
        .stdout(std::process::Stdio::piped())
        .spawn()?;
    let mut url = String::new();
    let told = player.stdout.take().map(std::io::BufReader::new);
    told.context("the player tells its address")?.read_line(&mut url)?;
    let url = url.trim().to_owned();
    let config = YoutubeConfig { signaler_url: Some(url.clone()), url, replay: None };
    let connector = Arc::new(YoutubeConnector::with_timings(&config, timings()));
    let (heard, ends) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let cancel = CancellationToken::new();
    let mut readers = JoinSet::new();
    for name in names() {
        let (connector, cancel) = (Arc::clone(&connector), cancel.clone());
        let (heard, ends) = (Arc::clone(&heard), Arc::clone(&ends));
        let key = connector.key(IdentifierType::Username, &name)?;
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
    println!("hour   MiB   messages heard   streams ended");
    let began = Instant::now();
    for hour in 1..=hours {
        sleep_until(began + HOUR / HASTE * hour).await;
        if hour.is_multiple_of(2) {
            let (heard, ends) = (heard.load(Ordering::Relaxed), ends.load(Ordering::Relaxed));
            println!("{hour:>4} {:>6.1} {heard:>15} {ends:>15}", memory());
        }
    }
    cancel.cancel();
    readers.join_all().await;
    player.kill()?;
    player.wait()?;
    Ok(())
}
