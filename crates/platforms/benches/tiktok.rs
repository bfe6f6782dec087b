//! How many messages of TikTok one core reads, from the bytes of a frame to events.
//!
//! `cargo bench -p polychat-platforms --bench tiktok` reads every recorded message of `POLYCHAT_CORPUS` once, in frames of
//! ten; a word behind `--` leaves the contenders without it out. The contenders take turns at each round, so that a
//! machine that is busy with something else slows all of them alike. The target is 200,000 messages a second from
//! inflated bytes, and the same for the messages alone that say something.
//!
//! There is one other client on crates.io that reads TikTok without a sign server, `piratetok-live-rs`. It cannot be had
//! without OpenSSL and a second HTTP client, so it is no dependency here; docs/PERFORMANCE.md has its figure from a run
//! beside this one.

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzEncoder;
use polychat_platforms::tiktok::Desk;
use polychat_platforms::tiktok::frame::{self, Frame};
use polychat_platforms::tiktok::proto::PushFrame;
use prost::Message as _;

#[path = "../tests/support/tiktok.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "shared with the tests, which use more of it")]
mod recordings;

use recordings::{NOW, Recorded};

/// How many rounds are measured, after one to warm up.
const ROUNDS: usize = 60;
/// Messages of a frame. Busy rooms have up to 31.
const FRAME_MESSAGES: usize = 10;
/// Messages a second.
const TARGET: f64 = 200_000.0;

struct Contender {
    name: &'static str,
    messages: usize,
    frames: Vec<Bytes>,
    run: fn(&[Bytes]) -> usize,
    /// Nanoseconds of each round.
    rounds: Vec<f64>,
}

fn main() {
    let Some(corpus) = recordings::corpus() else {
        println!("tiktok: skipped, no recorded messages at POLYCHAT_CORPUS");
        return;
    };
    let all = recordings::recorded(&corpus);
    let told: Vec<&Recorded> = all.iter().filter(|message| tells(message)).collect();
    let all: Vec<&Recorded> = all.iter().collect();
    let frames = |messages: &[&Recorded]| messages.chunks(FRAME_MESSAGES).map(recordings::fetch_result).collect();
    let (every, telling): (Vec<Bytes>, Vec<Bytes>) = (frames(&all), frames(&told));
    let zipped: Vec<Bytes> = every.iter().map(zipped).collect();
    let contender = |name, messages: &[&Recorded], frames: &[Bytes], run| Contender {
        name,
        messages: messages.len(),
        frames: frames.to_vec(),
        run,
        rounds: Vec::with_capacity(ROUNDS),
    };
    let contenders = [
        contender("tiktok: take a batch apart", &all, &every, take_apart as fn(&[Bytes]) -> usize),
        contender("tiktok: all messages to events", &all, &every, events),
        contender("tiktok: compressed frames to events", &all, &zipped, from_frames),
        contender("tiktok: telling messages to events", &told, &telling, events),
    ];
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let mut contenders: Vec<Contender> = contenders.into_iter().filter(|c| c.name.contains(&wanted)).collect();
    for round in 0..=ROUNDS {
        for contender in &mut contenders {
            let start = Instant::now();
            black_box((contender.run)(black_box(&contender.frames)));
            let took = start.elapsed().as_nanos() as f64;
            if round > 0 {
                contender.rounds.push(took);
            }
        }
    }
    let bytes = |frames: &[Bytes]| frames.iter().map(Bytes::len).sum::<usize>();
    println!(
        "{} recorded messages, {} bytes inflated, {} of them telling something ({} bytes, {} events), {ROUNDS} interleaved rounds",
        all.len(),
        bytes(&every),
        told.len(),
        bytes(&telling),
        events(&telling)
    );
    println!("{:<40}{:>10}{:>10}{:>14}   target", "ns per message", "median", "best", "messages/s");
    for contender in &mut contenders {
        contender.rounds.sort_by(f64::total_cmp);
        let each = |round: f64| round / contender.messages as f64;
        let (median, best) = (each(contender.rounds[ROUNDS / 2]), each(contender.rounds[0]));
        let rate = 1_000_000_000.0 / median;
        let target =
            if contender.name.ends_with("messages to events") { format!("{TARGET:.0}") } else { String::new() };
        println!("{:<40}{median:>10.0}{best:>10.0}{rate:>14.0}   {target}", contender.name);
    }
}

/// Whether the message alone becomes an event, at once or later.
fn tells(message: &Recorded) -> bool {
    let mut desk = recordings::desk();
    !desk.take(&recordings::batch_of(&[message]), NOW).is_empty() || desk.due_ms().is_some()
}

fn zipped(fetch_result: &Bytes) -> Bytes {
    let mut payload = Vec::new();
    let read = std::io::Read::read_to_end(&mut GzEncoder::new(&**fetch_result, Compression::default()), &mut payload);
    assert!(read.is_ok());
    let frame = PushFrame { payload_type: "msg".into(), payload: payload.into(), ..PushFrame::default() };
    frame.encode_to_vec().into()
}

fn take_apart(frames: &[Bytes]) -> usize {
    frames.iter().filter_map(|bytes| frame::batch(bytes.clone()).ok()).map(|batch| batch.len()).sum()
}

fn events(frames: &[Bytes]) -> usize {
    let mut desk = recordings::desk();
    let taken = frames.iter().filter_map(|bytes| frame::batch(bytes.clone()).ok());
    taken.map(|batch| black_box(desk.take(&batch, NOW)).len()).sum::<usize>() + rest(&mut desk)
}

fn from_frames(frames: &[Bytes]) -> usize {
    let mut desk = recordings::desk();
    let told = |bytes: &Bytes| match frame::read(bytes.clone()) {
        Ok(Frame::Messages(batch)) => black_box(desk.take(&batch, NOW)).len(),
        _ => 0,
    };
    frames.iter().map(told).sum::<usize>() + rest(&mut desk)
}

/// What was only waiting for its time.
fn rest(desk: &mut Desk) -> usize {
    black_box(desk.tick(NOW + 60_000)).len()
}
