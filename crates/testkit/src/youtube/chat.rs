//! `get_live_chat` and `get_live_chat_replay`: tokens know where they are, answers go on from there.

use std::collections::HashSet;
use std::time::Instant;

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::{data, error, response_context, runs, tracking};
use super::token::{Token, View};
use super::video::{ChatAction, ChatMode, Continuation, Video, VideoState};
use super::watch::{client_messages, header};
use super::words::Words;
use super::world::World;
use crate::proto::Message;

/// Items that a fresh token gives.
const BACKLOG: usize = 75;

/// Actions that one answer holds when nothing may be lost.
const MOST_AT_ONCE: usize = 500;

/// Messages that one answer of a replay covers.
const REPLAY_BATCH: usize = 60;

/// How far beside its place a replay token may be asked with an offset and still goes on instead of seeking, in ms.
const REPLAY_SLACK: i64 = 10_000;

/// What an answer says besides the next token.
struct Part {
    actions: Vec<Value>,
    /// Where the next token begins.
    position: u64,
    /// The view was loaded anew: history, with a head.
    fresh: bool,
}

pub(super) fn live(world: &mut World, body: &Value, words: &Words) -> Response {
    let now = world.now_usec();
    let Some(token) = body["continuation"].as_str().and_then(Token::decode) else {
        return error(StatusCode::BAD_REQUEST);
    };
    let Some(video) = world.video(&token.video).filter(|video| video.state != VideoState::Deleted) else {
        return error(StatusCode::NOT_FOUND);
    };
    if token.replay || token.channel != video.channel || video.state == VideoState::Archived {
        return error(StatusCode::BAD_REQUEST);
    }
    if video.state == VideoState::Private {
        return error(StatusCode::FORBIDDEN);
    }
    if video.members_only || video.chat != ChatMode::Open {
        return no_chat(words);
    }
    let dead = token.made <= video.killed_at;
    let part = if dead {
        Part { actions: Vec::new(), position: token.position.unwrap_or_default(), fresh: false }
    } else {
        match token.position {
            None => backlog(video, token.view, words),
            Some(position) => since(video, token.view, position),
        }
    };
    let over = video.state == VideoState::Ended || token.made <= video.closed_at;
    if over && part.actions.is_empty() {
        return data(&json!({"responseContext": response_context(), "trackingParams": tracking("chat")}));
    }
    // The children of a dead token are as old as it is.
    let made = if dead { token.made } else { now };
    let mut chat = json!({"trackingParams": tracking("chat")});
    if !over {
        let next = Token { position: Some(part.position), made, ..token.clone() };
        chat["continuations"] = json!([continuation(video, next, now)]);
    }
    if !part.actions.is_empty() {
        chat["actions"] = Value::Array(part.actions);
    }
    if part.fresh {
        chat["header"] = header(video, now, false, token.view, words);
        chat["clientMessages"] = client_messages(words);
        chat["itemList"] = json!({"liveChatItemListRenderer": {"maxItemsToDisplay": 250}});
    }
    let mut answer = json!({
        "responseContext": response_context(),
        "continuationContents": {"liveChatContinuation": chat},
        "liveChatStreamingResponseExtension": {"lastPublishAtUsec": part.position.to_string()},
        "trackingParams": tracking("chat"),
    });
    // The same again and again, as long as there is nothing newer.
    if let Some(reactions) = &video.reactions {
        answer["frameworkUpdates"] = json!({"entityBatchUpdate": {"mutations": [reactions]}});
    }
    data(&answer)
}

/// The data of the chat's own page, with the backlog.
pub(super) fn page(world: &mut World, id: &str, words: &Words) -> Value {
    let made = world.now_usec();
    let mut page = json!({"responseContext": response_context(), "trackingParams": tracking("chat")});
    let Some(video) = world.video(id).filter(|video| video.is_stream() && video.chat == ChatMode::Open) else {
        page["contents"] = json!({"messageRenderer": {"text": runs(&[words.chat_disabled])}});
        return page;
    };
    if video.members_only || video.state == VideoState::Ended {
        page["contents"] = json!({"messageRenderer": {"text": runs(&[words.chat_disabled])}});
        return page;
    }
    let mut frame = super::watch::chat_frame(video, made, false, words);
    if video.state != VideoState::Archived {
        let part = backlog(video, View::Top, words);
        let next = Token { position: Some(part.position), ..video.token(View::Top, made) };
        frame["continuations"] = json!([continuation(video, next, made)]);
        frame["actions"] = Value::Array(part.actions);
    }
    page["contents"] = json!({"liveChatRenderer": frame});
    page
}

