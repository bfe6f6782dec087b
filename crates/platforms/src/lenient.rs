//! Reading JSON that may be anything: a value of the wrong type is as good as a missing one.
//!
//! Each type here takes any value without failing and keeps it only if it is of its kind. What still fails is JSON that
//! is broken, nested too deeply (128 levels) or names a key twice: that costs the one action in which it stands.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// How many entries of a list are taken; the rest is skipped. The longest one recorded (100 actions of a replay,
/// 2019) is a tenth.
const LIST_MAX: usize = 1_000;

/// What a type makes of each kind of JSON; of the others it makes its default.
pub(crate) trait FromAny<'de>: Default {
    fn of_text(_: Cow<'de, str>) -> Self {
        Self::default()
    }
    fn of_integer(_: u64) -> Self {
        Self::default()
    }
    fn of_float(_: f64) -> Self {
        Self::default()
    }
    fn of_bool(_: bool) -> Self {
        Self::default()
    }
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        skip_map(&mut map)?;
        Ok(Self::default())
    }
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

/// Reads past the rest of an object.
pub(crate) fn skip_map<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Reads any JSON as `T`.
pub(crate) fn any<'de, D: Deserializer<'de>, T: FromAny<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Any(PhantomData))
}

struct Any<T>(PhantomData<T>);

impl<'de, T: FromAny<'de>> Visitor<'de> for Any<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<T, E> {
        Ok(T::of_text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::of_text(Cow::Owned(text.to_owned())))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        Ok(T::of_integer(number))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Ok(u64::try_from(number).map_or_else(|_| T::default(), T::of_integer))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        Ok(T::of_float(number))
    }
    fn visit_bool<E: Error>(self, yes: bool) -> Result<T, E> {
        Ok(T::of_bool(yes))
    }
    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::of_map(map)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::of_list(list)
    }
}

/// A text, empty when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Str<'a>(pub(crate) Cow<'a, str>);

impl<'a> Str<'a> {
    /// The text, or `None` when there is none.
    pub(crate) fn some(&self) -> Option<&str> {
        Some(&*self.0).filter(|text| !text.is_empty())
    }

    /// The text without the wrapper.
    pub(crate) fn into_inner(self) -> Cow<'a, str> {
        self.0
    }
}

impl Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> FromAny<'de> for Str<'de> {
    fn of_text(text: Cow<'de, str>) -> Self {
        Self(text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any::<D, Str<'de>>(deserializer)
    }
}

/// A whole number, also when it is written as a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Num(pub(crate) Option<u64>);

impl FromAny<'_> for Num {
    fn of_text(text: Cow<'_, str>) -> Self {
        Self(text.parse().ok())
    }
    fn of_integer(number: u64) -> Self {
        Self(Some(number))
    }
}

impl<'de> Deserialize<'de> for Num {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

/// A share from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Ratio(pub(crate) Option<f64>);

impl FromAny<'_> for Ratio {
    fn of_integer(number: u64) -> Self {
        Self::of_float(number as f64)
    }
    fn of_float(number: f64) -> Self {
        Self(Some(number).filter(|share| (0.0..=1.0).contains(share)))
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

/// Yes or no; no when it is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) bool);

impl FromAny<'_> for Flag {
    fn of_bool(yes: bool) -> Self {
        Self(yes)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

/// Yes or no, where it matters that neither was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Known(pub(crate) Option<bool>);

impl FromAny<'_> for Known {
    fn of_bool(yes: bool) -> Self {
        Self(Some(yes))
    }
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

/// An object; with all its fields missing when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Obj<T>(pub(crate) T);

impl<T> Deref for Obj<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Default + Deserialize<'de>> FromAny<'de> for Obj<T> {
    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Self)
    }
}

impl<'de, T: Default + Deserialize<'de>> Deserialize<'de> for Obj<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

/// An object of which it matters whether it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Maybe<T>(pub(crate) Option<Box<T>>);

impl<T> Maybe<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }
}

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> FromAny<'de> for Maybe<T> {
    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|value| Self(Some(Box::new(value))))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

/// A list, of which at most [`LIST_MAX`] entries are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> FromAny<'de> for List<T> {
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < LIST_MAX {
            let Some(entry) = list.next_element()? else { return Ok(Self(kept)) };
            kept.push(entry);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self(kept))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct All<'a> {
        #[serde(borrow)]
        text: Str<'a>,
        number: Num,
        ratio: Ratio,
        flag: Flag,
        known: Known,
        #[serde(borrow)]
        object: Obj<Inner<'a>>,
        maybe: Maybe<Inner<'a>>,
        list: List<Obj<Inner<'a>>>,
    }

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Inner<'a> {
        #[serde(borrow)]
        text: Str<'a>,
    }

    const VALUES: [&str; 10] =
        ["null", "true", "-1", "1", "0.5", "1e300", "\"12\"", "\"a\\n\"", "[1,[2,{\"a\":3}]]", "{\"text\":{\"b\":[]}}"];

    #[test]
    fn any_value_anywhere_is_taken() {
        for field in ["text", "number", "ratio", "flag", "known", "object", "maybe", "list", "other"] {
            for value in VALUES {
                let json = format!("{{\"{field}\":{value}}}");
                serde_json::from_str::<All<'_>>(&json).expect(&json);
            }
        }
    }

    #[test]
    fn values_of_the_right_kind_are_kept() {
        let json = r#"{"text":"a\"b","number":"12","ratio":1,"flag":true,"known":false,"object":{"text":"x"},"maybe":{},
            "list":[{"text":"1"},2,{"text":"3"}]}"#;
        let all: All<'_> = serde_json::from_str(json).unwrap();
        assert_eq!((&*all.text, all.number.0, all.ratio.0, all.flag.0), ("a\"b", Some(12), Some(1.0), true));
        assert_eq!(all.known.0, Some(false));
        assert_eq!((&*all.object.text, all.maybe.get().is_some()), ("x", true));
        let list: Vec<&str> = all.list.iter().map(|entry| &*entry.text).collect();
        assert_eq!(list, ["1", "", "3"]);
    }

    #[test]
    fn a_list_without_an_end_costs_no_more_than_its_limit() {
        let json = format!("{{\"list\":[{}{{}}],\"text\":\"after\"}}", "{},".repeat(5_000));
        let all: All<'_> = serde_json::from_str(&json).unwrap();
        assert_eq!((all.list.len(), &*all.text), (LIST_MAX, "after"));
    }

    #[test]
    fn a_text_without_escapes_is_not_copied() {
        let all: All<'_> = serde_json::from_str(r#"{"text":"plain"}"#).unwrap();
        assert!(matches!(all.text.into_inner(), Cow::Borrowed("plain")));
    }
}
