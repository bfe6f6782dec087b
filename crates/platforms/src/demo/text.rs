//! From a written line to a message: words that change from time to time, emotes, cheers, mentions, links.

use polychat_model::{CheerMetadata, Content, ContentBuilder, Element, EmoteMetadata, LinkMetadata, MentionMetadata};

use super::dice::Dice;

/// What is painted, one after the other.
pub(super) const SUBJECTS: &[&str] =
    &["fox", "lighthouse", "sleepy dragon", "teapot", "snail in a raincoat", "moon garden", "very proud pigeon"];

const COLORS: &[&str] = &["teal", "ochre", "mauve", "cobalt", "vermilion", "sap green", "burnt sienna"];
const SNACKS: &[&str] = &["noodles", "popcorn", "mango slices", "cinnamon toast", "rice crackers", "grapes"];
const PLACES: &[&str] = &["Lisbon", "Osaka", "Bandung", "Oslo", "Montevideo", "Chiang Mai", "Cardiff"];

/// What the `{words}` of a scene stand for: the same through the whole scene, so that answers fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    color: &'static str,
    snack: &'static str,
    place: &'static str,
    number: u64,
}

impl Words {
    pub(super) fn choose(dice: &mut Dice) -> Self {
        Self {
            color: dice.pick(COLORS),
            snack: dice.pick(SNACKS),
            place: dice.pick(PLACES),
            number: 2 + dice.below(38),
        }
    }

    /// `line` with its `{words}` put in.
    pub(super) fn fill(self, line: &str, subject: &str) -> String {
        if !line.contains('{') {
            return line.to_owned();
        }
        line.replace("{subject}", subject)
            .replace("{color}", self.color)
            .replace("{snack}", self.snack)
            .replace("{place}", self.place)
            .replace("{n}", &self.number.to_string())
    }
}

/// The content of `raw`. `emotes` are words and their pictures; words such as `Cheer100` count if `cheers`.
pub(super) fn content(raw: &str, emotes: &[(&str, &str)], cheers: bool) -> Content {
    let mut builder = ContentBuilder::new(raw);
    let mut start = 0;
    for word in raw.split(' ') {
        let range = start..start + word.len();
        start = range.end + 1;
        let bits = word.strip_prefix("Cheer").filter(|_| cheers).and_then(|bits| bits.parse::<u32>().ok());
        if let Some((_, url)) = emotes.iter().find(|(name, _)| *name == word) {
            builder.element(range, |value, position| {
                let metadata = EmoteMetadata { url: (*url).into(), alt: value.clone(), is_custom: false, style: None };
                Element::Emote { value, position, metadata }
            });
        } else if let Some(bits) = bits {
            builder.element(range, |value, position| {
                let metadata =
                    CheerMetadata { url: None, alt: value.clone(), bits, color: cheer_color(bits).to_owned() };
                Element::Cheer { value, position, metadata }
            });
        } else if word.starts_with("https://") {
            builder.element(range, |value, position| {
                let metadata = LinkMetadata { url: value.clone() };
                Element::Link { value, position, metadata }
            });
        } else if let Some(name) = word.strip_prefix('@') {
            let end = name.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).unwrap_or(name.len());
            if end > 0 {
                builder.element(range.start..range.start + 1 + end, |value, position| {
                    let metadata = MentionMetadata { username: value[1..].to_owned() };
                    Element::Mention { value, position, metadata }
                });
            }
        }
    }
    builder.finish()
}

/// The colour of so many bits, as Twitch draws them.
pub(super) fn cheer_color(bits: u32) -> &'static str {
    match bits {
        0..100 => "#979797",
        100..1_000 => "#9c3ee8",
        1_000..5_000 => "#1db2a5",
        _ => "#0099fe",
    }
}
