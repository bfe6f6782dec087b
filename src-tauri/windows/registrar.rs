//! Takes keys from the whole system: on X11 by grabbing them, elsewhere by Tauri's plugin.

use super::hotkeys::{Refusal, Registrar};
use super::keys::Combination;

#[cfg(target_os = "linux")]
pub(crate) use linux::System;
#[cfg(not(target_os = "linux"))]
pub(crate) use others::System;

/// X11.
#[cfg(target_os = "linux")]
mod linux {
    use std::sync::Arc;

    use super::super::x11_keys::Keys;
    use super::{Combination, Refusal, Registrar};

    /// The keyboard, if programs may have keys of it: Wayland gives them to the window in front only.
    pub(crate) struct System(pub(crate) Option<Arc<Keys>>);

    impl Registrar for System {
        fn register(&mut self, keys: Combination) -> Result<(), Refusal> {
            let keyboard = self.0.as_ref().ok_or(Refusal::NoKeys)?;
            if keys.is_of_the_system() { Err(Refusal::System) } else { keyboard.take(keys) }
        }

        fn unregister(&mut self, keys: Combination) {
            if let Some(keyboard) = &self.0 {
                keyboard.give_back(keys);
            }
        }
    }
}

/// Windows and macOS.
#[cfg(not(target_os = "linux"))]
mod others {
    use tauri::AppHandle;
    use tauri_plugin_global_shortcut::{GlobalShortcutExt as _, Shortcut};
    use tracing::{info, warn};

    use super::{Combination, Refusal, Registrar};

    /// The system that this program runs on.
    pub(crate) struct System(pub(crate) AppHandle);

    impl Registrar for System {
        fn register(&mut self, keys: Combination) -> Result<(), Refusal> {
            // These systems say no more than that it did not work, and mostly that is why.
            self.0.global_shortcut().register(shortcut(keys)).map_err(|error| {
                info!(%keys, %error, "keys cannot be had");
                Refusal::Taken
            })
        }

        fn unregister(&mut self, keys: Combination) {
            if let Err(error) = self.0.global_shortcut().unregister(shortcut(keys)) {
                warn!(%keys, %error, "keys were not given back");
            }
        }
    }

    fn shortcut(keys: Combination) -> Shortcut {
        let (modifiers, key) = keys.parts();
        Shortcut::new(Some(modifiers), key)
    }
}
