//! The server's side of `/ws` and HTTP, over real sockets: every request is answered, and nobody can hurt another.
//! "B…" are the faults of the service that this one replaces.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use polychat_server::{App, StartError};
use polychat_testkit::twitch::{SimMessage, SimTwitch};
use serde_json::{Value, json};
use support::{Client, config, serve, text};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

fn subscribe(identifier: &str) -> Value {
    json!({"type": "subscribe", "platform": "twitch", "identifier": identifier})
}

/// A socket after a handshake made by hand, for what no WebSocket library would send.
async fn raw(app: &App) -> tokio::net::TcpStream {
    let mut stream = tokio::net::TcpStream::connect(app.address()).await.unwrap();
    let handshake = format!(
        "GET /ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        app.address()
    );
    stream.write_all(handshake.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn every_malformed_frame_is_answered_with_a_code_and_harms_nobody() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut other = Client::connect(&app).await;
    other.watch("someone").await;
    let mut client = Client::connect(&app).await;
    let cases = [
        ("not json", "INVALID_JSON"),
        ("", "INVALID_JSON"),
        ("null", "INVALID_MESSAGE_TYPE"),
        ("[]", "INVALID_MESSAGE_TYPE"),
        ("5", "INVALID_MESSAGE_TYPE"),
        (r#"{"type":"SUBSCRIBE"}"#, "INVALID_MESSAGE_TYPE"),
        (r#"{"type":"subscribe","platform":"twitch"}"#, "INVALID_IDENTIFIER"),
        (r#"{"type":"subscribe","platform":"twitch","identifier":""}"#, "INVALID_IDENTIFIER"), // B19
        (r#"{"type":"subscribe","platform":"twitch","identifier":"\ud83d"}"#, "INVALID_JSON"),
        (r#"{"type":"subscribe","platform":"kick","identifier":"x"}"#, "UNSUPPORTED_PLATFORM"),
        (r#"{"type":"subscribe","platform":"twitch","identifier":"x","identifierType":"y"}"#, "INVALID_IDENTIFIER"),
        (r#"{"type":"unsubscribe"}"#, "NO_ACTIVE_CHAT"),
    ];
    for (frame, code) in cases {
        client.send_text(frame).await;
        let answer = client.next().await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!(code)), "{frame}");
        assert!(answer["error"].as_str().is_some_and(|text| text.len() > 10 && text.len() < 300), "{answer}");
    }
    client.send_message(Message::binary(b"{\"type\":\"subscribe\"}".to_vec())).await;
    assert_eq!(client.next().await["code"], "INVALID_JSON");
    sim.say("someone", "alice", "still here");
    assert_eq!(text(&other.next_chat().await), "still here");
    app.stop().await;
}

#[tokio::test]
async fn injection_by_the_identifier_reaches_no_upstream() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    let long = "a".repeat(26);
    for evil in ["a\r\nPRIVMSG #b :hi", "a,b", "a b", "a\u{0}", "ünïcode", "../etc", "a#b", &long, "   "] {
        client.send(subscribe(evil)).await;
        assert_eq!(client.next().await["code"], "INVALID_IDENTIFIER", "{evil:?} (B26)");
    }
    client.watch("good").await;
    let sent: Vec<String> = sim.received().into_iter().map(|received| received.line).collect();
    assert!(sent.iter().all(|line| !line.contains("PRIVMSG") && !line.contains(',')), "{sent:?}");
    assert!(sent.iter().any(|line| line == "JOIN #good"), "{sent:?}");
    app.stop().await;
}

#[tokio::test]
async fn a_failing_request_leaves_the_subscriptions_as_they_are() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch("good").await;
    for bad in [json!({"type": "subscribe", "platform": "kick", "identifier": "good"}), subscribe("not valid")] {
        client.send(bad).await;
        assert_eq!(client.next().await["type"], "error");
    }
    sim.say("good", "alice", "B20");
    assert_eq!(text(&client.next_chat().await), "B20");
    app.stop().await;
}

#[tokio::test]
async fn one_connection_watches_several_channels_and_leaves_them_one_by_one() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch("one").await;
    client.watch("two").await;
    sim.say("one", "alice", "1");
    let frame = client.next_chat().await;
    assert_eq!((&frame["platform"], &frame["identifier"]), (&json!("twitch"), &json!("one")), "B8, B22");
    client.send(json!({"type": "unsubscribe", "platform": "twitch", "identifier": "@One"})).await;
    let left = client.next().await;
    let words = ["status", "identifier", "channel"].map(|name| left[name].as_str().unwrap_or("?").to_owned());
    assert_eq!(words, ["unsubscribed", "@One", "one"]);
    sim.say("one", "alice", "nobody hears this");
    sim.say("two", "alice", "2");
    assert_eq!(text(&client.next().await), "2", "nothing of a channel follows its `unsubscribed`");
    client.send(json!({"type": "unsubscribe"})).await;
    assert_eq!(client.next().await["status"], "unsubscribed");
    client.send(json!({"type": "unsubscribe"})).await;
    assert_eq!(client.next().await["code"], "NO_ACTIVE_CHAT", "every request is answered");
    app.stop().await;
}

#[tokio::test]
async fn leaving_at_once_is_leaving() {
    let sim = SimTwitch::start().await;
    sim.slow_join(Duration::from_millis(200));
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.send(subscribe("slow")).await;
    client.send(json!({"type": "unsubscribe"})).await;
    let mut words = Vec::new();
    for _ in 0..3 {
        words.push(client.next().await["status"].as_str().unwrap_or("?").to_owned());
    }
    assert_eq!(words, ["subscribed", "connecting", "unsubscribed"]);
    sim.until("the late join", |sim| sim.joined("slow") == 1).await;
    sim.say("slow", "alice", "B15: not for you");
    client.stays_quiet().await;
    // A new subscription while the old join is under way is told of its own (B18).
    client.watch("slow").await;
    sim.say("slow", "alice", "for you");
    assert_eq!(text(&client.next_chat().await), "for you");
    app.stop().await;
}

#[tokio::test]
async fn subscribing_twice_answers_twice_and_tells_once() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    client.watch("SomeOne").await;
    client.watch_with("someone", json!({"include": ["events"]})).await;
    sim.say("someone", "alice", "once");
    assert_eq!(text(&client.next_chat().await), "once");
    client.stays_quiet().await;
    assert_eq!(sim.joins().len(), 1, "and the upstream was not reopened");
    app.stop().await;
}

#[tokio::test]
async fn the_nested_form_is_there_for_clients_of_the_old_service() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut flat = Client::connect(&app).await;
    let mut nested = Client::open(&app, "/ws?format=nested", &[]).await.unwrap();
    flat.watch("someone").await;
    nested.watch("someone").await;
    sim.say("someone", "alice", "hi");
    let (flat, nested) = (flat.next_chat().await, nested.next_chat().await);
    assert_eq!(nested["data"], flat, "the whole flat frame stands once more in `data`");
    assert_eq!((&nested["platform"], &nested["seq"]), (&flat["platform"], &flat["seq"]));
    let refused = Client::open(&app, "/ws?format=xml", &[]).await;
    assert!(refused.is_err());
    app.stop().await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_is_refused_in_words() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut other = Client::connect(&app).await;
    other.watch("someone").await;
    let mut client = Client::connect(&app).await;
    client.send_message(Message::text("x".repeat(20 << 20))).await;
    let frame = client.next_or_close().await.expect("an error comes before the close");
    assert_eq!(frame["code"], "INVALID_REQUEST", "{frame}");
    assert_eq!(client.close_code().await, Some(1009));
    sim.say("someone", "alice", "B27");
    assert_eq!(text(&other.next_chat().await), "B27");
    app.stop().await;
}

#[tokio::test]
async fn bytes_that_are_no_websocket_end_only_their_own_connection() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    // Not masked; a reserved opcode; a ping of 126 bytes; text that is no UTF-8 (masked with zeros).
    let long_ping = [&b"\x89\xfe\x00\x7e"[..], &[0; 4 + 126]].concat();
    let cases: [(&[u8], u16); 4] = [
        (b"\x81\x02hi", 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),
        (&long_ping, 1002),
        (b"\x81\x82\x00\x00\x00\x00\xff\xfe", 1007),
    ];
    for (bytes, code) in cases {
        let mut stream = raw(&app).await;
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let says = |answer: &[u8]| answer.windows(2).any(|pair| pair == code.to_be_bytes());
        let read = tokio::time::timeout(support::PATIENCE, async {
            let mut piece = [0; 1024];
            while !says(&answer)
                && let Ok(size @ 1..) = stream.read(&mut piece).await
            {
                answer.extend_from_slice(&piece[..size]);
            }
        });
        read.await.expect("the server closes");
        let head = String::from_utf8_lossy(&answer).into_owned();
        assert!(head.starts_with("HTTP/1.1 101") && head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        assert!(says(&answer), "{bytes:?} closes with {code}");
    }
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    app.stop().await;
}

#[tokio::test]
async fn a_request_too_many_is_named_so_that_it_can_be_made_again() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    for n in 0..40 {
        client.send(subscribe(&format!("channel_{n}"))).await;
    }
    let refused = client.until(|frame| frame["code"] == "RATE_LIMITED").await;
    assert_eq!(refused["platform"], "twitch");
    assert!(refused["identifier"].as_str().unwrap().starts_with("channel_"), "{refused}");
    app.stop().await;
}

