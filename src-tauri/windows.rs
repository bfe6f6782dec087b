//! Overlay windows over the screen, and what rules them: keys of the whole system, the tray, the windows' own pages. All of
//! it is handled in one place, the [`desk`]; this is the door to it.

mod desk;
#[cfg(target_os = "linux")]
mod gdk_screen;
mod geometry;
#[cfg(target_os = "linux")]
mod held;
mod hotkeys;
mod keys;
mod limits;
mod pace;
mod pane;
mod places;
mod plan;
mod registrar;
mod screen;
mod timers;
mod tray;
#[cfg(target_os = "linux")]
mod tray_host;
#[cfg(target_os = "linux")]
mod x11;
#[cfg(target_os = "linux")]
mod x11_keys;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use polychat_model::command::{CommandError, CommandErrorCode};
use polychat_model::window::{Grabbed, WindowAsk, WindowView};
use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter as _, Manager, State, WebviewWindow, Window, WindowEvent, Wry};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{error, warn};

use crate::program::Program;
use crate::words::say;
use crate::{control, crash, native};

pub(crate) use desk::{Command, Report};
use desk::{Desk, Word};
use limits::{Facts, Session};
use pane::overlay_of;

/// Words that wait. A person makes a few in a second, a window that is dragged some dozens; more than that is dropped.
const WORDS: usize = 1024;

/// How long the end of the program waits for the last places.
const STOP: Duration = Duration::from_secs(1);

/// What handles overlay windows. One for the program, as Tauri's state.
pub(crate) struct Overlays {
    words: mpsc::Sender<Word>,
    report: watch::Receiver<Report>,
}

impl Overlays {
    async fn ask<T>(
        &self,
        word: impl FnOnce(oneshot::Sender<Result<T, CommandError>>) -> Word,
    ) -> Result<T, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.words.send(word(reply)).await.map_err(|_| ending())?;
        answer.await.map_err(|_| ending())?
    }
}

/// How windows, keys and the system are.
pub(crate) fn report(app: &AppHandle) -> Report {
    app.try_state::<Overlays>().map(|overlays| overlays.report.borrow().clone()).unwrap_or_default()
}

/// Carries out a command of the control page.
///
/// # Errors
/// A sentence for people.
pub(crate) async fn command(app: &AppHandle, command: Command) -> Result<(), CommandError> {
    let overlays = app.try_state::<Overlays>().ok_or_else(ending)?;
    overlays.ask(|reply| Word::Command(command, reply)).await
}

/// Keeps what is not kept yet. Afterwards windows are not handled any more.
pub(crate) async fn stop(app: &AppHandle) {
    let Some(overlays) = app.try_state::<Overlays>() else { return };
    let (done, wait) = oneshot::channel();
    if overlays.words.send(Word::Stop(done)).await.is_ok() && tokio::time::timeout(STOP, wait).await.is_err() {
        warn!("the last places of windows may not be kept");
    }
}

fn ending() -> CommandError {
    CommandError { code: CommandErrorCode::Failed, message: say("windows.ending").to_owned() }
}

/// Says something to the desk from a place that must not wait.
fn tell(words: &mpsc::Sender<Word>, word: Word) {
    if let Err(mpsc::error::TrySendError::Full(_)) = words.try_send(word) {
        warn!("too much happens to windows; something was passed over");
    }
}

/// Adds what takes keys of the whole system, where that is a plugin's work.
#[cfg(not(target_os = "linux"))]
pub(crate) fn with_keys(builder: tauri::Builder<Wry>) -> tauri::Builder<Wry> {
    use tauri_plugin_global_shortcut::{Builder, ShortcutState};

    let plugin = Builder::new().with_handler(|app, keys, event| {
        if event.state() == ShortcutState::Pressed
            && let Some(overlays) = app.try_state::<Overlays>()
        {
            tell(&overlays.words, Word::Pressed(keys::Combination::new(keys.mods, keys.key)));
        }
    });
    builder.plugin(plugin.build())
}

/// On Linux the screen itself is asked.
#[cfg(target_os = "linux")]
pub(crate) fn with_keys(builder: tauri::Builder<Wry>) -> tauri::Builder<Wry> {
    builder
}

/// Begins to handle windows, and opens those that were open last. On the main thread, once the program is managed.
pub(crate) fn start(app: &AppHandle, program: &Arc<Program>) {
    let (words, heard) = mpsc::channel(WORDS);
    let (report, reported) = watch::channel(Report::default());
    let session = session();
    let mut facts = Facts::of(session);
    let keyboard = watch_system(app, &words, &mut facts);
    let desk = Desk {
        app: app.clone(),
        program: program.clone(),
        words: heard,
        report,
        hotkeys: hotkeys::Hotkeys::new(registrar::System(keyboard)),
        facts,
        make_tray: tray_maker(app, &words),
        panes: BTreeMap::new(),
        screens: Vec::new(),
        tray: None,
        timers: timers::Timers::new(),
        raises: pace::Pace::new(desk::RAISES_PER_SECOND),
        hidden: Vec::new(),
        followed: BTreeMap::new(),
    };
    app.manage(Overlays { words, report: reported.clone() });
    report_to_the_page(app, program, reported);
    // A thread of its own: windows are asked for on the main thread, and that may take a while.
    let begun = thread::Builder::new().name("windows".to_owned()).spawn(|| tauri::async_runtime::block_on(desk.run()));
    if let Err(error) = begun {
        error!(%error, "overlay windows are not handled");
    }
}

