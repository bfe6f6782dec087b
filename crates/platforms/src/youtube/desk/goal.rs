//! The goal of a streamer for Super Chats, as far as the chat tells it.

use polychat_model::{EventData, EventName, Goal};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::youtube::text::first_number;

/// Largest goal that is looked at, in bytes. The recorded one (2026) has 4,000.
const GOAL_MAX_BYTES: usize = 64 * 1024;
const CHIP: &str = "/creatorGoalTickerChip/liveChatTickerCreatorGoalViewModel";
const SECTIONS: &str = "/onClickCommand/innertubeCommand/showEngagementPanelEndpoint/engagementPanel\
    /engagementPanelSectionListRenderer/content/sectionListRenderer/contents";
const PROGRESS: &str = "/creatorGoalProgressFlowViewModel/progressCountA11yLabel";

/// The goal and its id. The numbers stand only in a sentence for screen readers: "… progress: $0 out of $1".
pub(super) fn read(action: &RawValue) -> Option<(String, EventData)> {
    if action.get().len() > GOAL_MAX_BYTES {
        return None;
    }
    let action: Value = serde_json::from_str(action.get()).ok()?;
    let chip = action.pointer(CHIP)?;
    let id = chip["id"].as_str().or(chip["creatorGoalEntityKey"].as_str()).filter(|id| id.len() <= 512)?;
    let sections = chip.pointer(SECTIONS).and_then(Value::as_array);
    let progress = sections
        .into_iter()
        .flatten()
        .find_map(|section| section.pointer(PROGRESS)?.as_str().filter(|label| !label.trim().is_empty()));
    let (current, target) = progress.and_then(numbers).unwrap_or_default();
    let text = progress.unwrap_or("Super Chat goal").chars().take(200).collect();
    let goal = Goal { kind: "super_chat".to_owned(), description: String::new(), current, target };
    let native_type = Some("liveChatTickerCreatorGoalViewModel".to_owned());
    let data = EventData { event: EventName::Goal, text, goal: Some(goal), native_type, ..EventData::default() };
    Some((id.to_owned(), data))
}

fn numbers(progress: &str) -> Option<(u64, u64)> {
    let (current, target) = progress.rsplit_once(" out of ")?;
    Some((first_number(current)?, first_number(target)?))
}
