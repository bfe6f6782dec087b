//! What this system cannot do, in sentences for people. Pure: the facts are told.

use polychat_model::command::{Limit, LimitKind};

use crate::words::say;

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
        limit(facts.session == Session::Wayland, LimitKind::KeepOnTop, say("limits.waylandOnTop")),
        limit(facts.session == Session::Wayland, LimitKind::Hotkeys, say("limits.waylandKeys")),
        limit(facts.session == Session::XWayland, LimitKind::Hotkeys, say("limits.xwaylandKeys")),
        limit(!facts.composited, LimitKind::Transparency, say("limits.compositor")),
        limit(!facts.capture, LimitKind::Capture, say("limits.capture")),
        limit(!facts.tray, LimitKind::Tray, say("limits.tray")),
        limit(facts.covered, LimitKind::Fullscreen, say("limits.covered")),
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
