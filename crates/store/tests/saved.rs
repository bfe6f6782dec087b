//! What a person has set, in real files: it is there again, whatever happens to them.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use polychat_model::look::{MAX_LOOKS, OwnLook};
use polychat_model::saved::{HotkeyAction, Overlay, Place, Saved, SavedChannel};
use polychat_model::{IdentifierType, Platform};
use polychat_store::SavedStore;
use rusqlite::Connection;
use support::{Folder, PATIENCE, until};

fn open(folder: &Folder) -> SavedStore {
    SavedStore::open(Some(folder.path()), |_| {})
}

fn file(folder: &Folder) -> PathBuf {
    folder.path().join("polychat.sqlite3")
}

fn channel(identifier: &str) -> SavedChannel {
    SavedChannel {
        platform: Platform::Twitch,
        identifier: identifier.to_owned(),
        identifier_type: IdentifierType::Username,
        paused: false,
    }
}

fn change(store: &SavedStore, change: impl FnOnce(&mut Saved)) {
    let changed = store.change::<()>(|saved| {
        change(saved);
        Ok(())
    });
    changed.unwrap();
}

fn add(store: &SavedStore, identifier: &str) {
    change(store, |saved| saved.channels.push(channel(identifier)));
}

fn names(saved: &Saved) -> Vec<&str> {
    saved.channels.iter().map(|channel| channel.identifier.as_str()).collect()
}

/// Opens, adds a channel and closes: one start of the program.
fn start_and_add(folder: &Folder, identifier: &str) {
    let store = open(folder);
    add(&store, identifier);
    store.close(PATIENCE);
}

