//! `cargo xtask bench`: the figures of `docs/PERFORMANCE.md`.

use anyhow::Result;
use clap::ValueEnum;

use crate::program;
use crate::setup::{self, Needs};

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// Lines of Twitch to events and frames
    Parse,
    /// One channel to many clients
    Fanout,
    /// Twenty channels of YouTube for a day, in a minute and a half
    Follow,
    /// Everything
    All,
}

pub(crate) fn bench(subject: Subject, arguments: &[String]) -> Result<()> {
    setup::setup(Needs { pages: false, ..Needs::default() })?;
    for (name, package) in
        [("parse", "polychat-platforms"), ("fanout", "polychat-server"), ("youtube_follow", "polychat-platforms")]
    {
        let wanted = match subject {
            Subject::Parse => name == "parse",
            Subject::Fanout => name == "fanout",
            Subject::Follow => name == "youtube_follow",
            Subject::All => true,
        };
        if wanted {
            program::run(
                program::cargo().args(["bench", "--package", package, "--bench", name, "--"]).args(arguments),
            )?;
        }
    }
    Ok(())
}
