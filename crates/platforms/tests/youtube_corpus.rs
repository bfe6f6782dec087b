//! The chat of YouTube, from answers to events: over fixtures of our own, compared whole, and over recorded answers,
//! compared in numbers.
//!
//! The recordings are not part of the repository: `POLYCHAT_CORPUS` says where they are. Without them each test says so
//! and passes.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use polychat_model::wire::{Format, Numbered};
use polychat_model::{Body, ChannelKey, ChatEvent, Element, IdentifierType, Platform};
use polychat_platforms::youtube::Desk;
use polychat_platforms::youtube::answer::{ContinuationKind, read};
use serde_json::{Value, json};

/// When the answers are taken: after everything in the fixtures.
const NOW: u64 = 1_780_000_100_000;

fn corpus() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let youtube = root.join("youtube");
    if youtube.is_dir() {
        return Some(youtube);
    }
    eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
    None
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Our own actions by the name of their file.
fn fixtures() -> BTreeMap<String, Vec<Value>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root().join("tests/fixtures/youtube")).unwrap() {
        let path = entry.unwrap().path();
        let actions = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        found.insert(path.file_stem().unwrap().to_string_lossy().into_owned(), actions);
    }
    assert!(found.len() >= 28, "{} files", found.len());
    found
}

fn answer(actions: &[Value]) -> String {
    json!({"continuationContents": {"liveChatContinuation": {
        "continuations": [{"timedContinuationData": {"timeoutMs": 1000, "continuation": "next"}}],
        "actions": actions}}})
    .to_string()
}

/// All events of an answer, also those that come later.
fn events(desk: &mut Desk, json: &str, history: bool) -> Vec<ChatEvent> {
    let mut events = desk.take(&read(json.as_bytes()).unwrap(), history, NOW);
    while let Some(due) = desk.due_ms() {
        events.extend(desk.tick(due));
    }
    for event in &events {
        check(event);
    }
    events
}

/// What holds for every event.
fn check(event: &ChatEvent) {
    assert!(event.id.starts_with("yt:") && event.id.len() > 3, "{}", event.id);
    assert!(event.sent_at_ms > 0, "{}", event.id);
    match &event.body {
        Body::Chat(chat) => {
            let content = &chat.data.content;
            let joined: String = content.elements().iter().map(Element::value).collect();
            assert_eq!(joined, content.raw());
            let says = !content.raw().is_empty() || chat.data.metadata.monetary_data.is_some();
            assert!(says && !chat.data.author.display_name.is_empty(), "{}", event.id);
        }
        Body::Event(data) => assert!(!data.text.trim().is_empty(), "{}", event.id),
        Body::Moderation(_) | Body::Viewers(_) => {}
    }
}

fn frames(events: &[ChatEvent]) -> Vec<Value> {
    let key = ChannelKey::new(Platform::Youtube, IdentifierType::LiveId, "abcdefghijk");
    let frame = |event| {
        let frame = Numbered { key: &key, seq: 1, event }.to_json(Format::Flat);
        let mut frame: Value = serde_json::from_slice(&frame).unwrap();
        frame["revision"] = event.revision.into();
        for same in ["platform", "identifier", "seq", "room_id"] {
            frame.as_object_mut().unwrap().remove(same);
        }
        frame
    };
    events.iter().map(frame).collect()
}

#[test]
fn every_kind_becomes_the_reviewed_events() {
    for (name, actions) in fixtures() {
        let mut desk = Desk::new("abcdefghijk");
        let events = events(&mut desk, &answer(&actions), false);
        let health = desk.health();
        assert_eq!((health.unknown, health.broken), (0, 0), "{name}");
        assert!(health.actions >= actions.len() as u64, "{name}");
        insta::with_settings!({
            prepend_module_to_snapshot => false,
            snapshot_path => root().join("tests/snapshots/youtube"),
            omit_expression => true,
        }, {
            insta::assert_json_snapshot!(name, frames(&events));
        });
    }
}

