//! Who subscribes or rises, told as a message, as a banner, or as both.

use polychat_model::{EventData, EventName};

use super::{Head, Turn, data};
use crate::tiktok::desk::pattern::sentence;
use crate::tiktok::proto::{self, User};

/// How long a second telling of a subscription may come after the first, in milliseconds. Chosen by hand.
const TWICE_MS: i64 = 60_000;

/// Types of banners.
mod banner {
    pub(super) const SUBSCRIBED: i32 = 4;
    pub(super) const GAVE_SUBSCRIPTIONS: i32 = 7;
    pub(super) const GIFTER_LEVEL: i32 = 8;
    pub(super) const GIFTER_CAME_IN: i32 = 9;
    pub(super) const FAN_LEVEL: i32 = 10;
    pub(super) const FAN_CAME_IN: i32 = 11;
}

impl Turn<'_> {
    pub(super) fn subscription(&mut self, sub: &proto::WebcastSubNotifyMessage, head: Head<'_>) {
        /// What `subscribing_status` says of subscriptions that end: cancelled, paid back.
        const ENDS: [i32; 2] = [3, 4];
        if sub.message_type != 0 || ENDS.contains(&sub.subscribing_status) || self.was_told(sub.user.as_ref()) {
            return;
        }
        let user = self.desk.author(sub.user.as_ref(), None);
        let name = &user.display_name;
        let months = u32::try_from(sub.sub_month).ok().filter(|months| *months > 0);
        let (event, text, count) = match months {
            _ if sub.is_send => (EventName::GiftSubscription, format!("{name} gave away a subscription."), Some(1)),
            Some(months) if months > 1 => {
                (EventName::Resubscription, format!("{name} has subscribed for {months} months."), None)
            }
            _ if sub.old_status != 0 => (EventName::Resubscription, format!("{name} subscribed again."), None),
            _ => (EventName::Subscription, format!("{name} subscribed."), None),
        };
        self.happen(EventData { user: Some(user), months, count, ..data(event, head, text) }, head);
    }

    pub(super) fn banner(&mut self, banner: &proto::WebcastBarrageMessage, head: Head<'_>) {
        let said = banner.content.as_ref().or(banner.common_barrage_content.as_ref());
        let piece = said.and_then(|said| said.pieces.iter().find_map(|piece| piece.user_value.as_ref()?.user.as_ref()));
        let grade = banner.user_grade.as_ref();
        let level = banner.fans_level.as_ref();
        let who = banner.user.as_ref().or(grade.and_then(|grade| grade.user.as_ref()));
        let who = who.or(level.and_then(|level| level.user.as_ref())).or(piece);
        let number = |number: i64| u64::try_from(number).ok().filter(|number| *number > 0);
        let user = who.map(|who| self.desk.author(Some(who), None));
        let name = user.as_ref().map_or("Somebody", |user| &user.display_name);
        let (event, text, count) = match banner.msg_type {
            banner::SUBSCRIBED | banner::GAVE_SUBSCRIPTIONS if self.was_told(who) => return,
            banner::SUBSCRIBED => (EventName::Subscription, format!("{name} subscribed."), None),
            banner::GAVE_SUBSCRIPTIONS => {
                let count = banner.sub_gift.as_ref().and_then(|gift| number(gift.gift_sub_count)).unwrap_or(1);
                let text = if count == 1 {
                    format!("{name} gave away a subscription.")
                } else {
                    format!("{name} gave away {count} subscriptions.")
                };
                (EventName::GiftSubscription, text, Some(count))
            }
            banner::GIFTER_LEVEL => {
                let Some(reached) = grade.and_then(|grade| number(grade.current_grade.into())) else { return };
                (EventName::Milestone, format!("{name} reached gifter level {reached}."), Some(reached))
            }
            banner::FAN_LEVEL => {
                let Some(reached) = level.and_then(|level| number(level.current_grade.into())) else { return };
                (EventName::Milestone, format!("{name} reached fan club level {reached}."), Some(reached))
            }
            // They are told as joins.
            banner::GIFTER_CAME_IN | banner::FAN_CAME_IN => return,
            _ => {
                let text = said.map(sentence).unwrap_or_default();
                if text.is_empty() || !self.desk.once.insert(format!("banner:{text}")) {
                    return;
                }
                (EventName::Notice, text, None)
            }
        };
        self.happen(EventData { user, count, ..data(event, head, text) }, head);
    }

    /// Whether this user's subscription was told a moment ago, by the other kind of message.
    fn was_told(&mut self, user: Option<&User>) -> bool {
        let id = user.map_or(0, |user| user.id);
        // A slot of time, and the one before it.
        let slot = self.now_ms.div_euclid(TWICE_MS);
        let told = self.desk.once.contains(&format!("sub:{id}:{}", slot - 1));
        id != 0 && (!self.desk.once.insert(format!("sub:{id}:{slot}")) || told)
    }
}
