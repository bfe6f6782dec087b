//! What the topics of Hermes say, in our words. Pure: a topic and its JSON in, at most one [`Told`] out.
//!
//! The same JSON comes from the old PubSub. Every field may be missing or of another type (nothing of this is documented
//! by Twitch): what cannot be read is left out, and a kind that we do not know is counted, never an error.

mod points;
mod votes;

use polychat_model::{Author, Body, ChatEvent, Content, EventData, EventName, Person, Pin};
use serde_json::Value;

use super::broadcast::Broadcast;
use super::json::{id, iso, text, time_ms, unescape};

/// The topics that need no login, without the room's id.
pub(crate) const TOPICS: [&str; 8] = [
    "video-playback-by-id",
    "broadcast-settings-update",
    "community-points-channel-v1",
    "raid",
    "pinned-chat-updates-v1",
    "polls",
    "predictions-channel-v1",
    "hype-train-events-v1",
];

/// What one message of a topic says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    /// News of the broadcast, and the event that people see, if it is one.
    Broadcast(Broadcast, Option<ChatEvent>),
    /// Something that people see.
    Event(ChatEvent),
    /// A pinned message goes away at another time (ISO 8601, or never by itself).
    PinTime { pin_id: String, ends_at: Option<String>, revision: u32 },
    /// Known, and of no use to a chat. The word says why.
    Ignored(&'static str),
    /// A kind that we do not know, or one that lacks what it is about.
    Unknown,
}

/// Reads one message. `now_ms` (Unix milliseconds) stands in where the message has no time of its own.
pub(crate) fn read(topic: &str, json: &str, now_ms: i64) -> Told {
    let Ok(message) = serde_json::from_str::<Value>(json) else { return Told::Unknown };
    let (subject, room) = topic.split_once('.').unwrap_or((topic, ""));
    // Topics of moderators end in `<their id>.<room>`.
    let room = room.rsplit('.').next().unwrap_or(room);
    let at = At { room, now_ms };
    let told = match subject {
        "video-playback-by-id" => playback(&message, at),
        "broadcast-settings-update" => settings(&message, at),
        "community-points-channel-v1" | "channel-points-channel-v1" => points::read(&message, at),
        "raid" => raid(&message, at),
        "pinned-chat-updates-v1" => pin(&message, at),
        "polls" => votes::poll(&message, at),
        "predictions-channel-v1" => votes::prediction(&message, at),
        "hype-train-events-v1" | "hype-train-events-v2" => hype_train(&message, at),
        "community-moments-channel-v1" => Some(Told::Ignored("community moment")),
        "channel-subscribe-events-v1" | "channel-bits-events-v2" => Some(Told::Ignored("comes by chat")),
        "chat_moderator_actions" | "low-trust-users" | "automod-queue" => Some(Told::Ignored("for moderators")),
        "following" | "chatrooms-user-v1" => Some(Told::Ignored("for one user")),
        _ => None,
    };
    told.unwrap_or(Told::Unknown)
}

/// Where and when something is told.
#[derive(Clone, Copy)]
struct At<'a> {
    room: &'a str,
    now_ms: i64,
}

impl At<'_> {
    /// An event whose id is `tw:<kind>:<native id>`.
    fn event(self, kind: &str, native: &str, revision: u32, sent_at_ms: Option<i64>, data: EventData) -> ChatEvent {
        ChatEvent {
            id: format!("tw:{kind}:{native}").into(),
            revision,
            sent_at_ms: sent_at_ms.unwrap_or(self.now_ms),
            room_id: self.room.into(),
            history: false,
            body: Body::Event(Box::new(data)),
        }
    }
}

fn kind(message: &Value) -> Option<&str> {
    message["type"].as_str()
}

/// A revision that rises with `n` and never wraps.
fn revision(n: impl TryInto<u32>) -> u32 {
    n.try_into().unwrap_or(u32::MAX)
}

/// Who did it: `{id, login, display_name}` with any of them missing.
fn author(value: &Value) -> Option<Author> {
    let name = text(&value["display_name"]);
    let login = text(&value["login"]);
    let display_name = name.clone().or_else(|| login.clone())?;
    let color = text(&value["chat_color"]).filter(|c| c.len() == 7 && c.starts_with('#'));
    let color = color.filter(|c| c[1..].bytes().all(|b| b.is_ascii_hexdigit()));
    let username = login.unwrap_or_else(|| display_name.to_lowercase());
    Some(Author { id: id(&value["id"]).unwrap_or_default(), username, display_name, color, ..Author::default() })
}

