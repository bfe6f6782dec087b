//! Twitch from end to end: a simulated Twitch, the real connector, hub and server, and clients on real sockets.
//! "B…" are the faults of the service that this one replaces.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::time::Duration;

use polychat_server::App;
use polychat_testkit::twitch::{SimMessage, SimTwitch};
use serde_json::{Value, json};
use support::{Client, config, serve, text};

const ALL: [&str; 3] = ["events", "moderation", "viewers"];

async fn setup() -> (SimTwitch, App, Client) {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch_with("someone", json!({"include": ALL})).await;
    (sim, app, client)
}

/// Says something and takes it from the client.
async fn told(sim: &SimTwitch, client: &mut Client, message: SimMessage) -> Value {
    sim.send("someone", &message);
    client.until(|frame| frame["type"] != "status").await
}

#[tokio::test]
async fn what_people_write_arrives_whole() {
    let (sim, app, mut client) = setup().await;
    for said in [
        "see https://example.com/a?b=c: it works",
        ":starts with a colon",
        "a :) b ; c \\ d",
        "emoji 😀 漢字 عربى ภาษา",
        "<script>alert(1)</script> & \"quotes\"",
        "ACTION is a word like others",
    ] {
        let frame = told(&sim, &mut client, SimMessage::chat(said).from("alice")).await;
        assert_eq!(text(&frame), said, "B2");
    }
    let frame = told(&sim, &mut client, SimMessage::chat("Kappa hi").from("alice").emotes("25:0-4")).await;
    let element = &frame["data"]["content"]["elements"][0];
    assert_eq!((&element["type"], &element["value"]), (&json!("emote"), &json!("Kappa")), "B1");
    assert_eq!(element["position"], json!([0, 5]));
    assert!(element["metadata"]["url"].as_str().unwrap().starts_with("https://static-cdn.jtvnw.net/emoticons/v2/25/"));
    let named = SimMessage::chat("x").from("alice").tag("display-name", "Some Name; \\ 名");
    let frame = told(&sim, &mut client, named.tag("flags", "0-3:P.3")).await;
    assert_eq!(frame["data"]["author"]["display_name"], "Some Name; \\ 名", "B3");
    assert_eq!(frame["data"]["author"]["username"], "alice", "the login, not the name in small letters");
    let frame = told(&sim, &mut client, SimMessage::action("waves").from("alice")).await;
    assert_eq!((text(&frame), &frame["data"]["action"]), ("waves", &json!(true)), "B3");
    app.stop().await;
}

#[tokio::test]
async fn a_frame_has_every_documented_field_and_safe_html() {
    let (sim, app, mut client) = setup().await;
    let message = SimMessage::chat("<img src=x onerror=alert(1)> Kappa")
        .from("alice")
        .badge("moderator/1")
        .badge("subscriber/24")
        .color("#1E90FF")
        .emotes("25:29-33")
        .sent_at(1_734_567_890_123);
    let frame = told(&sim, &mut client, message).await;
    let html = frame["data"]["content"]["rawHtml"].as_str().unwrap();
    assert!(
        html.starts_with("<span class=\"text\">&lt;img src=x onerror=alert(1)&gt; </span><img class=\"emote\" "),
        "{html} (B25)"
    );
    assert_eq!(frame["timestamp"], "2024-12-19T00:24:50.123Z");
    assert_eq!(frame["data"]["content"]["sanitized"], "<img src=x onerror=alert(1)>");
    let author = &frame["data"]["author"];
    assert_eq!(
        author["roles"],
        json!({"broadcaster": false, "moderator": true, "subscriber": true, "verified": false})
    );
    assert_eq!(author["badges"][0]["type"], "moderator");
    assert_eq!(author["color"], "#1E90FF");
    assert_eq!(frame["data"]["metadata"], json!({"type": "chat"}));
    let room = frame["room_id"].as_str().unwrap();
    assert!(room.bytes().all(|b| b.is_ascii_digit()) && room != author["id"], "B8: the room's own id");
    for field in ["platform", "identifier", "seq", "event_id", "message_id"] {
        assert!(!frame[field].is_null(), "{field}");
    }
    app.stop().await;
}

#[tokio::test]
async fn two_spellings_and_many_clients_are_one_upstream() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut clients = Vec::new();
    for spelling in [
        "someone",
        "SomeOne",
        "@someone",
        "#SOMEONE",
        "https://www.twitch.tv/someone?x=1",
        "twitch.tv/popout/someone/chat",
    ] {
        let mut client = Client::connect(&app).await;
        client.watch(spelling).await;
        clients.push(client);
    }
    assert_eq!((sim.joins().len(), sim.connections()), (1, 1), "B11");
    sim.say("someone", "alice", "hi");
    for client in &mut clients {
        assert_eq!(text(&client.next_chat().await), "hi");
    }
    drop(clients);
    // After the linger the channel is left; this is the one test that waits for it.
    sim.until("the channel is left", |sim| sim.joined("someone") == 0).await;
    app.stop().await;
}

