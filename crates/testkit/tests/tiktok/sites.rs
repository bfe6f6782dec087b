//! Pages, the state of channels and rooms, the cookie of visitors, and the sign server.

use polychat_testkit::SimTiktok;
use polychat_testkit::tiktok::{Endpoint, Fault, user_id};
use serde_json::{Value, json};

use crate::reader::{Fields, browser};

async fn get(url: &str) -> (u16, String) {
    let response = browser().get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn json_of(url: &str) -> Value {
    serde_json::from_str(&get(url).await.1).unwrap()
}

async fn state(sim: &SimTiktok, name: &str) -> Value {
    json_of(&format!("{}/api-live/user/room/?aid=1988&uniqueId={name}&sourceType=54", sim.url())).await
}

/// The sign server's answer for a room.
pub(crate) async fn signed(sim: &SimTiktok, room: u64) -> Fields {
    let url = format!("{}/webcast/rooms/{room}/connect?client=polychat", sim.sign_url());
    let response = browser().get(url).header("x-api-key", "secret").send().await.unwrap();
    assert!(response.headers()["x-set-tt-cookie"].to_str().unwrap().starts_with("ttwid=1%7C"));
    Fields::read(&response.bytes().await.unwrap())
}

/// The data of a script in a page.
fn data(page: &str, id: &str) -> Value {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[tokio::test]
async fn a_channel_is_unknown_offline_live_and_over() {
    let sim = SimTiktok::start().await;
    assert_eq!(state(&sim, "luna").await["statusCode"], 19_881_007);
    let luna = sim.channel("Luna");
    assert_eq!(state(&sim, "luna").await["data"]["user"]["roomId"], "");
    let room = luna.go_live();
    luna.change(|channel| channel.subscribers_only = true);
    let live = state(&sim, "luna").await;
    assert_eq!(live["data"]["user"]["id"], user_id("luna").to_string());
    assert_eq!(live["data"]["user"]["roomId"], room.to_string());
    assert_eq!((&live["data"]["liveRoom"]["status"], &live["data"]["liveRoom"]["liveSubOnly"]), (&json!(2), &json!(1)));
    luna.end();
    let over = state(&sim, "luna").await;
    assert_eq!(over["data"]["user"]["roomId"], room.to_string(), "it stays");
    assert_eq!(over["data"]["liveRoom"]["status"], 4);
    assert_ne!(luna.go_live(), room);
}

#[tokio::test]
async fn the_live_page_carries_the_same_in_tags_of_both_orders() {
    let sim = SimTiktok::start().await;
    let luna = sim.channel("luna");
    let url = format!("{}/@luna/live", sim.url());
    assert!(data(&get(&url).await.1, "SIGI_STATE")["LiveRoom"].get("liveRoomUserInfo").is_none());
    let room = luna.go_live();
    let pages = [get(&url).await.1, get(&url).await.1];
    for page in &pages {
        let info = &data(page, "SIGI_STATE")["LiveRoom"]["liveRoomUserInfo"];
        assert_eq!(info["user"]["roomId"], room.to_string());
        assert_eq!(info["liveRoom"]["status"], 2);
    }
    let first = |page: &String| page.contains("<script id=\"SIGI_STATE\"");
    assert_ne!(first(&pages[0]), first(&pages[1]));
    luna.change(|channel| channel.age_gate = true);
    assert_eq!(data(&get(&url).await.1, "SIGI_STATE")["LiveRoom"]["isAgeGateRoom"], true);
    luna.change(|channel| (channel.age_gate, channel.login_gate) = (false, true));
    assert_eq!(data(&get(&url).await.1, "SIGI_STATE")["LiveRoom"]["needLogin"], true);
}

#[tokio::test]
async fn the_profile_page_knows_the_room_while_it_is_live() {
    let sim = SimTiktok::start().await;
    let luna = sim.channel("luna");
    let room = luna.go_live();
    let detail = async |name: &str| {
        let page = get(&format!("{}/@{name}", sim.url())).await.1;
        data(&page, "__UNIVERSAL_DATA_FOR_REHYDRATION__")["__DEFAULT_SCOPE__"]["webapp.user-detail"].clone()
    };
    assert_eq!(detail("luna").await["userInfo"]["user"]["roomId"], room.to_string());
    luna.vanish();
    assert_eq!(detail("luna").await["userInfo"]["user"]["roomId"], "");
    assert_eq!(detail("nobody").await["statusCode"], 10_221);
    luna.change(|channel| channel.private = true);
    assert_eq!(detail("luna").await["statusCode"], 10_222);
}

#[tokio::test]
async fn rooms_are_known_by_their_ids() {
    let sim = SimTiktok::start().await;
    let (luna, orchid) = (sim.channel("luna"), sim.channel("orchid"));
    let (room, other) = (luna.go_live(), orchid.go_live());
    orchid.vanish();
    let alive = format!("{}/webcast/room/check_alive/?aid=1988&room_ids={room},{other},1", sim.webcast_url());
    let alive: Vec<Value> =
        json_of(&alive).await["data"].as_array().unwrap().iter().map(|one| one["alive"].clone()).collect();
    assert_eq!(alive, [true, false, false]);
    let info = async || json_of(&format!("{}/webcast/room/info/?aid=1988&room_id={room}", sim.webcast_url())).await;
    assert_eq!(info().await["data"]["owner"]["display_id"], "luna");
    luna.change(|channel| channel.age_gate = true);
    assert_eq!(info().await["status_code"], 4_003_110);
}

#[tokio::test]
async fn visitors_get_their_cookie_where_it_is_given() {
    let sim = SimTiktok::start().await;
    let cookie = async |path: &str| {
        let response = browser().get(format!("{}{path}", sim.url())).send().await.unwrap();
        response.headers().get_all("set-cookie").iter().any(|cookie| cookie.as_bytes().starts_with(b"ttwid=1%7C"))
    };
    assert!(cookie("/live").await && cookie("/@tiktok").await);
    assert_eq!((cookie("/").await, cookie("/").await), (false, true), "only some answers of the first page");
    sim.cookies_from(&[]);
    assert!(!cookie("/live").await);
    sim.fault(Endpoint::LiveHome, Fault::Challenged, 1);
    let challenged = browser().get(format!("{}/live", sim.url())).send().await.unwrap();
    assert_eq!(challenged.headers()["x-tt-system-error"], "3");
    sim.cookies_from(&[Endpoint::Register]);
    let register = async |aid: u32| {
        let body = json!({"region": "va", "aid": aid, "needFid": false, "service": "https://www.tiktok.com"});
        let url = format!("{}/ttwid/union/register/", sim.ttwid_url());
        browser().post(url).json(&body).send().await.unwrap()
    };
    assert!(register(1768).await.headers().contains_key("set-cookie"));
    assert_eq!(register(1988).await.json::<Value>().await.unwrap()["status_code"], 1001);
}

#[tokio::test]
async fn walls_and_short_links_are_there() {
    let sim = SimTiktok::start().await;
    sim.channel("luna").go_live();
    sim.short_link("ZSabc", "https://www.tiktok.com/@luna/live?_r=1");
    let link = browser().get(format!("{}/t/ZSabc/", sim.url())).send().await.unwrap();
    assert_eq!(link.headers()["location"], "https://www.tiktok.com/@luna/live?_r=1");
    let url = format!("{}/@luna/live", sim.url());
    for (fault, word) in [(Fault::AntiBot, "SlardarWAF"), (Fault::Captcha, "captcha"), (Fault::Region, "discontinued")]
    {
        sim.fault(Endpoint::LivePage, fault, 1);
        assert!(get(&url).await.1.contains(word));
    }
    sim.fault(Endpoint::LivePage, Fault::RateLimited(Some(7)), 1);
    let limited = browser().get(&url).send().await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().unwrap()), (429, "7"));
    let bare = reqwest::get(&url).await.unwrap().text().await.unwrap();
    assert!(bare.contains("SlardarWAF"), "no browser, no page");
    assert_eq!(sim.log().of(Endpoint::ShortLink).len(), 1);
}

#[tokio::test]
async fn the_sign_server_wants_its_key_and_can_be_out() {
    let sim = SimTiktok::start().await;
    let room = sim.channel("luna").go_live();
    sim.channel("luna").say("alice", "hi");
    sim.sign_key(Some("secret"));
    let url = format!("{}/webcast/rooms/{room}/connect", sim.sign_url());
    assert_eq!(get(&url).await.0, 401);
    let answer = signed(&sim, room).await;
    assert!(answer.text(10).starts_with("ws://127.0.0.1"));
    assert_eq!(answer.all(1).len(), 1);
    sim.fault(Endpoint::Sign, Fault::Outage, 1);
    let out = browser().get(&url).header("x-api-key", "secret").send().await.unwrap();
    assert!(Fields::read(&out.bytes().await.unwrap()).text(10).contains("ws-fallback"));
}
