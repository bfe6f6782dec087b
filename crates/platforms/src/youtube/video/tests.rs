use serde_json::{Value, json};

use super::{ChatAccess, Video, VideoState, handle};
use crate::youtube::mutate::each_mutation;
use crate::youtube::page::Page;

const ID: &str = "aB3-dE_fG7h";
const CHANNEL: &str = "UCabcdefghij-_ABCDEFGH12";
const TOKEN: &str = "0ofMyANgGlhhIHRva2VuIHRoYXQgbm9ib2R5IGNhbiByZWFk";
const START_MS: i64 = 1_767_225_600_000;

/// An answer of `player` for a stream, with these flags.
fn player(flags: &Value) -> Value {
    let mut answer = json!({
        "playabilityStatus": {"status": "OK", "liveStreamability": {"liveStreamabilityRenderer": {"videoId": ID}}},
        "videoDetails": {
            "videoId": ID, "title": "Cooking", "channelId": CHANNEL, "author": "Somebody", "viewCount": "900",
        },
        "microformat": {"playerMicroformatRenderer": {
            "embed": {"width": 640, "height": 360},
            "ownerProfileUrl": "http://www.youtube.com/@SomeBody",
            "liveBroadcastDetails": {"isLiveNow": false, "startTimestamp": "2026-01-01T00:00:00+00:00"},
            "likeCount": "33",
        }},
    });
    for (flag, value) in flags.as_object().unwrap() {
        answer["videoDetails"][flag] = value.clone();
    }
    answer
}

fn upcoming() -> Value {
    let mut answer = player(&json!({"isUpcoming": true, "isLiveContent": true}));
    answer["playabilityStatus"]["status"] = json!("LIVE_STREAM_OFFLINE");
    answer["playabilityStatus"]["liveStreamability"]["liveStreamabilityRenderer"]["offlineSlate"] =
        json!({"liveStreamOfflineSlateRenderer": {"scheduledStartTime": "1767225600"}});
    answer
}

fn ended() -> Value {
    let mut answer = player(&json!({"isLiveContent": true}));
    answer["microformat"]["playerMicroformatRenderer"]["liveBroadcastDetails"]["endTimestamp"] =
        json!("2026-01-01T02:00:00+00:00");
    answer
}

fn members_only() -> Value {
    let mut answer = player(&json!({"isLive": true, "isLiveContent": true}));
    answer["playabilityStatus"] = json!({
        "status": "UNPLAYABLE", "errorScreen": {"playerLegacyDesktopYpcOfferRenderer": {"offerId": "sponsors_only_video"}},
    });
    answer
}

/// An answer of `next` with this place for the chat.
fn next(bar: Value) -> Value {
    let mut answer = json!({
        "contents": {"twoColumnWatchNextResults": {
            "results": {"results": {"contents": [
                {"videoPrimaryInfoRenderer": {
                    "title": {"runs": [{"text": "Cooking "}, {"text": "#tonight"}]},
                    "viewCount": {"videoViewCountRenderer": {
                        "viewCount": {"runs": [{"text": "4.536"}, {"text": " Zuschauer"}]},
                        "isLive": true, "originalViewCount": "4536",
                    }},
                    "videoActions": {"menuRenderer": {"topLevelButtons": [{"segmentedLikeDislikeButtonViewModel": {
                        "likeCountEntity": {"key": "k", "likeCountIfIndifferentNumber": "2068"},
                    }}]}},
                }},
                {"videoSecondaryInfoRenderer": {"owner": {"videoOwnerRenderer": {
                    "title": {"runs": [{"text": "Somebody"}]},
                    "navigationEndpoint": {"browseEndpoint": {"browseId": CHANNEL, "canonicalBaseUrl": "/@SomeBody"}},
                }}}},
            ]}},
        }},
        "currentVideoEndpoint": {"watchEndpoint": {"videoId": ID}},
    });
    if !bar.is_null() {
        answer["contents"]["twoColumnWatchNextResults"]["conversationBar"] = bar;
    }
    answer
}

fn open_chat() -> Value {
    let entry = |token: &str| json!({"continuation": {"reloadContinuationData": {"continuation": token}}});
    json!({"liveChatRenderer": {
        "continuations": [{"reloadContinuationData": {"continuation": TOKEN, "clickTrackingParams": "x"}}],
        "header": {"liveChatHeaderRenderer": {"viewSelector": {"sortFilterSubMenuRenderer": {
            "subMenuItems": [entry("top"), entry("live")],
        }}}},
    }})
}

