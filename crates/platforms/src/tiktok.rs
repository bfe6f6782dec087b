//! TikTok LIVE: chat without login, API key or sign server, over the socket that tiktok.com itself uses.

mod config;
pub mod identifier;

pub use config::TiktokConfig;
pub use identifier::key;