fn person(value: &Value) -> Option<Person> {
    let Author { id, username, display_name, .. } = author(value)?;
    Some(Person { id, username, display_name, avatar_url: None })
}

fn playback(message: &Value, at: At<'_>) -> Option<Told> {
    let sent_at_ms = time_ms(&message["server_time"]);
    let seconds = sent_at_ms.unwrap_or(at.now_ms) / 1000;
    let event = |event, kind: &str, text: &str| {
        let data =
            EventData { event, text: text.to_owned(), native_type: Some(kind.to_owned()), ..EventData::default() };
        at.event(kind, &format!("{}:{seconds}", at.room), 0, sent_at_ms, data)
    };
    let live = |live| Broadcast { live: Some(live), ..Broadcast::default() };
    Some(match kind(message)? {
        // Only of a broadcast that runs. It does not say so itself, so it makes nothing live either.
        "viewcount" => {
            let viewers = Some(message["viewers"].as_u64()?);
            Told::Broadcast(Broadcast { viewers, ..Broadcast::default() }, None)
        }
        "stream-up" => {
            let news = Broadcast { started_at: iso(&message["server_time"]), ..live(true) };
            Told::Broadcast(news, Some(event(EventName::StreamOnline, "stream-up", "The broadcast began.")))
        }
        "stream-down" => {
            let end = event(EventName::StreamOffline, "stream-down", "The broadcast ended.");
            Told::Broadcast(live(false), Some(end))
        }
        "tos-strike" => {
            let end = event(EventName::StreamOffline, "tos-strike", "Twitch ended the broadcast.");
            Told::Broadcast(live(false), Some(end))
        }
        "commercial" => Told::Ignored("commercial"),
        _ => return None,
    })
}

fn settings(message: &Value, at: At<'_>) -> Option<Told> {
    if kind(message)? != "broadcast_settings_update" {
        return None;
    }
    let read = |field: &str| text(&message[field]).map(|t| unescape(&t));
    let (title, category) = (read("status"), read("game"));
    let mut changes = Vec::new();
    if let Some(title) = title.as_ref().filter(|_| title != read("old_status")) {
        changes.push(format!("Title: {title}"));
    }
    if let Some(category) = category.as_ref().filter(|_| category != read("old_game")) {
        changes.push(format!("Category: {category}"));
    }
    let event = (!changes.is_empty()).then(|| {
        let text = changes.join(" · ");
        // The message has neither id nor time. The minute tells a later change back and forth from a repetition.
        let native = format!("{}:{}:{:016x}", at.room, at.now_ms / 60_000, fnv1a(&text));
        let native_type = Some("broadcast_settings_update".to_owned());
        let data = EventData { event: EventName::StreamUpdate, text, native_type, ..EventData::default() };
        at.event("stream-update", &native, 0, None, data)
    });
    Some(Told::Broadcast(Broadcast { title, category, ..Broadcast::default() }, event))
}

/// FNV-1a: the same on every machine and in every version, unlike the hashes of the standard library.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

fn raid(message: &Value, at: At<'_>) -> Option<Told> {
    let native_type = kind(message)?;
    let raid = &message["raid"];
    let raid_id = id(&raid["id"])?;
    let display_name = text(&raid["target_display_name"]).or_else(|| text(&raid["target_login"]))?;
    let avatar = text(&raid["target_profile_image"]).map(|url| Value::String(url.replace("%s", "70x70")));
    let other = Person {
        id: id(&raid["target_id"]).unwrap_or_default(),
        username: text(&raid["target_login"]).unwrap_or_else(|| display_name.to_lowercase()),
        display_name: display_name.clone(),
        avatar_url: avatar.and_then(|url| super::json::https(&url)).map(Into::into),
    };
    // The countdown repeats its announcement every second: the first one is the event, `go` is its last word.
    let (event, word, revision, text) = if native_type.starts_with("raid_update") {
        (EventName::RaidOut, "raid_out", 0, format!("A raid on {display_name} is being prepared."))
    } else if native_type.starts_with("raid_go") {
        (EventName::RaidOut, "raid_out", 1, format!("The raid on {display_name} begins."))
    } else if native_type.starts_with("raid_cancel") {
        (EventName::RaidCancelled, "raid_cancelled", 0, format!("The raid on {display_name} was cancelled."))
    } else {
        return None;
    };
    let count = raid["viewer_count"].as_u64();
    let native_type = Some(native_type.to_owned());
    let data = EventData { event, text, count, other: Some(other), native_type, ..EventData::default() };
    Some(Told::Event(at.event(word, &raid_id, revision, None, data)))
}

