//! A poll: it opens, is voted in, closes, and leaves a message with the result.

use serde_json::{Value, json};

use crate::youtube::answer::{photo, runs, short, simple, tracking};

/// A poll of the channel's owner.
#[derive(Debug, Clone)]
pub struct Poll {
    id: String,
    creator: String,
    question: Option<String>,
    choices: Vec<(String, u64)>,
}

impl Poll {
    /// A poll of `creator` (a handle). `id` is any text that no other poll has.
    pub fn new(id: &str, creator: &str, choices: &[&str]) -> Self {
        Self {
            id: tracking(id),
            creator: creator.trim_start_matches('@').to_owned(),
            question: None,
            choices: choices.iter().map(|&choice| (choice.to_owned(), 0)).collect(),
        }
    }

    /// What is asked; many polls have none.
    pub fn question(mut self, question: &str) -> Self {
        self.question = Some(question.to_owned());
        self
    }

    /// So many more votes for a choice.
    pub fn vote(&mut self, choice: usize, votes: u64) {
        if let Some((_, count)) = self.choices.get_mut(choice) {
            *count += votes;
        }
    }

    fn total(&self) -> u64 {
        self.choices.iter().map(|(_, votes)| votes).sum()
    }

    fn share(&self, votes: u64) -> f64 {
        votes as f64 / self.total().max(1) as f64
    }

    fn votes(&self) -> String {
        format!("{} votes", short(self.total()))
    }

    /// Shares are not there before the first update.
    fn renderer(&self, shares: bool) -> Value {
        let choice = |(text, votes): &(String, u64)| {
            let mut choice = json!({"text": runs(&[text]), "selected": false, "signinEndpoint": {
                "commandMetadata": {"webCommandMetadata": {"url": "https://accounts.google.com/ServiceLogin"}},
                "signInEndpoint": {"nextEndpoint": {}},
            }});
            if shares {
                choice["voteRatio"] = json!(self.share(*votes));
                choice["votePercentage"] = simple(&format!("{:.0}%", self.share(*votes) * 100.0));
            }
            choice
        };
        let creator = format!("@{}", self.creator);
        let votes = self.votes();
        let mut meta = vec![creator.as_str(), " • ", "just now"];
        if shares {
            meta.extend([" • ", &votes]);
        }
        json!({
            "liveChatPollId": self.id,
            "choices": self.choices.iter().map(choice).collect::<Vec<_>>(),
            "header": {"pollHeaderRenderer": {
                "pollQuestion": self.question.as_deref().map_or_else(|| json!({}), |question| runs(&[question])),
                "thumbnail": photo(&self.creator),
                "metadataText": runs(&meta),
                "liveChatPollType": "LIVE_CHAT_POLL_TYPE_CREATOR",
            }},
            "trackingParams": tracking("poll"),
        })
    }

    pub(super) fn open(&self) -> Value {
        json!({"clickTrackingParams": tracking("action"), "showLiveChatActionPanelAction": {
            "panelToShow": {"liveChatActionPanelRenderer": {
                "contents": {"pollRenderer": self.renderer(false)}, "id": self.id, "targetId": "live-chat-action-panel",
            }},
        }})
    }

    pub(super) fn update(&self) -> Value {
        json!({"updateLiveChatPollAction": {"pollToUpdate": {"pollRenderer": self.renderer(true)}}})
    }

    pub(super) fn close(&self) -> Value {
        json!({"closeLiveChatActionPanelAction": {"targetPanelId": self.id, "skipOnDismissCommand": true}})
    }

    /// The question, the choices and the number of votes, as runs.
    pub(super) fn result(&self) -> Vec<Value> {
        let mut lines = Vec::new();
        if let Some(question) = &self.question {
            lines.extend([json!({"text": question, "bold": true}), json!({"text": "\n"})]);
        }
        for (text, votes) in &self.choices {
            lines.extend([
                json!({"text": format!("{text} ({:.0}%)", self.share(*votes) * 100.0)}),
                json!({"text": "\n"}),
            ]);
        }
        lines.extend([json!({"text": "\n"}), json!({"text": format!("Poll complete: {}", self.votes())})]);
        lines
    }
}
