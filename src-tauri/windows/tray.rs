//! The icon in the tray and its menu: the way to everything when no window can be clicked.

use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};

use crate::words::Language;

/// A line of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    /// Open the control window.
    Open,
    /// Lock overlays, or unlock them.
    Lock,
    /// Show overlays, or hide them.
    Show,
    /// Bring overlays to the middle of the screen.
    Center,
    /// Let overlays stand still, or go on.
    Pause,
    /// Empty overlays.
    Clear,
    /// End the program.
    Quit,
}

impl Item {
    const ALL: [Self; 7] = [Self::Open, Self::Lock, Self::Show, Self::Center, Self::Pause, Self::Clear, Self::Quit];

    fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Lock => "lock",
            Self::Show => "show",
            Self::Center => "center",
            Self::Pause => "pause",
            Self::Clear => "clear",
            Self::Quit => "quit",
        }
    }
}

/// What the menu's lines depend on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Labels {
    /// A window is shown.
    pub(crate) shown: bool,
    /// A shown one is locked.
    pub(crate) locked: bool,
    /// Overlays stand still.
    pub(crate) paused: bool,
    /// What they are written in.
    pub(crate) language: Language,
}

impl Labels {
    fn text(self, item: Item) -> &'static str {
        let Self { language, .. } = self;
        match item {
            Item::Open => language.say("tray.open"),
            Item::Lock if self.locked => language.say("tray.unlock"),
            Item::Lock => language.say("tray.lock"),
            Item::Show if self.shown => language.say("tray.hide"),
            Item::Show => language.say("tray.show"),
            Item::Center => language.say("tray.center"),
            Item::Pause if self.paused => language.say("tray.goOn"),
            Item::Pause => language.say("tray.pause"),
            Item::Clear => language.say("tray.clear"),
            Item::Quit => language.say("tray.quit"),
        }
    }

    fn is_enabled(self, item: Item) -> bool {
        self.shown || !matches!(item, Item::Lock | Item::Center)
    }
}

/// The icon. Dropping it takes it away.
pub(crate) struct Tray {
    lines: Vec<(Item, MenuItem<Wry>)>,
    labels: Labels,
    _icon: TrayIcon,
}

impl Tray {
    /// Puts the icon into the tray. On the main thread only.
    ///
    /// # Errors
    /// The system says why it cannot.
    pub(crate) fn make(
        app: &AppHandle,
        labels: Labels,
        chosen: impl Fn(Item) + Send + Sync + 'static,
    ) -> tauri::Result<Self> {
        let menu = Menu::new(app)?;
        let mut lines = Vec::new();
        for item in Item::ALL {
            let enabled = labels.is_enabled(item);
            let line = MenuItem::with_id(app, item.id(), labels.text(item), enabled, None::<&str>)?;
            menu.append(&line)?;
            if matches!(item, Item::Open | Item::Center | Item::Clear) {
                menu.append(&PredefinedMenuItem::separator(app)?)?;
            }
            lines.push((item, line));
        }
        let mut icon = TrayIconBuilder::with_id("polychat")
            .tooltip("Polychat")
            .menu(&menu)
            // The icon is written there as a file; the system's folder for such files is shared by all its users.
            .temp_dir_path(app.path().app_cache_dir()?)
            .on_menu_event(move |_, event| {
                if let Some(item) = Item::ALL.into_iter().find(|item| event.id() == item.id()) {
                    chosen(item);
                }
            });
        // The menu bar of a Mac colours icons itself, so that they suit it in light and dark.
        let picture = if cfg!(target_os = "macos") {
            Some(tauri::include_image!("icons/tray-template.png"))
        } else {
            app.default_window_icon().cloned()
        };
        if let Some(picture) = picture {
            icon = icon.icon(picture).icon_as_template(cfg!(target_os = "macos"));
        }
        Ok(Self { lines, labels, _icon: icon.build(app)? })
    }

    /// Brings the lines to what is so now.
    pub(crate) fn relabel(&mut self, labels: Labels) -> tauri::Result<()> {
        let before = std::mem::replace(&mut self.labels, labels);
        for (item, line) in &self.lines {
            if before.text(*item) != labels.text(*item) {
                line.set_text(labels.text(*item))?;
            }
            if before.is_enabled(*item) != labels.is_enabled(*item) {
                line.set_enabled(labels.is_enabled(*item))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, Labels};
    use crate::words::Language;

    #[test]
    fn the_lines_say_what_they_would_do() {
        let none = Labels::default();
        assert_eq!((none.text(Item::Lock), none.text(Item::Show)), ("Lock overlays", "Show overlays"));
        let locked = Labels { shown: true, locked: true, paused: true, ..none };
        assert_eq!(locked.text(Item::Lock), "Unlock overlays");
        assert_eq!(locked.text(Item::Show), "Hide overlays");
        assert_eq!(locked.text(Item::Pause), "Let overlays go on");
        let other = Labels { language: Language::of(["id"]), ..locked };
        assert_eq!((other.text(Item::Lock), other.text(Item::Quit)), ("Buka kunci overlay", "Keluar dari Polychat"));
        assert_ne!(other, locked, "so that another language is news");
    }

    #[test]
    fn what_would_do_nothing_cannot_be_chosen_but_the_way_out_always_can() {
        let none = Labels::default();
        assert!(!none.is_enabled(Item::Lock) && !none.is_enabled(Item::Center));
        assert!([Item::Open, Item::Show, Item::Clear, Item::Quit].into_iter().all(|item| none.is_enabled(item)));
        assert!(Labels { shown: true, ..none }.is_enabled(Item::Lock));
    }

    #[test]
    fn each_line_has_a_name_of_its_own() {
        let mut ids = Item::ALL.map(Item::id).to_vec();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Item::ALL.len());
    }
}
