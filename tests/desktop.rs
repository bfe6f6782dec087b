//! The real desktop program in real windows: each test has a screen of its own, with a window manager, a compositor and a
//! tray, and simulated platforms on real sockets.
//!
//! Needs Xvfb, openbox, picom, dbus-daemon and `WebKitWebDriver`; a test that misses one fails and names its package. When a
//! test fails, the screen is kept as a picture in target/desktop-failures/.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]
#![allow(dead_code, reason = "scenarios of other parts use it")]

mod desktop {
    mod driver;
    mod process;
    mod screen;
    mod tray;
    mod world;
    mod x;

    mod chat;
    mod overlay;
    mod start;
    mod tiktok;
    mod trouble;
    mod update;
    mod windows;
}
