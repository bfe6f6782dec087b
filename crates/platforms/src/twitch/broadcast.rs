//! What is known about a channel's broadcast, put together from several sources.

use polychat_model::ViewersData;

/// Facts about a broadcast. `None` says nothing; it takes nothing back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Broadcast {
    /// Whether the channel broadcasts.
    pub(crate) live: Option<bool>,
    /// Twitch's id of the broadcast.
    pub(crate) live_id: Option<String>,
    /// How many watch.
    pub(crate) viewers: Option<u64>,
    /// The title.
    pub(crate) title: Option<String>,
    /// The game or category, in words.
    pub(crate) category: Option<String>,
    /// When it began (ISO 8601).
    pub(crate) started_at: Option<String>,
}

impl Broadcast {
    /// Takes over what `news` says. What ended with the broadcast is forgotten.
    pub(crate) fn learn(&mut self, news: Self) {
        if news.live == Some(false) {
            *self = Self { title: self.title.take(), category: self.category.take(), ..Self::default() };
        }
        let Self { live, live_id, viewers, title, category, started_at } = news;
        // A count of viewers that still arrives after the end must not bring the broadcast back.
        let over = live.or(self.live) == Some(false);
        self.live = live.or(self.live);
        self.title = title.or(self.title.take());
        self.category = category.or(self.category.take());
        if !over {
            self.live_id = live_id.or(self.live_id.take());
            self.viewers = viewers.or(self.viewers);
            self.started_at = started_at.or(self.started_at.take());
        }
    }

    /// The same as `data` of a `viewers` frame.
    pub(crate) fn viewers_data(&self) -> ViewersData {
        ViewersData {
            viewers: self.viewers,
            live: self.live,
            title: self.title.clone(),
            category: self.category.clone(),
            likes: None,
            started_at: self.started_at.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Broadcast;

    #[test]
    fn the_end_forgets_the_viewers_and_keeps_the_title() {
        let mut known = Broadcast {
            live: Some(true),
            live_id: Some("9".into()),
            viewers: Some(5),
            title: Some("hello".into()),
            started_at: Some("2026-01-01T00:00:00.000Z".into()),
            category: None,
        };
        known.learn(Broadcast { live: Some(false), ..Broadcast::default() });
        let over = Broadcast { live: Some(false), title: Some("hello".into()), ..Broadcast::default() };
        assert_eq!(known, over);
        known.learn(Broadcast { viewers: Some(7), ..Broadcast::default() });
        assert_eq!(known, over, "a late count does not bring the broadcast back");
    }

    #[test]
    fn what_is_not_said_stays_known() {
        let mut known = Broadcast { viewers: Some(5), title: Some("a".into()), ..Broadcast::default() };
        known.learn(Broadcast { title: Some("b".into()), ..Broadcast::default() });
        assert_eq!((known.viewers, known.title.as_deref()), (Some(5), Some("b")));
    }
}
