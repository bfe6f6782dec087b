//! What counts, what does not, and what is there again after a restart.

use polychat_model::{
    ChatMessage, Combo, ComboState, Gift, MetadataType, ModerationAction, ModerationData, MonetaryData, ViewersData,
};

use super::*;

const NOW: i64 = 1_764_000_000_000;

fn event(id: &str, body: Body) -> ChatEvent {
    ChatEvent { id: id.into(), revision: 0, sent_at_ms: NOW, room_id: "1".into(), history: false, body }
}

fn chat(id: &str, author: &str) -> ChatEvent {
    let author = Author { id: author.into(), username: author.into(), ..Author::default() };
    let data = ChatData { author, content: Content::plain("hi"), ..ChatData::default() };
    event(id, Body::Chat(Box::new(ChatMessage { message_id: id.into(), data })))
}

fn gift(id: &str, count: u64) -> ChatEvent {
    let gift = Gift { id: "5655".into(), name: "Rose".into(), image_url: None, unit_cost: Some(3) };
    let combo = Combo { id: id.into(), count, state: ComboState::Running };
    let data = EventData {
        event: EventName::Gift,
        gift: Some(gift),
        count: Some(count),
        combo: Some(combo),
        ..EventData::default()
    };
    event(id, Body::Event(Box::new(data)))
}

fn tally() -> Tally {
    Tally::new(Platform::Tiktok, NOW)
}

/// The tally as it would be after a restart.
fn restarted(tally: &mut Tally, parts: &mut Parts, now_ms: i64) -> Option<Tally> {
    let changes = tally.changes().expect("something was counted");
    if changes.anew {
        parts.clear();
    }
    parts.extend(changes.parts);
    Tally::restore(Platform::Tiktok, parts, now_ms)
}

#[test]
fn everything_can_be_saved_once_more() {
    let (mut tally, mut parts) = (tally(), Parts::new());
    for (id, author) in [("1", "a"), ("2", "b"), ("3", "b")] {
        tally.take(&chat(id, author), Verdict::New, NOW);
    }
    restarted(&mut tally, &mut parts, NOW).unwrap();
    tally.take(&chat("4", "b"), Verdict::New, NOW);
    tally.save_all();
    let changes = tally.changes().unwrap();
    assert!(changes.anew, "what is there makes no sense beside it");
    let mut again = Tally::restore(Platform::Tiktok, &changes.parts, NOW).unwrap();
    assert_eq!(again.data(9, NOW).unique_users, tally.data(9, NOW).unique_users);
    assert_eq!(again.data(9, NOW).total_messages, 4);
    assert!(!again.take(&chat("1", "a"), Verdict::New, NOW), "the last happenings are among it");
    assert_eq!(tally.changes(), None);
}

#[test]
fn messages_and_their_writers_are_counted() {
    let mut tally = tally();
    for (id, author) in [("1", "a"), ("2", "b"), ("3", "b")] {
        assert!(tally.take(&chat(id, author), Verdict::New, NOW));
    }
    let mut renamed = chat("4", "b");
    if let Body::Chat(chat) = &mut renamed.body {
        chat.data.author.username = "bee".into();
        chat.data.first_message = true;
    }
    tally.take(&renamed, Verdict::New, NOW);
    let data = tally.data(1, NOW);
    assert_eq!((data.total_messages, data.unique_user_count, data.first_time_chatters), (4, 2, 1));
    assert_eq!((data.unique_users.len(), &*data.unique_users[0].username), (1, "bee"));
    assert_eq!((data.unique_users[0].message_count, data.unique_users[0].message_count_error), (3, 0));
    assert_eq!(data.messages_per_minute.now, 4);
}

#[test]
fn what_was_written_before_we_came_counts_but_is_no_rush() {
    let mut tally = tally();
    let old = ChatEvent { history: true, ..chat("1", "a") };
    assert!(tally.take(&old, Verdict::New, NOW));
    let data = tally.data(10, NOW);
    assert_eq!((data.total_messages, data.messages_per_minute.now), (1, 0));
}

#[test]
fn a_combo_counts_what_it_is_in_the_end() {
    let mut tally = tally();
    assert!(tally.take(&gift("g", 1), Verdict::New, NOW));
    assert!(tally.take(&gift("g", 7), Verdict::Updated, NOW));
    assert!(!tally.take(&gift("g", 7), Verdict::Updated, NOW), "its end changes nothing");
    tally.take(&gift("h", 2), Verdict::New, NOW);
    let data = tally.data(10, NOW);
    assert_eq!(data.gifts, Gifts { count: 9, diamonds: 27, jewels: 0 });
    assert_eq!(data.events[&EventName::Gift], 2, "two combos");
}

