//! Who is there and what is said. All of it is made up.

/// What somebody is in the channel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Standing {
    Viewer,
    /// Months.
    Member(u32),
    Moderator(u32),
    Verified,
    Owner,
}

/// Somebody who talks.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) handle: &'static str,
    pub(super) standing: Standing,
}

const fn person(handle: &'static str, standing: Standing) -> Person {
    Person { handle, standing }
}

pub(super) const PEOPLE: &[Person] = &[
    person("barnacle-betty", Standing::Moderator(30)),
    person("sven-of-the-shed", Standing::Member(14)),
    person("user-q7t2m9x", Standing::Viewer),
    person("the.third.oar", Standing::Member(2)),
    person("Onkel-Anker", Standing::Viewer),
    person("船大工の孫", Standing::Member(6)),
    person("zoé.à.la.voile", Standing::Viewer),
    person("hull-and-oats", Standing::Member(0)),
    person("RopeMuseumOfficial", Standing::Verified),
    person("knot-a-bot", Standing::Viewer),
    person("варшавский_парус", Standing::Viewer),
    person("gull_number_4", Standing::Member(25)),
    person("user-v1n5y0w", Standing::Viewer),
    person("tío.timón", Standing::Member(9)),
    person("", Standing::Owner),
];

pub(super) const LINES: &[&str] = &[
    "day 212 of sanding, who else is here since the first plank",
    "does it float yet",
    "it floats in my heart",
    "that is not a crack, that is a feature of the wood",
    "measure twice, cut once, sweep for ever",
    "こんばんは、今日も磨いてますね",
    "Guten Abend aus Flensburg, hier regnet es waagerecht",
    "is the cat the captain or the first mate?",
    "the cat is the owner, the boat is an accessory",
    "I left for dinner and it is the same plank",
    "it is the same plank but smoother",
    "what grit is that?",
    "240, and the grit of despair",
    "mi abuelo tenía una barca igual, pero en el agua",
    "please name it after the cat",
    "привет из Варшавы! красивая лодка",
    "no spoilers, I am only on day 180",
    "1:30, tea: he promised <b>tea</b> & biscuits",
    "the varnish looks like toffee, please do not eat it again",
    "who keeps moving the tape measure",
    "on n'entend plus le violon de la voisine, c'est dommage",
    "can you turn the boat round? the other half is shy",
    "I fell asleep to this and dreamt of hinges",
    "launch party when",
    "when the ceiling of the shed is off. Somebody measured the door only afterwards",
    "w",
    "🐈🐈🐈",
    "that plank has more watch time than my whole channel",
    "first stream, why is everybody whispering?",
    "we do not wake the glue",
];

pub(super) const LINKS: &[&str] = &[
    "https://example.com/how-to-caulk-a-boat-without-tears?chapter=3&from=chat",
    "https://example.org/knots",
    "https://example.com/shed/door/widening/for/beginners/and/the/impatient",
];

pub(super) const EMOJI: &[(&str, &str)] = &[
    ("⛵", "sailboat"),
    ("🪚", "carpentry_saw"),
    ("😂", "face_with_tears_of_joy"),
    ("👏🏽", "clapping_hands"),
    ("🫖", "teapot"),
    ("🐈\u{200d}⬛", "black_cat"),
];

/// Of the channel's members.
pub(super) const OWN_EMOJI: &[&str] = &[":_anchor:", ":_plank:", ":_catNap:"];

pub(super) const STICKERS: &[&str] =
    &["A pelican raises its hat", "A teapot sails into the sunset", "Two otters shake hands"];

pub(super) const GIFTS: &[(&str, Option<u32>)] =
    &[("Rubber duck", Some(1)), ("Compass", Some(10)), ("Lighthouse", Some(500)), ("Confetti", None)];

/// What the owner says to a Super Chat.
pub(super) const THANKS: &[&str] = &[
    "Thank you! That is another tin of varnish.",
    "Oh, you are too kind. The cat says thank you as well.",
    "This goes into the jar for a wider door.",
];

pub(super) const POLLS: &[(&str, &[&str])] = &[
    ("Colour of the hull?", &["Sea green", "Fire red", "Whatever is left in the tin"]),
    ("Next plank?", &["Left", "Right"]),
    ("Who moved the tape measure?", &["The cat", "The neighbour", "It was never there", "You are wearing it"]),
];

/// Who comes by, and what its viewers say.
pub(super) const RAIDERS: &[(&str, &str)] =
    &[("TheQuietPotter", "the potters are here, mind the clay"), ("granny-plays-bass", "BASS RAID, politely")];

/// Icon, on, off, what it means.
pub(super) const MODES: &[(&str, &str, &str, &str)] = &[
    ("SLOW_MODE", "Slow mode is on", "Slow mode is off", "Write at most every 10 seconds."),
    ("MEMBERS_ONLY_MODE", "Members-only mode is on", "Members-only mode is off", "Only members can write."),
    ("TAB_SUBSCRIPTIONS", "Subscribers-only mode is on", "Subscribers-only mode is off", "Only subscribers can write."),
];
