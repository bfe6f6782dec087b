//! The history: what is found, what goes, and what a file can do to it. Real files throughout.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::fs;
use std::process::Command;
use std::time::Duration;

use polychat_model::history::{HistoryKind, HistoryQuery, PersonId};
use polychat_model::{ChannelKey, IdentifierType, Platform, unix_ms};
use polychat_store::{Entry, History, HistoryLimits, Record, RecordAuthor, RecordKind, TakenAway};
use rusqlite::Connection;
use support::{Folder, PATIENCE, until};

const MUCH: HistoryLimits = HistoryLimits { days: 0, bytes: u64::MAX };

fn key(identifier: &str) -> ChannelKey {
    ChannelKey::new(Platform::Twitch, IdentifierType::Username, identifier)
}

/// Said by `who` in `channel`, so many seconds ago.
fn said(channel: &str, who: &str, id: &str, text: &str, ago_s: i64) -> Record {
    Record {
        channel: key(channel),
        event_id: format!("event {id}").into(),
        message_id: Some(id.to_owned()),
        at_ms: unix_ms() - ago_s * 1_000,
        kind: RecordKind::Chat,
        author: Some(RecordAuthor { id: format!("id {who}"), username: who.to_owned(), display_name: who.to_owned() }),
        text: text.to_owned(),
        frame: format!("{{\"text\":\"{text}\"}}").into_bytes().into(),
    }
}

fn record(history: &History, record: Record) {
    history.record(Entry::Happened(Box::new(record)));
}

fn taken(history: &History, channel: &str, what: TakenAway) {
    history.record(Entry::TakenAway { channel: key(channel), what, at_ms: unix_ms() });
}

fn found(history: &History, query: &HistoryQuery) -> Vec<String> {
    assert!(history.flush(PATIENCE));
    let found = history.search(query).unwrap();
    assert!(found.is_sorted_by(|a, b| a.id > b.id), "the newest first");
    found.iter().map(|f| f.frame.split('"').nth(3).unwrap().to_owned()).collect()
}

fn words(text: &str) -> HistoryQuery {
    HistoryQuery { text: Some(text.to_owned()), ..HistoryQuery::default() }
}

fn of(channel: &str) -> HistoryQuery {
    let (platform, channel) = (Some(Platform::Twitch), Some(channel.to_owned()));
    HistoryQuery { platform, channel, ..HistoryQuery::default() }
}

fn some(history: &History) {
    record(history, said("luna", "ana", "1", "The dragon is blue", 50));
    record(history, said("luna", "bo", "2", "blues, not dragons", 40));
    record(history, said("nova", "ana", "3", "新しいブラシ、とても綺麗です", 30));
    record(history, Record { kind: RecordKind::Paid, ..said("nova", "cy", "4", "für den Drachen", 20) });
    record(history, Record { kind: RecordKind::Event, author: None, ..said("luna", "", "5", "a raid", 10) });
}

#[test]
fn what_happened_is_found_by_words_names_channels_people_kinds_and_times() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    some(&history);
    let all = ["a raid", "für den Drachen", "新しいブラシ、とても綺麗です", "blues, not dragons", "The dragon is blue"];
    assert_eq!(found(&history, &HistoryQuery::default()), all);
    assert_eq!(found(&history, &words("BLUE")), all[3..], "a word may be a beginning");
    assert_eq!(found(&history, &words("blue dragon")), all[3..], "all words, wherever they stand");
    assert_eq!(found(&history, &words("blue raid")), [""; 0]);
    assert_eq!(found(&history, &words("fur")), all[1..2], "marks on letters do not count");
    assert_eq!(found(&history, &words("綺麗")), all[2..3], "in the middle of a sentence without spaces");
    assert_eq!(found(&history, &words("麗綺")), [""; 0], "in that order only");
    assert_eq!(found(&history, &words("ana")), [all[2], all[4]], "names, too");
    for nothing in ["cluna", "kchat", "c1", "u1", "ptwitch", "\"", "*", "( OR", "text:blue NEAR("] {
        assert_eq!(found(&history, &words(nothing)), [""; 0], "{nothing} has no meaning");
    }
    assert_eq!(found(&history, &of("luna")), [all[0], all[3], all[4]]);
    assert_eq!(found(&history, &of("nobody")), [""; 0]);
    let of_ana = HistoryQuery { user: Some("id ana".to_owned()), platform: Some(Platform::Twitch), ..words("blue") };
    assert_eq!(found(&history, &of_ana), all[4..]);
    let youtube = HistoryQuery { platform: Some(Platform::Youtube), ..HistoryQuery::default() };
    assert_eq!(found(&history, &youtube), [""; 0]);
    for (kind, wanted) in [(HistoryKind::Paid, 1..2), (HistoryKind::Event, 0..1), (HistoryKind::Chat, 2..5)] {
        assert_eq!(found(&history, &HistoryQuery { kind: Some(kind), ..HistoryQuery::default() }), all[wanted]);
    }
    let now = unix_ms();
    let between = HistoryQuery { from: Some(now - 45_000), to: Some(now - 15_000), ..HistoryQuery::default() };
    assert_eq!(found(&history, &between), all[1..4]);
    let odd = HistoryQuery {
        from: Some(i64::MIN),
        to: Some(i64::MAX),
        before: Some(i64::MAX),
        limit: Some(0),
        ..HistoryQuery::default()
    };
    assert_eq!(found(&history, &odd), all[..1]);
}

