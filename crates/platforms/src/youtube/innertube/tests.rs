//! Requests over real sockets: to the simulated YouTube, and to a socket that says what YouTube never should.

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use polychat_testkit::SimYoutube;
use polychat_testkit::youtube::{Endpoint, Fault, Logged};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;

async fn youtube() -> (SimYoutube, Innertube, String) {
    let sim = SimYoutube::start().await;
    sim.add_channel("weir", "Weir");
    let video = sim.start_stream("weir", "a stream");
    let net = Innertube::new(&sim.url());
    (sim, net, video)
}

fn last(sim: &SimYoutube, endpoint: Endpoint) -> Logged {
    sim.log(endpoint).pop().unwrap()
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn start_token(next: &Bytes) -> String {
    let bar = &value(next)["contents"]["twoColumnWatchNextResults"]["conversationBar"]["liveChatRenderer"];
    bar["continuations"][0]["reloadContinuationData"]["continuation"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_request_looks_like_the_pages_own() {
    let (sim, net, video) = youtube().await;
    net.next(&video).await.unwrap();
    let asked = last(&sim, Endpoint::Next);
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/youtubei/v1/next?prettyPrint=false"));
    assert!(asked.header("user-agent").unwrap().contains("Chrome/"));
    assert_eq!(asked.header("origin"), Some("https://www.youtube.com"));
    assert_eq!(asked.header("referer"), Some(&*format!("https://www.youtube.com/watch?v={video}")));
    assert_eq!(asked.header("x-youtube-client-name"), Some("1"));
    assert_eq!(asked.header("x-youtube-client-version"), Some(CLIENT_VERSION));
    assert!(asked.header("accept-encoding").unwrap().contains("gzip"));
    assert!(asked.header("x-goog-visitor-id").is_none() && asked.header("cookie").is_none());
    assert!(asked.headers.iter().all(|(name, _)| !name.starts_with("sec-")), "such headers get 400");
    let body = value(asked.body.as_bytes());
    assert_eq!(body["videoId"], *video);
    let client = &body["context"]["client"];
    assert_eq!((&client["clientName"], &client["hl"], &client["gl"]), (&"WEB".into(), &"en".into(), &"US".into()));
}

#[tokio::test]
async fn every_request_is_answered() {
    let (sim, net, video) = youtube().await;
    let id = polychat_testkit::youtube::channel_id("weir");
    let token = start_token(&net.next(&video).await.unwrap());
    net.player(&video).await.unwrap();
    net.resolve_url("https://www.youtube.com/@weir").await.unwrap();
    net.browse_streams(&id).await.unwrap();
    let metadata = value(&net.updated_metadata(About::Video(&video)).await.unwrap());
    let more = metadata["continuation"]["timedContinuationData"]["continuation"].as_str().unwrap();
    net.updated_metadata(About::Continuation(more)).await.unwrap();
    net.live_chat(&token, Extras::None).await.unwrap();
    let (url, page) = net.page(&format!("/watch?v={video}")).await.unwrap();
    assert!(page.len() > 1_000 && url.as_str().ends_with(&format!("/watch?v={video}&hl=en&gl=US")));
    assert_eq!(sim.requests(Endpoint::Unknown), 0);
    assert_eq!(last(&sim, Endpoint::Browse).body.matches(STREAMS_TAB).count(), 1);
}

#[tokio::test]
async fn the_chat_is_told_why_it_is_asked() {
    let (sim, net, video) = youtube().await;
    let token = start_token(&net.next(&video).await.unwrap());
    let mut bodies = Vec::new();
    for extras in [Extras::None, Extras::Published(1_780_318_288_318_227), Extras::TimedOut] {
        net.live_chat(&token, extras).await.unwrap();
        bodies.push(value(last(&sim, Endpoint::GetLiveChat).body.as_bytes()));
    }
    assert_eq!(bodies[0]["webClientInfo"]["isDocumentHidden"], false);
    assert_eq!(bodies[1]["invalidationPayloadLastPublishAtUsec"], "1780318288318227");
    assert_eq!(bodies[2]["isInvalidationTimeoutRequest"], true);
    assert!(bodies[0].get("isInvalidationTimeoutRequest").is_none());
    assert!(bodies[0].get("invalidationPayloadLastPublishAtUsec").is_none());
}

#[tokio::test]
async fn a_page_says_who_we_are_from_then_on() {
    let (sim, net, video) = youtube().await;
    net.page(&format!("/watch?v={video}")).await.unwrap();
    let asked = last(&sim, Endpoint::WatchPage);
    assert_eq!(asked.header("cookie"), Some(COOKIES));
    assert_eq!(asked.header("accept-language"), Some(LANGUAGE));
    net.player(&video).await.unwrap();
    let asked = last(&sim, Endpoint::Player);
    let body = value(asked.body.as_bytes());
    assert!(asked.header("x-goog-visitor-id").is_some_and(|visitor| !visitor.is_empty()));
    assert_eq!(body["context"]["client"]["visitorData"].as_str(), asked.header("x-goog-visitor-id"));
    assert_eq!(body["context"]["client"]["clientVersion"].as_str(), asked.header("x-youtube-client-version"));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let (sim, net, video) = youtube().await;
    let cases = [
        (Fault::Status(400), Refusal::BadRequest),
        (Fault::Status(401), Refusal::Unauthenticated),
        (Fault::Status(403), Refusal::Forbidden),
        (Fault::Status(404), Refusal::NotFound),
        (Fault::Status(429), Refusal::Limited),
        (Fault::Status(500), Refusal::Server),
        (Fault::Status(503), Refusal::Server),
        (Fault::Html, Refusal::Limited),
        (Fault::Sorry, Refusal::Limited),
        (Fault::Cut, Refusal::Network),
        (Fault::Huge(9 * 1024 * 1024), Refusal::TooLarge),
    ];
    for (fault, refusal) in cases {
        sim.fail(Endpoint::Next, fault, 1);
        assert_eq!(net.next(&video).await, Err(refusal), "{fault:?}");
        net.next(&video).await.unwrap();
    }
    assert_eq!(sim.requests(Endpoint::Detour), 0, "the page for the limited is not even fetched");
    sim.fail(Endpoint::WatchPage, Fault::Sorry, 1);
    assert_eq!(net.page(&format!("/watch?v={video}")).await.unwrap_err(), Refusal::Limited);
}

#[tokio::test]
async fn who_does_not_answer_is_not_there() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    assert_eq!(Innertube::new(&format!("http://{closed}")).next("x").await, Err(Refusal::Network));
    assert_eq!(Innertube::new("no address").next("x").await, Err(Refusal::Network));
}

#[tokio::test(start_paused = true)]
async fn who_takes_a_request_and_says_nothing_is_given_up() {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let net = Innertube::new(&format!("http://{}", socket.local_addr().unwrap()));
    // The backlog of the socket takes the connection; nobody reads it.
    assert_eq!(net.next("x").await, Err(Refusal::Timeout));
}

/// Says these things, one a connection; gives what it was asked.
async fn says(answers: &[&str]) -> (String, JoinHandle<Vec<String>>) {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    let mut answers: VecDeque<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
    let asked = tokio::spawn(async move {
        let mut asked = Vec::new();
        while let Some(answer) = answers.pop_front() {
            let (mut stream, _) = socket.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            asked.push(String::from_utf8(head).unwrap());
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
        asked
    });
    (address, asked)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

const CONSENT: &str = "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: \
                       https://consent.youtube.com/m?continue=https://www.youtube.com/watch&gl=DE\r\n\r\n";

#[tokio::test]
async fn a_question_about_cookies_is_answered_once_and_not_visited() {
    let (address, asked) = says(&[CONSENT, &ok("<html>")]).await;
    let (_, page) = Innertube::new(&address).page("/watch?v=aaaaaaaaaaa").await.unwrap();
    assert_eq!(&page[..], b"<html>");
    let asked = asked.await.unwrap();
    assert!(asked[0].contains(COOKIES) && asked[1].contains(COOKIES_AGAIN));

    let (address, asked) = says(&[CONSENT, CONSENT]).await;
    assert_eq!(Innertube::new(&address).page("/@x").await.unwrap_err(), Refusal::Consent);
    assert_eq!(asked.await.unwrap().len(), 2, "not for ever");
}

#[tokio::test]
async fn what_is_no_json_is_no_answer() {
    for body in ["", "   ", "nonsense", "[1]", ")]}'\n{}"] {
        let (address, _asked) = says(&[&ok(body)]).await;
        assert_eq!(Innertube::new(&address).next("x").await, Err(Refusal::Shape), "{body:?}");
    }
    let (address, _asked) = says(&[&ok(" \n<!doctype html>")]).await;
    assert_eq!(Innertube::new(&address).next("x").await, Err(Refusal::Limited));
}

#[tokio::test]
async fn a_length_that_is_too_large_is_not_waited_for() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{";
    let (address, _asked) = says(&[answer]).await;
    assert_eq!(Innertube::new(&address).next("x").await, Err(Refusal::TooLarge));
}

#[tokio::test]
async fn a_redirect_without_encryption_to_elsewhere_is_not_followed() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let target = elsewhere.local_addr().unwrap();
    let answer =
        format!("HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: http://{target}/x\r\n\r\n");
    let (address, _asked) = says(&[&answer]).await;
    assert_eq!(Innertube::new(&address).page("/@x").await.unwrap_err(), Refusal::Network);
}

#[tokio::test]
async fn a_base_address_may_have_a_path() {
    let (address, asked) = says(&[&ok("{}"), &ok("<html>")]).await;
    let net = Innertube::new(&format!("{address}/behind/a/proxy/"));
    net.player("x").await.unwrap();
    net.page("/@w%C3%A9ir/streams?a=b").await.unwrap();
    let asked = asked.await.unwrap();
    assert!(asked[0].starts_with("POST /behind/a/proxy/youtubei/v1/player?prettyPrint=false "), "{}", asked[0]);
    assert!(asked[1].starts_with("GET /behind/a/proxy/@w%C3%A9ir/streams?a=b&hl=en&gl=US "), "{}", asked[1]);
}

#[test]
fn only_plain_visitors_and_versions_are_repeated() {
    let net = Innertube::new("https://www.youtube.com");
    let long = "a".repeat(VISITOR_MAX + 1);
    for visitor in ["", "a b", "ü", "a\r\nx: y", &*long] {
        net.remember_visitor(Some(visitor));
        assert!(net.visit().visitor.is_none(), "{visitor:?}");
    }
    for version in ["", "2", "2.20260423.01", "2.20260423.01.00.", "2.2026o423.01.00", "22.20260423.01.00"] {
        net.remember_version(Some(version));
        assert!(net.visit().version.is_none(), "{version:?}");
    }
    net.remember_visitor(Some("CgtBQkNERUZHSEk5KJ-4x8AGMgYKAkRFEgA%3D"));
    net.remember_version(Some("2.20270101.12.34"));
    assert!(net.visit().visitor.is_some() && net.visit().version.is_some());
}
