//! Looks: those that come with Polychat, and those that a person has made of them.

mod schema;
mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use schema::{Alias, Control, Fixed, Form, Group, Kind, SCHEMA, ShowIf, Unit};
pub use value::{control, fits};

/// The looks that come with Polychat, in the order in which they are offered. The first one is that of an overlay without a
/// look. Each is a file in `ui/src/lib/overlay/looks/builtin`.
pub const LOOKS: [&str; 9] =
    ["classic", "bubbles", "minimal", "neon", "glass", "terminal", "sidebar", "ticker", "events"];

/// The most own looks that are kept. Chosen by hand: more than a list can be looked through.
pub const MAX_LOOKS: usize = 40;

/// The longest name of an own look, in characters.
pub const MAX_LOOK_NAME: usize = 60;

/// The most bytes of an own look's CSS. Chosen by hand: twice the longest that generators write.
pub const MAX_LOOK_CSS: usize = 64 * 1024;

/// The most bytes that the values of an own look take as JSON.
pub const MAX_LOOK_VALUES: usize = 16 * 1024;

/// The most bytes that all own looks take together as JSON: pages that show all of them are told all of them.
pub const MAX_LOOKS_BYTES: usize = 1024 * 1024;

/// The most bytes of an own look's id.
const MAX_ID: usize = 64;

/// A look that a person has made: one that comes with Polychat, with other values and more rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OwnLook {
    /// As overlays and addresses name it. Small letters and digits of ASCII, `-` and `_`. Never changes.
    pub id: String,
    /// As its person calls it.
    pub name: String,
    /// The look that it was made of, one of [`LOOKS`]: its rules come first, and overlays fall back to it.
    pub base: String,
    /// Settings by their names in the schema. They go before the base's.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>")]
    pub values: BTreeMap<String, Value>,
    /// Rules that come after the base's.
    #[serde(default)]
    pub css: String,
}

/// A look that is about to be made. Its id is found by the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewLook {
    /// As its person calls it.
    pub name: String,
    /// The look that it is made of, one of [`LOOKS`].
    pub base: String,
    /// Settings by their names in the schema.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>")]
    pub values: BTreeMap<String, Value>,
    /// Rules that come after the base's.
    #[serde(default)]
    pub css: String,
}

impl NewLook {
    /// The look under its id.
    pub fn with_id(self, id: String) -> OwnLook {
        let Self { name, base, values, css } = self;
        OwnLook { id, name, base, values, css }
    }
}

/// Whether it is a look that comes with Polychat.
pub fn is_built_in(id: &str) -> bool {
    LOOKS.contains(&id)
}

/// Whether an own look may have this id: what an address can hold without being escaped, and no other look has.
pub fn is_look_id(id: &str) -> bool {
    let signs = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    (1..=MAX_ID).contains(&id.len()) && signs && !is_built_in(id)
}

