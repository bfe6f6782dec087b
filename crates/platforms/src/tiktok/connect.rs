//! The connector: everything that readings of TikTok share, and the ways to a room.

use std::sync::Arc;

use polychat_model::wire::Via;
use polychat_model::{ChannelKey, IdentifierType, InvalidIdentifier, Platform};
use tokio_util::sync::CancellationToken;

use super::address::{Join, SignedJoin, Sockets};
use super::agent::AGENTS;
use super::chat::Reading;
use super::config::TiktokConfig;
use super::frame::{self, Batch};
use super::identifier;
use super::ladder::Setback;
use super::line::{Line, NoLine};
use super::room::{Found, NoRoom};
use super::sign::{SignError, SignServer};
use super::timings::Timings;
use super::ttwid::{Credentials, NoTtwid};
use super::web::{Pace, Web};
use super::webview::{PageHost, Watching};
use crate::connector::BoxFuture;
use crate::{Connector, Outlet, UpstreamError};

/// How many old messages a room is asked to repeat when it is entered for the first time: as many as the player asks for.
const HISTORY: u32 = 6;
/// The same after a lost connection, to fill the gap. What was told already is not told again.
const HISTORY_AFTER_GAP: u32 = 50;

/// What all readings share.
pub(crate) struct Parts {
    pub(crate) web: Web,
    pub(crate) timings: Timings,
    site: String,
    sockets: Sockets,
    signer: Option<SignServer>,
    pages: Option<Arc<dyn PageHost>>,
}

/// Reads TikTok's live rooms without login.
pub struct TiktokConnector {
    parts: Parts,
}

impl TiktokConnector {
    /// A connector that waits for TikTok as long as TikTok deserves.
    pub fn new(config: &TiktokConfig) -> Self {
        Self::with_timings(config, Timings::default())
    }

    /// The same with other pauses, for tests.
    pub fn with_timings(config: &TiktokConfig, timings: Timings) -> Self {
        let pace = Pace {
            lookup: timings.lookup,
            pause: timings.blocked_first,
            pause_max: timings.blocked_longest,
            mint: timings.mint,
        };
        let web = Web::paced(config, pace);
        let (sockets, signer) = (Sockets::new(&config.ws_url), SignServer::new(config));
        Self { parts: Parts { web, timings, site: config.url.clone(), sockets, signer, pages: None } }
    }

    /// The same with a browser engine, which opens TikTok's page when nothing else helps and its user has agreed.
    #[must_use]
    pub fn with_pages(mut self, pages: Arc<dyn PageHost>) -> Self {
        self.parts.pages = Some(pages);
        self
    }
}

impl Parts {
    /// The ways that there are, the best first.
    pub(crate) fn ways(&self) -> Vec<Via> {
        let webview = self.pages.is_some().then_some(Via::Webview);
        let signed = self.signer.is_some().then_some(Via::SignServer);
        [Some(Via::Direct), webview, signed].into_iter().flatten().collect()
    }

    /// Waits until the user agrees that the page is opened, which may be never.
    pub(crate) async fn agreed(&self) {
        match &self.pages {
            Some(pages) => pages.agreed().await,
            None => std::future::pending().await,
        }
    }

    /// Opens one of them. `again`: the room was read before. `turn` counts the tries, so that each goes to another host.
    pub(crate) async fn open(&self, via: Via, found: &Found, again: bool, turn: usize) -> Result<Opened, NoLine> {
        let history = if again { HISTORY_AFTER_GAP } else { HISTORY };
        let join = Join { room_id: found.room_id, history, gzip: true };
        let lost = NoLine::Setback(Setback::Lost);
        match (via, &self.pages, &self.signer) {
            (Via::Webview, Some(pages), _) => {
                let page = format!("{}/@{}/live", self.site.trim_end_matches('/'), found.username);
                let page = Watching::open(pages.as_ref(), page).await.map_err(NoLine::Setback)?;
                Ok(Opened { line: Line::Page(Box::new(page)), first: None, visitor: None })
            }
            (Via::SignServer, _, Some(signer)) => {
                let agent = &AGENTS[0];
                let signed = signer.connect(found.room_id, agent).await.map_err(NoLine::Unsigned)?;
                let first = frame::batch(signed.fetch_result).map_err(|_| NoLine::Unsigned(SignError::Unreadable))?;
                let how = SignedJoin {
                    push_server: &first.push_server(),
                    route_params: &first.route_params(),
                    cursor: &first.cursor(),
                    internal_ext: &first.internal_ext(),
                    cookie: &signed.cookie,
                };
                let request = self.sockets.signed_request(join, how, agent).ok_or(lost)?;
                let line = Line::open(request, self.timings.connect).await?;
                Ok(Opened { line, first: Some(first), visitor: None })
            }
            _ => {
                let visitor = self.web.ttwid().await.map_err(|none| NoLine::Setback(no_visitor(&none)))?;
                let request = self.sockets.request(turn, join, &visitor).ok_or(lost)?;
                match Line::open(request, self.timings.connect).await {
                    Ok(line) => Ok(Opened { line, first: None, visitor: Some(visitor) }),
                    Err(no_line) => {
                        if no_line == NoLine::Setback(Setback::Refused) {
                            self.web.rotate(&visitor);
                        }
                        Err(no_line)
                    }
                }
            }
        }
    }
}

/// An open way.
pub(crate) struct Opened {
    pub(crate) line: Line,
    /// Messages that came before the first frame.
    pub(crate) first: Option<Batch>,
    /// Who we are on it, if that is for us to say.
    pub(crate) visitor: Option<Credentials>,
}

/// Without a network there is no cookie either; then nothing is wrong with this way.
fn no_visitor(none: &NoTtwid) -> Setback {
    match none {
        NoTtwid::Refused(NoRoom::Unreachable | NoRoom::Timeout) => Setback::Lost,
        NoTtwid::Judged | NoTtwid::NotGiven | NoTtwid::Refused(_) => Setback::NoCookie,
    }
}

impl Connector for TiktokConnector {
    fn platform(&self) -> Platform {
        Platform::Tiktok
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
        Box::pin(async move {
            let reading = Reading::new(&self.parts, &key, &out).run();
            cancel.run_until_cancelled(reading).await.unwrap_or(Ok(()))
        })
    }
}
