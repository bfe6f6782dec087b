//! What goes on in the background while rooms are open: one batch of GraphQL at a time, with a pause between.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use polychat_model::Person;
use tokio::time::{Instant, sleep};

use super::rooms::Source;
use super::tables::{self, RoomTables, Tables};
use super::{Side, Timings, disk::Disk};
use crate::twitch::catalog::Profile;
use crate::twitch::pictures::Pictures;
use crate::twitch::{fallback, gql};

/// Rooms whose lists are fetched in one batch: two queries each, with room for the others.
const ROOMS_AT_ONCE: usize = 6;
/// Queries for viewers in one batch: this times [`gql::IDS_MAX`] rooms.
const POLLS_AT_ONCE: usize = 4;

/// Works until it is dropped.
pub(super) async fn run(side: &Arc<Side>) {
    tidy(side).await;
    load(side, None).await;
    loop {
        if side.rooms().open.is_empty() {
            side.wake.notified().await;
            continue;
        }
        // A panic is a bug of ours, and no reason to be without viewers and avatars until the program ends.
        let asked = Box::pin(AssertUnwindSafe(round(side)).catch_unwind()).await.unwrap_or_else(|_| {
            tracing::error!(platform = "twitch", "a round of side requests panicked");
            true
        });
        if asked {
            sleep(side.timings.batch_gap).await;
        } else {
            // People who are missed do not wake us, so we look for them.
            tokio::select! {
                () = side.wake.notified() => {}
                () = sleep(side.timings.batch_gap) => {}
            }
        }
    }
}

/// Runs something that blocks on the disk.
async fn on_disk<T: Send + 'static>(side: &Side, work: impl FnOnce(Disk) -> Option<T> + Send + 'static) -> Option<T> {
    let disk = side.disk.clone()?;
    side.tasks.spawn_blocking(move || work(disk)).await.ok().flatten()
}

async fn tidy(side: &Side) {
    on_disk(side, |disk| {
        disk.tidy();
        Some(())
    })
    .await;
}

/// Takes what the disk has for a room (or with `None` for all rooms), and says when it has to be fetched.
pub(super) async fn load(side: &Side, room_id: Option<Arc<str>>) {
    let id = room_id.clone();
    let kept = on_disk(side, move |disk| disk.load(id.as_deref())).await;
    let left = kept.as_ref().map_or(Duration::ZERO, |(_, fetched_at_ms)| {
        let age_ms = jiff::Timestamp::now().as_millisecond().saturating_sub(*fetched_at_ms);
        // A time in the future is a clock that was wrong: fetch again.
        u64::try_from(age_ms)
            .map_or(Duration::ZERO, |ms| side.timings.pictures.saturating_sub(Duration::from_millis(ms)))
    });
    {
        let mut rooms = side.rooms();
        match &room_id {
            None => rooms.global_need.done(left),
            Some(id) => {
                if let Some(room) = rooms.open.get_mut(id) {
                    room.need.done(left);
                }
            }
        }
    }
    if let Some((pictures, _)) = kept {
        learn(side, room_id.as_ref(), pictures);
    }
    side.wake.notify_one();
}

/// Takes over lists, and makes the tables anew.
fn learn(side: &Side, room_id: Option<&Arc<str>>, new: Pictures) -> Option<Pictures> {
    let mut rooms = side.rooms();
    let rooms = &mut *rooms;
    let known = match room_id {
        None => &mut rooms.global,
        Some(id) => &mut rooms.open.get_mut(id)?.pictures,
    };
    known.badges = new.badges.or(known.badges.take());
    known.cheermotes = new.cheermotes.or(known.cheermotes.take());
    let all = known.clone();
    let global = rooms.global.cheermotes.as_deref();
    let room_tables = |pictures: &Pictures| RoomTables {
        badges: tables::badges(pictures.badges.as_deref()),
        cheermotes: tables::cheermotes(global, pictures.cheermotes.as_deref()),
    };
    let mut tables = Tables::clone(&side.tables.load());
    match room_id {
        None => {
            tables.global_badges = tables::badges(rooms.global.badges.as_deref());
            tables.cheermotes = tables::cheermotes(global, None);
            tables.rooms = rooms.open.iter().map(|(id, room)| (Arc::clone(id), room_tables(&room.pictures))).collect();
        }
        Some(id) => drop(tables.rooms.insert(Arc::clone(id), room_tables(&all))),
    }
    // Every change of the tables is made while `rooms` is locked, so none is lost.
    side.tables.store(Arc::new(tables));
    Some(all)
}

/// What a query of a batch is for.
enum For {
    /// Badges of a room, or of all.
    Badges(Option<Arc<str>>),
    /// Cheermotes of a room, or of all.
    Cheermotes(Option<Arc<str>>),
    Broadcasts,
    People(Vec<Arc<str>>),
}

