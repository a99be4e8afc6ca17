//! Rehashing the sealed files that statements name. Which file belongs to whom comes from the
//! verified statement; rows only lend the bytes.

use std::collections::HashMap;

use domain::id::{FileHash, StatementId};
use seal::{
    file,
    ledger::Ledger,
    letter,
    statement::{Body, Decision, Reseal, Submit},
};
use store::{Tx, releases};

use crate::Error;

/// Why the files of a statement do not fit it. The codes stand beside `seal`'s refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// A file the statement names is not there, or is another.
    Missing,
    /// A file is there that the statement does not name.
    Unnamed,
    /// A file is not the age file of one stanza and right length that it should be.
    Form,
}

impl Unfit {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Missing => "file-missing",
            Self::Unnamed => "file-unnamed",
            Self::Form => "file-form",
        }
    }
}

type Fit = Result<Result<(), Unfit>, Error>;

/// The sealed letter and its three grants.
pub(crate) async fn check_submit(tx: &mut Tx, id: StatementId, submit: &Submit) -> Fit {
    let Some(sealed) = releases::find_ciphertext(tx, id).await? else {
        return Ok(Err(Unfit::Missing));
    };
    let grants = releases::list_grants(tx, id).await?;
    Ok(check_letter(&sealed, submit.ct_hash, submit.ct_len).and_then(|()| {
        let named = [
            ("epoch", submit.grant_hash),
            ("archive", submit.archive_grant_hash),
            ("self", submit.self_grant_hash),
        ];
        for (kind, hash) in named {
            let mut of_kind = grants.iter().filter(|grant| grant.kind == kind);
            let (Some(grant), None) = (of_kind.next(), of_kind.next()) else {
                return Err(Unfit::Missing);
            };
            let mine = kind != "self" || grant.membership == Some(submit.author);
            if !mine {
                return Err(Unfit::Missing);
            }
            check_grant(&grant.sealed, hash)?;
        }
        if grants.len() == named.len() { Ok(()) } else { Err(Unfit::Unnamed) }
    }))
}

/// The addressees' grants and everything attached.
pub(crate) async fn check_decision(tx: &mut Tx, id: StatementId, decision: &Decision) -> Fit {
    let grants = releases::list_grants(tx, id).await?;
    if let Err(unfit) = check_grants(&grants, decision) {
        return Ok(Err(unfit));
    }
    if decision.attached.is_empty() {
        return Ok(Ok(()));
    }
    let stored = releases::list_attached(tx, id).await?;
    let by_hash: HashMap<FileHash, _> = stored.iter().map(|one| (one.ct_hash, one)).collect();
    if stored.len() != decision.attached.len() {
        return Ok(Err(Unfit::Unnamed));
    }
    for named in &decision.attached {
        let Some(file) = by_hash.get(&named.ct_hash) else {
            return Ok(Err(Unfit::Missing));
        };
        let fits = check_letter(&file.sealed, named.ct_hash, named.ct_len)
            .and_then(|()| check_grant(&file.review_grant, named.review_grant_hash))
            .and_then(|()| check_grant(&file.archive_grant, named.archive_grant_hash))
            .and_then(|()| match (&file.grant, named.grant_hash) {
                (Some(sealed), Some(hash)) => check_grant(sealed, hash),
                (None, None) => Ok(()),
                _ => Err(Unfit::Missing),
            });
        if fits.is_err() {
            return Ok(fits);
        }
    }
    Ok(Ok(()))
}

/// The grant to new keys, on the second statement; nothing on the first.
pub(crate) async fn check_reseal(
    tx: &mut Tx,
    id: StatementId,
    reseal: &Reseal,
    ledger: &Ledger,
) -> Fit {
    let grants = releases::list_grants(tx, id).await?;
    let Some(hash) = reseal.grant_hash else {
        return Ok(if grants.is_empty() { Ok(()) } else { Err(Unfit::Unnamed) });
    };
    let kind = if is_own(reseal, ledger) { "self" } else { "member" };
    Ok(match grants.as_slice() {
        [grant] if grant.kind == kind && grant.membership == Some(reseal.membership) => {
            check_grant(&grant.sealed, hash)
        }
        [] | [_] => Err(Unfit::Missing),
        _ => Err(Unfit::Unnamed),
    })
}

/// Whether it gives somebody the letter they wrote.
fn is_own(reseal: &Reseal, ledger: &Ledger) -> bool {
    let decision = ledger.statement(reseal.decision_id).map(|found| &found.body);
    let Some(Body::Decision(decision)) = decision else { return false };
    ledger.submit(decision.submit_id).is_some_and(|submit| submit.author == reseal.membership)
}

fn check_grants(grants: &[releases::Grant], decision: &Decision) -> Result<(), Unfit> {
    for entry in &decision.grants {
        let grant = grants
            .iter()
            .find(|grant| grant.kind == "member" && grant.membership == Some(entry.membership))
            .ok_or(Unfit::Missing)?;
        check_grant(&grant.sealed, entry.grant_hash)?;
    }
    if grants.len() == decision.grants.len() { Ok(()) } else { Err(Unfit::Unnamed) }
}

fn check_grant(sealed: &[u8], hash: FileHash) -> Result<(), Unfit> {
    if file::hash(sealed) != hash {
        return Err(Unfit::Missing);
    }
    file::require_one_hybrid(sealed).map(|_| ()).map_err(|_| Unfit::Form)
}

fn check_letter(sealed: &[u8], hash: FileHash, length: u64) -> Result<(), Unfit> {
    if file::hash(sealed) != hash || u64::try_from(sealed.len()) != Ok(length) {
        return Err(Unfit::Missing);
    }
    letter::check_form(sealed).map_err(|_| Unfit::Form)
}