fn replay() -> Value {
    json!({"liveChatRenderer": {
        "continuations": [{"reloadContinuationData": {"continuation": "op2w0wQ"}}], "isReplay": true,
    }})
}

fn closed() -> Value {
    json!({"conversationBarRenderer": {"availabilityMessage": {"messageRenderer": {"text": {"runs": [{"text": "-"}]}}}}})
}

fn from_player(answer: &Value) -> Video {
    Video::from_player(answer.to_string().as_bytes()).unwrap()
}

fn from_next(answer: &Value) -> Video {
    Video::from_next(answer.to_string().as_bytes()).unwrap()
}

fn state(answer: &Value) -> VideoState {
    from_player(answer).state
}

#[test]
fn the_state_is_told_by_flags_and_not_by_words() {
    assert_eq!(state(&player(&json!({"isLive": true, "isLiveContent": true}))), VideoState::Live);
    assert_eq!(state(&upcoming()), VideoState::Upcoming);
    assert_eq!(state(&ended()), VideoState::Ended);
    assert_eq!(state(&player(&json!({"isLiveContent": true}))), VideoState::Ended);
    assert_eq!(state(&player(&json!({"isLive": true, "isPostLiveDvr": true}))), VideoState::Ended);
    assert_eq!(state(&player(&json!({"isLiveContent": false}))), VideoState::NotAStream);
    assert_eq!(state(&members_only()), VideoState::Live);
}

#[test]
fn a_video_that_is_not_shown_says_why() {
    let refused =
        |status: &str, screen: Value| state(&json!({"playabilityStatus": {"status": status, "errorScreen": screen}}));
    assert_eq!(refused("ERROR", json!(null)), VideoState::Missing);
    assert_eq!(refused("LOGIN_REQUIRED", json!(null)), VideoState::Private);
    assert_eq!(refused("LOGIN_REQUIRED", json!({"playerCaptchaViewModel": {"x": 1}})), VideoState::BotCheck);
    let help = json!({"urlEndpoint": {"url": "https://support.google.com/youtube/answer/3037019#x"}});
    let help =
        json!({"playerErrorMessageRenderer": {"subreason": {"runs": [{"text": "-"}, {"navigationEndpoint": help}]}}});
    assert_eq!(refused("LOGIN_REQUIRED", help), VideoState::BotCheck);
    assert_eq!(refused("UNPLAYABLE", json!(null)), VideoState::Unknown);
    assert_eq!(refused("CONTENT_CHECK_REQUIRED", json!(null)), VideoState::Unknown);
}

#[test]
fn a_player_tells_times_and_who_it_is() {
    let live = from_player(&player(&json!({"isLive": true})));
    assert_eq!((live.started_at_ms, live.starts_at_ms, live.viewers), (Some(START_MS), None, None));
    assert_eq!((&*live.id, live.channel_id.as_deref(), live.handle.as_deref()), (ID, Some(CHANNEL), Some("SomeBody")));
    assert_eq!((live.title.as_deref(), live.channel_name.as_deref()), (Some("Cooking"), Some("Somebody")));
    assert_eq!((live.likes, live.vertical, live.members_only), (Some(33), Some(false), false));
    let upcoming = from_player(&upcoming());
    assert_eq!((upcoming.started_at_ms, upcoming.starts_at_ms), (None, Some(START_MS)));
    assert_eq!(from_player(&ended()).ended_at_ms, Some(START_MS + 7_200_000));
    assert!(from_player(&members_only()).members_only);
}

#[test]
fn another_video_within_the_answer_is_not_taken_for_it() {
    let mut answer = upcoming();
    answer["playabilityStatus"]["errorScreen"] =
        json!({"ypcTrailerRenderer": {"unserializedPlayerResponse": player(&json!({"isLive": true}))}});
    assert_eq!(state(&answer), VideoState::Upcoming);
}

#[test]
fn next_tells_chat_owner_viewers_and_likes() {
    let video = from_next(&next(open_chat()));
    let menu = vec!["top".to_owned(), "live".to_owned()];
    assert_eq!(video.chat, ChatAccess::Open { token: TOKEN.into(), menu });
    assert_eq!((video.state, video.viewers, video.likes), (VideoState::Unknown, Some(4_536), Some(2_068)));
    assert_eq!(
        (&*video.id, video.channel_id.as_deref(), video.handle.as_deref()),
        (ID, Some(CHANNEL), Some("SomeBody"))
    );
    assert_eq!((video.title.as_deref(), video.channel_name.as_deref()), (Some("Cooking #tonight"), Some("Somebody")));
    assert!(video.is_telling());
    assert_eq!(video.chat.all_messages().as_deref(), None, "a menu of stubs and a token that cannot be read");
}

