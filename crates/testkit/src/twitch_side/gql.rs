//! GraphQL: a batch of plain-text queries, told apart by what they ask for.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::world::{Fault, Service, Shared, User, World};

pub(super) async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    shared.change(|world| world.count("gql"));
    if let Some(failure) = shared.fail(Service::Gql).await {
        return failure;
    }
    let client_id = headers.get("client-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    shared.change(|world| match &body {
        Value::Array(queries) => {
            let parts: Vec<Value> = queries.iter().map(|query| part(world, &client_id, query)).collect();
            Json(parts).into_response()
        }
        query => Json(part(world, &client_id, query)).into_response(),
    })
}

fn part(world: &mut World, client_id: &str, query: &Value) -> Value {
    let fault = world.faults.get(&Service::Gql).copied();
    if client_id.is_empty() || fault == Some(Fault::Integrity) || world.refused_ids.contains(client_id) {
        return json!({"data": null, "errors": [{"message": "failed integrity check", "path": ["user"]}],
            "extensions": {"challenge": {"type": "integrity"}}});
    }
    if fault == Some(Fault::PersistedQueryNotFound) {
        return json!({"errors": [{"message": "PersistedQueryNotFound"}]});
    }
    let text = query["query"].as_str().unwrap_or_default();
    let variables = &query["variables"];
    let room = variables["id"].as_str();
    let (kind, data) = if text.contains("users(logins:") {
        ("users", json!({"users": users(variables["l"].as_array(), |login| world.users.get(login), true)}))
    } else if text.contains("userResultByLogin(") {
        ("result", json!({"userResultByLogin": result(world, variables["l"].as_str().unwrap_or_default())}))
    } else if text.contains("users(ids:") {
        let live = text.contains("stream{");
        let kind = if live { "streams" } else { "people" };
        (kind, json!({"users": users(variables["ids"].as_array(), |id| world.by_id(id), live)}))
    } else if text.contains("broadcastBadges") {
        ("channel_badges", json!({"user": {"broadcastBadges": badges(world, room)}}))
    } else if text.contains("cheerGroups") {
        ("channel_cheermotes", json!({"user": {"cheer": {"cheerGroups": cheermotes(world, room)}}}))
    } else if text.contains("cheerConfig") {
        ("cheermotes", json!({"cheerConfig": {"groups": cheermotes(world, None)}}))
    } else if text.contains("badges{") {
        ("badges", json!({"badges": badges(world, None)}))
    } else {
        return json!({"errors": [{"message": "service error"}]});
    };
    if text.matches('{').count() != text.matches('}').count() {
        return json!({"errors": [{"message": "syntax error"}]});
    }
    world.count(&format!("gql:{kind}"));
    if fault == Some(Fault::ServiceTimeout) {
        let nothing: serde_json::Map<String, Value> =
            data.as_object().into_iter().flatten().map(|(name, _)| (name.clone(), Value::Null)).collect();
        return json!({"data": nothing, "errors": [{"message": "service timeout"}]});
    }
    json!({"data": data, "extensions": {"durationMilliseconds": 1}})
}

fn users<'a>(asked: Option<&Vec<Value>>, find: impl Fn(&str) -> Option<&'a User>, live: bool) -> Vec<Value> {
    let user = |asked: &Value| {
        let Some(user) = asked.as_str().and_then(&find) else { return Value::Null };
        let stream = if user.live {
            json!({"id": format!("9{}", user.id), "title": format!("{} plays", user.display_name()),
                "viewersCount": user.viewers, "createdAt": "2026-01-01T12:00:00Z", "game": {"displayName": "Chess"}})
        } else {
            Value::Null
        };
        let mut answer = json!({"id": user.id, "login": user.login, "displayName": user.display_name(),
            "profileImageURL": user.avatar});
        if live {
            answer["stream"] = stream;
        }
        answer
    };
    asked.into_iter().flatten().map(user).collect()
}

fn result(world: &World, login: &str) -> Value {
    match (world.users.get(login), world.suspended.get(login)) {
        (Some(user), None) => json!({"__typename": "User", "id": user.id}),
        (_, reason) => json!({"__typename": "UserDoesNotExist", "key": login,
            "reason": reason.map_or("UNKNOWN", String::as_str)}),
    }
}

fn badges(world: &World, room: Option<&str>) -> Vec<Value> {
    let badge = |(set, version): &(String, String)| {
        json!({"setID": set, "version": version, "title": format!("{set} {version}"),
            "imageURL": format!("https://badges.example/{set}/{version}")})
    };
    world.badges.get(&room.map(str::to_owned)).into_iter().flatten().map(badge).collect()
}

fn cheermotes(world: &World, room: Option<&str>) -> Vec<Value> {
    let node = |prefix: &String| json!({"prefix": prefix, "tiers": [{"bits": 1}, {"bits": 100}]});
    let nodes: Vec<Value> = world.cheermotes.get(&room.map(str::to_owned)).into_iter().flatten().map(node).collect();
    vec![json!({"nodes": nodes, "templateURL":
        "https://cheers.example/PREFIX/BACKGROUND/ANIMATION/TIER/SCALE.EXTENSION"})]
}
