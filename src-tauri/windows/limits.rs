//! What this system cannot do, in sentences for people. Pure: the facts are told.

use polychat_model::command::{Limit, LimitKind};

/// How programs reach the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Session {
    /// X11, by itself.
    X11,
    /// X11 inside of Wayland.
    XWayland,
    /// Wayland.
    Wayland,
    /// Not Linux.
    Other,
}

/// What was found out about the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// How programs reach the screen.
    pub(crate) session: Session,
    /// Something mixes windows with what lies under them.
    pub(crate) composited: bool,
    /// Something shows tray icons.
    pub(crate) tray: bool,
    /// Windows can be kept out of recordings.
    pub(crate) capture: bool,
    /// A window in front has covered an overlay.
    pub(crate) covered: bool,
}

impl Facts {
    /// What can be taken for granted before anything is found out.
    pub(crate) fn of(session: Session) -> Self {
        // Windows and macOS mix windows always, and keep them out of recordings where they are asked to.
        Self { session, composited: true, tray: true, capture: session == Session::Other, covered: false }
    }
}

/// All that is missing.
pub(crate) fn limits(facts: Facts) -> Vec<Limit> {
    let limit = |is: bool, kind, text: &str| is.then(|| Limit { kind, text: text.to_owned() });
    let all = [
        limit(
            facts.session == Session::Wayland,
            LimitKind::KeepOnTop,
            "Wayland lets no program place its windows or keep them on top. Choose an X11 session when you log in.",
        ),
        limit(
            facts.session == Session::Wayland,
            LimitKind::Hotkeys,
            "Wayland gives keys to the window in front only, so Polychat's keys do not work and overlays cannot be locked. \
             Choose an X11 session when you log in.",
        ),
        limit(
            facts.session == Session::XWayland,
            LimitKind::Hotkeys,
            "On Wayland, Polychat's keys may not work while another window is in front. The tray and this window always \
             unlock overlays.",
        ),
        limit(
            !facts.composited,
            LimitKind::Transparency,
            "No compositor runs, so nothing shows through windows. Until one runs, overlays have a dark plate.",
        ),
        limit(
            !facts.capture,
            LimitKind::Capture,
            "Linux cannot keep a window out of recordings. In OBS, capture the game's window instead of the screen.",
        ),
        limit(
            !facts.tray,
            LimitKind::Tray,
            "This desktop shows no tray icons, so closing this window ends Polychat. The keys unlock overlays as well.",
        ),
        limit(
            facts.covered,
            LimitKind::Fullscreen,
            "The game in front covers the overlay. Turn on “Above fullscreen windows”, or play in a window.",
        ),
    ];
    all.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use polychat_model::command::LimitKind::{self, Capture, Fullscreen, Hotkeys, KeepOnTop, Transparency, Tray};

    use super::{Facts, Session, limits};

    fn kinds(facts: Facts) -> Vec<LimitKind> {
        limits(facts).into_iter().map(|limit| limit.kind).collect()
    }

    #[test]
    fn each_system_has_its_limits() {
        assert_eq!(kinds(Facts::of(Session::Other)), []);
        assert_eq!(kinds(Facts::of(Session::X11)), [Capture]);
        assert_eq!(kinds(Facts::of(Session::XWayland)), [Hotkeys, Capture]);
        assert_eq!(kinds(Facts::of(Session::Wayland)), [KeepOnTop, Hotkeys, Capture]);
    }

    #[test]
    fn what_is_not_running_is_told() {
        let bare = Facts { composited: false, tray: false, covered: true, ..Facts::of(Session::X11) };
        assert_eq!(kinds(bare), [Transparency, Capture, Tray, Fullscreen]);
    }

    #[test]
    fn a_sentence_is_short_plain_and_ends() {
        let all = Facts { composited: false, tray: false, covered: true, ..Facts::of(Session::Wayland) };
        for limit in limits(all).into_iter().chain(limits(Facts::of(Session::XWayland))) {
            assert!(
                limit.text.ends_with('.') && !limit.text.contains('!') && !limit.text.contains("  "),
                "{}",
                limit.text
            );
            assert!(limit.text.len() < 190, "{}", limit.text);
        }
    }
}
