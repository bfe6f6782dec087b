//! The servers under test: their processes and what those take.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// One thread, bare sockets, one write for each frame and client.
    Ceiling,
    /// The same, but frames that have arrived together leave together.
    CeilingCoalescing,
    /// axum, one task for each client.
    AxumTask,
    /// The program of this repository.
    Polychat,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ceiling => "ceiling",
            Self::CeilingCoalescing => "ceiling, coalescing",
            Self::AxumTask => "axum, a task per client",
            Self::Polychat => "**polychat**",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Ceiling => "ceiling",
            Self::CeilingCoalescing => "ceiling-coalescing",
            Self::AxumTask => "axum-task",
            Self::Polychat => "polychat",
        }
    }
}

/// Tells the load tool where a bare server listens.
pub(crate) fn announce(http: SocketAddr, control: SocketAddr) {
    println!("http://{http} control {control}");
}

/// A running server. Dropping it ends it.
pub(crate) struct Server {
    child: Child,
    /// Where it keeps its files.
    data: PathBuf,
    pub(crate) http: SocketAddr,
    /// Where a bare server takes its messages.
    pub(crate) control: Option<SocketAddr>,
}

impl Server {
    /// Starts it, on core 0 if `pinned`. `polychat` is the program, and `irc_url` where it finds Twitch.
    pub(crate) fn start(kind: Kind, polychat: &Path, irc_url: &str, pinned: bool) -> Result<Self> {
        Self::start_with(kind, polychat, irc_url, pinned, None)
    }

    /// The same with a Redis server through which it shares the reading.
    pub(crate) fn start_with(
        kind: Kind,
        polychat: &Path,
        irc_url: &str,
        pinned: bool,
        redis: Option<&str>,
    ) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (program, arguments) = match kind {
            Kind::Polychat => (polychat.to_owned(), vec!["--port", "0"]),
            bare => (std::env::current_exe()?, vec!["--serve", bare.word()]),
        };
        let mut command = if pinned {
            let mut command = Command::new("taskset");
            command.args(["-c", "0"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // Nothing that the program keeps for its user may be touched or may help.
        let data = std::env::temp_dir().join(format!(
            "polychat-bench-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ));
        match redis {
            Some(url) => command.env("REDIS_URL", url),
            None => command.env_remove("REDIS_URL"),
        };
        let mut child = command
            .args(arguments)
            .env("POLYCHAT_TWITCH_IRC_URL", irc_url)
            .env("POLYCHAT_TWITCH_SIDE", "off")
            .env("POLYCHAT_7TV_URL", "off")
            .env("POLYCHAT_BTTV_URL", "off")
            .env("POLYCHAT_FFZ_URL", "off")
            .env("POLYCHAT_MAX_CONNECTIONS", "20000")
            .env("POLYCHAT_LOG", "error")
            .env("POLYCHAT_DATA_DIR", &data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let mut lines = BufReader::new(child.stdout.take().context("the server's output")?).lines();
        let found = loop {
            let Some(line) = lines.next() else {
                let _ = child.kill();
                bail!("{} ended without saying where it listens: {}", kind.word(), child.wait()?)
            };
            let line = line?;
            let mut addresses = line.split_whitespace().filter_map(|word| {
                let (_, word) = word.split_once("://").unwrap_or(("", word));
                word.split('/').next()?.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<SocketAddr>().ok()
            });
            if let Some(http) = addresses.find(|address| address.ip() == Ipv4Addr::LOCALHOST) {
                break (http, addresses.next());
            }
        };
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, data, http: found.0, control: found.1 })
    }

    /// The CPU time that all its threads have had.
    pub(crate) fn cpu_ns(&self) -> Result<u64> {
        cpu_ns(&self.child.id().to_string())
    }

    /// The memory that it holds.
    pub(crate) fn rss_kib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the server has ended")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}

/// What each thread had when it was last looked at, by its folder.
static SEEN: Mutex<BTreeMap<PathBuf, u64>> = Mutex::new(BTreeMap::new());

/// The CPU time of all threads of a process, by the scheduler's account: exact, while `stat` counts hundredths. Threads that have
/// ended since count with what they had.
pub(crate) fn cpu_ns(process: &str) -> Result<u64> {
    let folder = PathBuf::from(format!("/proc/{process}/task"));
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for thread in fs::read_dir(&folder)? {
        let thread = thread?.path();
        let Ok(text) = fs::read_to_string(thread.join("schedstat")) else { continue };
        seen.insert(thread, text.split_whitespace().next().context("an empty schedstat")?.parse()?);
    }
    Ok(seen.iter().filter(|(thread, _)| thread.starts_with(&folder)).map(|(_, ns)| ns).sum())
}

/// The CPU time of the whole machine and of this process with the servers that have ended, in hundredths of seconds.
pub(crate) fn machine_and_own() -> Result<(u64, u64)> {
    let sum = |fields: &str, taken: &[usize]| -> u64 {
        let fields: Vec<u64> = fields.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
        taken.iter().filter_map(|at| fields.get(*at)).sum()
    };
    let machine = fs::read_to_string("/proc/stat")?;
    let (_, machine) = machine.lines().next().and_then(|line| line.split_once(' ')).context("an empty /proc/stat")?;
    let own = fs::read_to_string("/proc/self/stat")?;
    // The name of the program may hold spaces; its bracket ends before the fields.
    let (_, own) = own.rsplit_once(')').context("an empty stat")?;
    // All but idle and waiting for disks; user and system time of this process and of its children.
    Ok((sum(machine, &[0, 1, 2, 5, 6, 7]), sum(own, &[11, 12, 13, 14])))
}
