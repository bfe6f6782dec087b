//! What happens when in the demo: an endless iterator without a clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::{
    Body, ChatData, ChatMessage, Content, EventData, Highlight, ModerationAction, ModerationData, Platform, Reply,
    ViewersData, iso_timestamp,
};

use super::cast::{Member, Standing};
use super::dice::{Deck, Dice};
use super::play::{ANYBODY, How, Line, Play, say};
use super::text::Words;
use super::{text, tiktok, twitch, youtube};

/// How far apart the messages of the opening are, so that a page is lively at once.
const OPENING_GAP_MS: u64 = 30;

/// How long the broadcast of the demo has been running when somebody comes to watch.
const RUNNING_MS: i64 = 47 * 60 * 1000;

/// What happens; the time is added when it does.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) id: Arc<str>,
    pub(super) revision: u32,
    pub(super) body: Body,
}

/// A message that can be answered or deleted.
struct Said {
    message_id: String,
    thread_id: String,
    text: String,
}

/// The demo of one platform, step by step, with the pause before each.
pub(super) struct Script {
    pub(super) platform: Platform,
    play: &'static Play,
    pub(super) dice: Dice,
    started_us: u64,
    made: u64,
    /// Composed but not told yet, by time and number. Holds a scene and updates of the next half minute.
    agenda: BTreeMap<(u64, u64), Step>,
    told_ms: u64,
    composed_ms: u64,
    /// The latest message of each member.
    said: BTreeMap<&'static str, Said>,
    last_speaker: &'static str,
    words: Words,
    scenes: Deck,
    happenings: Deck,
    crowd: Deck,
    turn: u64,
    viewers: u64,
    likes: u64,
}

impl Script {
    /// A script whose ids hold `started_us`, the time at which it starts in Unix microseconds.
    pub(super) fn new(platform: Platform, seed: u64, started_us: u64) -> Self {
        let play = match platform {
            Platform::Youtube => &youtube::PLAY,
            Platform::Tiktok => &tiktok::PLAY,
            Platform::Twitch => &twitch::PLAY,
        };
        let mut dice = Dice::new(seed);
        Self {
            platform,
            play,
            words: Words::choose(&mut dice),
            dice,
            started_us,
            made: 0,
            agenda: BTreeMap::new(),
            told_ms: 0,
            composed_ms: 0,
            said: BTreeMap::new(),
            last_speaker: "",
            scenes: Deck::new(play.scenes.len()),
            happenings: Deck::new(play.happenings.len()),
            crowd: Deck::new(play.crowd.len()),
            turn: 0,
            viewers: play.viewers,
            likes: 1_204,
        }
    }

