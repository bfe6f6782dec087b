//! The commands that change what is kept, for `POST /api/{command}` and for the desktop program's own pages alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::history::{HistoryPage, HistoryQuery, KeptHistory, KnownPerson, PersonId, PersonNote};
use crate::look::{NewLook, OwnLook};
use crate::obs::{AddToObs, AddedToObs, Obs, ObsChange, ObsScenes, RefreshedObs};
use crate::rehearsal::{Rehearse, Rehearsed};
use crate::saved::{FeatureRules, FeaturedMessage, HiddenPerson, HotkeyAction, Overlay, Saved, SavedChannel, Stage};
use crate::update::Update;
use crate::{IdentifierType, Platform};

/// Command name to (request, response). The server carries these out, headless or not.
#[derive(Debug, TS)]
#[ts(export)]
pub struct CommandSchema {
    /// Everything that is kept.
    pub saved: (Nothing, Kept),
    /// Follow one more channel. The answer names it in its canonical spelling.
    pub add_channel: (AddChannel, SavedChannel),
    /// Follow it no more.
    pub remove_channel: (SavedChannel, Saved),
    /// Pause a channel, or let it go on.
    pub change_channel: (SavedChannel, Saved),
    /// The channels in another order: those named first, then the others as they were.
    pub order_channels: (Vec<SavedChannel>, Saved),
    /// Change an overlay's look and values, or add one. The window of an overlay that is there stays as it is: only the
    /// desktop program changes windows.
    pub change_overlay: (Overlay, Saved),
    /// Take an overlay away, but not the main one.
    pub remove_overlay: (OverlayName, Saved),
    /// Keep one more look. The answer has its id.
    pub add_look: (NewLook, OwnLook),
    /// Change an own look; every overlay that wears it changes with it.
    pub change_look: (OwnLook, Saved),
    /// Take an own look away. Overlays that wear it wear the look that it was made of.
    pub remove_look: (LookId, Saved),
    /// Change settings of the program. What is absent stays.
    pub change_settings: (SettingsChange, Saved),
    /// Empty all overlays, let them stand still or go on.
    pub change_stage: (StageChange, Stage),
    /// Show a message large on overlays, let it wait for that, or take it down.
    pub feature: (Feature, Stage),
    /// Hide a message or a person from all overlays, or show them again.
    pub hide: (Hide, Nothing),
    /// Let an overlay show made-up things, wherever it is open.
    pub rehearse: (Rehearse, Rehearsed),
    /// What happened, from the history: one page, the newest first.
    pub search_history: (HistoryQuery, HistoryPage),
    /// What there is to search.
    pub kept_history: (Nothing, KeptHistory),
    /// What is known of somebody, or null.
    pub person: (PersonId, Option<KnownPerson>),
    /// Note something about somebody.
    pub note_person: (PersonNote, Nothing),
    /// Everything in one text, for a file.
    pub export: (Nothing, ExportFile),
    /// Take everything from such a text, in place of what is there; that is backed up first.
    pub import: (ExportFile, Saved),
    /// What is set of OBS, and how it does.
    pub obs: (Nothing, Obs),
    /// Set where OBS is and whether to connect to it, or try to connect at once.
    pub change_obs: (ObsChange, Obs),
    /// The scenes of OBS.
    pub obs_scenes: (Nothing, ObsScenes),
    /// Show an overlay in a scene of OBS. Refused while there is no connection, with the reason.
    pub add_to_obs: (AddToObs, AddedToObs),
    /// Let our sources in OBS load their pages anew.
    pub refresh_obs: (Nothing, RefreshedObs),
}

