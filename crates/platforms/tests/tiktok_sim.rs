//! The simulated TikTok and the reading of TikTok are written apart from each other: what one writes, the other has to
//! read, and the schema has to know.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use polychat_model::Body;
use polychat_platforms::tiktok::frame::{self, Frame};
use polychat_platforms::tiktok::{Desk, Host, RoomState, Told, proto};
use polychat_testkit::tiktok::{Gift, Packing, Person, Talk};
use polychat_testkit::{SimTiktok, TkMessage};
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage as _, Value};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A simulation in which `luna` is live, and a socket in its room.
struct Room {
    sim: SimTiktok,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Room {
    async fn enter() -> Self {
        let sim = SimTiktok::start().await;
        let room = sim.channel("luna").go_live();
        let address = format!(
            "{}/webcast/im/ws_proxy/ws_reuse_supplement/?aid=1988&app_name=tiktok_web&compress=gzip&room_id={room}",
            sim.ws_url()
        );
        let mut request = address.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("user-agent", "Mozilla/5.0 (X11; Linux x86_64)".parse().unwrap());
        headers.insert("cookie", format!("ttwid={}", sim.mint()).parse().unwrap());
        let (mut socket, _) = connect_async(request).await.unwrap();
        socket.send(Message::binary(frame::heartbeat(room))).await.unwrap();
        socket.send(Message::binary(frame::enter_room(room, 7))).await.unwrap();
        sim.until("the room is entered", |sim| sim.channel("luna").readers() == 1).await;
        Self { sim, socket }
    }

    async fn next(&mut self) -> Bytes {
        let read = async {
            loop {
                if let Message::Binary(bytes) = self.socket.next().await.unwrap().unwrap() {
                    return bytes;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), read).await.expect("waited in vain")
    }

    /// The frames until `luna` is said to have gone, which is made to happen now.
    async fn rest(&mut self) -> Vec<Bytes> {
        self.sim.channel("luna").push("the_end", b"");
        let mut frames = Vec::new();
        loop {
            let bytes = self.next().await;
            if matches!(frame::read(bytes.clone()), Ok(Frame::Other(kind)) if kind == "the_end") {
                return frames;
            }
            frames.push(bytes);
        }
    }

    /// Everything that can happen, and people who talk.
    fn play(&self) {
        let luna = self.sim.channel("luna");
        let mut talk = Talk::new(1);
        for _ in 0..400 {
            talk.act(&luna);
        }
        let ana =
            Person::new("ana").moderator().subscriber(2).gifter(9).fan(3).rank(2).new_gifter().friend().verified();
        for message in [
            TkMessage::chat("hi").to("bob").emote(1, "happy"),
            TkMessage::emotes(&["happy", "sad"]),
            TkMessage::gift(Gift::ROSE, 3, 1_760_000_000_000).to("guest"),
            TkMessage::guest(),
            TkMessage::subscription(5, true),
            TkMessage::barrage(9, "pm_mt_alp_join_animation", 21),
            TkMessage::barrage(11, "pm_mt_fan_live_join", 4),
            TkMessage::caption(1, "good evening", true),
            TkMessage::intro("plants, mostly"),
            TkMessage::notice("Welcome to TikTok LIVE!"),
            TkMessage::goal("Roses", 3, 10),
            TkMessage::super_fan_box(9, 20, 5, 1_900_000_000),
            TkMessage::envelope_hides(9),
        ] {
            luna.send(&message.from(&ana));
        }
        luna.envelope(&ana, 100, 10);
        luna.delete_user("mossy_ana");
        luna.pause();
        luna.resume();
        luna.send(&TkMessage::captcha());
        luna.end();
    }
}

#[tokio::test]
async fn everything_that_the_simulation_says_is_read_and_acknowledged() {
    let mut room = Room::enter().await;
    room.play();
    let room_id = room.sim.channel("luna").room_id().to_string();
    let mut desk = Desk::new(Host { room_id: room_id.into(), user_id: None, username: "luna".to_owned() });
    let mut told = Vec::new();
    for bytes in room.rest().await {
        let batch = match frame::read(bytes).unwrap() {
            Frame::Joined(Some(batch)) | Frame::Messages(batch) => batch,
            Frame::Other(kind) => panic!("{kind}"),
            _ => continue,
        };
        told.extend(desk.take(&batch, i64::MAX / 2));
        if let Some(ack) = batch.ack {
            room.socket.send(Message::binary(ack)).await.unwrap();
        }
    }
    while let Some(due) = desk.due_ms() {
        told.extend(desk.tick(due));
    }
    assert_eq!((desk.health().broken, desk.new_unknown()), (0, Vec::new()));
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for told in &told {
        let kind = match told {
            Told::Event(event) => match &event.body {
                Body::Chat(_) => "chat",
                Body::Event(_) => "event",
                Body::Moderation(_) => "moderation",
                Body::Viewers(_) => "viewers",
            },
            Told::Room(_) => "room",
        };
        *counts.entry(kind).or_default() += 1;
    }
    assert!(counts["chat"] > 150 && counts["event"] > 50 && counts["viewers"] > 3, "{counts:?}");
    assert!(counts["moderation"] > 1, "{counts:?}");
    let states: Vec<_> =
        told.iter().filter_map(|told| if let Told::Room(state) = told { Some(*state) } else { None }).collect();
    assert_eq!(states, [RoomState::Paused, RoomState::Resumed, RoomState::Captcha, RoomState::Ended]);
    room.sim.until("all is acknowledged", |sim| sim.log().sockets[0].missing_acks().is_empty()).await;
    let log = room.sim.log();
    assert!(log.sockets[0].wanted.len() > 50 && log.sockets[0].wrong_acks().is_empty());
    assert_eq!(log.sockets[0].strange, 0);
}

/// What the schema does not know in a message, and in those inside of it.
fn note_unknown(message: &DynamicMessage, found: &mut Vec<String>) {
    let name = message.descriptor().name().to_owned();
    found.extend(message.unknown_fields().map(|field| format!("{name}.{}", field.number())));
    for (_, value) in message.fields() {
        match value {
            Value::Message(inner) => note_unknown(inner, found),
            Value::List(list) => list.iter().filter_map(Value::as_message).for_each(|one| note_unknown(one, found)),
            Value::Map(map) => map.values().filter_map(Value::as_message).for_each(|one| note_unknown(one, found)),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_schema_knows_every_field_that_the_simulation_writes() {
    let files = protox::compile(["webcast.proto"], [concat!(env!("CARGO_MANIFEST_DIR"), "/proto")]).unwrap();
    let schema = DescriptorPool::from_file_descriptor_set(files).unwrap();
    let mut unknown = Vec::new();
    let mut look = |kind: &str, bytes: Bytes| {
        let kind =
            schema.get_message_by_name(&format!("webcast.{kind}")).unwrap_or_else(|| panic!("what is a {kind}?"));
        let message = DynamicMessage::decode(kind, bytes).unwrap();
        note_unknown(&message, &mut unknown);
        message
    };
    let mut room = Room::enter().await;
    room.sim.packing(Packing::Never);
    room.play();
    let mut kinds = BTreeMap::new();
    for bytes in room.rest().await {
        let frame = look("PushFrame", bytes);
        let payload = frame.get_field_by_name("payload").unwrap().as_bytes().unwrap().clone();
        if frame.get_field_by_name("payload_type").unwrap().as_str() != Some("msg") {
            continue;
        }
        look("FetchResult", payload.clone());
        for message in proto::FetchResult::decode(payload).unwrap().messages {
            let method = std::str::from_utf8(&message.method).unwrap().to_owned();
            let kind = if method == "RoomMessage" { "WebcastRoomMessage" } else { &method };
            let inside = look(kind, message.payload);
            let common = inside.get_field_by_name("common").unwrap();
            let id = common.as_message().unwrap().get_field_by_name("msg_id").unwrap();
            assert_eq!(id.as_i64(), Some(message.msg_id), "{method}");
            *kinds.entry(method).or_insert(0) += 1;
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
    assert!(kinds.len() > 18, "{kinds:?}");
}
