//! Amounts of money and bits.

use polychat_model::{MonetaryData, Money};

use super::catalog::Cheermotes;

/// An amount in the currency's smallest unit, as micros. `exponent` says how many decimals that unit has.
pub(super) fn money(minor: &str, exponent: &str, currency: &str) -> Option<Money> {
    let minor: i64 = minor.parse().ok()?;
    // Without an exponent Twitch means cents; more than six decimals have no place in micros.
    let exponent: u32 = if exponent.is_empty() { 2 } else { exponent.parse().ok()? };
    let micros = minor.checked_mul(10_i64.checked_pow(6_u32.checked_sub(exponent)?)?)?;
    let currency: String = currency.chars().filter(char::is_ascii_alphabetic).take(3).collect();
    (currency.len() == 3).then(|| Money { micros, currency: currency.to_ascii_uppercase() })
}

/// For people: `$5.00`, `¥500`, `5.00 CHF`.
pub(super) fn written(money: &Money, exponent: &str) -> String {
    let decimals = exponent.parse().unwrap_or(2_usize).min(6);
    let sign = if money.micros < 0 { "-" } else { "" };
    let (whole, fraction) = (money.micros.unsigned_abs() / 1_000_000, money.micros.unsigned_abs() % 1_000_000);
    let mut number = format!("{whole}.{fraction:06}");
    number.truncate(number.len() - (6 - decimals));
    let number = number.trim_end_matches('.');
    match money.currency.as_str() {
        "USD" => format!("{sign}${number}"),
        "EUR" => format!("{sign}\u{20ac}{number}"),
        "GBP" => format!("{sign}\u{a3}{number}"),
        "JPY" => format!("{sign}\u{a5}{number}"),
        "KRW" => format!("{sign}\u{20a9}{number}"),
        other => format!("{sign}{number} {other}"),
    }
}

/// `1 bit`, `100 bits`.
pub(super) fn bits_written(bits: u32) -> String {
    if bits == 1 { "1 bit".to_owned() } else { format!("{bits} bits") }
}

/// Bits attached to a message.
pub(super) fn bits(bits: u32, cheermotes: &Cheermotes) -> MonetaryData {
    MonetaryData {
        amount: bits.to_string(),
        formatted: bits_written(bits),
        color: cheermotes.color(bits).to_owned(),
        money: None,
        bits: Some(bits),
        tier: None,
        colors: None,
    }
}

/// The colour of a Hype Chat by its level. Chosen by hand after the tiers of bits: Twitch published none.
pub(super) fn hype_chat_color(level: &str) -> &'static str {
    match level {
        "ONE" | "TWO" => "#9c3ee8",
        "THREE" | "FOUR" => "#1db2a5",
        "FIVE" | "SIX" => "#0099fe",
        "SEVEN" | "EIGHT" | "NINE" | "TEN" => "#f43021",
        _ => "#979797",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smallest_units_become_micros_without_rounding() {
        let micros = |minor, exponent, currency| money(minor, exponent, currency).map(|m| m.micros);
        assert_eq!(micros("500", "2", "USD"), Some(5_000_000));
        assert_eq!(micros("500", "0", "JPY"), Some(500_000_000));
        assert_eq!(micros("1234", "3", "KWD"), Some(1_234_000));
        assert_eq!(micros("500", "", "usd"), Some(5_000_000));
        for (minor, exponent, currency) in [
            ("", "2", "USD"),
            ("1", "7", "USD"),
            ("1", "-1", "USD"),
            ("9223372036854775807", "2", "USD"),
            ("1", "2", "$"),
        ] {
            assert_eq!(micros(minor, exponent, currency), None, "{minor} {exponent} {currency}");
        }
    }

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        let text = |minor, exponent, currency| written(&money(minor, exponent, currency).unwrap(), exponent);
        assert_eq!(text("500", "2", "USD"), "$5.00");
        assert_eq!(text("1205", "2", "EUR"), "\u{20ac}12.05");
        assert_eq!(text("500", "0", "JPY"), "\u{a5}500");
        assert_eq!(text("1234", "3", "KWD"), "1.234 KWD");
        assert_eq!(text("-50", "2", "USD"), "-$0.50");
        assert_eq!((bits_written(1), bits_written(2)), ("1 bit".into(), "2 bits".into()));
    }
}