#[test]
fn money_is_summed_by_currency_and_emotes_one_by_one() {
    let mut tally = tally();
    for (id, currency, micros) in [("1", "USD", 5_000_000), ("2", "EUR", 2_500_000), ("3", "USD", 1)] {
        let mut paid = chat(id, "a");
        if let Body::Chat(chat) = &mut paid.body {
            chat.data.metadata.kind = MetadataType::SuperChat;
            chat.data.metadata.monetary_data = Some(MonetaryData {
                amount: String::new(),
                formatted: String::new(),
                color: String::new(),
                money: Some(Money { micros, currency: currency.into() }),
                bits: Some(10),
                tier: None,
                colors: None,
            });
        }
        tally.take(&paid, Verdict::New, NOW);
    }
    let data = tally.data(10, NOW);
    assert_eq!((data.super_chats, data.bits), (3, 30));
    let sums: Vec<_> = data.money.iter().map(|sum| (&*sum.currency, sum.micros, sum.count)).collect();
    assert_eq!(sums, [("EUR", 2_500_000, 1), ("USD", 5_000_001, 2)]);
}

#[test]
fn deletions_do_not_uncount() {
    let mut tally = tally();
    tally.take(&chat("1", "a"), Verdict::New, NOW);
    let deletion = ModerationData {
        action: ModerationAction::DeleteMessage,
        message_id: Some("1".into()),
        user_id: None,
        username: None,
        duration_seconds: None,
    };
    tally.take(&event("d", Body::Moderation(deletion)), Verdict::New, NOW);
    let data = tally.data(10, NOW);
    assert_eq!((data.total_messages, data.deletions), (1, 1));
}

#[test]
fn a_restart_goes_on_and_repetitions_are_counted_once() {
    let (mut before, mut parts) = (tally(), Parts::new());
    before.broadcast("room-1", NOW);
    for n in 0..100 {
        before.take(&chat(&n.to_string(), &format!("user-{}", n % 7)), Verdict::New, NOW);
    }
    before.take(&gift("g", 4), Verdict::New, NOW);
    let viewers = ViewersData { viewers: Some(12), ..ViewersData::default() };
    before.take(&event("v", Body::Viewers(viewers)), Verdict::New, NOW);
    let mut after = restarted(&mut before, &mut parts, NOW + 1_000).unwrap();
    assert!(before.changes().is_none(), "nothing is saved twice");
    after.broadcast("room-1", NOW + 1_000);
    assert!(!after.take(&chat("99", "user-1"), Verdict::New, NOW + 1_000), "the platform repeats it");
    assert!(!after.take(&gift("g", 9), Verdict::Updated, NOW + 1_000), "what it was counted as is not known");
    let (one, two) = (before.data(100, NOW), after.data(100, NOW));
    assert_eq!(two.messages_per_minute.now, 0, "the rate begins anew");
    let rate = one.messages_per_minute.clone();
    assert_eq!(StatsData { messages_per_minute: rate, ..two }, one);
    assert!(after.take(&chat("100", "user-0"), Verdict::New, NOW + 1_000));
    let again = restarted(&mut after, &mut parts, NOW + 2_000).unwrap().data(1, NOW + 2_000);
    assert_eq!((again.total_messages, again.unique_users[0].message_count), (101, 16), "only changes were saved");
}

#[test]
fn another_broadcast_or_a_long_silence_begins_anew() {
    let (mut tally, mut parts) = (tally(), Parts::new());
    tally.broadcast("one", NOW);
    tally.take(&chat("1", "a"), Verdict::New, NOW);
    assert!(restarted(&mut tally, &mut parts, NOW + FORGET_MS + 1).is_none(), "too old");
    tally.broadcast("one", NOW);
    assert_eq!(tally.data(1, NOW).total_messages, 1);
    tally.broadcast("two", NOW + 5);
    assert_eq!((tally.data(1, NOW).total_messages, tally.changes().map(|c| c.anew)), (0, Some(true)));
    tally.take(&chat("2", "a"), Verdict::New, NOW);
    tally.take(&chat("3", "a"), Verdict::New, NOW + FORGET_MS + 6);
    assert_eq!(tally.data(1, NOW).total_messages, 1);
}

#[test]
fn damaged_parts_are_no_statistics_and_do_no_harm() {
    let (mut tally, mut parts) = (tally(), Parts::new());
    tally.take(&chat("1", "a"), Verdict::New, NOW);
    restarted(&mut tally, &mut parts, NOW).unwrap();
    for number in parts.keys().copied().collect::<Vec<_>>() {
        for bytes in [b"".as_slice(), b"{}", b"\xff\x00", &[7; 4096]] {
            let mut damaged = parts.clone();
            damaged.insert(number, bytes.to_vec());
            if let Some(mut tally) = Tally::restore(Platform::Tiktok, &damaged, NOW) {
                tally.take(&chat("2", "b"), Verdict::New, NOW);
                tally.data(10, NOW);
            }
        }
    }
}

