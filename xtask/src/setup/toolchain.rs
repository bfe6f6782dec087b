//! Rust, its components, and the C compiler that `ring` (TLS) is built with.

use super::apt::Apt;
use crate::program;

/// What `rust-version` of the workspace says.
const NEEDED: &str = env!("CARGO_PKG_RUST_VERSION");

pub(super) fn rust() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Some(told) = program::output(program::command(rustc).arg("--version")) else {
        return Some(format!("Rust {NEEDED} or newer: rustc does not start. Get it at https://rustup.rs."));
    };
    let version = told.split_whitespace().nth(1).unwrap_or_default();
    if at_least(version, NEEDED) {
        return None;
    }
    Some(format!("Rust {NEEDED} or newer: this is {version}. Run `rustup update`, or get it at https://rustup.rs."))
}

pub(super) fn c_compiler(apt: &mut Apt) -> Option<String> {
    // With the tools of Visual Studio the compiler is found by its own means, and Rust links with them already.
    if cfg!(windows) || std::env::var_os("CC").is_some() {
        return None;
    }
    let there = || program::find(&["cc", "gcc", "clang"]).is_some();
    if !there() {
        apt.install(&["build-essential"]);
    }
    if there() {
        return None;
    }
    let how = if cfg!(target_os = "macos") {
        "Run `xcode-select --install`."
    } else {
        "Install gcc or clang with the packages of your system (Debian, Ubuntu: `apt-get install build-essential`)."
    };
    Some(format!("A C compiler. {how}"))
}

/// `cargo fmt` and `cargo clippy`.
pub(super) fn components() -> Option<String> {
    let there = |component| program::output(program::cargo().args([component, "--version"])).is_some();
    let both = || there("fmt") && there("clippy");
    if both() {
        return None;
    }
    if program::find(&["rustup"]).is_some() {
        let add = ["component", "add", "rustfmt", "clippy"];
        if let Err(error) = program::run(program::command("rustup").args(add)) {
            eprintln!("{error:#}");
        }
    }
    (!both()).then(|| {
        "rustfmt and clippy: run `rustup component add rustfmt clippy`, or install them like your Rust.".to_owned()
    })
}

/// Compares versions by their numbers. What follows the numbers (`-nightly`) does not count.
pub(super) fn at_least(version: &str, needed: &str) -> bool {
    numbers(version) >= numbers(needed)
}

fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = [0; 3];
    let plain = version.trim_start_matches('v').split(['-', '+', ' ']).next().unwrap_or_default();
    for (number, text) in numbers.iter_mut().zip(plain.split('.')) {
        *number = text.parse().unwrap_or(0);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(at_least("1.100.0", "1.90"), "not as text");
        assert!(at_least("v20.19.0", "20.19"));
        assert!(at_least("1.90.0-nightly", "1.90"));
        assert!(at_least("22.0.0", "20.19"));
        assert!(!at_least("v20.18.3", "20.19"));
        assert!(!at_least("1.89.1", "1.90"));
        assert!(!at_least("", "1.90"));
    }
}
