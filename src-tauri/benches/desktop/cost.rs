//! What a program and everything that it has started take: memory and time of the processor, as the kernel counts them.

use std::collections::HashMap;
use std::fs;
use std::time::Instant;

/// A process and all below it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tree(u32);

/// Processor time at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    at: Instant,
    ticks: u64,
}

impl Tree {
    pub(crate) fn of(root: u32) -> Self {
        Self(root)
    }

    fn processes(self) -> Vec<u32> {
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        let all = fs::read_dir("/proc").into_iter().flatten().flatten();
        for pid in all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
            if let Some(parent) = stat(pid).and_then(|fields| fields.get(1)?.parse().ok()) {
                children.entry(parent).or_default().push(pid);
            }
        }
        let mut found = vec![self.0];
        let mut at = 0;
        while let Some(pid) = found.get(at) {
            found.extend(children.remove(pid).unwrap_or_default());
            at += 1;
        }
        found
    }

    /// Memory in MiB: pages that are shared count for each process by its share (PSS).
    pub(crate) fn memory(self) -> f64 {
        self.memory_of_each().into_iter().map(|(_, mib)| mib).sum()
    }

    /// The same, one process after the other in the order in which they were started, by their names.
    pub(crate) fn memory_of_each(self) -> Vec<(String, f64)> {
        let one = |pid: u32| -> Option<(String, f64)> {
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
            let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
            let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
            Some((name.trim().to_owned(), kib / 1_024.0))
        };
        let mut processes = self.processes();
        processes.sort_unstable();
        processes.into_iter().filter_map(one).collect()
    }

    /// Begins to count processor time.
    pub(crate) fn mark(self) -> Mark {
        Mark { at: Instant::now(), ticks: self.ticks() }
    }

    /// Processor time since the mark, in percent of one core.
    pub(crate) fn percent_since(self, mark: Mark) -> f64 {
        // The kernel counts in hundredths of a second (USER_HZ), on every architecture that we run on.
        let seconds = self.ticks().saturating_sub(mark.ticks) as f64 / 100.0;
        100.0 * seconds / mark.at.elapsed().as_secs_f64()
    }

    /// Of processes that are there. One that has ended in between takes its time with it, into its parent's account of
    /// children, which is counted as well.
    fn ticks(self) -> u64 {
        let of = |pid: u32| -> Option<u64> {
            let fields = stat(pid)?;
            let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
            Some(number(11)? + number(12)? + number(13)? + number(14)?)
        };
        self.processes().into_iter().filter_map(of).sum()
    }
}

/// The fields of `/proc/<pid>/stat` after the name: state, parent, …; user and system time are at 11 and 12, those of ended
/// children at 13 and 14.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}
