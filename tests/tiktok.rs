//! TikTok from end to end: a simulated TikTok, the real connector, hub and server, and clients on real sockets.
//! "B…" are the faults of the service that this one replaces.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::time::Duration;

use polychat_platforms::tiktok::Timings;
use polychat_server::{App, Config};
use polychat_testkit::tiktok::{Endpoint, Fault, Gift, Person, Refusal, SimTiktok, TkMessage};
use polychat_testkit::twitch::SimTwitch;
use serde_json::{Value, json};
use support::{Client, config, text};

const ALL: [&str; 3] = ["events", "moderation", "viewers"];

/// As the real ones, but for people who have no minute.
fn timings() -> Timings {
    let ms = Duration::from_millis;
    Timings {
        heartbeat: ms(200),
        connect: ms(5_000),
        join: ms(700),
        silence: ms(1_500),
        healthy: ms(400),
        retry_first: ms(50),
        retry_longest: ms(300),
        retry_refused: ms(50),
        retry_exhausted: ms(400),
        blocked_first: ms(200),
        blocked_longest: ms(400),
        lookup: ms(1),
        mint: ms(10),
        verify_end: ms(100),
        look_again: ms(200),
        primary_again: Duration::from_secs(3_600),
        ..Timings::default()
    }
}

struct World {
    sim: SimTiktok,
    app: App,
    _twitch: SimTwitch,
}

async fn world() -> World {
    world_with(|_, _| {}).await
}

async fn world_with(change: impl FnOnce(&mut Config, &SimTiktok)) -> World {
    let (sim, twitch) = (SimTiktok::start().await, SimTwitch::start().await);
    let mut config = config(&twitch);
    config.tiktok.url = Some(sim.url());
    config.tiktok.webcast_url = Some(sim.webcast_url());
    config.tiktok.ws_url = Some(sim.ws_url());
    config.tiktok.ttwid_url = Some(sim.ttwid_url());
    config.tiktok.timings = Some(timings());
    change(&mut config, &sim);
    let app = App::start(config).await.unwrap();
    World { sim, app, _twitch: twitch }
}

impl World {
    /// A client that asks for a channel, whatever comes.
    async fn ask(&self, request: Value) -> Client {
        let mut client = Client::connect(&self.app).await;
        let mut frame = json!({"type": "subscribe", "platform": "tiktok", "include": ALL});
        for (name, value) in request.as_object().unwrap() {
            frame[name] = value.clone();
        }
        client.send(frame).await;
        assert_eq!(client.next().await["status"], "subscribed");
        client
    }

    /// A client that reads `luna`, who is live.
    async fn watch(&self) -> Client {
        let mut client = self.ask(json!({"identifier": "@Luna"})).await;
        client.until_status("started").await;
        client
    }

    async fn reader(&self, name: &str) {
        let what = format!("somebody reads {name}");
        self.sim.until(&what, |sim| sim.channel(name).readers() == 1).await;
    }
}

async fn next_text(client: &mut Client) -> String {
    text(&client.next_chat().await).to_owned()
}

async fn next_event(client: &mut Client, name: &str) -> Value {
    client.until(|frame| frame["type"] == "event" && frame["data"]["event"] == name).await
}

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
async fn a_message_arrives_whole_and_once() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    luna.say("early", "before you came");
    let mut client = world.watch().await;
    let early = client.next_chat().await;
    assert_eq!((text(&early), &early["history"]), ("before you came", &json!(true)));
    let mod_ann = Person::new("ann").nickname("Ann ✨ 安").moderator().subscriber(7);
    let id = luna.say(mod_ann, "مرحبا 👋🏽 你好");
    luna.repeat_last();
    luna.say("bob", "next");
    let chat = client.next_chat().await;
    assert_eq!(chat["message_id"], id.to_string());
    assert_eq!(text(&chat), "مرحبا 👋🏽 你好");
    let author = &chat["data"]["author"];
    assert_eq!((&author["username"], &author["display_name"]), (&json!("ann"), &json!("Ann ✨ 安")));
    assert_eq!((&author["roles"]["moderator"], &author["roles"]["subscriber"]), (&json!(true), &json!(true)));
    assert_ne!(chat["history"], true);
    assert_eq!(next_text(&mut client).await, "next", "the repetition is none");
    world.app.stop().await;
}

#[tokio::test]
async fn everything_is_acknowledged_and_kept_alive() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    for n in 0..12 {
        luna.say("ann", &format!("n{n}"));
        assert_eq!(next_text(&mut client).await, format!("n{n}"));
    }
    world.sim.until("three heartbeats came", |sim| sim.log().sockets[0].heartbeats.len() >= 3).await;
    let log = world.sim.log();
    let socket = &log.sockets[0];
    assert!(!socket.wanted.is_empty());
    assert_eq!((socket.missing_acks(), socket.wrong_acks(), socket.strange), (vec![], vec![], 0));
    assert_eq!((socket.entered.len(), socket.entered[0].live_id, &*socket.entered[0].identity), (1, 12, "audience"));
    assert!(socket.ttwid.is_some() && socket.request.header("user-agent").unwrap().starts_with("Mozilla/5.0"));
    world.app.stop().await;
}

