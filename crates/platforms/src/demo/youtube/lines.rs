//! What is said in the demo of YouTube.

use crate::demo::play::{ANYBODY, How, Line, how, say};

pub(super) const SCENES: &[&[Line]] = &[
    &[
        say("pixel-pierogi", "I paused to make {snack} and missed the whole left half"),
        how("easel.weasel", How::Answers("pixel-pierogi"), "the left half is mostly regret and {color}"),
        say("polychat-demo", "It is called underpainting, thank you very much"),
    ],
    &[
        say("kid-with-a-crayon", "can you put my dog in it? he is a good dog"),
        how("polychat-demo", How::Answers("kid-with-a-crayon"), "Of course. What colour is he?"),
        say("kid-with-a-crayon", "dog"),
        say("grandpa-gouache", "An excellent colour. Dries slowly."),
    ],
    &[
        say("noor-alwan", "أحب طريقة مزج الألوان عندك 🎨"),
        say("fahsai.art", "ใช้กระดาษอะไรคะ?"),
        how("polychat-demo", How::Answers("fahsai.art"), "Cotton, 300 g. The cheap one cries."),
    ],
    &[
        say("dr-bartholomew", "The {subject} leans to the left, as did my lighthouse."),
        say("museum-of-naps", "we would exhibit it, lying down"),
        say("tilda.turpentine", "Please no leaning jokes, the table is sensitive"),
    ],
    &[
        say("abuela.acuarela", "Mi nieto dice que esto es un {subject}. Yo veo una empanada."),
        how("putri.melukis", How::Answers("abuela.acuarela"), "Aku juga lihat makanan 😂"),
        say("polychat-demo", "This chat is always hungry"),
    ],
    &[
        say("blue.period.pete", "have you considered blue"),
        say("polychat-demo", "Pete. It is {color}. That is nearly blue."),
        how("blue.period.pete", How::Answers("polychat-demo"), "nearly blue is how it starts 💙"),
    ],
    &[
        say("sora-no-fude", "その筆、どこのですか？"),
        how(
            "tilda.turpentine",
            How::Answers("sora-no-fude"),
            "All brushes are listed here: https://example.com/brushes",
        ),
        say("sora-no-fude", "ありがとうございます！"),
    ],
    &[
        say("easel.weasel", "plot twist: the {subject} is painting us"),
        say("pixel-pierogi", "then I want better hair"),
        say("museum-of-naps", "I would like to be asleep in mine, for realism"),
    ],
    &[
        say("putri.melukis", "Kak, itu tangan atau kaki?"),
        say("polychat-demo", "Ask me again in {n} minutes 🙈"),
        say("grandpa-gouache", "In my day we hid the hands in pockets. Every single one."),
    ],
    &[
        say("fahsai.art", "ดูไปด้วยกินข้าวไปด้วย มีความสุข 🍚"),
        say("abuela.acuarela", "¡Buen provecho!"),
        say("noor-alwan", "بالعافية 🌸"),
    ],
    &[
        say("polychat-demo", "Do we add a bird? Say yes or no."),
        say("kid-with-a-crayon", "YES a big one"),
        say("dr-bartholomew", "No. I have had enough of gulls."),
        say("blue.period.pete", "a blue one"),
        say("polychat-demo", "One big blue gull it is. Sorry, Doctor."),
    ],
    &[
        say("museum-of-naps", "@tilda.turpentine how long is this stream usually?"),
        how("tilda.turpentine", How::Answers("museum-of-naps"), "Until the tea is cold or the paint is gone"),
        say("easel.weasel", "the tea has been cold since 2019"),
    ],
    &[
        say("grandpa-gouache", "I showed my neighbour in {place}. She bought an easel."),
        say("polychat-demo", "And does she paint?"),
        how("grandpa-gouache", How::Answers("polychat-demo"), "She grows tomatoes on it. Lovely ones. 🍅"),
    ],
    &[
        say("pixel-pierogi", "why does it suddenly look good"),
        say("sora-no-fude", "急に上手くなった 😂"),
        say("polychat-demo", "Suddenly?!"),
    ],
];

pub(super) const CROWD: &[Line] = &[
    say(ANYBODY, "so relaxing 😌"),
    say(ANYBODY, "hello from {place}!"),
    say(ANYBODY, "😂😂"),
    say(ANYBODY, "more {color} please"),
    say("abuela.acuarela", "¡Qué maravilla!"),
    say("putri.melukis", "bagus sekali 👍"),
    say("sora-no-fude", "きれい…"),
    say("noor-alwan", "جميل جدا ❤️"),
    say("fahsai.art", "สวยมาก 😍"),
    say(ANYBODY, "who else is eating {snack}"),
    say(ANYBODY, "I could watch this for {n} hours"),
    say(ANYBODY, "👏👏👏"),
    say(ANYBODY, "first time live, usually I watch the replay"),
    say(ANYBODY, "the {subject} just winked at me"),
    say(ANYBODY, "my cat approves 🐈"),
    say(ANYBODY, "is that {color} or is my screen dirty"),
    say(ANYBODY, "W"),
    say(ANYBODY, "🎨❤️"),
];