/// Command name to (request, response). Only the desktop program has these.
#[derive(Debug, TS)]
#[ts(export)]
pub struct NativeSchema {
    /// How the program, its windows and its keys do.
    pub desktop: (Nothing, Desktop),
    /// Show an overlay's window, or close it.
    pub show_overlay: (OverlaySwitch, Desktop),
    /// Lock an overlay's window, or unlock it. Refused while the unlock key is not registered.
    pub lock_overlay: (OverlaySwitch, Desktop),
    /// Move an overlay's window to the middle of the screen.
    pub center_overlay: (OverlayName, Desktop),
    /// Set how an overlay's window looks and behaves. Its places are left alone.
    pub change_overlay_window: (Overlay, Desktop),
    /// Give an action another key combination.
    pub change_hotkey: (HotkeyChange, Desktop),
    /// Start with the system, or not.
    pub start_with_system: (Switch, Desktop),
    /// Choose a file and write everything into it; the answer is its path, or nothing if the person changed their mind.
    pub export_to_file: (Nothing, Option<String>),
    /// Choose a file and write a text of the page into it, such as a look; the answer is its path, or nothing if the person
    /// changed their mind.
    pub save_text: (TextFile, Option<String>),
    /// Choose a file and take everything from it.
    pub import_from_file: (Nothing, Option<Saved>),
    /// Choose a file and write the page into it that waits in OBS until Polychat is there; the answer is its path, or nothing
    /// if the person changed their mind.
    pub save_loader: (OverlayName, Option<String>),
    /// Open an https address, or one of our own pages, in the system's browser.
    pub open_link: (Link, Nothing),
    /// Open the list in a small window of its own, above others.
    pub pop_out: (PopOut, Nothing),
    /// Read a text out with the system's voice, in place of what it is reading.
    pub say: (Say, Nothing),
    /// Ask the page of releases for a newer version. How that goes is told in `update`.
    pub look_for_update: (Nothing, Desktop),
    /// Download the version that was found, put it in this program's place, and begin anew. Refused where this copy cannot be
    /// replaced by itself.
    pub install_update: (Nothing, Desktop),
    /// Give the download up.
    pub cancel_update: (Nothing, Desktop),
    /// End the program.
    pub quit: (Nothing, Nothing),
}

/// An empty request or answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Nothing {}

/// Everything that is kept, and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Kept {
    /// What is kept.
    pub saved: Saved,
    /// What overlays do right now.
    pub stage: Stage,
    /// Sentences for the person: the file was damaged, is of a newer version, cannot be written.
    pub notices: Vec<String>,
    /// Sites that are read here.
    pub platforms: Vec<Platform>,
    /// Whether the demo is played.
    pub demo: bool,
}

/// A channel as a person typed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AddChannel {
    /// The site.
    pub platform: Platform,
    /// Handle, login, id, or an address that holds one.
    pub identifier: String,
    /// What `identifier` names.
    #[serde(default)]
    pub identifier_type: IdentifierType,
}

/// What to hide from overlays, or to show again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
#[ts(export)]
pub enum Hide {
    /// Hide one message, until it is shown again or Polychat ends.
    Message {
        /// Its platform and its `event_id`, as in `stage.featured`.
        key: String,
    },
    /// Show it again.
    ShowMessage {
        /// As above.
        key: String,
    },
    /// Hide everything of somebody, everywhere, until they are shown again.
    Person(HiddenPerson),
    /// Show them again. Their name does not matter.
    ShowPerson(HiddenPerson),
}

/// An overlay by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OverlayName {
    /// The name.
    pub name: String,
}

/// An own look by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LookId {
    /// The id.
    pub id: String,
}

/// Something of one overlay, on or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OverlaySwitch {
    /// The overlay's name.
    pub name: String,
    /// On or off.
    pub on: bool,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Switch {
    /// On or off.
    pub on: bool,
}

/// Other settings of the program. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export, optional_fields = nullable)]
pub struct SettingsChange {
    /// Key combinations of these actions; empty is none. Other actions keep theirs.
    pub hotkeys: Option<BTreeMap<HotkeyAction, String>>,
    /// Start with the system.
    pub start_with_system: Option<bool>,
    /// Closing the control window leaves the program in the tray.
    pub close_to_tray: Option<bool>,
    /// Open TikTok's own page in a hidden window when TikTok refuses everything else.
    pub tiktok_page: Option<bool>,
    /// Look for new versions of the program once a day.
    pub look_for_updates: Option<bool>,
    /// The person knows how to leave a locked overlay.
    pub knows_how_to_unlock: Option<bool>,
    /// The language of pages and of the program, as a tag; empty is that of the system.
    pub language: Option<String>,
    /// How messages are featured: all of it.
    pub featured: Option<FeatureRules>,
}

/// What overlays shall do. What is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export, optional_fields)]
pub struct StageChange {
    /// Stand still, or go on.
    pub paused: Option<bool>,
    /// Empty them now.
    #[ts(as = "Option<bool>")]
    pub clear: bool,
}

