//! Keeps in Redis, over restarts and for several programs: one connection, owned by one thread, with one pipeline about once
//! a second for all channels together.
//!
//! A channel is one hash: its parts by their numbers, and `owner`, the program that has loaded it last. What another one saves
//! is refused, so a program that stood still for a while cannot put older numbers in the place of newer ones. While Redis is
//! away what changed waits in memory, merged by its place; that is reported once, and nobody waits for it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ::redis::{Client, Connection, ErrorKind, Pipeline, RedisError};
use polychat_model::ChannelKey;
use tracing::{debug, error, info, warn};

use crate::waiting::{Done, LOADS, Waiting};
use crate::{Changes, Parts};

/// The least time between two pipelines: what is saved meanwhile shares one.
const PAUSE: Duration = Duration::from_secs(1);

/// With so many channels it does not wait any longer, so that nothing has to be given up.
const MANY: usize = 250;

/// How long the thread waits after Redis could not be used.
const RETRY: Duration = Duration::from_secs(1);

/// How long Redis may be silent before it is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(2);

/// How long Redis may take for an answer.
const ANSWER: Duration = Duration::from_secs(2);

/// How long the first connection is waited for, so that a program that starts knows where it keeps.
const FIRST: Duration = Duration::from_secs(1);

/// How much goes into one pipeline before its answers are read.
const PIPELINE_BYTES: usize = 4 << 20;

/// How long a channel is kept after its last saving. Counting begins anew after the same time.
const KEEP_MS: u64 = 24 * 60 * 60 * 1_000;

/// Saves parts. The answer is what became of them: see [`Saved`].
const SAVE: &str = "
    local owner = redis.call('HGET', KEYS[1], 'owner')
    if owner and owner ~= ARGV[1] then return 0 end
    if ARGV[3] == '1' then redis.call('DEL', KEYS[1]) elseif not owner then return 2 end
    redis.call('HSET', KEYS[1], 'owner', ARGV[1])
    for n = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[n], ARGV[n + 1]) end
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return 1";

/// Gives everything and makes this program the owner.
const LOAD: &str = "
    local all = redis.call('HGETALL', KEYS[1])
    redis.call('HSET', KEYS[1], 'owner', ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return all";

/// Lets others save.
const RELEASE: &str = "
    if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('HDEL', KEYS[1], 'owner') end
    return 1";

/// What became of changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Saved {
    /// Another program goes on with this channel.
    Refused = 0,
    /// They are there.
    Kept = 1,
    /// Redis has lost what was saved before, so these make no sense alone.
    Alone = 2,
}

impl Saved {
    fn of(answer: i64) -> Self {
        match answer {
            0 => Self::Refused,
            2 => Self::Alone,
            _ => Self::Kept,
        }
    }
}

/// A load that waits.
struct Load {
    key: ChannelKey,
    /// Whether this program is to be the owner.
    owns: bool,
    done: Done,
}

#[derive(Default)]
struct Queue {
    changes: Waiting,
    loads: VecDeque<Load>,
    /// Channels that others go on with.
    let_go: VecDeque<ChannelKey>,
    problem: Option<String>,
    /// Whether Redis is what is used: it answered the last time.
    usable: bool,
    /// Whether it was tried at all.
    tried: bool,
    closing: bool,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Redis and the thread that speaks with it.
pub(crate) struct Redis {
    shared: Arc<Shared>,
}

impl Redis {
    /// Begins to keep in Redis. Waits for its first answer, but not long.
    ///
    /// # Errors
    /// The address is none.
    pub(crate) fn open(url: &str) -> Result<Self, RedisError> {
        let client = Client::open(url)?;
        let shared = Arc::<Shared>::default();
        let speaker = Speaker {
            shared: shared.clone(),
            owner: format!("{:016x}", random()),
            name: client.get_connection_info().addr().to_string(),
            client,
            connection: None,
            failed_at: None,
            written_at: None,
            heard_at: Instant::now(),
        };
        if let Err(error) = thread::Builder::new().name("statistics".to_owned()).spawn(move || speaker.run()) {
            error!(%error, "statistics cannot be kept");
            shared.lock().closed = true;
        }
        let queue = shared.lock();
        drop(shared.wake.wait_timeout_while(queue, FIRST, |queue| !queue.tried && !queue.closed));
        Ok(Self { shared })
    }

