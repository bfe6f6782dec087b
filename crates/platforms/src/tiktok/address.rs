//! The address of a room's socket, as TikTok's own player makes it, and the headers that go with it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rand::RngExt;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use url::Url;

use super::agent::Agent;
use super::ttwid::Credentials;
use crate::http;

/// The service that sends without being asked again.
const PATH: &str = "/webcast/im/ws_proxy/ws_reuse_supplement/";
/// The first of the real hosts, which stands in the settings by default, and those with the same service.
const REAL: &str = "webcast-ws.tiktok.com";
const REAL_OTHERS: [&str; 2] = ["webcast-ws.eu.tiktok.com", "webcast-ws.us.tiktok.com"];

/// Longest address that is asked for. Those of the player stay below 1,500 characters.
const URL_MAX_BYTES: usize = 8 * 1024;
/// Longest name of a time zone, in characters; the longest there is has 32.
const ZONE_MAX_BYTES: usize = 64;
/// Where no time zone can be found out.
const ZONE: &str = "Etc/UTC";

/// What stands for itself in the value of a query: as a page of a browser writes it.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Which room, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Join {
    /// The room.
    pub(crate) room_id: u64,
    /// How many messages of before are told once more.
    pub(crate) history: u32,
    /// Whether frames may come packed (gzip).
    pub(crate) gzip: bool,
}

/// What a sign server has made for one room, to be used once and soon.
#[derive(Clone, Copy)]
pub(crate) struct SignedJoin<'a> {
    /// The address of the socket, without a query.
    pub(crate) push_server: &'a str,
    /// What is to be added to the query.
    pub(crate) route_params: &'a [(String, String)],
    /// What the first messages ended with.
    pub(crate) cursor: &'a str,
    /// The same, for acknowledgements.
    pub(crate) internal_ext: &'a str,
    /// What is to be sent as `Cookie`.
    pub(crate) cookie: &'a HeaderValue,
}

/// Where sockets are opened.
#[derive(Debug, Clone)]
pub(crate) struct Sockets {
    /// All have the same service; none if the settings name no address.
    bases: Vec<Url>,
}

impl Sockets {
    /// The real hosts if `ws_url` is the first of them, else that one only.
    pub(crate) fn new(ws_url: &str) -> Self {
        let Some(first) = http::base(ws_url, &["wss", "ws"]) else { return Self { bases: Vec::new() } };
        let mut bases = vec![first];
        if bases[0].scheme() == "wss" && bases[0].host_str() == Some(REAL) && bases[0].port().is_none() {
            bases.extend(REAL_OTHERS.into_iter().filter_map(|host| Url::parse(&format!("wss://{host}")).ok()));
        }
        Self { bases }
    }

    /// The request that opens the socket of a room, at the host whose turn it is. `None` if the settings name no address.
    pub(crate) fn request(&self, turn: usize, join: Join, visitor: &Credentials) -> Option<Request> {
        let base = self.bases.get(turn % self.bases.len().max(1))?;
        let mut url = base.clone();
        url.set_path(&format!("{}{PATH}", base.path().trim_end_matches('/')));
        url.set_query(Some(&query(join, visitor.agent, &[])));
        request(&url, visitor.agent, visitor.cookie())
    }

    /// The request that opens a socket that a sign server has made for us. Only TikTok's own hosts and those of the
    /// settings are believed.
    pub(crate) fn signed_request(&self, join: Join, signed: SignedJoin<'_>, agent: &Agent) -> Option<Request> {
        let mut url = Url::parse(signed.push_server).ok()?;
        let of_tiktok = || {
            let host = url.host_str().unwrap_or_default();
            url.scheme() == "wss" && url.port().is_none() && (host == "tiktok.com" || host.ends_with(".tiktok.com"))
        };
        let of_settings = || {
            let same = |base: &Url| (base.scheme(), base.host(), base.port()) == (url.scheme(), url.host(), url.port());
            self.bases.iter().any(same)
        };
        if !of_settings() && !of_tiktok() {
            return None;
        }
        let own = [("cursor", signed.cursor), ("internal_ext", signed.internal_ext)];
        let routed = signed.route_params.iter().map(|(name, value)| (&**name, &**value));
        let extra: Vec<_> = routed.chain(own).filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect();
        url.set_query(Some(&query(join, agent, &extra)));
        url.set_fragment(None);
        request(&url, agent, signed.cookie.clone())
    }
}

/// What says which browser asks, in the player's order. The interface of rooms takes it as well.
pub(crate) fn browser(agent: &Agent) -> Vec<(&'static str, String)> {
    let plain = |name, value: &str| (name, value.to_owned());
    vec![
        plain("device_platform", "web"),
        plain("cookie_enabled", "true"),
        plain("screen_width", "1920"),
        plain("screen_height", "1080"),
        plain("browser_language", "en-US"),
        plain("browser_platform", agent.platform),
        plain("browser_name", "Mozilla"),
        plain("browser_version", agent.version),
        plain("browser_online", "true"),
        ("tz_name", zone()),
    ]
}

/// A query whose values are escaped once.
pub(crate) fn escaped<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(name, VALUE));
        query.push('=');
        query.extend(utf8_percent_encode(value, VALUE));
    }
    query
}

/// The player's query in its order, and what else there is. `version_code` stands in it twice, as there.
fn query(join: Join, agent: &Agent, extra: &[(&str, &str)]) -> String {
    let (room_id, history) = (join.room_id.to_string(), join.history.to_string());
    let rtt = format!("{:.3}", rand::rng().random_range(100.0..200.0_f64));
    let browser = browser(agent);
    let mut pairs = vec![("version_code", "180800")];
    pairs.extend(browser.iter().map(|(name, value)| (*name, &**value)));
    pairs.extend([
        ("app_name", "tiktok_web"),
        ("sup_ws_ds_opt", "1"),
        ("update_version_code", "2.0.0"),
        ("compress", if join.gzip { "gzip" } else { "" }),
        ("webcast_language", "en"),
        ("ws_direct", "1"),
        ("aid", "1988"),
        ("live_id", "12"),
        ("version_code", "270000"),
        ("app_language", "en"),
        ("client_enter", "1"),
        ("room_id", &room_id),
        ("identity", "audience"),
        ("history_comment_count", &history),
        ("last_rtt", &rtt),
        ("heartbeat_duration", "10000"),
        ("resp_content_type", "protobuf"),
        ("did_rule", "3"),
    ]);
    pairs.extend(extra);
    escaped(pairs)
}

/// The request for `url` as a browser makes it.
fn request(url: &Url, agent: &Agent, cookie: HeaderValue) -> Option<Request> {
    if url.as_str().len() > URL_MAX_BYTES {
        return None;
    }
    let mut request = url.as_str().into_client_request().ok()?;
    let mut headers: HeaderMap = agent.socket();
    headers.insert(COOKIE, cookie);
    request.headers_mut().extend(headers);
    Some(request)
}

/// The time zone of this computer, by name.
fn zone() -> String {
    let plain = |zone: &String| {
        zone.len() <= ZONE_MAX_BYTES && zone.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b))
    };
    iana_time_zone::get_timezone().ok().filter(plain).unwrap_or_else(|| ZONE.to_owned())
}

#[cfg(test)]
mod tests;
