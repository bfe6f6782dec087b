//! The fields of an item as JSON.

use polychat_model::{Author, Content, Person};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::youtube::author::{BadgeShape, Icon, Who, author, person};
use crate::youtube::lenient::{List, Maybe, Num, Obj, Str};
use crate::youtube::pictures::Image;
use crate::youtube::text::{Endpoint, Sources, Text};

/// The fields of all renderers.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    pub(super) id: Str<'a>,
    pub(super) timestamp_usec: Num,
    pub(super) author_name: Obj<Text<'a>>,
    pub(super) author_external_channel_id: Str<'a>,
    pub(super) author_photo: Obj<Image<'a>>,
    pub(super) author_badges: List<Obj<BadgeShape<'a>>>,
    pub(super) author_avatar: Maybe<Avatar<'a>>,
    pub(super) message: Obj<Text<'a>>,
    pub(super) deleted_state_message: Maybe<Text<'a>>,
    pub(super) before_content_buttons: List<Obj<ButtonShape<'a>>>,
    pub(super) leaderboard_badge: Maybe<ButtonShape<'a>>,
    pub(super) purchase_amount_text: Maybe<Text<'a>>,
    pub(super) header_background_color: Num,
    pub(super) header_text_color: Num,
    pub(super) body_background_color: Num,
    pub(super) body_text_color: Num,
    pub(super) author_name_text_color: Num,
    pub(super) money_chip_background_color: Num,
    pub(super) money_chip_text_color: Num,
    pub(super) background_color: Num,
    pub(super) sticker: Maybe<Image<'a>>,
    pub(super) header_primary_text: Maybe<Text<'a>>,
    pub(super) header_subtext: Maybe<Text<'a>>,
    pub(super) event_text: Maybe<Text<'a>>,
    pub(super) detail_text: Maybe<Text<'a>>,
    pub(super) header: Maybe<HeaderShape<'a>>,
    pub(super) text: Maybe<Text<'a>>,
    pub(super) subtext: Maybe<Text<'a>>,
    pub(super) gift_image: Maybe<Sources<'a>>,
    pub(super) icon: Obj<Icon<'a>>,
    pub(super) banner_message: Maybe<Text<'a>>,
    pub(super) inline_action_button: Maybe<ActionButton<'a>>,
    pub(super) chat_summary: Maybe<Text<'a>>,
    pub(super) question_message: Maybe<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Avatar<'a> {
    #[serde(borrow)]
    pub(super) avatar_view_model: Obj<AvatarModel<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AvatarModel<'a> {
    #[serde(borrow)]
    pub(super) image: Obj<Sources<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ButtonShape<'a> {
    #[serde(borrow)]
    pub(super) button_view_model: Obj<Button<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Button<'a> {
    #[serde(borrow)]
    pub(super) icon_name: Str<'a>,
    pub(super) title: Str<'a>,
    pub(super) on_tap: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct HeaderShape<'a> {
    #[serde(borrow)]
    pub(super) live_chat_sponsorships_header_renderer: Obj<SponsorshipsHeader<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SponsorshipsHeader<'a> {
    #[serde(borrow)]
    pub(super) author_name: Obj<Text<'a>>,
    pub(super) author_photo: Obj<Image<'a>>,
    pub(super) author_badges: List<Obj<BadgeShape<'a>>>,
    pub(super) primary_text: Obj<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ActionButton<'a> {
    #[serde(borrow)]
    pub(super) button_renderer: Obj<ButtonRenderer<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ButtonRenderer<'a> {
    #[serde(borrow)]
    pub(super) command: Obj<Endpoint<'a>>,
}

impl<'a> Fields<'a> {
    pub(super) fn who(&self) -> Who<'_, 'a> {
        let photo = match self.author_avatar.get() {
            Some(avatar) => &avatar.avatar_view_model.image.sources,
            None => &self.author_photo.thumbnails,
        };
        let (id, name, badges) = (&self.author_external_channel_id, &self.author_name, &self.author_badges);
        // The author of a gift purchase stands in its header.
        if let Some(header) = self.header.get().filter(|_| name.is_empty()) {
            let header = &header.live_chat_sponsorships_header_renderer;
            let badges = &header.author_badges;
            return Who { id, name: &header.author_name, photo: &header.author_photo.thumbnails, badges };
        }
        Who { id, name, photo, badges }
    }

    pub(super) fn author(&self) -> Author {
        author(self.who(), self.rank())
    }

    pub(super) fn person(&self) -> Person {
        person(self.who())
    }

    /// The place on the leaderboard of viewers, such as `#3`.
    pub(super) fn rank(&self) -> Option<&str> {
        let crown = self.before_content_buttons.iter().map(|button| &button.button_view_model);
        let crown = crown.filter(|button| &*button.icon_name == "CROWN").find_map(|button| button.title.some());
        let rank = crown.or_else(|| self.leaderboard_badge.get()?.button_view_model.title.some())?;
        rank.starts_with('#').then_some(rank)
    }

    /// What the author wrote with it; `None` if nothing.
    pub(super) fn written(&self) -> Option<Content> {
        (!self.message.is_empty()).then(|| self.message.message())
    }
}
