//! The connections to Redis, and whether it is there: one for commands, one on which messages are pushed. Two, so that a flood
//! of messages does not hold a renewal up.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metrics::counter;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, ProtocolVersion, PushInfo, PushKind, RedisError, Value};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep, timeout};
use tracing::{info, warn};

use crate::commands::Pushed;

/// How long Redis may take to take a connection, and for an answer.
const ANSWER: Duration = Duration::from_secs(2);

/// How often it is asked whether it is there.
const ASK: Duration = Duration::from_secs(1);

/// How long after a lost or refused connection the next one is tried.
const RETRY: Duration = Duration::from_millis(500);

/// How many messages of one channel may wait for its reader. What is too much is read from the stream later.
const WAITING: usize = 256;

/// Whether Redis is there.
#[derive(Clone)]
pub(crate) enum State {
    /// It is not known yet, since then.
    Unknown(Instant),
    /// It is away, since when and why.
    Away(Instant, Arc<str>),
    /// It answers.
    There(Connections),
}

/// The connections of one time that Redis was there.
#[derive(Clone)]
pub(crate) struct Connections {
    /// Counts the times: what was subscribed before is not any more.
    pub(crate) generation: u64,
    pub(crate) commands: MultiplexedConnection,
    pub(crate) pushes: MultiplexedConnection,
}

/// Where pushed messages go, by the name of their stream.
#[derive(Default)]
struct Routes {
    by_name: Mutex<HashMap<String, (u64, mpsc::Sender<Pushed>)>>,
    count: AtomicU64,
}

impl Routes {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, (u64, mpsc::Sender<Pushed>)>> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a message to its reader. Never waits: it is called by the connection itself.
    fn push(&self, info: PushInfo) {
        let mut data = info.data.into_iter();
        let (Some(Value::BulkString(name)), Some(Value::BulkString(payload))) = (data.next(), data.next()) else {
            return;
        };
        let Ok(name) = String::from_utf8(name) else { return };
        let Some(pushed) = Pushed::parse(&payload) else { return };
        if let Some((_, reader)) = self.lock().get(&name)
            && reader.try_send(pushed).is_err()
        {
            counter!("polychat_cluster_late_total").increment(1);
        }
    }
}

/// The link to Redis, shared by all channels.
pub(crate) struct Link {
    state: watch::Sender<State>,
    routes: Arc<Routes>,
    /// Something failed: Redis is asked at once whether it is there.
    doubt: Arc<Notify>,
    /// Host and port, for people. The address itself may hold a password.
    name: String,
}

/// Listening to one channel. Ends when it is dropped.
pub(crate) struct Listening {
    link: Arc<Link>,
    name: String,
    number: u64,
    pub(crate) messages: mpsc::Receiver<Pushed>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut routes = self.link.routes.lock();
        if routes.get(&self.name).is_none_or(|(number, _)| *number != self.number) {
            // Somebody else of this program listens by now.
            return;
        }
        routes.remove(&self.name);
        drop(routes);
        if let State::There(mut connections) = self.link.state()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (link, name) = (self.link.clone(), self.name.clone());
            runtime.spawn(async move {
                // Not if the channel was opened again meanwhile.
                if !link.routes.lock().contains_key(&name) {
                    _ = connections.pushes.unsubscribe(name).await;
                }
            });
        }
    }
}

