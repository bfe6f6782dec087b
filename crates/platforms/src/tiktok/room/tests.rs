use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::mutate::each_mutation;

const ROOM: u64 = 7_412_345_678_901_234_567;

fn user() -> Value {
    json!({
        "id": "7400000000000000001", "uniqueId": "Some.Body", "nickname": " Some Body ", "roomId": ROOM.to_string(),
        "status": 2, "avatarThumb": "https://p16.example/thumb", "avatarMedium": "https://p16.example/medium",
    })
}

fn live_room() -> Value {
    json!({
        "title": "a quiet evening", "status": 2, "startTime": 1_780_000_000, "liveRoomStats": {"userCount": 152},
        "liveSubOnly": 0, "paidEvent": {"event_id": 0, "paid_type": 0},
    })
}

fn api() -> Value {
    json!({"statusCode": 0, "message": "", "data": {"user": user(), "liveRoom": live_room()}})
}

fn state() -> Value {
    json!({"LiveRoom": {
        "needLogin": false, "isAgeGateRoom": false, "liveRoomStatus": 0,
        "liveRoomUserInfo": {"user": user(), "liveRoom": live_room()},
    }})
}

fn detail() -> Value {
    json!({"__DEFAULT_SCOPE__": {"webapp.user-detail": {"statusCode": 0, "userInfo": {"user": user()}}}})
}

fn info() -> Value {
    json!({"status_code": 0, "data": {
        "id_str": ROOM.to_string(), "status": 2, "title": "a quiet evening", "create_time": 1_780_000_000,
        "user_count": 152,
        "owner": {
            "id_str": "7400000000000000001", "display_id": "Some.Body", "nickname": "Some Body",
            "avatar_thumb": {"url_list": ["http://p16.example/plain", "https://p16.example/medium"]},
        },
    }})
}

