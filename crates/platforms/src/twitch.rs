//! Twitch: anonymous IRC over WebSocket for chat; GraphQL and Hermes, both without login, for what IRC does not tell.
//!
//! The pure part: [`irc`] splits lines, a [`catalog`] says what is known beside them. None of it knows sockets or clocks.

#[allow(dead_code, reason = "its first user follows")]
mod broadcast;
pub mod catalog;
mod config;
pub mod irc;
mod json;
mod login;
#[allow(dead_code, reason = "its first user follows")]
mod topics;

pub use config::TwitchConfig;
pub use login::login;
