//! The demo of TikTok: who is there, and what else happens.

mod lines;

use polychat_model::{Body, Choice, Combo, ComboState, EventData, EventName, Gift, Person, Poll};

use super::cast::{Member, Standing, member};
use super::play::{How, Play, how, say};
use super::script::Script;

pub(super) static PLAY: Play = Play {
    cast: CAST,
    opening,
    scenes: lines::SCENES,
    happenings: &[arrivals, roses, question, spam, share, galaxy, ban, battle, rise, arrivals],
    crowd: lines::CROWD,
    emotes: &[("[duck]", DUCK), ("[brush]", BRUSH)],
    viewers: 963,
};

/// TikTok's own pictures are drawn by others, so emoji stand in for them.
macro_rules! emoji {
    ($code:literal) => {
        concat!("https://fonts.gstatic.com/s/e/notoemoji/15.1/", $code, "/72.png")
    };
}
const DUCK: &str = emoji!("1f986");
const BRUSH: &str = emoji!("1f58c_fe0f");

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
    join(stage);
    stage.talk(&[
        say("ayu.warna", "haiii kak Mira 👋👋"),
        say("jelly.bean.jo", "omg a {subject}"),
        say("hikari.draws", "きたー！🎉"),
    ]);
    follow(stage);
    likes(stage);
    stage.talk(&[
        say("budi_cat_air", "baru join, gambar apa nih?"),
        how("ayu.warna", How::Answers("budi_cat_air"), "{subject}! katanya sih 😂"),
        say("the.very.official.fanclub", "[duck]"),
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
    let data = of(stage, EventName::Join, member.login, "WebcastMemberMessage", format!("{} joined.", member.name));
    stage.happen(data);
}

fn follow(stage: &mut Script) {
    let member = stage.newcomer();
    let text = format!("{} followed the host.", member.name);
    let data = of(stage, EventName::Follow, member.login, "WebcastSocialMessage", text);
    stage.happen(data);
}

fn likes(stage: &mut Script) {
    let member = stage.anybody();
    let count = 3 + stage.dice.below(13);
    let text = format!("{} sent {count} likes.", member.name);
    let data = of(stage, EventName::Like, member.login, "WebcastLikeMessage", text);
    let total = Some(stage.like(count));
    stage.happen(EventData { count: Some(count), total, ..data });
}

/// What comes all the time.
fn arrivals(stage: &mut Script) {
    for _ in 0..3 {
        join(stage);
        likes(stage);
        stage.murmur();
    }
    follow(stage);
}

fn share(stage: &mut Script) {
    let member = stage.anybody();
    let text = format!("{} shared the LIVE.", member.name);
    let data = of(stage, EventName::Share, member.login, "WebcastSocialMessage", text);
    stage.happen(data);
    stage.talk(&[say("jelly.bean.jo", "sent this to my whole group chat, you are welcome")]);
}

fn question(stage: &mut Script) {
    let asked = stage.content("How do you know when it is finished?", false);
    let text = format!("museum cat asks: {}", asked.raw());
    let data = of(stage, EventName::Question, "museumcat", "WebcastQuestionNewMessage", text);
    stage.happen(EventData { message: Some(asked), ..data });
    stage.talk(&[
        say("polychat-demo", "When I am afraid to touch it."),
        say("glitterglue_gus", "glitter is how you know"),
    ]);
}

/// Somebody subscribes, somebody else reaches a level.
fn rise(stage: &mut Script) {
    let text = "glitterglue gus has subscribed for 4 months.".to_owned();
    let data = of(stage, EventName::Resubscription, "glitterglue_gus", "WebcastSubNotifyMessage", text);
    stage.happen(EventData { months: Some(4), ..data });
    stage.talk(&[say("glitterglue_gus", "one month for each colour of glitter [brush]")]);
    let text = "sofi 🌈 reached gifter level 12.".to_owned();
    let data = of(stage, EventName::Milestone, "sofi.colores", "WebcastBarrageMessage", text);
    stage.happen(EventData { count: Some(12), ..data });
}

/// Two streamers compete: one event that changes until somebody has won.
fn battle(stage: &mut Script) {
    let id = stage.new_id();
    let titles = ["Mira Paints 🎨", "Theo Throws Pots"];
    let other = Some(Person {
        id: "demo-theo".to_owned(),
        username: "theo.throws.pots".to_owned(),
        display_name: titles[1].to_owned(),
        avatar_url: None,
    });
    let mut points = [0_u64; 2];
    stage.wait(300);
    for revision in 0..4_u64 {
        if revision > 0 {
            points[0] += 60 + stage.dice.below(90);
            points[1] += 20 + stage.dice.below(90);
        }
        let is_over = revision == 3;
        let winner = (is_over && points[0] != points[1]).then(|| titles[usize::from(points[1] > points[0])].to_owned());
        let who = titles.join(" and ");
        let text = match &winner {
            Some(winner) => format!("The battle of {who} ended: {winner} won."),
            None if is_over => format!("The battle of {who} ended."),
            None => format!("The battle of {who} runs."),
        };
        let choices = titles.iter().zip(points).enumerate().map(|(at, (title, votes))| Choice {
            id: format!("{id}-{at}"),
            title: (*title).to_owned(),
            votes,
            points: None,
        });
        let poll = Poll {
            id: id.clone(),
            title: format!("Battle of {who}"),
            status: if is_over { "completed" } else { "active" }.to_owned(),
            choices: choices.collect(),
            remaining_ms: None,
            winner,
        };
        let data = EventData {
            event: EventName::Battle,
            text,
            other: other.clone(),
            native_type: Some("WebcastLinkMicBattle".to_owned()),
            poll: Some(poll),
            ..EventData::default()
        };
        stage.plan(revision * 2_000, &id, revision as u32, Body::Event(Box::new(data)));
    }
    stage.talk(&[
        say("ayu.warna", "ayo kak Mira 🔥🔥"),
        say("mod.marmalade", "paint beats clay, everybody knows that"),
        say("paintyourpasta", "clay beats pasta though"),
    ]);
}

/// A series that counts up in place.
fn roses(stage: &mut Script) {
    let id = stage.new_id();
    let data = of(stage, EventName::Gift, "sofi.colores", "WebcastGiftMessage", String::new());
    let gift = Gift {
        id: "5655".to_owned(),
        name: "Rose".to_owned(),
        image_url: Some(emoji!("1f339").into()),
        unit_cost: Some(1),
    };
    let counts = [1, 3, 4, 8, 11, 11];
    stage.wait(300);
    for (revision, count) in counts.into_iter().enumerate() {
        let state = if revision + 1 == counts.len() { ComboState::Final } else { ComboState::Running };
        let data = EventData {
            text: if count > 1 { format!("sofi 🌈 sent Rose x{count}.") } else { "sofi 🌈 sent Rose.".to_owned() },
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

/// A gift that comes alone, and costs.
fn galaxy(stage: &mut Script) {
    let login = "the.very.official.fanclub";
    let text = format!("{} sent Galaxy.", stage.member(login).name);
    let data = of(stage, EventName::Gift, login, "WebcastGiftMessage", text);
    let image_url = Some(emoji!("1f30c").into());
    let gift = Gift { id: "11046".to_owned(), name: "Galaxy".to_owned(), image_url, unit_cost: Some(1_000) };
    stage.happen(EventData { count: Some(1), gift: Some(gift), ..data });
    stage.talk(&[
        say("the.very.official.fanclub", "[duck] [duck] [duck]"),
        say("polychat-demo", "A galaxy for the duck! It says thank you. It says it from orbit. 🦆"),
    ]);
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
