//! The pure parts that find a stream on YouTube, over recorded pages, held against answer keys that others made of them.
//!
//! The recordings are not part of the repository: `POLYCHAT_CORPUS` says where they are. Without them each test says so
//! and passes.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::fs;
use std::path::{Path, PathBuf};

use polychat_model::IdentifierType;
use polychat_platforms::youtube::item_id::{self, Notice};
use polychat_platforms::youtube::listing::{self, Choice, Listing, ListingState, LivePage, Streams};
use polychat_platforms::youtube::page::Page;
use polychat_platforms::youtube::resolve;
use polychat_platforms::youtube::token::{self, ChatType, TokenKind};
use polychat_platforms::youtube::video::{ChatAccess, Video, VideoState};
use serde_json::Value;
use url::Url;

fn corpus() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let youtube = root.join("youtube");
    if youtube.is_dir() {
        return Some(youtube);
    }
    eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
    None
}

fn json(corpus: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(corpus.join(name)).unwrap()).unwrap()
}

#[test]
fn recorded_tokens_say_whose_chat_they_read_and_are_rewritten_in_one_byte() {
    let Some(corpus) = corpus() else { return };
    let vectors = json(&corpus, "vectors.json");
    for (name, kind) in [("live_token", TokenKind::Live), ("replay_token", TokenKind::Replay)] {
        let vector = &vectors[name];
        let token = vector["token"].as_str().unwrap();
        assert_eq!(token::kind(token), Some(kind));
        assert_eq!(token::chat_type(token), Some(ChatType::Top));
        assert_eq!(token::video_id(token).as_deref(), vector["video_id"].as_str());
        assert_eq!(token::channel_id(token).as_deref(), vector["channel_id"].as_str());
        assert!(!token::is_stub(token));
        let all = token::all_messages(token).unwrap();
        assert_eq!(Some(&*all), vector["token_after_setting_chat_type_1"].as_str());
        assert_eq!(token::chat_type(&all), Some(ChatType::All));
    }
}

#[test]
fn the_tokens_of_menus_without_a_video_are_stubs() {
    let Some(corpus) = corpus() else { return };
    let stubs = &json(&corpus, "vectors.json")["stub_tokens"];
    let (top, live) = (stubs["top"].as_str().unwrap(), stubs["live"].as_str().unwrap());
    assert!(token::is_stub(top) && token::is_stub(live));
    assert_eq!((token::video_id(top), token::channel_id(live)), (None, None));
    assert_eq!(token::all_messages(top).as_deref(), Some(live));
}

#[test]
fn recorded_ids_tell_their_time_or_their_notice() {
    let Some(corpus) = corpus() else { return };
    let ids = &json(&corpus, "vectors.json")["ids"];
    let mut notices = Vec::new();
    for vector in ids.as_array().unwrap() {
        let id = vector["id"].as_str().unwrap();
        assert_eq!(item_id::inner(id).as_deref(), vector["inner"].as_str());
        assert_eq!(item_id::made_at_usec(id), vector["usec_in_id"].as_u64());
        notices.extend(item_id::notice(id));
    }
    assert_eq!(notices, [Notice::SubscribersOnly, Notice::CommunityGuidelines]);
}

/// Every page with its answer key; the pages of the player for embedding have none.
fn pages(corpus: &Path) -> Vec<(String, Vec<u8>, Value)> {
    let mut keys = json(corpus, "pages.expected.json");
    let mut pages = Vec::new();
    for entry in fs::read_dir(corpus.join("pages")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let key = keys[&name].take();
        pages.push((name, fs::read(path).unwrap(), key));
    }
    pages.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(pages.iter().filter(|(.., key)| key.is_object()).count() >= 11);
    pages
}

