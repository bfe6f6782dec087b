//! `cargo xtask bench`: the figures of `docs/PERFORMANCE.md`.

use anyhow::Result;
use clap::ValueEnum;

use crate::setup::{self, Needs};
use crate::{place, program, ui};

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// Lines of Twitch, answers of YouTube and frames of TikTok to events, and third-party emotes in them
    Parse,
    /// One channel to many clients
    Fanout,
    /// The same by one, two and three servers that share the reading through Redis; a part of fanout
    Cluster,
    /// From a message on the platform to a client of ours
    Latency,
    /// Twenty channels of YouTube for a day, in a minute and a half
    Follow,
    /// Keeping a million messages and finding them again
    History,
    /// The desktop program on a screen without a monitor: start, memory, rest, load. Linux only
    Desktop,
    /// Everything
    All,
}

pub(crate) fn bench(subject: Subject, arguments: &[String]) -> Result<()> {
    let desktop = cfg!(target_os = "linux") && matches!(subject, Subject::Desktop | Subject::All);
    let redis = matches!(subject, Subject::Cluster | Subject::Fanout | Subject::All);
    let tools = setup::setup(Needs { pages: desktop, window: desktop, screen: desktop, redis, ..Needs::default() })?;
    if redis && !tools.redis {
        println!("Servers that share the reading are LEFT OUT: redis-server is not installed.");
    }
    let part: &[&str] = if subject == Subject::Cluster { &["--scenario", "f"] } else { &[] };
    for (of, name, package) in [
        (Subject::Parse, "parse", "polychat-platforms"),
        (Subject::Parse, "youtube", "polychat-platforms"),
        (Subject::Parse, "tiktok", "polychat-platforms"),
        (Subject::Parse, "emotes", "polychat-hub"),
        (Subject::Fanout, "fanout", "polychat-server"),
        (Subject::Cluster, "fanout", "polychat-server"),
        (Subject::Latency, "latency", "polychat-server"),
        (Subject::Follow, "youtube_follow", "polychat-platforms"),
        (Subject::History, "history", "polychat-store"),
    ] {
        // The cluster is a part of fanout, which is measured once.
        if subject == of || (subject == Subject::All && of != Subject::Cluster) {
            let bench = ["bench", "--package", package, "--bench", name, "--"];
            program::run(program::cargo().args(bench).args(part).args(arguments))?;
        }
    }
    if desktop {
        ui::build_if_stale(&tools)?;
        desktop_program(arguments)?;
    }
    Ok(())
}

/// The program, beside an empty one with the same windows.
fn desktop_program(arguments: &[String]) -> Result<()> {
    program::run(program::cargo().args([
        "build",
        "--package",
        "polychat",
        "--profile",
        "bench",
        "--example",
        "empty",
    ]))?;
    // Beside the programs of the dev profile; those of the bench profile lie where the release ones do.
    let programs = place::programs()?;
    let empty = programs.parent().unwrap_or(&programs).join("release").join("examples").join("empty");
    let mut bench = program::cargo();
    bench.args(["bench", "--package", "polychat", "--bench", "desktop", "--"]).args(arguments);
    program::run(bench.env("POLYCHAT_EMPTY", empty))
}
