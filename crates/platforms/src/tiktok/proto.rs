//! TikTok's messages, made by `build.rs` from `proto/`: of each message the fields that are read.
//!
//! Texts are bytes, slices of the frame that they came in; they may hold what is no UTF-8.
#![allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::pedantic, reason = "made by a program")]

include!(concat!(env!("OUT_DIR"), "/webcast.rs"));
