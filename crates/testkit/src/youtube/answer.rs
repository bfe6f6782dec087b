//! Small parts that many answers are made of.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::proto::Message;

/// The version of the web client that the pages name.
pub(super) const CLIENT_VERSION: &str = "2.20260701.00.00";

/// The `visitorData` of everybody.
pub(super) fn visitor_data() -> String {
    Message::default().bytes(1, "simulated00").varint(5, 1_780_000_000).token()
}

pub(super) fn data(value: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json; charset=UTF-8")], value.to_string()).into_response()
}

/// YouTube's body for a failure.
pub(super) fn error(status: StatusCode) -> Response {
    let message = match status.as_u16() {
        400 => "Request contains an invalid argument.",
        401 => "Request had invalid authentication credentials.",
        403 => "The caller does not have permission",
        404 => "Requested entity was not found.",
        429 => "Resource has been exhausted (e.g. check quota).",
        503 => "The service is currently unavailable.",
        _ => "Internal error encountered.",
    };
    error_saying(status, message)
}

/// The same with another sentence.
pub(super) fn error_saying(status: StatusCode, message: &str) -> Response {
    let (word, reason) = match status.as_u16() {
        400 => ("INVALID_ARGUMENT", "badRequest"),
        401 => ("UNAUTHENTICATED", "unauthorized"),
        403 => ("PERMISSION_DENIED", "forbidden"),
        404 => ("NOT_FOUND", "notFound"),
        429 => ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
        503 => ("UNAVAILABLE", "backendError"),
        _ => ("INTERNAL", "backendError"),
    };
    let body = json!({"error": {
        "code": status.as_u16(),
        "message": message,
        "errors": [{"message": message, "domain": "global", "reason": reason}],
        "status": word,
    }});
    (status, data(&body)).into_response()
}

/// What every answer begins with.
pub(super) fn response_context() -> Value {
    json!({
        "visitorData": visitor_data(),
        "serviceTrackingParams": [
            {"service": "CSI", "params": [
                {"key": "c", "value": "WEB"},
                {"key": "cver", "value": CLIENT_VERSION},
                {"key": "yt_li", "value": "0"},
            ]},
            {"service": "GFEEDBACK", "params": [{"key": "logged_in", "value": "0"}]},
        ],
        "mainAppWebResponseContext": {"loggedOut": true, "trackingParam": tracking("context")},
        "webResponseContextExtensionData": {"hasDecorated": true},
    })
}

/// What stands in `trackingParams`.
pub(super) fn tracking(what: &str) -> String {
    Message::default().varint(1, what.len() as u64).bytes(4, what).text()
}

pub(super) fn simple(text: &str) -> Value {
    json!({"simpleText": text})
}

pub(super) fn runs(texts: &[&str]) -> Value {
    json!({"runs": texts.iter().map(|text| json!({"text": text})).collect::<Vec<_>>()})
}

/// The same picture in the sizes of authors' photos.
pub(super) fn photo(name: &str) -> Value {
    let url = |size| format!("https://yt4.ggpht.com/sim/{}=s{size}-c-k-c0x00ffffff-no-rj", tracking(name));
    json!({"thumbnails": [
        {"url": url(32), "width": 32, "height": 32},
        {"url": url(64), "width": 64, "height": 64},
    ]})
}

/// `1,301`.
pub(super) fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// `1.3K`, as short counts are written.
pub(super) fn short(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{:.1}K", number as f64 / 1_000.0),
        _ => format!("{:.1}M", number as f64 / 1_000_000.0),
    }
}

/// Unix seconds as `2026-02-17T11:58:03+00:00`.
pub(super) fn timestamp(unix: u64) -> String {
    let time = jiff::Timestamp::from_second(unix.cast_signed()).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_written_as_youtube_writes_them() {
        let groups = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (number, text) in groups {
            assert_eq!(grouped(number, ','), text);
        }
        assert_eq!((short(12), short(1_301)), ("12".to_owned(), "1.3K".to_owned()));
        assert_eq!(timestamp(1_771_329_483), "2026-02-17T11:58:03+00:00");
    }
}
