//! One item of a chat as JSON: the object under `liveChatTextMessageRenderer` and its sisters.
//!
//! The renderers share most of their fields, so that one [`Fields`] holds those of all: a field that moves to another
//! renderer is found there, too.

mod chat;
mod fields;
mod gift;
mod membership;
mod notice;

use std::borrow::Cow;

use polychat_model::{Author, Body, EventData, EventName, Person};
use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer};

use self::fields::Fields;
use super::item_id;
use super::lenient::{FromAny, Maybe, Str, any, skip_map};
use super::text::Text;

/// What an item is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Paid,
    Sticker,
    Membership,
    LegacyMembership,
    GiftPurchase,
    GiftRedemption,
    Jewels,
    Engagement,
    Mode,
    Donation,
    Product,
    /// Held back or taken away: shows nothing.
    Placeholder,
    /// Known, and of no use to viewers.
    Ignored,
    /// In a banner: viewers go or come.
    Redirect,
    /// In a banner: what the chat talks about.
    Summary,
    /// In a banner: questions are welcome.
    Questions,
    Unknown,
    /// There is no item.
    #[default]
    Missing,
}

impl Kind {
    fn of(renderer: &str) -> Self {
        match renderer {
            "liveChatTextMessageRenderer" => Self::Text,
            "liveChatPaidMessageRenderer" => Self::Paid,
            "liveChatPaidStickerRenderer" => Self::Sticker,
            "liveChatMembershipItemRenderer" => Self::Membership,
            "liveChatLegacyPaidMessageRenderer" => Self::LegacyMembership,
            "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer" => Self::GiftPurchase,
            "liveChatSponsorshipsGiftRedemptionAnnouncementRenderer" => Self::GiftRedemption,
            "giftMessageViewModel" => Self::Jewels,
            "liveChatViewerEngagementMessageRenderer" => Self::Engagement,
            "liveChatModeChangeMessageRenderer" => Self::Mode,
            "liveChatDonationAnnouncementRenderer" => Self::Donation,
            "liveChatPurchasedProductMessageRenderer" => Self::Product,
            "liveChatPlaceholderItemRenderer" => Self::Placeholder,
            "liveChatAutoModMessageRenderer"
            | "liveChatModerationMessageRenderer"
            | "liveChatProductItemRenderer"
            | "liveChatRestrictedParticipationRenderer"
            | "liveChatBannerPollRenderer" => Self::Ignored,
            "liveChatBannerRedirectRenderer" => Self::Redirect,
            "liveChatBannerChatSummaryRenderer" => Self::Summary,
            "liveChatCallForQuestionsRenderer" => Self::Questions,
            _ => Self::Unknown,
        }
    }
}

/// An item and what it is.
#[derive(Debug, Default)]
pub(super) struct Item<'a> {
    pub(super) kind: Kind,
    /// YouTube's own name of the kind; empty if there is no item.
    pub(super) name: Cow<'a, str>,
    fields: Maybe<Fields<'a>>,
}

impl<'de> FromAny<'de> for Item<'de> {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut item = Self::default();
        while let Some(key) = map.next_key::<Str<'de>>()? {
            let kind = Kind::of(&key);
            if is_tracking(&key) || kind == Kind::Unknown {
                map.next_value::<IgnoredAny>()?;
                if kind == Kind::Unknown && !is_tracking(&key) && item.kind == Kind::Missing {
                    item = Self { kind, name: key.into_inner(), fields: Maybe::default() };
                }
                continue;
            }
            item = Self { kind, name: key.into_inner(), fields: map.next_value()? };
            skip_map(&mut map)?;
            return Ok(item);
        }
        Ok(item)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Item<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any::<D, Item<'de>>(deserializer)
    }
}

/// Keys that stand beside the one that says what it is.
pub(super) fn is_tracking(key: &str) -> bool {
    matches!(key, "clickTrackingParams" | "trackingParams" | "loggingDirectives")
}

/// What an item means.
#[derive(Debug)]
pub(super) enum Meaning {
    /// Something to show.
    Shown(Body),
    /// Memberships for others; who gets them follows in items of their own.
    Gifts(Box<EventData>),
    /// Somebody got one of them.
    Redeemed(Box<Redeemed>),
    /// A word of YouTube itself, to be shown once.
    Notice(Box<EventData>),
    /// Nothing to show.
    Nothing,
    /// A kind that is not known.
    Unknown,
}