fn found() -> Found {
    Found {
        room_id: ROOM,
        live: true,
        user_id: Some("7400000000000000001".to_owned()),
        username: "Some.Body".to_owned(),
        display_name: Some("Some Body".to_owned()),
        avatar: Some("https://p16.example/medium".to_owned()),
        title: Some("a quiet evening".to_owned()),
        viewers: Some(152),
        started_at_ms: Some(1_780_000_000_000),
        warning: None,
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// A page with this state, written as TikTok's is.
fn page(id: &str, state: &Value) -> Vec<u8> {
    let state = state.to_string().replace('<', "\\u003C").replace('/', "\\u002F");
    format!(
        "<!doctype html><html><head><title>LIVE</title><script>var captcha = 1;</script></head><body>\
         <script id=\"{id}\" type=\"application/json\">{state}</script></body></html>"
    )
    .into_bytes()
}

fn live_page(state: &Value) -> Result<Found, NoRoom> {
    from_live_page(&page("SIGI_STATE", state), "some.body")
}

fn profile(state: &Value) -> Result<Found, NoRoom> {
    from_profile(&page("__UNIVERSAL_DATA_FOR_REHYDRATION__", state), "some.body")
}

/// `value` with something else at `place`.
fn with(mut value: Value, place: &str, other: Value) -> Value {
    *value.pointer_mut(place).expect("the place is there") = other;
    value
}

#[test]
fn a_broadcast_is_the_same_from_every_source() {
    assert_eq!(from_api(&bytes(&api()), "some.body"), Ok(found()));
    assert_eq!(live_page(&state()), Ok(found()));
    assert_eq!(from_info(&bytes(&info()), ROOM), Ok(found()));
    let unsaid = Found { live: false, title: None, viewers: None, started_at_ms: None, ..found() };
    assert_eq!(profile(&detail()), Ok(unsaid));
}

#[test]
fn the_room_of_an_ended_broadcast_is_no_room() {
    for status in [json!(4), json!(0), json!(1), json!(3)] {
        let api = with(api(), "/data/liveRoom/status", status.clone());
        assert_eq!(from_api(&bytes(&api), "some.body"), Err(NoRoom::Offline), "{status}");
        let state = with(state(), "/LiveRoom/liveRoomUserInfo/liveRoom/status", status.clone());
        assert_eq!(live_page(&state), Err(NoRoom::Offline), "{status}");
        let info = with(info(), "/data/status", status.clone());
        assert_eq!(from_info(&bytes(&info), ROOM), Err(NoRoom::Ended), "{status}");
    }
    // The status beside the name counts where the room has none.
    let mut api = with(api(), "/data/liveRoom", json!({}));
    assert!(from_api(&bytes(&api), "some.body").is_ok_and(|found| found.live && found.title.is_none()));
    api["data"]["user"]["status"] = 4.into();
    assert_eq!(from_api(&bytes(&api), "some.body"), Err(NoRoom::Offline));
}

#[test]
fn a_channel_without_a_room_is_offline() {
    for none in [json!(""), json!("0"), json!(0), json!(null), json!(["7"])] {
        let api = with(api(), "/data/user/roomId", none.clone());
        assert_eq!(from_api(&bytes(&api), "some.body"), Err(NoRoom::Offline), "{none}");
        let detail = with(detail(), "/__DEFAULT_SCOPE__/webapp.user-detail/userInfo/user/roomId", none);
        assert_eq!(profile(&detail), Err(NoRoom::Offline));
    }
    let never = json!({"LiveRoom": {"needLogin": false, "isAgeGateRoom": false}});
    assert_eq!(live_page(&never), Err(NoRoom::Offline));
}

#[test]
fn nobody_else_is_read() {
    let other = || json!("somebody.else");
    let renamed = Err(NoRoom::Renamed("somebody.else".to_owned()));
    assert_eq!(from_api(&bytes(&with(api(), "/data/user/uniqueId", other())), "some.body"), renamed);
    let state = with(state(), "/LiveRoom/liveRoomUserInfo/user/uniqueId", other());
    assert_eq!(live_page(&state), renamed);
    let detail = with(detail(), "/__DEFAULT_SCOPE__/webapp.user-detail/userInfo/user/uniqueId", other());
    assert_eq!(profile(&detail), renamed);
    for nobody in [json!(""), json!(null), json!("a b\n"), json!("../x")] {
        let api = with(api(), "/data/user/uniqueId", nobody);
        assert_eq!(from_api(&bytes(&api), "some.body"), Err(NoRoom::Unreadable));
    }
    let info = with(info(), "/data/id_str", json!("7412345678901234568"));
    assert_eq!(from_info(&bytes(&info), ROOM), Err(NoRoom::Unreadable));
}

#[test]
fn codes_say_what_is_wrong() {
    let of_api = |code: u64| from_api(&bytes(&json!({"statusCode": code, "data": {}})), "some.body").unwrap_err();
    assert_eq!(of_api(19_881_007), NoRoom::Unknown);
    assert_eq!(of_api(10_000), NoRoom::Trouble);
    assert_eq!(of_api(0), NoRoom::Unreadable);
    let of_profile = |code: u64| {
        profile(&json!({"__DEFAULT_SCOPE__": {"webapp.user-detail": {"statusCode": code, "userInfo": {}}}}))
            .unwrap_err()
    };
    assert_eq!(of_profile(10_222), NoRoom::Private);
    assert_eq!((of_profile(10_221), of_profile(10_223)), (NoRoom::Unknown, NoRoom::Unknown));
    assert_eq!(of_profile(209_002), NoRoom::Blocked(Block::Cookies));
    assert_eq!(of_profile(1), NoRoom::Trouble);
    let of_info = |answer: Value| from_info(&bytes(&answer), ROOM).unwrap_err();
    assert_eq!(of_info(json!({"status_code": 4_003_110, "data": {"prompts": "x"}})), NoRoom::AgeGate);
    assert_eq!(of_info(json!({"status_code": 20_003})), NoRoom::LoginNeeded);
    assert_eq!(of_info(json!({"status_code": 10_011})), NoRoom::Trouble);
    assert_eq!(of_info(json!({"status_code": 0, "data": {"prompts": "x"}})), NoRoom::LoginNeeded);
    assert_eq!(of_info(json!({"status_code": 0})), NoRoom::Unreadable);
}

#[test]
fn a_gate_counts_only_before_a_broadcast() {
    let gated = |gate: &str, state: Value| live_page(&with(state, &format!("/LiveRoom/{gate}"), json!(true)));
    let ended = || with(state(), "/LiveRoom/liveRoomUserInfo/liveRoom/status", json!(4));
    assert_eq!(gated("needLogin", state()), Err(NoRoom::LoginNeeded));
    assert_eq!(gated("isAgeGateRoom", state()), Err(NoRoom::AgeGate));
    assert_eq!(gated("needLogin", ended()), Err(NoRoom::Offline));
    let unsaid = json!({"LiveRoom": {"needLogin": true, "isAgeGateRoom": false}});
    assert_eq!(live_page(&unsaid), Err(NoRoom::LoginNeeded));
}

#[test]
fn paid_broadcasts_come_with_a_warning() {
    let warning = |place: &str| from_api(&bytes(&with(api(), place, json!(1))), "some.body").unwrap().warning.unwrap();
    assert!(warning("/data/liveRoom/liveSubOnly").contains("subscribers"));
    assert!(warning("/data/liveRoom/paidEvent/paid_type").contains("costs"));
}

#[test]
fn walls_are_told_apart() {
    let shell = b"<html><head><title>Please wait...</title><script>/* SlardarWAF */</script></head></html>";
    let captcha = b"<html><body>Verify to continue: drag the slider</body></html>";
    let region = b"<html><body>We have Discontinued operating TikTok in this place.</body></html>";
    let cases: [(&[u8], NoRoom); 6] = [
        (b"", NoRoom::Blocked(Block::Empty)),
        (b" \n", NoRoom::Blocked(Block::Empty)),
        (b"<html></html>", NoRoom::Blocked(Block::Page)),
        (shell, NoRoom::Blocked(Block::Shell)),
        (captcha, NoRoom::Blocked(Block::Captcha)),
        (region, NoRoom::RegionClosed),
    ];
    for (body, expected) in cases {
        assert!(expected.is_odd());
        assert_eq!(from_api(body, "some.body"), Err(expected.clone()));
        assert_eq!(from_live_page(body, "some.body"), Err(expected.clone()));
        assert_eq!(from_profile(body, "some.body"), Err(expected.clone()));
        assert_eq!(from_info(body, ROOM), Err(expected.clone()));
        assert_eq!(alive(body, ROOM), Err(expected));
    }
    let long = [captcha.to_vec(), vec![b' '; 100_000]].concat();
    assert_eq!(from_live_page(&long, "some.body"), Err(NoRoom::Blocked(Block::Page)), "its own scripts may say so");
    assert_eq!(from_api(b"not json", "some.body"), Err(NoRoom::Unreadable));
    assert_eq!(wall(200, b"{}"), None);
    assert_eq!(wall(200, b""), Some(NoRoom::Blocked(Block::Empty)));
    assert_eq!(wall(403, b"no"), Some(NoRoom::Blocked(Block::Forbidden)));
    assert_eq!(wall(403, captcha), Some(NoRoom::Blocked(Block::Captcha)));
    assert_eq!(wall(429, b""), Some(NoRoom::Blocked(Block::Limited)));
    assert_eq!(wall(502, b""), Some(NoRoom::Trouble));
    assert_eq!(wall(404, b""), Some(NoRoom::Unreadable));
}

#[test]
fn a_room_is_open_if_its_own_entry_says_so() {
    let of = |data: Value| alive(&bytes(&json!({"data": data, "status_code": 0})), ROOM);
    let other = json!({"alive": true, "room_id": 1, "room_id_str": "1"});
    assert_eq!(of(json!([other, {"alive": true, "room_id": ROOM, "room_id_str": ROOM.to_string()}])), Ok(true));
    assert_eq!(of(json!([{"alive": false, "room_id": ROOM}, other])), Ok(false));
    // Numbers of this size are rounded by some writers; the text is not.
    assert_eq!(
        of(json!([{"alive": true, "room_id": 7_412_345_678_901_234_000_u64, "room_id_str": ROOM.to_string()}])),
        Ok(true)
    );
    assert_eq!(of(json!([{"alive": true}])), Ok(true));
    for unsaid in [json!([]), json!([other]), json!([{"alive": "yes", "room_id": ROOM}]), json!(null)] {
        assert_eq!(of(unsaid), Err(NoRoom::Unreadable));
    }
}

#[test]
fn the_state_is_found_in_any_tag() {
    for tag in [
        "<script id=\"X\" type=\"application/json\">",
        "<script type=\"application/json\" id=\"X\">",
        "<script type='application/json' id='X' nonce='abc'>",
        "<script nonce=\"a\"\n\tid = \"X\">",
        "<script ID=X type=application/json>",
    ] {
        let page = format!("<p>X id=\"X\"</p><script>var X = \"X\";</script>{tag}{{\"a\":1}}</script><p>");
        assert_eq!(script(page.as_bytes(), "X"), Some(&b"{\"a\":1}"[..]), "{tag}");
    }
    for none in [
        "<script data-id=\"X\">{}</script>",
        "<script id=\"XY\">{}</script>",
        "<script id=\"X'>{}</script>",
        "<div id=\"X\">{}</div>",
        "<script>id=\"X\">{}</script>",
        "<script id=\"X\">{}",
        "<script id=\"X\"",
        "id=\"X\">{}</script>",
    ] {
        assert_eq!(script(none.as_bytes(), "X"), None, "{none}");
    }
}

#[test]
fn the_search_for_the_state_has_an_end() {
    let mut page = "id=\"SIGI_STATE\" ".repeat(200_000).into_bytes();
    page.extend(super::tests::page("SIGI_STATE", &state()));
    assert_eq!(from_live_page(&page, "some.body"), Err(NoRoom::Blocked(Block::Page)));
}

#[test]
fn no_kind_of_value_in_any_place_breaks_a_reader() {
    let readable = |found: Result<Found, NoRoom>| {
        if let Ok(found) = found {
            assert!(found.room_id != 0);
            assert!(found.avatar.is_none_or(|avatar| avatar.starts_with("https://")));
        }
    };
    each_mutation(&api(), |json| readable(from_api(&bytes(json), "some.body")));
    each_mutation(&state(), |json| readable(live_page(json)));
    each_mutation(&detail(), |json| readable(profile(json)));
    each_mutation(&info(), |json| readable(from_info(&bytes(json), ROOM)));
    each_mutation(&json!({"data": [{"alive": true, "room_id": ROOM}]}), |json| {
        let _ = alive(&bytes(json), ROOM);
    });
}

proptest! {
    #[test]
    fn no_damage_breaks_a_reader(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        for whole in [
            bytes(&api()),
            bytes(&info()),
            page("SIGI_STATE", &state()),
            page("__UNIVERSAL_DATA_FOR_REHYDRATION__", &detail()),
        ] {
            let mut damaged = whole.clone();
            let at = at.index(damaged.len());
            if cut { damaged.truncate(at) } else { damaged[at] = byte }
            let found = [
                from_api(&damaged, "some.body"),
                from_live_page(&damaged, "some.body"),
                from_profile(&damaged, "some.body"),
                from_info(&damaged, ROOM),
            ];
            for found in found.into_iter().flatten() {
                prop_assert!(found.room_id != 0);
                prop_assert!(found.username.eq_ignore_ascii_case("some.body") || found.room_id == ROOM);
            }
        }
    }

    #[test]
    fn any_bytes_are_read(body in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(from_api(&body, "some.body").is_err());
        prop_assert!(from_live_page(&body, "some.body").is_err());
        prop_assert!(from_profile(&body, "some.body").is_err());
        prop_assert!(from_info(&body, ROOM).is_err());
    }
}
