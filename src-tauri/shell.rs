//! The program's life: plugins, the server, the first window, and the orderly end.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use polychat_server::{App, Config, Parts, StartError};
use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};
use tauri_plugin_window_state::StateFlags;
use tracing::{error, info};

use crate::pages::{self, TiktokPages};
use crate::program::Program;
use crate::update::{self, Source};
use crate::voice::Voice;
use crate::words::{self, say};
use crate::{closing, columns, commands, control, crash, log, windows};

/// What the system starts the program with, when it starts with the system.
pub(crate) const IN_TRAY: &str = "--in-tray";

/// How long a desktop that has just begun may take to show a tray. Chosen by hand.
const TRAY: Duration = Duration::from_secs(20);

/// Runs until the end.
pub(crate) fn run(config: Config, in_tray: bool) -> ExitCode {
    // First, so that a second start ends before it has touched anything.
    let single = tauri_plugin_single_instance::init(|app, _arguments, _folder| control::show(app));
    let mut context = tauri::generate_context!();
    let source = update::Source::of(context.config_mut());
    let mut builder = windows::with_keys(tauri::Builder::default().plugin(single));
    if source.is_known() {
        builder = builder.plugin(tauri_plugin_updater::Builder::new().build());
    }
    let built = builder
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                // Overlay windows keep their places themselves, one for each arrangement of monitors.
                .with_filter(|label| label == control::LABEL || columns::is_column(label))
                .build(),
        )
        .plugin(tauri_plugin_autostart::Builder::new().args([IN_TRAY]).build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::native,
            pages::tiktok_page,
            windows::overlay_ready,
            windows::overlay_window,
        ])
        .setup(move |app| {
            begin(app.handle(), config, in_tray, source);
            Ok(())
        })
        .on_window_event(window_event)
        .build(context);
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            eprintln!("Polychat cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let handle = app.handle().clone();
    let code = app.run_return(run_event);
    if handle.try_state::<Arc<Program>>().is_some_and(|program| program.begins_anew()) {
        let mut env = handle.env();
        // Who has just asked for a new version wants to see it.
        env.args_os.retain(|argument| argument != IN_TRAY);
        tauri::process::restart(&env);
    }
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Starts the server, then what is seen of the program. What goes wrong is told in a window: an error from here would be a
/// crash.
fn begin(app: &AppHandle, mut config: Config, in_tray: bool, source: Source) {
    let folder = config.data_dir();
    log::start(&config, folder.as_deref());
    let crashed = folder.map(|folder| crash::watch(&folder)).unwrap_or_default();
    // Until what is set is read.
    words::choose(None);
    // Nobody can be asked for another port before the window is there.
    config.port_may_move = true;
    let pages = TiktokPages::new(app, &config);
    let parts = Parts { pages: Some(pages.clone()) };
    match tauri::async_runtime::block_on(App::start_with(config, parts)) {
        Ok(server) => {
            words::choose(server.saved().borrow().settings.language.as_deref());
            pages.follow(server.saved());
            let program = Arc::new(Program::new(Arc::new(server), &crashed));
            app.manage(program.clone());
            app.manage(Voice::find());
            end_on_signals(app);
            windows::start(app, &program);
            update::start(app, &program, source);
            if in_tray {
                wait_for_the_tray(app, program);
            } else {
                control::show(app);
            }
        }
        Err(error) => refuse(app, &error),
    }
}

/// Shows the window after all if nothing shows an icon: a program that nobody can reach helps nobody.
fn wait_for_the_tray(app: &AppHandle, program: Arc<Program>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(TRAY).await;
        if !program.lives_without_windows() && !program.is_ending() {
            info!("no tray has come, so the window does");
            control::show(&app);
        }
    });
}

/// Says why the program does not start, and ends it.
fn refuse(app: &AppHandle, why: &StartError) {
    error!(%why, "cannot start");
    let told = app.clone();
    app.dialog()
        .message(why.to_string())
        .title(say("start.title"))
        .kind(MessageDialogKind::Error)
        .buttons(MessageDialogButtons::OkCustom(say("start.close").to_owned()))
        .show(move |_| told.exit(1));
}

fn window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && window.label() == control::LABEL
    {
        closing::asked(window.app_handle(), api);
    }
    windows::window_event(window, event);
}

fn run_event(app: &AppHandle, event: RunEvent) {
    let RunEvent::ExitRequested { code, api, .. } = event else { return };
    // Without a server there is nothing to stop.
    let Some(program) = app.try_state::<Arc<Program>>() else { return };
    if program.has_ended() {
        return;
    }
    api.prevent_exit();
    // Without a code, the last window was closed: in the tray the program lives on.
    if let Some(code) = code {
        program.end(app, code);
    } else if !program.lives_without_windows() {
        program.end(app, 0);
    }
}

/// Ctrl+C and SIGTERM end the program like its own menu does.
fn end_on_signals(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        stop_requested().await;
        info!("asked to end by a signal");
        app.exit(0);
    });
}

#[cfg(unix)]
async fn stop_requested() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn stop_requested() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