#[test]
fn a_second_view_of_the_same_chat_tells_nothing_twice() {
    let mut desk = Desk::new("abcdefghijk");
    for (name, actions) in fixtures() {
        events(&mut desk, &answer(&actions), false);
        let again = events(&mut desk, &answer(&actions), true);
        let again = again.iter().filter(|event| !matches!(event.body, Body::Moderation(_)));
        // A poll that is opened anew and an item that is replaced anew are new.
        let new = again.filter(|event| !event.id.starts_with("yt:poll") && event.revision == 0);
        assert_eq!(new.map(|event| &*event.id).collect::<Vec<_>>(), Vec::<&str>::new(), "{name}");
    }
}

/// Every place in a value, as the path to it.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (format!("{path}/{}", escape(key)), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (format!("{path}/{at}"), value)).collect(),
        _ => Vec::new(),
    };
    for (path, value) in children {
        places(value, &path, found);
        found.push(path);
    }
}

fn remove(value: &mut Value, path: &str) {
    let (parent, key) = path.rsplit_once('/').unwrap();
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => drop(map.remove(&key.replace("~1", "/").replace("~0", "~"))),
        Some(Value::Array(list)) => drop(list.remove(key.parse().unwrap())),
        _ => panic!("{path}"),
    }
}

/// Takes a changed action between two good ones: whatever it is, those two are told.
fn between_good_ones(changed: &Value, what: &str) {
    let good = |id: &str| {
        json!({"addChatItemAction": {"item": {"liveChatTextMessageRenderer": {"id": id,
            "message": {"simpleText": "good"}, "authorName": {"simpleText": "@good"}}}}})
    };
    let json = answer(&[good("good-1"), changed.clone(), good("good-2")]);
    let mut desk = Desk::new("abcdefghijk");
    let ids: Vec<String> = events(&mut desk, &json, false).iter().map(|event| event.id.to_string()).collect();
    for id in ["yt:good-1", "yt:good-2"] {
        assert!(ids.iter().any(|told| told == id), "{what}: {ids:?}");
    }
}

#[test]
fn without_any_one_of_its_keys_an_action_costs_at_most_itself() {
    let mut checked = 0;
    for (name, actions) in fixtures() {
        for action in actions {
            let mut found = Vec::new();
            places(&action, "", &mut found);
            for path in found {
                let mut changed = action.clone();
                remove(&mut changed, &path);
                between_good_ones(&changed, &format!("{name} {path}"));
                checked += 1;
            }
        }
    }
    assert!(checked > 800, "{checked}");
}

#[test]
fn with_any_value_of_another_type_an_action_costs_at_most_itself() {
    let mut others = vec![Value::Null, json!(true), json!(-1), json!(u64::MAX), json!(1e300), json!(""), json!("x")];
    others.extend([json!([]), json!([[1], {"text": 1}]), json!({}), json!({"runs": {"a": 1}, "simpleText": []})]);
    for (name, actions) in fixtures() {
        for action in actions {
            let mut found = Vec::new();
            places(&action, "", &mut found);
            for (at, path) in found.iter().enumerate() {
                let mut changed = action.clone();
                *changed.pointer_mut(path).unwrap() = others[at % others.len()].clone();
                between_good_ones(&changed, &format!("{name} {path}"));
            }
        }
    }
}

#[test]
fn a_huge_list_or_a_deep_one_in_any_place_costs_at_most_its_action() {
    let mut deep = json!({});
    for _ in 0..100 {
        deep = json!([{ "runs": deep, "item": 1 }]);
    }
    let wide = Value::from(vec![json!({"text": "wide", "emoji": {"emojiId": "x"}}); 2_000]);
    for (name, actions) in fixtures() {
        for action in actions {
            let mut found = Vec::new();
            places(&action, "", &mut found);
            for (at, path) in found.iter().enumerate() {
                let mut changed = action.clone();
                if at % 61 == 3 {
                    *changed.pointer_mut(path).unwrap() = wide.clone();
                    between_good_ones(&changed, &format!("{name} {path}"));
                }
                *changed.pointer_mut(path).unwrap() = deep.clone();
                let text = json!([changed]).to_string();
                // Too deep for a tree, so put together as text.
                let json = format!(r#"{{"contents":{{"liveChatRenderer":{{"actions":{text}}}}}}}"#);
                events(&mut Desk::new("x"), &json, true);
            }
        }
    }
}

#[test]
fn an_answer_that_is_cut_off_is_unreadable_and_nothing_worse() {
    for actions in fixtures().into_values() {
        let json = answer(&actions);
        for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)).step_by(7) {
            assert!(read(&json.as_bytes()[..end]).is_err());
        }
    }
}

