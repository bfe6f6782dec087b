//! The chat of a YouTube stream from end to end: every message once, every trouble healed, everything as what it is.
//! A simulated YouTube, the real connector, hub and server, and clients on real sockets. "B…" are the faults of the
//! service that this one replaces.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::time::Duration;

use polychat_platforms::youtube::Timings;
use polychat_testkit::youtube::{Amount, Endpoint, Fault, SimYoutube, Tier, YtMessage};
use serde_json::{Value, json};
use support::text;
use support::youtube::{next_text, timings, world, world_with};

#[tokio::test]
async fn a_message_arrives_whole_and_once() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    world.sim.say(&video, "early", "before you came");
    let mut client = world.watch().await;
    let frame = client.next_chat().await;
    assert_eq!((text(&frame), &frame["history"]), ("before you came", &json!(true)));
    for said in ["hello", "<script>alert(1)</script>", "漢字 عربى 😀", "see https://example.com/a?b=c: it works"]
    {
        let id = world.sim.say(&video, "alice", said);
        let frame = client.next_chat().await;
        assert_eq!(text(&frame), said);
        assert_eq!((&frame["message_id"], &frame["room_id"]), (&json!(id), &json!(video)), "B8");
        assert_eq!(frame["history"], Value::Null);
        assert_eq!(frame["data"]["author"]["username"], "alice");
        assert!(!frame["data"]["content"]["rawHtml"].as_str().unwrap().contains("<script>"), "B25");
    }
    world.app.stop().await;
}

#[tokio::test]
async fn messages_that_top_chat_hides_are_read() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    world.sim.send(&video, &YtMessage::chat("filtered").from("bob").only_in_live_chat());
    assert_eq!(next_text(&mut client).await, "filtered");
    world.app.stop().await;
}

#[tokio::test]
async fn slow_answers_never_overlap_and_nothing_comes_twice() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    world.sim.fail_always(Endpoint::GetLiveChat, Fault::Slow(Duration::from_millis(300)));
    let mut client = world.watch().await;
    for n in 0..30 {
        world.sim.say(&video, "alice", &n.to_string());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for n in 0..30 {
        assert_eq!(next_text(&mut client).await, n.to_string(), "B4: each once, in order");
    }
    assert_eq!(world.sim.most_at_once(Endpoint::GetLiveChat), 1, "B4");
    world.app.stop().await;
}

#[tokio::test]
async fn a_poison_message_costs_only_itself() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    world.sim.push_actions(&video, vec![
        json!({"addChatItemAction": {"item": {"liveChatTextMessageRenderer": {"id": 7, "message": [], "authorName": 5}}}}),
        json!({"addChatItemAction": {"item": {"liveChatTextMessageRenderer": {"id": "e", "message": {"runs": [
            {"text": ""}, {"emoji": {"isCustomEmoji": true}}, 9, null]}}}}}),
        json!({"addChatItemAction": {"item": {"liveChatFromTheFutureRenderer": {"id": "x"}}}}),
        json!({"somethingNewCommand": {}}),
        json!("no object"),
        json!(null),
    ]);
    world.sim.say(&video, "alice", "still here");
    loop {
        if next_text(&mut client).await == "still here" {
            break;
        }
    }
    world.sim.say(&video, "alice", "and still");
    assert_eq!(next_text(&mut client).await, "and still", "B5");
    world.app.stop().await;
}

#[tokio::test]
async fn without_pushes_the_chat_is_read_by_the_clock() {
    for silent in [true, false] {
        let world = world_with(|config| {
            if !silent {
                config.youtube.signaler_url = Some("off".to_owned());
            }
        })
        .await;
        world.sim.silence_push(silent);
        let video = world.sim.start_stream("luna", "painting");
        let mut client = world.watch().await;
        for said in ["one", "two", "three"] {
            world.sim.say(&video, "alice", said);
            assert_eq!(next_text(&mut client).await, said);
        }
        world.app.stop().await;
    }
}