fn no_chat(words: &Words) -> Response {
    data(&json!({
        "responseContext": response_context(),
        "contents": {"messageRenderer": {"text": runs(&[words.chat_disabled]), "trackingParams": tracking("message")}},
        "trackingParams": tracking("chat"),
    }))
}

fn continuation(video: &Video, next: Token, now: u64) -> Value {
    let timeout = video.advised_wait.as_millis() as u64;
    let click = tracking("continuation");
    match video.continuation {
        Continuation::Invalidation => json!({"invalidationContinuationData": {
            "invalidationId": {
                "objectSource": 1056,
                "objectId": STANDARD.encode(video.topic()),
                "topic": video.topic(),
                "subscribeToGcmTopics": true,
                "protoCreationTimestampMs": (now / 1000).to_string(),
            },
            "timeoutMs": timeout,
            "continuation": next.encode(),
            "clickTrackingParams": click,
        }}),
        Continuation::Timed => json!({"timedContinuationData": {
            "timeoutMs": timeout, "continuation": next.encode(), "clickTrackingParams": click,
        }}),
        Continuation::Reload => json!({"reloadContinuationData": {
            "continuation": Token { position: None, ..next }.encode(), "clickTrackingParams": click,
        }}),
    }
}

fn shown(view: View) -> impl Fn(&&ChatAction) -> bool {
    move |action| view == View::Live || !action.only_in_live_chat
}

fn since(video: &Video, view: View, position: u64) -> Part {
    let now = Instant::now();
    let new = video.actions.iter().skip(video.actions.partition_point(|action| action.usec <= position));
    let new: Vec<&ChatAction> = new.take_while(|action| action.visible_at <= now).collect();
    let new = match video.keeps_only {
        Some(count) => &new[new.len().saturating_sub(count)..],
        None => &new[..new.len().min(MOST_AT_ONCE)],
    };
    Part {
        position: new.last().map_or(position, |action| action.usec),
        actions: new.iter().copied().filter(shown(view)).map(|action| action.action.clone()).collect(),
        fresh: false,
    }
}

/// The last items that are still there, what is pinned, and the greeting that everybody gets.
fn backlog(video: &Video, view: View, words: &Words) -> Part {
    let now = Instant::now();
    let told: Vec<&ChatAction> = video.actions.iter().take_while(|action| action.visible_at <= now).collect();
    let mut gone: HashSet<&str> = HashSet::new();
    let mut actions = Vec::new();
    let mut banner = None;
    for action in told.iter().rev().copied().filter(shown(view)).map(|action| &action.action) {
        if action["clearChatWindowAction"].is_object() {
            break;
        }
        for deletion in ["removeChatItemAction", "markChatItemAsDeletedAction", "replaceChatItemAction"] {
            gone.extend(action[deletion]["targetItemId"].as_str());
        }
        for deletion in ["removeChatItemByAuthorAction", "markChatItemsByAuthorAsDeletedAction"] {
            gone.extend(action[deletion]["externalChannelId"].as_str());
        }
        let renderer =
            action["addBannerToLiveChatCommand"]["bannerRenderer"]["liveChatBannerRenderer"]["actionId"].as_str();
        if renderer.is_some() && renderer == video.pinned.as_deref() && banner.is_none() {
            banner = Some(action.clone());
        }
        let items = ["addChatItemAction", "addLiveChatTickerItemAction"].map(|kind| &action[kind]["item"]);
        for renderer in items.into_iter().filter_map(Value::as_object).flat_map(|item| item.values()) {
            let names = [&renderer["id"], &renderer["authorExternalChannelId"]];
            if !names.into_iter().filter_map(Value::as_str).any(|name| gone.contains(name)) {
                actions.push(action.clone());
            }
        }
        if actions.len() >= BACKLOG {
            break;
        }
    }
    actions.push(greeting(video, words));
    actions.reverse();
    actions.extend(banner);
    Part { actions, position: video.newest(now), fresh: true }
}

