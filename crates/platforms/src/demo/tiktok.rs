//! The demo of TikTok: who is there, and what else happens.

mod lines;

use polychat_model::{Body, Combo, ComboState, EventData, EventName, Gift};

use super::cast::{Member, Standing, member};
use super::play::{How, Play, how, say};
use super::script::Script;

pub(super) static PLAY: Play = Play {
    cast: CAST,
    opening,
    scenes: lines::SCENES,
    happenings: &[likes, roses, join, follow, spam, share, single_gift, ban, join, likes, follow],
    crowd: lines::CROWD,
    emotes: &[],
    viewers: 963,
};

const CAST: &[Member] = &[
    member("polychat-demo", "Mira Paints 🎨", "", Standing::Broadcaster),
    member("mod.marmalade", "mod marmalade", "", Standing::Moderator),
    member("ayu.warna", "Ayu Warna ✨", "", Standing::Subscriber(9)),
    member("budi_cat_air", "budi cat air", "", Standing::Viewer),
    member("hikari.draws", "ひかり", "", Standing::Viewer),
    member("sofi.colores", "sofi 🌈", "", Standing::Giver(12)),
    member("rasm_amal", "أمل ترسم", "", Standing::Viewer),
    member("nong.color", "น้องสีไม้", "", Standing::Giver(5)),
    member("glitterglue_gus", "glitterglue gus", "", Standing::Subscriber(4)),
    member("user7130000000042", "user7130000000042", "", Standing::Viewer),
    member("jelly.bean.jo", "jelly bean jo", "", Standing::Viewer),
    member("paintyourpasta", "paint your pasta 🍝", "", Standing::Viewer),
    member(
        "the.very.official.fanclub",
        "the very official fan club of the small duck in the corner of the painting",
        "",
        Standing::Giver(21),
    ),
    member("museumcat", "museum cat", "", Standing::Verified),
    member("free.followers.kind.of", "free followers (kind of)", "", Standing::Guest),
    member("copypaste_kevin", "copypaste kevin", "", Standing::Guest),
];

fn opening(stage: &mut Script) {
    stage.talk(&[
        say("ayu.warna", "haiii kak Mira 👋👋"),
        say("jelly.bean.jo", "omg a {subject}"),
        say("hikari.draws", "きたー！🎉"),
    ]);
    join(stage);
    stage.talk(&[
        say("budi_cat_air", "baru join, gambar apa nih?"),
        how("ayu.warna", How::Answers("budi_cat_air"), "{subject}! katanya sih 😂"),
        say("sofi.colores", "holaaa desde {place} 💃"),
        say("glitterglue_gus", "needs glitter"),
    ]);
}

/// An event of somebody.
fn of(stage: &Script, event: EventName, login: &str, native: &str, text: String) -> EventData {
    let user = Some(stage.member(login).author(stage.platform));
    EventData { event, text, user, native_type: Some(native.to_owned()), ..EventData::default() }
}

fn join(stage: &mut Script) {
    let member = stage.newcomer();
    let data = of(stage, EventName::Join, member.login, "WebcastMemberMessage", format!("{} joined", member.name));
    stage.happen(data);
    stage.murmur();
}

fn follow(stage: &mut Script) {
    let member = stage.newcomer();
    let text = format!("{} followed the host", member.name);
    let data = of(stage, EventName::Follow, member.login, "WebcastSocialMessage", text);
    stage.happen(data);
    stage.murmur();
}

fn share(stage: &mut Script) {
    let member = stage.anybody();
    let text = format!("{} shared the LIVE", member.name);
    let data = of(stage, EventName::Share, member.login, "WebcastSocialMessage", text);
    stage.happen(data);
    stage.talk(&[say("jelly.bean.jo", "sent this to my whole group chat, you are welcome")]);
}

fn likes(stage: &mut Script) {
    for _ in 0..2 {
        let member = stage.anybody();
        let count = 3 + stage.dice.below(13);
        let text = format!("{} sent {count} likes", member.name);
        let data = of(stage, EventName::Like, member.login, "WebcastLikeMessage", text);
        stage.happen(EventData { count: Some(count), ..data });
        stage.murmur();
    }
}

/// A series that counts up in place.
fn roses(stage: &mut Script) {
    let id = stage.new_id();
    let data = of(stage, EventName::Gift, "sofi.colores", "WebcastGiftMessage", String::new());
    let gift = Gift { id: "5655".to_owned(), name: "Rose".to_owned(), image_url: None, unit_cost: Some(1) };
    let counts = [1, 3, 4, 8, 11, 11];
    stage.wait(300);
    for (revision, count) in counts.into_iter().enumerate() {
        let state = if revision + 1 == counts.len() { ComboState::Final } else { ComboState::Running };
        let data = EventData {
            text: format!("sofi 🌈 sent Rose x{count}"),
            count: Some(count),
            gift: Some(gift.clone()),
            combo: Some(Combo { id: id.clone(), count, state }),
            ..data.clone()
        };
        stage.plan(revision as u64 * 450, &id, revision as u32, Body::Event(Box::new(data)));
    }
    stage.talk(&[
        say("nong.color", "กุหลาบเยอะมาก 🌹🌹"),
        say("polychat-demo", "Sofi! The {subject} now lives in a garden. Gracias!"),
    ]);
}

fn single_gift(stage: &mut Script) {
    let login = "the.very.official.fanclub";
    let text = format!("{} sent Doughnut", stage.member(login).name);
    let data = of(stage, EventName::Gift, login, "WebcastGiftMessage", text);
    let gift = Gift { id: "5879".to_owned(), name: "Doughnut".to_owned(), image_url: None, unit_cost: Some(30) };
    stage.happen(EventData { count: Some(1), gift: Some(gift), ..data });
    stage.talk(&[say(
        "polychat-demo",
        "A doughnut for the duck! It says thank you. It says it with its mouth full. 🦆",
    )]);
}

fn spam(stage: &mut Script) {
    let id = stage.say(&say("free.followers.kind.of", "get {n} followers today, some of them human!!"));
    stage.wait(700);
    stage.delete_message("free.followers.kind.of", id);
    stage.talk(&[say("mod.marmalade", "bye bye 👋"), say("paintyourpasta", "which ones were human tho")]);
}

fn ban(stage: &mut Script) {
    stage.talk(&[
        say("copypaste_kevin", "copy this {n} times or your brush goes bald"),
        say("copypaste_kevin", "copy this {n} times or your brush goes bald"),
    ]);
    stage.wait(900);
    stage.delete_user("copypaste_kevin", None);
    stage.talk(&[say("mod.marmalade", "my brush is fine, thanks"), say("hikari.draws", "筆が…！😱")]);
}
