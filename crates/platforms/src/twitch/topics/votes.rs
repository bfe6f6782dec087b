//! Polls and predictions. All updates of one share its id; the revision is how long it has run, so that it rises
//! whatever the order of arrival, and is the same when the same update comes twice.

use polychat_model::{Choice, EventData, EventName, Poll};
use serde_json::Value;

use super::{At, Told, author, kind, revision};
use crate::twitch::json::{id, text, time_ms};

/// More choices than Twitch allows (5 in a poll, 10 in a prediction).
const CHOICES_MAX: usize = 20;
/// Added to the revision of a poll that is over: more than the longest poll runs in milliseconds.
const OVER: u32 = 1 << 31;

pub(super) fn poll(message: &Value, at: At<'_>) -> Option<Told> {
    let native_type = kind(message)?;
    if !native_type.starts_with("POLL_") {
        return None;
    }
    let poll = &message["data"]["poll"];
    let poll_id = id(&poll["poll_id"])?;
    let title = text(&poll["title"])?;
    let status = text(&poll["status"]).unwrap_or_else(|| "ACTIVE".to_owned()).to_lowercase();
    let choices = choices(&poll["choices"], |choice| Choice {
        id: id(&choice["choice_id"]).unwrap_or_default(),
        title: text(&choice["title"]).unwrap_or_default(),
        votes: choice["votes"]["total"].as_u64().unwrap_or(0),
        points: None,
    });
    let remaining_ms = poll["remaining_duration_milliseconds"].as_u64();
    let running = status == "active";
    let revision = if running {
        let whole = poll["duration_seconds"].as_u64().unwrap_or(0).saturating_mul(1000);
        revision(whole.saturating_sub(remaining_ms.unwrap_or(whole))).min(OVER - 1)
    } else {
        OVER + u32::from(status == "archived")
    };
    let winner = if running { None } else { leader(&choices) };
    let text = match (&winner, native_type) {
        (Some(winner), _) => format!("The poll “{title}” ended: {winner}"),
        (None, _) if !running => format!("The poll “{title}” ended."),
        (None, "POLL_CREATE") => format!("A poll started: {title}"),
        (None, _) => format!("Poll: {title}"),
    };
    let count =
        poll["votes"]["total"].as_u64().or_else(|| Some(choices.iter().map(|c| c.votes).fold(0, u64::saturating_add)));
    let data = EventData {
        event: EventName::Poll,
        text,
        count,
        poll: Some(Poll {
            id: poll_id.clone(),
            title,
            status,
            choices,
            remaining_ms: remaining_ms.filter(|_| running),
            winner,
        }),
        native_type: Some(native_type.to_owned()),
        ..EventData::default()
    };
    let sent_at_ms = time_ms(&poll["started_at"]).filter(|_| native_type == "POLL_CREATE");
    Some(Told::Event(at.event("poll", &poll_id, revision, sent_at_ms, data)))
}

pub(super) fn prediction(message: &Value, at: At<'_>) -> Option<Told> {
    let native_type = kind(message)?;
    if !matches!(native_type, "event-created" | "event-updated") {
        return None;
    }
    let data = &message["data"];
    let event = &data["event"];
    let event_id = id(&event["id"])?;
    let title = text(&event["title"])?;
    let status = text(&event["status"]).unwrap_or_else(|| "ACTIVE".to_owned()).to_lowercase();
    let choices = choices(&event["outcomes"], |outcome| Choice {
        id: id(&outcome["id"]).unwrap_or_default(),
        title: text(&outcome["title"]).unwrap_or_default(),
        votes: outcome["total_users"].as_u64().unwrap_or(0),
        points: Some(outcome["total_points"].as_u64().unwrap_or(0)),
    });
    let created_ms = time_ms(&event["created_at"]);
    let told_ms = time_ms(&data["timestamp"]);
    let age_ms = told_ms.zip(created_ms).map_or(0, |(told, created)| told.saturating_sub(created).max(0));
    let window_ms = event["prediction_window_seconds"].as_u64().map(|s| s.saturating_mul(1000));
    let running = status == "active";
    let winner = id(&event["winning_outcome_id"])
        .and_then(|won| choices.iter().find(|c| c.id == won))
        .map(|choice| choice.title.clone())
        .filter(|_| status == "resolved");
    let text = match (status.as_str(), &winner) {
        (_, Some(winner)) => format!("The prediction “{title}” ended: {winner}"),
        ("active", None) if native_type == "event-created" => format!("A prediction started: {title}"),
        ("active", None) => format!("Prediction: {title}"),
        ("canceled" | "cancelled" | "cancel_pending", None) => format!("The prediction “{title}” was cancelled."),
        ("locked", None) => format!("The prediction “{title}” takes no more bets."),
        _ => format!("The prediction “{title}” is being decided."),
    };
    let data = EventData {
        event: EventName::Prediction,
        text,
        user: author(&serde_json::json!({
            "id": event["created_by"]["user_id"], "display_name": event["created_by"]["user_display_name"],
        })),
        count: Some(choices.iter().map(|c| c.votes).fold(0, u64::saturating_add)),
        total: Some(choices.iter().filter_map(|c| c.points).fold(0, u64::saturating_add)),
        poll: Some(Poll {
            id: event_id.clone(),
            title,
            status,
            choices,
            remaining_ms: window_ms.filter(|_| running).map(|w| w.saturating_sub(age_ms as u64)),
            winner,
        }),
        native_type: Some(native_type.to_owned()),
        ..EventData::default()
    };
    Some(Told::Event(at.event("prediction", &event_id, revision(age_ms), told_ms, data)))
}

fn choices(list: &Value, read: impl Fn(&Value) -> Choice) -> Vec<Choice> {
    list.as_array().into_iter().flatten().take(CHOICES_MAX).map(read).collect()
}

/// The answer with the most votes, if there is exactly one.
fn leader(choices: &[Choice]) -> Option<String> {
    let most = choices.iter().map(|c| c.votes).max().filter(|n| *n > 0)?;
    let mut best = choices.iter().filter(|c| c.votes == most);
    best.next().filter(|_| best.next().is_none()).map(|c| c.title.clone())
}
