//! The connector: finds the broadcast of a channel, reads its chat, follows the channel to the next one.

use std::sync::Arc;

use polychat_model::wire::Owner;
use polychat_model::{ChannelKey, IdentifierType, InvalidIdentifier, Platform};
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::chat::{Chat, Over};
use super::config::YoutubeConfig;
use super::find::{Finder, Found, look_again};
use super::identifier;
use super::innertube::Innertube;
use super::replay;
use super::signaler::Signaler;
use super::timings::Timings;
use super::video::{ChatAccess, VideoState};
use super::words;
use crate::connector::BoxFuture;
use crate::{Connector, NotLive, Outlet, Signal, UpstreamError};

/// What all readings share.
pub(crate) struct Parts {
    pub(crate) net: Arc<Innertube>,
    pub(crate) signaler: Option<Arc<Signaler>>,
    pub(crate) finder: Finder,
    pub(crate) timings: Timings,
    pub(crate) replay: Option<u32>,
}

/// Reads YouTube's live chats without login.
pub struct YoutubeConnector {
    parts: Parts,
}

impl YoutubeConnector {
    /// A connector that waits for YouTube as long as YouTube deserves.
    pub fn new(config: &YoutubeConfig) -> Self {
        Self::with_timings(config, Timings::default())
    }

    /// The same with other pauses, for tests.
    pub fn with_timings(config: &YoutubeConfig, timings: Timings) -> Self {
        let net = Arc::new(Innertube::new(&config.url));
        let signaler = config.signaler_url.as_deref().and_then(Signaler::new).map(Arc::new);
        Self { parts: Parts { net, signaler, finder: Finder::default(), timings, replay: config.replay } }
    }

    async fn run(&self, key: &ChannelKey, out: &Outlet) -> Result<(), UpstreamError> {
        let mut owner = Owner::default();
        let found = self.parts.finder.find(&self.parts.net, key, &self.parts.timings, &mut owner).await;
        if owner != Owner::default() {
            // Nobody listens any more: that is seen at the next word.
            let _closed = out.send(Signal::Owner(owner)).await;
        }
        let mut found = found?;
        loop {
            match self.broadcast(key, out, found).await? {
                Over::Quiet => return Ok(()),
                Over::Switch(other) => {
                    info!(channel = %key, live_id = other.video.id, "another broadcast of the channel has begun");
                    found = *other;
                }
                Over::Ended if key.identifier_type == IdentifierType::LiveId => {
                    return Err(UpstreamError::Ended { text: words::ended(key) });
                }
                Over::Ended => return Err(self.until_next(key)),
            }
        }
    }

    /// Reads one broadcast to its end.
    async fn broadcast(&self, key: &ChannelKey, out: &Outlet, found: Found) -> Result<Over, UpstreamError> {
        let video = &found.video;
        match (&video.chat, self.parts.replay) {
            (ChatAccess::Open { token, .. }, _) => {
                let token = token.clone();
                Ok(Chat::new(&self.parts, key, out, found, &token).read().await)
            }
            (ChatAccess::ReplayOnly { token }, Some(speed)) if found.channel_id.is_none() => {
                replay::play(&self.parts, key, out, &video.id, token, speed).await.map(|()| Over::Quiet)
            }
            _ => Err(self.closed(key, &found)),
        }
    }

    /// Why there is no chat to read.
    fn closed(&self, key: &ChannelKey, found: &Found) -> UpstreamError {
        let video = &found.video;
        let later = |text: String| {
            UpstreamError::NotLive(Box::new(NotLive {
                starts_at_ms: video.starts_at_ms,
                broadcasts: found.broadcasts.clone(),
                ..NotLive::new(text, look_again(video.starts_at_ms, &self.parts.timings))
            }))
        };
        match video.state {
            VideoState::Ended if found.channel_id.is_none() => UpstreamError::Ended { text: words::ended(key) },
            VideoState::Private if found.channel_id.is_none() => UpstreamError::NotFound { text: words::private(key) },
            VideoState::Missing => words::no_broadcast(key),
            VideoState::Unknown => words::unreadable(),
            VideoState::Live if video.members_only => later(words::members_only(key)),
            VideoState::Live => later(words::chat_closed(key)),
            _ => later(words::not_live(key)),
        }
    }

    /// After a broadcast: who waits gets the next one.
    fn until_next(&self, key: &ChannelKey) -> UpstreamError {
        let waits = NotLive::new(words::waits_for_next(key), look_again(None, &self.parts.timings));
        UpstreamError::NotLive(Box::new(NotLive { ended: true, ..waits }))
    }
}

impl Connector for YoutubeConnector {
    fn platform(&self) -> Platform {
        Platform::Youtube
    }

    fn key(&self, identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
        identifier::key(identifier_type, typed)
    }

    fn read(
        &self,
        key: ChannelKey,
        out: Outlet,
        cancel: CancellationToken,
    ) -> BoxFuture<'_, Result<(), UpstreamError>> {
        Box::pin(async move { cancel.run_until_cancelled(self.run(&key, &out)).await.unwrap_or(Ok(())) })
    }
}
