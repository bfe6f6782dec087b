use proptest::prelude::*;

use super::*;
use crate::twitch::catalog::{EmoteRef, EmoteTable};

fn source<'a>(text: &'a str, emotes: &'a str, lookups: &'a Lookups) -> Source<'a> {
    Source { text, emotes, gifs: "", answered: None, bits: None, gigantic: false, lookups }
}

/// The elements as `kind:value`.
fn parts(content: &Content) -> Vec<String> {
    let kind = |element: &Element| match element {
        Element::Text { .. } => "text",
        Element::Emote { metadata, .. } if metadata.style == Some(EmoteStyle::Gif) => "gif",
        Element::Emote { .. } => "emote",
        Element::Link { .. } => "link",
        Element::Mention { .. } => "mention",
        Element::Cheer { .. } => "cheer",
    };
    content.elements().iter().map(|element| format!("{}:{}", kind(element), element.value())).collect()
}

fn read(text: &str, emotes: &str) -> Vec<String> {
    parts(&content(&source(text, emotes, &Lookups::default())))
}

#[test]
fn emotes_stand_where_their_code_points_are() {
    assert_eq!(read("Kappa hi Kappa", "25:0-4,9-13"), ["emote:Kappa", "text: hi ", "emote:Kappa"]);
    assert_eq!(read("\u{1f600}\u{e9} Kappa", "25:3-7"), ["text:\u{1f600}\u{e9} ", "emote:Kappa"]);
    assert_eq!(read("Kappa.Keepo", "25:0-4/1902:6-10"), ["emote:Kappa", "text:.", "emote:Keepo"]);
}

#[test]
fn ranges_that_make_no_sense_are_text() {
    for emotes in ["25:4-0", "25:a-b", "25:0-99", "25:0-18446744073709551615", "x y:0-4", "25", ":0-4", "25:1-3"] {
        assert_eq!(read("Kappa", emotes), ["text:Kappa"], "{emotes}");
    }
    assert_eq!(read("a b", "25:0-2"), ["text:a b"], "an emote holds no space");
    assert_eq!(read("Kappa", "25:0-4/26:0-4"), ["emote:Kappa"], "the first of two in one place");
}

#[test]
fn positions_that_are_too_large_are_moved_back_together() {
    assert_eq!(
        read("\u{e9}\u{e9} Kappa x LUL", "25:4-8/425618:12-14"),
        ["text:\u{e9}\u{e9} ", "emote:Kappa", "text: x ", "emote:LUL"]
    );
    assert_eq!(read("say Kappa", "25:6-10/26:40-44"), ["text:say Kappa"], "one has no place, so none is believed");
    assert_eq!(read("LUL say Kappa", "1:0-2/25:9-13/26:60-64"), ["text:LUL say Kappa"]);
}

#[test]
fn a_gif_replaces_its_caption_and_only_from_giphy() {
    let lookups = Lookups::default();
    let gif = |text, gifs| parts(&content(&Source { gifs, ..source(text, "", &lookups) }));
    let good = "3-9|id|https://media.giphy.com/media/id/giphy.gif?a=b,c";
    assert_eq!(gif("hi [a gif] there", good), ["text:hi ", "gif:[a gif]", "text: there"]);
    assert_eq!(gif("hi  a gif  there", good), ["text:hi  a gif  there"], "no brackets, no caption");
    assert_eq!(gif("\u{e9}[a]", "2-4|id|https://i.giphy.com/x"), ["text:\u{e9}", "gif:[a]"], "bytes are tried too");
    assert_eq!(gif("[a]", "0-2|id|https://evil.example/x.gif"), ["text:[a]"]);
}

#[test]
fn cheermotes_count_up_to_the_bits_of_the_message() {
    let lookups = Lookups::default();
    let cheer = |text, bits| parts(&content(&Source { bits, ..source(text, "", &lookups) }));
    assert_eq!(cheer("Cheer100 uni50 hi", Some(150)), ["cheer:Cheer100", "text: ", "cheer:uni50", "text: hi"]);
    assert_eq!(cheer("Cheer100 Cheer100", Some(100)), ["cheer:Cheer100", "text: Cheer100"]);
    assert_eq!(cheer("Cheer100", None), ["text:Cheer100"], "without bits it is only a word");
    assert_eq!(cheer("Cheer500 hi", Some(100)), ["text:Cheer500 hi"], "more than was paid");
}

#[test]
fn third_party_emotes_are_whole_words_in_their_exact_case() {
    let emotes = EmoteTable::new([("OMEGALUL".to_owned(), EmoteRef { url: "https://e.example/1".into() })]);
    let lookups = Lookups { emotes: emotes.into(), ..Lookups::default() };
    let read = |text, emotes| parts(&content(&source(text, emotes, &lookups)));
    assert_eq!(read("OMEGALUL  OMEGALULx omegalul", ""), ["emote:OMEGALUL", "text:  OMEGALULx omegalul"]);
    assert_eq!(read("Kappa OMEGALUL", "25:0-4"), ["emote:Kappa", "text: ", "emote:OMEGALUL"]);
}

#[test]
fn links_and_mentions_are_elements() {
    assert_eq!(
        read("@ann, see https://a.example/x. ok", ""),
        ["mention:@ann", "text:, see ", "link:https://a.example/x", "text:. ok"]
    );
}

#[test]
fn the_answered_name_is_taken_off_and_nothing_else() {
    let lookups = Lookups::default();
    let alice = Person { username: "alice".into(), display_name: "\u{c4}lice".into(), ..Person::default() };
    let reply = |text, emotes| parts(&content(&Source { answered: Some(&alice), ..source(text, emotes, &lookups) }));
    assert_eq!(reply("@\u{e4}LICE Kappa", "25:7-11"), ["emote:Kappa"]);
    assert_eq!(reply("@Alice  hi", ""), ["text:hi"]);
    assert_eq!(reply("@Alicette hi", ""), ["mention:@Alicette", "text: hi"]);
    assert_eq!(reply("@alice", ""), ["mention:@alice"], "nothing would be left");
}

#[test]
fn invisible_characters_behind_the_text_are_cut_and_old_joiners_mended() {
    assert_eq!(read("hi \u{34f}", ""), ["text:hi"]);
    assert_eq!(read("hi \u{e0000}", ""), ["text:hi"]);
    assert_eq!(
        read("\u{1f468}\u{e0002}\u{1f469} Kappa", "25:4-8"),
        ["text:\u{1f468}\u{200d}\u{1f469} ", "emote:Kappa"]
    );
}

proptest! {
    #[test]
    fn whatever_the_tags_say_the_elements_are_the_text(
        text in "(\\PC| |Kappa|Cheer1|@a|a\\.tv|\u{e0002}){0,30}",
        ranges in proptest::collection::vec((0usize..60, 0usize..60), 0..12),
        gif in (0usize..40, 0usize..40),
        bits in proptest::option::of(0u32..1000),
        gigantic: bool,
    ) {
        let emotes: Vec<String> = ranges.iter().map(|(a, b)| format!("25:{a}-{b}")).collect();
        let emotes = emotes.join("/");
        let gifs = format!("{}-{}|x|https://media.giphy.com/x", gif.0, gif.1);
        let lookups = Lookups::default();
        let content = content(&Source { gifs: &gifs, bits, gigantic, ..source(&text, &emotes, &lookups) });
        let joined: String = content.elements().iter().map(Element::value).collect();
        prop_assert_eq!(&joined, content.raw());
        let expected = joiners(&text);
        prop_assert_eq!(content.raw(), expected.trim_end_matches(is_trailing_noise));
    }
}
