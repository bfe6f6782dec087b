//! Reads texts out with the system's voice. Only where a page cannot: `WebKitGTK` has no voice, the webviews of Windows and
//! macOS have one.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use polychat_model::command::{CommandError, Say};
use tracing::{info, warn};

use crate::native::failed;
use crate::words::say;

/// Speech Dispatcher's own program: on every desktop that has a screen reader.
const PROGRAM: &str = "spd-say";

/// The longest text that is read out, in letters. A page cuts its texts far below that.
const MAX_LETTERS: usize = 1_000;

/// How long handing a text over may take. Reading it out takes longer; nobody waits for that.
const PATIENCE: Duration = Duration::from_secs(3);

/// The system's voice, if it has one.
pub(crate) struct Voice {
    next: Option<Arc<Next>>,
}

/// What is read out next: the latest text. Whoever steps through a chat wants to hear where they are, not where they were.
#[derive(Default)]
struct Next {
    text: Mutex<Option<String>>,
    told: Condvar,
}

impl Next {
    fn set(&self, text: String) {
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        self.told.notify_one();
    }

    /// Waits for a text.
    fn take(&self) -> String {
        let mut text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match text.take() {
                Some(text) => return text,
                None => text = self.told.wait(text).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

impl Voice {
    /// The voice of this system.
    pub(crate) fn find() -> Self {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&folders).map(|folder| folder.join(PROGRAM)).find(|file| file.is_file());
        Self::of(found.filter(|_| cfg!(target_os = "linux")))
    }

    fn of(program: Option<PathBuf>) -> Self {
        let Some(program) = program else { return Self { next: None } };
        let next = Arc::new(Next::default());
        let texts = next.clone();
        let begun = thread::Builder::new().name("voice".to_owned()).spawn(move || read_out(&program, &texts));
        match begun {
            Ok(_) => Self { next: Some(next) },
            Err(error) => {
                warn!(%error, "nothing is read out");
                Self { next: None }
            }
        }
    }

    /// Whether there is one.
    pub(crate) fn speaks(&self) -> bool {
        self.next.is_some()
    }

    /// Reads a text out, in place of the one before.
    ///
    /// # Errors
    /// In words, when there is no voice.
    pub(crate) fn say(&self, Say { text }: &Say) -> Result<(), CommandError> {
        let next = self.next.as_ref().ok_or_else(|| failed(say("native.noVoice").to_owned()))?;
        next.set(text.chars().take(MAX_LETTERS).collect());
        Ok(())
    }
}

/// Hands texts over, as long as the program runs.
fn read_out(program: &Path, texts: &Next) {
    loop {
        let text = texts.take();
        // Until then the one before would be read to its end.
        hand_over(program, &["--stop"]);
        if !text.trim().is_empty() {
            hand_over(program, &["--application-name", "polychat", "--", &text]);
        }
    }
}

fn hand_over(program: &Path, arguments: &[&str]) {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(child) => end(child),
        Err(error) => warn!(%error, "nothing was read out"),
    }
}

/// Waits for a program to end, but not for one that hangs.
fn end(mut child: Child) {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return,
            Ok(Some(status)) => return info!(%status, "nothing was read out"),
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(_) => break,
        }
    }
    warn!("the program that reads texts out hangs");
    _ = child.kill();
    _ = child.wait();
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A program in place of the system's, which writes down each of its arguments and then does `more`.
    fn program(folder: &Path, more: &str) -> (PathBuf, PathBuf) {
        let (program, heard) = (folder.join(PROGRAM), folder.join("heard"));
        let script = format!("#!/bin/sh\nprintf '<%s>' \"$@\" >> {0}\necho >> {0}\n{more}\n", heard.display());
        fs::write(&program, script).expect("the script is written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it may be run");
        (program, heard)
    }

    fn until(heard: &Path, text: &str) -> String {
        for _ in 0..1_000 {
            let all = fs::read_to_string(heard).unwrap_or_default();
            if all.contains(text) {
                return all;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("never heard: {text}");
    }

    #[test]
    fn what_is_said_replaces_what_was_and_is_never_taken_for_an_option() {
        let folder = tempfile::tempdir().unwrap();
        let (program, heard) = program(folder.path(), "");
        let voice = Voice::of(Some(program));
        assert!(voice.speaks());
        voice.say(&Say { text: "--stop $(rm -rf /) `x`".to_owned() }).unwrap();
        let all = until(&heard, "`x`");
        assert_eq!(all, "<--stop>\n<--application-name><polychat><--><--stop $(rm -rf /) `x`>\n");
        // The last of several is always read, and nothing of an empty one.
        for text in [" ".to_owned(), "x".to_owned(), "é".repeat(5_000)] {
            voice.say(&Say { text }).unwrap();
        }
        let all = until(&heard, "é");
        assert_eq!(all.matches('é').count(), MAX_LETTERS);
        assert!(!all.contains("< >"), "{all}");
    }

    #[test]
    fn one_that_hangs_or_fails_does_not_silence_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let (program, heard) = program(folder.path(), "case \"$*\" in *hang*) exec sleep 60;; esac; exit 1");
        let voice = Voice::of(Some(program));
        voice.say(&Say { text: "hang".to_owned() }).unwrap();
        until(&heard, "<hang>");
        voice.say(&Say { text: "next".to_owned() }).unwrap();
        until(&heard, "<next>");
    }

    #[test]
    fn a_system_without_a_voice_says_so() {
        let voice = Voice::of(None);
        assert!(!voice.speaks());
        assert!(!voice.say(&Say { text: "a".to_owned() }).unwrap_err().message.is_empty());
    }
}
