//! Days of the calendar, for what is announced and what has run out.

use std::fmt;

/// Days from the first of March of the year 0 to the first of January 1970.
const EPOCH_DAYS: i64 = 719_468;

/// Days in the 400 years after which the calendar repeats.
const ERA_DAYS: i64 = 146_097;

/// A day, counted from 1 January 1970 (UTC), in the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of a date, `YYYY-MM-DD`; of a moment (`2026-11-21T10:00:00Z`), the day it names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.get(..10)?;
        let rest = text.get(10..)?;
        if !rest.is_empty() && !rest.starts_with(['T', 't', ' ']) {
            return None;
        }
        let mut parts = date.split('-');
        let mut number = |digits: usize| {
            let part = parts.next()?;
            let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse::<i64>().ok())?
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let found = Self::of(year, month, day);
        // A date that does not exist, such as 30 February, is another one when written out.
        (found.date() == (year, month, day)).then_some(found)
    }

    /// The day of a moment, in seconds since 1 January 1970 (UTC).
    #[must_use]
    pub fn of_seconds(seconds: i64) -> Self {
        Self(seconds.div_euclid(24 * 60 * 60))
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Years start in March here, so that the day that is sometimes there comes last.
    fn of(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (month + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * ERA_DAYS + day_of_era - EPOCH_DAYS)
    }

    /// Year, month, day.
    fn date(self) -> (i64, i64, i64) {
        let days = self.0.saturating_add(EPOCH_DAYS);
        let day_of_era = days.rem_euclid(ERA_DAYS);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + days.div_euclid(ERA_DAYS) * 400 + i64::from(month <= 2);
        (year, month, day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn dates_are_counted_and_written_back() {
        for (text, days) in
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-11-21", 20_778)]
        {
            assert_eq!(Day::parse(text), Some(Day(days)), "{text}");
            assert_eq!(Day(days).to_string(), text);
        }
        for days in (-800_000..800_000).step_by(13) {
            assert_eq!(Day::parse(&Day(days).to_string()), (days > -719_529).then_some(Day(days)), "{days}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["2026-02-30", "2026-13-01", "26-01-01", "2026-1-01", "tomorrow", "2026-01-01x", ""] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert_eq!(Day::parse("2026-01-01T23:00:00+02:00"), Day::parse("2026-01-01"));
        assert_eq!(Day::of_seconds(86_399), Day(0));
        assert_eq!(Day::of_seconds(-1), Day(-1));
    }
}
