//! The only place where HTML is made. Everything that came from outside goes through [`escape`], so that `rawHtml` is
//! safe by construction (B25: the old service put names and texts in unescaped).

use std::borrow::Cow;
use std::fmt::Write;

use crate::content::Element;

/// Appends `text` with the five characters that mean something in HTML replaced. Safe in text and in quoted attributes.
fn escape(out: &mut String, text: &str) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            // Not allowed in HTML at all, and some parsers stop there.
            0 => "\u{fffd}",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(replacement);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

/// An address that may go into `src`: https only; `//host` becomes https.
fn https(url: &str) -> Option<Cow<'_, str>> {
    if url.starts_with("https://") {
        Some(url.into())
    } else {
        url.strip_prefix("//").map(|rest| format!("https://{rest}").into())
    }
}

/// `#` and six hex digits, or nothing.
fn color(text: &str) -> Option<&str> {
    let hex = text.strip_prefix('#')?;
    (hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit())).then_some(text)
}

fn span(out: &mut String, class: &str, text: &str) {
    for part in ["<span class=\"", class, "\">"] {
        out.push_str(part);
    }
    escape(out, text);
    out.push_str("</span>");
}

fn image(out: &mut String, class: &str, url: &str, alt: &str) -> bool {
    let Some(url) = https(url) else { return false };
    for part in ["<img class=\"", class, "\" src=\""] {
        out.push_str(part);
    }
    escape(out, &url);
    out.push_str("\" alt=\"");
    escape(out, alt);
    out.push_str("\">");
    true
}

pub(crate) fn of_elements(elements: &[Element]) -> String {
    let size: usize = elements.iter().map(|e| e.value().len() + 64).sum();
    let mut out = String::with_capacity(size);
    for element in elements {
        match element {
            Element::Text { value, .. } => span(&mut out, "text", value),
            Element::Link { value, .. } => span(&mut out, "link", value),
            Element::Mention { value, .. } => span(&mut out, "mention", value),
            Element::Emote { value, metadata, .. } => {
                if !image(&mut out, "emote", &metadata.url, &metadata.alt) {
                    span(&mut out, "text", value);
                }
            }
            Element::Cheer { value, metadata, .. } => {
                let shown = metadata.url.as_deref().is_some_and(|url| image(&mut out, "emote", url, &metadata.alt));
                if shown {
                    let style = color(&metadata.color).unwrap_or("#979797");
                    let _ = write!(out, "<span class=\"cheer\" style=\"color:{style}\">{}</span>", metadata.bits);
                } else {
                    span(&mut out, "cheer", value);
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, EmoteMetadata};

    #[test]
    fn text_cannot_become_markup() {
        let html = Content::plain("<img src=x onerror=\"alert('1')\">&").raw_html();
        assert_eq!(html, "<span class=\"text\">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</span>");
    }

    #[test]
    fn an_emote_address_is_https_and_cannot_leave_its_attribute() {
        let emote = |url: &str| Element::Emote {
            value: "K\"x".into(),
            position: [0, 3],
            metadata: EmoteMetadata { url: url.into(), alt: "K\"x".into(), is_custom: false, style: None },
        };
        assert_eq!(of_elements(&[emote("javascript:alert(1)")]), "<span class=\"text\">K&quot;x</span>");
        assert_eq!(
            of_elements(&[emote("//a.example/\" onload=\"x")]),
            "<img class=\"emote\" src=\"https://a.example/&quot; onload=&quot;x\" alt=\"K&quot;x\">"
        );
    }
}
