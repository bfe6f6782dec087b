//! What a window needs of the system beyond what Tauri offers for all systems alike.

#[cfg(target_os = "linux")]
pub(crate) use linux::{appear, drag, let_through, put, raise};
#[cfg(not(target_os = "linux"))]
pub(crate) use others::{appear, drag, let_through, put, raise};

use tauri::AppHandle;

use super::geometry::Rect;
use super::places::Screen;

/// The monitors that there are now.
pub(crate) fn screens(app: &AppHandle) -> tauri::Result<Vec<Screen>> {
    let monitors = app.available_monitors()?;
    let screens = monitors.iter().map(|monitor| {
        let (at, size, work) = (monitor.position(), monitor.size(), monitor.work_area());
        Screen {
            area: Rect::new(at.x, at.y, size.width, size.height),
            work: Rect::new(work.position.x, work.position.y, work.size.width, work.size.height),
            scale: monitor.scale_factor(),
        }
    });
    Ok(screens.collect())
}

/// GTK, on its own thread.
#[cfg(target_os = "linux")]
mod linux {
    use std::sync::mpsc;

    use gtk::cairo::Region;
    use gtk::gdk::{ModifierType, WMDecoration, WindowEdge};
    use gtk::prelude::*;
    use polychat_model::window::Grip;
    use tauri::WebviewWindow;

    use super::super::geometry::Rect;
    use super::super::plan::Shown;

    /// The left button.
    const BUTTON: i32 = 1;

    /// Shows a window that was made invisible.
    pub(crate) fn appear(window: &WebviewWindow, rect: Rect, shown: Shown) -> tauri::Result<()> {
        on_main_thread(window, move |gtk| {
            // It may take clicks while it is arranged, but never the keyboard from the game because it appears.
            gtk.set_focus_on_map(false);
            gtk.set_accept_focus(!shown.locked);
            let on_x11 = gtk.display().backend().is_x11();
            if on_x11 {
                // Tauri sizes windows without decorations at what it takes for their edges, which is wrong while a window has
                // not moved yet. So GTK believes in decorations that the window manager is then told to leave away.
                gtk.set_decorated(true);
            }
            gtk.realize();
            if let Some(surface) = gtk.window() {
                if on_x11 {
                    surface.set_decorations(WMDecoration::empty());
                }
                if shown.above_fullscreen {
                    // The window manager puts a focused fullscreen window above all that it manages.
                    surface.set_override_redirect(true);
                }
            }
            place(gtk, rect);
            gtk.show_all();
            pass(gtk, shown.locked);
            if shown.above_fullscreen
                && let Some(surface) = gtk.window()
            {
                surface.raise();
            }
        })
    }

    /// Lets clicks through, or no longer.
    pub(crate) fn let_through(window: &WebviewWindow, on: bool) -> tauri::Result<()> {
        on_main_thread(window, move |gtk| {
            gtk.set_accept_focus(!on);
            pass(gtk, on);
        })
    }

    /// Puts a window somewhere.
    pub(crate) fn put(window: &WebviewWindow, rect: Rect) -> tauri::Result<()> {
        on_main_thread(window, move |gtk| place(gtk, rect))
    }

    /// Brings a window above others of its kind.
    pub(crate) fn raise(window: &WebviewWindow) -> tauri::Result<()> {
        on_main_thread(window, |gtk| {
            gtk.set_keep_above(true);
            if let Some(surface) = gtk.window() {
                surface.raise();
            }
        })
    }

    /// Lets the window manager move or size a window with the pointer, which holds it at a place of it, in logical pixels. Tells
    /// whether that is the window manager's work, and it always is.
    pub(crate) fn drag(window: &WebviewWindow, grip: Grip, (x, y): (i32, i32)) -> tauri::Result<bool> {
        on_main_thread(window, move |gtk| {
            let pointer = gtk.display().default_seat().and_then(|seat| seat.pointer());
            let (Some(pointer), Some(surface)) = (pointer, gtk.window()) else { return };
            let (_, _, _, held) = surface.device_position(&pointer);
            // Once the button is up, nobody would tell the window manager to stop.
            if !held.contains(ModifierType::BUTTON1_MASK) {
                return;
            }
            let (_, left, top) = surface.origin();
            let (x, y) = (left.saturating_add(x), top.saturating_add(y));
            let now = gtk::gdk::ffi::GDK_CURRENT_TIME as u32;
            match edge(grip) {
                Some(edge) => gtk.begin_resize_drag(edge, BUTTON, x, y, now),
                None => gtk.begin_move_drag(BUTTON, x, y, now),
            }
        })?;
        Ok(true)
    }