/// Asks for everything that is due. `false`: nothing was.
async fn round(side: &Side) -> bool {
    let now = Instant::now();
    let gql = side.gql.as_ref().filter(|gql| !gql.rests());
    let mut batch = Vec::new();
    let mut lists: Vec<Option<Arc<str>>> = Vec::new();
    {
        let mut rooms = side.rooms();
        if rooms.global_need.is_due(now) {
            lists.push(None);
        }
        lists.extend(
            rooms.open.iter().filter(|(_, r)| r.need.is_due(now)).take(ROOMS_AT_ONCE).map(|(id, _)| Some(id.clone())),
        );
        let old = |polled: Option<Instant>, age: Duration| polled.is_none_or(|at| now.duration_since(at) >= age);
        if gql.is_some() && rooms.open.values().any(|room| old(room.polled_at, side.timings.poll)) {
            // Those that are due soon come along, so that all are asked for in one batch.
            let soon = side.timings.poll * 2 / 3;
            let mut due = Vec::new();
            for (id, room) in rooms.open.iter_mut().filter(|(_, room)| old(room.polled_at, soon)) {
                if due.len() < POLLS_AT_ONCE * gql::IDS_MAX {
                    room.polled_at = Some(now);
                    due.push(Arc::clone(id));
                }
            }
            batch.extend(due.chunks(gql::IDS_MAX).map(|ids| (For::Broadcasts, gql::broadcasts(ids))));
        }
    }
    if gql.is_some() || side.ivr.is_some() {
        let people = side.people.take_wanted(gql::IDS_MAX);
        if !people.is_empty() {
            let query = gql::people(&people);
            batch.push((For::People(people), query));
        }
    }
    for id in &lists {
        let (badges, cheermotes) = match id {
            None => (gql::global_badges(), gql::global_cheermotes()),
            Some(id) => (gql::channel_badges(id), gql::channel_cheermotes(id)),
        };
        batch.push((For::Badges(id.clone()), badges));
        batch.push((For::Cheermotes(id.clone()), cheermotes));
    }
    debug_assert!(batch.len() <= gql::BATCH_MAX, "the parts are chosen so that they fit");
    if batch.is_empty() {
        return false;
    }
    let fetched = ask(side, gql, batch, &lists).await;
    let fetched = join_all(lists.into_iter().zip(fetched).map(|(id, pictures)| stand_in(side, id, pictures))).await;
    for (id, pictures) in fetched {
        keep(side, id, pictures).await;
    }
    true
}

/// Sends the batch; viewers and people are taken over at once, lists are returned in the order of `lists`.
async fn ask(
    side: &Side,
    gql: Option<&gql::Gql>,
    batch: Vec<(For, gql::Query)>,
    lists: &[Option<Arc<str>>],
) -> Vec<Pictures> {
    let (purposes, queries): (Vec<For>, Vec<gql::Query>) = batch.into_iter().unzip();
    let Timings { request, batch_gap, .. } = side.timings;
    let answers = match gql {
        None => Vec::new(),
        Some(gql) => gql.background(&queries, request, batch_gap * 2).await.unwrap_or_else(|error| {
            tracing::debug!(platform = "twitch", %error, "GraphQL brings nothing");
            Vec::new()
        }),
    };
    let mut fetched = vec![Pictures::default(); lists.len()];
    let place = |id: &Option<Arc<str>>| lists.iter().position(|list| list == id);
    let answers = answers.into_iter().chain(std::iter::repeat(None));
    for (purpose, answer) in purposes.into_iter().zip(answers) {
        match (purpose, answer) {
            (For::Badges(id), Some(data)) => {
                if let Some(at) = place(&id) {
                    fetched[at].badges = gql::read_badges(&data);
                }
            }
            (For::Cheermotes(id), Some(data)) => {
                if let Some(at) = place(&id) {
                    fetched[at].cheermotes = gql::read_cheermotes(&data);
                }
            }
            (For::Broadcasts, Some(data)) => {
                let mut rooms = side.rooms();
                for (id, news) in gql::read_broadcasts(&data) {
                    rooms.learn(&id, news, None, Source::Poll, side.timings.settle);
                }
            }
            (For::People(_), Some(data)) => know(side, gql::read_people(&data)),
            (For::People(ids), None) => stand_in_for_people(side, &ids).await,
            (For::Badges(_) | For::Cheermotes(_) | For::Broadcasts, None) => {}
        }
    }
    fetched
}

fn know(side: &Side, people: Vec<Person>) {
    for person in people {
        let profile = Profile {
            login: person.username.into(),
            display_name: person.display_name.into(),
            avatar_url: person.avatar_url,
        };
        side.people.insert(&person.id, profile);
    }
}

/// Asks IVR for people that GraphQL did not bring.
async fn stand_in_for_people(side: &Side, ids: &[Arc<str>]) {
    let found = match &side.ivr {
        Some(ivr) => fallback::ivr_people(&side.http, ivr, ids, side.timings.request).await,
        None => None,
    };
    match found {
        Some(people) => know(side, people),
        None => side.people.give_back(ids.iter().map(|id| &**id)),
    }
}

/// Asks IVR for badges that GraphQL did not bring. It has no cheermotes.
async fn stand_in(side: &Side, id: Option<Arc<str>>, mut pictures: Pictures) -> (Option<Arc<str>>, Pictures) {
    if pictures.badges.is_none()
        && let Some(ivr) = &side.ivr
    {
        pictures.badges = fallback::ivr_badges(&side.http, ivr, id.as_deref(), side.timings.request).await;
    }
    (id, pictures)
}

/// Takes over what was fetched, and keeps it on disk.
async fn keep(side: &Side, id: Option<Arc<str>>, pictures: Pictures) {
    let whole = pictures.badges.is_some() && pictures.cheermotes.is_some();
    let nothing = pictures == Pictures::default();
    {
        let mut rooms = side.rooms();
        let rooms = &mut *rooms;
        let need = match &id {
            None => Some(&mut rooms.global_need),
            Some(id) => rooms.open.get_mut(id).map(|room| &mut room.need),
        };
        match need {
            Some(need) if whole => need.done(side.timings.pictures),
            Some(need) => need.failed(side.timings.retry),
            None => {}
        }
    }
    if nothing {
        return;
    }
    let Some(all) = learn(side, id.as_ref(), pictures) else { return };
    let fetched_at_ms = if whole { jiff::Timestamp::now().as_millisecond() } else { 0 };
    on_disk(side, move |disk| {
        disk.save(id.as_deref(), all, fetched_at_ms);
        Some(())
    })
    .await;
}
