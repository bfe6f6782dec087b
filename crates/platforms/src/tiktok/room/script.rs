//! Finds the JSON that a page holds for its own program.

use memchr::{memchr, memmem};

/// How many places with the name are tried. Real pages have one or two.
const TRIES: usize = 100;
/// Longest start tag, in bytes: name, id, type and a nonce.
const TAG_MAX_BYTES: usize = 1_024;

/// What stands in the `<script>` with this id, whatever else its tag says and in which order.
pub fn script<'a>(page: &'a [u8], id: &str) -> Option<&'a [u8]> {
    memmem::find_iter(page, id.as_bytes()).take(TRIES).find_map(|at| {
        let before = &page[at.saturating_sub(TAG_MAX_BYTES)..at];
        let tag = &before[memmem::rfind(before, b"<script")?..];
        let rest = &page[at + id.len()..];
        let end = memchr(b'>', &rest[..rest.len().min(TAG_MAX_BYTES)])?;
        if tag.contains(&b'>') || !is_id(tag, &rest[..end]) {
            return None;
        }
        let content = &rest[end + 1..];
        // In JSON for a page `<` is escaped, so that no text in it can end it.
        Some(&content[..memmem::find(content, b"</script")?])
    })
}

/// Whether a value between these is the whole of an attribute `id`.
fn is_id(before: &[u8], after: &[u8]) -> bool {
    let (name, closed) = match before.last() {
        Some(quote @ (b'"' | b'\'')) => (&before[..before.len() - 1], after.first() == Some(quote)),
        Some(b'=') => (before, after.first().is_none_or(u8::is_ascii_whitespace)),
        _ => return false,
    };
    let Some(name) = name.trim_ascii_end().strip_suffix(b"=") else { return false };
    let name = name.trim_ascii_end();
    let lower = name[name.len().saturating_sub(3)..].to_ascii_lowercase();
    closed && lower.ends_with(b"id") && lower.first().is_some_and(u8::is_ascii_whitespace)
}
