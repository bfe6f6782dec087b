//! The data of a watch page, which `/next` gives, too: whose video it is, who watches, and where the chat is.

use serde_json::{Value, json};

use super::answer::{grouped, photo, response_context, runs, short, simple, timestamp, tracking};
use super::token::{STUB_TOKENS, View};
use super::video::{ChatMode, Video, VideoState};
use super::words::Words;
use super::world::{Channel, World};

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
    let second = video.collaborator.as_ref().and_then(|id| world.channels.get(id));
    let mut results = json!({
        "results": {"results": {"contents": [
            {"videoPrimaryInfoRenderer": primary(video, words)},
            {"videoSecondaryInfoRenderer": {"owner": {"videoOwnerRenderer": owner(channel, second)}}},
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

fn owner(channel: &Channel, second: Option<&Channel>) -> Value {
    let command = channel_command(channel);
    let Some(second) = second else {
        return json!({
            "thumbnail": photo(&channel.handle),
            "title": {"runs": [{"text": channel.title, "navigationEndpoint": command}]},
            "navigationEndpoint": command,
            "subscriptionButton": {"type": "FREE"},
            "trackingParams": tracking("owner"),
        });
    };
    // Several owners are a list in a dialog.
    let item = |channel: &Channel| {
        json!({"listItemViewModel": {"title": {
            "content": channel.title,
            "commandRuns": [{
                "startIndex": 0,
                "length": channel.title.encode_utf16().count(),
                "onTap": {"innertubeCommand": channel_command(channel)},
            }],
        }}})
    };
    json!({
        "attributedTitle": {"content": format!("{} and {}", channel.title, second.title)},
        "navigationEndpoint": {"showDialogCommand": {"panelLoadingStrategy": {"inlineContent": {"dialogViewModel": {
            "customContent": {"listViewModel": {"listItems": [item(channel), item(second)]}},
        }}}}},
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
