//! The one place where overlay windows are handled. Everybody who wants something of them, or saw something happen to them,
//! sends a [`Word`]; a thread takes one after the other, so that nothing happens at the same time as something else.

mod opening;
mod standing;
mod wishes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::command::{
    CommandError, CommandErrorCode, HotkeyChange, HotkeyState, Limit, OverlayName, OverlaySwitch, WindowState,
};
use polychat_model::saved::{HotkeyAction, Overlay, Saved};
use polychat_model::window::{Grabbed, WindowAsk, WindowView};
use tauri::AppHandle;
use tauri::ipc::Channel;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tracing::{info, warn};

use super::geometry::Rect;
use super::hotkeys::Hotkeys;
use super::keys::Combination;
use super::limits::Facts;
use super::pace::Pace;
use super::pane::Pane;
use super::places::Screen;
use super::plan;
use super::registrar::System;
use super::timers::Timers;
use super::tray::{Item, Labels, Tray};
use crate::program::Program;
use crate::words::{self, say};

/// How long after a window was moved its place is kept: dragging is many moves.
const KEEP_AFTER: Duration = Duration::from_secs(1);
/// How long monitors are given to come to rest after one has changed: one change is told several times.
const SETTLE_AFTER: Duration = Duration::from_millis(400);
/// How long Ctrl and Alt are held before windows become clickable: combinations with them pass by shorter. By hand.
const TOUCH_AFTER: Duration = Duration::from_millis(150);
/// When a window is shown whose page has not said that it is ready: there is something wrong, and that is seen.
const SHOW_AFTER: Duration = Duration::from_secs(8);
/// How often in a second windows are raised because others came to the front. By hand: more would be a fight.
pub(crate) const RAISES_PER_SECOND: usize = 3;

/// What is wanted of overlay windows, or what happened to them.
pub(crate) enum Word {
    /// A command of the control page.
    Command(Command, oneshot::Sender<Answer<()>>),
    /// A page is there, and hears by this how its window is.
    Ready(String, Channel<WindowView>, oneshot::Sender<Answer<()>>),
    /// A page asks something of its window.
    Asked(String, WindowAsk, oneshot::Sender<Answer<Grabbed>>),
    /// Keys of the whole system were pressed.
    Pressed(Combination),
    /// A line of the tray's menu was chosen.
    Chosen(Item),
    /// A window was moved or sized, by whomever.
    Moved(String),
    /// The system wants to close a window.
    Closing(String),
    /// Monitors came, went or changed.
    Screens,
    /// A compositor runs, or not any more.
    Composited(bool),
    /// Something shows tray icons, or not any more.
    TrayHost(bool),
    /// The icon is in the tray.
    InTray(Tray),
    /// Another window is in front: whether it is ours, whether it says that it is fullscreen, and where it is.
    Front { ours: bool, fullscreen: bool, area: Option<Rect> },
    /// Ctrl and Alt are held and nothing else, or not any more.
    Held(bool),
    /// The program ends.
    Stop(oneshot::Sender<()>),
}

/// What the control page wants.
#[derive(Debug)]
pub(crate) enum Command {
    /// Show a window, or close it.
    Show(OverlaySwitch),
    /// Lock a window, or unlock it.
    Lock(OverlaySwitch),
    /// Bring a window to the middle.
    Center(OverlayName),
    /// Change how a window looks and behaves.
    Change(Box<Overlay>),
    /// Give an action other keys.
    Hotkey(HotkeyChange),
}

/// How things are, for the control page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Open windows.
    pub(crate) windows: Vec<WindowState>,
    /// Keys of the whole system.
    pub(crate) hotkeys: Vec<HotkeyState>,
    /// What this system cannot do.
    pub(crate) limits: Vec<Limit>,
}

/// What is answered.
pub(crate) type Answer<T> = Result<T, CommandError>;

/// What is to be done later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// Keep the places of windows.
    Keep,
    /// Look at the monitors.
    Settle,
    /// Make windows clickable.
    Touch,
    /// Raise windows.
    Raise,
    /// Show this window, ready or not.
    Show(String),
}

/// All that is known of windows.
pub(crate) struct Desk {
    pub(crate) app: AppHandle,
    pub(crate) program: Arc<Program>,
    pub(crate) words: mpsc::Receiver<Word>,
    pub(crate) report: watch::Sender<Report>,
    pub(crate) hotkeys: Hotkeys<System>,
    pub(crate) facts: Facts,
    /// Makes the icon in the tray, on the main thread; it comes back as [`Word::InTray`].
    pub(crate) make_tray: Box<dyn Fn(Labels) + Send>,
    pub(crate) panes: BTreeMap<String, Pane>,
    pub(crate) screens: Vec<Screen>,
    pub(crate) tray: Option<Tray>,
    pub(crate) timers: Timers<Due>,
    pub(crate) raises: Pace,
    /// Those that the toggle key hid.
    pub(crate) hidden: Vec<String>,
    /// The keys that were set when they were looked at last.
    pub(crate) followed: BTreeMap<HotkeyAction, String>,
}

