//! Carries out the commands of [`polychat_model::command::CommandSchema`] on what is saved, and tells everybody who
//! watches it. Where a command comes from, and whether it may, is decided before.

pub(crate) mod answer;
mod exported;
mod history;
mod obs;
mod rehearsing;
mod rules;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::command::{
    AddChannel, CommandError, CommandErrorCode, ExportFile, Feature, Hide, Kept, LookId, Nothing, OverlayName,
    SettingsChange,
};
use polychat_model::look::{LOOKS, NewLook, OwnLook, new_look_id};
use polychat_model::saved::{
    HiddenPerson, HotkeyAction, MAIN_OVERLAY, MAX_CHANNELS, MAX_HIDDEN, MAX_OVERLAYS, Overlay, OverlayWindow, Saved,
    SavedChannel, Stage,
};
use polychat_obs::{Obs, ObsConfig};
use polychat_store::SavedStore;
use serde_json::Value;
use tokio::sync::watch;

use crate::featuring::Item;
use crate::hub::Hub;
use answer::{answer, failed, invalid, not_found, read, too_many};

pub use rehearsing::{Rehearsals, Samples};
pub use rules::{MAX_OVERLAY_BYTES, MAX_PLACES};

/// What is saved, and what may be done with it. A cheap handle: clones are the same.
#[derive(Clone)]
pub struct Commands {
    hub: Hub,
    store: SavedStore,
    saved: watch::Receiver<Arc<Saved>>,
    obs: Obs,
    rehearsals: Rehearsals,
    demo: bool,
}

type Answer<T> = Result<T, CommandError>;

impl Commands {
    /// Opens the file in `folder`; without a folder everything is kept in memory. Connects to OBS if that is wanted. Blocks its
    /// thread while the file is read, and needs a runtime around it.
    pub fn open(hub: Hub, folder: Option<PathBuf>, demo: bool, mut obs: ObsConfig) -> Self {
        let (told, saved) = watch::channel(Arc::default());
        let store = SavedStore::open(folder, move |saved| _ = told.send_replace(saved.clone()));
        hub.featuring().go_by(saved.clone());
        hub.keep_featuring();
        obs.earlier_ports.extend(store.saved().settings.obs.last_port);
        let port = obs.port;
        let obs = Obs::start(obs, saved.clone());
        let commands = Self { hub, store, saved, obs, rehearsals: Rehearsals::default(), demo };
        commands.remember_port(port);
        commands
    }

    /// Carries out one command: the request and the answer are JSON, as the schema says.
    ///
    /// # Errors
    /// [`CommandError`], with a sentence for people; then nothing has changed.
    pub async fn call(&self, command: &str, request: Value) -> Answer<Value> {
        match command {
            "saved" => answer(&self.kept()),
            "add_channel" => answer(&self.add_channel(&read(command, request)?)?),
            "remove_channel" => answer(&*self.remove_channel(&read(command, request)?)?),
            "change_channel" => answer(&*self.change_channel(&read(command, request)?)?),
            "order_channels" => answer(&*self.order_channels(&read::<Vec<SavedChannel>>(command, request)?)?),
            "change_overlay" => answer(&*self.change_overlay(read(command, request)?)?),
            "remove_overlay" => answer(&*self.remove_overlay(&read(command, request)?)?),
            "add_look" => answer(&self.add_look(read(command, request)?)?),
            "change_look" => answer(&*self.change_look(read(command, request)?)?),
            "remove_look" => answer(&*self.remove_look(&read(command, request)?)?),
            "change_settings" => answer(&*self.change_settings(read(command, request)?)?),
            "change_stage" => answer(&self.hub.featuring().change(read(command, request)?)),
            "feature" => answer(&self.feature(read(command, request)?)?),
            "hide" => answer(&self.hide(read(command, request)?)?),
            "rehearse" => answer(&self.rehearsals.rehearse(&self.store.saved(), read(command, request)?)?),
            "search_history" => answer(&self.search_history(read(command, request)?).await?),
            "kept_history" => {
                let Nothing {} = read(command, request)?;
                answer(&self.kept_history().await?)
            }
            "person" => answer(&self.person(read(command, request)?).await?),
            "note_person" => answer(&self.note_person(read(command, request)?).await?),
            "export" => {
                let Nothing {} = read(command, request)?;
                answer(&ExportFile { text: exported::write(&self.store.saved()) })
            }
            "import" => answer(&*self.import(read(command, request)?).await?),
            "obs" => {
                let Nothing {} = read(command, request)?;
                answer(&self.obs_now())
            }
            "change_obs" => answer(&self.change_obs(read(command, request)?)?),
            "obs_scenes" => {
                let Nothing {} = read(command, request)?;
                answer(&self.obs_scenes().await?)
            }
            "add_to_obs" => answer(&self.add_to_obs(read(command, request)?).await?),
            "refresh_obs" => {
                let Nothing {} = read(command, request)?;
                answer(&self.refresh_obs().await?)
            }
            _ => Err(CommandError {
                code: CommandErrorCode::UnknownCommand,
                message: "This Polychat has no such command.".to_owned(),
            }),
        }
    }