/// Tells the control page whatever changes.
fn report_to_the_page(app: &AppHandle, program: &Arc<Program>, mut report: watch::Receiver<Report>) {
    let (app, program) = (app.clone(), program.clone());
    tauri::async_runtime::spawn(async move {
        while report.changed().await.is_ok() {
            if let Err(error) = app.emit_to(control::LABEL, "desktop", native::desktop(&app, &program)) {
                warn!(%error, "the page was not told");
            }
        }
    });
}

/// Makes the tray's icon when there is something that shows it. Its library may be missing, and says so by a panic.
fn tray_maker(app: &AppHandle, words: &mpsc::Sender<Word>) -> Box<dyn Fn(tray::Labels) + Send> {
    let (app, words) = (app.clone(), words.clone());
    Box::new(move |labels| {
        let (maker, words) = (app.clone(), words.clone());
        let asked = app.run_on_main_thread(move || {
            let chosen = words.clone();
            let made = crash::borne(|| tray::Tray::make(&maker, labels, move |item| tell(&chosen, Word::Chosen(item))));
            match made {
                Ok(Ok(tray)) => tell(&words, Word::InTray(tray)),
                Ok(Err(error)) => warn!(%error, "no icon in the tray"),
                Err(_) => warn!("no icon in the tray: the library that draws it is missing"),
            }
        });
        if let Err(error) = asked {
            warn!(%error, "no icon in the tray");
        }
    })
}

/// A page of an overlay's window is there. From now on it hears how its window is.
#[tauri::command]
pub(crate) async fn overlay_ready(
    window: WebviewWindow,
    overlays: State<'_, Overlays>,
    view: Channel<WindowView>,
) -> Result<(), CommandError> {
    let name = name_of(window.label())?;
    overlays.ask(|reply| Word::Ready(name, view, reply)).await
}

/// A page asks something of its own window.
#[tauri::command]
pub(crate) async fn overlay_window(
    window: WebviewWindow,
    overlays: State<'_, Overlays>,
    ask: WindowAsk,
) -> Result<Grabbed, CommandError> {
    let name = name_of(window.label())?;
    overlays.ask(|reply| Word::Asked(name, ask, reply)).await
}

fn name_of(label: &str) -> Result<String, CommandError> {
    let refused = || CommandError {
        code: CommandErrorCode::Forbidden,
        message: "Only the page of an overlay's window may ask that.".to_owned(),
    };
    overlay_of(label).map(str::to_owned).ok_or_else(refused)
}

/// What happens to a window, whoever's it is.
pub(crate) fn window_event(window: &Window, event: &WindowEvent) {
    let Some(name) = overlay_of(window.label()) else { return };
    let Some(overlays) = window.try_state::<Overlays>() else { return };
    match event {
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => tell(&overlays.words, Word::Moved(name.to_owned())),
        WindowEvent::ScaleFactorChanged { .. } => tell(&overlays.words, Word::Screens),
        WindowEvent::CloseRequested { api, .. } => {
            // It is closed once that is saved, or the next start would show it again.
            api.prevent_close();
            tell(&overlays.words, Word::Closing(name.to_owned()));
        }
        _ => {}
    }
}

/// How programs reach the screen here. On the main thread.
#[cfg(target_os = "linux")]
fn session() -> Session {
    gdk_screen::session()
}

#[cfg(not(target_os = "linux"))]
fn session() -> Session {
    Session::Other
}

/// Watches what overlays depend on. The answer is what gives keys.
#[cfg(target_os = "linux")]
fn watch_system(app: &AppHandle, words: &mpsc::Sender<Word>, facts: &mut Facts) -> Option<Arc<x11_keys::Keys>> {
    facts.composited = gdk_screen::watch(words);
    facts.tray = false;
    let host = words.clone();
    tray_host::watch(move |is| tell(&host, Word::TrayHost(is)));
    if facts.session == Session::Wayland {
        return None;
    }
    let seen = words.clone();
    let watch = x11::watch(move |what| match what {
        x11::Seen::Front(front) => {
            tell(&seen, Word::Front { ours: front.ours, fullscreen: front.fullscreen, area: front.area });
        }
        x11::Seen::Held(is) => tell(&seen, Word::Held(is)),
        x11::Seen::Pressed(keys) => tell(&seen, Word::Pressed(keys)),
    });
    match watch {
        Ok(watch) => {
            let keys = watch.keys.clone();
            // Tauri keeps it until the program ends.
            app.manage(watch);
            Some(keys)
        }
        Err(error) => {
            warn!(%error, "the screen cannot be watched: overlays may fall behind other windows, and no keys work");
            None
        }
    }
}

/// Watches what overlays depend on. The answer is what gives keys.
#[cfg(not(target_os = "linux"))]
fn watch_system(app: &AppHandle, words: &mpsc::Sender<Word>, _facts: &mut Facts) -> AppHandle {
    // These systems always have a tray.
    tell(words, Word::TrayHost(true));
    app.clone()
}

/// Prefers X11 where both are there: Wayland lets no program place its windows or keep them on top. Before GTK begins; what
/// the person has set for GTK goes before.
pub(crate) fn prefer_x11() {
    #[cfg(target_os = "linux")]
    if std::env::var_os("GDK_BACKEND").is_none() {
        gtk::gdk::set_allowed_backends("x11,*");
    }
}
