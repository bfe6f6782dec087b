//! TikTok LIVE: chat without login, API key or sign server, over the socket that tiktok.com itself uses.
//!
//! Pure parts: [`key`] reads what people paste, [`room`] finds a broadcast in answers and pages, [`frame`] takes apart what
//! comes over the socket, and the [`Desk`] makes events of it. A ladder decides which way to a room is taken: straight, the
//! page in the user's own browser engine, a sign server. The parts with sockets: `web` asks the site, `line` is an open
//! way, and [`TiktokConnector`] finds, reads and follows.

mod address;
mod agent;
mod chat;
mod config;
mod connect;
mod desk;
pub mod frame;
pub mod identifier;
mod ladder;
mod line;
pub mod observer;
pub mod proto;
mod refusal;
pub mod room;
mod sign;
mod timings;
mod ttwid;
mod web;
mod webview;
mod words;

pub use config::TiktokConfig;
pub use connect::TiktokConnector;
pub use desk::{Desk, Host, RoomState, Told};
pub use identifier::key;
pub use timings::Timings;
pub use webview::{MESSAGES_WAITING, NoPage, Page, PageHost, PageRequest};
