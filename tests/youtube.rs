//! Streams of YouTube from end to end: found, chosen, followed to the next one, and told apart from what is none.
//! A simulated YouTube, the real connector, hub and server, and clients on real sockets. "B…" are the faults of the
//! service that this one replaces.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::time::Duration;

use polychat_testkit::youtube::{Endpoint, Fault, VideoState};
use serde_json::json;
use support::youtube::{next_text, world, world_with};

#[tokio::test]
async fn every_spelling_reads_the_same_live_chat() {
    let world = world().await;
    let channel = polychat_testkit::youtube::channel_id("luna");
    let video = world.sim.start_stream("luna", "painting, }; and </script>");
    for (typed, kind) in [
        ("luna", "username"),
        ("@LUNA", "username"),
        ("https://www.youtube.com/@luna/live", "username"),
        (&channel, "channelId"),
        (&format!("youtube.com/channel/{channel}/streams"), "channelId"),
        (&video, "liveId"),
        (&format!("https://youtu.be/{video}?t=1"), "username"),
        (&format!("https://www.youtube.com/live_chat?is_popout=1&v={video}"), "username"),
        (&format!("https://studio.youtube.com/video/{video}/livestreaming"), "username"),
    ] {
        let mut client = world.ask(json!({"identifier": typed, "identifierType": kind})).await;
        let started = client.until_status("started").await;
        assert_eq!((&started["liveId"], &started["live"]), (&json!(video), &json!(true)), "{typed}");
        client.close().await;
    }
    world.app.stop().await;
}

#[tokio::test]
async fn whose_channel_it_is_is_told_before_it_is_live_and_after() {
    let world = world().await;
    world.sim.add_channel("luna", "Luna paints");
    let mut client = world.ask(json!({"identifier": "luna", "wait": true})).await;
    let waiting = client.until_status("waiting").await;
    assert_eq!(waiting["owner"]["display_name"], "Luna paints");
    assert!(waiting["owner"]["avatar_url"].as_str().unwrap().starts_with("https://yt4.ggpht.com/"), "{waiting}");
    world.sim.start_stream("luna", "one");
    assert_eq!(client.until_status("started").await["owner"], waiting["owner"]);

    world.sim.add_channel("nova", "Nova sings");
    let video = world.sim.start_stream("nova", "two");
    let mut client = world.ask(json!({"identifier": video, "identifierType": "liveId"})).await;
    let started = client.until_status("started").await;
    assert!(
        started["owner"]["avatar_url"].as_str().unwrap().starts_with("https://"),
        "of one broadcast, too: {started}"
    );
    world.app.stop().await;
}

