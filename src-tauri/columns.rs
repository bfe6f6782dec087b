//! Lists in small windows of their own, above other windows: what the page calls columns.

use polychat_model::command::{CommandError, CommandErrorCode, PopOut};
use tauri::{AppHandle, Manager};

use crate::control;
use crate::native::failed;
use crate::words::say;

/// What the labels of these windows begin with; a number follows. `capabilities/control.json` knows it.
const LABEL: &str = "column-";

/// So many may be open at once.
const MAX: usize = 4;

/// Width and height, in logical pixels: that of a dock beside a game.
const SIZE: (f64, f64) = (380.0, 640.0);
const LEAST: (f64, f64) = (240.0, 240.0);

/// The longest query, in bytes.
const QUERY: usize = 256;

/// Whether a window is one of these.
pub(crate) fn is_column(label: &str) -> bool {
    label.starts_with(LABEL)
}

/// Opens one more.
///
/// # Errors
/// In words, when there are as many as there may be, or none can be made.
pub(crate) fn open(app: &AppHandle, PopOut { query }: &PopOut) -> Result<(), CommandError> {
    if !is_query(query) {
        return Err(CommandError { code: CommandErrorCode::InvalidRequest, message: say("columns.query").to_owned() });
    }
    let free = (1..=MAX).map(|n| format!("{LABEL}{n}")).find(|label| app.get_webview_window(label).is_none());
    let label = free
        .ok_or_else(|| CommandError { code: CommandErrorCode::TooMany, message: say("columns.tooMany").to_owned() })?;
    let made = control::page(app, &label, &format!("dock.html?{query}"))
        .title(say("columns.title"))
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        .always_on_top(true)
        .build();
    made.map(drop).map_err(|error| failed(error.to_string()))
}

/// What our own page writes into an address, and nothing else.
fn is_query(query: &str) -> bool {
    query.len() <= QUERY && query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"=&%,".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_choice_of_a_list_goes_into_its_address() {
        for query in ["", "platforms=twitch%2Cyoutube&kinds=paid"] {
            assert!(is_query(query), "{query}");
        }
        for query in ["x#y", "/../index.html", "a=b c", "é", &"a".repeat(QUERY + 1)] {
            assert!(!is_query(query), "{query}");
        }
    }
}
