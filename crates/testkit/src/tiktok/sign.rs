//! A sign server beside TikTok: it asks in the client's place, and gives a signed address for one socket.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::HeaderMap};
use serde_json::json;

use super::frame::Fetched;
use super::id::hash;
use super::server::{Asked, SOCKET};
use super::visitor::mint;
use super::world::World;

/// `/webcast/rooms/<id>/connect`.
pub(super) fn connect(world: &mut World, asked: &Asked, outage: bool) -> Response {
    if let Some(key) = &world.sign_key
        && asked.header("x-api-key").or(asked.query("apiKey")) != Some(key)
    {
        let body = json!({"code": 401, "message": "The API Key is invalid"});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    let room = asked.path.split('/').rev().nth(1).and_then(|id| id.parse::<u64>().ok());
    let Some(room_id) = room.filter(|id| world.rooms.contains_key(id)) else {
        return (StatusCode::NOT_FOUND, Json(json!({"code": 404, "message": "The room was not found"})))
            .into_response();
    };
    let now_ms = world.now_ms();
    let number = world.next_number();
    let token = format!("{:016x}", hash(&number.to_string(), 40));
    let host = asked.header("host").unwrap_or_default();
    let mut fetched = Fetched { now_ms, need_ack: false, ..Fetched::default() };
    if outage {
        // What came for everybody on 2026-09-09: small, and it leads nowhere.
        fetched.push_server = String::from("wss://ws-fallback.eulerstream.com/webcast/im/push/v2/");
        fetched.internal_ext = format!("fetch_time:{now_ms}|start_time:0|ack_ids:,,|flag:1");
    } else {
        fetched.push_server = format!("ws://{host}{SOCKET}");
        fetched.route_params = vec![("wrss", token.clone()), ("imprp", "sim/a b".to_owned())];
        fetched.cursor = format!("{now_ms}_{token}_1_1_0_0");
        fetched.internal_ext = format!("internal_src:sim|fetch_time:{now_ms}|seq:1|wss_push_room_id:{room_id}");
        fetched.is_first = true;
        fetched.messages = world.backlog(room_id, 6);
        world.signed.insert(token);
    }
    let mut headers = HeaderMap::new();
    let mut header = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    header(CONTENT_TYPE.as_str(), "application/protobuf");
    header("x-room-id", &room_id.to_string());
    header("x-request-id", &format!("sim-{number}"));
    header("x-agent-id", "sim");
    if !outage {
        header("x-set-tt-cookie", &format!("ttwid={}", mint(number)));
    }
    (headers, fetched.write()).into_response()
}
