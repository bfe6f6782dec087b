//! Members: new ones, those who stay, those who pay more. Told apart by shape, as the words are in any language.

use polychat_model::{EventData, EventName};

use super::{Fields, of_author};

pub(super) fn read(fields: &Fields<'_>) -> EventData {
    let subtext = fields.header_subtext.get();
    if let Some(primary) = fields.header_primary_text.get() {
        let months = primary.number().and_then(|months| u32::try_from(months).ok());
        let tier = subtext.map(|tier| tier.plain().into_owned()).filter(|tier| !tier.is_empty());
        let data = of_author(fields, EventName::Milestone, |name| match months {
            Some(1) => format!("{name} has been a member for 1 month."),
            Some(months) => format!("{name} has been a member for {months} months."),
            None => format!("{name} is still a member."),
        });
        return EventData { message: fields.written(), months, count: months.map(u64::from), tier, ..data };
    }
    // "Welcome to ", the tier, "!" in every language seen; another number of runs has no tier.
    let tier = subtext.filter(|text| text.runs.len() == 3).and_then(|text| text.runs[1].text.some());
    let is_upgrade = subtext.and_then(|text| text.runs.first()).is_some_and(|run| run.text.starts_with("Upgrad"));
    let data = if is_upgrade {
        of_author(fields, EventName::SubscriptionUpgrade, |name| match tier {
            Some(tier) => format!("{name} upgraded their membership to {tier}."),
            None => format!("{name} upgraded their membership."),
        })
    } else {
        of_author(fields, EventName::Membership, |name| became(name, tier))
    };
    EventData { message: fields.written(), tier: tier.map(str::to_owned), ..data }
}

/// The form of new members until 2021.
pub(super) fn legacy(fields: &Fields<'_>) -> EventData {
    of_author(fields, EventName::Membership, |name| became(name, None))
}

fn became(name: &str, tier: Option<&str>) -> String {
    match tier {
        Some(tier) => format!("{name} became a member: {tier}"),
        None => format!("{name} became a member."),
    }
}
