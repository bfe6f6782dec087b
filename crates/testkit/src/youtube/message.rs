//! What people write and do in a chat: a factory for tests, `YtMessage::chat("hi").from("alice")`.

mod banner;
mod item;
mod kinds;
mod parts;
mod poll;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

pub use parts::{Amount, Tier};
pub use poll::Poll;

/// One happening in a chat, not yet said in one. What is not said has a plausible default.
#[derive(Debug, Clone)]
pub struct YtMessage {
    pub(super) kind: Kind,
    pub(super) from: String,
    pub(super) runs: Vec<Value>,
    pub(super) badges: Vec<Value>,
    pub(super) before: Vec<Value>,
    pub(super) id: Option<String>,
    pub(super) usec: Option<u64>,
    pub(super) ticker: bool,
    pub(super) only_in_live_chat: bool,
}

/// What happens.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Chat,
    SuperChat(Amount),
    Sticker { amount: Amount, label: String },
    NewMember { level: String },
    Upgrade { level: String },
    Milestone { months: u32, level: String },
    GiftPurchase { count: u32, channel: String },
    GiftReceived { from: String },
    Jewels { gift: String, jewels: Option<u32> },
    Donation { amount: String, to: String },
    Placeholder,
    Held,
    Notice { icon: &'static str, runs: Vec<Value>, id: Option<&'static str> },
    Mode { icon: &'static str, subtext: String },
    PollOpens(Poll),
    PollChanges(Poll),
    PollCloses(Poll),
    Pin { item: String, by: String },
    Unpin { item: String },
    RaidIn,
    RaidOut { video: String },
    Summary,
    Goal { text: String },
    Delete { item: String, silently: bool },
    DeleteAuthor { author: String, silently: bool },
    Replace { item: String },
    ReplaceByPlaceholder { item: String },
    Clear,
    Closed,
    Unknown,
}

impl YtMessage {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            from: "viewer".to_owned(),
            runs: Vec::new(),
            badges: Vec::new(),
            before: Vec::new(),
            id: None,
            usec: None,
            ticker: true,
            only_in_live_chat: false,
        }
    }

    /// More text.
    pub fn text(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.runs.push(json!({"text": text}));
        }
        self
    }

    /// A link, shown shortened as YouTube does.
    pub fn link(mut self, url: &str) -> Self {
        self.runs.push(parts::link(url));
        self
    }

    /// A Unicode emoji with its name: `emoji("🍵", "teacup")`.
    pub fn emoji(mut self, character: &str, name: &str) -> Self {
        self.runs.push(parts::emoji(character, name));
        self
    }

    /// An emoji of a channel (by handle), or, without one, of YouTube itself: `:_leaf:`, `:face-blue-smiling:`.
    pub fn custom_emoji(mut self, channel: Option<&str>, name: &str) -> Self {
        self.runs.push(parts::custom_emoji(channel, name));
        self
    }

    /// Who: a handle, with or without `@`. Its channel id is [`channel_id`](super::channel_id) of it.
    pub fn from(mut self, handle: &str) -> Self {
        handle.trim_start_matches('@').clone_into(&mut self.from);
        self
    }

    /// The author owns the channel.
    pub fn owner(self) -> Self {
        self.badge(parts::icon_badge("OWNER", "Owner"))
    }

    /// The author is a moderator.
    pub fn moderator(self) -> Self {
        self.badge(parts::icon_badge("MODERATOR", "Moderator"))
    }

    /// The author is verified.
    pub fn verified(self) -> Self {
        self.badge(parts::icon_badge("VERIFIED", "Verified"))
    }

    /// The author has been a member for so many months; 0: a new one.
    pub fn member(self, months: u32) -> Self {
        self.badge(parts::member_badge(months))
    }

    /// The author's place on the leaderboard.
    pub fn rank(mut self, rank: u32) -> Self {
        self.before.push(parts::rank_button(rank));
        self
    }

    /// It answers a Super Chat of `donor` (a handle).
    pub fn reply_to_super_chat(mut self, donor: &str) -> Self {
        self.before.push(parts::reply_button(donor.trim_start_matches('@')));
        self
    }

    /// The item id, when the simulation's will not do.
    pub fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// When it was written, in microseconds.
    pub fn sent_at(mut self, usec: u64) -> Self {
        self.usec = Some(usec);
        self
    }

    /// Not in the ticker, too, where purchases and milestones otherwise are.
    pub fn without_ticker(mut self) -> Self {
        self.ticker = false;
        self
    }

    /// Filtered out of Top chat.
    pub fn only_in_live_chat(mut self) -> Self {
        self.only_in_live_chat = true;
        self
    }

    fn badge(mut self, badge: Value) -> Self {
        self.badges.push(badge);
        self
    }

    /// What YouTube makes of it, in order. `id` and `usec` are used where nothing else was said.
    pub fn actions(&self, id: &str, usec: u64) -> Vec<Value> {
        let (id, usec) = (self.id.as_deref().unwrap_or(id), self.usec.unwrap_or(usec));
        match &self.kind {
            Kind::PollOpens(poll) => vec![poll.open()],
            Kind::PollChanges(poll) => vec![poll.update()],
            Kind::PollCloses(poll) => vec![poll.close()],
            Kind::Pin { .. } | Kind::Unpin { .. } | Kind::RaidIn | Kind::RaidOut { .. } | Kind::Summary => {
                vec![banner::action(self, id, usec)]
            }
            Kind::Delete { .. }
            | Kind::DeleteAuthor { .. }
            | Kind::Replace { .. }
            | Kind::ReplaceByPlaceholder { .. } => {
                vec![item::removal(self, usec)]
            }
            Kind::Clear => vec![json!({"clearChatWindowAction": {}})],
            Kind::Closed => vec![json!({"signalAction": {"signal": "HIDE_LIVE_CHAT"}})],
            Kind::Goal { text } => vec![banner::goal(id, text)],
            _ => item::actions(self, id, usec),
        }
    }
}
