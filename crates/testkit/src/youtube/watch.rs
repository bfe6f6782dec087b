//! What is told of a video: the data of a watch page, which `/next` gives, too, and the answer of the player.

use serde_json::{Value, json};

use super::answer::{grouped, photo, response_context, runs, short, simple, timestamp, tracking};
use super::token::{STUB_TOKENS, View};
use super::words::Words;
use super::world::{Channel, ChatMode, Video, VideoState, World};

/// The data of a watch page.
pub(super) fn next(world: &mut World, id: &str, words: &Words) -> Value {
    let made = world.now_usec();
    let found = world.video(id).filter(|video| !matches!(video.state, VideoState::Private | VideoState::Deleted));
    let mut answer = json!({"responseContext": response_context(), "trackingParams": tracking("next")});
    let Some((video, channel)) = found.and_then(|video| Some((video, world.channels.get(&video.channel)?))) else {
        answer["contents"] = json!({"twoColumnWatchNextResults": {"results": {"results": {"contents": [
            {"itemSectionRenderer": {"contents": [{"backgroundPromoRenderer": {"title": runs(&[words.unavailable])}}]}},
        ]}}}});
        return answer;
    };
    let mut results = json!({
        "results": {"results": {"contents": [
            {"videoPrimaryInfoRenderer": primary(video, words)},
            {"videoSecondaryInfoRenderer": {"owner": {"videoOwnerRenderer": owner(channel)}}},
        ], "trackingParams": tracking("results")}},
        "secondaryResults": {"secondaryResults": {"results": [], "trackingParams": tracking("secondary")}},
    });
    if let Some(bar) = conversation_bar(video, made, words) {
        results["conversationBar"] = bar;
    }
    answer["contents"] = json!({"twoColumnWatchNextResults": results});
    answer["currentVideoEndpoint"] = watch_command(&video.id);
    answer["frameworkUpdates"] = json!({"entityBatchUpdate": {
        "mutations": [like_mutation(video)],
        "timestamp": {"seconds": (made / 1_000_000).to_string(), "nanos": 0},
    }});
    answer
}

/// A command that opens a video.
pub(super) fn watch_command(id: &str) -> Value {
    json!({
        "clickTrackingParams": tracking("watch"),
        "commandMetadata": {"webCommandMetadata": {
            "url": format!("/watch?v={id}"), "webPageType": "WEB_PAGE_TYPE_WATCH", "rootVe": 3832,
        }},
        "watchEndpoint": {"videoId": id},
    })
}

/// A command that opens a channel.
pub(super) fn channel_command(channel: &Channel) -> Value {
    let url = format!("/@{}", channel.handle);
    json!({
        "clickTrackingParams": tracking("channel"),
        "commandMetadata": {"webCommandMetadata": {
            "url": url, "webPageType": "WEB_PAGE_TYPE_CHANNEL", "rootVe": 3611, "apiUrl": "/youtubei/v1/browse",
        }},
        "browseEndpoint": {"browseId": channel.id, "canonicalBaseUrl": url},
    })
}

/// The number of viewers, in words and in digits.
pub(super) fn view_count(video: &Video, words: &Words) -> Value {
    // Nobody but a member learns how many watch a stream for members.
    let viewers = if video.members_only { 0 } else { video.viewers };
    let is_live = matches!(video.state, VideoState::Live | VideoState::Upcoming(_));
    let number = grouped(viewers, words.separator);
    let mut renderer = json!({"originalViewCount": viewers.to_string()});
    if is_live {
        let unit = if video.state == VideoState::Live { words.watching } else { words.waiting };
        renderer["viewCount"] = runs(&[&number, unit]);
        renderer["isLive"] = json!(true);
    } else {
        renderer["viewCount"] = simple(&format!("{number}{}", words.views));
        renderer["shortViewCount"] = simple(&format!("{}{}", short(viewers), words.views));
    }
    json!({"videoViewCountRenderer": renderer})
}

pub(super) fn date_text(video: &Video, words: &Words) -> String {
    match video.state {
        VideoState::Upcoming(start) => format!("{}{}", words.scheduled, timestamp(start)),
        VideoState::Live => words.started.to_owned(),
        _ => words.streamed.to_owned(),
    }
}

fn like_key(video: &Video) -> String {
    tracking(&format!("like-{}", video.id))
}

pub(super) fn like_mutation(video: &Video) -> Value {
    let key = like_key(video);
    json!({
        "entityKey": key,
        "type": "ENTITY_MUTATION_TYPE_REPLACE",
        "payload": {"likeCountEntity": like_entity(video)},
    })
}

fn like_entity(video: &Video) -> Value {
    json!({
        "key": like_key(video),
        "likeCountIfLiked": {"content": short(video.likes + 1)},
        "likeCountIfDisliked": {"content": short(video.likes)},
        "likeCountIfIndifferent": {"content": short(video.likes)},
        "likeCountIfLikedNumber": (video.likes + 1).to_string(),
        "likeCountIfIndifferentNumber": video.likes.to_string(),
    })
}

