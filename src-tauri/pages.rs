//! TikTok's own page in a hidden window: the second way to its chat, taken when TikTok refuses the direct one and the user
//! has agreed.
//!
//! The pages are strangers. They may call one command, [`tiktok_page`], whose texts are read with suspicion; their windows
//! go nowhere but to TikTok, open no others, download nothing, and keep what they keep in a profile of their own.

mod address;
mod window;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use polychat_model::saved::Saved;
use polychat_platforms::BoxFuture;
use polychat_platforms::tiktok::{NoPage, Page, PageHost, PageRequest};
use polychat_server::Config;
use tauri::ipc::CapabilityBuilder;
use tauri::{AppHandle, Manager, State, Webview};
use tokio::sync::{mpsc, watch};
use tracing::{info, warn};

use address::Allowed;

/// Pages at once. Each is a browser of its own, with some hundred MiB of memory; channels beyond that wait for the direct way.
const MAX_PAGES: usize = 3;

/// Bytes of one message of the observer: its largest frame as text, with room for what is around it.
const MAX_MESSAGE: usize = 12 * 1024 * 1024;

/// What the windows are called; capabilities/tiktok.json says what these may do.
const LABEL: &str = "tiktok-";

/// The function of the page's window through which the observer speaks; window.rs makes it.
const BRIDGE: &str = "polychatObserver";

/// Opens TikTok's pages.
pub(crate) struct TiktokPages {
    app: AppHandle,
    allowed: Allowed,
    /// Where the pages keep cookies and files, apart from everything of ours.
    profile: Option<PathBuf>,
    /// What the user has agreed to; there once the server runs.
    saved: OnceLock<watch::Receiver<Arc<Saved>>>,
    arrived: watch::Sender<bool>,
    open: Arc<Open>,
}

/// The pages that are open, by the labels of their windows.
#[derive(Default)]
struct Open {
    pages: Mutex<HashMap<String, mpsc::Sender<String>>>,
    number: AtomicU64,
}

impl TiktokPages {
    /// Prepares for pages; none is opened yet. [`follow`](Self::follow) has to come, or none ever is.
    pub(crate) fn new(app: &AppHandle, config: &Config) -> Arc<Self> {
        let allowed = Allowed::new(config.tiktok.url.as_deref());
        if let Some(origin) = allowed.simulated() {
            warn!(origin, "TikTok is simulated on this computer");
            let capability = CapabilityBuilder::new("tiktok-simulated")
                .local(false)
                .remote(origin)
                .window(format!("{LABEL}*"))
                .permission("allow-tiktok-page");
            if let Err(error) = app.add_capability(capability) {
                warn!(%error, "the simulated pages cannot speak");
            }
        }
        let pages = Arc::new(Self {
            app: app.clone(),
            allowed,
            profile: config.data_dir().map(|folder| folder.join("tiktok")),
            saved: OnceLock::new(),
            arrived: watch::channel(false).0,
            open: Arc::default(),
        });
        app.manage(Arc::clone(&pages));
        pages
    }

    /// Looks for the user's consent in what is saved, from now on.
    pub(crate) fn follow(&self, saved: watch::Receiver<Arc<Saved>>) {
        if self.saved.set(saved).is_ok() {
            self.arrived.send_replace(true);
        }
    }

    fn has_agreed(&self) -> bool {
        self.saved.get().is_some_and(|saved| saved.borrow().settings.tiktok_page == Some(true))
    }
}

impl PageHost for TiktokPages {
    fn bridge(&self) -> &str {
        BRIDGE
    }

