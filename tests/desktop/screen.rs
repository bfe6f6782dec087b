//! A screen of its own for each test: an X server without a monitor, a session bus, a window manager, a compositor.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex};

use super::process::Running;

/// Screens at once. Each runs a browser engine that draws without a graphics card; more only make all of them late.
const SCREENS: usize = 2;

static FREE: Mutex<usize> = Mutex::new(SCREENS);
static CHANGED: Condvar = Condvar::new();

/// The right to have a screen.
#[derive(Debug)]
struct Turn;

impl Turn {
    fn take() -> Self {
        let mut free = CHANGED.wait_while(FREE.lock().unwrap(), |free| *free == 0).unwrap();
        *free -= 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Also while a test panics, which must not poison what the others wait for.
        *FREE.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += 1;
        CHANGED.notify_one();
    }
}

/// What a screen has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Furniture {
    /// Without one nothing can be seen through a window.
    pub(crate) compositor: bool,
    /// Width and height in pixels.
    pub(crate) size: (u16, u16),
}

impl Default for Furniture {
    fn default() -> Self {
        Self { compositor: true, size: (1600, 900) }
    }
}

/// A running screen. What was started on it ends in reverse order.
#[derive(Debug)]
pub(crate) struct Screen {
    children: Vec<Running>,
    pub(crate) display: String,
    pub(crate) bus: String,
    folder: tempfile::TempDir,
    _turn: Turn,
}

impl Drop for Screen {
    fn drop(&mut self) {
        while self.children.pop().is_some() {}
    }
}

impl Screen {
    pub(crate) fn start(furniture: Furniture) -> Self {
        let turn = Turn::take();
        let folder = tempfile::tempdir().unwrap();
        let (width, height) = furniture.size;
        // It takes a free display and prints its number.
        let mut x = Command::new("Xvfb");
        x.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24")]);
        let (x, display) = Running::start_and_read_line(x.stderr(Stdio::null()));
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let (bus, address) = Running::start_and_read_line(bus.stderr(Stdio::null()));
        let display = format!(":{display}");
        let mut screen = Self { children: vec![x, bus], display, bus: address, folder, _turn: turn };
        let mut openbox = screen.command("openbox");
        screen.children.push(Running::start(openbox.stdout(Stdio::null()).stderr(Stdio::null())));
        if furniture.compositor {
            let mut picom = screen.command("picom");
            picom.args(["--backend", "xrender", "--config", "/dev/null"]);
            screen.children.push(Running::start(picom.stdout(Stdio::null()).stderr(Stdio::null())));
        }
        screen
    }

    /// The folder of this test.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A folder in it, which is made.
    pub(crate) fn folder_for(&self, name: &str) -> PathBuf {
        let folder = self.folder().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A command whose home, bus and display are those of this test, and which knows nothing else of this machine.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("LANG", "C.UTF-8").env("TZ", "UTC");
        command.env("DISPLAY", &self.display).env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        command.env("NO_AT_BRIDGE", "1");
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            command.env(name, self.folder_for(folder));
        }
        command.current_dir(self.folder());
        command
    }
}
