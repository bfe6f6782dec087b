//! What a person has set and what is kept of it: channels, overlays, settings of the program. One file holds them all.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::look::OwnLook;
use crate::obs::ObsSettings;
use crate::wire::{ChatFrame, EventFrame};
use crate::{IdentifierType, Platform};

/// The most channels that are kept: as many as one page reads.
pub const MAX_CHANNELS: usize = 50;

/// The most overlays that are kept.
pub const MAX_OVERLAYS: usize = 20;

/// The overlay that is always there.
pub const MAIN_OVERLAY: &str = "main";

/// What an overlay may be called, in words.
pub const OVERLAY_NAME: &str = "1 to 64 letters without accents, digits, `-` and `_`";

/// Whether an overlay may be called so: what an address can hold without being escaped. Every such name has an overlay,
/// saved or not.
pub fn is_overlay_name(name: &str) -> bool {
    let fits = (1..=64).contains(&name.len());
    fits && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Everything that is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Saved {
    /// In the order in which they are shown.
    pub channels: Vec<SavedChannel>,
    /// Overlays; the first is [`MAIN_OVERLAY`].
    pub overlays: Vec<Overlay>,
    /// Looks of the person's own, in the order in which they were made.
    pub looks: Vec<OwnLook>,
    /// Settings of the program.
    pub settings: Settings,
    /// What is kept and never told: no frame, no answer and no exported file has it.
    #[serde(skip)]
    #[ts(skip)]
    pub secrets: Secrets,
}

/// What is kept and never told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The password of OBS's WebSocket server.
    pub obs_password: Option<Secret>,
}

/// A text that is not shown, not even in a log. It cannot be made JSON of by accident either.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The longest that is kept, in bytes. Chosen by hand: far beyond what OBS makes, which is 16 letters.
    pub const MAX: usize = 1_024;

    /// Nothing if it is empty.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (!text.is_empty()).then_some(Self(text))
    }

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A channel that is followed, from broadcast to broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SavedChannel {
    /// The site.
    pub platform: Platform,
    /// Handle, login, channel id or live id, in the platform's canonical spelling.
    pub identifier: String,
    /// What `identifier` names.
    #[serde(default)]
    pub identifier_type: IdentifierType,
    /// Not read for now, on any page.
    #[serde(default)]
    pub paused: bool,
}

/// One overlay: what `/overlay/<name>` shows, in OBS and in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Overlay {
    /// Letters and digits of ASCII, `-` and `_`, at most 64.
    pub name: String,
    /// A look by its id, or the default one. One that is not there any more is the default one, too.
    #[serde(default)]
    pub look: Option<String>,
    /// Settings by their names in [`crate::look::SCHEMA`]. They go before the look's.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>")]
    pub values: BTreeMap<String, Value>,
    /// Its window over the screen, if it has one.
    #[serde(default)]
    pub window: OverlayWindow,
}

/// The window of an overlay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct OverlayWindow {
    /// Shown when the program starts.
    pub shown: bool,
    /// Clicks pass through it, and it has no frame.
    pub locked: bool,
    /// In percent, 10 to 100.
    pub opacity: u8,
    /// Seconds without a message after which it dims; 0 is never.
    pub dim_after_s: u32,
    /// Not seen by programs that record the screen, where the system can do that.
    pub hidden_from_capture: bool,
    /// Above fullscreen windows too, outside of the window manager's order. Linux with X11 only.
    pub above_fullscreen: bool,
    /// Where it stands, by arrangement of monitors.
    pub places: Vec<Place>,
}

impl Default for OverlayWindow {
    fn default() -> Self {
        Self {
            shown: false,
            locked: false,
            opacity: 100,
            dim_after_s: 0,
            hidden_from_capture: true,
            above_fullscreen: false,
            places: Vec::new(),
        }
    }
}