#[tokio::test]
async fn a_client_that_asks_too_much_is_told_and_then_closed() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    for _ in 0..400 {
        client.send_message(Message::text("{}")).await;
    }
    let mut limited = 0;
    let close = loop {
        match client.next_or_close().await {
            Ok(frame) if frame["code"] == "RATE_LIMITED" => limited += 1,
            Ok(_) => {}
            Err(close) => break close,
        }
    };
    assert!(limited > 0);
    assert_eq!(close.map(|close| u16::from(close.code)), Some(1008));
    app.stop().await;
}

#[tokio::test]
async fn subscriptions_and_connections_are_bounded_with_an_answer() {
    let sim = SimTwitch::start().await;
    let mut config = config(&sim);
    config.limits.max_subscriptions = 2;
    config.limits.max_connections = 2;
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("one").await;
    client.watch("two").await;
    client.send(subscribe("three")).await;
    let refused = client.next().await;
    assert_eq!((&refused["code"], &refused["identifier"]), (&json!("TOO_MANY_SUBSCRIPTIONS"), &json!("three")));
    let _second = Client::connect(&app).await;
    let third = Client::open(&app, "/ws", &[]).await;
    assert!(third.is_err_and(|error| error.to_string().contains("503")));
    client.close().await;
    let deadline = Instant::now() + support::PATIENCE;
    while Client::open(&app, "/ws", &[]).await.is_err() {
        assert!(Instant::now() < deadline, "a closed connection gives its place back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    app.stop().await;
}

#[tokio::test]
async fn strangers_are_refused_and_our_pages_obs_and_files_are_not() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let own = format!("http://{}", app.address());
    for origin in ["null", "http://absolute", "http://localhost:5173", &own] {
        assert!(Client::open(&app, "/ws", &[("origin", origin)]).await.is_ok(), "{origin}");
    }
    for origin in ["https://evil.example", "http://127.0.0.1.evil.example"] {
        let refused = Client::open(&app, "/ws", &[("origin", origin)]).await;
        assert!(refused.is_err_and(|error| error.to_string().contains("403")), "{origin} (B27)");
    }
    let rebound = Client::open(&app, "/ws", &[("host", "evil.example:7117")]).await;
    assert!(rebound.is_err_and(|error| error.to_string().contains("421")), "DNS rebinding");
    app.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_misses_frames_is_told_and_costs_a_bound() {
    const MESSAGES: u64 = 10_000;
    let sim = SimTwitch::start().await;
    let mut config = config(&sim);
    config.limits.max_queue_bytes = 64 * 1024;
    let app = App::start(config).await.unwrap();
    let mut quick = Client::connect(&app).await;
    quick.watch("busy").await;
    let mut slow = Client::connect(&app).await;
    slow.watch("busy").await;
    // The kernel's buffers hold some megabytes; only what is beyond them and the queue is missed.
    let long = "x".repeat(450);
    let quick_reads = async {
        let mut read = 0;
        while read < MESSAGES {
            let frame = quick.next().await;
            assert_ne!(frame["type"], "gap", "the quick one misses nothing");
            read += u64::from(frame["type"] == "chat");
        }
    };
    let floods = async {
        for n in 0..MESSAGES {
            sim.send("busy", &SimMessage::chat(&format!("{n} {long}")));
            if n % 20 == 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    };
    tokio::join!(quick_reads, floods);
    let dropped = app.hub().health().dropped;
    assert!(dropped > 0, "20 MB do not fit into a socket");
    let (mut got, mut missed, mut last) = (0, 0, 0);
    while got + missed < MESSAGES {
        let frame = slow.next().await;
        if frame["type"] == "gap" {
            missed += frame["missed"].as_u64().unwrap();
            assert_eq!(frame["identifier"], "busy");
        } else if frame["type"] == "chat" {
            got += 1;
            let seq = frame["seq"].as_u64().unwrap();
            assert!(seq > last, "order is kept over a gap");
            last = seq;
        }
    }
    assert_eq!((got + missed, missed), (MESSAGES, dropped), "what was missed is told to the last frame (B29)");
    app.stop().await;
}

#[tokio::test]
async fn a_client_that_vanished_is_noticed() {
    let sim = SimTwitch::start().await;
    let mut config = config(&sim);
    config.limits.ping_seconds = 1;
    let app = App::start(config).await.unwrap();
    // A socket that shakes hands and then never answers a ping, like a laptop that went to sleep (B23).
    let mut silent = raw(&app).await;
    let mut lively = Client::connect(&app).await;
    lively.watch("someone").await;
    let mut all = Vec::new();
    let ended = tokio::time::timeout(support::PATIENCE, silent.read_to_end(&mut all));
    // The lively client's library answers pings while it reads.
    let reads = tokio::time::timeout(Duration::from_secs(4), lively.next_chat());
    let (ended, read) = tokio::join!(ended, reads);
    assert!(ended.is_ok(), "the silent connection is closed");
    assert!(all.windows(2).any(|pair| pair == b"\x89\x00"), "after it was pinged");
    assert!(read.is_err(), "no chat was said");
    sim.say("someone", "alice", "still connected");
    assert_eq!(text(&lively.next_chat().await), "still connected");
    app.stop().await;
}

#[tokio::test]
async fn stopping_says_goodbye_within_five_seconds() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    let _never_reads = Client::connect(&app).await;
    let stopping = tokio::time::timeout(Duration::from_secs(6), app.stop());
    let (code, stopped) = tokio::join!(client.close_code(), stopping);
    assert_eq!(code, Some(1001), "B24");
    assert!(stopped.is_ok());
}

#[tokio::test]
async fn health_and_metrics_tell_how_it_does() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.say("someone", "alice", "hi");
    client.next_chat().await;
    let get = |path: &str| {
        let url = format!("http://{}{path}", app.address());
        async move { reqwest::get(url).await.unwrap() }
    };
    let health: Value = serde_json::from_str(&get("/health").await.text().await.unwrap()).unwrap();
    assert_eq!((&health["status"], &health["activeStreams"], &health["clients"]), (&json!("ok"), &json!(1), &json!(1)));
    let channel = &health["channels"][0];
    assert_eq!((&channel["state"], &channel["viewers"], &channel["events"]), (&json!("started"), &json!(1), &json!(1)));
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    let metrics = get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains("polychat_clients") && metrics.contains("polychat_events_total"), "{metrics}");
    assert_eq!(get("/ws").await.status(), 426);
    assert_eq!(get("/nothing").await.status(), 404);
    assert_eq!(get("/assets/..%2fCargo.toml").await.status(), 404);
    app.stop().await;
}

