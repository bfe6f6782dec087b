//! Carries out the commands of `NativeSchema`.

use std::sync::Arc;

use polychat_model::command::{
    CommandError, CommandErrorCode, Desktop, Link, Nothing, OverlayName, SettingsChange, Switch,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tauri::{AppHandle, Manager};
use tauri_plugin_autostart::ManagerExt as _;
use tracing::warn;
use url::Url;

use crate::program::Program;
use crate::voice::Voice;
use crate::words::{say, say_with};
use crate::{columns, control, files, update, windows};

/// Carries one out.
///
/// # Errors
/// A sentence for people.
pub(crate) async fn carry_out(app: &AppHandle, command: &str, request: Value) -> Result<Value, CommandError> {
    let program = app.state::<Arc<Program>>().inner().clone();
    match command {
        "desktop" => answer(desktop(app, &program)),
        "show_overlay" => carry(app, &program, windows::Command::Show(read(request)?)).await,
        "lock_overlay" => carry(app, &program, windows::Command::Lock(read(request)?)).await,
        "center_overlay" => carry(app, &program, windows::Command::Center(read(request)?)).await,
        "change_overlay_window" => carry(app, &program, windows::Command::Change(read(request)?)).await,
        "change_hotkey" => carry(app, &program, windows::Command::Hotkey(read(request)?)).await,
        "start_with_system" => {
            start_with_system(app, &program, read::<Switch>(request)?.on).await?;
            answer(desktop(app, &program))
        }
        "export_to_file" => answer(files::export(app, &program).await?),
        "save_text" => answer(files::save(app, read(request)?).await?),
        "import_from_file" => answer(files::import(app, &program).await?),
        "save_loader" => {
            let OverlayName { name } = read(request)?;
            answer(files::save_loader(app, &program, &name).await?)
        }
        "open_link" => {
            open_link(app, &read::<Link>(request)?)?;
            answer(Nothing {})
        }
        "pop_out" => {
            columns::open(app, &read(request)?)?;
            answer(Nothing {})
        }
        "say" => {
            app.state::<Voice>().say(&read(request)?)?;
            answer(Nothing {})
        }
        "look_for_update" => {
            update::look(app)?;
            answer(desktop(app, &program))
        }
        "install_update" => {
            update::install(app)?;
            answer(desktop(app, &program))
        }
        "cancel_update" => {
            update::cancel(app);
            answer(desktop(app, &program))
        }
        "quit" => {
            app.exit(0);
            answer(Nothing {})
        }
        _ => Err(CommandError {
            code: CommandErrorCode::UnknownCommand,
            message: "Polychat has no such command.".to_owned(),
        }),
    }
}

/// Carries out what concerns overlay windows.
async fn carry(app: &AppHandle, program: &Program, command: windows::Command) -> Result<Value, CommandError> {
    windows::command(app, command).await?;
    answer(desktop(app, program))
}

fn read<T: DeserializeOwned>(request: Value) -> Result<T, CommandError> {
    serde_json::from_value(request).map_err(|error| CommandError {
        code: CommandErrorCode::InvalidRequest,
        message: format!("The request cannot be read: {error}."),
    })
}

fn answer(value: impl Serialize) -> Result<Value, CommandError> {
    serde_json::to_value(value).map_err(|error| failed(format!("The answer cannot be written: {error}.")))
}

/// Something did not work, in a sentence.
pub(crate) fn failed(message: String) -> CommandError {
    CommandError { code: CommandErrorCode::Failed, message }
}

/// How the program does.
pub(crate) fn desktop(app: &AppHandle, program: &Program) -> Desktop {
    let windows::Report { windows, hotkeys, limits } = windows::report(app);
    Desktop {
        port: program.server.address().port(),
        usual_port: program.server.moved_from(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        windows,
        hotkeys,
        starts_with_system: app.autolaunch().is_enabled().ok(),
        speaks: app.state::<Voice>().speaks(),
        limits,
        notices: program.notices.clone(),
        update: update::report(app),
    }
}

async fn start_with_system(app: &AppHandle, program: &Program, on: bool) -> Result<(), CommandError> {
    let launch = app.autolaunch();
    let done = if on { launch.enable() } else { launch.disable() };
    // What is off already cannot be turned off everywhere.
    if let Err(error) = done
        && launch.is_enabled().ok() != Some(on)
    {
        warn!(%error, "starting with the system cannot be set");
        return Err(failed(say_with("native.autostart", &[("why", &error.to_string())])));
    }
    program.change_settings(SettingsChange { start_with_system: Some(on), ..SettingsChange::default() }).await
}

fn open_link(app: &AppHandle, link: &Link) -> Result<(), CommandError> {
    let refused = || CommandError { code: CommandErrorCode::InvalidRequest, message: say("native.onlyWeb").to_owned() };
    let url = Url::parse(&link.url).map_err(|_| refused())?;
    if control::open_outside(app, &url) { Ok(()) } else { Err(refused()) }
}
