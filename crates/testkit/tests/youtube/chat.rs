//! Tokens, chats and what goes wrong with them.

use std::time::{Duration, Instant};

use polychat_testkit::YtMessage;
use polychat_testkit::youtube::{Continuation, Endpoint, Fault, GARBAGE, STUB_TOKENS, View};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::reader::{live, next_token, stream};

#[tokio::test]
async fn tokens_chain_through_the_chat_without_loss_or_repetition() {
    let (sim, reader, video) = stream().await;
    for number in 0..100 {
        sim.say(&video, "ann", &number.to_string());
    }
    let (backlog, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    assert_eq!(backlog, (25..100).map(|number| number.to_string()).collect::<Vec<_>>(), "the last 75 are history");
    let mut token = next.unwrap();
    let (nothing, next) = reader.chat(&token).await;
    assert_eq!(nothing, [""; 0]);
    assert!(next.is_some(), "there is always a next token");
    let mut got = Vec::new();
    for part in [3_usize, 0, 1200, 1] {
        for number in 0..part {
            sim.say(&video, "ann", &format!("{part}/{number}"));
        }
        for _ in 0..4 {
            let (texts, next) = reader.chat(&token).await;
            got.extend(texts);
            token = next.unwrap();
        }
    }
    let said: Vec<String> =
        [3_usize, 1200, 1].iter().flat_map(|part| (0..*part).map(move |number| format!("{part}/{number}"))).collect();
    assert_eq!(got, said);
}

#[tokio::test]
async fn only_the_view_of_all_messages_has_all_messages() {
    let (sim, reader, video) = stream().await;
    sim.say(&video, "ann", "for everybody");
    sim.send(&video, &YtMessage::chat("filtered").from("bob").only_in_live_chat());
    let start = reader.start_token(&video).await;
    assert_eq!(start.view, View::Top, "what a page gives is the filtered view");
    assert_eq!(reader.chat(&start.encode()).await.0, ["for everybody"]);
    let (all, next) = reader.chat(&live(start)).await;
    assert_eq!(all, ["for everybody", "filtered"]);
    sim.send(&video, &YtMessage::chat("again").only_in_live_chat());
    assert_eq!(reader.chat(&next.unwrap()).await.0, ["again"], "later tokens stay in their view");
}

#[tokio::test]
async fn the_menu_has_stubs_that_are_refused_and_the_first_answer_has_real_tokens() {
    let (sim, reader, video) = stream().await;
    let next = reader.ask("next", json!({"videoId": video})).await;
    let chat = &next["contents"]["twoColumnWatchNextResults"]["conversationBar"]["liveChatRenderer"];
    let menu = |header: &Value, index: usize| {
        let item = &header["liveChatHeaderRenderer"]["viewSelector"]["sortFilterSubMenuRenderer"]["subMenuItems"];
        item[index]["continuation"]["reloadContinuationData"]["continuation"].as_str().unwrap().to_owned()
    };
    for (index, stub) in STUB_TOKENS.iter().enumerate() {
        assert_eq!(menu(&chat["header"], index), *stub);
        let refused = reader.post("live_chat/get_live_chat", json!({"continuation": stub})).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused.json::<Value>().await.unwrap()["error"]["status"], "INVALID_ARGUMENT");
    }
    let token = reader.start_token(&video).await.encode();
    let first = reader.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
    let first = &first["continuationContents"]["liveChatContinuation"];
    assert!(first["clientMessages"].is_object(), "a view that was loaded anew says so");
    sim.send(&video, &YtMessage::chat("hidden").only_in_live_chat());
    assert_eq!(reader.chat(&menu(&first["header"], 1)).await.0, ["hidden"]);
    let second = reader.ask("live_chat/get_live_chat", json!({"continuation": next_token(first)})).await;
    let second = &second["continuationContents"]["liveChatContinuation"];
    assert_eq!((&second["clientMessages"], &second["header"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn dead_tokens_answer_with_nothing_for_ever_and_fresh_ones_work() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    sim.kill_tokens(&video);
    sim.say(&video, "ann", "unheard");
    let mut token = next.unwrap();
    for _ in 0..3 {
        let (texts, next) = reader.chat(&token).await;
        assert_eq!(texts, [""; 0]);
        token = next.unwrap();
    }
    assert_eq!(reader.chat(&live(reader.start_token(&video).await)).await.0, ["unheard"]);
}

#[tokio::test]
async fn an_ended_stream_gives_no_token_and_its_archive_refuses_live_ones() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    let token = next.unwrap();
    sim.say(&video, "ann", "bye");
    sim.end(&video);
    assert_eq!(reader.chat(&token).await, (vec!["bye".to_owned()], None));
    sim.archive(&video);
    let refused = reader.post("live_chat/get_live_chat", json!({"continuation": token})).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(reader.start_token(&video).await.replay, "the page has the replay now");
}

#[tokio::test]
async fn faults_happen_as_often_as_asked_and_then_no_more() {
    let (sim, reader, video) = stream().await;
    let ask = async || reader.post("next", json!({"videoId": video})).await;
    for (fault, status) in [
        (Fault::Status(429), 429),
        (Fault::Status(503), 503),
        (Fault::Html, 200),
        (Fault::Sorry, 302),
        (Fault::Empty, 200),
        (Fault::Garbage, 200),
        (Fault::Truncated, 200),
        (Fault::Huge(1_000_000), 200),
    ] {
        sim.fail(Endpoint::Next, fault, 1);
        let response = ask().await;
        assert_eq!(response.status().as_u16(), status, "{fault:?}");
        let text = response.text().await.unwrap();
        let data: Option<Value> = serde_json::from_str(&text).ok();
        assert!(data.is_none_or(|data| data["contents"]["twoColumnWatchNextResults"].is_null()), "{fault:?}");
    }
    sim.fail(Endpoint::Next, Fault::Cut, 2);
    for _ in 0..2 {
        assert!(ask().await.text().await.is_err(), "the body ends too early");
    }
    assert_eq!(ask().await.status(), StatusCode::OK);
    assert_eq!(sim.requests(Endpoint::Next), 11);
}

#[tokio::test]
async fn every_kind_of_continuation_can_be_had() {
    let (sim, reader, video) = stream().await;
    for (kind, key) in [
        (Continuation::Invalidation, "invalidationContinuationData"),
        (Continuation::Timed, "timedContinuationData"),
        (Continuation::Reload, "reloadContinuationData"),
    ] {
        sim.change(&video, |video| video.continuation = kind);
        let token = live(reader.start_token(&video).await);
        let answer = reader.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
        let data = &answer["continuationContents"]["liveChatContinuation"]["continuations"][0][key];
        assert!(data["continuation"].is_string(), "{key}");
        if kind == Continuation::Invalidation {
            assert_eq!(data["invalidationId"]["topic"], format!("chat~{video}"));
            assert_eq!(data["timeoutMs"], 10_000);
        }
    }
    // After a reload, what comes is history.
    sim.say(&video, "ann", "told already");
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    assert_eq!(reader.chat(&next.unwrap()).await.0, ["told already"]);
}

#[tokio::test]
async fn what_is_published_is_told_after_the_servers_have_taken_their_time() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    let mut token = next.unwrap();
    sim.server_delay(Duration::from_millis(300));
    let said = Instant::now();
    sim.say(&video, "ann", "late");
    let texts = loop {
        let (texts, next) = reader.chat(&token).await;
        token = next.unwrap();
        if !texts.is_empty() {
            break texts;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(texts, ["late"]);
    assert!(said.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn the_backlog_has_no_deleted_message_and_still_has_the_pinned_one() {
    let (sim, reader, video) = stream().await;
    let first = sim.say(&video, "ann", "first");
    let second = sim.say(&video, "ann", "second");
    sim.say(&video, "bob", "third");
    sim.send(&video, &YtMessage::remove(&first));
    sim.send(&video, &YtMessage::pin(&second, "tea").from("ann").text("second"));
    sim.send(&video, &YtMessage::delete_author("bob"));
    let token = live(reader.start_token(&video).await);
    let answer = reader.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
    let chat = &answer["continuationContents"]["liveChatContinuation"];
    assert_eq!(crate::reader::texts(&chat["actions"]), ["second"]);
    let banners = |chat: &Value| chat.to_string().matches("addBannerToLiveChatCommand").count();
    assert_eq!(banners(chat), 1);
    sim.send(&video, &YtMessage::unpin(&second));
    let answer = reader.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
    assert_eq!(banners(&answer), 0);
}

#[tokio::test]
async fn a_busy_chat_can_lose_what_nobody_fetched() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    sim.change(&video, |video| video.keeps_only = Some(2));
    for number in 0..5 {
        sim.say(&video, "ann", &number.to_string());
    }
    let (texts, next) = reader.chat(&next.unwrap()).await;
    assert_eq!(texts, ["3", "4"]);
    assert_eq!(reader.chat(&next.unwrap()).await.0, [""; 0]);
}

#[tokio::test]
async fn a_chat_that_is_made_anew_ends_old_tokens_only() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    sim.say(&video, "ann", "in the waiting room");
    sim.recreate_chat(&video);
    assert_eq!(reader.chat(&next.unwrap()).await, (vec!["in the waiting room".to_owned()], None));
    assert!(reader.chat(&live(reader.start_token(&video).await)).await.1.is_some());
}

#[tokio::test]
async fn members_and_closed_chats_are_told_apart_by_shape() {
    let (sim, reader, video) = stream().await;
    let token = live(reader.start_token(&video).await);
    sim.change(&video, |video| video.members_only = true);
    let answer = reader.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
    assert!(answer["contents"]["messageRenderer"]["text"].is_object(), "{answer}");
    let next = reader.ask("next", json!({"videoId": video})).await;
    let bar = &next["contents"]["twoColumnWatchNextResults"]["conversationBar"];
    assert!(bar["conversationBarRenderer"]["availabilityMessage"].is_object());
}

#[tokio::test]
async fn a_replay_is_read_in_parts_and_can_be_sought_in() {
    let (sim, reader, video) = stream().await;
    for number in 0..150 {
        sim.say(&video, "ann", &number.to_string());
    }
    let live_token = live(reader.start_token(&video).await);
    sim.archive(&video);
    let mut token = live(reader.start_token(&video).await);
    let mut texts = Vec::new();
    let mut parts = 0;
    loop {
        let answer = reader.ask("live_chat/get_live_chat_replay", json!({"continuation": token})).await;
        let chat = &answer["continuationContents"]["liveChatContinuation"];
        let replayed = chat["actions"].as_array().into_iter().flatten();
        for action in replayed.map(|action| &action["replayChatItemAction"]) {
            assert!(action["videoOffsetTimeMsec"].is_string());
            texts.extend(crate::reader::texts(&action["actions"]));
        }
        let next = &chat["continuations"][0]["liveChatReplayContinuationData"]["continuation"];
        let Some(next) = next.as_str() else {
            assert!(chat["continuations"][0]["playerSeekContinuationData"].is_object(), "the end");
            break;
        };
        token = next.to_owned();
        parts += 1;
        assert!(parts < 10, "it goes on for ever");
    }
    assert_eq!(texts, (0..150).map(|number| number.to_string()).collect::<Vec<_>>());
    assert!(parts > 1);
    let late = json!({"continuation": token, "currentPlayerState": {"playerOffsetMs": "999999"}});
    let answer = reader.ask("live_chat/get_live_chat_replay", late).await;
    assert!(answer["continuationContents"]["liveChatContinuation"]["actions"].is_null(), "nothing so late");
    let refused = reader.post("live_chat/get_live_chat_replay", json!({"continuation": live_token})).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "a live token is no replay token");
}

#[tokio::test]
async fn garbage_and_reactions_come_beside_real_messages() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    sim.say(&video, "ann", "before");
    sim.garbage(&video);
    sim.say(&video, "ann", "after");
    sim.react(&video, &[("❤", 5)]);
    let answer = reader.ask("live_chat/get_live_chat", json!({"continuation": next.unwrap()})).await;
    let actions = answer["continuationContents"]["liveChatContinuation"]["actions"].as_array().unwrap();
    assert_eq!(actions.len(), GARBAGE.len() + 3);
    let fountain =
        &answer["frameworkUpdates"]["entityBatchUpdate"]["mutations"][0]["payload"]["emojiFountainDataEntity"];
    assert_eq!(fountain["reactionBuckets"][0]["totalReactions"], 5);
}
