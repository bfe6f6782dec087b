//! Which action has which keys of the whole system, which of them work, and why the others do not. What registers them is
//! behind [`Registrar`], so that this is tested without a keyboard.

use polychat_model::command::HotkeyState;
use polychat_model::saved::{HotkeyAction, Settings};

use super::keys::{Combination, NoCombination};
use crate::words::{say, say_with};

/// Takes keys from the whole system, and gives them back.
pub(crate) trait Registrar {
    /// Takes them.
    ///
    /// # Errors
    /// [`Refusal`], and nothing is taken.
    fn register(&mut self, keys: Combination) -> Result<(), Refusal>;

    /// Gives them back.
    fn unregister(&mut self, keys: Combination);
}

/// Why keys cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Another program has them.
    Taken,
    /// The keyboard has no such key, or the library does not know it.
    NotThere,
    /// The system keeps them for itself.
    System,
    /// This system gives keys to no program.
    NoKeys,
}

/// All actions and their keys.
pub(crate) struct Hotkeys<R> {
    registrar: R,
    slots: Vec<Slot>,
}

/// One action's keys.
struct Slot {
    action: HotkeyAction,
    /// As they are set; empty is none.
    wished: String,
    /// What is registered.
    active: Option<Combination>,
    /// Why what is wished is not what is registered.
    problem: Option<String>,
}

impl<R: Registrar> Hotkeys<R> {
    /// Nothing is registered yet.
    pub(crate) fn new(registrar: R) -> Self {
        let slot = |action| Slot { action, wished: String::new(), active: None, problem: None };
        Self { registrar, slots: HotkeyAction::ALL.map(slot).into() }
    }

    /// Brings the keys to what is set: at the start, and after a change from elsewhere (an imported file). What cannot be had
    /// keeps the keys that it has, and says so.
    pub(crate) fn follow(&mut self, settings: &Settings) {
        let wishes: Vec<String> = self.slots.iter().map(|slot| keys_of(settings, slot.action)).collect();
        // What goes is given back first, so that two actions can exchange their keys.
        let mut before: Vec<Option<Combination>> = Vec::new();
        for (slot, wish) in self.slots.iter_mut().zip(&wishes) {
            let moves = slot.wished != *wish;
            before.push(slot.active.filter(|_| moves));
            if moves && let Some(keys) = slot.active.take() {
                self.registrar.unregister(keys);
            }
        }
        for (at, wish) in wishes.into_iter().enumerate() {
            if self.slots[at].active.is_some() {
                continue;
            }
            let outcome = self.take(at, &wish);
            self.slots[at].problem = outcome.err();
            self.slots[at].wished = wish;
        }
        for (at, keys) in before.into_iter().enumerate() {
            if let (Some(keys), Some(problem)) = (keys, self.slots[at].problem.clone())
                && self.owner(keys).is_none()
                && self.registrar.register(keys).is_ok()
            {
                self.slots[at].active = Some(keys);
                self.slots[at].problem =
                    Some(say_with("keys.until", &[("problem", &problem), ("keys", &keys.to_string())]));
            }
        }
    }

    /// Gives an action other keys, or none. The answer is their spelling.
    ///
    /// # Errors
    /// A sentence; the keys that it had still work.
    pub(crate) fn change(&mut self, action: HotkeyAction, text: &str) -> Result<String, String> {
        let Some(at) = self.slots.iter().position(|slot| slot.action == action) else { return Ok(String::new()) };
        let before = self.slots[at].active;
        let wish = text.parse::<Combination>().map_or_else(|_| text.trim().to_owned(), |keys| keys.to_string());
        if before.is_none_or(|keys| keys.to_string() != wish) {
            self.take(at, &wish)?;
            if let Some(keys) = before {
                self.registrar.unregister(keys);
                if self.slots[at].active == before {
                    self.slots[at].active = None;
                }
            }
        }
        let slot = &mut self.slots[at];
        slot.problem = None;
        slot.wished.clone_from(&wish);
        Ok(wish)
    }

