//! Where windows stand: on which monitors, and how that is kept.

use polychat_model::saved::Place;
use tokio::time::Instant;
use tracing::{info, warn};

use super::super::geometry::Rect;
use super::super::places;
use super::super::screen;
use super::{Desk, Due, KEEP_AFTER, done};

impl Desk {
    pub(super) fn center(&mut self, name: &str) {
        self.look_at_screens();
        let Some(pane) = self.panes.get_mut(name) else { return };
        let put = pane.look().and_then(|rect| pane.put(places::centered(rect, &self.screens)));
        pane.moved = true;
        done(name, "centred", put);
        self.timers.set_if_free(Due::Keep, Instant::now() + KEEP_AFTER);
    }

    pub(super) fn look_at_screens(&mut self) {
        match screen::screens(&self.app) {
            Ok(screens) => self.screens = screens,
            Err(error) => warn!(%error, "the screens cannot be told"),
        }
    }

    /// After monitors have changed: each window goes where it stood with these, or is rescued.
    pub(super) fn follow_screens(&mut self) {
        let before = places::arrangement(&self.screens);
        self.look_at_screens();
        if self.screens.is_empty() {
            return;
        }
        let now = places::arrangement(&self.screens);
        let saved = self.saved();
        for (nth, (name, pane)) in self.panes.iter_mut().enumerate() {
            let window = saved.overlays.iter().find(|overlay| overlay.name == *name).map(|overlay| &overlay.window);
            let Some(window) = window else { continue };
            let target = if before == now {
                // Only a panel came or went.
                pane.look().map(|rect| places::rescued(rect, &self.screens))
            } else {
                Ok(places::choose(&window.places, &self.screens, nth))
            };
            done(
                name,
                "moved",
                target.and_then(|rect| if rect == pane.rect && before == now { Ok(()) } else { pane.put(rect) }),
            );
        }
        if before != now {
            info!(before, now, "monitors changed");
        }
    }

    /// Keeps where windows stand that were moved.
    pub(super) fn keep_places(&mut self) {
        self.timers.clear(&Due::Keep);
        // Monitors that are changing push windows about; nobody has put them there.
        if self.timers.has(&Due::Settle) || !self.panes.values().any(|pane| pane.moved) {
            return;
        }
        self.look_at_screens();
        let arrangement = places::arrangement(&self.screens);
        let mut kept = Vec::new();
        for (name, pane) in &mut self.panes {
            if pane.has_arrived() && std::mem::take(&mut pane.moved) {
                match pane.look() {
                    Ok(rect) => kept.push((name.clone(), rect)),
                    Err(error) => warn!(name, %error, "the window's place cannot be told"),
                }
            }
        }
        if self.panes.values().any(|pane| pane.moved) {
            // One of them is not where it shall stand yet.
            self.timers.set_if_free(Due::Keep, Instant::now() + KEEP_AFTER);
        }
        for (name, rect) in kept {
            let Rect { x, y, width, height } = rect;
            let place = Place { arrangement: arrangement.clone(), x, y, width, height };
            let known = self
                .saved()
                .overlays
                .iter()
                .any(|overlay| overlay.name == name && overlay.window.places.last() == Some(&place));
            if !known {
                done(&name, "kept", self.change(&name, |window| _ = places::remember(&mut window.places, place)));
            }
        }
    }
}
