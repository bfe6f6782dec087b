//! What keeping and finding costs.
//!
//! `cargo bench -p polychat-store --bench history`: a million messages are written as fast as they can be, then searched. The same
//! rows without an index of words are written first, for comparison. docs/PERFORMANCE.md has the targets and the figures reached.

use std::time::{Duration, Instant};
use std::{env, fs, process};

use polychat_model::history::{HistoryQuery, PersonId};
use polychat_model::{ChannelKey, IdentifierType, Platform, unix_ms};
use polychat_store::{Entry, History, HistoryLimits, Record, RecordAuthor, RecordKind};
use rusqlite::{Connection, params};

/// Messages of the history.
const MESSAGES: usize = 1_000_000;
/// Messages a second that have to be kept.
const WRITE_TARGET: f64 = 20_000.0;
/// Milliseconds to the first page of a search.
const SEARCH_TARGET: f64 = 50.0;
/// How often each search is asked.
const ROUNDS: usize = 15;

const WORDS: [&str; 24] = [
    "that", "was", "the", "best", "round", "you", "have", "played", "all", "day", "chat", "is", "this", "real", "lol",
    "dragon", "blue", "again", "please", "what", "song", "hello", "from", "lisbon",
];

/// A message like those of a chat: 3 to 14 words, of 40,000 people in 20 channels. Every 50,000th has a rare word.
fn message(n: usize) -> Record {
    let mut mixed = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = |below: usize| {
        mixed ^= mixed >> 29;
        mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed >> 33) as usize % below
    };
    let (who, channel) = (next(40_000), next(20));
    let words: Vec<&str> = (0..3 + next(12)).map(|_| WORDS[next(WORDS.len())]).collect();
    let text = format!("{} {}w{}", words.join(" "), if n % 50_000 == 7 { "cerulean " } else { "" }, next(50_000));
    let frame = format!(
        r##"{{"type":"chat","platform":"twitch","identifier":"channel{channel}","seq":{n},"event_id":"tw:{n}","timestamp":"2026-11-29T12:00:00.000Z","room_id":"4242","message_id":"{n}","data":{{"author":{{"id":"{who}","username":"viewer{who}","display_name":"viewer{who}","avatar_url":null,"color":"#ff69b4","roles":{{"broadcaster":false,"moderator":false,"subscriber":false,"verified":false}},"badges":[]}},"content":{{"raw":"{text}","formatted":"{text}","sanitized":"{text}","elements":[{{"type":"text","value":"{text}","position":[0,{}]}}],"rawHtml":"{text}"}},"metadata":{{"type":"chat"}},"reply":null,"first_message":false,"returning":false,"action":false,"highlight":null,"source_channel":null}}}}"##,
        text.len()
    );
    Record {
        channel: ChannelKey::new(Platform::Twitch, IdentifierType::Username, format!("channel{channel}")),
        event_id: format!("tw:{n}").into(),
        message_id: Some(n.to_string()),
        at_ms: unix_ms() - i64::try_from(MESSAGES - n).unwrap_or(0) * 20,
        kind: RecordKind::Chat,
        author: Some(RecordAuthor {
            id: who.to_string(),
            username: format!("viewer{who}"),
            display_name: format!("viewer{who}"),
        }),
        text,
        frame: frame.into_bytes().into(),
    }
}

