//! Everything that Polychat needs and Cargo does not bring: looked for, installed where we may, else named.
//!
//! On Debian and its relatives `apt-get` installs, if we are root or `sudo` asks for no password. Nothing here asks
//! questions.

mod apt;
mod browser;
mod desktop;
mod node;
mod redis;
mod servers;
mod toolchain;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{place, program};

pub(crate) use desktop::has_screen;

/// What the caller is going to do.
#[derive(Clone, Copy)]
pub(crate) struct Needs {
    /// Build the pages.
    pub(crate) pages: bool,
    /// Check format and lints.
    pub(crate) lints: bool,
    /// Open pages in a browser.
    pub(crate) browser: bool,
    /// Build the desktop program.
    pub(crate) window: bool,
    /// Pack it.
    pub(crate) bundle: bool,
    /// Pack it as an `AppImage`, too.
    pub(crate) appimage: bool,
    /// Run it on a screen of the tests' own.
    pub(crate) screen: bool,
    /// Run a Redis server, if there can be one.
    pub(crate) redis: bool,
}

impl Default for Needs {
    fn default() -> Self {
        Self {
            pages: true,
            lints: false,
            browser: false,
            window: false,
            bundle: false,
            appimage: false,
            screen: false,
            redis: false,
        }
    }
}

/// What the set-up found.
#[derive(Default)]
pub(crate) struct Tools {
    /// The search path for npm and Node, where it is not the usual one.
    path: Option<OsString>,
    /// The browser, if one was asked for.
    pub(crate) chromium: Option<PathBuf>,
    /// Whether there is a Redis server. It is never missing: what needs one is left out, and says so.
    pub(crate) redis: bool,
}

impl Tools {
    /// npm in `ui/`.
    pub(crate) fn npm(&self) -> Command {
        let mut npm = self.with_node(program::command(if cfg!(windows) { "npm.cmd" } else { "npm" }));
        npm.current_dir(place::ui());
        npm
    }

    /// A program that npm has installed, in the root.
    pub(crate) fn of_npm(&self, name: &str) -> Command {
        let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
        self.with_node(program::command(place::ui().join("node_modules").join(".bin").join(file)))
    }

    fn with_node(&self, mut command: Command) -> Command {
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command
    }
}

/// Looks for everything and installs what it may.
///
/// # Errors
/// One sentence for each thing that is missing.
pub(crate) fn setup(needs: Needs) -> Result<Tools> {
    let mut apt = apt::Apt::new();
    let mut missing = Vec::new();
    let mut tools = Tools::default();

    missing.extend(toolchain::rust());
    missing.extend(toolchain::c_compiler(&mut apt));
    if needs.lints {
        missing.extend(toolchain::components());
        servers::set_up(&mut apt);
    }
    if needs.window {
        missing.extend(desktop::libraries(&mut apt));
    }
    if needs.bundle {
        missing.extend(desktop::packing(&mut apt, needs.appimage));
    }
    if needs.screen {
        missing.extend(desktop::screen(&mut apt));
    }
    if needs.pages {
        match node::set_up(&mut apt) {
            Ok(path) => tools.path = path,
            Err(what) => missing.push(what),
        }
    }
    if needs.browser {
        match browser::set_up(&mut apt) {
            Ok(browser) => tools.chromium = Some(browser),
            Err(what) => missing.push(what),
        }
    }

    if needs.redis {
        tools.redis = redis::set_up(&mut apt);
    }

    if missing.is_empty() {
        return Ok(tools);
    }
    bail!("Polychat needs what is missing here:\n- {}", missing.join("\n- "))
}
