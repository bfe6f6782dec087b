//! Simulated platforms that speak the real protocols over real sockets, and misbehave on request; and a real Redis server.

pub mod disk;
pub mod emotes;
mod faults;
pub mod obs;
mod proto;
pub mod redis;
pub mod releases;
mod shared;
pub mod tiktok;
pub mod twitch;
pub mod twitch_side;
pub mod youtube;

pub use disk::HeldFile;
pub use emotes::{SimEmote, SimEmotes};
pub use obs::SimObs;
pub use redis::RedisServer;
pub use releases::SimReleases;
pub use tiktok::{SimTiktok, TkMessage};
pub use twitch::{SimMessage, SimTwitch};
pub use twitch_side::SimTwitchSide;
pub use youtube::{SimYoutube, YtMessage};
