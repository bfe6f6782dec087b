use std::collections::{BTreeSet, HashMap, HashSet};

use polychat_model::{ComboState, Element, EventName};

use super::*;

fn script(platform: Platform) -> Script {
    Script::new(platform, platform as u64, 1_700_000_000_000_000)
}

fn allowed(platform: Platform) -> &'static [EventName] {
    use EventName::{
        Announcement, Battle, Follow, Gift, GiftSubscription, Join, Like, Membership, Milestone, Pin, Poll, Question,
        Raid, Resubscription, Reward, Share, Subscription, WatchStreak,
    };
    match platform {
        Platform::Youtube => &[GiftSubscription, Membership, Milestone, Pin, Poll],
        Platform::Tiktok => &[Battle, Follow, Gift, Join, Like, Milestone, Question, Resubscription, Share],
        Platform::Twitch => &[
            Announcement,
            Follow,
            GiftSubscription,
            Pin,
            Poll,
            Raid,
            Resubscription,
            Reward,
            Subscription,
            WatchStreak,
        ],
    }
}

#[test]
fn an_id_comes_again_only_as_an_update() {
    for platform in Platform::ALL {
        let mut revisions: HashMap<Arc<str>, u32> = HashMap::new();
        for (_, step) in script(platform).take(10_000) {
            let expected = revisions.get(&step.id).map_or(0, |revision| revision + 1);
            assert_eq!(step.revision, expected, "{}", step.id);
            assert!(step.id.starts_with(&format!("demo:{platform}:1700000000000000-")), "{}", step.id);
            revisions.insert(step.id, step.revision);
        }
    }
}

#[test]
fn deletions_and_answers_name_what_was_said_and_is_still_there() {
    for platform in Platform::ALL {
        let (mut there, mut deleted) = (HashMap::new(), 0);
        for (_, step) in script(platform).take(5_000) {
            match step.body {
                Body::Chat(chat) => {
                    if let Some(reply) = chat.data.reply {
                        assert_eq!(there.get(&reply.message_id), Some(&reply.user.id), "{}", reply.text);
                        assert!(there.contains_key(&reply.thread_id));
                    }
                    there.insert(chat.message_id, chat.data.author.id);
                }
                Body::Moderation(data) => {
                    deleted += 1;
                    let before = there.len();
                    if let Some(id) = data.message_id {
                        assert_eq!(there.remove(&id), data.user_id);
                    } else {
                        there.retain(|_, user| Some(&*user) != data.user_id.as_ref());
                    }
                    assert!(there.len() < before);
                }
                _ => {}
            }
        }
        assert!(deleted > 20, "{deleted}");
    }
}

#[test]
fn each_platform_shows_all_that_it_knows_within_120_steps_and_nothing_else() {
    for platform in Platform::ALL {
        let names = |steps: usize| -> HashSet<EventName> {
            let events = script(platform).take(steps).filter_map(|(_, step)| match step.body {
                Body::Event(data) => Some(data.event),
                _ => None,
            });
            events.collect()
        };
        let allowed: HashSet<EventName> = allowed(platform).iter().copied().collect();
        assert_eq!(names(120), allowed, "{platform}");
        assert_eq!(names(10_000), allowed, "{platform}");

        let mut seen = BTreeSet::new();
        for (_, step) in script(platform).take(120) {
            match step.body {
                Body::Viewers(_) => drop(seen.insert("viewers")),
                Body::Moderation(data) => {
                    seen.insert(if data.message_id.is_some() { "delete message" } else { "delete user" });
                }
                Body::Event(data) => {
                    let updated = data.combo.is_some() && step.revision > 0;
                    seen.extend(updated.then_some("combo"));
                }
                Body::Chat(chat) => {
                    let data = chat.data;
                    let money = data.metadata.monetary_data;
                    seen.extend(data.reply.is_some().then_some("reply"));
                    seen.extend(data.first_message.then_some("first"));
                    seen.extend(data.action.then_some("me"));
                    seen.extend(data.highlight.is_some().then_some("highlighted"));
                    seen.extend(money.map(|money| if money.bits.is_some() { "bits" } else { "money" }));
                    seen.extend(data.content.elements().iter().filter_map(|element| match element {
                        Element::Text { .. } => None,
                        Element::Emote { .. } => Some("emote"),
                        Element::Link { .. } => Some("link"),
                        Element::Mention { .. } => Some("mention"),
                        Element::Cheer { .. } => Some("cheer"),
                    }));
                }
            }
        }
        let mut expected = BTreeSet::from(["viewers", "delete message", "delete user", "combo", "reply", "link"]);
        match platform {
            Platform::Youtube => expected.extend(["money", "mention"]),
            Platform::Tiktok => expected.extend(["emote"]),
            Platform::Twitch => {
                expected.extend(["first", "me", "highlighted", "bits", "cheer", "emote", "mention"]);
            }
        }
        assert_eq!(seen, expected, "{platform}");
    }
}

