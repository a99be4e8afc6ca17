//! An agency's own rules, as data. What an agency leaves out is the national default, and families
//! are shown where theirs differ.

use jiff::{
    SignedDuration,
    civil::{Date, Time, Weekday},
};
use serde::{Deserialize, Serialize};

/// The rules of one agency; stored as JSON. Unknown keys are refused, absent ones are defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Working days from handing in to a decision; the writer sees it as a date.
    pub turnaround_days: u8,
    /// When letters are passed on.
    pub release: Release,
    /// Which bank holidays are kept.
    pub nation: Nation,
    /// Days on which the agency is closed besides.
    pub closed_on: Vec<Date>,
    /// Idle minutes after which a claim for checking lapses.
    pub claim_minutes: u8,
    /// How often letterbox words may be tried.
    pub gate: GateLimits,
    /// When and how people are told.
    pub notices: NoticeRules,
    /// Days for which an invitation holds.
    pub invite_days: u8,
    /// Statements that one account may hand in within an hour. More while paper is moved in.
    pub statements_per_hour: u16,
    /// Letters of one writer that may wait with the agency in an arrangement at one time.
    pub open_letters: u8,
    /// Where people ring the agency, as they would read it; empty while it has none to show.
    pub phone: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            turnaround_days: 10,
            release: Release::default(),
            nation: Nation::default(),
            closed_on: Vec::new(),
            claim_minutes: 15,
            gate: GateLimits::default(),
            notices: NoticeRules::default(),
            invite_days: 14,
            statements_per_hour: 60,
            open_letters: 3,
            phone: String::new(),
        }
    }
}

/// When letters are passed on. The default leaves a working day after it, so that help is open
/// when somebody has read a letter and needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum Release {
    /// On some days of the week, within some hours, Europe/London time.
    Hours {
        /// The days of the week.
        days: Vec<Day>,
        /// From this time of the day.
        from: Time,
        /// Before this time of the day.
        until: Time,
    },
    /// As soon as it is decided; for demonstrations and tests.
    Always,
}

impl Default for Release {
    fn default() -> Self {
        Self::Hours {
            days: vec![Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday],
            from: Time::constant(10, 0, 0, 0),
            until: Time::constant(16, 0, 0, 0),
        }
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Day> for Weekday {
    fn from(day: Day) -> Self {
        match day {
            Day::Monday => Self::Monday,
            Day::Tuesday => Self::Tuesday,
            Day::Wednesday => Self::Wednesday,
            Day::Thursday => Self::Thursday,
            Day::Friday => Self::Friday,
            Day::Saturday => Self::Saturday,
            Day::Sunday => Self::Sunday,
        }
    }
}

/// Whose bank holidays. Scotland and Northern Ireland keep others; until they are data here, their
/// agencies list theirs in `closed_on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nation {
    /// England and Wales.
    #[default]
    EnglandAndWales,
    /// None but those in `closed_on`.
    Other,
}

/// How often somebody may try letterbox words before the agency must make sure of them again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GateLimits {
    /// In any hour.
    pub tries_per_hour: u8,
    /// Since the words last opened the letterbox.
    pub tries_since_proof: u8,
}

impl Default for GateLimits {
    fn default() -> Self {
        Self { tries_per_hour: 5, tries_since_proof: 50 }
    }
}

/// When people are told that there is something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticeRules {
    /// No notice before this time of the day, Europe/London.
    pub from: Time,
    /// None at or after this time of the day.
    pub until: Time,
    /// Hours between asking for new keys and getting them, for an objection to arrive.
    pub recovery_hours: u16,
    /// The same when both who ask have signed that the person was seen face to face.
    pub recovery_hours_in_person: u16,
}

/// The least time between asking for new keys and getting them. An agency's own rules are rows that
/// the API may write: they make it longer and never shorter.
const LEAST_RECOVERY: SignedDuration = SignedDuration::from_hours(72);

/// The same when the person was seen face to face.
const LEAST_RECOVERY_IN_PERSON: SignedDuration = SignedDuration::from_hours(24);

impl NoticeRules {
    /// How long whoever has the old keys can object to new ones, from when the first of two people
    /// asked for them; `met` is what both have signed of how the person was seen.
    pub fn recovery(&self, met: bool) -> SignedDuration {
        let (hours, least) = if met {
            (self.recovery_hours_in_person, LEAST_RECOVERY_IN_PERSON)
        } else {
            (self.recovery_hours, LEAST_RECOVERY)
        };
        SignedDuration::from_hours(hours.into()).max(least)
    }
}

impl Default for NoticeRules {
    fn default() -> Self {
        Self {
            from: Time::constant(9, 0, 0, 0),
            until: Time::constant(19, 0, 0, 0),
            recovery_hours: 72,
            recovery_hours_in_person: 24,
        }
    }
}

/// Why a policy cannot be in force; the key that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {why}")]
pub struct PolicyError {
    /// Which key.
    pub key: &'static str,
    /// What it must be.
    pub why: &'static str,
}

