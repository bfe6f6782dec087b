//! One reading of a chat for any number of viewers.
//!
//! [`Hub::join`] opens a channel for its first viewer and shares it with the later ones; the channel closes [`LINGER`]
//! after the last has left. Events are numbered and encoded once; every viewer gets the same bytes. A viewer is
//! whatever implements [`Viewer`]: the server's sockets, or a test. The hub never waits for a viewer. On the way, words
//! become third-party emotes ([`Emotes`]). [`Commands`] keeps what a person has set.

mod channel;
mod commands;
mod delivery;
mod emotes;
mod featuring;
mod hub;
mod memory;
mod record;
mod replay;
mod room;
mod stats;

pub use channel::{LINGER, START_LIMIT};
pub use commands::{Commands, MAX_OVERLAY_BYTES, MAX_PLACES, Rehearsals, Samples};
pub use delivery::{Includes, Parcel, Profile, text_frame};
pub use emotes::{EmoteTable, Emotes, EmotesConfig, EmotesTimings};
pub use hub::{ChannelHealth, Health, Hub, HubLimits, Join, Refused};
pub use room::{Counted, Hold, Subscription, Viewer};
pub use stats::{LOAD_LIMIT, STATS_PAUSE};
