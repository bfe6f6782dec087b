//! Who comes, likes, follows, shares and watches.

use polychat_model::{Author, Body, EventData, EventName, ViewersData};

use super::{Head, Turn, data};
use crate::tiktok::desk::Told;
use crate::tiktok::desk::author::name;
use crate::tiktok::proto;

/// What `action` says of a member that comes in.
const CAME_IN: i32 = 1;
/// What `action` says of a social message: a follow, or the ways to share.
const FOLLOWED: i64 = 1;
const SHARED: std::ops::RangeInclusive<i64> = 2..=5;

impl Turn<'_> {
    pub(super) fn likes(&mut self, likes: &proto::WebcastLikeMessage, head: Head<'_>) {
        if head.history {
            return;
        }
        let user_id = likes.user.as_ref().map_or(0, |user| user.id);
        let [count, total] = [i64::from(likes.count), likes.total].map(|number| u64::try_from(number).unwrap_or(0));
        // Taken out for a moment, so that the event can be made when it is the first of its sum.
        let mut sums = std::mem::take(&mut self.desk.likes);
        let early = sums.add(user_id, count, total, self.now_ms, || {
            let user = self.desk.author(likes.user.as_ref(), None);
            let name = user.display_name.clone();
            let data = EventData { user: Some(user), ..data(EventName::Like, head, String::new()) };
            (self.event(format!("tt:{}", head.id), head, Body::Event(Box::new(data))), name)
        });
        self.desk.likes = sums;
        self.told.extend(early.map(Told::Event));
    }

    pub(super) fn join(&mut self, member: &proto::WebcastMemberMessage, head: Head<'_>) {
        if head.history || member.action != CAME_IN {
            return;
        }
        let user = self.desk.author(member.user.as_ref(), None);
        let text = format!("{} joined.", user.display_name);
        self.happen(EventData { user: Some(user), ..data(EventName::Join, head, text) }, head);
    }

    pub(super) fn guest(&mut self, member: &proto::WebcastUnauthorizedMemberMessage, head: Head<'_>) {
        if head.history || member.action != CAME_IN {
            return;
        }
        // TikTok shows them so: a word and a number.
        let guest = format!("Viewer{}", name(&member.nick_name));
        let text = format!("{guest} joined.");
        let user = Author { username: guest.clone(), display_name: guest, ..Author::default() };
        self.happen(EventData { user: Some(user), ..data(EventName::Join, head, text) }, head);
    }

    pub(super) fn social(&mut self, social: &proto::WebcastSocialMessage, head: Head<'_>) {
        let user = self.desk.author(social.user.as_ref(), None);
        let name = &user.display_name;
        let number = |number: i64| u64::try_from(number).ok().filter(|number| *number > 0);
        let (event, text, count, total) = match social.action {
            FOLLOWED => (EventName::Follow, format!("{name} followed the host."), None, number(social.follow_count)),
            action if SHARED.contains(&action) => match number(social.share_count.into()) {
                Some(count) => {
                    let text = format!("More than {count} people came through {name}'s share.");
                    (EventName::Share, text, Some(count), None)
                }
                None => (EventName::Share, format!("{name} shared the LIVE."), None, None),
            },
            _ => return,
        };
        self.happen(EventData { user: Some(user), count, total, ..data(event, head, text) }, head);
    }

    pub(super) fn viewers(&mut self, room: &proto::WebcastRoomUserSeqMessage, head: Head<'_>) {
        let viewers = u64::try_from(room.total).ok();
        if head.history || viewers.is_none() || self.desk.viewers == viewers {
            return;
        }
        self.desk.viewers = viewers;
        let likes = self.desk.likes.total();
        let data = ViewersData { viewers, live: Some(true), likes, ..ViewersData::default() };
        self.tell(format!("tt:{}", head.id), head, Body::Viewers(data));
    }

    /// Something that happened once.
    pub(super) fn happen(&mut self, data: EventData, head: Head<'_>) {
        self.tell(format!("tt:{}", head.id), head, Body::Event(Box::new(data)));
    }
}
