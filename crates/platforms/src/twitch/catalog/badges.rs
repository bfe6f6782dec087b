//! Badges by set and version.

use std::collections::HashMap;
use std::sync::Arc;

/// What a badge looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgeArt {
    /// What it says, in words: `6-Month Subscriber`.
    pub label: Arc<str>,
    /// Its picture (https).
    pub image_url: Arc<str>,
}

/// The badges of one channel, or those of all channels.
#[derive(Debug, Clone, Default)]
pub struct BadgeTable {
    sets: HashMap<Box<str>, HashMap<Box<str>, BadgeArt>>,
}

impl BadgeTable {
    /// A table of `(set, version, art)`. The last of equal ones counts.
    pub fn new(badges: impl IntoIterator<Item = (String, String, BadgeArt)>) -> Self {
        let mut sets: HashMap<Box<str>, HashMap<Box<str>, BadgeArt>> = HashMap::new();
        for (set, version, art) in badges {
            sets.entry(set.into()).or_default().insert(version.into(), art);
        }
        Self { sets }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// The badge `set/version`.
    ///
    /// A `subscriber` badge whose version is missing is the highest lower one of the same tier: versions are months,
    /// plus 2000 in tier 2 and 3000 in tier 3, and a channel draws only some of them.
    pub fn get(&self, set: &str, version: &str) -> Option<&BadgeArt> {
        let versions = self.sets.get(set)?;
        versions.get(version).or_else(|| {
            let wanted: u32 = if set == "subscriber" { version.parse().ok()? } else { return None };
            versions
                .iter()
                .filter_map(|(version, art)| Some((version.parse::<u32>().ok()?, art)))
                .filter(|(months, _)| *months <= wanted && months / 1000 == wanted / 1000)
                .max_by_key(|(months, _)| *months)
                .map(|(_, art)| art)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(badges: &[(&str, &str)]) -> BadgeTable {
        BadgeTable::new(badges.iter().map(|(set, version)| {
            let art = BadgeArt { label: format!("{set} {version}").into(), image_url: "https://b.example/".into() };
            ((*set).to_owned(), (*version).to_owned(), art)
        }))
    }

    #[test]
    fn a_missing_subscriber_badge_is_the_highest_lower_one_of_its_tier() {
        let table = table(&[
            ("subscriber", "0"),
            ("subscriber", "6"),
            ("subscriber", "24"),
            ("subscriber", "2000"),
            ("subscriber", "3012"),
            ("bits", "100"),
        ]);
        let label = |set, version| table.get(set, version).map(|art| &*art.label);
        assert_eq!(label("subscriber", "6"), Some("subscriber 6"));
        assert_eq!(label("subscriber", "18"), Some("subscriber 6"));
        assert_eq!(label("subscriber", "99"), Some("subscriber 24"));
        assert_eq!(label("subscriber", "2024"), Some("subscriber 2000"));
        assert_eq!(label("subscriber", "3006"), None, "a tier 3 badge is never one of tier 2");
        assert_eq!(label("subscriber", "x"), None);
        assert_eq!(label("bits", "200"), None, "only months have a highest lower one");
    }
}
