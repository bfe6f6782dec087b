//! What can happen: how each message begins.

use serde_json::json;

use super::{Amount, Kind, Poll, YtMessage};
use crate::youtube::world::channel_id;

impl YtMessage {
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
}
