//! YouTube: chat without login or API key, over the endpoints that youtube.com itself uses.
//!
//! Pure parts that find a stream: [`key`] reads what people paste; [`token`] makes a token for all messages of a chat.
//! What the chat answers: [`answer`] takes it apart, and the [`Desk`] makes events of it.

mod action;
pub mod answer;
mod author;
mod desk;
pub mod identifier;
mod item;
pub mod item_id;
mod lenient;
mod money;
pub mod page;
mod pick;
mod pictures;
mod plain;
mod text;
mod tier;
pub mod token;
mod wire;

pub use desk::{Desk, Health};
pub use identifier::key;
