//! What a holder still has to tell the followers, and how the channel stands. Pure and bounded.

use std::collections::VecDeque;

use metrics::counter;
use polychat_platforms::{Signal, UpstreamState};

use crate::told::{self, Told};

/// How much may wait while Redis does not answer: as much as a channel says in a few seconds. Then the oldest goes; by that
/// time everybody reads alone.
const PARTS: usize = 2_000;
const BYTES: usize = 4 << 20;

/// How much goes into one message. Chosen by hand: large enough that a flood costs few commands.
const MESSAGE_PARTS: usize = 256;
const MESSAGE_BYTES: usize = 64 * 1_024;

#[derive(Default)]
pub(super) struct Untold {
    parts: VecDeque<String>,
    bytes: usize,
    /// What is on its way.
    on_its_way: Vec<String>,
    owner: Option<Signal>,
    state: Option<UpstreamState>,
    /// Whether owner or state have changed since they were told to those who come late.
    changed: bool,
}

impl Untold {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Remembers how the channel stands.
    pub(super) fn know(&mut self, signal: &Signal) {
        match signal {
            Signal::Owner(_) => self.owner = Some(signal.clone()),
            Signal::State(state) => self.state = Some(state.clone()),
            Signal::Event(_) | Signal::Reader(_) | Signal::Missed => return,
        }
        self.changed = true;
    }

    pub(super) fn state(&self) -> Option<UpstreamState> {
        self.state.clone()
    }

    pub(super) fn push(&mut self, told: &Told) {
        let Some(part) = told::encode(told) else { return };
        self.bytes += part.len();
        self.parts.push_back(part);
        self.bound();
    }

    fn bound(&mut self) {
        while self.parts.len() > PARTS || self.bytes > BYTES {
            let Some(oldest) = self.parts.pop_front() else { break };
            self.bytes -= oldest.len();
            counter!("polychat_cluster_left_out_total").increment(1);
        }
    }

    /// Everything that is known is to be told once more; gives the state.
    pub(super) fn stand(&mut self) -> Option<Signal> {
        let state = self.state.clone().map(Signal::State);
        let known: Vec<Told> = self.owner.iter().chain(&state).cloned().map(Told::Signal).collect();
        for told in &known {
            self.push(told);
        }
        self.changed = true;
        state
    }

    /// One message, and what those who come late have to know if that is news.
    pub(super) fn take(&mut self) -> (Option<String>, String) {
        let mut bytes = 0;
        while self.on_its_way.len() < MESSAGE_PARTS
            && let Some(part) = self.parts.front()
            && (self.on_its_way.is_empty() || bytes + part.len() <= MESSAGE_BYTES)
            && let Some(part) = self.parts.pop_front()
        {
            bytes += part.len();
            self.on_its_way.push(part);
        }
        self.bytes -= bytes;
        let known = std::mem::take(&mut self.changed).then(|| {
            let state = self.state.clone().map(Signal::State);
            let known = self.owner.iter().chain(&state).cloned().map(Told::Signal);
            let parts: Vec<String> = known.filter_map(|told| told::encode(&told)).collect();
            told::together(parts.iter().map(String::as_str))
        });
        (known, told::together(self.on_its_way.iter().map(String::as_str)))
    }

    /// What was on its way has arrived.
    pub(super) fn told(&mut self) {
        self.on_its_way.clear();
    }

    /// What was on its way has not arrived.
    pub(super) fn put_back(&mut self) {
        self.changed = true;
        for part in self.on_its_way.drain(..).rev() {
            self.bytes += part.len();
            self.parts.push_front(part);
        }
        self.bound();
    }

    /// Nobody is told any of it.
    pub(super) fn clear(&mut self) {
        self.parts.clear();
        self.on_its_way.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::wire::Owner;
    use polychat_model::{Body, ChatEvent, ViewersData};
    use polychat_platforms::Started;

    use super::*;

    fn event(n: u64) -> Told {
        let body = Body::Viewers(ViewersData { viewers: Some(n), ..ViewersData::default() });
        let event = ChatEvent {
            id: n.to_string().into(),
            revision: 0,
            sent_at_ms: 0,
            room_id: "1".into(),
            history: false,
            body,
        };
        Told::Signal(Signal::Event(event))
    }

    #[test]
    fn what_waits_goes_together_and_comes_again_if_it_did_not_arrive() {
        let mut untold = Untold::default();
        let started = Signal::State(UpstreamState::Started(Started::new("1", None)));
        untold.know(&Signal::Owner(Owner::default()));
        untold.know(&started);
        for n in 0..3 {
            untold.push(&event(n));
        }
        let (known, message) = untold.take();
        assert_eq!(told::decode(known.unwrap().as_bytes()).0.last(), Some(&Told::Signal(started)));
        assert_eq!(told::decode(message.as_bytes()).0.len(), 3);
        assert!(untold.is_empty());
        untold.push(&event(3));
        untold.put_back();
        let (known, again) = untold.take();
        assert!(known.is_some(), "that has not arrived either");
        assert_eq!(told::decode(again.as_bytes()).0, (0..4).map(event).collect::<Vec<_>>());
        untold.told();
        untold.push(&event(4));
        assert_eq!(untold.take().0, None, "it is known");
    }

    #[test]
    fn messages_and_what_waits_are_bounded() {
        let mut untold = Untold::default();
        for n in 0..10_000 {
            untold.push(&event(n));
        }
        assert_eq!(untold.parts.len(), PARTS);
        let mut told = Vec::new();
        while !untold.is_empty() {
            let (_, message) = untold.take();
            assert!(message.len() <= MESSAGE_BYTES + MESSAGE_PARTS + 2);
            told.extend(told::decode(message.as_bytes()).0);
            untold.told();
        }
        assert_eq!(told.len(), PARTS);
        assert_eq!(told.last(), Some(&event(9_999)), "the oldest went");
        assert_eq!(untold.bytes, 0);
    }
}
