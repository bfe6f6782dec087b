//! Who talks: names, avatar, badges and the relation to the streamer, as they stand in messages.

use super::id;
use crate::proto::Message;

/// Somebody in the audience, or the streamer. `"alice".into()` is enough for most.
#[derive(Debug, Clone)]
pub struct Person {
    pub(super) handle: String,
    pub(super) nickname: String,
    pub(super) avatar: bool,
    verified: bool,
    moderator: bool,
    subscriber: u32,
    gifter: u32,
    fan: u32,
    rank: u32,
    new_gifter: bool,
    follow_status: u64,
    gift_giver: bool,
}

impl From<&str> for Person {
    fn from(handle: &str) -> Self {
        Self::new(handle)
    }
}

impl From<&Self> for Person {
    fn from(person: &Self) -> Self {
        person.clone()
    }
}

impl Person {
    /// Somebody with this @name, without a badge. The user id follows from the name: [`user_id`](super::user_id).
    pub fn new(handle: &str) -> Self {
        let handle = handle.trim_start_matches('@');
        Self {
            handle: handle.to_owned(),
            nickname: handle.to_owned(),
            avatar: true,
            verified: false,
            moderator: false,
            subscriber: 0,
            gifter: 0,
            fan: 0,
            rank: 0,
            new_gifter: false,
            follow_status: 0,
            gift_giver: false,
        }
    }

    /// The user id.
    pub fn id(&self) -> u64 {
        id::user_id(&self.handle)
    }

    /// The display name.
    pub fn nickname(mut self, nickname: &str) -> Self {
        nickname.clone_into(&mut self.nickname);
        self
    }

    /// No picture at all.
    pub fn without_avatar(mut self) -> Self {
        self.avatar = false;
        self
    }

    /// The account is verified.
    pub fn verified(mut self) -> Self {
        self.verified = true;
        self
    }

    /// Moderates for the streamer.
    pub fn moderator(mut self) -> Self {
        self.moderator = true;
        self
    }

    /// Subscribed, with this level; 0 is none.
    pub fn subscriber(mut self, level: u32) -> Self {
        self.subscriber = level;
        self
    }

    /// The level of what was given on TikTok at all; 0 is none.
    pub fn gifter(mut self, level: u32) -> Self {
        self.gifter = level;
        self
    }

    /// The level in the streamer's fan club; 0 is none.
    pub fn fan(mut self, level: u32) -> Self {
        self.fan = level;
        self
    }

    /// Place among those who gave most in this broadcast, 1 to 3; 0 is none.
    pub fn rank(mut self, rank: u32) -> Self {
        self.rank = rank;
        self
    }

    /// Gave for the first time.
    pub fn new_gifter(mut self) -> Self {
        self.new_gifter = true;
        self.gift_giver = true;
        self
    }

    /// Gave to this streamer before.
    pub fn gift_giver(mut self) -> Self {
        self.gift_giver = true;
        self
    }

    /// Follows the streamer.
    pub fn follower(mut self) -> Self {
        self.follow_status = 1;
        self
    }

    /// Follows the streamer, who follows back.
    pub fn friend(mut self) -> Self {
        self.follow_status = 2;
        self
    }

    /// The address of the avatar as messages give it first; empty without one.
    pub fn avatar_url(&self) -> String {
        if self.avatar { avatar(&self.handle, 100).0.remove(0) } else { String::new() }
    }

    /// `User`.
    pub(super) fn user(&self) -> Message {
        let following = id::hash(&self.handle, 20) % 900;
        let followers = id::hash(&self.handle, 21) % 5_000;
        let user = Message::default().int(1, self.id()).string(3, &self.nickname);
        let user =
            [(9, 100), (10, 720), (11, 1080)].into_iter().filter(|_| self.avatar).fold(user, |user, (field, size)| {
                let (urls, uri) = avatar(&self.handle, size);
                user.message(field, image(&urls, &uri))
            });
        let follow = Message::default().int(1, following).int(2, followers).int(3, self.follow_status);
        user.flag(12, self.verified)
            .message(22, follow)
            .message(23, Message::default().int(6, self.gifter.into()))
            .message(32, Message::default().flag(2, self.moderator))
            .string(38, &self.handle)
            .string(46, &id::sec_uid(&self.handle))
            .each(64, self.badges())
            .int(1024, self.follow_status)
            .string(1028, &self.id().to_string())
    }