/// The names of files in the folder, or in its folder of backups.
fn files(folder: &Folder, below: &str) -> Vec<String> {
    let entries = fs::read_dir(folder.path().join(below)).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn everything_is_there_again_after_a_restart() {
    let folder = Folder::new();
    let store = open(&folder);
    assert_eq!(names(&store.saved()), [""; 0]);
    assert_eq!(store.saved().overlays, [Overlay::new("main")]);
    change(&store, |saved| {
        saved.channels = ["c", "a", "b"].map(channel).to_vec();
        saved.channels[1].paused = true;
        let mut side = Overlay::new("side");
        side.look = Some("neon".to_owned());
        side.values.insert("fontSize".to_owned(), 22.into());
        side.window.locked = true;
        side.window.places.push(Place { arrangement: "1x1+0+0@1".to_owned(), x: -5, y: 6, width: 400, height: 600 });
        saved.overlays.push(side);
        saved.settings.hotkeys.insert(HotkeyAction::Lock, "Ctrl+F1".to_owned());
        saved.settings.tiktok_page = Some(false);
    });
    let before = store.saved();
    store.close(PATIENCE);
    let store = open(&folder);
    assert_eq!(store.saved(), before);
    change(&store, |saved| {
        saved.channels.swap(0, 2);
        saved.channels.remove(1);
        saved.overlays[1].values.clear();
        saved.settings.hotkeys.clear();
    });
    let before = store.saved();
    store.close(PATIENCE);
    let store = open(&folder);
    assert_eq!((names(&store.saved()), &store.saved()), (vec!["b", "c"], &before));
    assert_eq!(store.notices(), [""; 0]);
}

#[test]
fn every_change_is_told_in_order_and_one_that_fails_changes_nothing() {
    let (folder, told) = (Folder::new(), Arc::new(Mutex::new(Vec::new())));
    let store = SavedStore::open(Some(folder.path()), {
        let told = told.clone();
        move |saved| told.lock().unwrap().push(saved.channels.len())
    });
    add(&store, "a");
    assert_eq!(
        store.change(|saved| {
            saved.channels.clear();
            Err("no")
        }),
        Err("no")
    );
    change(&store, |_| {});
    add(&store, "b");
    let told = told.lock().unwrap().clone();
    assert_eq!(told[told.len() - 3..], [0, 1, 2], "{told:?}");
}

#[test]
fn a_change_is_on_disk_within_a_quarter_of_a_second() {
    let folder = Folder::new();
    let store = open(&folder);
    for n in 0..3 {
        let begun = Instant::now();
        add(&store, &n.to_string());
        let count = || -> Option<i64> {
            Connection::open(file(&folder)).ok()?.query_row("SELECT count(*) FROM channel", [], |row| row.get(0)).ok()
        };
        until("the writing", || count() == Some(n + 1));
        // The bound is 250 ms; a machine that does other things, too, may take a little longer.
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
    // Never closed: like a program that was killed.
    std::mem::forget(store);
    assert_eq!(names(&open(&folder).saved()), ["0", "1", "2"]);
}

#[test]
fn a_file_of_form_1_as_it_was_written_then_is_read() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    Connection::open(file(&folder)).unwrap().execute_batch(include_str!("saved-1.sql")).unwrap();
    let store = open(&folder);
    let saved = store.saved();
    assert_eq!(names(&saved), ["some_channel", "UCabcdefghijklmnopqrstuv"]);
    assert_eq!((saved.channels[0].paused, saved.channels[1].paused), (false, true));
    assert_eq!(saved.overlays.iter().map(|overlay| overlay.name.as_str()).collect::<Vec<_>>(), ["main", "side"]);
    assert_eq!((saved.overlays[1].look.as_deref(), saved.overlays[1].window.opacity), (Some("neon"), 80));
    assert_eq!(saved.settings.hotkeys.get(&HotkeyAction::Lock).map(String::as_str), Some("Ctrl+F1"));
    assert_eq!((saved.settings.close_to_tray, saved.settings.tiktok_page), (Some(true), None));
    store.close(PATIENCE);
}

fn look(id: &str) -> OwnLook {
    OwnLook { id: id.to_owned(), name: format!("Look {id}"), base: "neon".to_owned(), ..OwnLook::default() }
}

fn ids(saved: &Saved) -> Vec<&str> {
    saved.looks.iter().map(|look| look.id.as_str()).collect()
}

#[test]
fn looks_are_there_again_with_everything_in_them_and_in_their_order() {
    let folder = Folder::new();
    let store = open(&folder);
    change(&store, |saved| {
        saved.looks = ["b", "a", "c"].map(look).to_vec();
        saved.looks[1].values.insert("fontSize".to_owned(), 22.into());
        saved.looks[1].css = "#message::after { content: \"</style> 字 \\0\" }\n".repeat(500);
    });
    let before = store.saved();
    store.close(PATIENCE);
    let store = open(&folder);
    assert_eq!((ids(&store.saved()), &store.saved()), (vec!["b", "a", "c"], &before));
    change(&store, |saved| {
        saved.looks.remove(0);
        saved.looks[0].values.clear();
    });
    let before = store.saved();
    store.close(PATIENCE);
    let store = open(&folder);
    assert_eq!(store.saved(), before);
    assert_eq!(store.notices(), [""; 0]);
}

#[test]
fn a_file_of_form_1_gets_looks_after_it_was_backed_up_as_it_was() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    Connection::open(file(&folder)).unwrap().execute_batch(include_str!("saved-1.sql")).unwrap();
    let store = open(&folder);
    change(&store, |saved| saved.looks.push(look("mine")));
    store.close(PATIENCE);
    let saved = open(&folder).saved();
    assert_eq!((ids(&saved), saved.channels.len(), saved.overlays.len()), (vec!["mine"], 2, 2));
    let backups = files(&folder, "backups");
    assert!(backups.iter().any(|name| name.ends_with("-v1.sqlite3")), "{backups:?}");
    assert!(backups.iter().any(|name| name.ends_with("-v2.sqlite3")), "{backups:?}");
}

