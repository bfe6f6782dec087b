//! The tiers of YouTube's paid messages, in the colours in which YouTube draws them (recorded 2019 to 2026).

use polychat_model::PaidColors;

/// A tier: its number and its colours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tier {
    pub(super) number: u8,
    pub(super) body: &'static str,
    header: &'static str,
    /// What is written on it; names are written in the same, a little paler.
    is_dark: bool,
}

pub(super) const BLUE: Tier = Tier { number: 1, body: "#1e88e5", header: "#1565c0", is_dark: true };
pub(super) const CYAN: Tier = Tier { number: 2, body: "#00e5ff", header: "#00b8d4", is_dark: false };
pub(super) const GREEN: Tier = Tier { number: 3, body: "#1de9b6", header: "#00bfa5", is_dark: false };
pub(super) const YELLOW: Tier = Tier { number: 4, body: "#ffca28", header: "#ffb300", is_dark: false };
pub(super) const ORANGE: Tier = Tier { number: 5, body: "#f57c00", header: "#e65100", is_dark: true };
pub(super) const MAGENTA: Tier = Tier { number: 6, body: "#e91e63", header: "#c2185b", is_dark: true };
pub(super) const RED: Tier = Tier { number: 7, body: "#e62117", header: "#d00000", is_dark: true };

impl Tier {
    /// All five colours.
    pub(super) fn colors(self) -> PaidColors {
        let (text, author) = if self.is_dark { ("#ffffff", "#ffffffb2") } else { ("#000000", "#0000008a") };
        PaidColors {
            header: self.header.to_owned(),
            header_text: text.to_owned(),
            body: self.body.to_owned(),
            body_text: text.to_owned(),
            author: author.to_owned(),
        }
    }
}
