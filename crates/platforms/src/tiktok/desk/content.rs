//! What people write: words, links, names that are called, pictures at their place.

use std::ops::Range;

use polychat_model::{Content, ContentBuilder, Element, EmoteMetadata, LinkMetadata, MentionMetadata};
use unicode_segmentation::UnicodeSegmentation;

use super::author::name;
use super::pictures::picture;
use crate::links;
use crate::tiktok::frame::text;
use crate::tiktok::proto::{Emote, EmoteAt, Image, User};

/// Longest text that is taken over, in bytes. A chat has at most 150 characters.
pub(super) const TEXT_MAX_BYTES: usize = 4_000;
/// How many pictures a message has at most.
const EMOTES_MAX: usize = 50;
/// How many people are looked for in a text.
const MENTIONS_MAX: usize = 20;
/// Longest name of a picture, in bytes.
const WORD_MAX_BYTES: usize = 40;

/// A picture, or somebody who is called, at a place of the text.
struct Mark<'a> {
    range: Range<usize>,
    what: What<'a>,
}

enum What<'a> {
    Emote(Option<&'a Image>),
    Name(String),
}

/// A text of TikTok, cut to a bearable length.
pub(super) fn words(bytes: &[u8]) -> String {
    text(&bytes[..bytes.len().min(TEXT_MAX_BYTES)]).into_owned()
}

/// A chat message. `called` may be in it as `@name`.
pub(super) fn message<'a>(bytes: &[u8], emotes: &[EmoteAt], called: impl Iterator<Item = &'a User>) -> Content {
    let written = words(bytes);
    let (raw, mut marks) = if emotes.is_empty() { (written, Vec::new()) } else { with_emotes(&written, emotes) };
    marks.append(&mut mentions(&raw, called));
    marks.sort_by_key(|mark| mark.range.start);
    build(&raw, marks)
}

/// A message of stickers alone.
pub(super) fn stickers(emotes: &[Emote]) -> Content {
    let (mut raw, mut marks) = (String::new(), Vec::new());
    for emote in emotes.iter().take(EMOTES_MAX) {
        if !raw.is_empty() {
            raw.push(' ');
        }
        let start = raw.len();
        raw.push_str(&word(emote, "[sticker]"));
        marks.push(Mark { range: start..raw.len(), what: What::Emote(emote.image.as_ref()) });
    }
    build(&raw, marks)
}

/// The text with a word for each picture. Places count characters as people see them (one recorded sample, 2023).
fn with_emotes<'a>(written: &str, emotes: &'a [EmoteAt]) -> (String, Vec<Mark<'a>>) {
    let mut emotes: Vec<&EmoteAt> = emotes.iter().take(EMOTES_MAX).collect();
    emotes.sort_by_key(|emote| emote.index);
    let mut raw = String::with_capacity(written.len() + emotes.len() * 16);
    let mut marks = Vec::with_capacity(emotes.len());
    let mut clusters = written.graphemes(true);
    let mut cluster = 0;
    for at in emotes {
        while cluster < at.index
            && let Some(next) = clusters.next()
        {
            raw.push_str(next);
            cluster += 1;
        }
        let Some(emote) = &at.emote else { continue };
        let start = raw.len();
        raw.push_str(&word(emote, "[emote]"));
        marks.push(Mark { range: start..raw.len(), what: What::Emote(emote.image.as_ref()) });
    }
    raw.push_str(clusters.as_str());
    (raw, marks)
}

/// What stands for a picture in the text.
fn word(emote: &Emote, otherwise: &str) -> String {
    let content = emote.image.as_ref().and_then(|image| image.content.as_ref());
    let name =
        content.map(|content| name(&content.name)).filter(|name| !name.is_empty() && name.len() <= WORD_MAX_BYTES);
    name.map_or_else(|| otherwise.to_owned(), |name| format!("[{}]", name.trim_matches(['[', ']'])))
}

/// The names of people, or their handles, behind an `@`.
fn mentions<'m, 'u>(raw: &str, called: impl Iterator<Item = &'u User>) -> Vec<Mark<'m>> {
    let mut marks = Vec::new();
    if memchr::memchr(b'@', raw.as_bytes()).is_none() {
        return marks;
    }
    let people: Vec<[String; 2]> =
        called.take(MENTIONS_MAX).map(|user| [name(&user.nickname), name(&user.unique_id)]).collect();
    let mut at = 0;
    while let Some(sign) = memchr::memchr(b'@', &raw.as_bytes()[at..]).map(|found| at + found) {
        at = sign + 1;
        let is_here = |name: &&String| !name.is_empty() && raw[at..].starts_with(&***name);
        let found = people.iter().find_map(|names| Some((names, names.iter().find(is_here)?)));
        if let Some(([nickname, handle], written)) = found {
            let username = if handle.is_empty() { nickname } else { handle };
            marks.push(Mark { range: sign..at + written.len(), what: What::Name(username.clone()) });
            at += written.len();
        }
    }
    marks
}

fn build(raw: &str, marks: Vec<Mark<'_>>) -> Content {
    let mut builder = ContentBuilder::new(raw);
    for Mark { range, what } in marks {
        read_links(&mut builder, raw, range.start);
        match what {
            What::Name(username) => {
                builder.element(range, |value, position| Element::Mention {
                    value,
                    position,
                    metadata: MentionMetadata { username },
                });
            }
            What::Emote(image) => {
                // Without a picture that can be shown its word stays.
                let Some(url) = picture(image) else { continue };
                builder.element(range, |value, position| {
                    let alt = value.clone();
                    Element::Emote {
                        value,
                        position,
                        metadata: EmoteMetadata { url, alt, is_custom: true, style: None },
                    }
                });
            }
        }
    }
    read_links(&mut builder, raw, raw.len());
    builder.finish()
}

/// Links up to the byte `end`. Words are what stands between white space.
fn read_links(builder: &mut ContentBuilder<'_>, raw: &str, end: usize) {
    let start = builder.position();
    let Some(part) = raw.get(start..end).filter(|part| part.contains('.')) else { return };
    let mut at = start;
    for word in part.split_inclusive(char::is_whitespace) {
        if let Some((range, url)) = links::find(word.trim_end()) {
            builder.element(at + range.start..at + range.end, |value, position| Element::Link {
                value,
                position,
                metadata: LinkMetadata { url },
            });
        }
        at += word.len();
    }
}
