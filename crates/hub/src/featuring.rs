//! What stands on overlays besides the chat itself: the message that is featured, what waits for that, and whether everything
//! stands still. What moderators take away goes from here under the same lock under which it goes from the channel.

mod chosen;
mod item;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use polychat_model::command::{CommandError, StageChange};
use polychat_model::saved::{
    FeatureRules, Featured, FeaturedBy, HiddenPerson, MAX_HIDDEN_MESSAGES, Saved, SavedChannel, Stage,
};
use polychat_model::{Body, ChannelKey, iso_timestamp, unix_ms};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::commands::answer::{invalid, not_found, too_many};
use crate::delivery::Delivery;
use crate::memory::Recent;
use chosen::chosen;
pub(crate) use item::Item;
use item::{MAX_ID, key_of, message_of};

/// The most messages that wait. Chosen by hand: more than anybody gets through in an evening.
const MAX_QUEUE: usize = 50;

/// So many of them may have come by themselves, so that a flood leaves room for those that somebody chooses.
const MAX_AUTOMATIC: usize = 30;

/// How many of those that came by themselves are remembered, so that none comes twice.
const REMEMBERED: usize = 512;

/// What overlays do right now, and who changes it.
pub(crate) struct Featuring {
    inner: Mutex<Inner>,
    stage: watch::Sender<Stage>,
    /// Rules and channels, once they are there.
    saved: OnceLock<watch::Receiver<Arc<Saved>>>,
    /// Another message is shown, or for another time.
    deadline: Notify,
}

struct Inner {
    paused: bool,
    cleared_at: i64,
    shown: Option<Shown>,
    taken_away: Option<String>,
    /// Keys of messages that nobody shall see, the latest last.
    hidden: VecDeque<String>,
    queue: VecDeque<Item>,
    came: Recent<()>,
}

struct Shown {
    item: Item,
    until: Option<Instant>,
    told: Arc<Featured>,
}

/// What a channel knows of a message that a page names.
pub(crate) enum Standing<'a> {
    /// It is remembered.
    Here(&'a Delivery),
    /// Moderators have taken it away.
    Gone,
    /// It is too old, or never was.
    Unknown,
}

impl Featuring {
    pub(crate) fn new() -> Self {
        let inner = Inner {
            paused: false,
            cleared_at: 0,
            shown: None,
            taken_away: None,
            hidden: VecDeque::new(),
            queue: VecDeque::new(),
            came: Recent::new(REMEMBERED),
        };
        Self {
            inner: Mutex::new(inner),
            stage: watch::Sender::new(Stage::default()),
            saved: OnceLock::new(),
            deadline: Notify::new(),
        }
    }

    /// Goes by these rules and channels from now on.
    pub(crate) fn go_by(&self, saved: watch::Receiver<Arc<Saved>>) {
        _ = self.saved.set(saved);
    }

