//! Who wrote or did something: names, roles, badges.

use std::sync::Arc;

use polychat_model::{Author, Badge, BadgeType, Person, Roles};

use super::Desk;
use super::pictures::picture;
use crate::tiktok::frame::text;
use crate::tiktok::proto::{self, User, UserIdentity};

/// Longest name that is taken over, in bytes. Handles have 24 characters, names 30.
const NAME_MAX_BYTES: usize = 400;
/// How many badges an author has at most. Six scenes were seen at once (2023).
const BADGES_MAX: usize = 12;
/// How many badges of a message are looked at: each scene comes twice.
const BADGES_READ_MAX: usize = 48;
/// The shape of badges that is kept if a scene comes in several.
const COMBINED: i32 = 4;

/// What a badge is for. Numbers as recorded in 2023.
mod scene {
    pub(super) const MODERATOR: i32 = 1;
    pub(super) const NEW_GIFTER: i32 = 2;
    pub(super) const FRIEND: i32 = 3;
    pub(super) const SUBSCRIBER: i32 = 4;
    pub(super) const TOP_GIFTER: i32 = 6;
    pub(super) const NEW_SUBSCRIBER: i32 = 7;
    pub(super) const GIFTER_LEVEL: i32 = 8;
    pub(super) const FAN_CLUB: i32 = 10;
}

impl Desk {
    /// The author in our words. Chats say what the author is to the streamer; elsewhere the badges tell.
    pub(super) fn author(&self, user: Option<&User>, identity: Option<&UserIdentity>) -> Author {
        let Some(user) = user else {
            return Author { display_name: "Somebody".to_owned(), ..Author::default() };
        };
        let Person { id, username, display_name, avatar_url } = person(user);
        let has = |wanted: i32| user.badges.iter().take(BADGES_READ_MAX).any(|badge| badge.scene_type == wanted);
        let is_subscriber = || user.is_subscribe || has(scene::SUBSCRIBER) || has(scene::NEW_SUBSCRIBER);
        let is_moderator = || user.attr.as_ref().is_some_and(|attr| attr.is_admin) || has(scene::MODERATOR);
        let roles = Roles {
            broadcaster: identity.is_some_and(|identity| identity.is_anchor) || self.is_host(user),
            moderator: identity.map_or_else(is_moderator, |identity| identity.is_moderator),
            subscriber: identity.map_or_else(is_subscriber, |identity| identity.is_subscriber),
            verified: user.verified,
        };
        Author { id, username, display_name, avatar_url, color: None, roles, badges: badges(user) }
    }

    pub(super) fn is_host(&self, user: &User) -> bool {
        match self.host_id {
            Some(id) if user.id != 0 => user.id == id,
            _ => !user.unique_id.is_empty() && user.unique_id.eq_ignore_ascii_case(self.host.username.as_bytes()),
        }
    }
}

/// The same, as far as it is told of somebody who only receives.
pub(super) fn person(user: &User) -> Person {
    let id = match user.id {
        0 => name(&user.id_str),
        id => id.to_string(),
    };
    let [username, display_name] = [name(&user.unique_id), name(&user.nickname)];
    let (username, display_name) = match (username.is_empty(), display_name.is_empty()) {
        (false, false) => (username, display_name),
        (false, true) => (username.clone(), username),
        (true, false) => (display_name.clone(), display_name),
        (true, true) => (id.clone(), if id.is_empty() { "Somebody".to_owned() } else { id.clone() }),
    };
    Person { id, username, display_name, avatar_url: picture(user.avatar_thumb.as_ref()) }
}

/// A name without white space around it.
pub(super) fn name(bytes: &[u8]) -> String {
    text(&bytes[..bytes.len().min(NAME_MAX_BYTES)]).trim().to_owned()
}

/// One badge for each scene, in the order in which TikTok shows them.
fn badges(user: &User) -> Vec<Badge> {
    let mut kept: Vec<&proto::Badge> = Vec::new();
    for badge in user.badges.iter().take(BADGES_READ_MAX) {
        if let Some(other) = kept.iter_mut().find(|other| other.scene_type == badge.scene_type) {
            if other.display_type != COMBINED && badge.display_type == COMBINED {
                *other = badge;
            }
        } else if kept.len() < BADGES_MAX {
            kept.push(badge);
        }
    }
    let mut badges: Vec<Badge> = kept.into_iter().map(badge).collect();
    if user.verified {
        badges.push(Badge { kind: BadgeType::Verified, label: "Verified".into(), image_url: None, months: None });
    }
    badges
}

fn badge(badge: &proto::Badge) -> Badge {
    let kind = match badge.scene_type {
        scene::MODERATOR => BadgeType::Moderator,
        scene::SUBSCRIBER | scene::NEW_SUBSCRIBER => BadgeType::Subscriber,
        _ => BadgeType::Custom,
    };
    let icon = badge.combine.as_ref().and_then(|combine| picture(combine.icon.as_ref()));
    let image_url = icon.or_else(|| picture(badge.image.as_ref()?.image.as_ref()));
    Badge { kind, label: label(badge), image_url, months: None }
}

/// What a badge says. Levels are decimal digits; the badge itself shows its number beside the picture.
fn label(badge: &proto::Badge) -> Arc<str> {
    let level = badge.log.as_ref().map_or(&[][..], |log| &log.level);
    let level =
        if level.iter().all(u8::is_ascii_digit) && (1..=4).contains(&level.len()) { text(level) } else { "0".into() };
    match (badge.scene_type, &*level) {
        (scene::MODERATOR, _) => "Moderator".into(),
        (scene::NEW_GIFTER, _) => "New gifter".into(),
        (scene::FRIEND, _) => "Friend".into(),
        (scene::SUBSCRIBER | scene::NEW_SUBSCRIBER, _) => "Subscriber".into(),
        (scene::TOP_GIFTER, "0") => "Top gifter".into(),
        (scene::TOP_GIFTER, rank) => format!("Top gifter {rank}").into(),
        (scene::GIFTER_LEVEL, "0") => "Gifter".into(),
        (scene::GIFTER_LEVEL, level) => format!("Gifter level {level}").into(),
        (scene::FAN_CLUB, "0") => "Fan club".into(),
        (scene::FAN_CLUB, level) => format!("Fan club level {level}").into(),
        _ => match badge.combine.as_ref().map(|combine| name(&combine.str)) {
            Some(words) if !words.is_empty() => words.into(),
            _ => "Badge".into(),
        },
    }
}
