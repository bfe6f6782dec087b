//! The second way: TikTok's own page, open in the user's own browser engine. An observer copies the frames of the page's
//! socket to us; the page signs, enters and acknowledges for itself.
//!
//! Who has a browser engine (the desktop app) offers it as a [`PageHost`]; the headless server has none.

use bytes::Bytes;
use thiserror::Error;
use tokio::sync::mpsc;
use tracing::{info, warn};

use super::ladder::Setback;
use super::observer::{self, Seen, Wall};
use crate::BoxFuture;

/// Messages of the observer that may wait for us. What comes while it is full is for the host to drop and count.
pub const MESSAGES_WAITING: usize = 1_024;

/// A browser engine that can open TikTok's page, when its user has agreed to that.
pub trait PageHost: Send + Sync + 'static {
    /// The path of the function in the page's window that takes a message of the script, such as `ipc.postMessage`.
    fn bridge(&self) -> &str;

    /// Opens a page, hidden and muted, and runs the script in it before any of the page's own.
    ///
    /// # Errors
    /// [`NoPage`].
    fn open(&self, page: PageRequest) -> BoxFuture<'_, Result<Box<dyn Page>, NoPage>>;

    /// Waits until the user agrees that pages are opened; comes at once when they have.
    fn agreed(&self) -> BoxFuture<'_, ()>;
}

/// Why a page was not opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoPage {
    /// The user has not agreed to it.
    #[error("the user has not agreed to it")]
    NotAgreed,
    /// The engine cannot; what it says is for the log.
    #[error("{0}")]
    Failed(String),
}

/// The page to open.
#[derive(Debug)]
pub struct PageRequest {
    /// Its address: the live page of one channel.
    pub url: String,
    /// To run at the beginning of the document, in the top frame only.
    pub script: String,
    /// Where the messages go.
    pub messages: mpsc::Sender<String>,
}

/// An open page. Dropping it closes it.
pub trait Page: Send + Sync {
    /// Shows the page to its user, who is asked for something: a captcha, a login.
    fn show(&self);

    /// Hides it again: the user has answered.
    fn hide(&self);
}

/// A page that is being watched.
pub(crate) struct Watching {
    page: Box<dyn Page>,
    messages: mpsc::Receiver<String>,
    room_id: Option<u64>,
    shown: bool,
}

/// What a line brings.
pub(crate) enum Came {
    /// A frame.
    Frame(Bytes),
    /// The page waits for its user.
    NeedsUser,
}

impl Watching {
    /// Opens the live page at `url`.
    pub(crate) async fn open(host: &dyn PageHost, url: String) -> Result<Self, Setback> {
        let (sender, messages) = mpsc::channel(MESSAGES_WAITING);
        let script = observer::script(host.bridge(), observer::FILTER);
        let request = PageRequest { url, script, messages: sender };
        match host.open(request).await {
            Ok(page) => Ok(Self { page, messages, room_id: None, shown: false }),
            Err(NoPage::NotAgreed) => Err(Setback::NotAgreed),
            Err(NoPage::Failed(cause)) => {
                warn!(%cause, "the page of TikTok was not opened");
                Err(Setback::Lost)
            }
        }
    }

    /// The room that the page has entered, once its socket is open.
    pub(crate) fn room_id(&self) -> Option<u64> {
        self.room_id
    }

    /// What comes next of the page's chat socket.
    pub(crate) async fn next(&mut self) -> Result<Came, Setback> {
        loop {
            // A user who closes the window that asks them has answered: it does not come back at once.
            let closed = if self.shown { Setback::NeedsUser } else { Setback::Lost };
            let message = self.messages.recv().await.ok_or(closed)?;
            let Ok(seen) = observer::read(&message) else {
                // The page itself may call the bridge: what is not the observer's is nobody's.
                metrics::counter!("polychat_tiktok_observer_refused_total").increment(1);
                continue;
            };
            match seen {
                Seen::Frame { data, .. } => return Ok(Came::Frame(data)),
                Seen::Open { url, .. } => {
                    if std::mem::take(&mut self.shown) {
                        self.page.hide();
                    }
                    self.room_id = room_id(&url).or(self.room_id);
                }
                Seen::NoSocket => {
                    // Perhaps a worker has it, where the observer does not see it.
                    metrics::counter!("polychat_tiktok_unseen_total").increment(1);
                    warn!("TikTok's page made no socket that could be seen");
                    return Err(Setback::Unseen);
                }
                Seen::Wall(Wall::ChatDisabled) => return Err(Setback::Silent),
                Seen::Wall(Wall::Region) => return Err(Setback::Blocked),
                Seen::Wall(wall @ (Wall::Captcha | Wall::Login | Wall::Age)) => {
                    if !std::mem::replace(&mut self.shown, true) {
                        info!(?wall, "TikTok's page asks for its user");
                        self.page.show();
                    }
                    return Ok(Came::NeedsUser);
                }
                // A page whose socket has closed opens another; our limit for silence decides when that takes too long.
                Seen::Close { .. } | Seen::Ready { .. } => {}
            }
        }
    }
}

/// The room in the address of the page's socket.
fn room_id(url: &str) -> Option<u64> {
    let url = url::Url::parse(url).ok()?;
    url.query_pairs().find(|(name, _)| name == "room_id").and_then(|(_, id)| id.parse().ok()).filter(|id| *id > 0)
}
