//! The world of the tests of YouTube: a simulated YouTube, and a server that reads it.

use std::time::Duration;

use polychat_platforms::youtube::Timings;
use polychat_server::{App, Config};
use polychat_testkit::twitch::SimTwitch;
use polychat_testkit::youtube::SimYoutube;
use serde_json::{Value, json};

use super::{Client, config, text};

pub const ALL: [&str; 3] = ["events", "moderation", "viewers"];

/// As the real ones, but for people who have no minute.
pub fn timings() -> Timings {
    let ms = Duration::from_millis;
    Timings {
        signal_gap: ms(20),
        signal_gap_longest: ms(200),
        backstop: ms(1_000),
        poll_first: ms(50),
        poll_longest: ms(200),
        retry_first: ms(50),
        retry_longest: ms(400),
        limited_longest: ms(400),
        hiccup: ms(50),
        metadata: ms(300),
        look_again: ms(200),
        look_again_soon: ms(100),
        look_around: ms(300),
        ..Timings::default()
    }
}

pub struct World {
    pub sim: SimYoutube,
    pub app: App,
    _twitch: SimTwitch,
}

pub fn settings(sim: &SimYoutube, twitch: &SimTwitch) -> Config {
    let mut config = config(twitch);
    config.youtube.url = Some(sim.url());
    config.youtube.signaler_url = Some(sim.signaler_url());
    config.youtube.timings = Some(timings());
    config
}

pub async fn world() -> World {
    world_with(|_| {}).await
}

pub async fn world_with(change: impl FnOnce(&mut Config)) -> World {
    let (sim, twitch) = (SimYoutube::start().await, SimTwitch::start().await);
    sim.add_channel("luna", "Luna Paints");
    let mut config = settings(&sim, &twitch);
    change(&mut config);
    let app = App::start(config).await.unwrap();
    World { sim, app, _twitch: twitch }
}

impl World {
    /// A client that asks for a channel, whatever comes.
    pub async fn ask(&self, request: Value) -> Client {
        let mut client = Client::connect(&self.app).await;
        let mut frame = json!({"type": "subscribe", "platform": "youtube", "include": ALL});
        for (name, value) in request.as_object().unwrap() {
            frame[name] = value.clone();
        }
        client.send(frame).await;
        assert_eq!(client.next().await["status"], "subscribed");
        client
    }

    /// A client that reads `luna`.
    pub async fn watch(&self) -> Client {
        let mut client = self.ask(json!({"identifier": "@Luna"})).await;
        client.until_status("started").await;
        client
    }
}

/// The text of the next message that was not said before.
pub async fn next_text(client: &mut Client) -> String {
    text(&client.next_chat().await).to_owned()
}
