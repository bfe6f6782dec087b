//! The least that a program with these windows costs: a control window with a few words and an empty overlay window of Tauri.
//! What Polychat costs is measured beside it (`cargo xtask bench desktop`).

use tauri::{WebviewUrl, WebviewWindowBuilder};

/// Something to be painted.
const WORDS: &str = "addEventListener('DOMContentLoaded', () => {
    document.body.style = 'font: 40px sans-serif; color: #c60; background: linear-gradient(#fff, #ccc); height: 90vh';
    document.body.textContent = 'A program with nothing in it but these words.';
});";

fn main() {
    let blank = || WebviewUrl::External("about:blank".parse().expect("a constant that is an address"));
    tauri::Builder::default()
        .setup(move |app| {
            let control = WebviewWindowBuilder::new(app, "control", blank()).title("Polychat");
            control.inner_size(1_320.0, 820.0).initialization_script(WORDS).build()?;
            let overlay = WebviewWindowBuilder::new(app, "overlay", blank()).title("Polychat overlay");
            overlay.transparent(true).decorations(false).always_on_top(true).inner_size(400.0, 600.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("a program without anything in it starts");
}