    /// What overlays do, now and at every change.
    pub(crate) fn stage(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    /// How it stands.
    pub(crate) fn now(&self) -> Stage {
        self.stage.borrow().clone()
    }

    /// Lets everything stand still or go on, and empties it.
    pub(crate) fn change(&self, change: StageChange) -> Stage {
        let mut inner = self.lock();
        inner.paused = change.paused.unwrap_or(inner.paused);
        if change.clear {
            // Later than the last time, even if the clock was put back: each time is news.
            inner.cleared_at = unix_ms().max(inner.cleared_at + 1);
            inner.shown = None;
        }
        self.tell(&inner)
    }

    /// Shows a message, in place of what is shown.
    pub(crate) fn show(&self, item: Item, pinned: bool) -> Stage {
        let mut inner = self.lock();
        inner.queue.retain(|waiting| waiting.key != item.key);
        self.put(&mut inner, item, pinned);
        self.tell(&inner)
    }

    /// Lets a message wait. One that is shown or waits already stays where it is.
    ///
    /// # Errors
    /// In words, when as many wait as may.
    pub(crate) fn queue(&self, item: Item) -> Result<Stage, CommandError> {
        let mut inner = self.lock();
        if inner.has(&item.key) {
            return Ok(self.now());
        }
        if inner.queue.len() >= MAX_QUEUE {
            return Err(too_many(format!("{MAX_QUEUE} messages wait, as many as may. Show or remove one first.")));
        }
        inner.queue.push_back(item);
        Ok(self.tell(&inner))
    }

    /// Shows the next one of the queue; without one, what is shown goes.
    pub(crate) fn next(&self) -> Stage {
        let mut inner = self.lock();
        match inner.queue.pop_front() {
            Some(item) => self.put(&mut inner, item, false),
            None => inner.shown = None,
        }
        self.tell(&inner)
    }

    /// Takes down what is shown.
    pub(crate) fn clear(&self) -> Stage {
        let mut inner = self.lock();
        inner.shown = None;
        self.tell(&inner)
    }

    /// Lets what is shown stand, or gives it its time from now on.
    ///
    /// # Errors
    /// In words, when nothing is shown.
    pub(crate) fn pin(&self, on: bool) -> Result<Stage, CommandError> {
        let mut inner = self.lock();
        let Some(shown) = inner.shown.take() else { return Err(not_found("No message is shown.".to_owned())) };
        if shown.told.pinned == on {
            inner.shown = Some(shown);
        } else {
            self.put(&mut inner, shown.item, on);
        }
        Ok(self.tell(&inner))
    }

    /// Shows one of the queue.
    ///
    /// # Errors
    /// In words, when it does not wait any more.
    pub(crate) fn show_queued(&self, key: &str) -> Result<Stage, CommandError> {
        let mut inner = self.lock();
        let item = inner.take(key)?;
        self.put(&mut inner, item, false);
        Ok(self.tell(&inner))
    }

    /// Takes one out of the queue.
    ///
    /// # Errors
    /// In words, when it does not wait any more.
    pub(crate) fn remove(&self, key: &str) -> Result<Stage, CommandError> {
        let mut inner = self.lock();
        inner.take(key)?;
        Ok(self.tell(&inner))
    }

    /// The queue in another order. Those that are named and not there any more are passed over.
    ///
    /// # Errors
    /// In words, when more are named than can wait.
    pub(crate) fn order(&self, keys: &[String]) -> Result<Stage, CommandError> {
        if keys.len() > MAX_QUEUE {
            return Err(invalid(format!("Name {MAX_QUEUE} messages at most.")));
        }
        let mut inner = self.lock();
        let place = |item: &Item| keys.iter().position(|key| *key == item.key).unwrap_or(usize::MAX);
        // Stable: those that are not named stay in their order, behind the others.
        inner.queue.make_contiguous().sort_by_key(place);
        Ok(self.tell(&inner))
    }

    /// Takes all out of the queue.
    pub(crate) fn empty(&self) -> Stage {
        let mut inner = self.lock();
        inner.queue.clear();
        self.tell(&inner)
    }

    /// Hides a message from overlays: it is not featured any more, either.
    ///
    /// # Errors
    /// In words, when that can be no message.
    pub(crate) fn hide(&self, key: &str) -> Result<(), CommandError> {
        if key.is_empty() || key.len() > MAX_ID {
            return Err(invalid("That is no message.".to_owned()));
        }
        {
            let mut inner = self.lock();
            if !inner.hidden.iter().any(|hidden| hidden == key) {
                inner.hidden.push_back(key.to_owned());
                if inner.hidden.len() > MAX_HIDDEN_MESSAGES {
                    inner.hidden.pop_front();
                }
                self.tell(&inner);
            }
        }
        self.take_away(|item| item.key == key);
        Ok(())
    }

    /// Shows a hidden message again.
    pub(crate) fn show_again(&self, key: &str) {
        let mut inner = self.lock();
        inner.hidden.retain(|hidden| hidden != key);
        self.tell(&inner);
    }

    /// Nothing of somebody is featured any more.
    pub(crate) fn hide_person(&self, person: &HiddenPerson) {
        self.take_away(|item| item.platform() == person.platform && item.user_id() == Some(&person.id));
    }

    /// Nobody hears any more what moderators take away in a channel: what is only there goes.
    pub(crate) fn leave(&self, channel: &SavedChannel) {
        let is_it = |key: &ChannelKey| is_same(key, channel);
        self.take_away(|item| {
            let before = item.places.len();
            item.places.retain(|(place, _)| !is_it(place));
            before > 0 && item.places.is_empty()
        });
    }

    /// Hears what a channel tells, under the lock of the channel.
    pub(crate) fn hear(&self, key: &ChannelKey, delivery: &Delivery) {
        let body = &delivery.event.body;
        if let Body::Moderation(data) = body {
            let at = iso_timestamp(delivery.event.sent_at_ms).to_string();
            self.take_away(|item| item.is_taken_away(key, data, delivery.event.history, &at));
            return;
        }
        let why = (!delivery.event.history).then(|| self.chosen(key, body)).flatten();
        let mut inner = self.lock();
        if why.is_none() && inner.shown.is_none() && inner.queue.is_empty() {
            return;
        }
        let changed = inner.told_again(key, delivery);
        if !changed {
            let Some((by, shows)) = why else { return };
            if !inner.comes(key, delivery) {
                return;
            }
            let Some(message) = message_of(key, delivery) else { return };
            let mut item = Item::new(message, by, shows);
            item.also_in(key, delivery.message_id());
            inner.queue.push_back(item);
            if inner.shown.is_none() && shows {
                self.follow(&mut inner);
            }
        }
        self.tell(&inner);
    }

    /// Takes down what has stood long enough, as long as the program runs.
    pub(crate) async fn keep(&self) {
        loop {
            let changed = self.deadline.notified();
            let until = self.lock().shown.as_ref().and_then(|shown| shown.until);
            match until {
                None => changed.await,
                Some(until) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(until) => self.expire(until),
                },
            }
        }
    }