#[test]
fn it_says_what_there_is_to_search_and_a_channel_is_found_whatever_names_it() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    assert!(history.flush(PATIENCE));
    until("the file to be there", || history.kept().is_ok_and(|kept| kept.since.is_none() && kept.channels.is_empty()));
    let live = ChannelKey::new(Platform::Twitch, IdentifierType::LiveId, "nova");
    record(&history, Record { channel: live, ..said("", "ana", "1", "by its broadcast", 60) });
    record(&history, said("nova", "ana", "2", "by its name", 30));
    assert_eq!(found(&history, &of("nova")), ["by its name", "by its broadcast"]);
    let live_only = HistoryQuery { identifier_type: Some(IdentifierType::LiveId), ..of("nova") };
    assert_eq!(found(&history, &live_only), ["by its broadcast"]);
    let kept = history.kept().unwrap();
    let mut kinds: Vec<_> =
        kept.channels.iter().map(|channel| (&*channel.identifier, channel.identifier_type)).collect();
    kinds.sort();
    assert_eq!(kinds, [("nova", IdentifierType::Username), ("nova", IdentifierType::LiveId)]);
    assert!(kept.since.is_some_and(|since| (unix_ms() - since - 60_000).abs() < 30_000), "{kept:?}");
}

#[test]
fn pages_go_on_in_both_directions_without_doubling_or_losing() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    let at_ms = unix_ms() - 5_000;
    for n in 0..2_500 {
        // Many of one millisecond, more than it has numbers.
        record(&history, Record { at_ms, ..said("luna", "ana", &n.to_string(), &format!("m{n} all"), 0) });
    }
    assert!(history.flush(PATIENCE));
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = history.search(&HistoryQuery { before, limit: Some(400), ..words("all") }).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        seen.extend(page);
    }
    assert_eq!(seen.len(), 2_500);
    assert!(seen.is_sorted_by(|a, b| a.id > b.id));
    let middle = seen[1_200].id;
    let newer =
        history.search(&HistoryQuery { after: Some(middle), limit: Some(3), ..HistoryQuery::default() }).unwrap();
    assert_eq!(newer, seen[1_197..1_200], "those that follow at once, the newest first");
}

#[test]
fn an_update_replaces_and_a_repetition_doubles_nothing() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    record(&history, said("luna", "ana", "1", "rose times one", 5));
    record(&history, said("luna", "ana", "1", "rose times two", 5));
    assert_eq!(found(&history, &words("rose")), ["rose times two"]);
    record(&history, said("luna", "ana", "1", "rose times three", 5));
    assert_eq!(found(&history, &words("rose")), ["rose times three"]);
    assert_eq!(found(&history, &words("two")), [""; 0]);
    record(&history, said("nova", "ana", "1", "rose times three", 5));
    assert_eq!(found(&history, &words("rose")).len(), 2, "a shared chat tells it in each channel");
}

#[test]
fn what_moderators_take_away_goes_from_the_file_and_from_the_index() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    some(&history);
    record(&history, said("luna", "ana", "old", "an old dragon", 2 * 24 * 60 * 60));
    record(&history, said("nova", "bo", "6", "a dragon elsewhere", 5));
    // In the same transaction, and in a later one; by its own id, and by that of the event.
    taken(&history, "luna", TakenAway::Message("1".to_owned()));
    assert_eq!(found(&history, &words("dragon")), ["a dragon elsewhere", "blues, not dragons", "an old dragon"]);
    taken(&history, "luna", TakenAway::Message("event 2".to_owned()));
    taken(&history, "luna", TakenAway::Message("nobody".to_owned()));
    assert_eq!(found(&history, &words("dragon")), ["a dragon elsewhere", "an old dragon"]);
    taken(&history, "luna", TakenAway::Person("id ana".to_owned()));
    assert_eq!(found(&history, &of("luna")), ["a raid", "an old dragon"], "a time-out is about today");
    taken(&history, "nova", TakenAway::All);
    assert_eq!(found(&history, &HistoryQuery::default()), ["a raid", "an old dragon"]);
    history.close(PATIENCE);
    let bytes = fs::read(folder.file()).unwrap();
    let gone = b"a dragon elsewhere";
    assert!(!bytes.windows(gone.len()).any(|bytes| bytes == gone), "what was said is not left in the file");
    let tables = Connection::open(folder.file()).unwrap();
    tables.execute_batch("INSERT INTO words (words) VALUES ('integrity-check')").unwrap();
    let left: i64 = tables.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 2);
}

