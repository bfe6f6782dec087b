//! What is wanted of overlay windows: commands of the control page, words of the windows' own pages, keys, the tray. Almost all
//! of it becomes a change of what is saved, and windows follow that.

use polychat_model::command::{CommandError, CommandErrorCode, HotkeyChange, OverlayName, OverlaySwitch};
use polychat_model::saved::{HotkeyAction, OverlayWindow, Saved};
use polychat_model::window::{Grabbed, WindowAsk, WindowView};
use serde_json::json;
use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter as _};
use tokio::time::Instant;
use tracing::{info, warn};

use super::super::plan::{self, Change};
use super::super::tray::Item;
use super::{Answer, Command, Desk, Due, KEEP_AFTER, action_name, failed, gone};
use crate::control;
use crate::words::say;

impl Desk {
    pub(super) async fn command(&mut self, command: Command) -> Answer<()> {
        match command {
            Command::Show(OverlaySwitch { name, on }) => {
                self.change(&name, |window| window.shown = on)?;
                self.settle();
                if on && !self.panes.contains_key(&name) {
                    return Err(failed(say("windows.notMade")));
                }
            }
            Command::Lock(OverlaySwitch { name, on }) => {
                if on {
                    self.may_lock()?;
                }
                self.change(&name, |window| window.locked = on)?;
            }
            Command::Center(OverlayName { name }) => {
                self.change(&name, |_| {})?;
                self.center(&name);
            }
            Command::Change(overlay) => {
                let set = overlay.window;
                self.change(&overlay.name, |window| {
                    window.opacity = set.opacity;
                    window.dim_after_s = set.dim_after_s;
                    window.hidden_from_capture = set.hidden_from_capture;
                    window.above_fullscreen = set.above_fullscreen;
                })?;
            }
            Command::Hotkey(HotkeyChange { action, keys }) => {
                let keys = self.hotkeys.change(action, &keys).map_err(|sentence| failed(&sentence))?;
                let change = json!({ "hotkeys": { (action_name(action)): keys } });
                self.program.server.call("change_settings", change).await?;
                self.followed.clone_from(&self.saved().settings.hotkeys);
            }
        }
        self.settle();
        Ok(())
    }

    pub(super) fn ready(&mut self, name: &str, view: Channel<WindowView>) -> Answer<()> {
        let pane = self.panes.get_mut(name).ok_or_else(gone)?;
        pane.listen(view);
        // Told first, so that it is dressed when it is seen.
        self.tell_pages(&self.saved());
        self.show(name);
        Ok(())
    }

    pub(super) async fn asked(&mut self, name: &str, ask: WindowAsk) -> Answer<Grabbed> {
        let pane = self.panes.get_mut(name).ok_or_else(gone)?;
        let done = match ask {
            WindowAsk::Grab { grip, x, y } => {
                return pane
                    .grab(grip, (x, y))
                    .map(|follow| Grabbed { follow })
                    .map_err(|error| failed(&error.to_string()));
            }
            WindowAsk::Drag { dx, dy } => pane.follow(dx, dy),
            WindowAsk::Nudge { grip, dx, dy } => pane.nudge(grip, dx, dy),
            WindowAsk::Drop { dx, dy } => pane.follow(dx, dy).map(|()| pane.release()),
            WindowAsk::Opacity { percent } => {
                self.change(name, |window| window.opacity = percent.clamp(10, 100))?;
                return Ok(Grabbed::default());
            }
            WindowAsk::Hide => {
                self.change(name, |window| window.shown = false)?;
                return Ok(Grabbed::default());
            }
            WindowAsk::Lock { known } => {
                self.may_lock()?;
                if known && !self.saved().settings.knows_how_to_unlock {
                    self.program.server.call("change_settings", json!({ "knowsHowToUnlock": true })).await?;
                }
                self.change(name, |window| window.locked = true)?;
                return Ok(Grabbed::default());
            }
        };
        done.map_err(|error| failed(&error.to_string()))?;
        self.timers.set_if_free(Due::Keep, Instant::now() + KEEP_AFTER);
        Ok(Grabbed::default())
    }

