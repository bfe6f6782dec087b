//! Third-party emotes from end to end: simulated providers and platforms, the real connectors, hub and server, and
//! clients on real sockets.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::path::PathBuf;
use std::time::Duration;

use polychat_hub::EmotesTimings;
use polychat_server::{App, Config};
use polychat_testkit::emotes::{EmoteFault, EmoteService, SimEmote, SimEmotes};
use polychat_testkit::twitch::{SimMessage, SimTwitch, id_of};
use polychat_testkit::youtube::SimYoutube;
use serde_json::{Value, json};
use support::{Client, PATIENCE, config, text, youtube};

use EmoteService::{Bttv, Ffz, SevenTv, SevenTvEvents};

const CHANNEL: &str = "someone";

/// As the real ones, but for people who have no minute.
fn timings() -> EmotesTimings {
    let ms = Duration::from_millis;
    EmotesTimings {
        request: ms(2_000),
        refresh: Duration::from_secs(3_600),
        retry: (ms(50), ms(200)),
        settle: ms(50),
        reconnect: (ms(20), ms(200)),
    }
}

struct World {
    twitch: SimTwitch,
    emotes: SimEmotes,
    folder: PathBuf,
}

impl World {
    async fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("polychat-emotes-{}-{name}", std::process::id()));
        Self { twitch: SimTwitch::start().await, emotes: SimEmotes::start().await, folder }
    }

    fn with(&self, mut config: Config) -> Config {
        let (sim, args) = (&self.emotes, &mut config.emotes);
        args.seventv_url = Some(sim.seventv_url());
        args.seventv_events_url = Some(sim.seventv_events_url());
        args.bttv_url = Some(sim.bttv_url());
        args.ffz_url = Some(sim.ffz_url());
        args.timings = Some(timings());
        config.data_dir = Some(self.folder.clone());
        config
    }

    /// A server with these emotes, and a client that reads the channel.
    async fn serve(&self) -> (App, Client) {
        let app = App::start(self.with(config(&self.twitch))).await.unwrap();
        let mut client = Client::connect(&app).await;
        client.watch_with(CHANNEL, json!({"include": ["events"]})).await;
        (app, client)
    }

    fn put(&self, service: EmoteService, emote: SimEmote) -> &Self {
        self.emotes.channel(service, "twitch", &id_of(CHANNEL), emote);
        self
    }

    /// Waits until the channel's emotes were fetched and are followed live.
    async fn settled(&self) {
        let id = id_of(CHANNEL);
        self.emotes.until("the channel's set is followed", |sim| sim.followers("twitch", &id) > 0).await;
    }

    /// Says `words` until they have these emotes: those that have changed take a moment.
    async fn say_until(&self, client: &mut Client, words: &str, wanted: &[&str]) {
        let says = async {
            loop {
                self.twitch.say(CHANNEL, "alice", words);
                let frame = client.next_chat().await;
                assert_eq!(text(&frame), words, "the text stays as it is");
                if found(&frame) == wanted {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, says).await.is_ok(), "{words} never had the emotes {wanted:?}");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn elements(frame: &Value) -> &[Value] {
    frame["data"]["content"]["elements"].as_array().unwrap()
}

/// The words that are emotes.
fn found(frame: &Value) -> Vec<&str> {
    let emotes = elements(frame).iter().filter(|element| element["type"] == "emote");
    emotes.map(|element| element["value"].as_str().unwrap()).collect()
}

fn url<'a>(frame: &'a Value, word: &str) -> &'a str {
    let element = elements(frame).iter().find(|element| element["type"] == "emote" && element["value"] == word);
    element.and_then(|element| element["metadata"]["url"].as_str()).unwrap_or_default()
}

