//! The socket: the handshake, entering, heartbeats, acknowledgements, and what goes wrong.

use std::time::Duration;

use polychat_testkit::tiktok::{Endpoint, Fault, Refusal};
use polychat_testkit::{SimTiktok, TkMessage};
use tokio_tungstenite::tungstenite::Error;

use crate::reader::{AGENT, Reader, address, frame, of_room};

async fn live() -> (SimTiktok, u64) {
    let sim = SimTiktok::start().await;
    let room = sim.channel("luna").go_live();
    (sim, room)
}

#[tokio::test]
async fn nothing_comes_before_a_heartbeat_and_entering() {
    let (sim, room) = live().await;
    let cookie = format!("ttwid={}", sim.mint());
    let headers = [("user-agent", AGENT), ("cookie", cookie.as_str())];
    let mut reader = Reader::open(&address(&sim, room, ""), &headers).await.unwrap();
    sim.channel("luna").say("alice", "too early");
    assert!(reader.is_silent().await);
    reader.send(of_room("im_enter_room", room)).await;
    assert!(reader.is_silent().await, "entering alone is not enough");
    reader.send(of_room("hb", room)).await;
    assert_eq!(reader.until("im_enter_room_resp").await.result().number(11), 1);
    let log = sim.log();
    let entered = &log.sockets[0].entered[0];
    assert_eq!((entered.room_id, entered.nonce, entered.live_id, entered.identity.as_str()), (room, 7, 12, "audience"));
}

#[tokio::test]
async fn what_was_said_before_comes_once_more_and_is_marked() {
    let (sim, room) = live().await;
    for number in 0..9 {
        sim.channel("luna").say("alice", &format!("line {number}"));
    }
    for inside in [false, true] {
        sim.history_in_answer(inside);
        let mut reader = Reader::enter(&sim, room, &sim.mint()).await;
        let frame = reader.until(if inside { "im_enter_room_resp" } else { "msg" }).await;
        let lines: Vec<_> = frame.messages().into_iter().map(|(_, chat, old)| (chat.text(3), old)).collect();
        let last: Vec<_> = (3..9).map(|number| (format!("line {number}"), true)).collect();
        assert_eq!(lines, last);
    }
}

#[tokio::test]
async fn frames_are_packed_alternately_and_some_want_an_acknowledgement() {
    let (sim, room) = live().await;
    sim.ack_every(2);
    let mut reader = Reader::enter(&sim, room, &sim.mint()).await;
    reader.until("im_enter_room_resp").await;
    let (mut packed, mut acks) = (0, 0);
    for number in 0..10 {
        sim.channel("luna").say("alice", &number.to_string());
        let message = reader.until("msg").await;
        packed += u32::from(message.packed);
        let result = message.result();
        if result.number(9) == 1 {
            acks += 1;
            reader.send(frame(message.log_id, "ack", &result.bytes(5))).await;
        }
    }
    assert_eq!((packed, acks), (5, 5));
    sim.until("all is acknowledged", |sim| sim.log().sockets[0].missing_acks().is_empty()).await;
    reader.send(frame(1, "ack", b"nobody asked")).await;
    sim.until("a wrong one is seen", |sim| sim.log().sockets[0].wrong_acks().len() == 1).await;
    assert_eq!(sim.log().sockets[0].wanted.len(), 5);
}

#[tokio::test]
async fn a_socket_without_heartbeats_is_closed() {
    let (sim, room) = live().await;
    sim.heartbeat_timeout(Duration::from_millis(200));
    let mut reader = Reader::enter(&sim, room, &sim.mint()).await;
    loop {
        match reader.next().await {
            Ok(_) => {}
            Err(end) => {
                assert_eq!(end, "1000 payload_handler_hb");
                break;
            }
        }
    }
}

