//! `cargo xtask run`: everything that is needed, and then the server.

use anyhow::Result;

use crate::setup::{self, Needs};
use crate::{program, ui};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let tools = setup::setup(Needs::default())?;
    ui::build_if_stale(&tools)?;
    let mut server = program::cargo();
    // The dev profile: it is there soonest after a clone, and fast enough for a few thousand viewers.
    server.args(["run", "--package", "polychat-server", "--bin", "polychat-server", "--"]).args(arguments);
    become_it(server)
}

/// Cargo replaces itself by the server in the same way, so Ctrl+C and signals reach the server and nobody else.
#[cfg(unix)]
fn become_it(mut server: std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(anyhow::Error::new(server.exec()).context("cargo could not be started"))
}

/// Windows tells Ctrl+C to every program of the console. We wait until the server has stopped in its order.
#[cfg(not(unix))]
fn become_it(mut server: std::process::Command) -> Result<()> {
    #[cfg(windows)]
    ctrlc::set_handler(|| {})?;
    let status = server.status()?;
    anyhow::ensure!(status.success(), "The server ended with {status}.");
    Ok(())
}
