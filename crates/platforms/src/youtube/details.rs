//! What is known of a broadcast besides its chat: viewers, likes, title, and whether it has begun.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::find::{self, look_again};
use super::innertube::{About, Innertube};
use super::metadata;
use super::timings::Timings;
use super::video::{Video, VideoState};

/// The present knowledge; `None` where there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Details {
    pub(crate) viewers: Option<u64>,
    pub(crate) likes: Option<u64>,
    pub(crate) title: Option<String>,
    pub(crate) state: Option<VideoState>,
    pub(crate) starts_at_ms: Option<i64>,
    pub(crate) started_at_ms: Option<i64>,
}

impl Details {
    pub(crate) fn of(video: &Video) -> Self {
        Self {
            viewers: video.viewers,
            likes: video.likes,
            title: video.title.clone(),
            state: (!matches!(video.state, VideoState::Unknown | VideoState::BotCheck)).then_some(video.state),
            starts_at_ms: video.starts_at_ms,
            started_at_ms: video.started_at_ms,
        }
    }

    /// Takes what is news. True if anything was.
    pub(crate) fn merge(&mut self, news: Self) -> bool {
        let before = self.clone();
        self.viewers = news.viewers.or(self.viewers);
        self.likes = news.likes.or(self.likes);
        self.title = news.title.or_else(|| self.title.take());
        self.state = news.state.or(self.state);
        self.starts_at_ms = news.starts_at_ms.or(self.starts_at_ms);
        self.started_at_ms = news.started_at_ms.or(self.started_at_ms);
        *self != before
    }
}

/// Asks again and again, and tells what it learns, until nobody listens.
pub(crate) async fn watch(net: Arc<Innertube>, video: Video, timings: Timings, tell: mpsc::Sender<Details>) {
    let mut continuation: Option<String> = None;
    let mut state = video.state;
    let mut starts_at_ms = video.starts_at_ms;
    loop {
        let upcoming = state == VideoState::Upcoming;
        let pause = if upcoming { look_again(starts_at_ms, &timings) } else { timings.metadata };
        tokio::time::sleep(pause).await;
        let news = if upcoming {
            // Whether it has begun, which the small answer does not say reliably.
            find::video(&net, &video.id).await.ok().map(|video| Details::of(&video))
        } else {
            update(&net, &video.id, &mut continuation).await
        };
        let Some(news) = news else {
            continuation = None;
            continue;
        };
        state = news.state.unwrap_or(state);
        starts_at_ms = news.starts_at_ms.or(starts_at_ms);
        if tell.send(news).await.is_err() {
            return;
        }
    }
}

/// Viewers, likes and title: from the small answer, and from the large one where the small one fails.
async fn update(net: &Innertube, id: &str, continuation: &mut Option<String>) -> Option<Details> {
    let about = continuation.as_deref().map_or(About::Video(id), About::Continuation);
    if let Ok(bytes) = net.updated_metadata(about).await
        && let Some(update) = metadata::read(&bytes)
        && (update.viewers.is_some() || update.title.is_some() || update.likes.is_some())
    {
        *continuation = update.continuation;
        return Some(Details {
            viewers: update.viewers,
            likes: update.likes,
            title: update.title,
            ..Details::default()
        });
    }
    let video = net.next(id).await.ok().and_then(|bytes| Video::from_next(&bytes))?;
    Some(Details { state: None, ..Details::of(&video) })
}
