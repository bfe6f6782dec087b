//! The parts that answers and pages have in common, and what follows from them.

use polychat_model::wire::Owner;
use serde::Deserialize;

use super::{Found, NoRoom};
use crate::lenient::{Num, Obj, Str};
use crate::tiktok::identifier::is_name;

/// A room that runs (`status`). 4 is an ended one; the others are nothing to read either.
pub(super) const LIVE: u64 = 2;

/// Longest name, title and address that are kept, in bytes. Those recorded in 2025 have up to 40, 150 and 300.
const NAME_MAX_BYTES: usize = 200;
const TITLE_MAX_BYTES: usize = 1_000;
const ADDRESS_MAX_BYTES: usize = 2_000;

/// A time in seconds after which it cannot be one: the year 5138.
const SECONDS_MAX: u64 = 100_000_000_000;

const SUBSCRIBERS: &str = "This TikTok LIVE is for subscribers only: Polychat may not get all of its chat.";
const PAID: &str = "This TikTok LIVE costs an entry: Polychat may not get all of its chat.";

/// A channel, as the page and the interface behind it have it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct User<'a> {
    pub(super) id: Num,
    #[serde(borrow)]
    pub(super) unique_id: Str<'a>,
    #[serde(borrow)]
    pub(super) nickname: Str<'a>,
    pub(super) room_id: Num,
    pub(super) status: Num,
    #[serde(borrow)]
    pub(super) avatar_thumb: Str<'a>,
    #[serde(borrow)]
    pub(super) avatar_medium: Str<'a>,
    #[serde(borrow)]
    pub(super) avatar_larger: Str<'a>,
}

/// A broadcast beside its [`User`].
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct LiveRoom<'a> {
    #[serde(borrow)]
    pub(super) title: Str<'a>,
    pub(super) status: Num,
    pub(super) start_time: Num,
    #[serde(rename = "liveRoomStats")]
    pub(super) stats: Obj<Stats>,
    pub(super) live_sub_only: Num,
    pub(super) paid_event: Obj<PaidEvent>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Stats {
    pub(super) user_count: Num,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PaidEvent {
    pub(super) paid_type: Num,
}

/// The broadcast of `user`, who was asked for as `asked`.
pub(super) fn room(user: &User<'_>, room: &LiveRoom<'_>, asked: &str) -> Result<Found, NoRoom> {
    let mut found = channel(user, asked)?;
    // The number of the room often stays when the broadcast is over.
    if room.status.0.or(user.status.0) != Some(LIVE) {
        return Err(NoRoom::Offline);
    }
    found.live = true;
    found.title = text(&room.title, TITLE_MAX_BYTES);
    found.viewers = room.stats.user_count.0;
    found.started_at_ms = from_seconds(room.start_time);
    found.warning = match (room.live_sub_only.0, room.paid_event.paid_type.0) {
        (Some(1..), _) => Some(SUBSCRIBERS),
        (_, Some(1..)) => Some(PAID),
        _ => None,
    };
    Ok(found)
}

/// The channel, and its room without saying whether that is open.
pub(super) fn channel(user: &User<'_>, asked: &str) -> Result<Found, NoRoom> {
    is_asked_for(&user.unique_id, asked)?;
    let Some(room_id) = user.room_id.0.filter(|id| *id != 0) else { return Err(NoRoom::Offline) };
    Ok(Found {
        room_id,
        user_id: id(user.id),
        username: user.unique_id.to_string(),
        display_name: text(&user.nickname, NAME_MAX_BYTES),
        avatar: avatar(user),
        ..Found::default()
    })
}

/// Who `user` is, if that is who was asked for.
pub(super) fn owner(user: &User<'_>, asked: &str) -> Option<Owner> {
    is_asked_for(&user.unique_id, asked).ok()?;
    Some(Owner {
        display_name: text(&user.nickname, NAME_MAX_BYTES).map(Into::into),
        avatar_url: avatar(user).map(Into::into),
    })
}

fn avatar(user: &User<'_>) -> Option<String> {
    let avatars = [&user.avatar_medium, &user.avatar_thumb, &user.avatar_larger];
    avatars.into_iter().find_map(|address| picture(address))
}

/// Fails when an answer is about somebody else. One that names nobody is nothing to rely on.
pub(super) fn is_asked_for(unique_id: &str, asked: &str) -> Result<(), NoRoom> {
    if unique_id.eq_ignore_ascii_case(asked) {
        Ok(())
    } else if is_name(unique_id) {
        Err(NoRoom::Renamed(unique_id.to_owned()))
    } else {
        Err(NoRoom::Unreadable)
    }
}

pub(super) fn id(number: Num) -> Option<String> {
    number.0.filter(|id| *id != 0).map(|id| id.to_string())
}

pub(super) fn name(value: &str) -> Option<String> {
    text(value, NAME_MAX_BYTES)
}

pub(super) fn title(value: &str) -> Option<String> {
    text(value, TITLE_MAX_BYTES)
}

fn text(value: &str, max_bytes: usize) -> Option<String> {
    let value = value.trim();
    let mut end = value.len().min(max_bytes);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| value[..end].to_owned())
}

/// An address that is safe to hand to a browser.
pub(super) fn picture(address: &str) -> Option<String> {
    let fits = address.starts_with("https://") && address.len() <= ADDRESS_MAX_BYTES;
    (fits && !address.contains(|c: char| c.is_control() || c.is_whitespace())).then(|| address.to_owned())
}

pub(super) fn from_seconds(seconds: Num) -> Option<i64> {
    let seconds = seconds.0.filter(|seconds| (1..SECONDS_MAX).contains(seconds))?;
    Some(seconds.cast_signed() * 1_000)
}
