//! Answers of every shape, and what is none.

use super::*;

const LIVE: &str = r#"{
    "responseContext": {"visitorData": "Cgt2aXNpdG9y"},
    "continuationContents": {"liveChatContinuation": {
        "continuations": [{"invalidationContinuationData": {
            "invalidationId": {"topic": "chat~abcdefghijk", "protoCreationTimestampMs": "1780318288918"},
            "timeoutMs": 10000, "continuation": "0ofMyAtoken"}}],
        "actions": [{"addChatItemAction": {}}, {"other": {}}],
        "viewerName": "me"}},
    "frameworkUpdates": {"entityBatchUpdate": {"mutations": [
        {"payload": {"likeCountEntity": {"likeCountIfIndifferentNumber": "2067"}}},
        {"payload": {"booleanEntity": {}}},
        {"payload": {"likeCountEntity": {"likeCountIfIndifferentNumber": "2068"}}}]}},
    "liveChatStreamingResponseExtension": {"lastPublishAtUsec": "1780318288318227"}
}"#;

fn answer(json: &str) -> Answer<'_> {
    read(json.as_bytes()).expect(json)
}

#[test]
fn an_answer_says_how_to_go_on_and_what_it_knows() {
    let answer = answer(LIVE);
    let next = answer.continuation.unwrap();
    assert_eq!(
        (next.kind, &*next.token, next.timeout_ms),
        (ContinuationKind::Invalidation, "0ofMyAtoken", Some(10_000))
    );
    assert_eq!(next.topic.as_deref(), Some("chat~abcdefghijk"));
    assert_eq!((answer.server_time_ms, answer.likes), (Some(1_780_318_288_918), Some(2_068)));
    assert_eq!(answer.last_publish_at_usec, Some(1_780_318_288_318_227));
    assert_eq!(answer.visitor_data.as_deref(), Some("Cgt2aXNpdG9y"));
    assert_eq!((answer.actions.len(), answer.history, answer.refusal), (2, false, None));
}

#[test]
fn every_kind_of_continuation_is_known_and_seeking_alone_is_the_end() {
    let with = |continuations: &str| {
        format!(r#"{{"continuationContents":{{"liveChatContinuation":{{"continuations":[{continuations}]}}}}}}"#)
    };
    let seek = r#"{"playerSeekContinuationData":{"continuation":"s"}}"#;
    for (key, kind) in [
        ("timedContinuationData", ContinuationKind::Timed),
        ("reloadContinuationData", ContinuationKind::Reload),
        ("liveChatReplayContinuationData", ContinuationKind::Replay),
    ] {
        let json = with(&format!(r#"{seek},{{"clickTrackingParams":"c","{key}":{{"continuation":"t"}}}}"#));
        let answer = answer(&json);
        assert_eq!(answer.continuation.map(|next| next.kind), Some(kind));
        assert!(!answer.replay_is_over);
    }
    let json = with(seek);
    let end = answer(&json);
    assert!(end.replay_is_over && end.has_chat && end.continuation.is_none());
}

#[test]
fn the_first_answer_of_a_view_is_history_and_has_its_menu() {
    let json = r#"{"continuationContents":{"liveChatContinuation":{"clientMessages":{"reconnectMessage":{}},
        "header":{"liveChatHeaderRenderer":{"viewSelector":{"sortFilterSubMenuRenderer":{"subMenuItems":[
            {"selected":true,"continuation":{"reloadContinuationData":{"continuation":"top"}}},
            {"selected":false,"continuation":{"reloadContinuationData":{"continuation":"all"}}},
            7]}}}}}}}"#;
    let first = answer(json);
    assert!(first.history);
    let tokens: Vec<(&str, bool)> = first.views.iter().map(|view| (view.token.as_str(), view.selected)).collect();
    assert_eq!(tokens, [("top", true), ("all", false)]);
    let page = r#"{"contents":{"liveChatRenderer":{"actions":[{}],
        "continuations":[{"timedContinuationData":{"continuation":"t"}}]}}}"#;
    let page = answer(page);
    assert!(page.history && page.continuation.is_some() && page.actions.len() == 1);
}

#[test]
fn refusals_are_told_from_an_empty_chat() {
    let error = r#"{"error":{"code":400,"message":"secret","status":"INVALID_ARGUMENT"}}"#;
    assert_eq!(answer(error).refusal, Some(Refusal::Error { code: 400, status: "INVALID_ARGUMENT".into() }));
    let errors = r#"{"responseContext":{"errors":{"error":[{"code":"X"}]}}}"#;
    assert_eq!(answer(errors).refusal, Some(Refusal::Error { code: 0, status: "".into() }));
    let message = r#"{"contents":{"messageRenderer":{"text":{"runs":[{"text":"Chat is "},{"text":"disabled"}]}}}}"#;
    assert_eq!(answer(message).refusal, Some(Refusal::Message("Chat is disabled".to_owned())));
    let empty = answer("{}");
    assert!(empty.refusal.is_none() && !empty.has_chat);
}

#[test]
fn the_old_wrapping_is_taken_off() {
    let json = format!(r#"{{"csn":"x","response":{LIVE}}}"#);
    assert_eq!(answer(&json).actions.len(), 2);
}

#[test]
fn what_is_no_json_is_unreadable_and_wrong_types_are_missing_values() {
    assert_eq!(read(b"<!DOCTYPE html>").unwrap_err(), Unreadable::NotJson);
    assert_eq!(read(&[0xff, 0xfe]).unwrap_err(), Unreadable::NotText);
    assert_eq!(read(b"").unwrap_err(), Unreadable::NotJson);
    for json in ["1", "[]", "null"] {
        assert!(read(json.as_bytes()).is_ok_and(|answer| !answer.has_chat), "{json}");
    }
    let wrong = r#"{"responseContext":1,"continuationContents":{"liveChatContinuation":{"continuations":{"a":1},
        "actions":"x","header":[],"clientMessages":false}},"frameworkUpdates":[[]],"contents":"","error":[]}"#;
    let wrong = answer(wrong);
    assert!(wrong.has_chat && wrong.actions.is_empty() && wrong.continuation.is_none());
}

#[test]
fn deep_nesting_and_huge_lists_cost_only_themselves() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let json = format!(
        r#"{{"unknown":{deep},"continuationContents":{{"liveChatContinuation":{{"actions":[{deep},{{}}{}]}}}}}}"#,
        ",{}".repeat(50_000)
    );
    assert_eq!(answer(&json).actions.len(), 1_000);
    let wrapped = format!("{}{{}}{}", r#"{"response":"#.repeat(50_000), "}".repeat(50_000));
    assert!(!answer(&wrapped).has_chat);
}
