//! What stands in the way of an answer: statuses, empty bodies, and pages that are for somebody else to look at.

use memchr::memmem;
use serde::Deserialize;

use super::{Block, NoRoom};

/// Longest page in which words of a wall are looked for. Walls are small; pages of TikTok have 100 KiB to 1 MiB, and any
/// word may be in their scripts.
const WALL_MAX_BYTES: usize = 64 * 1024;

/// Words of pages in place of the one that was asked for, in lower case.
const WORDS: [(&[u8], NoRoom); 6] = [
    (b"discontinued operating tiktok", NoRoom::RegionClosed),
    (b"slardarwaf", NoRoom::Blocked(Block::Shell)),
    (b"_wafchallengeid", NoRoom::Blocked(Block::Shell)),
    (b"please wait...", NoRoom::Blocked(Block::Shell)),
    (b"captcha", NoRoom::Blocked(Block::Captcha)),
    (b"verify to continue", NoRoom::Blocked(Block::Captcha)),
];

/// What the status of an answer, and a body without anything in it, say before anything is read.
pub fn wall(status: u16, body: &[u8]) -> Option<NoRoom> {
    match status {
        200..=299 if body.trim_ascii().is_empty() => Some(NoRoom::Blocked(Block::Empty)),
        200..=299 => None,
        429 => Some(NoRoom::Blocked(Block::Limited)),
        451 => Some(NoRoom::RegionClosed),
        401 | 403 => Some(match without_state(body) {
            NoRoom::Blocked(Block::Page) => NoRoom::Blocked(Block::Forbidden),
            told => told,
        }),
        500.. => Some(NoRoom::Trouble),
        _ => Some(NoRoom::Unreadable),
    }
}

/// What a page is that does not hold what it should.
pub(in crate::tiktok) fn without_state(page: &[u8]) -> NoRoom {
    if page.trim_ascii().is_empty() {
        return NoRoom::Blocked(Block::Empty);
    }
    if page.len() > WALL_MAX_BYTES {
        return NoRoom::Blocked(Block::Page);
    }
    let page = page.to_ascii_lowercase();
    let told = WORDS.into_iter().find(|(words, _)| memmem::find(&page, words).is_some());
    told.map_or(NoRoom::Blocked(Block::Page), |(_, told)| told)
}

/// Reads an answer in JSON.
pub(super) fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, NoRoom> {
    match body.trim_ascii_start().first() {
        None => Err(NoRoom::Blocked(Block::Empty)),
        Some(b'<') => Err(without_state(body)),
        Some(_) => serde_json::from_slice(body).map_err(|_| NoRoom::Unreadable),
    }
}
