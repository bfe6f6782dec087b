//! What 7TV says: sets of emotes, whose set a channel uses, and what changes in one. Pure.
//!
//! A broken emote costs only itself.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::table::{Emote, LIST_MAX};

/// Which files are taken, the first that there is: large enough for an overlay at twice the size, smaller than the
/// originals. OBS draws WebP in every version.
const FILES: [&str; 8] = ["3x.webp", "2x.webp", "4x.webp", "1x.webp", "3x.avif", "2x.avif", "4x.avif", "1x.avif"];
/// `flags` of an emote in a set: it is drawn over the one before it.
const ZERO_WIDTH: i64 = 1;
/// `flags` of an emote itself: not to be shown on Twitch.
const DISALLOWED: i64 = 16_777_216;
/// Most changes that one frame is believed to have. Chosen by hand.
const CHANGES_MAX: usize = 1_000;

/// A set and its emotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) id: String,
    pub(super) emotes: Vec<Emote>,
}

/// What 7TV knows about a channel.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Connection {
    /// 7TV's own id of the user.
    pub(super) user_id: Option<String>,
    /// The set in use, if there is one.
    pub(super) set_id: Option<String>,
    /// The set itself, where the answer still has it (before August 2026).
    pub(super) set: Option<Set>,
}

/// What a live update changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Update {
    /// Emotes were taken out of the set or put into it. A renamed one is both.
    Changed {
        /// By id and word.
        removed: Vec<(Box<str>, Box<str>)>,
        /// In the order of the set.
        added: Vec<Emote>,
    },
    /// The channel uses another set, or updates may have been missed.
    Stale,
}

#[derive(Deserialize)]
struct RawSet<'a> {
    #[serde(default)]
    id: Option<String>,
    #[serde(borrow, default)]
    emotes: Option<Vec<&'a RawValue>>,
}

/// The answer about a set. `None`: it is none.
pub(super) fn set(body: &[u8]) -> Option<Set> {
    let raw: RawSet<'_> = serde_json::from_slice(body).ok()?;
    let emotes = raw.emotes.unwrap_or_default();
    let emotes = emotes.into_iter().filter_map(|raw| emote(&serde_json::from_str(raw.get()).ok()?));
    Some(Set { id: raw.id.unwrap_or_default(), emotes: emotes.take(LIST_MAX).collect() })
}

/// The answer about a channel. `None`: it is none.
pub(super) fn connection(body: &[u8]) -> Option<Connection> {
    #[derive(Deserialize)]
    struct Raw<'a> {
        #[serde(default)]
        emote_set_id: Option<String>,
        #[serde(borrow, default)]
        emote_set: Option<&'a RawValue>,
        #[serde(default)]
        user: Option<User>,
    }
    #[derive(Deserialize)]
    struct User {
        #[serde(default)]
        id: Option<String>,
    }
    let raw: Raw<'_> = serde_json::from_slice(body).ok()?;
    // `null` is a raw value, too.
    let set = raw.emote_set.map(RawValue::get).filter(|text| *text != "null").and_then(|text| set(text.as_bytes()));
    let set_id = raw.emote_set_id.or_else(|| set.as_ref().map(|set| set.id.clone())).filter(|id| is_id(id));
    Some(Connection { user_id: raw.user.and_then(|user| user.id).filter(|id| is_id(id)), set_id, set })
}

/// Old ids have 24 hex digits, new ones 26 letters and digits; both are opaque.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// One emote of a set.
fn emote(value: &Value) -> Option<Emote> {
    let data = &value["data"];
    if data["flags"].as_i64().unwrap_or(0) & DISALLOWED != 0 {
        return None;
    }
    let host = data["host"]["url"].as_str()?;
    let files = data["host"]["files"].as_array();
    let has = |name: &&&str| files.into_iter().flatten().any(|file| file["name"] == **name);
    // Some answers leave the files out: everything uploaded has this one.
    let file = FILES.iter().find(has).copied().unwrap_or("2x.webp");
    let zero_width = value["flags"].as_i64().unwrap_or(0) & ZERO_WIDTH != 0;
    Emote::new(value["name"].as_str()?, value["id"].as_str()?, &format!("{host}/{file}"), zero_width)
}

/// What a dispatch tells: of which object, and what. `None`: nothing that concerns us.
pub(super) fn update(dispatch: &Value) -> Option<(&str, Update)> {
    let body = &dispatch["body"];
    let id = body["id"].as_str()?;
    let entries = |list: &str| body[list].as_array().map(Vec::as_slice).unwrap_or_default().iter().take(CHANGES_MAX);
    match dispatch["type"].as_str()? {
        "emote_set.update" => {
            let of = |list, side: &'static str| entries(list).filter(|e| e["key"] == "emotes").map(move |e| &e[side]);
            let named = |old: &Value| Some((old["id"].as_str()?.into(), old["name"].as_str().unwrap_or("").into()));
            let removed = of("pulled", "old_value").chain(of("updated", "old_value")).filter_map(named).collect();
            let added = of("pushed", "value").chain(of("updated", "value")).filter_map(emote).collect();
            Some((id, Update::Changed { removed, added }))
        }
        "user.update" => {
            let nested = entries("updated").filter_map(|entry| entry["value"].as_array()).flatten();
            let mut nested = nested.filter_map(|value| value["key"].as_str());
            nested.any(|key| key == "emote_set" || key == "emote_set_id").then_some((id, Update::Stale))
        }
        _ => None,
    }
}