#[tokio::test]
async fn strangers_are_refused_in_the_way_of_tiktok() {
    let (sim, room) = live().await;
    let cookie = format!("ttwid={}", sim.mint());
    let refused = async |url: String, headers: &[(&'static str, &str)]| match Reader::open(&url, headers).await {
        Err(Error::Http(response)) => {
            let reason = response.headers().get("handshake-msg").map(|reason| reason.to_str().unwrap().to_owned());
            (response.status().as_u16(), reason.unwrap_or_default())
        }
        Err(error) => panic!("{error}"),
        Ok(_) => (101, String::new()),
    };
    let good = [("user-agent", AGENT), ("cookie", cookie.as_str())];
    assert_eq!(refused(address(&sim, room, ""), &good[1..]).await, (200, "DEVICE_BLOCKED".to_owned()));
    let other = address(&sim, room, "").replace("1988", "1");
    assert_eq!(refused(other, &good).await, (200, "illegal app_id".to_owned()));
    assert_eq!(refused(address(&sim, room + 1, ""), &good).await, (200, String::new()), "no such room");
    sim.fault(Endpoint::Socket, Fault::Refused(Refusal::IllegalSecretKey), 1);
    assert_eq!(refused(address(&sim, room, ""), &good).await, (200, "illegal secret key".to_owned()));
    sim.fault(Endpoint::Socket, Fault::Status(403), 1);
    assert_eq!(refused(address(&sim, room, ""), &good).await.0, 403);
    assert_eq!(refused(address(&sim, room, ""), &good).await.0, 101);
    sim.block_visitors();
    assert_eq!(refused(address(&sim, room, ""), &good).await, (200, "DEVICE_BLOCKED".to_owned()));
}

#[tokio::test]
async fn without_the_cookie_as_it_was_given_the_socket_is_gone() {
    let (sim, room) = live().await;
    let decoded = format!("ttwid={}", sim.mint().replace("%7C", "|"));
    for headers in [&[("user-agent", AGENT)][..], &[("user-agent", AGENT), ("cookie", decoded.as_str())]] {
        let mut reader = Reader::open(&address(&sim, room, ""), headers).await.unwrap();
        assert_eq!(reader.next().await.unwrap_err(), "cut");
    }
}

#[tokio::test]
async fn a_second_socket_of_a_visitor_stays_silent_while_the_first_one_is_there() {
    let (sim, room) = live().await;
    let ttwid = sim.mint();
    let mut first = Reader::enter(&sim, room, &ttwid).await;
    first.until("im_enter_room_resp").await;
    let mut second = Reader::enter(&sim, room, &ttwid).await;
    sim.until("it is turned away", |sim| sim.log().sockets[1].turned_away).await;
    sim.channel("luna").say("alice", "hi");
    first.until("msg").await;
    assert!(second.is_silent().await);
    drop(first);
    let mut third = Reader::enter(&sim, room, &sim.mint()).await;
    third.until("im_enter_room_resp").await;
    sim.until("only the third one reads", |sim| sim.channel("luna").readers() == 1).await;
}

#[tokio::test]
async fn a_signature_can_be_needed_and_the_sign_server_gives_one_for_each_socket() {
    let (sim, room) = live().await;
    sim.need_signature(true);
    let cookie = format!("ttwid={}", sim.mint());
    let headers = [("user-agent", AGENT), ("cookie", cookie.as_str())];
    let open = async |more: &str| {
        let mut reader = Reader::open(&address(&sim, room, more), &headers).await.unwrap();
        reader.send(of_room("hb", room)).await;
        reader.send(of_room("im_enter_room", room)).await;
        reader
    };
    assert!(open("").await.is_silent().await);
    open("&X-Gnarly=M1").await.until("im_enter_room_resp").await;
    let answer = crate::sites::signed(&sim, room).await;
    let token = answer.all(7).iter().map(|pair| crate::reader::Fields::read(pair).text(2)).next().unwrap();
    open(&format!("&wrss={token}")).await.until("im_enter_room_resp").await;
    assert!(open(&format!("&wrss={token}")).await.is_silent().await, "it was used");
}

#[tokio::test]
async fn all_kinds_of_trouble_arrive() {
    let (sim, room) = live().await;
    let luna = sim.channel("luna");
    let mut reader = Reader::enter(&sim, room, &sim.mint()).await;
    reader.until("im_enter_room_resp").await;
    let id = luna.say("alice", "twice");
    luna.repeat_last();
    for _ in 0..2 {
        let messages = reader.until("msg").await.messages();
        assert_eq!(messages[0].1.message(1).number(2), id);
    }
    luna.silence(true);
    luna.say("alice", "nobody hears it");
    luna.silence(false);
    luna.push("im_new_thing", b"\x08\x01");
    assert_eq!(reader.until("im_new_thing").await.payload, b"\x08\x01");
    luna.close_frame("disable_web_direct");
    let headers = reader.until("close").await.headers;
    assert_eq!(headers, [("close_reason".to_owned(), "disable_web_direct".to_owned())]);
    luna.send(&TkMessage::raw("WebcastFutureMessage", b"".as_slice()));
    assert_eq!(reader.until("msg").await.messages()[0].0, "WebcastFutureMessage");
    sim.close(1001, "bye");
    assert_eq!(reader.next().await.unwrap_err(), "1001 bye");
    let mut reader = Reader::enter(&sim, room, &sim.mint()).await;
    reader.until("im_enter_room_resp").await;
    sim.cut();
    while reader.next().await.is_ok() {}
    let mut reader = Reader::enter(&sim, room, &sim.mint()).await;
    reader.until("im_enter_room_resp").await;
    let other = luna.restart();
    assert_ne!(other, room);
    while reader.next().await.is_ok() {}
    sim.fault(Endpoint::Socket, Fault::Silent, 1);
    assert!(Reader::enter(&sim, other, &sim.mint()).await.is_silent().await);
    sim.fault(Endpoint::Socket, Fault::Dropped, 1);
    let cookie = format!("ttwid={}", sim.mint());
    let headers = [("user-agent", AGENT), ("cookie", cookie.as_str())];
    let mut dropped = Reader::open(&address(&sim, other, ""), &headers).await.unwrap();
    assert_eq!(dropped.next().await.unwrap_err(), "cut");
}
