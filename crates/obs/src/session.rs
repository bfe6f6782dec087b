//! One connection to OBS: the greeting, requests one after the other, and what OBS tells meanwhile. Everything that comes in is
//! bounded in size and in time.

use futures_util::{SinkExt, StreamExt};
use polychat_model::obs::ObsTrouble;
use polychat_model::saved::Secret;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tracing::debug;

use crate::protocol::{self, Refusal, Told, close};
use crate::{Address, ObsTimings};

/// The largest frame that is read. The settings of a source hold what a person has pasted as CSS; lists hold names.
const FRAME_MAX_BYTES: usize = 4 * 1024 * 1024;

pub(crate) struct Session {
    socket: WebSocketStream<TcpStream>,
    timings: ObsTimings,
    next: u64,
    /// Something has happened that was not looked at yet.
    pub(crate) changed: bool,
    /// OBS has said that it is being closed.
    closing: bool,
}

/// Why a request brought nothing.
#[derive(Debug)]
pub(crate) enum AskError {
    /// OBS has refused it.
    Refused(Refusal),
    /// The connection is lost.
    Lost(ObsTrouble),
}

impl Session {
    /// Connects and greets.
    pub(crate) async fn open(
        address: &Address,
        password: Option<&Secret>,
        timings: ObsTimings,
    ) -> Result<Self, ObsTrouble> {
        let until = Instant::now() + timings.connect;
        let (host, port) = address.socket();
        let connected = timeout_at(until, TcpStream::connect((host.as_str(), port))).await;
        let stream = match connected {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                debug!(%error, "OBS is not there");
                return Err(ObsTrouble::NotThere);
            }
            Err(_) => return Err(ObsTrouble::NotThere),
        };
        _ = stream.set_nodelay(true);
        let greeting = Self::greet(address, stream, password, timings);
        timeout_at(until, greeting).await.unwrap_or(Err(ObsTrouble::Silent))
    }

    async fn greet(
        address: &Address,
        stream: TcpStream,
        password: Option<&Secret>,
        timings: ObsTimings,
    ) -> Result<Self, ObsTrouble> {
        let config =
            WebSocketConfig::default().max_message_size(Some(FRAME_MAX_BYTES)).max_frame_size(Some(FRAME_MAX_BYTES));
        let opening = client_async_with_config(address.to_string(), stream, Some(config)).await;
        let (socket, _) = opening.map_err(|error| {
            debug!(%error, "what listens there is no WebSocket server");
            ObsTrouble::NotObs
        })?;
        let mut session = Self { socket, timings, next: 0, changed: true, closing: false };
        // Whatever greets otherwise is something else.
        let not_obs = |trouble| match trouble {
            ObsTrouble::NotUnderstood | ObsTrouble::Closed => ObsTrouble::NotObs,
            other => other,
        };
        let Told::Hello { rpc_version, challenge } = session.next().await.map_err(not_obs)? else {
            return Err(ObsTrouble::NotObs);
        };
        if rpc_version < protocol::RPC_VERSION {
            return Err(ObsTrouble::OtherVersion);
        }
        let authentication = match (challenge, password) {
            (None, _) => None,
            (Some(challenge), Some(password)) => Some(challenge.answer(password.reveal())),
            (Some(_), None) => return Err(ObsTrouble::PasswordMissing),
        };
        session.send(protocol::identify(authentication)).await?;
        match session.next().await? {
            Told::Identified { rpc_version: protocol::RPC_VERSION } => Ok(session),
            Told::Identified { .. } => Err(ObsTrouble::OtherVersion),
            _ => Err(ObsTrouble::NotUnderstood),
        }
    }

    /// Asks for something. What happens meanwhile is kept in mind.
    pub(crate) async fn ask<T: DeserializeOwned>(&mut self, kind: &str, data: Value) -> Result<T, AskError> {
        self.next += 1;
        let id = self.next.to_string();
        let until = Instant::now() + self.timings.answer;
        let asking = async {
            self.send(protocol::request(&id, kind, &data)).await?;
            loop {
                match self.next().await? {
                    Told::Answer { id: of, result } if of == id => return Ok(result),
                    Told::Event { kind } => self.happened(&kind),
                    _ => {}
                }
            }
        };
        let answer = timeout_at(until, asking).await.unwrap_or(Err(ObsTrouble::Silent)).map_err(AskError::Lost)?;
        let answer = answer.map_err(AskError::Refused)?;
        serde_json::from_value(answer).map_err(|error| {
            debug!(%error, request = kind, "OBS answers otherwise than its protocol says");
            AskError::Lost(ObsTrouble::NotUnderstood)
        })
    }

    /// Waits until something has happened. Can be dropped at any time without losing anything.
    pub(crate) async fn listen(&mut self) -> Result<(), ObsTrouble> {
        if let Told::Event { kind } = self.next().await? {
            self.happened(&kind);
        }
        Ok(())
    }

    /// Takes leave.
    pub(crate) async fn close(mut self) {
        _ = timeout(self.timings.answer, self.socket.close(None)).await;
    }

    fn happened(&mut self, kind: &str) {
        self.changed = true;
        self.closing |= kind == "ExitStarted";
    }

    async fn send(&mut self, text: String) -> Result<(), ObsTrouble> {
        self.socket.send(Message::text(text)).await.map_err(|error| self.trouble(&error))
    }

    async fn next(&mut self) -> Result<Told, ObsTrouble> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return protocol::read(&text).ok_or(ObsTrouble::NotUnderstood),
                Some(Ok(Message::Close(frame))) => return Err(self.closed(frame.as_ref())),
                Some(Ok(Message::Binary(_))) => return Err(ObsTrouble::NotUnderstood),
                // The library answers a ping.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return Err(self.trouble(&error)),
                None => return Err(ObsTrouble::Closed),
            }
        }
    }

    fn closed(&self, frame: Option<&CloseFrame>) -> ObsTrouble {
        match frame.map(|frame| u16::from(frame.code)) {
            _ if self.closing => ObsTrouble::Closed,
            Some(close::AUTHENTICATION_FAILED) => ObsTrouble::PasswordWrong,
            Some(close::UNSUPPORTED_RPC_VERSION) => ObsTrouble::OtherVersion,
            Some(close::SESSION_INVALIDATED) => ObsTrouble::SentAway,
            // Its other numbers say that we have sent something wrong.
            Some(code @ 4000..) => {
                debug!(code, "OBS does not understand Polychat");
                ObsTrouble::NotUnderstood
            }
            _ => ObsTrouble::Closed,
        }
    }

    fn trouble(&self, error: &Error) -> ObsTrouble {
        debug!(%error, "the connection to OBS ended");
        match error {
            _ if self.closing => ObsTrouble::Closed,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => ObsTrouble::Closed,
            Error::Capacity(CapacityError::MessageTooLong { .. }) | Error::Utf8(_) | Error::Protocol(_) => {
                ObsTrouble::NotUnderstood
            }
            _ => ObsTrouble::Closed,
        }
    }
}
