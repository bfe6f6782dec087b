//! What has to be done so that windows are as they are set. Pure: what is saved in, steps out. Everybody who wants something
//! of a window (a key, the tray, the control page, an imported file) changes what is saved, and this follows.

use std::collections::BTreeMap;

use polychat_model::saved::{MAIN_OVERLAY, Overlay, OverlayWindow, Saved};

/// An open window, as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Clicks pass through it.
    pub(crate) locked: bool,
    /// Outside of the window manager's order.
    pub(crate) above_fullscreen: bool,
    /// Kept out of recordings.
    pub(crate) hidden_from_capture: bool,
}

/// One thing to do with the window of one overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Make it, and lock it if that is set.
    Open(String),
    /// Destroy it: a hidden one would cost as much as a shown one.
    Close(String),
    /// Destroy it and make it again: what is set can only be chosen when a window is made.
    Remake(String),
    /// Let clicks through, or no longer.
    Lock(String, bool),
    /// Keep it out of recordings, or no longer.
    Protect(String, bool),
    /// It is saved as locked, but nothing would unlock it: save it as unlocked, and say so.
    Free(String),
}

/// The steps from `open` to `saved`. `way_back` says whether the unlock keys work.
pub(crate) fn plan(saved: &Saved, open: &BTreeMap<String, Shown>, way_back: bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let is_set = |name: &String| saved.overlays.iter().any(|overlay| overlay.name == *name && overlay.window.shown);
    steps.extend(open.keys().filter(|name| !is_set(name)).cloned().map(Step::Close));
    for Overlay { name, window, .. } in saved.overlays.iter().filter(|overlay| overlay.window.shown) {
        let locked = window.locked && way_back;
        match open.get(name) {
            None => steps.push(Step::Open(name.clone())),
            Some(shown) if shown.above_fullscreen != window.above_fullscreen => steps.push(Step::Remake(name.clone())),
            Some(shown) => {
                if shown.locked != locked {
                    steps.push(Step::Lock(name.clone(), locked));
                }
                if shown.hidden_from_capture != window.hidden_from_capture {
                    steps.push(Step::Protect(name.clone(), window.hidden_from_capture));
                }
            }
        }
        if window.locked && !way_back {
            steps.push(Step::Free(name.clone()));
        }
    }
    steps
}

/// A change to the windows of some overlays, by their names.
pub(crate) type Change = Vec<(String, OverlayWindow)>;

/// All that are shown, locked or unlocked.
pub(crate) fn lock(saved: &Saved, on: bool) -> Change {
    change(saved, |overlay| overlay.window.shown && overlay.window.locked != on, |window| window.locked = on)
}

/// The lock key: out of every lock if there is any, else into all.
pub(crate) fn lock_or_unlock(saved: &Saved) -> Change {
    lock(saved, !is_locked(saved))
}

/// The arrange key: all unlocked, and there has to be one; if that is so already, arranging is over and all are locked.
pub(crate) fn arrange(saved: &Saved) -> Change {
    if !is_shown(saved) {
        let names = usual(saved);
        let opened = change(
            saved,
            |overlay| names.contains(&overlay.name),
            |window| {
                window.shown = true;
                window.locked = false;
            },
        );
        return opened;
    }
    lock(saved, !is_locked(saved))
}

/// The windows of these overlays, shown.
pub(crate) fn show(saved: &Saved, names: &[String]) -> Change {
    change(saved, |overlay| names.contains(&overlay.name) && !overlay.window.shown, |window| window.shown = true)
}

/// No window at all.
pub(crate) fn hide(saved: &Saved) -> Change {
    change(saved, |overlay| overlay.window.shown, |window| window.shown = false)
}

/// One window no more.
pub(crate) fn hide_one(saved: &Saved, name: &str) -> Change {
    change(saved, |overlay| overlay.name == name && overlay.window.shown, |window| window.shown = false)
}

/// Whose windows are meant where nobody says which: those that had one before, or the main one.
pub(crate) fn usual(saved: &Saved) -> Vec<String> {
    let had: Vec<String> =
        saved.overlays.iter().filter(|overlay| !overlay.window.places.is_empty()).map(|o| o.name.clone()).collect();
    if had.is_empty() { vec![MAIN_OVERLAY.to_owned()] } else { had }
}

/// Those that are shown.
pub(crate) fn shown(saved: &Saved) -> Vec<String> {
    saved.overlays.iter().filter(|overlay| overlay.window.shown).map(|overlay| overlay.name.clone()).collect()
}

/// Whether any is shown.
pub(crate) fn is_shown(saved: &Saved) -> bool {
    saved.overlays.iter().any(|overlay| overlay.window.shown)
}

/// Whether any that is shown is locked.
pub(crate) fn is_locked(saved: &Saved) -> bool {
    saved.overlays.iter().any(|overlay| overlay.window.shown && overlay.window.locked)
}