    fn open(&self, page: PageRequest) -> BoxFuture<'_, Result<Box<dyn Page>, NoPage>> {
        Box::pin(async move {
            if !self.has_agreed() {
                return Err(NoPage::NotAgreed);
            }
            let failed = |why: &str| NoPage::Failed(why.to_owned());
            let url = page.url.parse().map_err(|_| failed("the address of the page is none"))?;
            if !self.allowed.has(&url) {
                return Err(failed("the address is not TikTok's"));
            }
            let label = self.open.begin(page.messages).ok_or_else(|| failed("three pages are open already"))?;
            let opening = window::Opening { label: &label, url, script: &page.script, profile: self.profile.clone() };
            match window::open(&self.app, opening, self.allowed.clone()) {
                Ok(opened) => {
                    let open = Arc::clone(&self.open);
                    let closed = label.clone();
                    // Also when the user closes it: that ends this page.
                    opened.on_window_event(move |event| {
                        if matches!(event, tauri::WindowEvent::Destroyed) {
                            open.end(&closed);
                        }
                    });
                    info!(%label, "TikTok's page is open");
                    Ok(Box::new(OpenPage { window: opened, open: Arc::clone(&self.open), label }) as Box<dyn Page>)
                }
                Err(error) => {
                    self.open.end(&label);
                    Err(NoPage::Failed(error.to_string()))
                }
            }
        })
    }

    fn agreed(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut arrived = self.arrived.subscribe();
            // Neither ends before this does: both senders live as long as the program.
            let _ = arrived.wait_for(|arrived| *arrived).await;
            let Some(mut saved) = self.saved.get().cloned() else { return std::future::pending().await };
            if saved.wait_for(|saved| saved.settings.tiktok_page == Some(true)).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

impl Open {
    /// Room for one more page, which speaks into `messages`. Gives the label of its window.
    fn begin(&self, messages: mpsc::Sender<String>) -> Option<String> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= MAX_PAGES {
            return None;
        }
        let label = format!("{LABEL}{}", self.number.fetch_add(1, Ordering::Relaxed) + 1);
        pages.insert(label.clone(), messages);
        Some(label)
    }

    /// The page is closed: who listens hears the end.
    fn end(&self, label: &str) {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).remove(label);
    }

    /// Takes what a page says. It never waits: a page that says too much loses it.
    fn hear(&self, label: &str, texts: Vec<String>, lost: u32) {
        let Some(messages) = self.pages.lock().unwrap_or_else(PoisonError::into_inner).get(label).cloned() else {
            return;
        };
        let mut dropped = u64::from(lost);
        for text in texts {
            if text.len() > MAX_MESSAGE || messages.try_send(text).is_err() {
                dropped += 1;
            }
        }
        if dropped > 0 {
            metrics::counter!("polychat_tiktok_page_dropped_total").increment(dropped);
        }
    }
}

/// An open page. Dropping it closes its window.
struct OpenPage {
    window: tauri::WebviewWindow,
    open: Arc<Open>,
    label: String,
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        self.open.end(&self.label);
        // The user may have closed it.
        let _ = self.window.destroy();
        info!(label = %self.label, "TikTok's page is closed");
    }
}

impl Page for OpenPage {
    fn show(&self) {
        window::show(&self.window, true);
    }

    fn hide(&self) {
        window::show(&self.window, false);
    }
}

/// What the observer in a page says: some of its messages in their order, and how many the page had to drop before.
/// The only command that a stranger's page may call, so it answers nothing.
#[tauri::command(async)]
#[expect(clippy::needless_pass_by_value, reason = "the form of a command")]
pub(crate) fn tiktok_page(webview: Webview, pages: State<'_, Arc<TiktokPages>>, texts: Vec<String>, lost: u32) {
    pages.open.hear(webview.label(), texts, lost);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_is_room_for_three_pages_and_for_another_when_one_is_closed() {
        let open = Open::default();
        let labels: Vec<_> = (0..MAX_PAGES).map(|_| open.begin(mpsc::channel(1).0).unwrap()).collect();
        assert_eq!(labels, ["tiktok-1", "tiktok-2", "tiktok-3"]);
        assert_eq!(open.begin(mpsc::channel(1).0), None);
        open.end("tiktok-2");
        assert_eq!(open.begin(mpsc::channel(1).0).as_deref(), Some("tiktok-4"), "no label comes twice");
    }

    #[tokio::test]
    async fn messages_come_in_their_order_and_what_is_too_much_or_too_long_is_dropped() {
        let open = Open::default();
        let (sender, mut messages) = mpsc::channel(2);
        let label = open.begin(sender).unwrap();
        open.hear(&label, vec!["1".into(), "x".repeat(MAX_MESSAGE + 1), "2".into(), "3".into()], 0);
        assert_eq!(messages.recv().await.as_deref(), Some("1"));
        assert_eq!(messages.recv().await.as_deref(), Some("2"));
        open.hear(&label, vec!["4".into()], 1);
        assert_eq!(messages.recv().await.as_deref(), Some("4"), "3 did not fit");
        open.hear("tiktok-9", vec!["nobody".into()], 0);
        open.end(&label);
        assert_eq!(messages.recv().await, None, "a closed page ends its channel");
    }
}