#[test]
fn it_is_there_after_an_end_and_people_keep_their_notes() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    some(&history);
    record(
        &history,
        Record {
            author: Some(RecordAuthor {
                id: "id ana".to_owned(),
                username: "ana".to_owned(),
                display_name: "Ana B.".to_owned(),
            }),
            ..said("luna", "ana", "7", "again", 1)
        },
    );
    assert!(history.flush(PATIENCE));
    let ana = PersonId { platform: Platform::Twitch, id: "id ana".to_owned() };
    history.note(ana.platform, &ana.id, "paints as well").unwrap();
    history.close(PATIENCE);
    record(&history, said("luna", "ana", "8", "too late", 0));
    drop(history);

    let history = History::open(folder.file(), MUCH);
    assert_eq!(found(&history, &words("too late")), [""; 0]);
    let person = history.person(&ana).unwrap().unwrap();
    assert_eq!((&*person.display_name, person.count, &*person.note), ("Ana B.", 3, "paints as well"));
    assert!(person.last_at - person.first_at > 40_000, "{person:?}");
    assert_eq!(history.person(&PersonId { id: "nobody".to_owned(), ..ana }).unwrap(), None);
}

#[test]
fn what_is_too_old_or_too_much_goes_and_the_file_shrinks() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    for n in 0..6_000 {
        let ago_s = if n < 5_000 { 10 * 24 * 60 * 60 } else { 60 };
        record(
            &history,
            said(
                "luna",
                &format!("viewer {}", n % 900),
                &n.to_string(),
                &format!("m{n} {}", "word ".repeat(40)),
                ago_s,
            ),
        );
    }
    assert!(history.flush(PATIENCE));
    history.close(PATIENCE);
    drop(history);
    let size = || fs::metadata(folder.file()).unwrap().len();
    let whole = size();

    let history = History::open(folder.file(), HistoryLimits { days: 3, bytes: u64::MAX });
    let count = || {
        let tables = Connection::open(folder.file()).unwrap();
        tables.query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    until("what is too old to go", || count() == 1_000);
    assert_eq!(found(&history, &words("m4999")), [""; 0]);
    assert_eq!(found(&history, &words("m5000")).len(), 1);
    history.close(PATIENCE);
    drop(history);
    assert!(size() < whole / 2, "{} of {whole}", size());

    let history = History::open(folder.file(), HistoryLimits { days: 3, bytes: 1 });
    until("the oldest to go while there is too much", || count() == 0);
    until("channels without anything to go", || history.kept().is_ok_and(|kept| kept.channels.is_empty()));
    record(&history, said("luna", "ana", "new", "goes on", 0));
    assert_eq!(found(&history, &words("goes")), ["goes on"]);
}

#[test]
fn a_damaged_file_is_put_aside_and_a_new_one_begun() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    fs::write(folder.file(), "this is no database".repeat(1_000)).unwrap();
    let history = History::open(folder.file(), MUCH);
    until("the trouble to be told", || history.problem().is_some_and(|problem| problem.contains("damaged")));
    record(&history, said("luna", "ana", "1", "said meanwhile", 0));
    until("a new file", || history.problem().is_none());
    assert_eq!(found(&history, &words("meanwhile")), ["said meanwhile"]);
    assert!(folder.file().with_extension("sqlite3.damaged").exists());
}

#[test]
fn a_locked_file_is_waited_for_and_nothing_is_lost() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    record(&history, said("luna", "ana", "1", "before", 2));
    assert_eq!(found(&history, &words("before")).len(), 1);
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    record(&history, said("luna", "ana", "2", "while it is locked", 1));
    until("the trouble to be told", || history.problem().is_some_and(|problem| problem.contains("locked")));
    assert_eq!(history.search(&words("before")).unwrap().len(), 1, "what is there can be read");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(found(&history, &words("locked")), ["while it is locked"]);
    assert_eq!((history.problem(), history.left_out()), (None, 0));
}

