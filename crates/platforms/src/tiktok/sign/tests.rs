use polychat_testkit::SimTiktok;
use polychat_testkit::tiktok::{Endpoint, Fault};

use super::*;
use crate::tiktok::address::{Join, SignedJoin, Sockets};
use crate::tiktok::agent::AGENTS;
use crate::tiktok::frame;

const AGENT: &Agent = &AGENTS[1];

fn server(sim: &SimTiktok, key: Option<&str>) -> SignServer {
    let config =
        TiktokConfig { sign_url: Some(sim.sign_url()), sign_key: key.map(str::to_owned), ..TiktokConfig::default() };
    SignServer::new(&config).unwrap()
}

async fn one() -> (SimTiktok, SignServer, u64) {
    let sim = SimTiktok::start().await;
    let room_id = sim.channel("weir").go_live();
    let server = server(&sim, None);
    (sim, server, room_id)
}

#[tokio::test]
async fn a_signed_room_comes_with_its_first_messages_its_address_and_its_cookie() {
    let (sim, server, room_id) = one().await;
    let signed = server.connect(room_id, AGENT).await.unwrap();
    let batch = frame::batch(signed.fetch_result.clone()).unwrap();
    let join = SignedJoin {
        push_server: &batch.push_server(),
        route_params: &batch.route_params(),
        cursor: &batch.cursor(),
        internal_ext: &batch.internal_ext(),
        cookie: &signed.cookie,
    };
    let request = Sockets::new(&sim.ws_url()).signed_request(Join { room_id, history: 0, gzip: true }, join, AGENT);
    let request = request.unwrap();
    assert!(request.headers()["cookie"].to_str().unwrap().starts_with("ttwid="));
    assert!(request.uri().to_string().contains("wrss=") && request.uri().to_string().contains("cursor="));
    assert!(!format!("{signed:?}").contains("ttwid"));
}

#[tokio::test]
async fn it_is_told_the_room_and_the_browser_and_nothing_else() {
    let (sim, _, room_id) = one().await;
    sim.sign_key(Some("a-key"));
    server(&sim, Some(" a-key ")).connect(room_id, AGENT).await.unwrap();
    let log = sim.log();
    let asked = log.of(Endpoint::Sign)[0];
    assert!(asked.path.starts_with(&format!("/webcast/rooms/{room_id}/connect?client=")), "{}", asked.path);
    assert_eq!(asked.query("user_agent").as_deref(), Some(AGENT.name));
    assert_eq!((asked.header("x-api-key"), asked.header("cookie")), (Some("a-key"), None));
    assert!(!asked.path.contains("session") && !asked.path.contains("a-key"));
    assert_eq!(server(&sim, None).connect(room_id, AGENT).await, Err(SignError::KeyRefused));
    assert_eq!(server(&sim, Some("other")).connect(room_id, AGENT).await, Err(SignError::KeyRefused));
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart() {
    let (sim, server, room_id) = one().await;
    for (fault, expected) in [
        (Fault::Outage, SignError::Outage),
        (Fault::Empty, SignError::Refused),
        (Fault::Html, SignError::Unreadable),
        (Fault::Garbage, SignError::Unreadable),
        (Fault::Status(402), SignError::Unpaid),
        (Fault::Status(403), SignError::Unpaid),
        (Fault::Status(302), SignError::Unreadable),
        (Fault::Status(500), SignError::Trouble),
        (Fault::Status(504), SignError::Trouble),
        (Fault::Huge(8 * 1024 * 1024), SignError::Unreadable),
        (Fault::Cut, SignError::Unreachable),
        (Fault::RateLimited(Some(7)), SignError::Limited { retry_in: Duration::from_secs(7) }),
        (Fault::RateLimited(None), SignError::Limited { retry_in: MINUTE }),
    ] {
        sim.fault(Endpoint::Sign, fault, 1);
        let error = server.connect(room_id, AGENT).await.unwrap_err();
        assert_eq!(error, expected, "{fault:?}");
        assert!(error.to_string().ends_with('.') && error.retry_in() >= WAIT_MIN);
    }
    assert_eq!(server.connect(1_234_567_890, AGENT).await, Err(SignError::UnknownRoom));
    sim.stop().await;
    assert_eq!(server.connect(room_id, AGENT).await, Err(SignError::Unreachable));
}

#[test]
fn without_an_address_there_is_no_server() {
    assert!(SignServer::new(&TiktokConfig::default()).is_none());
    let nonsense = TiktokConfig { sign_url: Some("file:///etc/passwd".into()), ..TiktokConfig::default() };
    assert!(SignServer::new(&nonsense).is_none());
}

#[test]
fn an_answer_without_its_cookie_is_none() {
    let body = || Bytes::from_static(b"\x0a\x02ab");
    let mut headers = HeaderMap::new();
    assert_eq!(signed(&headers, body()), Err(SignError::Refused));
    headers.insert(COOKIE_HEADER, HeaderValue::from_static("ttwid=x"));
    assert_eq!(signed(&headers, body()).unwrap().fetch_result, body());
}

#[test]
fn a_limit_says_in_several_ways_when_it_ends() {
    let of = |name: &'static str, value: &str, label: &str| {
        let mut headers = HeaderMap::new();
        if !name.is_empty() {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        let body = format!("{{\"message\":\"x\",\"limit_label\":\"rate_limit_account_{label}\"}}");
        retry_in(&headers, body.as_bytes(), 1_780_000_000).as_secs()
    };
    assert_eq!(of("retry-after", "30", "day"), 30);
    assert_eq!(of("retry-after", "0", "day"), 1);
    assert_eq!(of("x-ratelimit-reset", "1780000042", "day"), 42);
    assert_eq!(of("x-ratelimit-reset", "1779999999", "day"), 1);
    assert_eq!(of("ratelimit-reset", "12.3", "day"), 13);
    assert_eq!(of("retry-after", "99999999999", ""), 24 * 60 * 60);
    for unsaid in ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "NaN", ""] {
        assert_eq!(of("retry-after", unsaid, "minute"), 60, "{unsaid}");
    }
    assert_eq!((of("", "", "day"), of("", "", "minute"), of("", "", "hour")), (3_600, 60, 300));
    assert_eq!(retry_in(&HeaderMap::new(), b"<html>", 0), UNSAID);
}
