//! Requests over real sockets, to the simulated TikTok.

use polychat_testkit::SimTiktok;
use polychat_testkit::tiktok::{Endpoint, Fault, Logged};

use super::*;
use crate::tiktok::agent::AGENTS;
use crate::tiktok::key;
use crate::tiktok::room::Found;
use crate::tiktok::ttwid::NoTtwid;
use polychat_model::IdentifierType::{LiveId, Username};
use polychat_model::wire::Owner;

/// No waiting between lookups, and pauses that outlast a test.
const PACE: Pace = Pace {
    lookup: Duration::ZERO,
    pause: Duration::from_secs(600),
    pause_max: Duration::from_secs(600),
    mint: Duration::from_millis(1),
};
/// The same without pauses.
const EAGER: Pace = Pace { pause: Duration::ZERO, pause_max: Duration::ZERO, ..PACE };

fn config(sim: &SimTiktok) -> TiktokConfig {
    TiktokConfig {
        url: sim.url(),
        webcast_url: sim.webcast_url(),
        ws_url: sim.ws_url(),
        ttwid_url: Some(sim.ttwid_url()),
        ..TiktokConfig::default()
    }
}

async fn tiktok(pace: Pace) -> (SimTiktok, Web) {
    let sim = SimTiktok::start().await;
    let web = Web::paced(&config(&sim), pace);
    (sim, web)
}

async fn find(web: &Web, typed: &str) -> Result<Found, NoRoom> {
    web.find(&key(Username, typed).unwrap(), &mut Owner::default()).await
}

fn last(sim: &SimTiktok, endpoint: Endpoint) -> Logged {
    sim.log().of(endpoint).pop().unwrap().clone()
}

/// How often each source was asked, in the order in which they are asked.
fn asked(sim: &SimTiktok) -> [u64; 5] {
    [Endpoint::RoomState, Endpoint::LivePage, Endpoint::ProfilePage, Endpoint::RoomInfo, Endpoint::CheckAlive]
        .map(|endpoint| sim.requests(endpoint))
}

#[tokio::test]
async fn a_broadcast_is_found_by_name_with_one_request_like_the_pages_own() {
    let (sim, web) = tiktok(PACE).await;
    let room_id = sim.channel("weir").go_live();
    let found = find(&web, "https://www.tiktok.com/@Weir/live").await.unwrap();
    assert_eq!((found.room_id, found.live, &*found.username), (room_id, true, "weir"));
    assert!(found.user_id.is_some() && found.avatar.is_some() && found.title.is_some() && found.viewers.is_some());
    assert!(found.started_at_ms.is_some() && found.warning.is_none());
    assert_eq!(asked(&sim), [1, 0, 0, 0, 0]);
    let request = last(&sim, Endpoint::RoomState);
    assert!(request.path.starts_with("/api-live/user/room/?aid=1988&app_name=tiktok_web&"), "{}", request.path);
    assert_eq!(
        (request.query("uniqueId").as_deref(), request.query("sourceType").as_deref()),
        (Some("weir"), Some("54"))
    );
    assert_eq!(request.header("user-agent"), Some(AGENTS[0].name));
    assert_eq!(request.header("referer"), Some("https://www.tiktok.com/"));
    assert!(request.header("accept-language").is_some() && request.header("cookie").is_none());
}