/// The pages whose key has a `field`.
fn pages_with(corpus: &Path, field: &str) -> Vec<(String, Vec<u8>, Value)> {
    let mut pages = pages(corpus);
    pages.retain(|(.., key)| !key[field].is_null());
    assert!(!pages.is_empty(), "no key with {field}");
    pages
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

#[test]
fn recorded_pages_tell_their_settings_and_what_they_are_about() {
    let Some(corpus) = corpus() else { return };
    for (name, bytes, key) in pages_with(&corpus, "client_version") {
        let page = Page::new(&bytes);
        let settings = page.settings();
        assert_eq!(settings.client_version.as_deref(), text(&key["client_version"]), "{name}");
        assert_eq!(settings.hl.as_deref(), text(&key["hl"]), "{name}");
        assert_eq!(settings.gl.as_deref(), text(&key["gl"]), "{name}");
        assert_eq!(settings.api_key.is_some(), key["api_key_present"] == true, "{name}");
        assert_eq!(settings.visitor_data.is_some(), key["client_visitorData"] == true, "{name}");
        assert!(settings.push_key.is_some(), "{name}");

        let canonical = page.canonical();
        let expected = text(&key["canonical"]).map(|url| {
            let url = url.strip_prefix("https://www.youtube.com/").unwrap();
            let video = url.strip_prefix("watch?v=").map(|id| (IdentifierType::LiveId, id.to_owned()));
            video.unwrap_or_else(|| (IdentifierType::ChannelId, url.strip_prefix("channel/").unwrap().to_owned()))
        });
        assert_eq!(canonical.map(|key| (key.identifier_type, key.identifier.to_string())), expected, "{name}");
    }
}

#[test]
fn recorded_watch_pages_tell_their_video_as_the_key_says() {
    let Some(corpus) = corpus() else { return };
    for (name, bytes, key) in pages_with(&corpus, "playability") {
        let video = Video::from_watch_page(&Page::new(&bytes)).unwrap();
        let is = |flag: &str| key[flag] == true;
        let broadcast = &key["live_broadcast_details"];
        let ms = |value: &Value| text(value).map(|at| at.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let state = match () {
            () if is("is_live") => VideoState::Live,
            () if is("is_upcoming") => VideoState::Upcoming,
            () => VideoState::Ended,
        };
        assert_eq!(video.state, state, "{name}");
        assert_eq!(Some(&*video.id), text(&key["video_id"]), "{name}");
        assert_eq!(video.channel_id.as_deref(), text(&key["channel_id"]), "{name}");
        assert_eq!(video.channel_name.as_deref(), text(&key["author"]), "{name}");
        assert_eq!(video.title.as_deref(), text(&key["title"]), "{name}");
        assert_eq!(video.handle.is_some(), !name.contains("2021"), "{name}");
        assert_eq!(video.members_only, key["offer_id"] == "sponsors_only_video", "{name}");
        let scheduled = text(&key["scheduled_start_unix"]).map(|at| at.parse::<i64>().unwrap() * 1_000);
        assert_eq!(video.starts_at_ms, scheduled, "{name}");
        assert_eq!(video.ended_at_ms, ms(&broadcast["endTimestamp"]), "{name}");
        let start = ms(&broadcast["startTimestamp"]);
        assert_eq!(video.started_at_ms.or(video.starts_at_ms), start, "{name}");
        let viewers = text(&key["originalViewCount"]).filter(|_| key["viewCountRenderer_isLive"] == true);
        assert_eq!(video.viewers, viewers.map(|viewers| viewers.parse().unwrap()), "{name}");
        assert!(state == VideoState::Ended || video.likes.is_some(), "{name}");
        assert_ne!(video.vertical, Some(true), "{name}");

        let (token, menu) = match &video.chat {
            ChatAccess::Open { token, menu } => (Some(token), menu.clone()),
            ChatAccess::ReplayOnly { token } => (Some(token), Vec::new()),
            ChatAccess::Closed => (None, Vec::new()),
            ChatAccess::Unknown => panic!("{name}: no word on the chat"),
        };
        assert_eq!(matches!(video.chat, ChatAccess::ReplayOnly { .. }), is("is_replay"), "{name}");
        assert_eq!(token.is_none(), key["conversation_bar"] == "conversationBarRenderer", "{name}");
        assert_eq!(token.map(|token| token.len() as u64), key["initial_continuation_length"].as_u64(), "{name}");
        if let Some(token) = token {
            assert_eq!(token::video_id(token).as_deref(), Some(&*video.id), "{name}");
            assert_eq!(token::channel_id(token), video.channel_id, "{name}");
            let all = video.chat.all_messages().unwrap();
            assert_eq!(token::chat_type(&all), Some(ChatType::All), "{name}");
        }
        if !menu.is_empty() {
            let expected = key["submenu"].as_array().unwrap();
            assert_eq!(menu.len(), expected.len(), "{name}");
            assert!(menu.iter().all(|token| token::is_stub(token)), "{name}");
        }
    }
}

#[test]
fn next_alone_never_calls_a_recorded_video_live_and_finds_its_chat() {
    let Some(corpus) = corpus() else { return };
    for (name, bytes, key) in pages_with(&corpus, "playability") {
        // The answer of `next` has the data of the page.
        let video = Video::from_next(Page::new(&bytes).initial_data().unwrap()).unwrap();
        assert_eq!(Some(&*video.id), text(&key["video_id"]), "{name}");
        let ended = key["is_replay"] == true;
        assert_eq!(video.state, if ended { VideoState::Ended } else { VideoState::Unknown }, "{name}");
        assert_eq!(
            matches!(video.chat, ChatAccess::Closed),
            key["conversation_bar"] == "conversationBarRenderer",
            "{name}"
        );
        assert_eq!(video.members_only, key["offer_id"] == "sponsors_only_video", "{name}");
    }
}

#[test]
fn the_menu_of_a_recorded_popout_is_whole_and_its_tokens_differ_as_ours_do() {
    let Some(corpus) = corpus() else { return };
    let mut popouts = 0;
    for (name, bytes, key) in pages_with(&corpus, "actions") {
        let page = Page::new(&bytes);
        let access = ChatAccess::from_chat_page(&page);
        let ChatAccess::Open { token, menu } = &access else { panic!("{name}: {access:?}") };
        assert_eq!(Some(token.len() as u64), key["initial_continuation_length"].as_u64(), "{name}");
        let lengths: Vec<_> = menu.iter().map(|token| Some(token.len() as u64)).collect();
        let expected: Vec<_> = key["submenu"].as_array().unwrap().iter().map(|m| m["token_length"].as_u64()).collect();
        assert_eq!(lengths, expected, "{name}");
        assert_eq!(token::all_messages(&menu[0]).as_deref(), Some(&*menu[1]), "{name}: YouTube's own pair");
        assert!(access.all_messages().is_some(), "{name}");
        let data: Value = serde_json::from_slice(page.initial_data().unwrap()).unwrap();
        let actions = data["contents"]["liveChatRenderer"]["actions"].as_array().unwrap();
        assert_eq!(Some(actions.len() as u64), key["actions"].as_u64(), "{name}");
        popouts += 1;
    }
    assert_eq!(popouts, 1);
}

/// What the key says of an entry of a list, in our words.
fn expected(entry: &Value) -> Listing {
    let badge = |i: usize| text(&entry["badges"][0][i]);
    let state = match (text(&entry["style"]), badge(0)) {
        (Some("LIVE"), _) => ListingState::Live,
        (Some("UPCOMING"), _) => ListingState::Upcoming,
        (None, Some(word)) if !word.contains(char::is_numeric) => ListingState::Upcoming,
        _ => ListingState::Archive,
    };
    let viewers = text(&entry["viewCountText"]).or(text(&entry["metadata"][0]));
    let viewers = viewers.filter(|_| state != ListingState::Archive);
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
    Listing {
        video_id: text(&entry["video_id"]).unwrap().to_owned(),
        state,
        members_only: entry["members_only"] == true,
        viewers: viewers.map(digits),
        starts_at_ms: text(&entry["upcoming_start"]).map(|at| at.parse::<i64>().unwrap() * 1_000),
        ..Listing::default()
    }
}

#[test]
fn recorded_streams_tabs_list_what_the_key_says_in_both_layouts() {
    let Some(corpus) = corpus() else { return };
    for (name, bytes, key) in pages_with(&corpus, "videos_total") {
        let page = Page::new(&bytes);
        let Streams { owner, listings } = listing::from_page(&page).unwrap();
        assert!(owner.display_name.is_some() && owner.avatar_url.is_some(), "{name}: {owner:?}");
        assert_eq!(Some(listings.len() as u64), key["videos_total"].as_u64(), "{name}");
        let same = listing::from_browse(page.initial_data().unwrap());
        assert_eq!(same.map(|streams| streams.listings).as_deref(), Some(&*listings), "{name}");
        assert!(listings.iter().all(|listing| !listing.title.is_empty()), "{name}");
        let named = [&key["videos_not_plain_archive"], &key["first_five"]].into_iter().filter_map(Value::as_array);
        let named: Vec<_> = named.flatten().map(expected).collect();
        for listing in &listings {
            let bare = Listing { title: String::new(), vertical: None, ..listing.clone() };
            match named.iter().find(|named| named.video_id == listing.video_id) {
                Some(named) => assert_eq!(bare, *named, "{name}"),
                None => assert_eq!((listing.state, listing.members_only), (ListingState::Archive, false), "{name}"),
            }
        }

        let channel = resolve::channel(&page).unwrap();
        assert_eq!(Some(&*channel.id), text(&key["channel_external_id"]), "{name}");
        assert_eq!(page.channel_id().as_ref(), Some(&channel.id), "{name}");
        let handle = text(&key["vanity"]).and_then(|url| url.split_once("/@")).unwrap().1.to_lowercase();
        assert_eq!(channel.username, Some(handle), "{name}");
    }
}

#[test]
fn no_recorded_placeholder_is_chosen_and_a_live_stream_is() {
    let Some(corpus) = corpus() else { return };
    for (name, bytes, key) in pages_with(&corpus, "videos_total") {
        let listings = listing::from_page(&Page::new(&bytes)).unwrap().listings;
        let now_ms = 1_771_333_200_000; // 2026-02-17, when the first of them were recorded.
        let live = key["videos_not_plain_archive"].as_array().unwrap();
        let live = live.iter().find(|entry| entry["style"] == "LIVE" && entry["members_only"] == false);
        match listing::choose(&listings, now_ms) {
            Choice::Live(chosen) => {
                let expected = live.and_then(|live| text(&live["video_id"]));
                assert_eq!(Some(&*chosen.video_id), expected, "{name}");
            }
            Choice::Nothing { .. } => assert!(live.is_none(), "{name}"),
            Choice::Upcoming(_) => panic!("{name}: a placeholder was chosen"),
        }
    }
}

#[test]
fn recorded_pages_read_as_live_pages_show_their_video_or_their_channel() {
    let Some(corpus) = corpus() else { return };
    let url = Url::parse("https://www.youtube.com/@somebody/live").unwrap();
    for (name, bytes, key) in pages_with(&corpus, "canonical") {
        let page = Page::new(&bytes);
        let entry = listing::from_live_page(&page, &url);
        match listing::live_page(&page, &url) {
            LivePage::Watch { video_id } => {
                assert_eq!(Some(&*video_id), text(&key["video_id"]), "{name}");
                assert_eq!(entry.is_some(), key["is_live"] == true || key["is_upcoming"] == true, "{name}");
            }
            LivePage::Channel(channel) => {
                assert!(text(&key["canonical"]).unwrap().ends_with(&channel.id), "{name}");
                assert_eq!((key["video_id"].is_null(), entry), (true, None), "{name}");
            }
            LivePage::Unknown => panic!("{name}: neither"),
        }
    }
}

#[test]
fn every_recorded_page_can_be_cut_anywhere() {
    let Some(corpus) = corpus() else { return };
    let url = Url::parse("https://www.youtube.com/").unwrap();
    for (_, bytes, _) in pages(&corpus) {
        for part in 0..8 {
            let page = Page::new(&bytes[..bytes.len() * part / 8]);
            page.settings();
            listing::live_page(&page, &url);
            listing::from_page(&page);
            Video::from_watch_page(&page);
            ChatAccess::from_chat_page(&page);
        }
    }
}
