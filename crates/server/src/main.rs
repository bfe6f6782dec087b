//! `polychat-server`: Polychat without a window. Wiring only.

use std::process::ExitCode;

use clap::Parser;
use polychat_server::{App, Config};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
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
        // A page that another computer opens does not get the token by itself. Whoever sees this may give it away.
        println!("On another computer, open {address}/#token={} to change something.", app.token());
    }
    stop_requested().await;
    app.stop().await;
    ExitCode::SUCCESS
}

/// Logs go to stderr, so that stdout holds only what the user has to read.
fn start_logging(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
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
