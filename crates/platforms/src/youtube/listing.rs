//! The broadcasts of a channel: what its streams tab lists, in both layouts that YouTube hands out, and what its `/live`
//! page shows.

mod choose;
mod items;
mod live_page;
#[cfg(test)]
mod tests;

use polychat_model::wire::Owner;
use serde_json::Value;

use super::page::Page;
use super::pick::{Want, pick, want};
use super::pictures;
use super::plain::string;

pub use choose::{Choice, Preferences, UPCOMING_WITHIN_MS, choose, choose_by, undated};
pub use live_page::{LivePage, from_live_page, live_page};

/// What a streams tab tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Streams {
    /// Whose it is.
    pub owner: Owner,
    /// The broadcasts, as they are listed.
    pub listings: Vec<Listing>,
}

/// One broadcast of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The id of its video.
    pub video_id: String,
    /// Its title; empty if there is none.
    pub title: String,
    /// Whether it runs.
    pub state: ListingState,
    /// Whether only paying members may see it.
    pub members_only: bool,
    /// How many watch or wait. Members' streams do not tell.
    pub viewers: Option<u64>,
    /// When an upcoming one is to begin, in Unix milliseconds. One of the two layouts tells it in words only, which depend on
    /// the language: then it is `None`.
    pub starts_at_ms: Option<i64>,
    /// Whether the picture is higher than wide: such a stream is opened in the player for shorts (not recorded yet).
    pub vertical: Option<bool>,
}

/// Whether a listed broadcast runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListingState {
    /// It runs.
    Live,
    /// It is announced.
    Upcoming,
    /// It is over, or nothing says what it is.
    #[default]
    Archive,
}

const TAB: Want = Want::Fields(&[
    ("selected", Want::All),
    ("endpoint", want!({ commandMetadata: { webCommandMetadata: { url: _ } } })),
    (
        "content",
        Want::Fields(&[(
            "richGridRenderer",
            Want::Fields(&[(
                "contents",
                Want::Fields(&[("richItemRenderer", Want::Fields(&[("content", items::WANT)]))]),
            )]),
        )]),
    ),
]);

const WANT: Want = Want::Fields(&[
    ("metadata", want!({ channelMetadataRenderer: { title: _, avatar: { thumbnails: _ } } })),
    (
        "contents",
        Want::Fields(&[(
            "twoColumnBrowseResultsRenderer",
            Want::Fields(&[("tabs", Want::Fields(&[("tabRenderer", TAB)]))]),
        )]),
    ),
]);

/// The broadcasts on the page of a streams tab. `None` if it is another page: a channel that never was live has no such tab,
/// and YouTube shows its home instead.
pub fn from_page(page: &Page<'_>) -> Option<Streams> {
    read(&page.data(&WANT)?)
}

/// The same of an answer of `browse`.
pub fn from_browse(answer: &[u8]) -> Option<Streams> {
    read(&pick(answer, &WANT)?.0)
}

fn read(data: &Value) -> Option<Streams> {
    let tabs = data["contents"]["twoColumnBrowseResultsRenderer"]["tabs"].as_array()?;
    let mut tabs = tabs.iter().map(|tab| &tab["tabRenderer"]);
    let tab = tabs.find(|tab| tab["selected"] == true)?;
    let url = tab["endpoint"]["commandMetadata"]["webCommandMetadata"]["url"].as_str()?;
    if !url.split(['?', '#']).next()?.trim_end_matches('/').ends_with("/streams") {
        return None;
    }
    let contents = tab["content"]["richGridRenderer"]["contents"].as_array();
    let items = contents.into_iter().flatten().map(|item| &item["richItemRenderer"]["content"]);
    Some(Streams { owner: owner(data), listings: items.filter_map(items::read).collect() })
}

/// Whose channel an answer of `browse` is about, whatever tab it shows. Empty if it is about none.
pub fn owner_from_browse(answer: &[u8]) -> Owner {
    pick(answer, &WANT).map(|(data, _)| owner(&data)).unwrap_or_default()
}

fn owner(data: &Value) -> Owner {
    let about = &data["metadata"]["channelMetadataRenderer"];
    Owner {
        display_name: string(&about["title"]).map(Into::into),
        avatar_url: pictures::largest(&about["avatar"]["thumbnails"]),
    }
}
