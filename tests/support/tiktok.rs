//! The world of the tests of TikTok: a simulated TikTok, and a server that reads it.

use std::time::Duration;

use polychat_platforms::tiktok::Timings;
use polychat_server::{App, Config};
use polychat_testkit::tiktok::SimTiktok;
use polychat_testkit::twitch::SimTwitch;
use serde_json::{Value, json};

use super::{Client, config, text};

pub const ALL: [&str; 3] = ["events", "moderation", "viewers"];

/// As the real ones, but for people who have no minute.
pub fn timings() -> Timings {
    let ms = Duration::from_millis;
    Timings {
        heartbeat: ms(200),
        connect: ms(5_000),
        join: ms(700),
        silence: ms(1_500),
        healthy: ms(400),
        retry_first: ms(50),
        retry_longest: ms(300),
        retry_refused: ms(50),
        retry_exhausted: ms(400),
        blocked_first: ms(200),
        blocked_longest: ms(400),
        lookup: ms(1),
        mint: ms(10),
        verify_end: ms(100),
        look_again: ms(200),
        primary_again: Duration::from_secs(3_600),
        ..Timings::default()
    }
}

pub struct World {
    pub sim: SimTiktok,
    pub app: App,
    _twitch: SimTwitch,
}

pub async fn world() -> World {
    world_with(|_, _| {}).await
}

pub async fn world_with(change: impl FnOnce(&mut Config, &SimTiktok)) -> World {
    let (sim, twitch) = (SimTiktok::start().await, SimTwitch::start().await);
    let mut config = config(&twitch);
    config.tiktok.url = Some(sim.url());
    config.tiktok.webcast_url = Some(sim.webcast_url());
    config.tiktok.ws_url = Some(sim.ws_url());
    config.tiktok.ttwid_url = Some(sim.ttwid_url());
    config.tiktok.timings = Some(timings());
    change(&mut config, &sim);
    let app = App::start(config).await.unwrap();
    World { sim, app, _twitch: twitch }
}

impl World {
    /// A client that asks for a channel, whatever comes.
    pub async fn ask(&self, request: Value) -> Client {
        let mut client = Client::connect(&self.app).await;
        let mut frame = json!({"type": "subscribe", "platform": "tiktok", "include": ALL});
        for (name, value) in request.as_object().unwrap() {
            frame[name] = value.clone();
        }
        client.send(frame).await;
        assert_eq!(client.next().await["status"], "subscribed");
        client
    }

    /// A client that reads `luna`, who is live.
    pub async fn watch(&self) -> Client {
        let mut client = self.ask(json!({"identifier": "@Luna"})).await;
        client.until_status("started").await;
        client
    }

    pub async fn reader(&self, name: &str) {
        let what = format!("somebody reads {name}");
        self.sim.until(&what, |sim| sim.channel(name).readers() == 1).await;
    }
}

pub async fn next_text(client: &mut Client) -> String {
    text(&client.next_chat().await).to_owned()
}

pub async fn next_event(client: &mut Client, name: &str) -> Value {
    client.until(|frame| frame["type"] == "event" && frame["data"]["event"] == name).await
}