    /// Registers `wish` for the action at `at`.
    fn take(&mut self, at: usize, wish: &str) -> Result<(), String> {
        if wish.is_empty() {
            return Ok(());
        }
        let keys = wish.parse::<Combination>().map_err(|no| match no {
            NoCombination::Unknown => say_with("keys.unknown", &[("keys", &short(wish))]),
            NoCombination::Alone => say_with("keys.alone", &[("keys", &short(wish))]),
        })?;
        let holes = [("keys", &*keys.to_string())];
        if let Some(owner) = self.owner(keys) {
            return Err(say_with("keys.owned", &[holes[0], ("action", name(owner))]));
        }
        self.registrar.register(keys).map_err(|refusal| match refusal {
            Refusal::Taken => say_with("keys.taken", &holes),
            Refusal::NotThere => say_with("keys.notThere", &holes),
            Refusal::System => say_with("keys.system", &holes),
            Refusal::NoKeys => say("keys.none").to_owned(),
        })?;
        self.slots[at].active = Some(keys);
        Ok(())
    }

    fn owner(&self, keys: Combination) -> Option<HotkeyAction> {
        self.slots.iter().find(|slot| slot.active == Some(keys)).map(|slot| slot.action)
    }

    /// What these keys do.
    pub(crate) fn action(&self, pressed: Combination) -> Option<HotkeyAction> {
        self.owner(pressed)
    }

    /// The keys that unlock overlays.
    ///
    /// # Errors
    /// A sentence why there are none: then nothing may be locked.
    pub(crate) fn way_back(&self) -> Result<String, String> {
        let Some(slot) = self.slots.iter().find(|slot| slot.action == HotkeyAction::Lock) else {
            return Err(String::new());
        };
        match (slot.active, &slot.problem) {
            (Some(keys), _) => Ok(keys.to_string()),
            (None, Some(problem)) => Err(say_with("keys.notLocked", &[("problem", problem)])),
            (None, None) => Err(say("keys.notLockedChoose").to_owned()),
        }
    }

    /// All of them, for people.
    pub(crate) fn states(&self) -> Vec<HotkeyState> {
        let state =
            |slot: &Slot| HotkeyState { action: slot.action, keys: slot.wished.clone(), problem: slot.problem.clone() };
        self.slots.iter().map(state).collect()
    }
}

/// The keys that an action has by the settings.
fn keys_of(settings: &Settings, action: HotkeyAction) -> String {
    let set = settings.hotkeys.get(&action).map(String::as_str);
    let text = set.unwrap_or_else(|| action.default_keys()).trim();
    text.parse::<Combination>().map_or_else(|_| text.to_owned(), |keys| keys.to_string())
}

/// As much of a text as a sentence bears.
fn short(text: &str) -> String {
    text.chars().take(24).collect()
}

