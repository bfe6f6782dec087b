//! What TikTok's live page does by itself in a browser: it opens the socket of the room, enters, keeps itself alive, and
//! comes back when the socket is lost. Here with what a test wants to know of it.

use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::server::{Asked, SOCKET};
use super::world::World;
use crate::proto::Message;

/// The script of the worker, when the socket is in one.
pub(super) const WORKER: &str = "/player-worker.js";

/// Where the page tells what it knows.
pub(super) const TOLD: &str = "/player-told";

/// What is read of one telling, in bytes.
const MAX_TOLD: usize = 4_096;

/// The only scripts that the page's policy lets run are those with this word.
const NONCE: &str = "c2ltdWxhdGVk";

/// How the page has its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Player {
    /// In the page, as `ArrayBuffer`s.
    Buffers,
    /// In the page, as `Blob`s, which give their bytes later.
    Blobs,
    /// In a worker, where the page's scripts do not see it.
    Worker,
    /// In the page, but only when its visitor has answered a captcha: clicked it.
    Captcha,
}

/// What runs in the page, or in its worker. `said` tells us, and a line that says `tell` can be waited for.
const SCRIPT: &str = r#"
const binary = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
function play() {
    const socket = new WebSocket(SOCKET);
    if (KIND !== "Blobs") socket.binaryType = "arraybuffer";
    let beat;
    socket.onopen = () => {
        socket.send(binary(HEARTBEAT));
        socket.send(binary(ENTER));
        beat = setInterval(() => socket.send(binary(HEARTBEAT)), 5000);
    };
    socket.onclose = () => {
        clearInterval(beat);
        setTimeout(play, 300);
    };
}
"#;

/// What runs in the page besides: whatever a test has it try, and what its policy complains of.
const PAGE: &str = r#"
const said = (what) => fetch(TOLD, { method: "POST", body: JSON.stringify(what) });
document.addEventListener("securitypolicyviolation", (event) => said({ violation: event.blockedURI }));
if (KIND === "Worker") {
    new Worker(WORKER);
} else if (KIND === "Captcha") {
    const box = document.createElement("button");
    box.id = "captcha_container";
    box.textContent = "Verify to continue";
    box.style.cssText = "position:fixed;inset:0;width:100%;height:100%";
    box.onclick = () => { box.remove(); play(); };
    document.body.append(box);
} else {
    play();
}
(async () => { TRIES })();
"#;

impl World {
    fn script(&self, name: &str, asked: &Asked, player: Player) -> String {
        let room = self.known(name).map_or(0, |channel| channel.room_id);
        let host = asked.header("host").unwrap_or_default();
        let socket = format!("ws://{host}{SOCKET}?aid=1988&app_name=tiktok_web&room_id={room}&X-Gnarly=signed");
        let frame = |kind: &str, payload: Message| {
            let frame = Message::default().string(6, "pb").string(7, kind).message(8, payload);
            STANDARD.encode(frame.done())
        };
        let heartbeat = frame("hb", Message::default().int(1, room));
        let enter = frame("im_enter_room", Message::default().int(1, room).int(4, 12).string(5, "audience").int(8, 1));
        format!(
            "const SOCKET = \"{socket}\", HEARTBEAT = \"{heartbeat}\", ENTER = \"{enter}\", KIND = \"{player:?}\", \
             WORKER = \"{WORKER}?{name}\", TOLD = \"{TOLD}\";\n{SCRIPT}"
        )
    }
}

/// The live page as a browser runs it, under a policy as strict as TikTok's: no script but ours, no connection but here.
pub(super) fn page(world: &mut World, name: &str, asked: &Asked, player: Player, body: &str) -> Response {
    let host = asked.header("host").unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{NONCE}'; style-src 'unsafe-inline'; worker-src 'self'; \
         connect-src 'self' ws://{host}"
    );
    let script = world.script(name, asked, player) + &PAGE.replace("TRIES", &world.tries);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>LIVE</title></head><body>{body}\
         <script nonce=\"{NONCE}\">{script}</script></body></html>"
    );
    let mut response = Html(page).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    // The cookie that TikTok gives is for its own name; a browser takes none of that here.
    let visitor = super::visitor::mint(world.next_number());
    super::visitor::cookie(response.headers_mut(), &format!("ttwid={visitor}; Path=/; Max-Age=31536000; HttpOnly"));
    response
}

pub(super) fn worker(world: &World, asked: &Asked) -> Response {
    let name = asked.raw_query.clone();
    let Some(player) = world.player else { return StatusCode::NOT_FOUND.into_response() };
    let script = world.script(&name, asked, player) + "\nplay();";
    let host = asked.header("host").unwrap_or_default();
    let headers = [
        ("content-type", "text/javascript".to_owned()),
        ("content-security-policy", format!("default-src 'none'; connect-src ws://{host}")),
    ];
    let mut response = script.into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

pub(super) fn told(world: &mut World, asked: &Asked) -> Response {
    let said = &asked.body[..asked.body.len().min(MAX_TOLD)];
    super::log::note(&mut world.log.told, String::from_utf8_lossy(said).into_owned());
    StatusCode::NO_CONTENT.into_response()
}
