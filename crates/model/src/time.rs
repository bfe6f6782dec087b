//! Timestamps as the protocol writes them.

use std::fmt;

/// Unix milliseconds as `2026-11-24T14:09:13.120Z`: ISO 8601, always three decimals, always UTC.
///
/// A number outside of what a calendar can say becomes the nearest end of the calendar.
pub fn iso_timestamp(unix_ms: i64) -> impl fmt::Display {
    struct Iso(jiff::Timestamp);
    impl fmt::Display for Iso {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{:.3}", self.0)
        }
    }
    Iso(jiff::Timestamp::from_millisecond(unix_ms).unwrap_or(if unix_ms < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    }))
}

#[cfg(test)]
mod tests {
    use super::iso_timestamp;

    #[test]
    fn a_timestamp_has_three_decimals_and_a_z() {
        assert_eq!(iso_timestamp(1_734_567_890_123).to_string(), "2024-12-19T00:24:50.123Z");
        assert_eq!(iso_timestamp(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_number_beyond_the_calendar_does_not_panic() {
        assert!(iso_timestamp(i64::MAX).to_string().starts_with("9999-"));
        assert!(!iso_timestamp(i64::MIN).to_string().is_empty());
    }
}
