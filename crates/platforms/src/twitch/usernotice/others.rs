//! Raids, announcements, milestones, and whatever Twitch invents next.

use std::sync::Arc;

use polychat_model::{EventData, EventName, Person};

use super::{Notice, Read, name};

pub(super) fn read(notice: &Notice<'_, '_>) -> Read {
    Read::Event(notice.event(match notice.kind {
        "raid" => raid(notice),
        "unraid" => {
            let text = notice.sentence(|| "The raid was cancelled.".to_owned());
            notice.data(EventName::RaidCancelled, text)
        }
        "announcement" => {
            let text = notice.sentence(|| format!("Announcement of {}: {}", notice.name(), notice.text));
            let color = notice.line.tag("msg-param-color").map(Into::into);
            EventData { color, ..notice.data(EventName::Announcement, text) }
        }
        "viewermilestone" => {
            let count: Option<u64> = notice.number("msg-param-value");
            let is_streak = notice.raw("msg-param-category") == "watch-streak";
            let event = if is_streak { EventName::WatchStreak } else { EventName::Milestone };
            let text = notice.sentence(|| match count {
                Some(count) if is_streak => format!("{} watched {count} streams in a row.", notice.name()),
                _ => format!("{} reached a milestone.", notice.name()),
            });
            EventData { count, ..notice.data(event, text) }
        }
        "bitsbadgetier" => {
            let count: Option<u64> = notice.number("msg-param-threshold");
            // Twitch's own sentence is "bits badge tier notification".
            let text = match count {
                Some(bits) => format!("{} earned the badge for {bits} bits.", notice.name()),
                None => format!("{} earned a badge for bits.", notice.name()),
            };
            EventData { count, ..notice.data(EventName::Milestone, text) }
        }
        "modiversary" => {
            let months = notice.number("msg-param-months");
            EventData { months, ..notice.data(EventName::Milestone, with_name(notice)) }
        }
        "socialsharingbadge" => {
            let count = notice.number("msg-param-current-badge-level");
            EventData { count, ..notice.data(EventName::Milestone, with_name(notice)) }
        }
        _ => notice.data(EventName::Notice, unknown(notice)),
    }))
}

fn raid(notice: &Notice<'_, '_>) -> EventData {
    let count: Option<u64> = notice.number("msg-param-viewerCount");
    let login = notice.raw("msg-param-login");
    let login = if login.is_empty() { notice.login } else { login };
    let avatar_url = picture(notice.raw("msg-param-profileImageURL"));
    let raider = Person {
        id: notice.tags.user_id.to_owned(),
        username: login.to_owned(),
        display_name: name(notice.raw("msg-param-displayName"), login),
        avatar_url: avatar_url.clone(),
    };
    let text = notice.sentence(|| match count {
        Some(count) => format!("{count} raiders from {} have joined!", raider.display_name),
        None => format!("{} is raiding.", raider.display_name),
    });
    let mut data = EventData { count, other: Some(raider), ..notice.data(EventName::Raid, text) };
    if let Some(user) = &mut data.user
        && user.avatar_url.is_none()
    {
        user.avatar_url = avatar_url;
    }
    data
}

/// The avatar that comes with a raid; older ones leave its size open.
fn picture(raw: &str) -> Option<Arc<str>> {
    let clean = raw.starts_with("https://") && raw.bytes().all(|b| b.is_ascii_graphic());
    clean.then(|| raw.replace("%s", "70x70").into())
}

/// Twitch's sentence with the name before it, which it lacks for some kinds.
fn with_name(notice: &Notice<'_, '_>) -> String {
    let name = notice.name();
    let system = &notice.system;
    let lower = system.to_lowercase();
    let is_named = [name.to_lowercase().as_str(), notice.login].iter().any(|n| !n.is_empty() && lower.contains(n));
    if is_named {
        return system.clone();
    }
    let mut letters = system.chars();
    match letters.next() {
        Some(first) => format!("{name} {}{}", first.to_lowercase(), letters.as_str()),
        None => format!("{name}: {}", notice.kind),
    }
}

/// A kind that nobody has told us about: what Twitch says, or what the user says.
fn unknown(notice: &Notice<'_, '_>) -> String {
    notice.sentence(|| {
        let name = notice.name();
        match (name.is_empty(), notice.text.is_empty()) {
            (false, false) => format!("{name}: {}", notice.text),
            (true, false) => notice.text.to_string(),
            (false, true) if notice.kind.is_empty() => name,
            (false, true) => format!("{name}: {}", notice.kind),
            (true, true) if notice.kind.is_empty() => "Twitch sent a notice without words.".to_owned(),
            (true, true) => notice.kind.to_owned(),
        }
    })
}
