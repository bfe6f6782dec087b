//! Changes of both sides: those of this program, and what it did not know of. Pure.

use polychat_model::look::MAX_LOOKS;
use polychat_model::saved::{
    FeatureRules, MAIN_OVERLAY, MAX_CHANNELS, MAX_HIDDEN, MAX_OVERLAYS, Overlay, Saved, SavedChannel, Settings,
};
use serde_json::Value;

/// `old` with the changes that lead from `last` to `new`. What was in neither of these stays.
pub(super) fn update(old: Option<Value>, last: Option<&Value>, new: &Value) -> Value {
    let (Some(Value::Object(mut fields)), Value::Object(new)) = (old, new) else { return new.clone() };
    let last = last.and_then(Value::as_object);
    let known = |name: &str| last.and_then(|last| last.get(name));
    fields.retain(|name, _| new.contains_key(name) || known(name).is_none());
    for (name, value) in new {
        let old = fields.remove(name);
        fields.insert(name.clone(), update(old, known(name), value));
    }
    Value::Object(fields)
}

/// What a file holds, with what was changed before it could be read: `mine` began with nothing.
pub(super) fn onto(file: &Saved, mine: &Saved) -> Saved {
    let mut saved = file.clone();
    for channel in &mine.channels {
        let is_it = |known: &SavedChannel| {
            (known.platform, known.identifier_type, &known.identifier)
                == (channel.platform, channel.identifier_type, &channel.identifier)
        };
        if let Some(known) = saved.channels.iter_mut().find(|known| is_it(known)) {
            known.paused = channel.paused;
        } else if saved.channels.len() < MAX_CHANNELS {
            saved.channels.push(channel.clone());
        }
    }
    for overlay in mine.overlays.iter().filter(|mine| **mine != Overlay::new(&mine.name)) {
        if let Some(known) = saved.overlays.iter_mut().find(|known| known.name == overlay.name) {
            *known = overlay.clone();
        } else if saved.overlays.len() < MAX_OVERLAYS {
            saved.overlays.push(overlay.clone());
        }
    }
    for look in &mine.looks {
        if let Some(known) = saved.looks.iter_mut().find(|known| known.id == look.id) {
            *known = look.clone();
        } else if saved.looks.len() < MAX_LOOKS {
            saved.looks.push(look.clone());
        }
    }
    let Settings {
        hotkeys,
        start_with_system,
        close_to_tray,
        tiktok_page,
        look_for_updates,
        knows_how_to_unlock,
        language,
        featured,
        obs,
        hidden,
    } = mine.settings.clone();
    let settings = &mut saved.settings;
    settings.hotkeys.extend(hotkeys);
    settings.start_with_system = start_with_system.or(settings.start_with_system);
    settings.close_to_tray = close_to_tray.or(settings.close_to_tray);
    settings.tiktok_page = tiktok_page.or(settings.tiktok_page);
    settings.look_for_updates = look_for_updates.or(settings.look_for_updates);
    settings.knows_how_to_unlock |= knows_how_to_unlock;
    settings.language = language.or(settings.language.take());
    if featured != FeatureRules::default() {
        settings.featured = featured;
    }
    for person in hidden {
        let is_known = settings.hidden.iter().any(|known| known.platform == person.platform && known.id == person.id);
        if !is_known && settings.hidden.len() < MAX_HIDDEN {
            settings.hidden.push(person);
        }
    }
    settings.obs.on |= obs.on;
    settings.obs.address = obs.address.or(settings.obs.address.take());
    settings.obs.last_port = obs.last_port.or(settings.obs.last_port);
    if mine.secrets.obs_password.is_some() {
        saved.secrets.obs_password.clone_from(&mine.secrets.obs_password);
    }
    saved
}

/// The main overlay is always there, and the first.
pub(super) fn with_main(mut saved: Saved) -> Saved {
    match saved.overlays.iter().position(|overlay| overlay.name == MAIN_OVERLAY) {
        Some(0) => {}
        Some(at) => saved.overlays[..=at].rotate_right(1),
        None => saved.overlays.insert(0, Overlay::new(MAIN_OVERLAY)),
    }
    saved
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_known_stays_and_what_was_taken_away_goes() {
        let old = json!({"a": 1, "b": {"x": 1, "later": 2}, "gone": 3, "later": [4]});
        let last = json!({"a": 1, "b": {"x": 1}, "gone": 3});
        let new = json!({"a": 2, "b": {"x": 5}, "c": 6});
        let updated = update(Some(old), Some(&last), &new);
        assert_eq!(updated, json!({"a": 2, "b": {"x": 5, "later": 2}, "later": [4], "c": 6}));
        assert_eq!(update(None, Some(&last), &new), new);
        assert_eq!(update(Some(json!("text")), None, &new), new);
    }

    #[test]
    fn what_was_changed_before_the_file_could_be_read_comes_on_top_of_it() {
        let overlay = |name: &str, look: Option<&str>| Overlay { look: look.map(str::to_owned), ..Overlay::new(name) };
        let settings = |tiktok_page, close_to_tray| Settings { tiktok_page, close_to_tray, ..Settings::default() };
        let file = Saved {
            overlays: vec![overlay("main", Some("neon")), overlay("side", Some("glass"))],
            settings: Settings { language: Some("id".to_owned()), ..settings(Some(true), Some(true)) },
            ..Saved::default()
        };
        let mine = Saved {
            overlays: vec![overlay("main", None), overlay("side", Some("minimal")), overlay("new", Some("classic"))],
            settings: settings(None, Some(false)),
            ..Saved::default()
        };
        let both = onto(&file, &mine);
        let looks: Vec<_> = both.overlays.iter().filter_map(|overlay| overlay.look.as_deref()).collect();
        assert_eq!(looks, ["neon", "minimal", "classic"], "what was not touched is as it is in the file");
        let language = Some("id".to_owned());
        assert_eq!(both.settings, Settings { language, ..settings(Some(true), Some(false)) });
    }

    #[test]
    fn the_main_overlay_comes_first_and_the_others_keep_their_order() {
        let names = |names: &[&str]| {
            let overlays = names.iter().map(|name| Overlay::new(*name)).collect();
            let saved = with_main(Saved { overlays, ..Saved::default() });
            saved.overlays.into_iter().map(|overlay| overlay.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&[]), ["main"]);
        assert_eq!(names(&["a", "b", "main", "c"]), ["main", "a", "b", "c"]);
    }
}
