//! What people write and do in a chat: a factory for tests, `YtMessage::chat("hi").from("alice")`.

mod banner;
mod item;
mod parts;
mod poll;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::world::channel_id;

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

    /// Somebody writes `text`.
    pub fn chat(text: &str) -> Self {
        Self::new(Kind::Chat).text(text)
    }

    /// A Super Chat: `Amount::new("$5.00", Tier::Green)`. [`text`](Self::text) adds what is written to it.
    pub fn super_chat(amount: Amount) -> Self {
        Self::new(Kind::SuperChat(amount))
    }

    /// A Super Sticker; `label` describes the picture.
    pub fn sticker(amount: Amount, label: &str) -> Self {
        Self::new(Kind::Sticker { amount, label: label.to_owned() })
    }

    /// Somebody becomes a member of this level.
    pub fn new_member(level: &str) -> Self {
        Self::new(Kind::NewMember { level: level.to_owned() })
    }

    /// A member goes over to this level.
    pub fn upgrade(level: &str) -> Self {
        Self::new(Kind::Upgrade { level: level.to_owned() })
    }

    /// Somebody has been a member for so many months.
    pub fn milestone(months: u32, level: &str) -> Self {
        Self::new(Kind::Milestone { months, level: level.to_owned() })
    }

    /// Somebody buys memberships of the channel with this title for others.
    pub fn gift_purchase(count: u32, channel: &str) -> Self {
        Self::new(Kind::GiftPurchase { count, channel: channel.to_owned() })
    }

    /// The author receives a membership that `giver` (a handle) bought.
    pub fn gift_received(giver: &str) -> Self {
        Self::new(Kind::GiftReceived { from: giver.trim_start_matches('@').to_owned() })
    }

    /// A gift that was paid with Jewels; `None`: the text does not say how many.
    pub fn jewels(gift: &str, jewels: Option<u32>) -> Self {
        Self::new(Kind::Jewels { gift: gift.to_owned(), jewels })
    }

    /// Somebody gives to a fundraiser.
    pub fn donation(amount: &str, to: &str) -> Self {
        Self::new(Kind::Donation { amount: amount.to_owned(), to: to.to_owned() })
    }

    /// A place that a message will take later.
    pub fn placeholder() -> Self {
        Self::new(Kind::Placeholder)
    }

    /// A message that is held for review: only moderators get these.
    pub fn held(text: &str) -> Self {
        Self::new(Kind::Held).text(text)
    }

    /// A message of YouTube itself: "subscribers only". Everybody gets it again when the view is loaded.
    pub fn subscribers_only() -> Self {
        let runs = ["Only people who have been subscribed for ", "10 minutes", " or longer can write."];
        let runs = runs.iter().map(|text| json!({"text": text})).collect();
        Self::new(Kind::Notice { icon: "YOUTUBE_ROUND", runs, id: Some("SUBSCRIBERS_ONLY_VEM") })
    }

    /// The result of a poll as a message.
    pub fn poll_result(poll: &Poll) -> Self {
        Self::new(Kind::Notice { icon: "POLL", runs: poll.result(), id: None })
    }

    /// The chat has another mode: `SLOW_MODE`, `MEMBERS_ONLY_MODE`, `TAB_SUBSCRIPTIONS`, `QUESTION_ANSWER`.
    /// [`text`](Self::text) says what, `subtext` what it means.
    pub fn mode(icon: &'static str, subtext: &str) -> Self {
        Self::new(Kind::Mode { icon, subtext: subtext.to_owned() })
    }

    /// A poll opens.
    pub fn poll_opens(poll: &Poll) -> Self {
        Self::new(Kind::PollOpens(poll.clone()))
    }

    /// Somebody voted.
    pub fn poll_changes(poll: &Poll) -> Self {
        Self::new(Kind::PollChanges(poll.clone()))
    }

    /// A poll closes.
    pub fn poll_closes(poll: &Poll) -> Self {
        Self::new(Kind::PollCloses(poll.clone()))
    }

    /// `by` (a handle) pins the message that [`from`](Self::from) wrote with [`text`](Self::text) under the id `item`.
    pub fn pin(item: &str, by: &str) -> Self {
        Self::new(Kind::Pin { item: item.to_owned(), by: by.trim_start_matches('@').to_owned() })
    }

    /// The message is not pinned any more.
    pub fn unpin(item: &str) -> Self {
        Self::new(Kind::Unpin { item: item.to_owned() })
    }

    /// [`from`](Self::from) has sent its viewers here.
    pub fn raid_in() -> Self {
        Self::new(Kind::RaidIn)
    }

    /// This chat's viewers are sent to `video` of [`from`](Self::from).
    pub fn raid_out(video: &str) -> Self {
        Self::new(Kind::RaidOut { video: video.to_owned() })
    }

    /// YouTube's own summary of the chat.
    pub fn summary(text: &str) -> Self {
        Self::new(Kind::Summary).text(text)
    }

    /// A Super Chat goal: "$12 out of $100".
    pub fn goal(progress: &str) -> Self {
        Self::new(Kind::Goal { text: progress.to_owned() })
    }

    /// One message is deleted; a word about it stays.
    pub fn delete(item: &str) -> Self {
        Self::new(Kind::Delete { item: item.to_owned(), silently: false })
    }

    /// One message disappears.
    pub fn remove(item: &str) -> Self {
        Self::new(Kind::Delete { item: item.to_owned(), silently: true })
    }

    /// Everything that `author` (a handle) wrote is deleted.
    pub fn delete_author(author: &str) -> Self {
        Self::new(Kind::DeleteAuthor { author: channel_id(author), silently: false })
    }

    /// Everything that `author` (a handle) wrote disappears.
    pub fn remove_author(author: &str) -> Self {
        Self::new(Kind::DeleteAuthor { author: channel_id(author), silently: true })
    }

    /// The message `item` says something else from now on.
    pub fn replace(item: &str, text: &str) -> Self {
        Self::new(Kind::Replace { item: item.to_owned() }).text(text)
    }

    /// The message `item` is taken back and a place is kept for it.
    pub fn replace_by_placeholder(item: &str) -> Self {
        Self::new(Kind::ReplaceByPlaceholder { item: item.to_owned() })
    }

    /// Everything disappears.
    pub fn clear() -> Self {
        Self::new(Kind::Clear)
    }

    /// The chat is closed or moves elsewhere.
    pub fn closed() -> Self {
        Self::new(Kind::Closed)
    }

    /// A renderer that nobody knows.
    pub fn unknown() -> Self {
        Self::new(Kind::Unknown)
    }

    // What is said of it.

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

    /// Who: a handle, with or without `@`. Its channel id is [`channel_id`] of it.
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
