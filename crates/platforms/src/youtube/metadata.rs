//! Answers of `updated_metadata`: viewers, likes and title of a running stream, for a few hundred bytes.
//!
//! **Written from descriptions only**: no such answer is among the recordings. The shapes are what several clients read, the
//! `isLive` of the viewers among them (said to have been seen in August 2026). Whatever is missing is not told.

use std::time::Duration;

use serde_json::Value;

use super::pick::{Want, pick, want};
use super::plain::{count, integer, text};
use super::token::TOKEN_MAX_BYTES;
use super::video;

/// What an answer tells. `None` says nothing; it takes nothing back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// How many watch, or wait for an upcoming stream. Never the views of one that is over.
    pub viewers: Option<u64>,
    /// Whether it runs or is announced. An ended stream is answered, too, with its views in place of its viewers.
    pub is_live: Option<bool>,
    /// The title.
    pub title: Option<String>,
    /// How many like it; rounded if only the button's text says it.
    pub likes: Option<u64>,
    /// What to ask with the next time, in place of the video's id.
    pub continuation: Option<String>,
    /// When the page would ask again. We ask more seldom.
    pub timeout: Option<Duration>,
}

const WANT: Want = want!({
    continuation: { timedContinuationData: { timeoutMs: _, continuation: _ } },
    actions: {
        updateViewershipAction: { viewCount: { videoViewCountRenderer: _ } },
        updateTitleAction: { title: _ },
        updateToggleButtonTextAction: { buttonId: _, defaultText: _ },
    },
    frameworkUpdates: { entityBatchUpdate: { mutations: { payload: { likeCountEntity: {
        likeCountIfIndifferentNumber: _,
    } } } } },
});

/// Reads an answer. `None` if it is no JSON object.
pub fn read(answer: &[u8]) -> Option<Update> {
    let (answer, _) = pick(answer, &WANT)?;
    let next = &answer["continuation"]["timedContinuationData"];
    let continuation = next["continuation"].as_str().filter(|token| (1..=TOKEN_MAX_BYTES).contains(&token.len()));
    let mut update = Update {
        continuation: continuation.map(str::to_owned),
        timeout: integer(&next["timeoutMs"]).map(Duration::from_millis),
        ..Update::default()
    };
    for action in entries(&answer["actions"]) {
        update.add(action);
    }
    let entities = entries(&answer["frameworkUpdates"]["entityBatchUpdate"]["mutations"]);
    let mut exact = entities.filter_map(|m| integer(&m["payload"]["likeCountEntity"]["likeCountIfIndifferentNumber"]));
    update.likes = exact.next().or(update.likes);
    Some(update)
}

impl Update {
    fn add(&mut self, action: &Value) {
        let viewers = &action["updateViewershipAction"]["viewCount"]["videoViewCountRenderer"];
        if viewers.is_object() {
            self.is_live = Some(viewers["isLive"] == true);
            self.viewers = video::viewers(viewers).or(self.viewers);
        }
        self.title = text(&action["updateTitleAction"]["title"]).or_else(|| self.title.take());
        let button = &action["updateToggleButtonTextAction"];
        if button["buttonId"] == "TOGGLE_BUTTON_ID_TYPE_LIKE" {
            self.likes = text(&button["defaultText"]).and_then(|text| count(&text)).or(self.likes);
        }
    }
}

fn entries(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::youtube::mutate::each_mutation;

    fn answer() -> Value {
        json!({
            "responseContext": {"visitorData": "Cg"},
            "continuation": {"timedContinuationData": {"timeoutMs": 5000, "continuation": "-of5rQMWGg"}},
            "actions": [
                {"updateViewershipAction": {"viewCount": {"videoViewCountRenderer": {
                    "viewCount": {"simpleText": "1,901 watching now"}, "isLive": true, "originalViewCount": "1901",
                }}}},
                {"updateToggleButtonTextAction": {
                    "defaultText": {"simpleText": "1.2K"}, "buttonId": "TOGGLE_BUTTON_ID_TYPE_LIKE",
                }},
                {"updateToggleButtonTextAction": {
                    "defaultText": {"simpleText": "7"}, "buttonId": "TOGGLE_BUTTON_ID_TYPE_DISLIKE",
                }},
                {"updateDateTextAction": {"dateText": {"simpleText": "Started streaming 6 hours ago"}}},
                {"updateTitleAction": {"title": {"runs": [{"text": "Cooking "}, {"text": "tonight"}]}}},
                {"somethingNew": 1},
            ],
        })
    }

    fn read_json(answer: &Value) -> Option<Update> {
        read(answer.to_string().as_bytes())
    }

    #[test]
    fn an_answer_tells_viewers_likes_and_title() {
        let expected = Update {
            viewers: Some(1_901),
            is_live: Some(true),
            title: Some("Cooking tonight".into()),
            likes: Some(1_200),
            continuation: Some("-of5rQMWGg".into()),
            timeout: Some(Duration::from_secs(5)),
        };
        assert_eq!(read_json(&answer()), Some(expected));
    }

    #[test]
    fn the_exact_number_of_likes_is_taken_where_it_is_told() {
        let mut answer = answer();
        answer["frameworkUpdates"] = json!({"entityBatchUpdate": {"mutations": [
            {"payload": {"other": 1}}, {"payload": {"likeCountEntity": {"likeCountIfIndifferentNumber": "1234"}}},
        ]}});
        assert_eq!(read_json(&answer).unwrap().likes, Some(1_234));
    }

    #[test]
    fn the_views_of_an_ended_stream_are_no_viewers() {
        let ended = json!({"actions": [{"updateViewershipAction": {"viewCount": {"videoViewCountRenderer": {
            "viewCount": {"simpleText": "56,581 views"}, "originalViewCount": "56581",
        }}}}]});
        let expected = Update { is_live: Some(false), ..Update::default() };
        assert_eq!(read_json(&ended), Some(expected));
    }

    #[test]
    fn anything_can_be_missing_or_of_another_kind() {
        each_mutation(&answer(), |mutated| {
            let update = read_json(mutated).unwrap_or_default();
            assert!(update.viewers.is_none_or(|viewers| viewers == 1_901));
            assert!(update.viewers.is_none() || update.is_live == Some(true));
        });
        assert_eq!(read(b"<html>"), None);
        assert_eq!(read(b"{}"), Some(Update::default()));
    }
}
