//! IVR, `DecAPI` and recent messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::world::{Service, Shared, User};

#[derive(Deserialize)]
pub(super) struct UserQuery {
    login: Option<String>,
    id: Option<String>,
}

pub(super) async fn ivr_user(State(shared): State<Arc<Shared>>, Query(query): Query<UserQuery>) -> Response {
    shared.change(|world| world.count("ivr:user"));
    if let Some(failure) = shared.fail(Service::Ivr).await {
        return failure;
    }
    let user = |user: &User| {
        json!({"id": user.id, "login": user.login, "displayName": user.display_name(), "logo": user.avatar,
            "banned": false, "stream": user.live.then(|| json!({"viewersCount": user.viewers}))})
    };
    let answer: Vec<Value> = shared.look(|world| {
        let logins = query.login.iter().flat_map(|logins| logins.split(','));
        let of_login = |login: &str| match (world.users.get(login), world.suspended.get(login)) {
            (_, Some(reason)) => Some(json!({"id": "0", "login": login, "banned": true, "banReason": reason})),
            (found, None) => found.map(user),
        };
        let ids = query.id.iter().flat_map(|ids| ids.split(',')).filter_map(|id| world.by_id(id)).map(user);
        logins.filter_map(of_login).chain(ids).collect()
    });
    Json(answer).into_response()
}

#[derive(Deserialize)]
pub(super) struct BadgesQuery {
    id: Option<String>,
}

pub(super) async fn ivr_badges(
    State(shared): State<Arc<Shared>>,
    Path(which): Path<String>,
    Query(query): Query<BadgesQuery>,
) -> Response {
    shared.change(|world| world.count("ivr:badges"));
    if let Some(failure) = shared.fail(Service::Ivr).await {
        return failure;
    }
    let room = match (which.as_str(), query.id) {
        ("global", _) => None,
        ("channel", Some(id)) => Some(id),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let set = |(set, version): &(String, String)| {
        json!({"set_id": set, "versions": [{"id": version, "title": format!("{set} {version}"),
            "image_url_1x": format!("https://ivr.example/{set}/{version}/1"),
            "image_url_2x": format!("https://ivr.example/{set}/{version}/2")}]})
    };
    let sets: Vec<Value> = shared.look(|world| world.badges.get(&room).into_iter().flatten().map(set).collect());
    Json(sets).into_response()
}

pub(super) async fn decapi(State(shared): State<Arc<Shared>>, Path((what, login)): Path<(String, String)>) -> Response {
    shared.change(|world| world.count("decapi"));
    if let Some(failure) = shared.fail(Service::DecApi).await {
        return failure;
    }
    shared
        .look(|world| {
            let Some(user) = world.users.get(&login) else { return format!("User not found: {login}") };
            match what.as_str() {
                "id" => user.id.clone(),
                "avatar" => user.avatar.clone(),
                "uptime" if user.live => "3 hours, 2 minutes".to_owned(),
                "viewercount" if user.live => user.viewers.to_string(),
                _ => format!("{login} is offline"),
            }
        })
        .into_response()
}

#[derive(Deserialize)]
pub(super) struct RecentQuery {
    limit: Option<usize>,
    after: Option<i64>,
}

pub(super) async fn recent(
    State(shared): State<Arc<Shared>>,
    Path(login): Path<String>,
    Query(query): Query<RecentQuery>,
) -> Response {
    shared.change(|world| world.count("recent"));
    if let Some(failure) = shared.fail(Service::Recent).await {
        return failure;
    }
    let Some(lines) = shared.look(|world| world.recent.get(&login).cloned()) else {
        let ignored = json!({"messages": [], "error": "ignored", "error_code": "channel_ignored"});
        return (StatusCode::FORBIDDEN, Json(ignored)).into_response();
    };
    let after = query.after.unwrap_or(i64::MIN);
    let later: Vec<&String> = lines.iter().filter(|line| received_ms(line).is_none_or(|ms| ms > after)).collect();
    let last = &later[later.len().saturating_sub(query.limit.unwrap_or(800))..];
    Json(json!({"messages": last, "error": null, "error_code": null})).into_response()
}

fn received_ms(line: &str) -> Option<i64> {
    let (_, rest) = line.split_once("rm-received-ts=")?;
    rest.split([';', ' ']).next()?.parse().ok()
}
