use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::batch::Message;
use super::*;

const ROOM: u64 = 7_309_128_470_994_258_694;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap().into()
}

fn message(method: &'static str, id: i64) -> proto::BaseMessage {
    let method = Bytes::from_static(method.as_bytes());
    proto::BaseMessage { method, payload: Bytes::from_static(b"\x08\x01"), msg_id: id, is_history: id == 2 }
}

fn fetched() -> proto::FetchResult {
    proto::FetchResult {
        messages: vec![message("WebcastChatMessage", 1), message("WebcastLikeMessage", 2)],
        cursor: Bytes::from_static(b"c-1"),
        now: 1_780_000_000_000,
        internal_ext: Bytes::from_static(b"internal_src:sim|seq:0"),
        need_ack: true,
        push_server: Bytes::from_static(b"wss://x.example/"),
    }
}

fn frame(kind: &'static str, payload: Bytes, compress_type: &'static str) -> Bytes {
    let header = |key: &'static str, value: &'static str| proto::PushHeader {
        key: Bytes::from_static(key.as_bytes()),
        value: Bytes::from_static(value.as_bytes()),
    };
    let frame = proto::PushFrame {
        seq_id: 1,
        log_id: 1002,
        headers: vec![header("compress_type", compress_type), header("close_reason", "disable_web_direct")],
        payload_encoding: Bytes::from_static(b"pb"),
        payload_type: Bytes::from_static(kind.as_bytes()),
        payload,
    };
    frame.encode_to_vec().into()
}