    pub(super) async fn act(&mut self, action: HotkeyAction) {
        let saved = self.saved();
        let done = match action {
            HotkeyAction::Lock => self.apply(&plan::lock_or_unlock(&saved)),
            HotkeyAction::Arrange => self.apply(&plan::arrange(&saved)),
            HotkeyAction::ToTop => {
                self.raise();
                Ok(())
            }
            HotkeyAction::Show => self.apply(&plan::show(&saved, &plan::usual(&saved))),
            HotkeyAction::Hide => self.hide(&saved),
            HotkeyAction::Toggle => self.toggle(&saved),
            HotkeyAction::Clear => self.stage(json!({ "clear": true })).await,
            HotkeyAction::Pause => {
                let paused = self.program.server.stage().borrow().paused;
                self.stage(json!({ "paused": !paused })).await
            }
            HotkeyAction::ClearFeatured => self.feature(json!({ "do": "clear" })).await,
            HotkeyAction::NextFeatured => self.feature(json!({ "do": "next" })).await,
            HotkeyAction::SayPrevious
            | HotkeyAction::SayNext
            | HotkeyAction::SayPreviousGroup
            | HotkeyAction::SayNextGroup => {
                // The page knows what stands in the list. A window that is closed reads nothing out.
                self.app.emit_to(control::LABEL, "pressed", action).map_err(|error| failed(&error.to_string()))
            }
        };
        // Nobody waits for an answer: what was refused stands in the frames of the windows.
        if let Err(error) = done {
            info!(?action, why = error.message, "not done");
            for pane in self.panes.values_mut() {
                pane.note = Some(error.message.clone());
            }
        }
    }

    pub(super) async fn chosen(&mut self, item: Item) {
        match item {
            Item::Open => self.on_main_thread(control::show),
            Item::Quit => self.app.exit(0),
            Item::Lock => self.act(HotkeyAction::Lock).await,
            Item::Show => self.act(HotkeyAction::Toggle).await,
            Item::Pause => self.act(HotkeyAction::Pause).await,
            Item::Clear => self.act(HotkeyAction::Clear).await,
            Item::Center => {
                let names: Vec<String> = self.panes.keys().cloned().collect();
                for name in names {
                    self.center(&name);
                }
            }
        }
    }

    fn hide(&mut self, saved: &Saved) -> Answer<()> {
        self.hidden = plan::shown(saved);
        self.apply(&plan::hide(saved))
    }

    fn toggle(&mut self, saved: &Saved) -> Answer<()> {
        if plan::is_shown(saved) {
            return self.hide(saved);
        }
        let known: Vec<String> =
            self.hidden.iter().filter(|name| saved.overlays.iter().any(|o| o.name == **name)).cloned().collect();
        let names = if known.is_empty() { plan::usual(saved) } else { known };
        self.apply(&plan::show(saved, &names))
    }

    async fn stage(&self, change: serde_json::Value) -> Answer<()> {
        self.program.server.call("change_stage", change).await.map(drop)
    }

    async fn feature(&self, what: serde_json::Value) -> Answer<()> {
        self.program.server.call("feature", what).await.map(drop)
    }

    fn may_lock(&self) -> Answer<()> {
        let no = |message| CommandError { code: CommandErrorCode::NoWayBack, message };
        self.hotkeys.way_back().map(drop).map_err(no)
    }

    /// Saves what is shown and locked; windows follow.
    pub(super) fn apply(&mut self, change: &Change) -> Answer<()> {
        if change.iter().any(|(_, window)| window.locked && window.shown) {
            let locks = |name: &str| self.panes.get(name).is_some_and(|pane| !pane.shown.locked);
            if change.iter().any(|(name, window)| window.locked && locks(name)) {
                self.may_lock()?;
            }
        }
        for (name, set) in change {
            self.change(name, |window| (window.shown, window.locked) = (set.shown, set.locked))?;
        }
        Ok(())
    }

    pub(super) fn change(&self, name: &str, change: impl FnOnce(&mut OverlayWindow)) -> Answer<()> {
        self.program.server.commands().change_window(name, change).map(drop)
    }

    fn on_main_thread(&self, work: impl FnOnce(&AppHandle) + Send + 'static) {
        let app = self.app.clone();
        if let Err(error) = self.app.run_on_main_thread(move || work(&app)) {
            warn!(%error, "the main thread does not answer");
        }
    }
}