    /// Whether Redis is used at present, and not memory in its place.
    pub(crate) fn is_usable(&self) -> bool {
        self.shared.lock().usable
    }

    pub(crate) fn save(&self, key: &ChannelKey, changes: Changes) {
        let mut queue = self.shared.lock();
        if !queue.closed {
            queue.changes.add(key.clone(), changes);
            self.shared.wake.notify_all();
        }
    }

    pub(crate) fn wants_all(&self, key: &ChannelKey) -> bool {
        self.shared.lock().changes.wants_all(key)
    }

    pub(crate) fn load(&self, key: &ChannelKey, owns: bool, done: Done) {
        let mut queue = self.shared.lock();
        if queue.closed || (!owns && !queue.usable) {
            drop(queue);
            drop(done(None));
            return;
        }
        if queue.loads.len() >= LOADS {
            warn!("too many channels wait for earlier statistics");
            queue.loads.pop_front();
        }
        queue.loads.push_back(Load { key: key.clone(), owns, done });
        self.shared.wake.notify_all();
    }

    pub(crate) fn let_go(&self, key: &ChannelKey) {
        let mut queue = self.shared.lock();
        queue.changes.remove(key);
        let unwanted;
        (unwanted, queue.loads) = std::mem::take(&mut queue.loads)
            .into_iter()
            .partition::<VecDeque<_>, _>(|load| load.owns && load.key == *key);
        if queue.let_go.len() < LOADS && !queue.closed {
            queue.let_go.push_back(key.clone());
            self.shared.wake.notify_all();
        }
        drop(queue);
        for load in unwanted {
            drop((load.done)(None));
        }
    }

    pub(crate) fn problem(&self) -> Option<String> {
        self.shared.lock().problem.clone()
    }

    /// Writes what waits, and waits for it no longer than `limit`.
    pub(crate) fn close(&self, limit: Duration) {
        let mut queue = self.shared.lock();
        queue.closing = true;
        self.shared.wake.notify_all();
        let (queue, _) = self
            .shared
            .wake
            .wait_timeout_while(queue, limit, |queue| !queue.closed)
            .unwrap_or_else(PoisonError::into_inner);
        if !queue.closed {
            warn!("statistics could not be written in time");
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.wake.notify_all();
    }
}

/// A number that no other program has.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    // The one source of randomness of the standard library; nobody has to be kept from guessing it.
    RandomState::new().build_hasher().finish()
}

/// Where a channel is kept.
fn name(key: &ChannelKey) -> String {
    let ChannelKey { platform, identifier_type, identifier } = key;
    format!("polychat:stats:{{{platform}:{}:{identifier}}}", identifier_type.as_str())
}

/// Ends the store however the thread ends.
struct Closed(Arc<Shared>);

impl Drop for Closed {
    fn drop(&mut self) {
        let mut queue = self.0.lock();
        queue.closed = true;
        queue.usable = false;
        queue.changes.clear();
        let loads = std::mem::take(&mut queue.loads);
        drop(queue);
        for load in loads {
            drop((load.done)(None));
        }
        self.0.wake.notify_all();
    }
}

struct Speaker {
    shared: Arc<Shared>,
    client: Client,
    /// Host and port, for people. The address itself may hold a password.
    name: String,
    owner: String,
    connection: Option<Connection>,
    failed_at: Option<Instant>,
    written_at: Option<Instant>,
    heard_at: Instant,
}

impl Speaker {
    fn run(mut self) {
        let _closed = Closed(self.shared.clone());
        self.connect();
        loop {
            let closing = self.wait();
            if self.failed_at.is_none_or(|at| at.elapsed() >= RETRY) || closing {
                self.connect();
            }
            self.commit();
            self.load();
            self.let_go();
            if closing {
                // What was counted before earlier statistics could be loaded.
                self.commit();
                return;
            }
            if self.heard_at.elapsed() >= SILENCE {
                self.attempt(|connection| ::redis::cmd("PING").query::<String>(connection));
            }
        }
    }