    /// `UserIdentity`: what this person is to the streamer with the user id `owner`.
    pub(super) fn identity(&self, owner: u64) -> Message {
        Message::default()
            .flag(1, self.gift_giver)
            .flag(2, self.subscriber > 0)
            .flag(3, self.follow_status == 2)
            .flag(4, self.follow_status > 0)
            .flag(5, self.moderator)
            .flag(6, self.id() == owner)
    }

    /// `Badge`s: each is there twice, in an old form and in the newer one.
    fn badges(&self) -> Vec<Message> {
        let rank = format!("webcast-sg/ranklist_top_gifter_{}.png", self.rank);
        let gifter = format!("webcast-va/grade_badge_icon_lite_lv{}_v2.png", self.gifter / 5 * 5);
        let fan = format!("webcast-va/fans_badge_icon_lv{}_v0.png", self.fan / 10 * 10);
        let all = [
            (self.moderator, 1, 20, 0, "webcast-va/moderater_badge_icon.png", "#00000000", "pm_mt_moderator_im"),
            (self.new_gifter, 2, 40, 0, "webcast-va/new_gifter_badge_v3.png", "#99F76E8C", ""),
            (self.subscriber > 0, 4, 10, self.subscriber, "webcast-va/sub_42ab9ce1", "#B3FFAA33", ""),
            (self.rank > 0, 6, 50, self.rank, rank.as_str(), "#B3E6A100", ""),
            (self.gifter > 0, 8, 20, self.gifter, gifter.as_str(), "#B3477EFF", ""),
            (self.fan > 0, 10, 30, self.fan, fan.as_str(), "#B3D6577C", ""),
        ];
        let held = all.into_iter().filter(|(held, ..)| *held);
        held.flat_map(|(_, scene, priority, level, uri, color, key)| badge(scene, priority, level, uri, color, key))
            .collect()
    }
}

fn badge(scene: u64, priority: u64, level: u32, uri: &str, color: &str, key: &str) -> [Message; 2] {
    let level = if level == 0 { String::new() } else { level.to_string() };
    let icon = || image(&[format!("https://p16-webcast.tiktokcdn.com/{uri}~tplv-obj.image")], uri);
    let head = |display: u64| {
        let log = Message::default().string(2, &format!("{}", 7_100_000_000_000_000_000 + scene)).string(5, &level);
        Message::default().int(1, display).int(2, priority).int(3, scene).int(4, 1).flag(11, true).message(12, log)
    };
    let old = if key.is_empty() {
        head(1).message(20, Message::default().int(1, 1).message(2, icon()))
    } else {
        head(2).message(21, Message::default().int(1, 2).string(2, key).string(3, "Moderator"))
    };
    let background = Message::default().string(2, color);
    let combined = Message::default()
        .int(1, 4)
        .message(2, icon())
        .string(4, &level)
        .message(11, background.clone())
        .message(12, background);
    [old, head(4).message(23, combined)]
}

/// The addresses and the `uri` of an avatar, whose addresses last for two days.
pub(super) fn avatar(handle: &str, size: u32) -> (Vec<String>, String) {
    let hash = id::hash(handle, 30);
    let uri = format!("tos-maliva-avt-0068/{hash:016x}");
    let urls = [("p16-sign-va", "webp"), ("p77-sign-va", "webp"), ("p16-sign-va", "jpeg")].map(|(host, kind)| {
        format!(
            "https://{host}.tiktokcdn.com/{uri}~tplv-tiktokx-cropcenter:{size}:{size}.{kind}\
             ?x-expires=1800000000&x-signature={hash:08x}%3D"
        )
    });
    (urls.to_vec(), uri)
}

/// `Image`.
pub(super) fn image(urls: &[String], uri: &str) -> Message {
    urls.iter().fold(Message::default(), |image, url| image.bytes(1, url)).string(2, uri)
}