/// Comes whenever a view is loaded.
fn greeting(video: &Video, words: &Words) -> Value {
    let id = format!("COMMUNITY_GUIDELINES_VEM{}", super::answer::timestamp(video.started));
    json!({"addChatItemAction": {"item": {"liveChatViewerEngagementMessageRenderer": {
        "id": Message::default().message(1, Message::default().bytes(1, id)).token(),
        "timestampUsec": (video.started * 1_000_000).to_string(),
        "icon": {"iconType": "YOUTUBE_ROUND"},
        "message": runs(&[words.welcome]),
        "trackingParams": tracking("greeting"),
    }}}})
}

pub(super) fn replay(world: &World, body: &Value) -> Response {
    let Some(token) = body["continuation"].as_str().and_then(Token::decode) else {
        return error(StatusCode::BAD_REQUEST);
    };
    let Some(video) = world.video(&token.video) else { return error(StatusCode::NOT_FOUND) };
    if !token.replay || video.state != VideoState::Archived {
        return error(StatusCode::BAD_REQUEST);
    }
    let start = video.started * 1_000_000;
    let offset = |action: &&ChatAction| (action.usec.cast_signed() - start.cast_signed()) / 1000;
    let all: Vec<&ChatAction> = video.actions.iter().filter(shown(token.view)).collect();
    let place = token.position.map_or(0, |usec| all.partition_point(|action| action.usec <= usec));
    let wanted = &body["currentPlayerState"]["playerOffsetMs"];
    let wanted = wanted.as_str().and_then(|text| text.parse::<i64>().ok()).or_else(|| wanted.as_i64());
    let from = match wanted {
        None => place,
        Some(wanted) => {
            let here = place.checked_sub(1).map(|before| offset(&all[before]));
            if here.is_some_and(|here| (wanted - here).abs() <= REPLAY_SLACK) {
                place
            } else {
                all.partition_point(|action| offset(action) < wanted)
            }
        }
    };
    let batch = &all[from..all.len().min(from + REPLAY_BATCH)];
    let mut chat = json!({"trackingParams": tracking("replay")});
    let seek =
        json!({"playerSeekContinuationData": {"continuation": Token { position: None, ..token.clone() }.encode()}});
    match (batch.first(), batch.last()) {
        (Some(first), Some(last)) => {
            let next = Token { position: Some(last.usec), ..token };
            chat["continuations"] = json!([
                {"liveChatReplayContinuationData": {
                    "timeUntilLastMessageMsec": offset(last) - offset(first), "continuation": next.encode(),
                }},
                seek,
            ]);
            chat["actions"] = batch.iter().map(|action| replayed(&action.action, offset(action))).collect();
        }
        _ => chat["continuations"] = json!([seek]),
    }
    data(&json!({
        "responseContext": response_context(),
        "continuationContents": {"liveChatContinuation": chat},
        "trackingParams": tracking("replay"),
    }))
}

/// An action of a recording, with its place in it.
fn replayed(action: &Value, offset: i64) -> Value {
    let mut action = action.clone();
    let item = action.get_mut("addChatItemAction").and_then(|add| add.get_mut("item"));
    let renderer = item.and_then(Value::as_object_mut).and_then(|item| item.values_mut().next());
    if let Some(renderer) = renderer.filter(|renderer| renderer.is_object()) {
        let seconds = offset.abs() / 1000;
        let sign = if offset < 0 { "-" } else { "" };
        let text = format!("{sign}{}:{:02}", seconds / 60, seconds % 60);
        renderer["timestampText"] = json!({"simpleText": text});
    }
    json!({"replayChatItemAction": {"actions": [action], "videoOffsetTimeMsec": offset.to_string()}})
}
