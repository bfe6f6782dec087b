//! YouTube: chat without login or API key, over the endpoints that youtube.com itself uses.
//!
//! Pure parts that find a stream: [`key`] reads what people paste; [`resolve`] makes a channel of a name, [`listing`] lists
//! its broadcasts and chooses one, [`video`] says whether it runs and how its chat is read, and [`token`] makes a token for
//! all messages. They read answers in JSON and, by [`page`], pages that hold the same.
//! What the chat answers: [`answer`] takes it apart, and the [`Desk`] makes events of it.

mod action;
pub mod answer;
mod author;
mod desk;
pub mod identifier;
mod item;
pub mod item_id;
mod lenient;
pub mod listing;
pub mod metadata;
mod money;
#[cfg(test)]
mod mutate;
pub mod page;
mod pick;
mod pictures;
mod plain;
pub mod resolve;
mod text;
mod tier;
pub mod token;
pub mod video;
mod wire;

pub use desk::{Desk, Health};
pub use identifier::key;
