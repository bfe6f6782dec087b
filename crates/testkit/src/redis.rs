//! A real Redis server for tests, if it is installed: on a free port, with nothing on a disk, ended with its test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

/// How long the server may take to start.
const START: Duration = Duration::from_secs(20);

/// A running `redis-server`, or one that was killed and may start again at the same place.
pub struct RedisServer {
    program: PathBuf,
    child: Option<Child>,
    port: u16,
    folder: PathBuf,
}

impl RedisServer {
    /// Starts one. `None`, and a sentence, where it is not installed.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Some(program) = program() else {
            println!("SKIPPED: not tried with a real Redis, as redis-server is not installed.");
            return None;
        };
        let name = format!("polychat-redis-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for Redis");
        // Somebody else may take the port before Redis does; then another one is tried.
        for _ in 0..5 {
            let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
            let port = free.local_addr().expect("a port").port();
            drop(free);
            let mut server = Self { program: program.clone(), child: None, port, folder: folder.clone() };
            if server.run() {
                return Some(server);
            }
            // The folder is still wanted.
            server.folder = PathBuf::new();
        }
        panic!("redis-server does not start: see {}", folder.join("log").display());
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its port at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Ends it at once (SIGKILL). What it held is gone.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            _ = child.kill();
            _ = child.wait();
        }
    }

    /// Starts it again at the same address, empty.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&mut self) {
        self.kill();
        assert!(self.run(), "redis-server does not start again: see {}", self.folder.join("log").display());
    }

    /// It stands still (SIGSTOP): connections stay, and nothing answers.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// It goes on (SIGCONT).
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        if let Some(child) = &self.child {
            signal_process(child.id(), signal);
        }
    }

    /// What it answers to one command of plain words, as it sends it.
    ///
    /// # Panics
    /// If it does not answer.
    pub fn ask(&self, command: &str) -> String {
        self.try_ask(command).expect("Redis answers")
    }

    fn try_ask(&self, command: &str) -> std::io::Result<String> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port))?;
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
        socket.write_all(format!("{command}\r\nQUIT\r\n").as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        Ok(answer.strip_suffix("+OK\r\n").unwrap_or(&answer).to_owned())
    }

    /// False if it ended instead of answering.
    fn run(&mut self) -> bool {
        let log = fs::File::create(self.folder.join("log")).expect("a file for what Redis says");
        let mut program = Command::new(&self.program);
        // By its name it knows what it is.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut program, "redis-server");
        program.args(["--bind", "127.0.0.1", "--port", &self.port.to_string()]);
        program.args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir"]).arg(&self.folder);
        program.stdin(Stdio::null()).stdout(log.try_clone().expect("the same file")).stderr(log);
        let mut child = program.spawn().expect("redis-server can be run");
        let begun = Instant::now();
        while begun.elapsed() < START {
            let answers = self.try_ask("PING").is_ok_and(|answer| answer.starts_with("+PONG"));
            // Looked at last: if it has ended, somebody else answers at that port.
            if child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return false;
            }
            if answers {
                self.child = Some(child);
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        _ = child.kill();
        _ = child.wait();
        false
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
        if !self.folder.as_os_str().is_empty() {
            _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The server. Debian's redis-tools have the same program under another name, without a server that starts with the computer.
fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let find = |name| env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file());
    find("redis-server").or_else(|| find("redis-check-rdb").filter(|_| cfg!(unix)))
}

/// Sends a signal to one process of a test: `-STOP`, `-CONT`.
///
/// # Panics
/// If that is not possible.
pub fn signal_process(id: u32, signal: &str) {
    let sent = Command::new("kill").args([signal, &id.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "{signal} could not be sent");
}
