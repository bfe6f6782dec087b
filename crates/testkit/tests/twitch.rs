//! The simulated Twitch answers as Twitch does. Read with a bare WebSocket.
#![allow(clippy::unwrap_used, reason = "a test ends when something is missing")]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use polychat_testkit::{SimMessage, SimTwitch};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

struct Reader {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    lines: Vec<String>,
}

impl Reader {
    async fn connect(sim: &SimTwitch) -> Self {
        let (socket, _) = connect_async(sim.irc_url()).await.unwrap();
        let mut reader = Self { socket, lines: Vec::new() };
        reader.send("CAP REQ :twitch.tv/tags twitch.tv/commands\r\nNICK justinfan1").await;
        reader.until(" 376 ").await;
        reader
    }

    async fn send(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// Reads until a line contains `needle`; `None` when the connection ended first.
    async fn next_with(&mut self, needle: &str) -> Option<String> {
        let read = async {
            loop {
                if let Some(at) = self.lines.iter().position(|line| line.contains(needle)) {
                    return Some(self.lines.drain(..=at).next_back().unwrap());
                }
                if let Message::Text(text) = self.socket.next().await?.ok()? {
                    self.lines.extend(text.lines().map(str::to_owned));
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("waited in vain")
    }

    async fn until(&mut self, needle: &str) -> String {
        self.next_with(needle).await.unwrap_or_else(|| panic!("no {needle}"))
    }
}

#[tokio::test]
async fn a_reader_is_welcomed_joins_and_hears_the_chat() {
    let sim = SimTwitch::start().await;
    let mut reader = Reader::connect(&sim).await;
    reader.send("JOIN #alpha,#beta").await;
    assert_eq!(reader.until("JOIN #alpha").await, ":justinfan1!justinfan1@justinfan1.tmi.twitch.tv JOIN #alpha");
    let state = reader.until("ROOMSTATE #beta").await;
    assert!(state.contains(&format!("room-id={};", polychat_testkit::twitch::id_of("beta"))), "{state}");
    let id = sim.say("beta", "alice", "hi: there");
    let line = reader.until("PRIVMSG").await;
    assert!(line.contains(&id) && line.ends_with("PRIVMSG #beta :hi: there"), "{line}");
    reader.send("PING :token").await;
    reader.until("PONG tmi.twitch.tv :token").await;
    reader.send("PART #beta").await;
    reader.until("PART #beta").await;
    assert_eq!((sim.joined("alpha"), sim.joined("beta"), sim.connections()), (1, 0, 1));
    assert_eq!(sim.joins().len(), 2, "each channel of a list counts");
}

#[tokio::test]
async fn unknown_channels_are_silent_and_suspended_ones_are_told() {
    let sim = SimTwitch::start().await;
    sim.only_channels(&["real", "gone"]);
    sim.suspend("gone");
    let mut reader = Reader::connect(&sim).await;
    reader.send("JOIN #nobody\r\nJOIN #gone\r\nJOIN #real").await;
    assert!(reader.until("#").await.contains("msg_channel_suspended"), "nothing came for #nobody");
    reader.until("ROOMSTATE #real").await;
}

#[tokio::test]
async fn a_reset_ends_the_connection_and_a_rejoin_repeats_old_messages() {
    let sim = SimTwitch::start().await;
    sim.replay_after_rejoin(1);
    let mut reader = Reader::connect(&sim).await;
    reader.send("JOIN #alpha").await;
    reader.until("ROOMSTATE").await;
    sim.say("alpha", "bob", "one");
    let id = sim.send("alpha", &SimMessage::chat("two").from("bob"));
    reader.until(":two").await;
    sim.reset();
    assert_eq!(reader.next_with("never said").await, None);
    let mut reader = Reader::connect(&sim).await;
    reader.send("JOIN #alpha").await;
    reader.until("ROOMSTATE").await;
    assert!(reader.until("PRIVMSG").await.contains(&id), "the last one comes again");
}

#[tokio::test]
async fn a_port_that_refuses_can_be_opened_again() {
    let sim = SimTwitch::start().await;
    sim.refuse(true).await;
    assert!(connect_async(sim.irc_url()).await.is_err());
    sim.refuse(false).await;
    Reader::connect(&sim).await;
}

#[tokio::test]
async fn a_flood_loses_nothing() {
    let sim = SimTwitch::start().await;
    let mut reader = Reader::connect(&sim).await;
    reader.send("JOIN #alpha").await;
    reader.until("ROOMSTATE").await;
    let (got, ()) = tokio::join!(
        async {
            for number in 0..20_000 {
                reader.until(&format!("message {number} of")).await;
            }
            reader.lines.len()
        },
        sim.flood("alpha", 20_000, 0)
    );
    assert_eq!((got, sim.lost()), (0, 0));
}
