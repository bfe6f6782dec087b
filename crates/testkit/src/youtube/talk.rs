//! People who talk by themselves: for demonstrations and for looking at a page without a live stream.

mod lines;

use std::collections::VecDeque;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::message::{Amount, Poll, Tier, YtMessage};
use lines::{EMOJI, GIFTS, LINES, LINKS, MODES, OWN_EMOJI, PEOPLE, POLLS, Person, RAIDERS, STICKERS, Standing, THANKS};

/// Happenings that are planned at most.
const MOST_PLANNED: usize = 200;

/// How often something other than plain talk happens, in a hundred.
const EVENTS_IN_A_HUNDRED: u32 = 9;

/// Levels of membership.
const LEVELS: [&str; 2] = ["Deck Hands", "Captains"];

/// What somebody pays, and the tier that it reaches.
const AMOUNTS: [(&str, Tier); 9] = [
    ("$1.99", Tier::Blue),
    ("$2.00", Tier::Cyan),
    ("€5.00", Tier::Green),
    ("¥1,000", Tier::Green),
    ("CA$10.00", Tier::Yellow),
    ("£20.00", Tier::Orange),
    ("PLN 50.00", Tier::Yellow),
    ("₩50,000", Tier::Orange),
    ("$100.00", Tier::Red),
];

/// A message that was said and can still be pinned, deleted or answered.
#[derive(Debug, Clone)]
struct Said {
    id: String,
    who: &'static str,
    text: String,
}

/// An endless conversation about a boat, the same for the same seed.
#[derive(Debug)]
pub struct Talk {
    rng: StdRng,
    channel: String,
    title: String,
    /// What happens after so many other things.
    planned: VecDeque<(u32, YtMessage)>,
    /// What was given out last, if it is plain talk.
    saying: Option<(&'static str, String)>,
    said: Option<Said>,
    polls: u32,
}

impl Talk {
    /// A conversation of its own for each seed, in the chat of a channel (handle and title).
    pub fn new(seed: u64, channel: &str, title: &str) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            channel: channel.trim_start_matches('@').to_owned(),
            title: title.to_owned(),
            planned: VecDeque::new(),
            saying: None,
            said: None,
            polls: 0,
        }
    }

    /// What happens next.
    pub fn next_message(&mut self) -> YtMessage {
        self.saying = None;
        for (wait, _) in &mut self.planned {
            *wait = wait.saturating_sub(1);
        }
        if let Some(due) = self.planned.iter().position(|(wait, _)| *wait == 0)
            && let Some((_, message)) = self.planned.remove(due)
        {
            return message;
        }
        if self.rng.random_range(0..100) < EVENTS_IN_A_HUNDRED && self.planned.len() < MOST_PLANNED {
            return self.event();
        }
        self.plain()
    }

    /// The id that the message got: somebody may pin or delete it later.
    pub fn was_sent(&mut self, id: String) {
        if let Some((who, text)) = self.saying.take() {
            self.said = Some(Said { id, who, text });
        }
    }

    fn person(&mut self) -> &'static Person {
        PEOPLE.choose(&mut self.rng).expect("people")
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        *all.choose(&mut self.rng).expect("something to choose from")
    }

    fn line(&mut self) -> &'static str {
        self.pick(LINES)
    }

    /// `message`, written by somebody, with the badges of that person.
    fn by(&self, person: &Person, message: YtMessage) -> YtMessage {
        let message = message.from(person.handle);
        match person.standing {
            Standing::Viewer => message,
            Standing::Member(months) => message.member(months),
            Standing::Moderator(months) => message.moderator().member(months),
            Standing::Verified => message.verified(),
            Standing::Owner => message.from(&self.channel).owner(),
        }
    }

    fn plain(&mut self) -> YtMessage {
        let person = self.person();
        let text = self.line();
        self.saying = Some((person.handle, text.to_owned()));
        let message = self.by(person, YtMessage::chat(text));
        match self.rng.random_range(0..20) {
            0 => message.text(" ").link(self.pick(LINKS)),
            1..=4 => {
                let (character, name) = self.pick(EMOJI);
                message.text(" ").emoji(character, name)
            }
            5..=6 => {
                let name = self.pick(OWN_EMOJI);
                message.text(" ").custom_emoji(Some(&self.channel.clone()), name)
            }
            7 => message.text(" ").custom_emoji(None, ":face-blue-smiling:"),
            8 => message.rank(self.rng.random_range(1..=3)),
            // What Top chat leaves out.
            9..=10 => message.only_in_live_chat(),
            _ => message,
        }
    }

    fn event(&mut self) -> YtMessage {
        let person = self.person();
        let (amount, tier) = self.pick(&AMOUNTS);
        let level = self.pick(&LEVELS);
        match self.rng.random_range(0..18) {
            0..=3 => {
                let thanks = self.pick(THANKS);
                let answer = self.by(PEOPLE_OWNER, YtMessage::chat(thanks)).reply_to_super_chat(person.handle);
                self.planned.push_back((4, answer));
                let text = self.line();
                self.by(person, YtMessage::super_chat(Amount::new(amount, tier)).text(text))
            }
            4 => {
                let label = self.pick(STICKERS);
                self.by(person, YtMessage::sticker(Amount::new(amount, tier), label))
            }
            5 => self.by(person, YtMessage::new_member(level)).member(0),
            6 => self.by(person, YtMessage::upgrade(LEVELS[1])),
            7..=8 => {
                let text = self.line();
                let months = self.rng.random_range(1..60);
                self.by(person, YtMessage::milestone(months, level).text(text))
            }
            9 => self.gifts(person),
            10 => {
                let (gift, jewels) = self.pick(GIFTS);
                self.by(person, YtMessage::jewels(gift, jewels))
            }
            11 => self.poll(),
            12 => self.pin().unwrap_or_else(|| self.plain()),
            13 => self.deletion().unwrap_or_else(|| self.plain()),
            14 => {
                let (raider, hello) = self.pick(RAIDERS);
                for wait in [2, 3, 4] {
                    self.planned.push_back((wait, YtMessage::chat(hello).from(raider).only_in_live_chat()));
                }
                YtMessage::raid_in().from(raider)
            }
            15 => {
                let (icon, on, off, subtext) = self.pick(MODES);
                self.planned.push_back((25, YtMessage::mode(icon, "Anyone can write again.").text(off)));
                YtMessage::mode(icon, subtext).text(on)
            }
            16 => YtMessage::goal(&format!("${} out of $200", self.rng.random_range(1..200))),
            _ => YtMessage::donation(amount, "The Lifeboat Society").from(person.handle),
        }
    }

    fn gifts(&mut self, giver: &Person) -> YtMessage {
        let count = self.pick(&[1, 5, 10]);
        for wait in 1..=count.min(6) {
            let receiver = self.person();
            if receiver.handle != giver.handle {
                let received = YtMessage::gift_received(giver.handle).from(receiver.handle);
                self.planned.push_back((wait, received));
            }
        }
        let title = self.title.clone();
        self.by(giver, YtMessage::gift_purchase(count, &title))
    }

    fn poll(&mut self) -> YtMessage {
        let (question, choices) = self.pick(POLLS);
        self.polls += 1;
        let mut poll = Poll::new(&format!("poll-{}", self.polls), &self.channel, choices).question(question);
        let opened = YtMessage::poll_opens(&poll);
        for wait in (3..30).step_by(3) {
            let choice = self.rng.random_range(0..choices.len());
            poll.vote(choice, self.rng.random_range(1..90));
            self.planned.push_back((wait, YtMessage::poll_changes(&poll)));
        }
        self.planned.push_back((31, YtMessage::poll_closes(&poll)));
        self.planned.push_back((32, YtMessage::poll_result(&poll)));
        opened
    }

    fn pin(&mut self) -> Option<YtMessage> {
        let Said { id, who, text } = self.said.take()?;
        self.planned.push_back((40, YtMessage::unpin(&id)));
        Some(YtMessage::pin(&id, &self.channel).from(who).text(&text))
    }

    fn deletion(&mut self) -> Option<YtMessage> {
        let Said { id, who, .. } = self.said.take()?;
        Some(match self.rng.random_range(0..5) {
            0 => YtMessage::delete(&id),
            1 => YtMessage::remove(&id),
            2 => YtMessage::replace(&id, "(I have thought again)").from(who),
            3 => YtMessage::remove_author("free-yachts-4u"),
            _ => {
                self.planned.push_back((2, YtMessage::delete_author("free-yachts-4u")));
                YtMessage::chat("FREE YACHTS!!! only postage, type YACHT").from("free-yachts-4u")
            }
        })
    }
}

