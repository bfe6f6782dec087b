//! People who talk by themselves: for demonstrations and for looking at a page without a live stream.

mod lines;

use std::collections::VecDeque;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::message::{Gift, TkMessage};
use super::person::Person;
use super::stage::TkChannel;
use lines::{LINES, PEOPLE, POLLS, QUESTIONS, STICKERS};

/// Happenings that are planned at most.
const MOST_PLANNED: usize = 200;

/// The numbers of streaks begin here: they are times in milliseconds.
const GROUPS_FROM: u64 = 1_760_000_000_000;

/// Gifts, the frequent ones more often.
const GIFTS: [Gift; 8] = [
    Gift::ROSE,
    Gift::ROSE,
    Gift::ROSE,
    Gift::FINGER_HEART,
    Gift::FINGER_HEART,
    Gift::DOUGHNUT,
    Gift::BEACH_TOWEL,
    Gift::GALAXY,
];

/// What happens next in a room.
#[derive(Debug, Clone)]
pub enum Turn {
    /// A message that stands for itself.
    Send(TkMessage),
    /// Somebody taps.
    Like(Person, u32),
    /// Somebody follows.
    Follow(Person),
    /// Somebody joins.
    Join(Person),
    /// The number of viewers changes by this.
    Viewers(i64),
    /// The last chat message is pinned.
    Pin,
    /// What is pinned is taken down.
    Unpin,
    /// The last chat message is taken back.
    Delete,
}

/// An endless conversation among plants, the same for the same seed.
#[derive(Debug)]
pub struct Talk {
    rng: StdRng,
    /// What happens after so many other things.
    planned: VecDeque<(u32, Turn)>,
    groups: u64,
    last: Option<u64>,
}

impl Talk {
    /// A conversation of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            planned: VecDeque::new(),
            groups: GROUPS_FROM + seed * 1_000_000,
            last: None,
        }
    }

    /// What happens next. Mostly chat and taps.
    pub fn next_turn(&mut self) -> Turn {
        for (wait, _) in &mut self.planned {
            *wait = wait.saturating_sub(1);
        }
        if let Some(due) = self.planned.iter().position(|(wait, _)| *wait == 0)
            && let Some((_, turn)) = self.planned.remove(due)
        {
            return turn;
        }
        let who = self.person();
        match self.rng.random_range(0..100) {
            0..=51 => Turn::Send(self.chat(who)),
            52..=67 => Turn::Like(who, self.rng.random_range(1..=15)),
            68..=75 => Turn::Join(who),
            76..=84 => self.gift(who),
            85..=88 => Turn::Viewers(self.rng.random_range(-9..12)),
            89..=91 => Turn::Follow(who),
            92 => Turn::Send(TkMessage::share(self.pick(&[0, 0, 5, 10])).from(who)),
            93..=94 => Turn::Send(TkMessage::emotes(&[self.pick(STICKERS)]).from(who)),
            95 => Turn::Send(TkMessage::question(self.pick(QUESTIONS)).from(who)),
            96 => Turn::Send(TkMessage::subscription(self.rng.random_range(1..24), false).from(who)),
            97 => self.pin(),
            98 => self.poll(),
            _ => Turn::Delete,
        }
    }

    /// Lets the next thing happen in the room of a channel.
    pub fn act(&mut self, channel: &TkChannel<'_>) {
        match self.next_turn() {
            Turn::Send(message) => {
                let is_chat = message.is_chat();
                let id = channel.send(&message);
                if is_chat {
                    self.last = Some(id);
                }
            }
            Turn::Like(who, count) => {
                channel.like(who, count);
            }
            Turn::Follow(who) => {
                channel.follow(who);
            }
            Turn::Join(who) => {
                channel.join(who);
            }
            Turn::Viewers(change) => {
                channel.viewers(channel.state().viewers.saturating_add_signed(change).max(3));
            }
            Turn::Pin => {
                if let Some(last) = self.last {
                    channel.pin(last);
                }
            }
            Turn::Unpin => channel.unpin(),
            Turn::Delete => {
                if let Some(last) = self.last.take() {
                    channel.delete(last);
                }
            }
        }
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        *all.choose(&mut self.rng).expect("something to choose from")
    }

    fn person(&mut self) -> Person {
        let one = self.rng.random_range(0..PEOPLE.len());
        let (handle, nickname, standing) = PEOPLE[one];
        standing(Person::new(handle).nickname(nickname))
    }

    fn chat(&mut self, who: Person) -> TkMessage {
        let (text, language) = self.pick(LINES);
        let message = TkMessage::chat(text).from(who).language(language);
        match self.rng.random_range(0..12) {
            0 => message.to(self.person()),
            1 => message.emote(text.chars().count() as u32, self.pick(STICKERS)),
            _ => message,
        }
    }

    /// A gift. Streaks are told by running totals, which skip numbers and overtake each other; a third of them never says
    /// that it is over.
    fn gift(&mut self, who: Person) -> Turn {
        let gift = self.pick(&GIFTS);
        if !gift.streak || self.planned.len() >= MOST_PLANNED {
            return Turn::Send(TkMessage::gift(gift, 1, 0).from(who).ended());
        }
        self.groups += 1;
        let message = |total| TkMessage::gift(gift, total, self.groups).from(&who);
        let mut totals: Vec<u32> = Vec::new();
        let mut total = 1;
        for _ in 0..self.rng.random_range(0..7) {
            total += self.rng.random_range(1..5);
            totals.push(total);
        }
        if totals.len() > 2 {
            let late = self.rng.random_range(1..totals.len());
            totals.swap(late - 1, late);
        }
        for (wait, total) in (1..).zip(&totals) {
            self.planned.push_back((wait, Turn::Send(message(*total))));
        }
        if self.rng.random_range(0..3) > 0 {
            self.planned.push_back((totals.len() as u32 + 1, Turn::Send(message(total).ended())));
        }
        Turn::Send(message(1))
    }

    fn pin(&mut self) -> Turn {
        self.planned.push_back((30, Turn::Unpin));
        Turn::Pin
    }

    fn poll(&mut self) -> Turn {
        let (title, options) = self.pick(POLLS);
        self.groups += 1;
        let poll = self.groups;
        let mut votes: Vec<(&str, u64)> = options.iter().map(|option| (*option, 0)).collect();
        for wait in (3..30).step_by(3) {
            let choice = self.rng.random_range(0..votes.len());
            votes[choice].1 += self.rng.random_range(1..20);
            self.planned.push_back((wait, Turn::Send(TkMessage::poll_votes(poll, &votes))));
        }
        self.planned.push_back((31, Turn::Send(TkMessage::poll_end(poll, &votes))));
        Turn::Send(TkMessage::poll(poll, title, options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_says_the_same() {
        let talk = |seed| {
            let mut talk = Talk::new(seed);
            (0..300).map(|_| format!("{:?}", talk.next_turn())).collect::<Vec<_>>()
        };
        assert_eq!(talk(1), talk(1));
        assert_ne!(talk(1), talk(2));
    }

    #[test]
    fn sooner_or_later_everything_happens() {
        let mut talk = Talk::new(1);
        let all = format!("{:?}", (0..3_000).map(|_| talk.next_turn()).collect::<Vec<_>>());
        for word in [
            "Chat",
            "Emotes",
            "Gift",
            "ended: true",
            "Like",
            "Follow",
            "Share",
            "Join",
            "Viewers",
            "Pin",
            "Unpin",
            "Delete",
            "Question",
            "PollStart",
            "PollVotes",
            "PollEnd",
            "Subscription",
        ] {
            assert!(all.contains(word), "{word} never happened");
        }
    }
}
