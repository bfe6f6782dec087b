//! Checks one after another, each with a heading and the time it took. The first failure ends them.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

pub(crate) struct Checks {
    started: Instant,
    passed: usize,
    left_out: Vec<String>,
}

impl Checks {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), passed: 0, left_out: Vec::new() }
    }

    /// Runs one check under its heading.
    pub(crate) fn check(&mut self, name: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n=== {name}");
        let started = Instant::now();
        check().with_context(|| format!("FAILED: {name}, after {}", words(started.elapsed())))?;
        println!("=== {name}: passed in {}", words(started.elapsed()));
        self.passed += 1;
        Ok(())
    }

    /// Says that a check was not made, here and again in the last line.
    pub(crate) fn leave_out(&mut self, name: &str, why: &str) {
        println!("\n=== {name}: LEFT OUT ({why})");
        self.left_out.push(format!("{name} ({why})"));
    }

    /// The last line.
    pub(crate) fn summary(&self) -> String {
        let passed = format!("{} checks passed in {}.", self.passed, words(self.started.elapsed()));
        if self.left_out.is_empty() { passed } else { format!("{passed} Left out: {}.", self.left_out.join(", ")) }
    }
}

/// `3.2 s` or `4 min 05 s`.
fn words(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f32()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_failed_check_names_itself_and_is_not_counted() {
        let mut checks = Checks::new();
        checks.check("fine", || Ok(())).unwrap();
        let error = checks.check("lints", || bail!("a lint")).unwrap_err();
        assert!(format!("{error:#}").starts_with("FAILED: lints, after"), "{error:#}");
        assert!(format!("{error:#}").ends_with("a lint"), "{error:#}");
        assert!(checks.summary().starts_with("1 checks passed"), "{}", checks.summary());
    }

    #[test]
    fn what_was_left_out_is_in_the_last_line() {
        let mut checks = Checks::new();
        checks.leave_out("browser tests", "--without-browser");
        assert!(checks.summary().ends_with("Left out: browser tests (--without-browser)."), "{}", checks.summary());
    }

    #[test]
    fn times_are_told_in_words() {
        assert_eq!(words(Duration::from_millis(3_240)), "3.2 s");
        assert_eq!(words(Duration::from_secs(245)), "4 min 05 s");
    }
}
