//! What the desktop program costs, beside an empty program with the same windows (`cargo xtask bench desktop`): the time to
//! the first painted frame, memory and processor time when nothing happens, and under twenty messages a second.
#![allow(clippy::unwrap_used, reason = "a failed measurement is none")]
#![allow(dead_code, reason = "the tests' world has more than is measured here")]
#![cfg(target_os = "linux")]

#[path = "desktop/cost.rs"]
mod cost;
#[path = "../../tests/desktop/driver.rs"]
mod driver;
#[path = "../../tests/desktop/process.rs"]
mod process;
#[path = "../../tests/desktop/screen.rs"]
mod screen;
#[path = "../../tests/desktop/tray.rs"]
mod tray;
#[path = "../../tests/desktop/world.rs"]
mod world;
#[path = "../../tests/desktop/x.rs"]
mod x;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use serde_json::{Value, json};

use cost::Tree;
use driver::eventually;
use process::{PROGRAM, Running};
use world::{CONTROL, World, http};
use x::X;

/// Channels without a message.
const CHANNELS: [&str; 3] = ["anna", "ben", "carla"];

/// The program counts as at rest after this.
const SETTLE: Duration = Duration::from_secs(15);

#[derive(Parser)]
struct Arguments {
    /// Minutes of twenty messages a second
    #[arg(long, default_value_t = 10)]
    minutes: u32,
    /// Seconds over which rest is measured
    #[arg(long, default_value_t = 60)]
    rest: u64,
    /// Starts of each program
    #[arg(long, default_value_t = 5)]
    starts: usize,
    /// The empty program; `cargo xtask bench desktop` says where it is
    #[arg(long, env = "POLYCHAT_EMPTY")]
    empty: PathBuf,
    /// What `cargo bench` adds by itself
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    println!(
        "## Start to the first painted frame\n\n| | ms, median | fastest | slowest | the first start of all |\n|---|---|---|---|---|"
    );
    starts("an empty program", &arguments.empty, &arguments).await;
    starts("**Polychat**", Path::new(PROGRAM), &arguments).await;

    println!("\n## At rest: a control window, one overlay, three quiet channels\n");
    println!("| | PSS MiB, all processes | % of one core |\n|---|---|---|");
    let floor = empty_at_rest(&arguments).await;
    let (mut world, memory) = at_rest(&arguments).await;
    println!(
        "\nPolychat takes {:.2} × the memory of an empty program with these windows (target 1.15).",
        memory / floor
    );

    println!("\n## {} minutes of 20 messages a second\n", arguments.minutes);
    under_load(&mut world, arguments.minutes).await;
    world.stop().await;
}

/// Starts a program several times, and tells when something stood in its window. The first start of all is told by itself:
/// then the drivers that draw without a graphics card prepare what they keep for later.
async fn starts(name: &str, program: &Path, arguments: &Arguments) {
    let world = World::new().await;
    let mut times = Vec::new();
    for _ in 0..=arguments.starts {
        let mut command = world.command_of(&program.to_string_lossy());
        let began = Instant::now();
        let mut running = Running::start(&mut command);
        while !is_painted(&world.x) {
            assert!(began.elapsed() < Duration::from_secs(60), "{name} painted nothing in a minute");
            tokio::time::sleep(Duration::from_millis(4)).await;
        }
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        running.terminate();
        running.ended(Duration::from_secs(10)).await;
    }
    let first = times.remove(0);
    times.sort_by(f64::total_cmp);
    println!(
        "| {name} | {:.0} | {:.0} | {:.0} | {first:.0} |",
        times[times.len() / 2],
        times[0],
        times[times.len() - 1]
    );
}

/// Whether letters stand in the window: more shades than a bare ground and its lines have.
fn is_painted(x: &X) -> bool {
    x.find(CONTROL).is_some_and(|window| x.colours(x.area(window)) > 64)
}