    fn expire(&self, until: Instant) {
        let mut inner = self.lock();
        // Meanwhile another one may be shown.
        if inner.shown.as_ref().is_some_and(|shown| shown.until == Some(until)) {
            inner.shown = None;
            self.follow(&mut inner);
            self.tell(&inner);
        }
    }

    fn take_away(&self, mut must: impl FnMut(&mut Item) -> bool) {
        let mut inner = self.lock();
        let waiting = inner.queue.len();
        inner.queue.retain_mut(|item| !must(item));
        let goes = inner.shown.as_mut().is_some_and(|shown| must(&mut shown.item));
        if goes {
            inner.taken_away = inner.shown.take().map(|shown| shown.item.key);
            self.follow(&mut inner);
        }
        if goes || inner.queue.len() != waiting {
            self.tell(&inner);
        }
    }

    /// Nothing is shown: the next one that follows by itself does.
    fn follow(&self, inner: &mut Inner) {
        let all = self.rules().follow;
        if let Some(item) = inner.queue.iter().position(|item| all || item.shows).and_then(|at| inner.queue.remove(at))
        {
            self.put(inner, item, false);
        }
    }

    fn put(&self, inner: &mut Inner, item: Item, pinned: bool) {
        let time = Duration::from_secs(u64::from(self.rules().seconds));
        let until = (!pinned).then(|| Instant::now() + time);
        let at = until.map(|_| unix_ms().saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)));
        let told = Featured { key: item.key.clone(), message: item.message.clone(), pinned, until: at, by: item.by };
        inner.shown = Some(Shown { item, until, told: Arc::new(told) });
        self.deadline.notify_one();
    }

    /// Whether a message is chosen by the rules: in a channel that is followed.
    fn chosen(&self, key: &ChannelKey, body: &Body) -> Option<(FeaturedBy, bool)> {
        let saved = self.saved.get()?.borrow();
        let why = chosen(body, &saved.settings.featured)?;
        let author = match body {
            Body::Chat(chat) => Some(&chat.data.author),
            Body::Event(event) => event.user.as_ref(),
            Body::Moderation(_) | Body::Viewers(_) => None,
        };
        let is_hidden =
            |person: &HiddenPerson| author.is_some_and(|a| person.platform == key.platform && person.id == a.id);
        if saved.settings.hidden.iter().any(is_hidden) {
            return None;
        }
        saved.channels.iter().any(|channel| !channel.paused && is_same(key, channel)).then_some(why)
    }

    fn rules(&self) -> FeatureRules {
        self.saved.get().map(|saved| saved.borrow().settings.featured.clone()).unwrap_or_default()
    }

    /// Tells everybody how it stands.
    fn tell(&self, inner: &Inner) -> Stage {
        let stage = Stage {
            paused: inner.paused,
            cleared_at: inner.cleared_at,
            featured: inner.shown.as_ref().map(|shown| shown.told.clone()),
            taken_away: inner.taken_away.clone(),
            hidden: inner.hidden.iter().cloned().collect(),
            queue: inner.queue.iter().map(Item::queued).collect(),
        };
        self.stage.send_if_modified(|before| {
            let is_news = *before != stage;
            before.clone_from(&stage);
            is_news
        });
        stage
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn has(&self, key: &str) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.item.key == key) || self.queue.iter().any(|item| item.key == key)
    }

    fn take(&mut self, key: &str) -> Result<Item, CommandError> {
        let at = self.queue.iter().position(|item| item.key == key);
        let item = at.and_then(|at| self.queue.remove(at));
        item.ok_or_else(|| not_found("That message does not wait any more.".to_owned()))
    }

    /// What is shown or waits was told again: its later state counts. False if it is none of these.
    fn told_again(&mut self, key: &ChannelKey, delivery: &Delivery) -> bool {
        let is_it = |item: &Item| item.platform() == key.platform && *item.event_id() == *delivery.event.id;
        if let Some(item) = self.queue.iter_mut().find(|item| is_it(item)) {
            item.told_in(key, delivery);
            return true;
        }
        let Some(shown) = self.shown.as_mut().filter(|shown| is_it(&shown.item)) else { return false };
        shown.item.told_in(key, delivery);
        shown.told = Arc::new(Featured { message: shown.item.message.clone(), ..Featured::clone(&shown.told) });
        true
    }

    /// Whether there is room for one more that comes by itself, and it has not come before.
    fn comes(&mut self, key: &ChannelKey, delivery: &Delivery) -> bool {
        let automatic = self.queue.iter().filter(|item| item.by != FeaturedBy::Hand).count();
        if automatic >= MAX_AUTOMATIC || self.queue.len() >= MAX_QUEUE {
            return false;
        }
        self.came.insert(key_of(key.platform, &delivery.event.id).into(), ())
    }
}

/// Whether a channel that is read is the one that is saved.
fn is_same(key: &ChannelKey, saved: &SavedChannel) -> bool {
    (key.platform, key.identifier_type, &*key.identifier)
        == (saved.platform, saved.identifier_type, saved.identifier.as_str())
}
