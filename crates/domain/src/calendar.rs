//! Days as people in Britain count them: working days, due dates, release hours.

use std::sync::LazyLock;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, Weekday},
    tz::{TimeZone, TimeZoneDatabase},
};

use crate::policy::{Nation, Policy, Release};

/// From the data in the program, so that every computer gives the same answer.
static LONDON: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZoneDatabase::bundled().get("Europe/London").expect("the bundled data has London")
});

/// Bank holidays of England and Wales made or moved by proclamation.
/// Source: <https://www.gov.uk/bank-holidays>.
const PROCLAIMED: [Date; 5] = [
    Date::constant(2020, 5, 8),
    Date::constant(2022, 6, 2),
    Date::constant(2022, 6, 3),
    Date::constant(2022, 9, 19),
    Date::constant(2023, 5, 8),
];

/// Europe/London.
fn london() -> TimeZone {
    LONDON.clone()
}

/// The day it is in Europe/London.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(london()).date()
}

/// The time of the day in Europe/London.
pub fn time_of_day(at: Timestamp) -> Time {
    at.to_zoned(london()).time()
}

/// Whether a day is a bank holiday in England and Wales, substitute days included.
fn is_bank_holiday(day: Date) -> bool {
    let weekday = day.weekday();
    let monday = weekday == Weekday::Monday;
    let easter = easter(day.year());
    match (day.month(), day.day()) {
        // Moved from their Mondays, to PROCLAIMED days.
        (5, 4) if day.year() == 2020 => false,
        (5, 30) if day.year() == 2022 => false,
        (1, 1) | (12, 25 | 26) => !is_weekend(day),
        // A holiday that falls on a weekend is kept on the next working day that is free.
        (12, 27 | 28) => matches!(weekday, Weekday::Monday | Weekday::Tuesday),
        (1, 2 | 3) | (5, 1..=7) | (5 | 8, 25..=31) if monday => true,
        _ => {
            day == easter.saturating_sub(2.days())
                || day == easter.saturating_add(1.day())
                || PROCLAIMED.contains(&day)
        }
    }
}

/// Easter Sunday, by the anonymous Gregorian algorithm (Nature, 20 April 1876), in its letters.
#[allow(clippy::many_single_char_names)]
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let narrow = |value: i32| i8::try_from(value).expect("a month or a day");
    Date::new(i16::try_from(year).expect("it came from one"), narrow(n / 31), narrow(n % 31 + 1))
        .expect("Easter is in March or April")
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn is_closed(day: Date, policy: &Policy) -> bool {
    (policy.nation == Nation::EnglandAndWales && is_bank_holiday(day))
        || policy.closed_on.contains(&day)
}

/// Whether the agency works on that day.
fn is_working_day(day: Date, policy: &Policy) -> bool {
    !is_weekend(day) && !is_closed(day, policy)
}

/// The `count`th working day after a day. With 0, that day itself or the next working day.
fn add_working_days(from: Date, count: u8, policy: &Policy) -> Date {
    let mut day = from;
    let mut left = count;
    // Two years of closing in a row would be no agency; the bound keeps this total.
    for _ in 0..730 {
        if left == 0 && is_working_day(day, policy) {
            break;
        }
        day = day.saturating_add(1.day());
        if left > 0 && is_working_day(day, policy) {
            left -= 1;
        }
    }
    day
}

/// The day by which a letter handed in now is to be decided, as its writer is told.
pub fn due_on(submitted_at: Timestamp, policy: &Policy) -> Date {
    add_working_days(day(submitted_at), policy.turnaround_days, policy)
}

/// The next moment, now or later, at which letters may be passed on: on one of the policy's days,
/// within its hours, when the agency works on that day and is not closed on the next, so that help
/// is open for whoever has read one.
pub fn next_release(now: Timestamp, policy: &Policy) -> Timestamp {
    let Release::Hours { days, from, until } = &policy.release else {
        return now;
    };
    let start = now.to_zoned(london());
    let mut day = start.date();
    for _ in 0..730 {
        let open = days.iter().any(|open| Weekday::from(*open) == day.weekday())
            && !is_closed(day, policy)
            && !is_closed(day.saturating_add(1.day()), policy);
        let past = day == start.date() && start.time() >= *until;
        if open && !past {
            let opens = at(day, *from);
            return opens.max(now);
        }
        day = day.saturating_add(1.day());
    }
    at(day, *from)
}

