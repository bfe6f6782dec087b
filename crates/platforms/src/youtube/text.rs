//! Texts of YouTube in their three shapes, and what they become: [`Content`] for messages, a plain text for the rest.

mod links;
#[expect(clippy::struct_field_names, reason = "named as YouTube names them")]
mod shape;
mod spans;

use std::borrow::Cow;

use polychat_model::Content;

use self::shape::Emoji;
pub(super) use self::shape::{Endpoint, Sources, Text};
use self::spans::Cutter;
use super::answer::cut;
use super::lenient::Str;

/// Longest text that is taken over, in bytes. A message has at most 200 characters, but each may be an emoji with a name
/// of its own; the notices of YouTube stay below 1,000.
pub(super) const TEXT_MAX_BYTES: usize = 8_000;

impl Emoji<'_> {
    fn is_custom(&self) -> bool {
        self.is_custom_emoji.0 || self.emoji_id.contains('/')
    }

    /// What stands for it in a text: the character of an emoji, the shortcut of a custom one. Never empty.
    fn word(&self) -> &str {
        let shortcut = self.shortcuts.iter().find_map(Str::some);
        let character = self.emoji_id.some().filter(|_| !self.is_custom());
        character.or(shortcut).or(self.image.label()).unwrap_or("\u{25a1}")
    }
}

impl Text<'_> {
    /// The words alone, emoji as what stands for them.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        match &self.runs[..] {
            [run] if run.emoji.get().is_none() && !run.text.is_empty() => {
                return Cow::Borrowed(cut(&run.text, TEXT_MAX_BYTES));
            }
            [] => return Cow::Borrowed(cut(self.simple_text.some().unwrap_or(&self.content), TEXT_MAX_BYTES)),
            _ => {}
        }
        let mut out = String::new();
        for run in self.runs.iter() {
            out.push_str(run.emoji.get().map_or(&*run.text, Emoji::word));
            if out.len() > TEXT_MAX_BYTES {
                break;
            }
        }
        if out.is_empty() {
            out.push_str(self.simple_text.some().unwrap_or(&self.content));
        }
        out.truncate(cut(&out, TEXT_MAX_BYTES).len());
        Cow::Owned(out)
    }

    /// Nothing to say.
    pub(super) fn is_empty(&self) -> bool {
        let has_run = self.runs.iter().any(|run| !run.text.is_empty() || run.emoji.get().is_some());
        !has_run && self.simple_text.is_empty() && self.content.is_empty()
    }

    /// The first bold run: names in the notices of YouTube.
    pub(super) fn bold(&self) -> Option<&str> {
        self.runs.iter().find(|run| run.bold.0).and_then(|run| run.text.some()).map(str::trim)
    }

    /// The first run that is all digits, or else the first number in the text, with separators taken out.
    pub(super) fn number(&self) -> Option<u64> {
        let whole = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        self.runs.iter().find_map(|run| whole(run.text.trim())).or_else(|| first_number(&self.plain()))
    }

    /// The text as people write it, cut into its elements.
    pub(super) fn message(&self) -> Content {
        let mut cutter = Cutter::default();
        if !self.runs.is_empty() {
            for run in self.runs.iter() {
                match run.emoji.get() {
                    Some(emoji) => cutter.emoji(emoji),
                    None => cutter.run(&run.text, run.navigation_endpoint.get()),
                }
            }
        } else if let Some(text) = self.simple_text.some() {
            cutter.run(text, None);
        } else {
            cutter.view_model(self);
        }
        cutter.finish()
    }
}

/// `1,301 votes` is 1301, `1.3K votes` is 1300.
pub(super) fn first_number(text: &str) -> Option<u64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(rest.len());
    let (number, unit) = (rest[..end].trim_end_matches([',', '.']), &rest[end..]);
    let scale: u64 = match unit.chars().next() {
        Some('K') => 1_000,
        Some('M') => 1_000_000,
        Some('B') => 1_000_000_000,
        _ => return number.replace([',', '.'], "").parse().ok(),
    };
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    let tenths: u64 = tenths.get(..1)?.parse().ok()?;
    whole.replace(',', "").parse::<u64>().ok()?.checked_mul(scale)?.checked_add(tenths * (scale / 10))
}

#[cfg(test)]
mod tests;
