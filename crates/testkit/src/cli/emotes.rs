//! `polychat-testkit emotes`: 7TV, BTTV and FrankerFaceZ on 127.0.0.1, by hand.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, ValueEnum};
use polychat_testkit::emotes::{EmoteFault, EmoteService, SimEmote, SimEmotes};

/// What one runs the simulation with.
#[derive(Args)]
pub(crate) struct Emotes {
    /// The port; 0 takes any free one
    #[arg(long, default_value_t = 7130)]
    port: u16,
    /// Channels of Twitch (their ids) that have emotes
    #[arg(long, value_delimiter = ',', default_value = "71092938")]
    channels: Vec<String>,
    /// How many emotes each of them has
    #[arg(long, default_value_t = 100)]
    count: usize,
    /// Seconds between two changes of 7TV's set, told live; 0 changes nothing
    #[arg(long, default_value_t = 0)]
    change: u64,
    /// Which service fails
    #[arg(long, value_enum)]
    broken: Option<Service>,
    /// How it fails
    #[arg(long, value_enum, default_value_t = How::Down)]
    how: How,
}

#[derive(Clone, Copy, ValueEnum)]
enum Service {
    Seventv,
    Events,
    Bttv,
    Ffz,
}

#[derive(Clone, Copy, ValueEnum)]
enum How {
    Down,
    Hang,
    Slow,
    Cut,
    Garbage,
    Huge,
}

pub(crate) async fn run(args: Emotes) -> anyhow::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let sim = SimEmotes::start_at(address).await?;
    sim.global(EmoteService::SevenTv, SimEmote::new("g1", "RainTime").zero_width().animated())
        .global(EmoteService::Bttv, SimEmote::new("g2", ":tf:"))
        .global(EmoteService::Ffz, SimEmote::new("3", "BeanieHipster"));
    for channel in &args.channels {
        for n in 0..args.count {
            sim.channel(
                EmoteService::SevenTv,
                "twitch",
                channel,
                SimEmote::new(&format!("e{n}"), &format!("peepo{n}")),
            );
        }
        sim.channel(EmoteService::Bttv, "twitch", channel, SimEmote::new("b1", "WolfPls").animated());
        sim.channel(EmoteService::Ffz, "twitch", channel, SimEmote::new("4", "LULW"));
    }
    if let Some(service) = args.broken {
        let service = match service {
            Service::Seventv => EmoteService::SevenTv,
            Service::Events => EmoteService::SevenTvEvents,
            Service::Bttv => EmoteService::Bttv,
            Service::Ffz => EmoteService::Ffz,
        };
        let fault = match args.how {
            How::Down => EmoteFault::Status(503),
            How::Hang => EmoteFault::Hang,
            How::Slow => EmoteFault::Slow(Duration::from_secs(8)),
            How::Cut => EmoteFault::Cut,
            How::Garbage => EmoteFault::Garbage,
            How::Huge => EmoteFault::Huge(100 * 1024 * 1024),
        };
        sim.fault(service, fault);
    }
    println!("Start Polychat with these:");
    println!("POLYCHAT_7TV_URL={} POLYCHAT_7TV_EVENTS_URL={}", sim.seventv_url(), sim.seventv_events_url());
    println!("POLYCHAT_BTTV_URL={} POLYCHAT_FFZ_URL={}", sim.bttv_url(), sim.ffz_url());
    let changes = async {
        if args.change == 0 {
            std::future::pending::<()>().await;
        }
        let mut tick = tokio::time::interval(Duration::from_secs(args.change));
        for n in 0_u64.. {
            tick.tick().await;
            for channel in &args.channels {
                let (id, word) = (format!("new{}", n / 2), format!("New{}", n / 2));
                let told = if n % 2 == 0 {
                    sim.add("twitch", channel, SimEmote::new(&id, &word))
                } else {
                    sim.remove("twitch", channel, &id)
                };
                println!("{} {word} in {channel}: {told} told", if n % 2 == 0 { "put" } else { "took" });
            }
        }
    };
    tokio::select! {
        () = changes => {}
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    Ok(())
}
