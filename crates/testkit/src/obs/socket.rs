//! The conversation: hello, identify, then requests and events.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::requests;
use super::world::{Client, ObsFault, Out, World};
use crate::shared::Shared;

/// Frames that wait for one client.
const WAITING_MAX: usize = 256;

/// What a client that names no events is told: all but the frequent ones.
const ALL: u64 = 0x7ff;

/// The challenge and the salt. The real ones are random; whoever compares the answer does not mind.
const CHALLENGE: &str = "7bIk0dGC4GeCmHXaIiZUxXhgCeJcxGQ2QwBPbm0rM3Y=";
const SALT: &str = "pVRGKTNcBbeoyfnvDVR0qQbPgEuQzEMSUoBWwoHkLTo=";

pub(super) async fn open(
    State(sim): State<Arc<Shared<World>>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let fault = sim.change(|world| {
        world.attempts += 1;
        world.fault
    });
    match upgrade {
        _ if fault == Some(ObsFault::Page) => Html("<h1>It works</h1>").into_response(),
        Err(rejection) => rejection.into_response(),
        Ok(upgrade) => upgrade.protocols(["obswebsocket.json"]).on_upgrade(move |socket| async move {
            let cancel = sim.cancel.clone();
            let _ended = cancel.run_until_cancelled(serve(&sim, socket, fault)).await;
        }),
    }
}

/// What the answer to a challenge must be.
pub(super) fn proof(password: &str, salt: &str, challenge: &str) -> String {
    let hash = |text: String| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let secret = hash(format!("{password}{salt}"));
    hash(format!("{secret}{challenge}"))
}

fn close(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}

async fn serve(sim: &Shared<World>, mut socket: WebSocket, fault: Option<ObsFault>) {
    if fault == Some(ObsFault::Silent) {
        std::future::pending::<()>().await;
    }
    let password = sim.look(|world| world.password.clone());
    let mut hello = json!({"obsWebSocketVersion": "5.0.1", "rpcVersion": u8::from(fault != Some(ObsFault::Older))});
    if password.is_some() {
        hello["authentication"] = json!({"challenge": CHALLENGE, "salt": SALT});
    }
    let hello = match fault {
        Some(ObsFault::Garbage) => "\u{1F39B} hello".to_owned(),
        Some(ObsFault::Huge) => "x".repeat(16 * 1024 * 1024),
        _ => json!({"op": 0, "d": hello}).to_string(),
    };
    if socket.send(Message::text(hello)).await.is_err() {
        return;
    }
    let Some(Ok(Message::Text(text))) = socket.recv().await else { return };
    let said: Value = serde_json::from_str(&text).unwrap_or_default();
    let (data, rpc) = (&said["d"], said["d"]["rpcVersion"].as_u64());
    let refusal = if said["op"] != 1 {
        Some(close(4007, "You attempted to send a non-Identify message while not identified."))
    } else if rpc.is_none() {
        Some(close(4003, "Your payload's data is missing an `rpcVersion`."))
    } else if password.is_some_and(|password| data["authentication"] != proof(&password, SALT, CHALLENGE)) {
        Some(close(4009, "Authentication failed."))
    } else if fault == Some(ObsFault::Newer) || rpc == Some(0) {
        Some(close(4010, "Your requested RPC version is not supported by this server."))
    } else {
        None
    };
    if let Some(refusal) = refusal {
        _ = socket.send(refusal).await;
        // What the other side still says is read, or the refusal would be lost with it.
        while let Some(Ok(_)) = socket.recv().await {}
        return;
    }
    let events = data["eventSubscriptions"].as_u64().unwrap_or(ALL);
    let identified = json!({"op": 2, "d": {"negotiatedRpcVersion": 1}}).to_string();
    if socket.send(Message::text(identified)).await.is_err() {
        return;
    }
    let (out, outs) = mpsc::channel(WAITING_MAX);
    let number = sim.change(|world| {
        let number = world.number();
        world.clients.insert(number, Client { out, events });
        number
    });
    converse(sim, &mut socket, outs, fault).await;
    sim.change(|world| world.clients.remove(&number));
}

async fn converse(sim: &Shared<World>, socket: &mut WebSocket, mut outs: mpsc::Receiver<Out>, fault: Option<ObsFault>) {
    loop {
        let message = tokio::select! {
            out = outs.recv() => match out {
                Some(Out::Text(text)) => Message::text(text),
                Some(Out::Close(code, reason)) => close(code, reason),
                Some(Out::Cut) | None => return,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => match answer(sim, &text, fault).await {
                    Answer::Say(message) => message,
                    Answer::Nothing => continue,
                    Answer::Cut => return,
                },
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
        };
        let is_end = matches!(message, Message::Close(_));
        if socket.send(message).await.is_err() {
            return;
        }
        if is_end {
            while let Some(Ok(_)) = socket.recv().await {}
            return;
        }
    }
}

enum Answer {
    Say(Message),
    Nothing,
    Cut,
}

async fn answer(sim: &Shared<World>, text: &str, fault: Option<ObsFault>) -> Answer {
    let Ok(said) = serde_json::from_str::<Value>(text) else {
        return Answer::Say(close(4002, "Your payload could not be decoded."));
    };
    let data = &said["d"];
    if said["op"] != 6 {
        return Answer::Say(close(4006, "Unknown OpCode."));
    }
    let (Some(kind), Some(id)) = (data["requestType"].as_str(), data["requestId"].as_str()) else {
        return Answer::Say(close(4003, "Your payload's data is missing a `requestType` or `requestId`."));
    };
    let done = sim.change(|world| {
        world.count(kind);
        requests::carry_out(world, kind, &data["requestData"])
    });
    match fault.or_else(|| sim.look(|world| world.fault)) {
        Some(ObsFault::Mute) => return Answer::Nothing,
        Some(ObsFault::CutAt(at)) if at == kind => return Answer::Cut,
        Some(ObsFault::Slow(pause)) => tokio::time::sleep(pause).await,
        Some(ObsFault::Nonsense) => {
            let nonsense = json!({"op": 7, "d": {"requestType": kind, "requestId": id,
                "requestStatus": {"result": true, "code": 100}, "responseData": [1, "two"]}});
            return Answer::Say(Message::text(nonsense.to_string()));
        }
        _ => {}
    }
    let mut answer = json!({"requestType": kind, "requestId": id});
    match done {
        Ok(data) => {
            answer["requestStatus"] = json!({"result": true, "code": 100});
            if !data.is_null() {
                answer["responseData"] = data;
            }
        }
        Err((code, comment)) => {
            answer["requestStatus"] = json!({"result": false, "code": code, "comment": comment});
        }
    }
    Answer::Say(Message::text(json!({"op": 7, "d": answer}).to_string()))
}
