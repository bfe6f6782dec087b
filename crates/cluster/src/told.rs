//! What a holder tells the followers: signals of its connector, as JSON. Several go together.

use polychat_platforms::{Signal, UpstreamError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One thing that a holder tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// What its connector told.
    Signal(Signal),
    /// Reading is over for good: there is no such channel, or it has ended.
    Over(UpstreamError),
}

/// The JSON of one. Nothing if it cannot be made, which no signal is known to cause.
pub(crate) fn encode(told: &Told) -> Option<String> {
    serde_json::to_string(told).ok()
}

/// One message of several.
pub(crate) fn together<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut message = String::from("[");
    for (n, part) in parts.enumerate() {
        if n > 0 {
            message.push(',');
        }
        message.push_str(part);
    }
    message.push(']');
    message
}

/// What a message holds, and how much of it is not understood: a newer program may tell what an older one does not know.
pub(crate) fn decode(message: &[u8]) -> (Vec<Told>, u64) {
    let Ok(parts) = serde_json::from_slice::<Vec<&RawValue>>(message) else { return (Vec::new(), 1) };
    let all = parts.len();
    let known: Vec<Told> = parts.into_iter().filter_map(|part| serde_json::from_str(part.get()).ok()).collect();
    let unknown = (all - known.len()) as u64;
    (known, unknown)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use polychat_model::{Body, ChatData, ChatEvent, ChatMessage, Content, ErrorCode, EventData, ViewersData};
    use polychat_platforms::{NotLive, Started, UpstreamState};

    use super::*;

    fn event(body: Body) -> Told {
        let id = "tw:1".into();
        Told::Signal(Signal::Event(ChatEvent {
            id,
            revision: 3,
            sent_at_ms: 7,
            room_id: "1".into(),
            history: true,
            body,
        }))
    }

    #[test]
    fn everything_that_is_told_comes_back_as_it_was() {
        let data = ChatData { content: Content::plain("hi <b> \u{0} 名"), ..ChatData::default() };
        let started =
            Started { starts_at_ms: Some(5), message: Some("words".into()), ..Started::new("live", Some(true)) };
        let told = [
            event(Body::Chat(Box::new(ChatMessage { message_id: "1".into(), data }))),
            event(Body::Event(Box::new(EventData { count: Some(3), ..EventData::default() }))),
            event(Body::Viewers(ViewersData { viewers: Some(9), ..ViewersData::default() })),
            Told::Signal(Signal::State(UpstreamState::Started(started))),
            Told::Signal(Signal::State(UpstreamState::Waiting(NotLive::new("not yet", Duration::from_secs(3))))),
            Told::Signal(Signal::State(UpstreamState::Reconnecting {
                cause: "gone".into(),
                retry_in: Duration::from_millis(1_500),
                code: ErrorCode::Timeout,
            })),
            Told::Over(UpstreamError::NotFound { text: "no such channel".into() }),
        ];
        let parts: Vec<String> = told.iter().filter_map(encode).collect();
        assert_eq!(decode(together(parts.iter().map(String::as_str)).as_bytes()), (told.to_vec(), 0));
    }

    #[test]
    fn what_is_not_understood_costs_only_itself() {
        let known = encode(&Told::Over(UpstreamError::Ended { text: "over".into() })).unwrap();
        let message = together([r#"{"signal":{"Sung":1}}"#, &known, "7"].into_iter());
        let (told, unknown) = decode(message.as_bytes());
        assert_eq!((told.len(), unknown), (1, 2));
        for broken in ["", "null", "[1,", "\u{0}", "{}"] {
            assert_eq!(decode(broken.as_bytes()), (Vec::new(), 1), "{broken}");
        }
    }
}
