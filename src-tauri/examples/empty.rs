//! The least that a program with these windows costs: a control window with a few words and an empty overlay window of Tauri.
//! What Polychat costs is measured beside it (`cargo xtask bench desktop`).

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

/// Something to be painted.
const WORDS: &str = "<!doctype html><body style='font: 40px sans-serif; color: #c60; background: linear-gradient(#fff, #ccc)'>\
                     A program with nothing in it but these words.";
const NOTHING: &str = "<!doctype html><body style='background: transparent'>";

fn main() {
    let page = |address: &str| WebviewUrl::CustomProtocol(address.parse().expect("a constant that is an address"));
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, request| {
            let text = if request.uri().path() == "/words" { WORDS } else { NOTHING };
            Response::builder().header("content-type", "text/html").body(text.as_bytes()).expect("a constant answer")
        })
        .setup(move |app| {
            let control = WebviewWindowBuilder::new(app, "control", page("empty://localhost/words")).title("Polychat");
            control.inner_size(1_320.0, 820.0).build()?;
            let overlay = WebviewWindowBuilder::new(app, "overlay", page("empty://localhost/")).title("Overlay");
            overlay.transparent(true).decorations(false).always_on_top(true).inner_size(400.0, 600.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("a program without anything in it starts");
}
