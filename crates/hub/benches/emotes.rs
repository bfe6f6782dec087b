//! What finding third-party emotes in a message costs.
//!
//! `cargo bench -p polychat-hub --bench emotes`: 4,000 emotes of a channel and 1,000 of everybody are known; messages of
//! different kinds are enriched and restored. docs/PERFORMANCE.md has the target and the figures reached.

use std::hint::black_box;
use std::time::Instant;

use polychat_hub::EmoteTable;
use polychat_model::Content;

/// How many rounds are measured, after one to warm up.
const ROUNDS: usize = 25;
/// Messages of each kind in a round.
const MESSAGES: usize = 20_000;
/// What an ordinary message may cost, in nanoseconds.
const TARGET: f64 = 1_000.0;

fn main() {
    let names = |prefix: &str, count: usize| (0..count).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
    let table =
        |names: &[String]| EmoteTable::new(names.iter().map(|name| (name.as_str(), "https://e.example/3x.webp")));
    let own = table(&[names("peepo", 2_000), names("Pog", 2_000)].concat());
    let everybodys = table(&names("global", 1_000));
    let kinds = [
        ("an ordinary message without emotes (9 words)", "that was the best round you have played all"),
        ("an ordinary message with an emote (8 words)", "no way he really did that again peepo77"),
        ("nothing but emotes (6 words)", "peepo1 peepo2 Pog3 peepo1 global4 global5"),
        ("a long message (81 words)", &"chat is this real or did we all dream ".repeat(9)),
    ];
    println!("5,000 emotes known, {ROUNDS} rounds; nanoseconds a message");
    println!("{:<46}{:>8}{:>8}", "", "median", "best");
    for (n, (kind, text)) in kinds.into_iter().enumerate() {
        let message = Content::plain(text);
        let mut rounds: Vec<f64> = (0..=ROUNDS).map(|_| round(&message, &own, &everybodys)).skip(1).collect();
        rounds.sort_by(f64::total_cmp);
        let median = rounds[rounds.len() / 2];
        let verdict = match n {
            0 | 1 if median <= TARGET => "at most 1000: kept",
            0 | 1 => "at most 1000: MISSED",
            _ => "",
        };
        println!("{kind:<46}{median:>8.0}{:>8.0}   {verdict}", rounds[0]);
    }
}

/// Nanoseconds a message, without those of the copies.
fn round(message: &Content, own: &EmoteTable, everybodys: &EmoteTable) -> f64 {
    let mut messages: Vec<Content> = (0..MESSAGES).map(|_| message.clone()).collect();
    let start = Instant::now();
    for message in &mut messages {
        own.find_in(everybodys, black_box(message));
    }
    let took = start.elapsed().as_nanos() as f64;
    drop(black_box(messages));
    took / MESSAGES as f64
}