fn primary(video: &Video, words: &Words) -> Value {
    let button = json!({"buttonViewModel": {"iconName": "LIKE", "title": short(video.likes)}});
    json!({
        "title": runs(&[&video.title]),
        "viewCount": view_count(video, words),
        "videoActions": {"menuRenderer": {
            "items": [{"menuServiceItemRenderer": {"text": runs(&["Report"]), "icon": {"iconType": "FLAG"}}}],
            "topLevelButtons": [{"segmentedLikeDislikeButtonViewModel": {
                "likeButtonViewModel": {"likeButtonViewModel": {
                    "toggleButtonViewModel": {"toggleButtonViewModel": {"defaultButtonViewModel": button}},
                    "likeStatusEntityKey": like_key(video),
                }},
                "likeCountEntity": like_entity(video),
            }}],
        }},
        "dateText": simple(&date_text(video, words)),
        "trackingParams": tracking("primary"),
    })
}

fn owner(channel: &Channel) -> Value {
    let command = channel_command(channel);
    json!({
        "thumbnail": photo(&channel.handle),
        "title": {"runs": [{"text": channel.title, "navigationEndpoint": command}]},
        "navigationEndpoint": command,
        "subscriptionButton": {"type": "FREE"},
        "trackingParams": tracking("owner"),
    })
}

/// Where the chat is, or why there is none; `None`: not a word about it.
fn conversation_bar(video: &Video, made: u64, words: &Words) -> Option<Value> {
    let none = json!({"conversationBarRenderer": {"availabilityMessage": {"messageRenderer": {
        "text": runs(&[words.chat_disabled]), "trackingParams": tracking("message"),
    }}}});
    match (video.chat, video.state) {
        (ChatMode::Absent, _) | (_, VideoState::NotAStream | VideoState::Ended) => None,
        (ChatMode::Disabled, _) => Some(none),
        (ChatMode::Open, _) if video.members_only => Some(none),
        (ChatMode::Open, _) => Some(json!({"liveChatRenderer": chat_frame(video, made, video.stub_menu, words)})),
    }
}

/// What a page has of its chat: the start token and the menu of views.
pub(super) fn chat_frame(video: &Video, made: u64, stub_menu: bool, words: &Words) -> Value {
    let mut frame = json!({
        "continuations": [{"reloadContinuationData": {
            "continuation": video.token(View::Top, made).encode(),
            "clickTrackingParams": tracking("chat"),
        }}],
        "header": header(video, made, stub_menu, View::Top, words),
        "trackingParams": tracking("chat"),
        "clientMessages": client_messages(words),
        "initialDisplayState": "LIVE_CHAT_DISPLAY_STATE_EXPANDED",
    });
    if video.state == VideoState::Archived {
        frame["isReplay"] = json!(true);
    }
    frame
}

/// The head of a chat with the menu of views.
pub(super) fn header(video: &Video, made: u64, stubs: bool, selected: View, words: &Words) -> Value {
    let replay = video.state == VideoState::Archived;
    let titles = if replay { [words.top_replay, words.live_replay] } else { [words.top_chat, words.live_chat] };
    let subtitles = [words.some_visible, words.all_visible];
    let views = [View::Top, View::Live];
    let items: Vec<Value> = (0..2)
        .map(|index| {
            let view = views[index];
            let token = if stubs && !replay { STUB_TOKENS[index].to_owned() } else { video.token(view, made).encode() };
            json!({
                "title": titles[index],
                "selected": view == selected,
                "continuation": {"reloadContinuationData": {
                    "continuation": token, "clickTrackingParams": tracking("menu"),
                }},
                "accessibility": {"accessibilityData": {"label": titles[index]}},
                "subtitle": subtitles[index],
                "trackingParams": tracking("menu"),
            })
        })
        .collect();
    json!({"liveChatHeaderRenderer": {
        "overflowMenu": {"menuRenderer": {"items": [], "trackingParams": tracking("overflow")}},
        "viewSelector": {"sortFilterSubMenuRenderer": {
            "subMenuItems": items,
            "accessibility": {"accessibilityData": {"label": titles[0]}},
            "trackingParams": tracking("selector"),
            "targetId": "live-chat-view-selector-sub-menu",
        }},
    }})
}

pub(super) fn client_messages(words: &Words) -> Value {
    json!({
        "reconnectMessage": runs(&[words.disconnected]),
        "unableToReconnectMessage": runs(&[words.unable]),
        "fatalError": runs(&[words.unable]),
        "reconnectedMessage": runs(&[words.connected]),
        "genericError": runs(&[words.unable]),
    })
}