/// Where a window stands on one arrangement of monitors, in physical pixels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Place {
    /// The arrangement, as the desktop program writes it: `1920x1080+0+0@1 1280x1024+1920+0@1`.
    pub arrangement: String,
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// Settings of the program. Those of the desktop program are kept by the headless one as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Settings {
    /// Key combinations by what they do, such as `Ctrl+Shift+F7`; empty is none. Those that are absent have their default.
    pub hotkeys: BTreeMap<HotkeyAction, String>,
    /// Start with the system; absent until the person was asked.
    pub start_with_system: Option<bool>,
    /// Closing the control window leaves the program in the tray; absent until the person was told.
    pub close_to_tray: Option<bool>,
    /// Open TikTok's own page in a hidden window when TikTok refuses everything else; absent until the person was asked.
    pub tiktok_page: Option<bool>,
    /// Look for new versions of the program once a day; absent is yes. Only builds that know where to look do so.
    pub look_for_updates: Option<bool>,
    /// The person knows how to leave a locked overlay.
    pub knows_how_to_unlock: bool,
    /// The language of pages and of the program, as a tag such as `id`; absent is that of the system.
    pub language: Option<String>,
    /// How messages are featured.
    pub featured: FeatureRules,
    /// Where OBS is, and whether to connect to it.
    pub obs: ObsSettings,
    /// People whom no overlay shows, whatever they say and wherever: [`MAX_HIDDEN`] at most.
    pub hidden: Vec<HiddenPerson>,
}

/// So many people may be hidden.
pub const MAX_HIDDEN: usize = 500;

/// So many single messages may be hidden; then the one that was hidden first is forgotten. It is long gone by then.
pub const MAX_HIDDEN_MESSAGES: usize = 200;

/// Somebody whom no overlay shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HiddenPerson {
    /// The site.
    pub platform: Platform,
    /// The platform's id.
    pub id: String,
    /// The name that was shown, for people.
    pub name: String,
}

/// Whether a text is the tag of a language in its form (BCP 47): `id`, `pt-BR`, `zh-Hant-TW`. Which languages there are, the
/// pages know.
pub fn is_language_tag(tag: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let language = tag.split('-').next().unwrap_or_default();
    tag.len() <= 35
        && (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && tag.split('-').all(is_part)
}

/// How messages are featured: shown large on overlays, one at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct FeatureRules {
    /// Seconds that a message stands, if it is not pinned.
    pub seconds: u32,
    /// When its time is over, the next one of the queue follows by itself.
    pub follow: bool,
    /// What happens with messages and gifts that somebody has paid for.
    pub paid: Automatic,
    /// Only with those that are worth so many cents of a US dollar.
    pub paid_from: u32,
    /// What happens with questions.
    pub questions: Automatic,
}

impl Default for FeatureRules {
    fn default() -> Self {
        Self { seconds: 20, follow: false, paid: Automatic::Off, paid_from: 0, questions: Automatic::Off }
    }
}

/// What is done with a message without anybody asking for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Automatic {
    /// Nothing.
    #[default]
    Off,
    /// It waits in the queue until somebody shows it.
    Queue,
    /// It is shown, as soon as nothing else is.
    Show,
}

/// What a key combination of the whole system does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum HotkeyAction {
    /// Lock all overlay windows, or unlock them.
    Lock,
    /// Bring them to the top.
    ToTop,
    /// Arrange them, or stop arranging.
    Arrange,
    /// Show them.
    Show,
    /// Hide them.
    Hide,
    /// Show or hide them.
    Toggle,
    /// Empty all overlays.
    Clear,
    /// Let all overlays stand still, or go on.
    Pause,
    /// Take the featured message down.
    ClearFeatured,
    /// Feature the next message of the queue.
    NextFeatured,
    /// Read the message before the one that was read last out.
    SayPrevious,
    /// Read the message after it out.
    SayNext,
    /// Read messages of the kind before this one out: of all, those with money, questions.
    SayPreviousGroup,
    /// Read messages of the kind after it out.
    SayNextGroup,
}

impl Overlay {
    /// An overlay that nobody has changed yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), look: None, values: BTreeMap::new(), window: OverlayWindow::default() }
    }
}

impl HotkeyAction {
    /// All of them, in the order in which people are shown them.
    pub const ALL: [Self; 14] = [
        Self::Lock,
        Self::Arrange,
        Self::ToTop,
        Self::Toggle,
        Self::Show,
        Self::Hide,
        Self::Clear,
        Self::Pause,
        Self::ClearFeatured,
        Self::NextFeatured,
        Self::SayPrevious,
        Self::SayNext,
        Self::SayPreviousGroup,
        Self::SayNextGroup,
    ];