#[test]
fn a_chat_that_cannot_be_read_says_so() {
    let video = from_next(&next(replay()));
    assert_eq!((video.state, video.viewers), (VideoState::Ended, None));
    assert_eq!(video.chat, ChatAccess::ReplayOnly { token: "op2w0wQ".into() });
    assert_eq!(from_next(&next(closed())).chat, ChatAccess::Closed);
    assert_eq!(from_next(&next(json!(null))).chat, ChatAccess::Closed);
    assert_eq!(from_next(&next(json!({"somethingNew": {}}))).chat, ChatAccess::Unknown);
    assert_eq!(from_next(&next(json!({"liveChatRenderer": {}}))).chat, ChatAccess::Unknown);
    let missing = from_next(&json!({"contents": {"twoColumnWatchNextResults": {"results": {}}}}));
    assert!(!missing.is_telling());
}

#[test]
fn the_number_of_viewers_can_stand_in_the_text_alone() {
    let mut answer = next(open_chat());
    let at = "/contents/twoColumnWatchNextResults/results/results/contents/0/videoPrimaryInfoRenderer/viewCount/\
              videoViewCountRenderer";
    answer.pointer_mut(at).unwrap().as_object_mut().unwrap().remove("originalViewCount");
    assert_eq!(from_next(&answer).viewers, Some(4_536));
    answer.pointer_mut(at).unwrap().as_object_mut().unwrap().remove("isLive");
    assert_eq!(from_next(&answer).viewers, None, "views are no viewers");
}

#[test]
fn of_several_owners_the_first_is_taken() {
    let mut answer = next(open_chat());
    let owner = "/contents/twoColumnWatchNextResults/results/results/contents/1/videoSecondaryInfoRenderer/owner/\
                 videoOwnerRenderer";
    let item = |name: &str, id: &str| {
        json!({"listItemViewModel": {"title": {"content": name, "commandRuns": [{"onTap": {"innertubeCommand": {
            "browseEndpoint": {"browseId": id, "canonicalBaseUrl": format!("/@{name}")},
        }}}]}}})
    };
    let items = [item("First", CHANNEL), item("Second", "UCzzzzzzzzzzzzzzzzzzzzzz")];
    let dialog = json!({"dialogViewModel": {"customContent": {"listViewModel": {"listItems": items}}}});
    *answer.pointer_mut(owner).unwrap() = json!({
        "title": {"simpleText": "First and 1 other"},
        "navigationEndpoint": {"showDialogCommand": {"panelLoadingStrategy": {"inlineContent": dialog}}},
    });
    let video = from_next(&answer);
    assert_eq!((video.channel_id.as_deref(), video.channel_name.as_deref()), (Some(CHANNEL), Some("First")));
    assert_eq!(video.handle.as_deref(), Some("First"));
}

#[test]
fn an_open_chat_is_believed_more_than_a_player_that_denies_the_stream() {
    let chat = from_next(&next(open_chat()));
    for denial in [
        json!({"playabilityStatus": {"status": "LOGIN_REQUIRED"}}),
        json!({"playabilityStatus": {"status": "ERROR"}}),
        player(&json!({"isLiveContent": true})),
        player(&json!({})),
    ] {
        let merged = chat.clone().merge(from_player(&denial));
        assert_eq!((merged.state, merged.viewers), (VideoState::Unknown, Some(4_536)));
        assert_eq!(merged.chat, chat.chat);
    }
    let live = chat.clone().merge(from_player(&player(&json!({"isLive": true}))));
    assert_eq!(live.state, VideoState::Live);
    assert_eq!((live.likes, live.title.as_deref()), (Some(2_068), Some("Cooking #tonight")));
    assert_eq!(chat.clone().merge(from_player(&upcoming())).state, VideoState::Upcoming);
    assert_eq!(chat.merge(from_player(&ended())).state, VideoState::Ended, "the time of its end is known");
}

#[test]
fn a_replay_is_of_an_ended_stream_whatever_the_player_says() {
    let replay = from_next(&next(replay()));
    let merged = replay.merge(from_player(&player(&json!({"isLive": true}))));
    assert_eq!((merged.state, merged.viewers), (VideoState::Ended, None));
}

