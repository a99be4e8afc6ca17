//! Windows: the weeks of the year in which a side's letter is due. A late window never blocks a
//! letter; it only moves the word "late".

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A yearly window. One that closes on an earlier day of the year than it opens runs over New Year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Month and day it opens.
    pub opens: MonthDay,
    /// Month and day it closes, itself included.
    pub closes: MonthDay,
}

/// A day of every year; 29 February is the 28th in common years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

/// Where today is with regard to a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// Between windows.
    Before {
        /// When the next one opens.
        opens: Date,
    },
    /// A letter is due.
    Open {
        /// Its last day.
        closes: Date,
    },
}

impl MonthDay {
    /// That day in a year; `None` for one that no year has, as 31 April.
    pub fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok().or_else(|| {
            let leap_day = self.month == 2 && self.day == 29;
            leap_day.then(|| Date::new(year, 2, 28).ok()).flatten()
        })
    }
}

impl Window {
    /// Whether both of its days exist.
    pub fn is_valid(&self) -> bool {
        self.opens.in_year(2028).is_some() && self.closes.in_year(2028).is_some()
    }

    /// The opening and closing days of the window that opens in a year.
    fn of_year(self, year: i16) -> Option<(Date, Date)> {
        let closing_year = if self.closes < self.opens { year + 1 } else { year };
        Some((self.opens.in_year(year)?, self.closes.in_year(closing_year)?))
    }

    /// Where today is. `None` for a window whose days do not exist.
    pub fn season(&self, today: Date) -> Option<Season> {
        // The one from last year may run over New Year.
        for year in [today.year() - 1, today.year(), today.year() + 1] {
            let (opens, closes) = self.of_year(year)?;
            if today < opens {
                return Some(Season::Before { opens });
            }
            if today <= closes {
                return Some(Season::Open { closes });
            }
        }
        None
    }
}

/// Whether a window closed without a letter: the last one that closed before today is later than
/// the side's last letter, or there was no letter at all.
pub fn is_late(window: &Window, last_letter: Option<Date>, today: Date) -> bool {
    let closed = [today.year() - 2, today.year() - 1, today.year()]
        .into_iter()
        .filter_map(|year| window.of_year(year))
        .rfind(|(_, closes)| *closes < today);
    closed.is_some_and(|(opens, _)| last_letter.is_none_or(|letter| letter < opens))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAY: Window =
        Window { opens: MonthDay { month: 5, day: 1 }, closes: MonthDay { month: 5, day: 31 } };
    const NEW_YEAR: Window =
        Window { opens: MonthDay { month: 12, day: 15 }, closes: MonthDay { month: 1, day: 15 } };

    fn date(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_window_opens_and_closes_on_its_days_each_year() {
        for (window, today, season) in [
            (MAY, "2026-04-30", Season::Before { opens: date("2026-05-01") }),
            (MAY, "2026-05-01", Season::Open { closes: date("2026-05-31") }),
            (MAY, "2026-05-31", Season::Open { closes: date("2026-05-31") }),
            (MAY, "2026-06-01", Season::Before { opens: date("2027-05-01") }),
            (NEW_YEAR, "2026-12-31", Season::Open { closes: date("2027-01-15") }),
            (NEW_YEAR, "2027-01-15", Season::Open { closes: date("2027-01-15") }),
            (NEW_YEAR, "2027-01-16", Season::Before { opens: date("2027-12-15") }),
        ] {
            assert_eq!(window.season(date(today)), Some(season), "{today}");
        }
    }

    #[test]
    fn a_side_is_late_when_a_window_closed_without_its_letter() {
        assert!(is_late(&MAY, None, date("2026-06-01")));
        assert!(is_late(&MAY, Some(date("2025-05-10")), date("2026-06-01")));
        assert!(!is_late(&MAY, Some(date("2026-05-10")), date("2026-06-01")));
        assert!(!is_late(&MAY, Some(date("2025-05-10")), date("2026-05-31")));
        // A letter after its window still ends the wait.
        assert!(!is_late(&MAY, Some(date("2026-07-10")), date("2026-08-01")));
    }

    #[test]
    fn the_leap_day_is_the_twenty_eighth_in_common_years() {
        let leap = MonthDay { month: 2, day: 29 };
        assert_eq!(leap.in_year(2027), Some(date("2027-02-28")));
        assert_eq!(leap.in_year(2028), Some(date("2028-02-29")));
        assert_eq!(MonthDay { month: 4, day: 31 }.in_year(2027), None);
        assert!(MAY.is_valid());
    }
}