#[tokio::test]
async fn an_end_is_told_and_the_next_stream_is_followed() {
    let world = world().await;
    let first = world.sim.start_stream("luna", "one");
    let mut patient = world.ask(json!({"identifier": "luna", "wait": true})).await;
    patient.until_status("started").await;
    let mut hasty = world.ask(json!({"identifier": "luna"})).await;
    hasty.until_status("started").await;
    world.sim.say(&first, "alice", "bye");
    assert_eq!(next_text(&mut patient).await, "bye");
    world.sim.end(&first);
    hasty.until_status("ended").await;
    assert_eq!(hasty.next().await["code"], "STREAM_ENDED", "B13");
    patient.until_status("waiting").await;
    let second = world.sim.start_stream("luna", "two");
    let started = patient.until_status("started").await;
    assert_eq!(started["liveId"], json!(second));
    world.sim.say(&second, "alice", "hi again");
    assert_eq!(next_text(&mut patient).await, "hi again");
    world.app.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_told_apart() {
    let world = world().await;
    world.sim.add_channel("quiet", "Quiet");
    let ended = world.sim.add_video("luna", "old", VideoState::Ended);
    for (identifier, kind, code) in [
        ("nobody", "username", "STREAM_NOT_FOUND"),
        ("quiet", "username", "STREAM_NOT_LIVE"),
        ("AAAAAAAAAAA", "liveId", "STREAM_NOT_FOUND"),
        (&ended, "liveId", "STREAM_ENDED"),
    ] {
        let mut client = world.ask(json!({"identifier": identifier, "identifierType": kind})).await;
        let error = client.until(|frame| frame["type"] == "error").await;
        assert_eq!(error["code"], code, "{identifier}: {error}");
        assert!(error["error"].as_str().unwrap().ends_with('.'), "{error}");
    }
    world.app.stop().await;
}

#[tokio::test]
async fn a_waiting_room_is_read_and_a_placeholder_is_not() {
    let world = world().await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    world.sim.schedule("luna", "free chat", now + 310 * 86_400);
    let mut client = world.ask(json!({"identifier": "luna", "wait": true})).await;
    let waiting = client.until_status("waiting").await;
    assert!(waiting["message"].as_str().unwrap().contains("not live"), "{waiting}");
    let soon = world.sim.schedule("luna", "tonight", now + 3_600);
    let started = client.until_status("started").await;
    assert_eq!((&started["liveId"], &started["live"]), (&json!(soon), &json!(false)));
    assert!(started["starts_at"].as_str().unwrap().ends_with('Z'), "{started}");
    world.sim.say(&soon, "alice", "first!");
    assert_eq!(next_text(&mut client).await, "first!");
    world.sim.go_live(&soon);
    let started = client.until(|frame| frame["status"] == "started" && frame["live"] == true).await;
    assert_eq!(started["liveId"], json!(soon));
    world.app.stop().await;
}

#[tokio::test]
async fn a_stream_that_begins_elsewhere_is_preferred_to_a_waiting_room() {
    let world = world().await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    world.sim.schedule("luna", "tonight", now + 7_200);
    let mut client = world.watch().await;
    let surprise = world.sim.start_stream("luna", "surprise");
    let started = client.until(|frame| frame["status"] == "started" && frame["live"] == true).await;
    assert_eq!(started["liveId"], json!(surprise));
    world.app.stop().await;
}

#[tokio::test]
async fn several_streams_at_once_are_listed_and_the_public_one_with_most_viewers_is_read() {
    let world = world().await;
    let small = world.sim.start_stream("luna", "vertical");
    let large = world.sim.start_stream("luna", "horizontal");
    let members = world.sim.start_stream("luna", "members only");
    world.sim.change(&small, |video| video.viewers = 10);
    world.sim.change(&large, |video| video.viewers = 900);
    world.sim.change(&members, |video| {
        video.members_only = true;
        video.viewers = 5_000;
    });
    for newer in [false, true] {
        world.sim.lockup_layout(newer);
        let mut client = world.ask(json!({"identifier": "luna"})).await;
        let started = client.until_status("started").await;
        assert_eq!(started["liveId"], json!(large));
        let listed = started["broadcasts"].as_array().unwrap();
        assert_eq!(listed.len(), 3, "{started}");
        let of = |id: &str| listed.iter().find(|broadcast| broadcast["liveId"] == id).unwrap();
        assert_eq!((&of(&members)["members_only"], &of(&small)["members_only"]), (&json!(true), &json!(false)));
        client.close().await;
        // The channel is asked anew for the other layout.
        tokio::time::sleep(polychat_hub::LINGER + Duration::from_secs(1)).await;
    }
    world.app.stop().await;
}

#[tokio::test]
async fn europe_is_asked_for_consent_and_answers() {
    let world = world().await;
    world.sim.ask_for_consent(true, None);
    world.sim.fail_always(Endpoint::ResolveUrl, Fault::Status(500));
    world.sim.fail_always(Endpoint::Browse, Fault::Html);
    let video = world.sim.start_stream("luna", "painting");
    let mut client = world.watch().await;
    world.sim.say(&video, "alice", "hallo");
    assert_eq!(next_text(&mut client).await, "hallo", "by the pages, where the small requests fail");
    world.app.stop().await;
}

#[tokio::test]
async fn leaving_while_it_starts_leaves_nothing_running() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    world.sim.fail_always(Endpoint::Next, Fault::Slow(Duration::from_millis(500)));
    let mut client = world.ask(json!({"identifier": "luna"})).await;
    client.send(json!({"type": "unsubscribe", "platform": "youtube", "identifier": "luna"})).await;
    client.until_status("unsubscribed").await;
    world.sim.say(&video, "alice", "for nobody");
    client.stays_quiet().await;
    tokio::time::sleep(polychat_hub::LINGER + Duration::from_secs(2)).await;
    let before = world.sim.requests(Endpoint::GetLiveChat);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.sim.requests(Endpoint::GetLiveChat), before, "B15");
    world.app.stop().await;
}

#[tokio::test]
async fn viewers_likes_and_title_are_told() {
    let world = world().await;
    let video = world.sim.start_stream("luna", "painting");
    world.sim.change(&video, |video| video.viewers = 1_204);
    let mut client = world.watch().await;
    let told = client.until(|frame| frame["type"] == "viewers" && frame["data"]["viewers"] == 1_204).await;
    assert_eq!(told["data"]["live"], true);
    world.sim.change(&video, |video| {
        video.viewers = 1_300;
        video.likes = 77;
        "a new title".clone_into(&mut video.title);
    });
    client
        .until(|frame| {
            let data = &frame["data"];
            frame["type"] == "viewers"
                && data["viewers"] == 1_300
                && data["likes"] == 77
                && data["title"] == "a new title"
        })
        .await;
    world.app.stop().await;
}

#[tokio::test]
async fn an_ended_stream_is_played_again_when_that_is_asked_for() {
    let world = world_with(|config| config.youtube.replay = Some(100)).await;
    let video = world.sim.start_stream("luna", "painting");
    for n in 0..120 {
        world.sim.say(&video, "alice", &n.to_string());
    }
    world.sim.archive(&video);
    let mut client = world.ask(json!({"identifier": video, "identifierType": "liveId"})).await;
    let started = client.until_status("started").await;
    assert!(started["message"].as_str().unwrap().contains("100 times"), "{started}");
    for n in 0..120 {
        assert_eq!(next_text(&mut client).await, n.to_string(), "all, in order, once");
    }
    client.until_status("ended").await;
    world.app.stop().await;
}
