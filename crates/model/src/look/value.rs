//! Whether a value is one of a control's: as the pages write it. They read more than this (an address may say `150%`), and
//! write what they have read in this form. `tests/golden/look-values.json` holds both sides to the same.

use serde_json::Value;

use super::schema::{Control, Form, Kind, Range, SCHEMA};
use crate::Platform;

/// The longest text that a value has, in bytes. Rules have a bound of their own.
const TEXT: usize = 4_000;

/// The most words of a text. `MAX_NAMES` in `ui/src/lib/overlay/looks/values.ts`.
const MAX_WORDS: usize = 500;

/// The most lines of a text. `MAX_LINES` in the same file.
const MAX_LINES: usize = 100;

/// What people are in a channel. `ROLES` in `ui/src/lib/overlay/settings.ts`.
const ROLES: [&str; 4] = ["broadcaster", "moderator", "subscriber", "verified"];

/// The control of a setting.
pub fn control(id: &str) -> Option<&'static Control> {
    SCHEMA.iter().find(|control| control.id == id)
}

/// Whether it is a value of the control.
pub fn fits(control: &Control, value: &Value) -> bool {
    match (control.kind, value) {
        (Kind::Switch { .. }, Value::Bool(_)) => true,
        (Kind::Number(range) | Kind::Slider(range), Value::Number(number)) => {
            number.as_f64().is_some_and(|number| in_range(range, number))
        }
        (Kind::Select { options, .. }, Value::String(text)) => options.contains(&text.as_str()),
        (Kind::Colour { .. }, Value::String(text)) => text == "none" || is_color(text),
        (Kind::Font { .. }, Value::String(text)) => is_text(text) && is_font(text),
        (Kind::Text { form: Form::Lines, .. }, Value::String(text)) => {
            let mut lines = text.split('\n');
            lines.by_ref().take(MAX_LINES).all(is_text) && lines.next().is_none() && text.len() <= TEXT
        }
        (Kind::Text { form, .. }, Value::String(text)) => is_text(text) && is_form(form, text),
        _ => false,
    }
}

/// What a value has to be, for a sentence that begins with the setting.
pub(super) fn expected(control: &Control) -> String {
    match control.kind {
        Kind::Switch { .. } => "is true or false".to_owned(),
        Kind::Number(Range { min, max, .. }) | Kind::Slider(Range { min, max, .. }) => {
            format!("is a number from {min} to {max}")
        }
        Kind::Select { options, .. } => format!("is one of {}", options.join(", ")),
        Kind::Colour { .. } => "is `#rrggbb`, `#rrggbbaa` or `none`".to_owned(),
        Kind::Font { .. } => "is one or more names of fonts".to_owned(),
        Kind::Text { .. } => format!("is a text that can be read, of at most {TEXT} letters"),
    }
}

fn in_range(Range { min, max, step, .. }: Range, number: f64) -> bool {
    // Whole numbers where only those are meant: the step is written as exactly 1 there.
    let whole = (step - 1.0).abs() > f64::EPSILON || number.fract() == 0.0;
    (min..=max).contains(&number) && whole
}

fn is_text(text: &str) -> bool {
    text.len() <= TEXT && !text.chars().any(char::is_control)
}

fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    // What cannot be seen is written `none`.
    let is_seen = digits.len() == 6 || (digits.len() == 8 && !digits.ends_with("00"));
    is_seen && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Names of fonts, and nothing else that CSS could read.
fn is_font(text: &str) -> bool {
    let is_family = |name: &str| {
        let signs = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'));
        (1..=64).contains(&name.chars().count()) && signs
    };
    let mut names = words(text);
    names.len() <= MAX_WORDS && !names.is_empty() && names.drain(..).all(is_family)
}

fn is_form(form: Form, text: &str) -> bool {
    match form {
        Form::Language => is_language(text),
        // An overlay's own rules; a look has a field for them.
        Form::Css => !text.is_empty(),
        Form::Platforms => words(text).iter().all(|word| Platform::ALL.iter().any(|p| p.as_str() == *word)),
        Form::Roles => words(text).iter().all(|word| ROLES.contains(word)),
        Form::Names | Form::Kinds | Form::Words | Form::Lines => words(text).len() <= MAX_WORDS,
    }
}

/// Roughly a language tag; the page asks its browser.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = parts.next().unwrap_or_default();
    let begins = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    begins && text.len() <= 35 && parts.all(is_part)
}

fn words(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect()
}
