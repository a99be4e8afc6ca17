//! Who may write to whom: sides, rights, and the states of an arrangement.

use jiff::{ToSpan, civil::Date};

use crate::{
    id::{MembershipId, StatementId},
    words::words,
};

words! {
    /// A side of an arrangement: a couple shares one; two adoptive homes are two.
    Side {
        /// Side a.
        A = "a",
        /// Side b.
        B = "b",
        /// Side c.
        C = "c",
        /// Side d.
        D = "d",
        /// Side e.
        E = "e",
        /// Side f.
        F = "f",
    }
}

/// One person in an arrangement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub membership: MembershipId,
    /// On which side.
    pub side: Side,
    /// Their certificate; none while they are on paper.
    pub certificate: Option<StatementId>,
    /// May receive letters.
    pub read: bool,
    /// May send letters.
    pub write: bool,
}

/// Why a letter may not go to these people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefusal {
    /// The author is not in the arrangement, is on paper, or has no right to write.
    #[error("the author may not write in this arrangement")]
    MayNotWrite,
    /// A letter needs somebody to go to.
    #[error("a letter goes to somebody")]
    Nobody,
    /// An addressee is not in the arrangement, is on the author's own side or may not receive.
    #[error("this person does not receive letters from the author's side")]
    MayNotRead(MembershipId),
}

/// Checks that a letter may go from `author` to all of `to`: the author is online and may write,
/// and every addressee may read and is on another side. By construction no letter goes to the
/// wrong side.
pub fn check_addressees(
    members: &[Member],
    author: MembershipId,
    to: &[MembershipId],
) -> Result<(), AddressRefusal> {
    let author = members
        .iter()
        .find(|member| member.membership == author && member.write && member.certificate.is_some())
        .ok_or(AddressRefusal::MayNotWrite)?;
    if to.is_empty() {
        return Err(AddressRefusal::Nobody);
    }
    for addressee in to {
        let receives = members.iter().any(|member| {
            member.membership == *addressee && member.read && member.side != author.side
        });
        if !receives {
            return Err(AddressRefusal::MayNotRead(*addressee));
        }
    }
    Ok(())
}

/// The addressees who read online: exactly those who get a grant. The others get paper.
pub fn online<'a>(
    members: &'a [Member],
    to: &'a [MembershipId],
) -> impl Iterator<Item = (MembershipId, StatementId)> + 'a {
    members.iter().filter_map(|member| {
        let certificate = member.certificate?;
        to.contains(&member.membership).then_some((member.membership, certificate))
    })
}

words! {
    /// Where an arrangement stands. Two years without an exchange make it inactive, which is no
    /// state: nothing closes an arrangement but a person.
    ArrangementState {
        /// Being made.
        Draft = "draft",
        /// In use.
        Active = "active",
        /// A break: letters are kept safe for now.
        Paused = "paused",
        /// Over.
        Ended = "ended",
    }
}

impl ArrangementState {
    /// Whether a letter may be handed in.
    pub const fn takes_letters(self) -> bool {
        // Also during a break: the letter is kept safe until it ends.
        matches!(self, Self::Active | Self::Paused)
    }

    /// Whether letters are passed on.
    pub const fn passes_letters_on(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether it may become that. What has ended stays ended: people start anew.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Draft => matches!(next, Self::Active | Self::Ended),
            Self::Active => matches!(next, Self::Paused | Self::Ended),
            Self::Paused => matches!(next, Self::Active | Self::Ended),
            Self::Ended => false,
        }
    }
}

/// Whether an arrangement is inactive: two years without an exchange.
pub fn is_inactive(last_exchange: Date, today: Date) -> bool {
    last_exchange.saturating_add(2.years()) <= today
}

/// When an arrangement is next to be looked at together: after its first year, then every three.
pub fn next_review(started: Date, last_review: Option<Date>) -> Date {
    match last_review {
        None => started.saturating_add(1.year()),
        Some(day) => day.saturating_add(3.years()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> MembershipId {
        MembershipId::from_bytes([n; 16])
    }

    fn member(n: u8, side: &str, online: bool, read: bool, write: bool) -> Member {
        Member {
            membership: id(n),
            side: side.parse().expect("a side"),
            certificate: online.then(|| StatementId::from_bytes([n; 32])),
            read,
            write,
        }
    }

    fn members() -> [Member; 5] {
        [
            member(1, "a", true, true, true),
            member(2, "a", true, true, true),
            member(3, "b", true, true, true),
            member(4, "b", false, true, false),
            member(5, "c", true, false, true),
        ]
    }

    #[test]
    fn a_letter_goes_to_readers_on_other_sides_only() {
        let cases = [
            (1, vec![3], Ok(())),
            (1, vec![3, 4], Ok(())),
            (1, vec![], Err(AddressRefusal::Nobody)),
            (1, vec![2], Err(AddressRefusal::MayNotRead(id(2)))),
            (1, vec![1], Err(AddressRefusal::MayNotRead(id(1)))),
            (1, vec![3, 5], Err(AddressRefusal::MayNotRead(id(5)))),
            (1, vec![9], Err(AddressRefusal::MayNotRead(id(9)))),
            (4, vec![1], Err(AddressRefusal::MayNotWrite)),
            (9, vec![1], Err(AddressRefusal::MayNotWrite)),
            (5, vec![1, 3], Ok(())),
        ];
        for (author, to, verdict) in cases {
            let to: Vec<_> = to.into_iter().map(id).collect();
            assert_eq!(
                check_addressees(&members(), id(author), &to),
                verdict,
                "{author} to {to:?}"
            );
        }
    }

    #[test]
    fn people_on_paper_get_no_grant() {
        let grants: Vec<_> = online(&members(), &[id(3), id(4)]).map(|(to, _)| to).collect();
        assert_eq!(grants, [id(3)]);
    }

    #[test]
    fn what_has_ended_stays_ended_and_a_break_can_end() {
        use ArrangementState::*;
        for next in ArrangementState::ALL {
            assert!(!Ended.may_become(*next));
        }
        assert!(Active.may_become(Paused) && Paused.may_become(Active));
        assert!(Paused.takes_letters() && !Paused.passes_letters_on());
        assert!(!Draft.takes_letters() && !Ended.takes_letters());
    }

    #[test]
    fn reviews_come_after_a_year_and_then_every_three() {
        let start = Date::constant(2024, 2, 29);
        assert_eq!(next_review(start, None), Date::constant(2025, 2, 28));
        let reviewed = Date::constant(2025, 3, 3);
        assert_eq!(next_review(start, Some(reviewed)), Date::constant(2028, 3, 3));
    }

    #[test]
    fn two_years_without_an_exchange_are_inactive() {
        let last = Date::constant(2024, 5, 1);
        assert!(!is_inactive(last, Date::constant(2026, 4, 30)));
        assert!(is_inactive(last, Date::constant(2026, 5, 1)));
    }
}
