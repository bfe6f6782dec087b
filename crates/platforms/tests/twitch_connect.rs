//! The Twitch connector against a simulated Twitch, over real sockets.
#![allow(clippy::unwrap_used, reason = "a test ends when something is missing")]

#[path = "support/channel.rs"]
mod channel;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use channel::{Channel, PATIENCE, quick, text};
use polychat_model::{ChannelKey, IdentifierType, Platform};
use polychat_platforms::twitch::catalog::Lookups;
use polychat_platforms::twitch::irc::Line;
use polychat_platforms::twitch::{Read, Room, Timings, TwitchConfig, TwitchConnector, read};
use polychat_platforms::{Connector, Signal, UpstreamError, UpstreamState};
use polychat_testkit::SimTwitch;
use polychat_testkit::twitch::{GARBAGE, id_of};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

fn connector(sim: &SimTwitch, timings: Timings) -> Arc<TwitchConnector> {
    Arc::new(TwitchConnector::with_timings(TwitchConfig::irc_only(sim.irc_url()), timings))
}

#[tokio::test]
async fn a_channel_is_joined_and_its_chat_is_read() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "@Alpha");
    assert_eq!(channel.started().await, (id_of("alpha"), vec![]));
    for text in ["hi: see https://example.com :)", "ünï😀"] {
        sim.say("alpha", "bob", text);
        assert_eq!(channel.text().await, text);
    }
    let received = sim.received();
    let lines: Vec<&str> = received.iter().map(|received| received.line.as_str()).collect();
    assert_eq!(lines[0], "CAP REQ :twitch.tv/tags twitch.tv/commands");
    assert!(lines[1].starts_with("NICK justinfan"), "{lines:?}");
    assert_eq!(&lines[2..], ["JOIN #alpha"], "and nothing else is ever said");
}

#[tokio::test]
async fn channels_share_a_connection_and_leaving_one_keeps_the_others() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut alpha = Channel::read(&connector, "alpha");
    let mut beta = Channel::read(&connector, "beta");
    alpha.started().await;
    beta.started().await;
    assert_eq!(sim.connections_made(), 1);
    alpha.cancel.cancel();
    assert_eq!(alpha.end().await, Ok(()));
    sim.until("a PART of alpha", |sim| sim.joined("alpha") == 0).await;
    assert!(sim.received().iter().any(|received| received.line == "PART #alpha"));
    sim.say("beta", "bob", "still here");
    assert_eq!(beta.text().await, "still here");

    let mut alpha = Channel::read(&connector, "alpha");
    alpha.started().await;
    sim.say("alpha", "bob", "back");
    assert_eq!((alpha.text().await.as_str(), sim.connections_made()), ("back", 1));
}

#[tokio::test]
async fn who_leaves_and_comes_back_at_once_is_not_put_out_by_the_old_echo() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut beta = Channel::read(&connector, "beta");
    beta.started().await;
    // The echo of the PART comes when the next JOIN has been sent long ago.
    sim.delay(Duration::from_millis(20));
    for round in 0..5 {
        let mut alpha = Channel::read(&connector, "alpha");
        let (_, causes) = alpha.started().await;
        assert!(causes.is_empty(), "round {round}: {causes:?}");
        sim.say("alpha", "bob", "hi");
        assert_eq!(alpha.text().await, "hi");
        alpha.cancel.cancel();
        alpha.end().await.unwrap();
    }
}

#[tokio::test]
async fn a_hundred_channels_need_two_connections_and_stay_below_the_limit_of_joins() {
    let sim = SimTwitch::start().await;
    // A tenth of the program's window; the limit within it is the same.
    let window = Duration::from_millis(1_250);
    let connector = connector(&sim, Timings { join_window: window, ..quick() });
    let mut channels: Vec<Channel> = (0..100).map(|n| Channel::read(&connector, &format!("channel_{n}"))).collect();
    for channel in &mut channels {
        channel.started().await;
    }
    let mut loads = sim.loads();
    loads.sort_unstable();
    assert_eq!((sim.connections(), loads), (2, vec![10, 90]));
    let joins = sim.joins();
    assert_eq!(joins.len(), 100, "each channel is joined once");
    // A line may arrive late on a busy machine, which shortens the span that is seen here: so only half of it is asked for.
    for (index, join) in joins.iter().enumerate() {
        let within = joins[index..].iter().filter(|other| other.at - join.at < window / 2).count();
        assert!(within <= 18, "{within} JOINs within the window");
    }
    assert!(sim.received().iter().all(|received| received.line.len() <= 510), "no line is longer than IRC allows");
    for (n, channel) in channels.iter_mut().enumerate() {
        sim.say(&format!("channel_{n}"), "bob", &format!("text {n}"));
        assert_eq!(channel.text().await, format!("text {n}"), "every channel gets its own lines");
    }
}

