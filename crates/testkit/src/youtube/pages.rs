//! Pages: HTML with data inside, the feed, and where others are sent to.

use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::answer::{CLIENT_VERSION, error, visitor_data};
use super::fault::Endpoint;
use super::server::Asked;
use super::signaler::SIGNALER_KEY;
use super::token::Token;
use super::video::VideoState;
use super::words::Words;
use super::world::World;
use super::{channel, chat, player, watch};

/// The key of the web client, the same in every page from 2021 to 2026.
const API_KEY: &str = "AIzaSyAO_FJ2SlqU8Q4STEHLGCilw_Y9_11qcW8";

/// Which tab of a channel a path is: `live`, `streams` … or `featured`; `None`: it belongs to no channel.
pub(super) fn tab_of(path: &str) -> Option<&str> {
    let mut parts = path.trim_matches('/').split('/').filter(|part| !part.is_empty());
    let first = parts.next()?;
    match first {
        "channel" | "c" | "user" => {
            parts.next()?;
        }
        _ if first.starts_with('@') => {}
        // Names that are taken by YouTube itself.
        "watch" | "live" | "shorts" | "embed" | "v" | "youtubei" | "punctual" | "feeds" | "results" => return None,
        _ => {}
    }
    match parts.next() {
        None => Some("featured"),
        Some(tab @ ("live" | "streams" | "videos" | "featured" | "playlists")) => Some(tab),
        Some(_) => None,
    }
}

pub(super) fn answer(world: &mut World, asked: &Asked) -> Response {
    if let Some(redirect) = consent(world, asked) {
        return redirect;
    }
    let words = words(world, asked);
    match asked.endpoint {
        Endpoint::WatchPage => watch_page(world, asked.query("v").unwrap_or_default(), words),
        Endpoint::LivePage => live_page(world, asked, words),
        Endpoint::StreamsPage | Endpoint::ChannelPage => channel_page(world, asked, words),
        Endpoint::ChatPage => chat_page(world, asked, words),
        Endpoint::ServiceWorker => service_worker(words),
        Endpoint::Feed => feed(world, asked.query("channel_id").unwrap_or_default()),
        Endpoint::Detour => detour(asked),
        _ => (StatusCode::NOT_FOUND, Html(NOTHING)).into_response(),
    }
}

const NOTHING: &str = "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>Nothing here.</body></html>";

/// The language that a page is in: asked for, remembered in a cookie, or that of the place where the client seems to be.
fn words(world: &World, asked: &Asked) -> &'static Words {
    let remembered = asked.cookie("PREF").and_then(|pref| pref.split('&').find_map(|part| part.strip_prefix("hl=")));
    Words::of(asked.query("hl").or(remembered).unwrap_or(&world.language))
}

fn consent(world: &World, asked: &Asked) -> Option<Response> {
    let exempt = matches!(asked.endpoint, Endpoint::Detour | Endpoint::ServiceWorker | Endpoint::Feed);
    if !world.consent || exempt || asked.cookie("SOCS").is_some() {
        return None;
    }
    let target = format!("https://www.youtube.com{}", asked.target);
    let target: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
    let host = world.consent_host.as_deref().unwrap_or_default();
    let location = format!("{host}/consent?continue={target}&gl=DE&m=0&pc=yt&cm=2&hl=de&src=1");
    Some((StatusCode::FOUND, [(LOCATION, HeaderValue::from_str(&location).ok()?)]).into_response())
}

fn detour(asked: &Asked) -> Response {
    if asked.path == "/sorry/index" {
        let page =
            "<html><head><title>Sorry…</title></head><body>Too many requests came from where you are.</body></html>";
        return (StatusCode::TOO_MANY_REQUESTS, Html(page)).into_response();
    }
    Html(
        "<!DOCTYPE html><html lang=\"de\"><head><title>Bevor es losgeht</title></head><body><form \
         action=\"/save\" method=\"post\"><input type=\"hidden\" name=\"set_eom\" value=\"true\"><button>Alle ablehnen\
         </button></form></body></html>",
    )
    .into_response()
}

