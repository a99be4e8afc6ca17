//! What people are: family roles say who somebody is to the others and give no rights of their
//! own; staff roles say what somebody may do.

use crate::words::words;

words! {
    /// A role in a certificate or an invitation.
    Role {
        /// Family.
        AdoptiveParent = "adoptive-parent",
        /// Family.
        SpecialGuardian = "special-guardian",
        /// Family.
        KinshipCarer = "kinship-carer",
        /// Family.
        AdoptedPerson = "adopted-person",
        /// Family.
        BirthParent = "birth-parent",
        /// Family.
        Grandparent = "grandparent",
        /// Family.
        Sibling = "sibling",
        /// Family.
        OtherRelative = "other-relative",
        /// Family.
        FormerCarer = "former-carer",
        /// Family.
        SignificantPerson = "significant-person",
        /// Staff: checks letters, certifies members, keeps arrangements.
        Coordinator = "coordinator",
        /// Staff: the team manager. All that a coordinator does, and the team's keys and staff.
        Lead = "lead",
        /// Staff: people, keys, words and policy; sees no letters.
        Administrator = "administrator",
        /// Staff: proof without content.
        Auditor = "auditor",
        /// Staff: the records office.
        Records = "records",
    }
}

impl Role {
    /// Whether staff hold this role; otherwise it is a family role.
    pub const fn is_staff(self) -> bool {
        matches!(
            self,
            Self::Coordinator | Self::Lead | Self::Administrator | Self::Auditor | Self::Records
        )
    }

    /// May invite somebody to this role. Who then certifies them is the ledger's to check.
    pub const fn may_invite(self, to: Self) -> bool {
        match self {
            Self::Lead => true,
            Self::Coordinator => !to.is_staff(),
            Self::Administrator => to.is_staff(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_invites_staff_and_no_family() {
        for role in Role::ALL {
            assert_eq!(Role::Administrator.may_invite(*role), role.is_staff(), "{role}");
            assert_eq!(Role::Coordinator.may_invite(*role), !role.is_staff(), "{role}");
            assert!(!Role::BirthParent.may_invite(*role));
            assert!(!Role::Auditor.may_invite(*role));
        }
    }

    #[test]
    fn every_role_reads_back_as_written() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        assert!("Lead".parse::<Role>().is_err());
    }
}
