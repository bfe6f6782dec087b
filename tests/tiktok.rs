//! Broadcasts of TikTok from end to end: found, reached by one way or another, followed to the next one, and told apart
//! from what is none.
//! A simulated TikTok, the real connector, hub and server, and clients on real sockets.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use polychat_testkit::tiktok::{Endpoint, Fault, Gift, Refusal};
use serde_json::{Value, json};
use support::text;
use support::tiktok::{next_text, world, world_with};

#[tokio::test]
async fn every_spelling_reads_the_same_room() {
    let world = world().await;
    let room = world.sim.channel("luna").go_live().to_string();
    world.sim.short_link("ZMabc123", &format!("{}/@luna/live?_t=8", world.sim.url()));
    for (typed, kind) in [
        ("luna", "username"),
        ("@LUNA", "username"),
        ("https://www.tiktok.com/@luna/live", "username"),
        ("m.tiktok.com/@Luna?lang=de", "username"),
        ("https://www.tiktok.com/t/ZMabc123/", "username"),
        (&*room, "liveId"),
        (&*room, "username"),
    ] {
        let mut client = world.ask(json!({"identifier": typed, "identifierType": kind})).await;
        let started = client.until_status("started").await;
        assert_eq!((&started["liveId"], &started["live"]), (&json!(room), &json!(true)), "{typed}");
        assert_eq!(started["via"], "direct");
        client.close().await;
    }
    world.app.stop().await;
}

#[tokio::test]
async fn whose_channel_it_is_is_told_before_it_is_live_and_after() {
    let world = world().await;
    world.sim.channel("luna");
    let mut client = world.ask(json!({"identifier": "luna", "wait": true})).await;
    let waiting = client.until_status("waiting").await;
    assert!(waiting["owner"]["display_name"].is_string(), "{waiting}");
    assert!(waiting["owner"]["avatar_url"].as_str().unwrap().starts_with("https://"), "{waiting}");
    world.sim.channel("luna").go_live();
    assert_eq!(client.until_status("started").await["owner"], waiting["owner"]);
    world.app.stop().await;
}

#[tokio::test]
async fn a_silent_socket_is_left_for_another_with_another_cookie() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    world.sim.fault(Endpoint::Socket, Fault::Silent, 1);
    let client = world.ask(json!({"identifier": "luna"})).await;
    world.reader("luna").await;
    let log = world.sim.log();
    assert_eq!(log.sockets.len(), 2);
    assert_ne!(log.sockets[0].ttwid, log.sockets[1].ttwid);
    client.close().await;
    world.app.stop().await;
}

#[tokio::test]
async fn a_refused_visitor_becomes_another_one() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    world.sim.fault(Endpoint::Socket, Fault::Refused(Refusal::DeviceBlocked), 2);
    let mut client = world.ask(json!({"identifier": "luna"})).await;
    let started = client.until_status("started").await;
    assert_eq!(started["via"], "direct", "two refusals are borne");
    world.app.stop().await;
}

#[tokio::test]
async fn an_end_is_told_and_the_next_broadcast_is_followed() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    let first = luna.go_live();
    let mut waits = world.ask(json!({"identifier": "luna", "wait": true})).await;
    waits.until_status("started").await;
    let mut leaves = world.watch().await;
    luna.gift_streak("ann", Gift::ROSE, &[1, 2], false);
    luna.end();
    let last = waits.until(|frame| frame["data"]["combo"]["state"] == "final").await;
    assert_eq!(last["data"]["count"], 2, "the end closes what was open");
    leaves.until_status("ended").await;
    assert_eq!(leaves.until(|frame| frame["type"] == "error").await["code"], "STREAM_ENDED");
    waits.until_status("waiting").await;
    let second = luna.go_live();
    assert_ne!(first, second);
    let started = waits.until_status("started").await;
    assert_eq!(started["liveId"], second.to_string());
    world.reader("luna").await;
    luna.say("ann", "again");
    assert_eq!(next_text(&mut waits).await, "again");
    world.app.stop().await;
}

#[tokio::test]
async fn a_false_alarm_ends_nothing() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    // Only the word, not the end.
    luna.control(3);
    world.sim.until("it is entered again", |sim| sim.log().sockets.len() == 2).await;
    world.reader("luna").await;
    luna.say("ann", "nothing happened");
    assert_eq!(next_text(&mut client).await, "nothing happened");
    world.app.stop().await;
}

#[tokio::test]
async fn a_broadcast_that_begins_anew_is_followed_into_its_room() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    let room = json!(luna.restart().to_string());
    let started = client.until(|frame| frame["liveId"] == room).await;
    assert_eq!(started["status"], "started");
    world.reader("luna").await;
    luna.say("ann", "in the new room");
    assert_eq!(next_text(&mut client).await, "in the new room");
    world.app.stop().await;
}

#[tokio::test]
async fn a_crash_of_the_streamer_is_found_out() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.ask(json!({"identifier": "luna", "wait": true})).await;
    client.until_status("started").await;
    luna.vanish();
    client.until_status("waiting").await;
    world.app.stop().await;
}

