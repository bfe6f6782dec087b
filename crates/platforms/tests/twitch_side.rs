//! Chat beside the side services: they help when they work, and harm nobody when they do not.
#![allow(clippy::unwrap_used, reason = "a test ends when something is missing")]

use std::sync::Arc;
use std::time::Duration;

use polychat_model::{Body, ChatMessage, EventName, IdentifierType};
use polychat_platforms::twitch::{Timings, TwitchConfig, TwitchConnector};
use polychat_platforms::{Connector, Signal, Started, UpstreamError, UpstreamState};
use polychat_testkit::twitch::id_of;
use polychat_testkit::twitch_side::{Fault, Service};
use polychat_testkit::{SimMessage, SimTwitch, SimTwitchSide};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(30);

fn config(chat: &SimTwitch, side: &SimTwitchSide) -> TwitchConfig {
    TwitchConfig {
        gql_url: Some(side.gql_url()),
        hermes_url: Some(side.hermes_url()),
        ivr_url: Some(side.ivr_url()),
        decapi_url: Some(side.decapi_url()),
        recent_messages_url: Some(side.recent_url()),
        recent_messages_limit: 50,
        ..TwitchConfig::irc_only(chat.irc_url())
    }
}

struct Channel {
    signals: mpsc::Receiver<Signal>,
    result: tokio::task::JoinHandle<Result<(), UpstreamError>>,
}

fn read(config: TwitchConfig, login: &str) -> (Arc<TwitchConnector>, Channel) {
    let timings = Timings { join_first: Duration::from_millis(200), ..Timings::default() };
    let connector = Arc::new(TwitchConnector::with_timings(config, timings));
    let (out, signals) = mpsc::channel(1024);
    let key = connector.key(IdentifierType::Username, login).unwrap();
    let reader = Arc::clone(&connector);
    let result = tokio::spawn(async move { reader.read(key, out, CancellationToken::new()).await });
    (connector, Channel { signals, result })
}

impl Channel {
    async fn until<T>(&mut self, what: &str, mut pick: impl FnMut(Signal) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let signal = self.signals.recv().await.unwrap_or_else(|| panic!("the reading ended before {what}"));
                if let Some(picked) = pick(signal) {
                    return picked;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
    }

    async fn started(&mut self) {
        self.until("the start", |s| matches!(s, Signal::State(UpstreamState::Started(_))).then_some(())).await;
    }

    async fn text(&mut self, expected: &str) -> ChatMessage {
        self.until(expected, |signal| match signal {
            Signal::Event(event) => match event.body {
                Body::Chat(chat) if chat.data.content.raw() == expected => Some(*chat),
                _ => None,
            },
            Signal::State(_) | Signal::Owner(_) | Signal::Reader(_) | Signal::Missed => None,
        })
        .await
    }
}

#[tokio::test]
async fn chat_flows_whatever_the_side_services_do() {
    for fault in [Fault::Hang, Fault::Status(500), Fault::Html, Fault::Huge, Fault::Garbage, Fault::Cut] {
        let (chat, side) = (SimTwitch::start().await, SimTwitchSide::start().await);
        for service in Service::ALL {
            side.fault(service, fault);
        }
        let config = TwitchConfig { recent_messages_limit: 0, ..config(&chat, &side) };
        let (connector, mut channel) = read(config, "alice");
        channel.started().await;
        chat.say("alice", "bob", "hello");
        channel.text("hello").await;
        tokio::time::timeout(PATIENCE, connector.shutdown()).await.unwrap_or_else(|_| panic!("{fault:?}: no end"));
        assert!(channel.result.await.unwrap().is_err(), "a shutdown ends readings");
    }
}

#[tokio::test]
async fn a_login_that_is_not_there_is_not_found() {
    let (chat, side) = (SimTwitch::start().await, SimTwitchSide::start().await);
    chat.only_channels(&["alice"]);
    side.suspended("eve", "TOS_INDEFINITE");
    for (login, word) in [("nobody", "no Twitch channel"), ("eve", "suspended")] {
        let (_connector, channel) = read(config(&chat, &side), login);
        let ended = tokio::time::timeout(PATIENCE, channel.result).await.expect("it ends").unwrap();
        let Err(UpstreamError::NotFound { text }) = ended else { panic!("{login}: {ended:?}") };
        assert!(text.contains(word), "{text}");
    }
}

#[tokio::test]
async fn badges_avatars_events_and_the_broadcast_reach_the_reader() {
    let (chat, side) = (SimTwitch::start().await, SimTwitchSide::start().await);
    let (room, bob) = (id_of("alice"), id_of("bob"));
    side.user("alice", &room, true, 321, "https://cdn.example/alice.png")
        .user("bob", &bob, false, 0, "https://cdn.example/bob.png")
        .badge(None, "vip", "1");
    let (_connector, mut channel) = read(config(&chat, &side), "alice");
    let live = |signal| match signal {
        Signal::State(UpstreamState::Started(Started { live: Some(live), .. })) => Some(live),
        _ => None,
    };
    assert!(channel.until("the word that she is live", live).await);
    let hermes = format!("polls.{room}");
    side.until("Hermes has the topics", |side| side.subscribed(&hermes) == 1).await;

    // Tables and people come a moment later than chat: it does not wait for them.
    let mut number = 0;
    let dressed = loop {
        number += 1;
        let text = format!("hello {number}");
        chat.send("alice", &SimMessage::chat(&text).from("bob").tag("badges", "vip/1"));
        let message = channel.text(&text).await;
        if message.data.author.avatar_url.is_some() && message.data.author.badges.iter().any(|b| b.image_url.is_some())
        {
            break message;
        }
        assert!(number < 300, "neither badge nor avatar ever came: {:?}", message.data.author);
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let author = dressed.data.author;
    assert_eq!(author.avatar_url.as_deref(), Some("https://cdn.example/bob.png"));
    assert_eq!(author.badges[0].image_url.as_deref(), Some("https://badges.example/vip/1"));

    let poll = json!({"type": "POLL_CREATE", "data": {"poll": {"poll_id": "p", "title": "Tea?", "status": "ACTIVE"}}});
    side.push(&hermes, &poll);
    let event = channel
        .until("the poll", |signal| match signal {
            Signal::Event(event) => match &event.body {
                Body::Event(data) if data.event == EventName::Poll => Some(event),
                _ => None,
            },
            Signal::State(_) | Signal::Owner(_) | Signal::Reader(_) | Signal::Missed => None,
        })
        .await;
    assert_eq!((&*event.id, &*event.room_id), ("tw:poll:p", room.as_str()));
}

#[tokio::test]
async fn recent_messages_come_before_live_ones() {
    let (chat, side) = (SimTwitch::start().await, SimTwitchSide::start().await);
    let tags = "@id=old-1;room-id=1;user-id=2;display-name=Bob;tmi-sent-ts=1000;rm-received-ts=1001;historical=1";
    side.recent_lines("alice", &[&format!("{tags} :bob!bob@bob.tmi.twitch.tv PRIVMSG #alice :from before")]);
    let (_connector, mut channel) = read(config(&chat, &side), "alice");
    let message = channel.text("from before").await;
    assert_eq!(message.message_id, "old-1");
    chat.say("alice", "bob", "live");
    channel.text("live").await;
}
