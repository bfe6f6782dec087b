//! What people write and do in a chat: a factory for tests, `YtMessage::chat("hi").from("alice")`.

use serde_json::{Value, json};

use super::answer::{photo, tracking};
use super::token::client_id;
use super::world::channel_id;

/// One happening in a chat, not yet said in one. What is not said has a plausible default.
#[derive(Debug, Clone)]
pub struct YtMessage {
    from: String,
    runs: Vec<Value>,
    badges: Vec<Value>,
    pub(super) only_in_live_chat: bool,
}

impl YtMessage {
    /// Somebody writes `text`.
    pub fn chat(text: &str) -> Self {
        let message =
            Self { from: "viewer".to_owned(), runs: Vec::new(), badges: Vec::new(), only_in_live_chat: false };
        message.text(text)
    }

    /// More text.
    pub fn text(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.runs.push(json!({"text": text}));
        }
        self
    }

    /// Who: a handle without `@`.
    pub fn from(mut self, handle: &str) -> Self {
        handle.trim_start_matches('@').clone_into(&mut self.from);
        self
    }

    /// Filtered out of Top chat.
    pub fn only_in_live_chat(mut self) -> Self {
        self.only_in_live_chat = true;
        self
    }

    /// The actions, in order, and nothing else: `id` and `usec` are those of the item.
    pub(super) fn actions(&self, id: &str, usec: u64) -> Vec<Value> {
        let mut renderer = author(&self.from, &self.badges);
        renderer["id"] = json!(id);
        renderer["timestampUsec"] = json!(usec.to_string());
        renderer["message"] = json!({"runs": self.runs});
        vec![item("liveChatTextMessageRenderer", &renderer, id)]
    }
}

fn item(kind: &str, renderer: &Value, id: &str) -> Value {
    let mut add = json!({"item": {kind: renderer}});
    if let Some(client) = client_id(id) {
        add["clientId"] = json!(client);
    }
    json!({"clickTrackingParams": tracking("action"), "addChatItemAction": add})
}

fn author(handle: &str, badges: &[Value]) -> Value {
    let mut author = json!({
        "authorName": {"simpleText": format!("@{handle}")},
        "authorPhoto": photo(handle),
        "authorExternalChannelId": channel_id(handle),
        "contextMenuEndpoint": {
            "commandMetadata": {"webCommandMetadata": {"ignoreNavigation": true}},
            "liveChatItemContextMenuEndpoint": {"params": tracking(handle)},
        },
        "contextMenuAccessibility": {"accessibilityData": {"label": "Chat actions"}},
        "trackingParams": tracking("item"),
    });
    if !badges.is_empty() {
        author["authorBadges"] = json!(badges);
    }
    author
}
