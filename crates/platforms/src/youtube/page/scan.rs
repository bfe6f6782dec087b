//! Finds the JSON objects of a page by the names in front of them.
//!
//! The decoder says where an object ends; texts in it may hold `};` and `</script>`. Titles and descriptions of strangers
//! can hold the names, too, but no object with a key: their quotes are escaped, in HTML as in JSON.

use memchr::memmem;
use serde::de::{Deserialize, IgnoredAny};
use serde_json::Value;

use crate::youtube::pick::{Want, pick};

/// How many places with the name are tried. Real pages have one to three.
const TRIES: usize = 1_000;

/// The wanted branches of the first object behind `name` that has any of them.
pub(super) fn picked(page: &[u8], name: &[u8], want: &'static Want) -> Option<Value> {
    let mut objects = after(page, name).filter_map(|at| pick(&page[at..], want));
    objects.find_map(|(picked, _)| picked.as_object().is_some_and(|o| !o.is_empty()).then_some(picked))
}

/// Where `{` stands behind `name` and an assignment: `name = {`, `["name"] = {`.
pub(super) fn after(page: &[u8], name: &[u8]) -> impl Iterator<Item = usize> {
    let len = name.len();
    let found = memmem::find_iter(page, name).take(TRIES).filter_map(move |at| {
        let rest = &page[at + len..];
        let rest = [&b"\"]"[..], b"']"].iter().find_map(|end| rest.strip_prefix(*end)).unwrap_or(rest);
        let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        rest.starts_with(b"{").then(|| page.len() - rest.len())
    });
    found.collect::<Vec<_>>().into_iter()
}

/// The object at the start of `bytes`, if it has anything in it.
pub(super) fn object(bytes: &[u8]) -> Option<&[u8]> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    IgnoredAny::deserialize(&mut json).ok()?;
    let object = &bytes[..json.into_iter::<IgnoredAny>().byte_offset()];
    object.contains(&b'"').then_some(object)
}
