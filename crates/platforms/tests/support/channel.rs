//! A channel that is being read, and what a test asks of it.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its part of it")]

use std::sync::Arc;
use std::time::Duration;

use polychat_model::wire::Owner;
use polychat_model::{Body, IdentifierType};
use polychat_platforms::twitch::{Timings, TwitchConnector};
use polychat_platforms::{Connector, Signal, Started, UpstreamError, UpstreamState};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long a test waits before it says where it hangs.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// As the program has them, but without long waits.
pub fn quick() -> Timings {
    Timings {
        back_off: Duration::from_millis(50),
        back_off_max: Duration::from_millis(400),
        between_connections: Duration::from_millis(20),
        overlap: Duration::from_millis(100),
        ..Timings::default()
    }
}

/// One channel that is being read.
pub struct Channel {
    pub signals: mpsc::Receiver<Signal>,
    pub cancel: CancellationToken,
    reading: JoinHandle<Result<(), UpstreamError>>,
}

impl Channel {
    pub fn read(connector: &Arc<TwitchConnector>, login: &str) -> Self {
        Self::read_into(connector, login, 1024)
    }

    pub fn read_into(connector: &Arc<TwitchConnector>, login: &str, capacity: usize) -> Self {
        let (out, signals) = mpsc::channel(capacity);
        let cancel = CancellationToken::new();
        let key = connector.key(IdentifierType::Username, login).unwrap();
        let (connector, stop) = (Arc::clone(connector), cancel.clone());
        let reading = tokio::spawn(async move { connector.read(key, out, stop).await });
        Self { signals, cancel, reading }
    }

    /// What comes next, but for whose channel it is: that comes whenever it is known.
    pub async fn next(&mut self) -> Signal {
        loop {
            match self.signal().await {
                Signal::Owner(_) | Signal::Reader(_) | Signal::Missed => {}
                signal => return signal,
            }
        }
    }

    /// Whose channel it is.
    pub async fn owner(&mut self) -> Owner {
        loop {
            if let Signal::Owner(owner) = self.signal().await {
                return owner;
            }
        }
    }

    async fn signal(&mut self) -> Signal {
        let next = tokio::time::timeout(PATIENCE, self.signals.recv()).await;
        next.expect("nothing came").expect("the reading ended")
    }

    /// The room id, and the causes of reconnecting on the way.
    pub async fn started(&mut self) -> (String, Vec<String>) {
        let mut causes = Vec::new();
        loop {
            match self.next().await {
                Signal::State(UpstreamState::Started(Started { live_id, .. })) => return (live_id.to_string(), causes),
                Signal::State(UpstreamState::Reconnecting { cause, .. }) => causes.push(cause),
                _ => {}
            }
        }
    }

    /// The next chat text.
    pub async fn text(&mut self) -> String {
        loop {
            if let Some(text) = text(&self.next().await) {
                return text;
            }
        }
    }

    /// Reads on until this text came.
    pub async fn until(&mut self, expected: &str) {
        while self.text().await != expected {}
    }

    pub async fn end(self) -> Result<(), UpstreamError> {
        let Self { signals: _signals, reading, .. } = self;
        tokio::time::timeout(PATIENCE, reading).await.expect("the reading goes on").unwrap()
    }
}

/// The text of a chat message.
pub fn text(signal: &Signal) -> Option<String> {
    let Signal::Event(event) = signal else { return None };
    let Body::Chat(chat) = &event.body else { return None };
    Some(chat.data.content.raw().to_owned())
}
