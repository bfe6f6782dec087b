//! What is known of a room by its id: whether it is open, and what it is about.

use serde::Deserialize;

use super::shape::{LIVE, from_seconds, id, name, picture, title};
use super::{Found, NoRoom, wall};
use crate::lenient::{Known, List, Maybe, Num, Obj, Str};
use crate::tiktok::identifier::is_name;

/// Codes of `room/info`, as clients have read them.
const AGE_RESTRICTED: u64 = 4_003_110;
const LOGIN_NEEDED: u64 = 20_003;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CheckAlive {
    data: List<Obj<Entry>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    alive: Known,
    room_id: Num,
    room_id_str: Num,
}

/// Whether `check_alive` says that this room is open.
///
/// # Errors
/// Why it does not say so: none of them is about the room.
pub fn alive(body: &[u8], room_id: u64) -> Result<bool, NoRoom> {
    let answer: Obj<CheckAlive> = wall::json(body)?;
    let named = |entry: &Entry| entry.room_id_str.0.or(entry.room_id.0);
    let entries = || answer.data.iter();
    let entry = entries().find(|entry| named(entry) == Some(room_id));
    // One room was asked about: an answer that names none is about it.
    let entry = entry.or_else(|| entries().next().filter(|only| entries().len() == 1 && named(only).is_none()));
    entry.and_then(|entry| entry.alive.0).ok_or(NoRoom::Unreadable)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Info<'a> {
    status_code: Num,
    #[serde(borrow)]
    data: Maybe<Data<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    id_str: Num,
    status: Num,
    #[serde(borrow)]
    title: Str<'a>,
    create_time: Num,
    user_count: Num,
    #[serde(borrow)]
    owner: Obj<Owner<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Owner<'a> {
    id_str: Num,
    #[serde(borrow)]
    display_id: Str<'a>,
    #[serde(borrow)]
    nickname: Str<'a>,
    #[serde(borrow)]
    avatar_thumb: Obj<Picture<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Picture<'a> {
    #[serde(borrow)]
    url_list: List<Str<'a>>,
}

/// The broadcast in this room, as `room/info` has it.
///
/// # Errors
/// Why there is none to read.
pub fn from_info(body: &[u8], room_id: u64) -> Result<Found, NoRoom> {
    let info: Obj<Info<'_>> = wall::json(body)?;
    match info.status_code.0 {
        Some(0) | None => {}
        Some(AGE_RESTRICTED) => return Err(NoRoom::AgeGate),
        Some(LOGIN_NEEDED) => return Err(NoRoom::LoginNeeded),
        Some(_) => return Err(NoRoom::Trouble),
    }
    let data = info.data.get().ok_or(NoRoom::Unreadable)?;
    match (data.id_str.0, data.status.0) {
        // Of a room that is not for everybody comes hardly more than a prompt.
        (None, None) => return Err(NoRoom::LoginNeeded),
        (Some(id), _) if id != room_id => return Err(NoRoom::Unreadable),
        (_, None) => return Err(NoRoom::Unreadable),
        (_, Some(LIVE)) => {}
        (_, Some(_)) => return Err(NoRoom::Ended),
    }
    let owner = &data.owner;
    Ok(Found {
        room_id,
        live: true,
        user_id: id(owner.id_str),
        username: name(&owner.display_id).filter(|name| is_name(name)).unwrap_or_default(),
        display_name: name(&owner.nickname),
        avatar: owner.avatar_thumb.url_list.iter().find_map(|address| picture(address)),
        title: title(&data.title),
        viewers: data.user_count.0,
        started_at_ms: from_seconds(data.create_time),
        warning: None,
    })
}