#[tokio::test]
async fn a_lost_connection_is_told_and_nothing_comes_twice() {
    let (sim, app, mut client) = setup().await;
    sim.replay_after_rejoin(5);
    for (n, lose) in [SimTwitch::close, SimTwitch::reset].into_iter().enumerate() {
        let before = format!("before {n}");
        sim.say("someone", "alice", &before);
        assert_eq!(text(&client.next_chat().await), before);
        lose(&sim);
        let frame = client.until_status("reconnecting").await;
        assert!(
            frame["retry_in_ms"].is_u64() && frame["cause"].as_str().is_some_and(|c| !c.is_empty()),
            "{frame} (B12)"
        );
        client.until_status("started").await;
        let after = format!("after {n}");
        sim.say("someone", "alice", &after);
        assert_eq!(text(&client.next_chat().await), after, "the repeated backlog is not told again");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_reconnect_that_twitch_asks_for_loses_nothing() {
    let (sim, app, mut client) = setup().await;
    sim.say("someone", "alice", "1");
    assert_eq!(text(&client.next_chat().await), "1");
    sim.reconnect();
    // People go on talking until the new connection has taken over and the old one is closed.
    let talk = async {
        let mut n = 1;
        while n < 10 || sim.connections_made() < 2 || sim.connections() > 1 {
            n += 1;
            sim.say("someone", "alice", &n.to_string());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        sim.say("someone", "alice", "end");
        n
    };
    let listen = async {
        let mut n = 1;
        loop {
            let frame = client.next_chat().await;
            if text(&frame) == "end" {
                return n;
            }
            n += 1;
            assert_eq!(text(&frame), n.to_string(), "in order and once (B12)");
        }
    };
    let (said, heard) = tokio::join!(talk, listen);
    assert_eq!(said, heard);
    app.stop().await;
}

#[tokio::test]
async fn garbage_harms_nobody() {
    let (sim, app, mut client) = setup().await;
    sim.garbage();
    for line in [
        "PING",
        "",
        ":",
        "@",
        "@=;;=; PRIVMSG",
        ":x!x@x PRIVMSG #someone",
        "@id=1;emotes=9:5-1,99-2,a-b/:/x PRIVMSG #someone :short",
        "@emotes=25:0-18446744073709551615 :a!a@a PRIVMSG #someone :x",
        "@msg-id=;system-msg=\\ USERNOTICE #someone",
        "CLEARCHAT",
        "@ban-duration=-1 CLEARCHAT #someone :",
    ] {
        sim.send_raw("someone", line);
    }
    sim.say("someone", "alice", "fine");
    client.until(|frame| text(frame) == "fine").await;
    app.stop().await;
}

#[tokio::test]
async fn a_twitch_that_refuses_is_an_error_and_heals() {
    let sim = SimTwitch::start().await;
    sim.refuse(true).await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "subscribe", "platform": "twitch", "identifier": "someone"})).await;
    assert_eq!(client.next().await["status"], "subscribed");
    let error = client.until(|frame| frame["type"] == "error").await;
    assert_eq!(error["code"], "UPSTREAM_UNAVAILABLE", "{error}");
    assert_eq!(error["identifier"], "someone");
    sim.refuse(false).await;
    client.until_status("started").await;
    sim.say("someone", "alice", "healed");
    assert_eq!(text(&client.next_chat().await), "healed");
    app.stop().await;
}

#[tokio::test]
async fn a_suspended_channel_is_not_found_and_others_go_on() {
    let (sim, app, mut client) = setup().await;
    sim.suspend("gone");
    client.send(json!({"type": "subscribe", "platform": "twitch", "identifier": "gone"})).await;
    let error = client.until(|frame| frame["type"] == "error").await;
    assert_eq!((&error["code"], &error["identifier"]), (&json!("STREAM_NOT_FOUND"), &json!("gone")), "{error}");
    client.send(json!({"type": "unsubscribe", "platform": "twitch", "identifier": "gone"})).await;
    assert_eq!(client.next().await["code"], "NO_ACTIVE_CHAT", "it ended that subscription");
    sim.say("someone", "alice", "here");
    assert_eq!(text(&client.next_chat().await), "here");
    app.stop().await;
}

