//! The figures as text for docs/PERFORMANCE.md.

use std::fmt::Write;
use std::time::Instant;

use anyhow::Result;

use crate::scenario::{Idle, Plan, Steady, Step, Stuck};
use crate::server::{Kind, machine_and_own};

/// Everything that was measured.
pub(crate) struct Report {
    pinned: bool,
    runs: usize,
    began: Instant,
    /// The machine's CPU time and ours at the beginning.
    cpu: (u64, u64),
    steady: Vec<(Kind, char, Steady)>,
    limits: Vec<(Kind, usize, Vec<Step>, Option<Step>)>,
    idle: Vec<(Kind, Idle)>,
    stuck: Vec<(Kind, Stuck)>,
}

impl Report {
    pub(crate) fn new(plan: &Plan) -> Result<Self> {
        Ok(Self {
            began: Instant::now(),
            cpu: machine_and_own()?,
            pinned: plan.pinned,
            runs: plan.runs,
            steady: Vec::new(),
            limits: Vec::new(),
            idle: Vec::new(),
            stuck: Vec::new(),
        })
    }

    pub(crate) fn steady(&mut self, kind: Kind, letter: char, steady: Steady) {
        self.steady.push((kind, letter, steady));
    }

    pub(crate) fn limit(&mut self, kind: Kind, clients: usize, sustained: Vec<Step>, failed: Option<Step>) {
        self.limits.push((kind, clients, sustained, failed));
    }

    pub(crate) fn idle(&mut self, kind: Kind, idle: Idle) {
        self.idle.push((kind, idle));
    }

    pub(crate) fn stuck(&mut self, kind: Kind, stuck: Stuck) {
        self.stuck.push((kind, stuck));
    }

    pub(crate) fn markdown(&self) -> Result<String> {
        let mut out = String::new();
        let (machine, own) = machine_and_own()?;
        let others = (machine - self.cpu.0).saturating_sub(own - self.cpu.1) as f64 / 100.0;
        let seconds = self.began.elapsed().as_secs_f64();
        writeln!(out, "{seconds:.0} s; other programs took {:.2} cores meanwhile.\n", others / seconds)?;
        self.write(&mut out)?;
        Ok(out)
    }

    /// The median of a figure over the runs of one scenario.
    fn median(&self, kind: Kind, letter: char, figure: fn(&Steady) -> f64) -> Option<f64> {
        let mut all: Vec<f64> =
            self.steady.iter().filter(|(k, l, _)| (*k, *l) == (kind, letter)).map(|(.., s)| figure(s)).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    }

