//! Where a channel broadcasts, and if nowhere, why: read out of the answers and pages of TikTok. Pure.
//!
//! All readers take whatever came; what is of another kind than it should be is as good as missing. A broadcast belongs to
//! the channel that was asked for only if the answer names that channel.

mod api;
mod live_page;
mod profile;
mod script;
mod shape;
#[cfg(test)]
mod tests;
mod wall;
mod webcast;

pub use api::{from_api, owner};
pub use live_page::from_live_page;
pub use profile::from_profile;
pub use script::script;
pub use wall::wall;
pub(super) use wall::without_state;
pub use webcast::{alive, from_info};

/// A broadcast to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its room, never 0. A new one for each broadcast.
    pub room_id: u64,
    /// Whether TikTok said that it runs; `false` where it would not say, so that it has to be tried.
    pub live: bool,
    /// The streamer's id, which never changes.
    pub user_id: Option<String>,
    /// The streamer's handle as TikTok spells it; empty where it is not known.
    pub username: String,
    /// The streamer's name for people.
    pub display_name: Option<String>,
    /// The address of the streamer's picture. It ends to be valid after some days.
    pub avatar: Option<String>,
    /// What the broadcast is called.
    pub title: Option<String>,
    /// How many people watch.
    pub viewers: Option<u64>,
    /// When it began (Unix milliseconds).
    pub started_at_ms: Option<i64>,
    /// What people should know before they wonder, in one sentence.
    pub warning: Option<&'static str>,
}

impl Found {
    /// A room of which nothing else is known, not even whether it is open.
    pub fn unseen(room_id: u64) -> Self {
        Self { room_id, ..Self::default() }
    }
}

/// Why there is nothing to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRoom {
    /// The channel is there and does not broadcast now.
    Offline,
    /// The broadcast that was named by its room is over.
    Ended,
    /// There is no such channel.
    Unknown,
    /// What was asked for belongs to this handle now. Nobody is read whom nobody asked for.
    Renamed(String),
    /// The account shows itself to its followers only.
    Private,
    /// For adults, who have to be logged in.
    AgeGate,
    /// For people who are logged in.
    LoginNeeded,
    /// There is no TikTok where this computer is.
    RegionClosed,
    /// TikTok does not answer this computer.
    Blocked(Block),
    /// TikTok has trouble of its own.
    Trouble,
    /// No connection.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// An answer that nobody can read.
    Unreadable,
}

impl NoRoom {
    /// Whether this says nothing about the channel, so that another source may know more.
    pub fn is_odd(&self) -> bool {
        matches!(
            self,
            Self::RegionClosed
                | Self::Blocked(_)
                | Self::Trouble
                | Self::Unreachable
                | Self::Timeout
                | Self::Unreadable
        )
    }

    /// The word in metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Ended => "ended",
            Self::Unknown => "unknown",
            Self::Renamed(_) => "renamed",
            Self::Private => "private",
            Self::AgeGate => "age_gate",
            Self::LoginNeeded => "login_needed",
            Self::RegionClosed => "region_closed",
            Self::Blocked(block) => block.word(),
            Self::Trouble => "trouble",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Unreadable => "unreadable",
        }
    }
}

/// How TikTok turns this computer away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// Status 403 and the like.
    Forbidden,
    /// Status 429.
    Limited,
    /// An answer without anything in it.
    Empty,
    /// A page in place of an answer, or one without what it is for.
    Page,
    /// A page that wants a browser to prove itself (`SlardarWAF`).
    Shell,
    /// A page that wants a person to prove themselves.
    Captcha,
    /// The page is shown to those only who have its cookies.
    Cookies,
}

impl Block {
    fn word(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Limited => "limited",
            Self::Empty => "empty",
            Self::Page => "page",
            Self::Shell => "shell",
            Self::Captcha => "captcha",
            Self::Cookies => "cookies",
        }
    }
}
