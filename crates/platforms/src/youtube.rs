//! YouTube: chat without login or API key, over the endpoints that youtube.com itself uses.
//!
//! Pure parts that find a stream: [`key`] reads what people paste; [`token`] makes a token for all messages of a chat.

pub mod identifier;
pub mod item_id;
pub mod token;
mod wire;

pub use identifier::key;
