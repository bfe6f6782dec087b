//! The frames that a client sends on `/ws`, and how a bad one is answered.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::saved::{OVERLAY_NAME, is_overlay_name};
use crate::{ErrorCode, IdentifierType, Platform};

/// The most chat frames that `backlog` sends.
pub const MAX_BACKLOG: u32 = 200;

/// How many chatters a `stats` frame lists if nobody asks for another number.
pub const DEFAULT_TOP: u32 = 50;

/// The most chatters that `get_stats` lists: about 60 kB.
pub const MAX_TOP: u32 = 200;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum ClientMessage {
    /// Read a chat.
    Subscribe(Subscribe),
    /// Leave one chat, or all.
    Unsubscribe(Unsubscribe),
    /// Tell what was counted in one chat, or in all.
    GetStats(GetStats),
    /// Tell what is saved, now and at every change.
    Follow(Follow),
    /// Say how OBS shows this page.
    Shown(Shown),
}

/// Read a chat. Only `identifier` has no default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, optional_fields)]
pub struct Subscribe {
    /// The site; `youtube` if absent.
    #[ts(as = "Option<Platform>")]
    pub platform: Platform,
    /// Handle, login, channel id, live id, or an address that holds one.
    pub identifier: String,
    /// What `identifier` names; `username` if absent.
    #[ts(as = "Option<IdentifierType>")]
    pub identifier_type: IdentifierType,
    /// Which kinds of frames besides chat, status and error; none if absent.
    #[ts(as = "Option<Vec<Include>>")]
    pub include: Vec<Include>,
    /// How many recent chat frames to send first: 0 if absent, at most [`MAX_BACKLOG`].
    #[ts(as = "Option<u32>")]
    pub backlog: u32,
    /// The last `seq` seen: what was missed since is sent first.
    pub since: Option<u64>,
    /// Wait for a channel that is not live, instead of `STREAM_NOT_LIVE`.
    #[ts(as = "Option<bool>")]
    pub wait: bool,
}

/// Leave a chat. A field that is absent means any: without fields, all are left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, optional_fields)]
pub struct Unsubscribe {
    /// The site.
    pub platform: Option<Platform>,
    /// The channel to leave.
    pub identifier: Option<String>,
    /// What `identifier` names.
    pub identifier_type: Option<IdentifierType>,
}

/// Tell what was counted. A field that names a chat and is absent means any: without them, all are told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, optional_fields)]
pub struct GetStats {
    /// The site.
    pub platform: Option<Platform>,
    /// The channel.
    pub identifier: Option<String>,
    /// What `identifier` names.
    pub identifier_type: Option<IdentifierType>,
    /// How many chatters to list: [`DEFAULT_TOP`] if absent, at most [`MAX_TOP`].
    #[ts(as = "Option<u32>")]
    pub limit: u32,
}

/// Tell which channels and overlays are saved, now and at every change. A second one takes the place of the first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, optional_fields)]
pub struct Follow {
    /// Only this overlay; all if absent.
    pub overlay: Option<String>,
    /// With it this own look, too, whoever wears it.
    pub look: Option<String>,
    /// `obs` frames, too: how OBS does, now and at every change.
    #[ts(as = "Option<bool>")]
    pub obs: bool,
    /// `rehearsal` frames of `overlay`, too: made-up things that a person wants to see on it.
    #[ts(as = "Option<bool>")]
    pub rehearsals: bool,
}

/// How OBS shows this page. Said by pages of overlays inside of OBS, whenever that changes; not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Shown {
    /// The overlay that the page is of.
    pub overlay: String,
    /// OBS shows it somewhere, in a preview too.
    pub visible: bool,
    /// It is on air.
    pub active: bool,
}

/// Kinds of frames that are sent only to those who ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Include {
    /// `event` frames.
    Events,
    /// `moderation` frames.
    Moderation,
    /// `viewers` frames.
    Viewers,
    /// `stats` frames.
    Stats,
}

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// For programs.
    pub code: ErrorCode,
    /// For people.
    pub text: String,
    /// The platform as the client wrote it, cut to a sane length.
    pub platform: Option<String>,
    /// The identifier as the client wrote it, cut to a sane length.
    pub identifier: Option<String>,
}

/// The longest piece of a request that an answer repeats, in characters.
const ECHO_CHARS: usize = 100;

