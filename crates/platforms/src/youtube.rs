//! YouTube: chat without login or API key, over the endpoints that youtube.com itself uses.
//!
//! Pure parts that find a stream: [`key`] reads what people paste; [`resolve`] makes a channel of a name, [`listing`] lists
//! its broadcasts and chooses one, [`video`] says whether it runs and how its chat is read, and [`token`] makes a token for
//! all messages. They read answers in JSON and, by [`page`], pages that hold the same.
//! What the chat answers: [`answer`] takes it apart, and the [`Desk`] makes events of it.
//! The parts with sockets: [`YoutubeConnector`] finds, reads and follows; nothing else here knows a clock.

mod action;
pub mod answer;
mod author;
mod chat;
mod config;
mod connect;
mod desk;
mod details;
mod find;
pub mod identifier;
mod innertube;
mod item;
pub mod item_id;
pub mod listing;
pub mod metadata;
mod money;
mod pace;
pub mod page;
mod pick;
mod pictures;
mod plain;
mod replay;
pub mod resolve;
mod signaler;
mod text;
mod tier;
mod timings;
pub mod token;
pub mod video;
mod wire;
mod words;

use crate::lenient;
#[cfg(test)]
use crate::mutate;

pub use config::YoutubeConfig;
pub use connect::YoutubeConnector;
pub use desk::Desk;
pub use identifier::key;
pub use timings::Timings;

pub use crate::health::Health;
