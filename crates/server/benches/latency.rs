//! How long a message takes from a simulated YouTube to a client on `/ws`, through the real connector, hub and server.
//!
//! `cargo bench -p polychat-server --bench latency`. Everything runs on one machine over real sockets. The simulated
//! YouTube answers each request after `SERVER_TIME`, which is taken off the figures: what is left is ours. Messages are
//! said at random moments, so that they fall anywhere between two fetches.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run has to say so")]

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use polychat_platforms::youtube::Timings;
use polychat_server::{App, Config};
use polychat_testkit::youtube::SimYoutube;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// About what a request to YouTube takes from a home connection.
const SERVER_TIME: Duration = Duration::from_millis(100);
/// How long each rate is measured.
const SPAN: Duration = Duration::from_secs(15);

#[tokio::main]
async fn main() {
    println!(
        "A message of YouTube to a client, without the {} ms that each request takes there:",
        SERVER_TIME.as_millis()
    );
    println!("{:<42}{:>8}{:>8}{:>8}   targets", "", "p50", "p95", "worst");
    let half = "p50 under 50 ms".to_owned();
    for rate in [1.0, 4.0, 10.0, 30.0] {
        let times = measure(true, rate).await;
        print(&format!("pushed, {rate} messages a second"), times, &half);
    }
    let polled = Timings::default().poll_first;
    let times = measure(false, 4.0).await;
    // The interval varies by a seventh, so that many programs do not ask in step.
    print("push cut off, 4 messages a second", times, &format!("under {:.0} + 100 ms", polled.as_secs_f64() * 1_150.0));
}

fn print(name: &str, mut times: Vec<f64>, target: &str) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name:<42}{:>8.1}{:>8.1}{:>8.1}   {target}", at(0.5), at(0.95), at(1.0));
}

/// Milliseconds from saying a message to having read its frame.
async fn measure(pushed: bool, rate: f64) -> Vec<f64> {
    let sim = SimYoutube::start().await;
    sim.add_channel("luna", "Luna Paints");
    let video = sim.start_stream("luna", "painting");
    let mut config = Config::embedded();
    config.port = Some(0);
    config.youtube.url = Some(sim.url());
    config.youtube.signaler_url = Some(if pushed { sim.signaler_url() } else { "off".to_owned() });
    "off".clone_into(&mut config.twitch.side);
    config.stats.stats_storage = Some("memory".to_owned());
    // Not into the folder of whoever measures.
    let folder = std::env::temp_dir().join(format!("polychat-bench-latency-{}", std::process::id()));
    config.data_dir = Some(folder.clone());
    for url in [&mut config.emotes.seventv_url, &mut config.emotes.bttv_url, &mut config.emotes.ffz_url] {
        *url = Some("off".to_owned());
    }
    let app = App::start(config).await.unwrap();
    let (mut ws, _) = connect_async(format!("ws://{}/ws", app.address())).await.unwrap();
    let subscribe = json!({"type": "subscribe", "platform": "youtube", "identifier": "luna"});
    ws.send(Message::text(subscribe.to_string())).await.unwrap();
    while frame(&mut ws).await["status"] != "started" {}
    if pushed {
        sim.until("the push channel is listened to", |sim| sim.listeners(&video) > 0).await;
    }
    sim.server_delay(SERVER_TIME);
    // One message to settle: what the connection was busy with is over then.
    sim.say(&video, "ann", "warm");
    while frame(&mut ws).await["type"] != "chat" {}

    let mut rng = StdRng::seed_from_u64(7);
    let (mut said, mut times) = (Vec::new(), Vec::new());
    let end = Instant::now() + SPAN;
    let mut next = tokio::time::Instant::now();
    loop {
        tokio::select! {
            biased;
            frame = frame(&mut ws) => {
                let Some(number) = number(&frame) else { continue };
                let said: &Instant = &said[number];
                times.push((said.elapsed().saturating_sub(SERVER_TIME)).as_secs_f64() * 1_000.0);
                if Instant::now() > end && times.len() == number + 1 {
                    break;
                }
            }
            () = tokio::time::sleep_until(next), if Instant::now() < end => {
                said.push(Instant::now());
                sim.say(&video, "ann", &format!("n{}", said.len() - 1));
                next += Duration::from_secs_f64(rng.random_range(0.1..1.9) / rate);
            }
        }
        if Instant::now() > end && times.len() == said.len() {
            break;
        }
    }
    app.stop().await;
    sim.stop().await;
    _ = std::fs::remove_dir_all(folder);
    times
}

async fn frame(ws: &mut (impl StreamExt<Item = Result<Message, impl std::fmt::Debug>> + Unpin)) -> Value {
    loop {
        if let Message::Text(text) = ws.next().await.unwrap().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

fn number(frame: &Value) -> Option<usize> {
    frame["data"]["content"]["raw"].as_str()?.strip_prefix('n')?.parse().ok()
}
