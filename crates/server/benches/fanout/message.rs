//! The messages: each carries the time when it was due and its number, so that a client sees delay, loss and disorder,
//! and so that a server which stops reading shows as delay.

use std::io::Write;
use std::sync::LazyLock;
use std::time::Instant;

use memchr::memmem::Finder;

/// What precedes the stamp. No word of a chat, so that nothing is made of it.
const MARK: &str = "zq8x";
/// Enough for a day of nanoseconds.
const DUE_DIGITS: usize = 14;
const NUMBER_DIGITS: usize = 8;
/// The bytes of a chat frame's JSON that the bare servers send: about what polychat makes of [`put_irc_line`].
const FRAME_BYTES: usize = 958;
/// The words after the stamp in an IRC line: so few that polychat's frame has about [`FRAME_BYTES`].
const WORDS: &str = "gg";

static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds since this process first asked. The sender of messages and the clients share this clock.
pub(crate) fn now_ns() -> u64 {
    u64::try_from(EPOCH.elapsed().as_nanos()).expect("no run takes 500 years")
}

/// What a client reads from a frame.
pub(crate) struct Stamp {
    pub(crate) due_ns: u64,
    pub(crate) number: u64,
}

/// Finds the stamp in a payload.
pub(crate) fn stamp(payload: &[u8]) -> Option<Stamp> {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(MARK));
    let text = payload.get(FINDER.find(payload)? + MARK.len()..)?;
    let due_ns = decimal(text.get(..DUE_DIGITS)?);
    let number = decimal(text.get(DUE_DIGITS + 1..DUE_DIGITS + 1 + NUMBER_DIGITS)?);
    Some(Stamp { due_ns, number })
}

fn decimal(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |n, digit| n * 10 + u64::from(digit - b'0'))
}

fn write_stamp(out: &mut Vec<u8>, stamp: &Stamp) {
    let Stamp { due_ns, number } = stamp;
    write!(out, "{MARK}{due_ns:0DUE_DIGITS$}x{number:0NUMBER_DIGITS$}x").expect("memory takes all bytes");
}

/// Appends the JSON of a frame as the bare servers send it, with its length before it (four bytes, little endian).
pub(crate) fn put_control(out: &mut Vec<u8>, stamp: &Stamp) {
    out.extend_from_slice(&(FRAME_BYTES as u32).to_le_bytes());
    let end = out.len() + FRAME_BYTES;
    out.extend_from_slice(br#"{"type":"chat","text":""#);
    write_stamp(out, stamp);
    out.extend_from_slice(br#"","rest":""#);
    out.resize(end - 2, b'a');
    out.extend_from_slice(br#""}"#);
}

/// Appends a chat message as Twitch sends it.
pub(crate) fn put_irc_line(out: &mut Vec<u8>, stamp: &Stamp) {
    let n = stamp.number;
    let viewer = n % 5000;
    write!(
        out,
        "@badge-info=subscriber/14;badges=subscriber/12;client-nonce=4f0d3a8f1cbb4f1c;color=#1E90FF;\
         display-name=Viewer{viewer};emotes=;first-msg=0;flags=;id=b34ccfc7-4977-403a-8a94-{n:012x};mod=0;\
         returning-chatter=0;room-id=11148817;subscriber=1;tmi-sent-ts={};turbo=0;user-id={};user-type= \
         :viewer{viewer}!viewer{viewer}@viewer{viewer}.tmi.twitch.tv PRIVMSG #bench :",
        1_790_000_000_000 + n,
        40_000_000 + viewer,
    )
    .expect("memory takes all bytes");
    write_stamp(out, stamp);
    write!(out, " {WORDS}\r\n").expect("memory takes all bytes");
}