/// What an action is called.
fn name(action: HotkeyAction) -> &'static str {
    match action {
        HotkeyAction::Lock => say("keys.actions.lock"),
        HotkeyAction::Arrange => say("keys.actions.arrange"),
        HotkeyAction::ToTop => say("keys.actions.toTop"),
        HotkeyAction::Toggle => say("keys.actions.toggle"),
        HotkeyAction::Show => say("keys.actions.show"),
        HotkeyAction::Hide => say("keys.actions.hide"),
        HotkeyAction::Clear => say("keys.actions.clear"),
        HotkeyAction::Pause => say("keys.actions.pause"),
        HotkeyAction::ClearFeatured => say("keys.actions.clearFeatured"),
        HotkeyAction::NextFeatured => say("keys.actions.nextFeatured"),
        HotkeyAction::SayPrevious => say("keys.actions.sayPrevious"),
        HotkeyAction::SayNext => say("keys.actions.sayNext"),
        HotkeyAction::SayPreviousGroup => say("keys.actions.sayPreviousGroup"),
        HotkeyAction::SayNextGroup => say("keys.actions.sayNextGroup"),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::{BTreeMap, BTreeSet};
    use std::rc::Rc;

    use polychat_model::saved::{HotkeyAction, Settings};

    use super::{Combination, Hotkeys, Refusal, Registrar};

    /// A system's keys: those that others have, and those that are ours.
    #[derive(Clone, Default)]
    struct System {
        taken: Rc<RefCell<BTreeSet<String>>>,
        ours: Rc<RefCell<BTreeSet<String>>>,
        /// Nobody may register what is ours already; that would be a fault of the caller.
        none: bool,
    }

    impl Registrar for System {
        fn register(&mut self, keys: Combination) -> Result<(), Refusal> {
            if self.none {
                return Err(Refusal::NoKeys);
            }
            if self.taken.borrow().contains(&keys.to_string()) {
                return Err(Refusal::Taken);
            }
            assert!(self.ours.borrow_mut().insert(keys.to_string()), "{keys} was registered twice");
            Ok(())
        }

        fn unregister(&mut self, keys: Combination) {
            assert!(self.ours.borrow_mut().remove(&keys.to_string()), "{keys} was not registered");
        }
    }

    fn taken(keys: &[&str]) -> System {
        let system = System::default();
        system.taken.borrow_mut().extend(keys.iter().map(|&keys| keys.to_owned()));
        system
    }

    fn begun(system: &System, settings: &Settings) -> Hotkeys<System> {
        let mut hotkeys = Hotkeys::new(system.clone());
        hotkeys.follow(settings);
        hotkeys
    }

    fn set(keys: &[(HotkeyAction, &str)]) -> Settings {
        let hotkeys: BTreeMap<_, _> = keys.iter().map(|(action, keys)| (*action, (*keys).to_owned())).collect();
        Settings { hotkeys, ..Settings::default() }
    }

    fn ours(system: &System) -> Vec<String> {
        system.ours.borrow().iter().cloned().collect()
    }

    fn problem(hotkeys: &Hotkeys<System>, action: HotkeyAction) -> String {
        hotkeys.states().into_iter().find(|state| state.action == action).unwrap().problem.unwrap_or_default()
    }

    fn usual() -> [String; 3] {
        [HotkeyAction::Lock, HotkeyAction::ToTop, HotkeyAction::Arrange].map(|action| action.default_keys().to_owned())
    }

    #[test]
    fn at_first_the_usual_keys_are_taken() {
        let system = System::default();
        let hotkeys = begun(&system, &Settings::default());
        assert_eq!(ours(&system), usual());
        assert_eq!(hotkeys.way_back(), Ok(usual()[0].clone()));
        assert!(hotkeys.states().iter().all(|state| state.problem.is_none()));
        let pressed = usual()[1].parse().unwrap();
        assert_eq!(hotkeys.action(pressed), Some(HotkeyAction::ToTop));
    }

    #[test]
    fn keys_that_another_program_has_are_told_and_leave_no_way_back() {
        let system = taken(&[&usual()[0]]);
        let hotkeys = begun(&system, &Settings::default());
        assert!(problem(&hotkeys, HotkeyAction::Lock).starts_with(&format!("Another program has {}.", usual()[0])));
        assert!(hotkeys.way_back().unwrap_err().contains("Another program has"));
        assert_eq!(ours(&system), usual()[1..], "the others work");
    }

    #[test]
    fn new_keys_that_cannot_be_had_leave_the_old_ones() {
        let system = taken(&["Ctrl+K"]);
        let mut hotkeys = begun(&system, &Settings::default());
        for (text, because) in [
            ("Ctrl+K", "Another program has Ctrl+K."),
            (usual()[1].as_str(), " already belongs to “Bring to the top”."),
            ("nonsense", "“nonsense” is no key."),
            ("K", "K alone could no longer be typed."),
        ] {
            let sentence = hotkeys.change(HotkeyAction::Lock, text).unwrap_err();
            assert!(sentence.contains(because), "{sentence}");
            assert_eq!(hotkeys.way_back(), Ok(usual()[0].clone()));
        }
        assert_eq!(ours(&system).len(), 3);
    }

    #[test]
    fn new_keys_replace_the_old_ones() {
        let system = System::default();
        let mut hotkeys = begun(&system, &Settings::default());
        assert_eq!(hotkeys.change(HotkeyAction::Lock, "control+l").as_deref(), Ok("Ctrl+L"));
        assert!(ours(&system).contains(&"Ctrl+L".to_owned()) && ours(&system).len() == 3);
        assert_eq!(hotkeys.change(HotkeyAction::Lock, "Ctrl+L").as_deref(), Ok("Ctrl+L"), "the same once more");
        assert_eq!(hotkeys.change(HotkeyAction::Clear, "Numpad0").as_deref(), Ok("Numpad0"));
        assert_eq!(ours(&system).len(), 4);
    }

    #[test]
    fn no_keys_for_locking_is_no_way_back() {
        let system = System::default();
        let mut hotkeys = begun(&system, &Settings::default());
        assert_eq!(hotkeys.change(HotkeyAction::Lock, "").as_deref(), Ok(""));
        assert!(hotkeys.way_back().is_err());
        assert_eq!(ours(&system), usual()[1..]);
    }

    #[test]
    fn keys_that_became_free_are_taken_when_they_are_chosen_again() {
        let system = taken(&[&usual()[0]]);
        let mut hotkeys = begun(&system, &Settings::default());
        system.taken.borrow_mut().clear();
        assert_eq!(hotkeys.change(HotkeyAction::Lock, &usual()[0]), Ok(usual()[0].clone()));
        assert_eq!(problem(&hotkeys, HotkeyAction::Lock), "");
        assert!(hotkeys.way_back().is_ok());
    }

    #[test]
    fn actions_exchange_their_keys_in_one_go() {
        let system = System::default();
        let mut hotkeys = begun(&system, &Settings::default());
        hotkeys.follow(&set(&[(HotkeyAction::Lock, &usual()[1]), (HotkeyAction::ToTop, &usual()[0])]));
        assert_eq!(hotkeys.way_back().as_deref(), Ok(usual()[1].as_str()));
        assert!(hotkeys.states().iter().all(|state| state.problem.is_none()));
    }

    #[test]
    fn settings_that_cannot_be_followed_leave_what_works() {
        let system = taken(&["Ctrl+K"]);
        let mut hotkeys = begun(&system, &Settings::default());
        hotkeys.follow(&set(&[(HotkeyAction::Lock, "Ctrl+K")]));
        assert_eq!(hotkeys.way_back(), Ok(usual()[0].clone()));
        assert!(problem(&hotkeys, HotkeyAction::Lock).ends_with(&format!("Until then {} still works.", usual()[0])));
        hotkeys.follow(&set(&[(HotkeyAction::Lock, "Ctrl+J")]));
        assert_eq!((hotkeys.way_back().as_deref(), ours(&system).len()), (Ok("Ctrl+J"), 3));
    }

    #[test]
    fn a_file_in_which_two_actions_have_the_same_keys() {
        let system = System::default();
        let hotkeys = begun(&system, &set(&[(HotkeyAction::Clear, &usual()[0])]));
        assert_eq!(hotkeys.way_back(), Ok(usual()[0].clone()), "the one that comes first has them");
        assert!(problem(&hotkeys, HotkeyAction::Clear).contains("already belongs to “Lock or unlock”"));
    }

    #[test]
    fn following_the_same_settings_again_changes_nothing() {
        let system = taken(&[&usual()[2]]);
        let mut hotkeys = begun(&system, &Settings::default());
        let before = (ours(&system), hotkeys.states());
        hotkeys.follow(&Settings::default());
        assert_eq!((ours(&system), hotkeys.states()), before);
    }

    #[test]
    fn a_desktop_without_such_keys_says_so() {
        let system = System { none: true, ..System::default() };
        let hotkeys = begun(&system, &Settings::default());
        assert!(hotkeys.way_back().unwrap_err().contains("X11 session"));
    }
}
