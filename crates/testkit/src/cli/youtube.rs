//! The `youtube` command.

use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use polychat_testkit::SimYoutube;
use polychat_testkit::youtube::{Endpoint, Fault, Talk};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::misbehave::{Misbehave, Trouble};

/// Between two streams, when streams end.
const PAUSE: Duration = Duration::from_secs(20);

/// How often viewers and likes change.
const AUDIENCE: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub(crate) struct Youtube {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 7119)]
    port: u16,
    /// Messages a second in each channel; 0 is silence.
    #[arg(long, default_value_t = 3.0)]
    rate: f64,
    /// Handles of the channels, separated by commas. All of them are live.
    #[arg(long, value_delimiter = ',', default_value = "polychat")]
    channels: Vec<String>,
    /// End each stream after so many minutes, announce the next one and begin it soon after.
    #[arg(long, value_name = "MINUTES")]
    stream_minutes: Option<f64>,
    /// What goes wrong, and how often: 400, 403, 429, 500, html, sorry, cut, truncate, hang, slow, garbage, dead-tokens,
    /// push-cut, push-forget or push-silent (for ten seconds), then `:` and a time (`cut:30s`). Several may be given.
    #[arg(long, value_name = "WHAT:EVERY")]
    misbehave: Vec<Misbehave<What>>,
    /// The time between writing a message and the servers telling it, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    server_delay: u64,
    /// Ask for consent before showing pages, as in the European Union.
    #[arg(long)]
    consent: bool,
    /// The same seed gives the same talk.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    /// The next request for chat fails like this.
    Chat(Fault),
    DeadTokens,
    PushCut,
    PushForget,
    PushSilent,
}

impl Trouble for What {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("400", Self::Chat(Fault::Status(400))),
        ("403", Self::Chat(Fault::Status(403))),
        ("429", Self::Chat(Fault::Status(429))),
        ("500", Self::Chat(Fault::Status(500))),
        ("html", Self::Chat(Fault::Html)),
        ("sorry", Self::Chat(Fault::Sorry)),
        ("cut", Self::Chat(Fault::Cut)),
        ("truncate", Self::Chat(Fault::Truncated)),
        ("hang", Self::Chat(Fault::Hang)),
        ("slow", Self::Chat(Fault::Slow(Duration::from_secs(5)))),
        ("garbage", Self::Chat(Fault::Garbage)),
        ("dead-tokens", Self::DeadTokens),
        ("push-cut", Self::PushCut),
        ("push-forget", Self::PushForget),
        ("push-silent", Self::PushSilent),
    ];
}

/// Simulates until Ctrl+C.
pub(crate) async fn run(args: Youtube) -> anyhow::Result<()> {
    let sim = SimYoutube::start_at((Ipv4Addr::LOCALHOST, args.port).into())
        .await
        .with_context(|| format!("cannot listen on port {} of 127.0.0.1", args.port))?;
    sim.server_delay(Duration::from_millis(args.server_delay));
    sim.ask_for_consent(args.consent, None);
    println!("POLYCHAT_YOUTUBE_URL={}", sim.url());
    println!("POLYCHAT_YOUTUBE_SIGNALER_URL={}", sim.signaler_url());
    let names: Vec<String> = args.channels.iter().map(|handle| handle.trim_start_matches('@').to_owned()).collect();
    eprintln!("Simulated YouTube; channels that are live: @{}. Stop with Ctrl+C.", names.join(", @"));

    let shows = names.iter().zip(args.seed..).map(|(handle, seed)| channel(&sim, &args, handle, seed));
    let shows = futures_util::future::join_all(shows);
    let trouble = args.misbehave.iter().map(|misbehave| misbehave.run(|what| go_wrong(&sim, what)));
    let trouble = futures_util::future::join_all(trouble);
    tokio::select! {
        _ = shows => {}
        () = async { trouble.await; std::future::pending::<()>().await } => {}
        result = tokio::signal::ctrl_c() => result.context("cannot wait for Ctrl+C")?,
    }
    sim.stop().await;
    Ok(())
}

/// One stream after the other, for ever.
async fn channel(sim: &SimYoutube, args: &Youtube, handle: &str, seed: u64) {
    let title = format!("{handle} builds a boat");
    sim.add_channel(handle, &title);
    let mut talk = Talk::new(seed, handle, &title);
    let mut rng = StdRng::seed_from_u64(seed);
    let mut video = sim.start_stream(handle, "Sanding the same plank, live");
    for day in 213.. {
        let streamed = stream(sim, &video, args.rate, &mut talk, &mut rng);
        let Some(minutes) = args.stream_minutes.filter(|minutes| *minutes > 0.0) else { return streamed.await };
        // It only ends by its time.
        let _over = tokio::time::timeout(Duration::from_secs_f64(minutes * 60.0), streamed).await;
        eprintln!("The stream of @{handle} has ended; the next one begins in {} s.", PAUSE.as_secs());
        sim.end(&video);
        let next = sim.schedule(handle, &format!("Day {day}: another plank }}; and tea"), unix() + PAUSE.as_secs());
        tokio::time::sleep(PAUSE / 2).await;
        sim.archive(&video);
        tokio::time::sleep(PAUSE / 2).await;
        sim.go_live(&next);
        video = next;
    }
}

fn unix() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

async fn stream(sim: &SimYoutube, video: &str, rate: f64, talk: &mut Talk, rng: &mut StdRng) {
    let audience = async {
        loop {
            let (comes, goes, likes) = (rng.random_range(0..12), rng.random_range(0..10), rng.random_range(0..3));
            sim.change(video, |video| {
                video.viewers = (video.viewers + comes).saturating_sub(goes).max(5);
                video.likes += likes;
            });
            tokio::time::sleep(AUDIENCE).await;
        }
    };
    let talking = async {
        if rate <= 0.0 {
            return std::future::pending().await;
        }
        let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
        loop {
            tick.tick().await;
            let id = sim.send(video, &talk.next_message());
            talk.was_sent(id);
        }
    };
    tokio::join!(audience, talking);
}

fn go_wrong(sim: &SimYoutube, what: What) {
    match what {
        // While nobody asks, trouble does not pile up.
        What::Chat(_) if sim.will_fail(Endpoint::GetLiveChat) => {}
        What::Chat(fault) => sim.fail(Endpoint::GetLiveChat, fault, 1),
        What::DeadTokens => sim.kill_all_tokens(),
        What::PushCut => sim.cut_push(),
        What::PushForget => sim.forget_push(),
        What::PushSilent => sim.silence_push_for(Duration::from_secs(10)),
    }
}