/// A file of the corpus as answers, and how many actions of each kind the index counts in it.
fn recorded(corpus: &Path) -> Vec<(String, String, Value)> {
    let index: BTreeMap<String, Value> = serde_json::from_slice(&fs::read(corpus.join("index.json")).unwrap()).unwrap();
    let mut files = Vec::new();
    for (name, entry) in index {
        let text = fs::read_to_string(corpus.join(&name)).unwrap();
        let json = match entry["shape"].as_str().unwrap() {
            "one action" => format!(r#"{{"contents":{{"liveChatRenderer":{{"actions":[{text}]}}}}}}"#),
            "array of actions" => format!(r#"{{"contents":{{"liveChatRenderer":{{"actions":{text}}}}}}}"#),
            "bare renderer content" => {
                let renderer = renderer_of(&name);
                let action = format!(r#"{{"addChatItemAction":{{"item":{{"{renderer}":{text}}}}}}}"#);
                format!(r#"{{"contents":{{"liveChatRenderer":{{"actions":[{action}]}}}}}}"#)
            }
            _ => text,
        };
        files.push((name, json, entry));
    }
    assert!(files.len() >= 80, "{} files", files.len());
    files
}

/// The names of files say what is in those that have no wrapper.
fn renderer_of(name: &str) -> &'static str {
    for (word, renderer) in [
        ("gift-purchase", "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer"),
        ("gift-redemption", "liveChatSponsorshipsGiftRedemptionAnnouncementRenderer"),
        ("text-message", "liveChatTextMessageRenderer"),
        ("super-chat", "liveChatPaidMessageRenderer"),
        ("member", "liveChatMembershipItemRenderer"),
        ("upgrade", "liveChatMembershipItemRenderer"),
    ] {
        if name.contains(word) {
            return renderer;
        }
    }
    panic!("{name}")
}

fn counts(entry: &Value, key: &str) -> BTreeMap<String, u64> {
    let counts = entry[key].as_object().into_iter().flatten();
    counts.map(|(kind, count)| (kind.clone(), count.as_u64().unwrap())).collect()
}

/// An answer whose recorder took the token out.
const WITHOUT_TOKEN: &str = "responses/murabito.invalidation.json";

/// Actions that their recorders trimmed until no item was left.
const TRIMMED: [&str; 2] =
    ["responses/pogchatter.liveChatBootstrap2.json", "responses/pytchat.speed.speedtest_undefined.json"];

#[test]
fn every_recorded_answer_is_read_and_every_kind_in_it_is_known() {
    let Some(corpus) = corpus() else { return };
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let mut told: BTreeMap<&str, u64> = BTreeMap::new();
    let mut trimmed = BTreeSet::new();
    for (name, json, entry) in recorded(&corpus) {
        let answer = read(json.as_bytes()).expect(&name);
        let mut desk = Desk::new("recorded");
        let events = events(&mut desk, &json, true);
        let health = desk.health();
        let mut expected = counts(&entry, "actions");
        if entry["shape"] == "bare renderer content" {
            expected.insert(format!("addChatItemAction/{}", renderer_of(&name)), 1);
        }
        if expected.remove("replayChatItemAction").is_some() {
            expected.extend(counts(&entry, "replayed"));
        }
        assert_eq!(health.actions, expected.values().sum::<u64>(), "{name}");
        assert_eq!(health.broken, 0, "{name}");
        if health.unknown > 0 {
            trimmed.insert(name.clone());
            assert!(desk.unknown_kinds().iter().all(|kind| kind.ends_with("Action") || kind.ends_with("Command")));
        }
        continues(&name, answer.continuation.map(|next| (next.kind, next.timeout_ms)), &entry);
        assert_eq!(
            answer.history || entry["shape"] != "response",
            entry["first"] == true || entry["shape"] != "response",
            "{name}"
        );
        for (kind, count) in expected {
            *seen.entry(kind).or_default() += count;
        }
        for event in events {
            let kind = match &event.body {
                Body::Chat(chat) if chat.data.metadata.sticker.is_some() => "chat with a sticker",
                Body::Chat(chat) if chat.data.metadata.monetary_data.is_some() => "chat with money",
                Body::Chat(_) => "chat",
                Body::Event(data) => {
                    let name = serde_json::to_value(data.event).unwrap();
                    let name = name.as_str().unwrap().to_owned();
                    *told.entry(name.leak()).or_default() += 1;
                    continue;
                }
                Body::Moderation(_) => "moderation",
                Body::Viewers(_) => "viewers",
            };
            *told.entry(kind).or_default() += 1;
        }
    }
    assert_eq!(trimmed.iter().map(String::as_str).collect::<Vec<_>>(), TRIMMED);
    insta::with_settings!({
        prepend_module_to_snapshot => false,
        snapshot_path => root().join("tests/snapshots/youtube"),
        omit_expression => true,
    }, {
        insta::assert_json_snapshot!("corpus-summary", json!({"actions": seen, "events": told}));
    });
}

#[test]
fn the_page_of_a_chat_has_its_backlog_and_both_views() {
    let Some(corpus) = corpus() else { return };
    let page = fs::read_to_string(corpus.join("pages/live-chat-popout.2023-06.html")).unwrap();
    let at = page.find("ytInitialData").unwrap();
    let json = &page[at + page[at..].find('{').unwrap()..];
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<&serde_json::value::RawValue>();
    let json = values.next().unwrap().unwrap().get();
    let answer = read(json.as_bytes()).unwrap();
    assert_eq!((answer.actions.len(), answer.views.len(), answer.history), (75, 2, true));
    assert!(answer.views[0].selected && answer.continuation.is_some());
    let mut desk = Desk::new("recorded");
    let told = events(&mut desk, json, true);
    assert_eq!(told.len(), 74, "all but the notice that every viewer gets");
    assert!(told.iter().all(|event| event.history));
    assert!(events(&mut desk, json, true).is_empty(), "nothing twice");
}

fn continues(name: &str, found: Option<(ContinuationKind, Option<u64>)>, entry: &Value) {
    let listed = entry["continuations"].as_array().into_iter().flatten();
    let mut usable = listed.filter(|one| one["kind"] != "playerSeekContinuationData");
    let expected = usable.next().map(|one| {
        let kind = match one["kind"].as_str().unwrap() {
            "invalidationContinuationData" => ContinuationKind::Invalidation,
            "timedContinuationData" => ContinuationKind::Timed,
            "reloadContinuationData" => ContinuationKind::Reload,
            "liveChatReplayContinuationData" => ContinuationKind::Replay,
            other => panic!("{name}: {other}"),
        };
        (kind, one["timeoutMs"].as_u64())
    });
    let expected = expected.filter(|_| name != WITHOUT_TOKEN);
    assert_eq!(found.map(|(kind, _)| kind), expected.map(|(kind, _)| kind), "{name}");
    if let (Some((_, found)), Some((_, Some(expected)))) = (found, expected) {
        assert_eq!(found, Some(expected), "{name}");
    }
}

#[test]
fn recorded_amounts_are_read_to_the_last_cent() {
    let Some(corpus) = corpus() else { return };
    let vectors: Value = serde_json::from_slice(&fs::read(corpus.join("vectors.json")).unwrap()).unwrap();
    let amounts = vectors["amounts"].as_array().unwrap();
    assert!(amounts.len() >= 8);
    for amount in amounts {
        let action = json!({"addChatItemAction": {"item": {"liveChatPaidMessageRenderer":
            {"id": "a", "purchaseAmountText": {"simpleText": amount[0]}}}}});
        let events = events(&mut Desk::new("x"), &answer(&[action]), false);
        let Body::Chat(chat) = &events[0].body else { panic!("{amount}") };
        let data = chat.data.metadata.monetary_data.as_ref().unwrap();
        let money = data.money.as_ref().expect("money");
        assert_eq!(money.currency, amount[1].as_str().unwrap());
        assert_eq!(money.micros, (amount[2].as_f64().unwrap() * 1e6).round() as i64, "{amount}");
        assert_eq!(data.amount, amount[0].as_str().unwrap());
    }
}