    /// Waits for work. True when the store closes.
    fn wait(&self) -> bool {
        let mut queue = self.shared.lock();
        let loads = queue.loads.len();
        loop {
            let due = match (self.failed_at, self.written_at) {
                (Some(failed_at), _) => failed_at + RETRY,
                (None, Some(written_at)) if !queue.changes.is_empty() => written_at + PAUSE,
                (None, None) if !queue.changes.is_empty() => Instant::now(),
                (None, _) => self.heard_at + SILENCE,
            };
            let left = due.saturating_duration_since(Instant::now());
            // What waits in memory is given even when Redis is away.
            let work = match self.failed_at {
                Some(_) => queue.loads.len() != loads,
                None => !queue.loads.is_empty() || !queue.let_go.is_empty() || queue.changes.len() >= MANY,
            };
            if queue.closing || work || left.is_zero() {
                return queue.closing;
            }
            queue = self.shared.wake.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn connect(&mut self) {
        if self.connection.is_some() {
            return;
        }
        let connected = self.client.get_connection_with_timeout(FIRST).and_then(|mut connection| {
            connection.set_read_timeout(Some(ANSWER))?;
            connection.set_write_timeout(Some(ANSWER))?;
            // A Redis that still reads its file, or refuses us, takes connections all the same.
            ::redis::cmd("PING").query::<String>(&mut connection)?;
            Ok(connection)
        });
        match connected {
            Ok(connection) => {
                self.connection = Some(connection);
                // If something waits, it has to be written first.
                if self.shared.lock().changes.is_empty() {
                    self.well();
                } else {
                    (self.failed_at, self.heard_at) = (None, Instant::now());
                }
            }
            Err(error) => self.failed(&error),
        }
        self.shared.lock().tried = true;
        self.shared.wake.notify_all();
    }

    /// Redis did what was asked.
    fn well(&mut self) {
        (self.failed_at, self.heard_at) = (None, Instant::now());
        let mut queue = self.shared.lock();
        queue.usable = true;
        if queue.problem.take().is_some() {
            info!("statistics are kept in Redis again");
        }
    }

    /// Reports trouble the first time.
    fn failed(&mut self, error: &RedisError) {
        (self.connection, self.failed_at) = (None, Some(Instant::now()));
        let text = trouble(&self.name, error);
        let mut queue = self.shared.lock();
        queue.usable = false;
        if queue.problem.is_none() {
            error!(problem = %text, "statistics are kept in memory for now; chat goes on");
        }
        queue.problem = Some(text);
    }

    fn attempt<T>(&mut self, work: impl FnOnce(&mut Connection) -> Result<T, RedisError>) -> Option<T> {
        match work(self.connection.as_mut()?) {
            Ok(done) => {
                self.well();
                Some(done)
            }
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    fn commit(&mut self) {
        if self.connection.is_none() {
            return;
        }
        let changes = self.shared.lock().changes.take();
        if changes.is_empty() {
            return;
        }
        self.written_at = Some(Instant::now());
        let owner = self.owner.clone();
        let Some(answers) = self.attempt(|connection| write(connection, &owner, &changes)) else {
            let mut queue = self.shared.lock();
            queue.changes.put_back(changes);
            let queue = &mut *queue;
            queue.let_go.iter().for_each(|key| queue.changes.remove(key));
            return;
        };
        for ((key, _), answer) in changes.in_order().zip(answers) {
            match Saved::of(answer) {
                Saved::Kept => {}
                Saved::Refused => debug!(channel = %key, "another program keeps the statistics of this channel now"),
                Saved::Alone => {
                    warn!(channel = %key, "Redis has lost earlier statistics; they are saved once more as far as they are known");
                    self.shared.lock().changes.lose(key.clone());
                }
            }
        }
    }

    /// Answers loads. Those that cannot be answered yet go on waiting.
    fn load(&mut self) {
        let loads = std::mem::take(&mut self.shared.lock().loads);
        let mut unanswered = VecDeque::new();
        for load in loads {
            let waiting = self.shared.lock().changes.get(&load.key).cloned();
            let kept = match waiting {
                // Begun anew: nothing in Redis matters.
                Some(Changes { anew: true, parts }) if self.connection.is_none() => Some(Some(parts)),
                // Not written, because Redis has gone meanwhile.
                Some(_) => None,
                None => {
                    let owner = load.owns.then(|| self.owner.clone());
                    self.attempt(|connection| read(connection, owner.as_deref(), &load.key))
                }
            };
            match kept {
                Some(kept) => {
                    if let Some(changes) = (load.done)(kept) {
                        self.shared.lock().changes.add(load.key, changes);
                    }
                }
                None if load.owns && !self.shared.lock().let_go.contains(&load.key) => unanswered.push_back(load),
                None => drop((load.done)(None)),
            }
        }
        let mut queue = self.shared.lock();
        unanswered.append(&mut queue.loads);
        queue.loads = unanswered;
    }

    fn let_go(&mut self) {
        if self.connection.is_none() {
            return;
        }
        let keys = std::mem::take(&mut self.shared.lock().let_go);
        let mut pipeline = ::redis::pipe();
        for key in &keys {
            pipeline.cmd("EVAL").arg(RELEASE).arg(1).arg(name(key)).arg(&self.owner).ignore();
        }
        if !keys.is_empty() && self.attempt(|connection| pipeline.query::<()>(connection)).is_none() {
            self.shared.lock().let_go.extend(keys);
        }
    }
}

/// All changes, in their order, in as few pipelines as their size allows.
fn write(connection: &mut Connection, owner: &str, changes: &Waiting) -> Result<Vec<i64>, RedisError> {
    let mut answers = Vec::with_capacity(changes.len());
    let (mut pipeline, mut bytes) = (::redis::pipe(), 0);
    let send = |pipeline: &mut Pipeline, connection: &mut Connection| {
        std::mem::replace(pipeline, ::redis::pipe()).query::<Vec<i64>>(connection)
    };
    for (key, changes) in changes.in_order() {
        let command = pipeline.cmd("EVAL").arg(SAVE).arg(1).arg(name(key));
        command.arg(owner).arg(KEEP_MS).arg(u8::from(changes.anew));
        for (number, part) in &changes.parts {
            command.arg(*number).arg(part.as_slice());
            bytes += part.len();
        }
        if bytes >= PIPELINE_BYTES {
            bytes = 0;
            answers.extend(send(&mut pipeline, connection)?);
        }
    }
    if answers.len() < changes.len() {
        answers.extend(send(&mut pipeline, connection)?);
    }
    Ok(answers)
}

/// All parts of a channel; with `owner` this program goes on with it.
fn read(connection: &mut Connection, owner: Option<&str>, key: &ChannelKey) -> Result<Option<Parts>, RedisError> {
    let fields: BTreeMap<Vec<u8>, Vec<u8>> = match owner {
        Some(owner) => {
            ::redis::cmd("EVAL").arg(LOAD).arg(1).arg(name(key)).arg(owner).arg(KEEP_MS).query(connection)?
        }
        None => ::redis::cmd("HGETALL").arg(name(key)).query(connection)?,
    };
    let number = |field: Vec<u8>| String::from_utf8(field).ok()?.parse().ok();
    let parts: Parts = fields.into_iter().filter_map(|(field, part)| Some((number(field)?, part))).collect();
    Ok((!parts.is_empty()).then_some(parts))
}

/// What is wrong, in a sentence that holds no password.
fn trouble(name: &str, error: &RedisError) -> String {
    if error.is_timeout() {
        return format!("Redis at {name} does not answer.");
    }
    if error.kind() == ErrorKind::AuthenticationFailed {
        return format!("Redis at {name} refuses the user name or the password.");
    }
    let detail: String = error.detail().map_or_else(|| error.to_string(), str::to_owned).chars().take(200).collect();
    let is_away = error.is_io_error() || error.is_connection_dropped();
    let what = if is_away { "cannot be reached" } else { "cannot be used" };
    format!("Redis at {name} {what}: {detail}.")
}
