//! What reading a page of YouTube costs, beside what it costs `serde_json` to skip through the same JSON.
//!
//! `cargo bench -p polychat-platforms --bench youtube_pages` reads the recorded pages of `POLYCHAT_CORPUS`. The contenders
//! take turns, so that a machine that is busy with something else slows all of them alike.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use polychat_platforms::youtube::listing;
use polychat_platforms::youtube::page::Page;
use polychat_platforms::youtube::video::Video;
use serde::de::{Deserialize, IgnoredAny};
use serde_json::Value;

/// How many rounds are measured, after one to warm up.
const ROUNDS: usize = 50;

/// A name, and what it does with a page. Gives something, so that nothing is optimised away.
type Contender = (&'static str, fn(&[u8]) -> bool);

fn main() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let watch: [Contender; 4] = [
        ("serde_json: skip", |page| objects(page).all(|json| json.is_some_and(skip))),
        ("serde_json: Value", |page| objects(page).all(|json| json.is_some_and(value))),
        ("ours: video", |page| Video::from_watch_page(&Page::new(page)).is_some()),
        ("ours: settings", |page| Page::new(page).settings().client_version.is_some()),
    ];
    let tab: [Contender; 3] = [
        ("serde_json: skip", |page| objects(page).flatten().all(skip)),
        ("serde_json: Value", |page| objects(page).flatten().all(value)),
        ("ours: listing", |page| listing::from_page(&Page::new(page)).is_some()),
    ];
    measure(&root, "watch-live.2026-02.en-gb.html", &watch);
    measure(&root, "streams-tab-lockup.2026-04.de.html", &tab);
}

/// The data and the player's answer of a page, from their first byte on.
fn objects(page: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    [&b"var ytInitialData = "[..], b"var ytInitialPlayerResponse = "]
        .into_iter()
        .map(move |name| memchr::memmem::find(page, name).map(|at| &page[at + name.len()..]))
}

fn skip(json: &[u8]) -> bool {
    IgnoredAny::deserialize(&mut serde_json::Deserializer::from_slice(json)).is_ok()
}

fn value(json: &[u8]) -> bool {
    Value::deserialize(&mut serde_json::Deserializer::from_slice(json)).is_ok()
}

fn measure(root: &std::path::Path, name: &str, contenders: &[Contender]) {
    let Ok(page) = std::fs::read(root.join("youtube/pages").join(name)) else {
        println!("{name}: skipped, no recorded pages at POLYCHAT_CORPUS");
        return;
    };
    let mut took = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for round in 0..=ROUNDS {
        for ((name, run), took) in contenders.iter().zip(&mut took) {
            let start = Instant::now();
            assert!(black_box(run(black_box(&page))), "{name} read nothing");
            if round > 0 {
                took.push(start.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    println!("{name}: {} bytes, {ROUNDS} interleaved rounds; microseconds a page", page.len());
    println!("{:<24}{:>8}{:>8}", "", "median", "best");
    for ((name, _), took) in contenders.iter().zip(&mut took) {
        took.sort_by(f64::total_cmp);
        println!("{name:<24}{:>8.0}{:>8.0}", took[ROUNDS / 2], took[0]);
    }
}