    /// What is saved, now and at every change.
    pub fn saved(&self) -> watch::Receiver<Arc<Saved>> {
        let mut saved = self.saved.clone();
        saved.mark_unchanged();
        saved
    }

    /// What overlays do, now and at every change.
    pub fn stage(&self) -> watch::Receiver<Stage> {
        self.hub.featuring().stage()
    }

    /// The connection to OBS.
    pub fn obs(&self) -> &Obs {
        &self.obs
    }

    /// Made-up things that overlays show.
    pub fn rehearsals(&self) -> &Rehearsals {
        &self.rehearsals
    }

    /// What a person should know about the file of what is saved, in sentences.
    pub fn notices(&self) -> Vec<String> {
        self.store.notices()
    }

    /// Changes the window of a saved overlay: the one way in which windows change.
    ///
    /// # Errors
    /// `NOT_FOUND` when there is no such overlay, `INVALID_REQUEST` for a window that cannot be.
    pub fn change_window(&self, name: &str, change: impl FnOnce(&mut OverlayWindow)) -> Answer<Arc<Saved>> {
        self.store.change(|saved| {
            let overlay = saved.overlays.iter_mut().find(|overlay| overlay.name == name);
            let overlay = overlay.ok_or_else(|| no_overlay(name))?;
            change(&mut overlay.window);
            rules::check_window(&overlay.window)
        })
    }

    /// Writes what is not written yet, and waits for that no longer than `limit`. Blocks its thread.
    pub fn close(&self, limit: Duration) {
        self.store.close(limit);
    }

    fn kept(&self) -> Kept {
        Kept {
            saved: Saved::clone(&self.store.saved()),
            stage: self.hub.featuring().now(),
            notices: self.store.notices(),
            platforms: self.hub.platforms(),
            demo: self.demo,
        }
    }

    fn add_channel(&self, asked: &AddChannel) -> Answer<SavedChannel> {
        let channel = rules::channel(&self.hub, asked)?;
        let saved = self.store.change(|saved| {
            if saved.channels.iter().any(|known| is_same(known, &channel)) {
                return Ok(());
            }
            if saved.channels.len() >= MAX_CHANNELS {
                let text = "channels are followed, as many as one page can read. Remove one first.";
                return Err(too_many(format!("{MAX_CHANNELS} {text}")));
            }
            saved.channels.push(channel.clone());
            Ok(())
        })?;
        Ok(saved.channels.iter().find(|known| is_same(known, &channel)).cloned().unwrap_or(channel))
    }

    fn remove_channel(&self, named: &SavedChannel) -> Answer<Arc<Saved>> {
        let mut gone = None;
        let saved = self.with_channel(named, |saved, at| gone = Some(saved.channels.remove(at)))?;
        self.leave(gone.as_slice());
        Ok(saved)
    }

    fn change_channel(&self, named: &SavedChannel) -> Answer<Arc<Saved>> {
        let mut resting = None;
        let saved = self.with_channel(named, |saved, at| {
            saved.channels[at].paused = named.paused;
            resting = named.paused.then(|| saved.channels[at].clone());
        })?;
        self.leave(resting.as_slice());
        Ok(saved)
    }

    /// What is featured of these channels goes: no page reads them any more.
    fn leave(&self, channels: &[SavedChannel]) {
        for channel in channels {
            self.hub.featuring().leave(channel);
        }
    }

