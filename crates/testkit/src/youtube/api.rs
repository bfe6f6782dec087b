//! The answers under `/youtubei/v1` that are not chat.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{data, error, response_context, runs, short, simple, tracking};
use super::channel;
use super::pages::tab_of;
use super::video::VideoState;
use super::watch;
use super::words::Words;
use super::world::World;
use crate::proto::{Message, bytes, decode, fields, number};

/// The `params` of a channel's tab of streams.
pub const STREAMS_PARAMS: &str = "EgdzdHJlYW1z8gYECgJ6AA%3D%3D";

pub(super) fn resolve(world: &World, body: &Value) -> Response {
    let url = body["url"].as_str().and_then(|url| url::Url::parse(url).ok());
    let Some(url) = url else { return error(StatusCode::BAD_REQUEST) };
    let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
    let video = url.query_pairs().find(|(name, _)| name == "v").map(|(_, id)| id.into_owned());
    let endpoint = match (path.as_str(), video) {
        ("/watch", Some(id)) => watch::watch_command(&id),
        _ => match tab_of(&path) {
            // These are pages, and the real endpoint does not resolve them, either.
            Some("live" | "streams") => return error(StatusCode::BAD_REQUEST),
            Some(_) => match channel::by_path(world, &path) {
                Some(channel) => watch::channel_command(channel),
                None => return error(StatusCode::NOT_FOUND),
            },
            None => return error(StatusCode::NOT_FOUND),
        },
    };
    data(&json!({"responseContext": response_context(), "endpoint": endpoint, "trackingParams": tracking("resolve")}))
}

/// Ids that cannot be ids are refused; ids of nothing are answered.
fn video_id(body: &Value) -> Option<&str> {
    let id = body["videoId"].as_str()?;
    (id.len() == 11 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))).then_some(id)
}

pub(super) fn next(world: &mut World, body: &Value, words: &Words) -> Response {
    match video_id(body) {
        Some(id) => data(&watch::next(world, id, words)),
        None => error(StatusCode::BAD_REQUEST),
    }
}

pub(super) fn player(world: &World, body: &Value, words: &Words) -> Response {
    match video_id(body) {
        Some(id) => data(&super::player::answer(world, id, words)),
        None => error(StatusCode::BAD_REQUEST),
    }
}

pub(super) fn browse(world: &mut World, body: &Value, words: &Words) -> Response {
    let Some(id) = body["browseId"].as_str().filter(|id| world.channels.contains_key(*id)).map(str::to_owned) else {
        return error(StatusCode::NOT_FOUND);
    };
    let params = body["params"].as_str().unwrap_or_default().replace('=', "%3D");
    let tab = if params == STREAMS_PARAMS { "streams" } else { "featured" };
    match channel::page(world, &id, tab, words) {
        Some(page) => data(&page),
        None => error(StatusCode::NOT_FOUND),
    }
}

/// Field 1: the video, field 2: which answer this is.
fn metadata_token(video: &str, count: u64) -> String {
    Message::default().bytes(1, video).varint(2, count).token()
}

pub(super) fn updated_metadata(world: &World, body: &Value, words: &Words) -> Response {
    let from_token = || {
        let raw = decode(body["continuation"].as_str()?)?;
        let fields = fields(&raw)?;
        Some((String::from_utf8(bytes(&fields, 1)?.to_vec()).ok()?, number(&fields, 2)?))
    };
    let first = video_id(body).map(|id| (id.to_owned(), 0));
    let Some((id, count)) = first.or_else(from_token) else { return error(StatusCode::BAD_REQUEST) };
    let gone = [VideoState::Deleted, VideoState::Private];
    let Some(video) = world.video(&id).filter(|video| !gone.contains(&video.state)) else {
        return error(StatusCode::NOT_FOUND);
    };
    let likes = short(video.likes);
    data(&json!({
        "responseContext": response_context(),
        "continuation": {"timedContinuationData": {"timeoutMs": 5000, "continuation": metadata_token(&id, count + 1)}},
        "actions": [
            {"updateViewershipAction": {"viewCount": watch::view_count(video, words)}},
            {"updateToggleButtonTextAction": {
                "defaultText": simple(&likes), "toggledText": simple(&likes), "buttonId": "TOGGLE_BUTTON_ID_TYPE_LIKE",
            }},
            {"updateDateTextAction": {"dateText": simple(&watch::date_text(video, words))}},
            {"updateTitleAction": {"title": runs(&[&video.title])}},
            {"updateDescriptionAction": {"description": runs(&[""])}},
        ],
        "frameworkUpdates": {"entityBatchUpdate": {"mutations": [watch::like_mutation(video)]}},
        "trackingParams": tracking("metadata"),
    }))
}
