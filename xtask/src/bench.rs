//! `cargo xtask bench`: the figures of `docs/PERFORMANCE.md`.

use anyhow::Result;
use clap::ValueEnum;

use crate::program;
use crate::setup::{self, Needs};

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// Lines of Twitch, answers of YouTube and frames of TikTok to events, and third-party emotes in them
    Parse,
    /// One channel to many clients
    Fanout,
    /// From a message on the platform to a client of ours
    Latency,
    /// Twenty channels of YouTube for a day, in a minute and a half
    Follow,
    /// Everything
    All,
}

pub(crate) fn bench(subject: Subject, arguments: &[String]) -> Result<()> {
    setup::setup(Needs { pages: false, ..Needs::default() })?;
    for (of, name, package) in [
        (Subject::Parse, "parse", "polychat-platforms"),
        (Subject::Parse, "youtube", "polychat-platforms"),
        (Subject::Parse, "tiktok", "polychat-platforms"),
        (Subject::Parse, "emotes", "polychat-hub"),
        (Subject::Fanout, "fanout", "polychat-server"),
        (Subject::Latency, "latency", "polychat-server"),
        (Subject::Follow, "youtube_follow", "polychat-platforms"),
    ] {
        if subject == Subject::All || subject == of {
            program::run(
                program::cargo().args(["bench", "--package", package, "--bench", name, "--"]).args(arguments),
            )?;
        }
    }
    Ok(())
}
