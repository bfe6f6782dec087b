//! The `twitch` command.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use polychat_testkit::twitch::{Chatter, id_of};
use polychat_testkit::{SimTwitch, SimTwitchSide};

use super::misbehave::{Misbehave, Trouble};

#[derive(clap::Args)]
pub(crate) struct Twitch {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 7118)]
    port: u16,
    /// Messages a second in each channel. With --replay or --flood, 0 means as fast as they are taken; otherwise silence.
    #[arg(long, default_value_t = 3.0)]
    rate: f64,
    /// Channels in which people talk, separated by commas. Every other channel exists, too, but is quiet.
    #[arg(long, value_delimiter = ',', default_value = "polychat")]
    channels: Vec<String>,
    /// Play a file of IRC lines into every channel instead of invented talk.
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// Send this many messages of about 900 bytes of JSON into every channel instead of invented talk.
    #[arg(long, value_name = "COUNT", conflicts_with = "replay")]
    flood: Option<u64>,
    /// What goes wrong, and how often: close, reset, hang, reconnect or garbage, then `:` and a time (`close:30s`).
    /// Several may be given.
    #[arg(long, value_name = "WHAT:EVERY")]
    misbehave: Vec<Misbehave<What>>,
    /// Simulate what Twitch tells besides chat, too: GraphQL, Hermes and the services that stand in for them. The channels
    /// are live there, and their badges are known.
    #[arg(long)]
    side: bool,
    /// The same seed gives the same talk.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Close,
    Reset,
    Hang,
    Reconnect,
    Garbage,
}

impl Trouble for What {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("close", Self::Close),
        ("reset", Self::Reset),
        ("hang", Self::Hang),
        ("reconnect", Self::Reconnect),
        ("garbage", Self::Garbage),
    ];
}

fn go_wrong(sim: &SimTwitch, what: What) {
    match what {
        What::Close => sim.close(),
        What::Reset => sim.reset(),
        What::Hang => sim.hang(),
        What::Reconnect => sim.reconnect(),
        What::Garbage => sim.garbage(),
    }
}

/// Simulates until Ctrl+C.
pub(crate) async fn run(args: Twitch) -> anyhow::Result<()> {
    let lines = match &args.replay {
        Some(path) => Some(std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?),
        None => None,
    };
    let sim = SimTwitch::start_at((Ipv4Addr::LOCALHOST, args.port).into())
        .await
        .with_context(|| format!("cannot listen on port {} of 127.0.0.1", args.port))?;
    sim.use_clock();
    println!("POLYCHAT_TWITCH_IRC_URL={}", sim.irc_url());
    let _side = if args.side { Some(side(&args.channels).await) } else { None };
    eprintln!("Simulated Twitch; channels with talk: {}. Stop with Ctrl+C.", args.channels.join(", "));

    let talk = async {
        match (lines, args.flood) {
            (Some(lines), _) => replay(&sim, &args.channels, &lines, args.rate).await,
            (None, Some(count)) => flood(&sim, &args.channels, count, args.rate).await,
            (None, None) => chat(&sim, &args.channels, args.rate, args.seed).await,
        }
        std::future::pending::<()>().await;
    };
    let trouble = futures_util::future::join_all(
        args.misbehave.iter().map(|misbehave| misbehave.run(|what| go_wrong(&sim, what))),
    );
    tokio::select! {
        () = talk => {}
        () = async { trouble.await; std::future::pending::<()>().await } => {}
        result = tokio::signal::ctrl_c() => result.context("cannot wait for Ctrl+C")?,
    }
    sim.stop().await;
    Ok(())
}

/// A world in which the channels are live, beside the chat.
async fn side(channels: &[String]) -> SimTwitchSide {
    let side = SimTwitchSide::start().await;
    for (set, version) in [("moderator", "1"), ("vip", "1"), ("subscriber", "0"), ("premium", "1"), ("partner", "1")] {
        side.badge(None, set, version);
    }
    side.cheermote(None, "Cheer");
    for (number, channel) in (0..).zip(channels) {
        side.user(channel, &id_of(channel), true, 100 + number, &format!("https://avatars.example/{channel}.png"));
    }
    println!("POLYCHAT_TWITCH_GQL_URL={}", side.gql_url());
    println!("POLYCHAT_TWITCH_HERMES_URL={}", side.hermes_url());
    println!("POLYCHAT_TWITCH_IVR_URL={}", side.ivr_url());
    println!("POLYCHAT_TWITCH_DECAPI_URL={}", side.decapi_url());
    println!("POLYCHAT_TWITCH_RECENT_MESSAGES_URL={}", side.recent_url());
    side
}

async fn chat(sim: &SimTwitch, channels: &[String], rate: f64, seed: u64) {
    if rate <= 0.0 {
        return;
    }
    let mut chatters: Vec<Chatter> = (seed..).take(channels.len()).map(Chatter::new).collect();
    let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
    loop {
        tick.tick().await;
        for (channel, chatter) in channels.iter().zip(&mut chatters) {
            let id = sim.send(channel, &chatter.next_message());
            chatter.was_sent(id);
        }
    }
}

async fn replay(sim: &SimTwitch, channels: &[String], lines: &str, rate: f64) {
    somebody_joined(sim, channels).await;
    for line in lines.lines() {
        for channel in channels {
            sim.replay(channel, line).await;
        }
        if rate > 0.0 {
            tokio::time::sleep(Duration::from_secs_f64(1.0 / rate)).await;
        }
    }
    eprintln!("The recording is over.");
}

async fn flood(sim: &SimTwitch, channels: &[String], count: u64, rate: f64) {
    somebody_joined(sim, channels).await;
    let floods = channels.iter().map(|channel| sim.flood(channel, count, rate as u32));
    futures_util::future::join_all(floods).await;
    eprintln!("The flood is over.");
}

/// A recording and a flood start when somebody reads.
async fn somebody_joined(sim: &SimTwitch, channels: &[String]) {
    while !channels.iter().all(|channel| sim.joined(channel) > 0) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
