//! The push channel.

use std::time::Duration;

use polychat_testkit::youtube::SIGNALER_KEY;
use reqwest::StatusCode;

use crate::reader::{Push, stream};

#[tokio::test]
async fn the_push_channel_opens_and_signals_whatever_way_frames_are_cut() {
    let (sim, reader, video) = stream().await;
    let mut push = Push::open(&reader, &video).await;
    assert_eq!(push.listen().await, StatusCode::OK);
    let opened = push.frame().await.unwrap();
    assert!(opened[0][2][0].is_string(), "{opened}");
    let acknowledged = push.frame().await.unwrap();
    assert!(acknowledged[0][0][0][1][0][0].is_string(), "{acknowledged}");
    assert_eq!(sim.listeners(&video), 1);
    for (split, joined) in [(None, false), (Some(1), false), (Some(7), true), (None, true)] {
        sim.split_frames(split);
        sim.join_frames(joined);
        let before = sim.now_usec();
        sim.say(&video, "ann", "hi");
        let published = push.signal().await;
        assert!(published > before && published < sim.now_usec());
    }
    sim.ping();
    let ping = loop {
        let payload = push.frame().await.unwrap();
        if payload[0] != "noop" {
            break payload;
        }
    };
    assert!(ping[0][0][0][1][2][0].is_string(), "{ping}");
}

#[tokio::test]
async fn a_listener_goes_on_where_it_was_and_a_forgotten_one_is_unknown() {
    let (sim, reader, video) = stream().await;
    let mut push = Push::open(&reader, &video).await;
    push.listen().await;
    push.frame().await.unwrap();
    push.frame().await.unwrap();
    sim.cut_push();
    assert_eq!(push.frame().await, None);
    sim.say(&video, "ann", "meanwhile");
    push.listen().await;
    push.signal().await;
    assert_eq!(push.last, 3, "nothing that was acknowledged comes again");
    sim.hold_push(Some(Duration::from_millis(20)));
    push.listen().await;
    assert_eq!(push.frame().await, None, "the body ends by itself");
    sim.hold_push(None);
    push.listen().await;
    sim.forget_push();
    assert_eq!(push.frame().await, None);
    assert_eq!(push.listen().await, StatusCode::BAD_REQUEST);
    assert!(push.body.unwrap().text().await.unwrap().contains("Unknown SID"));
}

#[tokio::test]
async fn push_refuses_what_the_real_one_refuses() {
    let (_sim, reader, video) = stream().await;
    let url = format!("{}/punctual/v1/chooseServer?key={SIGNALER_KEY}", reader.base);
    assert_eq!(reader.http.post(url).body("[]").send().await.unwrap().status(), StatusCode::FORBIDDEN, "no referer");
    let wrong = Push::request(&reader, "v1/chooseServer", "", "application/json+protobuf").body("[[]]");
    assert_eq!(wrong.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    let mut push = Push::open(&reader, &video).await;
    push.sid = "SID99".to_owned();
    assert_eq!(push.listen().await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_silent_push_is_alive_and_never_signals() {
    let (sim, reader, video) = stream().await;
    sim.silence_push(true);
    sim.push_keepalive(Duration::from_millis(20));
    let mut push = Push::open(&reader, &video).await;
    push.listen().await;
    sim.say(&video, "ann", "unheard");
    push.frame().await.unwrap();
    push.frame().await.unwrap();
    for _ in 0..3 {
        assert_eq!(push.frame().await.unwrap()[0], "noop");
    }
    sim.silence_push(false);
    push.signal().await;
}

#[tokio::test]
async fn only_the_exact_topic_is_signalled() {
    let (sim, reader, video) = stream().await;
    sim.change(&video, |video| video.topic_number = Some(5));
    sim.push_keepalive(Duration::from_millis(20));
    let mut wrong = Push::open(&reader, &video).await;
    wrong.listen().await;
    let mut right = Push::open(&reader, &format!("{video}~5")).await;
    right.listen().await;
    sim.say(&video, "ann", "hi");
    right.signal().await;
    wrong.frame().await.unwrap();
    wrong.frame().await.unwrap();
    for _ in 0..3 {
        assert_eq!(wrong.frame().await.unwrap()[0], "noop");
    }
    assert_eq!(sim.listeners(&video), 1);
}
