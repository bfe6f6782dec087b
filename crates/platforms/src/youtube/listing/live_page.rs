//! The `/live` page of a channel. As a rule it is no redirect: it is the page of a video, or that of the channel.

use polychat_model::IdentifierType;
use serde_json::Value;
use url::Url;

use super::{Listing, ListingState};
use crate::youtube::identifier::is_video_id;
use crate::youtube::page::Page;
use crate::youtube::pick::{Want, want};
use crate::youtube::resolve::{self, Channel};
use crate::youtube::video::{Video, VideoState};

/// What a `/live` page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LivePage {
    /// A video: live, or announced. It can be a placeholder that is announced for months ahead.
    Watch {
        /// Its id.
        video_id: String,
    },
    /// The channel itself: nothing runs and nothing is announced.
    Channel(Channel),
    /// Neither can be made out.
    Unknown,
}

/// Reads the page of `…/live`, which came from `url` in the end.
///
/// Only places that name the page's own video count. Others are full of ids of older videos.
pub fn live_page(page: &Page<'_>, url: &Url) -> LivePage {
    const WANT: Want = Want::Fields(&[
        ("currentVideoEndpoint", want!({ watchEndpoint: { videoId: _ } })),
        ("metadata", resolve::CHANNEL),
    ]);
    const PLAYER: Want = want!({ videoDetails: { videoId: _ } });
    if let Some((_, id)) = url.query_pairs().find(|(name, _)| name == "v")
        && is_video_id(&id)
    {
        return LivePage::Watch { video_id: id.into_owned() };
    }
    let canonical = page.canonical();
    if let Some(key) = &canonical
        && key.identifier_type == IdentifierType::LiveId
    {
        return LivePage::Watch { video_id: key.identifier.to_string() };
    }
    let data = page.data(&WANT).unwrap_or_default();
    if let Some(channel) = resolve::read(&data) {
        return LivePage::Channel(channel);
    }
    if let Some(key) = canonical
        && key.identifier_type == IdentifierType::ChannelId
    {
        return LivePage::Channel(Channel { id: key.identifier.to_string(), username: None, name: None });
    }
    let player = page.player(&PLAYER).unwrap_or_default();
    let places = [&data["currentVideoEndpoint"]["watchEndpoint"]["videoId"], &player["videoDetails"]["videoId"]];
    match places.into_iter().filter_map(Value::as_str).find(|id| is_video_id(id)) {
        Some(id) => LivePage::Watch { video_id: id.to_owned() },
        None => LivePage::Unknown,
    }
}

/// What the `/live` page shows, as an entry of a list; `None` if that neither runs nor is announced.
pub fn from_live_page(page: &Page<'_>, url: &Url) -> Option<Listing> {
    let LivePage::Watch { video_id } = live_page(page, url) else { return None };
    let video = Video::from_watch_page(page)?;
    let state = match video.state {
        VideoState::Live => ListingState::Live,
        VideoState::Upcoming => ListingState::Upcoming,
        _ => return None,
    };
    Some(Listing {
        video_id,
        title: video.title.unwrap_or_default(),
        state,
        members_only: video.members_only,
        viewers: video.viewers,
        starts_at_ms: video.starts_at_ms,
        vertical: video.vertical,
    })
}
