//! The colours of paid messages and the tiers that they mean.

use polychat_model::{MonetaryData, PaidColors};

use super::money::money;

/// Body colours from tier 1 (blue) to tier 7 (red), as recorded 2019 to 2026. Headers can have any colour.
const BODIES: [u32; 7] = [0xff1e_88e5, 0xff00_e5ff, 0xff1d_e9b6, 0xffff_ca28, 0xfff5_7c00, 0xffe9_1e63, 0xffe6_2117];

/// Colours of a paid message as ARGB, where YouTube gave them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Argb {
    pub(super) header: Option<u32>,
    pub(super) header_text: Option<u32>,
    pub(super) body: Option<u32>,
    pub(super) body_text: Option<u32>,
    pub(super) author: Option<u32>,
}

/// A colour as CSS: alpha stands first in YouTube's numbers and last in CSS, and is left out if full.
pub(super) fn css(argb: u32) -> String {
    let (alpha, rgb) = (argb >> 24, argb & 0x00ff_ffff);
    if alpha == 0xff { format!("#{rgb:06x}") } else { format!("#{rgb:06x}{alpha:02x}") }
}

/// The number of a colour.
pub(super) fn argb(number: Option<u64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

/// 1 to 7, by the colour of the body.
pub(super) fn tier(body: Option<u32>) -> Option<u8> {
    let at = BODIES.iter().position(|known| Some(known & 0x00ff_ffff) == body.map(|argb| argb & 0x00ff_ffff))?;
    u8::try_from(at + 1).ok()
}

/// What was paid. The text of the amount is kept as it came: its currency may be one that we cannot name.
pub(super) fn paid(amount: String, colors: Argb) -> MonetaryData {
    let tier = tier(colors.body);
    let color = colors.body.or(colors.header).unwrap_or(BODIES[0]) | 0xff00_0000;
    let black = 0xff00_0000;
    let body = colors.body.or(colors.header);
    let colors = body.map(|body| PaidColors {
        header: css(colors.header.unwrap_or(body)),
        header_text: css(colors.header_text.or(colors.body_text).unwrap_or(black)),
        body: css(body),
        body_text: css(colors.body_text.or(colors.header_text).unwrap_or(black)),
        author: css(colors.author.or(colors.header_text).unwrap_or(black)),
    });
    MonetaryData {
        formatted: amount.clone(),
        money: money(&amount),
        amount,
        color: css(color),
        bits: None,
        tier,
        colors,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_css_with_alpha_last() {
        assert_eq!(css(4_294_947_584), "#ffb300");
        assert_eq!(css(2_315_255_808), "#0000008a");
        assert_eq!(css(0xff00_00ff), "#0000ff", "leading zeros stay");
        assert_eq!(css(0), "#00000000");
    }

    #[test]
    fn tiers_follow_the_body() {
        let bodies =
            [4_280_191_205, 4_278_248_959, 4_280_150_454, 4_294_953_512, 4_294_278_144, 4_293_467_747, 4_293_271_831];
        for (at, body) in bodies.into_iter().enumerate() {
            assert_eq!(tier(argb(Some(body))), u8::try_from(at + 1).ok());
        }
        assert_eq!(tier(argb(Some(4_287_349_200))), None);
        assert_eq!(tier(None), None);
        assert_eq!(argb(Some(u64::MAX)), None);
    }

    #[test]
    fn an_amount_without_colours_is_drawn_as_the_lowest_tier() {
        let data = paid("kr 20".to_owned(), Argb::default());
        assert_eq!((data.color.as_str(), data.tier, data.colors), ("#1e88e5", None, None));
        assert_eq!((data.amount.as_str(), data.money), ("kr 20", None));
    }
}
