//! 7TV with its live updates, BTTV and FrankerFaceZ, simulated on real sockets, with every way in which they fail.

mod rest;
mod socket;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::world::{Channel, Out, World};
use crate::shared::{self, Shared};

pub use self::world::{EmoteFault, EmoteService};

/// One emote, in no provider's words yet.
#[derive(Debug, Clone)]
pub struct SimEmote {
    pub(crate) id: String,
    pub(crate) word: String,
    pub(crate) zero_width: bool,
    pub(crate) animated: bool,
    pub(crate) modifier: bool,
}

impl SimEmote {
    /// An emote that stands still.
    pub fn new(id: &str, word: &str) -> Self {
        let (id, word) = (id.to_owned(), word.to_owned());
        Self { id, word, zero_width: false, animated: false, modifier: false }
    }

    /// Drawn over the emote before it.
    pub fn zero_width(mut self) -> Self {
        self.zero_width = true;
        self
    }

    /// Moves.
    pub fn animated(mut self) -> Self {
        self.animated = true;
        self
    }

    /// A word that changes another emote, and is none itself.
    pub fn modifier(mut self) -> Self {
        self.modifier = true;
        self
    }
}

/// A running simulation. Dropping it closes its port.
#[derive(Debug)]
pub struct SimEmotes {
    shared: Arc<Shared<World>>,
    address: SocketAddr,
}

impl Drop for SimEmotes {
    fn drop(&mut self) {
        self.shared.cancel.cancel();
    }
}

impl SimEmotes {
    /// Starts on a free port of 127.0.0.1, with no emotes.
    pub async fn start() -> Self {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a free port on 127.0.0.1")
    }

    /// Starts at `address`.
    ///
    /// # Errors
    /// The system's, when the address is taken.
    pub async fn start_at(address: SocketAddr) -> std::io::Result<Self> {
        let (listener, address) = shared::listen(address).await?;
        let cancel = CancellationToken::new();
        let shared = Arc::new(Shared::new(World::default(), cancel.clone()));
        let app = Router::new()
            .route("/7tv/emote-sets/{id}", get(rest::seventv_set))
            .route("/7tv/users/{platform}/{id}", get(rest::seventv_user))
            .route("/7tv-events", get(socket::open))
            .route("/bttv/cached/emotes/global", get(rest::bttv_global))
            .route("/bttv/cached/users/{platform}/{id}", get(rest::bttv_user))
            .route("/ffz/set/global", get(rest::ffz_global))
            .route("/ffz/room/id/{id}", get(rest::ffz_room))
            .with_state(Arc::clone(&shared));
        shared::serve(listener, app, cancel, &TaskTracker::new());
        Ok(Self { shared, address })
    }

    /// What `POLYCHAT_7TV_URL` has to be.
    pub fn seventv_url(&self) -> String {
        format!("http://{}/7tv", self.address)
    }

    /// What `POLYCHAT_7TV_EVENTS_URL` has to be.
    pub fn seventv_events_url(&self) -> String {
        format!("ws://{}/7tv-events", self.address)
    }

    /// What `POLYCHAT_BTTV_URL` has to be.
    pub fn bttv_url(&self) -> String {
        format!("http://{}/bttv", self.address)
    }

    /// What `POLYCHAT_FFZ_URL` has to be.
    pub fn ffz_url(&self) -> String {
        format!("http://{}/ffz", self.address)
    }

    // What there is.

    /// An emote of everybody.
    pub fn global(&self, service: EmoteService, emote: SimEmote) -> &Self {
        self.change(|world| world.global.entry(service).or_default().push(emote))
    }

    /// An emote of a channel (`twitch`, its id). With 7TV it goes into the set that the channel uses, silently.
    pub fn channel(&self, service: EmoteService, platform: &str, id: &str, emote: SimEmote) -> &Self {
        self.change(|world| match service {
            EmoteService::SevenTv => {
                let set = world.set_of(platform, id);
                world.sets.entry(set).or_default().push(emote);
            }
            _ => world.channels.entry((service, platform.to_owned(), id.to_owned())).or_default().push(emote),
        })
    }

    /// 7TV answers as before August 2026: with the whole set in the answer about a channel.
    pub fn embed_sets(&self, embed: bool) -> &Self {
        self.change(|world| world.embeds_sets = embed)
    }

    // 7TV changes, and tells it live. Each gives how many connections were told.

    /// An emote was put into the channel's set.
    pub fn add(&self, platform: &str, id: &str, emote: SimEmote) -> usize {
        let value = rest::active_emote(&emote);
        let set = self.in_set(platform, id, |emotes| emotes.push(emote));
        self.tell_set(&set, &json!({"pushed": [{"key": "emotes", "index": 0, "type": "object", "value": value}]}))
    }