    fn feature(&self, what: Feature) -> Answer<Stage> {
        let featuring = self.hub.featuring();
        match what {
            Feature::Show { message, pinned } => {
                self.hub.feature(Item::given(*message)?, |item| Ok(featuring.show(item, pinned)))
            }
            Feature::Queue { message } => self.hub.feature(Item::given(*message)?, |item| featuring.queue(item)),
            Feature::Next => Ok(featuring.next()),
            Feature::Clear => Ok(featuring.clear()),
            Feature::Pin { on } => featuring.pin(on),
            Feature::ShowQueued { key } => featuring.show_queued(&key),
            Feature::Remove { key } => featuring.remove(&key),
            Feature::Order { keys } => featuring.order(&keys),
            Feature::Empty => Ok(featuring.empty()),
        }
    }

    fn hide(&self, what: Hide) -> Answer<Nothing> {
        match what {
            Hide::Message { key } => self.hub.featuring().hide(&key)?,
            Hide::ShowMessage { key } => self.hub.featuring().show_again(&key),
            Hide::Person(person) => {
                rules::check_hidden(&person)?;
                self.store.change(|saved| {
                    let hidden = &mut saved.settings.hidden;
                    hidden.retain(|known| !is_same_person(known, &person));
                    if hidden.len() >= MAX_HIDDEN {
                        let text = "people are hidden, as many as may be. Show somebody again first.";
                        return Err(too_many(format!("{MAX_HIDDEN} {text}")));
                    }
                    hidden.push(person.clone());
                    Ok(())
                })?;
                self.hub.featuring().hide_person(&person);
            }
            Hide::ShowPerson(person) => {
                self.store.change(|saved| {
                    saved.settings.hidden.retain(|known| !is_same_person(known, &person));
                    Ok::<(), CommandError>(())
                })?;
            }
        }
        Ok(Nothing {})
    }

    /// A channel may be named as it is saved, or as a person types it.
    fn with_channel(&self, named: &SavedChannel, change: impl FnOnce(&mut Saved, usize)) -> Answer<Arc<Saved>> {
        let SavedChannel { platform, identifier_type, identifier, .. } = named.clone();
        let typed = rules::channel(&self.hub, &AddChannel { platform, identifier, identifier_type }).ok();
        self.store.change(|saved| {
            let is_named = |known: &SavedChannel| {
                is_same(known, named) || typed.as_ref().is_some_and(|typed| is_same(known, typed))
            };
            let at = saved.channels.iter().position(is_named);
            let at = at.ok_or_else(|| not_found("That channel is not followed any more.".to_owned()))?;
            change(saved, at);
            Ok(())
        })
    }

    /// Those that are named and not there any more are passed over: somebody else may have removed one meanwhile.
    fn order_channels(&self, named: &[SavedChannel]) -> Answer<Arc<Saved>> {
        if named.len() > MAX_CHANNELS {
            return Err(invalid(format!("Name {MAX_CHANNELS} channels at most.")));
        }
        self.store.change(|saved| {
            let place = |channel: &SavedChannel| named.iter().position(|named| is_same(named, channel));
            // Stable: those that are not named stay in their order, behind the others.
            saved.channels.sort_by_key(|channel| place(channel).unwrap_or(usize::MAX));
            Ok(())
        })
    }

    fn change_overlay(&self, overlay: Overlay) -> Answer<Arc<Saved>> {
        rules::check_overlay(&overlay)?;
        self.store.change(|saved| {
            if let Some(known) = saved.overlays.iter_mut().find(|known| known.name == overlay.name) {
                (known.look, known.values) = (overlay.look, overlay.values);
            } else if saved.overlays.len() >= MAX_OVERLAYS {
                return Err(too_many(format!(
                    "There are {MAX_OVERLAYS} overlays, as many as there may be. Remove one first."
                )));
            } else {
                saved.overlays.push(overlay);
            }
            Ok(())
        })
    }

    fn remove_overlay(&self, OverlayName { name }: &OverlayName) -> Answer<Arc<Saved>> {
        if name == MAIN_OVERLAY {
            return Err(invalid("The main overlay stays: links lead to it. Change it as you like.".to_owned()));
        }
        self.store.change(|saved| {
            let before = saved.overlays.len();
            saved.overlays.retain(|overlay| overlay.name != *name);
            if saved.overlays.len() == before { Err(no_overlay(name)) } else { Ok(()) }
        })
    }

    fn add_look(&self, new: NewLook) -> Answer<OwnLook> {
        let mut added = None;
        self.store.change(|saved| {
            let is_taken = |id: &str| saved.looks.iter().any(|known| known.id == id);
            let id = new_look_id(&new.name, &new.base, is_taken);
            let look = new.with_id(id);
            look.check().map_err(invalid)?;
            saved.looks.push(look.clone());
            rules::check_looks(&saved.looks)?;
            added = Some(look);
            Ok(())
        })?;
        added.ok_or_else(|| failed("The look was not kept.".to_owned()))
    }

