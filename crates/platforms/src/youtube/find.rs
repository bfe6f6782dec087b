//! From a key to the broadcast whose chat is read: resolves names, lists a channel's broadcasts, and chooses.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use polychat_model::wire::{Broadcast, Owner};
use polychat_model::{ChannelKey, IdentifierType, iso_timestamp, unix_ms};
use rand::RngExt;

use super::identifier;
use super::innertube::{Innertube, Refusal};
use super::listing::{self, Choice, Listing, ListingState, Streams};
use super::page::Page;
use super::resolve;
use super::timings::Timings;
use super::video::{Video, VideoState};
use super::words;
use crate::{NotLive, UpstreamError};

/// How many names are remembered with their channel. A channel's id never changes; a name seldom does.
const NAMES: usize = 1_024;

/// A broadcast whose chat can be read, or will soon.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) video: Video,
    /// All that the channel has, when that is more than one.
    pub(crate) broadcasts: Vec<Broadcast>,
    /// The channel, when the channel was asked for and not this one broadcast.
    pub(crate) channel_id: Option<String>,
}

/// Finds broadcasts. One value serves every channel.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    names: Mutex<Names>,
}

/// The channels of names, oldest first out.
#[derive(Debug, Default)]
struct Names {
    ids: HashMap<String, String>,
    order: VecDeque<String>,
}

impl Finder {
    /// The broadcast to read for `key`. Whose it is goes into `owner`, also when there is nothing to read.
    ///
    /// # Errors
    /// `NotFound`, `NotLive` and `Ended` in words for people; transient ones when YouTube cannot be asked.
    pub(crate) async fn find(
        &self,
        net: &Innertube,
        key: &ChannelKey,
        timings: &Timings,
        owner: &mut Owner,
    ) -> Result<Found, UpstreamError> {
        let found = match key.identifier_type {
            IdentifierType::LiveId => self.broadcast(net, key, &key.identifier).await,
            IdentifierType::ChannelId => self.of_channel(net, key, &key.identifier, timings, owner).await,
            IdentifierType::Username => match self.channel_of(net, key).await? {
                Some(id) => self.of_channel(net, key, &id, timings, owner).await,
                // Eleven characters can be a handle without its @, and can be a video.
                None if identifier::is_video_id(&key.identifier) => {
                    match self.broadcast(net, key, &key.identifier).await {
                        Err(UpstreamError::NotFound { .. }) => Err(words::no_channel(key)),
                        found => found,
                    }
                }
                None => Err(words::no_channel(key)),
            },
        }?;
        let told = found.video.owner();
        owner.display_name = owner.display_name.take().or(told.display_name);
        owner.avatar_url = owner.avatar_url.take().or(told.avatar_url);
        Ok(found)
    }

    /// Exactly this broadcast.
    async fn broadcast(&self, net: &Innertube, key: &ChannelKey, id: &str) -> Result<Found, UpstreamError> {
        let video = video(net, id).await?;
        match video.state {
            VideoState::Missing => Err(words::no_broadcast(key)),
            VideoState::NotAStream => Err(words::not_a_stream(key)),
            _ => Ok(Found { video, broadcasts: Vec::new(), channel_id: None }),
        }
    }

    /// The best broadcast of a channel.
    pub(crate) async fn of_channel(
        &self,
        net: &Innertube,
        key: &ChannelKey,
        channel_id: &str,
        timings: &Timings,
        owner: &mut Owner,
    ) -> Result<Found, UpstreamError> {
        let Streams { owner: told, mut listings } = streams(net, key, channel_id).await?;
        *owner = told;
        let now_ms = unix_ms();
        if matches!(listing::choose(&listings, now_ms), Choice::Nothing { .. }) {
            date(net, &mut listings).await;
        }
        let (chosen, next_start) = match listing::choose(&listings, now_ms) {
            Choice::Live(listing) | Choice::Upcoming(listing) => (Some(listing), None),
            Choice::Nothing { next_start_ms } => (None, next_start_ms),
        };
        let broadcasts = broadcasts(&listings);
        let Some(listing) = chosen else {
            let members_only = listings.iter().any(|l| l.state == ListingState::Live && l.members_only);
            let text = if members_only { words::members_only(key) } else { words::not_live(key) };
            return Err(UpstreamError::NotLive(Box::new(NotLive {
                starts_at_ms: next_start,
                broadcasts,
                ..NotLive::new(text, look_again(next_start, timings))
            })));
        };
        let mut video = video(net, &listing.video_id).await?;
        // The list knows some things better than the video's own page, which keeps them in its language.
        video.starts_at_ms = video.starts_at_ms.or(listing.starts_at_ms);
        video.viewers = video.viewers.or(listing.viewers);
        let broadcasts = if broadcasts.len() > 1 { broadcasts } else { Vec::new() };
        Ok(Found { video, broadcasts, channel_id: Some(channel_id.to_owned()) })
    }

