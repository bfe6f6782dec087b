//! The demo of Twitch: who is there, and what else happens.

mod lines;

use polychat_model::{Body, Choice, Combo, ComboState, Content, EventData, EventName, Pin, Poll, Reward};

use super::cast::{Member, Standing, member};
use super::play::{How, Play, how, say};
use super::script::Script;

pub(super) static PLAY: Play = Play {
    cast: CAST,
    opening,
    scenes: lines::SCENES,
    happenings: &[
        gifts,
        first_subscription,
        cheer,
        follow,
        raid,
        spam,
        poll,
        reward,
        announcement,
        streak,
        pin,
        ban,
        resubscription,
    ],
    crowd: lines::CROWD,
    emotes: &[
        ("Kappa", "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0"),
        ("LUL", "https://static-cdn.jtvnw.net/emoticons/v2/425618/default/dark/2.0"),
        ("PogChamp", "https://static-cdn.jtvnw.net/emoticons/v2/305954156/default/dark/2.0"),
        ("BibleThump", "https://static-cdn.jtvnw.net/emoticons/v2/86/default/dark/2.0"),
        ("Kreygasm", "https://static-cdn.jtvnw.net/emoticons/v2/41/default/dark/2.0"),
        ("HeyGuys", "https://static-cdn.jtvnw.net/emoticons/v2/30259/default/dark/2.0"),
    ],
    viewers: 412,
};

const CAST: &[Member] = &[
    member("polychat-demo", "Mira Paints", "#ff7f50", Standing::Broadcaster)
        .with_picture("13e5fa74-defa-11e9-809c-784f43822e80"),
    member("teapot_ted", "teapot_ted", "#1e90ff", Standing::Moderator)
        .with_picture("998f01ae-def8-11e9-b95c-784f43822e80"),
    member("captaincrayon", "CaptainCrayon", "#9acd32", Standing::Subscriber(14))
        .with_picture("294c98b5-e34d-42cd-a8f0-140b72fba9b0"),
    member("quiet_gouache", "quiet_gouache", "#8a2be2", Standing::Vip),
    member("sambal_sketches", "sambal_sketches", "#d2691e", Standing::Subscriber(3))
        .with_picture("ce57700a-def9-11e9-842d-784f43822e80"),
    member("nekonoe_demo", "ねこの絵", "#ff69b4", Standing::Viewer),
    member("lienzo_loco", "Lienzo_Loco", "#2e8b57", Standing::Subscriber(7)),
    member("lawha_layla", "لوحة_ليلى", "#daa520", Standing::Viewer),
    member("sifa_demo", "สีฟ้าน่ารัก", "#5f9ea0", Standing::Viewer).with_picture("cdd517fe-def4-11e9-948e-784f43822e80"),
    member("the_longest_name_allowed", "The_Longest_Name_Allowed", "#b22222", Standing::Viewer),
    member("paintwater_drinker", "PaintwaterDrinker", "", Standing::Subscriber(26)),
    member("brushcat", "BrushCat", "#ff4500", Standing::Giver(10)).with_picture("75305d54-c7cc-40d1-bb9c-91fbe85943c7"),
    member("umbra_jones", "UmbraJones", "#000080", Standing::Verified),
    member("mossy_pixel", "mossy_pixel", "#00ff7f", Standing::Viewer),
    member("first_timer_finn", "first_timer_finn", "", Standing::Guest),
    member("oma_gerda", "Oma_Gerda", "#c71585", Standing::Subscriber(40)),
    member("bargain_frames_4u", "bargain_frames_4u", "", Standing::Guest),
    member("splatbot3000", "SplatBot3000", "#ff0000", Standing::Guest),
    member("clayday_live", "ClayDayLive", "#f4a460", Standing::Guest)
        .with_picture("de130ab0-def7-11e9-b668-784f43822e80"),
];

fn opening(stage: &mut Script) {
    stage.talk(&[
        how(
            "polychat-demo",
            How::Says,
            "Welcome in! Today we paint a {subject}. The tea is hot, the plan is vague. HeyGuys",
        ),
        say("captaincrayon", "HeyGuys HeyGuys front row with {snack}"),
        say("nekonoe_demo", "こんばんは！今日の絵も楽しみです 🎨"),
    ]);
    resubscription(stage);
    stage.talk(&[
        say("sambal_sketches", "Halo semuanya! Baru pulang kerja, pas banget 😄"),
        how("polychat-demo", How::Answers("nekonoe_demo"), "こんばんは! Still two of my ten words of Japanese"),
        how("brushcat", How::Acts, "claims the warm spot on the palette"),
        say("teapot_ted", "Reminder: the brush water is NOT the tea, @Mira_Paints LUL"),
    ]);
}

