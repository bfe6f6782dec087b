//! How a handle or a legacy name is spelt.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// The longest name, in characters. Handles end at 30 (common knowledge, not measured); the old names may be longer.
const NAME_MAX_CHARS: usize = 60;

/// `name` in lower case and in the composed form (NFC), so that each name has one spelling.
///
/// # Errors
/// What is wrong with it, to stand behind the name in a sentence.
pub(super) fn canonical(name: &str) -> Result<String, &'static str> {
    let composer = ComposingNormalizerBorrowed::new_nfc();
    let name = composer.normalize(&name.to_lowercase()).into_owned();
    let categories = CodePointMapData::<GeneralCategory>::new();
    let is_letter_or_digit = |c: char| {
        let category = categories.get(c);
        GeneralCategoryGroup::Letter.contains(category) || category == GeneralCategory::DecimalNumber
    };
    // Several scripts write vowels and tones as marks, which are no letters.
    let is_mark = |c: char| GeneralCategoryGroup::Mark.contains(categories.get(c));
    if !name.chars().all(|c| is_letter_or_digit(c) || is_mark(c) || matches!(c, '_' | '-' | '.' | '·')) {
        return Err("is no YouTube handle: only letters, digits and _ - . · may be in it");
    }
    if !name.chars().any(is_letter_or_digit) {
        return Err("is no YouTube handle: it needs a letter or a digit");
    }
    if name.chars().count() > NAME_MAX_CHARS {
        return Err("is too long for a YouTube handle: it has at most 30 characters");
    }
    Ok(name)
}
