//! Takes keys from the whole system by Tauri's plugin.

use tauri::AppHandle;
use tauri_plugin_global_shortcut::{Error, GlobalShortcutExt as _};
use tracing::{debug, info, warn};

use super::hotkeys::{Refusal, Registrar};
use super::keys::Combination;
use super::limits::Session;

/// The system that this program runs on.
pub(crate) struct System {
    app: AppHandle,
    session: Session,
}

impl System {
    /// The system by its kind.
    pub(crate) fn new(app: AppHandle, session: Session) -> Self {
        Self { app, session }
    }
}

impl Registrar for System {
    fn register(&mut self, keys: Combination) -> Result<(), Refusal> {
        // There the plugin says that all is well, and no key ever comes.
        if self.session == Session::Wayland {
            return Err(Refusal::NoKeys);
        }
        if keys.is_of_the_system() {
            return Err(Refusal::System);
        }
        if keys.is_out_of_reach() {
            return Err(Refusal::NotThere);
        }
        let outcome = self.app.global_shortcut().register(keys.shortcut());
        debug!(%keys, ?outcome, "keys asked for");
        outcome.map_err(|error| {
            info!(%keys, %error, "keys cannot be had");
            match error {
                Error::GlobalHotkey(text) if text.contains("already registered") => Refusal::Taken,
                // Windows and macOS say no more than that it did not work, and that is why.
                _ if cfg!(not(target_os = "linux")) => Refusal::Taken,
                _ => Refusal::NotThere,
            }
        })
    }

    fn unregister(&mut self, keys: Combination) {
        if let Err(error) = self.app.global_shortcut().unregister(keys.shortcut()) {
            warn!(%keys, %error, "keys were not given back");
        }
    }
}
