//! Puts a text together from its pieces and remembers which bytes are an emote, a link or a mention.

use std::ops::Range;
use std::sync::Arc;

use polychat_model::{Content, ContentBuilder, Element, EmoteMetadata, LinkMetadata, MentionMetadata};

use super::{Emoji, Endpoint, TEXT_MAX_BYTES, Text, cut, links};

/// How many emotes, links and mentions one message may have: four times what fits into 200 characters.
const SPANS_MAX: usize = 800;

#[derive(Debug)]
enum What {
    Emote { url: Arc<str>, alt: String, is_custom: bool },
    Link(String),
    Mention(String),
}

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    raw: String,
    spans: Vec<(Range<usize>, What)>,
}

impl Cutter {
    /// An emoji: as picture where there is a safe one, else as its word.
    pub(super) fn emoji(&mut self, emoji: &Emoji<'_>) {
        let word = emoji.word();
        let Some(range) = self.push(word) else { return };
        if range.len() == word.len()
            && let Some(url) = emoji.image.thumbnails.largest()
        {
            let alt = emoji.image.label().unwrap_or(word).to_owned();
            self.mark(range, What::Emote { url, alt, is_custom: emoji.is_custom() });
        }
    }

    /// Words, all of which may be one link.
    pub(super) fn run(&mut self, text: &str, endpoint: Option<&Endpoint<'_>>) {
        let Some(range) = self.push(text) else { return };
        match endpoint.and_then(|endpoint| linked(&self.raw[range.clone()], endpoint)) {
            Some(what) => self.mark(range, what),
            None => self.mentions(range),
        }
    }

    /// `content` with its links and pictures beside it.
    pub(super) fn view_model(&mut self, text: &Text<'_>) {
        let Some(whole) = self.push(&text.content) else { return };
        let mut spans = Vec::new();
        for run in text.attachment_runs.iter().take(SPANS_MAX) {
            let range = bytes(&self.raw, run.start_index.0, run.length.0);
            let url = run.element.kind.image_type.image.sources.largest();
            if let (Some(range), Some(url)) = (range, url) {
                let alt = self.raw[range.clone()].to_owned();
                let is_custom = alt.starts_with(':');
                spans.push((range, What::Emote { url, alt, is_custom }));
            }
        }
        for run in text.command_runs.iter().take(SPANS_MAX) {
            let Some(range) = bytes(&self.raw, run.start_index.0, run.length.0) else { continue };
            if let Some(what) = linked(&self.raw[range.clone()], &run.on_tap.innertube_command) {
                spans.push((range, what));
            }
        }
        spans.sort_by_key(|(range, _)| range.start);
        let mut done = whole.start;
        for (range, what) in spans {
            if range.start < done {
                continue;
            }
            self.mentions(done..range.start);
            done = range.end;
            self.mark(range, what);
        }
        self.mentions(done..whole.end);
    }

    pub(super) fn finish(self) -> Content {
        if self.spans.is_empty() {
            return Content::plain(self.raw);
        }
        let mut builder = ContentBuilder::new(&self.raw).expect(2 * self.spans.len() + 1);
        for (range, what) in self.spans {
            builder.element(range, |value, position| match what {
                What::Emote { url, alt, is_custom } => {
                    let metadata = EmoteMetadata { url, alt, is_custom, style: None };
                    Element::Emote { value, position, metadata }
                }
                What::Link(url) => Element::Link { value, position, metadata: LinkMetadata { url } },
                What::Mention(username) => Element::Mention { value, position, metadata: MentionMetadata { username } },
            });
        }
        builder.finish()
    }

    /// Appends what still fits.
    fn push(&mut self, text: &str) -> Option<Range<usize>> {
        let start = self.raw.len();
        self.raw.push_str(cut(text, TEXT_MAX_BYTES - start));
        (self.raw.len() > start).then_some(start..self.raw.len())
    }

    fn mark(&mut self, range: Range<usize>, what: What) {
        if self.spans.len() < SPANS_MAX {
            self.spans.push((range, what));
        }
    }

    /// Marks every `@name` that begins a word.
    fn mentions(&mut self, range: Range<usize>) {
        let mut from = range.start;
        while let Some(at) = self.raw[from..range.end].find('@').map(|at| from + at) {
            let before = self.raw[range.start..at].chars().next_back();
            let name = handle(&self.raw[at + 1..range.end]);
            from = at + 1 + name.len();
            let begins = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-' | '/'));
            if begins && !name.is_empty() {
                let name = name.to_owned();
                self.mark(at..from, What::Mention(name));
            }
        }
    }
}

/// The handle at the beginning of a text: 3 to 30 letters, digits and `_ - . ·` of any script; no dot at its end.
fn handle(text: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let name = text[..end].trim_end_matches(['.', '-']);
    let letters = name.chars().take(31).count();
    if (3..=30).contains(&letters) { name } else { "" }
}

fn linked(shown: &str, endpoint: &Endpoint<'_>) -> Option<What> {
    let name = shown.trim().strip_prefix('@').filter(|_| endpoint.browse_endpoint.browse_id.starts_with("UC"));
    match name {
        Some(name) if !name.is_empty() => Some(What::Mention(name.to_owned())),
        _ => links::target(endpoint).map(What::Link),
    }
}

/// UTF-16 positions as bytes; `None` if they name no characters of the text.
fn bytes(text: &str, start: Option<u64>, length: Option<u64>) -> Option<Range<usize>> {
    let (start, length) = (start.unwrap_or(0), length?);
    let end = start.checked_add(length).filter(|_| length > 0)?;
    let (mut units, mut from) = (0_u64, None);
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        if units == start {
            from = from.or(Some(at));
        }
        if units >= end {
            return from.filter(|_| units == end).map(|from| from..at);
        }
        units += c.len_utf16() as u64;
    }
    None
}
