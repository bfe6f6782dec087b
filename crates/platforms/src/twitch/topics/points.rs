//! Channel points and power-ups: rewards that viewers redeem, goals that they fill together.

use polychat_model::{Content, EventData, EventName, Goal, Reward};
use serde_json::Value;

use super::{At, Told, author, kind, revision};
use crate::twitch::json::{https, id, text, time_ms};

pub(super) fn read(message: &Value, at: At<'_>) -> Option<Told> {
    let data = &message["data"];
    match kind(message)? {
        native @ ("reward-redeemed" | "automatic-reward-redeemed") => redeemed(native, data, at),
        native @ ("community-goal-contribution" | "community-goal-updated" | "community-goal-created") => {
            goal(native, data, at)
        }
        "custom-reward-created" | "custom-reward-updated" | "custom-reward-deleted" | "automatic-reward-updated" => {
            Some(Told::Ignored("list of rewards"))
        }
        "redemption-status-update" | "update-redemption-statuses-progress" | "update-redemption-statuses-finished" => {
            Some(Told::Ignored("list of redemptions"))
        }
        _ => None,
    }
}

fn redeemed(native: &str, data: &Value, at: At<'_>) -> Option<Told> {
    let redemption = &data["redemption"];
    let reward = &redemption["reward"];
    let redemption_id = id(&redemption["id"])?;
    let reward_type = text(&reward["reward_type"]);
    let title = text(&reward["title"]).or_else(|| reward_type.as_deref().map(power_up)).unwrap_or_default();
    let user = author(&redemption["user"]);
    let name = user.as_ref().map_or("Somebody", |u| u.display_name.as_str());
    let thing = if title.is_empty() { "a reward" } else { title.as_str() };
    // A power-up costs bits and no points.
    let bits = reward["bits_cost"].as_u64().or_else(|| reward["default_bits_cost"].as_u64()).filter(|n| *n > 0);
    let in_bits = reward["pricing_type"].as_str() == Some("BITS");
    let cost = if in_bits { None } else { reward["cost"].as_u64() };
    let count = if in_bits { bits } else { None };
    let price = match (count, cost) {
        (Some(bits), _) => format!(" ({bits} bits)"),
        (None, Some(points)) if points > 0 => format!(" ({points} points)"),
        _ => String::new(),
    };
    let data = EventData {
        event: EventName::Reward,
        text: format!("{name} redeemed {thing}{price}"),
        message: text(&redemption["user_input"]).map(Content::plain),
        count,
        color: text(&reward["background_color"]).filter(|c| c.len() == 7 && c.starts_with('#')),
        reward: Some(Reward {
            id: id(&reward["id"]).or(reward_type).unwrap_or_default(),
            title,
            cost,
            image_url: image(&reward["image"]).or_else(|| image(&reward["default_image"])).map(Into::into),
        }),
        native_type: Some(native.to_owned()),
        user,
        ..EventData::default()
    };
    let sent_at_ms = time_ms(&redemption["redeemed_at"]);
    Some(Told::Event(at.event("reward", &redemption_id, 0, sent_at_ms, data)))
}

fn image(image: &Value) -> Option<String> {
    ["url_4x", "url_2x", "url_1x"].into_iter().find_map(|size| https(&image[size]))
}

/// The name of a power-up, which comes without a title.
fn power_up(reward_type: &str) -> String {
    match reward_type {
        "SEND_ANIMATED_MESSAGE" => "Message Effects".to_owned(),
        "SEND_GIGANTIFIED_EMOTE" => "Gigantify an Emote".to_owned(),
        "CELEBRATION" => "On-Screen Celebration".to_owned(),
        "SEND_HIGHLIGHTED_MESSAGE" => "Highlight My Message".to_owned(),
        "SINGLE_MESSAGE_BYPASS_SUB_MODE" => "Send a Message in Sub-Only Mode".to_owned(),
        "RANDOM_SUB_EMOTE_UNLOCK" => "Unlock a Random Sub Emote".to_owned(),
        "CHOSEN_SUB_EMOTE_UNLOCK" => "Choose an Emote to Unlock".to_owned(),
        "CHOSEN_MODIFIED_SUB_EMOTE_UNLOCK" => "Modify a Single Emote".to_owned(),
        other => other.replace('_', " ").to_lowercase(),
    }
}

/// There is no recorded sample of a goal: the fields are those that public clients read, in both spellings.
fn goal(native: &str, data: &Value, at: At<'_>) -> Option<Told> {
    let contribution = &data["contribution"];
    let goal = [&contribution["goal"], &data["community_goal"]].into_iter().find(|g| g.is_object())?;
    let goal_id = id(&goal["id"])?;
    let title = text(&goal["title"]).unwrap_or_default();
    let number = |names: [&str; 2]| names.into_iter().find_map(|n| goal[n].as_u64()).unwrap_or(0);
    let current = number(["points_contributed", "amount_contributed"]);
    let target = number(["goal_amount", "amount_needed"]);
    let user = author(&contribution["user"]);
    let count = contribution["amount"].as_u64();
    let text = match (&user, count) {
        (Some(user), Some(n)) => format!("{} gave {n} points to {title}: {current} of {target}", user.display_name),
        _ => format!("{title}: {current} of {target} points"),
    };
    let data = EventData {
        event: EventName::Goal,
        text,
        user,
        count,
        goal: Some(Goal { kind: "community_points".to_owned(), description: title, current, target }),
        native_type: Some(native.to_owned()),
        ..EventData::default()
    };
    Some(Told::Event(at.event("goal", &goal_id, revision(current), None, data)))
}
