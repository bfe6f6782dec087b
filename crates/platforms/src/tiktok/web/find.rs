//! Finds where a channel broadcasts: several sources, of which the first that says something is believed.

use std::sync::PoisonError;

use bytes::Bytes;
use polychat_model::wire::Owner;
use polychat_model::{ChannelKey, IdentifierType};
use tokio::time::Instant;

use super::{Source, Web, below};
use crate::tiktok::address::{browser, escaped};
use crate::tiktok::agent::Asks;
use crate::tiktok::identifier::{room_id, short_link};
use crate::tiktok::room::{self, Block, Found, NoRoom};

impl Web {
    /// Where `key` broadcasts. [`Found::live`] is `false` where TikTok would not say: then it has to be tried. Whose channel
    /// it is goes into `owner`, also when it does not broadcast.
    ///
    /// # Errors
    /// Why there is nothing to read.
    pub(crate) async fn find(&self, key: &ChannelKey, owner: &mut Owner) -> Result<Found, NoRoom> {
        let found = match (short_link(key), key.identifier_type) {
            (Some((place, code)), _) => {
                let target = self.follow(key, place, code).await?;
                self.by_key(&target, owner).await
            }
            _ => self.by_key(key, owner).await,
        }?;
        owner.display_name = owner.display_name.take().or_else(|| found.display_name.as_deref().map(Into::into));
        owner.avatar_url = owner.avatar_url.take().or_else(|| found.avatar.as_deref().map(Into::into));
        Ok(found)
    }

    async fn by_key(&self, key: &ChannelKey, owner: &mut Owner) -> Result<Found, NoRoom> {
        match key.identifier_type {
            IdentifierType::LiveId => match room_id(&key.identifier) {
                Some(id) => self.by_room(id).await,
                None => Err(NoRoom::Unknown),
            },
            _ => self.by_name(&key.identifier, owner).await,
        }
    }

    /// Asks the interface, then the page of the broadcast, then the channel's own page, until one says something.
    async fn by_name(&self, name: &str, owner: &mut Owner) -> Result<Found, NoRoom> {
        let first = match self.ask_api(name, owner).await {
            Err(odd) if odd.is_odd() => odd,
            said => return said,
        };
        // The others are at the same host.
        if matches!(first, NoRoom::Unreachable | NoRoom::Timeout) {
            return Err(first);
        }
        let second = match self.ask_live_page(name).await {
            Err(odd) if odd.is_odd() => odd,
            said => return said,
        };
        let third = match self.ask_profile(name).await {
            Err(odd) if odd.is_odd() => odd,
            said => return said,
        };
        // What is the matter with all of them, if one knows it better than the others.
        let telling = |odd: &NoRoom| matches!(odd, NoRoom::RegionClosed | NoRoom::Blocked(Block::Captcha));
        Err([second, third].into_iter().find(telling).unwrap_or(first))
    }

    async fn ask_api(&self, name: &str, owner: &mut Owner) -> Result<Found, NoRoom> {
        self.pauses.check(Source::Api)?;
        self.lookup_turn().await;
        // Somebody may have been turned away meanwhile.
        self.pauses.check(Source::Api)?;
        let agent = self.identity.agent();
        let query = [
            ("aid", "1988"),
            ("app_name", "tiktok_web"),
            ("device_platform", "web_pc"),
            ("app_language", "en"),
            ("browser_language", "en-US"),
            ("region", "US"),
            ("user_is_login", "false"),
            ("uniqueId", name),
            ("sourceType", "54"),
            ("staleTime", "600000"),
        ];
        // With the slash at its end, as the page asks.
        let url = below(self.site.as_ref(), &["api-live", "user", "room", ""], Some(&escaped(query)))?;
        let answer = self.once(url, agent.data(Asks::Own), &self.site_slots).await;
        let found = answer.and_then(|body| {
            *owner = room::owner(&body, name).unwrap_or_default();
            room::from_api(&body, name)
        });
        self.told(Source::Api, found)
    }

