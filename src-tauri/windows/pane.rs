//! One overlay's window, made and handled: see-through, without a frame, above others, on no task bar.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use polychat_model::saved::OverlayWindow;
use polychat_model::window::{Grip, WindowView};
use tauri::ipc::Channel;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use super::geometry::{Rect, dragged};
use super::places;
use super::plan::Shown;
use super::screen;
use crate::control;

/// What the labels of these windows begin with; the overlay's name and a number follow.
const LABEL: &str = "overlay-";
/// Every window has a label of its own: one that was closed keeps its for a moment, while the next is made already.
static MADE: AtomicU32 = AtomicU32::new(0);

fn label_of(name: &str) -> String {
    format!("{LABEL}{name}:{}", MADE.fetch_add(1, Ordering::Relaxed))
}

/// The name of the overlay whose window this is, if it is one's.
pub(crate) fn overlay_of(label: &str) -> Option<&str> {
    Some(label.strip_prefix(LABEL)?.split_once(':')?.0)
}

/// A window is put where it shall stand by the system, and what that tells of places meanwhile is not to be believed: GTK says the
/// corner of the screen first. It has arrived once it stands there and this is over, or after so long in any case, as some window
/// managers put windows elsewhere for good. Chosen by hand.
const ARRIVES: Duration = Duration::from_millis(1_500);
const ARRIVES_ELSEWHERE: Duration = Duration::from_secs(10);

/// Whether a window has arrived that could be seen first so long ago.
fn arrived(seen_for: Duration, stands_there: bool) -> bool {
    seen_for > if stands_there { ARRIVES } else { ARRIVES_ELSEWHERE }
}

/// An open window.
pub(crate) struct Pane {
    window: WebviewWindow,
    /// How it is.
    pub(crate) shown: Shown,
    /// Where it stands, or will once it is seen.
    pub(crate) rect: Rect,
    /// Its page tells when it can be seen; until then it cannot.
    pub(crate) view: Option<Channel<WindowView>>,
    /// What its page was told last.
    told: Option<WindowView>,
    /// A sentence for its frame.
    pub(crate) note: Option<String>,
    /// It was moved or sized, and that is not kept yet.
    pub(crate) moved: bool,
    /// Clickable for as long as the person holds the keys.
    touched: bool,
    /// Since when it can be seen.
    seen: Option<Instant>,
    /// It stood where it shall, or somebody has taken it from there.
    arrived: bool,
    drag: Option<Drag>,
}

/// A window that is dragged by us, because no window manager does it.
#[derive(Debug, Clone, Copy)]
struct Drag {
    grip: Grip,
    /// Where it stood when it was grabbed.
    rect: Rect,
    scale: f64,
}

impl Pane {
    /// Makes the window of an overlay. It is not seen before [`Pane::appear`].
    pub(crate) fn make(
        app: &AppHandle,
        name: &str,
        port: u16,
        set: &OverlayWindow,
        (rect, scale): (Rect, f64),
        locked: bool,
    ) -> tauri::Result<Self> {
        let page = format!("overlay.html?port={port}&overlay={name}");
        let least = (f64::from(places::LEAST.0), f64::from(places::LEAST.1));
        let window = WebviewWindowBuilder::new(app, label_of(name), WebviewUrl::App(page.into()))
            .title(format!("Polychat overlay: {name}"))
            .transparent(true)
            .decorations(false)
            .shadow(false)
            .always_on_top(true)
            .visible_on_all_workspaces(true)
            .skip_taskbar(true)
            .focused(false)
            .focusable(!locked)
            .maximizable(false)
            .minimizable(false)
            .min_inner_size(least.0, least.1)
            // From the start, or the page would be laid out twice, and the first time is seen.
            .inner_size(f64::from(rect.width) / scale, f64::from(rect.height) / scale)
            .content_protected(set.hidden_from_capture)
            .no_redirection_bitmap(true)
            .visible(false)
            .on_navigation(control::is_ours)
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .on_download(|_, _| false)
            .build()?;
        let shown =
            Shown { locked, above_fullscreen: set.above_fullscreen, hidden_from_capture: set.hidden_from_capture };
        Ok(Self {
            window,
            shown,
            rect,
            view: None,
            told: None,
            note: None,
            moved: false,
            touched: false,
            seen: None,
            arrived: false,
            drag: None,
        })
    }

    /// Shows the window where it shall stand. A second time changes nothing.
    pub(crate) fn appear(&mut self) -> tauri::Result<()> {
        if self.is_seen() {
            return Ok(());
        }
        self.seen = Some(Instant::now());
        screen::appear(&self.window, self.rect, self.shown)
    }

    /// Whether the window can be seen.
    pub(crate) fn is_seen(&self) -> bool {
        self.seen.is_some()
    }

    /// Whether the window has been put where it shall stand, so that it moves because somebody moves it.
    pub(crate) fn has_arrived(&mut self) -> bool {
        if let Some(since) = self.seen
            && !self.arrived
        {
            let stands = self.window.outer_position().is_ok_and(|at| (at.x, at.y) == (self.rect.x, self.rect.y));
            self.arrived = arrived(since.elapsed(), stands);
        }
        self.arrived
    }

