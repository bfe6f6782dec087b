//! Watches an X11 screen on a thread of its own: which window is in front, whether Ctrl and Alt are held, and keys that are ours. It waits for
//! events and asks for nothing by the clock.

use std::sync::Arc;
use std::thread;

use tracing::{debug, warn};
use x11rb::connection::Connection;
use x11rb::errors::{ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xinput::{ConnectionExt as _, Device, EventMask as InputMask, XIEventMask};
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;

use super::geometry::Rect;
use super::held::Modifiers;
use super::keys::Combination;
use super::x11_keys::{Keys, Repeats};

x11rb::atom_manager! {
    /// The names that are asked for.
    Atoms: AtomsCookie {
        _NET_ACTIVE_WINDOW,
        _NET_WM_STATE,
        _NET_WM_STATE_FULLSCREEN,
        _NET_WM_WINDOW_TYPE,
        _NET_WM_WINDOW_TYPE_DESKTOP,
        _NET_WM_PID,
        POLYCHAT_STOP,
    }
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Another window is in front, or it became fullscreen.
    Front(Front),
    /// Ctrl and Alt are held and nothing else, or not any more.
    Held(bool),
    /// Keys that are ours were pressed.
    Pressed(Combination),
}

/// The window in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Front {
    /// It is one of this program.
    pub(crate) ours: bool,
    /// It says that it is fullscreen.
    pub(crate) fullscreen: bool,
    /// Where it is; nothing for the desktop itself, which is below everything.
    pub(crate) area: Option<Rect>,
}

/// The thread that watches. Dropping it ends the thread.
pub(crate) struct Watch {
    connection: Arc<RustConnection>,
    window: Window,
    stop: u32,
    thread: Option<thread::JoinHandle<()>>,
    /// Keys of the whole screen.
    pub(crate) keys: Arc<Keys>,
}

/// Watches the screen that `DISPLAY` names, and tells what is seen.
///
/// # Errors
/// There is no such screen.
pub(crate) fn watch(tell: impl Fn(Seen) + Send + 'static) -> Result<Watch, Box<dyn std::error::Error + Send + Sync>> {
    let (connection, number) = x11rb::connect(None)?;
    let connection = Arc::new(connection);
    let root = connection.setup().roots[number].root;
    let atoms = Atoms::new(&*connection)?.reply()?;
    if let Err(error) = tell_of_all_keys(&connection, root) {
        warn!(%error, "holding keys does not make overlays clickable here");
    }
    select(&connection, root, EventMask::PROPERTY_CHANGE)?;
    let window = bell(&connection, root)?;
    let keys = Arc::new(Keys::new(connection.clone(), root));
    let mut watcher = Watcher {
        keys: keys.clone(),
        repeats: Repeats::default(),
        modifiers: modifiers(&connection)?,
        connection: connection.clone(),
        root,
        atoms,
        front: None,
        told: None,
        held: false,
    };
    let thread = thread::Builder::new().name("x11".to_owned()).spawn(move || {
        if let Err(error) = watcher.run(&tell) {
            warn!(%error, "the screen is not watched any more");
        }
    })?;
    Ok(Watch { connection, window, stop: atoms.POLYCHAT_STOP, thread: Some(thread), keys })
}

impl Drop for Watch {
    fn drop(&mut self) {
        let event = ClientMessageEvent::new(32, self.window, self.stop, [0_u32; 5]);
        let sent = self.connection.send_event(false, self.window, EventMask::NO_EVENT, event).is_ok();
        if sent
            && self.connection.flush().is_ok()
            && let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            warn!("watching the screen ended by a fault");
        }
    }
}

/// Asks for every key that goes down or up, whoever it is for: version 2 of the input extension.
fn tell_of_all_keys(connection: &RustConnection, root: Window) -> Result<(), ReplyError> {
    connection.xinput_xi_query_version(2, 1)?.reply()?;
    let raw = InputMask {
        deviceid: bool::from(Device::ALL_MASTER).into(),
        mask: vec![XIEventMask::RAW_KEY_PRESS | XIEventMask::RAW_KEY_RELEASE],
    };
    connection.xinput_xi_select_events(root, &[raw])?.check()
}

/// A window that nobody sees: what is sent to it wakes the thread.
fn bell(connection: &RustConnection, root: Window) -> Result<Window, ReplyOrIdError> {
    let window = connection.generate_id()?;
    let none = CreateWindowAux::new();
    connection.create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &none)?.check()?;
    Ok(window)
}

struct Watcher {
    keys: Arc<Keys>,
    repeats: Repeats,
    connection: Arc<RustConnection>,
    root: Window,
    atoms: Atoms,
    modifiers: Modifiers,
    /// The window in front.
    front: Option<Window>,
    /// What was told of it.
    told: Option<(Window, Front)>,
    held: bool,
}