    fn edge(grip: Grip) -> Option<WindowEdge> {
        Some(match grip {
            Grip::Move => return None,
            Grip::North => WindowEdge::North,
            Grip::NorthEast => WindowEdge::NorthEast,
            Grip::East => WindowEdge::East,
            Grip::SouthEast => WindowEdge::SouthEast,
            Grip::South => WindowEdge::South,
            Grip::SouthWest => WindowEdge::SouthWest,
            Grip::West => WindowEdge::West,
            Grip::NorthWest => WindowEdge::NorthWest,
        })
    }

    /// GTK counts in logical pixels, and scales by whole numbers.
    fn place(gtk: &gtk::ApplicationWindow, rect: Rect) {
        let scale = gtk.scale_factor().max(1);
        let size = |physical: u32| (i32::try_from(physical).unwrap_or(i32::MAX) / scale).max(1);
        gtk.resize(size(rect.width), size(rect.height));
        gtk.move_(rect.x / scale, rect.y / scale);
    }

    /// With an empty shape not one pixel of a window takes clicks; tao's own way leaves the one in the corner.
    fn pass(gtk: &gtk::ApplicationWindow, on: bool) {
        if !on {
            gtk.input_shape_combine_region(None);
        } else if let Some(surface) = gtk.window() {
            surface.input_shape_combine_region(&Region::create(), 0, 0);
        }
    }

    fn on_main_thread(
        window: &WebviewWindow,
        work: impl FnOnce(&gtk::ApplicationWindow) + Send + 'static,
    ) -> tauri::Result<()> {
        let (done, wait) = mpsc::sync_channel(1);
        let same = window.clone();
        window.run_on_main_thread(move || {
            _ = done.send(same.gtk_window().map(|gtk| work(&gtk)));
        })?;
        wait.recv().unwrap_or(Err(tauri::Error::WindowNotFound))
    }
}

/// What Tauri offers on Windows and macOS.
#[cfg(not(target_os = "linux"))]
mod others {
    use polychat_model::window::Grip;
    use tauri::{PhysicalPosition, PhysicalSize, WebviewWindow};

    use super::super::geometry::Rect;
    use super::super::plan::Shown;

    /// Shows a window that was made invisible.
    pub(crate) fn appear(window: &WebviewWindow, rect: Rect, shown: Shown) -> tauri::Result<()> {
        put(window, rect)?;
        window.show()?;
        let_through(window, shown.locked)
    }

    /// Lets clicks through, or no longer.
    pub(crate) fn let_through(window: &WebviewWindow, on: bool) -> tauri::Result<()> {
        window.set_focusable(!on)?;
        window.set_ignore_cursor_events(on)
    }

    /// Puts a window somewhere.
    pub(crate) fn put(window: &WebviewWindow, rect: Rect) -> tauri::Result<()> {
        window.set_size(PhysicalSize::new(rect.width, rect.height))?;
        window.set_position(PhysicalPosition::new(rect.x, rect.y))
    }

    /// Brings a window above others of its kind.
    pub(crate) fn raise(window: &WebviewWindow) -> tauri::Result<()> {
        window.set_always_on_top(false)?;
        window.set_always_on_top(true)
    }

    /// Lets the system move a window with the pointer. Tells whether it does: sizing is left to us.
    pub(crate) fn drag(window: &WebviewWindow, grip: Grip, _at: (i32, i32)) -> tauri::Result<bool> {
        if grip != Grip::Move {
            return Ok(false);
        }
        window.start_dragging()?;
        Ok(true)
    }
}
