//! Whether there is a screen, and what draws on it. Without a screen GTK would end the program in words that are not for
//! people.

#[cfg(target_os = "linux")]
use std::path::Path;

#[cfg(target_os = "linux")]
use tauri::WebviewWindow;

/// `WebKit`'s switch for painting by the processor.
#[cfg(target_os = "linux")]
const BY_PROCESSOR: &str = "WEBKIT_SKIA_ENABLE_CPU_RENDERING";

/// # Errors
/// A sentence for people.
#[cfg(target_os = "linux")]
pub(crate) fn check() -> Result<(), String> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if set("WAYLAND_DISPLAY").is_some() {
        return Ok(());
    }
    let Some(display) = set("DISPLAY") else {
        return Err(
            "Polychat needs a screen, and there is none here. Run `polychat-server` to use it without one.".to_owned()
        );
    };
    match x11rb::connect(None) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "Polychat cannot reach the screen {}: {error}. Run `polychat-server` to use it without a screen.",
            display.to_string_lossy()
        )),
    }
}

/// Elsewhere a program is not started without a screen.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "Linux has something to say")]
pub(crate) fn check() -> Result<(), String> {
    Ok(())
}

/// Where there is no graphics card, lets pages be painted by the processor itself. The engine would have them painted by a
/// driver that plays a card: a third more memory, and it compiles a program for every kind of edge and shade. Before GTK begins;
/// what the person has set goes before.
#[cfg(target_os = "linux")]
pub(crate) fn paint_without_a_card() {
    if std::env::var_os(BY_PROCESSOR).is_none()
        && !has_card(Path::new("/dev"))
        && let Err(error) = gtk::glib::setenv(BY_PROCESSOR, "1", false)
    {
        // It paints without, at the price above.
        eprintln!("{BY_PROCESSOR} cannot be set: {error}");
    }
}

/// Lets what a window shows be put together by the processor, too, where it paints: without a driver that plays a card, a page
/// takes a fifth less memory, and a tenth of the time to scroll. Not for windows that can be seen through: those smear.
#[cfg(target_os = "linux")]
pub(crate) fn put_together_without_a_card(window: &WebviewWindow) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};

    if std::env::var_os(BY_PROCESSOR).is_none_or(|set| set != "1") {
        return;
    }
    let done = window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    if let Err(error) = done {
        tracing::warn!(%error, "the window is drawn the slow way");
    }
}

/// Windows and macOS have their own engines, which see to it themselves.
#[cfg(not(target_os = "linux"))]
pub(crate) fn paint_without_a_card() {}

/// Whether there is something to draw with: a render node of the kernel, or NVIDIA's own driver.
#[cfg(target_os = "linux")]
fn has_card(devices: &Path) -> bool {
    let is_node = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("renderD");
    devices.join("nvidiactl").exists()
        || std::fs::read_dir(devices.join("dri")).is_ok_and(|entries| entries.flatten().any(is_node))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_a_render_node_or_the_driver_of_nvidia() {
        let devices = tempfile::tempdir().unwrap();
        assert!(!has_card(devices.path()), "no folder at all");

        let dri = devices.path().join("dri");
        std::fs::create_dir(&dri).unwrap();
        std::fs::write(dri.join("card0"), "").unwrap();
        assert!(!has_card(devices.path()), "a display that cannot draw by itself, as virtual machines have");

        std::fs::write(dri.join("renderD128"), "").unwrap();
        assert!(has_card(devices.path()));

        std::fs::remove_dir_all(&dri).unwrap();
        std::fs::write(devices.path().join("nvidiactl"), "").unwrap();
        assert!(has_card(devices.path()));
    }
}
