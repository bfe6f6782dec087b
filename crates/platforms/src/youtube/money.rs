//! Amounts of money as YouTube writes them (with `hl=en`), without a detour over floating point.

use polychat_model::Money;

/// What stands before or behind the number, without spaces. Each must be the whole rest, so no order matters.
const SYMBOLS: [(&str, &str); 26] = [
    ("$", "USD"),
    ("US$", "USD"),
    ("CA$", "CAD"),
    ("A$", "AUD"),
    ("AU$", "AUD"),
    ("NZ$", "NZD"),
    ("HK$", "HKD"),
    ("NT$", "TWD"),
    ("MX$", "MXN"),
    ("R$", "BRL"),
    ("S$", "SGD"),
    ("\u{20ac}", "EUR"),
    ("\u{a3}", "GBP"),
    ("\u{a5}", "JPY"),
    ("\u{ffe5}", "JPY"),
    ("JP\u{a5}", "JPY"),
    ("CN\u{a5}", "CNY"),
    ("\u{20a9}", "KRW"),
    ("\u{ffe6}", "KRW"),
    ("\u{20b9}", "INR"),
    ("\u{20aa}", "ILS"),
    ("\u{20b1}", "PHP"),
    ("\u{20ab}", "VND"),
    ("\u{20ba}", "TRY"),
    ("\u{20bd}", "RUB"),
    ("\u{20b4}", "UAH"),
];

/// Currencies of ISO 4217 with three decimals: `KWD 1.500` is one and a half.
const THREE_DECIMALS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// Longest amount that is read, in bytes.
const AMOUNT_MAX_BYTES: usize = 64;

/// `$5.00`, `CZK 20.00`, `¥5,630`; `None` when the currency or the number is not certain.
pub(super) fn money(text: &str) -> Option<Money> {
    if text.len() > AMOUNT_MAX_BYTES {
        return None;
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (number, rest) = (&text[start..end], format!("{}{}", &text[..start], &text[end..]));
    let currency = currency(&rest)?;
    Some(Money { micros: micros(number, currency)?, currency: currency.to_owned() })
}

fn currency(rest: &str) -> Option<&str> {
    if let Some((_, iso)) = SYMBOLS.iter().find(|(symbol, _)| *symbol == rest) {
        return Some(iso);
    }
    (rest.len() == 3 && rest.bytes().all(|b| b.is_ascii_uppercase())).then_some(rest)
}

/// The last separator is the decimal mark if one or two digits follow it; the others group.
fn micros(number: &str, currency: &str) -> Option<i64> {
    let is_separator = |c: char| matches!(c, '.' | ',' | '\'' | '\u{2019}');
    let mark = number.rfind(is_separator).filter(|at| {
        let behind = number[*at..].chars().count() - 1;
        (1..=2).contains(&behind) || (behind == 3 && THREE_DECIMALS.contains(&currency))
    });
    let (whole, fraction) = mark.map_or((number, ""), |at| (&number[..at], &number[at..]));
    let fraction: String = fraction.chars().filter(|c| !is_separator(*c)).collect();
    let whole: String = whole.chars().filter(|c| !is_separator(*c)).collect();
    // Anything but digits is no number that we know.
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::money;

    fn read(text: &str) -> Option<(i64, String)> {
        money(text).map(|money| (money.micros, money.currency))
    }

    #[test]
    fn amounts_become_micros_of_their_currency() {
        for (text, micros, currency) in [
            ("$5.00", 5_000_000, "USD"),
            ("CA$1,234.50", 1_234_500_000, "CAD"),
            ("NT$14.00", 14_000_000, "TWD"),
            ("\u{a5}5,630", 5_630_000_000, "JPY"),
            ("\u{ffe5}6,000", 6_000_000_000, "JPY"),
            ("\u{20ac}2", 2_000_000, "EUR"),
            ("2,50\u{a0}\u{20ac}", 2_500_000, "EUR"),
            ("1.234,5\u{202f}\u{20ac}", 1_234_500_000, "EUR"),
            ("CZK\u{a0}20.00", 20_000_000, "CZK"),
            ("ARS 2500", 2_500_000_000, "ARS"),
            ("\u{20b9}1,00,000", 100_000_000_000, "INR"),
            ("KWD 1.500", 1_500_000, "KWD"),
            ("CHF 1\u{2019}200.00", 1_200_000_000, "CHF"),
        ] {
            assert_eq!(read(text), Some((micros, currency.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_not_certain_is_no_money() {
        for text in ["", "$", "5.00", "kr 5", "RP 5", "$5x3", "USD USD 5", "$99999999999999999999", "free", "\u{0661}$"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
