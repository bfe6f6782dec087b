//! The window of one page: hidden, silent, and held to TikTok.

use std::path::PathBuf;

use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Url, WebviewUrl, WebviewWindow};
use tracing::{debug, warn};

use super::address::Allowed;
use crate::words::say;

/// What the observer's messages go through on their way to us.
const BRIDGE_SCRIPT: &str = include_str!("bridge.js");

/// Its size in logical pixels: what TikTok's page needs to lay out a captcha.
const SIZE: (f64, f64) = (480.0, 360.0);

/// The window to open.
pub(super) struct Opening<'a> {
    pub(super) label: &'a str,
    pub(super) url: Url,
    /// The observer.
    pub(super) script: &'a str,
    pub(super) profile: Option<PathBuf>,
}

/// Opens it, hidden.
///
/// # Errors
/// Tauri's: the system gives no window, or no browser engine.
pub(super) fn open(app: &AppHandle, opening: Opening<'_>, allowed: Allowed) -> tauri::Result<WebviewWindow> {
    let Opening { label, url, script, profile } = opening;
    let mut window = WebviewWindowBuilder::new(app, label, WebviewUrl::External(url))
        .title(say("tiktok.asks"))
        .inner_size(SIZE.0, SIZE.1)
        .center()
        .visible(false)
        .focused(false)
        .skip_taskbar(true)
        // In the top frame only, and before any script of the page.
        .initialization_script(format!("{BRIDGE_SCRIPT}\n{script}"))
        .on_navigation(move |url| {
            let goes = allowed.has(url);
            if !goes {
                debug!(scheme = url.scheme(), host = url.host_str(), "TikTok's page may not go there");
            }
            goes
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    // Without a folder the page forgets everything when it is closed.
    window = match profile {
        Some(folder) => window.data_directory(folder),
        None => window.incognito(true),
    };
    let window = window.build()?;
    mute(&window);
    Ok(window)
}

/// Shows it to its user, who is asked for something, or hides it again.
pub(super) fn show(window: &WebviewWindow, shown: bool) {
    let done = if shown {
        window.set_skip_taskbar(false).and_then(|()| window.show()).and_then(|()| window.set_focus())
    } else {
        window.hide().and_then(|()| window.set_skip_taskbar(true))
    };
    if let Err(error) = done {
        warn!(%error, shown, "TikTok's page does not follow");
    }
}

/// No sound, also none that is made without a video. Elsewhere the observer silences videos, which is all that TikTok plays.
#[cfg(target_os = "linux")]
fn mute(window: &WebviewWindow) {
    use webkit2gtk::WebViewExt as _;
    if let Err(error) = window.with_webview(|webview| webview.inner().set_is_muted(true)) {
        warn!(%error, "TikTok's page cannot be muted");
    }
}

#[cfg(not(target_os = "linux"))]
fn mute(_window: &WebviewWindow) {}