/// A time of a day in Europe/London; an hour that the clocks skip is the one after.
///
/// # Panics
///
/// On the last days of the year 9999.
pub fn at(day: Date, time: Time) -> Timestamp {
    day.to_datetime(time).to_zoned(london()).expect("a day of this millennium").timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Day;

    fn date(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    // gov.uk/bank-holidays, England and Wales.
    #[test]
    fn bank_holidays_are_as_published() {
        let published = [
            (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
            (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
            (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
            (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
            (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
            (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
            (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
            (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        ];
        for (year, days) in published {
            let computed: Vec<_> = Date::constant(year, 1, 1)
                .series(1.day())
                .take_while(|day| day.year() == year)
                .filter(|day| is_bank_holiday(*day))
                .map(|day| day.strftime("%m-%d").to_string())
                .collect();
            assert_eq!(computed.join(" "), days, "{year}");
        }
    }

    #[test]
    fn ten_working_days_step_over_weekends_and_holidays() {
        let policy = Policy::default();
        for (submitted, due) in [
            ("2026-11-23T10:00:00Z", "2026-12-07"),
            // Over Christmas: 25 and 28 December and New Year's Day are holidays.
            ("2026-12-18T10:00:00Z", "2027-01-06"),
            // On a Saturday.
            ("2026-11-21T10:00:00Z", "2026-12-04"),
            // Half past eleven at night in UTC is the next day in a London summer.
            ("2026-06-07T23:30:00Z", "2026-06-22"),
        ] {
            assert_eq!(due_on(moment(submitted), &policy), date(due), "{submitted}");
        }
    }

    #[test]
    fn no_working_days_on_is_the_same_or_the_next_working_day() {
        let policy = Policy::default();
        assert_eq!(add_working_days(date("2026-11-23"), 0, &policy), date("2026-11-23"));
        assert_eq!(add_working_days(date("2026-11-21"), 0, &policy), date("2026-11-23"));
    }

    #[test]
    fn an_agency_s_own_closing_days_count_as_holidays() {
        let policy = Policy { closed_on: vec![date("2026-11-24")], ..Policy::default() };
        assert_eq!(add_working_days(date("2026-11-23"), 1, &policy), date("2026-11-25"));
    }

    #[test]
    fn letters_are_passed_on_in_release_hours_with_a_working_day_to_follow() {
        let policy = Policy::default();
        for (now, release) in [
            // Within the hours: at once.
            ("2026-11-23T11:30:00Z", "2026-11-23T11:30:00Z"),
            // Too early, too late.
            ("2026-11-23T08:00:00Z", "2026-11-23T10:00:00Z"),
            ("2026-11-23T16:00:00Z", "2026-11-24T10:00:00Z"),
            // Thursday after hours, Friday, the weekend: Monday.
            ("2026-11-26T16:00:00Z", "2026-11-30T10:00:00Z"),
            ("2026-11-28T12:00:00Z", "2026-11-30T10:00:00Z"),
            // Before Good Friday nobody is there the next day; Easter Monday is closed.
            ("2027-03-25T12:00:00Z", "2027-03-30T09:00:00Z"),
            // In summer London is an hour ahead.
            ("2026-07-01T06:00:00Z", "2026-07-01T09:00:00Z"),
            ("2026-07-01T15:30:00Z", "2026-07-02T09:00:00Z"),
        ] {
            assert_eq!(next_release(moment(now), &policy), moment(release), "{now}");
        }
    }

    #[test]
    fn an_agency_may_pass_on_always_or_on_its_own_days() {
        let now = moment("2026-11-28T03:00:00Z");
        let always = Policy { release: Release::Always, ..Policy::default() };
        assert_eq!(next_release(now, &always), now);
        let fridays = Policy {
            release: Release::Hours {
                days: vec![Day::Friday],
                from: Time::constant(12, 0, 0, 0),
                until: Time::constant(13, 0, 0, 0),
            },
            ..Policy::default()
        };
        assert_eq!(next_release(now, &fridays), moment("2026-12-04T12:00:00Z"));
    }
}
