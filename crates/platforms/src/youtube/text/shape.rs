//! Texts as JSON: runs, emoji, endpoints, view models.

use serde::Deserialize;

use crate::youtube::lenient::{Flag, List, Maybe, Num, Obj, Str};
use crate::youtube::pictures::{Image, Pictures};

/// `{simpleText}`, `{runs}` or a view model's `{content}`: YouTube changes between them without notice.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Text<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) simple_text: Str<'a>,
    pub(in crate::youtube) runs: List<Obj<Run<'a>>>,
    pub(in crate::youtube) content: Str<'a>,
    pub(in crate::youtube) command_runs: List<Obj<CommandRun<'a>>>,
    pub(in crate::youtube) attachment_runs: List<Obj<AttachmentRun<'a>>>,
}

/// A piece of a text, or an emoji.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Run<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) text: Str<'a>,
    pub(in crate::youtube) bold: Flag,
    pub(in crate::youtube) emoji: Maybe<Emoji<'a>>,
    pub(in crate::youtube) navigation_endpoint: Maybe<Endpoint<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Emoji<'a> {
    /// The characters themselves, or `UC<owner>/<key>` of a custom one.
    #[serde(borrow)]
    pub(in crate::youtube) emoji_id: Str<'a>,
    pub(in crate::youtube) shortcuts: List<Str<'a>>,
    pub(in crate::youtube) is_custom_emoji: Flag,
    pub(in crate::youtube) image: Obj<Image<'a>>,
}

/// Where a click leads.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Endpoint<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) url_endpoint: Obj<UrlEndpoint<'a>>,
    pub(in crate::youtube) watch_endpoint: Obj<WatchEndpoint<'a>>,
    pub(in crate::youtube) browse_endpoint: Obj<BrowseEndpoint<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(in crate::youtube) struct UrlEndpoint<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) url: Str<'a>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct WatchEndpoint<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) video_id: Str<'a>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct BrowseEndpoint<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) browse_id: Str<'a>,
    pub(in crate::youtube) canonical_base_url: Str<'a>,
}

/// A link in `content`; positions count UTF-16 units.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct CommandRun<'a> {
    pub(in crate::youtube) start_index: Num,
    pub(in crate::youtube) length: Num,
    #[serde(borrow)]
    pub(in crate::youtube) on_tap: Obj<Tap<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct Tap<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) innertube_command: Obj<Endpoint<'a>>,
}

/// A picture in `content`; positions count UTF-16 units.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct AttachmentRun<'a> {
    pub(in crate::youtube) start_index: Num,
    pub(in crate::youtube) length: Num,
    #[serde(borrow)]
    pub(in crate::youtube) element: Obj<Attached<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(in crate::youtube) struct Attached<'a> {
    #[serde(borrow, rename = "type")]
    pub(in crate::youtube) kind: Obj<AttachedKind<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::youtube) struct AttachedKind<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) image_type: Obj<ImageType<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(in crate::youtube) struct ImageType<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) image: Obj<Sources<'a>>,
}

/// A view model's picture in several sizes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(in crate::youtube) struct Sources<'a> {
    #[serde(borrow)]
    pub(in crate::youtube) sources: Pictures<'a>,
}
