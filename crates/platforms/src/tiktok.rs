//! TikTok LIVE: chat without login, API key or sign server, over the socket that tiktok.com itself uses.
//!
//! Pure parts: [`frame`] takes apart what comes over the socket, and the [`Desk`] makes events of it.

#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod address;
mod agent;
mod config;
mod desk;
pub mod frame;
pub mod identifier;
pub mod observer;
pub mod proto;
#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod refusal;
pub mod room;
#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod sign;
#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod ttwid;
#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod web;
#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod words;

pub use config::TiktokConfig;
pub use desk::{Desk, Host, RoomState, Told};
pub use identifier::key;
