//! The Twitch connector with the services beside the chat: who exists, who was renamed, what was said before.
#![allow(clippy::unwrap_used, reason = "a test ends when something is missing")]

#[path = "support/channel.rs"]
mod channel;

use std::sync::Arc;
use std::time::Duration;

use channel::{Channel, quick};
use polychat_platforms::twitch::{Timings, TwitchConfig, TwitchConnector};
use polychat_platforms::{Signal, Started, UpstreamError, UpstreamState};
use polychat_testkit::twitch::id_of;
use polychat_testkit::twitch_side::{Fault, Service};
use polychat_testkit::{SimMessage, SimTwitch, SimTwitchSide};

struct World {
    irc: SimTwitch,
    side: SimTwitchSide,
}

impl World {
    async fn start() -> Self {
        Self { irc: SimTwitch::start().await, side: SimTwitchSide::start().await }
    }

    fn user(&self, login: &str, live: bool) {
        self.side.user(login, &id_of(login), live, 7, "https://avatars.example/a.png");
    }

    fn config(&self) -> TwitchConfig {
        TwitchConfig { gql_url: Some(self.side.gql_url()), ..TwitchConfig::irc_only(self.irc.irc_url()) }
    }

    fn connector(&self, timings: Timings) -> Arc<TwitchConnector> {
        Arc::new(TwitchConnector::with_timings(self.config(), timings))
    }

    /// With history: so many lines at the start.
    fn with_history(&self, limit: u32) -> Arc<TwitchConnector> {
        let config = TwitchConfig {
            recent_messages_url: Some(self.side.recent_url()),
            recent_messages_limit: limit,
            ..self.config()
        };
        Arc::new(TwitchConnector::with_timings(config, quick()))
    }
}

/// A line of the recent-messages service.
fn recorded(id: &str, at: i64) -> String {
    let message = SimMessage::chat(id).from("ann").id(id).sent_at(at).tag("rm-received-ts", &at.to_string());
    message.line("alpha", id, at).0
}

fn impatient() -> Timings {
    Timings { join_first: Duration::from_millis(200), join_again: Duration::from_millis(200), ..quick() }
}

#[tokio::test]
async fn a_login_that_nobody_has_is_not_found() {
    let world = World::start().await;
    world.irc.only_channels(&[]);
    let error = Channel::read(&world.connector(impatient()), "alpha").end().await.unwrap_err();
    let UpstreamError::NotFound { text } = error else { panic!("{error:?}") };
    assert!(text.contains("no Twitch channel named alpha"), "{text}");
}

#[tokio::test]
async fn a_silent_join_of_a_channel_that_exists_is_no_end() {
    let world = World::start().await;
    world.user("alpha", false);
    world.irc.only_channels(&[]);
    let mut channel = Channel::read(&world.connector(impatient()), "alpha");
    let Signal::State(UpstreamState::Reconnecting { cause, .. }) = channel.next().await else { panic!("a report") };
    assert!(cause.contains("does not answer") && !cause.contains("no such channel"), "{cause}");
    world.irc.only_channels(&["alpha"]);
    channel.started().await;
}

#[tokio::test]
async fn whose_channel_it_is_is_told() {
    let world = World::start().await;
    world.user("alpha", false);
    let owner = Channel::read(&world.connector(quick()), "alpha").owner().await;
    assert!(owner.display_name.is_some_and(|name| name.eq_ignore_ascii_case("alpha")));
    assert!(owner.avatar_url.is_some_and(|url| url.starts_with("https://")));
}

#[tokio::test]
async fn whether_the_channel_broadcasts_is_told_when_it_is_known() {
    let world = World::start().await;
    world.user("alpha", true);
    world.user("beta", false);
    let connector = world.connector(quick());
    for (login, expected) in [("alpha", true), ("beta", false)] {
        let mut channel = Channel::read(&connector, login);
        loop {
            if let Signal::State(UpstreamState::Started(Started { live: Some(live), live_id, .. })) =
                channel.next().await
            {
                assert_eq!((live, &*live_id), (expected, id_of(login).as_str()));
                break;
            }
        }
    }
}

