//! The pure parts that find a room on TikTok, over pages and answers: our own in `tests/fixtures/tiktok`, and recorded ones.
//!
//! The recordings are not part of the repository: `POLYCHAT_CORPUS` says where they are. Without them each test says so
//! and passes. What they say is compared with what a plain JSON reader sees in them: no word of theirs stands here.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::fs;
use std::path::{Path, PathBuf};

use polychat_platforms::tiktok::room::{
    Block, Found, NoRoom, from_api, from_info, from_live_page, from_profile, script,
};
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let tiktok = root.join("tiktok");
    if tiktok.is_dir() {
        return Some(tiktok);
    }
    eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
    None
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/tiktok"));
    fs::read(folder.join(name)).unwrap()
}

const ROOM: u64 = 7_412_345_678_901_234_567;

#[test]
fn pages_and_answers_say_the_same_about_a_broadcast() {
    let page = from_live_page(&fixture("live-page.html"), "Weir.River").unwrap();
    assert_eq!((page.room_id, page.live, page.viewers), (ROOM, true, Some(152)));
    assert_eq!((&*page.username, page.display_name.as_deref()), ("weir.river", Some("Weir <3")));
    assert_eq!(page.title.as_deref(), Some("low water, \"slow\" talk </script>"));
    assert_eq!(page.avatar.as_deref(), Some("https://p16.example/medium.webp?x-expires=1&x-signature=a%2Bb"));
    assert_eq!(page.started_at_ms, Some(1_780_000_000_000));
    assert!(page.warning.is_some_and(|warning| warning.contains("subscribers")));

    let thumb = Some("https://p16.example/thumb.webp".to_owned());
    let info = from_info(&fixture("room-info.json"), ROOM).unwrap();
    assert_eq!(info, Found { avatar: thumb.clone(), warning: None, ..page.clone() });

    let profile = from_profile(&fixture("profile-page.html"), "weir.river").unwrap();
    assert_eq!((profile.room_id, profile.live, profile.avatar), (ROOM, false, thumb));
    assert_eq!((profile.user_id, profile.display_name), (page.user_id, page.display_name));
}

#[test]
fn nobody_is_read_whom_nobody_asked_for() {
    let renamed = Err(NoRoom::Renamed("weir.river".to_owned()));
    assert_eq!(from_live_page(&fixture("live-page.html"), "weir"), renamed);
    assert_eq!(from_profile(&fixture("profile-page.html"), "weir"), renamed);
    assert_eq!(from_info(&fixture("room-info.json"), ROOM + 1), Err(NoRoom::Unreadable));
}

#[test]
fn a_page_is_not_taken_for_another() {
    let (live, profile) = (fixture("live-page.html"), fixture("profile-page.html"));
    // Small, without the state that it should have, and with the word for it.
    assert_eq!(from_profile(&live, "weir.river"), Err(NoRoom::Blocked(Block::Captcha)));
    assert_eq!(from_live_page(&profile, "weir.river"), Err(NoRoom::Blocked(Block::Page)));
    assert_eq!(from_api(&live, "weir.river"), Err(NoRoom::Blocked(Block::Captcha)));
    assert_eq!(from_info(&fixture("room-restricted.json"), ROOM), Err(NoRoom::LoginNeeded));
}

/// The page state that TikTok sent in July 2025.
fn recorded(corpus: &Path) -> Value {
    serde_json::from_slice(&fs::read(corpus.join("pages/sigi_state.live.2025-07.json")).unwrap()).unwrap()
}

fn derived(corpus: &Path, name: &str) -> Vec<u8> {
    fs::read(corpus.join("derived").join(name)).unwrap()
}

/// The handle of the recorded channel.
fn asked(state: &Value) -> &str {
    state["LiveRoom"]["liveRoomUserInfo"]["user"]["uniqueId"].as_str().unwrap()
}

/// What is to be found in the recorded state.
#[track_caller]
fn is_the_recorded_one(found: &Found, state: &Value) {
    let info = &state["LiveRoom"]["liveRoomUserInfo"];
    assert_eq!(Some(&*found.room_id.to_string()), info["user"]["roomId"].as_str());
    assert_eq!(found.user_id.as_deref(), info["user"]["id"].as_str());
    assert_eq!(Some(&*found.username), info["user"]["uniqueId"].as_str());
    assert_eq!(found.display_name.as_deref(), info["user"]["nickname"].as_str());
    assert_eq!(found.avatar.as_deref(), info["user"]["avatarMedium"].as_str());
    assert_eq!(found.title.as_deref(), info["liveRoom"]["title"].as_str());
    assert_eq!(found.viewers, info["liveRoom"]["liveRoomStats"]["userCount"].as_u64());
    assert_eq!(found.started_at_ms, info["liveRoom"]["startTime"].as_i64().map(|seconds| seconds * 1_000));
    assert!(found.live && found.warning.is_none());
}

#[test]
fn a_recorded_broadcast_is_found_in_the_page_and_in_the_answer() {
    let Some(corpus) = corpus() else { return };
    let state = recorded(&corpus);
    let page = derived(&corpus, "live_page.live.html");
    is_the_recorded_one(&from_live_page(&page, asked(&state)).unwrap(), &state);
    is_the_recorded_one(&from_live_page(&page, &asked(&state).to_uppercase()).unwrap(), &state);
    let answer = derived(&corpus, "api_live_user_room.live.json");
    is_the_recorded_one(&from_api(&answer, asked(&state)).unwrap(), &state);
    assert!(matches!(from_api(&answer, "somebody.else"), Err(NoRoom::Renamed(_))));
    assert!(matches!(from_live_page(&page, "somebody.else"), Err(NoRoom::Renamed(_))));
    assert_eq!(serde_json::from_slice::<Value>(script(&page, "SIGI_STATE").unwrap()).unwrap(), state);
}

#[test]
fn channels_that_do_not_broadcast_are_told_from_walls() {
    let Some(corpus) = corpus() else { return };
    let state = recorded(&corpus);
    let page = |name| from_live_page(&derived(&corpus, name), asked(&state)).unwrap_err();
    assert_eq!(page("live_page.ended.html"), NoRoom::Offline);
    assert_eq!(page("live_page.never_live.html"), NoRoom::Offline);
    assert_eq!(page("live_page.blocked.html"), NoRoom::Blocked(Block::Shell));
    let answer = |name| from_api(&derived(&corpus, name), asked(&state)).unwrap_err();
    assert_eq!(answer("api_live_user_room.ended.json"), NoRoom::Offline);
    assert_eq!(answer("api_live_user_room.no_room.json"), NoRoom::Offline);
    assert_eq!(answer("api_live_user_room.not_found.json"), NoRoom::Unknown);
    assert_eq!(
        from_api(&derived(&corpus, "live_page.blocked.html"), asked(&state)),
        Err(NoRoom::Blocked(Block::Shell))
    );
}

#[test]
fn a_recorded_page_may_end_anywhere() {
    let Some(corpus) = corpus() else { return };
    let state = recorded(&corpus);
    let page = derived(&corpus, "live_page.live.html");
    let end = page.len() - b"</script></body></html>\n".len();
    for len in (0..end).step_by(7) {
        let found = from_live_page(&page[..len], asked(&state));
        assert!(matches!(found, Err(NoRoom::Blocked(Block::Page | Block::Empty))), "{len}: {found:?}");
    }
}
