//! `cargo xtask test`: every check, in an order that tells about the cheap ones first.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::checks::Checks;
use crate::setup::{self, Needs, Tools};
use crate::{bindings, place, program, ui};

/// What may be left out, always with a word in the last line.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leave the tests in a browser out
    #[arg(long)]
    without_browser: bool,
    /// Leave out what rarely fails alone: browser, documentation, licences, fuzz targets
    #[arg(long)]
    quick: bool,
}

impl Options {
    /// Why there is no browser, if there is none.
    fn no_browser(&self) -> Option<&'static str> {
        match self {
            Self { without_browser: true, .. } => Some("--without-browser"),
            Self { quick: true, .. } => Some("--quick"),
            Self { .. } => None,
        }
    }
}

pub(crate) fn test(options: &Options) -> Result<()> {
    let mut checks = Checks::new();
    let browser = options.no_browser().is_none();
    let mut tools = Tools::default();
    checks.check("set-up", || {
        tools =
            setup::setup(Needs { lints: true, browser, window: true, screen: true, redis: true, ..Needs::default() })?;
        Ok(())
    })?;

    checks.check("format", || program::run(program::cargo().args(["fmt", "--all", "--check"])))?;
    checks.check("pages: build", || ui::build(&tools))?;
    checks.check("pages: types", || program::run(tools.npm().args(["run", "check"])))?;
    checks.check("pages: unit tests", || program::run(tools.npm().args(["run", "test"])))?;
    checks.check("lints", || {
        let clippy = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
        program::run(program::cargo().args(clippy))
    })?;
    // Before the tests: they write the bindings that this compares.
    checks.check("generated types", bindings::check)?;
    checks.check("tests", || program::run(program::cargo().args(["test", "--workspace"])))?;
    if !tools.redis {
        checks.leave_out("tests with a Redis server", "redis-server is not installed");
    }
    if options.quick {
        checks.leave_out("documentation, licences, fuzz targets", "--quick");
    } else {
        documentation(&mut checks)?;
        licences(&mut checks)?;
        fuzz_targets(&mut checks)?;
    }
    match options.no_browser() {
        None => checks.check("pages: tests in a browser", || in_a_browser(&tools))?,
        Some(why) => checks.leave_out("pages: tests in a browser", why),
    }

    println!("\n{}", checks.summary());
    Ok(())
}

fn documentation(checks: &mut Checks) -> Result<()> {
    checks.check("documentation", || {
        program::run(program::cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    })
}

/// The judge of licences and sources, in the version that .github/workflows/test.yml has.
const CARGO_DENY: &str = "0.20.2";

fn licences(checks: &mut Checks) -> Result<()> {
    checks.check("licences and sources", || {
        let deny = program::find(&["cargo-deny"]).map_or_else(own_deny, Ok)?;
        program::run(program::command(deny).args(["--locked", "check", "licenses", "bans", "sources"]))
    })
}

/// One of our own where none is installed. It takes minutes to build, once.
fn own_deny() -> Result<PathBuf> {
    let tools = place::scratch()?.join("tools").join(CARGO_DENY);
    let deny = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !deny.is_file() {
        let built = tools.join("target");
        let mut install = program::cargo();
        install.args(["install", "--quiet", "--locked", &format!("cargo-deny@{CARGO_DENY}"), "--root"]).arg(&tools);
        // It runs for two seconds: to build it sooner is worth more than what this buys.
        install.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        program::run(install.env("CARGO_TARGET_DIR", &built))?;
        fs::remove_dir_all(built)?;
    }
    Ok(deny)
}

/// They are a workspace of their own, as fuzzing wants other flags: only whether they compile is checked.
fn fuzz_targets(checks: &mut Checks) -> Result<()> {
    if !place::root().join("fuzz/Cargo.toml").is_file() {
        return Ok(());
    }
    let target = place::scratch()?.join("fuzz");
    checks.check("fuzz targets", || {
        let check = ["check", "--manifest-path", "fuzz/Cargo.toml", "--target-dir"];
        program::run(program::cargo().args(check).arg(target))
    })
}

/// The pages in Chromium, against scripted servers and against the real one.
fn in_a_browser(tools: &Tools) -> Result<()> {
    let chromium = tools.chromium.as_ref().context("the set-up found no browser")?;
    // The tests had it built. Asked for alone it would have other features, and half of it be built anew.
    program::run(program::cargo().args(["test", "--workspace", "--no-run"]))?;
    let server = place::programs()?.join(format!("polychat-server{}", std::env::consts::EXE_SUFFIX));
    let mut playwright = tools.npm();
    playwright.args(["run", "e2e"]).env("POLYCHAT_SERVER_BIN", server).env("POLYCHAT_CHROMIUM", chromium);
    program::run(&mut playwright)
}