#[tokio::test]
async fn a_port_that_was_asked_for_and_is_taken_is_said() {
    let sim = SimTwitch::start().await;
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = config(&sim);
    config.port = Some(holder.local_addr().unwrap().port());
    let Err(error) = App::start(config).await else { panic!("the port is taken") };
    assert!(matches!(error, StartError::PortTaken { .. }), "{error}");
    assert!(error.to_string().contains("--port"), "{error}");
}

#[tokio::test]
async fn the_usual_port_gives_way_to_the_next_free_one_when_none_was_asked_for() {
    let sim = SimTwitch::start().await;
    // Taken by this or, should that fail, by somebody else.
    let _holder = std::net::TcpListener::bind("127.0.0.1:7117");
    let mut config = config(&sim);
    config.port = None;
    let app = App::start(config).await.unwrap();
    assert_eq!(app.moved_from(), Some(7117));
    assert!((7118..=7137).contains(&app.address().port()), "{}", app.address());
    app.stop().await;
}

/// The program itself: its words, its logs, its end.
#[cfg(unix)]
#[test]
fn the_program_says_where_it_is_logs_no_secrets_and_ends_on_request() {
    let folder = std::env::temp_dir().join(format!("polychat-socket-program-{}", std::process::id()));
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_polychat-server"))
        .args(["--port", "0", "--demo", "--log", "trace", "--stats-storage", "memory", "--data-dir"])
        .arg(&folder)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let logs = std::thread::spawn(move || {
        let mut logs = String::new();
        stderr.read_to_string(&mut logs).ok();
        logs
    });
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut first).unwrap();
    let address = first.trim().strip_prefix("Polychat runs at http://").expect("the first line says where").to_owned();
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "GET /health HTTP/1.1\r\nHost: {address}\r\nCookie: session=hunter2\r\nAuthorization: Bearer hunter2\r\n\
         Connection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"demo\":true"), "{answer}");
    let killed = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(killed.success());
    let ended = child.wait().unwrap();
    assert!(ended.success(), "SIGTERM is an orderly end (B24): {ended}");
    _ = std::fs::remove_dir_all(&folder);
    let logs = logs.join().unwrap();
    assert!(logs.contains("listening") && logs.contains("stopped"), "{logs}");
    assert!(!logs.contains("hunter2"), "headers are not logged (B28)");
}