#[tokio::test]
async fn services_that_hang_do_not_delay_the_chat() {
    let world = World::start().await;
    world.side.fault(Service::Gql, Fault::Hang).fault(Service::Recent, Fault::Hang);
    let mut channel = Channel::read(&world.connector(quick()), "alpha");
    channel.started().await;
    world.irc.say("alpha", "bob", "hi");
    assert_eq!(channel.text().await, "hi");
}

#[tokio::test]
async fn a_renamed_channel_is_read_under_its_new_name() {
    let world = World::start().await;
    world.user("alpha", false);
    let mut channel = Channel::read(&world.connector(impatient()), "alpha");
    channel.started().await;
    // What was answered a moment ago is believed for some seconds; the rename comes later than that.
    tokio::time::sleep(Duration::from_secs(6)).await;
    world.side.rename("alpha", "omega");
    world.irc.only_channels(&["omega"]);
    world.irc.part("alpha");
    world.irc.until("a JOIN of the new name", |irc| irc.joined("omega") == 1).await;
    let (live_id, causes) = channel.started().await;
    assert_eq!((live_id, causes.len()), (id_of("omega"), 1), "the simulation gives each login an id of its own");
    world.irc.say("omega", "bob", "new name, old chat");
    assert_eq!(channel.text().await, "new name, old chat");
}

#[tokio::test]
async fn a_new_name_that_holds_commands_never_reaches_the_socket() {
    let world = World::start().await;
    world.user("alpha", false);
    let mut channel = Channel::read(&world.connector(impatient()), "alpha");
    channel.started().await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    world.side.rename("alpha", "x\r\nJOIN #evil");
    world.irc.only_channels(&["evil", "x"]);
    world.irc.part("alpha");
    let error = channel.end().await.unwrap_err();
    assert!(matches!(error, UpstreamError::Ended { .. }), "{error:?}");
    assert!(world.irc.joins().iter().all(|join| join.login == "alpha"), "{:?}", world.irc.joins());
}

#[tokio::test]
async fn a_channel_that_was_closed_while_it_was_read_ends() {
    let world = World::start().await;
    world.user("alpha", false);
    let mut channel = Channel::read(&world.connector(impatient()), "alpha");
    channel.started().await;
    world.irc.only_channels(&[]);
    world.irc.part("alpha");
    let error = channel.end().await.unwrap_err();
    assert!(matches!(error, UpstreamError::Ended { .. }), "{error:?}");
}

#[tokio::test]
async fn history_comes_before_the_live_chat_and_only_once() {
    let world = World::start().await;
    let connector = world.with_history(3);
    let lines: Vec<String> = (0..5).map(|n| recorded(&format!("old {n}"), 1_700_000_000_000 + n)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    world.side.recent_lines("alpha", &lines).fault(Service::Recent, Fault::Slow(Duration::from_millis(500)));
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    world.irc.say("alpha", "bob", "live");
    for expected in ["old 2", "old 3", "old 4", "live"] {
        assert_eq!(channel.text().await, expected);
    }
}

#[tokio::test]
async fn a_service_without_an_answer_only_costs_the_history() {
    let world = World::start().await;
    world.side.fault(Service::Recent, Fault::Hang);
    let config = TwitchConfig {
        recent_messages_url: Some(world.side.recent_url()),
        recent_messages_limit: 50,
        ..world.config()
    };
    let timings = Timings { history: Duration::from_millis(300), ..quick() };
    let mut channel = Channel::read(&Arc::new(TwitchConnector::with_timings(config, timings)), "alpha");
    channel.started().await;
    world.irc.say("alpha", "bob", "live");
    assert_eq!(channel.text().await, "live");
}

#[tokio::test]
async fn what_was_said_in_a_gap_is_fetched_after_it() {
    let world = World::start().await;
    let mut channel = Channel::read(&world.with_history(0), "alpha");
    channel.started().await;
    assert_eq!(world.side.count("recent"), 0, "nothing is asked at the start unless it is wanted");
    let at = 1_900_000_000_000;
    world.irc.send("alpha", &SimMessage::chat("before").id("before").sent_at(at));
    assert_eq!(channel.text().await, "before");
    let lines = [recorded("too old", at - 1), recorded("missed", at + 5)];
    world.side.recent_lines("alpha", &[&lines[0], &lines[1]]);
    world.irc.reset();
    channel.started().await;
    assert_eq!(channel.text().await, "missed");
    assert_eq!(world.side.count("recent"), 1);
}