#[tokio::test]
async fn a_message_has_the_emotes_of_all_providers() {
    let world = World::new("all").await;
    world.emotes.global(SevenTv, SimEmote::new("s1", "Rain").zero_width().animated());
    world.emotes.global(Bttv, SimEmote::new("b1", ":tf:")).global(Bttv, SimEmote::new("b2", "w!").modifier());
    world.emotes.global(Ffz, SimEmote::new("1", "Hipster").animated());
    world.put(SevenTv, SimEmote::new("s2", "peepo")).put(Bttv, SimEmote::new("b3", "peepo"));
    world.put(Bttv, SimEmote::new("b4", "SoSnowy")).put(Ffz, SimEmote::new("2", "LULW"));
    let (app, mut client) = world.serve().await;
    world.settled().await;
    let said = "peepo Rain Hipster :tf: LULW SoSnowy w! FfzOfAFew Peepo peepo, @peepo https://peepo.example/Rain";
    world.say_until(&mut client, said, &["peepo", "Rain", "Hipster", ":tf:", "LULW", "SoSnowy"]).await;
    world.twitch.say(CHANNEL, "alice", said);
    let frame = client.next_chat().await;
    assert_eq!(url(&frame, "peepo"), "https://cdn.betterttv.net/emote/b3/3x.webp", "BTTV before 7TV");
    assert_eq!(url(&frame, "Rain"), "https://cdn.7tv.app/emote/s1/3x.webp");
    assert_eq!(url(&frame, "Hipster"), "https://cdn.frankerfacez.com/emote/1/animated/2");
    let peepo = json!({"type": "emote", "value": "peepo", "position": [0, 5],
        "metadata": {"url": "https://cdn.betterttv.net/emote/b3/3x.webp", "alt": "peepo", "is_custom": true}});
    assert_eq!(elements(&frame)[0], peepo);
    for (at, style) in [(2, json!("zero_width")), (4, Value::Null), (10, json!("zero_width"))] {
        assert_eq!(elements(&frame)[at]["metadata"]["style"], style, "{}", elements(&frame)[at]);
    }
    let joined: String = elements(&frame).iter().map(|e| e["value"].as_str().unwrap()).collect();
    assert_eq!(joined, said);
    let html = frame["data"]["content"]["rawHtml"].as_str().unwrap();
    assert!(html.contains("src=\"https://cdn.7tv.app/emote/s1/3x.webp\""), "{html}");

    world.twitch.send(CHANNEL, &SimMessage::chat("Kappa peepo").from("alice").emotes("25:0-4"));
    let frame = client.next_chat().await;
    assert_eq!(found(&frame), ["Kappa", "peepo"]);
    assert_eq!(elements(&frame)[0]["metadata"]["is_custom"], false, "the platform's own stays what it is");

    let resub = SimMessage::notice("resub", "alice subscribed").from("alice").text("love peepo");
    world.twitch.send(CHANNEL, &resub);
    let event = client.until(|frame| frame["type"] == "event").await;
    assert_eq!(event["data"]["message"]["elements"][1]["value"], "peepo", "{event}");
    app.stop().await;
}

#[tokio::test]
async fn changes_of_7tv_are_followed_live() {
    let world = World::new("live").await;
    let id = id_of(CHANNEL);
    world.put(SevenTv, SimEmote::new("e1", "First"));
    let (app, mut client) = world.serve().await;
    world.settled().await;
    let words = "First Second Third Fourth";
    world.say_until(&mut client, words, &["First"]).await;
    assert_eq!(world.emotes.add("twitch", &id, SimEmote::new("e2", "Second")), 1);
    world.say_until(&mut client, words, &["First", "Second"]).await;
    world.emotes.rename("twitch", &id, "e2", "Third");
    world.say_until(&mut client, words, &["First", "Third"]).await;
    world.emotes.remove("twitch", &id, "e1");
    world.say_until(&mut client, words, &["Third"]).await;
    world.emotes.switch("twitch", &id, "another", vec![SimEmote::new("e3", "Fourth")]);
    world.say_until(&mut client, words, &["Fourth"]).await;
    world.settled().await;
    world.emotes.add("twitch", &id, SimEmote::new("e4", "First"));
    world.say_until(&mut client, words, &["First", "Fourth"]).await;

    // What changes while the connection is lost is not missed.
    world.emotes.fault(SevenTvEvents, EmoteFault::Status(503)).cut();
    world.emotes.until("the connection is gone", |sim| sim.followers("twitch", &id) == 0).await;
    assert_eq!(world.emotes.remove("twitch", &id, "e3"), 0, "nobody hears it");
    world.emotes.well(SevenTvEvents);
    world.say_until(&mut client, words, &["First"]).await;
    app.stop().await;
}

#[tokio::test]
async fn one_provider_that_fails_changes_nothing_else() {
    let world = World::new("down").await;
    world.put(SevenTv, SimEmote::new("s", "Seven")).put(Bttv, SimEmote::new("b", "Better"));
    world.put(Ffz, SimEmote::new("1", "Franker"));
    world.emotes.fault(Ffz, EmoteFault::Status(503)).fault(Bttv, EmoteFault::Hang);
    let (app, mut client) = world.serve().await;
    let words = "Seven Better Franker";
    world.say_until(&mut client, words, &["Seven"]).await;
    world.emotes.well(Ffz);
    world.say_until(&mut client, words, &["Seven", "Franker"]).await;
    world.emotes.well(Bttv).fault(SevenTv, EmoteFault::Status(500));
    world.say_until(&mut client, words, &["Seven", "Better", "Franker"]).await;
    app.stop().await;
}

#[tokio::test]
async fn emotes_are_there_from_the_first_message_without_network() {
    let world = World::new("offline").await;
    world.emotes.global(Ffz, SimEmote::new("1", "Hipster"));
    world.put(SevenTv, SimEmote::new("s", "peepo").zero_width());
    let (app, mut client) = world.serve().await;
    world.say_until(&mut client, "peepo Hipster", &["peepo", "Hipster"]).await;
    world.settled().await;
    world.emotes.add("twitch", &id_of(CHANNEL), SimEmote::new("s2", "late"));
    world.say_until(&mut client, "late", &["late"]).await;
    app.stop().await;
    // Told live just before the end: on disk a moment later, or not. What was fetched is.
    for service in [SevenTv, SevenTvEvents, Bttv, Ffz] {
        world.emotes.fault(service, EmoteFault::Status(503));
    }
    let (app, mut client) = world.serve().await;
    world.twitch.say(CHANNEL, "alice", "peepo Hipster");
    let frame = client.next_chat().await;
    assert_eq!(found(&frame), ["peepo", "Hipster"], "the first message");
    assert_eq!(elements(&frame)[0]["metadata"]["style"], "zero_width");
    app.stop().await;
}

