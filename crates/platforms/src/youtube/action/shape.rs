//! The payloads of actions as JSON.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::youtube::action::{Replayed, TickerItem};
use crate::youtube::item::Item;
use crate::youtube::lenient::{List, Maybe, Obj, Ratio, Str};
use crate::youtube::text::Text;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Add<'a> {
    #[serde(borrow)]
    pub(super) item: Item<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AddTicker<'a> {
    #[serde(borrow)]
    pub(super) item: TickerItem<'a>,
}

/// What an action is about, in one of these fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Target<'a> {
    #[serde(borrow)]
    pub(super) target_item_id: Str<'a>,
    pub(super) target_action_id: Str<'a>,
    pub(super) target_panel_id: Str<'a>,
    pub(super) external_channel_id: Str<'a>,
}

/// An item takes the place of another.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Replace<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) target_item_id: Str<'a>,
    pub(in crate::youtube) replacement_item: Item<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Replay<'a> {
    #[serde(borrow)]
    pub(super) actions: List<Replayed<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Chip<'a> {
    #[serde(borrow)]
    pub(super) id: Str<'a>,
    pub(super) show_item_endpoint: Obj<ShowItem<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ShowItem<'a> {
    #[serde(borrow)]
    pub(super) show_live_chat_item_endpoint: Obj<ShownItem<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShownItem<'a> {
    #[serde(borrow)]
    pub(super) renderer: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AddBanner<'a> {
    #[serde(borrow)]
    pub(super) banner_renderer: Obj<BannerRenderer<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BannerRenderer<'a> {
    #[serde(borrow)]
    pub(super) live_chat_banner_renderer: Obj<Banner<'a>>,
}

/// Something above the chat: a pinned message, viewers who come or go.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Banner<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) action_id: Str<'a>,
    pub(in crate::youtube) contents: Item<'a>,
    pub(in crate::youtube) header: Obj<BannerHeader<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct BannerHeader<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) live_chat_banner_header_renderer: Obj<BannerTitle<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::youtube) struct BannerTitle<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) text: Obj<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ShowPanel<'a> {
    #[serde(borrow)]
    pub(super) panel_to_show: Obj<Panel<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Panel<'a> {
    #[serde(borrow)]
    pub(super) live_chat_action_panel_renderer: Obj<ActionPanel<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ActionPanel<'a> {
    #[serde(borrow)]
    pub(super) id: Str<'a>,
    pub(super) contents: Obj<PollHolder<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct UpdatePoll<'a> {
    #[serde(borrow)]
    pub(super) poll_to_update: Obj<PollHolder<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PollHolder<'a> {
    #[serde(borrow)]
    pub(super) poll_renderer: Obj<Poll<'a>>,
}

/// A poll as it stands.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Poll<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) live_chat_poll_id: Str<'a>,
    pub(in crate::youtube) choices: List<Obj<PollChoice<'a>>>,
    pub(in crate::youtube) header: Obj<PollHeader<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct PollChoice<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) text: Obj<Text<'a>>,
    pub(in crate::youtube) vote_ratio: Ratio,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct PollHeader<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) poll_header_renderer: Obj<PollTitle<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct PollTitle<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) poll_question: Obj<Text<'a>>,
    pub(in crate::youtube) metadata_text: Maybe<Text<'a>>,
}
