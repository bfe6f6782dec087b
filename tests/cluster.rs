//! Several servers that share the reading of channels through a real Redis server: real processes, killed, stopped and lost by
//! each other, against a simulated Twitch that says by how many it is read.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use polychat_model::saved::Secret;
use polychat_server::{App, Config, Password};
use polychat_testkit::redis::signal_process;
use polychat_testkit::twitch::{SimMessage, SimTwitch};
use polychat_testkit::{RedisServer, SimYoutube};
use serde_json::{Value, json};
use support::{Client, PATIENCE, QUIET, text, youtube};

const CHANNEL: &str = "someone";

/// A server as a process of its own.
struct Server {
    child: Child,
    address: String,
    folder: PathBuf,
    _stdout: BufReader<ChildStdout>,
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Server {
    fn start(sim: &SimTwitch, redis: &RedisServer, name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("polychat-cluster-{}-{}-{name}", std::process::id(), redis.port()));
        let mut program = Command::new(env!("CARGO_BIN_EXE_polychat-server"));
        program.args(["--port", "0", "--twitch-side", "off", "--twitch-irc-url", &sim.irc_url()]);
        program.args(["--7tv-url", "off", "--7tv-events-url", "off", "--bttv-url", "off", "--ffz-url", "off"]);
        // What a test finds wrong is easier to understand with it: POLYCHAT_LOG=info.
        program.arg("--data-dir").arg(&folder).env("REDIS_URL", redis.url()).env_remove("STATS_STORAGE");
        let log = if std::env::var_os("POLYCHAT_LOG").is_some() { Stdio::inherit() } else { Stdio::null() };
        let mut child = program.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        let address =
            first.trim().strip_prefix("Polychat runs at http://").expect("the first line says where").to_owned();
        Self { child, address, folder, _stdout: stdout }
    }

    async fn health(&self) -> Value {
        // As for every HTTP client.
        polychat_platforms::install_provider();
        reqwest::get(format!("http://{}/health", self.address)).await.unwrap().json().await.unwrap()
    }

    /// Who reads the channel, in its words.
    async fn reader(&self) -> String {
        self.health().await["channels"][0]["reader"].as_str().unwrap_or_default().to_owned()
    }

    fn signal(&self, signal: &str) {
        signal_process(self.child.id(), signal);
    }
}

/// Somebody who watches at one server and notes what comes.
struct Watcher {
    client: Client,
    /// How often each text came.
    texts: BTreeMap<String, u32>,
    order: Vec<String>,
    /// How much had been said when it was told that something is missing.
    gaps: Vec<usize>,
}

impl Watcher {
    async fn at(server: &Server) -> Self {
        Self::with(Client::connect_to(&server.address).await).await
    }

    async fn with(mut client: Client) -> Self {
        client.watch_with(CHANNEL, json!({"include": ["events", "moderation"]})).await;
        Self { client, texts: BTreeMap::new(), order: Vec::new(), gaps: Vec::new() }
    }

    fn note(&mut self, frame: &Value) {
        if frame["type"] == "chat" {
            *self.texts.entry(text(frame).to_owned()).or_default() += 1;
            self.order.push(text(frame).to_owned());
        }
        if frame["type"] == "gap" {
            assert_eq!(*frame, json!({"type": "gap", "platform": "twitch", "identifier": CHANNEL, "missed": null}));
            self.gaps.push(self.order.len());
        }
    }

    /// Reads until this was said.
    async fn until_said(&mut self, said: &str) {
        while !self.texts.contains_key(said) {
            let frame = self.client.next().await;
            self.note(&frame);
        }
    }

    /// Reads until all of this was said, and a little longer: each of it came once, and nothing else did.
    async fn heard_once(&mut self, said: &[String]) {
        for text in said {
            self.until_said(text).await;
        }
        while let Ok(frame) = tokio::time::timeout(QUIET, self.client.next()).await {
            self.note(&frame);
        }
        let heard: Vec<(&String, u32)> = self.texts.iter().map(|(text, times)| (text, *times)).collect();
        let mut expected: Vec<(&String, u32)> = said.iter().map(|text| (text, 1)).collect();
        expected.sort_unstable();
        assert_eq!(heard, expected);
    }
}

struct World {
    redis: RedisServer,
    sim: SimTwitch,
    servers: Vec<Server>,
    watchers: Vec<Watcher>,
    said: Vec<String>,
}