/// What to do with messages that are shown large.
///
/// A message is given as it was told. If the server still remembers it, its own copy counts; one that moderators have taken
/// away is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
#[ts(export)]
pub enum Feature {
    /// Show it now, in place of what is shown.
    Show {
        /// The message.
        message: Box<FeaturedMessage>,
        /// Until somebody takes it down.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pinned: bool,
    },
    /// Let it wait at the end of the queue.
    Queue {
        /// The message.
        message: Box<FeaturedMessage>,
    },
    /// Show the next one of the queue, in place of what is shown. Without one, what is shown goes.
    Next,
    /// Take down what is shown. The queue stays.
    Clear,
    /// Let what is shown stand until somebody takes it down, or give it its time from now on.
    Pin {
        /// Pinned, or not.
        on: bool,
    },
    /// Show one of the queue now.
    ShowQueued {
        /// Which.
        key: String,
    },
    /// Take one out of the queue.
    Remove {
        /// Which.
        key: String,
    },
    /// The queue in another order: those named first, then the others as they were.
    Order {
        /// In the order in which they shall come.
        keys: Vec<String>,
    },
    /// Take all out of the queue.
    Empty,
}

/// The text of an exported file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ExportFile {
    /// JSON.
    pub text: String,
}

/// A text for a file of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TextFile {
    /// What the file is called unless the person says otherwise.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// A list in a window of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PopOut {
    /// What it shows, as in the address of `/dock`: `platforms=twitch&kinds=paid`. Empty is everything.
    pub query: String,
}

/// A text to read out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Say {
    /// The text, in place of what is being read out. Empty is silence.
    pub text: String,
}

/// An address to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Link {
    /// The address.
    pub url: String,
}

/// Another key combination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HotkeyChange {
    /// What it does.
    pub action: HotkeyAction,
    /// The combination; empty is none.
    pub keys: String,
}

/// How the desktop program does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Desktop {
    /// The port of the local server: links for OBS carry it.
    pub port: u16,
    /// The usual port, if it was taken and links carry another one.
    pub usual_port: Option<u16>,
    /// The version of the program.
    pub version: String,
    /// Overlay windows that are open.
    pub windows: Vec<WindowState>,
    /// Keys of the whole system.
    pub hotkeys: Vec<HotkeyState>,
    /// Whether it starts with the system, if that can be told.
    pub starts_with_system: Option<bool>,
    /// The system reads texts out for the program: `say`. Otherwise a page may have a voice of its own.
    pub speaks: bool,
    /// What this system cannot do, in sentences for people.
    pub limits: Vec<Limit>,
    /// Sentences about this start: it crashed last time.
    pub notices: Vec<String>,
    /// How it is with new versions of the program.
    pub update: Update,
}

/// An open overlay window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WindowState {
    /// The overlay's name.
    pub name: String,
    /// Clicks pass through it.
    pub locked: bool,
}

/// A key combination of the whole system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HotkeyState {
    /// What it does.
    pub action: HotkeyAction,
    /// The combination; empty is none.
    pub keys: String,
    /// Why it does not work, in a sentence; absent if it does.
    pub problem: Option<String>,
}

/// Something that this system cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Limit {
    /// Which.
    pub kind: LimitKind,
    /// A sentence for people, with what helps.
    pub text: String,
}

/// What a system may not be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum LimitKind {
    /// Windows cannot be kept on top or moved (Wayland).
    KeepOnTop,
    /// Nothing can be seen through windows: no compositor runs.
    Transparency,
    /// Keys of the whole system do not work.
    Hotkeys,
    /// There is no tray.
    Tray,
    /// Windows cannot be hidden from recordings.
    Capture,
    /// The window in front covers everything (exclusive fullscreen).
    Fullscreen,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CommandError {
    /// For programs.
    pub code: CommandErrorCode,
    /// For people: one sentence, with what helps.
    pub message: String,
}

/// The kind of a [`CommandError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[ts(export)]
pub enum CommandErrorCode {
    /// No such command.
    UnknownCommand,
    /// The request has a form or a value that it cannot have.
    InvalidRequest,
    /// It names something that is not there.
    NotFound,
    /// There are as many as there may be.
    TooMany,
    /// It may not be done by who asks: the token is missing or wrong.
    Forbidden,
    /// It could not be kept or done.
    Failed,
    /// A window may not be locked while the key that unlocks it does not work.
    NoWayBack,
}
