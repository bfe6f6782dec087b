//! What the page of an overlay's window and the desktop program say to each other. It concerns that one window only.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the page asks of its own window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "ask", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum WindowAsk {
    /// Hold the window by `grip`: the pointer's button went down there, and the pointer has begun to move.
    Grab {
        /// By what it is held.
        grip: Grip,
        /// Where in the window the button went down, from its left edge, in logical pixels.
        x: i32,
        /// The same from its upper edge.
        y: i32,
    },
    /// The pointer has moved with the button held. Only where [`Grabbed::follow`] said so.
    Drag {
        /// How far to the right since the button went down, in logical pixels.
        dx: i32,
        /// How far downwards.
        dy: i32,
    },
    /// The button was released.
    Drop {
        /// How far to the right since the button went down, in logical pixels.
        dx: i32,
        /// How far downwards.
        dy: i32,
    },
    /// Move it by this much, in logical pixels: the arrow keys.
    Nudge {
        /// By what it is held.
        grip: Grip,
        /// To the right.
        dx: i32,
        /// Downwards.
        dy: i32,
    },
    /// How opaque it shall be.
    Opacity {
        /// 10 to 100.
        percent: u8,
    },
    /// Lock it. `known` says that the person was told how to unlock it.
    Lock {
        /// They were told, and need not be told again.
        known: bool,
    },
    /// Hide it.
    Hide,
}

/// The answer to [`WindowAsk`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Grabbed {
    /// The page has to tell of every movement: nobody else moves this window.
    pub follow: bool,
}

/// By what a window is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Grip {
    /// Anywhere in it: all of it moves.
    Move,
    /// The upper edge.
    North,
    /// The upper right corner.
    NorthEast,
    /// The right edge.
    East,
    /// The lower right corner.
    SouthEast,
    /// The lower edge.
    South,
    /// The lower left corner.
    SouthWest,
    /// The left edge.
    West,
    /// The upper left corner.
    NorthWest,
}

impl Grip {
    /// -1 if it is the left edge, 1 if it is the right one, 0 if neither; nothing if all of the window moves.
    pub fn horizontal(self) -> Option<i32> {
        match self {
            Self::Move => None,
            Self::NorthWest | Self::West | Self::SouthWest => Some(-1),
            Self::NorthEast | Self::East | Self::SouthEast => Some(1),
            Self::North | Self::South => Some(0),
        }
    }

    /// -1 if it is the upper edge, 1 if it is the lower one, 0 if neither; nothing if all of the window moves.
    pub fn vertical(self) -> Option<i32> {
        match self {
            Self::Move => None,
            Self::NorthWest | Self::North | Self::NorthEast => Some(-1),
            Self::SouthWest | Self::South | Self::SouthEast => Some(1),
            Self::West | Self::East => Some(0),
        }
    }
}

/// How the window is, told to its page at once and at every change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WindowView {
    /// The overlay's name.
    pub name: String,
    /// Clicks pass through it, and it has no frame.
    pub locked: bool,
    /// Locked, but the person holds the keys that make it clickable for as long as they are held.
    pub touched: bool,
    /// In percent, 10 to 100.
    pub opacity: u8,
    /// Seconds without a message after which it dims; 0 is never.
    pub dim_after_s: u32,
    /// Nothing shows through windows here: it needs a plate of its own.
    pub opaque: bool,
    /// The keys that unlock it; empty if none do.
    pub unlock_keys: String,
    /// The person knows how to leave a locked overlay.
    pub knows_how_to_unlock: bool,
    /// A sentence to show in its frame.
    pub note: Option<String>,
    /// The language of the program, as a tag.
    pub language: String,
}
