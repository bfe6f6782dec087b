//! From a name to a channel, from a channel to its video, and what is told of a video.

use polychat_testkit::youtube::{ChatMode, PlayerMood, STREAMS_PARAMS, VideoState, channel_id};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::reader::{TITLE, stream};

#[tokio::test]
async fn pages_hold_their_data_whatever_the_title_is() {
    let (sim, reader, video) = stream().await;
    let (status, page) = reader.page(&format!("/watch?v={video}")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page.matches("</script>").count(), page.matches("<script").count(), "no title ends a script");
    for (marker, pointer) in [
        ("var ytInitialPlayerResponse = ", "/videoDetails/title"),
        (
            "var ytInitialData = ",
            "/contents/twoColumnWatchNextResults/results/results/contents/0/videoPrimaryInfoRenderer/title/runs/0/text",
        ),
    ] {
        let data = &page[page.find(marker).unwrap() + marker.len()..];
        let data: Value = serde_json::Deserializer::from_str(data).into_iter().next().unwrap().unwrap();
        assert_eq!(data.pointer(pointer).unwrap(), TITLE);
    }
    sim.ask_for_consent(true, None);
    let (status, _) = reader.page("/@tea/live").await;
    assert_eq!(status, StatusCode::FOUND);
    let request = reader.http.get(format!("{}/@TEA/live", reader.base)).header("cookie", "SOCS=CAI");
    let page = request.send().await.unwrap().text().await.unwrap();
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"https://www.youtube.com/watch?v={video}\">")));
}