    /// What is being painted.
    pub(super) fn subject(&self) -> &'static str {
        // A picture takes a dozen scenes.
        text::SUBJECTS[(self.turn / 24) as usize % text::SUBJECTS.len()]
    }

    /// Who has this login. Every name in a play is one of its cast; a test reads them all.
    pub(super) fn member(&self, login: &str) -> &'static Member {
        self.play.cast.iter().find(|member| member.login == login).expect("the plays name members of their cast only")
    }

    /// Somebody of the audience, not the one who spoke last.
    pub(super) fn anybody(&mut self) -> &'static Member {
        self.anybody_who(Member::is_talkative)
    }

    /// Somebody of the audience who is nothing in the channel yet.
    pub(super) fn newcomer(&mut self) -> &'static Member {
        self.anybody_who(|member| member.standing == Standing::Viewer)
    }

    fn anybody_who(&mut self, is_right: impl Fn(&Member) -> bool) -> &'static Member {
        // Each cast has several of each kind, so this ends.
        loop {
            let member = &self.play.cast[self.dice.below(self.play.cast.len() as u64) as usize];
            if is_right(member) && member.login != self.last_speaker {
                return member;
            }
        }
    }

    /// Lets so many milliseconds pass.
    pub(super) fn wait(&mut self, ms: u64) {
        self.composed_ms += ms;
    }

    /// The pause before a message: mostly short, now and then long; 0.65 s on average.
    fn gap(&mut self) {
        let chance = self.dice.below(1_000);
        self.composed_ms += if self.turn == 0 { OPENING_GAP_MS } else { 110 + chance * chance * 1_650 / 1_000_000 };
    }

    /// An id that was never used before.
    pub(super) fn new_id(&mut self) -> String {
        self.made += 1;
        format!("{}-{}", self.started_us, self.made)
    }

    /// Plans something: what `id` names, at so many milliseconds from the point that composing has reached.
    pub(super) fn plan(&mut self, after_ms: u64, id: &str, revision: u32, body: Body) {
        self.made += 1;
        let id = format!("demo:{}:{id}", self.platform).into();
        self.agenda.insert((self.composed_ms + after_ms, self.made), Step { id, revision, body });
    }

    /// The content of a line of this platform.
    pub(super) fn content(&self, line: &str, cheers: bool) -> Content {
        let raw = self.words.fill(line, self.subject());
        text::content(&raw, self.play.emotes, cheers)
    }

    /// Something that is no message happens, after a pause.
    pub(super) fn happen(&mut self, data: EventData) {
        self.gap();
        let id = self.new_id();
        self.plan(0, &id, 0, Body::Event(Box::new(data)));
    }

    /// All of these are said one after the other.
    pub(super) fn talk(&mut self, lines: &[Line]) {
        for line in lines {
            self.say(line);
        }
    }

    /// A message, after a pause. Gives its id.
    pub(super) fn say(&mut self, line: &Line) -> String {
        let member = self.member(line.who);
        self.gap();
        let message_id = self.new_id();
        let content = self.content(line.text, matches!(line.how, How::Cheers(_)));
        let reply = match line.how {
            How::Answers(to) => self.said.get(to).map(|said| Reply {
                message_id: said.message_id.clone(),
                thread_id: said.thread_id.clone(),
                user: self.member(to).person(),
                text: said.text.clone(),
            }),
            _ => None,
        };
        let thread_id = reply.as_ref().map_or_else(|| message_id.clone(), |reply| reply.thread_id.clone());
        let said = Said { message_id: message_id.clone(), thread_id, text: content.raw().to_owned() };
        self.said.insert(member.login, said);
        self.last_speaker = member.login;
        let data = ChatData {
            author: member.author(self.platform),
            content,
            metadata: line.how.metadata(),
            reply,
            first_message: matches!(line.how, How::First),
            returning: matches!(line.how, How::Returns),
            action: matches!(line.how, How::Acts),
            highlight: matches!(line.how, How::Highlighted)
                .then(|| Highlight { kind: "highlighted".to_owned(), detail: None }),
            source_channel: None,
        };
        let message = ChatMessage { message_id: message_id.clone(), data };
        self.plan(0, &message_id, 0, Body::Chat(Box::new(message)));
        message_id
    }

    /// What somebody said last; nothing if that was taken away.
    pub(super) fn latest(&self, login: &str) -> String {
        self.said.get(login).map(|said| said.text.clone()).unwrap_or_default()
    }

    /// Somebody of the audience says something that may be said at any time.
    pub(super) fn murmur(&mut self) {
        let (card, _) = self.crowd.draw(&mut self.dice);
        let Line { who, text, .. } = self.play.crowd[card];
        let who = if who == ANYBODY { self.anybody().login } else { who };
        self.say(&say(who, text));
    }

    /// A moderator takes a message away.
    pub(super) fn delete_message(&mut self, author: &str, message_id: String) {
        let member = self.member(author);
        self.said.retain(|_, said| said.message_id != message_id);
        self.moderate(ModerationData {
            action: ModerationAction::DeleteMessage,
            message_id: Some(message_id),
            user_id: Some(member.id()),
            username: Some(member.login.to_owned()),
            duration_seconds: None,
        });
    }

    /// A moderator takes away everything that somebody said.
    pub(super) fn delete_user(&mut self, login: &str, seconds: Option<u64>) {
        let member = self.member(login);
        self.said.remove(member.login);
        self.moderate(ModerationData {
            action: ModerationAction::DeleteUser,
            message_id: None,
            user_id: Some(member.id()),
            username: Some(member.login.to_owned()),
            duration_seconds: seconds,
        });
    }

    fn moderate(&mut self, data: ModerationData) {
        let id = self.new_id();
        self.plan(0, &id, 0, Body::Moderation(data));
    }

    /// So many likes more. Gives all of the broadcast.
    pub(super) fn like(&mut self, count: u64) -> u64 {
        self.likes += count;
        self.likes
    }

    /// How many watch now.
    pub(super) fn count_viewers(&mut self, arriving: u64) {
        let leaving = self.dice.below(self.viewers / 40 + 2);
        // Raiders do not all stay: the number stays about what it was at first.
        let pull = self.viewers.saturating_sub(self.play.viewers) / 8;
        let coming = self.dice.below(self.play.viewers / 40 + 2);
        self.viewers = (self.viewers + arriving + coming).saturating_sub(leaving + pull).max(self.play.viewers / 2);
        self.likes += 1 + self.dice.below(20);
        let started_ms = i64::try_from(self.started_us / 1_000).unwrap_or(i64::MAX).saturating_sub(RUNNING_MS);
        let data = ViewersData {
            viewers: Some(self.viewers),
            live: Some(true),
            title: Some(format!("Painting a {} until the tea is cold (demo)", self.subject())),
            category: (self.platform == Platform::Twitch).then(|| "Art".to_owned()),
            likes: (self.platform != Platform::Twitch).then_some(self.likes),
            started_at: Some(iso_timestamp(started_ms).to_string()),
        };
        let id = self.new_id();
        self.plan(0, &id, 0, Body::Viewers(data));
    }

    fn compose(&mut self) {
        self.words = Words::choose(&mut self.dice);
        if self.turn == 0 {
            self.count_viewers(0);
            (self.play.opening)(self);
        } else if self.turn % 2 == 1 {
            let (card, _) = self.scenes.draw(&mut self.dice);
            for line in self.play.scenes[card] {
                self.say(line);
                if self.dice.below(5) == 0 {
                    self.murmur();
                }
            }
            self.count_viewers(0);
        } else {
            let (card, _) = self.happenings.draw(&mut self.dice);
            (self.play.happenings[card])(self);
        }
        self.turn += 1;
    }
}

impl Iterator for Script {
    type Item = (Duration, Step);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // What lies beyond the point that composing has reached may still get something before it.
            if let Some(entry) = self.agenda.first_entry()
                && entry.key().0 <= self.composed_ms
            {
                let at_ms = entry.key().0;
                let pause = Duration::from_millis(at_ms - self.told_ms);
                self.told_ms = at_ms;
                return Some((pause, entry.remove()));
            }
            self.compose();
        }
    }
}

#[cfg(test)]
mod tests;
