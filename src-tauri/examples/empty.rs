//! The least that a program with these windows costs: a control window and an overlay window of Tauri, both empty. What
//! Polychat costs is measured beside it (`cargo xtask bench desktop`).

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() {
    let blank = || WebviewUrl::External("about:blank".parse().expect("a constant that is an address"));
    tauri::Builder::default()
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "control", blank()).title("Polychat").inner_size(1_320.0, 820.0).build()?;
            let overlay = WebviewWindowBuilder::new(app, "overlay", blank()).title("Polychat overlay");
            overlay.transparent(true).decorations(false).always_on_top(true).inner_size(400.0, 600.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("a program without anything in it starts");
}