impl Desk {
    /// Handles windows until the program ends.
    pub(crate) async fn run(mut self) {
        let mut saved = self.program.server.saved();
        let mut stage = self.program.server.stage();
        self.look_at_screens();
        let set = saved.borrow_and_update().settings.clone();
        self.followed.clone_from(&set.hotkeys);
        self.hotkeys.follow(&set);
        self.settle();
        loop {
            let due = self.timers.next();
            tokio::select! {
                word = self.words.recv() => match word {
                    None => return,
                    Some(Word::Stop(done)) => {
                        self.keep_places();
                        _ = done.send(());
                        return;
                    }
                    Some(word) => self.hear(word).await,
                },
                changed = saved.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let set = saved.borrow_and_update().settings.clone();
                    // What is wrong with keys is said in the other language by trying them again.
                    if words::choose(set.language.as_deref()) || self.followed != set.hotkeys {
                        self.followed.clone_from(&set.hotkeys);
                        self.hotkeys.follow(&set);
                    }
                }
                _ = stage.changed() => {}
                () = async { tokio::time::sleep_until(due.unwrap_or_else(Instant::now)).await }, if due.is_some() => {
                    for due in self.timers.take(Instant::now()) {
                        self.done(due);
                    }
                }
            }
            self.settle();
        }
    }

    async fn hear(&mut self, word: Word) {
        match word {
            Word::Command(command, reply) => _ = reply.send(self.command(command).await),
            Word::Ready(name, view, reply) => _ = reply.send(self.ready(&name, view)),
            Word::Asked(name, ask, reply) => _ = reply.send(self.asked(&name, ask).await),
            Word::Pressed(keys) => {
                if let Some(action) = self.hotkeys.action(keys) {
                    self.act(action).await;
                }
            }
            Word::Chosen(item) => self.chosen(item).await,
            Word::Moved(name) => {
                if let Some(pane) = self.panes.get_mut(&name).filter(|pane| pane.is_seen()) {
                    pane.moved = true;
                    self.timers.set_if_free(Due::Keep, Instant::now() + KEEP_AFTER);
                }
            }
            Word::Closing(name) => _ = self.apply(&plan::hide_one(&self.saved(), &name)),
            Word::Screens => self.timers.set(Due::Settle, Instant::now() + SETTLE_AFTER),
            Word::Composited(is) => self.facts.composited = is,
            Word::TrayHost(is) => {
                self.facts.tray = is && self.tray.is_some();
                if is && self.tray.is_none() {
                    (self.make_tray)(self.labels());
                }
                self.program.set_in_tray(self.facts.tray);
            }
            Word::InTray(tray) => {
                self.tray = Some(tray);
                self.facts.tray = true;
                self.program.set_in_tray(true);
            }
            Word::Front { ours, fullscreen, area } => self.front(ours, fullscreen, area),
            Word::Held(true) => self.timers.set(Due::Touch, Instant::now() + TOUCH_AFTER),
            Word::Held(false) => {
                self.timers.clear(&Due::Touch);
                self.touch(false);
            }
            Word::Stop(_) => {}
        }
    }

    fn front(&mut self, ours: bool, fullscreen: bool, area: Option<Rect>) {
        if ours {
            return;
        }
        // Games without a frame and as large as the screen often do not say so, and window managers see to them all the same.
        let fills = |area: Rect| {
            self.screens.iter().any(|Screen { area: all, .. }| area.shared(*all) == (all.width, all.height))
        };
        let covered = area.filter(|area| fullscreen || fills(*area)).is_some_and(|area| {
            self.panes.values().any(|pane| !pane.shown.above_fullscreen && pane.rect.shared(area) != (0, 0))
        });
        if covered && !self.facts.covered {
            info!("a fullscreen window covers an overlay");
            self.facts.covered = true;
        }
        match self.raises.ask(std::time::Instant::now()) {
            Ok(()) => self.raise(),
            Err(wait) => self.timers.set_if_free(Due::Raise, Instant::now() + wait),
        }
    }

    fn raise(&mut self) {
        for (name, pane) in &self.panes {
            done(name, "raised", pane.raise());
        }
    }

    fn touch(&mut self, on: bool) {
        for (name, pane) in &mut self.panes {
            done(name, "touched", pane.touch(on));
        }
    }

    fn done(&mut self, due: Due) {
        match due {
            Due::Keep => self.keep_places(),
            Due::Settle => self.follow_screens(),
            Due::Touch => self.touch(true),
            Due::Raise => self.front(false, false, None),
            Due::Show(name) => {
                if self.panes.get(&name).is_some_and(|pane| !pane.is_seen()) {
                    warn!(name, "the page of the window does not say that it is ready");
                    self.show(&name);
                }
            }
        }
    }

    fn saved(&self) -> Arc<Saved> {
        self.program.server.saved().borrow().clone()
    }
}

fn action_name(action: HotkeyAction) -> String {
    serde_json::to_value(action).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn failed(message: &str) -> CommandError {
    CommandError { code: CommandErrorCode::Failed, message: message.to_owned() }
}

fn gone() -> CommandError {
    CommandError { code: CommandErrorCode::NotFound, message: say("windows.closing").to_owned() }
}

/// What cannot be done with one window is no reason to leave the others.
fn done<E: std::fmt::Debug>(name: &str, what: &str, outcome: Result<(), E>) {
    if let Err(error) = outcome {
        warn!(name, ?error, "the window could not be {what}");
    }
}
