//! Closing the control window: into the tray or out. Asked once, because a program that seems closed and is not surprises as
//! much as a chat in OBS that stops.

use std::sync::Arc;

use polychat_model::command::SettingsChange;
use tauri::{AppHandle, CloseRequestApi, Manager};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogResult};
use tracing::warn;

use crate::control;
use crate::program::Program;
use crate::words::say;

/// The person wants to close the control window.
pub(crate) fn asked(app: &AppHandle, api: &CloseRequestApi) {
    let Some(program) = app.try_state::<Arc<Program>>() else { return };
    let program = program.inner().clone();
    if program.is_ending() {
        return;
    }
    if !program.lives_without_windows() {
        api.prevent_close();
        program.end(app, 0);
        return;
    }
    match program.server.saved().borrow().settings.close_to_tray {
        Some(true) => {}
        Some(false) => {
            api.prevent_close();
            program.end(app, 0);
        }
        None => {
            api.prevent_close();
            ask(app, program);
        }
    }
}

fn ask(app: &AppHandle, program: Arc<Program>) {
    let app = app.clone();
    let (stay, quit) = (say("closing.stay"), say("closing.quit"));
    let buttons =
        MessageDialogButtons::YesNoCancelCustom(stay.to_owned(), quit.to_owned(), say("closing.cancel").to_owned());
    let dialog = app.clone().dialog().message(say("closing.question")).title(say("closing.title"));
    dialog.buttons(buttons).show_with_result(move |answer| {
        let stay = match answer {
            MessageDialogResult::Custom(button) if button == stay => true,
            MessageDialogResult::Custom(button) if button == quit => false,
            // Who only closes the question wants neither: the window stays, and is asked for again the next time.
            _ => return,
        };
        tauri::async_runtime::spawn(async move {
            remember(&program, stay).await;
            if !stay {
                program.end(&app, 0);
            } else if let Some(window) = app.get_webview_window(control::LABEL)
                && let Err(error) = window.destroy()
            {
                warn!(%error, "the window does not close");
            }
        });
    });
}

async fn remember(program: &Program, stay: bool) {
    let change = SettingsChange { close_to_tray: Some(stay), ..SettingsChange::default() };
    if let Err(error) = program.change_settings(change).await {
        warn!(error = error.message, "the answer is not kept");
    }
}
