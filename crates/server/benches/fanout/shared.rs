//! What it costs that several servers share the reading of a channel through Redis, beside one server that reads alone. All
//! servers and Redis share core 0: the ratios say what sharing costs, not what more machines bring.

use std::fmt::Write;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use polychat_testkit::RedisServer;

use crate::load::Load;
use crate::scenario::{ENOUGH, LATE_MS, Plan, STEPS, SUBSCRIBE};
use crate::server::{Kind, Server, cpu_ns};
use crate::source::{Source, Twitch};

/// Clients, spread evenly over the servers.
const CLIENTS: usize = 300;
/// Messages a second of the channel, for delay and CPU.
const RATE: u64 = 100;
/// How long it takes at most until everybody knows who reads.
const SETTLE: Duration = Duration::from_secs(2);

/// What so many servers do together.
pub(crate) struct Shared {
    servers: usize,
    /// CPU of all servers for a delivery, and of Redis.
    cpu_us: f64,
    redis_us: f64,
    p50_ms: f64,
    p99_ms: f64,
    /// The delay of those whose server does not read by itself.
    followers_p99_ms: Option<f64>,
    clean: bool,
    /// The most that was sustained.
    most_per_s: f64,
}

struct Bed {
    servers: Vec<Server>,
    redis: Option<RedisServer>,
    load: Load,
    source: Source,
}

impl Bed {
    /// `None` where there is no Redis server. One server reads alone, without Redis.
    fn start(count: usize, twitch: &Twitch, plan: &Plan) -> Result<Option<Self>> {
        twitch.forget();
        let redis = if count == 1 {
            None
        } else {
            let Some(redis) = RedisServer::start() else { return Ok(None) };
            Some(redis)
        };
        let url = redis.as_ref().map(RedisServer::url);
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(Server::start_with(Kind::Polychat, &plan.program, &twitch.url, plan.pinned, url.as_deref())?);
        }
        let mut load = Load::new(servers[0].http, Some(SUBSCRIBE))?;
        let each = CLIENTS / count;
        load.connect(each, false)?;
        // The first one reads.
        let source = Source::twitch(twitch)?;
        load.others_from(each);
        for server in &servers[1..] {
            load.turn_to(server.http);
            load.connect(each, false)?;
        }
        load.run_for(SETTLE)?;
        Ok(Some(Self { servers, redis, load, source }))
    }

    fn cpu(&self) -> Result<(u64, u64)> {
        let servers = self.servers.iter().map(Server::cpu_ns).sum::<Result<u64>>()?;
        let redis = match self.redis.as_ref().and_then(RedisServer::id) {
            Some(id) => cpu_ns(&id.to_string())?,
            None => 0,
        };
        Ok((servers, redis))
    }

    fn finish(&mut self) -> Result<()> {
        self.source.stop();
        let mut turns = 0;
        let next = loop {
            if let Some(next) = self.source.stopped()? {
                break next;
            }
            turns += 1;
            ensure!(turns < 1_000, "the server has stopped reading");
            self.load.run_for(Duration::from_millis(20))?;
        };
        self.load.drain(next, Duration::from_secs(4))
    }
}

/// Measures `count` servers; `None` where there is no Redis server.
pub(crate) fn measure(count: usize, twitch: &Twitch, plan: &Plan) -> Result<Option<Shared>> {
    let Some(mut bed) = Bed::start(count, twitch, plan)? else { return Ok(None) };
    bed.source.start(RATE);
    bed.load.run_for(plan.warm_up)?;
    bed.load.take();
    let before = bed.cpu()?;
    bed.load.run_for(plan.steady)?;
    let after = bed.cpu()?;
    let steady = bed.load.take();
    bed.finish()?;
    let rest = bed.load.take();
    let deliveries = steady.deliveries.max(1) as f64;
    let mut most_per_s = 0.0;
    for thousands in STEPS {
        let rate = thousands * 1_000 / CLIENTS as u64;
        bed.source.start(rate);
        bed.load.run_for(plan.warm_up)?;
        bed.load.take();
        bed.load.run_for(plan.step)?;
        let step = bed.load.take();
        bed.finish()?;
        let lost = bed.load.take();
        let per_s = step.deliveries as f64 / plan.step.as_secs_f64();
        let p99 = step.latency.quantile_ms(0.99);
        eprintln!("  {count} servers at {thousands}k: {per_s:.0}/s, p99 {p99:.1} ms, lost {}", step.lost + lost.lost);
        let offered = (rate * CLIENTS as u64) as f64;
        if per_s < ENOUGH * offered || p99 > LATE_MS || !step.is_clean() || !lost.is_clean() {
            break;
        }
        most_per_s = per_s;
    }
    Ok(Some(Shared {
        servers: count,
        cpu_us: (after.0 - before.0) as f64 / 1e3 / deliveries,
        redis_us: (after.1 - before.1) as f64 / 1e3 / deliveries,
        p50_ms: steady.latency.quantile_ms(0.5),
        p99_ms: steady.latency.quantile_ms(0.99),
        followers_p99_ms: (count > 1).then(|| steady.others.quantile_ms(0.99)),
        clean: steady.is_clean() && rest.is_clean(),
        most_per_s,
    }))
}

/// The figures as text.
pub(crate) fn markdown(all: &[Shared]) -> Result<String> {
    let one = all.first().context("one server was measured first")?;
    let mut out = String::new();
    writeln!(
        out,
        "| {CLIENTS} clients × {RATE} messages/s | CPU µs per delivery | of Redis | × one | p50 ms | p99 ms | p99 of followers | added | all in order | most deliveries/s | × one |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|---|---|")?;
    for shared in all {
        let Shared { servers, cpu_us, redis_us, p50_ms, p99_ms, followers_p99_ms, clean, most_per_s } = shared;
        let ms = |ms: Option<f64>| ms.map_or_else(String::new, |ms| format!("{ms:.2}"));
        writeln!(
            out,
            "| {servers} {} | {cpu_us:.1} | {redis_us:.1} | {:.2} | {p50_ms:.2} | {p99_ms:.2} | {} | {} | {} | {most_per_s:.0} | {:.2} |",
            if *servers == 1 { "server, no Redis" } else { "servers" },
            (cpu_us + redis_us) / one.cpu_us,
            ms(*followers_p99_ms),
            ms(followers_p99_ms.map(|followers| followers - one.p99_ms)),
            if *clean { "yes" } else { "**no**" },
            most_per_s / one.most_per_s.max(1.0),
        )?;
    }
    Ok(out)
}
