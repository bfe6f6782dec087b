//! `polychat-testkit obs`: an OBS without a picture on 127.0.0.1, by hand and for tests of the pages.

use std::io::BufRead;
use std::net::{Ipv4Addr, SocketAddr};

use clap::{Args, ValueEnum};
use polychat_testkit::obs::{ObsFault, SimObs};
use tokio::sync::mpsc;

/// What one runs the simulation with.
#[derive(Args)]
#[command(
    after_help = "It says what is changed in it, and does what is written to it, a line each: scene <name> (goes on air), \
                  show <source>, hide <source>, stream on|off, record on|off, kick, quit."
)]
pub(crate) struct Obs {
    /// The port; 0 takes any free one
    #[arg(long, default_value_t = 4455)]
    port: u16,
    /// The password that it wants
    #[arg(long)]
    password: Option<String>,
    /// Scenes, the lowest first; the first is on air
    #[arg(long, value_delimiter = ',', default_value = "Game,Just chatting")]
    scenes: Vec<String>,
    /// It has no browser sources
    #[arg(long)]
    without_browser: bool,
    /// How it misbehaves
    #[arg(long, value_enum)]
    fault: Option<Fault>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Fault {
    Silent,
    Page,
    Garbage,
    Older,
    Newer,
    Mute,
}

pub(crate) async fn run(args: Obs) -> anyhow::Result<()> {
    let sim = SimObs::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, args.port))).await?;
    for scene in &args.scenes {
        sim.scene(scene);
    }
    let on_air = args.scenes.first().cloned().unwrap_or_else(|| "Scene".to_owned());
    sim.go_to(&on_air);
    if let Some(password) = &args.password {
        sim.password(password);
    }
    if args.without_browser {
        sim.without_browser_sources();
    }
    sim.fault(args.fault.map(|fault| match fault {
        Fault::Silent => ObsFault::Silent,
        Fault::Page => ObsFault::Page,
        Fault::Garbage => ObsFault::Garbage,
        Fault::Older => ObsFault::Older,
        Fault::Newer => ObsFault::Newer,
        Fault::Mute => ObsFault::Mute,
    }));
    sim.watch(|line| println!("{line}"));
    println!("OBS listens at {}", sim.url());
    // Standard input has no end that can be awaited without a thread.
    let (said, mut lines) = mpsc::channel(16);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if said.blocking_send(line).is_err() {
                return;
            }
        }
    });
    let mut scene = on_air;
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            line = lines.recv() => {
                // Nobody writes: it runs on.
                let Some(line) = line else { return Ok(tokio::signal::ctrl_c().await?) };
                let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
                match (word, rest) {
                    ("scene", name) => {
                        name.clone_into(&mut scene);
                        sim.go_to(name);
                    }
                    ("show", source) => drop(sim.show(&scene, source, true)),
                    ("hide", source) => drop(sim.show(&scene, source, false)),
                    ("stream", on) => drop(sim.stream(on == "on")),
                    ("record", on) => drop(sim.record(on == "on")),
                    ("kick", _) => drop(sim.kick()),
                    ("quit", _) => {
                        sim.quit().await;
                        return Ok(());
                    }
                    _ => println!("What is that? {line}"),
                }
            }
        }
    }
}