/// Whoever owns the channel.
const PEOPLE_OWNER: &Person = &Person { handle: "", standing: Standing::Owner };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_says_the_same() {
        let talk = |seed| {
            let mut talk = Talk::new(seed, "boat", "Slow Boat");
            (0..300)
                .map(|number| format!("{:?}", talk.next_message().actions(&number.to_string(), 1)))
                .collect::<Vec<_>>()
        };
        assert_eq!(talk(1), talk(1));
        assert_ne!(talk(1), talk(2));
    }

    #[test]
    fn sooner_or_later_everything_happens() {
        let mut talk = Talk::new(1, "boat", "Slow Boat");
        let mut all = String::new();
        for number in 0..3_000_u32 {
            let id = number.to_string();
            for action in talk.next_message().actions(&id, 1) {
                all += &action.to_string();
            }
            talk.was_sent(id);
        }
        for word in [
            "liveChatTextMessageRenderer",
            "liveChatPaidMessageRenderer",
            "liveChatPaidStickerRenderer",
            "liveChatMembershipItemRenderer",
            "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer",
            "liveChatSponsorshipsGiftRedemptionAnnouncementRenderer",
            "giftMessageViewModel",
            "liveChatDonationAnnouncementRenderer",
            "liveChatModeChangeMessageRenderer",
            "addLiveChatTickerItemAction",
            "showLiveChatActionPanelAction",
            "updateLiveChatPollAction",
            "closeLiveChatActionPanelAction",
            "addBannerToLiveChatCommand",
            "removeBannerForLiveChatCommand",
            "showCreatorGoalTickerChipCommand",
            "markChatItemAsDeletedAction",
            "markChatItemsByAuthorAsDeletedAction",
            "removeChatItemAction",
            "removeChatItemByAuthorAction",
            "replaceChatItemAction",
            "PAreply_thread",
        ] {
            assert!(all.contains(word), "{word} never happened");
        }
    }
}
