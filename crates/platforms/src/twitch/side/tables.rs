//! The snapshots that the reading of lines looks into, made from rows.

use std::collections::HashMap;
use std::sync::Arc;

use crate::twitch::catalog::{BadgeArt, BadgeTable, CheerTier, Cheermotes};
use crate::twitch::pictures::{BadgeRow, CheerRow};

/// All tables of all open rooms. Replaced as a whole when one of them changes.
#[derive(Default, Clone)]
pub(super) struct Tables {
    pub(super) global_badges: Arc<BadgeTable>,
    /// For rooms whose own are not known yet.
    pub(super) cheermotes: Arc<Cheermotes>,
    pub(super) rooms: HashMap<Arc<str>, RoomTables>,
}

/// The tables of one room.
#[derive(Default, Clone)]
pub(super) struct RoomTables {
    pub(super) badges: Arc<BadgeTable>,
    /// Global ones and its own.
    pub(super) cheermotes: Arc<Cheermotes>,
}

pub(super) fn badges(rows: Option<&[BadgeRow]>) -> Arc<BadgeTable> {
    let art = |row: &BadgeRow| {
        let image_url = row.image_url.as_deref()?.into();
        Some((row.set.clone(), row.version.clone(), BadgeArt { label: row.title.as_str().into(), image_url }))
    };
    Arc::new(BadgeTable::new(rows.unwrap_or_default().iter().filter_map(art)))
}

/// The cheermotes of a room: the global ones, then its own, which win. Without any list, the built-in ones.
pub(super) fn cheermotes(global: Option<&[CheerRow]>, own: Option<&[CheerRow]>) -> Arc<Cheermotes> {
    let usual = Cheermotes::default();
    let rows: Vec<&CheerRow> = global.unwrap_or_default().iter().chain(own.unwrap_or_default()).collect();
    if rows.is_empty() {
        return Arc::new(usual);
    }
    Arc::new(Cheermotes::new(rows.into_iter().map(|row| {
        let prefix = row.prefix.to_lowercase();
        let tier = |&min_bits: &u32| CheerTier {
            min_bits,
            color: usual.color(min_bits).into(),
            url: Some(image(&row.template, &prefix, min_bits).into()),
        };
        (row.prefix.clone(), row.tiers.iter().map(tier).collect())
    })))
}

/// The picture of a tier: animated, on dark, 56 px.
fn image(template: &str, prefix: &str, tier: u32) -> String {
    let tier = tier.to_string();
    let words = [
        ("PREFIX", prefix),
        ("BACKGROUND", "dark"),
        ("ANIMATION", "animated"),
        ("TIER", tier.as_str()),
        ("SCALE", "2"),
        ("EXTENSION", "gif"),
    ];
    words.iter().fold(template.to_owned(), |url, (word, value)| url.replace(word, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(prefix: &str, template: &str) -> CheerRow {
        CheerRow { prefix: prefix.into(), tiers: vec![1, 100], template: template.into() }
    }

    #[test]
    fn a_template_becomes_the_picture_of_a_tier() {
        let global = [row("Cheer", "https://c.example/PREFIX/BACKGROUND/ANIMATION/TIER/SCALE.EXTENSION")];
        let cheermotes = cheermotes(Some(&global), None);
        let (bits, tier) = cheermotes.read("Cheer150").unwrap();
        assert_eq!((bits, &*tier.color), (150, "#9c3ee8"));
        assert_eq!(tier.url.as_deref(), Some("https://c.example/cheer/dark/animated/100/2.gif"));
    }

    #[test]
    fn a_rooms_own_cheermote_wins() {
        let both =
            cheermotes(Some(&[row("Cheer", "https://g.example/")]), Some(&[row("cheer", "https://own.example/")]));
        assert_eq!(both.read("cheer1").unwrap().1.url.as_deref(), Some("https://own.example/"));
        assert!(cheermotes(None, None).read("Cheer1").is_some(), "the built-in ones");
    }
}
