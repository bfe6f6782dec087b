//! What people read about a TikTok channel. Everything here ends on the wire: no address, no token, no library's words.

use std::time::Duration;

use polychat_model::wire::Via;
use polychat_model::{ChannelKey, IdentifierType};

use super::ladder::Setback;
use super::room::{Block, NoRoom};
use crate::{NotLive, UpstreamError};

/// How people know what they asked for.
pub(crate) fn name(key: &ChannelKey) -> String {
    match key.identifier_type {
        _ if key.identifier.contains('/') => format!("The short link {}", key.identifier),
        IdentifierType::LiveId => format!("The broadcast {}", key.identifier),
        _ => format!("@{}", key.identifier),
    }
}

/// Why there is nothing to read, in one sentence.
pub(crate) fn sentence(key: &ChannelKey, no_room: &NoRoom) -> String {
    let name = name(key);
    match no_room {
        NoRoom::Offline => format!("{name} is not live on TikTok."),
        NoRoom::Ended if key.identifier_type == IdentifierType::LiveId => format!("{name} has ended on TikTok."),
        NoRoom::Ended => format!("The broadcast of {} has ended on TikTok.", key.identifier),
        NoRoom::Unknown if key.identifier.contains('/') => format!("{name} leads to no channel of TikTok."),
        NoRoom::Unknown if key.identifier_type == IdentifierType::LiveId => {
            format!("TikTok does not know the broadcast {}.", key.identifier)
        }
        NoRoom::Unknown => format!("TikTok does not know the channel {}.", key.identifier),
        NoRoom::Renamed(to) => {
            format!(
                "TikTok answers with @{to} in place of the channel that was asked for. If that is its new name, use it."
            )
        }
        NoRoom::Private => format!("{name} is private on TikTok. Such a channel cannot be read without login."),
        NoRoom::AgeGate => {
            format!("{name} is live on TikTok for adults only. Such a chat cannot be read without login.")
        }
        NoRoom::LoginNeeded => {
            format!("{name} is shown by TikTok only to people who are logged in. Such a chat cannot be read.")
        }
        NoRoom::RegionClosed => "TikTok is not available where this computer is.".to_owned(),
        NoRoom::Blocked(block) => blocked(*block).to_owned(),
        NoRoom::Trouble => "TikTok has trouble.".to_owned(),
        NoRoom::Unreachable => "TikTok cannot be reached.".to_owned(),
        NoRoom::Timeout => "TikTok did not answer in time.".to_owned(),
        NoRoom::Unreadable => "TikTok answers in a way that Polychat does not understand.".to_owned(),
    }
}

fn blocked(block: Block) -> &'static str {
    match block {
        Block::Limited => "TikTok limits this computer's address for a while.",
        Block::Captcha => "TikTok asks this computer's address for a captcha before it shows anything.",
        Block::Shell | Block::Cookies => "TikTok wants a browser to prove itself before it shows anything.",
        Block::Forbidden | Block::Empty | Block::Page => "TikTok refuses this computer's address for a while.",
    }
}

/// The same as the hub has it. `retry_in` is when it makes sense to look at the channel again.
pub(crate) fn no_room(key: &ChannelKey, no_room: &NoRoom, retry_in: Duration) -> UpstreamError {
    let text = sentence(key, no_room);
    match no_room {
        NoRoom::Unknown | NoRoom::Renamed(_) => UpstreamError::NotFound { text },
        NoRoom::Ended => UpstreamError::Ended { text },
        NoRoom::Offline | NoRoom::Private | NoRoom::AgeGate | NoRoom::LoginNeeded => {
            UpstreamError::NotLive(Box::new(NotLive::new(text, retry_in)))
        }
        NoRoom::Timeout => UpstreamError::Timeout { cause: text },
        NoRoom::RegionClosed | NoRoom::Blocked(_) | NoRoom::Trouble | NoRoom::Unreachable | NoRoom::Unreadable => {
            UpstreamError::Unavailable { cause: text }
        }
    }
}

