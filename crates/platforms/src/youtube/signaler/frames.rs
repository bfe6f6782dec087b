//! Cuts the push channel's stream into frames (`<length>\n<that many bytes of JSON>`) and says what they mean.

use serde_json::Value;

/// Longest frame that is waited for. Recorded ones have under 300 bytes.
const FRAME_MAX: usize = 64 * 1024;
/// Longest length line.
const LENGTH_MAX: usize = 8;

/// A stream that arrives in pieces.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    waiting: Vec<u8>,
    from: usize,
}

/// The stream is no such stream: nothing after this point can be trusted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// One frame: `[[id, payload]]`.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame {
    /// Counts up; the highest one is acknowledged.
    pub(crate) id: u64,
    payload: Value,
}

/// What a frame means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Alive.
    Noop,
    /// The session is open.
    Opened,
    /// The chat is subscribed.
    Subscribed,
    /// Alive, with a time.
    Ping,
    /// Something new was published then (Unix microseconds).
    Signal { publish_usec: u64 },
    /// The server ends the session.
    Closed,
    /// Something else.
    Unknown,
}

impl Frames {
    /// The next piece of the stream.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.from > 0 {
            self.waiting.drain(..self.from);
            self.from = 0;
        }
        self.waiting.extend_from_slice(bytes);
    }

    /// The next whole frame, if it has arrived.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, Broken> {
        let waiting = &self.waiting[self.from..];
        let Some(end) = waiting.iter().take(LENGTH_MAX + 1).position(|&b| b == b'\n') else {
            return if waiting.len() > LENGTH_MAX { Err(Broken) } else { Ok(None) };
        };
        let length: usize =
            std::str::from_utf8(&waiting[..end]).ok().and_then(|text| text.parse().ok()).ok_or(Broken)?;
        if length > FRAME_MAX {
            return Err(Broken);
        }
        let Some(body) = waiting.get(end + 1..end + 1 + length) else { return Ok(None) };
        let mut body: Value = serde_json::from_slice(body).map_err(|_| Broken)?;
        self.from += end + 1 + length;
        // Several arrays in one frame were not recorded; the last one is what is acknowledged.
        let last = body.as_array_mut().and_then(Vec::pop).ok_or(Broken)?;
        let Value::Array(mut pair) = last else { return Err(Broken) };
        let payload = if pair.len() > 1 { pair.swap_remove(1) } else { Value::Null };
        let id = pair.first().and_then(Value::as_u64).ok_or(Broken)?;
        Ok(Some(Frame { id, payload }))
    }
}

impl Frame {
    /// The name of the session that was opened: `["c", name, "", 8, 14, 30000]`.
    pub(crate) fn session(&self) -> Option<String> {
        let is_opening = self.payload[0] == "c";
        self.payload[1].as_str().filter(|name| is_opening && !name.is_empty()).map(str::to_owned)
    }

    /// What it means, by its shape.
    pub(crate) fn heard(&self) -> Heard {
        match &self.payload[0] {
            Value::String(word) => match word.as_str() {
                "noop" => Heard::Noop,
                "close" | "stop" => Heard::Closed,
                _ => Heard::Unknown,
            },
            Value::Array(first) if first.first() == Some(&Value::Null) && first.get(2).is_some() => Heard::Opened,
            first => {
                let said = &first[0][0][1];
                if let Some(usec) = said[1][0][0][2].as_str().and_then(|text| text.parse().ok()) {
                    Heard::Signal { publish_usec: usec }
                } else if said[2][0].is_string() {
                    Heard::Ping
                } else if said[0].is_array() || said[0].is_string() {
                    Heard::Subscribed
                } else {
                    Heard::Unknown
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OPENED: &str = r#"[[1,[[null,null,["a token"]]]]]"#;
    const ACK: &str = r#"[[2,[[[["1",[["1780277028441850"]]]]]]]]"#;
    const PING: &str = r#"[[3,[[[["1",[null,null,["1780277028441850"]]]]]]]]"#;
    const SIGNAL: &str = r#"[[4,[[[["1",[null,[[[null,"EJ","1780318288318227","1780318288700575",[],[],0,0]]]]]]]]]]"#;

    fn framed(bodies: &[&str]) -> String {
        bodies.iter().flat_map(|body| [body.len().to_string(), format!("\n{body}")]).collect()
    }

    fn all(frames: &mut Frames) -> Vec<(u64, Heard)> {
        let mut heard = Vec::new();
        while let Some(frame) = frames.next().unwrap() {
            heard.push((frame.id, frame.heard()));
        }
        heard
    }

    fn recorded() -> (String, Vec<(u64, Heard)>) {
        let stream = framed(&[OPENED, ACK, r#"[[5,["noop"]]]"#, PING, SIGNAL, r#"[[6,["close"]]]"#, "[[7,{}]]"]);
        let meaning = vec![
            (1, Heard::Opened),
            (2, Heard::Subscribed),
            (5, Heard::Noop),
            (3, Heard::Ping),
            (4, Heard::Signal { publish_usec: 1_780_318_288_318_227 }),
            (6, Heard::Closed),
            (7, Heard::Unknown),
        ];
        (stream, meaning)
    }

    #[test]
    fn every_kind_of_frame_is_understood() {
        let (stream, meaning) = recorded();
        let mut frames = Frames::default();
        frames.push(stream.as_bytes());
        assert_eq!(all(&mut frames), meaning);
    }

    #[test]
    fn the_opening_names_the_session() {
        let mut frames = Frames::default();
        frames.push(framed(&[r#"[[0,["c","a-session","",8,14,30000]]]"#]).as_bytes());
        assert_eq!(frames.next().unwrap().unwrap().session().as_deref(), Some("a-session"));
    }

    #[test]
    fn what_is_no_frame_ends_the_stream_and_grows_no_buffer() {
        for broken in ["123456789", "x\n", "-1\n[]", "9999999\n", "3\n[1]", "2\n{}", "2\n[}", "<!DOCTYPE html>\n"] {
            let mut frames = Frames::default();
            frames.push(broken.as_bytes());
            assert_eq!(frames.next(), Err(Broken), "{broken}");
        }
    }

    #[test]
    fn the_recorded_stream_is_understood() {
        let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
            std::path::PathBuf::from,
        );
        let Ok(bytes) = std::fs::read(root.join("youtube/signaler/back-channel.2026-06.txt")) else {
            eprintln!("skipped: no corpus (POLYCHAT_CORPUS names it)");
            return;
        };
        let mut frames = Frames::default();
        frames.push(&bytes);
        let signal = Heard::Signal { publish_usec: 1_780_318_288_318_227 };
        assert_eq!(all(&mut frames), [(241, Heard::Noop), (242, signal)]);
    }

    proptest! {
        #[test]
        fn the_pieces_in_which_it_arrives_make_no_difference(cuts in proptest::collection::vec(1_usize..40, 1..80)) {
            let (stream, meaning) = recorded();
            let (mut frames, mut heard, mut rest) = (Frames::default(), Vec::new(), stream.as_bytes());
            for cut in cuts.into_iter().cycle() {
                let (piece, more) = rest.split_at(cut.min(rest.len()));
                frames.push(piece);
                heard.extend(all(&mut frames));
                rest = more;
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(heard, meaning);
        }

        #[test]
        fn no_stream_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut frames = Frames::default();
            frames.push(&bytes);
            while let Ok(Some(frame)) = frames.next() {
                frame.heard();
                frame.session();
            }
        }
    }
}
