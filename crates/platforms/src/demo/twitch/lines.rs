//! What is said in the demo of Twitch.

use crate::demo::play::{ANYBODY, How, Line, how, say};

pub(super) const SCENES: &[&[Line]] = &[
    &[
        say("captaincrayon", "is that a {subject} or a potato with ambition"),
        how("polychat-demo", How::Answers("captaincrayon"), "Every {subject} is a potato first. That is anatomy."),
        how("oma_gerda", How::Answers("captaincrayon"), "I have raised three children and all began as potatoes LUL"),
    ],
    &[
        how("first_timer_finn", How::First, "hi, first time here, is it normal that everybody is whispering?"),
        how(
            "brushcat",
            How::Answers("first_timer_finn"),
            "welcome @first_timer_finn! we whisper until the wash is dry HeyGuys",
        ),
        how("mossy_pixel", How::Acts, "whispers even harder"),
    ],
    &[
        how("lienzo_loco", How::Highlighted, "¿Qué pincel usas para los detalles? El mío parece una escoba"),
        how(
            "polychat-demo",
            How::Answers("lienzo_loco"),
            "A number 2 round, and a lot of hope. Una escoba también sirve!",
        ),
        say("teapot_ted", "Brush list: https://example.com/brushes"),
    ],
    &[
        say("lawha_layla", "الألوان اليوم جميلة جدًا 🌙"),
        say("sifa_demo", "สีสวยมากเลย อยากวาดตามบ้าง ✨"),
        say("quiet_gouache", "I understand none of it and agree with all of it BibleThump"),
    ],
    &[
        how("umbra_jones", How::Returns, "back after two months. has it dried yet?"),
        how("teapot_ted", How::Answers("umbra_jones"), "which layer"),
        say("umbra_jones", "the {color} one"),
        say("polychat-demo", "We do not talk about the {color} one."),
    ],
    &[
        say("sambal_sketches", "Warna {color} itu bikin lapar, jujur"),
        how("captaincrayon", How::Answers("sambal_sketches"), "same, and I do not even know what you said. {snack}?"),
        say("sambal_sketches", "Nah itu dia 😂 {snack}!"),
    ],
    &[
        say("mossy_pixel", "day {n} of asking for a tiny duck in the background"),
        say("polychat-demo", "Day {n} of the duck being there. Look behind the {subject}."),
        say("mossy_pixel", "…oh no it is looking at me BibleThump"),
        say("nekonoe_demo", "あひるがいる！かわいい 🦆"),
    ],
    &[
        say("paintwater_drinker", "fun fact: {color} is what happens when you forget to wash the brush"),
        say("quiet_gouache", "fun fact: that is how half of my portfolio happened"),
        how("polychat-demo", How::Answers("quiet_gouache"), "And the better half, too"),
    ],
    &[
        say("the_longest_name_allowed", "does anybody else read this chat in the voice of a kettle"),
        say("teapot_ted", "no comment"),
        say("brushcat", "LUL LUL LUL"),
    ],
    &[
        say("oma_gerda", "In {place} we painted with coffee. It kept the picture awake."),
        say("captaincrayon", "Gerda has lived at least {n} lives Kappa"),
        how("oma_gerda", How::Answers("captaincrayon"), "And paid rent in all of them, dear."),
    ],
    &[
        say("polychat-demo", "Now the scary part: one line, no second try."),
        say("mossy_pixel", "PogChamp do it"),
        say("lienzo_loco", "Nadie respire"),
        say("polychat-demo", "…we call that \"expressive\"."),
        say("captaincrayon", "LUL the line went to {place} and back"),
    ],
    &[
        say("umbra_jones", "what is the {subject} called?"),
        say("sifa_demo", "น้องชื่อหมูปิ้ง 🐷"),
        say("lawha_layla", "سمّوه بطاطا 🥔"),
        say("polychat-demo", "Potato it is. I knew it would come back to haunt me."),
    ],
    &[
        say("quiet_gouache", "who is watching from work, be honest"),
        how("the_longest_name_allowed", How::Answers("quiet_gouache"), "I am in a meeting about meetings"),
        how("nekonoe_demo", How::Answers("quiet_gouache"), "電車の中です 🚃"),
        say("sambal_sketches", "Aku lagi di kantor, jangan bilang bos ya 🤫"),
    ],
    &[
        say("brushcat", "the cat outside my window is judging the perspective"),
        say("polychat-demo", "Tell the cat that the perspective is a style"),
        how("brushcat", How::Acts, "reports that the cat has left"),
    ],
    &[
        say("paintwater_drinker", "can we get more {color} in the sky?"),
        say("polychat-demo", "There is no sky in this picture."),
        say("paintwater_drinker", "exactly, that is why it needs more Kappa"),
    ],
    &[
        say("captaincrayon", "my version from home: https://example.com/my-potato be gentle"),
        how("polychat-demo", How::Answers("captaincrayon"), "The ears! I love that it has five Kreygasm"),
        say("oma_gerda", "One for each season and a spare."),
    ],
    &[
        say("nekonoe_demo", "水彩と油絵、どっちが好きですか？"),
        how("polychat-demo", How::Answers("nekonoe_demo"), "水彩! It forgives nothing but it dries before dinner"),
        say("lienzo_loco", "El óleo se seca para Navidad… de algún año"),
    ],
];

pub(super) const CROWD: &[Line] = &[
    say(ANYBODY, "this is so calming"),
    say(ANYBODY, "LUL"),
    say(ANYBODY, "PogChamp PogChamp"),
    say(ANYBODY, "more {color}!"),
    say(ANYBODY, "😂😂😂"),
    say(ANYBODY, "the sound of that brush Kreygasm"),
    say(ANYBODY, "eating {snack} and living my best life"),
    say(ANYBODY, "greetings from {place} HeyGuys"),
    say("lienzo_loco", "que bonito 😍"),
    say("sambal_sketches", "keren banget"),
    say("nekonoe_demo", "すごい！"),
    say("lawha_layla", "رائع 👏"),
    say("sifa_demo", "สุดยอด 🎉"),
    say(ANYBODY, "Kappa"),
    say(ANYBODY, "my {subject} has {n} legs, send help"),
    say(ANYBODY, "is it too late to ask what we are painting"),
    say(ANYBODY, "BibleThump it is beautiful"),
    say(ANYBODY, "+1"),
    say(ANYBODY, "wait, that is watercolour??"),
    say(ANYBODY, "🎨🖌️"),
    say(ANYBODY, "who moved the duck"),
    say(ANYBODY, "hello from a very small balcony in {place} 🌿"),
];
