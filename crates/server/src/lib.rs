//! The HTTP and WebSocket server of Polychat: `/ws`, `/test`, `/health`, `/metrics`. The headless program and the
//! desktop program both start an [`App`]; neither does more than that.

mod app;
mod assets;
mod before;
mod config;
mod guard;
mod health;
mod listen;
mod outbound;
mod request;
mod routes;
mod socket;

pub use app::{App, StartError};
pub use config::{Config, Limits};
