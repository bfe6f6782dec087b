//! How the platform of a channel does, and how viewers are told.

use std::time::Duration;

use polychat_model::wire::{Owner, ServerMessage, Status, StatusFrame};
use polychat_model::{ChannelKey, ErrorCode, iso_timestamp};
use polychat_platforms::{NotLive, Started};

/// How a channel does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Upstream {
    Connecting,
    Started(Started),
    Reconnecting { cause: String, retry_in: Duration, code: ErrorCode },
    Waiting(NotLive),
}

impl Upstream {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Started(_) => "started",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Waiting(_) => "waiting",
        }
    }

    pub(super) fn frame(&self, key: &ChannelKey, owner: Option<&Owner>) -> ServerMessage {
        let name = key.platform.name();
        ServerMessage::Status(match self {
            Self::Connecting => StatusFrame {
                message: Some(format!("Connecting to {name}.")),
                ..StatusFrame::of(Status::Connecting, key)
            },
            Self::Started(started) => StatusFrame {
                live_id: Some(started.live_id.to_string()),
                live: started.live,
                starts_at: started.starts_at_ms.map(|ms| iso_timestamp(ms).to_string()),
                degraded: started.degraded,
                via: started.via,
                owner: owner.cloned(),
                broadcasts: started.broadcasts.clone(),
                message: started.message.clone().or_else(|| {
                    (started.live == Some(false))
                        .then(|| format!("@{} is offline on {name}. The chat is open.", key.identifier))
                }),
                ..StatusFrame::of(Status::Started, key)
            },
            Self::Reconnecting { cause, retry_in, code } => StatusFrame {
                cause: Some(cause.clone()),
                code: Some(*code).filter(|code| *code == ErrorCode::ConsentNeeded),
                retry_in_ms: Some(millis(*retry_in)),
                message: Some(format!("{cause} Trying again in {} s.", retry_in.as_secs_f64().ceil())),
                ..StatusFrame::of(Status::Reconnecting, key)
            },
            Self::Waiting(not_live) => StatusFrame {
                retry_in_ms: Some(millis(not_live.retry_in)),
                starts_at: not_live.starts_at_ms.map(|ms| iso_timestamp(ms).to_string()),
                owner: owner.cloned(),
                broadcasts: not_live.broadcasts.clone(),
                message: Some(not_live.text.clone()),
                ..StatusFrame::of(Status::Waiting, key)
            },
        })
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