#[tokio::test]
async fn a_combo_is_one_event_that_grows_and_ends() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    luna.gift_streak("ann", Gift::ROSE, &[1, 3, 5, 4, 7], true);
    let mut last = next_event(&mut client, "gift").await;
    while last["data"]["combo"]["state"] != "final" {
        let next = next_event(&mut client, "gift").await;
        assert_eq!(next["event_id"], last["event_id"]);
        assert!(next["data"]["count"].as_u64() >= last["data"]["count"].as_u64(), "a combo never shrinks");
        last = next;
    }
    assert_eq!((&last["data"]["count"], &last["data"]["gift"]["unit_cost"]), (&json!(7), &json!(1)));
    luna.gift("bob", Gift::GALAXY, 1);
    let single = next_event(&mut client, "gift").await;
    assert_ne!(single["event_id"], last["event_id"]);
    assert_eq!((&single["data"]["count"], &single["data"]["gift"]["unit_cost"]), (&json!(1), &json!(1_000)));
    world.app.stop().await;
}

#[tokio::test]
async fn what_else_happens_is_told() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    luna.follow("ann");
    assert_eq!(next_event(&mut client, "follow").await["data"]["user"]["username"], "ann");
    luna.share("bob");
    next_event(&mut client, "share").await;
    luna.join("cem");
    next_event(&mut client, "join").await;
    luna.viewers(321);
    client.until(|frame| frame["type"] == "viewers" && frame["data"]["viewers"] == 321).await;
    luna.question("dee", "When?");
    let said = luna.say("eve", "pin me");
    luna.pin(said);
    assert_eq!(next_event(&mut client, "pin").await["data"]["pin"]["message_id"], said.to_string());
    luna.delete(said);
    let gone = client.until(|frame| frame["type"] == "moderation").await;
    assert_eq!(gone["data"]["message_id"], said.to_string());
    luna.delete_user("eve");
    let gone = client.until(|frame| frame["type"] == "moderation").await;
    assert_eq!(gone["data"]["action"], "delete_user");
    assert_eq!(gone["data"]["user_id"], Person::new("eve").id().to_string());
    world.app.stop().await;
}

#[tokio::test]
async fn a_lost_connection_loses_and_repeats_nothing() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    luna.say("ann", "one");
    assert_eq!(next_text(&mut client).await, "one");
    world.sim.cut();
    // Said while nobody listens: the room repeats it when it is entered again.
    luna.say("ann", "two");
    world.sim.until("a second socket has entered", |sim| sim.log().sockets.len() == 2).await;
    world.reader("luna").await;
    luna.say("ann", "three");
    assert_eq!((next_text(&mut client).await, next_text(&mut client).await), ("two".to_owned(), "three".to_owned()));
    client.stays_quiet().await;
    world.app.stop().await;
}

#[tokio::test]
async fn garbage_costs_nothing_but_itself() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    luna.garbage();
    luna.push("never_heard_of", b"\x01");
    luna.say("ann", "still here");
    assert_eq!(next_text(&mut client).await, "still here");
    assert_eq!(world.sim.log().sockets.len(), 1, "the connection is the same");
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
async fn a_room_that_stays_silent_is_entered_again() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    luna.silence(true);
    world.sim.until("a second socket", |sim| sim.log().sockets.len() == 2).await;
    luna.silence(false);
    world.reader("luna").await;
    luna.say("ann", "back");
    assert_eq!(next_text(&mut client).await, "back");
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
async fn a_pause_is_no_end() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    luna.pause();
    let paused = client.until_status("started").await;
    assert!(paused["message"].as_str().unwrap().contains("paused"), "{paused}");
    luna.resume();
    let resumed = client.until_status("started").await;
    assert_eq!(resumed["message"], Value::Null);
    assert_eq!(world.sim.log().sockets.len(), 1);
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

#[tokio::test]
async fn a_hundred_messages_in_one_frame_keep_their_order() {
    let world = world().await;
    let luna = world.sim.channel("luna");
    luna.go_live();
    let mut client = world.watch().await;
    let many: Vec<TkMessage> = (0..100).map(|n| TkMessage::chat(&format!("n{n}")).from("ann")).collect();
    luna.send_all(&many);
    for n in 0..100 {
        assert_eq!(next_text(&mut client).await, format!("n{n}"));
    }
    world.app.stop().await;
}
