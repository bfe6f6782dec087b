//! What hangs above the chat: pins, raids, summaries; and the goal in the ticker.

use serde_json::{Value, json};

use super::item::text;
use super::{Kind, YtMessage};
use crate::youtube::answer::{photo, runs, simple, tracking};
use crate::youtube::watch::watch_command;

pub(super) fn action(message: &YtMessage, id: &str, usec: u64) -> Value {
    let bold = json!({"text": format!("@{}", message.from), "bold": true, "fontFace": "FONT_FACE_ROBOTO_REGULAR"});
    let plain = |text: &str| json!({"text": text, "fontFace": "FONT_FACE_ROBOTO_REGULAR"});
    match &message.kind {
        Kind::Unpin { item } => json!({"removeBannerForLiveChatCommand": {"targetActionId": action_id(item)}}),
        Kind::Pin { item, by } => {
            let mut banner = banner(
                &action_id(item),
                "PINNED_MESSAGE",
                &json!({"liveChatTextMessageRenderer": text(message, item, usec)}),
            );
            banner["header"] = json!({"liveChatBannerHeaderRenderer": {
                "icon": {"iconType": "KEEP"}, "text": runs(&["Pinned by ", &format!("@{by}")]),
            }});
            command(&banner, None)
        }
        Kind::RaidIn => {
            let help = "https://support.google.com/youtube/answer/10359590?hl=en";
            let go = json!({"commandMetadata": {"webCommandMetadata": {"url": help}},
                "urlEndpoint": {"url": help, "target": "TARGET_NEW_WINDOW"}});
            let said = [bold, plain(" and their viewers just joined. Say hello!")];
            let contents = redirect(message, &said, "Learn more", &go);
            command(&banner(id, "CROSS_CHANNEL_REDIRECT", &contents), Some(20_000))
        }
        Kind::RaidOut { video } => {
            let said = [plain("Don't miss out! People are going to watch something from "), bold];
            let contents = redirect(message, &said, "Go now", &watch_command(video));
            command(&banner(id, "CROSS_CHANNEL_REDIRECT", &contents), None)
        }
        _ => {
            let mut said = vec![json!({"text": "Chat summary", "bold": true}), json!({"text": "\n"})];
            said.extend(message.runs.iter().cloned());
            let contents = json!({"liveChatBannerChatSummaryRenderer": {
                "liveChatSummaryId": id, "chatSummary": {"runs": said}, "icon": {"iconType": "SPARK"},
            }});
            command(&banner(id, "CHAT_SUMMARY", &contents), Some(12_000))
        }
    }
}

/// A banner has an id of its own, which depends on nothing but what is pinned.
fn action_id(item: &str) -> String {
    tracking(item)
}

fn banner(id: &str, kind: &str, contents: &Value) -> Value {
    json!({
        "contents": contents,
        "actionId": id,
        "targetId": "live-chat-banner",
        "isStackable": true,
        "bannerType": format!("LIVE_CHAT_BANNER_TYPE_{kind}"),
    })
}

fn command(banner: &Value, ephemeral_ms: Option<u64>) -> Value {
    let mut command = json!({"bannerRenderer": {"liveChatBannerRenderer": banner}});
    if let Some(ms) = ephemeral_ms {
        command["bannerProperties"] = json!({"isEphemeral": true, "bannerTimeoutMs": ms.to_string()});
    }
    json!({"clickTrackingParams": tracking("action"), "addBannerToLiveChatCommand": command})
}

fn redirect(message: &YtMessage, said: &[Value], label: &str, go: &Value) -> Value {
    json!({"liveChatBannerRedirectRenderer": {
        "bannerMessage": {"runs": said},
        "authorPhoto": photo(&message.from),
        "inlineActionButton": {"buttonRenderer": {
            "style": "STYLE_DEFAULT", "size": "SIZE_DEFAULT", "isDisabled": false, "text": runs(&[label]), "command": go,
        }},
    }})
}

/// A Super Chat goal as a chip of the ticker.
pub(super) fn goal(id: &str, progress: &str) -> Value {
    let key = tracking("goal");
    let panel = "creator_goal_progress_engagement_panel";
    json!({"showCreatorGoalTickerChipCommand": {"creatorGoalTickerChip": {"liveChatTickerCreatorGoalViewModel": {
        "id": id,
        "initialTickerText": {"content": "Goal", "styleRuns": [{"startIndex": 0, "length": 4}]},
        "tickerIcon": {"sources": [{"clientResource": {"imageName": "TARGET_ADD"}}]},
        "creatorGoalEntityKey": key,
        "a11yLabel": "See Super Chat goal",
        "onClickCommand": {"innertubeCommand": {"showEngagementPanelEndpoint": {"engagementPanel": {
            "engagementPanelSectionListRenderer": {
                "header": {"engagementPanelTitleHeaderRenderer": {"title": simple("Super Chat goal")}},
                "content": {"sectionListRenderer": {"contents": [{"creatorGoalProgressFlowViewModel": {
                    "creatorGoalEntityKey": key,
                    "progressCountA11yLabel": format!("Super Chat goal progress: {progress}"),
                }}]}},
                "identifier": {"surface": "ENGAGEMENT_PANEL_SURFACE_LIVE_CHAT", "tag": panel},
            },
        }}}},
    }}}})
}
