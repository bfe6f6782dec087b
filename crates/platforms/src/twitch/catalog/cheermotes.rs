//! Words that cheer: `Cheer100`.

use std::collections::HashMap;
use std::sync::Arc;

/// Prefixes that every channel knew when this was written. From memory: the list that Twitch gives replaces it.
const USUAL_PREFIXES: &[&str] = &[
    "4head",
    "anon",
    "bday",
    "bitboss",
    "charity",
    "cheer",
    "corgo",
    "failfish",
    "frankerz",
    "goal",
    "heyguys",
    "holidaycheer",
    "kappa",
    "kreygasm",
    "mrdestructoid",
    "muxy",
    "notlikethis",
    "party",
    "pjsalt",
    "pride",
    "ripcheer",
    "seemsgood",
    "shamrock",
    "showlove",
    "streamlabs",
    "swiftrage",
    "trihard",
    "uni",
    "vohiyo",
];

/// The smallest amount of each tier and its colour, as Twitch draws them.
const USUAL_TIERS: &[(u32, &str)] =
    &[(1, "#979797"), (100, "#9c3ee8"), (1000, "#1db2a5"), (5000, "#0099fe"), (10_000, "#f43021")];

/// How an amount of one cheermote looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheerTier {
    /// The smallest amount that looks like this.
    pub min_bits: u32,
    /// `#rrggbb`.
    pub color: Arc<str>,
    /// Its picture (https), or none.
    pub url: Option<Arc<str>>,
}

/// The cheermotes of a channel: global ones and its own.
#[derive(Debug, Clone)]
pub struct Cheermotes {
    /// Lower-case prefix to its tiers, lowest first.
    prefixes: HashMap<Box<str>, Arc<[CheerTier]>>,
    /// The longest prefix in bytes: longer words need no look-up.
    longest: usize,
}

impl Cheermotes {
    /// The cheermotes `(prefix, tiers)`; prefixes in any case, tiers in any order, the last of equal prefixes counts.
    pub fn new(cheermotes: impl IntoIterator<Item = (String, Vec<CheerTier>)>) -> Self {
        let prefixes: HashMap<Box<str>, Arc<[CheerTier]>> = cheermotes
            .into_iter()
            .map(|(prefix, mut tiers)| {
                tiers.sort_by_key(|tier| tier.min_bits);
                (prefix.to_lowercase().into(), tiers.into())
            })
            .collect();
        let longest = prefixes.keys().map(|prefix| prefix.len()).max().unwrap_or(0);
        Self { prefixes, longest }
    }

    /// What `word` cheers: its amount and how that looks. Only a whole word of a known prefix and a number cheers.
    pub fn read<'a>(&'a self, word: &str) -> Option<(u32, &'a CheerTier)> {
        let prefix = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &word[prefix.len()..];
        if prefix.is_empty() || prefix.len() > self.longest || digits.is_empty() || digits.starts_with('0') {
            return None;
        }
        let bits = digits.parse().ok()?;
        let tiers = self.prefixes.get(prefix.to_lowercase().as_str())?;
        Some((bits, tier_of(tiers, bits)?))
    }

    /// The colour of an amount that no cheermote in the text explains.
    pub fn color(&self, bits: u32) -> &str {
        let tiers = self.prefixes.get("cheer").and_then(|tiers| tier_of(tiers, bits));
        tiers.map_or_else(|| usual_color(bits), |tier| &tier.color)
    }
}

fn tier_of(tiers: &[CheerTier], bits: u32) -> Option<&CheerTier> {
    tiers.iter().rev().find(|tier| tier.min_bits <= bits)
}

fn usual_color(bits: u32) -> &'static str {
    USUAL_TIERS.iter().rev().find(|(min, _)| *min <= bits).map_or(USUAL_TIERS[0].1, |(_, color)| color)
}

/// The usual prefixes without pictures, for as long as Twitch's own list is not known.
impl Default for Cheermotes {
    fn default() -> Self {
        let tiers: Vec<CheerTier> = USUAL_TIERS
            .iter()
            .map(|&(min_bits, color)| CheerTier { min_bits, color: color.into(), url: None })
            .collect();
        Self::new(USUAL_PREFIXES.iter().map(|prefix| ((*prefix).to_owned(), tiers.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_cheers_when_it_is_a_known_prefix_and_a_number() {
        let cheermotes = Cheermotes::default();
        let read = |word| cheermotes.read(word).map(|(bits, tier)| (bits, &*tier.color));
        assert_eq!(read("Cheer1"), Some((1, "#979797")));
        assert_eq!(read("cHeEr999"), Some((999, "#9c3ee8")));
        assert_eq!(read("uni100000"), Some((100_000, "#f43021")));
        assert_eq!(read("4Head5"), Some((5, "#979797")));
        for word in ["Cheer", "Cheer0", "Cheer01", "100", "Cheer1!", "xCheer1", "Nobody5", "Cheer99999999999", "é1", ""]
        {
            assert_eq!(read(word), None, "{word}");
        }
    }

    #[test]
    fn a_channels_own_cheermote_has_its_own_tiers() {
        let tier = |min_bits, url: &str| CheerTier { min_bits, color: "#123456".into(), url: Some(url.into()) };
        let cheermotes = Cheermotes::new([("MyCheer".to_owned(), vec![tier(100, "b"), tier(10, "a")])]);
        assert_eq!(cheermotes.read("mycheer99").and_then(|(_, tier)| tier.url.as_deref()), Some("a"));
        assert_eq!(cheermotes.read("mycheer100").and_then(|(_, tier)| tier.url.as_deref()), Some("b"));
        assert_eq!(cheermotes.read("mycheer9"), None, "below its smallest tier");
        assert_eq!(cheermotes.color(5000), "#0099fe", "amounts have a colour even when Cheer is not in the list");
    }
}