#[tokio::test]
async fn pushes_that_were_cut_come_back() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    world.sim.until("somebody listens", |sim| sim.listeners(&video) > 0).await;
    for cut in [SimYoutube::cut_push, SimYoutube::forget_push] {
        cut(&world.sim);
        world.sim.say(&video, "alice", "in the gap");
        assert_eq!(next_text(&mut client).await, "in the gap");
        world.sim.until("it listens again", |sim| sim.listeners(&video) > 0).await;
    }
    world.app.stop().await;
}

#[tokio::test]
async fn refusals_of_every_kind_are_healed() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    for fault in [
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(429),
        Fault::Status(403),
        Fault::Status(400),
        Fault::Html,
        Fault::Sorry,
        Fault::Truncated,
        Fault::Cut,
        Fault::Empty,
    ] {
        world.sim.fail(Endpoint::GetLiveChat, fault, 2);
        let said = format!("after {fault:?}");
        world.sim.say(&video, "alice", &said);
        assert_eq!(next_text(&mut client).await, said, "B13: neither an end nor a flood of errors");
    }
    world.app.stop().await;
}

#[tokio::test]
async fn a_long_trouble_is_told_once_and_its_end_too() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    world.sim.fail_always(Endpoint::GetLiveChat, Fault::Status(503));
    world.sim.say(&video, "alice", "while it is away");
    let told = client.until_status("reconnecting").await;
    assert_eq!(told["cause"], "YouTube has trouble.");
    world.sim.well(Endpoint::GetLiveChat);
    let mut frames = Vec::new();
    loop {
        let frame = client.next().await;
        let said = text(&frame) == "while it is away";
        frames.push(frame);
        if said && frames.iter().any(|frame| frame["status"] == "started") {
            break;
        }
        assert!(frames.len() <= 40, "{frames:?}");
    }
    assert!(frames.iter().all(|frame| frame["status"] != "reconnecting"), "once is enough");
    world.app.stop().await;
}

#[tokio::test]
async fn everything_that_happens_in_a_chat_is_told_as_what_it_is() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    let paid = YtMessage::super_chat(Amount::new("$5.00", Tier::Green)).from("ada").text("for the easel");
    let id = world.sim.send(&video, &paid);
    let frame = client.next_chat().await;
    assert_eq!((text(&frame), &frame["message_id"]), ("for the easel", &json!(id)));
    let metadata = &frame["data"]["metadata"];
    assert_eq!(metadata["type"], "super_chat");
    let money = &metadata["monetary_data"];
    assert_eq!(money["money"], json!({"micros": 5_000_000, "currency": "USD"}));
    assert_eq!((&money["tier"], &money["amount"]), (&json!(3), &json!("$5.00")));
    assert_eq!(money["colors"]["body"], "#1de9b6");

    world.sim.send(&video, &YtMessage::sticker(Amount::new("€2.00", Tier::Cyan), "a cat").from("ada"));
    let frame = client.next_chat().await;
    assert!(frame["data"]["metadata"]["sticker"]["url"].as_str().unwrap().starts_with("https://"));
    assert_eq!(frame["data"]["metadata"]["monetary_data"]["money"]["currency"], "EUR");

    for (message, event) in [
        (YtMessage::new_member("Brush Club").from("bo"), "membership"),
        (YtMessage::milestone(27, "Brush Club").from("bo").text("still here"), "milestone"),
        (YtMessage::upgrade("Palette Club").from("bo"), "subscription_upgrade"),
        (YtMessage::gift_purchase(5, "Luna Paints").from("bo"), "gift_subscription"),
        (YtMessage::jewels("Gold coin", Some(10)).from("bo"), "gift"),
        (YtMessage::raid_in(), "raid"),
        (YtMessage::mode("SLOW_MODE", "Send a message every 5 seconds"), "mode"),
    ] {
        world.sim.send(&video, &message);
        let frame = client.until(|frame| frame["type"] == "event" && frame["data"]["event"] == event).await;
        assert!(!frame["data"]["text"].as_str().unwrap().is_empty(), "{frame}");
        if event == "milestone" {
            assert_eq!(
                (&frame["data"]["months"], &frame["data"]["message"]["raw"]),
                (&json!(27), &json!("still here"))
            );
        }
    }
    let mut badges = YtMessage::chat("hi").from("mo").moderator().member(6);
    badges = badges.rank(3);
    world.sim.send(&video, &badges);
    let author = client.next_chat().await["data"]["author"].clone();
    assert_eq!(
        author["roles"],
        json!({"broadcaster": false, "moderator": true, "subscriber": true, "verified": false})
    );
    let badges = author["badges"].as_array().unwrap();
    assert!(badges.iter().any(|badge| badge["months"] == 6), "{badges:?}");
    assert!(badges.iter().any(|badge| badge["label"] == "#3"), "{badges:?}");
    world.app.stop().await;
}