#[tokio::test]
async fn damaged_files_on_disk_are_no_emotes() {
    let world = World::new("damaged").await;
    let folder = world.folder.join("cache").join("emotes");
    std::fs::create_dir_all(&folder).unwrap();
    let name = format!("twitch-username-{CHANNEL}.json");
    let emote = |word: &str, url: &str| json!({"word": word, "id": "1", "url": url});
    let lists = json!([[emote("bad", "javascript:alert(1)"), emote("good", "https://a.example/1")], [], []]);
    let file =
        json!({"version": 2, "content": {"owner": id_of(CHANNEL), "emotes": lists, "set_id": null, "user_id": null}});
    std::fs::write(folder.join(name), file.to_string()).unwrap();
    std::fs::write(folder.join("everybody.json"), "{\"version\": 2, \"content\": [[[").unwrap();
    for service in [SevenTv, Bttv, Ffz] {
        world.emotes.fault(service, EmoteFault::Status(503));
    }
    let (app, mut client) = world.serve().await;
    world.twitch.say(CHANNEL, "alice", "bad good");
    assert_eq!(found(&client.next_chat().await), ["good"]);
    app.stop().await;
}

#[tokio::test]
async fn hostile_answers_cost_nothing_but_emotes() {
    let world = World::new("hostile").await;
    world.put(SevenTv, SimEmote::new("s", "peepo"));
    let faults = [EmoteFault::Garbage, EmoteFault::Odd, EmoteFault::Cut, EmoteFault::Huge(20 * 1024 * 1024)];
    for fault in faults {
        for service in [SevenTv, SevenTvEvents, Bttv, Ffz] {
            world.emotes.fault(service, fault);
        }
        let asked = world.emotes.count(SevenTv);
        let (app, mut client) = world.serve().await;
        world.emotes.until("7TV was asked twice", |sim| sim.count(SevenTv) > asked + 1).await;
        world.twitch.say(CHANNEL, "alice", "peepo <b>");
        let frame = client.next_chat().await;
        assert_eq!((text(&frame), found(&frame)), ("peepo <b>", vec![]), "{fault:?}");
        app.stop().await;
    }
    for service in [SevenTv, SevenTvEvents, Bttv, Ffz] {
        world.emotes.well(service);
    }
    let (app, mut client) = world.serve().await;
    world.settled().await;
    world.say_until(&mut client, "peepo", &["peepo"]).await;
    for frame in [
        "",
        "{",
        "[]",
        "7",
        "{\"op\": 99}",
        "{\"op\": 0}",
        "{\"op\": 0, \"d\": {\"type\": \"emote_set.update\"}}",
        "{\"op\": 1, \"d\": {\"heartbeat_interval\": -1, \"subscription_limit\": 99999999999}}",
    ] {
        world.emotes.say(frame);
    }
    let set = format!("settwitch{}", id_of(CHANNEL));
    let mut evil = json!({"id": "x", "name": "evil", "flags": 0, "data": {"host": {"url": "javascript:alert(1)"}}});
    let pushed = |emote: &Value| {
        let body = json!({"id": set, "pushed": [{"key": "emotes", "value": emote}], "pulled": 7, "updated": null});
        json!({"op": 0, "d": {"type": "emote_set.update", "body": body}}).to_string()
    };
    world.emotes.say(&pushed(&evil));
    evil["data"]["host"]["url"] = json!("//cdn.7tv.app/emote/x");
    evil["name"] = json!("harmless");
    world.emotes.say(&pushed(&evil));
    world.say_until(&mut client, "peepo evil harmless", &["peepo", "harmless"]).await;
    app.stop().await;
}

#[tokio::test]
async fn a_channel_of_youtube_has_its_own_emotes() {
    let world = World::new("youtube").await;
    let sim = SimYoutube::start().await;
    sim.add_channel("luna", "Luna Paints");
    let video = sim.start_stream("luna", "painting");
    let id = polychat_testkit::youtube::channel_id("luna");
    world.emotes.global(Ffz, SimEmote::new("1", "Hipster"));
    world.emotes.channel(SevenTv, "youtube", &id, SimEmote::new("s", "peepo"));
    world.emotes.channel(Bttv, "youtube", &id, SimEmote::new("b", "Pog"));
    let app = App::start(world.with(youtube::settings(&sim, &world.twitch))).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "subscribe", "platform": "youtube", "identifier": "@luna"})).await;
    client.until_status("started").await;
    world.emotes.until("the set is followed", |sim| sim.followers("youtube", &id) > 0).await;
    let says = async {
        for n in 0.. {
            sim.say(&video, "alice", &format!("peepo Pog Hipster {n}"));
            if found(&client.next_chat().await) == ["peepo", "Pog", "Hipster"] {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, says).await.is_ok(), "the emotes never came");
    app.stop().await;
}
