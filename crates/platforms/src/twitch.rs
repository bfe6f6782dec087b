//! Twitch: anonymous IRC over WebSocket for chat; GraphQL and Hermes, both without login, for what IRC does not tell.
//!
//! The pure part: [`irc`] splits lines, [`read`] says what they mean with the help of a [`catalog`], and
//! [`GiftBundles`] makes one event of a mass gift. None of it knows sockets or clocks.

mod author;
mod broadcast;
mod bundle;
pub mod catalog;
mod config;
mod connect;
mod connection;
mod fallback;
mod frames;
mod gql;
mod hermes;
pub mod irc;
mod json;
mod login;
mod message;
mod moderation;
mod money;
mod normalise;
mod pacing;
mod pictures;
mod pool;
mod reading;
mod recent;
mod resolution;
mod room_state;
mod side;
mod socket;
mod tags;
#[cfg(test)]
mod testing;
mod text;
mod timings;
mod topics;
mod usernotice;

pub use bundle::{GiftBundles, GiftLine, GiftOf};
pub use config::TwitchConfig;
pub use connect::TwitchConnector;
pub use login::login;
pub use normalise::{Read, Room, read};
pub use room_state::{RoomModes, RoomState};
pub use timings::Timings;
