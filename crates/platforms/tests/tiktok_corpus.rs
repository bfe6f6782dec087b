//! TikTok from bytes to events, over recorded messages: what is shown is what Google's own decoder reads in them, and
//! numbers, never words or names.
//!
//! The recordings are not part of the repository: `POLYCHAT_CORPUS` says where they are. Without them each test says so
//! and passes.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support {
    pub(crate) mod tiktok;
    pub(crate) mod tiktok_expected;
}

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use polychat_model::{Body, ChatEvent};
use polychat_platforms::tiktok::frame::{self, Frame};
use polychat_platforms::tiktok::{Desk, RoomState, Told, proto};
use prost::Message as _;
use prost_reflect::{self as reflect, DescriptorPool, DynamicMessage, ReflectMessage as _};
use serde_json::Value;

use support::tiktok::{NOW, Recorded, batch_of, check, corpus, desk, events, recorded};
use support::tiktok_expected::compare;

/// The messages of a recording, each once, all in one batch.
fn of<'r>(all: &'r [Recorded], recording: &str, method: &str) -> Vec<&'r Recorded> {
    all.iter().filter(|message| message.recording == recording && message.method == method).collect()
}

/// Shapes and numbers only: nothing that people wrote.
fn reviewed(name: &str, value: &impl serde::Serialize) {
    insta::with_settings!({
        prepend_module_to_snapshot => false,
        snapshot_path => "../../../tests/snapshots/tiktok",
        omit_expression => true,
    }, {
        insta::assert_json_snapshot!(name, value);
    });
}

/// All that a desk tells of one message alone.
fn alone(message: &Recorded) -> Vec<Told> {
    let mut desk = desk();
    let mut told = desk.take(&batch_of(&[message]), NOW);
    while let Some(due) = desk.due_ms() {
        told.extend(desk.tick(due));
    }
    assert_eq!((desk.health().broken, desk.health().unknown), (0, 0), "{} {}", message.method, message.index);
    told
}

#[test]
fn what_an_overlay_shows_of_each_message_is_what_googles_decoder_reads() {
    let Some(corpus) = corpus() else { return };
    let all = recorded(&corpus);
    let by_place: BTreeMap<_, _> =
        all.iter().map(|m| ((m.recording.as_str(), m.method.as_str(), m.index), m)).collect();
    let expected = fs::read_to_string(corpus.join("derived/expected.jsonl")).unwrap();
    let mut compared = BTreeMap::<String, usize>::new();
    for line in expected.lines() {
        let expected: Value = serde_json::from_str(line).unwrap();
        let (recording, method) = (expected["rec"].as_str().unwrap(), expected["method"].as_str().unwrap());
        let index = usize::try_from(expected["i"].as_u64().unwrap()).unwrap();
        let message = by_place[&(recording, method, index)];
        let told = alone(message);
        compare(&expected, &told);
        *compared.entry(method.to_owned()).or_default() += told.len();
    }
    reviewed("what_is_told_of_each_method", &compared);
}

#[test]
fn a_recorded_minute_comes_out_of_its_frames_once_with_every_ack() {
    let Some(corpus) = corpus() else { return };
    let session = fs::read_to_string(corpus.join("derived/session-link.frames.jsonl")).unwrap();
    let (mut desk, mut told, mut acks, mut kinds) = (desk(), Vec::new(), 0, BTreeMap::<String, usize>::new());
    let mut ids = BTreeSet::new();
    let mut messages = 0;
    for line in session.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let bytes = BASE64.decode(line["b64"].as_str().unwrap()).unwrap();
        let note = line["note"].as_str().unwrap();
        if line["dir"] == "c2s" {
            let room = 7_309_128_470_994_258_694;
            let ours = if note == "hb" { frame::heartbeat(room) } else { frame::enter_room(room, 0) };
            assert_eq!(ours, bytes, "{note}");
            continue;
        }
        let kind = match frame::read(bytes.into()) {
            Ok(Frame::Messages(batch)) => {
                assert_eq!(batch.ack.is_some(), note.contains("need_ack"), "{note}");
                acks += usize::from(batch.ack.is_some());
                messages += batch.len();
                let new = desk.take(&batch, NOW);
                assert!(new.is_empty() || !note.contains("duplicate"), "{note}");
                told.extend(new);
                "messages"
            }
            Ok(Frame::Joined(None)) => "joined",
            Ok(Frame::Other(name)) if name == "something_new" => "other",
            Err(_) if note.contains("corrupt") => "broken",
            other => panic!("{note}: {other:?}"),
        };
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    while let Some(due) = desk.due_ms() {
        told.extend(desk.tick(due));
    }
    assert_eq!(told.iter().filter(|told| **told == Told::Room(RoomState::Ended)).count(), 1, "the end is the last");
    let health = desk.health();
    assert_eq!((health.broken, health.unknown), (0, 0));
    for event in events(&told) {
        check(event);
        ids.insert((event.id.to_string(), event.revision));
    }
    assert_eq!(ids.len(), events(&told).count(), "nothing twice");
    let mut shapes = BTreeMap::<String, usize>::new();
    for event in events(&told) {
        *shapes.entry(shape(event)).or_default() += 1;
    }
    // 216 of them, and one delivered again.
    assert_eq!(messages, 217);
    reviewed("a_recorded_minute", &serde_json::json!({"frames": kinds, "acks": acks, "told": shapes}));
}

