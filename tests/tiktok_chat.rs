//! The chat of a TikTok room from end to end: every message once, every trouble healed, everything as what it is.
//! A simulated TikTok, the real connector, hub and server, and clients on real sockets.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use polychat_testkit::tiktok::{Gift, Person, TkMessage};
use serde_json::{Value, json};
use support::text;
use support::tiktok::{next_event, next_text, world};

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
