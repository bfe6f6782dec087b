//! docs/PROTOCOL.md is true: every example in it is a frame that the model reads, and writes back unchanged.

use polychat_model::request::ClientMessage;
use polychat_model::wire::ServerMessage;
use serde_json::Value;

#[test]
fn every_example_of_the_protocol_page_is_a_frame() {
    let page = include_str!("../../../docs/PROTOCOL.md");
    let mut kinds = std::collections::BTreeSet::new();
    for block in page.split("```json\n").skip(1) {
        let example = block.split("```").next().unwrap_or_default();
        let value: Value = serde_json::from_str(example).unwrap_or_else(|error| panic!("{error}: {example}"));
        let kind = value["type"].as_str().unwrap_or_default().to_owned();
        if matches!(kind.as_str(), "subscribe" | "unsubscribe" | "get_stats" | "follow" | "shown") {
            ClientMessage::parse(example).unwrap_or_else(|refusal| panic!("{refusal:?}: {example}"));
        } else {
            let frame: ServerMessage =
                serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {example}"));
            assert_eq!(serde_json::to_value(&frame).unwrap(), value, "{kind}: written back as it was read");
        }
        kinds.insert(kind);
    }
    let all = [
        "chat",
        "error",
        "event",
        "follow",
        "gap",
        "get_stats",
        "moderation",
        "obs",
        "rehearsal",
        "saved",
        "shown",
        "stats",
        "status",
        "subscribe",
        "unsubscribe",
        "viewers",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all, "every frame has an example");
}

#[test]
fn every_error_code_and_event_name_is_on_the_protocol_page() {
    let page = include_str!("../../../docs/PROTOCOL.md");
    for (file, source) in [("code.rs", include_str!("../src/code.rs")), ("event.rs", include_str!("../src/event.rs"))] {
        let head = if file == "code.rs" { "pub enum ErrorCode {" } else { "pub enum EventName {" };
        let body = source.split(head).nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
        for variant in
            body.lines().map(str::trim).filter(|l| !l.starts_with(['/', '#'])).filter_map(|l| l.strip_suffix(','))
        {
            let word: String = variant
                .char_indices()
                .flat_map(|(at, c)| (at > 0 && c.is_ascii_uppercase()).then_some('_').into_iter().chain([c]))
                .collect();
            let word = if file == "code.rs" { word.to_uppercase() } else { word.to_lowercase() };
            assert!(page.contains(&format!("`{word}`")), "docs/PROTOCOL.md does not name {word}");
        }
    }
}