#[test]
fn a_damaged_look_costs_only_itself_and_that_is_said() {
    let folder = Folder::new();
    let store = open(&folder);
    change(&store, |saved| saved.looks = ["a", "b"].map(look).to_vec());
    store.close(PATIENCE);
    let connection = Connection::open(file(&folder)).unwrap();
    let document = |name: &str, more: &str| format!(r#"{{"name":"{name}","base":"neon"{more}}}"#);
    let put = |id: &str, document: &str| {
        connection.execute("INSERT OR REPLACE INTO look VALUES (?1, 9, ?2)", [id, document]).unwrap();
    };
    put("b", &document("B", r#","values":{"fontSize":22,"later":[1],"opacity":7},"shine":true"#));
    put("no-json", "{");
    put("of-nothing", &document("X", "").replace("neon", "aurora"));
    put("too-long", &document("X", &format!(r#","css":"{}""#, "x".repeat(2_000_000))));
    put("css-too-long", &document("X", &format!(r#","css":"{}""#, "x".repeat(70_000))));
    put("neon", &document("X", ""));
    let store = open(&folder);
    assert_eq!(ids(&store.saved()), ["a", "b"]);
    assert_eq!(store.saved().looks[1].values.keys().collect::<Vec<_>>(), ["fontSize"], "values one by one");
    let notices = store.notices();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].starts_with("5 looks cannot be read") && notices[0].contains("\"no-json\""), "{notices:?}");
    change(&store, |saved| saved.looks[1].name = "Other".to_owned());
    store.close(PATIENCE);
    let text = |id: &str| {
        let sql = "SELECT document FROM look WHERE id = ?1";
        connection.query_row(sql, [id], |row| row.get::<_, String>(0)).unwrap()
    };
    assert_eq!(text("no-json"), "{", "nothing is thrown away");
    let other = text("b");
    for kept in [r#""shine":true"#, r#""later":[1]"#, r#""name":"Other""#, r#""fontSize":22"#] {
        assert!(other.contains(kept), "{other}");
    }
    connection.execute("DELETE FROM look WHERE id NOT IN ('a', 'b', 'no-json')", []).unwrap();
    let notices = open(&folder).notices();
    assert_eq!(notices, ["The look \"no-json\" cannot be read. It is left in the settings file as it is."]);
}

#[test]
fn no_more_looks_are_read_than_there_may_be() {
    let folder = Folder::new();
    open(&folder).close(PATIENCE);
    let connection = Connection::open(file(&folder)).unwrap();
    for n in 0..MAX_LOOKS + 3 {
        let put = "INSERT INTO look VALUES ('look-' || ?1, ?1, '{\"name\":\"X\",\"base\":\"neon\"}')";
        connection.execute(put, [i64::try_from(n).unwrap()]).unwrap();
    }
    let store = open(&folder);
    assert_eq!(store.saved().looks.len(), MAX_LOOKS);
    assert!(store.notices()[0].starts_with("3 looks cannot be read"), "{:?}", store.notices());
}

#[test]
fn what_a_later_program_of_the_same_form_has_written_stays() {
    let folder = Folder::new();
    start_and_add(&folder, "mine");
    let connection = Connection::open(file(&folder)).unwrap();
    connection
        .execute_batch(
            r#"INSERT INTO channel VALUES ('kick', 'username', 'later', 7, '{}');
               UPDATE channel SET more = '{"paused":false,"colour":"red"}' WHERE identifier = 'mine';
               INSERT INTO overlay VALUES ('odd', 7, '{"window":{"shape":"round","opacity":"much"}}');
               INSERT OR REPLACE INTO overlay VALUES ('main', 0, '{"values":{"a":1},"window":{"shape":"round"}}');
               INSERT INTO setting VALUES ('later', '[1]'), ('tiktokPage', '"ask"');
               INSERT OR REPLACE INTO setting VALUES ('hotkeys', '{"lock":"Ctrl+F1","dance":"Ctrl+F2"}');"#,
        )
        .unwrap();
    let store = open(&folder);
    assert_eq!(names(&store.saved()), ["mine"]);
    assert_eq!(store.saved().settings.hotkeys.len(), 1);
    change(&store, |saved| {
        saved.channels[0].paused = true;
        saved.overlays[0].values.remove("a");
        saved.overlays[0].window.opacity = 50;
        saved.settings.hotkeys.insert(HotkeyAction::Clear, "Ctrl+F3".to_owned());
    });
    store.close(PATIENCE);
    let text = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("SELECT more FROM channel WHERE identifier = 'mine'"), r#"{"colour":"red","paused":true}"#);
    assert_eq!(text("SELECT identifier FROM channel WHERE platform = 'kick'"), "later");
    assert!(text("SELECT more FROM overlay WHERE name = 'odd'").contains("much"));
    let main = text("SELECT more FROM overlay WHERE name = 'main'");
    assert!(
        main.contains(r#""shape":"round""#) && main.contains(r#""opacity":50"#) && main.contains(r#""values":{}"#),
        "{main}"
    );
    assert_eq!(text("SELECT value FROM setting WHERE name = 'later'"), "[1]");
    assert_eq!(text("SELECT value FROM setting WHERE name = 'tiktokPage'"), r#""ask""#);
    assert_eq!(
        text("SELECT value FROM setting WHERE name = 'hotkeys'"),
        r#"{"clear":"Ctrl+F3","dance":"Ctrl+F2","lock":"Ctrl+F1"}"#
    );
}

#[test]
fn each_start_backs_up_what_differs_and_ten_are_kept() {
    let folder = Folder::new();
    open(&folder).close(PATIENCE);
    open(&folder).close(PATIENCE);
    assert_eq!(files(&folder, "backups"), [""; 0], "nothing was set yet");
    for n in 0..13 {
        start_and_add(&folder, &n.to_string());
    }
    let backups = files(&folder, "backups");
    assert_eq!(backups.len(), 10, "{backups:?}");
    open(&folder).close(PATIENCE);
    let last = files(&folder, "backups");
    assert_eq!((last.len(), last.last() > backups.last()), (10, true));
    open(&folder).close(PATIENCE);
    assert_eq!(files(&folder, "backups"), last, "nothing has changed");
    let newest = folder.path().join("backups").join(last.last().unwrap());
    let count = "SELECT count(*) FROM channel";
    assert_eq!(Connection::open(newest).unwrap().query_row(count, [], |row| row.get::<_, i64>(0)).unwrap(), 13);
}

#[test]
fn a_backup_on_request_holds_the_latest_change() {
    let folder = Folder::new();
    let store = open(&folder);
    add(&store, "a");
    assert_eq!(store.back_up(), Ok(()));
    let backups = files(&folder, "backups");
    assert_eq!(backups.len(), 1);
    let path = folder.path().join("backups").join(&backups[0]);
    let name: String =
        Connection::open(path).unwrap().query_row("SELECT identifier FROM channel", [], |row| row.get(0)).unwrap();
    assert_eq!(name, "a");
    store.close(PATIENCE);
    assert_eq!(SavedStore::open(None, |_| {}).back_up(), Ok(()), "there is nothing to lose");
}

#[test]
fn a_damaged_file_is_put_aside_and_the_newest_good_backup_restored() {
    let folder = Folder::new();
    start_and_add(&folder, "a");
    start_and_add(&folder, "b");
    start_and_add(&folder, "c");
    // The newest backup is damaged as well, the one before holds "a".
    let backups = files(&folder, "backups");
    fs::write(folder.path().join("backups").join(backups.last().unwrap()), "no database at all").unwrap();
    fs::write(file(&folder), vec![b'?'; 10_000]).unwrap();
    let store = open(&folder);
    assert_eq!(names(&store.saved()), ["a"]);
    let notices = store.notices();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].contains("damaged") && notices[0].contains("Your settings are those of 20"), "{notices:?}");
    let aside: Vec<_> = files(&folder, "").into_iter().filter(|name| name.contains(".damaged-")).collect();
    assert_eq!(aside.len(), 1);
    assert!(notices[0].contains(&aside[0]), "{notices:?}");
    assert_eq!(fs::read(folder.path().join(&aside[0])).unwrap(), vec![b'?'; 10_000], "nothing is thrown away");
    add(&store, "d");
    store.close(PATIENCE);
    let store = open(&folder);
    assert_eq!((names(&store.saved()), store.notices()), (vec!["a", "d"], Vec::new()));
}

#[test]
fn a_file_that_was_cut_off_is_a_damaged_one_and_a_missing_one_begins_anew() {
    let folder = Folder::new();
    start_and_add(&folder, "a");
    open(&folder).close(PATIENCE);
    fs::write(file(&folder), "").unwrap();
    let store = open(&folder);
    assert_eq!((names(&store.saved()), store.notices().len()), (vec!["a"], 1));
    store.close(PATIENCE);
    fs::remove_file(file(&folder)).unwrap();
    let store = open(&folder);
    assert_eq!((names(&store.saved()), store.notices().len()), (Vec::new(), 0), "somebody took it away");
    store.close(PATIENCE);
    assert!(!files(&folder, "backups").is_empty(), "and can have it back");
}

#[test]
fn a_damaged_file_without_a_backup_begins_anew_and_says_so() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    fs::write(file(&folder), "not a database, whatever its name is".repeat(100)).unwrap();
    let store = open(&folder);
    assert!(store.notices()[0].contains("begin anew"), "{:?}", store.notices());
    add(&store, "a");
    store.close(PATIENCE);
    assert_eq!(names(&open(&folder).saved()), ["a"]);
}

#[test]
fn a_file_that_is_damaged_while_it_is_used_costs_nothing() {
    let folder = Folder::new();
    let store = open(&folder);
    add(&store, "a");
    until("the writing", || {
        fs::metadata(file(&folder)).is_ok_and(|file| file.len() > 8_192) && store.back_up().is_ok()
    });
    fs::write(file(&folder), vec![b'?'; 20_000]).unwrap();
    add(&store, "b");
    until("a report", || store.notices().iter().any(|notice| notice.contains("nothing is lost")));
    store.close(PATIENCE);
    assert_eq!(names(&open(&folder).saved()), ["a", "b"]);
}

#[test]
fn a_file_of_a_newer_program_is_never_written() {
    let folder = Folder::new();
    start_and_add(&folder, "mine");
    start_and_add(&folder, "backed up: mine");
    let connection = Connection::open(file(&folder)).unwrap();
    connection.execute_batch("CREATE TABLE later (x); PRAGMA user_version = 99;").unwrap();
    drop(connection);
    let theirs = folder.path().join("backups").join("polychat-20301219T002450.123Z-v99.sqlite3");
    fs::copy(file(&folder), &theirs).unwrap();
    let before = fs::read(file(&folder)).unwrap();
    let store = open(&folder);
    assert_eq!(names(&store.saved()), ["mine"], "from the newest backup");
    assert!(store.notices()[0].contains("newer") && store.notices()[0].contains("polychat-v2.sqlite3"));
    add(&store, "old program");
    store.close(PATIENCE);
    let store = open(&folder);
    assert_eq!(names(&store.saved()), ["mine", "old program"], "it goes on with its own");
    store.close(PATIENCE);
    for n in 0..12 {
        start_and_add(&folder, &n.to_string());
    }
    assert!(theirs.exists(), "the newer program's backups stay");
    assert_eq!(fs::read(file(&folder)).unwrap(), before);
}

#[test]
fn a_file_that_is_locked_at_the_start_is_read_later_and_nothing_is_lost() {
    let folder = Folder::new();
    start_and_add(&folder, "before");
    let other = Connection::open(file(&folder)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let told = Arc::new(Mutex::new(0));
    let store = SavedStore::open(Some(folder.path()), {
        let told = told.clone();
        move |saved| *told.lock().unwrap() = saved.channels.len()
    });
    assert_eq!(names(&store.saved()), [""; 0]);
    assert!(
        store.notices()[0].contains("locked") && store.notices()[0].contains("not there yet"),
        "{:?}",
        store.notices()
    );
    assert!(store.back_up().is_err(), "an import would take away what is not known");
    add(&store, "meanwhile");
    other.execute_batch("COMMIT").unwrap();
    until("the reading", || names(&store.saved()) == ["before", "meanwhile"]);
    assert_eq!((*told.lock().unwrap(), store.notices()), (2, Vec::new()));
    store.close(PATIENCE);
    assert_eq!(names(&open(&folder).saved()), ["before", "meanwhile"]);
}

#[test]
fn a_file_that_is_locked_later_is_told_and_written_when_it_can_be() {
    let folder = Folder::new();
    let store = open(&folder);
    let other = Connection::open(file(&folder)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    add(&store, "a");
    until("a report", || {
        store.notices().iter().any(|notice| notice.contains("locked") && notice.contains("kept for now"))
    });
    add(&store, "b");
    other.execute_batch("COMMIT").unwrap();
    until("the writing", || store.notices().is_empty());
    std::mem::forget(store);
    assert_eq!(names(&open(&folder).saved()), ["a", "b"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_told_and_tried_again() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().parent().unwrap()).unwrap();
    fs::write(folder.path(), "a file where the folder should be").unwrap();
    let store = open(&folder);
    assert_eq!(store.notices().len(), 1, "{:?}", store.notices());
    add(&store, "a");
    fs::remove_file(folder.path()).unwrap();
    until("the writing", || store.notices().is_empty());
    store.close(PATIENCE);
    assert_eq!(names(&open(&folder).saved()), ["a"]);
}

#[test]
fn without_a_folder_everything_is_kept_in_memory_and_that_is_said() {
    let store = SavedStore::open(None, |_| {});
    assert!(store.notices()[0].contains("--data-dir"), "{:?}", store.notices());
    add(&store, "a");
    assert_eq!(names(&store.saved()), ["a"]);
    store.close(Duration::ZERO);
}

#[test]
fn two_programs_at_once_do_not_take_away_what_the_other_has_added() {
    let folder = Folder::new();
    let (one, two) = (open(&folder), open(&folder));
    add(&one, "of one");
    thread::sleep(Duration::from_millis(300));
    add(&two, "of two");
    one.close(PATIENCE);
    two.close(PATIENCE);
    let store = open(&folder);
    let saved = store.saved();
    let mut names = names(&saved);
    names.sort_unstable();
    assert_eq!(names, ["of one", "of two"]);
}
