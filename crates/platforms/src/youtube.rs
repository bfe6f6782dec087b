//! YouTube: chat without login or API key, over the endpoints that youtube.com itself uses.
//!
//! Pure parts that find a stream: [`key`] reads what people paste.

pub mod identifier;

pub use identifier::key;