/// An event of somebody.
fn of(stage: &Script, event: EventName, login: &str, native: &str, text: String) -> EventData {
    let user = Some(stage.member(login).author(stage.platform));
    EventData { event, text, user, native_type: Some(native.to_owned()), ..EventData::default() }
}

fn first_subscription(stage: &mut Script) {
    let member = stage.newcomer();
    let tier = stage.dice.pick(&["1", "prime", "2"]);
    let with = if tier == "prime" { "with Prime".to_owned() } else { format!("at Tier {tier}") };
    let text = format!("{} subscribed {with}.", member.name);
    let data = of(stage, EventName::Subscription, member.login, "sub", text);
    stage.happen(EventData { tier: Some(tier.to_owned()), months: Some(1), ..data });
    stage.talk(&[
        say("captaincrayon", "welcome to the paint club! PogChamp"),
        say("oma_gerda", "How nice. Cake is on the left."),
    ]);
}

fn resubscription(stage: &mut Script) {
    let (login, months) = stage.dice.pick(&[("paintwater_drinker", 26), ("captaincrayon", 14), ("lienzo_loco", 7)]);
    let name = stage.member(login).name;
    let text = format!("{name} subscribed at Tier 1. They've subscribed for {months} months!");
    let data = of(stage, EventName::Resubscription, login, "resub", text);
    let message = stage.content(&format!("{months} months and I still cannot draw hands Kappa"), false);
    let message_id = stage.new_id();
    stage.happen(EventData {
        message: Some(message),
        message_id: Some(message_id),
        tier: Some("1".to_owned()),
        months: Some(months),
        streak_months: Some(months),
        ..data
    });
}

fn gifts(stage: &mut Script) {
    let names = ["mossy_pixel", "sifa_demo", "lawha_layla", "nekonoe_demo", "the_longest_name_allowed"];
    let total = 40 + stage.dice.below(60);
    let combo_id = stage.new_id();
    let text = "BrushCat is gifting 5 Tier 1 subs to the community!".to_owned();
    let data = of(stage, EventName::GiftSubscription, "brushcat", "submysterygift", text);
    let data = EventData { tier: Some("1".to_owned()), count: Some(5), total: Some(total), ..data };
    stage.wait(300);
    for (revision, named) in [0, 2, 4, 5].into_iter().enumerate() {
        let state = if named == names.len() { ComboState::Final } else { ComboState::Running };
        let data = EventData {
            recipients: names[..named].iter().map(|login| stage.member(login).person()).collect(),
            combo: Some(Combo { id: combo_id.clone(), count: 5, state }),
            ..data.clone()
        };
        let revision = revision as u32;
        stage.plan(u64::from(revision) * 600, &combo_id, revision, Body::Event(Box::new(data)));
    }
    stage.talk(&[
        say("mossy_pixel", "THANK YOU @BrushCat PogChamp"),
        say("sifa_demo", "ขอบคุณมากค่ะ 💙"),
        say("polychat-demo", "Five! BrushCat, the {subject} gets an extra whisker in your honour"),
    ]);
}

fn cheer(stage: &mut Script) {
    stage.talk(&[
        how(
            "umbra_jones",
            How::Cheers(150),
            "Cheer100 Cheer50 for the shadow under the {subject}. My family thanks you.",
        ),
        how("polychat-demo", How::Answers("umbra_jones"), "That shadow is {color}, do not tell the purists"),
    ]);
}

fn follow(stage: &mut Script) {
    let member = stage.newcomer();
    let data = of(stage, EventName::Follow, member.login, "follow", format!("{} follows the channel.", member.name));
    stage.happen(data);
}

fn raid(stage: &mut Script) {
    let count = 60 + stage.dice.below(90);
    let raider = stage.member("clayday_live").person();
    let data =
        of(stage, EventName::Raid, "clayday_live", "raid", format!("{count} raiders from ClayDayLive have joined!"));
    stage.happen(EventData { count: Some(count), other: Some(raider), ..data });
    stage.count_viewers(count);
    stage.talk(&[
        say("clayday_live", "We bring {n} wonky mugs and one kiln! HeyGuys HeyGuys"),
        say("mossy_pixel", "clay people! wash your hands before touching anything LUL"),
        say("polychat-demo", "Welcome raiders! This is a {subject}. It will be. Trust the process."),
    ]);
}

fn spam(stage: &mut Script) {
    let id = stage.say(&say("bargain_frames_4u", "Best cheap frames!! First 3 buyers get a free nail!!"));
    stage.wait(900);
    stage.delete_message("bargain_frames_4u", id);
    stage.talk(&[
        say("teapot_ted", "No frames for sale here, the {subject} is not even dry"),
        say("lienzo_loco", "Yo solo quería el clavo gratis 😂"),
    ]);
}

