//! What is measured. docs/PERFORMANCE.md says why.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::load::{Load, Tally};
use crate::server::{Kind, Server, cpu_ns};
use crate::source::{Source, Twitch};

pub(crate) const SUBSCRIBE: &str = r#"{"type":"subscribe","platform":"twitch","identifier":"bench"}"#;
/// A rate is not sustained when p99 is above this, in milliseconds.
pub(crate) const LATE_MS: f64 = 1000.0;
/// A rate is not sustained when less than this part of it arrives.
pub(crate) const ENOUGH: f64 = 0.95;
/// How often a rate may fail before it counts: other programs of the machine also make it fail.
const TRIES: usize = 2;
/// Deliveries a second that are tried one after the other.
pub(crate) const STEPS: [u64; 11] = [50, 100, 150, 200, 300, 400, 500, 600, 700, 800, 1000];

/// How long things take.
pub(crate) struct Plan {
    /// polychat-server.
    pub(crate) program: PathBuf,
    pub(crate) pinned: bool,
    pub(crate) runs: usize,
    pub(crate) warm_up: Duration,
    pub(crate) steady: Duration,
    pub(crate) step: Duration,
    pub(crate) quiet: Duration,
    pub(crate) stuck: Duration,
    /// Idle clients whose memory is measured.
    pub(crate) idle_clients: Vec<usize>,
}

/// A server, its clients, and what sends to it.
struct Bed {
    server: Server,
    load: Load,
    source: Option<Source>,
}

/// What happened between two looks at the clocks.
struct Span {
    seconds: f64,
    server_cpu_s: f64,
    load_cpu_s: f64,
    tally: Tally,
}

impl Bed {
    fn start(kind: Kind, twitch: &Twitch, plan: &Plan) -> Result<Self> {
        twitch.forget();
        let server = Server::start(kind, &plan.program, &twitch.url, plan.pinned)?;
        let load = Load::new(server.http, (kind == Kind::Polychat).then_some(SUBSCRIBE))?;
        Ok(Self { server, load, source: None })
    }

    /// The source, which exists when the first client has subscribed.
    fn source(&mut self, twitch: &Twitch) -> Result<()> {
        self.source = Some(match self.server.control {
            Some(control) => Source::control(control)?,
            None => Source::twitch(twitch)?,
        });
        // What is told of the channel's state has nothing to do with the messages.
        self.load.run_for(Duration::from_millis(300))
    }

    fn watch(&mut self, time: Duration) -> Result<Span> {
        self.load.take();
        let (begin, server, load) = (Instant::now(), self.server.cpu_ns()?, cpu_ns("self")?);
        self.load.run_for(time)?;
        Ok(Span {
            seconds: begin.elapsed().as_secs_f64(),
            server_cpu_s: (self.server.cpu_ns()? - server) as f64 / 1e9,
            load_cpu_s: (cpu_ns("self")? - load) as f64 / 1e9,
            tally: self.load.take(),
        })
    }

    /// Sends at a rate and watches after the warm-up; then everything must arrive.
    fn at_rate(&mut self, rate: u64, warm_up: Duration, time: Duration) -> Result<Span> {
        let source = self.source.as_mut().context("no source yet")?;
        source.start(rate);
        self.load.run_for(warm_up)?;
        let mut span = self.watch(time)?;
        self.finish(&mut span)?;
        Ok(span)
    }

    /// Stops the source and waits for what is on its way; what does not arrive is added to the losses of `span`.
    fn finish(&mut self, span: &mut Span) -> Result<()> {
        let source = self.source.as_mut().context("no source yet")?;
        source.stop();
        let begin = Instant::now();
        let next = loop {
            if let Some(next) = source.stopped()? {
                break next;
            }
            anyhow::ensure!(begin.elapsed() < Duration::from_secs(20), "the server has stopped reading");
            self.load.run_for(Duration::from_millis(20))?;
        };
        self.load.drain(next, Duration::from_secs(4))?;
        let rest = self.load.take();
        span.tally.lost += rest.lost;
        span.tally.disordered += rest.disordered;
        span.tally.closed += rest.closed;
        Ok(())
    }
}

/// One channel at an ordinary rate.
pub(crate) struct Steady {
    pub(crate) cpu_us: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) frame_bytes: f64,
    pub(crate) clean: bool,
}

/// CPU for each delivery and delay, with `clients` at `rate` messages a second.
pub(crate) fn steady(kind: Kind, clients: usize, rate: u64, twitch: &Twitch, plan: &Plan) -> Result<Steady> {
    let mut bed = Bed::start(kind, twitch, plan)?;
    bed.load.connect(clients, false)?;
    bed.source(twitch)?;
    let idle = bed.watch(plan.steady / 3)?;
    let span = bed.at_rate(rate, plan.warm_up, plan.steady)?;
    let cpu_s = span.server_cpu_s - idle.server_cpu_s / idle.seconds * span.seconds;
    let deliveries = span.tally.deliveries.max(1) as f64;
    Ok(Steady {
        cpu_us: cpu_s * 1e6 / deliveries,
        p50_ms: span.tally.latency.quantile_ms(0.5),
        p99_ms: span.tally.latency.quantile_ms(0.99),
        frame_bytes: span.tally.bytes as f64 / deliveries,
        clean: span.tally.is_clean() && deliveries > 0.9 * clients as f64 * rate as f64 * span.seconds,
    })
}

/// A rate that was tried.
pub(crate) struct Step {
    pub(crate) deliveries_per_s: f64,
    pub(crate) cpu_us: f64,
    pub(crate) p99_ms: f64,
    /// The part of its core that the server took.
    pub(crate) server_load: f64,
    /// The part of its core that the load tool took: near 1, it is the tool that limits.
    pub(crate) tool_load: f64,
    pub(crate) lost: u64,
}

