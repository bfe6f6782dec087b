//! A channel's own page (`/@name`): it names the room while the channel broadcasts, and knows who does not exist.

use serde::Deserialize;

use super::shape::{User, channel};
use super::{Block, Found, NoRoom, script, wall};
use crate::lenient::{Maybe, Num, Obj};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct State<'a> {
    #[serde(borrow, rename = "__DEFAULT_SCOPE__")]
    scope: Obj<Scope<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Scope<'a> {
    #[serde(borrow, rename = "webapp.user-detail")]
    detail: Maybe<Detail<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Detail<'a> {
    status_code: Num,
    #[serde(borrow)]
    user_info: Obj<UserInfo<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UserInfo<'a> {
    #[serde(borrow)]
    user: Maybe<User<'a>>,
}

/// The room of the channel with this handle. The page does not say whether it is open: [`Found::live`] is `false`.
///
/// # Errors
/// Why there is none.
pub fn from_profile(page: &[u8], asked: &str) -> Result<Found, NoRoom> {
    let state = script(page, "__UNIVERSAL_DATA_FOR_REHYDRATION__").ok_or_else(|| wall::without_state(page))?;
    let state: Obj<State<'_>> = serde_json::from_slice(state).map_err(|_| NoRoom::Unreadable)?;
    let detail = state.scope.detail.get().ok_or(NoRoom::Unreadable)?;
    match detail.status_code.0 {
        Some(0) | None => {}
        Some(10_222) => return Err(NoRoom::Private),
        Some(10_221 | 10_223) => return Err(NoRoom::Unknown),
        Some(209_002) => return Err(NoRoom::Blocked(Block::Cookies)),
        Some(_) => return Err(NoRoom::Trouble),
    }
    channel(detail.user_info.user.get().ok_or(NoRoom::Unreadable)?, asked)
}
