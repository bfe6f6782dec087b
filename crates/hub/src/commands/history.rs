//! What is asked of the history.

use std::time::Duration;

use polychat_model::command::{CommandError, Nothing};
use polychat_model::history::{
    HISTORY_PAGE, HistoryEntry, HistoryPage, HistoryQuery, KeptHistory, KnownPerson, MAX_HISTORY_PAGE,
    MAX_HISTORY_TEXT, MAX_NOTE, PersonId, PersonNote,
};
use polychat_store::{Found, History};
use tracing::warn;

use super::answer::{failed, invalid, not_found};
use super::{Answer, Commands};

/// What was said a moment ago is written first, if that takes no longer.
const FLUSH: Duration = Duration::from_secs(1);

/// The longest name or id of anybody or anything.
const NAME: usize = 256;

impl Commands {
    pub(super) async fn search_history(&self, query: HistoryQuery) -> Answer<HistoryPage> {
        check(&query)?;
        let limit = query.limit.unwrap_or(HISTORY_PAGE).clamp(1, MAX_HISTORY_PAGE) as usize;
        let newer = query.after.is_some();
        // One more says whether there is more.
        let asked = HistoryQuery { limit: u32::try_from(limit + 1).ok(), ..query };
        let mut found = self.of_history(move |history| history.search(&asked)).await?;
        let more = found.len() > limit;
        if more {
            let spare = if newer { 0 } else { limit };
            found.remove(spare);
        }
        Ok(HistoryPage { entries: found.into_iter().filter_map(read).collect(), more })
    }

    pub(super) async fn kept_history(&self) -> Answer<KeptHistory> {
        self.of_history(History::kept).await
    }

    pub(super) async fn person(&self, who: PersonId) -> Answer<Option<KnownPerson>> {
        check_name(&who.id)?;
        self.of_history(move |history| history.person(&who)).await
    }

    pub(super) async fn note_person(&self, PersonNote { person, note }: PersonNote) -> Answer<Nothing> {
        check_name(&person.id)?;
        let note = note.trim().to_owned();
        if note.chars().count() > MAX_NOTE {
            return Err(invalid(format!("A note has at most {MAX_NOTE} letters.")));
        }
        let known = self
            .of_history(move |history| {
                history.note(person.platform, &person.id, &note)?;
                Ok(history.person(&person)?.is_some())
            })
            .await?;
        if known { Ok(Nothing {}) } else { Err(not_found("Nothing of this person is kept.".to_owned())) }
    }

    /// Asks the file, in a thread that may wait for it.
    async fn of_history<T: Send + 'static>(
        &self,
        work: impl FnOnce(&History) -> Result<T, String> + Send + 'static,
    ) -> Answer<T> {
        let history = self.hub.history().cloned().ok_or_else(|| {
            invalid("No history is kept: it was switched off when Polychat was started (POLYCHAT_HISTORY).".to_owned())
        })?;
        let done = tokio::task::spawn_blocking(move || {
            history.flush(FLUSH);
            work(&history)
        });
        done.await.map_err(|_| failed("The history failed inside Polychat.".to_owned()))?.map_err(failed)
    }
}

fn check(query: &HistoryQuery) -> Result<(), CommandError> {
    if query.text.as_ref().is_some_and(|text| text.chars().count() > MAX_HISTORY_TEXT) {
        return Err(invalid(format!("Search for at most {MAX_HISTORY_TEXT} letters.")));
    }
    for name in [&query.channel, &query.user].into_iter().flatten() {
        check_name(name)?;
        if query.platform.is_none() {
            return Err(invalid("Say of which `platform` the channel or the person is.".to_owned()));
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), CommandError> {
    if name.is_empty() || name.len() > NAME {
        return Err(invalid(format!("A name or an id has 1 to {NAME} letters.")));
    }
    Ok(())
}

/// An entry whose frame cannot be read is of a version that is not ours; the others are told.
fn read(Found { id, frame }: Found) -> Option<HistoryEntry> {
    match serde_json::from_str(&frame) {
        Ok(frame) => Some(HistoryEntry { id, frame }),
        Err(error) => {
            warn!(%error, id, "an entry of the history cannot be read");
            None
        }
    }
}