#[tokio::test]
async fn names_resolve_to_channels() {
    let (sim, reader, _) = stream().await;
    sim.add_channel("茶の時間", "お茶");
    sim.add_legacy_name("tea", "c/TeaOfOld");
    let resolve = async |path: &str| {
        reader.post("navigation/resolve_url", json!({"url": format!("https://www.youtube.com{path}")})).await
    };
    for (path, handle) in [
        ("/@tea", "tea"),
        ("/@Tea", "tea"),
        ("/c/TeaOfOld", "tea"),
        ("/teaofold", "tea"),
        ("/@%E8%8C%B6%E3%81%AE%E6%99%82%E9%96%93", "茶の時間"),
        (&format!("/channel/{}", channel_id("tea")), "tea"),
    ] {
        let answer: Value = resolve(path).await.json().await.unwrap();
        assert_eq!(answer["endpoint"]["browseEndpoint"]["browseId"], channel_id(handle), "{path}");
    }
    assert_eq!(resolve("/@tea/live").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(resolve("/@nobody").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(channel_id("tea").len(), 24);
}

/// Ids, styles and titles of a tab of streams, in either layout.
fn streams(data: &Value) -> Vec<(String, String)> {
    let tabs = data["contents"]["twoColumnBrowseResultsRenderer"]["tabs"].as_array().unwrap();
    let tab = &tabs.iter().find(|tab| tab["tabRenderer"]["selected"] == true).unwrap()["tabRenderer"];
    let url = tab["endpoint"]["commandMetadata"]["webCommandMetadata"]["url"].as_str().unwrap();
    if !url.ends_with("/streams") {
        return Vec::new();
    }
    let items = tab["content"]["richGridRenderer"]["contents"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items
        .map(|item| {
            let content = &item["richItemRenderer"]["content"];
            let (old, new) = (&content["videoRenderer"], &content["lockupViewModel"]);
            if old.is_object() {
                let overlay = &old["thumbnailOverlays"][0]["thumbnailOverlayTimeStatusRenderer"];
                (text(&old["videoId"]), text(&overlay["style"]))
            } else {
                let overlay = &new["contentImage"]["thumbnailViewModel"]["overlays"][0];
                let badge = &overlay["thumbnailBottomOverlayViewModel"]["badges"][0]["thumbnailBadgeViewModel"];
                (text(&new["contentId"]), text(&badge["badgeStyle"]))
            }
        })
        .collect()
}

#[tokio::test]
async fn the_tab_of_streams_lists_all_of_them_in_both_layouts() {
    let (sim, reader, live) = stream().await;
    let upcoming = sim.schedule("tea", "Later", 1_900_000_000);
    let hidden = sim.start_stream("tea", "Hidden");
    sim.change(&hidden, |video| video.unlisted = true);
    let over = sim.start_stream("tea", "Earlier");
    sim.archive(&over);
    sim.add_video("tea", "A film", VideoState::NotAStream);
    let browse = json!({"browseId": channel_id("tea"), "params": STREAMS_PARAMS});
    let old = streams(&reader.ask("browse", browse.clone()).await);
    let of = |id: &String, style: &str| (id.clone(), style.to_owned());
    assert_eq!(old, [of(&upcoming, "UPCOMING"), of(&live, "LIVE"), of(&over, "DEFAULT")]);
    sim.lockup_layout(true);
    let new = streams(&reader.ask("browse", browse).await);
    let style = |end: &str| format!("THUMBNAIL_OVERLAY_BADGE_STYLE_{end}");
    assert_eq!(new, [of(&upcoming, &style("DEFAULT")), of(&live, &style("LIVE")), of(&over, &style("DEFAULT"))]);
    sim.add_channel("quiet", "Quiet");
    let quiet = reader.ask("browse", json!({"browseId": channel_id("quiet"), "params": STREAMS_PARAMS})).await;
    assert_eq!(streams(&quiet), [], "another tab is selected when there is none");
}

#[tokio::test]
async fn live_shows_a_stream_before_a_placeholder_before_what_is_scheduled() {
    let (sim, reader, live) = stream().await;
    let soon = sim.schedule("tea", "Soon", 1_800_000_000);
    let shown = async || {
        let page = reader.page("/@tea/live").await.1;
        let canonical = page.split("rel=\"canonical\" href=\"").nth(1).unwrap();
        canonical.split('"').next().unwrap().rsplit(['=', '/']).next().unwrap().to_owned()
    };
    assert_eq!(shown().await, live);
    sim.change(&live, |video| video.members_only = true);
    assert_eq!(shown().await, soon, "streams for members are passed over");
    let placeholder = sim.schedule("tea", "Free chat", 1_900_000_000);
    sim.change(&placeholder, |video| video.free_chat = true);
    assert_eq!(shown().await, placeholder);
    for video in [&soon, &placeholder] {
        sim.change(video, |video| video.state = VideoState::Deleted);
    }
    assert_eq!(shown().await, channel_id("tea"), "nothing on: the channel itself");
    assert_eq!(reader.page("/@nobody/live").await.0, StatusCode::NOT_FOUND);
    sim.change(&live, |video| video.members_only = false);
    sim.redirect_live(true);
    assert_eq!(reader.page("/@tea/live").await.0, StatusCode::FOUND);
}

#[tokio::test]
async fn the_player_tells_every_state_by_keys() {
    let (sim, reader, video) = stream().await;
    let status = async || {
        let answer = reader.ask("player", json!({"videoId": video})).await;
        let status = answer["playabilityStatus"]["status"].as_str().unwrap().to_owned();
        let details = &answer["videoDetails"];
        let keys = ["isLive", "isUpcoming", "isPostLiveDvr", "isLiveContent"];
        (status, keys.into_iter().filter(|key| details[*key] == true).collect::<Vec<_>>().join(" "))
    };
    for (state, expected, keys) in [
        (VideoState::Live, "OK", "isLive isLiveContent"),
        (VideoState::Upcoming(1_900_000_000), "LIVE_STREAM_OFFLINE", "isUpcoming isLiveContent"),
        (VideoState::Ended, "LIVE_STREAM_OFFLINE", "isPostLiveDvr isLiveContent"),
        (VideoState::Archived, "OK", "isLiveContent"),
        (VideoState::NotAStream, "OK", ""),
        (VideoState::Private, "LOGIN_REQUIRED", ""),
        (VideoState::Deleted, "ERROR", ""),
    ] {
        sim.change(&video, |video| video.state = state);
        assert_eq!(status().await, (expected.to_owned(), keys.to_owned()), "{state:?}");
    }
    sim.change(&video, |video| (video.state, video.members_only) = (VideoState::Live, true));
    assert_eq!(status().await, ("UNPLAYABLE".to_owned(), "isLive isLiveContent".to_owned()));
    sim.change(&video, |video| (video.player, video.members_only) = (PlayerMood::NotLive, false));
    assert_eq!(status().await.1, "isLiveContent", "a lie");
    assert!(!reader.start_token(&video).await.replay, "the chat tells the truth");
    sim.change(&video, |video| video.player = PlayerMood::BotCheck);
    assert_eq!(status().await.0, "LOGIN_REQUIRED");
}

#[tokio::test]
async fn metadata_is_asked_for_with_the_token_of_the_last_answer() {
    let (sim, reader, video) = stream().await;
    sim.change(&video, |video| (video.viewers, video.likes) = (5_516, 2_068));
    let mut body = json!({"videoId": video});
    for viewers in [5_516, 7] {
        let answer = reader.ask("updated_metadata", body).await;
        let count = &answer["actions"][0]["updateViewershipAction"]["viewCount"]["videoViewCountRenderer"];
        assert_eq!(count["originalViewCount"], viewers.to_string());
        body = json!({"continuation": answer["continuation"]["timedContinuationData"]["continuation"]});
        sim.change(&video, |video| video.viewers = 7);
    }
    let next = reader.ask("next", json!({"videoId": video})).await;
    let likes = &next["frameworkUpdates"]["entityBatchUpdate"]["mutations"][0]["payload"]["likeCountEntity"];
    assert_eq!(likes["likeCountIfIndifferentNumber"], "2068");
}

#[tokio::test]
async fn texts_follow_the_language_that_was_asked_for() {
    let (sim, reader, _) = stream().await;
    sim.speak("ja");
    for (query, cookie, language) in
        [("", "", "ja"), ("?hl=de", "", "de"), ("", "PREF=hl=en&tz=UTC", "en"), ("?hl=en&gl=US", "PREF=hl=de", "en")]
    {
        let request = reader.http.get(format!("{}/@tea/live{query}", reader.base)).header("cookie", cookie);
        let page = request.send().await.unwrap().text().await.unwrap();
        assert!(page.contains(&format!("lang=\"{language}\"")), "{query} {cookie}");
    }
}

#[tokio::test]
async fn small_sources_tell_names_and_versions() {
    let (sim, reader, video) = stream().await;
    let (_, feed) = reader.page(&format!("/feeds/videos.xml?channel_id={}", channel_id("tea"))).await;
    assert!(feed.contains("<name>Tea Time</name>") && feed.contains(&video), "{feed}");
    let (_, worker) = reader.page("/sw.js_data").await;
    let device: Value = serde_json::from_str(worker.strip_prefix(")]}'").unwrap()).unwrap();
    let device = &device[0][2][0][0];
    assert!(device[16].as_str().unwrap().starts_with("2.2") && device[13].is_string(), "{device}");
    sim.say(&video, "ann", "in the popout");
    let (_, popout) = reader.page(&format!("/live_chat?is_popout=1&v={video}")).await;
    assert!(popout.contains("window[\"ytInitialData\"] = ") && popout.contains("in the popout"));
    let token = reader.start_token(&video).await.encode();
    assert!(reader.page(&format!("/live_chat?continuation={token}")).await.1.contains("in the popout"));
}

#[tokio::test]
async fn a_chat_can_be_missing_in_several_ways() {
    let (sim, reader, video) = stream().await;
    let bar = async || {
        let next = reader.ask("next", json!({"videoId": video})).await;
        next["contents"]["twoColumnWatchNextResults"]["conversationBar"].clone()
    };
    assert!(bar().await["liveChatRenderer"].is_object());
    sim.change(&video, |video| video.chat = ChatMode::Disabled);
    assert!(bar().await["conversationBarRenderer"].is_object());
    sim.change(&video, |video| video.chat = ChatMode::Absent);
    assert!(bar().await.is_null());
    sim.change(&video, |video| video.chat = ChatMode::Open);
    sim.pages_without_chat(true);
    assert!(!reader.page(&format!("/watch?v={video}")).await.1.contains("conversationBar"));
    assert!(bar().await["liveChatRenderer"].is_object(), "only pages are without");
}

#[tokio::test]
async fn a_request_without_its_context_is_refused() {
    let (_sim, reader, video) = stream().await;
    let url = format!("{}/youtubei/v1/next", reader.base);
    let bare = reader.http.post(&url).json(&json!({"videoId": video})).send().await.unwrap();
    assert_eq!(bare.status(), StatusCode::BAD_REQUEST);
    assert_eq!(reader.post("next", json!({"videoId": "no id"})).await.status(), StatusCode::BAD_REQUEST);
}