/// Something breaks; both channels report it, come back, and hear what is said afterwards.
async fn recovers(timings: Timings, breaks: impl AsyncFn(&SimTwitch), cause: &str) {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, timings);
    let (mut alpha, mut beta) = (Channel::read(&connector, "alpha"), Channel::read(&connector, "beta"));
    alpha.started().await;
    beta.started().await;
    sim.say("alpha", "bob", "before");
    assert_eq!(alpha.text().await, "before");
    breaks(&sim).await;
    for channel in [&mut alpha, &mut beta] {
        let (_, causes) = channel.started().await;
        assert!(causes.first().is_some_and(|first| first.contains(cause)), "{causes:?}");
    }
    sim.say("alpha", "bob", "after");
    assert_eq!(alpha.text().await, "after");
    assert!(sim.connections_made() >= 2);
}

#[tokio::test]
async fn a_closed_connection_is_made_again() {
    recovers(quick(), async |sim| sim.close(), "Twitch closed the connection").await;
}

#[tokio::test]
async fn a_reset_connection_is_made_again() {
    recovers(quick(), async |sim| sim.reset(), "The connection to Twitch was cut").await;
}

#[tokio::test]
async fn a_half_open_connection_is_noticed_and_made_again() {
    let timings = Timings { silence: Duration::from_millis(200), pong: Duration::from_millis(200), ..quick() };
    recovers(timings, async |sim| sim.hang(), "Twitch does not answer").await;
}

#[tokio::test]
async fn a_text_frame_that_is_no_text_costs_only_the_connection() {
    recovers(quick(), async |sim| sim.invalid_text_frame(), "cannot be read").await;
}