#[tokio::test]
async fn a_task_of_its_own_may_ask() {
    let (sim, web) = tiktok(PACE).await;
    let room_id = sim.channel("weir").go_live();
    let asking = tokio::spawn(async move {
        let visitor = web.ttwid().await.unwrap();
        (find(&web, "weir").await.unwrap().room_id, web.is_alive(room_id).await, web.rotate(&visitor))
    });
    assert_eq!(asking.await.unwrap(), (room_id, Ok(true), true));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_apart() {
    let (sim, web) = tiktok(PACE).await;
    assert_eq!(find(&web, "nobody").await, Err(NoRoom::Unknown));
    sim.channel("weir");
    assert_eq!(find(&web, "weir").await, Err(NoRoom::Offline));
    let room_id = sim.channel("weir").go_live();
    sim.channel("weir").end();
    assert_eq!(find(&web, "weir").await, Err(NoRoom::Offline));
    assert_eq!(find(&web, &room_id.to_string()).await, Err(NoRoom::Ended));
    sim.channel("grown").change(|channel| channel.age_gate = true);
    let room_id = sim.channel("grown").go_live();
    assert_eq!(find(&web, &room_id.to_string()).await, Err(NoRoom::AgeGate));
    sim.channel("club").change(|channel| channel.login_gate = true);
    let room_id = sim.channel("club").go_live();
    assert_eq!(find(&web, &room_id.to_string()).await, Err(NoRoom::LoginNeeded));
    sim.channel("paid").change(|channel| channel.paid = true).go_live();
    assert!(find(&web, "paid").await.unwrap().warning.is_some());
}

#[tokio::test]
async fn a_refused_source_is_left_alone_and_the_next_is_asked() {
    for fault in
        [Fault::Status(403), Fault::RateLimited(None), Fault::Empty, Fault::Html, Fault::AntiBot, Fault::Captcha]
    {
        let (sim, web) = tiktok(PACE).await;
        let room_id = sim.channel("weir").go_live();
        sim.fault_always(Endpoint::RoomState, fault);
        let found = find(&web, "weir").await.unwrap();
        assert_eq!((found.room_id, found.live, found.title.is_some()), (room_id, true, true), "{fault:?}");
        find(&web, "weir").await.unwrap();
        assert_eq!(asked(&sim), [1, 2, 0, 0, 0], "{fault:?}");

        sim.fault_always(Endpoint::LivePage, fault);
        let found = find(&web, "weir").await.unwrap();
        assert_eq!((found.room_id, found.live, found.title.is_some()), (room_id, true, true), "{fault:?}");
        assert_eq!(asked(&sim), [1, 3, 1, 1, 0], "{fault:?}");
        sim.channel("weir").change(|channel| channel.private = true);
        assert_eq!(find(&web, "weir").await, Err(NoRoom::Private));
        assert_eq!(find(&web, "nobody").await, Err(NoRoom::Unknown));

        sim.fault_always(Endpoint::ProfilePage, fault);
        let blocked = find(&web, "weir").await.unwrap_err();
        assert!(matches!(blocked, NoRoom::Blocked(_)), "{blocked:?}");
        let before = asked(&sim);
        assert_eq!(find(&web, "weir").await, Err(blocked));
        assert_eq!(asked(&sim), before, "nobody is asked during a pause");
    }
}

#[tokio::test]
async fn a_source_with_an_odd_answer_is_asked_again() {
    for fault in [Fault::Code(10_000), Fault::Garbage, Fault::Truncated, Fault::Status(503)] {
        let (sim, web) = tiktok(PACE).await;
        sim.channel("weir").go_live();
        sim.fault(Endpoint::RoomState, fault, 1);
        find(&web, "weir").await.unwrap();
        find(&web, "weir").await.unwrap();
        assert_eq!(asked(&sim), [2, 1, 0, 0, 0], "{fault:?}");
    }
    let (sim, web) = tiktok(PACE).await;
    for endpoint in [Endpoint::RoomState, Endpoint::LivePage, Endpoint::ProfilePage] {
        sim.fault_always(endpoint, Fault::Garbage);
    }
    assert!(matches!(find(&web, "weir").await, Err(NoRoom::Unreadable | NoRoom::Blocked(Block::Page))));
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let (sim, web) = tiktok(PACE).await;
    sim.channel("weir").go_live();
    sim.fault_always(Endpoint::RoomState, Fault::Huge(64 * 1024 * 1024));
    assert!(find(&web, "weir").await.unwrap().live, "the page says it");
}

#[tokio::test]
async fn where_there_is_no_tiktok_it_says_so() {
    let (sim, web) = tiktok(PACE).await;
    sim.fault_always(Endpoint::RoomState, Fault::Empty);
    sim.fault_always(Endpoint::LivePage, Fault::Region);
    sim.fault_always(Endpoint::ProfilePage, Fault::Html);
    assert_eq!(find(&web, "weir").await, Err(NoRoom::RegionClosed));
    assert!(is_region_notice(&Url::parse("https://www.tiktok.com/hk/notfound").unwrap()));
    assert!(!is_region_notice(&Url::parse("https://www.tiktok.com/@x/notfound").unwrap()));
}

#[tokio::test]
async fn without_a_connection_no_other_source_is_tried() {
    let (sim, web) = tiktok(PACE).await;
    sim.stop().await;
    assert_eq!(find(&web, "weir").await, Err(NoRoom::Unreachable));
    assert_eq!(find(&web, "7412345678901234567").await, Err(NoRoom::Unreachable));
    assert_eq!(web.ttwid().await, Err(NoTtwid::Refused(NoRoom::Unreachable)));
    let nowhere = TiktokConfig { url: "nonsense".into(), webcast_url: "file:///x".into(), ..TiktokConfig::default() };
    let web = Web::paced(&TiktokConfig { ttwid_url: None, ..nowhere }, PACE);
    assert_eq!(find(&web, "weir").await, Err(NoRoom::Unreachable));
    assert_eq!(web.is_alive(1).await, Err(NoRoom::Unreachable));
    assert_eq!(web.ttwid().await, Err(NoTtwid::Refused(NoRoom::Unreachable)));
}

#[tokio::test]
async fn a_room_is_found_by_its_id_and_tried_where_nobody_says_anything() {
    let (sim, web) = tiktok(EAGER).await;
    let room_id = sim.channel("weir").go_live();
    let found = web.find(&key(LiveId, &room_id.to_string()).unwrap(), &mut Owner::default()).await.unwrap();
    assert_eq!((found.room_id, found.live, &*found.username), (room_id, true, "weir"));
    assert_eq!(last(&sim, Endpoint::RoomInfo).query("aid").as_deref(), Some("1988"));
    assert_eq!(last(&sim, Endpoint::RoomInfo).header("origin"), Some("https://www.tiktok.com"));
    assert_eq!(web.is_alive(room_id).await, Ok(true));
    assert_eq!(asked(&sim), [0, 0, 0, 1, 1]);

    sim.fault_always(Endpoint::RoomInfo, Fault::Empty);
    let found = find(&web, &room_id.to_string()).await.unwrap();
    assert_eq!(found, Found { live: true, ..Found::unseen(room_id) });
    sim.fault_always(Endpoint::CheckAlive, Fault::Status(403));
    assert_eq!(find(&web, &room_id.to_string()).await, Ok(Found::unseen(room_id)));
    sim.well(Endpoint::CheckAlive);
    sim.channel("weir").end();
    assert_eq!(find(&web, &room_id.to_string()).await, Err(NoRoom::Ended));
    assert_eq!(web.is_alive(room_id).await, Ok(false));
}

#[tokio::test]
async fn a_short_link_leads_to_a_channel_of_tiktok_and_is_followed_once() {
    let (sim, web) = tiktok(EAGER).await;
    let room_id = sim.channel("weir").go_live();
    sim.short_link("ZTabcDEF1", "https://www.tiktok.com/@weir/live?_r=1");
    sim.short_link("ZTabcDEF2", "/@weir/live");
    sim.short_link("ZTabcDEF3", &format!("https://m.tiktok.com/share/live/{room_id}/"));
    for code in ["ZTabcDEF1", "ZTabcDEF2", "ZTabcDEF3"] {
        for _ in 0..2 {
            assert_eq!(find(&web, &format!("t/{code}")).await.unwrap().room_id, room_id, "{code}");
        }
    }
    assert_eq!(sim.requests(Endpoint::ShortLink), 3, "each once");
    sim.short_link("ZTabcDEF4", "https://evil.example/@weir");
    sim.short_link("ZTabcDEF5", "/t/ZTabcDEF1");
    sim.short_link("ZTabcDEF6", "http://169.254.169.254/@weir");
    for code in ["ZTabcDEF4", "ZTabcDEF5", "ZTabcDEF6", "ZTunknown1"] {
        assert_eq!(find(&web, &format!("t/{code}")).await, Err(NoRoom::Unknown), "{code}");
    }
    sim.fault(Endpoint::ShortLink, Fault::Captcha, 1);
    assert_eq!(find(&web, "t/ZTabcDEF7").await, Err(NoRoom::Blocked(Block::Captcha)));
}

#[test]
fn real_short_links_are_asked_at_their_own_host() {
    let url = |config: &TiktokConfig, typed: &str| {
        let key = key(Username, typed).unwrap();
        let (place, code) = crate::tiktok::identifier::short_link(&key).unwrap();
        Web::paced(config, PACE).short_url(place, code).unwrap().to_string()
    };
    let real = TiktokConfig::default();
    assert_eq!(url(&real, "vm.tiktok.com/ZMabcDEF1"), "https://vm.tiktok.com/ZMabcDEF1/");
    assert_eq!(url(&real, "vt.tiktok.com/ZMabcDEF1"), "https://vt.tiktok.com/ZMabcDEF1/");
    assert_eq!(url(&real, "tiktok.com/t/ZMabcDEF1"), "https://www.tiktok.com/t/ZMabcDEF1/");
    let other = TiktokConfig { url: "http://127.0.0.1:1/below".into(), ..real };
    assert_eq!(url(&other, "vm.tiktok.com/ZMabcDEF1"), "http://127.0.0.1:1/below/t/ZMabcDEF1/");
}

#[tokio::test]
async fn lookups_of_many_channels_take_turns() {
    let pace = Pace { lookup: Duration::from_millis(40), ..PACE };
    let (sim, web) = tiktok(pace).await;
    let begun = std::time::Instant::now();
    let (a, b, c) = tokio::join!(find(&web, "a"), find(&web, "b"), find(&web, "c"));
    assert_eq!((a, b, c), (Err(NoRoom::Unknown), Err(NoRoom::Unknown), Err(NoRoom::Unknown)));
    assert!(begun.elapsed() >= Duration::from_millis(80), "two pauses for three lookups");
    assert_eq!(sim.requests(Endpoint::RoomState), 3);
}

#[tokio::test]
async fn a_visitor_is_registered_once_for_all_rooms() {
    let (sim, web) = tiktok(PACE).await;
    let (one, other) = tokio::join!(web.ttwid(), web.ttwid());
    assert_eq!(one, other);
    let visitor = one.unwrap();
    assert!(visitor.ttwid.starts_with("1%7C"), "as it was received");
    assert_eq!(web.ttwid().await, Ok(visitor.clone()));
    assert_eq!(sim.requests(Endpoint::Register), 1);
    let request = last(&sim, Endpoint::Register);
    assert_eq!((request.method.as_str(), request.header("user-agent")), ("POST", Some(visitor.agent.name)));
    // Pages are asked for as this visitor from now on.
    sim.fault(Endpoint::RoomState, Fault::Empty, 1);
    let _ = find(&web, "weir").await;
    let cookie = format!("ttwid={}", visitor.ttwid);
    assert_eq!(last(&sim, Endpoint::LivePage).header("cookie"), Some(&*cookie));
}

#[tokio::test]
async fn the_ways_to_a_visitor_are_tried_in_order() {
    let ways = [Endpoint::Register, Endpoint::LiveHome, Endpoint::Home, Endpoint::ProfilePage];
    for (given, expected) in [
        (ways[0], [1, 0, 0, 0]),
        (ways[1], [1, 1, 0, 0]),
        // Every second one of its answers has the cookie.
        (ways[2], [1, 1, 2, 0]),
        (ways[3], [1, 1, 8, 1]),
    ] {
        let (sim, web) = tiktok(PACE).await;
        sim.cookies_from(&[given]);
        web.ttwid().await.unwrap();
        assert_eq!(ways.map(|way| sim.requests(way)), expected, "{given:?}");
    }
    let (sim, _) = tiktok(PACE).await;
    let web = Web::paced(&TiktokConfig { ttwid_url: None, ..config(&sim) }, PACE);
    web.ttwid().await.unwrap();
    assert_eq!(ways.map(|way| sim.requests(way)), [0, 1, 0, 0], "no registration without its address");
}

#[tokio::test]
async fn without_a_visitor_it_says_why_and_does_not_ask_on() {
    let (sim, web) = tiktok(PACE).await;
    sim.cookies_from(&[]);
    assert_eq!(web.ttwid().await, Err(NoTtwid::NotGiven));
    let before = sim.log().requests.len();
    assert_eq!(web.ttwid().await, Err(NoTtwid::NotGiven));
    assert_eq!(sim.log().requests.len(), before);

    let (sim, web) = tiktok(PACE).await;
    for endpoint in [Endpoint::Register, Endpoint::LiveHome] {
        sim.fault_always(endpoint, Fault::Challenged);
    }
    assert_eq!(web.ttwid().await, Err(NoTtwid::Judged));
    assert_eq!(sim.requests(Endpoint::Home), 0, "every page would judge the same");
}

#[tokio::test]
async fn a_refused_visitor_is_replaced_a_few_times() {
    let (sim, web) = tiktok(PACE).await;
    let first = web.ttwid().await.unwrap();
    assert!(web.rotate(&first));
    assert!(web.rotate(&first), "another room was refused at the same time");
    let second = web.ttwid().await.unwrap();
    assert!(second.ttwid != first.ttwid && second.agent != first.agent);
    assert_eq!(last(&sim, Endpoint::Register).header("user-agent"), Some(second.agent.name));
    let _ = find(&web, "weir").await;
    assert_eq!(last(&sim, Endpoint::RoomState).headers.iter().filter(|(name, _)| name == "user-agent").count(), 1);
    assert_eq!(last(&sim, Endpoint::RoomState).header("user-agent"), Some(second.agent.name));
    assert!(web.rotate(&first), "an old one is gone already");
    assert_eq!(web.ttwid().await, Ok(second.clone()));
    web.accepted(&second);
    let mut visitor = second;
    for _ in 0..3 {
        assert!(web.rotate(&visitor));
        visitor = web.ttwid().await.unwrap();
    }
    assert!(!web.rotate(&visitor), "it is not the visitor");
    assert_eq!(web.ttwid().await, Ok(visitor));
    assert_eq!(sim.requests(Endpoint::Register), 5);
}
