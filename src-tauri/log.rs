//! Where log lines go: to stderr, and to a file in the data folder, as a program with a window has no console.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Mutex;

use file_rotate::compression::Compression;
use file_rotate::suffix::AppendCount;
use file_rotate::{ContentLimit, FileRotate};
use polychat_server::Config;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The size at which a file is put aside and a new one begun. Chosen by hand: weeks of ordinary use.
const FILE_BYTES: usize = 2 * 1024 * 1024;

/// How many files are kept beside the one that is written.
const OLD_FILES: usize = 2;

/// Starts logging. Without a folder, or where it cannot be written, to stderr only.
pub(crate) fn start(config: &Config, folder: Option<&Path>) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let file = folder.map(|folder| folder.join("logs")).filter(|logs| std::fs::create_dir_all(logs).is_ok());
    let file = file.map(|logs| {
        let limit = ContentLimit::Bytes(FILE_BYTES);
        // Lines that cannot be written, on a full disk, are lost; nothing waits for them.
        let file =
            FileRotate::new(logs.join("polychat.log"), AppendCount::new(OLD_FILES), limit, Compression::None, None);
        layer().with_ansi(false).with_writer(Mutex::new(file))
    });
    let colours = std::io::stderr().is_terminal();
    let console = layer().with_target(false).with_ansi(colours).with_writer(std::io::stderr);
    // Another logger can be there already in tests only.
    _ = tracing_subscriber::registry().with(filter).with(console).with(file).try_init();
}