#[tokio::test]
async fn a_refused_connection_is_tried_until_it_is_taken() {
    let breaks = async |sim: &SimTwitch| {
        sim.refuse(true).await;
        sim.close();
        sim.until("the end of the old connection", |sim| sim.connections() == 0).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        sim.refuse(false).await;
    };
    recovers(quick(), breaks, "Twitch closed the connection").await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_alive_by_pings() {
    let sim = SimTwitch::start().await;
    let timings = Timings { silence: Duration::from_millis(50), ..quick() };
    let connector = connector(&sim, timings);
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    let pings = |sim: &SimTwitch| sim.received().iter().filter(|received| received.line.starts_with("PING :")).count();
    sim.until("several pings", |sim| pings(sim) >= 3).await;
    assert_eq!(sim.connections_made(), 1);
}

#[tokio::test]
async fn why_twitch_cannot_be_reached_is_told_in_words_until_it_can() {
    let sim = SimTwitch::start().await;
    sim.refuse(true).await;
    let connector = connector(&sim, Timings { connect: Duration::from_millis(400), ..quick() });
    let mut channel = Channel::read(&connector, "alpha");
    let mut expect = async |words: &str| {
        loop {
            match channel.next().await {
                Signal::State(UpstreamState::Reconnecting { cause, retry_in, .. }) => {
                    assert!(retry_in <= Duration::from_millis(400), "{retry_in:?}");
                    if cause.contains(words) {
                        return;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    };
    expect("refused").await;
    sim.answer_http(Some(503));
    sim.refuse(false).await;
    expect("HTTP 503").await;
    sim.answer_http(None);
    sim.stall_handshakes(true);
    expect("did not answer the WebSocket handshake").await;
    sim.stall_handshakes(false);
    channel.started().await;
}

#[tokio::test]
async fn reconnect_moves_the_channels_without_losing_a_message() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    let talk = async {
        for n in 0..300 {
            if n == 100 {
                // The new connection needs longer to join than the next messages take.
                sim.slow_join(Duration::from_millis(100));
                sim.reconnect();
            }
            sim.say("alpha", "bob", &format!("text {n}"));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let listen = async {
        let mut missing: BTreeSet<String> = (0..300).map(|n| format!("text {n}")).collect();
        let (mut reported, mut back) = (false, false);
        while !(missing.is_empty() && back) {
            match channel.next().await {
                Signal::State(UpstreamState::Reconnecting { cause, .. }) => {
                    reported = true;
                    assert!(cause.contains("asks for a new connection"), "{cause}");
                }
                Signal::State(UpstreamState::Started(_)) => back = reported,
                signal @ Signal::Event(_) => {
                    missing.remove(&text(&signal).unwrap_or_default());
                }
                _ => {}
            }
        }
    };
    tokio::join!(talk, listen);
    sim.until("the old connection is closed", |sim| sim.connections() == 1 && sim.connections_made() == 2).await;
}

#[tokio::test]
async fn what_the_platform_repeats_after_a_rejoin_has_the_ids_it_had() {
    let sim = SimTwitch::start().await;
    sim.replay_after_rejoin(2);
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    for text in ["one", "two"] {
        sim.say("alpha", "bob", text);
    }
    let mut ids = async || {
        let mut ids = Vec::new();
        while ids.len() < 2 {
            if let Signal::Event(event) = channel.next().await {
                ids.push(event.id);
            }
        }
        ids
    };
    let first = ids().await;
    sim.reset();
    assert_eq!(ids().await, first, "so the hub can drop them");
}

#[tokio::test]
async fn a_join_without_an_answer_is_sent_again() {
    let sim = SimTwitch::start().await;
    sim.ignore_joins(1);
    let connector = connector(&sim, Timings { join_first: Duration::from_millis(100), ..quick() });
    let mut channel = Channel::read(&connector, "alpha");
    let (_, causes) = channel.started().await;
    assert!(causes.is_empty(), "one silence is nothing to report: {causes:?}");
    assert_eq!(sim.joins().len(), 2);
}

#[tokio::test]
async fn a_channel_that_stays_silent_is_reported_and_tried_again() {
    let sim = SimTwitch::start().await;
    sim.only_channels(&["other"]);
    let soon = Duration::from_millis(50);
    let connector = connector(&sim, Timings { join_first: soon, join_again: soon, ..quick() });
    let mut channel = Channel::read(&connector, "alpha");
    let Signal::State(UpstreamState::Reconnecting { cause, .. }) = channel.next().await else { panic!("a report") };
    assert!(cause.contains("does not answer the request to join"), "{cause}");
    sim.only_channels(&["alpha"]);
    channel.started().await;
}

#[tokio::test]
async fn a_server_that_speaks_half_of_the_protocol_is_read_all_the_same() {
    let sim = SimTwitch::start().await;
    sim.terse();
    let patient = connector(&sim, quick());
    let mut channel = Channel::read(&patient, "alpha");
    sim.until("a JOIN without a welcome", |sim| sim.joined("alpha") == 1).await;
    sim.say("alpha", "bob", "hi");
    assert_eq!(channel.started().await.0, id_of("alpha"), "the room's id is in the message");
    assert_eq!(channel.text().await, "hi");

    let connector = connector(&sim, Timings { join_first: Duration::from_millis(100), ..quick() });
    let mut quiet = Channel::read(&connector, "quiet");
    assert_eq!(quiet.started().await.0, "quiet", "the repetition of the JOIN has to do");
}

#[tokio::test]
async fn a_suspended_channel_is_not_found() {
    let sim = SimTwitch::start().await;
    sim.suspend("alpha");
    let connector = connector(&sim, quick());
    let error = Channel::read(&connector, "alpha").end().await.unwrap_err();
    let UpstreamError::NotFound { text } = error else { panic!("{error:?}") };
    assert!(text.contains("alpha") && text.contains("suspended"), "{text}");
}

#[tokio::test]
async fn a_channel_that_is_suspended_while_it_is_read_ends() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    sim.close_channel("alpha");
    let error = channel.end().await.unwrap_err();
    assert!(matches!(error, UpstreamError::Ended { .. }), "{error:?}");
}

#[tokio::test]
async fn who_is_put_out_of_a_channel_that_still_exists_goes_back() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    sim.part("alpha");
    let (_, causes) = channel.started().await;
    assert!(causes[0].contains("closed the chat"), "{causes:?}");
    sim.say("alpha", "bob", "back");
    assert_eq!(channel.text().await, "back");
}

#[tokio::test]
async fn garbage_of_every_kind_is_survived_on_the_same_connection() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    for round in 0..3 {
        sim.garbage();
        for line in GARBAGE {
            sim.send_raw("alpha", &line.replace("#nowhere", "#alpha"));
        }
        sim.say("alpha", "bob", &format!("round {round}"));
        channel.until(&format!("round {round}")).await;
    }
    assert_eq!(sim.connections_made(), 1);
    assert!(sim.received().iter().any(|received| received.line.starts_with("PONG")), "a bare PING is answered");
}

#[tokio::test]
async fn nothing_that_people_type_reaches_the_socket_as_a_command() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    for typed in ["a\r\nJOIN #b", "a,b", "a #b", "a\nPRIVMSG #b :x", "a\0b", "", " ", "é"] {
        assert!(connector.key(IdentifierType::Username, typed).is_err(), "{typed:?}");
        // A key that was made in another way is refused, too.
        let key = ChannelKey::new(Platform::Twitch, IdentifierType::Username, typed);
        let (out, _signals) = mpsc::channel(8);
        let error = connector.read(key, out, CancellationToken::new()).await.unwrap_err();
        assert!(matches!(error, UpstreamError::NotFound { .. }), "{error:?}");
    }
    let mut channel = Channel::read(&connector, "https://www.twitch.tv/Alpha");
    channel.started().await;
    let joins: Vec<String> = sim.joins().into_iter().map(|join| join.login).collect();
    assert_eq!(joins, ["alpha"]);
}

#[tokio::test]
async fn a_reader_that_does_not_take_its_events_holds_nobody_up() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, Timings { stall: Duration::from_millis(50), ..quick() });
    let mut stuck = Channel::read_into(&connector, "stuck", 1);
    let mut other = Channel::read(&connector, "other");
    stuck.started().await;
    other.started().await;
    // Far more than fits into every queue on the way: most of it must be dropped, not kept.
    sim.flood("stuck", 20_000, 0).await;
    sim.say("other", "bob", "hello");
    assert_eq!(other.text().await, "hello");
    let mut kept = 0;
    while let Ok(Some(signal)) = tokio::time::timeout(Duration::from_millis(500), stuck.signals.recv()).await {
        kept += usize::from(text(&signal).is_some());
    }
    assert!((1..2_000).contains(&kept), "{kept} messages were kept for a reader that does not read");
    sim.say("stuck", "bob", "again");
    stuck.until("again").await;
}