impl Watcher {
    fn run(&mut self, tell: &impl Fn(Seen)) -> Result<(), ReplyError> {
        self.look(tell)?;
        loop {
            match self.connection.wait_for_event()? {
                Event::XinputRawKeyPress(key) | Event::XinputRawKeyRelease(key) => {
                    self.key(u8::try_from(key.detail).unwrap_or(0), tell)?;
                }
                Event::KeyPress(key) if !self.repeats.is_repeat(key.detail, key.time) => {
                    if let Some(keys) = self.keys.pressed(key.detail, key.state) {
                        debug!(%keys, "pressed");
                        tell(Seen::Pressed(keys));
                    }
                }
                Event::KeyRelease(key) => self.repeats.release(key.detail, key.time),
                Event::PropertyNotify(change)
                    if change.window == self.root && change.atom == self.atoms._NET_ACTIVE_WINDOW
                        || Some(change.window) == self.front && change.atom == self.atoms._NET_WM_STATE =>
                {
                    self.look(tell)?;
                }
                Event::MappingNotify(_) => self.modifiers = modifiers(&self.connection)?,
                Event::ClientMessage(message) if message.type_ == self.atoms.POLYCHAT_STOP => return Ok(()),
                // A window that is asked about may be gone: its error is the answer.
                _ => {}
            }
        }
    }

    /// Most keys are none of our business: they cost nothing but this look.
    fn key(&mut self, code: u8, tell: &impl Fn(Seen)) -> Result<(), ReplyError> {
        if !self.held && !self.modifiers.has(code) {
            return Ok(());
        }
        // The state of all keys, and not what events add up to: some may have been kept from us.
        let keys = self.connection.query_keymap()?.reply()?.keys;
        let held = self.modifiers.are_held_alone(&keys);
        if std::mem::replace(&mut self.held, held) != held {
            tell(Seen::Held(held));
        }
        Ok(())
    }

    fn look(&mut self, tell: &impl Fn(Seen)) -> Result<(), ReplyError> {
        let Some(window) =
            self.value(self.root, self.atoms._NET_ACTIVE_WINDOW, AtomEnum::WINDOW.into())?.first().copied()
        else {
            return Ok(());
        };
        if window == x11rb::NONE {
            return Ok(());
        }
        let before = self.front.replace(window);
        if before != Some(window) {
            // Each program chooses for itself what it is told of a window; this takes nothing from others.
            quietly(select(&self.connection, window, EventMask::PROPERTY_CHANGE))?;
            if let Some(before) = before.filter(|before| *before != self.root) {
                quietly(select(&self.connection, before, EventMask::NO_EVENT))?;
            }
        }
        let states = self.value(window, self.atoms._NET_WM_STATE, AtomEnum::ATOM.into())?;
        let fullscreen = states.contains(&self.atoms._NET_WM_STATE_FULLSCREEN);
        let front = Front { ours: self.is_ours(window)?, fullscreen, area: self.area(window)? };
        if self.told.replace((window, front)) != Some((window, front)) {
            debug!(window, ?front, "in front");
            tell(Seen::Front(front));
        }
        Ok(())
    }

    fn is_ours(&self, window: Window) -> Result<bool, ReplyError> {
        let process = self.value(window, self.atoms._NET_WM_PID, AtomEnum::CARDINAL.into())?;
        Ok(process.first() == Some(&std::process::id()))
    }

    fn area(&self, window: Window) -> Result<Option<Rect>, ReplyError> {
        let kinds = self.value(window, self.atoms._NET_WM_WINDOW_TYPE, AtomEnum::ATOM.into())?;
        if kinds.contains(&self.atoms._NET_WM_WINDOW_TYPE_DESKTOP) {
            return Ok(None);
        }
        let Some(size) = quietly(self.connection.get_geometry(window)?.reply())? else { return Ok(None) };
        let at = quietly(self.connection.translate_coordinates(window, self.root, 0, 0)?.reply())?;
        Ok(at.map(|at| Rect::new(at.dst_x.into(), at.dst_y.into(), size.width.into(), size.height.into())))
    }

    /// The numbers of a property; none if it or its window is not there.
    fn value(&self, window: Window, property: u32, kind: u32) -> Result<Vec<u32>, ReplyError> {
        let answer = quietly(self.connection.get_property(false, window, property, kind, 0, 64)?.reply())?;
        Ok(answer.iter().filter_map(|answer| answer.value32()).flatten().collect())
    }
}

/// Be told this of a window.
fn select(connection: &RustConnection, window: Window, what: EventMask) -> Result<(), ReplyError> {
    let changes = ChangeWindowAttributesAux::new().event_mask(what);
    connection.change_window_attributes(window, &changes)?.check()
}

/// A window that is gone is no fault; a lost connection is.
fn quietly<T>(answer: Result<T, ReplyError>) -> Result<Option<T>, ReplyError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(ReplyError::X11Error(_)) => Ok(None),
        Err(lost) => Err(lost),
    }
}

fn modifiers(connection: &RustConnection) -> Result<Modifiers, ReplyError> {
    let mapping = connection.get_modifier_mapping()?.reply()?;
    let each = usize::from(mapping.keycodes_per_modifier());
    // In the order of the protocol: Shift, Lock, Control, Mod1 (which is Alt), Mod2 …
    let row = |number: usize| mapping.keycodes.chunks(each.max(1)).nth(number).unwrap_or_default();
    let codes = |number| row(number).iter().copied().filter(|code| *code != 0).collect();
    Ok(Modifiers { ctrl: codes(2), alt: codes(3) })
}
