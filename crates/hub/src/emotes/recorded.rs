//! Recorded answers and updates of the providers, read from `POLYCHAT_CORPUS`; skipped without it.

use std::path::PathBuf;

use serde_json::Value;

use super::others::{bttv_channel, bttv_global, ffz_global, ffz_room};
use super::seventv::{Connection, Update, connection, set, update};

/// A recorded file, or nothing where there are none.
fn recorded(file: &str) -> Option<Vec<u8>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let bytes = std::fs::read(root.join("twitch").join(file)).ok();
    if bytes.is_none() {
        println!("skipped: no {file} at POLYCHAT_CORPUS");
    }
    bytes
}

#[test]
fn a_recorded_set_is_read_whole() {
    let Some(body) = recorded("emotes/7tv/user-nymn-embedded-set.json") else { return };
    let channel = connection(&body).unwrap();
    let set = channel.set.unwrap();
    assert_eq!((channel.set_id, channel.user_id.is_some()), (Some(set.id), true));
    let over = set.emotes.iter().filter(|emote| emote.zero_width).count();
    assert_eq!((set.emotes.len(), over), (837, 36));
    assert!(set.emotes.iter().all(|emote| emote.url.ends_with("/3x.webp")), "the preferred file is always there");
}

#[test]
fn the_other_recorded_shapes_of_7tv_are_read() {
    if let Some(body) = recorded("emotes/7tv/emote-set-global-truncated.json") {
        let emotes = set(&body).unwrap().emotes;
        assert_eq!((emotes.len(), emotes[0].zero_width), (1, true));
        assert!(emotes[0].url.ends_with("/2x.webp"), "its files are left out in the answer");
    }
    if let Some(body) = recorded("emotes/7tv/user-without-set.json") {
        let found = connection(&body).unwrap();
        assert_eq!(found, Connection { user_id: found.user_id.clone(), ..Connection::default() });
    }
    if let Some(body) = recorded("emotes/7tv/derived-user-nymn-2026-08.json") {
        assert_eq!(connection(&body).unwrap().set, None);
    }
}

#[test]
fn recorded_answers_of_the_others_are_read() {
    type Read = fn(&[u8]) -> Option<Vec<super::table::Emote>>;
    let files: [(&str, Read, usize); 5] = [
        ("emotes/bttv/global.json", bttv_global, 2),
        ("emotes/bttv/user-lobosjr.json", bttv_channel, 4),
        ("emotes/ffz/global-2017.json", ffz_global, 1),
        ("emotes/ffz/global-truncated.json", ffz_global, 0),
        ("emotes/ffz/room-ginomachino.json", ffz_room, 2),
    ];
    for (file, read, count) in files {
        if let Some(body) = recorded(file) {
            assert_eq!(read(&body).unwrap().len(), count, "{file}");
        }
    }
}

#[test]
fn recorded_live_updates_are_understood() {
    let Some(frames) = recorded("live-updates/7tv-eventapi.ndjson") else { return };
    let frames: Vec<Value> =
        frames.split(|b| *b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let told: Vec<_> = frames.iter().filter_map(|frame| update(&frame["d"])).map(|(_, update)| update).collect();
    let Some(Update::Changed { removed, added }) = told.first() else { panic!("a change of a set: {told:?}") };
    assert_eq!((removed.len(), added.len()), (2, 2), "put in, taken out, and renamed");
    assert!(told.contains(&Update::Stale), "another set");
}
