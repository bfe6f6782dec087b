//! The HTTP and WebSocket server of Polychat: its pages, `/ws`, `/api`, `/health`, `/metrics`. The headless program and the
//! desktop program both start an [`App`]; neither does more than that.

mod api;
mod app;
mod assets;
mod config;
mod follow;
mod guard;
mod health;
mod listen;
mod loader;
mod outbound;
mod pages;
mod probe;
mod request;
mod routes;
mod socket;
mod token;

pub use app::{App, Parts, StartError};
pub use config::{Config, Limits, Password};
pub use probe::probe;