    /// An emote was taken out.
    pub fn remove(&self, platform: &str, id: &str, emote: &str) -> usize {
        let set = self.in_set(platform, id, |emotes| emotes.retain(|e| e.id != emote));
        let old = json!({"id": emote, "name": "?", "flags": 0});
        self.tell_set(&set, &json!({"pulled": [{"key": "emotes", "index": 0, "old_value": old, "value": null}]}))
    }

    /// An emote has another word now.
    pub fn rename(&self, platform: &str, id: &str, emote: &str, word: &str) -> usize {
        let mut value = (Value::Null, Value::Null);
        let set = self.in_set(platform, id, |emotes| {
            for e in emotes.iter_mut().filter(|e| e.id == emote) {
                value.0 = rest::active_emote(e);
                word.clone_into(&mut e.word);
                value.1 = rest::active_emote(e);
            }
        });
        let entry = json!({"key": "emotes", "index": 0, "old_value": value.0, "value": value.1});
        self.tell_set(&set, &json!({"updated": [entry]}))
    }

    /// The channel uses another set, with these emotes.
    pub fn switch(&self, platform: &str, id: &str, set: &str, emotes: Vec<SimEmote>) -> usize {
        let user = self.shared.change(|world| {
            world.sets.insert(set.to_owned(), emotes);
            let channel = world.channel(platform, id);
            set.clone_into(&mut channel.set);
            channel.user.clone()
        });
        let value = json!({"key": "emote_set_id", "index": null, "value": set});
        let updated = json!([{"key": "connections", "index": 0, "nested": true, "value": [value]}]);
        self.tell("user.update", &user, &json!({"id": user, "kind": 1, "updated": updated}))
    }

    /// 7TV's events say this to everybody.
    pub fn say(&self, text: &str) -> &Self {
        self.to_all(|| Out::Text(text.to_owned()))
    }

    /// Every connection to 7TV's events is cut.
    pub fn cut(&self) -> &Self {
        self.to_all(|| Out::Cut)
    }

    /// Every connection to 7TV's events is closed with this code.
    pub fn close(&self, code: u16) -> &Self {
        self.to_all(|| Out::Close(code))
    }

    // What goes wrong.

    /// From now on `service` fails like this, until [`well`](Self::well).
    pub fn fault(&self, service: EmoteService, fault: EmoteFault) -> &Self {
        self.change(|world| world.faults.insert(service, fault))
    }

    /// `service` works again.
    pub fn well(&self, service: EmoteService) -> &Self {
        self.change(|world| world.faults.remove(&service))
    }

    // What was asked.

    /// How many requests a service had; for the events: connections.
    pub fn count(&self, service: EmoteService) -> u64 {
        self.shared.look(|world| world.counts.get(&service).copied().unwrap_or(0))
    }

    /// How many connections follow the set that a channel uses.
    pub fn followers(&self, platform: &str, id: &str) -> usize {
        self.shared.look(|world| {
            let set = world.users.get(&(platform.to_owned(), id.to_owned())).map(|c| c.set.clone()).unwrap_or_default();
            world.connections.values().filter(|c| c.follows("emote_set.update", &set)).count()
        })
    }

    /// Waits until something is so; looks after every request and every change.
    ///
    /// # Panics
    /// After half a minute, with `what`.
    pub async fn until(&self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        shared::until(self.shared.changes(), what, || so(self)).await;
    }

    fn in_set(&self, platform: &str, id: &str, change: impl FnOnce(&mut Vec<SimEmote>)) -> String {
        self.shared.change(|world| {
            let set = world.set_of(platform, id);
            change(world.sets.entry(set.clone()).or_default());
            set
        })
    }

    fn tell_set(&self, set: &str, change: &Value) -> usize {
        let mut body = json!({"id": set, "kind": 3, "actor": {"display_name": "Somebody"}});
        for (key, value) in change.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        self.tell("emote_set.update", set, &body)
    }

    fn tell(&self, kind: &str, id: &str, body: &Value) -> usize {
        let frame = json!({"op": 0, "t": 0, "d": {"type": kind, "body": body}}).to_string();
        self.shared.change(|world| {
            let told = world.connections.values().filter(|connection| connection.follows(kind, id));
            told.filter(|connection| connection.out.try_send(Out::Text(frame.clone())).is_ok()).count()
        })
    }

    fn to_all(&self, make: impl Fn() -> Out) -> &Self {
        self.change(|world| {
            for connection in world.connections.values() {
                // Somebody who reads nothing gets nothing more.
                drop(connection.out.try_send(make()));
            }
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> &Self {
        self.shared.change(change);
        self
    }
}

impl World {
    fn channel(&mut self, platform: &str, id: &str) -> &mut Channel {
        // Letters and digits, as all ids of 7TV.
        let plain: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        let ids = (format!("user{platform}{plain}"), format!("set{platform}{plain}"));
        let key = (platform.to_owned(), id.to_owned());
        self.users.entry(key).or_insert_with(|| Channel { user: ids.0, set: ids.1 })
    }

    fn set_of(&mut self, platform: &str, id: &str) -> String {
        self.channel(platform, id).set.clone()
    }
}