#[test]
fn a_crowd_is_estimated_and_costs_no_more() {
    let mut tally = tally();
    let crowd = 50_000;
    for n in 0..crowd {
        tally.take(&chat(&format!("m{n}"), &format!("user-{n}")), Verdict::New, NOW);
        if n % 10 == 0 {
            tally.take(&chat(&format!("r{n}"), "regular"), Verdict::New, NOW);
        }
    }
    let data = tally.data(1, NOW);
    assert_eq!(tally.chatters.len(), CHATTERS);
    assert!(data.unique_user_count_is_estimate);
    let error = (data.unique_user_count as f64 - f64::from(crowd)).abs() / f64::from(crowd);
    assert!(error < 0.05, "{}", data.unique_user_count);
    let first = &data.unique_users[0];
    assert_eq!(&*first.id, "regular");
    assert!(first.message_count >= 5_000 && first.message_count - first.message_count_error <= 5_000);
    assert!(first.message_count_error <= data.total_messages / CHATTERS as u64);
    let saved: usize = tally.changes().unwrap().parts.values().map(Vec::len).sum();
    assert!(saved < 1_500_000, "{saved} bytes are saved");
}

#[test]
fn emotes_are_counted_by_their_pictures() {
    let mut tally = tally();
    let emote = |url: &str| polychat_model::EmoteMetadata {
        url: url.into(),
        alt: String::new(),
        is_custom: false,
        style: None,
    };
    let mut message = chat("1", "a");
    if let Body::Chat(chat) = &mut message.body {
        let content = serde_json::json!({"raw": "Kappa Kappa LUL", "formatted": "", "sanitized": "", "rawHtml": "",
            "elements": [
                {"type": "emote", "value": "Kappa", "position": [0, 5], "metadata": emote("https://e/kappa")},
                {"type": "emote", "value": "Kappa", "position": [6, 11], "metadata": emote("https://e/kappa")},
                {"type": "emote", "value": "LUL", "position": [12, 15], "metadata": emote("https://e/lul")}]});
        chat.data.content = serde_json::from_value(content).unwrap();
    }
    tally.take(&message, Verdict::New, NOW);
    let top: Vec<_> = tally.data(1, NOW).top_emotes.into_iter().map(|emote| (emote.name, emote.count)).collect();
    assert_eq!(top, [("Kappa".to_owned(), 2), ("LUL".to_owned(), 1)]);
}

/// Chat, a growing combo, money and viewers, in the order in which they come.
fn busy(from: usize, to: usize) -> Vec<(ChatEvent, Verdict, i64)> {
    (from..to)
        .zip((NOW..).step_by(500).skip(from))
        .map(|(n, at)| {
            match n % 5 {
                // One combo over all of it.
                3 => (gift("combo", n as u64), if n == 3 { Verdict::New } else { Verdict::Updated }, at),
                4 => (
                    event(
                        &format!("v{n}"),
                        Body::Viewers(ViewersData { viewers: Some(n as u64), ..ViewersData::default() }),
                    ),
                    Verdict::New,
                    at,
                ),
                _ => (chat(&n.to_string(), ["a", "b", "c", "d"][n % 4]), Verdict::New, at),
            }
        })
        .collect()
}

#[test]
fn what_was_counted_by_itself_and_added_is_what_one_count_of_all_is() {
    let end = NOW + 60_000;
    let (mut one, mut first) = (tally(), tally());
    for (event, verdict, at) in busy(0, 100) {
        one.take(&event, verdict, at);
    }
    for (event, verdict, at) in busy(0, 60) {
        first.take(&event, verdict, at);
    }
    let mut later = first.following(NOW + 30_000);
    assert!(!later.take(&chat("1", "a"), Verdict::New, NOW + 30_000), "known from before");
    for (event, verdict, at) in busy(60, 100) {
        later.take(&event, verdict, at);
    }
    assert_eq!(later.data(9, end).gifts.count, 98 - 58, "of the combo only what came since");
    first.absorb(later);
    assert_eq!(first.data(9, end), one.data(9, end));
    let mut parts = Parts::new();
    let restored = restarted(&mut first, &mut parts, end).unwrap();
    assert_eq!(restored.data(9, end).unique_users, one.data(9, end).unique_users, "and all of it is saved");
    assert!(!first.take(&chat("97", "c"), Verdict::New, end), "what was seen there is known here");
}

#[test]
fn another_broadcast_that_began_meanwhile_begins_anew() {
    let mut first = tally();
    first.broadcast("1", NOW);
    first.take(&chat("1", "a"), Verdict::New, NOW);
    first.changes();
    let mut later = first.following(NOW);
    later.take(&chat("2", "a"), Verdict::New, NOW);
    later.broadcast("2", NOW);
    later.take(&chat("3", "a"), Verdict::New, NOW);
    first.absorb(later);
    assert_eq!(first.data(9, NOW).total_messages, 1);
    assert!(first.changes().unwrap().anew, "what was saved is of the other broadcast");
}
