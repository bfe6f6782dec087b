//! What is set of OBS, and what is asked of it.

use polychat_model::command::CommandError;
use polychat_model::obs::{
    AddToObs, AddedToObs, OBS_ADDRESS, Obs as Told, ObsChange, ObsScenes, RefreshedObs, SOURCE_EDGES,
};
use polychat_model::saved::{OVERLAY_NAME, Saved, Secret, is_overlay_name};
use polychat_obs::{Address, Failure};

use super::answer::{failed, invalid, not_found};
use super::{Answer, Commands};

/// The longest name of a scene, in bytes. OBS has no bound.
const SCENE: usize = 1_024;

impl Commands {
    pub(super) fn obs_now(&self) -> Told {
        let now = self.obs.now().borrow().clone();
        if let Some(fixed) = self.obs.fixed() {
            let (address, has_password) = (fixed.address.to_string(), fixed.password.is_some());
            return Told { on: true, address, has_password, fixed: true, now };
        }
        let saved = self.store.saved();
        let address = saved.settings.obs.address.clone().unwrap_or_else(|| OBS_ADDRESS.to_owned());
        let has_password = saved.secrets.obs_password.is_some();
        Told { on: saved.settings.obs.on, address, has_password, fixed: false, now }
    }

    pub(super) fn change_obs(&self, change: ObsChange) -> Answer<Told> {
        let ObsChange { on, address, password } = change;
        let is_change = on.is_some() || address.is_some() || password.is_some();
        if is_change && self.obs.fixed().is_some() {
            let text =
                "Where OBS is was set when Polychat was started (POLYCHAT_OBS_URL), so it cannot be changed here.";
            return Err(invalid(text.to_owned()));
        }
        if !is_change {
            self.obs.wake();
            return Ok(self.obs_now());
        }
        let mut given = password.map(Secret::new);
        let address = match address.as_deref().map(str::trim) {
            None => None,
            Some("") => Some(usual()),
            Some(typed) => {
                let (address, with_it) = Address::parse(typed).map_err(|bad| invalid(bad.to_string()))?;
                // What was typed into the field for it is meant more.
                given = given.or(with_it.map(Some));
                Some(address)
            }
        };
        if given.as_ref().is_some_and(|given| given.as_ref().is_some_and(|secret| secret.reveal().len() > Secret::MAX))
        {
            return Err(invalid(format!("The password has more than {} letters.", Secret::MAX)));
        }
        self.store.change(|saved| {
            let before = address_of(saved);
            let settings = &mut saved.settings.obs;
            settings.on = on.unwrap_or(settings.on);
            if let Some(address) = address {
                settings.address = (address != usual()).then(|| address.to_string());
            }
            forget_elsewhere(saved, before.as_ref());
            if let Some(given) = given {
                saved.secrets.obs_password = given;
            }
            Ok::<_, CommandError>(())
        })?;
        self.remember_port(self.obs.port());
        // The same again may be meant as: try it now.
        self.obs.wake();
        Ok(self.obs_now())
    }

    pub(super) async fn obs_scenes(&self) -> Answer<ObsScenes> {
        self.obs.scenes().await.map_err(|failure| error(&failure))
    }

    pub(super) async fn add_to_obs(&self, what: AddToObs) -> Answer<AddedToObs> {
        let (least, most) = SOURCE_EDGES;
        if !is_overlay_name(&what.overlay) {
            return Err(invalid(format!("An overlay's name is {OVERLAY_NAME}.")));
        }
        if what.scene.is_empty() || what.scene.len() > SCENE {
            return Err(invalid(format!("A scene's name has 1 to {SCENE} letters.")));
        }
        if ![what.width, what.height].iter().all(|edge| (least..=most).contains(edge)) {
            return Err(invalid(format!("A source is {least} to {most} pixels wide and high.")));
        }
        self.obs.add(what).await.map_err(|failure| error(&failure))
    }

    pub(super) async fn refresh_obs(&self) -> Answer<RefreshedObs> {
        self.obs.refresh().await.map_err(|failure| error(&failure))
    }

    /// So that another start of the program knows links with this port as its own.
    pub(super) fn remember_port(&self, port: u16) {
        let remembered = self.store.change(|saved| {
            let obs = &mut saved.settings.obs;
            if obs.on {
                obs.last_port = Some(port);
            }
            Ok::<_, std::convert::Infallible>(())
        });
        let Ok(_) = remembered;
    }
}

/// After an import: what belongs to this computer stays as it was. A file has no password, and must not send the one that is
/// here to another computer.
pub(super) fn keep_own(saved: &mut Saved, kept: Saved) {
    let before = address_of(&kept);
    saved.settings.obs.last_port = kept.settings.obs.last_port;
    saved.secrets = kept.secrets;
    forget_elsewhere(saved, before.as_ref());
}

/// A password stays with the computer that it was given for.
fn forget_elsewhere(saved: &mut Saved, before: Option<&Address>) {
    let now = address_of(saved);
    let is_there = before.zip(now.as_ref()).is_some_and(|(before, now)| before.is_same_host(now));
    if !is_there {
        saved.secrets.obs_password = None;
    }
}

fn address_of(saved: &Saved) -> Option<Address> {
    match &saved.settings.obs.address {
        Some(address) => Address::parse(address).ok().map(|(address, _)| address),
        None => Some(usual()),
    }
}

fn usual() -> Address {
    Address::parse(OBS_ADDRESS).expect("the usual address is one").0
}

fn error(failure: &Failure) -> CommandError {
    let text = failure.to_string();
    match failure {
        Failure::NoScene(_) | Failure::NoBrowserSources => not_found(text),
        _ => failed(text),
    }
}
