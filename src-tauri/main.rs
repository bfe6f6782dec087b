//! Polychat's desktop program: the server of `polychat-server` in a window, over the game and in the tray. Wiring only.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod closing;
mod columns;
mod commands;
mod control;
mod crash;
mod display;
mod files;
mod log;
mod memory;
mod native;
mod pages;
mod program;
mod shell;
mod update;
mod voice;
mod windows;
mod words;

use std::process::ExitCode;

use clap::Parser;
use polychat_server::Config;

/// Settings of the server, and how to begin.
#[derive(Debug, Parser)]
#[command(name = "polychat", version, about = "Every live chat on one overlay.")]
struct Arguments {
    /// Begin in the tray, without the window. What starts with the system begins like this
    #[arg(long)]
    in_tray: bool,

    #[command(flatten)]
    config: Config,
}

fn main() -> ExitCode {
    let Arguments { in_tray, config } = Arguments::parse();
    if let Err(sentence) = display::check() {
        eprintln!("{sentence}");
        return ExitCode::FAILURE;
    }
    windows::prefer_x11();
    display::paint_without_a_card();
    memory::collect_in_time();
    shell::run(config, in_tray)
}
