//! The Redis server that tests start for themselves, each on a port of its own.

use super::apt::Apt;
use crate::program;

/// The server, and the same program under the name that Debian's tools have it by.
const PROGRAMS: [&str; 2] = ["redis-server", "redis-check-rdb"];

/// Not the package redis-server: it would start one with the computer, which nobody asked for.
const PACKAGE: &str = "redis-tools";

/// Whether there is one, installed if that is possible.
pub(super) fn set_up(apt: &mut Apt) -> bool {
    let there = || program::find(&PROGRAMS).is_some();
    if !there() && cfg!(target_os = "linux") {
        apt.install(&[PACKAGE]);
    }
    there()
}
