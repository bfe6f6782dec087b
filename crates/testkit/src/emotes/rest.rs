//! The answers of the three APIs, in the shapes of 2026.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::SimEmote;
use super::world::{EmoteFault, EmoteService, World};
use crate::faults::{half, huge};
use crate::shared::Shared;

type Sim = State<Arc<Shared<World>>>;

/// Counts a request and answers it, or fails as asked.
async fn answer(sim: &Shared<World>, service: EmoteService, make: impl FnOnce(&World) -> Option<Value>) -> Response {
    let fault = sim.change(|world| {
        *world.counts.entry(service).or_default() += 1;
        world.faults.get(&service).copied()
    });
    match fault {
        Some(EmoteFault::Status(status)) => {
            return StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        }
        Some(EmoteFault::Hang) => std::future::pending().await,
        Some(EmoteFault::Slow(pause)) => tokio::time::sleep(pause.min(Duration::from_secs(60))).await,
        Some(EmoteFault::Garbage) => return "<html>Just a moment...</html>".into_response(),
        Some(EmoteFault::Odd) => {
            return Json(json!({"emotes": 7, "sets": [], "emote_set": "x", "user": []})).into_response();
        }
        Some(EmoteFault::Huge(bytes)) => {
            return ([(CONTENT_TYPE, "application/json")], huge("[\"", bytes, "\"]")).into_response();
        }
        Some(EmoteFault::Cut) | None => {}
    }
    let found = sim.look(make);
    let response = match found {
        Some(found) => Json(found).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({"error": "Not Found", "status_code": 404}))).into_response(),
    };
    if fault == Some(EmoteFault::Cut) { half(response.map(Body::new), true).await } else { response }
}

/// An emote as it stands in a set of 7TV.
pub(super) fn active_emote(emote: &SimEmote) -> Value {
    let (id, flag) = (&emote.id, i64::from(emote.zero_width));
    let file = |name: &str, format: &str| {
        json!({"name": name, "static_name": name.replace('.', "_static."), "width": 96, "height": 96,
            "frame_count": if emote.animated { 12 } else { 1 }, "size": 4_000, "format": format})
    };
    let files: Vec<Value> = ["1x", "2x", "3x", "4x"]
        .into_iter()
        .flat_map(|size| [file(&format!("{size}.avif"), "AVIF"), file(&format!("{size}.webp"), "WEBP")])
        .collect();
    json!({"id": id, "name": emote.word, "flags": flag, "timestamp": 0, "actor_id": null, "data": {
        "id": id, "name": emote.word, "flags": flag * 256, "lifecycle": 3, "state": ["LISTED"], "listed": true,
        "animated": emote.animated, "host": {"url": format!("//cdn.7tv.app/emote/{id}"), "files": files}}})
}

fn set(id: &str, emotes: &[SimEmote]) -> Value {
    let emotes: Vec<Value> = emotes.iter().map(active_emote).collect();
    json!({"id": id, "name": "Emotes", "flags": 0, "capacity": 1_000, "emote_count": emotes.len(), "emotes": emotes})
}

pub(super) async fn seventv_set(State(sim): Sim, Path(id): Path<String>) -> Response {
    let service = EmoteService::SevenTv;
    let make = |world: &World| match id.as_str() {
        "global" => Some(set("setglobal", world.global.get(&service).map_or(&[][..], Vec::as_slice))),
        id => world.sets.get(id).map(|emotes| set(id, emotes)),
    };
    answer(&sim, service, make).await
}

pub(super) async fn seventv_user(State(sim): Sim, Path((platform, id)): Path<(String, String)>) -> Response {
    let make = |world: &World| {
        let channel = world.users.get(&(platform.clone(), id.clone()))?;
        let emotes = world.sets.get(&channel.set).map_or(&[][..], Vec::as_slice);
        let (embedded, set_id) = if world.embeds_sets {
            (set(&channel.set, emotes), Value::Null)
        } else {
            (Value::Null, json!(channel.set))
        };
        Some(json!({"id": id, "platform": platform.to_uppercase(), "emote_capacity": 1_000, "emote_set_id": set_id,
            "emote_set": embedded, "user": {"id": channel.user, "username": "somebody", "connections": []}}))
    };
    answer(&sim, EmoteService::SevenTv, make).await
}

fn bttv(emote: &SimEmote) -> Value {
    json!({"id": emote.id, "code": emote.word, "imageType": if emote.animated { "gif" } else { "png" },
        "animated": emote.animated, "userId": "0", "modifier": emote.modifier})
}

pub(super) async fn bttv_global(State(sim): Sim) -> Response {
    let service = EmoteService::Bttv;
    let make = |world: &World| Some(world.global.get(&service).into_iter().flatten().map(bttv).collect());
    answer(&sim, service, make).await
}

pub(super) async fn bttv_user(State(sim): Sim, Path((platform, id)): Path<(String, String)>) -> Response {
    let service = EmoteService::Bttv;
    let make = |world: &World| {
        let emotes = world.channels.get(&(service, platform, id))?;
        let emotes: Vec<Value> = emotes.iter().map(bttv).collect();
        Some(json!({"id": "0", "bots": [], "avatar": "", "channelEmotes": [], "sharedEmotes": emotes}))
    };
    answer(&sim, service, make).await
}

fn ffz_set(id: u32, emotes: &[SimEmote]) -> Value {
    let picture = |emote: &SimEmote, folder: &str| {
        let of = |size: u8| format!("https://cdn.frankerfacez.com/emote/{}{folder}/{size}", emote.id);
        json!({"1": of(1), "2": of(2), "4": of(4)})
    };
    let emoticon = |emote: &SimEmote| {
        let mut made = json!({"id": emote.id.parse::<u64>().unwrap_or(1), "name": emote.word, "width": 28, "height": 32,
            "modifier": emote.modifier, "hidden": false, "urls": picture(emote, "")});
        if emote.animated {
            made["animated"] = picture(emote, "/animated");
        }
        made
    };
    json!({"id": id, "title": "Emotes", "emoticons": emotes.iter().map(emoticon).collect::<Vec<_>>()})
}

pub(super) async fn ffz_global(State(sim): Sim) -> Response {
    let service = EmoteService::Ffz;
    let make = |world: &World| {
        let emotes = world.global.get(&service).map_or(&[][..], Vec::as_slice);
        let secret = SimEmote::new("9", "FfzOfAFew");
        Some(json!({"default_sets": [3], "sets": {"3": ffz_set(3, emotes), "4": ffz_set(4, &[secret])}, "users": {}}))
    };
    answer(&sim, service, make).await
}

pub(super) async fn ffz_room(State(sim): Sim, Path(id): Path<String>) -> Response {
    let service = EmoteService::Ffz;
    let make = |world: &World| {
        let emotes = world.channels.get(&(service, "twitch".to_owned(), id.clone()))?;
        Some(json!({"room": {"_id": 1, "twitch_id": id, "set": 7}, "sets": {"7": ffz_set(7, emotes)}}))
    };
    answer(&sim, service, make).await
}