    /// The CPU of a delivery as a multiple of the ceiling's.
    fn ratio(&self, kind: Kind, letter: char) -> Option<f64> {
        Some(self.median(kind, letter, |s| s.cpu_us)? / self.median(Kind::Ceiling, letter, |s| s.cpu_us)?)
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "The bare servers get finished frames; polychat also reads, parses and encodes each message.\n")?;
        if !self.pinned {
            writeln!(
                out,
                "Server and load tool were **not** pinned to cores of their own: no `taskset`, or one core.\n"
            )?;
        }
        self.write_steady(out)?;
        self.write_limits(out)?;
        self.write_idle(out)?;
        self.write_stuck(out)?;
        self.write_targets(out)
    }

    fn write_steady(&self, out: &mut String) -> std::fmt::Result {
        for (letter, title) in [('a', "100 clients × 100 messages/s"), ('b', "1,000 clients × 10 messages/s")] {
            if !self.steady.iter().any(|(_, l, _)| *l == letter) {
                continue;
            }
            writeln!(
                out,
                "| {title} (median of {}) | CPU µs per delivery | × ceiling | p50 ms | p99 ms | frame bytes | all in order |",
                self.runs
            )?;
            writeln!(out, "|---|---|---|---|---|---|---|")?;
            for kind in [Kind::Ceiling, Kind::AxumTask, Kind::Polychat] {
                let median = |figure| self.median(kind, letter, figure);
                let Some(cpu) = median(|s| s.cpu_us) else { continue };
                let clean = self.steady.iter().all(|(k, l, s)| (*k, *l) != (kind, letter) || s.clean);
                writeln!(
                    out,
                    "| {} | {cpu:.1} | {} | {:.2} | {:.2} | {:.0} | {} |",
                    kind.name(),
                    self.ratio(kind, letter).map_or_else(String::new, |ratio| format!("{ratio:.2}")),
                    median(|s| s.p50_ms).unwrap_or_default(),
                    median(|s| s.p99_ms).unwrap_or_default(),
                    median(|s| s.frame_bytes).unwrap_or_default(),
                    yes(clean),
                )?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn write_limits(&self, out: &mut String) -> std::fmt::Result {
        if self.limits.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "| the limit | clients | most deliveries/s sustained | CPU µs per delivery | p99 ms | server core | the next step failed with |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|---|")?;
        for (kind, clients, sustained, failed) in &self.limits {
            let Some(best) = sustained.last() else {
                writeln!(out, "| {} | {clients} | none of the steps | | | | |", kind.name())?;
                continue;
            };
            let why = failed.as_ref().map_or_else(
                || "nothing: no higher rate was tried".to_owned(),
                |step| {
                    let limited = if step.tool_load > 0.9 { " (the load tool was full)" } else { "" };
                    format!("{:.0}/s, p99 {:.0} ms, lost {}{limited}", step.deliveries_per_s, step.p99_ms, step.lost)
                },
            );
            writeln!(
                out,
                "| {} | {clients} | {:.0} | {:.2} | {:.1} | {:.0} % | {why} |",
                kind.name(),
                best.deliveries_per_s,
                best.cpu_us,
                best.p99_ms,
                best.server_load * 100.0,
            )?;
        }
        writeln!(out)
    }

    fn write_idle(&self, out: &mut String) -> std::fmt::Result {
        if self.idle.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "| idle clients | clients | KiB each | connects/s | CPU µs per connect | % of a core when quiet |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|")?;
        for (kind, idle) in &self.idle {
            writeln!(
                out,
                "| {} | {} | {:.1} | {:.0} | {:.0} | {:.2} |",
                kind.name(),
                idle.clients,
                idle.kib_per_client,
                idle.connects_per_s,
                idle.connect_cpu_us,
                idle.quiet_load * 100.0,
            )?;
        }
        writeln!(out)
    }

    fn write_stuck(&self, out: &mut String) -> std::fmt::Result {
        if self.stuck.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "| 90 clients × 1,000 messages/s | that never read | memory grew by MiB | CPU µs per delivery | p50 ms | p99 ms | all in order |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|---|")?;
        for (kind, stuck) in &self.stuck {
            writeln!(
                out,
                "| {} | {} | {:.1} | {:.1} | {:.2} | {:.2} | {} |",
                kind.name(),
                stuck.that_never_read,
                stuck.grown_mib,
                stuck.cpu_us,
                stuck.p50_ms,
                stuck.p99_ms,
                yes(stuck.clean),
            )?;
        }
        writeln!(out)
    }

    fn write_targets(&self, out: &mut String) -> std::fmt::Result {
        let mut verdicts: Vec<(&str, bool, String)> = Vec::new();
        for (letter, what) in [
            ('a', "a delivery takes at most 1.5 × the ceiling, 100 clients"),
            ('b', "a delivery takes at most 1.5 × the ceiling, 1,000 clients"),
        ] {
            if let Some(ratio) = self.ratio(Kind::Polychat, letter) {
                verdicts.push((what, ratio <= 1.5, format!("{ratio:.2} ×")));
            }
        }
        for (kind, clients, sustained, _) in &self.limits {
            let fast = |step: &&Step| step.deliveries_per_s >= 0.97 * 400_000.0;
            let best = sustained.iter().filter(fast).min_by(|a, b| a.cpu_us.total_cmp(&b.cpu_us)).or(sustained.last());
            if let (Kind::Polychat, Some(best)) = (kind, best) {
                let what = if *clients == 100 {
                    "400,000 deliveries/s at 1.5 µs, 100 clients"
                } else {
                    "400,000 deliveries/s at 1.5 µs, 1,000 clients"
                };
                let pass = fast(&best) && best.cpu_us <= 1.5;
                verdicts.push((what, pass, format!("{:.0}/s at {:.2} µs", best.deliveries_per_s, best.cpu_us)));
            }
        }
        for idle in self.idle.iter().filter(|(kind, _)| *kind == Kind::Polychat).map(|(_, idle)| idle) {
            let kib = idle.kib_per_client;
            verdicts.push(("an idle client takes at most 12 KiB", kib <= 12.0, format!("{kib:.1} KiB")));
            let rate = idle.connects_per_s;
            verdicts.push(("5,000 connects/s", rate >= 5000.0, format!("{rate:.0}/s")));
            if idle.clients == 1000 {
                let percent = idle.quiet_load * 100.0;
                let what = "1,000 quiet clients take under 0.5 % of a core";
                verdicts.push((what, percent < 0.5, format!("{percent:.2} %")));
            }
        }
        let stuck = |n| self.stuck.iter().find(|(kind, stuck)| *kind == Kind::Polychat && stuck.that_never_read == n);
        if let (Some((_, without)), Some((_, with))) = (stuck(0), stuck(10)) {
            // The bound of what the server keeps for ten clients; a delay twice as long is beyond what chance does.
            let pass =
                with.clean && with.grown_mib - without.grown_mib < 32.0 && with.p99_ms < 2.0 * without.p99_ms + 5.0;
            let reached = format!(
                "memory grew by {:.1} MiB instead of {:.1}, p99 {:.1} ms instead of {:.1}",
                with.grown_mib, without.grown_mib, with.p99_ms, without.p99_ms
            );
            verdicts.push(("ten clients that never read cost a bound and nobody's time", pass, reached));
        }
        if verdicts.is_empty() {
            return Ok(());
        }
        writeln!(out, "| target | | reached |\n|---|---|---|")?;
        for (what, pass, reached) in verdicts {
            writeln!(out, "| {what} | {} | {reached} |", if pass { "PASS" } else { "MISS" })?;
        }
        Ok(())
    }
}

fn yes(clean: bool) -> &'static str {
    if clean { "yes" } else { "**no**" }
}
