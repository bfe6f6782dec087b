//! What happens in a room, as it stands in messages.

use polychat_testkit::tiktok::{Gift, Person, user_id};
use polychat_testkit::{SimTiktok, TkMessage};

use crate::reader::{Fields, Reader};

/// What comes of something that happens in the room of `luna`.
async fn told(act: impl FnOnce(&SimTiktok)) -> Vec<(String, Fields)> {
    let sim = SimTiktok::start().await;
    let room = sim.channel("luna").go_live();
    let mut reader = Reader::enter(&sim, room, &sim.mint()).await;
    reader.until("im_enter_room_resp").await;
    act(&sim);
    sim.channel("luna").send(&TkMessage::raw("End", b"".as_slice()));
    let mut all = Vec::new();
    loop {
        for (method, message, _) in reader.until("msg").await.messages() {
            if method == "End" {
                return all;
            }
            all.push((method, message));
        }
    }
}

#[tokio::test]
async fn a_chat_says_who_what_and_with_which_badges() {
    let alice = Person::new("alice").nickname("Alice 🌙").moderator().subscriber(3).gifter(15).follower();
    let mut told = told(|sim| {
        sim.channel("luna").send(&TkMessage::chat("مرحبا").from(&alice).to("bob").emote(3, "happy"));
    })
    .await;
    let (method, chat) = told.remove(0);
    assert_eq!((method.as_str(), chat.text(3).as_str()), ("WebcastChatMessage", "@bob مرحبا"));
    let common = chat.message(1);
    assert_eq!(common.text(1), "WebcastChatMessage");
    assert_eq!(common.number(2).to_string().len(), 19);
    assert_eq!(common.number(4).to_string().len(), 13);
    let user = chat.message(2);
    assert_eq!(
        (user.number(1), user.text(3).as_str(), user.text(38).as_str()),
        (user_id("alice"), "Alice 🌙", "alice")
    );
    assert_eq!(user.message(9).text(1), alice.avatar_url());
    let badges: Vec<_> =
        user.all(64).iter().map(|badge| Fields::read(badge)).map(|badge| (badge.number(3), badge.number(1))).collect();
    assert_eq!(badges, [(1, 2), (1, 4), (4, 1), (4, 4), (8, 1), (8, 4)], "each is there twice");
    let identity = chat.message(18);
    assert_eq!((identity.number(2), identity.number(4), identity.number(5), identity.number(6)), (1, 1, 1, 0));
    assert_eq!(chat.message(12).text(38), "bob");
    assert_eq!(chat.message(13).number(1), 3);
}

#[tokio::test]
async fn a_streak_tells_running_totals_and_a_single_gift_never_ends() {
    let told = told(|sim| {
        sim.channel("luna").gift_streak("alice", Gift::ROSE, &[1, 3, 2, 5], true);
        sim.channel("luna").gift("bob", Gift::GALAXY, 1);
    })
    .await;
    let gifts: Vec<_> = told.iter().map(|(_, gift)| (gift.number(5), gift.number(9), gift.number(11) > 0)).collect();
    assert_eq!(gifts, [(1, 0, true), (3, 0, true), (2, 0, true), (5, 0, true), (5, 1, true), (1, 0, false)]);
    let galaxy = told[5].1.message(15);
    assert_eq!(
        (galaxy.text(16).as_str(), galaxy.number(12), galaxy.number(11), galaxy.number(10)),
        ("Galaxy", 1_000, 2, 0)
    );
    assert_eq!(told[5].1.message(23).number(8), user_id("luna"));
}

#[tokio::test]
async fn everything_else_has_its_method_and_its_numbers() {
    let told = told(|sim| {
        let luna = sim.channel("luna");
        luna.like("alice", 15);
        luna.follow("alice");
        luna.share("alice");
        luna.join("alice");
        luna.viewers(80);
        let id = luna.say("alice", "pin me");
        luna.pin(id);
        luna.unpin();
        luna.delete(id);
        luna.delete_user("alice");
        luna.question("alice", "Why?");
        luna.poll("Which?", &["A", "B"]);
        luna.envelope("alice", 100, 10);
        luna.pause();
        luna.end();
    })
    .await;
    let methods: Vec<_> =
        told.iter().map(|(method, _)| method.trim_start_matches("Webcast").trim_end_matches("Message")).collect();
    let expected = [
        "Like",
        "Social",
        "Social",
        "Member",
        "RoomUserSeq",
        "Chat",
        "RoomPin",
        "RoomPin",
        "ImDelete",
        "ImDelete",
        "QuestionNew",
        "Poll",
        "Envelope",
        "Control",
        "Control",
    ];
    assert_eq!(methods, expected);
    let number = |at: usize, field| told[at].1.number(field);
    assert_eq!((number(0, 2), number(0, 3)), (15, 15));
    assert_eq!((number(1, 4), number(1, 6), number(2, 4)), (1, 1_201, 3));
    assert_eq!((number(4, 3), number(4, 7)), (80, 80));
    let chat = told[5].1.message(1).number(2);
    assert_eq!(told[6].1.message(2).message(1).number(2), chat, "the pin has the chat in it");
    let pin = told[6].1.message(1).number(2);
    assert_eq!((number(6, 33), number(6, 35), number(7, 33), number(7, 35)), (1, pin, 2, pin));
    assert_eq!((number(13, 2), number(14, 2)), (1, 3));
}
