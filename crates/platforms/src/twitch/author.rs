//! Who wrote a line.

use std::sync::Arc;

use polychat_model::{Author, Badge, BadgeType, Person, Roles, SourceChannel};

use super::Room;
use super::catalog::{BadgeArt, Profile};
use super::irc::unescape;
use super::tags::Tags;

/// How many badges are read: Twitch shows a handful. Chosen by hand.
const MAX_BADGES: usize = 32;

/// The author of a line. `login` comes from the prefix or the `login` tag, never from the display name.
pub(super) fn author(tags: &Tags<'_>, login: &str, room: &Room<'_>) -> Author {
    Author {
        id: tags.user_id.to_owned(),
        username: login.to_owned(),
        display_name: name(tags.display_name, login),
        avatar_url: room.lookups.people.avatar(tags.user_id),
        color: color(tags.color),
        roles: roles(tags),
        badges: badges(tags, room),
    }
}

/// The name to show: old accounts have trailing spaces in it, some have none.
pub(super) fn name(raw: &str, login: &str) -> String {
    let name = unescape(raw);
    let name = name.trim();
    if name.is_empty() { login } else { name }.to_owned()
}

/// Somebody named in a line, with what is remembered about them.
pub(super) fn person(id: &str, login: &str, display_name: &str, room: &Room<'_>) -> Person {
    Person {
        id: id.to_owned(),
        username: login.to_owned(),
        display_name: name(display_name, login),
        avatar_url: room.lookups.people.avatar(id),
    }
}

/// The other channel of a shared chat, when the line was written there.
pub(super) fn source_channel(tags: &Tags<'_>, room: &Room<'_>) -> Option<SourceChannel> {
    tags.is_mirrored().then(|| {
        let Profile { login, display_name, avatar_url } =
            room.lookups.people.get(tags.source_room_id).unwrap_or_default();
        let known = |name: Arc<str>| (!name.is_empty()).then(|| name.to_string());
        SourceChannel {
            id: tags.source_room_id.to_owned(),
            username: known(login),
            display_name: known(display_name),
            avatar_url,
            message_id: (!tags.source_id.is_empty()).then(|| tags.source_id.to_owned()),
        }
    })
}

/// `#` and six hex digits, or nothing: everything else is no colour.
fn color(raw: &str) -> Option<String> {
    let hex = raw.strip_prefix('#')?;
    (hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit())).then(|| raw.to_owned())
}

/// Roles in this room: of the badges that the author has here, also when the line comes from another one.
fn roles(tags: &Tags<'_>) -> Roles {
    let mut roles = Roles {
        broadcaster: !tags.user_id.is_empty() && tags.user_id == tags.room_id,
        moderator: tags.moderator == "1",
        subscriber: tags.subscriber == "1",
        verified: false,
    };
    for (set, _) in pairs(tags.badges) {
        match set {
            "broadcaster" => roles.broadcaster = true,
            "moderator" | "lead_moderator" => roles.moderator = true,
            "subscriber" | "founder" => roles.subscriber = true,
            "partner" => roles.verified = true,
            _ => {}
        }
    }
    roles
}

/// The badges to show. In a shared chat those of the channel where the author wrote; their pictures are not this
/// channel's.
fn badges(tags: &Tags<'_>, room: &Room<'_>) -> Vec<Badge> {
    let mirrored = tags.is_mirrored();
    let shown = if mirrored && !tags.source_badges.is_empty() { tags.source_badges } else { tags.badges };
    pairs(shown)
        .map(|(set, version)| {
            let art =
                if mirrored { room.lookups.global_badges.get(set, version) } else { room.lookups.badge(set, version) };
            let kind = match set {
                "subscriber" => BadgeType::Subscriber,
                "moderator" | "lead_moderator" => BadgeType::Moderator,
                "partner" => BadgeType::Verified,
                _ => BadgeType::Custom,
            };
            match art {
                Some(BadgeArt { label, image_url }) => {
                    Badge { kind, label: Arc::clone(label), image_url: Some(Arc::clone(image_url)), months: None }
                }
                None => Badge { kind, label: set.into(), image_url: None, months: None },
            }
        })
        .collect()
}

/// `set/version,set/version`; what has no version is none.
fn pairs(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    raw.split(',').filter_map(|badge| badge.split_once('/')).filter(|(set, _)| !set.is_empty()).take(MAX_BADGES)
}
