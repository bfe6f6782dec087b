//! What there is in the simulated OBS.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;

/// What a client may ask for is counted by this many names at most.
const ASKED_MAX: usize = 500;

/// How it misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObsFault {
    /// Takes connections and says nothing.
    Silent,
    /// Is no WebSocket server at all: answers with a page.
    Page,
    /// Greets with something that is not JSON.
    Garbage,
    /// Greets with a frame of many megabytes.
    Huge,
    /// Speaks an older protocol.
    Older,
    /// Speaks a newer protocol only.
    Newer,
    /// Answers no request.
    Mute,
    /// Answers every request so much later.
    Slow(Duration),
    /// Answers requests with something else than was asked for.
    Nonsense,
    /// Breaks the connection when this is asked for.
    CutAt(&'static str),
}

/// A source, to be looked at by a test.
#[derive(Debug, Clone, PartialEq)]
pub struct SimSource {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Its settings.
    pub settings: Value,
    /// The scenes that it is in.
    pub scenes: Vec<String>,
}

/// What goes to a client.
#[derive(Debug, Clone)]
pub(super) enum Out {
    Text(String),
    Close(u16, &'static str),
    Cut,
}

#[derive(Debug)]
pub(super) struct Client {
    pub(super) out: mpsc::Sender<Out>,
    /// The bits of the events that it wants.
    pub(super) events: u64,
}

#[derive(Debug)]
pub(super) struct Input {
    pub(super) kind: String,
    pub(super) settings: Value,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) source: String,
    pub(super) enabled: bool,
}

#[derive(Debug)]
pub(super) struct Scene {
    pub(super) name: String,
    /// From below.
    pub(super) items: Vec<Item>,
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) password: Option<String>,
    pub(super) fault: Option<ObsFault>,
    /// From below.
    pub(super) scenes: Vec<Scene>,
    pub(super) current: String,
    pub(super) inputs: BTreeMap<String, Input>,
    pub(super) kinds: Vec<String>,
    pub(super) streaming: bool,
    pub(super) recording: bool,
    pub(super) clients: HashMap<u64, Client>,
    pub(super) attempts: usize,
    pub(super) asked: HashMap<String, usize>,
    pub(super) refreshed: Vec<String>,
    /// What clients have changed, a line each.
    pub(super) done: Vec<String>,
    next: u64,
}

impl Default for World {
    fn default() -> Self {
        let kinds = ["browser_source", "color_source", "image_source", "text_ft2_source"];
        let mut world = Self {
            password: None,
            fault: None,
            scenes: Vec::new(),
            current: "Scene".to_owned(),
            inputs: BTreeMap::new(),
            kinds: kinds.map(str::to_owned).to_vec(),
            streaming: false,
            recording: false,
            clients: HashMap::new(),
            attempts: 0,
            asked: HashMap::new(),
            refreshed: Vec::new(),
            done: Vec::new(),
            next: 0,
        };
        world.add_scene("Scene");
        world
    }
}

impl World {
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(super) fn add_scene(&mut self, name: &str) {
        self.scenes.push(Scene { name: name.to_owned(), items: Vec::new() });
    }

    pub(super) fn count(&mut self, request: &str) {
        if self.asked.len() < ASKED_MAX || self.asked.contains_key(request) {
            *self.asked.entry(request.to_owned()).or_default() += 1;
        }
    }

    /// Puts a source into a scene. The item's number; `None` if there is no such scene.
    pub(super) fn add_item(&mut self, scene: &str, source: &str, enabled: bool) -> Option<u64> {
        let id = self.number();
        let scene = self.scenes.iter_mut().find(|s| s.name == scene)?;
        scene.items.push(Item { id, source: source.to_owned(), enabled });
        Some(id)
    }

    /// Whether a source is on air. A scene within the scene counts with what is in it.
    pub(super) fn is_active(&self, source: &str) -> bool {
        let mut scenes = vec![self.current.as_str()];
        let mut at = 0;
        while let Some(name) = scenes.get(at).copied() {
            at += 1;
            let Some(scene) = self.scenes.iter().find(|s| s.name == name) else { continue };
            for item in scene.items.iter().filter(|item| item.enabled) {
                if item.source == source {
                    return true;
                }
                if !scenes.contains(&item.source.as_str()) {
                    scenes.push(&item.source);
                }
            }
        }
        false
    }

    pub(super) fn sources(&self) -> Vec<SimSource> {
        let of = |name: &str| {
            let has = |scene: &&Scene| scene.items.iter().any(|item| item.source == name);
            self.scenes.iter().filter(has).map(|scene| scene.name.clone()).collect()
        };
        let sources = self.inputs.iter().map(|(name, Input { kind, settings })| SimSource {
            name: name.clone(),
            kind: kind.clone(),
            settings: settings.clone(),
            scenes: of(name),
        });
        sources.collect()
    }

    /// Tells an event to those who want its kind.
    pub(super) fn tell(&mut self, bit: u32, kind: &str, data: &Value) {
        let intent = 1_u64 << bit;
        let text = json!({"op": 5, "d": {"eventType": kind, "eventIntent": intent, "eventData": data}}).to_string();
        for client in self.clients.values().filter(|client| client.events & intent != 0) {
            // One that reads nothing misses it.
            _ = client.out.try_send(Out::Text(text.clone()));
        }
    }

    /// To everybody.
    pub(super) fn send(&mut self, out: &Out) {
        for client in self.clients.values() {
            _ = client.out.try_send(out.clone());
        }
    }
}
