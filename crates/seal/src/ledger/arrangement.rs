//! Epochs and arrangements.

use domain::id::{StatementId, TeamId};

use super::{
    Ledger, Refusal,
    certificate::{CHECKERS, LEADS, Signer},
};
use crate::statement::{Arrangement, Body, Epoch, Statement};

impl Ledger {
    pub(super) fn admit_epoch(
        &mut self,
        id: StatementId,
        signer: &Signer,
        epoch: &Epoch,
    ) -> Result<(), Refusal> {
        signer.staff_of(LEADS, epoch.team)?;
        let last = self.epoch(epoch.team);
        if epoch.n != last.map_or(0, |(_, last)| last.n) + 1 || epoch.prev != last.map(|(id, _)| id)
        {
            return Err(Refusal::WrongVersion);
        }
        if self.agency().is_none_or(|(_, agency)| agency.archive_key != epoch.archive_key) {
            return Err(Refusal::WrongArchive);
        }
        self.epochs.insert(epoch.team, id);
        Ok(())
    }

    pub(super) fn admit_arrangement(
        &mut self,
        id: StatementId,
        signer: &Signer,
        statement: &Statement,
        arrangement: &Arrangement,
    ) -> Result<(), Refusal> {
        signer.staff_who(CHECKERS)?;
        let last = self.governing_arrangement(arrangement.arrangement);
        if arrangement.n != last.map_or(0, |(_, last)| last.n) + 1
            || arrangement.prev != last.map(|(id, _)| id)
        {
            return Err(Refusal::WrongVersion);
        }
        let old_team = last.map_or(arrangement.team, |(_, last)| last.team);
        let strict = arrangement.reviewers > 1 || last.is_some_and(|(_, last)| last.reviewers > 1);
        let complete = self.require_arranger(signer, statement, arrangement, old_team, strict)?;
        self.require_members(arrangement, last.map(|(_, last)| last))?;
        if complete {
            self.completed.extend(arrangement.prior);
            self.arrangements.insert(arrangement.arrangement, id);
        }
        Ok(())
    }

    /// Whether the signer may; true if the version then stands, false for the first half of a
    /// move between teams.
    fn require_arranger(
        &self,
        signer: &Signer,
        statement: &Statement,
        arrangement: &Arrangement,
        old_team: TeamId,
        strict: bool,
    ) -> Result<bool, Refusal> {
        if arrangement.team == old_team {
            signer.staff_of(if strict { LEADS } else { CHECKERS }, old_team)?;
            return if arrangement.prior.is_none() { Ok(true) } else { Err(Refusal::WrongChain) };
        }
        // A move: the lead who gives it away first, then the lead who takes it.
        match arrangement.prior {
            None => signer.staff_of(LEADS, old_team).map(|_| false),
            Some(first_id) => {
                let lead = signer.staff_of(LEADS, arrangement.team)?;
                self.require_second(first_id, statement, lead.person)?;
                Ok(true)
            }
        }
    }

    /// Every certificate is in force and of that membership and arrangement; new ones were
    /// certified by staff of the old or the new team.
    fn require_members(
        &self,
        arrangement: &Arrangement,
        last: Option<&Arrangement>,
    ) -> Result<(), Refusal> {
        for entry in &arrangement.members {
            let Some(cert_id) = entry.cert_id else {
                continue;
            };
            let certificate = self.certificates.get(&cert_id).ok_or(Refusal::WrongCertificate)?;
            let holder = certificate.member().ok_or(Refusal::WrongCertificate)?;
            if holder.membership != entry.membership
                || holder.arrangement != arrangement.arrangement
            {
                return Err(Refusal::WrongCertificate);
            }
            self.require_in_force(cert_id)?;
            let known = last
                .and_then(|last| last.member(entry.membership))
                .is_some_and(|before| before.cert_id == Some(cert_id));
            let by_team = |team| certificate.certified_for.contains(&team);
            if !known && !by_team(arrangement.team) && !last.is_some_and(|last| by_team(last.team))
            {
                return Err(Refusal::NotEntitled);
            }
        }
        Ok(())
    }

    /// The version of an arrangement that a statement names.
    pub(super) fn arrangement_version(&self, id: StatementId) -> Result<&Arrangement, Refusal> {
        match self.body(id)? {
            Body::Arrangement(arrangement) => Ok(arrangement),
            _ => Err(Refusal::WrongKind),
        }
    }
}
