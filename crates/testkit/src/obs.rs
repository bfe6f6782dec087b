//! OBS's WebSocket server (obs-websocket 5), simulated on a real socket: it asks for its password, knows scenes and sources,
//! answers requests as OBS does, tells what happens, and misbehaves on request.

mod remote;
mod requests;
mod socket;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::world::{Input, Out, World};
use crate::shared::{self, Shared};

pub use self::remote::ObsRemote;
pub use self::world::{ObsFault, SimSource};

/// A running simulation. Dropping it closes its port, as a crash does.
#[derive(Debug)]
pub struct SimObs {
    shared: Arc<Shared<World>>,
    address: SocketAddr,
    tasks: TaskTracker,
}

impl Drop for SimObs {
    fn drop(&mut self) {
        self.shared.cancel.cancel();
    }
}

impl SimObs {
    /// Starts on a free port of 127.0.0.1: one scene, `Scene`, with nothing in it, no password.
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
        let app = Router::new().route("/", get(socket::open)).with_state(Arc::clone(&shared));
        let tasks = TaskTracker::new();
        shared::serve(listener, app, cancel, &tasks);
        Ok(Self { shared, address, tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What `POLYCHAT_OBS_URL` has to be.
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    // What there is.

    /// Wants this password from now on.
    pub fn password(&self, password: &str) -> &Self {
        self.change(|world| world.password = Some(password.to_owned()))
    }

    /// Misbehaves from now on.
    pub fn fault(&self, fault: impl Into<Option<ObsFault>>) -> &Self {
        let fault = fault.into();
        self.change(|world| world.fault = fault)
    }

    /// One scene more, above the others.
    pub fn scene(&self, name: &str) -> &Self {
        self.change(|world| world.add_scene(name))
    }

    /// This OBS was built without browser sources.
    pub fn without_browser_sources(&self) -> &Self {
        self.change(|world| world.kinds.retain(|kind| kind != "browser_source"))
    }

    /// A source that somebody has added by hand.
    ///
    /// # Panics
    /// When there is no such scene.
    pub fn source(&self, scene: &str, name: &str, kind: &str, settings: Value) -> &Self {
        self.change(|world| {
            world.inputs.insert(name.to_owned(), Input { kind: kind.to_owned(), settings });
            assert!(world.add_item(scene, name, true).is_some(), "there is no scene {scene}");
            world.tell(3, "InputCreated", &json!({"inputName": name, "inputKind": kind}));
        })
    }

    // What happens.

    /// Another scene goes on air.
    pub fn go_to(&self, scene: &str) -> &Self {
        self.change(|world| {
            scene.clone_into(&mut world.current);
            world.tell(2, "CurrentProgramSceneChanged", &json!({"sceneName": scene}));
        })
    }

    /// Shows or hides a source in a scene.
    pub fn show(&self, scene: &str, source: &str, on: bool) -> &Self {
        self.change(|world| {
            let items = world.scenes.iter_mut().filter(|s| s.name == scene).flat_map(|s| &mut s.items);
            for item in items.filter(|item| item.source == source) {
                item.enabled = on;
            }
            let data = json!({"sceneName": scene, "sceneItemId": 1, "sceneItemEnabled": on});
            world.tell(7, "SceneItemEnableStateChanged", &data);
        })
    }

    /// A source is removed by hand.
    pub fn remove(&self, name: &str) -> &Self {
        self.change(|world| {
            world.inputs.remove(name);
            for scene in &mut world.scenes {
                scene.items.retain(|item| item.source != name);
            }
            world.tell(3, "InputRemoved", &json!({"inputName": name}));
        })
    }

    /// Begins or ends to stream.
    pub fn stream(&self, on: bool) -> &Self {
        self.change(|world| {
            world.streaming = on;
            let state = if on { "OBS_WEBSOCKET_OUTPUT_STARTED" } else { "OBS_WEBSOCKET_OUTPUT_STOPPED" };
            world.tell(6, "StreamStateChanged", &json!({"outputActive": on, "outputState": state}));
        })
    }

    /// Begins or ends to record.
    pub fn record(&self, on: bool) -> &Self {
        self.change(|world| {
            world.recording = on;
            world.tell(6, "RecordStateChanged", &json!({"outputActive": on}));
        })
    }

    /// Somebody throws all clients out.
    pub fn kick(&self) -> &Self {
        self.change(|world| world.send(&Out::Close(4011, "Your session has been invalidated.")))
    }

    /// All connections break without a word.
    pub fn cut(&self) -> &Self {
        self.change(|world| world.send(&Out::Cut))
    }

    /// Says something to everybody, whatever it is.
    pub fn say(&self, text: &str) -> &Self {
        self.change(|world| world.send(&Out::Text(text.to_owned())))
    }

    /// Is closed as a person closes it: takes leave, then its port is free.
    pub async fn quit(self) {
        self.change(|world| {
            world.tell(0, "ExitStarted", &json!({}));
            world.send(&Out::Close(1001, "Server stopping."));
        });
        self.until("everybody has gone", |world| world.clients.is_empty()).await;
        self.shared.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    // What was seen.

    /// Clients that have said who they are.
    pub fn clients(&self) -> usize {
        self.shared.look(|world| world.clients.len())
    }

    /// Connections so far, whatever became of them.
    pub fn attempts(&self) -> usize {
        self.shared.look(|world| world.attempts)
    }

    /// How often this was asked for.
    pub fn asked(&self, request: &str) -> usize {
        self.shared.look(|world| world.asked.get(request).copied().unwrap_or(0))
    }

    /// All sources, by their names.
    pub fn sources(&self) -> Vec<SimSource> {
        self.shared.look(World::sources)
    }

    /// Sources whose button "Refresh cache of current page" was pressed, in that order.
    pub fn refreshed(&self) -> Vec<String> {
        self.shared.look(|world| world.refreshed.clone())
    }

    /// Waits until this many clients have said who they are.
    pub async fn until_clients(&self, count: usize) {
        self.until(&format!("{count} clients are there"), |world| world.clients.len() == count).await;
    }

    /// Waits until so many connections were tried.
    pub async fn until_attempts(&self, count: usize) {
        self.until(&format!("{count} connections were tried"), |world| world.attempts >= count).await;
    }

    /// Waits until so many pages were refreshed.
    pub async fn until_refreshed(&self, count: usize) {
        self.until(&format!("{count} pages were refreshed"), |world| world.refreshed.len() >= count).await;
    }

    /// Waits until a source has this address.
    pub async fn until_url(&self, source: &str, url: &str) {
        let has = |world: &World| world.inputs.get(source).is_some_and(|input| input.settings["url"] == url);
        self.until(&format!("{source} shows {url}"), has).await;
    }

    /// Is called with a line for each change that a client makes.
    pub fn watch(&self, mut told: impl FnMut(&str) + Send + 'static) {
        let (shared, mut changes) = (Arc::clone(&self.shared), self.shared.changes());
        self.tasks.spawn(async move {
            let mut seen = 0;
            loop {
                let lines: Vec<String> = shared.look(|world| world.done.iter().skip(seen).cloned().collect());
                seen += lines.len();
                for line in &lines {
                    told(line);
                }
                if changes.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    async fn until(&self, what: &str, mut so: impl FnMut(&World) -> bool) {
        shared::until(self.shared.changes(), what, || self.shared.look(&mut so)).await;
    }

    fn change(&self, change: impl FnOnce(&mut World)) -> &Self {
        self.shared.change(change);
        self
    }
}
