//! The answer of `api-live/user/room`: the first and cheapest that is asked.

use polychat_model::wire::Owner;
use serde::Deserialize;

use super::shape::{self, LiveRoom, User, room};
use super::{Found, NoRoom, wall};
use crate::lenient::{Maybe, Num, Obj};

/// `user_not_found`, as clients have read it for years.
const USER_NOT_FOUND: u64 = 19_881_007;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Answer<'a> {
    status_code: Num,
    #[serde(borrow)]
    data: Obj<Data<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Data<'a> {
    #[serde(borrow)]
    user: Maybe<User<'a>>,
    #[serde(borrow)]
    live_room: Obj<LiveRoom<'a>>,
}

/// Whose channel it is, told of one that does not broadcast, too.
pub fn owner(body: &[u8], asked: &str) -> Option<Owner> {
    let answer: Obj<Answer<'_>> = wall::json(body).ok()?;
    shape::owner(answer.data.user.get()?, asked)
}

/// The broadcast of the channel with this handle.
///
/// # Errors
/// Why there is none.
pub fn from_api(body: &[u8], asked: &str) -> Result<Found, NoRoom> {
    let answer: Obj<Answer<'_>> = wall::json(body)?;
    match answer.status_code.0 {
        Some(0) | None => {}
        Some(USER_NOT_FOUND) => return Err(NoRoom::Unknown),
        Some(_) => return Err(NoRoom::Trouble),
    }
    let user = answer.data.user.get().ok_or(NoRoom::Unreadable)?;
    room(user, &answer.data.live_room, asked)
}
