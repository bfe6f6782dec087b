//! One suite for every kind of store.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use polychat_model::{ChannelKey, IdentifierType, Platform, StorageType};
use polychat_store::Store;
use polychat_testkit::RedisServer;
use rusqlite::Connection;
use support::{Folder, PATIENCE, changes, key, load, look, parts, until};

/// One of each kind; that in Redis only where there is a Redis server.
struct Stores {
    list: Vec<Store>,
    _redis: Option<RedisServer>,
}

fn stores(folder: &Folder) -> Stores {
    let mut list = vec![Store::memory(), Store::sqlite(folder.file())];
    let redis = RedisServer::start();
    #[cfg(feature = "redis")]
    list.extend(redis.as_ref().map(|redis| Store::redis(&redis.url()).unwrap()));
    #[cfg(not(feature = "redis"))]
    println!("SKIPPED: not tried with Redis, as the feature redis is off.");
    Stores { list, _redis: redis }
}

#[test]
fn what_was_saved_is_there_at_once_and_changes_are_added() {
    let folder = Folder::new();
    for store in &stores(&folder).list {
        assert_eq!(load(store, &key("a")), None);
        store.save(&key("a"), changes(true, &[(0, "head"), (7, "x")]));
        store.save(&key("a"), changes(false, &[(0, "newer"), (9, "y")]));
        store.save(&key("b"), changes(true, &[(1, "of b")]));
        assert_eq!(load(store, &key("a")), Some(parts(&[(0, "newer"), (7, "x"), (9, "y")])), "{:?}", store.kind());
        assert_eq!(load(store, &key("b")), Some(parts(&[(1, "of b")])));
        store.save(&key("a"), changes(true, &[(0, "anew")]));
        assert_eq!(load(store, &key("a")), Some(parts(&[(0, "anew")])), "{:?}", store.kind());
    }
}

#[test]
fn channels_are_told_apart_by_platform_and_kind() {
    let folder = Folder::new();
    for store in &stores(&folder).list {
        let keys = [
            key("same"),
            ChannelKey::new(Platform::Youtube, IdentifierType::Username, "same"),
            ChannelKey::new(Platform::Youtube, IdentifierType::LiveId, "same"),
        ];
        for (key, text) in keys.iter().zip(["1", "2", "3"]) {
            store.save(key, changes(true, &[(0, text)]));
        }
        for (key, text) in keys.iter().zip(["1", "2", "3"]) {
            assert_eq!(load(store, key), Some(parts(&[(0, text)])), "{:?}", store.kind());
        }
    }
}

#[test]
fn what_is_loaded_for_others_to_go_on_with_is_the_same_and_saving_goes_on() {
    let folder = Folder::new();
    for store in &stores(&folder).list {
        store.save(&key("a"), changes(true, &[(0, "x")]));
        assert_eq!(load(store, &key("a")), Some(parts(&[(0, "x")])), "{:?}", store.kind());
        assert_eq!(look(store, &key("a")), Some(parts(&[(0, "x")])), "{:?}", store.kind());
        assert_eq!(look(store, &key("b")), None);
        store.save(&key("a"), changes(false, &[(1, "y")]));
        assert_eq!(load(store, &key("a")), Some(parts(&[(0, "x"), (1, "y")])), "{:?}", store.kind());
        assert!(!store.wants_all(&key("a")) && store.problem().is_none());
    }
}

#[test]
fn what_a_load_gives_back_is_saved_and_large_parts_and_strange_names_are_kept() {
    let folder = Folder::new();
    for store in &stores(&folder).list {
        let key = ChannelKey::new(Platform::Youtube, IdentifierType::Username, "名} {*?\r\n\u{0}");
        let large = "x".repeat(6 << 20);
        store.save(&key, changes(true, &[(0, "small"), (5_000, &large)]));
        let (done, loaded) = mpsc::channel();
        store.load(&key, move |parts| {
            _ = done.send(parts);
            Some(changes(false, &[(0, "given back")]))
        });
        assert_eq!(loaded.recv_timeout(PATIENCE).unwrap(), Some(parts(&[(0, "small"), (5_000, &large)])));
        assert_eq!(load(store, &key), Some(parts(&[(0, "given back"), (5_000, &large)])), "{:?}", store.kind());
    }
}