#[test]
fn members_chats_are_closed_and_a_missing_place_for_a_live_chat_is_no_answer() {
    let members = from_next(&next(closed())).merge(from_player(&members_only()));
    assert_eq!((members.state, &members.chat, members.viewers), (VideoState::Live, &ChatAccess::Closed, None));
    assert!(members.members_only);
    let without = from_next(&next(json!(null)));
    let live = without.clone().merge(from_player(&player(&json!({"isLive": true}))));
    assert_eq!((live.state, live.chat), (VideoState::Live, ChatAccess::Unknown));
    let video = without.merge(from_player(&player(&json!({}))));
    assert_eq!((video.state, video.chat), (VideoState::NotAStream, ChatAccess::Closed));
}

#[test]
fn a_watch_page_holds_both_answers() {
    let player = player(&json!({"isLive": true, "title": "a }; </script> ytInitialData = {}"}));
    let page = format!(
        "<script>var ytInitialPlayerResponse = {player};</script><script>var ytInitialData = {};</script>",
        next(open_chat())
    );
    let video = Video::from_watch_page(&Page::new(page.as_bytes())).unwrap();
    assert_eq!((video.state, video.viewers, video.started_at_ms), (VideoState::Live, Some(4_536), Some(START_MS)));
    assert!(matches!(video.chat, ChatAccess::Open { .. }));
    assert_eq!(Video::from_watch_page(&Page::new(b"<html>")), None);
}

#[test]
fn a_chats_own_page_has_whole_tokens_in_its_menu() {
    let mut chat = open_chat();
    let long = "x".repeat(100);
    chat["liveChatRenderer"]["header"]["liveChatHeaderRenderer"]["viewSelector"]["sortFilterSubMenuRenderer"]["subMenuItems"]
        [1]["continuation"]["reloadContinuationData"]["continuation"] = json!(long);
    let access = |data: &Value| {
        ChatAccess::from_chat_page(&Page::new(format!("window[\"ytInitialData\"] = {data};").as_bytes()))
    };
    let found = access(&json!({"contents": chat}));
    assert_eq!(
        found.all_messages().as_deref(),
        Some(&*long),
        "the start token cannot be rewritten, the menu's is whole"
    );
    let continued = json!({"continuationContents": {"liveChatContinuation": chat["liveChatRenderer"]}});
    assert_eq!(access(&continued), found);
    assert_eq!(access(&json!({"contents": {"messageRenderer": {"text": {}}}})), ChatAccess::Closed);
    assert_eq!(access(&json!({"contents": {}})), ChatAccess::Unknown);
}

#[test]
fn no_spoilt_answer_turns_into_a_live_stream() {
    for answer in [upcoming(), ended(), player(&json!({"isLiveContent": false}))] {
        assert_ne!(state(&answer), VideoState::Live);
        each_mutation(&answer, |spoilt| {
            let video = Video::from_player(spoilt.to_string().as_bytes()).unwrap_or_default();
            assert_ne!(video.state, VideoState::Live, "{spoilt}");
        });
    }
    for bar in [replay(), closed(), json!(null)] {
        each_mutation(&next(bar), |spoilt| {
            let video = Video::from_next(spoilt.to_string().as_bytes()).unwrap_or_default();
            assert_ne!(video.state, VideoState::Live, "{spoilt}");
            assert!(
                !matches!(video.chat, ChatAccess::Open { .. }) || spoilt.to_string().contains("op2w0wQ"),
                "{spoilt}"
            );
        });
    }
    let player = from_player(&ended());
    each_mutation(&next(open_chat()), |spoilt| {
        let Some(video) = Video::from_next(spoilt.to_string().as_bytes()) else { return };
        assert_ne!(video.clone().merge(player.clone()).state, VideoState::Live);
        assert_ne!(player.clone().merge(video).state, VideoState::Live);
    });
}

#[test]
fn a_handle_is_taken_out_of_an_address() {
    assert_eq!(handle("/@SomeBody").as_deref(), Some("SomeBody"));
    assert_eq!(handle("http://www.youtube.com/@Gr%C3%B6%C3%9Fe/live").as_deref(), Some("Größe"));
    for none in ["", "/channel/UCx", "/@", "/@a%20b", "/@%ff"] {
        assert_eq!(handle(none), None);
    }
}
