//! What only a store in Redis has to stand: a server that goes and comes back, and other programs that keep in it, too.
#![cfg(feature = "redis")]
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::sync::mpsc;
use std::time::Duration;

use polychat_model::StorageType;
use polychat_store::{NoRedisAddress, Store};
use polychat_testkit::RedisServer;
use support::{PATIENCE, changes, key, load, look, parts, until};

#[test]
fn it_goes_on_after_a_restart_of_the_program_and_forgets_after_a_day() {
    let Some(redis) = RedisServer::start() else { return };
    for n in 0..3_u32 {
        let store = Store::redis(&redis.url()).unwrap();
        assert_eq!(store.kind(), StorageType::Redis, "known from the start");
        assert_eq!(load(&store, &key("a")).map_or(0, |parts| parts.len()), n as usize);
        store.save(&key("a"), changes(n == 0, &[(n, "x")]));
        store.close(PATIENCE);
        assert_eq!(store.problem(), None);
        assert_eq!(load(&store, &key("a")), None, "a closed store answers, too");
    }
    let keys = redis.ask("KEYS *");
    assert!(keys.starts_with("*1\r\n") && keys.contains("polychat:stats:{twitch:username:a}"), "{keys}");
    let left = redis.ask("TTL polychat:stats:{twitch:username:a}");
    let seconds: u32 = left.trim_start_matches(':').trim().parse().unwrap();
    assert!((86_000..=86_400).contains(&seconds), "{left}");
}

#[test]
fn one_connection_serves_all_channels_and_nobody_asks_for_all_keys() {
    let Some(redis) = RedisServer::start() else { return };
    let store = Store::redis(&redis.url()).unwrap();
    for n in 0..100 {
        store.save(&key(&n.to_string()), changes(true, &[(0, "x")]));
    }
    assert!(load(&store, &key("99")).is_some());
    let clients = redis.ask("CLIENT LIST");
    let ours = clients.lines().filter(|line| line.contains("cmd=") && !line.contains("cmd=client")).count();
    assert_eq!(ours, 1, "{clients}");
    let commands = redis.ask("INFO commandstats");
    assert!(!commands.contains("cmdstat_keys"), "{commands}");
    let evals = commands.lines().find_map(|line| line.strip_prefix("cmdstat_eval:calls=")).expect("scripts ran");
    let evals: u32 = evals.split(',').next().unwrap().parse().unwrap();
    assert_eq!(evals, 101, "each channel was saved once");
}

#[test]
fn a_server_that_is_away_is_told_and_what_was_saved_meanwhile_is_written_when_it_is_back() {
    let Some(mut redis) = RedisServer::start() else { return };
    let url = redis.url();
    redis.kill();
    let store = Store::redis(&url).unwrap();
    assert_eq!(store.kind(), StorageType::Memory, "what is used");
    let problem = store.problem().expect("it is told");
    assert!(problem.contains(&redis.port().to_string()) && problem.contains("cannot be reached"), "{problem}");
    store.save(&key("a"), changes(true, &[(0, "x")]));
    store.save(&key("a"), changes(false, &[(1, "y")]));
    assert_eq!(load(&store, &key("a")), Some(parts(&[(0, "x"), (1, "y")])), "what waits is there");
    assert_eq!(look(&store, &key("a")), None, "what others keep is not");
    redis.start_again();
    until("the writing", || store.kind() == StorageType::Redis && store.problem().is_none());
    store.close(PATIENCE);
    assert_eq!(load(&Store::redis(&url).unwrap(), &key("a")), Some(parts(&[(0, "x"), (1, "y")])));
}

#[test]
fn a_load_waits_until_the_server_answers_again_and_closing_does_not_wait_for_it() {
    let Some(redis) = RedisServer::start() else { return };
    let store = Store::redis(&redis.url()).unwrap();
    store.save(&key("a"), changes(true, &[(0, "before")]));
    assert!(load(&store, &key("a")).is_some());
    redis.pause();
    let (done, loaded) = mpsc::channel();
    store.load(&key("a"), move |parts| {
        _ = done.send(parts);
        Some(changes(false, &[(1, "counted meanwhile")]))
    });
    until("a report", || store.problem().is_some_and(|problem| problem.contains("does not answer")));
    assert_eq!(store.kind(), StorageType::Memory);
    assert!(loaded.try_recv().is_err(), "nobody knows yet what is in it");
    redis.resume();
    assert_eq!(loaded.recv_timeout(PATIENCE).unwrap(), Some(parts(&[(0, "before")])));
    assert_eq!(load(&store, &key("a")), Some(parts(&[(0, "before"), (1, "counted meanwhile")])));
    redis.pause();
    store.save(&key("a"), changes(false, &[(2, "lost")]));
    let begun = std::time::Instant::now();
    store.close(Duration::from_millis(200));
    assert!(begun.elapsed() < PATIENCE, "it returned");
    redis.resume();
}