/// A channel's `/live`: the watch page of a stream, or the channel itself.
fn live_page(world: &mut World, asked: &Asked, words: &Words) -> Response {
    let Some(channel) = channel::by_path(world, &asked.path).map(|channel| channel.id.clone()) else {
        return (StatusCode::NOT_FOUND, Html(NOTHING)).into_response();
    };
    match world.featured(&channel).map(|video| video.id.clone()) {
        Some(video) if world.live_redirects => {
            let location = HeaderValue::from_str(&format!("/watch?v={video}"));
            location.map_or_else(
                |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                |location| (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
            )
        }
        Some(video) => watch_page(world, &video, words),
        None => page_of_channel(world, &channel, "featured", words),
    }
}

fn channel_page(world: &mut World, asked: &Asked, words: &Words) -> Response {
    let tab = tab_of(&asked.path).unwrap_or("featured");
    match channel::by_path(world, &asked.path).map(|channel| channel.id.clone()) {
        Some(id) => page_of_channel(world, &id, tab, words),
        None => (StatusCode::NOT_FOUND, Html(NOTHING)).into_response(),
    }
}

fn page_of_channel(world: &mut World, id: &str, tab: &str, words: &Words) -> Response {
    let canonical = format!("https://www.youtube.com/channel/{id}");
    let title = world.channels.get(id).map(|channel| channel.title.clone()).unwrap_or_default();
    let data = channel::page(world, id, tab, words).unwrap_or_default();
    page(&title, Some(&canonical), "var ytInitialData", &data, None, words)
}

fn watch_page(world: &mut World, id: &str, words: &Words) -> Response {
    let gone = [VideoState::Deleted, VideoState::Private];
    let video = world.video(id).filter(|video| !gone.contains(&video.state));
    let title = video.map(|video| video.title.clone()).unwrap_or_default();
    // Pages of what is not there have no canonical address.
    let canonical = video.map(|_| format!("https://www.youtube.com/watch?v={id}"));
    let player = player::answer(world, id, words);
    let mut data = watch::next(world, id, words);
    if world.pages_without_chat
        && let Some(results) = data["contents"]["twoColumnWatchNextResults"].as_object_mut()
    {
        results.remove("conversationBar");
    }
    page(&title, canonical.as_deref(), "var ytInitialData", &data, Some(&player), words)
}

/// `/live_chat?v=…`, and what the frame in a watch page loads: `/live_chat?continuation=…`.
fn chat_page(world: &mut World, asked: &Asked, words: &Words) -> Response {
    let from_token = asked.query("continuation").map(|token| Token::decode(token).map(|token| token.video));
    let id = match (asked.query("v"), from_token) {
        (Some(id), _) => id.to_owned(),
        (None, Some(Some(id))) => id,
        (None, Some(None)) => return error(StatusCode::BAD_REQUEST),
        (None, None) => return (StatusCode::NOT_FOUND, Html(NOTHING)).into_response(),
    };
    let data = chat::page(world, &id, words);
    page("", None, "window[\"ytInitialData\"]", &data, None, words)
}

/// `<`, `>` and `&` inside of data, so that no title ends the script. `};` stays as it is.
fn inside_script(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A page as a browser gets it: settings, some of them no JSON, then the data.
fn page(
    title: &str,
    canonical: Option<&str>,
    name: &str,
    data: &Value,
    player: Option<&Value>,
    words: &Words,
) -> Response {
    let client = json!({
        "hl": words.language, "gl": words.region, "clientName": "WEB", "clientVersion": CLIENT_VERSION,
        "visitorData": visitor_data(), "userAgent": "Mozilla/5.0", "platform": "DESKTOP",
    });
    let settings = inside_script(&json!({
        "CLIENT_CANARY_STATE": "none",
        "EXPERIMENT_FLAGS": {"simulated": true},
        "HL": words.language,
        "GL": words.region,
        "INNERTUBE_API_KEY": API_KEY,
        "INNERTUBE_API_VERSION": "v1",
        "INNERTUBE_CLIENT_NAME": "WEB",
        "INNERTUBE_CLIENT_VERSION": CLIENT_VERSION,
        "INNERTUBE_CONTEXT": {"client": client, "user": {"lockedSafetyMode": false}},
        "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
        "INNERTUBE_CONTEXT_CLIENT_VERSION": CLIENT_VERSION,
        "LIVE_CHAT_BASE_TANGO_CONFIG": {
            "apiKey": SIGNALER_KEY,
            "channelUri": "https://client-channel.google.com/client-channel/client",
            "clientName": "yt-live-comments",
            "requiresAuthToken": true,
            "senderUri": "https://clients4.google.com/invalidation/lcs/client",
            "useNewTango": true,
        },
        "LOGGED_IN": false,
    }));
    let canonical = canonical.map_or_else(String::new, |url| format!("<link rel=\"canonical\" href=\"{url}\">"));
    let player = player.map_or_else(String::new, |player| {
        format!(
            "<script nonce=\"c2ltdWxhdGVk\">var ytInitialPlayerResponse = {};var meta = \
             document.createElement('meta');</script>",
            inside_script(player)
        )
    });
    let html = format!(
        "<!DOCTYPE html><html style=\"font-size: 10px;font-family: Roboto, Arial, sans-serif;\" lang=\"{language}\" \
         system-icons typography><head><script nonce=\"c2ltdWxhdGVk\">var ytcfg={{d:function(){{return \
         window.yt&&yt.config_||ytcfg.data_||(ytcfg.data_={{}})}},set:function(){{var a=arguments;if(a.length>1)\
         ytcfg.d()[a[0]]=a[1];else for(var k in a[0])ytcfg.d()[k]=a[0][k]}}}};\n\
         ytcfg.set('EMERGENCY_BASE_URL', '\\/error_204?t\\x3djserror');</script>\
         <script nonce=\"c2ltdWxhdGVk\">ytcfg.set({settings});</script>{canonical}<title>{title} - YouTube</title>\
         </head><body dir=\"ltr\">{player}<script nonce=\"c2ltdWxhdGVk\">{name} = {data};</script>\
         <script nonce=\"c2ltdWxhdGVk\">ytcfg.set({{\"CSI_SERVICE_NAME\": 'youtube', \"TIMING_INFO\": {{\"c\": \
         'WEB'}}}});ytcfg.set({{\"TIMING_AFT_KEYS\": [\"srt\"]}});</script></body></html>",
        language = words.language,
        title = escaped(title),
        data = inside_script(data),
    );
    let remember = HeaderValue::from_static("YSC=simulated; Domain=.youtube.com; Path=/; Secure; HttpOnly");
    ([(SET_COOKIE, remember)], Html(html)).into_response()
}

/// Where clients look for the current version and their `visitorData`.
fn service_worker(words: &Words) -> Response {
    let mut device = vec![Value::Null; 17];
    device[0] = json!(words.language);
    device[1] = json!(words.region);
    device[13] = json!(visitor_data());
    device[16] = json!(CLIENT_VERSION);
    let data = json!([["yt.sw.adr", null, [[device]]]]);
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], format!(")]}}'\n{data}")).into_response()
}

fn feed(world: &World, channel: &str) -> Response {
    let Some(channel) = world.channels.get(channel) else {
        return (StatusCode::NOT_FOUND, Html(NOTHING)).into_response();
    };
    let hidden = [VideoState::Deleted, VideoState::Private];
    let videos = world.videos.iter().rev().filter(|video| {
        video.channel == channel.id && !video.unlisted && !video.members_only && !hidden.contains(&video.state)
    });
    let entries: Vec<String> = videos
        .take(15)
        .map(|video| {
            format!(
                "<entry><id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><yt:channelId>{channel}</yt:channelId>\
                 <title>{title}</title></entry>",
                id = video.id,
                channel = channel.id,
                title = escaped(&video.title),
            )
        })
        .collect();
    let entries = entries.concat();
    let (id, title) = (&channel.id, escaped(&channel.title));
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" \
         xmlns=\"http://www.w3.org/2005/Atom\"><id>yt:channel:{id}</id><yt:channelId>{id}</yt:channelId>\
         <title>{title}</title><author><name>{title}</name><uri>https://www.youtube.com/channel/{id}</uri></author>\
         {entries}</feed>"
    );
    ([(CONTENT_TYPE, "text/xml; charset=UTF-8")], feed).into_response()
}
