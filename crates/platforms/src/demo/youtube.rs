//! The demo of YouTube: who is there, and what else happens.

mod lines;

use polychat_model::{Body, Choice, Combo, ComboState, EventData, EventName, Pin, Poll};

use super::cast::{Member, Standing, member};
use super::play::{How, Play, how, say};
use super::script::Script;
use super::tiers;

pub(super) static PLAY: Play = Play {
    cast: CAST,
    opening,
    scenes: lines::SCENES,
    happenings: &[super_chat, milestone, gifts, spam, poll, membership, pin, ban, big_super_chat, sticker, bidding],
    crowd: lines::CROWD,
    emotes: &[],
    viewers: 1_870,
};

const CAST: &[Member] = &[
    member("polychat-demo", "Mira Paints", "", Standing::Broadcaster),
    member("tilda.turpentine", "Tilda Turpentine", "", Standing::Moderator),
    member("grandpa-gouache", "Grandpa Gouache", "", Standing::Subscriber(18)),
    member("putri.melukis", "Putri Melukis", "", Standing::Subscriber(2)),
    member("sora-no-fude", "空の筆", "", Standing::Viewer),
    member("abuela.acuarela", "Abuela Acuarela", "", Standing::Subscriber(6)),
    member("noor-alwan", "نور الألوان", "", Standing::Viewer),
    member("fahsai.art", "ฟ้าใส วาดรูป", "", Standing::Viewer),
    member(
        "dr-bartholomew",
        "Dr. Bartholomew Featherstonehaugh-Pemberton, Retired Lighthouse Keeper",
        "",
        Standing::Viewer,
    ),
    member("easel.weasel", "Easel Weasel", "", Standing::Subscriber(12)),
    member("pixel-pierogi", "Pixel Pierogi", "", Standing::Viewer),
    member("museum-of-naps", "Museum of Naps", "", Standing::Verified),
    member("kid-with-a-crayon", "Kid With A Crayon", "", Standing::Viewer),
    member("blue.period.pete", "Blue Period Pete", "", Standing::Subscriber(1)),
    member("win-a-canvas", "WIN A CANVAS", "", Standing::Guest),
    member("capslock-carl", "CAPSLOCK CARL", "", Standing::Guest),
];

fn opening(stage: &mut Script) {
    stage.talk(&[
        say("polychat-demo", "Hello hello! Today's guest on the easel: a {subject} 🎨"),
        say("easel.weasel", "made it before the first brush stroke!!"),
        say("sora-no-fude", "こんにちは！待ってました 🙌"),
        how("abuela.acuarela", How::Answers("sora-no-fude"), "Hola desde {place} ☀️"),
    ]);
    membership(stage);
    stage.talk(&[
        say("putri.melukis", "Halo kak Mira! Hari ini gambar apa?"),
        how("polychat-demo", How::Answers("putri.melukis"), "A {subject}! If it goes wrong: a cloud."),
        say("grandpa-gouache", "Evening all. I brought {snack} and opinions."),
    ]);
}

/// An event of somebody.
fn of(stage: &Script, event: EventName, login: &str, native: &str, text: String) -> EventData {
    let user = Some(stage.member(login).author(stage.platform));
    EventData { event, text, user, native_type: Some(native.to_owned()), ..EventData::default() }
}

fn membership(stage: &mut Script) {
    let member = stage.newcomer();
    let text = format!("{} became a member: Brush Club", member.name);
    let data = of(stage, EventName::Membership, member.login, "liveChatMembershipItemRenderer", text);
    stage.happen(EventData { tier: Some("Brush Club".to_owned()), ..data });
}

fn milestone(stage: &mut Script) {
    let text = "Grandpa Gouache has been a member for 18 months.".to_owned();
    let data = of(stage, EventName::Milestone, "grandpa-gouache", "liveChatMembershipItemRenderer", text);
    let message = stage.content("A year and a half, and I finally own a second brush", false);
    stage.happen(EventData {
        message: Some(message),
        months: Some(18),
        count: Some(18),
        tier: Some("Brush Club".to_owned()),
        ..data
    });
    stage.talk(&[say("polychat-demo", "@grandpa-gouache and I taught you neither of them!")]);
}

fn gifts(stage: &mut Script) {
    let names = ["sora-no-fude", "fahsai.art", "pixel-pierogi"];
    let id = stage.new_id();
    let text = "Easel Weasel gifted 3 memberships.".to_owned();
    let native = "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer";
    let data = of(stage, EventName::GiftSubscription, "easel.weasel", native, text);
    stage.wait(300);
    for named in 0..=names.len() {
        let state = if named == names.len() { ComboState::Final } else { ComboState::Running };
        let data = EventData {
            count: Some(3),
            recipients: names[..named].iter().map(|login| stage.member(login).person()).collect(),
            combo: Some(Combo { id: id.clone(), count: 3, state }),
            ..data.clone()
        };
        stage.plan(named as u64 * 500, &id, named as u32, Body::Event(Box::new(data)));
    }
    stage.talk(&[say("fahsai.art", "ขอบคุณค่า 🥹💙"), say("pixel-pierogi", "a membership! for me! in this economy!")]);
}

