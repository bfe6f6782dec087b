//! Who wrote an item: names, roles, badges.

use polychat_model::{Author, Badge, BadgeType, Person, Roles};
use serde::Deserialize;

use super::answer::cut;
use super::lenient::{List, Obj, Str};
use super::pictures::{Image, Pictures};
use super::text::{Text, first_number};

/// Longest name that is taken over, in bytes. Handles have up to 30 characters, old names up to 100.
const NAME_MAX_BYTES: usize = 400;
/// How many badges an author has at most: YouTube has four kinds.
const BADGES_MAX: usize = 8;

/// One entry of `authorBadges`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BadgeShape<'a> {
    #[serde(borrow)]
    pub(super) live_chat_author_badge_renderer: Obj<BadgeRenderer<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BadgeRenderer<'a> {
    #[serde(borrow)]
    pub(super) tooltip: Str<'a>,
    pub(super) custom_thumbnail: Obj<Image<'a>>,
    pub(super) icon: Obj<Icon<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Icon<'a> {
    #[serde(borrow)]
    pub(super) icon_type: Str<'a>,
}

/// The fields that say who it is, wherever an item has them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Who<'s, 'a> {
    pub(super) id: &'s str,
    pub(super) name: &'s Text<'a>,
    pub(super) photo: &'s Pictures<'a>,
    pub(super) badges: &'s List<Obj<BadgeShape<'a>>>,
}

/// The author in our words. `rank` is a place on the leaderboard, such as `#3`.
pub(super) fn author(who: Who<'_, '_>, rank: Option<&str>) -> Author {
    let name = name(who);
    let mut roles = Roles::default();
    let mut badges: Vec<Badge> =
        who.badges.iter().take(BADGES_MAX).filter_map(|badge| self::badge(badge, &mut roles)).collect();
    if let Some(rank) = rank.filter(|rank| rank.len() <= 16) {
        badges.push(Badge { kind: BadgeType::Custom, label: rank.into(), image_url: None, months: None });
    }
    Author {
        id: id(who.id),
        username: name.clone(),
        display_name: name,
        avatar_url: who.photo.largest(),
        color: None,
        roles,
        badges,
    }
}

/// The same, as far as it is told of somebody who only receives.
pub(super) fn person(who: Who<'_, '_>) -> Person {
    let name = name(who);
    Person { id: id(who.id), username: name.clone(), display_name: name, avatar_url: who.photo.largest() }
}

/// Somebody of whom only the name is told.
pub(super) fn named(name: &str) -> Person {
    let name = bare(name).to_owned();
    Person { username: name.clone(), display_name: name, ..Person::default() }
}

/// A handle without its `@` and without white space around it.
pub(super) fn bare(name: &str) -> &str {
    let name = name.trim();
    cut(name.strip_prefix('@').unwrap_or(name), NAME_MAX_BYTES)
}

/// The name is missing now and then: the channel's id stands for it.
fn name(who: Who<'_, '_>) -> String {
    let name = who.name.plain();
    match bare(&name) {
        "" if who.id.is_empty() => "Unknown".to_owned(),
        "" => id(who.id),
        name => name.to_owned(),
    }
}

fn id(id: &str) -> String {
    cut(id, NAME_MAX_BYTES).to_owned()
}

fn badge(badge: &BadgeShape<'_>, roles: &mut Roles) -> Option<Badge> {
    let badge = &badge.live_chat_author_badge_renderer;
    let picture = badge.custom_thumbnail.thumbnails.largest();
    let label = cut(&badge.tooltip, NAME_MAX_BYTES);
    let (kind, fallback) = match &*badge.icon.icon_type {
        "OWNER" => (BadgeType::Custom, "Owner"),
        "MODERATOR" => (BadgeType::Moderator, "Moderator"),
        "VERIFIED" => (BadgeType::Verified, "Verified"),
        _ if !badge.custom_thumbnail.thumbnails.is_empty() => (BadgeType::Subscriber, "Member"),
        _ if label.is_empty() => return None,
        _ => (BadgeType::Custom, label),
    };
    match kind {
        BadgeType::Subscriber => roles.subscriber = true,
        BadgeType::Moderator => roles.moderator = true,
        BadgeType::Verified => roles.verified = true,
        BadgeType::Custom => roles.broadcaster |= &*badge.icon.icon_type == "OWNER",
    }
    let months = if kind == BadgeType::Subscriber { tenure(label) } else { None };
    let label = if label.is_empty() { fallback } else { label };
    Some(Badge { kind, label: label.into(), image_url: picture, months })
}

/// `Member (6 months)`, `Member (1 year)`, `New member`.
fn tenure(label: &str) -> Option<u32> {
    if label == "New member" {
        return Some(0);
    }
    let number = u32::try_from(first_number(label)?).ok()?;
    if label.contains("year") { number.checked_mul(12) } else { Some(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, badges: &str) -> Author {
        let name: Text<'_> = serde_json::from_str(name).unwrap();
        let badges: List<Obj<BadgeShape<'_>>> = serde_json::from_str(badges).unwrap();
        let photo = Pictures::default();
        author(Who { id: "UCx", name: &name, photo: &photo, badges: &badges }, None)
    }

    fn member(tooltip: &str) -> String {
        format!(
            r#"[{{"liveChatAuthorBadgeRenderer":{{"tooltip":"{tooltip}","customThumbnail":{{"thumbnails":[
            {{"url":"https://b.example/16","width":16}},{{"url":"https://b.example/32","width":32}}]}}}}}}]"#
        )
    }

    #[test]
    fn names_lose_their_at_sign_and_are_never_empty() {
        assert_eq!(read(r#"{"simpleText":"@ann-1"}"#, "[]").username, "ann-1");
        assert_eq!(read(r#"{"content":"@ann "}"#, "[]").display_name, "ann");
        assert_eq!(read("{}", "[]").display_name, "UCx");
    }

    #[test]
    fn tenure_is_told_in_months() {
        for (tooltip, months) in [
            ("New member", Some(0)),
            ("Member (1 month)", Some(1)),
            ("Member (6 months)", Some(6)),
            ("Member (1 year)", Some(12)),
            ("Member (3 years)", Some(36)),
            ("Mitglied", None),
        ] {
            let author = read("{}", &member(tooltip));
            assert_eq!(author.badges[0].months, months, "{tooltip}");
            assert!(author.roles.subscriber);
            assert_eq!(author.badges[0].image_url.as_deref(), Some("https://b.example/32"));
        }
    }

    #[test]
    fn several_roles_may_be_held_at_once() {
        let icon = |kind: &str| format!(r#"{{"liveChatAuthorBadgeRenderer":{{"icon":{{"iconType":"{kind}"}}}}}}"#);
        let badges = format!("[{},{},{}]", icon("OWNER"), icon("MODERATOR"), icon("VERIFIED"));
        let author = read("{}", &badges);
        let roles = author.roles;
        assert!(roles.broadcaster && roles.moderator && roles.verified && !roles.subscriber);
        let labels: Vec<&str> = author.badges.iter().map(|badge| &*badge.label).collect();
        assert_eq!(labels, ["Owner", "Moderator", "Verified"]);
        assert_eq!(read("{}", &format!("[{}]", icon("OTHER"))).badges, []);
    }
}