    fn change_look(&self, look: OwnLook) -> Answer<Arc<Saved>> {
        look.check().map_err(invalid)?;
        self.store.change(|saved| {
            let at = saved.looks.iter().position(|known| known.id == look.id).ok_or_else(|| no_look(&look.id))?;
            saved.looks[at] = look;
            rules::check_looks(&saved.looks)
        })
    }

    fn remove_look(&self, LookId { id }: &LookId) -> Answer<Arc<Saved>> {
        self.store.change(|saved| {
            let at = saved.looks.iter().position(|known| known.id == *id).ok_or_else(|| no_look(id))?;
            let base = saved.looks.remove(at).base;
            for overlay in saved.overlays.iter_mut().filter(|overlay| overlay.look.as_ref() == Some(id)) {
                overlay.look = Some(base.clone()).filter(|base| base != LOOKS[0]);
            }
            Ok(())
        })
    }

    fn change_settings(&self, change: SettingsChange) -> Answer<Arc<Saved>> {
        let SettingsChange {
            hotkeys,
            start_with_system,
            close_to_tray,
            tiktok_page,
            look_for_updates,
            knows_how_to_unlock,
            language,
            featured,
        } = change;
        let hotkeys = hotkeys.unwrap_or_default();
        rules::check_hotkeys(&hotkeys)?;
        if let Some(featured) = &featured {
            rules::check_featured(featured)?;
        }
        if let Some(tag) = language.as_deref().filter(|tag| !tag.is_empty()) {
            rules::check_language(tag)?;
        }
        self.store.change(|saved| {
            let settings = &mut saved.settings;
            settings.hotkeys.extend(hotkeys);
            // Those at their default need not be kept.
            settings.hotkeys.retain(|action: &HotkeyAction, keys| keys != action.default_keys());
            settings.start_with_system = start_with_system.or(settings.start_with_system);
            settings.close_to_tray = close_to_tray.or(settings.close_to_tray);
            settings.tiktok_page = tiktok_page.or(settings.tiktok_page);
            settings.look_for_updates = look_for_updates.or(settings.look_for_updates);
            settings.knows_how_to_unlock = knows_how_to_unlock.unwrap_or(settings.knows_how_to_unlock);
            if let Some(featured) = featured {
                settings.featured = featured;
            }
            if let Some(tag) = language {
                settings.language = Some(tag).filter(|tag| !tag.is_empty());
            }
            Ok(())
        })
    }

    async fn import(&self, file: ExportFile) -> Answer<Arc<Saved>> {
        let imported = exported::read(&self.hub, &file.text)?;
        let before = self.store.saved();
        let store = self.store.clone();
        let work = tokio::task::spawn_blocking(move || {
            let refused = |text| failed(format!("Nothing was imported: what is there could not be backed up. {text}"));
            store.back_up().map_err(refused)?;
            store.change(|saved| {
                let kept = std::mem::replace(saved, imported);
                obs::keep_own(saved, kept);
                Ok(())
            })
        });
        let saved = work.await.unwrap_or_else(|_| Err(failed("The import failed inside Polychat.".to_owned())))?;
        let is_read = |channel: &SavedChannel| saved.channels.iter().any(|now| !now.paused && is_same(now, channel));
        let gone: Vec<_> = before.channels.iter().filter(|channel| !is_read(channel)).cloned().collect();
        self.leave(&gone);
        Ok(saved)
    }
}

/// Whether two are the same channel. An address names it in its canonical spelling.
fn is_same(one: &SavedChannel, other: &SavedChannel) -> bool {
    (one.platform, one.identifier_type, &one.identifier) == (other.platform, other.identifier_type, &other.identifier)
}

fn is_same_person(one: &HiddenPerson, other: &HiddenPerson) -> bool {
    (one.platform, &one.id) == (other.platform, &other.id)
}

fn no_look(id: &str) -> CommandError {
    let id: String = id.chars().take(64).collect();
    not_found(format!("There is no look \"{id}\" any more."))
}

fn no_overlay(name: &str) -> CommandError {
    let name: String = name.chars().take(64).collect();
    not_found(format!("There is no overlay \"{name}\"."))
}