impl ClientMessage {
    /// Reads one text frame. Lenient where it does no harm: unknown fields are ignored.
    ///
    /// # Errors
    /// [`Refusal`] says which field is wrong, in words for people.
    pub fn parse(frame: &str) -> Result<Self, Refusal> {
        let bare = |code, text: &str| Refusal { code, text: text.to_owned(), platform: None, identifier: None };
        let value: Value = serde_json::from_str(frame).map_err(|_| {
            bare(ErrorCode::InvalidJson, "The frame is not JSON. Send one JSON object as a text frame.")
        })?;
        let unknown_type = || bare(ErrorCode::InvalidMessageType, "Unknown message type");
        let Value::Object(fields) = value else { return Err(unknown_type()) };
        let kind = fields.get("type").and_then(Value::as_str).ok_or_else(unknown_type)?;
        let read = match kind {
            "subscribe" => subscribe(&fields).map(Self::Subscribe),
            "unsubscribe" => unsubscribe(&fields).map(Self::Unsubscribe),
            "get_stats" => get_stats(&fields).map(Self::GetStats),
            "follow" => follow(&fields).map(Self::Follow),
            "shown" => shown(&fields).map(Self::Shown),
            _ => return Err(unknown_type()),
        };
        read.map_err(|(code, text)| {
            let echo = |name| {
                let text: String = fields.get(name)?.as_str()?.chars().take(ECHO_CHARS).collect();
                Some(text)
            };
            Refusal { code, text, platform: echo("platform"), identifier: echo("identifier") }
        })
    }
}

type FieldResult<T> = Result<T, (ErrorCode, String)>;

fn subscribe(fields: &Map<String, Value>) -> FieldResult<Subscribe> {
    let platform = platform(fields)?.unwrap_or(Platform::Youtube);
    let identifier = identifier(fields)?
        .ok_or_else(|| (ErrorCode::InvalidIdentifier, "`identifier` is missing: say which channel.".to_owned()))?;
    Ok(Subscribe {
        platform,
        identifier,
        identifier_type: identifier_type(fields)?.unwrap_or_default(),
        include: read(fields, "include", "a list of `events`, `moderation`, `viewers`, `stats`")?.unwrap_or_default(),
        backlog: read::<u32>(fields, "backlog", "a whole number from 0 to 200")?.unwrap_or(0).min(MAX_BACKLOG),
        since: read(fields, "since", "the `seq` of a frame")?,
        wait: read(fields, "wait", "true or false")?.unwrap_or(false),
    })
}

fn unsubscribe(fields: &Map<String, Value>) -> FieldResult<Unsubscribe> {
    Ok(Unsubscribe {
        platform: platform(fields)?,
        identifier: identifier(fields)?,
        identifier_type: identifier_type(fields)?,
    })
}

fn get_stats(fields: &Map<String, Value>) -> FieldResult<GetStats> {
    let limit = read::<u32>(fields, "limit", "a whole number from 0 to 200")?;
    Ok(GetStats {
        platform: platform(fields)?,
        identifier: identifier(fields)?,
        identifier_type: identifier_type(fields)?,
        limit: limit.unwrap_or(DEFAULT_TOP).min(MAX_TOP),
    })
}

fn follow(fields: &Map<String, Value>) -> FieldResult<Follow> {
    let is = |name| Ok(read(fields, name, "true or false")?.unwrap_or(false));
    let look: Option<String> = read(fields, "look", "the id of a look")?;
    if look.as_deref().is_some_and(|id| id.len() > 64) {
        return Err((ErrorCode::InvalidRequest, "`look` must be the id of a look.".to_owned()));
    }
    Ok(Follow { overlay: overlay(fields)?, look, obs: is("obs")?, rehearsals: is("rehearsals")? })
}

fn shown(fields: &Map<String, Value>) -> FieldResult<Shown> {
    let missing = || (ErrorCode::InvalidRequest, "`overlay` is missing: say of which one this page is.".to_owned());
    let is = |name| Ok(read(fields, name, "true or false")?.unwrap_or(false));
    Ok(Shown { overlay: overlay(fields)?.ok_or_else(missing)?, visible: is("visible")?, active: is("active")? })
}

fn overlay(fields: &Map<String, Value>) -> FieldResult<Option<String>> {
    let overlay: Option<String> = read(fields, "overlay", "the name of an overlay")?;
    if overlay.as_deref().is_some_and(|name| !is_overlay_name(name)) {
        return Err((ErrorCode::InvalidRequest, format!("`overlay` must be {OVERLAY_NAME}.")));
    }
    Ok(overlay)
}

/// A field that is absent or null is `None`.
fn present<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !value.is_null())
}

fn read<T: for<'de> Deserialize<'de>>(fields: &Map<String, Value>, name: &str, what: &str) -> FieldResult<Option<T>> {
    present(fields, name)
        .map(|value| {
            T::deserialize(value).map_err(|_| (ErrorCode::InvalidRequest, format!("`{name}` must be {what}.")))
        })
        .transpose()
}

