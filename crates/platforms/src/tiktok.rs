//! TikTok LIVE: chat without login, API key or sign server, over the socket that tiktok.com itself uses.

mod config;
pub mod identifier;
pub mod room;
#[cfg_attr(not(test), expect(dead_code, reason = "the reading loop comes next"))]
mod words;

pub use config::TiktokConfig;
pub use identifier::key;