impl World {
    /// Three servers, each with somebody who watches. `None` where there is no Redis server.
    async fn start() -> Option<Self> {
        let redis = RedisServer::start()?;
        let sim = SimTwitch::start().await;
        let servers: Vec<Server> = ["one", "two", "three"].map(|name| Server::start(&sim, &redis, name)).into();
        let mut watchers = Vec::new();
        for server in &servers {
            watchers.push(Watcher::at(server).await);
        }
        Some(Self { redis, sim, servers, watchers, said: Vec::new() })
    }

    /// Says so many messages.
    fn say(&mut self, count: usize) {
        for _ in 0..count {
            let said = format!("message {}", self.said.len());
            self.sim.say(CHANNEL, "alice", &said);
            self.said.push(said);
        }
    }

    async fn everybody_heard_once(&mut self) {
        for watcher in &mut self.watchers {
            watcher.heard_once(&self.said).await;
        }
    }

    /// Waits until the servers say that this is how they read.
    async fn until_readers(&self, wanted: &[&str]) {
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        let agreeing = async {
            loop {
                let mut readers = Vec::new();
                for server in &self.servers {
                    readers.push(server.reader().await);
                }
                readers.sort_unstable();
                if readers == wanted {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(PATIENCE, agreeing).await.unwrap_or_else(|_| panic!("never {wanted:?}"));
    }

    async fn until_read_by(&self, count: usize) {
        self.sim.until(&format!("{count} read"), |sim| sim.joined(CHANNEL) == count).await;
    }

    /// The place of the server that reads.
    async fn holder(&self) -> usize {
        for (at, server) in self.servers.iter().enumerate() {
            if server.reader().await == "here" {
                return at;
            }
        }
        panic!("nobody reads");
    }

    /// Waits until statistics at each server have so many messages, and no more.
    async fn until_counted(&mut self, messages: u64) {
        for watcher in &mut self.watchers {
            let counting = async {
                loop {
                    watcher.client.send(json!({"type": "get_stats"})).await;
                    let stats = watcher.client.until(|frame| frame["type"] == "stats").await;
                    let total = stats["data"]["totalMessages"].as_u64().unwrap();
                    assert!(total <= messages, "{total} were counted of {messages}");
                    if total == messages {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
            };
            tokio::time::timeout(PATIENCE, counting).await.expect("all messages are counted everywhere");
        }
    }
}

#[tokio::test]
async fn each_channel_is_read_once_and_everybody_hears_everything() {
    let Some(mut world) = World::start().await else { return };
    world.until_readers(&["here", "elsewhere", "elsewhere"]).await;
    assert_eq!((world.sim.connections_made(), world.sim.joins().len()), (1, 1), "one connection, one JOIN");
    world.say(200);
    world.everybody_heard_once().await;
    for watcher in &world.watchers {
        assert_eq!(watcher.order, world.said, "in their order");
    }
    // What is the same has the same id everywhere; deletions and clearings come, too.
    world.sim.send(CHANNEL, &SimMessage::chat("bad").from("mallory").id("m-bad"));
    world.sim.send(CHANNEL, &SimMessage::delete("m-bad", "mallory", "bad"));
    world.sim.send(CHANNEL, &SimMessage::clear());
    let mut ids = Vec::new();
    for watcher in &mut world.watchers {
        let bad = watcher.client.next_chat().await;
        let deletion = watcher.client.until(|frame| frame["type"] == "moderation").await;
        assert_eq!(deletion["data"]["message_id"], "m-bad");
        let clearing = watcher.client.until(|frame| frame["type"] == "moderation").await;
        assert_eq!(clearing["data"]["action"], "clear");
        ids.push([&bad, &deletion, &clearing].map(|frame| frame["event_id"].as_str().unwrap().to_owned()));
    }
    assert!(ids.iter().all(|of_one| *of_one == ids[0]), "{ids:?}");
    world.until_counted(201).await;
    assert_eq!(world.sim.connections_made(), 1);
}

#[tokio::test]
async fn whoever_comes_later_knows_how_it_stands() {
    let Some(redis) = RedisServer::start() else { return };
    let sim = SimTwitch::start().await;
    let one = Server::start(&sim, &redis, "one");
    let mut first = Watcher::at(&one).await;
    sim.say(CHANNEL, "alice", "before");
    first.until_said("before").await;
    let two = Server::start(&sim, &redis, "two");
    // It waits for `started`, which the platform will not say again.
    let mut second = Watcher::at(&two).await;
    assert_eq!((two.reader().await.as_str(), sim.connections_made()), ("elsewhere", 1));
    sim.say(CHANNEL, "alice", "after");
    second.heard_once(&["after".to_owned()]).await;
    first.heard_once(&["before".to_owned(), "after".to_owned()]).await;
}

#[tokio::test]
async fn a_killed_reader_is_replaced_and_nothing_is_lost_twice_or_counted_twice() {
    let Some(mut world) = World::start().await else { return };
    // The platform repeats what was said while nobody read.
    world.sim.replay_after_rejoin(50);
    world.say(10);
    world.everybody_heard_once().await;
    let holder = world.holder().await;
    // SIGKILL where there is one. What it counted in its last seconds it could not write.
    drop(world.servers.remove(holder));
    world.watchers.remove(holder);
    world.until_read_by(0).await;
    world.say(10);
    world.until_read_by(1).await;
    world.until_readers(&["here", "elsewhere"]).await;
    world.say(10);
    world.everybody_heard_once().await;
    world.until_counted(30).await;
    // And once more: the last one reads.
    let holder = world.holder().await;
    drop(world.servers.remove(holder));
    world.watchers.remove(holder);
    world.until_read_by(1).await;
    world.until_readers(&["here"]).await;
    world.say(10);
    world.everybody_heard_once().await;
    world.until_counted(40).await;
}

#[tokio::test]
async fn who_stops_or_has_no_viewers_hands_over_at_once() {
    let Some(mut world) = World::start().await else { return };
    world.sim.replay_after_rejoin(50);
    world.say(5);
    world.everybody_heard_once().await;
    let holder = world.holder().await;
    let instance = world.servers[holder].health().await["cluster"]["instance"].as_str().unwrap().to_owned();
    let lease = format!("GET polychat:1:{{twitch:username:{CHANNEL}}}:lease");
    assert!(world.redis.ask(&lease).contains(&instance));
    world.servers[holder].signal("-TERM");
    world.servers[holder].child.wait().unwrap();
    assert!(!world.redis.ask(&lease).contains(&instance), "it did not give its lease up");
    drop(world.servers.remove(holder));
    world.watchers.remove(holder);
    world.say(5);
    world.until_read_by(1).await;
    world.everybody_heard_once().await;
    world.until_counted(10).await;
    // Nobody watches there any more; the other one goes on.
    let holder = world.holder().await;
    world.watchers.remove(holder).client.close().await;
    let other = 1 - holder;
    let over = async {
        while world.servers[other].reader().await != "here" {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(2 * PATIENCE, over).await.expect("the other one reads");
    world.until_read_by(1).await;
    world.say(5);
    world.everybody_heard_once().await;
}

#[tokio::test]
async fn without_redis_everybody_reads_and_says_so_until_it_is_back() {
    let Some(mut world) = World::start().await else { return };
    world.say(5);
    world.everybody_heard_once().await;
    world.redis.kill();
    world.until_readers(&["alone", "alone", "alone"]).await;
    world.until_read_by(3).await;
    for server in &world.servers {
        let health = server.health().await;
        let problem = health["cluster"]["problem"].as_str().expect("it says so");
        assert!(problem.contains("127.0.0.1"), "{problem}");
        assert_eq!(health["statistics"]["storage"], "memory");
    }
    for watcher in &mut world.watchers {
        let told = |frame: &Value| frame["status"] == "started" && frame["message"].is_string();
        let frame = watcher.client.until(told).await;
        assert!(frame["message"].as_str().unwrap().contains("Redis is away"), "{frame}");
    }
    world.say(5);
    world.everybody_heard_once().await;
    world.redis.start_again();
    world.until_readers(&["here", "elsewhere", "elsewhere"]).await;
    world.until_read_by(1).await;
    for server in &world.servers {
        assert_eq!(server.health().await["cluster"]["problem"], Value::Null);
    }
    world.say(5);
    world.everybody_heard_once().await;
    world.until_counted(15).await;
}

#[tokio::test]
async fn a_restart_of_redis_sends_nobody_to_the_platform_and_loses_nothing() {
    let Some(mut world) = World::start().await else { return };
    world.say(5);
    world.everybody_heard_once().await;
    let holder = world.holder().await;
    world.redis.kill();
    world.say(5);
    world.redis.start_again();
    world.say(5);
    world.everybody_heard_once().await;
    world.until_counted(15).await;
    assert_eq!(world.holder().await, holder, "who has the numbers goes on");
    assert_eq!(world.sim.connections_made(), 1);
}

#[tokio::test]
async fn messages_that_were_not_pushed_are_read_from_the_stream() {
    let Some(mut world) = World::start().await else { return };
    for _ in 0..3 {
        // Nobody listens for a moment; who reads goes on telling.
        let killed = world.redis.ask("CLIENT KILL TYPE pubsub");
        assert!(killed.starts_with(':'), "{killed}");
        world.say(20);
        world.everybody_heard_once().await;
    }
    world.until_readers(&["here", "elsewhere", "elsewhere"]).await;
    assert_eq!(world.sim.connections_made(), 1, "for that nobody asks the platform");
}

#[tokio::test]
async fn who_was_away_for_longer_than_messages_are_kept_says_that_some_are_missing() {
    let Some(mut world) = World::start().await else { return };
    world.say(5);
    world.everybody_heard_once().await;
    let holder = world.holder().await;
    let (away, there) = ((holder + 1) % 3, (holder + 2) % 3);
    world.servers[away].signal("-STOP");
    // What would be pushed to it meanwhile does not wait for it.
    world.redis.ask("CLIENT KILL TYPE pubsub");
    for _ in 0..600 {
        // One by one, so that each is told by itself and nobody else is late.
        world.say(1);
        let said = world.said.last().unwrap().clone();
        world.watchers[there].until_said(&said).await;
    }
    for at in [holder, there] {
        world.watchers[at].heard_once(&world.said).await;
    }
    world.servers[away].signal("-CONT");
    let watcher = &mut world.watchers[away];
    watcher.until_said(world.said.last().unwrap()).await;
    assert_eq!(watcher.gaps, [5], "between what it had and what comes now");
    let heard = watcher.order.len() - 5;
    assert!((200..600).contains(&heard), "{heard}");
    assert_eq!(watcher.order[5..], world.said[world.said.len() - heard..], "the newest, in order");
    let gaps = |watcher: &Watcher| watcher.gaps.len();
    assert_eq!([gaps(&world.watchers[holder]), gaps(&world.watchers[there])], [0, 0]);
    world.say(5);
    let said = world.said.last().unwrap().clone();
    world.watchers[away].until_said(&said).await;
    assert_eq!(gaps(&world.watchers[away]), 1, "told once");
}

#[tokio::test]
async fn a_redis_that_stands_still_holds_nobody_up() {
    let Some(mut world) = World::start().await else { return };
    world.say(5);
    world.everybody_heard_once().await;
    world.redis.pause();
    let holder_heard = async {
        // Nobody waits for Redis: not even those who were read for, after a moment.
        world.say(5);
        world.until_readers(&["alone", "alone", "alone"]).await;
    };
    holder_heard.await;
    world.until_read_by(3).await;
    world.say(5);
    // What was said before the others read by themselves comes with Redis.
    for (watcher, said) in world.watchers.iter_mut().zip(std::iter::repeat(&world.said[10..])) {
        watcher.until_said(said.last().unwrap()).await;
    }
    world.redis.resume();
    world.until_readers(&["here", "elsewhere", "elsewhere"]).await;
    world.until_read_by(1).await;
    world.say(5);
    let said = world.said.clone();
    for watcher in &mut world.watchers {
        watcher.until_said(said.last().unwrap()).await;
        assert!(watcher.texts.values().all(|&times| times == 1), "{:?}", watcher.texts);
    }
}

#[tokio::test]
async fn a_reader_that_stood_still_stops_publishing_when_another_one_reads() {
    let Some(mut world) = World::start().await else { return };
    world.say(5);
    world.everybody_heard_once().await;
    let holder = world.holder().await;
    world.servers[holder].signal("-STOP");
    // Its socket stays open, so two are in the channel once another one reads.
    world.until_read_by(2).await;
    world.say(20);
    for (at, watcher) in world.watchers.iter_mut().enumerate() {
        if at != holder {
            watcher.heard_once(&world.said).await;
        }
    }
    world.servers[holder].signal("-CONT");
    // It finds 20 messages in its socket and a lease that is not its own any more.
    world.until_read_by(1).await;
    world.until_readers(&["here", "elsewhere", "elsewhere"]).await;
    assert_ne!(world.holder().await, holder);
    world.say(5);
    world.everybody_heard_once().await;
    world.until_counted(30).await;
}

#[tokio::test]
async fn the_end_of_a_channel_is_told_everywhere() {
    let Some(mut world) = World::start().await else { return };
    world.say(1);
    world.everybody_heard_once().await;
    world.sim.close_channel(CHANNEL);
    for watcher in &mut world.watchers {
        let error = watcher.client.until(|frame| frame["type"] == "error").await;
        assert!(error["code"] == "STREAM_ENDED" || error["code"] == "STREAM_NOT_FOUND", "{error}");
    }
    for server in &world.servers {
        let mut client = Client::connect_to(&server.address).await;
        client.send(json!({"type": "subscribe", "platform": "twitch", "identifier": CHANNEL})).await;
        let error = client.until(|frame| frame["type"] == "error").await;
        assert_eq!(error["code"], "STREAM_NOT_FOUND", "{error}");
    }
}

#[tokio::test]
async fn a_lost_platform_is_told_everywhere_and_read_by_one_again() {
    let Some(mut world) = World::start().await else { return };
    world.say(1);
    world.everybody_heard_once().await;
    world.sim.refuse(true).await;
    world.sim.reset();
    for watcher in &mut world.watchers {
        watcher.client.until_status("reconnecting").await;
    }
    world.sim.refuse(false).await;
    for watcher in &mut world.watchers {
        watcher.client.until_status("started").await;
    }
    world.until_read_by(1).await;
    world.say(5);
    world.everybody_heard_once().await;
}

#[tokio::test]
async fn who_cannot_reach_the_platform_lets_another_one_try() {
    let Some(redis) = RedisServer::start() else { return };
    let (sim, unreachable) = (SimTwitch::start().await, SimTwitch::start().await);
    unreachable.refuse(true).await;
    let one = Server::start(&unreachable, &redis, "one");
    let mut first = Client::connect_to(&one.address).await;
    first.send(json!({"type": "subscribe", "platform": "twitch", "identifier": CHANNEL})).await;
    first.until_status("reconnecting").await;
    assert_eq!(one.reader().await, "here");
    let two = Server::start(&sim, &redis, "two");
    let mut second = Client::connect_to(&two.address).await;
    second.send(json!({"type": "subscribe", "platform": "twitch", "identifier": CHANNEL})).await;
    for client in [&mut first, &mut second] {
        client.until_status("started").await;
    }
    sim.say(CHANNEL, "alice", "there");
    for client in [&mut first, &mut second] {
        assert_eq!(text(&client.next_chat().await), "there");
    }
    assert_eq!((one.reader().await.as_str(), two.reader().await.as_str()), ("elsewhere", "here"));
    // The other one has nobody to offer it to.
    drop(one);
    sim.refuse(true).await;
    sim.reset();
    second.until_status("reconnecting").await;
    tokio::time::sleep(Duration::from_secs(12)).await;
    sim.refuse(false).await;
    second.until_status("started").await;
    sim.say(CHANNEL, "alice", "again");
    assert_eq!(text(&second.next_chat().await), "again");
    sim.until("one reads", |sim| sim.joined(CHANNEL) == 1).await;
}

/// Two servers of this process that share one YouTube.
async fn two_of_youtube(sim: &SimYoutube, twitch: &SimTwitch, redis: &RedisServer) -> [App; 2] {
    let settings = || -> Config {
        let mut config = youtube::settings(sim, twitch);
        config.stats.stats_storage = None;
        config.redis_url = Some(Password(Secret::new(redis.url())));
        config
    };
    [App::start(settings()).await.unwrap(), App::start(settings()).await.unwrap()]
}

#[tokio::test]
async fn a_channel_that_is_not_live_is_waited_for_by_one_and_begins_everywhere() {
    let Some(redis) = RedisServer::start() else { return };
    let (sim, twitch) = (SimYoutube::start().await, SimTwitch::start().await);
    sim.add_channel("luna", "Luna Paints");
    let apps = two_of_youtube(&sim, &twitch, &redis).await;
    let mut clients = Vec::new();
    for app in &apps {
        let mut client = Client::connect(app).await;
        client.send(json!({"type": "subscribe", "platform": "youtube", "identifier": "luna", "wait": true})).await;
        client.until_status("waiting").await;
        clients.push(client);
        let mut hasty = Client::connect(app).await;
        hasty.send(json!({"type": "subscribe", "platform": "youtube", "identifier": "luna"})).await;
        let error = hasty.until(|frame| frame["type"] == "error").await;
        assert_eq!(error["code"], "STREAM_NOT_LIVE", "who does not wait is told so");
    }
    let video = sim.start_stream("luna", "painting wings");
    for client in &mut clients {
        let started = client.until_status("started").await;
        assert_eq!(started["liveId"], json!(video));
        assert_eq!(started["owner"]["display_name"], "Luna Paints");
    }
    sim.say(&video, "alice", "first!");
    for client in &mut clients {
        assert_eq!(youtube::next_text(client).await, "first!");
    }
    for app in &apps {
        app.stop().await;
    }
}
