//! The simulated YouTube answers as YouTube does. Read with a bare HTTP client.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

#[path = "youtube/chat.rs"]
mod chat;
#[path = "youtube/lookup.rs"]
mod lookup;
#[path = "youtube/push.rs"]
mod push;
#[path = "youtube/reader.rs"]
mod reader;