/// The answer of the player.
pub(super) fn player(world: &World, id: &str, words: &Words) -> Value {
    let mut answer = json!({"responseContext": response_context(), "trackingParams": tracking("player")});
    let found = world.video(id).filter(|video| video.state != VideoState::Deleted);
    let Some((video, channel)) = found.and_then(|video| Some((video, world.channels.get(&video.channel)?))) else {
        answer["playabilityStatus"] = json!({"status": "ERROR", "reason": words.unavailable,
            "errorScreen": {"playerErrorMessageRenderer": {"reason": simple(words.unavailable)}}});
        return answer;
    };
    if video.state == VideoState::Private {
        answer["playabilityStatus"] = json!({"status": "LOGIN_REQUIRED", "reason": words.private,
            "messages": [words.private]});
        return answer;
    }
    answer["playabilityStatus"] = playability(video, words);
    answer["videoDetails"] = details(video, channel);
    answer["microformat"] = json!({"playerMicroformatRenderer": microformat(video, channel)});
    answer
}

fn playability(video: &Video, words: &Words) -> Value {
    let mut status = json!({"status": "OK", "playableInEmbed": true, "contextParams": tracking("context")});
    if video.members_only {
        status["status"] = json!("UNPLAYABLE");
        status["reason"] = json!(words.members_reason);
        status["errorScreen"] = json!({"playerLegacyDesktopYpcOfferRenderer": {
            "itemTitle": words.members_only,
            "offerDescription": words.members_reason,
            "offerId": "sponsors_only_video",
        }});
        return status;
    }
    let mut streamability = json!({"videoId": video.id, "broadcastId": "1", "pollDelayMs": "15000"});
    match video.state {
        VideoState::Upcoming(start) => {
            status["status"] = json!("LIVE_STREAM_OFFLINE");
            status["reason"] = json!(words.soon_reason);
            streamability["offlineSlate"] = json!({"liveStreamOfflineSlateRenderer": {
                "scheduledStartTime": start.to_string(),
                "mainText": runs(&[words.soon_reason]),
                "subtitleText": simple(&timestamp(start)),
            }});
        }
        VideoState::Ended => {
            status["status"] = json!("LIVE_STREAM_OFFLINE");
            status["reason"] = json!(words.streamed);
        }
        VideoState::Live => {}
        _ => return status,
    }
    status["liveStreamability"] = json!({"liveStreamabilityRenderer": streamability});
    status
}

fn details(video: &Video, channel: &Channel) -> Value {
    let mut details = json!({
        "videoId": video.id,
        "title": video.title,
        "lengthSeconds": "0",
        "channelId": channel.id,
        "isOwnerViewing": false,
        "shortDescription": "",
        "isCrawlable": !video.unlisted,
        "thumbnail": {"thumbnails": [{
            "url": format!("https://i.ytimg.com/vi/{}/hqdefault.jpg", video.id), "width": 168, "height": 94,
        }]},
        "allowRatings": true,
        "viewCount": video.viewers.to_string(),
        "author": channel.title,
        "isPrivate": false,
        "isUnpluggedCorpus": false,
    });
    // A key that is missing means no.
    if video.is_stream() {
        details["isLiveContent"] = json!(true);
    }
    match video.state {
        VideoState::Upcoming(_) => details["isUpcoming"] = json!(true),
        VideoState::Live => details["isLive"] = json!(true),
        VideoState::Ended => details["isPostLiveDvr"] = json!(true),
        VideoState::NotAStream => {
            details["isLiveContent"] = json!(false);
            details["lengthSeconds"] = json!("212");
        }
        _ => details["lengthSeconds"] = json!("5400"),
    }
    details
}

fn microformat(video: &Video, channel: &Channel) -> Value {
    let (width, height) = if video.vertical { (360, 640) } else { (640, 360) };
    let mut format = json!({
        "title": simple(&video.title),
        "embed": {"iframeUrl": format!("https://www.youtube.com/embed/{}", video.id), "width": width, "height": height},
        "ownerProfileUrl": format!("http://www.youtube.com/@{}", channel.handle),
        "externalChannelId": channel.id,
        "isFamilySafe": true,
        "isUnlisted": video.unlisted,
        "ownerChannelName": channel.title,
        "category": "Gaming",
        "externalVideoId": video.id,
        "likeCount": video.likes.to_string(),
        "canonicalUrl": format!("https://www.youtube.com/watch?v={}", video.id),
    });
    if video.is_stream() {
        let start = match video.state {
            VideoState::Upcoming(start) => start,
            _ => video.started,
        };
        let mut broadcast = json!({"isLiveNow": video.state == VideoState::Live, "startTimestamp": timestamp(start)});
        if let Some(ended) = video.ended {
            broadcast["endTimestamp"] = json!(timestamp(ended));
        }
        format["liveBroadcastDetails"] = broadcast;
    }
    format
}
