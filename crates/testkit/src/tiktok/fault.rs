//! What goes wrong when a test asks for it.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::pages;
use crate::faults::huge;

/// Something that can be asked for, and can fail by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/api-live/user/room/`.
    RoomState,
    /// `/@name/live`.
    LivePage,
    /// `/@name`.
    ProfilePage,
    /// `/t/<code>`.
    ShortLink,
    /// `/live`.
    LiveHome,
    /// `/`.
    Home,
    /// `/ttwid/union/register/`.
    Register,
    /// `/webcast/room/check_alive/`.
    CheckAlive,
    /// `/webcast/room/info/`.
    RoomInfo,
    /// The sign server's `/webcast/rooms/<id>/connect`.
    Sign,
    /// `/webcast/im/ws_proxy/ws_reuse_supplement/`.
    Socket,
    /// Anything else.
    Unknown,
}

/// Why the socket is refused before it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The visitor's cookie and `User-Agent` are not wanted (any more).
    DeviceBlocked,
    /// The address was signed for somebody who is logged in.
    IllegalSecretKey,
    /// The parameters belong to another program.
    IllegalAppId,
    /// There is no such room, or it is over. Nothing says so.
    NoRoom,
}

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This status, without a body.
    Status(u16),
    /// 429, with or without a word about when to come again, in seconds.
    RateLimited(Option<u64>),
    /// Status 200 and nothing else.
    Empty,
    /// A page instead of data, with status 200.
    Html,
    /// The page that looks whether the visitor is a browser.
    AntiBot,
    /// The page that asks the visitor to prove being a human.
    Captcha,
    /// The page for countries in which TikTok is not.
    Region,
    /// A code that is not 0, and no data.
    Code(i64),
    /// The right answer, without a cookie.
    NoCookie,
    /// Status 200 without a cookie, and with `X-TT-System-Error: 3`.
    Challenged,
    /// Never answered.
    Hang,
    /// Answered late, but well.
    Slow(Duration),
    /// The first half of the right answer.
    Truncated,
    /// The first half of the right answer, and then the connection is gone.
    Cut,
    /// JSON of another shape with status 200.
    Garbage,
    /// So many bytes of valid JSON.
    Huge(usize),
    /// The sign server's answer while it cannot sign.
    Outage,
    /// The socket is refused.
    Refused(Refusal),
    /// The socket opens and never says anything.
    Silent,
    /// The socket opens and is gone.
    Dropped,
}

/// The answer of a fault that needs no right answer.
pub(super) fn instead(fault: Fault) -> Option<Response> {
    Some(match fault {
        Fault::Status(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY).into_response(),
        Fault::RateLimited(after) => {
            let body = json!({"message": "Too many requests", "limit_label": "rate_limit_account_minute"}).to_string();
            let mut response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
            if let Some(after) = after {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(after));
            }
            response
        }
        Fault::Empty => StatusCode::OK.into_response(),
        Fault::Html => Html("<!doctype html><title>TikTok</title><p>Something went wrong.").into_response(),
        Fault::AntiBot => Html(pages::ANTI_BOT).into_response(),
        Fault::Captcha => Html(pages::CAPTCHA).into_response(),
        Fault::Region => Html(pages::REGION).into_response(),
        Fault::Code(code) => {
            axum::Json(json!({"statusCode": code, "status_code": code, "message": "error", "data": {}})).into_response()
        }
        Fault::Challenged => {
            let mut response = StatusCode::OK.into_response();
            let name = HeaderName::from_static("x-tt-system-error");
            response.headers_mut().insert(name, HeaderValue::from_static("3"));
            response
        }
        Fault::Garbage => {
            axum::Json(json!({"statusCode": "0", "status_code": [], "data": [7, {"user": "none"}]})).into_response()
        }
        Fault::Huge(bytes) => huge(r#"{"statusCode":0,"message":"a"#, bytes, r#""}"#).into_response(),
        Fault::Refused(refusal) => refused(refusal),
        Fault::NoCookie
        | Fault::Hang
        | Fault::Slow(_)
        | Fault::Truncated
        | Fault::Cut
        | Fault::Outage
        | Fault::Silent
        | Fault::Dropped => return None,
    })
}

/// A refusal of the socket: status 200, and the reason in headers.
pub(super) fn refused(refusal: Refusal) -> Response {
    let (message, status) = match refusal {
        Refusal::DeviceBlocked => ("DEVICE_BLOCKED", "415"),
        Refusal::IllegalSecretKey => ("illegal secret key", "417"),
        Refusal::IllegalAppId => ("illegal app_id", "417"),
        Refusal::NoRoom => return StatusCode::OK.into_response(),
    };
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("handshake-msg"), HeaderValue::from_static(message));
    headers.insert(HeaderName::from_static("handshake-status"), HeaderValue::from_static(status));
    response
}