fn platform(fields: &Map<String, Value>) -> FieldResult<Option<Platform>> {
    present(fields, "platform")
        .map(|value| {
            Platform::deserialize(value).map_err(|_| {
                let named = value.as_str().unwrap_or("that").chars().take(ECHO_CHARS).collect::<String>();
                (
                    ErrorCode::UnsupportedPlatform,
                    format!("Unsupported platform: {named}. Use youtube, tiktok or twitch."),
                )
            })
        })
        .transpose()
}

fn identifier(fields: &Map<String, Value>) -> FieldResult<Option<String>> {
    present(fields, "identifier")
        .map(|value| match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err((ErrorCode::InvalidIdentifier, "`identifier` must be text.".to_owned())),
        })
        .transpose()
}

fn identifier_type(fields: &Map<String, Value>) -> FieldResult<Option<IdentifierType>> {
    present(fields, "identifierType")
        .map(|value| {
            IdentifierType::deserialize(value).map_err(|_| {
                (ErrorCode::InvalidIdentifier, "`identifierType` must be username, channelId or liveId.".to_owned())
            })
        })
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(frame: &str) -> ErrorCode {
        ClientMessage::parse(frame).expect_err(frame).code
    }

    #[test]
    fn the_documented_subscribe_has_the_documented_defaults() {
        let got = ClientMessage::parse(r#"{"type":"subscribe","identifier":"SomeOne"}"#).unwrap();
        let ClientMessage::Subscribe(subscribe) = got else { panic!("{got:?}") };
        assert_eq!(subscribe.platform, Platform::Youtube);
        assert_eq!(subscribe.identifier_type, IdentifierType::Username);
        assert_eq!((subscribe.backlog, subscribe.since, subscribe.wait), (0, None, false));
        assert!(subscribe.include.is_empty());
    }

    #[test]
    fn every_malformed_frame_has_its_code() {
        for frame in ["not json", "", "{", r#"{"type":"subscribe","identifier":"\ud800"}"#, &"[".repeat(5000)] {
            assert_eq!(code(frame), ErrorCode::InvalidJson, "{frame:.40}");
        }
        for frame in ["null", "[]", "5", "\"x\"", "{}", r#"{"type":"SUBSCRIBE"}"#, r#"{"type":7}"#] {
            assert_eq!(code(frame), ErrorCode::InvalidMessageType, "{frame}");
        }
        let cases = [
            (r#"{"type":"subscribe"}"#, ErrorCode::InvalidIdentifier),
            (r#"{"type":"subscribe","identifier":5}"#, ErrorCode::InvalidIdentifier),
            (r#"{"type":"subscribe","identifier":"a","identifierType":"x"}"#, ErrorCode::InvalidIdentifier),
            (r#"{"type":"subscribe","identifier":"a","platform":"kick"}"#, ErrorCode::UnsupportedPlatform),
            (r#"{"type":"subscribe","identifier":"a","include":["x"]}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"subscribe","identifier":"a","backlog":-1}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"subscribe","identifier":"a","wait":"yes"}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"unsubscribe","identifier":[]}"#, ErrorCode::InvalidIdentifier),
            (r#"{"type":"get_stats","limit":"all"}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"follow","overlay":7}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"follow","overlay":"../main"}"#, ErrorCode::InvalidRequest),
            (r#"{"type":"follow","look":[]}"#, ErrorCode::InvalidRequest),
        ];
        for (frame, expected) in cases {
            assert_eq!(code(frame), expected, "{frame}");
        }
    }

    #[test]
    fn an_answer_does_not_repeat_a_long_name() {
        let frame = format!(r#"{{"type":"subscribe","identifier":"a","platform":"{}"}}"#, "k".repeat(60_000));
        let refusal = ClientMessage::parse(&frame).unwrap_err();
        assert!(refusal.text.len() < 300 && refusal.platform.unwrap().len() <= ECHO_CHARS);
    }

    #[test]
    fn the_old_get_stats_asks_for_all_and_long_lists_are_cut() {
        let ask = |frame: &str| match ClientMessage::parse(frame).unwrap() {
            ClientMessage::GetStats(ask) => ask,
            other => panic!("{other:?}"),
        };
        assert_eq!(ask(r#"{"type":"get_stats"}"#), GetStats { limit: DEFAULT_TOP, ..GetStats::default() });
        assert_eq!(ask(r#"{"type":"get_stats","limit":100000}"#).limit, MAX_TOP);
    }

    #[test]
    fn backlog_is_cut_to_what_is_kept() {
        let got = ClientMessage::parse(r#"{"type":"subscribe","identifier":"a","backlog":100000}"#).unwrap();
        let ClientMessage::Subscribe(subscribe) = got else { panic!("{got:?}") };
        assert_eq!(subscribe.backlog, MAX_BACKLOG);
    }
}
