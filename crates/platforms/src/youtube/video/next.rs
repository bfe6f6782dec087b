//! Reads `next`, and the same data in a watch page: the chat, the owner, viewers, likes and title.

use std::sync::Arc;

use serde_json::Value;

use super::chat::{self, ChatAccess};
use super::{Video, VideoState, handle};
use crate::youtube::identifier::{is_channel_id, is_video_id};
use crate::youtube::pick::{Want, want};
use crate::youtube::pictures;
use crate::youtube::plain::{count, integer, text};

const INFO: Want = want!({
    videoPrimaryInfoRenderer: {
        title: _,
        viewCount: { videoViewCountRenderer: _ },
        badges: { metadataBadgeRenderer: { style: _ } },
        videoActions: { menuRenderer: { topLevelButtons: { segmentedLikeDislikeButtonViewModel: { likeCountEntity: _ } } } },
    },
    videoSecondaryInfoRenderer: {
        owner: { videoOwnerRenderer: { title: _, thumbnail: { thumbnails: _ }, navigationEndpoint: { browseEndpoint: _, showDialogCommand: _ } } },
    },
});

pub(super) const WANT: Want = Want::Fields(&[
    (
        "contents",
        Want::Fields(&[(
            "twoColumnWatchNextResults",
            Want::Fields(&[
                (
                    "conversationBar",
                    Want::Fields(&[("liveChatRenderer", chat::RENDERER), ("conversationBarRenderer", want!({}))]),
                ),
                ("results", Want::Fields(&[("results", Want::Fields(&[("contents", INFO)]))])),
            ]),
        )]),
    ),
    ("currentVideoEndpoint", want!({ watchEndpoint: { videoId: _ } })),
    ("frameworkUpdates", want!({ entityBatchUpdate: { mutations: { payload: { likeCountEntity: _ } } } })),
]);

/// Reads what was picked with [`WANT`].
pub(super) fn read(data: &Value) -> Option<Video> {
    let results = &data["contents"]["twoColumnWatchNextResults"];
    if !results.is_object() {
        return None;
    }
    let infos = results["results"]["results"]["contents"].as_array();
    let info = |name: &str| infos.into_iter().flatten().map(|info| &info[name]).find(|info| info.is_object());
    let primary = info("videoPrimaryInfoRenderer").unwrap_or(&Value::Null);
    let owner = info("videoSecondaryInfoRenderer").map_or(&Value::Null, |info| &info["owner"]["videoOwnerRenderer"]);
    let owner = Owner::read(owner);

    let bar = &results["conversationBar"];
    let is_chat_missing = primary.is_object() && bar.is_null();
    let chat = if bar["liveChatRenderer"].is_object() {
        ChatAccess::read(&bar["liveChatRenderer"])
    } else if bar["conversationBarRenderer"].is_object() || is_chat_missing {
        ChatAccess::Closed
    } else {
        ChatAccess::Unknown
    };
    let mut badges = primary["badges"].as_array().into_iter().flatten();
    let members_only = badges.any(|badge| badge["metadataBadgeRenderer"]["style"] == "BADGE_STYLE_TYPE_MEMBERS_ONLY");
    let is_over = matches!(chat, ChatAccess::ReplayOnly { .. });
    let id = data["currentVideoEndpoint"]["watchEndpoint"]["videoId"].as_str().filter(|id| is_video_id(id));
    Some(Video {
        id: id.unwrap_or_default().to_owned(),
        channel_id: owner.channel_id,
        channel_name: owner.name,
        channel_picture: owner.picture,
        handle: owner.handle,
        title: text(&primary["title"]),
        state: if is_over { VideoState::Ended } else { VideoState::Unknown },
        members_only,
        // Whoever is no member is told "0".
        viewers: viewers(&primary["viewCount"]["videoViewCountRenderer"]).filter(|_| !members_only && !is_over),
        likes: likes(data, primary),
        chat,
        is_chat_missing,
        ..Video::default()
    })
}

/// The number of viewers in a `videoViewCountRenderer`. Without `isLive` the same number is one of views.
pub(in super::super) fn viewers(renderer: &Value) -> Option<u64> {
    if renderer["isLive"] != true {
        return None;
    }
    integer(&renderer["originalViewCount"]).or_else(|| count(&text(&renderer["viewCount"])?))
}

/// The number of likes, from the button or from the entity that the button names.
fn likes(data: &Value, primary: &Value) -> Option<u64> {
    let buttons = primary["videoActions"]["menuRenderer"]["topLevelButtons"].as_array()?;
    let mut buttons = buttons.iter().map(|button| &button["segmentedLikeDislikeButtonViewModel"]["likeCountEntity"]);
    let entity = buttons.find(|entity| entity.is_object())?;
    integer(&entity["likeCountIfIndifferentNumber"]).or_else(|| {
        let key = entity["key"].as_str()?;
        let mutations = data["frameworkUpdates"]["entityBatchUpdate"]["mutations"].as_array()?;
        let mut entities = mutations.iter().map(|mutation| &mutation["payload"]["likeCountEntity"]);
        integer(&entities.find(|entity| entity["key"] == key)?["likeCountIfIndifferentNumber"])
    })
}

#[derive(Default)]
struct Owner {
    channel_id: Option<String>,
    name: Option<String>,
    /// Of several channels together it is that of the video, and of nobody.
    picture: Option<Arc<str>>,
    handle: Option<String>,
}

impl Owner {
    fn read(renderer: &Value) -> Self {
        let endpoint = &renderer["navigationEndpoint"];
        if endpoint["browseEndpoint"].is_object() {
            let picture = pictures::largest(&renderer["thumbnail"]["thumbnails"]);
            return Self { picture, ..Self::new(text(&renderer["title"]), &endpoint["browseEndpoint"]) };
        }
        // Several channels together: a dialog lists them.
        let Some(dialog) = below(&endpoint["showDialogCommand"], "dialogViewModel") else {
            return Self { name: text(&renderer["title"]), ..Self::default() };
        };
        let title = &dialog["customContent"]["listViewModel"]["listItems"][0]["listItemViewModel"]["title"];
        Self::new(text(title), &title["commandRuns"][0]["onTap"]["innertubeCommand"]["browseEndpoint"])
    }

    fn new(name: Option<String>, browse: &Value) -> Self {
        let id = browse["browseId"].as_str().filter(|id| is_channel_id(id));
        Self {
            channel_id: id.map(str::to_owned),
            name,
            picture: None,
            handle: browse["canonicalBaseUrl"].as_str().and_then(handle),
        }
    }
}

/// The first field `name` anywhere below `value`. Its depth is bounded by the decoder's, 128.
fn below<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields.get(name).or_else(|| fields.values().find_map(|field| below(field, name))),
        Value::Array(entries) => entries.iter().find_map(|entry| below(entry, name)),
        _ => None,
    }
}
