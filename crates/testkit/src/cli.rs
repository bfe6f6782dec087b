//! The program's commands: a module a platform.

pub(crate) mod emotes;
pub(crate) mod misbehave;
pub(crate) mod obs;
pub(crate) mod tiktok;
pub(crate) mod twitch;
pub(crate) mod youtube;
