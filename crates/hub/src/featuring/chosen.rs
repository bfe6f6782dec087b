//! Which messages are featured without anybody asking for it. Pure.

use polychat_model::saved::{Automatic, FeatureRules, FeaturedBy};
use polychat_model::{Author, Body, Element, EventName};

/// Bots that answer for others on many channels, in lower case. Their questions are nobody's.
const BOTS: [&str; 13] = [
    "streamelements",
    "streamlabs",
    "nightbot",
    "moobot",
    "fossabot",
    "wizebot",
    "coebot",
    "deepbot",
    "phantombot",
    "stay_hydrated_bot",
    "soundalerts",
    "botrix",
    "sery_bot",
];

/// Signs of a question, in the scripts that have their own.
const ASKS: [char; 3] = ['?', '？', '؟'];

/// Signs that ask only at the end of a sentence: Greek, Armenian and Ethiopic.
const ASKS_AT_THE_END: [char; 3] = [';', '՞', '፧'];

/// Whether `body` is chosen, why, and whether it is shown by itself.
pub(super) fn chosen(body: &Body, rules: &FeatureRules) -> Option<(FeaturedBy, bool)> {
    let paid = || match body {
        Body::Chat(chat) => chat.data.cents(),
        Body::Event(event) => event.cents(),
        Body::Moderation(_) | Body::Viewers(_) => None,
    };
    if rules.paid != Automatic::Off && paid().is_some_and(|cents| cents >= u64::from(rules.paid_from)) {
        return Some((FeaturedBy::Paid, rules.paid == Automatic::Show));
    }
    let asks = || match body {
        Body::Chat(chat) => !is_bot(&chat.data.author) && is_question(chat.data.content.elements()),
        Body::Event(event) => event.event == EventName::Question,
        Body::Moderation(_) | Body::Viewers(_) => false,
    };
    (rules.questions != Automatic::Off && asks()).then(|| (FeaturedBy::Question, rules.questions == Automatic::Show))
}

fn is_bot(author: &Author) -> bool {
    let is = |name: &str| BOTS.contains(&name.to_lowercase().trim_start_matches('@'));
    is(&author.username) || is(&author.display_name)
}

/// Whether somebody asks something: a word or more, and a sign of a question that is not part of an address. What begins
/// with `!` is for a bot.
fn is_question(elements: &[Element]) -> bool {
    let words = || {
        elements.iter().filter_map(|element| match element {
            Element::Text { value, .. } => Some(value.as_str()),
            _ => None,
        })
    };
    if words().next().is_some_and(|first| first.starts_with('!'))
        || !words().any(|text| text.contains(char::is_alphanumeric))
    {
        return false;
    }
    let ends = words().next_back().is_some_and(|last| last.trim_end().ends_with(ASKS_AT_THE_END));
    ends || words().any(|text| text.contains(ASKS))
}

#[cfg(test)]
mod tests {
    use polychat_model::{
        ChatData, ChatMessage, Content, ContentBuilder, EventData, LinkMetadata, Metadata, MonetaryData,
    };

    use super::*;

    fn chat(data: ChatData) -> Body {
        Body::Chat(Box::new(ChatMessage { message_id: "1".into(), data }))
    }

    fn said(text: &str) -> Body {
        chat(ChatData { content: Content::plain(text), ..ChatData::default() })
    }

    fn paid(bits: u32) -> Body {
        let monetary_data = Some(MonetaryData {
            amount: String::new(),
            formatted: String::new(),
            color: String::new(),
            money: None,
            bits: Some(bits),
            tier: None,
            colors: None,
        });
        chat(ChatData { metadata: Metadata { monetary_data, ..Metadata::default() }, ..ChatData::default() })
    }

    fn rules(paid: Automatic, paid_from: u32, questions: Automatic) -> FeatureRules {
        FeatureRules { paid, paid_from, questions, ..FeatureRules::default() }
    }

    #[test]
    fn questions_are_told_by_their_signs() {
        let rules = rules(Automatic::Off, 0, Automatic::Queue);
        for question in ["what game is this?", "これは何？", "ما هذا؟", "τι είναι αυτό;", "really? no way"]
        {
            assert_eq!(chosen(&said(question), &rules), Some((FeaturedBy::Question, false)), "{question}");
        }
        for other in ["???", "hello", "!uptime?", "", "no; never"] {
            assert_eq!(chosen(&said(other), &rules), None, "{other}");
        }
        let asked = Body::Event(Box::new(EventData { event: EventName::Question, ..EventData::default() }));
        assert_eq!(chosen(&asked, &rules), Some((FeaturedBy::Question, false)));
    }

    #[test]
    fn the_sign_in_an_address_asks_nothing_and_bots_ask_nobody() {
        let rules = rules(Automatic::Off, 0, Automatic::Show);
        let mut content = ContentBuilder::new("look a.example/?q=1");
        content.element(5..19, |value, position| Element::Link {
            value,
            position,
            metadata: LinkMetadata { url: "https://a.example/?q=1".into() },
        });
        let link = chat(ChatData { content: content.finish(), ..ChatData::default() });
        assert_eq!(chosen(&link, &rules), None);
        let author = Author { username: "nightbot".into(), display_name: "Nightbot".into(), ..Author::default() };
        let bot = chat(ChatData { author, content: Content::plain("want to follow?"), ..ChatData::default() });
        assert_eq!(chosen(&bot, &rules), None);
    }

    #[test]
    fn payments_are_chosen_from_their_least_amount_on() {
        let rules = rules(Automatic::Show, 500, Automatic::Off);
        assert_eq!(chosen(&paid(499), &rules), None);
        assert_eq!(chosen(&paid(500), &rules), Some((FeaturedBy::Paid, true)));
        assert_eq!(chosen(&said("thanks"), &rules), None);
        assert_eq!(chosen(&paid(500), &FeatureRules::default()), None, "unless somebody wants it");
    }
}
