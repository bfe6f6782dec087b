//! Everything that is saved as one text, for a file that a person keeps or takes to another computer.

use polychat_model::command::{AddChannel, CommandError};
use polychat_model::saved::{MAIN_OVERLAY, MAX_CHANNELS, MAX_HIDDEN, MAX_OVERLAYS, Overlay, Saved, SavedChannel};
use polychat_model::{iso_timestamp, unix_ms};
use polychat_obs::Address;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{invalid, too_many};
use super::{is_same, rules};
use crate::hub::Hub;

/// The longest text that is read. What is written is always shorter.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The form of the text. A later one is not read.
const FORM: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Exported<S> {
    /// The form. It is called after the program, so that the file says whose it is.
    polychat: u32,
    /// When.
    #[serde(default)]
    at: String,
    saved: S,
}

/// What is saved, as a text.
pub(super) fn write(saved: &Saved) -> String {
    let exported = Exported { polychat: FORM, at: iso_timestamp(unix_ms()).to_string(), saved };
    serde_json::to_string_pretty(&exported).expect("what is saved has string keys and no failing serializers")
}

/// Reads such a text, and holds it against the rules.
///
/// # Errors
/// In words: which part of it cannot be.
pub(super) fn read(hub: &Hub, text: &str) -> Result<Saved, CommandError> {
    let no_file = || invalid("This is not a file that Polychat has exported.".to_owned());
    if text.len() > MAX_BYTES {
        return Err(invalid("The file is too large to be one that Polychat has exported.".to_owned()));
    }
    let Exported::<Value> { polychat: form, saved, .. } = serde_json::from_str(text).map_err(|_| no_file())?;
    if form > FORM {
        return Err(invalid("This file was exported by a newer Polychat. Update this one first.".to_owned()));
    }
    let saved: Saved = serde_json::from_value(saved).map_err(|_| no_file())?;
    check(hub, saved)
}

fn check(hub: &Hub, saved: Saved) -> Result<Saved, CommandError> {
    let mut checked = Saved { settings: saved.settings, ..Saved::default() };
    if saved.channels.len() > MAX_CHANNELS || saved.overlays.len() > MAX_OVERLAYS {
        let most = format!("{MAX_CHANNELS} channels and {MAX_OVERLAYS} overlays");
        return Err(too_many(format!("The file has more than {most}, as many as there may be.")));
    }
    for SavedChannel { platform, identifier, identifier_type, paused } in saved.channels {
        let channel = rules::channel(hub, &AddChannel { platform, identifier, identifier_type })?;
        if !checked.channels.iter().any(|known| is_same(known, &channel)) {
            checked.channels.push(SavedChannel { paused, ..channel });
        }
    }
    for overlay in saved.overlays {
        rules::check_overlay(&overlay)?;
        if checked.overlays.iter().any(|known| known.name == overlay.name) {
            return Err(invalid(format!("The file has two overlays \"{}\".", overlay.name)));
        }
        // The main one comes first.
        let at = if overlay.name == MAIN_OVERLAY { 0 } else { checked.overlays.len() };
        checked.overlays.insert(at, overlay);
    }
    if checked.overlays.first().is_none_or(|first| first.name != MAIN_OVERLAY) {
        checked.overlays.insert(0, Overlay::new(MAIN_OVERLAY));
    }
    for look in saved.looks {
        look.check().map_err(|why| invalid(format!("The look \"{:.60}\" in the file: {why}", look.name)))?;
        if checked.looks.iter().any(|known| known.id == look.id) {
            return Err(invalid(format!("The file has two looks \"{}\".", look.id)));
        }
        checked.looks.push(look);
        // At each: the file may hold very many.
        rules::check_looks(&checked.looks)?;
    }
    rules::check_hotkeys(&checked.settings.hotkeys)?;
    if let Some(tag) = &checked.settings.language {
        rules::check_language(tag)?;
    }
    rules::check_featured(&checked.settings.featured)?;
    if checked.settings.hidden.len() > MAX_HIDDEN {
        return Err(too_many(format!("The file hides more than {MAX_HIDDEN} people, as many as may be.")));
    }
    for person in &checked.settings.hidden {
        rules::check_hidden(person)?;
    }
    let address = checked.settings.obs.address.as_deref();
    address.map(Address::parse).transpose().map_err(|bad| invalid(bad.to_string()))?;
    Ok(checked)
}
