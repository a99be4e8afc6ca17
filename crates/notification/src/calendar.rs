//! When a notice may go: within the agency's hours, and for news not on a day its reader wants
//! none.

use domain::{calendar, policy::NoticeRules};
use jiff::{Timestamp, ToSpan, civil::Date};

/// The next moment within the hours, now if it is one.
pub(crate) fn within_hours(now: Timestamp, rules: &NoticeRules) -> Timestamp {
    let (day, time) = (calendar::day(now), calendar::time_of_day(now));
    if time < rules.from {
        calendar::at(day, rules.from)
    } else if time < rules.until {
        now
    } else {
        calendar::at(day.saturating_add(1.day()), rules.from)
    }
}

/// The first moment of the hours on the next day that is not to be avoided.
pub(crate) fn next_day(today: Date, avoid: &[String], rules: &NoticeRules) -> Timestamp {
    let mut day = today.saturating_add(1.day());
    // Somebody who wants no news for a year is told after it.
    for _ in 0..366 {
        if !is_avoided(day, avoid) {
            break;
        }
        day = day.saturating_add(1.day());
    }
    calendar::at(day, rules.from)
}

/// Whether no news is wanted on this day: `YYYY-MM-DD`, or `MM-DD` for every year. A spelling
/// that is neither is no day.
pub(crate) fn is_avoided(day: Date, avoid: &[String]) -> bool {
    let whole = day.to_string();
    avoid.iter().any(|one| *one == whole || (one.len() == 5 && whole.ends_with(&format!("-{one}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn nobody_is_woken_by_a_notice() {
        let rules = NoticeRules::default();
        for (now, goes) in [
            ("2026-01-12T10:00:00Z", "2026-01-12T10:00:00Z"),
            ("2026-01-12T03:00:00Z", "2026-01-12T09:00:00Z"),
            ("2026-01-12T19:00:00Z", "2026-01-13T09:00:00Z"),
            // Summer time: 18:30 UTC is 19:30 in London.
            ("2026-07-06T18:30:00Z", "2026-07-07T08:00:00Z"),
        ] {
            assert_eq!(within_hours(at(now), &rules), at(goes), "{now}");
        }
    }

    #[test]
    fn days_to_avoid_are_avoided_once_or_every_year() {
        let avoid = ["12-25".to_owned(), "2026-12-26".to_owned(), "5".to_owned()];
        let day = |text: &str| text.parse::<Date>().expect("a day");
        assert!(is_avoided(day("2026-12-25"), &avoid));
        assert!(is_avoided(day("2031-12-25"), &avoid));
        assert!(is_avoided(day("2026-12-26"), &avoid));
        assert!(!is_avoided(day("2027-12-26"), &avoid));
        assert!(!is_avoided(day("2026-12-05"), &avoid));
        let rules = NoticeRules::default();
        assert_eq!(next_day(day("2026-12-24"), &avoid, &rules), at("2026-12-27T09:00:00Z"));
    }
}