fn messages(bytes: Bytes) -> Batch {
    match read(bytes).unwrap() {
        Frame::Messages(batch) => batch,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_goes_out_is_what_the_player_sends_byte_for_byte() {
    assert_eq!(heartbeat(ROOM), bytes("3202 7062 3a02 6862 420a 0886 96ba 9ae7 b3cf b765"));
    let enter =
        "3202 7062 3a0d 696d5f656e7465725f726f6f6d 4219 0886 96ba 9ae7 b3cf b765 200c 2a08 61756469656e6365 4a01 30";
    assert_eq!(enter_room(ROOM, 0), bytes(enter));
    let batch = messages(frame("msg", fetched().encode_to_vec().into(), "none"));
    let mut ack = bytes("10ea07 3202 7062 3a03 61636b 4216");
    ack.extend(b"internal_src:sim|seq:0");
    assert_eq!(batch.ack, Some(ack));
}

#[test]
fn an_entry_carries_its_nonce() {
    let frame = proto::PushFrame::decode(&*enter_room(ROOM, 77)).unwrap();
    let enter = proto::EnterRoom::decode(frame.payload).unwrap();
    assert_eq!((enter.room_id.cast_unsigned(), enter.enter_unique_id, enter.live_id), (ROOM, 77, 12));
}

#[test]
fn messages_are_the_same_compressed_or_not_whatever_the_header_says() {
    let plain: Bytes = fetched().encode_to_vec().into();
    for (payload, header) in [(plain.clone(), "none"), (gzip(&plain), "gzip"), (gzip(&plain), "none")] {
        let batch = messages(frame("msg", payload, header));
        let told = |message: &Message| (message.method.to_vec(), message.id, message.is_history);
        assert_eq!(
            batch.messages.iter().map(told).collect::<Vec<_>>(),
            [(b"WebcastChatMessage".to_vec(), 1, false), (b"WebcastLikeMessage".to_vec(), 2, true)]
        );
        assert_eq!((batch.now_ms, batch.cursor().as_str()), (1_780_000_000_000, "c-1"));
        assert_eq!(batch.internal_ext(), "internal_src:sim|seq:0");
        assert_eq!(batch.push_server(), "wss://x.example/");
    }
    assert_eq!(read(frame("msg", plain, "gzip")).unwrap_err(), Broken::Compression);
}

#[test]
fn only_who_wants_an_ack_gets_one() {
    let quiet = proto::FetchResult { need_ack: false, ..fetched() };
    assert_eq!(messages(frame("msg", quiet.encode_to_vec().into(), "none")).ack, None);
    let unnumbered = proto::PushFrame {
        log_id: 0,
        ..proto::PushFrame::decode(frame("msg", fetched().encode_to_vec().into(), "none")).unwrap()
    };
    assert_eq!(messages(unnumbered.encode_to_vec().into()).ack, None);
    assert_eq!(batch(fetched().encode_to_vec().into()).unwrap().ack, None, "there is no frame to answer");
}

#[test]
fn other_frames_are_told_apart() {
    let kind =
        |kind, payload: &'static [u8]| format!("{:?}", read(frame(kind, Bytes::from_static(payload), "none")).unwrap());
    assert_eq!(kind("hb", b"x"), "Heartbeat");
    assert_eq!(kind("ack", b"x"), "Ack");
    assert_eq!(kind("close", b""), r#"Close { reason: "disable_web_direct" }"#);
    assert_eq!(kind("im_enter_room_resp", b""), "Joined(None)");
    assert_eq!(kind("im_enter_room_resp", b"\xff\xff"), "Joined(None)", "no messages are no reason to stay outside");
    assert_eq!(kind("something_new", b"\x08\x01"), r#"Other("something_new")"#);
    assert_eq!(kind("hello <b>there</b>", b""), r#"Other("(no name)")"#);
    let joined = read(frame("im_enter_room_resp", fetched().encode_to_vec().into(), "none")).unwrap();
    assert!(matches!(joined, Frame::Joined(Some(batch)) if batch.len() == 2 && batch.ack.is_some()));
}

#[test]
fn parameters_of_a_sign_server_are_read() {
    let mut answer = fetched().encode_to_vec();
    answer.extend(bytes("3a 0a 0a 04 77727373 12 02 6162"));
    let batch = batch(answer.into()).unwrap();
    assert_eq!(batch.route_params(), [("wrss".to_owned(), "ab".to_owned())]);
}

#[test]
fn one_broken_message_costs_only_itself() {
    let mut fetch = fetched().encode_to_vec();
    fetch.extend(bytes("0a 02 12ff"));
    let batch = batch(fetch.into()).unwrap();
    assert_eq!((batch.len(), batch.lost), (2, 1));
}

#[test]
fn a_million_empty_messages_are_counted_not_kept() {
    let batch = batch(b"\x0a\x00".repeat(1_000_000).into()).unwrap();
    assert_eq!((batch.len(), batch.lost), (10_000, 990_000));
}

#[test]
fn a_bomb_does_not_go_off() {
    let bomb = gzip(&vec![0; FRAME_MAX_BYTES + 1]);
    assert!(bomb.len() < 100_000);
    assert_eq!(read(frame("msg", bomb, "gzip")).unwrap_err(), Broken::TooLarge);
    assert_eq!(read(vec![0; FRAME_MAX_BYTES + 1].into()).unwrap_err(), Broken::TooLarge);
    let damaged = gzip(&fetched().encode_to_vec());
    assert_eq!(read(frame("msg", damaged.slice(..damaged.len() - 9), "gzip")).unwrap_err(), Broken::Compression);
}

#[test]
fn nonsense_is_malformed() {
    for nonsense in ["08", "0a05", "00", "0b0c", "10ffffffffffffffffff7f", "12ffffffffffffffffff01"] {
        assert_eq!(read(bytes(nonsense).into()).unwrap_err(), Broken::Malformed, "{nonsense}");
    }
}

#[test]
fn half_a_character_at_the_end_goes_and_other_nonsense_is_replaced() {
    assert_eq!(text(b"caf\xc3\xa9"), "café");
    assert_eq!(text(b"caf\xc3"), "caf");
    assert_eq!(text(b"a\xffb"), "a\u{fffd}b");
}

proptest! {
    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(bytes.clone().into());
        let _ = batch(bytes.into());
    }

    #[test]
    fn a_frame_with_changed_bytes_is_a_frame_or_an_error(
        compressed in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let plain: Bytes = fetched().encode_to_vec().into();
        let mut bytes = frame("msg", if compressed { gzip(&plain) } else { plain }, "none").to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(bytes.clone().into());
        bytes.truncate(cut.index(bytes.len()));
        let _ = read(bytes.into());
    }
}