#[test]
fn on_tiktok_series_of_gifts_and_battles_end_and_likes_only_grow() {
    let (mut open, mut ended, mut likes) = (HashSet::new(), 0, 0);
    for (_, step) in script(Platform::Tiktok).take(5_000) {
        let Body::Event(data) = step.body else { continue };
        let over = match (&data.combo, &data.poll) {
            (Some(combo), _) => {
                assert_eq!(data.count, Some(combo.count));
                combo.state == ComboState::Final
            }
            (None, Some(poll)) => poll.status == "completed",
            (None, None) => {
                if let Some(total) = data.total {
                    assert!(total > likes, "{total} after {likes}");
                    likes = total;
                }
                continue;
            }
        };
        if over {
            assert!(open.remove(&step.id), "{} ended before it began", step.id);
            ended += 1;
        } else {
            open.insert(step.id);
        }
    }
    assert!(ended > 20 && open.len() <= 1 && likes > 1_204, "{ended}, {}, {likes}", open.len());
}

#[test]
fn the_parts_of_a_message_are_its_text_and_no_word_is_left_open() {
    for platform in Platform::ALL {
        for (_, step) in script(platform).take(10_000) {
            let content = match step.body {
                Body::Chat(chat) => chat.data.content,
                Body::Event(data) => data.message.unwrap_or_default(),
                _ => continue,
            };
            let joined: String = content.elements().iter().map(Element::value).collect();
            assert_eq!(joined, content.raw());
            assert!(!joined.contains(['{', '}']), "{joined}");
        }
    }
}

#[test]
fn it_is_lively_at_once_and_then_says_about_three_things_in_two_seconds() {
    for platform in Platform::ALL {
        let mut at = Duration::ZERO;
        let (mut early, mut early_events, mut messages) = (0, 0, 0);
        for (pause, step) in script(platform).take(5_000) {
            at += pause;
            if at <= Duration::from_millis(300) {
                early += u32::from(matches!(step.body, Body::Chat(_) | Body::Event(_)));
                early_events += u32::from(matches!(step.body, Body::Event(_)));
            }
            messages += u32::from(matches!(step.body, Body::Chat(_)));
        }
        assert!(early >= 8 && early_events >= 1, "{platform}: {early}, {early_events}");
        let rate = f64::from(messages) / at.as_secs_f64();
        assert!((1.1..1.9).contains(&rate), "{platform}: {rate}");
    }
}

#[test]
fn what_it_remembers_does_not_grow() {
    for platform in Platform::ALL {
        let mut script = script(platform);
        for _ in 0..10_000 {
            script.next();
            assert!(script.agenda.len() < 64 && script.said.len() <= script.play.cast.len());
        }
    }
}

#[test]
fn there_is_enough_to_say_and_there_are_enough_people() {
    for platform in Platform::ALL {
        let play = script(platform).play;
        let lines: usize = play.scenes.iter().map(|scene| scene.len()).sum::<usize>() + play.crowd.len();
        let logins: HashSet<&str> = play.cast.iter().map(|member| member.login).collect();
        assert!(lines >= 60 && logins.len() >= 12, "{platform}: {lines} lines, {} people", logins.len());
        assert_eq!(logins.len(), play.cast.len());
    }
}

#[test]
fn the_same_seed_gives_the_same_conversation() {
    let steps = |seed| script_of(seed).take(300).collect::<Vec<_>>();
    assert_eq!(steps(1), steps(1));
    assert_ne!(steps(1), steps(2));
}

fn script_of(seed: u64) -> Script {
    Script::new(Platform::Twitch, seed, 5)
}
