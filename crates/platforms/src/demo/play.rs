//! What a demo is written in: plays, lines, and ways to say a line.

use polychat_model::{Metadata, MetadataType, MonetaryData, Money, Sticker};

use super::cast::Member;
use super::script::Script;
use super::text;
use super::tiers::Tier;

/// Everything that is particular to the demo of one platform.
pub(super) struct Play {
    pub(super) cast: &'static [Member],
    pub(super) opening: fn(&mut Script),
    /// Little conversations.
    pub(super) scenes: &'static [&'static [Line]],
    /// What else happens; one after each scene.
    pub(super) happenings: &'static [fn(&mut Script)],
    /// What may be said at any time.
    pub(super) crowd: &'static [Line],
    /// Words that are pictures, and the pictures.
    pub(super) emotes: &'static [(&'static str, &'static str)],
    /// How many watch at first.
    pub(super) viewers: u64,
}

/// In [`Play::crowd`]: whoever of the audience likes to.
pub(super) const ANYBODY: &str = "";

/// One line of a conversation.
pub(super) struct Line {
    pub(super) who: &'static str,
    pub(super) how: How,
    pub(super) text: &'static str,
}

/// In which way it is said.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Says,
    /// With `/me`.
    Acts,
    /// The first message ever.
    First,
    /// After a long time.
    Returns,
    /// As an answer to the latest message of somebody.
    Answers(&'static str),
    Highlighted,
    /// So many bits.
    Cheers(u32),
    /// As written, in millionths, of a currency, in a tier of YouTube's.
    Pays(&'static str, i64, &'static str, Tier),
    /// The same with a sticker: its picture, and what it shows.
    Sticks(&'static str, i64, &'static str, Tier, (&'static str, &'static str)),
}

/// `who` says `text`.
pub(super) const fn say(who: &'static str, text: &'static str) -> Line {
    Line { who, how: How::Says, text }
}

/// `who` says `text` in a way.
pub(super) const fn how(who: &'static str, how: How, text: &'static str) -> Line {
    Line { who, how, text }
}

impl How {
    /// The money that comes with it.
    pub(super) fn metadata(self) -> Metadata {
        let monetary_data = match self {
            Self::Cheers(bits) => Some(MonetaryData {
                amount: bits.to_string(),
                formatted: format!("{bits} bits"),
                color: text::cheer_color(bits).to_owned(),
                money: None,
                bits: Some(bits),
                tier: None,
                colors: None,
            }),
            Self::Pays(amount, micros, currency, tier) | Self::Sticks(amount, micros, currency, tier, _) => {
                Some(MonetaryData {
                    amount: amount.to_owned(),
                    formatted: amount.to_owned(),
                    color: tier.body.to_owned(),
                    money: Some(Money { micros, currency: currency.to_owned() }),
                    bits: None,
                    tier: Some(tier.number),
                    colors: Some(tier.colors()),
                })
            }
            _ => None,
        };
        let sticker = match self {
            Self::Sticks(.., (url, alt)) => Some(Sticker { url: url.into(), alt: alt.to_owned() }),
            _ => None,
        };
        let kind = if monetary_data.is_some() { MetadataType::SuperChat } else { MetadataType::Chat };
        Metadata { kind, monetary_data, sticker }
    }
}
