//! Another client of an OBS, real or simulated: for tests, in the place of the person who sits before it.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::socket::proof;

/// A connection that has said who it is.
#[derive(Debug)]
pub struct ObsRemote {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: u64,
}

impl ObsRemote {
    /// Connects.
    ///
    /// # Panics
    /// When OBS does not let it in.
    pub async fn connect(url: &str, password: &str) -> Self {
        let (socket, _) = connect_async(url).await.expect("OBS lets a client in");
        let mut remote = Self { socket, next: 0 };
        let hello = remote.next().await;
        let asked = &hello["d"]["authentication"];
        let mut identify = json!({"rpcVersion": 1, "eventSubscriptions": 0});
        if let (Some(salt), Some(challenge)) = (asked["salt"].as_str(), asked["challenge"].as_str()) {
            identify["authentication"] = proof(password, salt, challenge).into();
        }
        remote.send(&json!({"op": 1, "d": identify})).await;
        let identified = remote.next().await;
        assert_eq!(identified["op"], 2, "{identified}");
        remote
    }

    /// Asks for something. A refusal is its number.
    ///
    /// # Errors
    /// The number.
    ///
    /// # Panics
    /// When the connection is lost.
    pub async fn ask(&mut self, kind: &str, data: Value) -> Result<Value, u64> {
        self.next += 1;
        let id = self.next.to_string();
        self.send(&json!({"op": 6, "d": {"requestType": kind, "requestId": id, "requestData": data}})).await;
        loop {
            let said = self.next().await;
            let (status, answer) = (&said["d"]["requestStatus"], &said["d"]["responseData"]);
            match said["op"].as_u64() {
                Some(7) if status["result"] == true => return Ok(answer.clone()),
                Some(7) => return Err(status["code"].as_u64().expect("a refusal has a number")),
                _ => {}
            }
        }
    }

    async fn send(&mut self, said: &Value) {
        self.socket.send(Message::text(said.to_string())).await.expect("OBS reads");
    }

    async fn next(&mut self) -> Value {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("OBS speaks JSON"),
                Some(Ok(Message::Close(close))) => panic!("OBS closed: {close:?}"),
                Some(Ok(_)) => {}
                other => panic!("the connection is lost: {other:?}"),
            }
        }
    }
}
