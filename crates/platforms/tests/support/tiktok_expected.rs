//! What an overlay shows of a recorded message, as Google's decoder read it.

use std::collections::BTreeMap;

use polychat_model::{Author, Body, ChatEvent, ComboState, Content, Element};
use polychat_platforms::tiktok::{RoomState, Told};
use serde_json::Value;

/// A person in an event.
fn assert_person(expected: &Value, author: &Author) {
    assert_eq!(expected["id"], author.id.as_str());
    if expected["unique_id"] != "" {
        assert_eq!(expected["unique_id"], author.username.as_str());
    }
    if expected["nickname"] != "" {
        assert_eq!(expected["nickname"].as_str().unwrap().trim(), author.display_name);
    }
    if let Some(avatar) = expected["avatar"].as_str().filter(|avatar| !avatar.is_empty()) {
        let same = author.avatar_url.as_deref() == Some(avatar) || avatar.contains(".heic");
        assert!(same, "another picture");
    }
    let badges = expected["badges"].as_object();
    assert_eq!(badges.map_or(0, serde_json::Map::len), author.badges.len(), "one for each scene");
    for (scene, level) in badges.into_iter().flatten() {
        let level = level.as_str().unwrap();
        let word = match scene.as_str() {
            "8" => "Gifter level",
            "10" => "Fan club level",
            _ => continue,
        };
        if level != "0" && !level.is_empty() {
            let label = format!("{word} {level}");
            assert!(author.badges.iter().any(|badge| *badge.label == *label), "{label}");
        }
    }
}