/// A disk of a few megabytes.
#[cfg(target_os = "linux")]
struct SmallDisk(Folder);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// `None` if this user may not mount one.
    fn mount() -> Option<Self> {
        let folder = Folder::new();
        fs::create_dir_all(folder.path()).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(folder.path()).output();
        mount.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_what_waited_is_kept_once_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        println!("LEFT OUT: this user may not mount a small disk");
        return;
    };
    let history = History::open(disk.0.file(), MUCH);
    record(&history, said("luna", "ana", "1", "before", 2));
    assert_eq!(found(&history, &words("before")).len(), 1);
    let other = disk.0.path().join("of another program");
    // All that there is: writing ends with an error.
    let mut full = fs::File::create(&other).unwrap();
    assert!(std::io::copy(&mut std::io::repeat(b'x'), &mut full).is_err());
    // More than one page, which the log of the file may have room for.
    for n in 0..200 {
        record(&history, said("luna", "bo", &format!("full {n}"), &format!("meanwhile {n}, with some more words"), 1));
    }
    until("the trouble to be told", || history.problem().is_some_and(|problem| problem.contains("full")));
    assert_eq!(history.search(&words("before")).unwrap().len(), 1, "what is there can be read");
    fs::remove_file(&other).unwrap();
    drop(full);
    assert_eq!(found(&history, &HistoryQuery { limit: Some(500), ..words("meanwhile") }).len(), 200);
    assert_eq!((history.problem(), history.left_out()), (None, 0));
}

#[test]
fn what_does_not_fit_while_the_file_cannot_be_written_is_left_out_the_oldest_first_and_counted() {
    let folder = Folder::new();
    let history = History::open(folder.file(), MUCH);
    record(&history, said("luna", "ana", "first", "before", 200));
    assert_eq!(found(&history, &words("before")).len(), 1);
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // 64 MiB may wait: 63 of these.
    let padding = "x".repeat(1_024 * 1_024);
    for n in 0..70 {
        let frame = format!("{{\"text\":\"large {n}\",\"padding\":\"{padding}\"}}").into_bytes().into();
        record(&history, Record { frame, ..said("luna", "ana", &n.to_string(), &format!("large m{n}"), 100 - n) });
    }
    until("the oldest to be left out", || history.left_out() == 7);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(found(&history, &HistoryQuery { limit: Some(100), ..words("large") }).len(), 63);
    assert_eq!((found(&history, &words("m6")).len(), found(&history, &words("m7"))), (10, vec!["large 7".to_owned()]));
    assert_eq!((history.problem(), history.left_out()), (None, 7));
}

#[test]
fn a_file_of_a_newer_program_is_left_alone() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    let newer = Connection::open(folder.file()).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    let history = History::open(folder.file(), MUCH);
    until("the trouble to be told", || history.problem().is_some_and(|problem| problem.contains("newer")));
    assert!(history.search(&words("x")).unwrap_err().contains("newer"));
    let form: i64 = newer.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(form, 99);
}

/// Not a test of its own: the program that is killed below.
#[test]
fn writes_until_it_is_killed() {
    let Ok(file) = std::env::var("POLYCHAT_TEST_HISTORY") else { return };
    let history = History::open(&file, MUCH);
    for n in 0.. {
        record(&history, said("luna", "ana", &n.to_string(), "said and kept", 0));
        fs::write(format!("{file}.said"), format!("{n} {}", unix_ms())).unwrap();
        std::thread::sleep(Duration::from_micros(500));
    }
}

#[test]
fn a_kill_loses_no_more_than_the_last_moment_and_never_the_file() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writes_until_it_is_killed", "--nocapture"])
        .env("POLYCHAT_TEST_HISTORY", folder.file())
        .spawn()
        .unwrap();
    let count = || {
        let tables = Connection::open(folder.file()).ok()?;
        tables.query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0)).ok()
    };
    until("something to be kept", || count() > Some(500));
    child.kill().unwrap();
    child.wait().unwrap();
    let history = History::open(folder.file(), MUCH);
    assert!(history.flush(PATIENCE));
    let tables = Connection::open(folder.file()).unwrap();
    let sound: String = tables.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    tables.execute_batch("INSERT INTO words (words) VALUES ('integrity-check')").unwrap();
    let kept = count().unwrap();
    let last: i64 =
        tables.query_row("SELECT max(CAST(message_id AS INTEGER)) FROM entry", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, last + 1, "nothing in between is missing");
    assert_eq!(history.search(&HistoryQuery { limit: Some(1), ..words("kept") }).unwrap().len(), 1);
}
