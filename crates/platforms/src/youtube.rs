//! YouTube: chat without login or API key, over the endpoints that youtube.com itself uses.
//!
//! Pure parts that find a stream: [`key`] reads what people paste; [`token`] makes a token for all messages of a chat.

pub mod identifier;
pub mod item_id;
pub mod token;
mod wire;

pub mod answer;
#[allow(dead_code, reason = "the items of a chat come next")]
mod author;
#[allow(dead_code, reason = "the items of a chat come next")]
mod lenient;
#[allow(dead_code, reason = "the items of a chat come next")]
mod money;
#[allow(dead_code, reason = "the items of a chat come next")]
mod pictures;
#[allow(dead_code, reason = "the items of a chat come next")]
mod text;
#[allow(dead_code, reason = "the items of a chat come next")]
mod tier;

pub use identifier::key;
