//! Points in time as a directory writes them.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A point in time, in whole seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

/// Seconds from 1601-01-01, where FILETIME begins, to 1970-01-01. Source: [MS-DTYP] 2.3.3.
const SECONDS_FROM_1601: i64 = 11_644_473_600;
/// Parts of a second that FILETIME counts. Source: [MS-DTYP] 2.3.3.
const TICKS: i64 = 10_000_000;
const DAY: i64 = 86_400;

impl Moment {
    /// Now, by the clock of this machine.
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// A FILETIME: 100 ns since 1601.
    pub(crate) fn of_file_time(ticks: i64) -> Self {
        Self(ticks / TICKS - SECONDS_FROM_1601)
    }

    /// A FILETIME in decimal digits, as attributes hold it; `None` for 0 and for the largest number, which
    /// both stand for "never", and for what is no number. Source: [MS-ADA1] 2.3, `accountExpires`.
    pub(crate) fn of_file_time_text(text: &str) -> Option<Self> {
        let ticks = text.parse::<i64>().ok()?;
        (ticks > 0 && ticks != i64::MAX).then(|| Self::of_file_time(ticks))
    }

    /// A generalized time in UTC, such as `20261125165107.0Z`. Source: RFC 4517, 3.3.13.
    pub(crate) fn of_generalized_time(text: &str) -> Option<Self> {
        let digits = text.get(..14)?;
        let rest = text.get(14..)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !rest.ends_with('Z') {
            return None;
        }
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
        let is_right = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24;
        (is_right && minute < 60 && second <= 60)
            .then(|| Self(days_of(year, month, day) * DAY + hour * 3600 + minute * 60 + second))
    }

    /// So many seconds later.
    pub(crate) const fn later(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// A time in UTC as XML has it, such as `2026-11-25T16:51:07.1234567Z`. Source: XML Schema 1.0, part 2,
    /// 3.2.7, `dateTime`.
    pub(crate) fn of_xml_time(text: &str) -> Option<Self> {
        let whole = text.strip_suffix('Z')?.split('.').next()?;
        let (date, time) = whole.split_once('T')?;
        let digits = [date.replace('-', ""), time.replace(':', "")].concat();
        Self::of_generalized_time(&format!("{digits}.0Z")).filter(|_| digits.len() == 14)
    }

    /// Seconds from `earlier` to this one; negative where that is later.
    pub(crate) const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole days from `earlier` to this one.
    pub(crate) const fn days_since(self, earlier: Self) -> i64 {
        self.seconds_since(earlier) / DAY
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. The year is counted from March, so that the
/// day which leap years add is its last.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    const DAYS_TO_1970: i64 = 719_468;
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - DAYS_TO_1970
}

impl fmt::Display for Moment {
    /// `2026-11-25 16:51 UTC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        // The date is searched from below: years are few, and months fewer.
        let mut year = 1970 + days.div_euclid(if days < 0 { 365 } else { 366 });
        while days_of(year + 1, 1, 1) <= days {
            year += 1;
        }
        let month = (1..=12).rev().find(|month| days_of(year, *month, 1) <= days).unwrap_or(1);
        let day = days - days_of(year, month, 1) + 1;
        let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_directory_are_read() {
        let made = Moment::of_generalized_time("20261125165107.0Z").unwrap();
        assert_eq!(made.to_string(), "2026-11-25 16:51 UTC");
        assert_eq!(
            Moment::of_generalized_time("20240229000000.0Z").unwrap().to_string(),
            "2024-02-29 00:00 UTC"
        );
        assert_eq!(Moment::of_xml_time("2026-11-25T16:51:07.1234567Z"), Some(made));
        assert_eq!(Moment::of_xml_time("2026-11-25T16:51:07Z"), Some(made));
        for bad in ["", "Z", "2026-11-25", "2026-11-25T16:51Z", "2026-11-25T16:51:07+01:00"] {
            assert_eq!(Moment::of_xml_time(bad), None, "{bad}");
        }
        assert_eq!(Moment::of_file_time(0).to_string(), "1601-01-01 00:00 UTC");
        assert_eq!(Moment::of_file_time(116_444_736_000_000_000), Moment(0));
        for never in ["0", "9223372036854775807", "", "x", "-1"] {
            assert_eq!(Moment::of_file_time_text(never), None, "{never}");
        }
        for bad in ["", "2026", "20261325165107.0Z", "20261125165107.0+0100", "2026112516510x.0Z"] {
            assert_eq!(Moment::of_generalized_time(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_what_was_read(seconds in -10_000_000_000_i64..50_000_000_000) {
            let moment = Moment(seconds / 60 * 60);
            let shown = moment.to_string();
            let digits = shown.chars().filter(char::is_ascii_digit).collect::<String>();
            let again = Moment::of_generalized_time(&format!("{digits}00.0Z"));
            proptest::prop_assert_eq!(again.map(|one| one.to_string()), Some(shown));
        }
    }
}