#[tokio::test]
async fn what_is_taken_away_vanishes_and_stays_away() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    for gone in [YtMessage::delete, YtMessage::remove] {
        let id = world.sim.say(&video, "spammer", "buy!");
        client.next_chat().await;
        world.sim.send(&video, &gone(&id));
        let frame = client.until(|frame| frame["type"] == "moderation").await;
        assert_eq!((&frame["data"]["action"], &frame["data"]["message_id"]), (&json!("delete_message"), &json!(id)));
    }
    for gone in [YtMessage::delete_author, YtMessage::remove_author] {
        world.sim.say(&video, "spammer", "buy!");
        let author = client.next_chat().await["data"]["author"]["id"].clone();
        world.sim.send(&video, &gone("spammer"));
        let frame = client.until(|frame| frame["type"] == "moderation").await;
        assert_eq!((&frame["data"]["action"], &frame["data"]["user_id"]), (&json!("delete_user"), &author));
    }
    world.sim.say(&video, "alice", "kept?");
    client.next_chat().await;
    world.sim.send(&video, &YtMessage::clear());
    let frame = client.until(|frame| frame["type"] == "moderation").await;
    assert_eq!(frame["data"]["action"], "clear");
    // Who comes later sees none of it.
    let mut late = world.ask(json!({"identifier": "luna", "backlog": 200})).await;
    late.until_status("started").await;
    world.sim.say(&video, "alice", "the first that is left");
    assert_eq!(next_text(&mut late).await, "the first that is left");
    world.app.stop().await;
}

#[tokio::test]
async fn a_dead_token_is_found_out_and_replaced() {
    let world = world_with(|config| {
        let short = Duration::from_millis(400);
        config.youtube.timings = Some(Timings { watchdog: short, ..timings() });
        config.youtube.signaler_url = Some("off".to_owned());
    })
    .await;
    let video = world.sim.start_stream("luna", "painting");
    world.sim.change(&video, |video| video.viewers = 500);
    let mut client = world.watch().await;
    world.sim.say(&video, "alice", "before");
    assert_eq!(next_text(&mut client).await, "before");
    world.sim.kill_tokens(&video);
    world.sim.say(&video, "alice", "into the void");
    assert_eq!(next_text(&mut client).await, "into the void", "an answer without anything is not an empty chat");
    world.app.stop().await;
}

#[tokio::test]
async fn a_platform_that_has_changed_is_told_and_so_is_its_recovery() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    let strange = |n: usize| json!({"addChatItemAction": {"item": {"liveChatNovelRenderer": {"id": format!("n{n}")}}}});
    for n in 0..3 {
        let before = world.sim.requests(Endpoint::GetLiveChat);
        world.sim.push_actions(&video, vec![strange(2 * n), strange(2 * n + 1)]);
        world.sim.until("it was fetched", |sim| sim.requests(Endpoint::GetLiveChat) > before + 1).await;
    }
    let told = client.until(|frame| frame["degraded"] == true).await;
    assert_eq!(told["status"], "started");
    for n in 0..2 {
        world.sim.say(&video, "alice", &format!("fine {n}"));
        assert_eq!(next_text(&mut client).await, format!("fine {n}"));
    }
    world.sim.say(&video, "alice", "and on");
    client.until(|frame| frame["status"] == "started" && frame["degraded"].is_null()).await;
    world.app.stop().await;
}
