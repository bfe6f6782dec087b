//! Keeps the emotes of one place up to date: from the disk, from the providers, from live updates.

use std::fmt::Write;
use std::sync::Arc;

use arc_swap::ArcSwap;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use polychat_model::ChannelKey;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::Instant;

use super::fetch::{List, Provider, Providers};
use super::live::{Live, Watch};
use super::seventv::{self, Update};
use super::table::{Emote, EmoteTable, LIST_MAX};

/// Longest name of a file.
const NAME_MAX: usize = 150;

/// Whose emotes.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// Everybody's.
    Everybody,
    /// One channel's.
    Channel(ChannelKey),
}

impl Place {
    /// The name of its file: none for a channel with an absurdly long name. Small letters and digits only, since some
    /// systems know no capital letters.
    fn file(&self) -> Option<String> {
        let Self::Channel(key) = self else { return Some("everybody".to_owned()) };
        let mut name = format!("{}-{}-", key.platform, key.identifier_type.as_str());
        for byte in key.identifier.bytes() {
            if byte.is_ascii_lowercase() || byte.is_ascii_digit() {
                name.push(char::from(byte));
            } else {
                write!(name, "_{byte:02x}").ok()?;
            }
        }
        (name.len() <= NAME_MAX).then_some(name)
    }
}

/// All lists of a place, as they are kept on disk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Lists {
    /// The platform's id of the channel that they were fetched for.
    owner: Option<Arc<str>>,
    /// By provider.
    emotes: [Vec<Emote>; 3],
    /// 7TV's set.
    set_id: Option<String>,
    /// 7TV's user.
    user_id: Option<String>,
}

impl Lists {
    fn of(owner: Arc<str>) -> Self {
        Self { owner: Some(owner), ..Self::default() }
    }

    /// Without what only a damaged file can have.
    pub(super) fn sound(mut self) -> Self {
        for list in &mut self.emotes {
            list.truncate(LIST_MAX);
            list.retain(Emote::is_sound);
        }
        self
    }

    fn take(&mut self, provider: Provider, list: List) {
        self.emotes[provider as usize] = list.emotes;
        if provider == Provider::SevenTv {
            (self.set_id, self.user_id) = (list.set_id, list.user_id);
        }
    }
}

/// The task of a place.
pub(super) struct Keeper {
    providers: Arc<Providers>,
    live: Option<Live>,
    place: Place,
    table: Arc<ArcSwap<EmoteTable>>,
    owners: watch::Receiver<Option<Arc<str>>>,
    loaded: watch::Sender<bool>,
    lists: Lists,
    /// When each list was last had.
    fetched: [Option<Instant>; 3],
    attempts: u32,
}

impl Keeper {
    pub(super) fn new(
        providers: Arc<Providers>,
        live: Option<Live>,
        place: Place,
        table: Arc<ArcSwap<EmoteTable>>,
        owners: watch::Receiver<Option<Arc<str>>>,
        loaded: watch::Sender<bool>,
    ) -> Self {
        let (lists, fetched) = (Lists::default(), [None; 3]);
        Self { providers, live, place, table, owners, loaded, lists, fetched, attempts: 0 }
    }

    /// Runs until it is dropped, or the channel is not read any more.
    pub(super) async fn run(mut self) {
        self.load().await;
        let mut watch: Option<Watch> = None;
        while let Some(owner) = self.owner().await {
            if self.lists.owner.as_ref() != Some(&owner) {
                // Somebody else has the name now.
                self.lists = Lists::of(Arc::clone(&owner));
                (self.fetched, self.attempts, watch) = ([None; 3], 0, None);
                self.publish();
            }
            self.fetch(&owner).await;
            let (set, user) = (self.lists.set_id.as_deref(), self.lists.user_id.as_deref());
            if let Some(live) = &self.live
                && !watch.as_ref().is_some_and(|watch| watch.is_of(set, user))
            {
                watch = Some(live.watch(set, user));
            }
            if !self.follow(watch.as_mut(), &owner).await {
                return;
            }
        }
    }

