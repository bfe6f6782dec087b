//! Made-up things for overlays, and who shows them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use polychat_model::rehearsal::{MAX_SAMPLES, Rehearse, Rehearsed, Sample};
use polychat_model::saved::Saved;
use tokio::sync::broadcast;

use super::answer::{invalid, too_many};
use super::{Answer, no_overlay};

/// So many commands may wait for a page that is slow; then it misses some, which is no loss.
const WAITING: usize = 8;

/// Samples of one command.
pub type Samples = Arc<[Sample]>;

/// The pages that show made-up things, by overlay. As many names as there are pages at most. A cheap handle.
#[derive(Debug, Clone, Default)]
pub struct Rehearsals {
    overlays: Arc<Mutex<HashMap<String, broadcast::Sender<Samples>>>>,
}

impl Rehearsals {
    /// A page of this overlay shows what is made up from now on.
    pub fn listen(&self, overlay: &str) -> broadcast::Receiver<Samples> {
        let mut overlays = self.overlays.lock().unwrap_or_else(PoisonError::into_inner);
        overlays.retain(|_, pages| pages.receiver_count() > 0);
        overlays.entry(overlay.to_owned()).or_insert_with(|| broadcast::Sender::new(WAITING)).subscribe()
    }

    /// Tells the pages of an overlay; how many there are.
    fn tell(&self, overlay: &str, samples: Vec<Sample>) -> usize {
        let overlays = self.overlays.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody there is no failure.
        overlays.get(overlay).and_then(|pages| pages.send(samples.into()).ok()).unwrap_or(0)
    }

    pub(super) fn rehearse(&self, saved: &Saved, Rehearse { overlay, samples }: Rehearse) -> Answer<Rehearsed> {
        if !saved.overlays.iter().any(|known| known.name == overlay) {
            return Err(no_overlay(&overlay));
        }
        match samples.len() {
            0 => Err(invalid("Say what to show.".to_owned())),
            1..=MAX_SAMPLES => Ok(Rehearsed { pages: self.tell(&overlay, samples) }),
            _ => Err(too_many(format!("{MAX_SAMPLES} things at once are shown at most."))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

    use super::*;

    #[test]
    fn names_of_overlays_that_nobody_shows_are_forgotten() {
        let all = Rehearsals::default();
        for n in 0..1_000 {
            drop(all.listen(&format!("overlay-{n}")));
        }
        let _page = all.listen("main");
        assert_eq!(all.overlays.lock().unwrap().len(), 1);
        assert_eq!(all.tell("main", vec![Sample::Next]), 1);
        assert_eq!(all.tell("other", vec![Sample::Next]), 0);
    }
}
