//! Who is this channel? GraphQL, then IVR, then `DecAPI`; one question at a time for each login.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::{ChannelInfo, Resolution, Side};
use crate::twitch::{fallback, gql};

/// How many answers are remembered. They are forgotten after seconds, so only a flood of logins reaches it.
const REMEMBERED_MAX: usize = 1_000;

/// From a question about a channel to the opening of its room.
const JUST: Duration = Duration::from_secs(30);

/// Questions that are being asked or were just answered.
#[derive(Default)]
pub(super) struct Resolving {
    asked: Mutex<HashMap<String, Asked>>,
}

struct Asked {
    at: Instant,
    answer: watch::Receiver<Option<Resolution>>,
}

impl Resolving {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The channel, if it was found a short time ago: what whoever opens its room has just been told.
    pub(super) fn recent(&self, login: &str) -> Option<ChannelInfo> {
        let asked = self.lock();
        let asked = asked.get(login).filter(|a| a.at.elapsed() <= JUST)?;
        match &*asked.answer.borrow() {
            Some(Resolution::Found(info)) => Some(info.clone()),
            _ => None,
        }
    }
}

impl Side {
    /// Finds out who `login` is. Ends within 8 s; equal questions within a few seconds share one answer.
    pub(crate) async fn resolve(&self, login: &str) -> Resolution {
        let Some(mut answer) = self.ask(login) else { return Resolution::Unknown };
        let whole: Duration = self.timings.resolve.iter().sum();
        // The sender is dropped without an answer when everything stops.
        match tokio::time::timeout(whole + Duration::from_millis(500), answer.wait_for(Option::is_some)).await {
            Ok(Ok(answer)) => answer.clone().unwrap_or(Resolution::Unknown),
            Ok(Err(_)) | Err(_) => Resolution::Unknown,
        }
    }

    /// The login that a user has now: another one than before after a rename. `None` when nobody can say.
    pub(crate) async fn login_of(&self, id: &str) -> Option<String> {
        let gql = self.gql.as_ref()?;
        let query = [gql::people(&[id])];
        let answer = self.cancel.run_until_cancelled(gql.batch(&query, self.timings.resolve[0])).await?.ok()?;
        let people = gql::read_people(answer.first()?.as_ref()?);
        people.into_iter().find(|person| person.id == id).map(|person| person.username)
    }

    /// Joins the question about `login`, or asks it. A question goes on when whoever asked it first has gone.
    fn ask(&self, login: &str) -> Option<watch::Receiver<Option<Resolution>>> {
        let me = self.me.upgrade()?;
        let mut asked = self.resolving.lock();
        let fresh = |asked: &Asked| match &*asked.answer.borrow() {
            // Nobody will answer it any more if its sender has gone.
            None => asked.answer.has_changed().is_ok(),
            Some(_) => asked.at.elapsed() <= self.timings.resolved,
        };
        if let Some(known) = asked.get(login).filter(|a| fresh(a)) {
            return Some(known.answer.clone());
        }
        if asked.len() >= REMEMBERED_MAX {
            asked.retain(|_, a| fresh(a));
            if asked.len() >= REMEMBERED_MAX {
                return None;
            }
        }
        let (sender, answer) = watch::channel(None);
        let login = login.to_owned();
        asked.insert(login.clone(), Asked { at: Instant::now(), answer: answer.clone() });
        drop(asked);
        self.tasks.spawn(async move {
            if let Some(found) = me.cancel.run_until_cancelled(me.find(&login)).await {
                if let Some(asked) = me.resolving.lock().get_mut(&login) {
                    asked.at = Instant::now();
                }
                sender.send_replace(Some(found));
            }
        });
        Some(answer)
    }

    /// The channel that had this login when its room was opened, and now has another.
    async fn renamed(&self, gql: &gql::Gql, login: &str) -> Option<ChannelInfo> {
        let room_id = self.rooms().id_of(login)?;
        let parts = gql.batch(&[gql::resolve_id(&room_id)], self.timings.resolve[1]).await.ok()?;
        gql::read_resolve_id(&room_id, parts.first()?.as_ref()?)
    }

    async fn find(&self, login: &str) -> Resolution {
        let [gql_time, ivr_time, decapi_time] = self.timings.resolve;
        if let Some(gql) = &self.gql {
            match gql.batch(&gql::resolve(login), gql_time).await {
                Ok(parts) => match gql::read_resolve(login, &parts) {
                    Some(Resolution::NotFound) => {
                        return self.renamed(gql, login).await.map_or(Resolution::NotFound, Resolution::Found);
                    }
                    Some(found) => return found,
                    None => {}
                },
                Err(error) => tracing::debug!(platform = "twitch", %error, "GraphQL does not say who a channel is"),
            }
        }
        if let Some(ivr) = &self.ivr
            && let Some(found) = fallback::ivr(&self.http, ivr, login, ivr_time).await
        {
            return found;
        }
        if let Some(decapi) = &self.decapi
            && let Ok(Some(found)) =
                tokio::time::timeout(decapi_time, fallback::decapi(&self.http, decapi, login, decapi_time)).await
        {
            return found;
        }
        Resolution::Unknown
    }
}
