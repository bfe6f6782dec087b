//! A report of a crash, to a file of this computer and nowhere else.

use std::backtrace::Backtrace;
use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::thread;

use polychat_model::unix_ms;

thread_local! {
    /// What this thread does just now may panic, and somebody is ready for that.
    static BORNE: Cell<bool> = const { Cell::new(false) };
}

/// Does something that may panic in code that is not ours, without a report.
///
/// # Errors
/// It panicked.
pub(crate) fn borne<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    BORNE.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    BORNE.set(false);
    done
}

/// How many reports are kept.
const KEPT: usize = 10;

/// Writes a report whenever something of the program panics, and gives the reports that nobody was told of yet.
pub(crate) fn watch(folder: &Path) -> Vec<PathBuf> {
    let folder = folder.join("crashes");
    let found = fresh(&folder);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if BORNE.get() {
            return;
        }
        before(info);
        let text = report(info, &Backtrace::force_capture());
        tracing::error!("{}", text.lines().next().unwrap_or_default());
        // There is nobody left to tell if that fails.
        _ = write(&folder, &text);
    }));
    found
}

fn report(info: &PanicHookInfo<'_>, backtrace: &Backtrace) -> String {
    let payload = info.payload();
    let what = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let what = what.unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let thread = thread::current();
    let mut text = format!("Polychat {} crashed: {what}\n", env!("CARGO_PKG_VERSION"));
    // Writing to a text does not fail.
    _ = writeln!(text, "at {place}, thread {}", thread.name().unwrap_or("without a name"));
    _ = writeln!(text, "{} {}", std::env::consts::OS, std::env::consts::ARCH);
    _ = writeln!(text, "\nThis file is on this computer only. It was sent to nobody.\n\n{backtrace}");
    text
}

fn write(folder: &Path, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(format!("new-{}.txt", unix_ms())), text)?;
    let mut all = reports(folder);
    all.sort_by_key(|path| path.file_name().map(|name| name.to_string_lossy().trim_start_matches("new-").to_owned()));
    for old in all.iter().rev().skip(KEPT) {
        fs::remove_file(old)?;
    }
    Ok(())
}

fn reports(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|kind| kind == "txt")).collect()
}

/// Reports that are new; from now on they are not.
fn fresh(folder: &Path) -> Vec<PathBuf> {
    let told = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().strip_prefix("new-")?.to_owned();
        let path_told = path.with_file_name(name);
        fs::rename(&path, &path_told).ok()?;
        Some(path_told)
    };
    reports(folder).into_iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_new_once_and_only_ten_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..12 {
            fs::write(folder.path().join(format!("{n:02}.txt")), "old").unwrap();
        }
        write(folder.path(), "Polychat crashed").unwrap();
        assert_eq!(reports(folder.path()).len(), KEPT);
        let found = fresh(folder.path());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(fs::read_to_string(&found[0]).unwrap(), "Polychat crashed");
        assert!(fresh(folder.path()).is_empty(), "told once");
    }

    #[test]
    fn a_panic_says_where_and_that_nobody_was_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(watch(folder.path()).is_empty());
        let thread = thread::Builder::new().name("reader".to_owned()).spawn(|| panic!("a wrong number")).unwrap();
        assert!(thread.join().is_err());
        assert!(borne(|| panic!("a library is missing")).is_err());
        let found = fresh(&folder.path().join("crashes"));
        assert_eq!(found.len(), 1, "what is borne is no crash: {found:?}");
        let text = fs::read_to_string(&found[0]).unwrap();
        for word in ["a wrong number", "crash.rs:", "thread reader", "sent to nobody"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
}
