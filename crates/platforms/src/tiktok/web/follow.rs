//! Follows a short link, once, to somebody on TikTok.

use std::sync::PoisonError;

use polychat_model::{ChannelKey, IdentifierType};
use reqwest::StatusCode;
use url::Url;

use super::{Source, Web, below};
use crate::tiktok::agent::SITE;
use crate::tiktok::identifier::{self, ShortLink, short_link};
use crate::tiktok::room::{self, Block, NoRoom};

/// How many short links are remembered. They lead to the same for good.
const SHORT_LINKS: usize = 256;

impl Web {
    /// What a short link leads to. It is followed once, and only to somebody on TikTok.
    pub(super) async fn follow(&self, key: &ChannelKey, place: ShortLink, code: &str) -> Result<ChannelKey, NoRoom> {
        if let Some(known) = self.short_links.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Ok(known.clone());
        }
        self.pauses.check(Source::ShortLink)?;
        let url = self.short_url(place, code)?;
        let answer = self.exchange(url, self.identity.agent().page(), &self.site_slots).await;
        let target = answer.and_then(|answer| match answer.status {
            status if status.is_redirection() => self.named(&answer.url).ok_or(NoRoom::Unknown),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(NoRoom::Unknown),
            status if status.is_success() => match room::without_state(&answer.body) {
                // A page that leads nowhere.
                NoRoom::Blocked(Block::Page) => Err(NoRoom::Unknown),
                wall => Err(wall),
            },
            status => Err(room::wall(status.as_u16(), &answer.body).unwrap_or(NoRoom::Unreadable)),
        });
        let target = self.told(Source::ShortLink, target)?;
        let mut known = self.short_links.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SHORT_LINKS {
            known.clear();
        }
        known.insert(key.clone(), target.clone());
        Ok(target)
    }

    /// Where a short link is kept: at its own host, and where the settings name another site, below that.
    pub(super) fn short_url(&self, place: ShortLink, code: &str) -> Result<Url, NoRoom> {
        let real = self.site.as_ref().is_some_and(|site| site.as_str().trim_end_matches('/') == SITE);
        match place {
            ShortLink::Vm | ShortLink::Vt if real => {
                let host = format!("https://{}.tiktok.com", place.word());
                below(Url::parse(&host).ok().as_ref(), &[code, ""], None)
            }
            _ => below(self.site.as_ref(), &["t", code, ""], None),
        }
    }

    /// Who is named by an address on TikTok, or on the site of the settings. Not another short link.
    fn named(&self, url: &Url) -> Option<ChannelKey> {
        let site = self.site.as_ref()?;
        let mut url = url.clone();
        if url.origin() == site.origin() {
            let path = url.path().strip_prefix(site.path().trim_end_matches('/'))?;
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            url = Url::parse(&format!("{SITE}{path}{query}")).ok()?;
        }
        let key = identifier::key(IdentifierType::Username, url.as_str()).ok()?;
        short_link(&key).is_none().then_some(key)
    }
}
