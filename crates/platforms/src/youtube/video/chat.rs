//! How the chat of a video is read.

use serde_json::Value;

use crate::youtube::page::Page;
use crate::youtube::pick::{Want, want};
use crate::youtube::token::{self, TOKEN_MAX_BYTES, TokenKind};

/// How many views a menu may have; it has two.
const MENU_MAX: usize = 8;

/// What can be read of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ChatAccess {
    /// It can be read.
    Open {
        /// The start token. It selects Top chat: see [`ChatAccess::all_messages`].
        token: String,
        /// The tokens of the menu of views: first Top chat, then Live chat. In the menus of watch pages and of `next` they
        /// have been stubs since October 2025 ([`token::is_stub`]); in a chat's own page they are whole.
        menu: Vec<String>,
    },
    /// The stream is over; its chat can be played again.
    ReplayOnly {
        /// The start token of the replay.
        token: String,
    },
    /// There is none to be read: disabled, for members, or none at all.
    Closed,
    /// Not told.
    #[default]
    Unknown,
}

/// Of a `liveChatRenderer`.
pub(super) const RENDERER: Want = want!({
    isReplay: _,
    continuations: _,
    header: { liveChatHeaderRenderer: { viewSelector: { sortFilterSubMenuRenderer: { subMenuItems: { continuation: _ } } } } },
});

impl ChatAccess {
    /// Reads the page of a chat alone: the popout, or what a watch page frames.
    pub fn from_chat_page(page: &Page<'_>) -> Self {
        const WANT: Want = Want::Fields(&[
            ("contents", Want::Fields(&[("liveChatRenderer", RENDERER), ("messageRenderer", Want::Fields(&[]))])),
            ("continuationContents", Want::Fields(&[("liveChatContinuation", RENDERER)])),
        ]);
        let Some(data) = page.data(&WANT) else { return Self::Unknown };
        let contents = &data["contents"];
        if contents["messageRenderer"].is_object() {
            return Self::Closed;
        }
        match Self::read(&contents["liveChatRenderer"]) {
            Self::Unknown => Self::read(&data["continuationContents"]["liveChatContinuation"]),
            found => found,
        }
    }

    /// A token for every message, made from the start token or taken from the menu. `None` if there is no such token: then
    /// the first answer of the chat itself has one in its menu.
    pub fn all_messages(&self) -> Option<String> {
        match self {
            Self::Open { token, menu } => {
                token::all_messages(token).or_else(|| menu.get(1).filter(|token| !token::is_stub(token)).cloned())
            }
            Self::ReplayOnly { token } => token::all_messages(token),
            Self::Closed | Self::Unknown => None,
        }
    }

    /// Reads a `liveChatRenderer`.
    pub(super) fn read(renderer: &Value) -> Self {
        let Some(token) = continuation(&renderer["continuations"][0]) else { return Self::Unknown };
        // The token itself says the same as the flag; a live chat's endpoint refuses a replay's token anyway.
        if renderer["isReplay"] == true || token::kind(&token) == Some(TokenKind::Replay) {
            return Self::ReplayOnly { token };
        }
        let selector = &renderer["header"]["liveChatHeaderRenderer"]["viewSelector"];
        let items = selector["sortFilterSubMenuRenderer"]["subMenuItems"].as_array();
        let items = items.into_iter().flatten().take(MENU_MAX);
        let menu = items.map(|item| continuation(&item["continuation"]).unwrap_or_default()).collect();
        Self::Open { token, menu }
    }
}

/// The token in `{someContinuationData: {continuation}}`, whatever its kind is called.
fn continuation(value: &Value) -> Option<String> {
    let mut kinds = value.as_object()?.values();
    let token = kinds.find_map(|kind| kind["continuation"].as_str())?;
    (1..=TOKEN_MAX_BYTES).contains(&token.len()).then(|| token.to_owned())
}