fn pin(message: &Value, at: At<'_>) -> Option<Told> {
    let native_type = kind(message)?;
    let data = &message["data"];
    let pin_id = id(&data["id"])?;
    let seconds = |value: &Value| revision(time_ms(value).unwrap_or(0) / 1000);
    let event = match native_type {
        "pin-message" => {
            let pinned = &data["message"];
            let words = text(&pinned["content"]["text"])?;
            let user = author(&pinned["sender"]);
            let other = person(&data["pinned_by"]);
            let name = other.as_ref().map_or("A moderator", |p| p.display_name.as_str());
            let pin = Pin {
                id: pin_id.clone(),
                message_id: id(&pinned["id"]).unwrap_or_default(),
                text: words.clone(),
                ends_at: iso(&pinned["ends_at"]),
            };
            let data = EventData {
                event: EventName::Pin,
                text: format!("{name} pinned a message: {words}"),
                user,
                message: Some(Content::plain(words)),
                other,
                pin: Some(pin),
                native_type: Some(native_type.to_owned()),
                ..EventData::default()
            };
            let revision = seconds(&pinned["updated_at"]);
            at.event("pin", &pin_id, revision, time_ms(&pinned["starts_at"]), data)
        }
        "update-message" => {
            let revision = seconds(&data["updated_at"]);
            return Some(Told::PinTime { pin_id, ends_at: iso(&data["ends_at"]), revision });
        }
        "unpin-message" => {
            let other = person(&data["unpinned_by"]);
            let text = other.as_ref().map_or_else(
                || "The pinned message was taken down.".to_owned(),
                |p| format!("{} took the pinned message down.", p.display_name),
            );
            let pin = Some(Pin { id: pin_id.clone(), ..Pin::default() });
            let native_type = Some(native_type.to_owned());
            let data = EventData { event: EventName::Unpin, text, other, pin, native_type, ..EventData::default() };
            at.event("unpin", &pin_id, 0, None, data)
        }
        _ => return None,
    };
    Some(Told::Event(event))
}

/// Hype trains. There is no recorded sample: the fields are those that public clients read, in both spellings.
fn hype_train(message: &Value, at: At<'_>) -> Option<Told> {
    let native_type = kind(message)?;
    let data = &message["data"];
    let progress = &data["progress"];
    let level = progress["level"]["value"].as_u64();
    let current = progress["value"].as_u64().or_else(|| progress["progression"].as_u64());
    let target = progress["goal"].as_u64().or_else(|| progress["level"]["goal"].as_u64());
    let total = progress["total"].as_u64();
    let reached = level.map(|n| format!(" at level {n}")).unwrap_or_default();
    let (revision, text) = match native_type {
        "hype-train-start" => (revision(total.unwrap_or(0)), format!("A hype train started{reached}.")),
        "hype-train-progression" => {
            let n = total.or_else(|| data["sequence_id"].as_u64()).unwrap_or(0);
            (revision(n), format!("The hype train is{reached}."))
        }
        // One more than the progress that it belongs to, so that it replaces it.
        "hype-train-level-up" => {
            (revision(total.unwrap_or(0).saturating_add(1)), format!("The hype train arrived{reached}."))
        }
        "hype-train-end" => (u32::MAX, format!("The hype train ended{reached}.")),
        "hype-train-approaching" | "hype-train-conductor-update" | "hype-train-cooldown-expiration" => {
            return Some(Told::Ignored("beside the hype train"));
        }
        _ => return None,
    };
    let native = id(&data["id"]).unwrap_or_else(|| {
        let start = time_ms(&data["started_at"]).or_else(|| time_ms(&data["startedAt"]));
        start.map_or_else(|| format!("{}:{native_type}:{revision}", at.room), |ms| format!("{}:{ms}", at.room))
    });
    let goal = current.zip(target).map(|(current, target)| polychat_model::Goal {
        kind: "hype_train".to_owned(),
        description: level.map(|n| format!("Level {n}")).unwrap_or_default(),
        current,
        target,
    });
    let data = EventData {
        event: EventName::HypeTrain,
        text,
        count: level,
        total,
        goal,
        native_type: Some(native_type.to_owned()),
        ..EventData::default()
    };
    Some(Told::Event(at.event("hype_train", &native, revision, None, data)))
}

#[cfg(test)]
mod tests;
