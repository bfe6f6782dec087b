//! People who talk by themselves: for demonstrations and for looking at a page without a live channel.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::SimMessage;

const PEOPLE: &[(&str, &str, &str)] = &[
    ("alice", "#FF7F50", "subscriber/12"),
    ("bob_the_bard", "#1E90FF", ""),
    ("carla", "#9ACD32", "moderator/1"),
    ("dmitri", "", "vip/1"),
    ("eun_ji", "#8A2BE2", "subscriber/3"),
    ("fatima", "#FF69B4", "partner/1"),
    ("george77", "#2E8B57", ""),
    ("hana", "#DAA520", "subscriber/24"),
    ("ivan", "#5F9EA0", ""),
    ("juniper", "#00FF7F", "bits/1000"),
];

const LINES: &[&str] = &[
    "hello everyone",
    "what a play",
    "first time here, what are we doing?",
    "that was so close",
    "can somebody link the rules?",
    "https://example.com/rules?page=2 here you go",
    "lol",
    "good evening from Lisbon",
    "안녕하세요",
    "今日もよろしく",
    "🎉🎉🎉",
    "no way that worked",
    "wait for it…",
    "3:1, time to switch: I told you",
    "is the new song out?",
    "@alice you were right",
    "gg",
    "let's go",
    "<b>not bold</b> & that is fine",
    "brb, tea",
];

/// Twitch's own emotes: id, word.
const EMOTES: &[(&str, &str)] =
    &[("25", "Kappa"), ("305954156", "PogChamp"), ("425618", "LUL"), ("86", "BibleThump"), ("41", "Kreygasm")];

/// An endless conversation, the same for the same seed.
#[derive(Debug)]
pub struct Chatter {
    rng: StdRng,
    /// The last plain message: who and what.
    said: Option<(String, String)>,
    /// The message that may be answered: id, who and what.
    last: Option<(String, String, String)>,
}

impl Chatter {
    /// A conversation of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self { rng: StdRng::seed_from_u64(seed), said: None, last: None }
    }

    /// What happens next. Mostly chat; now and then an emote, a reply, bits, a subscription or a raid.
    pub fn next_message(&mut self) -> SimMessage {
        self.said = None;
        let &(who, color, badge) = PEOPLE.choose(&mut self.rng).expect("people");
        let text = *LINES.choose(&mut self.rng).expect("lines");
        let with_badge = |message: SimMessage| {
            let message = message.from(who).color(color);
            if badge.is_empty() { message } else { message.badge(badge) }
        };
        match self.rng.random_range(0..100) {
            0 => with_badge(SimMessage::raid(self.rng.random_range(5..900)))
                .tag("msg-param-login", who)
                .tag("msg-param-displayName", who),
            1..=2 => with_badge(SimMessage::notice("resub", &format!("{who} subscribed for 12 months!")))
                .tag("msg-param-cumulative-months", "12")
                .tag("msg-param-sub-plan", "1000")
                .tag("msg-param-sub-plan-name", "Channel subscription")
                .text(text),
            3 => with_badge(SimMessage::notice("announcement", ""))
                .tag("msg-param-color", "PURPLE")
                .text("Tonight we play until midnight."),
            4..=5 => with_badge(SimMessage::chat("Cheer100 for the next round")).bits(100),
            6..=9 => with_badge(SimMessage::action("waves at everybody")),
            10..=18 => match self.last.clone() {
                Some((id, login, body)) => {
                    with_badge(SimMessage::chat(&format!("@{login} {text}"))).reply_to(&id, &login, &body)
                }
                None => with_badge(SimMessage::chat(text)),
            },
            19..=45 => {
                let &(id, word) = EMOTES.choose(&mut self.rng).expect("emotes");
                let start = text.chars().count() + 1;
                let end = start + word.chars().count() - 1;
                with_badge(SimMessage::chat(&format!("{text} {word}"))).emotes(&format!("{id}:{start}-{end}"))
            }
            46 => with_badge(SimMessage::chat(text)).tag("first-msg", "1"),
            _ => {
                self.said = Some((who.to_owned(), text.to_owned()));
                with_badge(SimMessage::chat(text))
            }
        }
    }

    /// The id that the message got: somebody may answer it later.
    pub fn was_sent(&mut self, id: String) {
        if let Some((who, text)) = self.said.take() {
            self.last = Some((id, who, text));
        }
    }
}

/// Message `number` of a flood: its `chat` frame is about 900 bytes of JSON.
pub(super) fn flood_message(number: u64) -> SimMessage {
    let &(who, color, badge) = &PEOPLE[(number % PEOPLE.len() as u64) as usize];
    let text = format!("Kappa message {number} of a flood that says nothing in particular, only quickly");
    let message = SimMessage::chat(&text).from(who).color(color).emotes("25:0-4");
    if badge.is_empty() { message } else { message.badge(badge) }
}
