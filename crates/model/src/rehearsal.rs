//! Made-up things that overlays show, so that a person sees how they look before somebody does them for real.
//!
//! Only the kind goes over the wire: pages make up the rest themselves, so nobody can put words on somebody's stream with it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::EventName;

/// So many are shown by one command at most: what a burst of a second has.
pub const MAX_SAMPLES: usize = 60;

/// One made-up thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
#[ts(export)]
pub enum Sample {
    /// The next line of a conversation that has a bit of everything.
    Next,
    /// A message.
    Said(SampleMessage),
    /// Something else that happens.
    Event(EventName),
    /// The newest made-up message goes, as if a moderator had deleted it.
    Deletion,
    /// Everything made up goes.
    Over,
}

/// A message to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SampleMessage {
    /// A short one.
    Short,
    /// One of several lines, with a word that is longer than a line.
    Long,
    /// With emotes of the platform and emoji.
    Emotes,
    /// Nothing but emoji.
    Emoji,
    /// With a link and a name that is addressed.
    Link,
    /// An answer to another one.
    Reply,
    /// The first one of a chatter.
    First,
    /// Of a subscriber.
    Subscriber,
    /// Of a moderator.
    Moderator,
    /// Of the streamer.
    Broadcaster,
    /// Of somebody with a very long name.
    LongName,
    /// Made to stand out with channel points.
    Highlighted,
    /// In a script that is read from right to left.
    RightToLeft,
    /// In Chinese and Japanese script.
    Ideographs,
    /// With bits.
    Cheer,
    /// A small Super Chat.
    SuperChatSmall,
    /// A Super Chat as they are.
    SuperChat,
    /// A very large Super Chat.
    SuperChatLarge,
    /// A Super Sticker.
    SuperSticker,
}

/// Let an overlay show made-up things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Rehearse {
    /// The overlay's name.
    pub overlay: String,
    /// What to show, in this order: [`MAX_SAMPLES`] at most.
    pub samples: Vec<Sample>,
}

/// How many heard it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Rehearsed {
    /// Pages of this overlay that are open, in OBS, in browsers and in windows.
    pub pages: usize,
}