/// An id for a look of this name that `is_taken` does not know: `my-look`, `my-look-2`.
pub fn new_look_id(name: &str, base: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut slug = String::new();
    for sign in name.chars() {
        if sign.is_ascii_alphanumeric() {
            slug.push(sign.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { base } else { slug };
    let numbered = (2_u32..).map(|n| format!("{slug}-{n}"));
    let free = |id: &String| is_look_id(id) && !is_taken(id);
    // Names of other scripts have no letters for an address: they are called after the look that they were made of.
    std::iter::once(slug.to_owned()).chain(numbered).find(free).unwrap_or_else(|| "look".to_owned())
}

impl OwnLook {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn check(&self) -> Result<(), String> {
        if !is_look_id(&self.id) {
            return Err(format!(
                "A look's id is 1 to {MAX_ID} small letters without accents, digits, `-` and `_`, and not that of a look that comes with Polychat."
            ));
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > MAX_LOOK_NAME || name.chars().any(char::is_control) {
            return Err(format!("A look's name has 1 to {MAX_LOOK_NAME} letters."));
        }
        if !is_built_in(&self.base) {
            return Err(format!("A look is made of one of these: {}.", LOOKS.join(", ")));
        }
        if self.css.len() > MAX_LOOK_CSS {
            return Err(format!("The CSS of a look has at most {} KiB.", MAX_LOOK_CSS / 1024));
        }
        if serde_json::to_vec(&self.values).map_or(usize::MAX, |json| json.len()) > MAX_LOOK_VALUES {
            return Err(format!("The values of a look have at most {} KiB.", MAX_LOOK_VALUES / 1024));
        }
        self.values.iter().try_for_each(|(id, value)| check_value(id, value))
    }

    /// Without the values that this program does not understand.
    #[must_use]
    pub fn understood(mut self) -> Self {
        self.values.retain(|id, value| check_value(id, value).is_ok());
        self
    }
}

fn check_value(id: &str, value: &Value) -> Result<(), String> {
    // A look has a field of its own for rules.
    if id == "css" {
        return Err("The CSS of a look is no value: it has a field of its own.".to_owned());
    }
    let Some(control) = control(id) else {
        let id: String = id.chars().take(40).collect();
        return Err(format!("A look has no setting \"{id}\"."));
    };
    if fits(control, value) { Ok(()) } else { Err(format!("The setting \"{id}\" {}.", value::expected(control))) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn look() -> OwnLook {
        let values = BTreeMap::from([("fontSize".to_owned(), json!(22))]);
        OwnLook { id: "mine".into(), name: "Mine".into(), base: "neon".into(), values, css: "#message {}".into() }
    }

    #[test]
    fn a_look_that_cannot_be_is_refused_in_a_sentence() {
        assert_eq!(look().check(), Ok(()));
        let long = "x".repeat(MAX_LOOK_CSS + 1);
        let with = |id: &str, value: Value| {
            let mut look = look();
            look.values.insert(id.to_owned(), value);
            look
        };
        let wrong = [
            OwnLook { id: "neon".into(), ..look() },
            OwnLook { id: "Mine".into(), ..look() },
            OwnLook { id: "../x".into(), ..look() },
            OwnLook { name: " ".into(), ..look() },
            OwnLook { name: "a\nb".into(), ..look() },
            OwnLook { name: "字".repeat(MAX_LOOK_NAME + 1), ..look() },
            OwnLook { base: "mine".into(), ..look() },
            OwnLook { css: long.clone(), ..look() },
            with("css", json!("#message {}")),
            with("nothing", json!(1)),
            with("fontSize", json!(1_000)),
            with("font", json!("f".repeat(MAX_LOOK_VALUES))),
        ];
        for look in wrong {
            let sentence = look.check().unwrap_err();
            assert!(sentence.ends_with('.') && sentence.len() < 200, "{sentence}");
        }
        assert_eq!(OwnLook { name: "字".repeat(MAX_LOOK_NAME), ..look() }.check(), Ok(()));
        let understood = with("later", json!([1])).understood();
        assert_eq!(understood, look(), "what a later program has set costs only itself");
    }

    #[test]
    fn an_id_is_found_for_every_name() {
        let taken = ["my-look", "my-look-2", "classic-2"];
        let id = |name: &str| new_look_id(name, "classic", |id| taken.contains(&id));
        for (name, expected) in [
            ("My look!", "my-look-3"),
            ("  Neon (mine) ", "neon-mine"),
            ("Neon", "neon-2"),
            ("私の見た目", "classic-3"),
            ("é", "classic-3"),
            (&"a".repeat(200), &"a".repeat(40)),
        ] {
            assert_eq!(id(name), expected, "{name}");
            assert!(is_look_id(&id(name)));
        }
    }

    #[test]
    fn every_look_that_comes_with_polychat_has_its_file() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/lib/overlay/looks/builtin");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let mut looks = LOOKS.to_vec();
        looks.sort_unstable();
        assert_eq!(files, looks);
    }
}
