//! 7TV's events: hello, subscriptions, heartbeats, dispatches.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::world::{Connection, EmoteFault, EmoteService, Out, World};
use crate::shared::Shared;

/// Frames that wait for one connection.
const WAITING_MAX: usize = 1024;
/// Between two heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(25);

pub(super) async fn open(State(sim): State<Arc<Shared<World>>>, upgrade: WebSocketUpgrade) -> Response {
    let service = EmoteService::SevenTvEvents;
    let fault = sim.change(|world| {
        *world.counts.entry(service).or_default() += 1;
        world.faults.get(&service).copied()
    });
    match fault {
        Some(EmoteFault::Status(status)) => {
            return StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY).into_response();
        }
        Some(EmoteFault::Hang) => std::future::pending().await,
        Some(EmoteFault::Slow(pause)) => tokio::time::sleep(pause).await,
        _ => {}
    }
    upgrade.on_upgrade(move |socket| async move {
        let cancel = sim.cancel.clone();
        let _ended = cancel.run_until_cancelled(serve(&sim, socket, fault)).await;
    })
}

async fn serve(sim: &Shared<World>, mut socket: WebSocket, fault: Option<EmoteFault>) {
    if fault == Some(EmoteFault::Cut) {
        return;
    }
    let hello = json!({"op": 1, "t": 0, "d": {"heartbeat_interval": HEARTBEAT.as_millis() as u64, "session_id": "s",
        "subscription_limit": 500}});
    if socket.send(Message::text(hello.to_string())).await.is_err() {
        return;
    }
    let (out, mut outs) = mpsc::channel(WAITING_MAX);
    let number = sim.change(|world| {
        world.next += 1;
        world.connections.insert(world.next, Connection { out, topics: HashSet::new() });
        world.next
    });
    let mut beat = tokio::time::interval(HEARTBEAT);
    let mut beats = 0_u64;
    loop {
        let message = tokio::select! {
            out = outs.recv() => match out {
                Some(Out::Text(text)) => Message::text(text),
                Some(Out::Close(code)) => Message::Close(Some(CloseFrame { code, reason: "".into() })),
                Some(Out::Cut) | None => break,
            },
            _ = beat.tick() => {
                beats += 1;
                Message::text(json!({"op": 2, "t": 0, "d": {"count": beats}}).to_string())
            }
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => heard_text(sim, number, &text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => continue,
            },
        };
        let is_end = matches!(message, Message::Close(_));
        if socket.send(message).await.is_err() || is_end {
            break;
        }
    }
    sim.change(|world| world.connections.remove(&number));
}

/// Takes a message of the client, and answers as 7TV does: a second subscription to the same closes the connection.
fn heard_text(sim: &Shared<World>, number: u64, text: &str) -> Message {
    let close = |code: u16| Message::Close(Some(CloseFrame { code, reason: "".into() }));
    let message: Value = serde_json::from_str(text).unwrap_or_default();
    let (kind, id) = (message["d"]["type"].as_str(), message["d"]["condition"]["object_id"].as_str());
    let (Some(op @ (35 | 36)), Some(kind), Some(id)) = (message["op"].as_u64(), kind, id) else { return close(4001) };
    let topic = (kind.to_owned(), id.to_owned());
    let done = sim.change(|world| {
        let connection = world.connections.get_mut(&number);
        connection.is_some_and(|c| if op == 35 { c.topics.insert(topic) } else { c.topics.remove(&topic) })
    });
    match (done, op) {
        (true, _) => Message::text(json!({"op": 5, "t": 0, "d": {"command": "", "data": message["d"]}}).to_string()),
        (false, 35) => close(4009),
        (false, _) => close(4010),
    }
}
