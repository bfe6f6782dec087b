//! Twitch: anonymous IRC over WebSocket for chat; GraphQL and Hermes, both without login, for what IRC does not tell.

#[allow(dead_code, reason = "its first user follows")]
mod broadcast;
mod config;
mod json;
#[allow(dead_code, reason = "its first user follows")]
mod topics;

pub use config::TwitchConfig;
