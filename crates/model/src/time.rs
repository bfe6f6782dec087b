//! The time now, and timestamps as the protocol writes them.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Unix milliseconds by this machine's clock; 0 if it stands before 1970.
pub fn unix_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

/// Unix milliseconds as `2026-11-24T14:09:13.120Z`: ISO 8601, always three decimals, always UTC.
///
/// A number outside of what a calendar can say becomes the nearest end of the calendar.
pub fn iso_timestamp(unix_ms: i64) -> impl fmt::Display {
    struct Iso(i64);
    impl fmt::Display for Iso {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            if let Some(text) = four_digit_year(self.0) {
                return f.write_str(std::str::from_utf8(&text).expect("digits and signs are ASCII"));
            }
            let end = if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
            write!(f, "{:.3}", jiff::Timestamp::from_millisecond(self.0).unwrap_or(end))
        }
    }
    Iso(unix_ms)
}

/// The years 1970 to 9999, written without the general machinery of a calendar: every frame has a timestamp, and this
/// costs a tenth.
fn four_digit_year(unix_ms: i64) -> Option<[u8; 24]> {
    const DAY_MS: u64 = 86_400_000;
    let ms = u64::try_from(unix_ms).ok().filter(|ms| *ms < 253_402_300_800_000)?;
    // Days since 0000-03-01, so that a leap day is the last of its year; then years of 400, 100, 4 and 1.
    let days = ms / DAY_MS + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let ms_of_day = ms % DAY_MS;
    let mut text = *b"0000-00-00T00:00:00.000Z";
    let mut digits = |at: usize, width: usize, mut number: u64| {
        for digit in text[at..at + width].iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
    };
    digits(0, 4, year);
    digits(5, 2, month);
    digits(8, 2, day);
    digits(11, 2, ms_of_day / 3_600_000);
    digits(14, 2, ms_of_day / 60_000 % 60);
    digits(17, 2, ms_of_day / 1_000 % 60);
    digits(20, 3, ms_of_day % 1_000);
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    #[test]
    fn the_days_around_leap_days_are_right() {
        for (ms, text) in [
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso_timestamp(ms).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_says_what_the_calendar_says(ms in -1_000_000_000_000i64..253_402_207_200_000) {
            let expected = format!("{:.3}", jiff::Timestamp::from_millisecond(ms).unwrap());
            prop_assert_eq!(iso_timestamp(ms).to_string(), expected);
        }
    }
}
