//! The page of a broadcast (`/@name/live`), which holds the state that its own program begins with.

use serde::Deserialize;

use super::shape::{LiveRoom, User, room};
use super::{Found, NoRoom, script, wall};
use crate::lenient::{Flag, Maybe, Obj};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct State<'a> {
    #[serde(borrow, rename = "LiveRoom")]
    live_room: Maybe<Page<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Page<'a> {
    need_login: Flag,
    is_age_gate_room: Flag,
    #[serde(borrow)]
    live_room_user_info: Maybe<Info<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Info<'a> {
    #[serde(borrow)]
    user: Maybe<User<'a>>,
    #[serde(borrow)]
    live_room: Obj<LiveRoom<'a>>,
}

/// The broadcast of the channel with this handle.
///
/// A channel that was never live and one that does not exist have the same page, and both are [`NoRoom::Offline`].
///
/// # Errors
/// Why there is none.
pub fn from_live_page(page: &[u8], asked: &str) -> Result<Found, NoRoom> {
    let state = script(page, "SIGI_STATE").ok_or_else(|| wall::without_state(page))?;
    let state: Obj<State<'_>> = serde_json::from_slice(state).map_err(|_| NoRoom::Unreadable)?;
    let page = state.live_room.get().ok_or(NoRoom::Unreadable)?;
    let info = page.live_room_user_info.get();
    let found = match info {
        Some(info) => room(info.user.get().ok_or(NoRoom::Unreadable)?, &info.live_room, asked),
        None => Err(NoRoom::Offline),
    };
    // A gate in front of nothing is none; without a word about the channel there may be something behind it.
    if found.is_ok() || info.is_none() {
        if page.is_age_gate_room.0 {
            return Err(NoRoom::AgeGate);
        }
        if page.need_login.0 {
            return Err(NoRoom::LoginNeeded);
        }
    }
    found
}
