//! `what:every` on the command line: what goes wrong, and how often.

use std::str::FromStr;
use std::time::Duration;

/// A kind of trouble that has a word.
pub(crate) trait Trouble: Copy + 'static {
    /// All words, and what they stand for.
    const WORDS: &'static [(&'static str, Self)];
}

/// One trouble that comes again and again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Misbehave<T> {
    pub(crate) what: T,
    pub(crate) every: Duration,
}

impl<T: Trouble> FromStr for Misbehave<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = || T::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let (word, every) = text.split_once(':').ok_or("say what and how often, as in cut:30s")?;
        let known = T::WORDS.iter().find(|(known, _)| *known == word);
        let what = known.ok_or_else(|| format!("the first word must be one of {}", words()))?.1;
        let seconds: f64 = every
            .strip_suffix('s')
            .unwrap_or(every)
            .parse()
            .map_err(|_| "the time must be a number of seconds, as in 30s".to_owned())?;
        if !(0.01..=1e6).contains(&seconds) {
            return Err("the time must be between 0.01 and 1000000 seconds".to_owned());
        }
        Ok(Self { what, every: Duration::from_secs_f64(seconds) })
    }
}

impl<T: Trouble> Misbehave<T> {
    /// Does it for ever.
    pub(crate) async fn run(self, mut act: impl FnMut(T)) {
        loop {
            tokio::time::sleep(self.every).await;
            act(self.what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::twitch::What;

    #[test]
    fn a_trouble_is_a_word_and_a_time() {
        let read = |text: &str| text.parse::<Misbehave<What>>().map(|misbehave| misbehave.every);
        assert_eq!(read("close:30s"), Ok(Duration::from_secs(30)));
        assert_eq!(read("reset:0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["close", "sing:3s", "close:soon", "close:0", "close:-1", "close:nan", ":1s"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
