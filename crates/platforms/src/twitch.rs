//! Twitch: anonymous IRC over WebSocket for chat; GraphQL and Hermes, both without login, for what IRC does not tell.

mod config;

pub use config::TwitchConfig;