    /// The combination that it has until it is changed. Source: the conventions of overlay programs; only what has to work
    /// without a window has one.
    pub fn default_keys(self) -> &'static str {
        match self {
            // On Linux, Ctrl+Alt and a function key change to another terminal of the system: no program ever sees them.
            Self::Lock if cfg!(target_os = "linux") => "Ctrl+Shift+F7",
            Self::ToTop if cfg!(target_os = "linux") => "Ctrl+Shift+F8",
            Self::Arrange if cfg!(target_os = "linux") => "Ctrl+Shift+F9",
            Self::Lock => "Ctrl+Alt+F7",
            Self::ToTop => "Ctrl+Alt+F8",
            Self::Arrange => "Ctrl+Alt+F9",
            Self::Show
            | Self::Hide
            | Self::Toggle
            | Self::Clear
            | Self::Pause
            | Self::ClearFeatured
            | Self::NextFeatured
            | Self::SayPrevious
            | Self::SayNext
            | Self::SayPreviousGroup
            | Self::SayNextGroup => "",
        }
    }
}

/// What all overlays do right now. Not kept over a restart: what moderators take away meanwhile would not be heard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Stage {
    /// They stand still; what comes meanwhile waits.
    pub paused: bool,
    /// What came before this moment, in Unix milliseconds, is gone from them; 0 is never.
    pub cleared_at: i64,
    /// The message that is shown large, or null.
    pub featured: Option<Arc<Featured>>,
    /// The `key` of the featured message that moderators took away last: it goes without a farewell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub taken_away: Option<String>,
    /// The `key`s of messages that overlays do not show, because somebody has hidden them: the latest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub hidden: Vec<String>,
    /// What waits to be featured, the next one first. Not told to those who follow one overlay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Queued>>")]
    pub queue: Vec<Queued>,
}

/// The message that is shown large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Featured {
    /// Which it is: its platform and its `event_id`.
    pub key: String,
    /// The message as it was told.
    pub message: FeaturedMessage,
    /// It stands until somebody takes it down.
    pub pinned: bool,
    /// When its time is over, in Unix milliseconds; null for a pinned one.
    pub until: Option<i64>,
    /// Why it was chosen.
    pub by: FeaturedBy,
}

/// What can be featured: a frame as it is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
#[expect(clippy::large_enum_variant, reason = "both are large, and 51 are kept at most")]
pub enum FeaturedMessage {
    /// A chat message.
    Chat(ChatFrame),
    /// Something else that happened.
    Event(EventFrame),
}

/// Why a message was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FeaturedBy {
    /// Somebody has chosen it.
    Hand,
    /// It was paid for.
    Paid,
    /// It asks something.
    Question,
}

/// A message that waits to be featured, as far as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Queued {
    /// Which it is.
    pub key: String,
    /// Where.
    pub platform: Platform,
    /// The channel.
    pub identifier: String,
    /// Who; empty if nobody may know.
    pub name: String,
    /// How it begins.
    pub text: String,
    /// What was paid, as text; null if nothing was.
    pub amount: Option<String>,
    /// Why it was chosen.
    pub by: FeaturedBy,
    /// It is shown by itself as soon as nothing else is.
    pub shows: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_a_tag_of_letters_and_digits() {
        for tag in ["id", "pt-BR", "zh-Hant-TW", "es-419", "ckb"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in ["", "x", "-id", "id-", "id--x", "i d", "../en", "419", "en_US", "ä", "<b>", &"ab-".repeat(20)] {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }

    #[test]
    fn an_overlay_has_a_name_that_needs_no_escaping() {
        for name in ["main", "A-1_b", &"x".repeat(64)] {
            assert!(is_overlay_name(name), "{name}");
        }
        for name in ["", "a b", "a.b", "..", "ä", "a/b", "a%2Fb", &"x".repeat(65)] {
            assert!(!is_overlay_name(name), "{name}");
        }
    }
}
