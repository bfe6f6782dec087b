//! Simulated platforms that speak the real protocols over real sockets, and misbehave on request.

pub mod twitch;

pub use twitch::{SimMessage, SimTwitch};
