//! The people of the demo. All of them are made up.

use std::sync::Arc;

use polychat_model::{Author, Badge, BadgeType, Person, Platform, Roles};

/// What somebody is in the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Viewer,
    /// Months.
    Subscriber(u32),
    Moderator,
    Vip,
    Verified,
    /// A giver with a level.
    Giver(u32),
    Broadcaster,
    /// Comes only when a scene calls: no small talk.
    Guest,
}

/// Somebody who talks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) login: &'static str,
    pub(super) name: &'static str,
    /// `#rrggbb`, or empty.
    pub(super) color: &'static str,
    pub(super) standing: Standing,
    /// One of the pictures that Twitch gives to people who chose none, or none.
    pub(super) picture: Option<&'static str>,
}

/// Somebody without a picture.
pub(super) const fn member(login: &'static str, name: &'static str, color: &'static str, standing: Standing) -> Member {
    Member { login, name, color, standing, picture: None }
}

impl Member {
    pub(super) const fn with_picture(self, picture: &'static str) -> Self {
        Self { picture: Some(picture), ..self }
    }

    /// Whether it may say something that anybody could say.
    pub(super) fn is_talkative(&self) -> bool {
        !matches!(self.standing, Standing::Guest | Standing::Broadcaster)
    }

    pub(super) fn id(&self) -> String {
        ["demo-", self.login].concat()
    }

    pub(super) fn author(&self, platform: Platform) -> Author {
        let standing = self.standing;
        Author {
            id: self.id(),
            username: self.login.to_owned(),
            display_name: self.name.to_owned(),
            avatar_url: self.avatar_url(),
            color: (!self.color.is_empty()).then(|| self.color.to_owned()),
            roles: Roles {
                broadcaster: standing == Standing::Broadcaster,
                moderator: standing == Standing::Moderator,
                subscriber: matches!(standing, Standing::Subscriber(_) | Standing::Moderator),
                verified: standing == Standing::Verified,
            },
            badges: badges(platform, standing),
        }
    }

    pub(super) fn person(&self) -> Person {
        Person {
            id: self.id(),
            username: self.login.to_owned(),
            display_name: self.name.to_owned(),
            avatar_url: self.avatar_url(),
        }
    }

    fn avatar_url(&self) -> Option<Arc<str>> {
        let picture = self.picture?;
        Some(format!("https://static-cdn.jtvnw.net/user-default-pictures-uv/{picture}-profile_image-70x70.png").into())
    }
}

fn badges(platform: Platform, standing: Standing) -> Vec<Badge> {
    let badge = |kind, label: String, picture: &str| Badge {
        kind,
        label: label.into(),
        // Only Twitch has badges that look the same in every channel.
        image_url: (platform == Platform::Twitch)
            .then(|| format!("https://static-cdn.jtvnw.net/badges/v1/{picture}/2").into()),
        months: None,
    };
    let subscriber = |months: u32| match platform {
        Platform::Twitch => {
            badge(BadgeType::Subscriber, format!("{months}-Month Subscriber"), "5d9f2208-5dd8-11e7-8513-2ff4adfae661")
        }
        Platform::Youtube => {
            let label = if months == 1 { "Member (1 month)".to_owned() } else { format!("Member ({months} months)") };
            Badge { months: Some(months), ..badge(BadgeType::Subscriber, label, "") }
        }
        Platform::Tiktok => badge(BadgeType::Subscriber, "Subscriber".to_owned(), ""),
    };
    match standing {
        Standing::Viewer | Standing::Guest => Vec::new(),
        Standing::Subscriber(months) => vec![subscriber(months)],
        Standing::Moderator => vec![
            badge(BadgeType::Moderator, "Moderator".to_owned(), "3267646d-33f0-4b17-b3df-f923a41db1d0"),
            subscriber(24),
        ],
        Standing::Vip => vec![badge(BadgeType::Custom, "VIP".to_owned(), "b817aba4-fad8-49e2-b88a-7cc744dfa6ec")],
        Standing::Verified => {
            vec![badge(BadgeType::Verified, "Verified".to_owned(), "d12a2e27-16f6-41d0-ab77-b780518f00a3")]
        }
        Standing::Giver(level) if platform == Platform::Tiktok => {
            vec![badge(BadgeType::Custom, format!("Gifter level {level}"), "")]
        }
        Standing::Giver(_) => {
            vec![badge(BadgeType::Custom, "10 Gift Subs".to_owned(), "d333288c-65d7-4c7b-b691-cdd7b3484bf8")]
        }
        Standing::Broadcaster => {
            vec![badge(BadgeType::Custom, "Broadcaster".to_owned(), "5527c58c-fb7d-422d-b71b-f309dcb85cc1")]
        }
    }
}
