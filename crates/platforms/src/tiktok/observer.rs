//! The user's own webview as a way to a live room: the script that copies what the page's socket receives, and the reader
//! of what it says.
//!
//! The script says everything through one function, the bridge, which the page's own code can call as well. So nothing
//! that comes through it is trusted.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use thiserror::Error;

/// What is injected, with three words to be replaced in its last line.
const SCRIPT: &str = include_str!("observer.js");

/// The last line.
const PARAMETERS: &str = r#"("BRIDGE", "FILTER", "EVERYWHERE");"#;

/// What the addresses of the sockets of live rooms have in them, and no others. Read in TikTok's player 2026-08.
pub const FILTER: &str = "/webcast/im/";

/// Bytes of a frame. The script hands on none that is larger.
pub const MAX_FRAME: usize = 8 * 1024 * 1024;

/// Bytes of a message of the script: a frame in base64, and room for what is around it.
pub const MAX_MESSAGE: usize = MAX_FRAME.div_ceil(3) * 4 + 1_024;

/// Bytes of an address. A signed one has about 1,500.
const MAX_ADDRESS: usize = 16 * 1024;

/// Bytes of any other text.
const MAX_WORD: usize = 256;

/// What the script says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It runs, on a page that is only beginning.
    Ready {
        /// The page.
        href: String,
        /// The language of the webview.
        language: String,
        /// Whether the page believes that it can be seen.
        visible: bool,
        /// Whether it is the window's own page, and not one inside of it.
        top: bool,
    },
    /// A socket to a live room is open. Sockets are counted from 1 on each page.
    Open {
        /// Its number.
        socket: u64,
        /// Its address, with everything that the page signed: not for a log.
        url: String,
    },
    /// A binary message of a socket.
    Frame {
        /// The socket.
        socket: u64,
        /// Counted from 1 on each socket. A number that is left out was a frame that is too large.
        number: u64,
        /// The message.
        data: Bytes,
    },
    /// A socket has closed. The page opens another one by itself.
    Close {
        /// The socket.
        socket: u64,
        /// As in the protocol of web sockets; 1006 for one that was cut.
        code: u16,
        /// As the server gave it.
        reason: String,
    },
    /// For 20 s the page has made no socket that the script could see.
    NoSocket,
    /// Something stands between the page and the live room.
    Wall(Wall),
}

/// What stands between the page and the live room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    /// The visitor has to prove being a human.
    Captcha,
    /// The visitor has to log in.
    Login,
    /// Only for grown-ups, which needs an account.
    Age,
    /// Not in this country.
    Region,
    /// The streamer has switched the chat off.
    ChatDisabled,
}

/// Why a message of the script could not be read. The text says nothing of what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It, or something in it, is longer than the script makes it.
    #[error("a message of the webview is too long")]
    TooLong,
    /// Not what the script writes.
    #[error("a message of the webview is none of the script's")]
    NotOurs,
    /// A frame that is not base64.
    #[error("a frame of the webview is damaged")]
    Damaged,
}

/// The script for the window's own page: to be injected at document start, before any script of the page.
///
/// `bridge` is the path of the function that takes its messages, such as `ipc.postMessage`; `filter` is what the address of
/// a socket has to contain, which is [`FILTER`] outside of tests.
pub fn script(bridge: &str, filter: &str) -> String {
    fill(bridge, filter, false)
}

/// The same for every page inside of the window's page, too, if it is injected there. On Windows it always is.
pub fn script_for_all_frames(bridge: &str, filter: &str) -> String {
    fill(bridge, filter, true)
}

fn fill(bridge: &str, filter: &str, everywhere: bool) -> String {
    let body = SCRIPT.trim_end().trim_end_matches(PARAMETERS);
    format!("{body}({}, {}, {everywhere});\n", literal(bridge), literal(filter))
}

/// A text as it is written in a script, also in one that stands in a page.
fn literal(text: &str) -> String {
    let escaped = serde_json::Value::from(text).to_string();
    escaped.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// A message, flat, so that nothing but its own fields is ever kept.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    socket: Option<u64>,
    number: Option<u64>,
    #[serde(borrow)]
    data: Option<Cow<'a, str>>,
    code: Option<u16>,
    #[serde(borrow)]
    reason: Option<Cow<'a, str>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    href: Option<Cow<'a, str>>,
    #[serde(borrow)]
    language: Option<Cow<'a, str>>,
    #[serde(borrow)]
    visibility: Option<Cow<'a, str>>,
    top: Option<bool>,
    #[serde(borrow)]
    wall: Option<Cow<'a, str>>,
}

/// Reads a message of the script.
///
/// # Errors
/// When it is none, which the page's own code may have sent as well.
pub fn read(message: &str) -> Result<Seen, Unreadable> {
    if message.len() > MAX_MESSAGE {
        return Err(Unreadable::TooLong);
    }
    let message: Message<'_> = serde_json::from_str(message).map_err(|_| Unreadable::NotOurs)?;
    let socket = message.socket.filter(|socket| *socket > 0).ok_or(Unreadable::NotOurs);
    Ok(match &*message.kind {
        "ready" => Seen::Ready {
            href: text(message.href, MAX_ADDRESS)?,
            language: text(message.language, MAX_WORD)?,
            visible: text(message.visibility, MAX_WORD)? == "visible",
            top: message.top.ok_or(Unreadable::NotOurs)?,
        },
        "open" => Seen::Open { socket: socket?, url: text(message.url, MAX_ADDRESS)? },
        "frame" => Seen::Frame {
            socket: socket?,
            number: message.number.filter(|number| *number > 0).ok_or(Unreadable::NotOurs)?,
            data: frame(&message.data.ok_or(Unreadable::NotOurs)?)?,
        },
        "close" => Seen::Close {
            socket: socket?,
            code: message.code.ok_or(Unreadable::NotOurs)?,
            reason: text(message.reason, MAX_WORD)?,
        },
        "no_socket" => Seen::NoSocket,
        "wall" => Seen::Wall(match message.wall.as_deref() {
            Some("captcha") => Wall::Captcha,
            Some("login") => Wall::Login,
            Some("age") => Wall::Age,
            Some("region") => Wall::Region,
            Some("chat_disabled") => Wall::ChatDisabled,
            _ => return Err(Unreadable::NotOurs),
        }),
        _ => return Err(Unreadable::NotOurs),
    })
}

fn text(text: Option<Cow<'_, str>>, most: usize) -> Result<String, Unreadable> {
    let text = text.ok_or(Unreadable::NotOurs)?;
    if text.len() > most { Err(Unreadable::TooLong) } else { Ok(text.into_owned()) }
}

fn frame(data: &str) -> Result<Bytes, Unreadable> {
    if data.len() > MAX_FRAME.div_ceil(3) * 4 {
        return Err(Unreadable::TooLong);
    }
    let bytes = STANDARD.decode(data).map_err(|_| Unreadable::Damaged)?;
    if bytes.len() > MAX_FRAME { Err(Unreadable::TooLong) } else { Ok(bytes.into()) }
}
