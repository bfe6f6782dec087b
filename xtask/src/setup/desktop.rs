//! What the desktop program is built with and needs when it runs, and the screen that its tests play on. Windows and macOS
//! bring all of it; Linux has it in packages.

use super::apt::Apt;
use crate::program;

/// What the program is built with. `pkg-config` finds the libraries for it.
const LIBRARY: &str = "webkit2gtk-4.1";
const BUILD: [&str; 2] = ["pkg-config", "libwebkit2gtk-4.1-dev"];
/// What it opens when it runs: the tray, and letters on a bare machine.
const RUN: [&str; 2] = ["libayatana-appindicator3-1", "fonts-dejavu-core"];

/// What its `AppImage` is packed with, besides tools from the network.
const APPIMAGE: [&str; 5] = ["file", "librsvg2-dev", "patchelf", "wget", "xdg-utils"];

/// The programs of the tests' screen, with the packages that have them.
const SCREEN: [(&str, &str); 5] = [
    ("Xvfb", "xvfb"),
    ("openbox", "openbox"),
    ("picom", "picom"),
    ("dbus-daemon", "dbus"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
];

/// Whether there is a screen to show windows on.
pub(crate) fn has_screen() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// What the program is built with.
pub(super) fn libraries(apt: &mut Apt) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let there = || program::output(program::command("pkg-config").args(["--exists", LIBRARY])).is_some();
    if !there() {
        apt.install(&BUILD);
    }
    let lacking: Vec<&str> = RUN.into_iter().filter(|package| Apt::lacks(package)).collect();
    if !lacking.is_empty() && apt.may_install() {
        apt.install(&lacking);
    } else if !lacking.is_empty() {
        println!("The tray icon may be missing: {} is not installed.", lacking.join(" "));
    }
    (!there()).then(|| {
        format!(
            "WebKitGTK 4.1 with its headers, for the window. Debian, Ubuntu: `apt-get install {}`; Fedora: \
             webkit2gtk4.1-devel; Arch: webkit2gtk-4.1. (`cargo xtask run --headless` runs without a window.)",
            BUILD.join(" ")
        )
    })
}

/// What it is packed with: the tool asks pkg-config for the tray, to say in the package that it needs it.
pub(super) fn packing(apt: &mut Apt, appimage: bool) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let there =
        || program::output(program::command("pkg-config").args(["--exists", "ayatana-appindicator3-0.1"])).is_some();
    if !there() {
        apt.install(&["libayatana-appindicator3-dev"]);
    }
    let lacking: Vec<&str> = APPIMAGE.into_iter().filter(|package| appimage && Apt::lacks(package)).collect();
    if !lacking.is_empty() {
        apt.install(&lacking);
    }
    (!there()).then(|| {
        "The tray's library with its headers, for packages. Debian, Ubuntu: `apt-get install libayatana-appindicator3-dev`; \
         Fedora: libayatana-appindicator-gtk3-devel."
            .to_owned()
    })
}

/// The screen that the tests of the program play on.
pub(super) fn screen(apt: &mut Apt) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let lacking =
        || SCREEN.into_iter().filter(|(name, _)| program::find(&[name]).is_none()).map(|(_, package)| package);
    let packages: Vec<&str> = lacking().collect();
    if !packages.is_empty() {
        apt.install(&packages);
    }
    let packages: Vec<&str> = lacking().collect();
    (!packages.is_empty()).then(|| {
        format!("What the tests of the window run on. Debian, Ubuntu: `apt-get install {}`.", packages.join(" "))
    })
}