impl Link {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            state: watch::Sender::new(State::Unknown(Instant::now())),
            routes: Arc::default(),
            doubt: Arc::default(),
            name: client.get_connection_info().addr().to_string(),
        }
    }

    pub(crate) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    pub(crate) fn changes(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    pub(crate) fn problem(&self) -> Option<String> {
        match &*self.state.borrow() {
            State::Unknown(_) => Some(format!("Redis at {} has not answered yet.", self.name)),
            State::Away(_, why) => Some(why.to_string()),
            State::There(_) => None,
        }
    }

    /// A command failed: is Redis still there?
    pub(crate) fn doubt(&self) {
        self.doubt.notify_one();
    }

    pub(crate) fn close(&self) {
        self.state.send_replace(State::Away(Instant::now(), "This program is stopping.".into()));
    }

    /// Takes what is pushed for a stream. It has to be subscribed, too, each time that Redis is there anew.
    pub(crate) fn listen(self: &Arc<Self>, name: &str) -> Listening {
        let (sender, messages) = mpsc::channel(WAITING);
        let number = self.routes.count.fetch_add(1, Ordering::Relaxed);
        self.routes.lock().insert(name.to_owned(), (number, sender));
        Listening { link: self.clone(), name: name.to_owned(), number, messages }
    }

    /// In a sentence that holds no password.
    fn trouble(&self, error: &RedisError) -> String {
        let name = &self.name;
        if error.is_timeout() {
            return format!("Redis at {name} does not answer.");
        }
        if error.kind() == ErrorKind::AuthenticationFailed {
            return format!("Redis at {name} refuses the user name or the password.");
        }
        let detail: String =
            error.detail().map_or_else(|| error.to_string(), str::to_owned).chars().take(200).collect();
        let is_away = error.is_io_error() || error.is_connection_dropped();
        format!("Redis at {name} {}: {detail}.", if is_away { "cannot be reached" } else { "cannot be used" })
    }

    async fn connect(&self, client: &Client, generation: u64) -> Result<Connections, RedisError> {
        let config =
            || AsyncConnectionConfig::new().set_connection_timeout(Some(ANSWER)).set_response_timeout(Some(ANSWER));
        let mut commands = client.get_multiplexed_async_connection_with_config(&config()).await?;
        // A Redis that still reads its file, or refuses us, takes connections all the same.
        ping(&mut commands).await?;
        // Messages are pushed beside answers only in the third form of the protocol.
        let info = client.get_connection_info().clone();
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let (routes, doubt) = (self.routes.clone(), self.doubt.clone());
        let push = move |info: PushInfo| -> Result<(), std::convert::Infallible> {
            match info.kind {
                PushKind::Message => routes.push(info),
                PushKind::Disconnection => doubt.notify_one(),
                _ => {}
            }
            Ok(())
        };
        let pushing = Client::open(info.set_redis_settings(settings))?;
        let pushes = pushing.get_multiplexed_async_connection_with_config(&config().set_push_sender(push)).await?;
        Ok(Connections { generation, commands, pushes })
    }
}

async fn ping(connection: &mut MultiplexedConnection) -> Result<(), RedisError> {
    redis::cmd("PING").query_async::<String>(connection).await.map(|_| ())
}

/// Keeps the connections: makes them anew when they are lost. Ends only by being dropped.
pub(crate) async fn keep(link: Arc<Link>, client: Client) {
    let mut generation = 0;
    loop {
        let trouble = match link.connect(&client, generation + 1).await {
            Ok(connections) => {
                generation += 1;
                info!(redis = %link.name, "connected to Redis: channels are shared with other programs");
                link.state.send_replace(State::There(connections.clone()));
                watch_over(&link, connections).await
            }
            Err(error) => error,
        };
        let why = link.trouble(&trouble);
        let since = match link.state() {
            State::Away(since, known) if *known == *why => since,
            earlier => {
                let since = match earlier {
                    State::Away(since, _) | State::Unknown(since) => since,
                    State::There(_) => Instant::now(),
                };
                warn!(problem = %why, "channels cannot be shared; each program reads by itself until Redis is back");
                since
            }
        };
        link.state.send_replace(State::Away(since, why.into()));
        sleep(RETRY).await;
    }
}

/// Why they were lost.
async fn watch_over(link: &Link, mut connections: Connections) -> RedisError {
    loop {
        if let Err(error) = ping(&mut connections.commands).await {
            return error;
        }
        if let Err(error) = ping(&mut connections.pushes).await {
            return error;
        }
        // Asked again after a second, or at once when something failed.
        _ = timeout(ASK, link.doubt.notified()).await;
    }
}