/// What went wrong with a connection, in words for people.
pub(crate) fn cause(setback: Setback) -> &'static str {
    match setback {
        Setback::Refused => "TikTok refuses to let Polychat in as a guest.",
        Setback::NoCookie => "TikTok gives Polychat no guest's cookie.",
        Setback::Silent => "TikTok opened the connection but sends nothing.",
        Setback::Unseen => "TikTok's own page is open in a hidden window, but Polychat sees no chat in it.",
        Setback::Unwanted => "TikTok has closed the connection: it wants none like ours.",
        Setback::Blocked => "TikTok turns this computer away. It may have asked too often, or be in the wrong country.",
        Setback::NeedsUser => "TikTok asked for a captcha or a login, and its window was closed.",
        Setback::NotAgreed => NOT_AGREED,
        Setback::Lost => LOST,
    }
}

pub(crate) const NEEDS_USER: &str =
    "TikTok asks for a captcha or a login. Please answer it in the window that has opened.";

const NOT_AGREED: &str = "TikTok lets Polychat in only through TikTok's own page. Polychat opens that page in a hidden window \
    once you allow it in the settings.";

pub(crate) const LOST: &str = "The connection to TikTok was lost.";

/// The word in metrics.
pub(crate) fn word(setback: Setback) -> &'static str {
    match setback {
        Setback::Refused => "refused",
        Setback::NoCookie => "no_cookie",
        Setback::Silent => "silent",
        Setback::Unseen => "unseen",
        Setback::Unwanted => "unwanted",
        Setback::Blocked => "blocked",
        Setback::NeedsUser => "needs_user",
        Setback::NotAgreed => "not_agreed",
        Setback::Lost => "lost",
    }
}

/// Every way has failed.
pub(crate) fn exhausted(cause: &str) -> String {
    format!("{cause} No other way to TikTok's chat is left.")
}

/// Chat comes, but not by the best way.
pub(crate) fn other_way(via: Via, left: Setback) -> String {
    let way = match via {
        Via::Direct => "directly",
        Via::Webview => "through TikTok's own page in a hidden window",
        Via::SignServer => "through a sign server",
    };
    format!("Reading TikTok {way}: the direct connection {}.", left.because())
}

pub(crate) fn paused(key: &ChannelKey) -> String {
    format!("{} has paused the stream on TikTok.", name(key))
}

pub(crate) fn waits_for_next(key: &ChannelKey) -> String {
    format!("The stream of {} on TikTok has ended. Waiting for the next one.", name(key))
}

pub(crate) const DEGRADED: &str =
    "TikTok has changed its chat, and Polychat does not understand all of it. An update will help.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiktok::key;

    const ALL: [NoRoom; 17] = [
        NoRoom::Offline,
        NoRoom::Ended,
        NoRoom::Unknown,
        NoRoom::Renamed(String::new()),
        NoRoom::Private,
        NoRoom::AgeGate,
        NoRoom::LoginNeeded,
        NoRoom::RegionClosed,
        NoRoom::Blocked(Block::Forbidden),
        NoRoom::Blocked(Block::Limited),
        NoRoom::Blocked(Block::Empty),
        NoRoom::Blocked(Block::Shell),
        NoRoom::Blocked(Block::Captcha),
        NoRoom::Trouble,
        NoRoom::Unreachable,
        NoRoom::Timeout,
        NoRoom::Unreadable,
    ];

    #[test]
    fn everything_that_can_be_wrong_is_a_sentence_about_what_was_asked_for() {
        for typed in ["@somebody", "7412345678901234567", "vm/ZMabcDEF1"] {
            let key = key(IdentifierType::Username, typed).unwrap();
            for reason in &ALL {
                let text = sentence(&key, reason);
                assert!(text.ends_with('.') && text.starts_with(|c: char| c.is_uppercase() || c == '@'), "{text}");
                assert_eq!(no_room(&key, reason, Duration::from_secs(30)).to_string(), text);
                assert_eq!(no_room(&key, reason, Duration::from_secs(30)).is_transient(), reason.is_odd(), "{text}");
            }
        }
    }
}