#[tokio::test]
async fn who_is_not_live_or_not_there_is_told_apart() {
    let world = world().await;
    world.sim.channel("never");
    world.sim.channel("over").go_live();
    world.sim.channel("over").vanish();
    let gate = world.sim.channel("gate");
    gate.go_live();
    gate.change(|channel| channel.age_gate = true);
    // Its socket opens for everybody, and says nothing.
    world.sim.fault_always(Endpoint::Socket, Fault::Silent);
    for (name, code, word) in [
        ("nobody", "STREAM_NOT_FOUND", "does not know"),
        ("never", "STREAM_NOT_LIVE", "not live"),
        ("over", "STREAM_NOT_LIVE", "not live"),
        ("gate", "STREAM_NOT_LIVE", "adults"),
    ] {
        let mut client = world.ask(json!({"identifier": name})).await;
        let error = client.until(|frame| frame["type"] == "error").await;
        assert_eq!(error["code"], code, "{name}: {error}");
        assert!(error["error"].as_str().unwrap().contains(word), "{name}: {error}");
        client.close().await;
    }
    world.app.stop().await;
}

#[tokio::test]
async fn a_wall_is_told_and_waited_for() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    for endpoint in [Endpoint::RoomState, Endpoint::LivePage, Endpoint::ProfilePage] {
        world.sim.fault(endpoint, Fault::Captcha, 2);
    }
    let mut client = world.ask(json!({"identifier": "luna", "wait": true})).await;
    let told = client.until_status("reconnecting").await;
    assert!(told["cause"].as_str().unwrap().contains("captcha"), "{told}");
    client.until_status("started").await;
    world.app.stop().await;
}

#[tokio::test]
async fn pages_that_turn_us_away_do_not_stop_a_chat_that_runs() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    for endpoint in [Endpoint::RoomState, Endpoint::LivePage, Endpoint::ProfilePage, Endpoint::CheckAlive] {
        world.sim.fault_always(endpoint, Fault::Status(403));
    }
    world.sim.cut();
    world.sim.until("a second socket", |sim| sim.log().sockets.len() == 2).await;
    world.reader("luna").await;
    luna.say("ann", "still here");
    assert_eq!(next_text(&mut client).await, "still here");
    world.app.stop().await;
}

#[tokio::test]
async fn nobody_is_read_whom_nobody_asked_for() {
    let world = world().await;
    world.sim.channel("luna").go_live();
    world.sim.channel("luna").change(|channel| channel.username = "somebody_else".to_owned());
    let mut client = world.ask(json!({"identifier": "luna"})).await;
    let error = client.until(|frame| frame["type"] == "error").await;
    assert_eq!(error["code"], "STREAM_NOT_FOUND", "{error}");
    world.app.stop().await;
}

#[tokio::test]
async fn a_sign_server_helps_only_where_it_is_set_and_needed() {
    let world = world_with(|config, sim| {
        sim.sign_key(Some("k3y"));
        config.tiktok.sign_url = Some(sim.sign_url());
        config.tiktok.sign_key = Some("k3y".to_owned());
    })
    .await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let direct = world.watch().await;
    assert_eq!(world.sim.requests(Endpoint::Sign), 0, "not asked without need");
    direct.close().await;
    world.sim.until("the room is left", |sim| sim.channel("luna").readers() == 0).await;

    world.sim.need_signature(true);
    let mut client = world.ask(json!({"identifier": "luna"})).await;
    let started = client.until(|frame| frame["via"] == "sign_server").await;
    assert!(started["message"].as_str().unwrap().contains("sign server"), "{started}");
    world.reader("luna").await;
    luna.say("ann", "signed");
    client.until(|frame| frame["type"] == "chat" && text(frame) == "signed").await;
    world.app.stop().await;
}

#[tokio::test]
async fn a_sign_server_that_does_not_help_is_told_as_such() {
    let world = world_with(|config, sim| {
        sim.sign_key(Some("k3y"));
        sim.need_signature(true);
        config.tiktok.sign_url = Some(sim.sign_url());
        config.tiktok.sign_key = Some("another".to_owned());
    })
    .await;
    world.sim.channel("luna").go_live();
    let mut client = world.ask(json!({"identifier": "luna", "wait": true})).await;
    let is_told = |frame: &Value| frame["cause"].as_str().is_some_and(|cause| cause.contains("key of the settings"));
    client.until(is_told).await;
    world.sim.need_signature(false);
    assert_eq!(client.until_status("started").await["via"], "direct", "and the first way is tried again");
    world.app.stop().await;
}

#[tokio::test]
async fn when_no_way_is_left_people_hear_why_and_it_goes_on_trying() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    world.sim.need_signature(true);
    let mut client = world.ask(json!({"identifier": "luna", "wait": true})).await;
    let told = client.until(|frame| frame["status"] == "reconnecting").await;
    assert!(told["cause"].as_str().unwrap().contains("sends nothing"), "{told}");
    world.sim.need_signature(false);
    client.until_status("started").await;
    world.app.stop().await;
}