/// The kind of an event, without what it says.
fn shape(event: &ChatEvent) -> String {
    match &event.body {
        Body::Chat(_) => "chat".to_owned(),
        Body::Event(data) => format!("{:?}", data.event),
        Body::Moderation(data) => format!("{:?}", data.action),
        Body::Viewers(_) => "viewers".to_owned(),
    }
}

#[test]
fn streaks_of_gifts_add_up() {
    let Some(corpus) = corpus() else { return };
    let all = recorded(&corpus);
    let expected: Value = serde_json::from_slice(&fs::read(corpus.join("derived/gift_streaks.json")).unwrap()).unwrap();
    for (recording, expected) in expected.as_object().unwrap() {
        let mut desk = desk();
        let mut last = BTreeMap::<String, (u64, u64)>::new();
        for message in of(&all, recording, "WebcastGiftMessage") {
            for event in events(&desk.take(&batch_of(&[message]), NOW)) {
                let Body::Event(data) = &event.body else { panic!() };
                let key = (data.count.unwrap(), data.gift.as_ref().unwrap().unit_cost.unwrap());
                let before = last.insert(event.id.to_string(), key);
                assert!(before.is_none_or(|before| before.0 <= key.0), "never back");
            }
        }
        let streaks = expected["streaks"].as_object().unwrap();
        let mut totals: Vec<u64> = last.values().map(|(count, _)| *count).collect();
        let mut wanted: Vec<u64> = streaks.values().map(|streak| streak["total"].as_u64().unwrap()).collect();
        totals.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(totals, wanted, "{recording}");
        let diamonds: u64 = last.values().map(|(count, cost)| count * cost).sum();
        assert_eq!(Some(diamonds), expected["diamonds"].as_u64(), "{recording}");
    }
}

#[test]
fn a_batch_of_2026_is_understood_and_its_chats_are_history() {
    let Some(corpus) = corpus() else { return };
    let bytes = fs::read(corpus.join("nglmercer/batch.pb")).unwrap();
    let batch = frame::batch(bytes.into()).unwrap();
    assert!(batch.ack.is_none() && batch.push_server().starts_with("wss://") && !batch.cursor().is_empty());
    let mut desk = desk();
    let mut shapes = BTreeMap::<String, usize>::new();
    for event in events(&desk.take(&batch, NOW)) {
        check(event);
        assert!(event.history || !matches!(event.body, Body::Chat(_)));
        *shapes.entry(shape(event)).or_default() += 1;
    }
    let health = desk.health();
    assert_eq!((batch.len(), health.actions, health.broken, health.unknown), (13, 13, 0, 0));
    reviewed("a_batch_of_2026", &shapes);
}