    /// Takes what is on disk, whoever's it was: that is known when the platform says whose channel this is.
    async fn load(&mut self) {
        if let (Some(disk), Some(name)) = (self.providers.disk.clone(), self.place.file()) {
            let tidy = matches!(self.place, Place::Everybody);
            let load = move || {
                if tidy {
                    disk.tidy();
                }
                disk.load(&name)
            };
            if let Ok(Some(lists)) = tokio::task::spawn_blocking(load).await {
                self.lists = lists;
                self.publish();
            }
        }
        self.loaded.send_replace(true);
    }

    /// Whose place it is, once that is known. `None`: it is not needed any more.
    async fn owner(&mut self) -> Option<Arc<str>> {
        match self.place {
            Place::Everybody => Some("".into()),
            Place::Channel(_) => self.owners.wait_for(Option::is_some).await.ok()?.clone(),
        }
    }

    /// Asks the providers whose lists are missing or old. Each answer is shown as it comes.
    async fn fetch(&mut self, owner: &str) {
        // Half of it: the clock that leads here goes a fifth too fast at times.
        let old = self.providers.timings.refresh / 2;
        let is_due = |provider: &Provider| self.fetched[*provider as usize].is_none_or(|at| at.elapsed() >= old);
        let (providers, place) = (Arc::clone(&self.providers), self.place.clone());
        let ask = async |provider| (provider, providers.fetch(provider, &place, owner).await);
        let mut asked: FuturesUnordered<_> = Provider::ALL.into_iter().filter(is_due).map(ask).collect();
        let (mut failed, mut changed) = (false, false);
        while let Some((provider, list)) = asked.next().await {
            let Some(list) = list else {
                failed = true;
                continue;
            };
            self.lists.take(provider, list);
            self.fetched[provider as usize] = Some(Instant::now());
            changed = true;
            self.publish();
        }
        self.attempts = if failed { self.attempts + 1 } else { 0 };
        if changed {
            self.save().await;
        }
    }

    /// Follows live updates until lists have to be fetched again. False: the channel is not read any more.
    async fn follow(&mut self, mut watch: Option<&mut Watch>, owner: &Arc<str>) -> bool {
        let timings = self.providers.timings;
        let pause = match self.attempts {
            0 => timings.refresh,
            n => timings.retry.0.saturating_mul(1 << (n - 1).min(16)).min(timings.retry.1),
        };
        let again = tokio::time::sleep(pause.mul_f64(rand::rng().random_range(0.8..1.2)));
        tokio::pin!(again);
        let mut save_at: Option<Instant> = None;
        let kept = loop {
            let update = async {
                match &mut watch {
                    Some(watch) => watch.next().await,
                    None => std::future::pending().await,
                }
            };
            let save = async {
                match save_at {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut again => break true,
                () = save => {
                    save_at = None;
                    self.save().await;
                }
                changed = self.owners.changed(), if matches!(self.place, Place::Channel(_)) => {
                    if changed.is_err() {
                        break false;
                    }
                    if self.owners.borrow().as_ref() != Some(owner) {
                        break true;
                    }
                }
                update = update => match update {
                    Update::Changed { removed, added } => {
                        let list = &mut self.lists.emotes[Provider::SevenTv as usize];
                        if seventv::apply(list, &removed, added) {
                            self.publish();
                            save_at = save_at.or(Some(Instant::now() + timings.settle));
                        }
                    }
                    Update::Stale => {
                        self.fetched[Provider::SevenTv as usize] = None;
                        // Many channels hear of a lost connection at once.
                        let settle = timings.settle.mul_f64(rand::rng().random_range(0.1..1.0));
                        let soon = Instant::now() + settle;
                        if again.deadline() > soon {
                            again.as_mut().reset(soon);
                        }
                    }
                },
            }
        };
        if save_at.is_some() {
            self.save().await;
        }
        kept
    }

    fn publish(&self) {
        let table = EmoteTable::merge(self.lists.emotes.iter().map(Vec::as_slice));
        tracing::debug!(place = ?self.place.file(), emotes = table.len(), "emotes");
        self.table.store(Arc::new(table));
    }

    async fn save(&self) {
        let (Some(disk), Some(name)) = (self.providers.disk.clone(), self.place.file()) else { return };
        let lists = self.lists.clone();
        // A panic there would be a list that is not kept.
        let _kept = tokio::task::spawn_blocking(move || disk.save(&name, &lists)).await;
    }
}