impl Step {
    fn is_sustained(&self, offered_per_s: u64) -> bool {
        self.deliveries_per_s >= ENOUGH * offered_per_s as f64 && self.p99_ms <= LATE_MS && self.lost == 0
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { deliveries_per_s, cpu_us, p99_ms, lost, .. } = self;
        let (server, tool) = (self.server_load * 100.0, self.tool_load * 100.0);
        write!(f, "{deliveries_per_s:.0}/s, {cpu_us:.2} µs, p99 {p99_ms:.1} ms, ")?;
        write!(f, "server {server:.0} %, tool {tool:.0} %, lost {lost}")
    }
}

fn step(bed: &mut Bed, rate: u64, plan: &Plan) -> Result<Step> {
    let span = bed.at_rate(rate, plan.warm_up, plan.step)?;
    Ok(Step {
        deliveries_per_s: span.tally.deliveries as f64 / span.seconds,
        cpu_us: span.server_cpu_s * 1e6 / span.tally.deliveries.max(1) as f64,
        p99_ms: span.tally.latency.quantile_ms(0.99),
        server_load: span.server_cpu_s / span.seconds,
        tool_load: span.load_cpu_s / span.seconds,
        lost: span.tally.lost + span.tally.disordered + span.tally.closed,
    })
}

/// Rates upward until one is not sustained; the sustained ones, and the one that was not.
pub(crate) fn limit(kind: Kind, clients: usize, twitch: &Twitch, plan: &Plan) -> Result<(Vec<Step>, Option<Step>)> {
    let mut bed = Bed::start(kind, twitch, plan)?;
    bed.load.connect(clients, false)?;
    bed.source(twitch)?;
    let mut sustained = Vec::new();
    for thousands in STEPS {
        let rate = thousands * 1000 / clients as u64;
        for left in (0..TRIES).rev() {
            let step = step(&mut bed, rate, plan)?;
            eprintln!("  {} × {clients} at {thousands}k: {step}", kind.name());
            if step.is_sustained(rate * clients as u64) {
                sustained.push(step);
                break;
            } else if left == 0 {
                return Ok((sustained, Some(step)));
            }
        }
    }
    Ok((sustained, None))
}

/// Clients that only are there.
pub(crate) struct Idle {
    pub(crate) clients: usize,
    pub(crate) kib_per_client: f64,
    pub(crate) connects_per_s: f64,
    pub(crate) connect_cpu_us: f64,
    /// The part of a core that they take.
    pub(crate) quiet_load: f64,
}

/// Memory and CPU of `clients` that are connected and get nothing.
pub(crate) fn idle(kind: Kind, clients: usize, twitch: &Twitch, plan: &Plan) -> Result<Idle> {
    let mut bed = Bed::start(kind, twitch, plan)?;
    // The first clients pay for what all share: the room, its upstream, the allocator's arenas.
    bed.load.connect(10, false)?;
    bed.source(twitch)?;
    let (rss, cpu) = (bed.server.rss_kib()?, bed.server.cpu_ns()?);
    let took = bed.load.connect(clients, false)?;
    let cpu = bed.server.cpu_ns()? - cpu;
    bed.load.run_for(Duration::from_secs(1))?;
    let rss = bed.server.rss_kib()? as f64 - rss as f64;
    let quiet = bed.watch(plan.quiet)?;
    anyhow::ensure!(quiet.tally.closed == 0, "{} quiet clients were closed", quiet.tally.closed);
    Ok(Idle {
        clients,
        kib_per_client: rss / clients as f64,
        connects_per_s: clients as f64 / took.as_secs_f64(),
        connect_cpu_us: cpu as f64 / 1e3 / clients as f64,
        quiet_load: quiet.server_cpu_s / quiet.seconds,
    })
}

/// Clients that read, beside some that never do.
pub(crate) struct Stuck {
    pub(crate) that_never_read: usize,
    pub(crate) grown_mib: f64,
    pub(crate) cpu_us: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) clean: bool,
}

/// What `stuck` clients that never read cost the server and the 90 others, at 1,000 messages a second.
pub(crate) fn stuck(kind: Kind, stuck: usize, twitch: &Twitch, plan: &Plan) -> Result<Stuck> {
    let mut bed = Bed::start(kind, twitch, plan)?;
    bed.load.connect(90, false)?;
    bed.load.connect(stuck, true)?;
    bed.source(twitch)?;
    bed.source.as_mut().context("no source yet")?.start(1000);
    bed.load.run_for(plan.warm_up)?;
    let begin = bed.server.rss_kib()?;
    let mut most = begin;
    let mut span = Span { seconds: 0.0, server_cpu_s: 0.0, load_cpu_s: 0.0, tally: bed.load.take() };
    let cpu = bed.server.cpu_ns()?;
    let end = Instant::now() + plan.stuck;
    while Instant::now() < end {
        bed.load.run_for(Duration::from_millis(500))?;
        most = most.max(bed.server.rss_kib()?);
    }
    let cpu = bed.server.cpu_ns()? - cpu;
    span.tally = bed.load.take();
    let deliveries = span.tally.deliveries;
    bed.finish(&mut span)?;
    Ok(Stuck {
        that_never_read: stuck,
        grown_mib: (most - begin) as f64 / 1024.0,
        cpu_us: cpu as f64 / 1e3 / deliveries.max(1) as f64,
        p50_ms: span.tally.latency.quantile_ms(0.5),
        p99_ms: span.tally.latency.quantile_ms(0.99),
        clean: span.tally.is_clean(),
    })
}