    async fn ask_live_page(&self, name: &str) -> Result<Found, NoRoom> {
        self.pauses.check(Source::LivePage)?;
        let page = self.page(&[&format!("@{name}"), "live"]).await;
        self.told(Source::LivePage, page.and_then(|page| room::from_live_page(&page, name)))
    }

    /// The channel's own page does not say whether the room is open, so the room itself is asked.
    async fn ask_profile(&self, name: &str) -> Result<Found, NoRoom> {
        self.pauses.check(Source::Profile)?;
        let page = self.page(&[&format!("@{name}")]).await;
        let found = self.told(Source::Profile, page.and_then(|page| room::from_profile(&page, name)))?;
        match self.by_room(found.room_id).await {
            Ok(room) if room.username.is_empty() => Ok(Found { live: room.live, ..found }),
            Ok(room) if room.username.eq_ignore_ascii_case(name) => Ok(room),
            Ok(room) => Err(NoRoom::Renamed(room.username)),
            Err(NoRoom::Ended) => Err(NoRoom::Offline),
            Err(odd) if odd.is_odd() => Ok(found),
            Err(said) => Err(said),
        }
    }

    /// The broadcast in this room. Where TikTok does not let this computer ask, the room is there to be tried.
    async fn by_room(&self, room_id: u64) -> Result<Found, NoRoom> {
        let said = match self.room_info(room_id).await {
            Err(said) if said.is_odd() || said == NoRoom::LoginNeeded => said,
            said => return said,
        };
        if matches!(said, NoRoom::Unreachable | NoRoom::Timeout) {
            return Err(said);
        }
        match (self.is_alive(room_id).await, said) {
            (Ok(false), _) => Err(NoRoom::Ended),
            (_, NoRoom::LoginNeeded) => Err(NoRoom::LoginNeeded),
            (Ok(true), _) => Ok(Found { live: true, ..Found::unseen(room_id) }),
            (Err(nothing @ (NoRoom::Unreachable | NoRoom::Timeout)), _) => Err(nothing),
            (Err(_), _) => Ok(Found::unseen(room_id)),
        }
    }

    /// What the room says about itself.
    pub(crate) async fn room_info(&self, room_id: u64) -> Result<Found, NoRoom> {
        self.pauses.check(Source::Info)?;
        let browser = browser(self.identity.agent());
        let id = room_id.to_string();
        let own = [("aid", "1988"), ("room_id", &*id), ("app_name", "tiktok_web"), ("app_language", "en")];
        let query = escaped(own.into_iter().chain(browser.iter().map(|(name, value)| (*name, &**value))));
        let answer = self.webcast(&["webcast", "room", "info", ""], &query).await;
        self.told(Source::Info, answer.and_then(|body| room::from_info(&body, room_id)))
    }

    /// Whether a room is open. The cheapest question there is; the page asks it every six seconds.
    ///
    /// # Errors
    /// Why it does not say so: none of them is about the room.
    pub(crate) async fn is_alive(&self, room_id: u64) -> Result<bool, NoRoom> {
        self.pauses.check(Source::Alive)?;
        let id = room_id.to_string();
        let query = escaped([("aid", "1988"), ("room_ids", &*id)]);
        let answer = self.webcast(&["webcast", "room", "check_alive", ""], &query).await;
        self.told(Source::Alive, answer.and_then(|body| room::alive(&body, room_id)))
    }

    async fn webcast(&self, path: &[&str], query: &str) -> Result<Bytes, NoRoom> {
        let url = below(self.webcast.as_ref(), path, Some(query))?;
        self.once(url, self.identity.agent().data(Asks::Beside), &self.webcast_slots).await
    }

    /// Waits until it is this channel's turn to be looked up.
    async fn lookup_turn(&self) {
        let turn = {
            let mut next = self.next_lookup.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*next).max(Instant::now());
            *next = turn + self.pace.lookup;
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}
