//! One entry of an answer's `actions` as JSON: an object with one key that says what happens.

#[expect(clippy::struct_field_names, reason = "named as YouTube names them")]
mod shape;

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use self::shape::{Add, AddBanner, AddTicker, Chip, Replay, ShowPanel, Target, UpdatePoll};
pub(super) use self::shape::{Banner, Poll, Replace};
use super::item::{Item, is_tracking};
use super::lenient::{FromAny, List, Obj, Str, any};

/// What happens.
#[derive(Debug, Default)]
pub(super) enum Action<'a> {
    Add(Item<'a>),
    Ticker(TickerItem<'a>),
    /// One item has to disappear.
    Remove(Str<'a>),
    /// All items of an author have to disappear.
    RemoveAuthor(Str<'a>),
    Replace(Box<Replace<'a>>),
    Banner(Box<Banner<'a>>),
    RemoveBanner(Str<'a>),
    OpenPoll(Box<Poll<'a>>),
    UpdatePoll(Box<Poll<'a>>),
    ClosePoll(Str<'a>),
    Goal(&'a RawValue),
    Replay(List<Replayed<'a>>),
    Clear,
    /// The chat was closed or moved, or YouTube had an error: worth a look at the broadcast's state.
    Attention,
    /// Known, and of no use here.
    Ignored,
    Unknown(Cow<'a, str>),
    /// No action at all.
    #[default]
    Nothing,
}

impl<'de> FromAny<'de> for Action<'de> {
    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Self::of_entry(map, false)
    }
}

/// An action within a replay: another replay in it is none, or hostile ones could be nested without an end.
#[derive(Debug, Default)]
pub(super) struct Replayed<'a>(pub(super) Action<'a>);

impl<'de> FromAny<'de> for Replayed<'de> {
    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Action::of_entry(map, true).map(Self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Replayed<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any::<D, Replayed<'de>>(deserializer)
    }
}

impl<'a> Action<'a> {
    fn of_entry<A: MapAccess<'a>>(mut map: A, replayed: bool) -> Result<Self, A::Error> {
        let mut action = Self::Nothing;
        while let Some(key) = map.next_key::<Str<'a>>()? {
            let is_nested = replayed && &*key == "replayChatItemAction";
            if is_tracking(&key) || is_nested || !matches!(action, Self::Nothing) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            action = Self::of(key, &mut map)?;
        }
        Ok(action)
    }

    fn of<A: MapAccess<'a>>(key: Str<'a>, map: &mut A) -> Result<Self, A::Error> {
        let action = match &*key {
            "addChatItemAction" => Self::Add(map.next_value::<Obj<Add<'a>>>()?.0.item),
            "addLiveChatTickerItemAction" => Self::Ticker(map.next_value::<Obj<AddTicker<'a>>>()?.0.item),
            "markChatItemAsDeletedAction" | "removeChatItemAction" => Self::Remove(target(map)?),
            "markChatItemsByAuthorAsDeletedAction" | "removeChatItemByAuthorAction" => {
                Self::RemoveAuthor(map.next_value::<Obj<Target<'a>>>()?.0.external_channel_id)
            }
            "replaceChatItemAction" => Self::Replace(Box::new(map.next_value::<Obj<Replace<'a>>>()?.0)),
            "addBannerToLiveChatCommand" => {
                let banner = map.next_value::<Obj<AddBanner<'a>>>()?.0.banner_renderer.0;
                Self::Banner(Box::new(banner.live_chat_banner_renderer.0))
            }
            "removeBannerForLiveChatCommand" => {
                Self::RemoveBanner(map.next_value::<Obj<Target<'a>>>()?.0.target_action_id)
            }
            "showLiveChatActionPanelAction" => {
                let panel = map.next_value::<Obj<ShowPanel<'a>>>()?.0.panel_to_show.0.live_chat_action_panel_renderer.0;
                let mut poll = panel.contents.0.poll_renderer.0;
                if poll.live_chat_poll_id.is_empty() {
                    poll.live_chat_poll_id = panel.id;
                }
                // Panels without a poll (a product, a survey) have no choices.
                if poll.choices.is_empty() { Self::Ignored } else { Self::OpenPoll(Box::new(poll)) }
            }
            "updateLiveChatPollAction" => {
                Self::UpdatePoll(Box::new(map.next_value::<Obj<UpdatePoll<'a>>>()?.0.poll_to_update.0.poll_renderer.0))
            }
            "closeLiveChatActionPanelAction" => Self::ClosePoll(map.next_value::<Obj<Target<'a>>>()?.0.target_panel_id),
            "showCreatorGoalTickerChipCommand" => Self::Goal(map.next_value()?),
            "replayChatItemAction" => Self::Replay(map.next_value::<Obj<Replay<'a>>>()?.0.actions),
            other => {
                let action = match other {
                    "clearChatWindowAction" => Self::Clear,
                    "replaceLiveChatAction" | "signalAction" | "serverErrorMessage" => Self::Attention,
                    "showLiveChatTooltipCommand"
                    | "liveChatReportModerationStateCommand"
                    | "addInteractivityWidgetAction"
                    | "updateOrAddInteractivityWidgetAction"
                    | "dimChatItemAction"
                    | "toggleLiveChatModerationActivityCommand"
                    | "liveChatAddToToastAction"
                    | "collapseLiveChatItemAction"
                    | "removeLiveChatTickerItemAction"
                    | "replaceLiveChatTickerItemAction"
                    | "showLiveChatDialogAction"
                    | "showLiveChatSurveyCommand"
                    | "showPollPanelAction"
                    | "changeEngagementPanelVisibilityAction" => Self::Ignored,
                    _ => Self::Unknown(key.into_inner()),
                };
                map.next_value::<IgnoredAny>()?;
                action
            }
        };
        Ok(action)
    }
}

fn target<'a, A: MapAccess<'a>>(map: &mut A) -> Result<Str<'a>, A::Error> {
    Ok(map.next_value::<Obj<Target<'a>>>()?.0.target_item_id)
}

impl<'de: 'a, 'a> Deserialize<'de> for Action<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any::<D, Action<'de>>(deserializer)
    }
}

/// A chip above the chat: a purchase, shown for as long as it was worth.
#[derive(Debug, Default)]
pub(super) struct TickerItem<'a> {
    /// Empty if there is no chip.
    pub(super) name: Cow<'a, str>,
    /// The same id as the item's in the chat.
    pub(super) id: Str<'a>,
    /// The whole item, read only when it was not in the chat.
    pub(super) inner: Option<&'a RawValue>,
}

impl TickerItem<'_> {
    /// One of the kinds that are known.
    pub(super) fn is_known(&self) -> bool {
        matches!(
            &*self.name,
            "liveChatTickerPaidMessageItemRenderer"
                | "liveChatTickerPaidStickerItemRenderer"
                | "liveChatTickerSponsorItemRenderer"
        )
    }
}

impl<'de> FromAny<'de> for TickerItem<'de> {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut item = Self::default();
        while let Some(key) = map.next_key::<Str<'de>>()? {
            if is_tracking(&key) || !item.name.is_empty() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let chip = map.next_value::<Obj<Chip<'de>>>()?.0;
            let inner = chip.show_item_endpoint.0.show_live_chat_item_endpoint.0.renderer;
            item = Self { name: key.into_inner(), id: chip.id, inner };
        }
        Ok(item)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for TickerItem<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any::<D, TickerItem<'de>>(deserializer)
    }
}
