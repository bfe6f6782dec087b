//! A browser of the Chromium family for the tests of the pages, and letters for its texts.

use std::path::PathBuf;

use super::apt::Apt;
use crate::program;

/// Names on the search path, best first.
const NAMES: [&str; 6] =
    ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "microsoft-edge", "chrome"];
/// Where macOS has them.
const ON_A_MAC: [&str; 3] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
/// Where Windows has them, below one of its folders for programs.
const ON_WINDOWS: [&str; 3] = [
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
];
/// Chats come in every script.
const FONTS: [&str; 3] = ["fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"];

/// The browser.
///
/// # Errors
/// A sentence about what is missing.
pub(super) fn set_up(apt: &mut Apt) -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("POLYCHAT_CHROMIUM") {
        let named = PathBuf::from(named);
        if !named.is_file() {
            return Err(format!("The browser that POLYCHAT_CHROMIUM names: there is no {}.", named.display()));
        }
        fonts(apt);
        return Ok(named);
    }
    if find().is_none() {
        apt.install(&["chromium"]);
    }
    fonts(apt);
    find().ok_or_else(|| {
        "A browser for the tests of the pages: install Chromium, Chrome or Edge, or name one in POLYCHAT_CHROMIUM. \
         (`cargo xtask test --without-browser` leaves these tests out.)"
            .to_owned()
    })
}

fn find() -> Option<PathBuf> {
    if let Some(found) = program::find(&NAMES) {
        return Some(found);
    }
    if cfg!(target_os = "macos") {
        return ON_A_MAC.iter().map(PathBuf::from).find(|path| path.is_file());
    }
    let folders = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].into_iter().filter_map(std::env::var_os);
    folders
        .flat_map(|folder| ON_WINDOWS.map(|browser| PathBuf::from(&folder).join(browser)))
        .find(|path| cfg!(windows) && path.is_file())
}

/// Without them some texts are boxes, which no test looks at: a word suffices where we may not install.
fn fonts(apt: &mut Apt) {
    let lacking: Vec<&str> = FONTS.into_iter().filter(|font| Apt::lacks(font)).collect();
    if lacking.is_empty() {
        return;
    }
    if apt.may_install() {
        apt.install(&lacking);
    } else {
        println!("Some scripts will be shown as boxes: {} is not installed.", lacking.join(" "));
    }
}
