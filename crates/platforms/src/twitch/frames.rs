//! From WebSocket frames to lines of IRC. Pure.

/// The longest line that is read. Twitch sends at most about 8 KiB of tags and 2 KiB of text.
pub(super) const MAX_LINE: usize = 64 * 1024;

/// Cuts frames into lines: several lines in one frame, with CRLF or LF, and a line that spans frames.
///
/// A frame that does not end with a line end may hold a whole line or the start of one: [`Lines::rest`] has to be called
/// when nothing follows for a moment.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: String,
    /// Lines that were longer than [`MAX_LINE`] and are lost.
    pub(super) too_long: u64,
}

impl Lines {
    /// Adds the lines of a frame to `out`, without their ends; empty ones are left out.
    pub(super) fn push(&mut self, frame: &str, out: &mut Vec<Box<str>>) {
        if !self.rest.is_empty() && starts_line(frame) {
            self.rest(out);
        }
        let mut frame = frame;
        while let Some(end) = memchr::memchr(b'\n', frame.as_bytes()) {
            let (line, after) = (&frame[..end], &frame[end + 1..]);
            if self.rest.is_empty() {
                self.take(line, out);
            } else {
                self.keep(line);
                self.rest(out);
            }
            frame = after;
        }
        self.keep(frame);
    }

    /// Whether there is a line without an end.
    pub(super) fn has_rest(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Takes the line without an end as it is.
    pub(super) fn rest(&mut self, out: &mut Vec<Box<str>>) {
        let rest = std::mem::take(&mut self.rest);
        self.take(&rest, out);
    }

    fn take(&mut self, line: &str, out: &mut Vec<Box<str>>) {
        let line = line.trim_end_matches('\r');
        if line.len() > MAX_LINE {
            self.too_long += 1;
        } else if !line.is_empty() {
            out.push(line.into());
        }
    }

    /// Appends to the line without an end, until it is known to be too long.
    fn keep(&mut self, part: &str) {
        if self.rest.len() <= MAX_LINE {
            let end = part.char_indices().map(|(at, _)| at).find(|&at| at > MAX_LINE).unwrap_or(part.len());
            self.rest.push_str(&part[..end]);
        }
    }
}

/// Whether a frame looks like the start of a line rather than the middle of one.
fn starts_line(frame: &str) -> bool {
    let word = frame.split([' ', '\r', '\n']).next().unwrap_or(frame);
    match word.as_bytes() {
        [b'@', ..] => word.contains('='),
        [b':', ..] => word.contains('!') || word.ends_with("twitch.tv"),
        _ => matches!(word, "PING" | "PONG" | "RECONNECT"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(frames: &[&str]) -> Vec<String> {
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        for frame in frames {
            lines.push(frame, &mut out);
        }
        lines.rest(&mut out);
        out.into_iter().map(String::from).collect()
    }

    #[test]
    fn frames_hold_several_lines_parts_of_lines_or_nothing() {
        assert_eq!(cut(&["PING\r\nPING :a\nPONG\r\n"]), ["PING", "PING :a", "PONG"]);
        assert_eq!(cut(&["", "\r\n", "\n\n", "\r"]), [""; 0]);
        assert_eq!(
            cut(&["@a=1;b", "=2 :x!x@x PRIVMSG #c :hel", "lo: there\r", "\nPING"]),
            ["@a=1;b=2 :x!x@x PRIVMSG #c :hello: there", "PING"]
        );
    }

    #[test]
    fn a_line_without_an_end_is_whole_when_another_starts() {
        assert_eq!(cut(&["PING :a", "PING :b", "@a=1 PRIVMSG #c :d", ":x!x@x PRIVMSG #c :e"]).len(), 4);
        assert_eq!(cut(&[":x!x@x PRIVMSG #c ", ":text"]), [":x!x@x PRIVMSG #c :text"]);
    }

    #[test]
    fn an_endless_line_is_given_up_and_the_next_one_is_read() {
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        for _ in 0..100 {
            lines.push(&"é".repeat(10_001), &mut out);
            assert!(lines.rest.len() < 2 * MAX_LINE + 10, "memory stays bounded");
        }
        lines.push("\r\nPING\r\n", &mut out);
        assert_eq!((out.len(), lines.too_long), (1, 1));
    }

    proptest! {
        #[test]
        fn lines_survive_any_cutting(texts in proptest::collection::vec("[a-z :é]{1,30}", 1..6), cuts in any::<Vec<u8>>()) {
            let expected: Vec<String> = texts.iter().map(|text| format!("x{text}")).collect();
            let whole = expected.join("\r\n") + "\r\n";
            let (mut lines, mut out, mut rest) = (Lines::default(), Vec::new(), whole.as_str());
            for cut in cuts {
                let end = rest.char_indices().map(|(at, _)| at).nth(usize::from(cut)).unwrap_or(rest.len());
                let (head, tail) = rest.split_at(end);
                if !starts_line(head) {
                    lines.push(head, &mut out);
                    rest = tail;
                }
            }
            // What begins like a line is only ever mistaken after a cut in the middle of one.
            prop_assume!(!starts_line(rest));
            lines.push(rest, &mut out);
            prop_assert_eq!(out.into_iter().map(String::from).collect::<Vec<_>>(), expected);
        }
    }
}