#[test]
fn every_recorded_message_is_known_and_read() {
    let Some(corpus) = corpus() else { return };
    let all = recorded(&corpus);
    assert!(all.len() > 1_400, "{}", all.len());
    let mut desk = desk();
    let mut kinds = BTreeMap::<String, BTreeMap<String, usize>>::new();
    for message in &all {
        for event in events(&desk.take(&batch_of(&[message]), NOW)) {
            check(event);
            *kinds.entry(message.method.clone()).or_default().entry(shape(event)).or_default() += 1;
        }
    }
    assert_eq!((desk.new_unknown(), desk.health().broken, desk.degraded()), (Vec::new(), 0, false));
    reviewed("every_recorded_message", &kinds);
}

/// A chat arrived again after a reconnect in one of the recordings.
#[test]
fn a_replay_after_a_reconnect_is_told_once() {
    let Some(corpus) = corpus() else { return };
    let all = support::tiktok::repeated(&corpus, "jw");
    let chats: Vec<&Recorded> = all.iter().filter(|message| message.method == "WebcastChatMessage").collect();
    let told_by = |desk: &mut Desk| chats.iter().map(|chat| desk.take(&batch_of(&[chat]), NOW).len()).sum::<usize>();
    let distinct: BTreeSet<i64> = chats.iter().map(|chat| chat.id).collect();
    assert!(distinct.len() < chats.len(), "one comes twice");
    assert_eq!(told_by(&mut desk()), distinct.len());
}

/// What `proto/` knows, whether it is read or not.
fn schema() -> DescriptorPool {
    let files = protox::compile(["webcast.proto"], [concat!(env!("CARGO_MANIFEST_DIR"), "/proto")]).unwrap();
    DescriptorPool::from_file_descriptor_set(files).unwrap()
}

fn note_unknown(message: &DynamicMessage, found: &mut BTreeSet<String>) {
    let name = message.descriptor().name().to_owned();
    found.extend(message.unknown_fields().map(|field| format!("{name}.{}", field.number())));
    for (_, value) in message.fields() {
        match value {
            reflect::Value::Message(inner) => note_unknown(inner, found),
            reflect::Value::List(list) => {
                list.iter().filter_map(reflect::Value::as_message).for_each(|inner| note_unknown(inner, found));
            }
            reflect::Value::Map(map) => {
                map.values().filter_map(reflect::Value::as_message).for_each(|inner| note_unknown(inner, found));
            }
            _ => {}
        }
    }
}

#[test]
fn the_schema_knows_every_field_that_was_recorded_but_three() {
    let Some(corpus) = corpus() else { return };
    let schema = schema();
    let mut unknown = BTreeSet::new();
    let mut read = 0;
    let mut look = |method: &str, payload: Bytes| {
        let method = if method == "RoomMessage" { "WebcastRoomMessage" } else { method };
        let Some(kind) = schema.get_message_by_name(&format!("webcast.{method}")) else { return };
        read += 1;
        note_unknown(&DynamicMessage::decode(kind, payload).unwrap(), &mut unknown);
    };
    for message in recorded(&corpus) {
        look(&message.method, message.payload);
    }
    let batch: Bytes = fs::read(corpus.join("nglmercer/batch.pb")).unwrap().into();
    look("FetchResult", batch.clone());
    for message in proto::FetchResult::decode(batch).unwrap().messages {
        look(std::str::from_utf8(&message.method).unwrap(), message.payload);
    }
    assert!(read > 700, "{read}");
    assert_eq!(Vec::from_iter(unknown), ["Gift.106", "GoalContributor.8", "WebcastLinkMicBattle.20"]);
}

/// Recorded messages with holes: none of them ends anything.
#[test]
fn damaged_messages_cost_only_themselves() {
    let Some(corpus) = corpus() else { return };
    let mut desk = desk();
    let (mut dice, mut damaged) = (1_u64, 0);
    for message in recorded(&corpus) {
        let mut bytes = message.payload.to_vec();
        for _ in 0..4 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(dice >> 33).unwrap() % bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << (dice >> 20 & 7);
            }
            damaged += 1;
            let with = |payload: &[u8]| Recorded { payload: Bytes::copy_from_slice(payload), id: 0, ..message.clone() };
            for broken in [with(&bytes), with(&bytes[..at])] {
                events(&desk.take(&batch_of(&[&broken]), NOW)).for_each(check);
            }
        }
    }
    let health = desk.health();
    assert_eq!((health.actions, health.unknown), (damaged * 2, 0));
    assert!(health.broken > 0 && health.broken < health.actions);
}
