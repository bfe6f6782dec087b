//! Gifts and the messages about them.

use super::common::{common, text};
use super::{Around, TkMessage};
use crate::proto::Message;
use crate::tiktok::person::{Person, image};

/// Something that can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gift {
    /// The number of the gift.
    pub id: u64,
    /// Its name in English.
    pub name: &'static str,
    /// What one costs, in coins.
    pub diamonds: u32,
    /// Whether it can be given again and again in one streak.
    pub streak: bool,
}

impl Gift {
    /// One coin, in streaks.
    pub const ROSE: Self = Self { id: 5655, name: "Rose", diamonds: 1, streak: true };
    /// Five coins, in streaks.
    pub const FINGER_HEART: Self = Self { id: 5487, name: "Finger Heart", diamonds: 5, streak: true };
    /// Thirty coins, in streaks.
    pub const DOUGHNUT: Self = Self { id: 5879, name: "Doughnut", diamonds: 30, streak: true };
    /// 199 coins, one at a time.
    pub const BEACH_TOWEL: Self = Self { id: 8001, name: "Beach Towel", diamonds: 199, streak: false };
    /// A thousand coins, one at a time.
    pub const GALAXY: Self = Self { id: 11_046, name: "Galaxy", diamonds: 1_000, streak: false };

    /// `Gift`.
    fn write(self) -> Message {
        let uri = format!("webcast-va/gift_{}", self.id);
        let picture = || image(&[format!("https://p16-webcast.tiktokcdn.com/img/maliva/{uri}~tplv-obj.png")], &uri);
        Message::default()
            .message(1, picture())
            .string(2, &format!("sent {}", self.name))
            .int(4, 1_000)
            .int(5, self.id)
            .flag(7, true)
            .flag(10, self.streak)
            .int(11, if self.streak { 1 } else { 2 })
            .int(12, self.diamonds.into())
            .flag(13, true)
            .string(16, self.name)
            .message(21, picture())
    }
}

/// `WebcastGiftMessage`. A single gift has no group and never says that it has ended.
pub(super) fn write(
    message: &TkMessage,
    around: &Around,
    gift: Gift,
    count: u32,
    group: u64,
    ended: bool,
    to: Option<&Person>,
) -> Message {
    let receiver = to.unwrap_or(&around.owner);
    let key = "pm_mt_guidance_sent_gift";
    let pattern = format!("{{0:user}}: gifted the host {count} {}", gift.name);
    let monitor = Message::default().int(1, around.owner.id()).int(8, receiver.id()).int(9, around.now_ms);
    let written = Message::default()
        .message(1, common(around, "WebcastGiftMessage", key, &pattern, Some(&message.from)))
        .int(2, gift.id)
        .int(3, u64::from(gift.diamonds) * u64::from(count))
        .int(4, 1)
        .int(5, count.into())
        .int(6, count.into())
        .message(7, message.from.user());
    let written = match to {
        Some(to) => written.message(8, to.user()),
        None => written,
    };
    written
        .flag(9, ended && gift.streak)
        .int(11, if gift.streak { group } else { 0 })
        .message(15, gift.write())
        .string(16, &format!("gift-{}", around.id))
        .int(17, 1)
        .message(19, text("pm_mt_gift_tray", "sent {0:gift}", []))
        .string(22, "{\"from_idc\":\"maliva\"}")
        .message(23, monitor)
        .flag(25, count == 1)
        .message(32, message.from.identity(around.owner.id()))
}
