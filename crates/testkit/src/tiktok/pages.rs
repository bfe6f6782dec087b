//! Pages: HTML with data inside, walls, and short links that lead to them.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::api::{live_room, stats, user};
use super::channel::Channel;
use super::fault::Endpoint;
use super::player;
use super::server::Asked;
use super::world::World;

/// The page that looks whether the visitor is a browser.
pub(super) const ANTI_BOT: &str = "<!doctype html><html><head><title>Please wait...</title><script>\
    window._wafchallengeid=\"sim\";/* SlardarWAF */</script></head><body></body></html>";

/// The page that asks for a proof.
pub(super) const CAPTCHA: &str = "<!doctype html><html><head><title>TikTok</title></head><body>\
    <div id=\"captcha_container\" class=\"captcha-verify-container\"><p>Verify to continue:</p>\
    <p>Drag the slider to fit the puzzle</p></div></body></html>";

/// The page for countries in which TikTok is not.
pub(super) const REGION: &str = "<!doctype html><html><head><title>TikTok</title></head><body>\
    <p>We regret to inform you that we have discontinued operating TikTok in your region.</p></body></html>";

const NOTHING: &str = "<!doctype html><html><head><title>TikTok</title></head><body><p>Nothing here.</p></body></html>";

pub(super) fn answer(world: &mut World, asked: &Asked) -> Response {
    if !asked.header("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/5.0 ")) {
        return Html(ANTI_BOT).into_response();
    }
    let name = asked.path.trim_matches('/').trim_start_matches('@').trim_end_matches("/live");
    match asked.endpoint {
        Endpoint::LivePage => live(world, name, asked),
        Endpoint::ProfilePage => profile(world, name),
        Endpoint::ShortLink => short_link(world, asked),
        Endpoint::LiveHome => Html(page("LIVE", "<div id=\"app\"></div>")).into_response(),
        Endpoint::Home => redirect("/explore"),
        _ => (StatusCode::NOT_FOUND, Html(NOTHING)).into_response(),
    }
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{body}</body></html>"
    )
}

fn redirect(to: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(to) else { return StatusCode::NOT_FOUND.into_response() };
    (StatusCode::FOUND, [(LOCATION, location)]).into_response()
}

/// Data inside of a page: no `/`, so that it cannot end the script.
fn inside(data: &Value) -> String {
    data.to_string().replace('/', "\\u002F")
}

/// `/@name/live`. Whoever does not exist and whoever never streamed look the same.
fn live(world: &mut World, name: &str, asked: &Asked) -> Response {
    let turned = world.log.count(Endpoint::LivePage).is_multiple_of(2);
    let channel = world.known(name);
    let mut room = json!({
        "loadingState": {"getRecommendLive": 0, "getUserInfo": 2, "getUserStat": 0},
        "needLogin": channel.is_some_and(|channel| channel.login_gate),
        "showLiveGate": channel.is_some_and(|channel| channel.age_gate || channel.login_gate),
        "isAgeGateRoom": channel.is_some_and(|channel| channel.age_gate),
        "recommendLiveRooms": [],
        "liveRoomStatus": 0,
    });
    if let Some(channel) = channel.filter(|channel| channel.room_id != 0 && !channel.age_gate && !channel.login_gate) {
        room["liveRoomUserInfo"] =
            json!({"user": user(channel), "stats": stats(channel), "liveRoom": live_room(channel)});
    }
    let chat = !channel.is_some_and(|channel| channel.chat_disabled);
    let current = json!({
        "loadingState": {"enterRoom": 0},
        "roomInfo": null,
        "anchorId": "",
        "roomId": "",
        "enterRoomWithSSR": true,
        "showLiveChat": chat,
        "enableChat": chat,
    });
    let state = inside(&json!({"LiveRoom": room, "CurrentRoom": current}));
    let tag = if turned {
        "type=\"application/json\" id=\"SIGI_STATE\""
    } else {
        "id=\"SIGI_STATE\" type=\"application/json\""
    };
    let state = format!("<script {tag}>{state}</script>");
    if let Some(how) = world.player {
        return player::page(world, name, asked, how, &state);
    }
    let body = format!("<div id=\"app\"></div><script>window.page = \"SIGI_STATE\";</script>{state}");
    Html(page("LIVE", &body)).into_response()
}

/// `/@name`.
fn profile(world: &World, name: &str) -> Response {
    let detail = match world.known(name) {
        Some(channel) if channel.private => json!({"statusCode": 10222, "statusMsg": "", "userInfo": {}}),
        Some(channel) => json!({"statusCode": 0, "statusMsg": "", "userInfo": user_info(channel)}),
        None => json!({"statusCode": 10221, "statusMsg": "user doesn't exist", "userInfo": {}}),
    };
    let scope = json!({"__DEFAULT_SCOPE__": {
        "webapp.app-context": {"language": "en", "region": "DE", "appId": 1988, "user": null},
        "webapp.user-detail": detail,
    }});
    let id = "__UNIVERSAL_DATA_FOR_REHYDRATION__";
    let body =
        format!("<div id=\"app\"></div><script id=\"{id}\" type=\"application/json\">{}</script>", inside(&scope));
    Html(page("TikTok", &body)).into_response()
}

fn user_info(channel: &Channel) -> Value {
    let mut user = user(channel);
    user["roomId"] = if channel.is_live() { channel.room_id.to_string().into() } else { "".into() };
    json!({"user": user, "stats": stats(channel)})
}

fn short_link(world: &World, asked: &Asked) -> Response {
    let code = asked.path.trim_matches('/').trim_start_matches("t/");
    match world.short_links.get(code) {
        Some(target) => redirect(target),
        None => redirect("/"),
    }
}
