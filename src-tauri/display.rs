//! Whether there is a screen. Without one GTK would end the program in words that are not for people.

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
