//! What reading an answer of YouTube's chat costs, beside merely skipping over its JSON, in one run.
//!
//! `cargo bench -p polychat-platforms --bench youtube` reads the largest recorded answers of `POLYCHAT_CORPUS`; a word
//! behind `--` leaves the contenders without it out. The contenders take turns at every answer, so that a machine that
//! is busy with something else slows all of them alike. The target for reading an answer is three times what skipping
//! costs; "to events" adds what is done with it: de-duplication, and events that own their texts.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use polychat_platforms::youtube::Desk;
use polychat_platforms::youtube::answer::read;
use serde::de::IgnoredAny;

/// How many rounds are measured, after one to warm up.
const ROUNDS: usize = 200;

/// Answers of 76, 100, 52, 49 and 23 actions, and a first one that is mostly a catalogue of emoji.
const ANSWERS: [&str; 6] = [
    "murabito.invalidation",
    "pytchat.extract_duplcheck.head.dp0-0",
    "pytchat.calculator.superchat_0",
    "pytchat.chatreplay",
    "pytchat.extract_duplcheck.head.dp0-5",
    "pytchat.compatible.newSponsor",
];

struct Contender {
    name: &'static str,
    run: fn(&[u8]) -> usize,
    /// Nanoseconds of every turn: by answer, by round.
    turns: Vec<Vec<f64>>,
}

impl Contender {
    /// Microseconds for all answers: the median round and the best one of each answer, summed.
    fn figures(&self) -> (f64, f64) {
        let (mut median, mut best) = (0.0, 0.0);
        for answer in &self.turns {
            let mut answer = answer.clone();
            answer.sort_by(f64::total_cmp);
            median += answer[answer.len() / 2];
            best += answer[0];
        }
        (median / 1_000.0, best / 1_000.0)
    }
}

fn main() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let file = |name: &&str| std::fs::read(root.join(format!("youtube/responses/{name}.json"))).ok();
    // Recorders indented their files and gave many items one id; YouTube does neither.
    let answers: Vec<Vec<u8>> = ANSWERS.iter().filter_map(file).map(|json| as_sent(&json)).collect();
    if answers.is_empty() {
        println!("youtube: skipped, no recorded answers at POLYCHAT_CORPUS");
        return;
    }
    let contenders = [
        Contender { name: "serde_json: skip (IgnoredAny)", run: skip, turns: Vec::new() },
        Contender { name: "youtube: read", run: |json| read(json).map_or(0, |a| a.actions.len()), turns: Vec::new() },
        Contender { name: "youtube: answer to events", run: events, turns: Vec::new() },
    ];
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let mut contenders: Vec<Contender> = contenders.into_iter().filter(|c| c.name.contains(&wanted)).collect();
    for round in 0..=ROUNDS {
        for (at, answer) in answers.iter().enumerate() {
            for contender in &mut contenders {
                let start = Instant::now();
                black_box((contender.run)(black_box(answer)));
                let took = start.elapsed().as_nanos() as f64;
                if round == 0 {
                    contender.turns.push(Vec::with_capacity(ROUNDS));
                } else {
                    contender.turns[at].push(took);
                }
            }
        }
    }
    let bytes: usize = answers.iter().map(Vec::len).sum();
    let told: usize = answers.iter().map(|answer| events(answer)).sum();
    println!(
        "{} recorded answers, {bytes} bytes, {told} events, {ROUNDS} interleaved rounds; microseconds",
        answers.len()
    );
    println!("{:<42}{:>8}{:>8}   targets", "", "median", "best");
    let skip = contenders.iter().find(|contender| contender.name.starts_with("serde_json")).map(Contender::figures);
    for contender in &contenders {
        let (median, best) = contender.figures();
        let target = match skip {
            Some((skip_median, skip_best)) => {
                let limit = if contender.name == "youtube: read" { "; at most 3" } else { "" };
                format!("{:.2} x skip by median, {:.2} by best{limit}", median / skip_median, best / skip_best)
            }
            None => String::new(),
        };
        println!("{:<42}{median:>8.0}{best:>8.0}   {target}", contender.name);
    }
}

fn skip(json: &[u8]) -> usize {
    usize::from(serde_json::from_slice::<IgnoredAny>(json).is_ok())
}

fn events(json: &[u8]) -> usize {
    let Ok(answer) = read(json) else { return 0 };
    black_box(Desk::new("abcdefghijk").take(&answer, true, 1_780_000_000_000)).len()
}

/// The answer without white space between its values, each item with an id of its own.
fn as_sent(json: &[u8]) -> Vec<u8> {
    let mut value: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
    let mut next = 0;
    number(&mut value, &mut next);
    value.to_string().into_bytes()
}

fn number(value: &mut serde_json::Value, next: &mut u32) {
    match value {
        serde_json::Value::Object(map) => {
            if map.contains_key("timestampUsec") && map.contains_key("id") {
                *next += 1;
                map.insert("id".to_owned(), format!("ChwKGkNQWHdqYi1Hb3Y4Q0ZSa2JyUVlkTVlz{next:04}").into());
            }
            map.values_mut().for_each(|value| number(value, next));
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(|value| number(value, next)),
        _ => {}
    }
}