#[tokio::test]
async fn deletions_reach_those_who_ask_and_the_backlog() {
    let (sim, app, mut client) = setup().await;
    let mut plain = Client::connect(&app).await;
    plain.watch("someone").await;
    let bad = sim.say("someone", "bob", "bad");
    sim.say("someone", "mallory", "spam");
    sim.say("someone", "alice", "good");
    for _ in 0..3 {
        client.next_chat().await;
        plain.next_chat().await;
    }
    let frame = told(&sim, &mut client, SimMessage::delete(&bad, "bob", "bad")).await;
    assert_eq!((&frame["type"], &frame["data"]["action"]), (&json!("moderation"), &json!("delete_message")));
    assert_eq!(frame["data"]["message_id"], json!(bad));
    let frame = told(&sim, &mut client, SimMessage::purge("mallory", Some(600))).await;
    assert_eq!((&frame["data"]["action"], &frame["data"]["duration_seconds"]), (&json!("delete_user"), &json!(600)));
    let mut late = Client::connect(&app).await;
    late.send(json!({"type": "subscribe", "platform": "twitch", "identifier": "someone", "backlog": 50})).await;
    assert_eq!(text(&late.next_chat().await), "good", "what was taken away does not come with the backlog");
    late.stays_quiet().await;
    plain.stays_quiet().await;
    let frame = told(&sim, &mut client, SimMessage::clear()).await;
    assert_eq!(frame["data"]["action"], "clear");
    app.stop().await;
}

#[tokio::test]
async fn events_have_names_and_numbers() {
    let (sim, app, mut client) = setup().await;
    let frame = told(&sim, &mut client, SimMessage::raid(214).from("kuro")).await;
    assert_eq!((&frame["type"], &frame["data"]["event"]), (&json!("event"), &json!("raid")), "{frame}");
    assert_eq!((&frame["data"]["count"], &frame["data"]["user"]["username"]), (&json!(214), &json!("kuro")));
    let resub = SimMessage::notice("resub", "alice subscribed at Tier 2. They've subscribed for 14 months!")
        .from("alice")
        .tag("msg-param-cumulative-months", "14")
        .tag("msg-param-sub-plan", "2000")
        .text("still here");
    let frame = told(&sim, &mut client, resub).await;
    let data = &frame["data"];
    assert_eq!((&data["event"], &data["tier"], &data["months"]), (&json!("resubscription"), &json!("2"), &json!(14)));
    assert_eq!(data["message"]["raw"], "still here");
    let cheer = SimMessage::chat("cheer100 nice").from("alice").bits(100);
    let frame = told(&sim, &mut client, cheer).await;
    assert_eq!(frame["data"]["metadata"]["type"], "super_chat");
    let money = &frame["data"]["metadata"]["monetary_data"];
    assert_eq!(
        (&money["amount"], &money["formatted"], &money["bits"]),
        (&json!("100"), &json!("100 bits"), &json!(100))
    );
    assert_eq!(frame["data"]["content"]["elements"][0]["type"], "cheer");
    let reply = SimMessage::chat("@Bob indeed").from("alice").reply_to("parent-1", "bob", "is it so?");
    let frame = told(&sim, &mut client, reply).await;
    assert_eq!(
        (&frame["data"]["reply"]["message_id"], &frame["data"]["reply"]["text"]),
        (&json!("parent-1"), &json!("is it so?"))
    );
    let mut plain = Client::connect(&app).await;
    plain.watch("someone").await;
    sim.send("someone", &SimMessage::raid(1).from("kuro"));
    plain.stays_quiet().await;
    app.stop().await;
}

#[tokio::test]
async fn who_comes_back_has_missed_nothing() {
    let (sim, app, mut client) = setup().await;
    sim.say("someone", "alice", "1");
    let seen = client.next_chat().await["seq"].as_u64().unwrap();
    client.close().await;
    sim.say("someone", "alice", "2");
    sim.say("someone", "alice", "3");
    let mut client = Client::connect(&app).await;
    let back = json!({"type": "subscribe", "platform": "twitch", "identifier": "someone", "since": seen});
    client.send(back).await;
    assert_eq!(text(&client.next_chat().await), "2");
    assert_eq!(text(&client.next_chat().await), "3");
    sim.say("someone", "alice", "4");
    let frame = client.next_chat().await;
    assert_eq!((text(&frame), frame["seq"].as_u64()), ("4", Some(seen + 3)));
    app.stop().await;
}

#[tokio::test]
async fn the_same_name_on_another_platform_is_another_channel() {
    let sim = SimTwitch::start().await;
    let mut config = config(&sim);
    config.demo = true;
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    for platform in ["twitch", "youtube", "tiktok"] {
        client.send(json!({"type": "subscribe", "platform": platform, "identifier": "polychat-demo"})).await;
    }
    let mut heard = std::collections::BTreeSet::new();
    while heard.len() < 3 {
        let frame = client.next_chat().await;
        assert_eq!(frame["identifier"], "polychat-demo");
        heard.insert(frame["platform"].as_str().unwrap().to_owned());
    }
    // A platform that cannot be reached is told, and leaves the rest alone (B10).
    client.send(json!({"type": "subscribe", "platform": "tiktok", "identifier": "someone"})).await;
    let error = client.until(|frame| frame["type"] == "error").await;
    assert_eq!((&error["code"], &error["identifier"]), (&json!("UPSTREAM_UNAVAILABLE"), &json!("someone")), "{error}");
    assert_eq!(client.next_chat().await["identifier"], "polychat-demo");
    app.stop().await;
}
