//! Brings windows to what is saved, and tells everybody how they are.

use polychat_model::command::WindowState;
use polychat_model::saved::{Overlay, Saved};
use polychat_model::window::WindowView;
use tokio::time::Instant;
use tracing::{info, warn};

use super::super::limits::{Facts, limits};
use super::super::pane::Pane;
use super::super::places;
use super::super::plan::{self, Step};
use super::super::tray::Labels;
use super::{Desk, Due, Report, SHOW_AFTER, done};
use crate::words::Language;

impl Desk {
    /// Brings windows to what is saved, and tells everybody how things are.
    pub(super) fn settle(&mut self) {
        // Steps may change what is saved, and then there is more to do; never twice.
        for _ in 0..3 {
            let saved = self.saved();
            let shown = self.panes.iter().map(|(name, pane)| (name.clone(), pane.shown)).collect();
            let steps = plan::plan(&saved, &shown, self.hotkeys.way_back().is_ok());
            if steps.is_empty() {
                break;
            }
            for step in steps {
                self.step(&saved, step);
            }
        }
        let saved = self.saved();
        self.tell_pages(&saved);
        self.tell_others();
    }

    fn step(&mut self, saved: &Saved, step: Step) {
        match step {
            Step::Open(name) => self.open(saved, &name),
            Step::Close(name) => self.close(&name),
            Step::Remake(name) => {
                self.close(&name);
                self.open(saved, &name);
            }
            Step::Lock(name, on) => {
                if let Some(pane) = self.panes.get_mut(&name) {
                    done(&name, "locked", pane.lock(on));
                }
            }
            Step::Protect(name, on) => {
                if let Some(pane) = self.panes.get_mut(&name) {
                    done(&name, "kept out of recordings", pane.protect(on));
                }
            }
            Step::Free(name) => {
                if let (Some(pane), Err(why)) = (self.panes.get_mut(&name), self.hotkeys.way_back()) {
                    pane.note = Some(why);
                }
                done(&name, "unlocked", self.change(&name, |window| window.locked = false));
            }
        }
    }

    fn open(&mut self, saved: &Saved, name: &str) {
        let Some(at) = saved.overlays.iter().position(|overlay| overlay.name == name) else { return };
        let set = &saved.overlays[at].window;
        self.look_at_screens();
        let rect = places::choose(&set.places, &self.screens, self.panes.len());
        let scale = places::scale_at(rect, &self.screens);
        let locked = set.locked && self.hotkeys.way_back().is_ok();
        match Pane::make(&self.app, name, self.program.server.address().port(), set, (rect, scale), locked) {
            Ok(pane) => {
                info!(name, ?rect, locked, "overlay window made");
                self.panes.insert(name.to_owned(), pane);
                self.timers.set(Due::Show(name.to_owned()), Instant::now() + SHOW_AFTER);
            }
            Err(error) => {
                warn!(name, %error, "an overlay's window could not be made");
                // Not tried again by itself: it would fail again.
                done(name, "hidden", self.change(name, |window| window.shown = false));
            }
        }
    }

    pub(super) fn show(&mut self, name: &str) {
        self.timers.clear(&Due::Show(name.to_owned()));
        if let Some(pane) = self.panes.get_mut(name) {
            done(name, "shown", pane.appear());
        }
    }

    fn close(&mut self, name: &str) {
        self.keep_places();
        self.timers.clear(&Due::Show(name.to_owned()));
        if let Some(pane) = self.panes.remove(name) {
            info!(name, "overlay window closed");
            done(name, "closed", pane.destroy());
        }
    }

    pub(super) fn tell_pages(&mut self, saved: &Saved) {
        let unlock_keys = self.hotkeys.way_back().unwrap_or_default();
        for Overlay { name, window, .. } in &saved.overlays {
            if let Some(pane) = self.panes.get_mut(name) {
                pane.tell(WindowView {
                    name: name.clone(),
                    locked: false,
                    touched: false,
                    opacity: window.opacity,
                    dim_after_s: window.dim_after_s,
                    opaque: !self.facts.composited,
                    unlock_keys: unlock_keys.clone(),
                    knows_how_to_unlock: saved.settings.knows_how_to_unlock,
                    note: None,
                    language: Language::now().tag().to_owned(),
                });
            }
        }
    }

    fn tell_others(&mut self) {
        let window = |(name, pane): (&String, &Pane)| WindowState { name: name.clone(), locked: pane.shown.locked };
        let covered = self.facts.covered && self.panes.values().any(|pane| !pane.shown.above_fullscreen);
        let report = Report {
            windows: self.panes.iter().map(window).collect(),
            hotkeys: self.hotkeys.states(),
            limits: limits(Facts { covered, ..self.facts }),
        };
        self.report.send_if_modified(|before| {
            let news = *before != report;
            *before = report;
            news
        });
        let labels = self.labels();
        if let Some(tray) = &mut self.tray {
            done("tray", "labelled", tray.relabel(labels));
        }
    }

    pub(super) fn labels(&self) -> Labels {
        Labels {
            shown: !self.panes.is_empty(),
            locked: self.panes.values().any(|pane| pane.shown.locked),
            paused: self.program.server.stage().borrow().paused,
            language: Language::now(),
        }
    }
}
