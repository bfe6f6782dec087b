//! Hermes: welcome, subscriptions, keepalives, notifications.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::world::{Fault, HermesConnection, HermesOut, Service, Shared};

/// Frames that wait for one connection.
const WAITING_MAX: usize = 1024;

pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    shared.change(|world| {
        world.count("hermes");
        if query.contains_key("moved") {
            world.count("hermes:moved");
        }
    });
    let fault = shared.look(|world| world.faults.get(&Service::Hermes).copied());
    // A connection that hangs or is cut is one that stands first.
    if !matches!(fault, Some(Fault::Hang | Fault::Cut))
        && let Some(failure) = shared.fail(Service::Hermes).await
    {
        return failure;
    }
    upgrade.on_upgrade(move |socket| async move {
        let cancel = shared.cancel.clone();
        let _ended = cancel.run_until_cancelled(serve(&shared, socket, fault)).await;
    })
}

async fn serve(shared: &Shared, mut socket: WebSocket, fault: Option<Fault>) {
    if fault == Some(Fault::Hang) {
        std::future::pending::<()>().await;
    }
    let keepalive = shared.look(|world| world.keepalive);
    let session = format!("session-{}", shared.next_number());
    let welcome = json!({"id": shared.next_id(), "type": "welcome", "timestamp": "2026-01-01T00:00:00Z",
        "welcome": {"keepaliveSec": keepalive.as_secs_f64(), "sessionId": session,
            "recoveryUrl": format!("ws://{}/hermes?moved=1", shared.address)}});
    if socket.send(Message::text(welcome.to_string())).await.is_err() || fault == Some(Fault::Cut) {
        return;
    }
    let (out, mut outs) = mpsc::channel(WAITING_MAX);
    let number = shared.next_number();
    shared.change(|world| world.hermes.insert(number, HermesConnection { out, topics: HashMap::new() }));
    let mut beat = tokio::time::interval((keepalive / 3).max(Duration::from_millis(1)));
    loop {
        let frame = tokio::select! {
            out = outs.recv() => match out {
                Some(HermesOut::Text(text)) => Some(text),
                Some(HermesOut::Cut) | None => break,
            },
            _ = beat.tick() => {
                let frame = json!({"id": shared.next_id(), "type": "keepalive", "timestamp": "2026-01-01T00:00:00Z"});
                (!shared.look(|world| world.silent)).then(|| frame.to_string())
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => Some(heard(shared, number, &text)),
                Some(Ok(_)) => None,
                Some(Err(_)) | None => break,
            },
        };
        if let Some(frame) = frame
            && socket.send(Message::text(frame)).await.is_err()
        {
            break;
        }
    }
    shared.change(|world| world.hermes.remove(&number));
}

/// Takes a message of the client, and answers as Hermes does.
fn heard(shared: &Shared, number: u64, text: &str) -> String {
    let message: Value = serde_json::from_str(text).unwrap_or_default();
    let id = message["id"].as_str().unwrap_or_default();
    let dated = message["timestamp"].as_str().is_some_and(|t| t.len() >= 20 && t.ends_with('Z'));
    let kind = message["type"].as_str().unwrap_or_default();
    let body = &message[kind];
    let subscription = body["id"].as_str().unwrap_or_default().to_owned();
    let understood = id.len() == 21 && dated && !subscription.is_empty();
    let result = shared.change(|world| {
        let Some(connection) = world.hermes.get_mut(&number) else { return "error" };
        match (kind, body["type"].as_str(), body["pubsub"]["topic"].as_str()) {
            ("subscribe", Some("pubsub"), Some(topic)) if understood && topic.contains('.') => {
                connection.topics.insert(topic.to_owned(), subscription.clone());
                world.count("hermes:subscribe");
                "ok"
            }
            ("unsubscribe", ..) if understood => {
                connection.topics.retain(|_, id| *id != subscription);
                "ok"
            }
            _ => {
                world.count("hermes:bad");
                "error"
            }
        }
    });
    let mut answer = json!({"id": shared.next_id(), "parentId": id, "type": format!("{kind}Response")});
    answer[format!("{kind}Response")] = json!({"result": result, "subscription": {"id": subscription}});
    answer.to_string()
}

/// The frame of a notification: the inner JSON travels as text.
pub(super) fn notification(id: &str, subscription: &str, message: &Value) -> String {
    json!({"id": id, "type": "notification", "timestamp": "2026-01-01T00:00:00Z", "notification": {
        "subscription": {"id": subscription}, "type": "pubsub", "pubsub": message.to_string()}})
    .to_string()
}
