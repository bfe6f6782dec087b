//! The `tiktok` command.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::Context;
use polychat_testkit::SimTiktok;
use polychat_testkit::tiktok::{Endpoint, Fault, Refusal, Talk};

use super::misbehave::{Misbehave, Trouble};

/// Between two broadcasts, when broadcasts end.
const PAUSE: Duration = Duration::from_secs(20);

#[derive(clap::Args)]
pub(crate) struct Tiktok {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 7120)]
    port: u16,
    /// Happenings a second in each channel; 0 is silence.
    #[arg(long, default_value_t = 3.0)]
    rate: f64,
    /// Names of the channels, separated by commas. All of them are live.
    #[arg(long, value_delimiter = ',', default_value = "polychat")]
    channels: Vec<String>,
    /// End each broadcast after so many minutes, and begin the next one soon after, in a room of its own.
    #[arg(long, value_name = "MINUTES")]
    stream_minutes: Option<f64>,
    /// What goes wrong, and how often: cut, close, close-frame, garbage, repeat, silent (the next socket), drop (the next
    /// socket), blocked (the next socket), 403 (the next socket), limited (the next question about a channel), captcha (the
    /// same) or restart (the broadcast, in another room), then `:` and a time (`cut:30s`). Several may be given.
    #[arg(long, value_name = "WHAT:EVERY")]
    misbehave: Vec<Misbehave<What>>,
    /// The same seed gives the same talk.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Cut,
    Close,
    CloseFrame,
    Garbage,
    Repeat,
    Restart,
    /// The next request fails like this.
    Next(Endpoint, Fault),
}

impl Trouble for What {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("cut", Self::Cut),
        ("close", Self::Close),
        ("close-frame", Self::CloseFrame),
        ("garbage", Self::Garbage),
        ("repeat", Self::Repeat),
        ("restart", Self::Restart),
        ("silent", Self::Next(Endpoint::Socket, Fault::Silent)),
        ("drop", Self::Next(Endpoint::Socket, Fault::Dropped)),
        ("blocked", Self::Next(Endpoint::Socket, Fault::Refused(Refusal::DeviceBlocked))),
        ("403", Self::Next(Endpoint::Socket, Fault::Status(403))),
        ("limited", Self::Next(Endpoint::RoomState, Fault::RateLimited(Some(5)))),
        ("captcha", Self::Next(Endpoint::RoomState, Fault::Captcha)),
    ];
}

/// Simulates until Ctrl+C.
pub(crate) async fn run(args: Tiktok) -> anyhow::Result<()> {
    let sim = SimTiktok::start_at((Ipv4Addr::LOCALHOST, args.port).into())
        .await
        .with_context(|| format!("cannot listen on port {} of 127.0.0.1", args.port))?;
    println!("POLYCHAT_TIKTOK_URL={}", sim.url());
    println!("POLYCHAT_TIKTOK_WEBCAST_URL={}", sim.webcast_url());
    println!("POLYCHAT_TIKTOK_WS_URL={}", sim.ws_url());
    println!("POLYCHAT_TIKTOK_TTWID_URL={}", sim.ttwid_url());
    let names: Vec<String> = args.channels.iter().map(|name| name.trim_start_matches('@').to_owned()).collect();
    eprintln!("Simulated TikTok; channels that are live: @{}. Stop with Ctrl+C.", names.join(", @"));

    let shows = names.iter().zip(args.seed..).map(|(name, seed)| channel(&sim, &args, name, seed));
    let shows = futures_util::future::join_all(shows);
    let trouble = args.misbehave.iter().map(|misbehave| misbehave.run(|what| go_wrong(&sim, &names, what)));
    let trouble = futures_util::future::join_all(trouble);
    tokio::select! {
        _ = shows => {}
        () = async { trouble.await; std::future::pending::<()>().await } => {}
        result = tokio::signal::ctrl_c() => result.context("cannot wait for Ctrl+C")?,
    }
    sim.stop().await;
    Ok(())
}

/// One broadcast after the other, for ever.
async fn channel(sim: &SimTiktok, args: &Tiktok, name: &str, seed: u64) {
    let channel = sim.channel(name);
    channel.change(|channel| channel.title = format!("{name} repots everything"));
    let mut talk = Talk::new(seed);
    loop {
        channel.go_live();
        let talking = async {
            if args.rate <= 0.0 {
                return std::future::pending().await;
            }
            let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / args.rate));
            loop {
                tick.tick().await;
                talk.act(&channel);
            }
        };
        let Some(minutes) = args.stream_minutes.filter(|minutes| *minutes > 0.0) else { return talking.await };
        // It only ends by its time.
        let _over = tokio::time::timeout(Duration::from_secs_f64(minutes * 60.0), talking).await;
        eprintln!("The broadcast of @{name} has ended; the next one begins in {} s.", PAUSE.as_secs());
        channel.end();
        tokio::time::sleep(PAUSE).await;
    }
}

fn go_wrong(sim: &SimTiktok, names: &[String], what: What) {
    let live = || names.iter().map(|name| sim.channel(name)).filter(|channel| channel.state().status == 2);
    match what {
        What::Cut => sim.cut(),
        What::Close => sim.close(1000, ""),
        What::CloseFrame => live().for_each(|channel| channel.close_frame("disable_web_direct")),
        What::Garbage => live().for_each(|channel| channel.garbage()),
        What::Repeat => live().for_each(|channel| channel.repeat_last()),
        What::Restart => live().for_each(|channel| {
            channel.restart();
        }),
        // While nobody asks, trouble does not pile up.
        What::Next(endpoint, _) if sim.will_fail(endpoint) => {}
        What::Next(endpoint, fault) => sim.fault(endpoint, fault, 1),
    }
}
