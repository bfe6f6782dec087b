//! What GTK knows of the screen: its kind, its monitors, and whether a compositor runs. On the main thread.

use gtk::gdk::{Display, Screen};
use gtk::prelude::*;
use tokio::sync::mpsc;

use super::desk::Word;
use super::limits::Session;
use super::tell;

/// How programs reach the screen here.
pub(crate) fn session() -> Session {
    let is_wayland = Display::default().is_some_and(|display| display.backend().is_wayland());
    let inside_wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
    match (is_wayland, inside_wayland) {
        (true, _) => Session::Wayland,
        (false, true) => Session::XWayland,
        (false, false) => Session::X11,
    }
}

/// Tells of changes. The answer is whether a compositor runs now.
pub(crate) fn watch(words: &mpsc::Sender<Word>) -> bool {
    let Some(screen) = Screen::default() else { return true };
    let changed = words.clone();
    screen.connect_monitors_changed(move |_| tell(&changed, Word::Screens));
    let resized = words.clone();
    screen.connect_size_changed(move |_| tell(&resized, Word::Screens));
    let composited = words.clone();
    screen.connect_composited_changed(move |screen| tell(&composited, Word::Composited(screen.is_composited())));
    screen.is_composited()
}
