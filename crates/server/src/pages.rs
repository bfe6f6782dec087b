//! Pages of overlays that OBS has loaded, by what they say themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use polychat_model::obs::ObsPages;
use polychat_model::request::Shown;
use polychat_model::saved::Overlay;
use tokio::sync::watch;

/// How many there are of each overlay. As many names as connections at most, and each name is short. A cheap handle.
#[derive(Clone, Default)]
pub(crate) struct Pages {
    all: Arc<watch::Sender<BTreeMap<String, Counted>>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counted {
    loaded: u32,
    visible: u32,
    active: u32,
}

/// One page. It is gone when this is dropped.
pub(crate) struct Page {
    pages: Pages,
    shown: Shown,
}

impl Pages {
    /// A page says how it is shown, in place of what it said before.
    pub(crate) fn shown(&self, page: &mut Option<Page>, shown: Shown) {
        if page.as_ref().is_some_and(|page| page.shown == shown) {
            return;
        }
        // Added before the other is taken away, so that nobody sees it gone in between.
        self.count(&shown, 1);
        *page = Some(Page { pages: self.clone(), shown });
    }

    fn count(&self, Shown { overlay, visible, active }: &Shown, by: i32) {
        self.all.send_modify(|all| {
            let counted = all.entry(overlay.clone()).or_default();
            for (number, counts) in
                [(&mut counted.loaded, true), (&mut counted.visible, *visible), (&mut counted.active, *active)]
            {
                *number = number.saturating_add_signed(if counts { by } else { 0 });
            }
            if *counted == Counted::default() {
                all.remove(overlay);
            }
        });
    }

    /// Now and at every change.
    pub(crate) fn watch(&self) -> Watched {
        Watched(self.all.subscribe())
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.pages.count(&self.shown, -1);
    }
}

/// Somebody who looks at them.
pub(crate) struct Watched(watch::Receiver<BTreeMap<String, Counted>>);

impl Watched {
    /// Waits for the next change.
    pub(crate) async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Those of saved overlays, in their order. Others have no place where they could be told.
    pub(crate) fn of(&self, overlays: &[Overlay]) -> Vec<ObsPages> {
        let all = self.0.borrow();
        let told = |name: &String| {
            let Counted { loaded, visible, active } = *all.get(name)?;
            Some(ObsPages { overlay: name.clone(), loaded, visible, active })
        };
        overlays.iter().filter_map(|overlay| told(&overlay.name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(overlay: &str, visible: bool, active: bool) -> Shown {
        Shown { overlay: overlay.to_owned(), visible, active }
    }

    #[test]
    fn pages_are_counted_as_long_as_they_are_there() {
        let pages = Pages::default();
        let watched = pages.watch();
        let overlays = [Overlay::new("main"), Overlay::new("side")];
        let told =
            || watched.of(&overlays).iter().map(|p| (p.overlay.clone(), p.loaded, p.visible, p.active)).collect();
        let (mut one, mut two, mut other) = (None, None, None);
        pages.shown(&mut one, shown("main", true, false));
        pages.shown(&mut two, shown("main", false, false));
        pages.shown(&mut other, shown("nobody-saved-this", true, true));
        let seen: Vec<(String, u32, u32, u32)> = told();
        assert_eq!(seen, [("main".to_owned(), 2, 1, 0)]);
        pages.shown(&mut one, shown("main", true, true));
        let seen: Vec<(String, u32, u32, u32)> = told();
        assert_eq!(seen, [("main".to_owned(), 2, 1, 1)]);
        drop((one, two, other));
        assert!(
            watched.of(&overlays).is_empty() && pages.all.borrow().is_empty(),
            "nothing is left of those that went"
        );
    }
}
