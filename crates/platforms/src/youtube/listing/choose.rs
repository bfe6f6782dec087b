//! Which broadcast of a channel is read.

use std::cmp::Reverse;

use super::{Listing, ListingState};

/// How soon an upcoming stream has to begin to be waited for in its own chat. "Free chat" places are announced for months
/// ahead and never begin. The same holds for one that should have begun long ago.
pub const UPCOMING_WITHIN_MS: i64 = 24 * 60 * 60 * 1_000;

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<'a> {
    /// This one runs.
    Live(&'a Listing),
    /// None runs; this one begins soon.
    Upcoming(&'a Listing),
    /// None runs and none begins soon.
    Nothing {
        /// When the next one is announced for that was not chosen: perhaps never meant.
        next_start_ms: Option<i64>,
    },
}

/// What a viewer may wish for when several run at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// One with this in its title is preferred, whatever the case.
    pub title: Option<String>,
    /// Those with any of these in their title are left out.
    pub ignored_titles: Vec<String>,
    /// Members' streams can be read. Without a login they cannot.
    pub members: bool,
}

/// [`choose_by`] without wishes.
pub fn choose(listings: &[Listing], now_ms: i64) -> Choice<'_> {
    choose_by(listings, now_ms, &Preferences::default())
}

/// The live one that anybody may see and most people watch; if none runs, the upcoming one that begins next, within
/// [`UPCOMING_WITHIN_MS`]. Members' streams come last, and only if they can be read. Ties are decided by the order of the
/// list.
pub fn choose_by<'a>(listings: &'a [Listing], now_ms: i64, wishes: &Preferences) -> Choice<'a> {
    let has = |listing: &Listing, words: &str| listing.title.to_lowercase().contains(&words.to_lowercase());
    let wanted = |listing: &&Listing| {
        (wishes.members || !listing.members_only) && !wishes.ignored_titles.iter().any(|words| has(listing, words))
    };
    let is_preferred = |listing: &Listing| wishes.title.as_deref().is_some_and(|words| has(listing, words));
    let of = |state| listings.iter().filter(move |listing| listing.state == state).filter(wanted);

    let live = of(ListingState::Live).min_by_key(|listing| {
        (listing.members_only, !is_preferred(listing), Reverse(listing.viewers.unwrap_or_default()))
    });
    if let Some(live) = live {
        return Choice::Live(live);
    }
    let is_soon = |at: i64| at.checked_sub(now_ms).is_some_and(|wait| wait.abs() <= UPCOMING_WITHIN_MS);
    let soon = of(ListingState::Upcoming).filter(|listing| listing.starts_at_ms.is_some_and(is_soon));
    let soon = soon.min_by_key(|listing| (listing.members_only, !is_preferred(listing), listing.starts_at_ms));
    if let Some(soon) = soon {
        return Choice::Upcoming(soon);
    }
    let starts = of(ListingState::Upcoming).filter_map(|listing| listing.starts_at_ms);
    Choice::Nothing { next_start_ms: starts.filter(|at| *at > now_ms).min() }
}

/// The upcoming ones of which the list does not say when they begin, as in the newer layout: each one's own `player` answer
/// knows. Until then they are not chosen.
pub fn undated(listings: &[Listing]) -> impl Iterator<Item = &Listing> {
    listings.iter().filter(|listing| listing.state == ListingState::Upcoming && listing.starts_at_ms.is_none())
}
