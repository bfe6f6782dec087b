//! What people read about a YouTube channel. Everything here ends on the wire: no address, no token, no library's words.

use polychat_model::{ChannelKey, IdentifierType};

use super::innertube::Refusal;
use crate::UpstreamError;

/// How people know what they asked for.
pub(crate) fn name(key: &ChannelKey) -> String {
    match key.identifier_type {
        IdentifierType::Username if key.identifier.contains('/') => key.identifier.to_string(),
        IdentifierType::Username => format!("@{}", key.identifier),
        IdentifierType::ChannelId => format!("The channel {}", key.identifier),
        IdentifierType::LiveId => format!("The stream {}", key.identifier),
    }
}

pub(crate) fn no_channel(key: &ChannelKey) -> UpstreamError {
    UpstreamError::NotFound { text: format!("YouTube does not know the channel {}.", key.identifier) }
}

pub(crate) fn no_broadcast(key: &ChannelKey) -> UpstreamError {
    UpstreamError::NotFound { text: format!("YouTube does not know the stream {}.", key.identifier) }
}

pub(crate) fn not_a_stream(key: &ChannelKey) -> UpstreamError {
    UpstreamError::NotFound {
        text: format!("{} is a video on YouTube and not a stream: it has no live chat.", key.identifier),
    }
}

pub(crate) fn not_live(key: &ChannelKey) -> String {
    format!("{} is not live on YouTube.", name(key))
}

pub(crate) fn members_only(key: &ChannelKey) -> String {
    format!("{} is live on YouTube for members only. Such a chat cannot be read without their account.", name(key))
}

pub(crate) fn chat_closed(key: &ChannelKey) -> String {
    format!("{} is live on YouTube, but its chat is off or for members only.", name(key))
}

pub(crate) fn private(key: &ChannelKey) -> String {
    format!("{} is private, or YouTube shows it only to people who are logged in.", name(key))
}

pub(crate) fn ended(key: &ChannelKey) -> String {
    format!("The stream of {} on YouTube has ended.", name(key).trim_start_matches("The stream "))
}

pub(crate) fn waits_for_next(key: &ChannelKey) -> String {
    format!("The stream of {} on YouTube has ended. Waiting for the next one.", name(key))
}

pub(crate) fn upcoming(key: &ChannelKey) -> String {
    format!("{} has not begun on YouTube yet. The chat is already open.", name(key))
}

pub(crate) const DEGRADED: &str =
    "YouTube has changed its chat, and Polychat does not understand all of it. An update will help.";

/// A refusal as the hub has it: all of them pass.
pub(crate) fn refused(refusal: Refusal) -> UpstreamError {
    match refusal {
        Refusal::Timeout => UpstreamError::Timeout { cause: refusal.to_string() },
        _ => UpstreamError::Unavailable { cause: refusal.to_string() },
    }
}

pub(crate) fn unreadable() -> UpstreamError {
    UpstreamError::Unavailable { cause: "YouTube answers in a way that Polychat does not understand.".to_owned() }
}