/// What was told of a message, beside what `derived/expected.jsonl` says about it.
pub(crate) fn compare(expected: &Value, told: &[Told]) {
    let event = || match &told[0] {
        Told::Event(event) => event,
        Told::Room(state) => panic!("{state:?}"),
    };
    let data = || match &event().body {
        Body::Event(data) => data,
        other => panic!("{other:?}"),
    };
    let number = |field: &str| expected[field].as_u64().unwrap();
    let method = expected["method"].as_str().unwrap();
    match method {
        "WebcastChatMessage" => {
            let Body::Chat(chat) = &event().body else { panic!() };
            let content = &chat.data.content;
            assert_eq!(
                (expected["content"].as_str(), expected["msg_id"].as_str()),
                (Some(content.raw()), Some(chat.message_id.as_str()))
            );
            if !expected["at"].is_null() {
                assert!(matches!(content.elements()[0], Element::Mention { .. }), "the name that the text begins with");
            }
            assert_person(&expected["user"], &chat.data.author);
            let identity: Vec<&str> =
                expected["identity"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
            let roles = chat.data.author.roles;
            assert_eq!(identity.contains(&"is_moderator"), roles.moderator);
            assert_eq!(identity.contains(&"is_subscriber"), roles.subscriber);
            assert_eq!(identity.contains(&"is_anchor"), roles.broadcaster);
            if expected["create_time"].as_i64() != Some(0) {
                assert_eq!(expected["create_time"].as_i64(), Some(event().sent_at_ms));
            }
        }
        "WebcastEmoteChatMessage" => {
            let Body::Chat(chat) = &event().body else { panic!() };
            let shown = chat.data.content.elements().iter().filter_map(|element| match element {
                Element::Emote { metadata, .. } => Some(metadata.url.to_string()),
                _ => None,
            });
            let urls = expected["emotes"].as_array().unwrap().iter().map(|emote| emote[1].as_str().unwrap().to_owned());
            assert_eq!(shown.collect::<Vec<_>>(), urls.collect::<Vec<_>>());
        }
        "WebcastGiftMessage" => {
            let gift = data().gift.as_ref().unwrap();
            assert_eq!(
                (gift.id.clone(), gift.name.as_str()),
                (number("gift_id").to_string(), expected["name"].as_str().unwrap().trim())
            );
            assert_eq!((gift.unit_cost, data().count), (Some(number("diamonds")), Some(number("repeat_count").max(1))));
            let icon = expected["icon"].as_str().unwrap();
            assert!(gift.image_url.as_deref() == Some(icon) || icon.contains(".heic") || icon.is_empty());
            assert_eq!(data().combo.is_some(), number("type") == 1);
            assert_person(&expected["user"], data().user.as_ref().unwrap());
            // Of a streak alone the last word comes, from TikTok or from silence.
            let mut states = told.iter().filter_map(|told| match told {
                Told::Event(ChatEvent { body: Body::Event(data), .. }) => data.combo.as_ref().map(|combo| combo.state),
                _ => None,
            });
            assert!(number("type") != 1 || states.next_back() == Some(ComboState::Final));
        }
        "WebcastLikeMessage" => {
            let total = Some(number("total")).filter(|total| *total > 0);
            assert_eq!((data().count, data().total), (Some(number("count")), total));
            assert_person(&expected["user"], data().user.as_ref().unwrap());
        }
        "WebcastMemberMessage" if number("action") != 1 => assert!(told.is_empty()),
        "WebcastMemberMessage" => assert_person(&expected["user"], data().user.as_ref().unwrap()),
        "WebcastSocialMessage" => {
            let counts = [data().count.unwrap_or(0), data().total.unwrap_or(0)];
            let is_follow = number("action") == 1;
            assert_eq!(counts, if is_follow { [0, number("follow_count")] } else { [number("share_count"), 0] });
            assert_person(&expected["user"], data().user.as_ref().unwrap());
        }
        "WebcastRoomUserSeqMessage" => {
            let Body::Viewers(viewers) = &event().body else { panic!() };
            assert_eq!(viewers.viewers, Some(number("total")));
        }
        "WebcastControlMessage" => {
            let state = match number("action") {
                1 => RoomState::Paused,
                2 => RoomState::Resumed,
                3 => RoomState::Ended,
                other => panic!("{other}"),
            };
            assert_eq!(told, [Told::Room(state)]);
        }
        "WebcastImDeleteMessage" => {
            let gone = told.iter().map(|told| match told {
                Told::Event(ChatEvent { body: Body::Moderation(data), .. }) => data.user_id.clone().unwrap(),
                other => panic!("{other:?}"),
            });
            let users = expected["user_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned());
            assert_eq!(gone.collect::<Vec<_>>(), users.collect::<Vec<_>>());
        }
        "WebcastRoomPinMessage" => {
            let pin = data().pin.as_ref().unwrap();
            assert_eq!(expected["pin_msg_id"], pin.id.as_str());
            if let (Some(id), 1) = (expected["chat"]["msg_id"].as_str(), number("action")) {
                assert_eq!(id, pin.message_id);
            }
        }
        "WebcastPollMessage" => {
            let poll = data().poll.as_ref().unwrap();
            let choices = poll.choices.iter().map(|choice| serde_json::json!([choice.title, choice.votes]));
            assert_eq!(&choices.collect::<Vec<_>>(), expected["options"].as_array().unwrap());
            assert_eq!(poll.status == "completed", number("message_type") == 1);
        }
        "WebcastGoalUpdateMessage" => {
            let goals = told.iter().map(|told| match told {
                Told::Event(ChatEvent { body: Body::Event(data), .. }) => {
                    let goal = data.goal.as_ref().unwrap();
                    (goal.current, goal.target)
                }
                other => panic!("{other:?}"),
            });
            let parts = expected["subgoals"].as_array().unwrap().iter();
            let parts = parts.map(|part| (part[1].as_u64().unwrap(), part[2].as_u64().unwrap()));
            assert_eq!(goals.collect::<Vec<_>>(), parts.collect::<Vec<_>>());
        }
        "WebcastLinkMicArmies" => {
            let sides = data().poll.as_ref().unwrap().choices.iter().map(|side| (side.id.clone(), side.votes));
            let scores = expected["scores"].as_object().unwrap().iter();
            let scores = scores.map(|(id, score)| (id.clone(), score.as_u64().unwrap()));
            assert_eq!(sides.collect::<BTreeMap<_, _>>(), scores.collect::<BTreeMap<_, _>>());
        }
        "WebcastLinkMicBattle" if matches!(number("action"), 4..=6) => {
            let sides: BTreeMap<_, _> =
                data().poll.as_ref().unwrap().choices.iter().map(|side| (side.id.as_str(), side.votes)).collect();
            assert!(expected["anchors"].as_array().unwrap().iter().all(|id| sides.contains_key(id.as_str().unwrap())));
            for (id, result) in expected["results"].as_object().unwrap() {
                assert_eq!(Some(sides[id.as_str()]), result[1].as_u64());
            }
        }
        "WebcastEnvelopeMessage" if number("display") == 1 => assert_eq!(data().count, Some(number("diamonds"))),
        "WebcastQuestionNewMessage" => {
            assert_eq!(expected["text"].as_str(), data().message.as_ref().map(Content::raw));
        }
        "WebcastSubNotifyMessage" => assert_eq!(data().months, Some(1)),
        "WebcastCaptionMessage" => assert!(told.is_empty(), "all recorded ones are guesses"),
        "WebcastUnauthorizedMemberMessage" => {
            let guest = format!("Viewer{}", expected["name"].as_str().unwrap());
            assert_eq!(data().user.as_ref().unwrap().display_name, guest);
        }
        _ => {}
    }
}