impl Policy {
    /// Refuses rules under which letters would never move, or that weaken a protection.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let refuse = |wrong: bool, key, why| {
            if wrong { Err(PolicyError { key, why }) } else { Ok(()) }
        };
        refuse(
            !(1..=60).contains(&self.turnaround_days),
            "turnaround_days",
            "must be between 1 and 60",
        )?;
        if let Release::Hours { days, from, until } = &self.release {
            refuse(days.is_empty(), "release.days", "must name a day of the week")?;
            refuse(from >= until, "release.from", "must be before `until`")?;
        }
        refuse(self.closed_on.len() > 400, "closed_on", "must have at most 400 days")?;
        refuse(
            !(5..=60).contains(&self.claim_minutes),
            "claim_minutes",
            "must be between 5 and 60",
        )?;
        let gate = self.gate;
        refuse(
            !(1..=5).contains(&gate.tries_per_hour),
            "gate.tries_per_hour",
            "must be between 1 and 5",
        )?;
        refuse(
            !(5..=50).contains(&gate.tries_since_proof),
            "gate.tries_since_proof",
            "must be between 5 and 50",
        )?;
        let notices = self.notices;
        refuse(notices.from >= notices.until, "notices.from", "must be before `until`")?;
        refuse(
            notices.recovery_hours_in_person > notices.recovery_hours,
            "notices.recovery_hours",
            "must be at least the hours in person",
        )?;
        refuse(
            notices.recovery_hours_in_person < 24,
            "notices.recovery_hours_in_person",
            "must be at least 24",
        )?;
        refuse(!(1..=14).contains(&self.invite_days), "invite_days", "must be between 1 and 14")?;
        refuse(
            !(1..=100).contains(&self.open_letters),
            "open_letters",
            "must be between 1 and 100",
        )?;
        refuse(
            !(10..=10_000).contains(&self.statements_per_hour),
            "statements_per_hour",
            "must be between 10 and 10000",
        )?;
        refuse(
            !self.phone.is_empty() && !is_phone_number(&self.phone),
            "phone",
            "must be a telephone number of digits and spaces",
        )
    }

    /// How long a claim holds without a sign of life.
    pub fn claim_idle(&self) -> SignedDuration {
        SignedDuration::from_mins(self.claim_minutes.into())
    }
}

/// Whether people can read it out and dial it: `+` if need be, then digits in groups.
fn is_phone_number(text: &str) -> bool {
    let groups = text.strip_prefix('+').unwrap_or(text);
    let digits = groups.bytes().filter(u8::is_ascii_digit).count();
    (3..=15).contains(&digits)
        && groups
            .split(' ')
            .all(|group| !group.is_empty() && group.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_policy_is_the_national_default() {
        let policy: Policy = serde_json::from_str("{}").expect("a policy");
        assert_eq!(policy, Policy::default());
        policy.validate().expect("the default is valid");
        let text = serde_json::to_string(&policy).expect("JSON");
        assert_eq!(serde_json::from_str::<Policy>(&text).expect("a policy"), policy);
    }

    #[test]
    fn an_agency_changes_one_rule_and_keeps_the_others() {
        let policy: Policy =
            serde_json::from_str(r#"{"turnaround_days":5,"release":{"when":"always"}}"#)
                .expect("a policy");
        assert_eq!((policy.turnaround_days, &policy.release), (5, &Release::Always));
        assert_eq!(policy.claim_idle(), SignedDuration::from_mins(15));
        assert!(serde_json::from_str::<Policy>(r#"{"turnaround":5}"#).is_err());
    }

    #[test]
    fn a_telephone_number_is_digits_in_groups() {
        for phone in ["", "01632 960 001", "+44 1632 960001", "101"] {
            let policy = Policy { phone: phone.to_owned(), ..Policy::default() };
            policy.validate().expect(phone);
        }
    }

    #[test]
    fn rules_under_which_letters_would_never_move_are_refused() {
        for (text, key) in [
            (r#"{"turnaround_days":0}"#, "turnaround_days"),
            (
                r#"{"release":{"when":"hours","days":[],"from":"10:00:00","until":"16:00:00"}}"#,
                "release.days",
            ),
            (
                r#"{"release":{"when":"hours","days":["monday"],"from":"16:00:00","until":"10:00:00"}}"#,
                "release.from",
            ),
            (r#"{"claim_minutes":0}"#, "claim_minutes"),
            (r#"{"gate":{"tries_per_hour":6}}"#, "gate.tries_per_hour"),
            (r#"{"gate":{"tries_since_proof":200}}"#, "gate.tries_since_proof"),
            (r#"{"notices":{"recovery_hours_in_person":1}}"#, "notices.recovery_hours_in_person"),
            (r#"{"invite_days":30}"#, "invite_days"),
            (r#"{"statements_per_hour":0}"#, "statements_per_hour"),
            (r#"{"open_letters":0}"#, "open_letters"),
            (r#"{"phone":"ask at the desk"}"#, "phone"),
            (r#"{"phone":"01632 960 001 "}"#, "phone"),
            (r#"{"phone":"+"}"#, "phone"),
        ] {
            let policy: Policy = serde_json::from_str(text).expect("a policy");
            assert_eq!(policy.validate().expect_err(text).key, key);
        }
    }
}
