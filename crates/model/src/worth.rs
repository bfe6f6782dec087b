//! What a payment is worth, roughly: enough to say whether it is a large one. The pages read the same table.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::{ChatData, EventData, EventName, Money};

/// What one unit of a currency is worth in US dollars. Of 2026, chosen by hand.
static USD: LazyLock<HashMap<String, f64>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../worth.json")).expect("the table is JSON, and a test reads it")
});

impl Money {
    /// In cents of a US dollar. A currency that is not in the table counts as dollars.
    pub fn cents(&self) -> u64 {
        let unit = USD.get(&self.currency).copied().unwrap_or(1.0);
        let cents = self.micros.max(0) as f64 / 10_000.0 * unit;
        // From floats, `as` stays within the bounds of the integer.
        cents.round() as u64
    }
}

impl ChatData {
    /// What was paid for the message in cents of a US dollar; `None` if nothing was. A bit costs about a cent.
    pub fn cents(&self) -> Option<u64> {
        let paid = self.metadata.monetary_data.as_ref()?;
        Some(paid.bits.map_or_else(|| paid.money.as_ref().map_or(0, Money::cents), u64::from))
    }
}

impl EventData {
    /// What a gift, bits or a donation are worth in cents of a US dollar; `None` for everything else. Diamonds, bits and
    /// Jewels all cost viewers about a cent.
    pub fn cents(&self) -> Option<u64> {
        if !matches!(self.event, EventName::Gift | EventName::Bits | EventName::Charity) {
            return None;
        }
        if let Some(money) = &self.amount {
            return Some(money.cents());
        }
        let each = match self.event {
            EventName::Bits => 1,
            _ => self.gift.as_ref().and_then(|gift| gift.unit_cost).unwrap_or(0),
        };
        let given = self.combo.as_ref().map(|combo| combo.count).or(self.count).unwrap_or(1);
        Some(each.saturating_mul(given))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Combo, ComboState, Gift, Metadata, MonetaryData};

    fn money(micros: i64, currency: &str) -> Money {
        Money { micros, currency: currency.to_owned() }
    }

    #[test]
    fn payments_are_worth_what_viewers_paid_about() {
        assert_eq!(money(5_000_000, "USD").cents(), 500);
        assert_eq!(money(1_000_000_000, "JPY").cents(), 670);
        assert_eq!(money(2_000_000, "???").cents(), 200, "better too much than nothing");
        assert_eq!(money(-5, "USD").cents(), 0);
        assert!(money(i64::MAX, "GBP").cents() > 1_000_000_000_000);
        let paid = |bits, money| MonetaryData {
            amount: String::new(),
            formatted: String::new(),
            color: String::new(),
            money,
            bits,
            tier: None,
            colors: None,
        };
        let chat = |paid| ChatData {
            metadata: Metadata { monetary_data: Some(paid), ..Metadata::default() },
            ..ChatData::default()
        };
        assert_eq!(chat(paid(Some(250), None)).cents(), Some(250));
        assert_eq!(chat(paid(None, Some(money(20_000_000, "EUR")))).cents(), Some(2_200));
        assert_eq!(ChatData::default().cents(), None);
    }

    #[test]
    fn a_gift_is_worth_what_all_of_its_combo_cost() {
        let gift = Gift { id: "1".into(), name: "Rose".into(), image_url: None, unit_cost: Some(5) };
        let combo = Combo { id: "c".into(), count: 40, state: ComboState::Running };
        let event = EventData { event: EventName::Gift, gift: Some(gift), combo: Some(combo), ..EventData::default() };
        assert_eq!(event.cents(), Some(200));
        assert_eq!(EventData { event: EventName::Bits, count: Some(7), ..EventData::default() }.cents(), Some(7));
        assert_eq!(EventData { event: EventName::Raid, count: Some(7), ..EventData::default() }.cents(), None);
    }
}