fn change(saved: &Saved, of: impl Fn(&Overlay) -> bool, how: impl Fn(&mut OverlayWindow)) -> Change {
    let changed = saved.overlays.iter().filter(|overlay| of(overlay)).map(|overlay| {
        let mut window = overlay.window.clone();
        how(&mut window);
        (overlay.name.clone(), window)
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use polychat_model::saved::{Overlay, OverlayWindow, Place, Saved};

    use super::{Change, Shown, Step, arrange, hide, is_locked, lock, lock_or_unlock, plan, show, usual};

    const OPEN: Shown = Shown { locked: false, above_fullscreen: false, hidden_from_capture: true };

    fn overlay(name: &str, shown: bool, locked: bool) -> Overlay {
        let window = OverlayWindow { shown, locked, ..OverlayWindow::default() };
        Overlay { name: name.to_owned(), look: None, values: BTreeMap::new(), window }
    }

    fn saved(overlays: Vec<Overlay>) -> Saved {
        Saved { overlays, ..Saved::default() }
    }

    fn open(windows: &[(&str, Shown)]) -> BTreeMap<String, Shown> {
        windows.iter().map(|(name, shown)| ((*name).to_owned(), *shown)).collect()
    }

    fn names(change: &Change) -> BTreeSet<&str> {
        change.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn windows_open_and_close_as_they_are_set() {
        let saved = saved(vec![overlay("main", true, false), overlay("side", false, false)]);
        let steps = plan(&saved, &open(&[("side", OPEN), ("gone", OPEN)]), true);
        assert_eq!(steps, [Step::Close("gone".into()), Step::Close("side".into()), Step::Open("main".into())]);
        assert_eq!(plan(&saved, &open(&[("main", OPEN)]), true), [], "then there is nothing to do");
    }

    #[test]
    fn nothing_is_locked_without_a_way_back() {
        let saved = saved(vec![overlay("main", true, true)]);
        assert_eq!(plan(&saved, &open(&[("main", OPEN)]), true), [Step::Lock("main".into(), true)]);
        assert_eq!(plan(&saved, &open(&[("main", OPEN)]), false), [Step::Free("main".into())]);
        let locked = open(&[("main", Shown { locked: true, ..OPEN })]);
        assert_eq!(
            plan(&saved, &locked, false),
            [Step::Lock("main".into(), false), Step::Free("main".into())],
            "what is locked when the way back is lost is unlocked"
        );
        assert_eq!(
            plan(&saved, &open(&[]), false),
            [Step::Open("main".into()), Step::Free("main".into())],
            "at the start"
        );
    }

    #[test]
    fn what_can_only_be_chosen_at_birth_makes_it_anew() {
        let mut saved = saved(vec![overlay("main", true, false)]);
        saved.overlays[0].window.above_fullscreen = true;
        assert_eq!(plan(&saved, &open(&[("main", OPEN)]), true), [Step::Remake("main".into())]);
        saved.overlays[0].window.above_fullscreen = false;
        saved.overlays[0].window.hidden_from_capture = false;
        assert_eq!(plan(&saved, &open(&[("main", OPEN)]), true), [Step::Protect("main".into(), false)]);
    }

    #[test]
    fn the_lock_key_is_first_of_all_a_way_out() {
        let mixed = saved(vec![overlay("a", true, true), overlay("b", true, false), overlay("c", false, true)]);
        let change = lock_or_unlock(&mixed);
        assert_eq!(names(&change), ["a"].into(), "one is locked: it is unlocked, and hidden ones are left alone");
        assert!(change.iter().all(|(_, window)| !window.locked));
        let unlocked = saved(vec![overlay("a", true, false), overlay("b", true, false)]);
        assert_eq!(names(&lock_or_unlock(&unlocked)), ["a", "b"].into());
        assert_eq!(lock(&unlocked, false), []);
    }

    #[test]
    fn arranging_shows_unlocks_and_ends() {
        let none = saved(vec![overlay("main", false, true)]);
        let change = arrange(&none);
        assert!(
            change.iter().all(|(name, window)| name == "main" && window.shown && !window.locked) && change.len() == 1
        );
        assert!(arrange(&saved(vec![overlay("main", true, true)])).iter().all(|(_, window)| !window.locked));
        assert!(arrange(&saved(vec![overlay("main", true, false)])).iter().all(|(_, window)| window.locked));
    }

    #[test]
    fn showing_means_those_that_had_a_window() {
        let mut saved = saved(vec![overlay("main", false, false), overlay("side", false, true)]);
        assert_eq!(usual(&saved), ["main"]);
        saved.overlays[1].window.places.push(Place { arrangement: String::new(), x: 0, y: 0, width: 1, height: 1 });
        assert_eq!(usual(&saved), ["side"]);
        let change = show(&saved, &usual(&saved));
        assert!(change[0].1.shown && change[0].1.locked, "and leaves their lock as it was");
    }

    #[test]
    fn hiding_hides_all_that_are_shown() {
        let saved = saved(vec![overlay("a", true, true), overlay("b", false, false)]);
        assert_eq!(names(&hide(&saved)), ["a"].into());
        assert!(is_locked(&saved));
    }
}
