//! What a client follows of what is saved.

use std::sync::Arc;

use polychat_hub::{Commands, Samples};
use polychat_model::obs::{ObsFrame, ObsNow};
use polychat_model::request::Follow;
use polychat_model::saved::{Saved, Stage};
use polychat_model::wire::{RehearsalFrame, SavedFrame, ServerMessage};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use crate::pages::{Pages, Watched};

/// Looks at the latest state only: what changes twice while a client is slow is told once.
pub(crate) struct Following {
    overlay: Option<String>,
    look: Option<String>,
    saved: watch::Receiver<Arc<Saved>>,
    stage: watch::Receiver<Stage>,
    /// The stage that was told last.
    told: Stage,
    obs: Option<FollowingObs>,
    rehearsals: Option<broadcast::Receiver<Samples>>,
}

/// How OBS does, by both who know.
struct FollowingObs {
    now: watch::Receiver<ObsNow>,
    pages: Watched,
}

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Changed {
    Saved,
    Obs,
    /// Something made up is to be shown.
    Rehearsed(Samples),
}

impl Following {
    pub(crate) fn new(commands: &Commands, pages: &Pages, Follow { overlay, look, obs, rehearsals }: Follow) -> Self {
        let obs = obs.then(|| FollowingObs { now: commands.obs().now(), pages: pages.watch() });
        let rehearsals = overlay.as_ref().filter(|_| rehearsals).map(|name| commands.rehearsals().listen(name));
        let (saved, stage) = (commands.saved(), commands.stage());
        Self { overlay, look, saved, stage, told: Stage::default(), obs, rehearsals }
    }

    /// Waits for the next change.
    pub(crate) async fn changed(&mut self) -> Changed {
        loop {
            let obs = async {
                match &mut self.obs {
                    Some(FollowingObs { now, pages }) => tokio::select! {
                        changed = now.changed() => changed,
                        () = pages.changed() => Ok(()),
                    },
                    None => std::future::pending().await,
                }
            };
            let rehearsed = async {
                loop {
                    match &mut self.rehearsals {
                        Some(rehearsals) => match rehearsals.recv().await {
                            Ok(samples) => break samples,
                            Err(RecvError::Lagged(_)) => {}
                            Err(RecvError::Closed) => std::future::pending().await,
                        },
                        None => std::future::pending().await,
                    }
                }
            };
            let (changed, what, is_stage) = tokio::select! {
                changed = self.saved.changed() => (changed, Changed::Saved, false),
                changed = self.stage.changed() => (changed, Changed::Saved, true),
                changed = obs => (changed, Changed::Obs, false),
                samples = rehearsed => (Ok(()), Changed::Rehearsed(samples), false),
            };
            if changed.is_err() {
                // The program stops: nothing more will change.
                std::future::pending::<()>().await;
            }
            // What waits to be featured changes often, and is nothing to an overlay.
            if !is_stage || self.stage() != self.told {
                return what;
            }
        }
    }

    /// What overlays do, as far as this client is told.
    fn stage(&self) -> Stage {
        let mut stage = self.stage.borrow().clone();
        if self.overlay.is_some() {
            stage.queue.clear();
        }
        stage
    }

    /// How it stands.
    pub(crate) fn frames(&mut self) -> impl Iterator<Item = ServerMessage> + use<> {
        let saved = self.frame(Changed::Saved);
        let obs = self.obs.is_some().then(|| self.frame(Changed::Obs));
        [Some(saved), obs].into_iter().flatten()
    }

    /// How that stands which has changed.
    pub(crate) fn frame(&mut self, changed: Changed) -> ServerMessage {
        match (changed, &self.obs) {
            (Changed::Rehearsed(samples), _) => ServerMessage::Rehearsal(RehearsalFrame { samples: samples.to_vec() }),
            (Changed::Obs, Some(FollowingObs { now, pages })) => {
                let pages = pages.of(&self.saved.borrow().overlays);
                ServerMessage::Obs(ObsFrame { now: now.borrow().clone(), pages })
            }
            _ => self.saved(),
        }
    }

    fn saved(&mut self) -> ServerMessage {
        self.told = self.stage();
        let saved = self.saved.borrow();
        let is_meant = |name: &str| self.overlay.as_ref().is_none_or(|overlay| overlay == name);
        let mut overlays: Vec<_> = saved.overlays.iter().filter(|overlay| is_meant(&overlay.name)).cloned().collect();
        let is_worn = |id: &str| {
            self.overlay.is_none()
                || self.look.as_deref() == Some(id)
                || overlays.iter().any(|overlay| overlay.look.as_deref() == Some(id))
        };
        let looks = saved.looks.iter().filter(|look| is_worn(&look.id)).cloned().collect();
        for overlay in &mut overlays {
            // Where windows stand is nobody's business but the desktop program's.
            overlay.window.places.clear();
        }
        ServerMessage::Saved(SavedFrame {
            channels: saved.channels.clone(),
            overlays,
            looks,
            stage: self.told.clone(),
            hidden: saved.settings.hidden.clone(),
            language: saved.settings.language.clone(),
        })
    }
}