#[test]
fn hundreds_of_channels_are_kept_and_closing_writes_what_waits() {
    let folder = Folder::new();
    for store in &stores(&folder).list {
        // More than may wait while nothing can be written, so they must not wait for the next turn.
        for n in 0..400 {
            store.save(&key(&format!("of {n}")), changes(true, &[(0, &n.to_string())]));
        }
        assert_eq!(load(store, &key("of 7")), Some(parts(&[(0, "7")])), "{:?}", store.kind());
        assert_eq!(load(store, &key("of 399")), Some(parts(&[(0, "399")])), "{:?}", store.kind());
        store.close(PATIENCE);
    }
}

#[test]
fn memory_keeps_a_bounded_number_of_channels() {
    let store = Store::memory();
    assert_eq!(store.kind(), StorageType::Memory);
    for n in 0..600 {
        store.save(&key(&n.to_string()), changes(true, &[(0, "x")]));
    }
    let kept = (0..600).filter(|n| load(&store, &key(&n.to_string())).is_some()).count();
    assert_eq!(kept, 500);
    assert!(load(&store, &key("599")).is_some(), "the oldest go first");
}

#[test]
fn a_file_goes_on_after_a_restart() {
    let folder = Folder::new();
    for n in 0..3_u32 {
        let store = Store::sqlite(folder.file());
        assert_eq!(store.kind(), StorageType::Sqlite);
        assert_eq!(load(&store, &key("a")).map_or(0, |parts| parts.len()), n as usize);
        store.save(&key("a"), changes(n == 0, &[(n, "x")]));
        store.close(PATIENCE);
        assert_eq!(store.problem(), None);
        assert_eq!(load(&store, &key("a")), None, "a closed store answers, too");
    }
}

#[test]
fn what_was_committed_survives_a_program_that_does_not_close() {
    let folder = Folder::new();
    let store = Store::sqlite(folder.file());
    store.save(&key("a"), changes(true, &[(0, "x")]));
    // A load comes after everything that was saved.
    load(&store, &key("a"));
    let second = Store::sqlite(folder.file());
    assert_eq!(load(&second, &key("a")), Some(parts(&[(0, "x")])), "another program reads it from the file");
}

#[test]
fn a_damaged_file_is_put_aside_and_a_new_one_begun() {
    let folder = Folder::new();
    fs::create_dir_all(folder.file().parent().unwrap()).unwrap();
    fs::write(folder.file(), vec![b'?'; 10_000]).unwrap();
    let store = Store::sqlite(folder.file());
    store.save(&key("a"), changes(true, &[(0, "x")]));
    assert_eq!(load(&store, &key("a")), Some(parts(&[(0, "x")])));
    store.close(PATIENCE);
    let aside = folder.path().join("statistics.sqlite3.damaged");
    assert_eq!(fs::read(aside).unwrap(), vec![b'?'; 10_000], "nothing is thrown away");
    assert_eq!(load(&Store::sqlite(folder.file()), &key("a")), Some(parts(&[(0, "x")])));
}

#[test]
fn a_file_that_is_damaged_while_it_is_used_is_replaced() {
    let folder = Folder::new();
    let store = Store::sqlite(folder.file());
    for n in 0..200 {
        store.save(&key(&n.to_string()), changes(true, &[(0, &"x".repeat(2_000))]));
    }
    store.close(PATIENCE);
    let mut bytes = fs::read(folder.file()).unwrap();
    // The head stays as it is, so that it opens.
    bytes[4_096..].fill(0xa5);
    fs::write(folder.file(), bytes).unwrap();
    let store = Store::sqlite(folder.file());
    until("a new file", || {
        store.save(&key("a"), changes(true, &[(0, "x")]));
        load(&store, &key("a")) == Some(parts(&[(0, "x")])) && store.problem().is_none()
    });
}