/// Somebody got a membership from somebody.
#[derive(Debug)]
pub(super) struct Redeemed {
    pub(super) from: Person,
    pub(super) to: Person,
    pub(super) native_type: String,
}

impl<'a> Item<'a> {
    fn fields(&self) -> Option<&Fields<'a>> {
        self.fields.get()
    }

    /// YouTube's id of the item; empty if it has none.
    pub(super) fn id(&self) -> &str {
        self.fields().map_or("", |fields| &fields.id)
    }

    /// When it was said, in Unix milliseconds.
    pub(super) fn at_ms(&self) -> Option<i64> {
        let fields = self.fields()?;
        let usec = fields.timestamp_usec.0.filter(|usec| *usec > 0).or_else(|| item_id::made_at_usec(&fields.id))?;
        i64::try_from(usec / 1_000).ok()
    }

    /// It stands in for something that moderators took away.
    pub(super) fn is_hidden(&self) -> bool {
        self.kind == Kind::Placeholder
            || self.fields().is_some_and(|fields| fields.deleted_state_message.get().is_some())
    }

    /// What makes it different from other items that have no id.
    pub(super) fn words(&self) -> [String; 3] {
        let Some(fields) = self.fields() else { return Default::default() };
        let text = fields.text.get().map(Text::plain).unwrap_or_default();
        let said = fields.message.plain() + text;
        [fields.author_external_channel_id.to_string(), fields.author_name.plain().into_owned(), said.into_owned()]
    }

    /// What it says, as plain text.
    pub(super) fn said(&self) -> String {
        self.fields().map(|fields| fields.message.plain().into_owned()).unwrap_or_default()
    }

    /// Who wrote it.
    pub(super) fn author(&self) -> Option<Author> {
        self.fields().map(Fields::author)
    }

    /// What it means. `message_id` is what deletions will name.
    pub(super) fn read(&self, message_id: &str) -> Meaning {
        let Some(fields) = self.fields() else {
            return if self.kind == Kind::Unknown { Meaning::Unknown } else { Meaning::Nothing };
        };
        match self.kind {
            Kind::Text | Kind::Paid | Kind::Sticker if self.is_hidden() => Meaning::Nothing,
            Kind::Text if fields.message.is_empty() => Meaning::Nothing,
            Kind::Text | Kind::Paid | Kind::Sticker => Meaning::Shown(chat::read(self.kind, fields, message_id)),
            Kind::GiftPurchase => Meaning::Gifts(Box::new(self.named(message_id, gift::purchase(fields)))),
            Kind::GiftRedemption => Meaning::Redeemed(Box::new(gift::redemption(fields, &self.name))),
            Kind::Engagement => match notice::engagement(fields) {
                Some(data) => Meaning::Notice(Box::new(self.named(message_id, data))),
                None => Meaning::Nothing,
            },
            Kind::Membership => self.shown(message_id, membership::read(fields)),
            Kind::LegacyMembership => self.shown(message_id, membership::legacy(fields)),
            Kind::Jewels => self.shown(message_id, gift::jewels(fields)),
            Kind::Mode => self.shown(message_id, notice::mode(fields)),
            Kind::Donation => self.shown(message_id, notice::donation(fields)),
            Kind::Product => self.shown(message_id, notice::product(fields)),
            Kind::Redirect => self.shown("", notice::redirect(fields)),
            Kind::Summary => self.shown("", notice::of_text(fields.chat_summary.get())),
            Kind::Questions => self.shown("", notice::of_text(fields.question_message.get())),
            Kind::Unknown => Meaning::Unknown,
            Kind::Placeholder | Kind::Ignored | Kind::Missing => Meaning::Nothing,
        }
    }

    fn named(&self, message_id: &str, data: EventData) -> EventData {
        let message_id = Some(message_id.to_owned()).filter(|id| !id.is_empty());
        EventData { message_id, native_type: Some(self.name.clone().into_owned()), ..data }
    }

    fn shown(&self, message_id: &str, data: EventData) -> Meaning {
        if data.text.trim().is_empty() {
            return Meaning::Nothing;
        }
        Meaning::Shown(Body::Event(Box::new(self.named(message_id, data))))
    }
}

/// An event of the item's author.
fn of_author(fields: &Fields<'_>, event: EventName, text: impl FnOnce(&str) -> String) -> EventData {
    let user = fields.author();
    let text = text(&user.display_name);
    EventData { event, text, user: Some(user), ..EventData::default() }
}
