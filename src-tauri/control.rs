//! The control window: one page of ours, which may go nowhere else.

use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, LogicalSize, Manager, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry};
use tauri_plugin_opener::OpenerExt as _;
use tracing::{info, warn};
use url::Url;

/// The label of the window.
pub(crate) const LABEL: &str = "control";

/// Width and height at the first start, in logical pixels: all columns have room.
const SIZE: (f64, f64) = (1_320.0, 820.0);
/// Below this columns would cover each other.
const LEAST: (f64, f64) = (560.0, 420.0);

/// What is left free of a small screen, for the window's title.
const MARGIN: LogicalSize<f64> = LogicalSize::new(0.0, 40.0);

/// What the page stands on until it is painted: `--bg-0` of the tokens.
const DARK: Color = Color(0x0e, 0x10, 0x14, 0xff);
const LIGHT: Color = Color(0xee, 0xf0, 0xf4, 0xff);

/// Shows the window and brings it to the front; makes it if it was closed.
pub(crate) fn show(app: &AppHandle) {
    let shown = match app.get_webview_window(LABEL) {
        Some(window) => bring(&window),
        None => build(app),
    };
    if let Err(error) = shown {
        warn!(%error, "the window cannot be shown");
    }
}

fn bring(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let window = page(app, LABEL, "index.html")
        .title("Polychat")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        // Many laptops are lower than that, and not every system makes it fit.
        .prevent_overflow_with_margin(MARGIN)
        .center()
        .build()?;
    #[cfg(target_os = "linux")]
    crate::display::put_together_without_a_card(&window);
    if window.theme().is_ok_and(|theme| theme == Theme::Light) {
        window.set_background_color(Some(LIGHT))?;
    }
    info!("the window is made");
    Ok(())
}

/// A window for one of our own pages, which is seen once that is loaded, and goes nowhere else.
pub(crate) fn page<'a>(app: &'a AppHandle, label: &str, page: &str) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    let opener = app.clone();
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .visible(false)
        .background_color(DARK)
        .on_navigation(is_ours)
        .on_new_window(move |url, _| {
            open_outside(&opener, &url);
            NewWindowResponse::Deny
        })
        .on_download(|_, _| false)
        .on_page_load(|window, load| {
            // Not before: an empty window would flash.
            if load.event() == PageLoadEvent::Finished
                && let Err(error) = window.show()
            {
                warn!(%error, "the window cannot be shown");
            }
        })
}

/// Whether an address is a page of this program: nothing else is ever opened in our windows.
pub(crate) fn is_ours(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        // The pages of the program that serves them while somebody works on them.
        ("http", Some("localhost")) => cfg!(debug_assertions) && cfg!(not(feature = "custom-protocol")),
        ("about", None) => url.path() == "blank" || url.path() == "srcdoc",
        _ => false,
    }
}

/// Opens an https page, or one of this computer, in the system's browser. Anything else could start a program.
pub(crate) fn open_outside(app: &AppHandle, url: &Url) -> bool {
    if !may_go_outside(url) {
        warn!(scheme = url.scheme(), "an address was not opened");
        return false;
    }
    app.opener().open_url(url.as_str(), None::<&str>).inspect_err(|error| warn!(%error, "no browser opened")).is_ok()
}

fn may_go_outside(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn only_our_own_pages_open_in_our_windows() {
        for ours in ["tauri://localhost/index.html", "http://tauri.localhost/overlay.html?port=1", "about:blank"] {
            assert!(is_ours(&url(ours)), "{ours}");
        }
        for theirs in [
            "https://evil.example/",
            "http://127.0.0.1:7117/overlay/main",
            "http://localhost:5173/",
            "tauri://evil.example/",
            "http://tauri.localhost.evil.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert!(!is_ours(&url(theirs)), "{theirs}");
        }
    }

    #[test]
    fn only_web_pages_go_to_the_browser() {
        for page in ["https://www.twitch.tv/someone", "http://127.0.0.1:7117/test", "http://localhost:7117/"] {
            assert!(may_go_outside(&url(page)), "{page}");
        }
        for other in ["http://evil.example/", "file:///etc/passwd", "javascript:alert(1)", "ms-settings:", "smb://x/y"]
        {
            assert!(!may_go_outside(&url(other)), "{other}");
        }
    }
}
