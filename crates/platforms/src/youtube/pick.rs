//! Takes the wanted branches out of a large JSON in one pass; the rest is skipped without being kept.
//!
//! A watch page has 2 MB of which a few hundred bytes matter. What is picked is an ordinary [`Value`] with the same names, in
//! which a missing key and a value of the wrong type read the same: as nothing.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How many entries of a list are kept; the rest is skipped. A streams tab has 30.
const LIST_MAX: usize = 1_000;

/// Which branches are wanted. A list is passed through: what is wanted of it is wanted of each entry.
#[derive(Debug)]
pub(super) enum Want {
    /// Everything below.
    All,
    /// These fields of an object.
    Fields(&'static [(&'static str, Want)]),
}

/// Writes a [`Want`] like the JSON that it picks, with `_` for everything below.
macro_rules! want {
    (_) => { $crate::youtube::pick::Want::All };
    ({ $($name:ident: $below:tt),* $(,)? }) => {
        $crate::youtube::pick::Want::Fields(&[$((stringify!($name), want!($below))),*])
    };
}
pub(super) use want;

/// The wanted branches of the JSON object at the start of `bytes`, and its length. What follows it is not looked at.
pub(super) fn pick(bytes: &[u8], want: &'static Want) -> Option<(Value, usize)> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let picked = want.deserialize(&mut json).ok().filter(Value::is_object)?;
    Some((picked, json.into_iter::<IgnoredAny>().byte_offset()))
}

impl<'de> DeserializeSeed<'de> for &'static Want {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self {
            Want::All => Value::deserialize(deserializer),
            Want::Fields(fields) => deserializer.deserialize_any(Fields(fields)),
        }
    }
}

struct Fields(&'static [(&'static str, Want)]);

impl<'de> Visitor<'de> for Fields {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut picked = Map::new();
        while let Some(found) = map.next_key_seed(Name(self.0))? {
            match found {
                Some((name, want)) => {
                    picked.insert((*name).to_owned(), map.next_value_seed(want)?);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Value::Object(picked))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut picked = Vec::new();
        while picked.len() < LIST_MAX {
            let Some(entry) = list.next_element_seed(Entry(self.0))? else { return Ok(Value::Array(picked)) };
            picked.push(entry);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(picked))
    }

    // Neither object nor list: none of the wanted fields is here.
    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_str<E>(self, _: &str) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// An entry of a list, of which the same fields are wanted.
struct Entry(&'static [(&'static str, Want)]);

impl<'de> DeserializeSeed<'de> for Entry {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Fields(self.0))
    }
}

/// Reads a key as the wanted field of that name, without copying it.
struct Name(&'static [(&'static str, Want)]);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<&'static (&'static str, Want)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<&'static (&'static str, Want)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|(wanted, _)| *wanted == name))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{LIST_MAX, Want, pick};

    const WANT: Want = want!({ a: { b: _ }, list: { b: _ } });

    fn picked(json: &str) -> Option<Value> {
        pick(json.as_bytes(), &WANT).map(|(picked, _)| picked)
    }

    #[test]
    fn only_what_is_wanted_is_kept() {
        let json = r#"{"x": {"b": 1}, "a": {"x": [1], "b": {"c": [1, 2]}}, "list": [{"b": 1, "x": 2}, 3, {"x": 4}]}"#;
        assert_eq!(picked(json), Some(json!({"a": {"b": {"c": [1, 2]}}, "list": [{"b": 1}, null, {}]})));
    }

    #[test]
    fn what_follows_the_object_is_not_looked_at() {
        let page = br#"{"a": {"b": "};"}};</script>"#;
        let (picked, len) = pick(page, &WANT).unwrap();
        assert_eq!((picked, &page[len..]), (json!({"a": {"b": "};"}}), &b";</script>"[..]));
    }

    #[test]
    fn a_value_of_another_kind_is_nothing() {
        for value in ["null", "true", "-1", "1", "1.5", "\"b\"", "\"\\u0062\"", "[]", "{}"] {
            let picked = picked(&format!("{{\"a\": {value}}}")).unwrap();
            assert_eq!(picked["a"]["b"], Value::Null, "{value}");
        }
        for no_object in ["", "null", "[]", "{\"a\": ", "{'a': 1}", "{\"a\": {\"b\": \"\\x\"}}", "<html>"] {
            assert_eq!(picked(no_object), None, "{no_object}");
        }
    }

    #[test]
    fn a_list_without_an_end_is_cut() {
        let json = format!("{{\"list\": [{}{{}}], \"a\": {{\"b\": 1}}}}", "{},".repeat(5_000));
        let picked = picked(&json).unwrap();
        assert_eq!(picked["list"].as_array().unwrap().len(), LIST_MAX);
        assert_eq!(picked["a"]["b"], json!(1), "what stands behind it is found");
    }

    #[test]
    fn depth_ends_in_nothing_and_not_in_a_crash() {
        let deep = format!("{{\"a\": {{\"b\": {}", "[".repeat(100_000));
        assert_eq!(picked(&deep), None);
        let deep = format!("{{\"x\": {}{}, \"a\": {{\"b\": 1}}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(picked(&deep), Some(json!({"a": {"b": 1}})), "depth in what is skipped costs nothing");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in any::<Vec<u8>>(), cut in 0..60_usize) {
            pick(&bytes, &WANT);
            let whole = br#"{"a": {"b": "\u00e9"}, "list": [{"b": 1.5}, true], "c": [{"d": null}]}"#;
            pick(&whole[..cut.min(whole.len())], &WANT);
        }
    }
}
