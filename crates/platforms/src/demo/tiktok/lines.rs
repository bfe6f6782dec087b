//! What is said in the demo of TikTok.

use crate::demo::play::{ANYBODY, How, Line, how, say};

pub(super) const SCENES: &[&[Line]] = &[
    &[
        say("paintyourpasta", "what are we painting"),
        how("mod.marmalade", How::Answers("paintyourpasta"), "a {subject}"),
        say("paintyourpasta", "and what is it really"),
        say("polychat-demo", "A {subject}! Look at it! From further away!"),
    ],
    &[
        say("ayu.warna", "warnanya {color} banget aku suka"),
        say("budi_cat_air", "spill merk cat airnya dong kak"),
        how("polychat-demo", How::Answers("budi_cat_air"), "Semua di sini: https://example.com/colors"),
    ],
    &[
        say("glitterglue_gus", "hear me out: glitter"),
        say("polychat-demo", "Gus, no"),
        say("glitterglue_gus", "a responsible amount"),
        say("mod.marmalade", "there is no such amount"),
    ],
    &[
        say("the.very.official.fanclub", "WHERE IS THE DUCK"),
        say("polychat-demo", "Bottom left. It is shy today."),
        say("the.very.official.fanclub", "WE RESPECT THE DUCK 🦆"),
    ],
    &[
        say("rasm_amal", "كم ساعة تأخذ الرسمة؟"),
        how("polychat-demo", How::Answers("rasm_amal"), "About three, plus {n} minutes of looking for the brush"),
        say("museumcat", "it is behind your ear"),
        say("polychat-demo", "…it was behind my ear."),
    ],
    &[
        say("hikari.draws", "その色どうやって作るの？"),
        say("polychat-demo", "A bit of {color}, a bit of luck 🍀"),
        say("nong.color", "ขอสูตรโชคด้วยค่ะ 😂"),
    ],
    &[
        say("user7130000000042", "i still have not changed my name"),
        how("jelly.bean.jo", How::Answers("user7130000000042"), "it suits you, 42"),
        say("user7130000000042", "thank you jo ❤️"),
    ],
    &[
        say("sofi.colores", "mi mamá pregunta si vendes el cuadro"),
        say("polychat-demo", "Tell her it still belongs to the {subject}"),
        say("sofi.colores", "dice que paga con {snack}"),
        say("polychat-demo", "Sold."),
    ],
    &[
        say("jelly.bean.jo", "pov: you said five more minutes an hour ago"),
        say("budi_cat_air", "aku banget 😭"),
        say("museumcat", "time is a wash"),
    ],
    &[
        say("nong.color", "วาดหมาให้หน่อยได้ไหมคะ 🐶"),
        say("ayu.warna", "anjing! eh maksudnya iya gambar anjing dong 😂"),
        say("polychat-demo", "A small dog, next to the duck. They are flatmates now."),
    ],
    &[
        say("paintyourpasta", "i tried this at home and now my table is {color}"),
        say("glitterglue_gus", "does it sparkle"),
        say("paintyourpasta", "not on purpose"),
        how("mod.marmalade", How::Answers("paintyourpasta"), "that is how art happens"),
    ],
    &[
        say("budi_cat_air", "nonton dari {place} nih 🙌"),
        say("rasm_amal", "وأنا من بيت جدتي ☕"),
        say("hikari.draws", "布団の中から 🛌"),
        say("polychat-demo", "And I from under a lot of paint"),
    ],
    &[
        say("museumcat", "as a cat I must ask: may I knock over the water"),
        say("polychat-demo", "No!"),
        say("museumcat", "asking was a formality"),
    ],
    &[
        say("polychat-demo", "Guess what comes next, winner gets a wave 👋"),
        say("jelly.bean.jo", "eyes!"),
        say("ayu.warna", "awan!"),
        say("glitterglue_gus", "gl"),
        say("polychat-demo", "Eyes! *waves at Jo* Sorry, Gus."),
    ],
    &[
        say("user7130000000042", "can it have a hat"),
        say("sofi.colores", "sombrero sí sí sí 🎩"),
        say("the.very.official.fanclub", "the DUCK gets the hat"),
        say("polychat-demo", "The duck gets the hat."),
    ],
];

pub(super) const CROWD: &[Line] = &[
    say(ANYBODY, "❤️❤️❤️"),
    say(ANYBODY, "so satisfying"),
    say("ayu.warna", "lucu bangeeet"),
    say("hikari.draws", "かわいい〜"),
    say("rasm_amal", "ما شاء الله 👏"),
    say("nong.color", "น่ารักกก"),
    say("sofi.colores", "qué lindo 😍"),
    say(ANYBODY, "hi from {place}"),
    say(ANYBODY, "😂😂😂"),
    say(ANYBODY, "the {color} 😭✨"),
    say(ANYBODY, "just joined what did i miss"),
    say("budi_cat_air", "gemes 🥹"),
    say(ANYBODY, "🌹🌹"),
    say(ANYBODY, "brb getting {snack}"),
    say(ANYBODY, "algorithm brought me here and i am staying"),
    say(ANYBODY, "W {subject}"),
    say(ANYBODY, "part {n} when"),
    say(ANYBODY, "🦆"),
];
