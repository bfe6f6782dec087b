//! Names and avatars by user id. IRC carries no avatars, so whoever is missed here is fetched by another part, in
//! batches, and found the next time.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many people are remembered. Chosen by hand: two hours of a very busy chat, about 5 MB.
const MAX_PEOPLE: usize = 20_000;

/// How many missed ids wait to be fetched; more are forgotten until they are missed again. Chosen by hand: some minutes
/// of fetching.
const MAX_WANTED: usize = 1_000;

/// What is known about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// The login; empty while it is not known.
    pub login: Arc<str>,
    /// The name to show; empty while it is not known.
    pub display_name: Arc<str>,
    /// A picture (https).
    pub avatar_url: Option<Arc<str>>,
}

/// A bounded memory of people; the oldest entry goes first. Shared by threads.
#[derive(Debug, Default)]
pub struct People {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// `None`: asked for, not answered yet.
    known: HashMap<Arc<str>, Option<Profile>>,
    /// The keys of `known`, oldest first.
    order: VecDeque<Arc<str>>,
    wanted: HashSet<Arc<str>>,
    /// The members of `wanted`, oldest first.
    queue: VecDeque<Arc<str>>,
}

impl People {
    /// What is known about `user_id`. Whoever is not known becomes wanted.
    pub fn get(&self, user_id: &str) -> Option<Profile> {
        self.look_up(user_id, Clone::clone)
    }

    /// The avatar of `user_id`, if it is known. Whoever is not known becomes wanted.
    pub fn avatar(&self, user_id: &str) -> Option<Arc<str>> {
        self.look_up(user_id, |profile| profile.avatar_url.clone()).flatten()
    }

    fn look_up<T>(&self, user_id: &str, take: impl Fn(&Profile) -> T) -> Option<T> {
        let mut inner = self.lock();
        if let Some(known) = inner.known.get(user_id) {
            return known.as_ref().map(take);
        }
        if !user_id.is_empty() && inner.queue.len() < MAX_WANTED && !inner.wanted.contains(user_id) {
            let id: Arc<str> = user_id.into();
            inner.wanted.insert(Arc::clone(&id));
            inner.queue.push_back(id);
        }
        None
    }

    /// Remembers somebody.
    pub fn insert(&self, user_id: &str, profile: Profile) {
        let mut inner = self.lock();
        if inner.wanted.remove(user_id) {
            inner.queue.retain(|id| &**id != user_id);
        }
        inner.put(user_id.into(), Some(profile));
    }

    /// Takes up to `most` wanted ids, the longest missed first. They are not wanted again until they are
    /// [given back](Self::give_back) or have fallen out of memory, so an id without an answer is asked once.
    pub fn take_wanted(&self, most: usize) -> Vec<Arc<str>> {
        let mut inner = self.lock();
        let count = most.min(inner.queue.len());
        let taken: Vec<Arc<str>> = inner.queue.drain(..count).collect();
        for id in &taken {
            inner.wanted.remove(id);
            inner.put(Arc::clone(id), None);
        }
        taken
    }

    /// Makes ids that could not be fetched unknown again, so that they are wanted when they are missed the next time.
    pub fn give_back<'a>(&self, user_ids: impl IntoIterator<Item = &'a str>) {
        let mut inner = self.lock();
        for id in user_ids {
            if matches!(inner.known.get(id), Some(None)) {
                inner.known.remove(id);
                inner.order.retain(|known| &**known != id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // The maps are consistent between any two statements that can panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn put(&mut self, id: Arc<str>, profile: Option<Profile>) {
        if self.known.insert(Arc::clone(&id), profile).is_none() {
            self.order.push_back(id);
            if self.order.len() > MAX_PEOPLE
                && let Some(oldest) = self.order.pop_front()
            {
                self.known.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(login: &str) -> Profile {
        let avatar_url = Some(format!("https://a.example/{login}").into());
        Profile { login: login.into(), display_name: login.into(), avatar_url }
    }

    fn wanted(people: &People) -> Vec<String> {
        people.take_wanted(usize::MAX).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn whoever_is_missed_is_wanted_once() {
        let people = People::default();
        for id in ["1", "2", "1", ""] {
            assert_eq!(people.get(id), None);
        }
        assert_eq!(wanted(&people), ["1", "2"]);
        assert_eq!(people.get("1"), None);
        assert!(wanted(&people).is_empty(), "asked already");
        people.give_back(["1"]);
        assert_eq!(people.get("1"), None);
        assert_eq!(wanted(&people), ["1"], "given back and missed again");
    }

    #[test]
    fn whoever_is_known_is_found_and_not_wanted() {
        let people = People::default();
        people.get("1");
        people.insert("1", profile("ann"));
        assert_eq!(people.avatar("1").as_deref(), Some("https://a.example/ann"));
        assert!(wanted(&people).is_empty());
        people.give_back(["1"]);
        assert!(people.get("1").is_some(), "an answer is not given back");
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let people = People::default();
        for id in 0..=MAX_PEOPLE {
            people.insert(&id.to_string(), profile("x"));
        }
        assert_eq!(people.get("0"), None);
        assert!(people.get("1").is_some());
        for id in 0..MAX_WANTED * 2 {
            people.get(&format!("w{id}"));
        }
        assert_eq!(wanted(&people).len(), MAX_WANTED);
    }
}
