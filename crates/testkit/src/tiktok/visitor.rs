//! Visitors without an account: the cookie that tells them apart, and who gives it.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::fault::Endpoint;
use super::id::hash;
use super::server::Asked;
use super::world::World;

/// The cookie of a new visitor, percent-encoded as it comes.
pub(super) fn mint(number: u32) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let part = |seed| hash(&number.to_string(), seed);
    let bytes: Vec<u8> = (0..4).flat_map(|seed| part(seed).to_le_bytes()).collect();
    let name = crate::proto::base64url(&bytes);
    format!("1%7C{name}%7C{now}%7C{:016x}{:016x}{:016x}{:016x}", part(5), part(6), part(7), part(8))
}

/// Whether a cookie is as it was given: not decoded, not cut.
pub(super) fn is_whole(ttwid: &str) -> bool {
    let parts: Vec<&str> = ttwid.split("%7C").collect();
    let [version, name, time, seal] = parts[..] else { return false };
    let sealed = seal.len() == 64 && seal.bytes().all(|byte| byte.is_ascii_hexdigit());
    version == "1" && name.len() >= 16 && time.parse::<u64>().is_ok() && sealed
}

/// Gives new visitors their cookie with the answer, if this endpoint does.
pub(super) fn welcome(world: &mut World, asked: &Asked, response: &mut Response) {
    let endpoint = asked.endpoint;
    if asked.cookie("ttwid").is_some() || !world.cookies_from.contains(&endpoint) {
        return;
    }
    if endpoint == Endpoint::Home && !world.log.count(endpoint).is_multiple_of(world.home_cookie_every) {
        return;
    }
    let headers = response.headers_mut();
    let ttwid = mint(world.next_number());
    let domain = if endpoint == Endpoint::Register { "bytedance.com" } else { "tiktok.com" };
    cookie(
        headers,
        &format!("ttwid={ttwid}; Path=/; Domain=.{domain}; Max-Age=31536000; HttpOnly; Secure; SameSite=None"),
    );
    if endpoint != Endpoint::Register {
        cookie(headers, "tt_csrf_token=Sim1234-abcdefghijkl; Path=/; HttpOnly; Secure; SameSite=Lax");
        cookie(headers, "tt_chain_token=c2ltdWxhdGVkIGNoYWlu; Path=/; HttpOnly; Secure");
    }
}

pub(super) fn cookie(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        headers.append(SET_COOKIE, cookie);
    }
}

/// `POST /ttwid/union/register/`. It only knows one application.
pub(super) fn register(asked: &Asked) -> Response {
    let typed = asked.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    let body = serde_json::from_slice::<Value>(&asked.body).unwrap_or_default();
    if !typed || body["aid"] != 1768 || !body["service"].is_string() {
        let refused = json!({"status_code": 1001, "message": "aid is not registered", "sub_status_code": 0});
        return Json(refused).into_response();
    }
    let body = json!({"status_code": 0, "message": "success", "sub_status_code": 0, "redirect_url": ""});
    Json(body).into_response()
}