fn ban(stage: &mut Script) {
    stage.talk(&[
        say("splatbot3000", "SPLAT SPLAT SPLAT SPLAT SPLAT"),
        say("splatbot3000", "SPLAT {n} SPLAT {n} SPLAT"),
    ]);
    stage.wait(1_100);
    stage.delete_user("splatbot3000", Some(600));
    stage.talk(&[
        how("teapot_ted", How::Acts, "mops up ten minutes of splat"),
        say("brushcat", "it landed on my tail LUL"),
    ]);
}

fn poll(stage: &mut Script) {
    let id = stage.new_id();
    let title = format!("What does the {} need?", stage.subject());
    let titles = ["A hat", "A second hat", "Dignity"];
    let mut votes = [0_u64; 3];
    stage.wait(300);
    for revision in 0..5_u64 {
        if revision > 0 {
            for (at, votes) in votes.iter_mut().enumerate() {
                *votes += 3 + stage.dice.below(25 + 10 * (at as u64 % 2));
            }
        }
        let is_over = revision == 4;
        let choices = titles.iter().zip(votes).enumerate().map(|(at, (title, votes))| Choice {
            id: format!("{id}-{at}"),
            title: (*title).to_owned(),
            votes,
            points: None,
        });
        let best = (0..3).max_by_key(|at| votes[*at]).filter(|_| is_over).map(|at| titles[at]);
        let data = EventData {
            event: EventName::Poll,
            text: match best {
                Some(best) => format!("Poll ended: {title} {best}."),
                None => format!("Poll: {title}"),
            },
            count: Some(votes.iter().sum()),
            native_type: Some("poll".to_owned()),
            poll: Some(Poll {
                id: id.clone(),
                title: title.clone(),
                status: if is_over { "completed" } else { "active" }.to_owned(),
                choices: choices.collect(),
                remaining_ms: (!is_over).then_some(12_000 - revision * 3_000),
                winner: best.map(str::to_owned),
            }),
            ..EventData::default()
        };
        stage.plan(revision * 3_000, &id, revision as u32, Body::Event(Box::new(data)));
    }
    stage.talk(&[
        say("captaincrayon", "SECOND HAT SECOND HAT"),
        say("oma_gerda", "Dignity, please. It is nearly Sunday."),
    ]);
}

fn reward(stage: &mut Script) {
    let member = stage.anybody();
    let text = format!("{} redeemed Sip the right cup (500)", member.name);
    let data = of(stage, EventName::Reward, member.login, "reward-redeemed", text);
    let reward = Reward {
        id: "demo-sip".to_owned(),
        title: "Sip the right cup".to_owned(),
        cost: Some(500),
        image_url: Some("https://static-cdn.jtvnw.net/custom-reward-images/default-2.png".into()),
    };
    stage.happen(EventData { reward: Some(reward), count: Some(500), color: Some("#1f69ff".to_owned()), ..data });
    stage.talk(&[say("polychat-demo", "*sips* … that was paint water. Tasting notes: {color}.")]);
}

fn announcement(stage: &mut Script) {
    let text = format!("The reference photo of the {} is at https://example.com/reference", stage.subject());
    let data = of(stage, EventName::Announcement, "teapot_ted", "announcement", text.clone());
    let message = stage.content(&text, false);
    let message_id = stage.new_id();
    stage.happen(EventData {
        message: Some(message),
        message_id: Some(message_id),
        color: Some("PURPLE".to_owned()),
        ..data
    });
}

fn streak(stage: &mut Script) {
    let text = "Oma_Gerda watched 15 streams in a row and sparked a watch streak!".to_owned();
    let data = of(stage, EventName::WatchStreak, "oma_gerda", "viewermilestone", text);
    let message = Content::plain("I only came to check on the tea 🍵");
    stage.happen(EventData { count: Some(15), message: Some(message), ..data });
}

fn pin(stage: &mut Script) {
    let message_id =
        stage.say(&say("polychat-demo", "Tonight: {subject}, then {snack}. Questions are welcome any time!"));
    let text = "Mira Paints pinned the plan for tonight.".to_owned();
    let plan = stage.latest("polychat-demo");
    let data = of(stage, EventName::Pin, "polychat-demo", "pin", text);
    let other = Some(stage.member("teapot_ted").person());
    let id = stage.new_id();
    stage.happen(EventData { other, pin: Some(Pin { id, message_id, text: plan, ends_at: None }), ..data });
}