#[tokio::test]
async fn shutdown_ends_every_task_and_connection() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    assert!(connector.tasks() > 0);
    tokio::time::timeout(PATIENCE, connector.shutdown()).await.expect("a shutdown that ends");
    assert_eq!(connector.tasks(), 0);
    assert!(channel.end().await.is_err(), "readings end with it");
    sim.until("no connection is left", |sim| sim.connections() == 0).await;
    assert!(Channel::read(&connector, "alpha").end().await.is_err(), "and no new one is made");
}

#[tokio::test]
async fn dropping_the_connector_closes_its_connections() {
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    channel.cancel.cancel();
    channel.end().await.unwrap();
    drop(connector);
    sim.until("no connection is left", |sim| sim.connections() == 0).await;
}

#[tokio::test]
async fn recorded_chat_comes_through_a_real_socket() {
    let corpus = std::env::var("POLYCHAT_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus").to_owned());
    let Ok(recorded) = std::fs::read_to_string(format!("{corpus}/twitch/irc/nymn-recent.irc")) else {
        eprintln!("skipped: there is no corpus");
        return;
    };
    let sim = SimTwitch::start().await;
    let connector = connector(&sim, quick());
    let mut channel = Channel::read(&connector, "alpha");
    channel.started().await;
    let lines: Vec<&str> = recorded.lines().filter(|line| line.contains(" PRIVMSG #")).take(200).collect();
    let lookups = Lookups::default();
    let room = Room { login: "alpha", room_id: None, lookups: &lookups, now_ms: 0 };
    let expected: Vec<Arc<str>> = lines
        .iter()
        .filter_map(|line| match read(&Line::parse(line)?, &room) {
            Read::Event(event) => Some(event.id),
            _ => None,
        })
        .collect();
    assert!(expected.len() > 150, "only {} recorded messages are shown", expected.len());
    let replay = async {
        for line in &lines {
            assert!(sim.replay("alpha", line).await);
        }
    };
    let listen = async {
        let mut ids = Vec::new();
        while ids.len() < expected.len() {
            if let Signal::Event(event) = channel.next().await {
                ids.push(event.id);
            }
        }
        ids
    };
    let ((), ids) = tokio::join!(replay, listen);
    assert_eq!(ids, expected, "everything comes, in order");
}
