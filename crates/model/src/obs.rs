//! OBS, as Polychat sees it: through OBS's WebSocket server, and through the pages that OBS shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where OBS's WebSocket server listens unless it was changed there.
pub const OBS_ADDRESS: &str = "ws://127.0.0.1:4455";

/// The smallest and the largest edge of a browser source, in pixels, as OBS has them.
pub const SOURCE_EDGES: (u32, u32) = (1, 8_192);

/// What a person has set of OBS. The password is not here: it is never told, see [`crate::saved::Secrets`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct ObsSettings {
    /// Connect to OBS.
    pub on: bool,
    /// `ws://host:port` of its WebSocket server; absent is [`OBS_ADDRESS`].
    pub address: Option<String>,
    /// The port that links in OBS carried the last time, so that they are known as ours.
    pub last_port: Option<u16>,
}

/// How OBS does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ObsNow {
    /// The connection to OBS's WebSocket server.
    pub link: ObsLink,
    /// Why there is no connection, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trouble: Option<ObsTrouble>,
    /// The same for people: a sentence, with what helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message: Option<String>,
    /// The next attempt is made after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_in_ms: Option<u64>,
    /// The version of OBS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
    /// OBS sends a stream.
    pub streaming: bool,
    /// OBS records.
    pub recording: bool,
    /// Sources in OBS that show an overlay of this Polychat.
    pub sources: Vec<ObsSource>,
}

/// The connection to OBS's WebSocket server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ObsLink {
    /// Nobody wants one.
    #[default]
    Off,
    /// OBS is asked.
    Connecting,
    /// It is there.
    Connected,
    /// There is none; another attempt follows.
    Waiting,
}

/// Why there is no connection to OBS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ObsTrouble {
    /// Nothing listens there.
    NotThere,
    /// Something listens there, and says nothing.
    Silent,
    /// What answers there is not OBS's WebSocket server.
    NotObs,
    /// OBS wants a password, and none is kept.
    PasswordMissing,
    /// OBS does not take the password.
    PasswordWrong,
    /// OBS speaks another version of the protocol than Polychat.
    OtherVersion,
    /// OBS was closed, or its WebSocket server turned off.
    Closed,
    /// OBS ended the connection because somebody there wanted that.
    SentAway,
    /// What OBS sends cannot be understood.
    NotUnderstood,
}

/// A browser source in OBS that shows an overlay of this Polychat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ObsSource {
    /// What it is called in OBS.
    pub name: String,
    /// The overlay.
    pub overlay: String,
    /// It is in the scene that is on air, shown or not.
    pub in_scene: bool,
    /// It is on air.
    pub visible: bool,
}

/// Pages of an overlay that OBS has loaded, by what they say themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ObsPages {
    /// The overlay.
    pub overlay: String,
    /// How many.
    pub loaded: u32,
    /// How many of them OBS shows somewhere, in a preview too.
    pub visible: u32,
    /// How many of them are on air.
    pub active: u32,
}

/// How OBS does, as a frame. Only after `follow` with `obs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ObsFrame {
    /// What its WebSocket server says.
    #[serde(flatten)]
    pub now: ObsNow,
    /// What our pages in it say: of overlays that are kept, where there are any.
    pub pages: Vec<ObsPages>,
}

/// What is set of OBS, and how it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Obs {
    /// Polychat connects to OBS.
    pub on: bool,
    /// Where.
    pub address: String,
    /// A password is kept. It is never told.
    pub has_password: bool,
    /// All this was set when the program was started (`POLYCHAT_OBS_URL`), and cannot be changed here.
    pub fixed: bool,
    /// How it does.
    pub now: ObsNow,
}

/// Other settings of OBS. What is absent stays; an empty request tries to connect at once.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export, optional_fields = nullable)]
pub struct ObsChange {
    /// Connect, or not.
    pub on: Option<bool>,
    /// Where: `127.0.0.1:4455`, `ws://…`, or the connect information that OBS shows (`obsws://…`). Empty is the usual place.
    /// A password stays with its computer: at another one it is forgotten.
    pub address: Option<String>,
    /// The password; empty forgets it.
    pub password: Option<String>,
}

/// The password shall not get into a log.
impl std::fmt::Debug for ObsChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let password = self.password.as_ref().map(|_| "…");
        f.debug_struct("ObsChange")
            .field("on", &self.on)
            .field("address", &self.address)
            .field("password", &password)
            .finish()
    }
}

/// The scenes of OBS, and what a new source may be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ObsScenes {
    /// As OBS lists them.
    pub scenes: Vec<String>,
    /// The one that is on air, if one is.
    pub current: Option<String>,
    /// The width of OBS's canvas.
    pub width: u32,
    /// The height of OBS's canvas.
    pub height: u32,
    /// Whether this OBS has browser sources.
    pub browser_sources: bool,
}

/// Show an overlay in a scene of OBS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AddToObs {
    /// The overlay's name.
    pub overlay: String,
    /// The scene.
    pub scene: String,
    /// The width of the source.
    pub width: u32,
    /// The height of the source.
    pub height: u32,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AddedToObs {
    /// The source in OBS.
    pub source: String,
    /// What was done.
    pub outcome: ObsOutcome,
}

/// What was done to have an overlay in a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ObsOutcome {
    /// There is a new source.
    Created,
    /// The source that shows this overlay elsewhere is in this scene now, too: one page serves both.
    Shared,
    /// It was there already. Nothing was done.
    Present,
}

/// What became of our sources in OBS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RefreshedObs {
    /// So many load their page anew.
    pub refreshed: u32,
    /// So many of them had a link with an earlier port, and were given the right one.
    pub moved: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_in_what_a_log_would_show() {
        let change = ObsChange { password: Some("hunter2".to_owned()), ..ObsChange::default() };
        assert!(!format!("{change:?}").contains("hunter2"));
    }
}
