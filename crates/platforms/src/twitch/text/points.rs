//! Positions in code points.

/// Where the code points of a text begin.
pub(super) struct Points<'a> {
    text: &'a str,
    /// Byte offsets of all code points and of the end; empty for ASCII, where they are the positions themselves.
    offsets: Vec<usize>,
}

impl<'a> Points<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let offsets = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
        };
        Self { text, offsets }
    }

    /// How many code points there are.
    pub(super) fn len(&self) -> usize {
        if self.offsets.is_empty() { self.text.len() } else { self.offsets.len() - 1 }
    }

    /// The byte at which code point `point` begins; the length of the text for its end and everything beyond.
    pub(super) fn byte(&self, point: usize) -> usize {
        if self.offsets.is_empty() {
            point.min(self.text.len())
        } else {
            self.offsets.get(point).copied().unwrap_or(self.text.len())
        }
    }

    /// The code points `[start, end)`.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(self.byte(start)..self.byte(end)).unwrap_or_default()
    }

    /// One code point.
    pub(super) fn char(&self, point: usize) -> Option<char> {
        self.slice(point, point.saturating_add(1)).chars().next()
    }
}
