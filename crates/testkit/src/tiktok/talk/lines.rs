//! Who is there and what is said. All of it is made up.

use crate::tiktok::person::Person;

/// What somebody is in the channel.
type Standing = fn(Person) -> Person;

/// @name, display name, standing.
pub(super) const PEOPLE: &[(&str, &str, Standing)] = &[
    ("fernando.the.fern", "Fernando", |person| person.follower().gifter(12)),
    ("mossy_ana", "Mossy Ana 🌿", |person| person.moderator().friend().fan(20).gifter(22)),
    ("user8823107745", "user8823107745", Person::without_avatar),
    ("pflanzenpapa", "Pflanzenpapa 🪴 aus Jena", |person| person.subscriber(3).follower().fan(7)),
    ("kaktusjunge", "仙人掌小子", |person| person.fan(4)),
    ("nada.fi.alhadiqa", "ندى في الحديقة", |person| person.follower().gifter(18).fan(11)),
    ("repotted.again", "repotted again", |person| person.new_gifter()),
    (
        "the.very.long.vine",
        "The Very Long Vine That Has Been Growing Along The Kitchen Wall Since Last March",
        |person| person,
    ),
    ("hanayo_33", "はなよ🌸", |person| person.subscriber(1).friend().gift_giver()),
    ("big.leaf.energy", "BIG LEAF ENERGY", |person| person.rank(1).gifter(31).fan(30).gift_giver()),
    ("pot_luck_paula", "Paula 🫖", |person| person.verified().follower()),
    ("zelenina", "Зелёная Зина", |person| person),
    ("user4410092836", "👩🏽‍🌾", |person| person.without_avatar().follower()),
    ("cactus.jo", "Jo", |person| person.gifter(5)),
];

/// A line and its language as TikTok sees it.
pub(super) const LINES: &[(&str, &str)] = &[
    ("is that the one that only blooms at night?", "en"),
    ("hi from the balcony", "en"),
    ("water it!!", "un"),
    ("do NOT water it", "en"),
    ("mine died when I said its name", "en"),
    ("🌵🌵🌵", "un"),
    ("今日も植え替えですか?", "ja"),
    ("مساء الخير من عمّان 🌙", "ar"),
    ("guten Abend, was ist das für eine Erde?", "de"),
    ("the orchid is judging us", "en"),
    ("她又在跟花说话了哈哈哈", "zh"),
    ("who taught the cat to sit in a pot", "en"),
    ("¿cuánta luz necesita?", "es"),
    ("less than you think and more than you have", "en"),
    ("<b>bold</b> & dry soil", "en"),
    ("W", "un"),
    ("я только пришла, что пересаживаем?", "ru"),
    ("that root has its own postcode", "en"),
    ("👏🏽👏🏽", "un"),
    ("first time here, why is everybody whispering to a leaf", "en"),
    ("it smells like rain in here and I am on a train", "en"),
    ("❤️❤️❤️ for the little one in the yoghurt cup", "en"),
    ("ok but where does the drip go", "en"),
    ("أحلى نبتة", "ar"),
    ("이거 이름이 뭐예요?", "ko"),
];

pub(super) const STICKERS: &[&str] = &["happy_pot", "dancing_fern", "sad_cactus"];

pub(super) const QUESTIONS: &[&str] =
    &["How often do you talk to them?", "Can a cactus be lonely?", "Wie heißt die mit den Punkten?"];

pub(super) const POLLS: &[(&str, &[&str])] =
    &[("Which pot?", &["Blue", "Terracotta", "The yoghurt cup"]), ("Rotate it?", &["Yes", "It likes the wall"])];
