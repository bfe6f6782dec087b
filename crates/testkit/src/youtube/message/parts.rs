//! Small parts of renderers: runs, badges, buttons, money.

use serde_json::{Value, json};

use crate::youtube::answer::{photo, tracking};
use crate::youtube::world::channel_id;

/// Whose emoji YouTube's own are.
const YOUTUBE: &str = "UCkszU2WH9gy1mb0dV-11UJg";

/// Characters of a link that are shown.
const SHOWN_OF_A_LINK: usize = 37;

/// What a Super Chat or a sticker costs.
#[derive(Debug, Clone)]
pub struct Amount {
    pub(super) text: String,
    pub(super) tier: Tier,
}

impl Amount {
    /// As it is shown (`$5.00`, `¥1,600`, `PLN 20.00`), and the tier that it reaches.
    pub fn new(text: &str, tier: Tier) -> Self {
        Self { text: text.to_owned(), tier }
    }
}

/// The tiers of money, by their colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// From 1 US dollar.
    Blue,
    /// From 2.
    Cyan,
    /// From 5: two minutes in the ticker.
    Green,
    /// From 10: five minutes.
    Yellow,
    /// From 20: ten minutes.
    Orange,
    /// From 50: half an hour.
    Magenta,
    /// From 100: an hour.
    Red,
}

impl Tier {
    /// All of them, the cheapest first.
    pub const ALL: [Self; 7] =
        [Self::Blue, Self::Cyan, Self::Green, Self::Yellow, Self::Orange, Self::Magenta, Self::Red];

    /// The colours of body, head and text, as ARGB numbers.
    pub(super) fn colours(self) -> (u32, u32, u32) {
        match self {
            Self::Blue => (0xff1e_88e5, 0xff15_65c0, 0xffff_ffff),
            Self::Cyan => (0xff00_e5ff, 0xff00_b8d4, 0xff00_0000),
            Self::Green => (0xff1d_e9b6, 0xff00_bfa5, 0xff00_0000),
            Self::Yellow => (0xffff_ca28, 0xffff_b300, 0xdf00_0000),
            Self::Orange => (0xfff5_7c00, 0xffe6_5100, 0xdfff_ffff),
            Self::Magenta => (0xffe9_1e63, 0xffc2_185b, 0xffff_ffff),
            Self::Red => (0xffe6_2117, 0xffd0_0000, 0xffff_ffff),
        }
    }

    /// Seconds in the ticker.
    pub(super) fn seconds(self) -> u32 {
        match self {
            Self::Blue | Self::Cyan => 0,
            Self::Green => 120,
            Self::Yellow => 300,
            Self::Orange => 600,
            Self::Magenta => 1_800,
            Self::Red => 3_600,
        }
    }
}

fn labelled(label: &str) -> Value {
    json!({"accessibilityData": {"label": label}})
}

/// What every author has.
pub(super) fn author(handle: &str, badges: &[Value]) -> Value {
    let mut author = json!({
        "authorName": {"simpleText": format!("@{handle}")},
        "authorPhoto": photo(handle),
        "authorExternalChannelId": channel_id(handle),
        "contextMenuEndpoint": {
            "clickTrackingParams": tracking("menu"),
            "commandMetadata": {"webCommandMetadata": {"ignoreNavigation": true}},
            "liveChatItemContextMenuEndpoint": {"params": tracking(handle)},
        },
        "contextMenuAccessibility": labelled("Chat actions"),
        "trackingParams": tracking("item"),
    });
    if !badges.is_empty() {
        author["authorBadges"] = json!(badges);
    }
    author
}

pub(super) fn link(url: &str) -> Value {
    let shown: String = url.chars().take(SHOWN_OF_A_LINK).collect();
    let shown = if shown.len() < url.len() { shown + "..." } else { shown };
    let target: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    let target = format!("https://www.youtube.com/redirect?event=live_chat&redir_token=c2lt&q={target}");
    json!({"text": shown, "navigationEndpoint": {
        "clickTrackingParams": tracking("link"),
        "commandMetadata": {"webCommandMetadata": {
            "url": target, "webPageType": "WEB_PAGE_TYPE_UNKNOWN", "rootVe": 83769,
        }},
        "urlEndpoint": {"url": target, "target": "TARGET_NEW_WINDOW", "nofollow": true},
    }})
}

pub(super) fn emoji(character: &str, name: &str) -> Value {
    let file = character.chars().map(|part| format!("{:x}", u32::from(part))).collect::<Vec<_>>().join("_");
    json!({"emoji": {
        "emojiId": character,
        "shortcuts": [format!(":{name}:")],
        "searchTerms": name.split('_').collect::<Vec<_>>(),
        "image": {
            "thumbnails": [{"url": format!("https://fonts.gstatic.com/s/e/notoemoji/15.1/{file}/72.png")}],
            "accessibility": labelled(character),
        },
    }})
}

pub(super) fn custom_emoji(channel: Option<&str>, name: &str) -> Value {
    let owner = channel.map_or_else(|| YOUTUBE.to_owned(), channel_id);
    let word = name.trim_matches(':');
    let url = |size| format!("https://yt3.ggpht.com/sim/{}=w{size}-h{size}-c-k-nd", tracking(word));
    json!({"emoji": {
        "emojiId": format!("{owner}/{}", tracking(word)),
        "shortcuts": [format!(":{word}:")],
        "searchTerms": [word],
        "image": {
            "thumbnails": [
                {"url": url(24), "width": 24, "height": 24},
                {"url": url(48), "width": 48, "height": 48},
            ],
            "accessibility": labelled(word),
        },
        "isCustomEmoji": true,
    }})
}

pub(super) fn icon_badge(icon: &str, tooltip: &str) -> Value {
    json!({"liveChatAuthorBadgeRenderer": {
        "icon": {"iconType": icon}, "tooltip": tooltip, "accessibility": labelled(tooltip),
    }})
}

/// Of a member: the text counts in years when they are full.
pub(super) fn member_badge(months: u32) -> Value {
    let tooltip = match months {
        0 => "New member".to_owned(),
        1 => "Member (1 month)".to_owned(),
        12 => "Member (1 year)".to_owned(),
        _ if months.is_multiple_of(12) => format!("Member ({} years)", months / 12),
        _ => format!("Member ({months} months)"),
    };
    let url = |size| format!("https://yt3.ggpht.com/sim/badge-{months}=s{size}-c-k");
    json!({"liveChatAuthorBadgeRenderer": {
        "customThumbnail": {"thumbnails": [
            {"url": url(16), "width": 16, "height": 16},
            {"url": url(32), "width": 32, "height": 32},
        ]},
        "tooltip": tooltip,
        "accessibility": labelled(&tooltip),
    }})
}

pub(super) fn rank_button(rank: u32) -> Value {
    button("CROWN", &format!("#{rank}"), "PAlive_viewer_leaderboard")
}

pub(super) fn reply_button(donor: &str) -> Value {
    button("REPLY", &format!("@{donor}"), "PAreply_thread")
}

fn button(icon: &str, title: &str, panel: &str) -> Value {
    json!({"buttonViewModel": {
        "iconName": icon,
        "title": title,
        "onTap": {"innertubeCommand": {
            "clickTrackingParams": tracking("button"),
            "showEngagementPanelEndpoint": {"identifier": {
                "surface": "ENGAGEMENT_PANEL_SURFACE_LIVE_CHAT", "tag": panel,
            }},
        }},
        "accessibilityText": title,
        "style": "BUTTON_VIEW_MODEL_STYLE_CUSTOM",
        "type": "BUTTON_VIEW_MODEL_TYPE_TONAL",
    }})
}
