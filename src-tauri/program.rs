//! What every part of the program may need, and how it ends.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use polychat_model::command::{CommandError, CommandErrorCode, SettingsChange};
use polychat_server::App;
use tauri::AppHandle;
use tracing::warn;

use crate::windows;
use crate::words::say_with;

/// How long ending may take in all before the process ends anyway. The server needs no more than 4.5 s.
const END: Duration = Duration::from_secs(5);

/// The server, and what is known about this start.
pub(crate) struct Program {
    /// The running server.
    pub(crate) server: Arc<App>,
    /// Sentences about this start, for the person.
    pub(crate) notices: Vec<String>,
    /// There is a tray icon that the person can reach.
    in_tray: AtomicBool,
    ending: AtomicBool,
    ended: AtomicBool,
    stopped: AtomicBool,
    /// It begins anew once it has ended.
    anew: AtomicBool,
}

impl Program {
    /// A program whose server runs. `crashed` are reports that nobody was told of yet.
    pub(crate) fn new(server: Arc<App>, crashed: &[PathBuf]) -> Self {
        let notices =
            crashed.last().map(|report| say_with("start.crashed", &[("path", &report.display().to_string())]));
        Self {
            server,
            notices: notices.into_iter().collect(),
            in_tray: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            anew: AtomicBool::new(false),
        }
    }

    /// The tray icon can be reached, or not any more.
    pub(crate) fn set_in_tray(&self, is: bool) {
        self.in_tray.store(is, Ordering::Release);
    }

    /// Whether the program can be reached when it has no window.
    pub(crate) fn lives_without_windows(&self) -> bool {
        self.in_tray.load(Ordering::Acquire)
    }

    /// Changes settings. Those that the change does not name stay.
    ///
    /// # Errors
    /// A sentence for people.
    pub(crate) async fn change_settings(&self, change: SettingsChange) -> Result<(), CommandError> {
        let request = serde_json::to_value(change).map_err(|error| CommandError {
            code: CommandErrorCode::InvalidRequest,
            message: format!("The settings cannot be written: {error}."),
        })?;
        self.server.call("change_settings", request).await.map(drop)
    }

    /// Whether the program was asked to end.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    /// Whether everything was stopped, so that the process may end.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Stops everything that keeps something. What is stopped already stays so.
    pub(crate) async fn stop(&self, app: &AppHandle) {
        if self.stopped.swap(true, Ordering::AcqRel) {
            return;
        }
        let everything = async {
            windows::stop(app).await;
            self.server.stop().await;
        };
        if tokio::time::timeout(END, everything).await.is_err() {
            warn!("not everything stopped in time");
        }
    }

    /// Whether everything that keeps something was stopped.
    pub(crate) fn has_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Ends in good order and begins anew, from what is in this program's place by then.
    pub(crate) fn begin_anew(self: &Arc<Self>, app: &AppHandle) {
        self.anew.store(true, Ordering::Release);
        self.end(app, 0);
    }

    /// Whether it begins anew now that it has ended.
    pub(crate) fn begins_anew(&self) -> bool {
        self.anew.load(Ordering::Acquire)
    }

    /// Stops the server, then lets the process end with `code`. A second call changes nothing.
    pub(crate) fn end(self: &Arc<Self>, app: &AppHandle, code: i32) {
        if self.ending.swap(true, Ordering::AcqRel) {
            return;
        }
        let (program, app) = (self.clone(), app.clone());
        tauri::async_runtime::spawn(async move {
            program.stop(&app).await;
            program.ended.store(true, Ordering::Release);
            app.exit(code);
        });
    }
}
