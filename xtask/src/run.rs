//! `cargo xtask run`: everything that is needed, and then Polychat: with its window where there is a screen, else the server
//! alone.

use anyhow::Result;

use crate::setup::{self, Needs};
use crate::{program, ui};

/// The argument that is ours and not Polychat's.
const HEADLESS: &str = "--headless";

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let headless = arguments.iter().any(|argument| argument == HEADLESS);
    let arguments = arguments.iter().filter(|argument| *argument != HEADLESS);
    let window = !headless && setup::has_screen();
    let tools = setup::setup(Needs { window, ..Needs::default() })?;
    ui::build_if_stale(&tools)?;
    if !window && !headless {
        println!("There is no screen here, so this is the server without a window.");
    }
    let name = if window { "polychat" } else { "polychat-server" };
    let mut polychat = program::cargo();
    // The dev profile: it is there soonest after a clone, and fast enough for a few thousand viewers.
    polychat.args(["run", "--package", name, "--bin", name, "--"]).args(arguments);
    become_it(polychat)
}

/// Cargo replaces itself by the program in the same way, so Ctrl+C and signals reach the program and nobody else.
#[cfg(unix)]
fn become_it(mut polychat: std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(anyhow::Error::new(polychat.exec()).context("cargo could not be started"))
}

/// Windows tells Ctrl+C to every program of the console. We wait until ours has stopped in its order.
#[cfg(not(unix))]
fn become_it(mut polychat: std::process::Command) -> Result<()> {
    #[cfg(windows)]
    ctrlc::set_handler(|| {})?;
    let status = polychat.status()?;
    anyhow::ensure!(status.success(), "Polychat ended with {status}.");
    Ok(())
}