#[test]
fn a_server_that_lost_everything_asks_for_everything_again() {
    let Some(mut redis) = RedisServer::start() else { return };
    let store = Store::redis(&redis.url()).unwrap();
    store.save(&key("a"), changes(true, &[(0, "head"), (1, "x")]));
    assert!(load(&store, &key("a")).is_some());
    redis.start_again();
    until("the loss", || {
        store.save(&key("a"), changes(false, &[(0, "newer")]));
        store.wants_all(&key("a"))
    });
    assert!(!store.wants_all(&key("a")), "said once");
    assert_eq!(look(&store, &key("a")), None, "a part alone makes no sense");
    store.save(&key("a"), changes(true, &[(0, "newest"), (1, "x")]));
    assert_eq!(load(&store, &key("a")), Some(parts(&[(0, "newest"), (1, "x")])));
}

#[test]
fn who_has_loaded_a_channel_last_goes_on_with_it() {
    let Some(redis) = RedisServer::start() else { return };
    let (one, two) = (Store::redis(&redis.url()).unwrap(), Store::redis(&redis.url()).unwrap());
    one.save(&key("a"), changes(true, &[(0, "one")]));
    until("it is written", || look(&two, &key("a")) == Some(parts(&[(0, "one")])));
    assert_eq!(load(&one, &key("a")), Some(parts(&[(0, "one")])), "looking takes nothing over");
    one.save(&key("a"), changes(false, &[(1, "one")]));
    assert_eq!(load(&one, &key("a")), Some(parts(&[(0, "one"), (1, "one")])));
    assert_eq!(load(&two, &key("a")), Some(parts(&[(0, "one"), (1, "one")])));
    // It stood still and does not know.
    one.save(&key("a"), changes(false, &[(0, "old")]));
    one.save(&key("b"), changes(true, &[(0, "its own")]));
    assert_eq!(look(&one, &key("b")), Some(parts(&[(0, "its own")])), "and with it the old was tried, too");
    assert_eq!(look(&two, &key("a")), Some(parts(&[(0, "one"), (1, "one")])));
    two.save(&key("a"), changes(false, &[(0, "two")]));
    two.close(PATIENCE);
    assert_eq!(look(&one, &key("a")), Some(parts(&[(0, "two"), (1, "one")])));
}

#[test]
fn who_lets_go_writes_nothing_more_and_loads_nothing() {
    let Some(mut redis) = RedisServer::start() else { return };
    let store = Store::redis(&redis.url()).unwrap();
    redis.kill();
    until("a report", || store.problem().is_some());
    store.save(&key("a"), changes(true, &[(0, "old")]));
    let (done, loaded) = mpsc::channel();
    store.load(&key("b"), move |parts| {
        _ = done.send(parts);
        Some(changes(true, &[(0, "old")]))
    });
    store.let_go(&key("a"));
    store.let_go(&key("b"));
    // What it gives back is for others to count.
    assert_eq!(loaded.recv_timeout(PATIENCE), Ok(None), "a load that is not wanted any more is answered");
    redis.start_again();
    until("its return", || store.kind() == StorageType::Redis);
    store.close(PATIENCE);
    assert_eq!(redis.ask("DBSIZE"), ":0\r\n");
}

#[test]
fn who_lets_go_leaves_the_channel_to_others() {
    let Some(redis) = RedisServer::start() else { return };
    let (one, two) = (Store::redis(&redis.url()).unwrap(), Store::redis(&redis.url()).unwrap());
    one.save(&key("a"), changes(true, &[(0, "one")]));
    until("it is written", || look(&two, &key("a")).is_some());
    assert!(load(&two, &key("a")).is_some());
    // As if it had been late: it takes over what is not its own any more, and notices.
    assert!(load(&one, &key("a")).is_some());
    one.let_go(&key("a"));
    until("two to be asked for everything", || {
        two.save(&key("a"), changes(false, &[(0, "two")]));
        two.wants_all(&key("a"))
    });
    two.save(&key("a"), changes(true, &[(0, "two"), (1, "all")]));
    assert_eq!(load(&two, &key("a")), Some(parts(&[(0, "two"), (1, "all")])));
}

#[test]
fn a_password_is_used_and_never_told() {
    let Some(redis) = RedisServer::start() else { return };
    redis.ask("CONFIG SET requirepass hunter2");
    let with = |password: &str| format!("redis://:{password}@127.0.0.1:{}", redis.port());
    let store = Store::redis(&with("hunter2")).unwrap();
    assert_eq!(store.kind(), StorageType::Redis);
    for wrong in [with("guess-me"), redis.url()] {
        let store = Store::redis(&wrong).unwrap();
        assert_eq!(store.kind(), StorageType::Memory);
        let problem = store.problem().expect("it is told");
        assert!(!problem.contains("guess-me") && !problem.contains("hunter2"), "{problem}");
    }
    let error = Store::redis("redis//:hunter2@host").err().unwrap();
    assert_eq!(error, NoRedisAddress);
    assert!(!error.to_string().contains("hunter2"));
}