    /// Lets clicks through, or no longer.
    pub(crate) fn lock(&mut self, on: bool) -> tauri::Result<()> {
        self.shown.locked = on;
        self.touched = false;
        if on {
            self.note = None;
            self.drag = None;
        }
        if self.is_seen() { screen::let_through(&self.window, on) } else { Ok(()) }
    }

    /// Makes a locked window clickable while keys are held, or no longer.
    pub(crate) fn touch(&mut self, on: bool) -> tauri::Result<()> {
        if !self.shown.locked || !self.is_seen() || self.touched == on {
            return Ok(());
        }
        self.touched = on;
        screen::let_through(&self.window, !on)
    }

    /// Keeps the window out of recordings, or no longer.
    pub(crate) fn protect(&mut self, on: bool) -> tauri::Result<()> {
        self.shown.hidden_from_capture = on;
        self.window.set_content_protected(on)
    }

    /// Puts the window somewhere.
    pub(crate) fn put(&mut self, rect: Rect) -> tauri::Result<()> {
        self.rect = rect;
        if self.is_seen() { screen::put(&self.window, rect) } else { Ok(()) }
    }

    /// Asks where the window is now, or will be.
    pub(crate) fn look(&mut self) -> tauri::Result<Rect> {
        if self.has_arrived() {
            let (at, size) = (self.window.outer_position()?, self.window.inner_size()?);
            self.rect = Rect::new(at.x, at.y, size.width, size.height);
        }
        Ok(self.rect)
    }

    /// Brings the window above others.
    pub(crate) fn raise(&self) -> tauri::Result<()> {
        if self.is_seen() { screen::raise(&self.window) } else { Ok(()) }
    }

    /// The pointer holds the window at a place of it, in logical pixels. Tells whether its page has to tell of every movement.
    pub(crate) fn grab(&mut self, grip: Grip, (x, y): (i32, i32)) -> tauri::Result<bool> {
        if self.shown.locked && !self.touched {
            return Ok(false);
        }
        self.arrived = true;
        if !self.shown.above_fullscreen && screen::drag(&self.window, grip, (x, y))? {
            return Ok(false);
        }
        self.drag = Some(Drag { grip, rect: self.look()?, scale: self.window.scale_factor()? });
        Ok(true)
    }

    /// The pointer has moved with the window: so far, in logical pixels, since it was grabbed.
    pub(crate) fn follow(&mut self, dx: i32, dy: i32) -> tauri::Result<()> {
        let Some(Drag { grip, rect, scale }) = self.drag else { return Ok(()) };
        let physical = |logical: i32| (f64::from(logical) * scale).round() as i32;
        self.moved = true;
        self.put(dragged(rect, grip, physical(dx), physical(dy), places::least(scale)))
    }

    /// The window is held no more.
    pub(crate) fn release(&mut self) {
        self.drag = None;
    }

    /// Moves or sizes the window by logical pixels.
    pub(crate) fn nudge(&mut self, grip: Grip, dx: i32, dy: i32) -> tauri::Result<()> {
        if self.shown.locked {
            return Ok(());
        }
        self.arrived = true;
        let scale = self.window.scale_factor()?;
        let physical = |logical: i32| (f64::from(logical.clamp(-1000, 1000)) * scale).round() as i32;
        let rect = dragged(self.look()?, grip, physical(dx), physical(dy), places::least(scale));
        self.moved = true;
        self.put(rect)
    }

    /// Tells the page how its window is, if that is news.
    pub(crate) fn tell(&mut self, view: WindowView) {
        let view = WindowView { locked: self.shown.locked, touched: self.touched, note: self.note.clone(), ..view };
        let Some(channel) = &self.view else { return };
        if self.told.as_ref() != Some(&view) && channel.send(view.clone()).is_ok() {
            self.told = Some(view);
        }
    }

    /// The page is there anew and knows nothing.
    pub(crate) fn listen(&mut self, view: Channel<WindowView>) {
        self.view = Some(view);
        self.told = None;
    }

    /// Destroys the window.
    pub(crate) fn destroy(&self) -> tauri::Result<()> {
        self.window.destroy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_arrived_when_it_stands_where_it_shall_or_never_will() {
        let (soon, then, late) = (Duration::from_millis(900), Duration::from_secs(2), Duration::from_secs(11));
        assert_eq!([soon, then, late].map(|after| arrived(after, true)), [false, true, true]);
        assert_eq!([soon, then, late].map(|after| arrived(after, false)), [false, false, true]);
    }

    #[test]
    fn the_next_window_of_an_overlay_has_another_label_and_the_same_name() {
        let (first, next) = (label_of("a_b-c"), label_of("a_b-c"));
        assert_ne!(first, next);
        assert_eq!((overlay_of(&first), overlay_of(&next)), (Some("a_b-c"), Some("a_b-c")));
        for other in ["control", "tiktok-1", "overlay-main"] {
            assert_eq!(overlay_of(other), None, "{other}");
        }
    }
}
