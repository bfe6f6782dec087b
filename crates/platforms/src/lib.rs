//! Reading the platforms. Each platform is a module with pure parsers and a [`Connector`], the only part that knows
//! sockets. docs/adding-a-platform.md says how to add one.

mod connector;
pub mod demo;
pub mod folder;
mod health;
pub mod http;
mod lenient;
mod links;
#[cfg(test)]
mod mutate;
pub mod tiktok;
mod tls;
pub mod twitch;
mod typed;
pub mod youtube;

pub use connector::{BoxFuture, Connector, NotLive, Outlet, Reader, Signal, Started, UpstreamError, UpstreamState};
pub use tls::install_provider;
