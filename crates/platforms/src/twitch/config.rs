//! Where Twitch is. Every address can be another one: a proxy, or a simulated Twitch in tests.

use std::path::PathBuf;

/// Addresses of Twitch and of the third-party services that fill its gaps. An address that is `None` is never asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwitchConfig {
    /// Chat: IRC over WebSocket. `POLYCHAT_TWITCH_IRC_URL`.
    pub irc_url: String,
    /// Names, avatars, badges, cheermotes, live state. `POLYCHAT_TWITCH_GQL_URL`.
    pub gql_url: Option<String>,
    /// Redemptions, polls, pins, raids, viewer counts as they happen. `POLYCHAT_TWITCH_HERMES_URL`.
    pub hermes_url: Option<String>,
    /// Stands in for GraphQL. `POLYCHAT_TWITCH_IVR_URL`.
    pub ivr_url: Option<String>,
    /// Stands in for both. `POLYCHAT_TWITCH_DECAPI_URL`.
    pub decapi_url: Option<String>,
    /// A recent-messages service: fills the gap of a reconnect, and the start if asked. Off unless set, as its operator
    /// asks for users' consent. `POLYCHAT_TWITCH_RECENT_MESSAGES_URL`.
    pub recent_messages_url: Option<String>,
    /// How many messages from before the start are fetched from that service: 0 unless set, at most 100.
    /// `POLYCHAT_TWITCH_RECENT_MESSAGES_LIMIT`.
    pub recent_messages_limit: u32,
    /// Client ids for GraphQL and Hermes, tried in this order. `POLYCHAT_TWITCH_CLIENT_ID` puts one first.
    pub client_ids: Vec<String>,
    /// A folder for badges and cheermotes that survive a restart. `None`: memory only.
    pub cache_dir: Option<PathBuf>,
}

impl Default for TwitchConfig {
    fn default() -> Self {
        Self {
            irc_url: "wss://irc-ws.chat.twitch.tv".to_owned(),
            gql_url: Some("https://gql.twitch.tv/gql".to_owned()),
            hermes_url: Some("wss://hermes.twitch.tv/v1".to_owned()),
            ivr_url: Some("https://api.ivr.fi".to_owned()),
            decapi_url: Some("https://decapi.me".to_owned()),
            recent_messages_url: None,
            recent_messages_limit: 0,
            // Public ids of Twitch's own web and Android programs; they stand for no user and are no secrets.
            client_ids: ["kimne78kx3ncx6brgo4mv6wki5h1ko", "kd1unb4b3q4t58fwlpcbzcbnm76a8fp"]
                .map(str::to_owned)
                .to_vec(),
            cache_dir: None,
        }
    }
}

impl TwitchConfig {
    /// Asks nobody but the IRC server at `irc_url`. For tests and for those who want no side requests.
    pub fn irc_only(irc_url: impl Into<String>) -> Self {
        Self {
            irc_url: irc_url.into(),
            gql_url: None,
            hermes_url: None,
            ivr_url: None,
            decapi_url: None,
            ..Self::default()
        }
    }
}
