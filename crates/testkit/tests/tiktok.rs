//! The simulated TikTok answers as TikTok does. Read with a bare HTTP client and a bare WebSocket.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

#[path = "tiktok/reader.rs"]
mod reader;
#[path = "tiktok/room.rs"]
mod room;
#[path = "tiktok/sites.rs"]
mod sites;
#[path = "tiktok/socket.rs"]
mod socket;
