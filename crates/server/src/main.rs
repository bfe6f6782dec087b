//! `polychat-server`: Polychat without a window. Wiring only.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use polychat_server::{App, Config, probe};
use tracing_subscriber::EnvFilter;

/// Settings, and what to do instead of running.
#[derive(Debug, Parser)]
#[command(
    name = "polychat-server",
    version,
    about = "Every live chat on one overlay: reads chats and serves them to OBS and to programs.",
    after_help = "Open http://127.0.0.1:7117/test once it runs. Nothing needs an account or a key.",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(flatten)]
    config: Config,

    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Task {
    /// Ask the Polychat that runs at this address and port how it does. Ends with 0 if it answers, else with 1
    Health,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { config, task } = Arguments::parse();
    match task {
        None => run(config).await,
        Some(Task::Health) => match probe(&config).await {
            Ok(sentence) => {
                println!("{sentence}");
                ExitCode::SUCCESS
            }
            Err(sentence) => {
                eprintln!("{sentence}");
                ExitCode::FAILURE
            }
        },
    }
}

async fn run(config: Config) -> ExitCode {
    start_logging(&config);
    let demo = config.demo;
    let app = match App::start(config).await {
        Ok(app) => app,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(port) = app.moved_from() {
        println!("Port {port} is in use by another program, so links to it do not reach Polychat.");
    }
    for notice in app.commands().notices() {
        println!("{notice}");
    }
    println!("Polychat runs at {}", app.url());
    println!("Open {} in a browser{}.", app.url(), if demo { ", and watch the demo" } else { "" });
    if let Some(address) = app.url_elsewhere() {
        // A page that another computer opens does not get the token by itself. Whoever sees this may give it away; what is
        // no terminal is mostly a log, which others read.
        match app.token_file().filter(|_| !std::io::stdout().is_terminal()) {
            Some(file) => {
                println!(
                    "On another computer, open {address} and enter the key in {} to change something.",
                    file.display()
                );
            }
            None => println!("On another computer, open {address}/#token={} to change something.", app.token()),
        }
    }
    stop_requested().await;
    app.stop().await;
    ExitCode::SUCCESS
}

/// Logs go to stderr, so that stdout holds only what the user has to read.
fn start_logging(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A file or a journal shows colours as rubbish.
    let lines = lines.with_ansi(std::io::stderr().is_terminal());
    if config.log_json { lines.json().init() } else { lines.with_target(false).init() }
}

/// Ctrl+C, or SIGTERM where there is one.
async fn stop_requested() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}