#[test]
fn a_locked_file_is_reported_and_nothing_is_lost() {
    let folder = Folder::new();
    Store::sqlite(folder.file()).close(PATIENCE);
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let store = Store::sqlite(folder.file());
    store.save(&key("a"), changes(true, &[(0, "x")]));
    until("a report", || store.problem().is_some_and(|problem| problem.contains("locked")));
    store.save(&key("a"), changes(false, &[(1, "y")]));
    assert_eq!(load(&store, &key("a")), Some(parts(&[(0, "x"), (1, "y")])), "what waits is there");
    other.execute_batch("COMMIT").unwrap();
    until("the writing", || store.problem().is_none());
    store.close(PATIENCE);
    assert_eq!(load(&Store::sqlite(folder.file()), &key("a")), Some(parts(&[(0, "x"), (1, "y")])));
}

#[test]
fn a_file_of_a_newer_program_and_a_folder_that_cannot_be_written_are_left_alone() {
    let folder = Folder::new();
    Store::sqlite(folder.file()).close(PATIENCE);
    Connection::open(folder.file()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let store = Store::sqlite(folder.file());
    store.save(&key("a"), changes(true, &[(0, "x")]));
    until("a report", || store.problem().is_some_and(|problem| problem.contains("newer")));
    assert_eq!(load(&store, &key("a")), Some(parts(&[(0, "x")])), "meanwhile memory keeps it");
    store.close(PATIENCE);
    let form: i64 =
        Connection::open(folder.file()).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(form, 99);
    let blocked = Store::sqlite(folder.file().join("below-a-file"));
    blocked.save(&key("a"), changes(true, &[(0, "x")]));
    until("a report", || blocked.problem().is_some());
}

#[test]
fn a_load_waits_until_a_locked_file_can_be_read_and_adds_what_came_meanwhile() {
    let folder = Folder::new();
    let store = Store::sqlite(folder.file());
    store.save(&key("a"), changes(true, &[(0, "before"), (1, "before")]));
    store.close(PATIENCE);
    let other = Connection::open(folder.file()).unwrap();
    other.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let store = Store::sqlite(folder.file());
    let (done, loaded) = mpsc::channel();
    for n in 0..2 {
        let done = done.clone();
        store.load(&key("a"), move |parts| {
            _ = done.send(parts);
            (n == 0).then(|| changes(false, &[(1, "counted meanwhile")]))
        });
    }
    until("a report", || store.problem().is_some_and(|problem| problem.contains("locked")));
    assert!(loaded.try_recv().is_err(), "nobody knows yet what is in the file");
    assert!(!is_answered_at_once(&store, &key("b")), "nor for other channels");
    drop(other);
    assert_eq!(loaded.recv_timeout(PATIENCE).unwrap(), Some(parts(&[(0, "before"), (1, "before")])));
    let second = loaded.recv_timeout(PATIENCE).unwrap();
    assert_eq!(second, Some(parts(&[(0, "before"), (1, "counted meanwhile")])), "what the first gave is there");
    store.close(PATIENCE);
    let again = load(&Store::sqlite(folder.file()), &key("a"));
    assert_eq!(again, Some(parts(&[(0, "before"), (1, "counted meanwhile")])));
}

/// Whether a load is answered within a moment.
fn is_answered_at_once(store: &Store, key: &ChannelKey) -> bool {
    let (done, loaded) = mpsc::channel();
    store.load(key, move |_| {
        _ = done.send(());
        None
    });
    loaded.recv_timeout(Duration::from_millis(700)).is_ok()
}

#[test]
fn a_store_that_closes_before_the_file_could_be_read_leaves_it_as_it_was() {
    let folder = Folder::new();
    let store = Store::sqlite(folder.file());
    store.save(&key("a"), changes(true, &[(0, "before")]));
    store.close(PATIENCE);
    let other = Connection::open(folder.file()).unwrap();
    other.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let store = Store::sqlite(folder.file());
    let (done, loaded) = mpsc::channel();
    store.load(&key("a"), move |parts| {
        _ = done.send(parts);
        Some(changes(true, &[(0, "anew")]))
    });
    store.close(PATIENCE);
    assert_eq!(loaded.recv_timeout(PATIENCE), Ok(None));
    drop(other);
    assert_eq!(load(&Store::sqlite(folder.file()), &key("a")), Some(parts(&[(0, "before")])));
}
