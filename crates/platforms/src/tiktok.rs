//! TikTok LIVE: chat without login, API key or sign server, over the socket that tiktok.com itself uses.
//!
//! Pure parts: [`frame`] takes apart what comes over the socket.

mod config;
pub mod frame;
pub mod identifier;
pub mod proto;
pub mod room;
#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod words;

pub use config::TiktokConfig;
pub use identifier::key;
