//! Answers that are data: the state of a channel, and of rooms by their ids.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::channel::Channel;
use super::person::avatar;
use super::server::Asked;
use super::world::World;

/// `/api-live/user/room/`.
pub(super) fn room_state(world: &World, asked: &Asked) -> Response {
    // Whoever is no browser gets nothing at all.
    if !asked.header("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/5.0 ")) {
        return StatusCode::OK.into_response();
    }
    let (Some(name), Some("1988"), Some("54")) =
        (asked.query("uniqueId"), asked.query("aid"), asked.query("sourceType"))
    else {
        return Json(json!({"statusCode": 10_201, "message": "url doesn't match", "data": {}})).into_response();
    };
    let Some(channel) = world.known(name) else {
        return Json(json!({"statusCode": 19_881_007, "message": "user_not_found", "data": {}})).into_response();
    };
    let mut data = json!({"user": user(channel), "stats": stats(channel)});
    if channel.room_id != 0 {
        data["liveRoom"] = live_room(channel);
    }
    Json(json!({"statusCode": 0, "message": "", "data": data})).into_response()
}

/// `user` of the state of a channel and of pages.
pub(super) fn user(channel: &Channel) -> Value {
    let picture = |size| if channel.avatar { avatar(&channel.username, size).0.remove(0) } else { String::new() };
    let room = if channel.room_id == 0 { String::new() } else { channel.room_id.to_string() };
    json!({
        "id": channel.user_id().to_string(),
        "uniqueId": channel.username,
        "nickname": channel.nickname,
        "secUid": channel.sec_uid(),
        "avatarThumb": picture(100),
        "avatarMedium": picture(720),
        "avatarLarger": picture(1080),
        "signature": channel.bio,
        "verified": channel.verified,
        "secret": channel.private,
        "roomId": room,
        "status": channel.status,
        "followStatus": 0,
    })
}

/// `stats` of the state of a channel and of pages.
pub(super) fn stats(channel: &Channel) -> Value {
    json!({"followingCount": 14, "followerCount": channel.followers})
}

/// `liveRoom` of the state of a channel and of pages.
pub(super) fn live_room(channel: &Channel) -> Value {
    json!({
        "title": channel.title,
        "status": channel.status,
        "startTime": channel.started_s,
        "coverUrl": "https://p16-sign-va.tiktokcdn.com/cover.webp",
        "squareCoverImg": "https://p16-sign-va.tiktokcdn.com/square.webp",
        "streamId": (channel.room_id + 1).to_string(),
        "liveRoomStats": {"userCount": channel.viewers, "enterCount": channel.ever},
        "liveRoomMode": 6,
        "hashTagId": 5,
        "gameTagId": 0,
        "liveSubOnly": u8::from(channel.subscribers_only),
        "paidEvent": {"event_id": 0, "paid_type": u8::from(channel.paid)},
        "multiStreamScene": 1,
        "streamData": {},
        "hevcStreamData": {},
    })
}

/// `/webcast/room/check_alive/`.
pub(super) fn check_alive(world: &World, asked: &Asked) -> Response {
    let Some(ids) = asked.query("room_ids").filter(|_| asked.query("aid").is_some()) else {
        return bad_parameters();
    };
    let ids = ids.split(',').filter_map(|id| id.trim().parse::<u64>().ok());
    let data: Vec<Value> = ids
        .map(|id| {
            let alive = world.rooms.get(&id).is_some_and(|room| room.alive);
            json!({"alive": alive, "room_id": id, "room_id_str": id.to_string()})
        })
        .collect();
    Json(json!({"data": data, "extra": {"now": 0}, "status_code": 0})).into_response()
}

fn bad_parameters() -> Response {
    Json(json!({"status_code": 10_011, "data": {"prompts": "", "message": "Invalid parameter"}})).into_response()
}

/// `/webcast/room/info/`.
pub(super) fn room_info(world: &World, asked: &Asked) -> Response {
    let id = asked.query("room_id").and_then(|id| id.parse::<u64>().ok()).filter(|_| asked.query("aid").is_some());
    let Some(id) = id else { return bad_parameters() };
    let Some((room, channel)) = world.rooms.get(&id).and_then(|room| Some((room, world.channels.get(&room.channel)?)))
    else {
        return bad_parameters();
    };
    if channel.age_gate {
        return Json(json!({"status_code": 4_003_110, "data": {"prompts": "This LIVE is restricted"}})).into_response();
    }
    if channel.login_gate {
        return Json(json!({"status_code": 20_003, "data": {"prompts": "Please log in"}})).into_response();
    }
    let owner = json!({
        "id_str": channel.user_id().to_string(),
        "display_id": channel.username,
        "nickname": channel.nickname,
        "sec_uid": channel.sec_uid(),
        "avatar_thumb": {"url_list": avatar(&channel.username, 100).0},
        "follow_info": {"follower_count": channel.followers, "following_count": 14},
    });
    let data = json!({
        "id_str": id.to_string(),
        "title": channel.title,
        "status": if room.alive { channel.status } else { 4 },
        "create_time": channel.started_s,
        "user_count": channel.viewers,
        "cover": {"url_list": ["https://p16-sign-va.tiktokcdn.com/cover.webp"]},
        "share_url": format!("https://www.tiktok.com/@{}/live", channel.username),
        "stats": {
            "total_user": channel.ever,
            "like_count": channel.likes,
            "comment_count": room.kept.len(),
            "share_count": 0,
            "follow_count": 0,
        },
        "owner": owner,
    });
    Json(json!({"data": data, "extra": {"now": 0}, "status_code": 0})).into_response()
}