fn main() {
    let folder = env::temp_dir().join(format!("polychat-bench-history-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    println!("{MESSAGES} messages; frames of {} bytes", message(1).frame.len());
    println!("bare rows (SQLite's own pace)     {:>9.0} a second", bare(&folder.join("bare.sqlite3")));

    let file = folder.join("history.sqlite3");
    let history = History::open(&file, HistoryLimits { days: 0, bytes: u64::MAX });
    let begun = Instant::now();
    for n in 0..MESSAGES {
        history.record(Entry::Happened(Box::new(message(n))));
        // The queue is bounded: whoever comes faster than the disk would lose.
        if n % 20_000 == 19_999 {
            history.flush(Duration::from_secs(60));
        }
    }
    history.flush(Duration::from_secs(60));
    let pace = MESSAGES as f64 / begun.elapsed().as_secs_f64();
    println!(
        "kept, with their words            {pace:>9.0} a second   {}",
        verdict(pace >= WRITE_TARGET, "at least 20,000")
    );
    println!(
        "left out {}, file {} MiB",
        history.left_out(),
        fs::metadata(&file).map_or(0, |m| m.len()) / 1_024 / 1_024
    );

    let words = |text: &str| HistoryQuery { text: Some(text.to_owned()), ..HistoryQuery::default() };
    let of = |query: HistoryQuery, channel: Option<&str>, user: Option<&str>| HistoryQuery {
        platform: Some(Platform::Twitch),
        channel: channel.map(str::to_owned),
        user: user.map(str::to_owned),
        ..query
    };
    for (what, query) in [
        ("everything", HistoryQuery::default()),
        ("a word in every third message", words("dragon")),
        ("a rare word", words("cerulean")),
        ("a word that nobody said", words("zeppelin")),
        ("a beginning", words("w1")),
        ("three common words", words("dragon blue lisbon")),
        ("a channel", of(HistoryQuery::default(), Some("channel7"), None)),
        ("a person", of(HistoryQuery::default(), None, Some("123"))),
        ("a common word of a person", of(words("dragon"), None, Some("123"))),
        ("a rare word in a channel", of(words("cerulean"), Some("channel7"), None)),
        ("a word within an hour", HistoryQuery { from: Some(unix_ms() - 3_600_000), ..words("dragon") }),
        ("a word long ago", HistoryQuery { to: Some(unix_ms() - 15_000_000), ..words("dragon") }),
    ] {
        let mut rounds: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                history.search(&query).expect("a search");
                begun.elapsed().as_secs_f64() * 1_000.0
            })
            .collect();
        rounds.sort_by(f64::total_cmp);
        let (median, worst) = (rounds[ROUNDS / 2], rounds[ROUNDS - 1]);
        let found = history.search(&query).map_or(0, |found| found.len());
        println!(
            "{what:<33} {median:>8.2} ms, worst {worst:>8.2} ms, {found:>3} found   {}",
            verdict(median <= SEARCH_TARGET, "under 50 ms")
        );
    }
    let begun = Instant::now();
    _ = history.person(&PersonId { platform: Platform::Twitch, id: "123".to_owned() });
    println!("a viewer's card                   {:>8.2} ms", begun.elapsed().as_secs_f64() * 1_000.0);
    history.close(Duration::from_secs(60));
    _ = fs::remove_dir_all(folder);
}

fn verdict(kept: bool, target: &str) -> String {
    format!("{target}: {}", if kept { "kept" } else { "MISSED" })
}

/// Messages a second into a table without anything that finds them, 10,000 in a transaction.
fn bare(file: &std::path::Path) -> f64 {
    let mut tables = Connection::open(file).expect("a file");
    tables.pragma_update(None, "journal_mode", "WAL").expect("a log");
    tables.pragma_update(None, "synchronous", "NORMAL").expect("a setting");
    tables.execute_batch("CREATE TABLE entry (id INTEGER PRIMARY KEY, frame BLOB)").expect("a table");
    let count = 200_000;
    let begun = Instant::now();
    for from in (0..count).step_by(10_000) {
        let transaction = tables.transaction().expect("a transaction");
        {
            let mut insert = transaction.prepare("INSERT INTO entry (frame) VALUES (?1)").expect("a statement");
            for n in from..from + 10_000 {
                insert.execute(params![&message(n).frame[..]]).expect("a row");
            }
        }
        transaction.commit().expect("a commit");
    }
    count as f64 / begun.elapsed().as_secs_f64()
}
