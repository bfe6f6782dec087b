//! Polls: hundreds of updates, of which one a second goes on, and always the last.

use std::collections::VecDeque;
use std::sync::Arc;

use polychat_model::{Body, ChatEvent, Choice, EventData, EventName, Person, Poll as Told};

use crate::youtube::action::Poll;
use crate::youtube::answer::cut;
use crate::youtube::author;
use crate::youtube::text::{Text, first_number};

/// How many polls are kept. A chat has one at a time.
const POLLS_MAX: usize = 4;
/// How many answers a poll has at most: YouTube allows four in a chat.
const CHOICES_MAX: usize = 16;
/// Longest question, answer or id, in bytes.
const TITLE_MAX_BYTES: usize = 1_000;
/// How long to wait between two updates, in milliseconds.
const UPDATE_MS: u64 = 1_000;

/// The polls that run.
#[derive(Debug, Default)]
pub(super) struct Polls {
    running: VecDeque<Running>,
}

#[derive(Debug)]
struct Running {
    room_id: Arc<str>,
    state: State,
    at_ms: i64,
    history: bool,
    revision: u32,
    /// When it was told last; 0 before.
    told_ms: u64,
    changed: bool,
}

/// What there is to tell.
#[derive(Debug, PartialEq)]
struct State {
    poll: Told,
    shares: Vec<f64>,
    creator: Option<Person>,
}

/// When something about a poll was said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) room_id: &'a Arc<str>,
    pub(super) at_ms: i64,
    pub(super) history: bool,
    pub(super) now_ms: u64,
}

impl State {
    fn of(shape: &Poll<'_>) -> Self {
        let header = &shape.header.poll_header_renderer;
        let notes = header.metadata_text.get();
        // "@creator", " • ", "just now", " • ", "1,301 votes"; without the last while nobody has voted.
        let last = notes.filter(|notes| notes.runs.len() >= 5).and_then(|notes| notes.runs.last());
        let total = last.and_then(|run| first_number(&run.text)).unwrap_or(0);
        let creator = notes.and_then(|notes| notes.runs.first()?.text.some()).filter(|name| name.starts_with('@'));
        let shares: Vec<f64> =
            shape.choices.iter().take(CHOICES_MAX).map(|choice| choice.vote_ratio.0.unwrap_or(0.0)).collect();
        let choice = |(at, text): (usize, &Text<'_>)| Choice {
            id: (at + 1).to_string(),
            title: cut(&text.plain(), TITLE_MAX_BYTES).to_owned(),
            votes: (shares[at] * total as f64).round() as u64,
            points: None,
        };
        let texts = shape.choices.iter().take(CHOICES_MAX).map(|choice| &*choice.text);
        let choices = texts.enumerate().map(choice).collect();
        let poll = Told {
            id: cut(&shape.live_chat_poll_id, TITLE_MAX_BYTES).to_owned(),
            title: cut(&header.poll_question.plain(), TITLE_MAX_BYTES).to_owned(),
            status: "active".to_owned(),
            choices,
            remaining_ms: None,
            winner: None,
        };
        Self { poll, shares, creator: creator.map(author::named) }
    }

    /// The answer with the largest share, if it is only one.
    fn leader(&self) -> Option<&str> {
        let best = self.shares.iter().copied().fold(0.0, f64::max);
        let mut leaders = self.shares.iter().enumerate().filter(|(_, share)| best > 0.0 && **share >= best);
        let (at, _) = leaders.next()?;
        leaders.next().is_none().then(|| self.poll.choices[at].title.as_str())
    }
}

impl Running {
    fn event(&mut self, now_ms: u64) -> ChatEvent {
        let poll = self.state.poll.clone();
        let title = if poll.title.is_empty() { String::new() } else { format!(" “{}”", poll.title) };
        let text = match (poll.status.as_str(), &poll.winner) {
            ("active", _) => format!("The poll{title} runs."),
            (_, Some(winner)) => format!("The poll{title} ended: {winner}"),
            _ => format!("The poll{title} ended."),
        };
        let data = EventData {
            event: EventName::Poll,
            text,
            other: self.state.creator.clone(),
            native_type: Some("pollRenderer".to_owned()),
            poll: Some(poll),
            ..EventData::default()
        };
        let event = ChatEvent {
            id: format!("yt:poll:{}", self.state.poll.id).into(),
            revision: self.revision,
            sent_at_ms: self.at_ms,
            room_id: self.room_id.clone(),
            history: self.history,
            body: Body::Event(Box::new(data)),
        };
        self.revision = self.revision.saturating_add(1);
        self.told_ms = now_ms;
        self.changed = false;
        event
    }
}

impl Polls {
    /// A poll was opened or has new numbers.
    pub(super) fn update(&mut self, shape: &Poll<'_>, said: Said<'_>) -> Option<ChatEvent> {
        let state = State::of(shape);
        if state.poll.id.is_empty() || state.poll.choices.is_empty() {
            return None;
        }
        let known = self.running.iter_mut().find(|running| running.state.poll.id == state.poll.id);
        if let Some(running) = known {
            if running.state == state {
                return None;
            }
            running.state = state;
            running.history = said.history;
            running.changed = true;
            let due = running.told_ms.saturating_add(UPDATE_MS) <= said.now_ms;
            return due.then(|| running.event(said.now_ms));
        }
        if self.running.len() >= POLLS_MAX {
            self.running.pop_front();
        }
        self.running.push_back(Running {
            room_id: said.room_id.clone(),
            state,
            at_ms: said.at_ms,
            history: said.history,
            revision: 0,
            told_ms: 0,
            changed: false,
        });
        self.running.back_mut().map(|running| running.event(said.now_ms))
    }

    /// A poll ended: its last numbers and who won.
    pub(super) fn close(&mut self, id: &str, said: Said<'_>) -> Option<ChatEvent> {
        let at = self.running.iter().position(|running| running.state.poll.id == id)?;
        let mut running = self.running.remove(at)?;
        running.state.poll.winner = running.state.leader().map(str::to_owned);
        "completed".clone_into(&mut running.state.poll.status);
        running.history = said.history;
        Some(running.event(said.now_ms))
    }

    /// Numbers that have waited for their second.
    pub(super) fn tick(&mut self, now_ms: u64) -> Vec<ChatEvent> {
        let due = |running: &&mut Running| running.changed && running.told_ms.saturating_add(UPDATE_MS) <= now_ms;
        self.running.iter_mut().filter(due).map(|running| running.event(now_ms)).collect()
    }

    pub(super) fn due_ms(&self) -> Option<u64> {
        let waiting = self.running.iter().filter(|running| running.changed);
        waiting.map(|running| running.told_ms.saturating_add(UPDATE_MS)).min()
    }
}
