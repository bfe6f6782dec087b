//! What reading a line of Twitch costs, beside the two best Rust parsers, in one run.
//!
//! `cargo bench -p polychat-platforms --bench parse` reads the recorded lines of `POLYCHAT_CORPUS`; a word behind `--`
//! leaves the contenders without it out. The contenders take turns at every few lines, so that a machine that is busy
//! with something else slows all of them alike. docs/PERFORMANCE.md has the targets and the figures reached.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use polychat_model::wire::{Format, Numbered};
use polychat_model::{ChannelKey, IdentifierType, Platform};
use polychat_platforms::twitch::catalog::{EmoteRef, EmoteTable, Lookups};
use polychat_platforms::twitch::irc::Line;
use polychat_platforms::twitch::{Read, Room, read};

/// How many rounds are measured, after one to warm up.
const ROUNDS: usize = 25;

/// How many lines a contender reads before the next one has its turn: less than a millisecond, so that few turns are
/// interrupted by other programs, and the median over the rounds is without those.
const TURN: usize = 64;

/// How many third-party emotes a channel knows in the last stage: a large channel of 2026.
const EMOTES: usize = 3_000;

struct Contender<'a> {
    name: &'a str,
    /// Reads one line; whether that worked.
    run: Box<dyn Fn(&str) -> bool + 'a>,
    /// Nanoseconds of every turn: by group of lines, by round.
    turns: Vec<Vec<f64>>,
}

impl Contender<'_> {
    /// Nanoseconds a line: the median round and the best one of each group of lines, summed over the groups.
    fn figures(&self, lines: usize) -> (f64, f64) {
        let (mut median, mut best) = (0.0, 0.0);
        for group in &self.turns {
            let mut group = group.clone();
            group.sort_by(f64::total_cmp);
            median += group[group.len() / 2];
            best += group[0];
        }
        (median / lines as f64, best / lines as f64)
    }
}

fn main() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let irc = root.join("twitch/irc");
    let text = |file: &str| std::fs::read_to_string(irc.join(file)).unwrap_or_default();
    let recorded = ["nymn-recent.irc", "xqcow-2019.irc"].map(text).concat();
    let lines: Vec<&str> = recorded.lines().collect();
    if lines.is_empty() {
        println!("parse: skipped, no recorded lines at POLYCHAT_CORPUS");
        return;
    }

    let plain = Lookups::default();
    let emotes = (0..EMOTES).map(|n| (format!("emote{n}"), EmoteRef { url: format!("https://e.example/{n}").into() }));
    // Words of the recording, so that some are found.
    let known = ["LULW", "OMEGALUL", "PepeLaugh", "Pog", "monkaS"]
        .map(|word| (word.to_owned(), EmoteRef { url: "https://e.example/known".into() }));
    let rich = Lookups { emotes: EmoteTable::new(known.into_iter().chain(emotes)).into(), ..Lookups::default() };
    let key = ChannelKey::new(Platform::Twitch, IdentifierType::Username, "xqcow");
    let room_id = "71092938".into();
    let room = |lookups| Room { login: "xqcow", room_id: Some(&room_id), lookups, now_ms: 1_569_005_845_776 };
    let (plain, rich) = (room(&plain), room(&rich));
    let frame = |line: &str| {
        let Some(Read::Event(event)) = Line::parse(line).map(|line| read(&line, &rich)) else { return true };
        let frame = Numbered { key: &key, seq: 1, event: &event }.to_json(Format::Flat);
        !black_box(frame).is_empty()
    };

    let contenders = [
        contender("tmi: split", |line| black_box(tmi::IrcMessageRef::parse(line)).is_some()),
        contender("ours: split", |line| black_box(Line::parse(line)).is_some()),
        contender("twitch-irc: split", |line| black_box(twitch_irc::message::IRCMessage::parse(line)).is_ok()),
        contender("tmi: typed", |line| black_box(tmi::Message::parse(line)).is_ok()),
        contender("twitch-irc: typed", |line| black_box(twitch_irc_typed(line))),
        contender("ours: event", |line| Line::parse(line).is_some_and(|line| is_read(&black_box(read(&line, &plain))))),
        contender("ours: event, 3,000 emotes", |line| {
            Line::parse(line).is_some_and(|line| is_read(&black_box(read(&line, &rich))))
        }),
        contender("ours: finished JSON frame, 3,000 emotes", frame),
    ];
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let mut contenders: Vec<Contender<'_>> = contenders.into_iter().filter(|c| c.name.contains(&wanted)).collect();
    for round in 0..=ROUNDS {
        for (group, lines) in lines.chunks(TURN).enumerate() {
            for contender in &mut contenders {
                let took = time(lines, &contender.run).as_nanos() as f64;
                if round == 0 {
                    contender.turns.push(Vec::with_capacity(ROUNDS));
                } else {
                    contender.turns[group].push(took);
                }
            }
        }
    }
    report(&contenders, lines.len(), recorded.len());

    let mut all = Vec::new();
    for entry in std::fs::read_dir(&irc).into_iter().flatten().flatten() {
        all.push(std::fs::read_to_string(entry.path()).unwrap_or_default());
    }
    let all: Vec<&str> = all.iter().flat_map(|text| text.split_terminator('\n')).collect();
    println!("\nlines that fail, of all {} recorded and hand-made ones:", all.len());
    for contender in &contenders {
        let failed = all.iter().filter(|line| !(contender.run)(line)).count();
        println!("{:<42}{failed:>6}", contender.name);
    }
}

fn contender<'a>(name: &'a str, run: impl Fn(&str) -> bool + 'a) -> Contender<'a> {
    Contender { name, run: Box::new(run), turns: Vec::new() }
}

fn twitch_irc_typed(line: &str) -> bool {
    let message = twitch_irc::message::IRCMessage::parse(line);
    message.is_ok_and(|message| twitch_irc::message::ServerMessage::try_from(message).is_ok())
}

/// A line that we do not know counts as failed; a named nothing does not.
fn is_read(read: &Read) -> bool {
    !matches!(read, Read::Unknown(_))
}

fn time(lines: &[&str], run: &dyn Fn(&str) -> bool) -> Duration {
    let start = Instant::now();
    for line in lines {
        black_box(run(black_box(line)));
    }
    start.elapsed()
}

fn report(contenders: &[Contender<'_>], lines: usize, bytes: usize) {
    println!("{lines} recorded lines, {bytes} bytes, {ROUNDS} interleaved rounds; nanoseconds a line");
    println!("{:<42}{:>8}{:>8}   targets", "", "median", "best");
    let split = contenders.iter().find(|contender| contender.name == "tmi: split").map(|tmi| tmi.figures(lines));
    for contender in contenders {
        let (median, best) = contender.figures(lines);
        let target = match (contender.name, split) {
            ("ours: split", Some((tmi_median, tmi_best))) => {
                format!("at most 1.5 x tmi: {:.2} by median, {:.2} by best", median / tmi_median, best / tmi_best)
            }
            ("ours: event", _) => verdict(median, 2_000.0),
            ("ours: finished JSON frame, 3,000 emotes", _) => verdict(median, 6_000.0),
            _ => String::new(),
        };
        println!("{:<42}{median:>8.0}{best:>8.0}   {target}", contender.name);
    }
}

fn verdict(median: f64, target: f64) -> String {
    let kept = if median <= target { "kept" } else { "MISSED" };
    format!("at most {target:.0}: {kept}")
}