fn super_chat(stage: &mut Script) {
    stage.talk(&[
        how(
            "museum-of-naps",
            How::Pays("$5.00", 5_000_000, "USD", tiers::GREEN),
            "For the {subject}'s retirement fund",
        ),
        how("abuela.acuarela", How::Pays("€2.00", 2_000_000, "EUR", tiers::CYAN), "Para un café, mija ☕"),
        how("polychat-demo", How::Answers("museum-of-naps"), "It retires at five. Thank you both!"),
    ]);
}

fn big_super_chat(stage: &mut Script) {
    stage.talk(&[
        how("sora-no-fude", How::Pays("¥1,500", 1_500_000_000, "JPY", tiers::YELLOW), "いつも癒やされています！🍵"),
        how("putri.melukis", How::Pays("Rp50.000", 50_000_000_000, "IDR", tiers::CYAN), "Buat beli cat {color} 😆"),
        say("polychat-demo", "I am going to buy so much {color}. Arigatou! Terima kasih!"),
    ]);
}

/// A sticker of the demo's own: YouTube's are drawn by others, so a picture of its emoji stands in for one.
const CHEERS: (&str, &str) =
    ("https://fonts.gstatic.com/s/e/notoemoji/15.1/1f942/72.png", "Two brushes clink like glasses");

fn sticker(stage: &mut Script) {
    stage.talk(&[
        how("tilda.turpentine", How::Sticks("£0.99", 990_000, "GBP", tiers::BLUE, CHEERS), ""),
        say("polychat-demo", "Cheers, Tilda! Brushes up!"),
    ]);
}

fn bidding(stage: &mut Script) {
    stage.talk(&[
        how("dr-bartholomew", How::Pays("CA$25.00", 25_000_000, "CAD", tiers::ORANGE), "I bid for the {subject}."),
        how("noor-alwan", How::Pays("$50.00", 50_000_000, "USD", tiers::MAGENTA), "أعرض أكثر! لوحة رائعة 🎨"),
        how(
            "grandpa-gouache",
            How::Pays("$100.00", 100_000_000, "USD", tiers::RED),
            "Final offer. It hangs over the sofa.",
        ),
        say("polychat-demo", "Sold! I will frame it myself, {color} frame, no extra charge."),
    ]);
}

fn spam(stage: &mut Script) {
    let id = stage.say(&say("win-a-canvas", "You have WON a canvas!!! Send us a stamp to claim it!!!"));
    stage.wait(800);
    stage.delete_message("win-a-canvas", id);
    stage.talk(&[
        say("tilda.turpentine", "Nobody has won a canvas. Carry on."),
        say("kid-with-a-crayon", "i already sent the stamp 😭"),
    ]);
}

fn ban(stage: &mut Script) {
    stage.talk(&[say("capslock-carl", "WHY IS EVERYBODY SO QUIET"), say("capslock-carl", "I SAID WHY {n} TIMES")]);
    stage.wait(1_000);
    stage.delete_user("capslock-carl", None);
    stage.talk(&[say("tilda.turpentine", "Carl may come back when he has found the small letters.")]);
}

fn poll(stage: &mut Script) {
    let id = stage.new_id();
    let titles = ["Misty morning", "Purple dusk", "Broad daylight, no secrets"];
    let title = format!("Which light for the {}?", stage.subject());
    let mut votes = [0_u64; 3];
    stage.wait(300);
    for revision in 0..4_u64 {
        if revision > 0 {
            for votes in &mut votes {
                *votes += 10 + stage.dice.below(90);
            }
        }
        let is_over = revision == 3;
        let choices = titles.iter().zip(votes).enumerate().map(|(at, (title, votes))| Choice {
            id: format!("{id}-{at}"),
            title: (*title).to_owned(),
            votes,
            points: None,
        });
        let best = (0..3).max_by_key(|at| votes[*at]).filter(|_| is_over).map(|at| titles[at]);
        let data = EventData {
            event: EventName::Poll,
            text: best.map_or_else(|| format!("Poll: {title}"), |best| format!("Poll ended: {title} {best}.")),
            count: Some(votes.iter().sum()),
            native_type: Some("liveChatPollRenderer".to_owned()),
            poll: Some(Poll {
                id: id.clone(),
                title: title.clone(),
                status: if is_over { "completed" } else { "active" }.to_owned(),
                choices: choices.collect(),
                remaining_ms: None,
                winner: best.map(str::to_owned),
            }),
            ..EventData::default()
        };
        stage.plan(revision * 3_000, &id, revision as u32, Body::Event(Box::new(data)));
    }
    stage.talk(&[
        say("dr-bartholomew", "In forty years at the lighthouse I saw all three, often before breakfast."),
        say("blue.period.pete", "where is the option \"blue\""),
    ]);
}

fn pin(stage: &mut Script) {
    let message_id = stage.say(&say("polychat-demo", "Colours used today: https://example.com/palette"));
    let data = of(
        stage,
        EventName::Pin,
        "polychat-demo",
        "addBannerToLiveChatCommand",
        "Mira Paints pinned a message.".to_owned(),
    );
    let id = stage.new_id();
    let text = stage.latest("polychat-demo");
    let other = Some(stage.member("polychat-demo").person());
    stage.happen(EventData { other, pin: Some(Pin { id, message_id, text, ends_at: None }), ..data });
}