async fn empty_at_rest(arguments: &Arguments) -> f64 {
    let world = World::new().await;
    let running = Running::start(&mut world.command_of(&arguments.empty.to_string_lossy()));
    eventually("the empty window", async || world.x.find(CONTROL)).await;
    rest("an empty program", Tree::of(running.pid()), arguments).await
}

async fn at_rest(arguments: &Arguments) -> (World, f64) {
    let mut world = World::new().await;
    world.start().await;
    let token = token(&world).await;
    let channels = CHANNELS.map(|channel| json!({"platform": "twitch", "identifier": channel}));
    let overlay = json!({"name": "main", "window": {"shown": true, "locked": true}});
    let saved = json!({"polychat": 1, "saved": {"channels": channels, "overlays": [overlay]}});
    call(&world, &token, "import", json!({"text": saved.to_string()})).await;
    world.stop().await;
    // As a streamer starts it the next day.
    world.start().await;
    world.twitch.until("three channels are read", |sim| CHANNELS.iter().all(|channel| sim.joined(channel) > 0)).await;
    let pid = world.program().pid();
    let memory = rest("**Polychat**", Tree::of(pid), arguments).await;
    (world, memory)
}

async fn rest(name: &str, tree: Tree, arguments: &Arguments) -> f64 {
    tokio::time::sleep(SETTLE).await;
    let mark = tree.mark();
    tokio::time::sleep(Duration::from_secs(arguments.rest)).await;
    let (percent, memory) = (tree.percent_since(mark), tree.memory());
    println!("| {name} | {memory:.0} | {percent:.2} |");
    memory
}

/// What is said: three to nine words of two thousand, and with every third message one that nobody has said before, as in the
/// recorded chats (3,257 messages of a lively channel: 0.36 new words a message once a thousand were said).
fn said(number: u64) -> String {
    let mut mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = |below: u64| {
        mixed ^= mixed >> 29;
        mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed >> 33) % below
    };
    let mut words: Vec<String> = (0..3 + next(7)).map(|_| format!("word{}", next(2_000))).collect();
    if number.is_multiple_of(3) {
        words.push(format!("new{number}"));
    }
    words.join(" ")
}

async fn under_load(world: &mut World, minutes: u32) {
    let tree = Tree::of(world.program().pid());
    println!("| minute | PSS MiB | of each process | % of one core |\n|---|---|---|---|");
    let (mut first, mut last) = (0.0, 0.0);
    let mut number = 0_u64;
    for minute in 1..=minutes {
        let mark = tree.mark();
        let until = Instant::now() + Duration::from_secs(60);
        let mut turn = tokio::time::interval(Duration::from_millis(50));
        while Instant::now() < until {
            turn.tick().await;
            number += 1;
            let channel = CHANNELS[usize::try_from(number).unwrap() % CHANNELS.len()];
            world.twitch.say(channel, &format!("viewer{}", number % 500), &said(number));
        }
        let each = tree.memory_of_each();
        last = each.iter().map(|(_, mib)| mib).sum();
        // The list and the statistics fill up first.
        if minute == 2 {
            first = last;
        }
        let each: Vec<String> = each.into_iter().map(|(name, mib)| format!("{name} {mib:.0}")).collect();
        println!("| {minute} | {last:.0} | {} | {:.1} |", each.join(", "), tree.percent_since(mark));
    }
    if minutes > 2 {
        println!("\nFrom minute 2 to minute {minutes}: {:+.0} MiB.", last - first);
    }
}

/// The token that the server gives to its own control page.
async fn token(world: &World) -> String {
    let page = http().get(format!("http://127.0.0.1:{}/", world.port)).send().await.unwrap().text().await.unwrap();
    let (_, rest) = page.split_once("name=\"polychat-token\" content=\"").expect("the page has a token");
    rest.split('"').next().unwrap().to_owned()
}

async fn call(world: &World, token: &str, command: &str, request: Value) {
    let url = format!("http://127.0.0.1:{}/api/{command}", world.port);
    let answer = http().post(url).bearer_auth(token).json(&request).send().await.unwrap();
    assert!(answer.status().is_success(), "{command}: {}", answer.text().await.unwrap());
}
