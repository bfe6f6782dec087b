//! One entry of a streams tab, in either layout. Which one a channel shows is an experiment of YouTube's: both were seen in
//! April 2026.

use serde_json::Value;

use super::{Listing, ListingState};
use crate::youtube::identifier::is_video_id;
use crate::youtube::pick::{Want, want};
use crate::youtube::plain::{count, seconds_ms, text};

/// Of `richItemRenderer.content`.
pub(super) const WANT: Want = want!({
    videoRenderer: {
        videoId: _,
        title: _,
        viewCountText: _,
        badges: { metadataBadgeRenderer: { style: _ } },
        upcomingEventData: { startTime: _ },
        thumbnailOverlays: { thumbnailOverlayTimeStatusRenderer: { style: _ } },
        navigationEndpoint: { watchEndpoint: {}, reelWatchEndpoint: {} },
    },
    lockupViewModel: {
        contentId: _,
        contentType: _,
        contentImage: { thumbnailViewModel: { overlays: { thumbnailBottomOverlayViewModel: { badges: {
            thumbnailBadgeViewModel: { text: _, badgeStyle: _ },
        } } } } },
        metadata: { lockupMetadataViewModel: {
            title: _,
            metadata: { contentMetadataViewModel: { metadataRows: {
                metadataParts: { text: _ },
                badges: { badgeViewModel: { badgeStyle: _ } },
            } } },
        } },
        rendererContext: { commandContext: { onTap: { innertubeCommand: { watchEndpoint: {}, reelWatchEndpoint: {} } } } },
    },
});

/// Reads what was picked with [`WANT`]. `None` if it is no video.
pub(super) fn read(content: &Value) -> Option<Listing> {
    if content["videoRenderer"].is_object() {
        renderer(&content["videoRenderer"])
    } else {
        lockup(&content["lockupViewModel"])
    }
}

fn renderer(video: &Value) -> Option<Listing> {
    let mut styles = entries(&video["thumbnailOverlays"])
        .filter_map(|overlay| overlay["thumbnailOverlayTimeStatusRenderer"]["style"].as_str());
    let state = match styles.next() {
        Some("LIVE") => ListingState::Live,
        Some("UPCOMING") => ListingState::Upcoming,
        _ => ListingState::Archive,
    };
    let mut badges = entries(&video["badges"]);
    Some(Listing {
        video_id: video_id(&video["videoId"])?,
        title: text(&video["title"]).unwrap_or_default(),
        state,
        members_only: badges.any(|badge| badge["metadataBadgeRenderer"]["style"] == "BADGE_STYLE_TYPE_MEMBERS_ONLY"),
        viewers: viewers(state, text(&video["viewCountText"]).as_deref()),
        starts_at_ms: starts(state, seconds_ms(&video["upcomingEventData"]["startTime"])),
        vertical: is_vertical(&video["navigationEndpoint"]),
    })
}

fn lockup(video: &Value) -> Option<Listing> {
    if video["contentType"] != "LOCKUP_CONTENT_TYPE_VIDEO" {
        return None;
    }
    let overlays = entries(&video["contentImage"]["thumbnailViewModel"]["overlays"]);
    let badges = overlays.flat_map(|overlay| entries(&overlay["thumbnailBottomOverlayViewModel"]["badges"]));
    let mut states = badges.map(|badge| {
        let badge = &badge["thumbnailBadgeViewModel"];
        state(badge["badgeStyle"].as_str().unwrap_or_default(), badge["text"].as_str().unwrap_or_default())
    });
    let first = states.next().unwrap_or_default();
    // A second badge may say that it is live beside one that says something else.
    let state = if states.any(|state| state == ListingState::Live) { ListingState::Live } else { first };
    let metadata = &video["metadata"]["lockupMetadataViewModel"];
    let rows = &metadata["metadata"]["contentMetadataViewModel"]["metadataRows"];
    let mut badges = entries(rows).flat_map(|row| entries(&row["badges"]));
    let mut parts = entries(rows).flat_map(|row| entries(&row["metadataParts"])).filter_map(|part| text(&part["text"]));
    Some(Listing {
        video_id: video_id(&video["contentId"])?,
        title: text(&metadata["title"]).unwrap_or_default(),
        state,
        members_only: badges.any(|badge| badge["badgeViewModel"]["badgeStyle"] == "BADGE_MEMBERS_ONLY"),
        // Viewers come first, then the time in words.
        viewers: viewers(state, parts.next().as_deref()),
        starts_at_ms: None,
        vertical: is_vertical(&video["rendererContext"]["commandContext"]["onTap"]["innertubeCommand"]),
    })
}

/// The state that a badge on a picture tells. An announced stream has the badge of an ordinary video with a word on it where
/// a duration would stand; the word depends on the language (right for all 74 entries of two German pages).
fn state(style: &str, text: &str) -> ListingState {
    match style {
        "THUMBNAIL_OVERLAY_BADGE_STYLE_LIVE" => ListingState::Live,
        "THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT" if !text.is_empty() && !text.contains(char::is_numeric) => {
            ListingState::Upcoming
        }
        _ => ListingState::Archive,
    }
}

/// A number of viewers if it is one, and not one of views.
fn viewers(state: ListingState, text: Option<&str>) -> Option<u64> {
    count(text.filter(|_| state != ListingState::Archive)?)
}

fn starts(state: ListingState, at: Option<i64>) -> Option<i64> {
    at.filter(|_| state == ListingState::Upcoming)
}

fn is_vertical(endpoint: &Value) -> Option<bool> {
    match (endpoint["reelWatchEndpoint"].is_object(), endpoint["watchEndpoint"].is_object()) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

fn video_id(value: &Value) -> Option<String> {
    value.as_str().filter(|id| is_video_id(id)).map(str::to_owned)
}

fn entries(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}
