//! Where TikTok is, and who may help to reach it.

/// Settings of the TikTok connector.
#[derive(Debug, Clone)]
pub struct TiktokConfig {
    /// The site: pages and the state of a channel.
    pub url: String,
    /// The interface of its live rooms.
    pub webcast_url: String,
    /// The socket of its live rooms.
    pub ws_url: String,
    /// Where anonymous visitors are registered; `None` to rely on the site alone.
    pub ttwid_url: Option<String>,
    /// A sign server, asked when the socket cannot be opened without one; `None` for none. It learns which rooms are
    /// read.
    pub sign_url: Option<String>,
    /// The key for the sign server.
    pub sign_key: Option<String>,
}

impl Default for TiktokConfig {
    fn default() -> Self {
        Self {
            url: "https://www.tiktok.com".to_owned(),
            webcast_url: "https://webcast.tiktok.com".to_owned(),
            ws_url: "wss://webcast-ws.tiktok.com".to_owned(),
            ttwid_url: Some("https://ttwid.bytedance.com".to_owned()),
            sign_url: None,
            sign_key: None,
        }
    }
}