    /// The id of the channel that has this name; `None` when there is none.
    async fn channel_of(&self, net: &Innertube, key: &ChannelKey) -> Result<Option<String>, UpstreamError> {
        let name = &*key.identifier;
        if let Some(id) = self.lock().ids.get(name) {
            return Ok(Some(id.clone()));
        }
        let path = if name.contains('/') { name.to_owned() } else { format!("@{name}") };
        let answer = net.resolve_url(&format!("https://www.youtube.com/{path}")).await;
        let found = match answer.ok().and_then(|answer| resolve::channel_id(&answer)) {
            Some(id) => Some(id),
            // Not every answer says it, and not everybody gets one; the channel's own page does.
            None => match net.page(&format!("/{}", encoded(&path))).await {
                Ok((_, bytes)) => Page::new(&bytes).channel_id(),
                Err(Refusal::NotFound) => None,
                Err(refusal) => return Err(words::refused(refusal)),
            },
        };
        if let Some(id) = &found {
            self.lock().insert(name.to_owned(), id.clone());
        }
        Ok(found)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Names {
    fn insert(&mut self, name: String, id: String) {
        if self.ids.insert(name.clone(), id).is_none() {
            self.order.push_back(name);
            if self.order.len() > NAMES
                && let Some(oldest) = self.order.pop_front()
            {
                self.ids.remove(&oldest);
            }
        }
    }
}

/// What is known of a video. `/next` has the chat, `/player` the state; either alone is better than nothing.
pub(crate) async fn video(net: &Innertube, id: &str) -> Result<Video, UpstreamError> {
    let mut video = ask(net, id).await?;
    // A deleted one does not name itself.
    id.clone_into(&mut video.id);
    Ok(video)
}

async fn ask(net: &Innertube, id: &str) -> Result<Video, UpstreamError> {
    let (next, player) = tokio::join!(net.next(id), net.player(id));
    let from_player = player.as_ref().ok().and_then(|bytes| Video::from_player(bytes));
    let from_next = next.as_ref().ok().and_then(|bytes| Video::from_next(bytes));
    match (from_next, from_player) {
        (Some(next), Some(player)) => Ok(next.merge(player)),
        (Some(one), None) | (None, Some(one)) if one.is_telling() => Ok(one),
        _ => {
            let page = net.page(&format!("/watch?v={id}")).await;
            let from_page = page.as_ref().ok().and_then(|(_, bytes)| Video::from_watch_page(&Page::new(bytes)));
            from_page.ok_or_else(|| match (next, player, page) {
                (Err(refusal), ..) | (_, Err(refusal), _) | (_, _, Err(refusal)) => words::refused(refusal),
                _ => words::unreadable(),
            })
        }
    }
}

/// The broadcasts of a channel: from the list as JSON, from the list's page, and at last from what `/live` shows.
async fn streams(net: &Innertube, key: &ChannelKey, channel_id: &str) -> Result<Streams, UpstreamError> {
    let (owner, refusal) = match net.browse_streams(channel_id).await {
        Ok(bytes) => match listing::from_browse(&bytes) {
            Some(streams) => return Ok(streams),
            // It never was live and has no such tab; what is shown instead says whose it is, too.
            None => (listing::owner_from_browse(&bytes), None),
        },
        Err(refusal) => (Owner::default(), Some(refusal)),
    };
    match net.page(&format!("/channel/{channel_id}/streams")).await {
        Ok((_, bytes)) => {
            if let Some(streams) = listing::from_page(&Page::new(&bytes)) {
                return Ok(streams);
            }
        }
        Err(Refusal::NotFound) if refusal.is_none() || refusal == Some(Refusal::NotFound) => {
            return Err(words::no_channel(key));
        }
        Err(_) => {}
    }
    match net.page(&format!("/channel/{channel_id}/live")).await {
        Ok((url, bytes)) => {
            let listings = listing::from_live_page(&Page::new(&bytes), &url).into_iter().collect();
            Ok(Streams { owner, listings })
        }
        Err(Refusal::NotFound) => Err(words::no_channel(key)),
        Err(last) => Err(words::refused(refusal.unwrap_or(last))),
    }
}

/// All that is on or announced, as viewers are told.
fn broadcasts(listings: &[Listing]) -> Vec<Broadcast> {
    /// More than any channel has at once; a list is for choosing from.
    const BROADCASTS: usize = 20;
    let told = listings.iter().filter(|listing| listing.state != ListingState::Archive);
    let told = told.take(BROADCASTS).map(|listing| Broadcast {
        live_id: listing.video_id.clone(),
        title: listing.title.clone(),
        live: listing.state == ListingState::Live,
        members_only: listing.members_only,
        viewers: listing.viewers,
        starts_at: listing.starts_at_ms.map(|ms| iso_timestamp(ms).to_string()),
    });
    told.collect()
}

/// Asks when announced broadcasts begin whose list says it in words only.
async fn date(net: &Innertube, listings: &mut [Listing]) {
    /// The list has the next ones first.
    const ASKED: usize = 3;
    let undated = |listing: &&mut Listing| {
        listing.state == ListingState::Upcoming && listing.starts_at_ms.is_none() && !listing.members_only
    };
    for listing in listings.iter_mut().filter(undated).take(ASKED) {
        let answer = net.player(&listing.video_id).await;
        listing.starts_at_ms =
            answer.ok().and_then(|bytes| Video::from_player(&bytes)).and_then(|video| video.starts_at_ms);
    }
}

/// When to look at a channel again: often around an announced start, else every half minute, never in step.
pub(crate) fn look_again(starts_at_ms: Option<i64>, timings: &Timings) -> Duration {
    let around = i64::try_from(timings.around_start.as_millis()).unwrap_or(i64::MAX);
    let plain = match starts_at_ms {
        Some(start) if (start - unix_ms()).abs() < around => timings.look_again_soon,
        _ => timings.look_again,
    };
    plain.mul_f64(rand::rng().random_range(0.8..1.2))
}

/// A path of a handle, escaped.
fn encoded(path: &str) -> String {
    path.split('/').map(|part| url::form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>()).fold(
        String::new(),
        |mut all, part| {
            if !all.is_empty() {
                all.push('/');
            }
            all.push_str(&part.replace('+', "%20").replace("%40", "@"));
            all
        },
    )
}
