use super::*;
use crate::tiktok::agent::AGENTS;

const JOIN: Join = Join { room_id: 7_412_345_678_901_234_567, history: 6, gzip: true };

fn visitor() -> Credentials {
    Credentials::new("1%7Cabc%7C2", &AGENTS[0]).unwrap()
}

fn pairs(request: &Request) -> Vec<(String, String)> {
    Url::parse(&request.uri().to_string()).unwrap().query_pairs().into_owned().collect()
}

fn value(request: &Request, name: &str) -> Vec<String> {
    pairs(request).into_iter().filter(|(found, _)| found == name).map(|(_, value)| value).collect()
}

#[test]
fn the_query_is_the_players() {
    let request = Sockets::new("wss://webcast-ws.tiktok.com").request(0, JOIN, &visitor()).unwrap();
    assert_eq!(request.uri().host(), Some("webcast-ws.tiktok.com"));
    assert_eq!(request.uri().path(), "/webcast/im/ws_proxy/ws_reuse_supplement/");
    let found = pairs(&request);
    let names: Vec<_> = found.iter().map(|(name, _)| &**name).collect();
    let expected = "version_code device_platform cookie_enabled screen_width screen_height browser_language \
        browser_platform browser_name browser_version browser_online tz_name app_name sup_ws_ds_opt update_version_code \
        compress webcast_language ws_direct aid live_id version_code app_language client_enter room_id identity \
        history_comment_count last_rtt heartbeat_duration resp_content_type did_rule";
    assert_eq!(names, expected.split_whitespace().collect::<Vec<_>>());
    for (name, expected) in [
        ("room_id", "7412345678901234567"),
        ("browser_platform", "Win32"),
        ("browser_version", AGENTS[0].version),
        ("compress", "gzip"),
        ("history_comment_count", "6"),
        ("aid", "1988"),
    ] {
        assert_eq!(value(&request, name), [expected]);
    }
    assert_eq!(value(&request, "version_code"), ["180800", "270000"]);
    let text = request.uri().to_string();
    assert!(text.contains("browser_version=5.0%20(Windows%20NT%2010.0%3B%20Win64"), "escaped once: {text}");
    let rtt: f64 = value(&request, "last_rtt")[0].parse().unwrap();
    assert!((100.0..=200.0).contains(&rtt));
    assert!(!value(&request, "tz_name")[0].is_empty());
}

#[test]
fn a_room_can_be_joined_plainly() {
    let join = Join { history: 0, gzip: false, ..JOIN };
    let request = Sockets::new("wss://webcast-ws.tiktok.com").request(0, join, &visitor()).unwrap();
    assert_eq!(
        (value(&request, "compress"), value(&request, "history_comment_count")),
        (vec![String::new()], vec!["0".into()])
    );
}

#[test]
fn the_headers_are_a_browsers() {
    let request = Sockets::new("wss://webcast-ws.tiktok.com").request(0, JOIN, &visitor()).unwrap();
    for (name, expected) in [
        ("host", "webcast-ws.tiktok.com"),
        ("origin", "https://www.tiktok.com"),
        ("referer", "https://www.tiktok.com/"),
        ("user-agent", AGENTS[0].name),
        ("cookie", "ttwid=1%7Cabc%7C2"),
        ("cache-control", "no-cache"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
    ] {
        assert_eq!(request.headers().get_all(name).iter().collect::<Vec<_>>(), [expected], "{name}");
    }
    assert!(request.headers().contains_key("sec-websocket-key"));
    assert!(!request.headers().contains_key("sec-websocket-extensions"));
    assert!(!request.headers().contains_key("sec-websocket-protocol"));
}

#[test]
fn only_the_real_host_has_others_beside_it() {
    let hosts = |ws_url: &str, turns: usize| {
        let sockets = Sockets::new(ws_url);
        (0..turns)
            .filter_map(|turn| Some(sockets.request(turn, JOIN, &visitor())?.uri().authority()?.to_string()))
            .collect::<Vec<_>>()
    };
    let [eu, us] = REAL_OTHERS;
    assert_eq!(hosts("wss://webcast-ws.tiktok.com", 4), [REAL, eu, us, REAL]);
    assert_eq!(hosts("ws://127.0.0.1:4000", 2), ["127.0.0.1:4000", "127.0.0.1:4000"]);
    assert_eq!(hosts("https://webcast-ws.tiktok.com", 1), [""; 0]);
    let below = Sockets::new("wss://proxy.example/tiktok/").request(0, JOIN, &visitor()).unwrap();
    assert_eq!(below.uri().path(), "/tiktok/webcast/im/ws_proxy/ws_reuse_supplement/");
}

#[test]
fn a_signed_address_leads_to_tiktok_or_to_where_the_settings_say() {
    let sockets = Sockets::new("ws://127.0.0.1:4000");
    let cookie = HeaderValue::from_static("ttwid=signed; msToken=x");
    let route = [("wrss".to_owned(), "a b&c".to_owned()), ("empty".to_owned(), String::new())];
    let to = |push_server| {
        let signed =
            SignedJoin { push_server, route_params: &route, cursor: "c-1", internal_ext: "a:1|b:2", cookie: &cookie };
        sockets.signed_request(JOIN, signed, &AGENTS[1])
    };
    let request = to("wss://webcast16-ws-useast1a.tiktok.com/webcast/im/push/v2/?old=1").unwrap();
    assert_eq!(request.uri().path(), "/webcast/im/push/v2/");
    assert_eq!(request.headers()["cookie"], "ttwid=signed; msToken=x");
    assert_eq!(request.headers()["user-agent"], AGENTS[1].name);
    assert_eq!((value(&request, "wrss"), value(&request, "cursor")), (vec!["a b&c".into()], vec!["c-1".into()]));
    assert_eq!((value(&request, "internal_ext"), value(&request, "empty")), (vec!["a:1|b:2".into()], vec![]));
    assert_eq!(value(&request, "room_id"), ["7412345678901234567"]);
    assert!(to("ws://127.0.0.1:4000/push").is_some());
    for elsewhere in [
        "ws://webcast-ws.tiktok.com/",
        "wss://webcast-ws.tiktok.com:8443/",
        "wss://tiktok.com.evil.example/",
        "wss://eviltiktok.com/",
        "ws://127.0.0.1:4001/",
        "wss://127.0.0.1:4000/",
        "https://webcast-ws.tiktok.com/",
        "",
    ] {
        assert!(to(elsewhere).is_none(), "{elsewhere}");
    }
    let endless = "x".repeat(10_000);
    let signed = SignedJoin {
        push_server: "wss://a.tiktok.com/",
        route_params: &[],
        cursor: &endless,
        internal_ext: "",
        cookie: &cookie,
    };
    assert!(sockets.signed_request(JOIN, signed, &AGENTS[1]).is_none());
}
