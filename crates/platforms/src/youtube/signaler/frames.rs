//! Cuts the push channel's stream into frames (`<length>\n<that many bytes of JSON>`) and says what they mean.

use std::collections::VecDeque;

use serde_json::Value;

/// Longest frame that is waited for. Recorded ones have under 300 bytes.
const FRAME_MAX: usize = 64 * 1024;
/// Longest length line.
const LENGTH_MAX: usize = 8;

/// How many arrays of one frame wait for being asked for. Recorded frames have one.
const ARRAYS_MAX: usize = 256;

/// A stream that arrives in pieces.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    waiting: Vec<u8>,
    from: usize,
    /// The arrays of the last frame that was taken out, when it had several.
    arrays: VecDeque<Frame>,
}

/// The stream is no such stream: nothing after this point can be trusted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// One array of a frame: `[id, payload]`.
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

    /// The next array, if its frame has arrived as a whole.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, Broken> {
        loop {
            if let Some(frame) = self.arrays.pop_front() {
                return Ok(Some(frame));
            }
            let waiting = &self.waiting[self.from..];
            let Some(end) = waiting.iter().take(LENGTH_MAX + 1).position(|&b| b == b'\n') else {
                return if waiting.len() > LENGTH_MAX { Err(Broken) } else { Ok(None) };
            };
            let length = length(&waiting[..end]).filter(|&length| length <= FRAME_MAX).ok_or(Broken)?;
            let Some(body) = waiting.get(end + 1..end + 1 + length) else { return Ok(None) };
            let body: Vec<Value> = serde_json::from_slice(body).map_err(|_| Broken)?;
            if body.len() > ARRAYS_MAX {
                return Err(Broken);
            }
            self.from += end + 1 + length;
            self.arrays = body.into_iter().map(Frame::of).collect::<Option<_>>().ok_or(Broken)?;
        }
    }
}

fn length(line: &[u8]) -> Option<usize> {
    // `parse` alone would take a sign.
    let digits = line.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(line).ok().filter(|_| digits)?.parse().ok()
}

impl Frame {
    fn of(array: Value) -> Option<Self> {
        let Value::Array(mut pair) = array else { return None };
        let payload = if pair.len() > 1 { pair.swap_remove(1) } else { Value::Null };
        Some(Self { id: pair.first()?.as_u64()?, payload })
    }

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
            Value::Array(first) => answers(first),
            _ => Heard::Unknown,
        }
    }
}

/// Several answers to our request `"1"` in one array: a signal among them is what matters.
fn answers(first: &[Value]) -> Heard {
    let said = || first.iter().filter_map(Value::as_array).flatten().map(|answer| &answer[1]);
    let signals = said().filter_map(|said| said[1].as_array()).flatten().filter_map(Value::as_array).flatten();
    let published = signals.filter_map(|signal| signal[2].as_str()?.parse().ok()).max();
    if let Some(publish_usec) = published {
        Heard::Signal { publish_usec }
    } else if said().any(|said| said[2][0].is_string()) {
        Heard::Ping
    } else if said().any(|said| said[0].is_array() || said[0].is_string()) {
        Heard::Subscribed
    } else {
        Heard::Unknown
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
        bodies.iter().flat_map(|body| [body.len().to_string(), "\n".to_owned(), (*body).to_owned()]).collect()
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
    fn one_frame_may_hold_several_arrays_and_one_array_several_answers() {
        let two = r#"[[1,["noop"]],[2,["noop"]],[3,["noop"]]]"#;
        let many = concat!(
            r#"[[4,[[[["1",[["1780277028441850"]]],"#,
            r#"["1",[null,[[[null,"EJ","7"],[null,"EJ","9"]],[[null,"EJ","8"]]]]]]]]]]"#
        );
        let mut frames = Frames::default();
        frames.push(framed(&[two, "[]", many]).as_bytes());
        let noops = [1, 2, 3].map(|id| (id, Heard::Noop));
        let heard = all(&mut frames);
        assert_eq!(heard[..3], noops);
        assert_eq!(heard[3..], [(4, Heard::Signal { publish_usec: 9 })], "the newest of all");
    }

    #[test]
    fn what_is_no_frame_ends_the_stream_and_grows_no_buffer() {
        for broken in [
            "123456789",
            "x\n",
            "-1\n[]",
            "9999999\n",
            "3\n[1]",
            "2\n{}",
            "2\n[}",
            "+2\n[]",
            "\n[]",
            "5\n[[1]7",
            "<!DOCTYPE html>\n",
        ] {
            let mut frames = Frames::default();
            frames.push(broken.as_bytes());
            assert_eq!(frames.next(), Err(Broken), "{broken}");
        }
    }

    /// A file of the recordings, which are not part of the repository.
    fn recording(name: &str) -> Option<Vec<u8>> {
        let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
            std::path::PathBuf::from,
        );
        let bytes = std::fs::read(root.join("youtube").join(name)).ok();
        if bytes.is_none() {
            eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
        }
        bytes
    }

    #[test]
    fn the_recorded_stream_is_understood_as_its_answer_key_says() {
        let (Some(bytes), Some(vectors)) = (recording("signaler/back-channel.2026-06.txt"), recording("vectors.json"))
        else {
            return;
        };
        let vectors: Value = serde_json::from_slice(&vectors).unwrap();
        let key = vectors["signaler"]["frames"].as_array().unwrap();
        let key = key.iter().map(|frame| {
            let heard = match frame["kind"].as_str().unwrap() {
                "noop" => Heard::Noop,
                "signal" => Heard::Signal { publish_usec: frame["publish_usec"].as_str().unwrap().parse().unwrap() },
                other => panic!("the key has a {other}"),
            };
            (frame["array_id"].as_u64().unwrap(), heard)
        });
        let mut frames = Frames::default();
        frames.push(&bytes);
        assert_eq!(all(&mut frames), key.collect::<Vec<_>>());

        let mut frames = Frames::default();
        frames.push(vectors["signaler"]["session_open_response_example"].as_str().unwrap().as_bytes());
        assert!(frames.next().unwrap().unwrap().session().is_some());
    }

    #[test]
    fn recorded_single_frames_are_understood() {
        let Some(bytes) = recording("signaler/frames.2026-06.json") else { return };
        let recorded: Value = serde_json::from_slice(&bytes).unwrap();
        for (name, heard) in [("open", Heard::Opened), ("ack", Heard::Subscribed)] {
            let mut frames = Frames::default();
            frames.push(framed(&[&Value::Array(vec![recorded[name].clone()]).to_string()]).as_bytes());
            assert_eq!(frames.next().unwrap().unwrap().heard(), heard, "{name}");
        }
    }

    #[test]
    fn every_place_in_which_it_can_be_cut_makes_no_difference() {
        let (stream, meaning) = recorded();
        for at in 0..=stream.len() {
            let (one, two) = stream.as_bytes().split_at(at);
            let mut frames = Frames::default();
            frames.push(one);
            let mut heard = all(&mut frames);
            frames.push(two);
            heard.extend(all(&mut frames));
            assert_eq!(heard, meaning, "cut at {at}");
        }
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
