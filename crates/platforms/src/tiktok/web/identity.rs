//! Who we are to TikTok: one visitor for all rooms, made when it is needed and replaced when it is refused.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::USER_AGENT;
use tokio::time::Instant;
use url::Url;

use super::{TIMEOUT, Web, below, count, no_answer};
use crate::http::Answer;
use crate::tiktok::agent::{AGENTS, Agent};
use crate::tiktok::room::{self, NoRoom};
use crate::tiktok::ttwid::{self, Credentials, NoTtwid};

/// How long all ways together may take. Somebody waits for a chat.
const MINT_TIMEOUT: Duration = Duration::from_secs(45);
/// How often the start page is asked: only some of its answers have the cookie.
const START_PAGE_TRIES: usize = 8;
/// How many visitors are given up in a row before that is seen to be of no use.
const ROTATIONS_MAX: u32 = 3;
/// After this time it is worth trying again all the same.
const ROTATIONS_FORGOTTEN: Duration = Duration::from_secs(10 * 60);

/// The present visitor.
#[derive(Default)]
pub(super) struct Identity {
    state: Mutex<State>,
    /// Held while a visitor is made, so that one is made at a time.
    flight: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    present: Option<Credentials>,
    /// Which browser is next.
    turn: usize,
    /// Visitors that were given up since one was let in, and when the last one was.
    rotations: u32,
    rotated_at: Option<Instant>,
    /// Why no visitor could be made, until when that is believed, and how long that was.
    failed: Option<(NoTtwid, Instant, Duration)>,
}

impl Identity {
    /// The browser that is imitated now.
    pub(super) fn agent(&self) -> &'static Agent {
        let state = self.lock();
        state.present.as_ref().map_or(&AGENTS[state.turn % AGENTS.len()], |visitor| visitor.agent)
    }

    /// The present visitor, if there is one.
    pub(super) fn present(&self) -> Option<Credentials> {
        self.lock().present.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Web {
    /// The visitor to go as. Makes one if there is none; many rooms that ask at once get the same.
    ///
    /// # Errors
    /// Why there is none; that is believed for a while without asking again.
    pub(crate) async fn ttwid(&self) -> Result<Credentials, NoTtwid> {
        if let Some(visitor) = self.identity.present() {
            return Ok(visitor);
        }
        let _flight = self.identity.flight.lock().await;
        if let Some(visitor) = self.identity.present() {
            return Ok(visitor);
        }
        if let Some((why, until, _)) = &self.identity.lock().failed
            && Instant::now() < *until
        {
            return Err(why.clone());
        }
        let agent = self.identity.agent();
        let made = tokio::time::timeout(MINT_TIMEOUT, self.mint(agent)).await;
        let made = made.unwrap_or(Err(NoTtwid::Refused(NoRoom::Timeout)));
        let mut state = self.identity.lock();
        match &made {
            Ok(visitor) => {
                state.present = Some(visitor.clone());
                state.failed = None;
            }
            Err(why) => {
                let last = state.failed.take().map(|(.., length)| length);
                let length = last.map_or(self.pace.pause, |last| (last * 2).min(self.pace.pause_max));
                state.failed = Some((why.clone(), Instant::now() + length, length));
            }
        }
        made
    }

    /// Gives up `refused`, if that is still the present visitor: the next one is new and of another browser. `false` if
    /// so many in a row were refused that another one will not help.
    pub(crate) fn rotate(&self, refused: &Credentials) -> bool {
        let mut state = self.identity.lock();
        if state.present.as_ref() != Some(refused) {
            return true;
        }
        if state.rotated_at.is_some_and(|at| at.elapsed() >= ROTATIONS_FORGOTTEN) {
            state.rotations = 0;
        }
        if state.rotations >= ROTATIONS_MAX {
            return false;
        }
        state.rotations += 1;
        state.rotated_at = Some(Instant::now());
        state.turn = AGENTS.iter().position(|agent| agent == refused.agent).unwrap_or(state.turn) + 1;
        state.present = None;
        true
    }

    /// A room let this visitor in.
    pub(crate) fn accepted(&self, visitor: &Credentials) {
        let mut state = self.identity.lock();
        if state.present.as_ref() == Some(visitor) {
            state.rotations = 0;
        }
    }

    /// Tries all ways. The registration is first: it is made for this and does not judge.
    async fn mint(&self, agent: &'static Agent) -> Result<Credentials, NoTtwid> {
        let mut why = NoTtwid::NotGiven;
        if let Some(url) = &self.register {
            match self.register(url, agent).await {
                Err(no) => why = no,
                made => return made,
            }
        }
        let live: &[&str] = &["live"];
        let pages = std::iter::once(live).chain([&[""][..]; START_PAGE_TRIES]).chain([&["@tiktok"][..]]);
        let mut last = live;
        for path in pages {
            if path == last && path != live {
                tokio::time::sleep(self.pace.mint).await;
            }
            last = path;
            match self.visit(path, agent).await {
                // The same is true of every page, and of all that could be asked again.
                Err(NoTtwid::Judged) => return Err(NoTtwid::Judged),
                Err(no @ NoTtwid::Refused(NoRoom::Unreachable | NoRoom::Timeout)) => return Err(no),
                Err(no) => why = no,
                made => return made,
            }
        }
        Err(why)
    }

    /// Registers a visitor, without a page.
    async fn register(&self, base: &Url, agent: &'static Agent) -> Result<Credentials, NoTtwid> {
        let url = below(Some(base), &["ttwid", "union", "register", ""], None).map_err(NoTtwid::Refused)?;
        let client = self.http.client(&url).map_err(|error| NoTtwid::Refused(no_answer(&error)))?;
        let request = client.post(url).header(USER_AGENT, agent.name).json(&ttwid::registration());
        let answer = self.http.exchange(request, TIMEOUT).await;
        let made =
            answer.map_err(|error| NoTtwid::Refused(no_answer(&error))).and_then(|answer| visitor(&answer, agent));
        count("ttwid_register", made.as_ref().err().map_or("ok", NoTtwid::word));
        made
    }

    /// Opens a page as somebody who never was here. Where it leads does not matter.
    async fn visit(&self, path: &[&str], agent: &'static Agent) -> Result<Credentials, NoTtwid> {
        let url = below(self.site.as_ref(), path, None).map_err(NoTtwid::Refused)?;
        let answer = self.exchange(url, agent.page(), &self.site_slots).await;
        let made = answer.map_err(NoTtwid::Refused).and_then(|answer| visitor(&answer, agent));
        count("ttwid_page", made.as_ref().err().map_or("ok", NoTtwid::word));
        made
    }
}

/// The visitor whom an answer makes, whatever else it says.
fn visitor(answer: &Answer, agent: &'static Agent) -> Result<Credentials, NoTtwid> {
    if let Some(visitor) = ttwid::given(&answer.headers).and_then(|value| Credentials::new(value, agent)) {
        return Ok(visitor);
    }
    if ttwid::is_judged(&answer.headers) {
        return Err(NoTtwid::Judged);
    }
    match answer.status.as_u16() {
        // An empty body is no wall where only the cookie matters.
        200..=399 => Err(NoTtwid::NotGiven),
        status => Err(NoTtwid::Refused(room::wall(status, &answer.body).unwrap_or(NoRoom::Unreadable))),
    }
}
