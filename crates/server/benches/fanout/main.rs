//! Fan-out: what a delivery costs polychat, beside what it costs the machine. One command measures all of it:
//! `cargo bench -p polychat-server --bench fanout`, with `-- --quick` in a minute.
//!
//! Every server is a process of its own on core 0. The load tool (the clients, and what sends the messages) is this
//! process, on core 1. Absolute times differ between machines and with what else runs; the ratios of one run do not.
//!
//! The bare servers get finished frames; polychat reads IRC lines, parses them and makes the frames, so its figures
//! include that work.

mod axum_task;
mod ceiling;
mod histogram;
mod load;
mod message;
mod report;
mod scenario;
mod server;
mod shared;
mod source;
mod wire;

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;

use crate::report::Report;
use crate::scenario::Plan;
use crate::server::Kind;
use crate::source::Twitch;

/// Set for the process that runs on core 1.
const PINNED: &str = "POLYCHAT_BENCH_PINNED";

/// Measures what a delivery costs, beside what it costs the machine.
#[derive(Parser)]
struct Args {
    /// Shorter steps, one run instead of three.
    #[arg(long)]
    quick: bool,
    /// Only these servers.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Kind>,
    /// Only these scenarios: a 100 clients × 100 messages/s, b 1,000 × 10, c the limit, d idle clients, e stuck clients, f several servers that
    /// share the reading through Redis.
    #[arg(long, value_delimiter = ',')]
    scenario: Vec<char>,
    /// Measure this polychat-server instead of the one that cargo has built beside the benchmark.
    #[arg(long)]
    program: Option<PathBuf>,
    /// What cargo says when it is a benchmark that shall run.
    #[arg(long, hide = true)]
    bench: bool,
    /// Be one of the servers.
    #[arg(long, hide = true)]
    serve: Option<Kind>,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    match args.serve {
        Some(Kind::Ceiling) => ceiling::serve(false)?,
        Some(Kind::CeilingCoalescing) => ceiling::serve(true)?,
        Some(Kind::AxumTask) => axum_task::serve()?,
        Some(Kind::Polychat) => anyhow::bail!("polychat is a program of its own"),
        None if !cfg!(target_os = "linux") => println!("This benchmark reads /proc: it runs on Linux only."),
        None if !args.bench => println!("This benchmark takes minutes: cargo bench -p polychat-server --bench fanout"),
        None if std::env::var_os(PINNED).is_none() && can_pin() => {
            let this = std::env::current_exe()?;
            let status = Command::new("taskset")
                .args(["-c", "1"])
                .arg(this)
                .args(std::env::args_os().skip(1))
                .env(PINNED, "1")
                .status()
                .context("starting the load tool")?;
            return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        None => measure(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether there are two cores and a `taskset` to keep server and load apart.
fn can_pin() -> bool {
    ["0", "1"].iter().all(|core| {
        let run =
            Command::new("taskset").args(["-c", core, "true"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    })
}

fn measure(args: &Args) -> Result<()> {
    let files = rlimit::increase_nofile_limit(u64::MAX)?;
    let many = 10_000;
    let plan = Plan {
        program: match &args.program {
            Some(program) => program.clone(),
            None => PathBuf::from(env!("CARGO_BIN_EXE_polychat-server")),
        },
        pinned: std::env::var_os(PINNED).is_some(),
        runs: if args.quick { 1 } else { 3 },
        warm_up: Duration::from_millis(if args.quick { 300 } else { 500 }),
        steady: Duration::from_secs(if args.quick { 2 } else { 4 }),
        step: Duration::from_millis(if args.quick { 1000 } else { 1500 }),
        quiet: Duration::from_secs(if args.quick { 3 } else { 10 }),
        stuck: Duration::from_secs(if args.quick { 6 } else { 15 }),
        idle_clients: if args.quick || files < many + 500 { vec![1000] } else { vec![1000, many as usize] },
    };
    let all = [Kind::Ceiling, Kind::CeilingCoalescing, Kind::AxumTask, Kind::Polychat];
    let kinds: Vec<Kind> = all.into_iter().filter(|kind| args.only.is_empty() || args.only.contains(kind)).collect();
    let wanted = |letter| args.scenario.is_empty() || args.scenario.contains(&letter);
    let twitch = Twitch::start()?;
    let mut report = Report::new(&plan)?;
    // The ceiling without and with coalescing differ only when frames wait.
    let steady = kinds.iter().copied().filter(|kind| *kind != Kind::CeilingCoalescing);
    for (letter, clients, rate) in [('a', 100, 100), ('b', 1000, 10)] {
        if wanted(letter) {
            for _ in 0..plan.runs {
                for kind in steady.clone() {
                    eprintln!("{letter}: {}", kind.name());
                    report.steady(kind, letter, scenario::steady(kind, clients, rate, &twitch, &plan)?);
                }
            }
        }
    }
    if wanted('c') {
        for clients in [100, 1000] {
            for kind in kinds.iter().copied().filter(|kind| *kind != Kind::Ceiling) {
                eprintln!("c: {}", kind.name());
                let (sustained, failed) = scenario::limit(kind, clients, &twitch, &plan)?;
                report.limit(kind, clients, sustained, failed);
            }
        }
    }
    if wanted('d') {
        for kind in steady.clone() {
            for clients in &plan.idle_clients {
                eprintln!("d: {} × {clients}", kind.name());
                report.idle(kind, scenario::idle(kind, *clients, &twitch, &plan)?);
            }
        }
    }
    if wanted('e') {
        for kind in steady.filter(|kind| *kind != Kind::Ceiling) {
            for stuck in [0, 10] {
                eprintln!("e: {} beside {stuck} that never read", kind.name());
                report.stuck(kind, scenario::stuck(kind, stuck, &twitch, &plan)?);
            }
        }
    }
    let mut several = Vec::new();
    if wanted('f') && kinds.contains(&Kind::Polychat) {
        for count in 1..=3 {
            eprintln!("f: {count} servers");
            several.extend(shared::measure(count, &twitch, &plan)?);
        }
    }
    print!("{}", report.markdown()?);
    if several.len() > 1 {
        print!("\n{}", shared::markdown(&several)?);
    }
    Ok(())
}
