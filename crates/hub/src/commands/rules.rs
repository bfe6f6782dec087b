//! What may be saved. Everything that comes in from outside is held against these, an imported file too.

use std::collections::BTreeMap;

use polychat_model::command::{AddChannel, CommandError};
use polychat_model::look::{MAX_LOOKS, MAX_LOOKS_BYTES, OwnLook};
use polychat_model::saved::{
    FeatureRules, HiddenPerson, HotkeyAction, OVERLAY_NAME, Overlay, OverlayWindow, SavedChannel, is_language_tag,
    is_overlay_name,
};

use super::answer::{invalid, too_many};
use crate::hub::Hub;

/// The most bytes that an overlay's values take as JSON. Chosen by hand: the longest CSS that generators write fits.
pub const MAX_OVERLAY_BYTES: usize = 64 * 1024;

/// The most arrangements of monitors for which an overlay's place is kept.
pub const MAX_PLACES: usize = 32;

/// The longest name of a look, in bytes.
const LOOK: usize = 64;

/// The longest id or name of a person, in bytes.
const PERSON: usize = 512;

/// The longest key combination, in bytes.
const KEYS: usize = 64;

/// The longest name of an arrangement of monitors, in bytes. Chosen by hand: twenty monitors.
const ARRANGEMENT: usize = 1_024;

/// The largest coordinate and size of a window that any window system knows, in pixels.
const PIXELS: i32 = 65_535;

/// The channel that somebody typed, in its canonical spelling.
pub(super) fn channel(hub: &Hub, asked: &AddChannel) -> Result<SavedChannel, CommandError> {
    let key = hub.key(asked.platform, asked.identifier_type, &asked.identifier);
    let key = key.map_err(|refused| invalid(refused.text))?;
    Ok(SavedChannel {
        platform: key.platform,
        identifier: key.identifier.to_string(),
        identifier_type: key.identifier_type,
        paused: false,
    })
}

pub(super) fn check_overlay(overlay: &Overlay) -> Result<(), CommandError> {
    if !is_overlay_name(&overlay.name) {
        return Err(invalid(format!("An overlay's name is {OVERLAY_NAME}.")));
    }
    if overlay.look.as_ref().is_some_and(|look| look.is_empty() || look.len() > LOOK) {
        return Err(invalid(format!("A look's name has 1 to {LOOK} letters.")));
    }
    let bytes = serde_json::to_vec(&overlay.values).map_or(usize::MAX, |json| json.len());
    if bytes > MAX_OVERLAY_BYTES {
        let most = MAX_OVERLAY_BYTES / 1024;
        return Err(invalid(format!("The overlay \"{}\" has more than {most} KiB of settings.", overlay.name)));
    }
    check_window(&overlay.window)
}

/// Somebody whom overlays shall not show.
pub(super) fn check_hidden(person: &HiddenPerson) -> Result<(), CommandError> {
    if person.id.is_empty() || person.id.len() > PERSON || person.name.len() > PERSON {
        return Err(invalid(format!("A person's id and name have at most {PERSON} letters.")));
    }
    Ok(())
}

/// What holds for all own looks together. Each has been checked by itself.
pub(super) fn check_looks(looks: &[OwnLook]) -> Result<(), CommandError> {
    if looks.len() > MAX_LOOKS {
        return Err(too_many(format!("{MAX_LOOKS} own looks are kept, as many as there may be. Delete one first.")));
    }
    let bytes = serde_json::to_vec(looks).map_or(usize::MAX, |json| json.len());
    if bytes > MAX_LOOKS_BYTES {
        let most = MAX_LOOKS_BYTES / 1024;
        return Err(too_many(format!("All own looks together have more than {most} KiB. Delete one first.")));
    }
    Ok(())
}

pub(super) fn check_window(window: &OverlayWindow) -> Result<(), CommandError> {
    if !(10..=100).contains(&window.opacity) {
        return Err(invalid("An overlay's opacity is 10 to 100 percent.".to_owned()));
    }
    if window.dim_after_s > 86_400 {
        return Err(invalid("An overlay dims after a day at most.".to_owned()));
    }
    if window.places.len() > MAX_PLACES {
        return Err(invalid(format!("An overlay has {MAX_PLACES} places at most.")));
    }
    let is_size = |size: u32| (1..=PIXELS.unsigned_abs()).contains(&size);
    let fits = window.places.iter().all(|place| {
        let arrangement = (1..=ARRANGEMENT).contains(&place.arrangement.len());
        let corner = [place.x, place.y].into_iter().all(|at| (-PIXELS..=PIXELS).contains(&at));
        arrangement && corner && is_size(place.width) && is_size(place.height)
    });
    if fits { Ok(()) } else { Err(invalid("An overlay's place is not on any screen.".to_owned())) }
}

pub(super) fn check_featured(rules: &FeatureRules) -> Result<(), CommandError> {
    if !(3..=600).contains(&rules.seconds) {
        return Err(invalid("A featured message stands 3 to 600 seconds.".to_owned()));
    }
    if rules.paid_from > 1_000_000 {
        return Err(invalid("The least amount is 10,000 US dollars at most.".to_owned()));
    }
    Ok(())
}

pub(super) fn check_hotkeys(hotkeys: &BTreeMap<HotkeyAction, String>) -> Result<(), CommandError> {
    let fits = hotkeys.values().all(|keys| keys.len() <= KEYS && !keys.chars().any(char::is_control));
    if fits { Ok(()) } else { Err(invalid(format!("A key combination has {KEYS} letters at most."))) }
}

pub(super) fn check_language(tag: &str) -> Result<(), CommandError> {
    if is_language_tag(tag) {
        Ok(())
    } else {
        Err(invalid("A language is named by its tag, such as `en` or `pt-BR`.".to_owned()))
    }
}
