//! Where YouTube is, and what is done there.

/// Settings of the YouTube connector.
#[derive(Debug, Clone)]
pub struct YoutubeConfig {
    /// YouTube itself.
    pub url: String,
    /// What says that a chat has something new; `None` to ask by the clock only.
    pub signaler_url: Option<String>,
    /// Play the recorded chat of an ended broadcast this many times as fast as it was, 1 to 100; `None` to say that it
    /// has ended. Only for broadcasts that are named by their id.
    pub replay: Option<u32>,
}

impl Default for YoutubeConfig {
    fn default() -> Self {
        Self {
            url: "https://www.youtube.com".to_owned(),
            signaler_url: Some("https://signaler-pa.youtube.com".to_owned()),
            replay: None,
        }
    }
}