/// Changes the emotes of a set. Whether anything is different now.
pub(super) fn apply(emotes: &mut Vec<Emote>, removed: &[(Box<str>, Box<str>)], added: Vec<Emote>) -> bool {
    let before = emotes.len();
    emotes.retain(|emote| !removed.iter().any(|(id, _)| *id == emote.id));
    let mut changed = emotes.len() != before;
    for emote in added {
        // The same one again is an update of it, by whatever name.
        emotes.retain(|known| known.id != emote.id);
        if emotes.len() < LIST_MAX {
            emotes.push(emote);
        }
        changed = true;
    }
    changed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn active(id: &str, name: &str, flags: i64, files: &[&str]) -> Value {
        let files: Vec<_> = files.iter().map(|name| json!({"name": name, "format": "WEBP"})).collect();
        json!({"id": id, "name": name, "flags": flags,
            "data": {"id": id, "flags": 0, "host": {"url": format!("//cdn.7tv.app/emote/{id}"), "files": files}}})
    }

    #[test]
    fn both_shapes_of_a_channel_are_read() {
        let set = json!({"id": "s1", "emotes": [active("e1", "Pog", 0, &["1x.webp", "2x.webp", "2x.avif"])]});
        let old = connection(json!({"emote_set": set, "user": {"id": "u1"}}).to_string().as_bytes()).unwrap();
        assert_eq!((old.set_id.as_deref(), old.user_id.as_deref()), (Some("s1"), Some("u1")));
        assert_eq!(&*old.set.unwrap().emotes[0].url, "https://cdn.7tv.app/emote/e1/2x.webp");
        let new = json!({"emote_set": null, "emote_set_id": "s2", "user": {"id": "u1"}}).to_string();
        let new = connection(new.as_bytes()).unwrap();
        assert_eq!((new.set_id.as_deref(), new.set), (Some("s2"), None));
        let none = connection(br#"{"emote_set": null, "emote_set_id": null}"#).unwrap();
        assert_eq!(none, Connection::default());
        assert_eq!(connection(b"<html>"), None);
    }

    #[test]
    fn a_broken_emote_costs_only_itself() {
        let mut hidden = active("e4", "Bad", 0, &[]);
        hidden["data"]["flags"] = json!(DISALLOWED);
        let emotes = json!([active("e1", "Rain", 1, &["3x.webp"]), 5, {"id": "e2"}, active("e3", "two words", 0, &[]),
            hidden, active("e5", "Bare", 65536, &[]), null]);
        let set = set(json!({"id": "s", "emotes": emotes}).to_string().as_bytes()).unwrap();
        let found: Vec<_> = set.emotes.iter().map(|e| (&*e.word, e.zero_width, &*e.url)).collect();
        let of = |id, file| format!("https://cdn.7tv.app/emote/{id}/{file}");
        let (rain, bare) = (of("e1", "3x.webp"), of("e5", "2x.webp"));
        assert_eq!(found, [("Rain", true, rain.as_str()), ("Bare", false, bare.as_str())]);
    }

    #[test]
    fn a_set_follows_what_is_told() {
        let dispatch = json!({"type": "emote_set.update", "body": {"id": "s1",
            "pushed": [{"key": "emotes", "value": active("e2", "New", 0, &[])}, {"key": "name", "value": "x"}],
            "pulled": [{"key": "emotes", "old_value": {"id": "e1", "name": "Old"}}],
            "updated": [{"key": "emotes", "old_value": {"id": "e3", "name": "Was"}, "value": active("e3", "Is", 0, &[])}],
        }});
        let Some(("s1", Update::Changed { removed, added })) = update(&dispatch) else { panic!("a change") };
        let start = json!({"emotes": [active("e1", "Old", 0, &[]), active("e3", "Was", 0, &[])]}).to_string();
        let mut emotes = set(start.as_bytes()).unwrap().emotes;
        assert!(apply(&mut emotes, &removed, added));
        assert_eq!(emotes.iter().map(|e| &*e.word).collect::<Vec<_>>(), ["New", "Is"]);
    }

    #[test]
    fn another_set_makes_ours_stale() {
        for key in ["emote_set", "emote_set_id"] {
            let dispatch = json!({"type": "user.update", "body": {"id": "u1",
                "updated": [{"key": "connections", "nested": true, "value": [{"key": key}]}]}});
            assert_eq!(update(&dispatch), Some(("u1", Update::Stale)));
        }
        assert_eq!(update(&json!({"type": "user.update", "body": {"id": "u1", "updated": [{"key": "style"}]}})), None);
        assert_eq!(update(&json!({"type": "cosmetic.create", "body": {"id": "u1"}})), None);
        assert_eq!(update(&json!({"type": "emote_set.update", "body": []})), None);
    }
}
