//! What the log says about whatever a statement concerns, verified anew from the pinned realm.

use std::collections::HashMap;

use domain::id::StatementId;
use domain::policy::Policy;
use seal::{
    envelope::Envelope,
    key::PublicKey,
    ledger::Ledger,
    statement::{Body, Statement},
};
use store::{
    Tx, agencies, statements,
    statements::Verdict,
    verdicts::{self, Subjects},
};

use crate::{Agency, Error};

/// The agency's row: its root key, to be held against the pin, and its own rules.
pub(crate) struct Rules {
    pub(crate) root: PublicKey,
    pub(crate) policy: Policy,
}

/// Reads the agency's row. The realm in it is never asked.
pub(crate) async fn rules(tx: &mut Tx, agency: &Agency) -> Result<Rules, Error> {
    let row = agencies::find(tx).await?.ok_or(Error::NoAgency)?;
    let root = PublicKey::from_bytes(&row.root_key).map_err(|_| Error::NotThePinnedRealm)?;
    if root.realm() != agency.realm {
        return Err(Error::NotThePinnedRealm);
    }
    let policy = serde_json::from_str(&row.policy).map_err(|_| Error::Policy)?;
    Ok(Rules { root, policy })
}

/// What a statement is about, from its own fields and from those of the statements it names.
pub(crate) fn subjects(statement: &Statement, named: &HashMap<StatementId, Statement>) -> Subjects {
    let mut about = Subjects {
        arrangement: statement.arrangement(),
        team: statement.team(),
        membership: statement.membership(),
        letter: statement.letter(),
        ..Subjects::default()
    };
    let body_of = |id: &StatementId| named.get(id).map(|found| &found.body);
    let mut of_submit = |id: &StatementId| {
        if let Some(Body::Submit(submit)) = body_of(id) {
            about.letter = Some(submit.letter);
            about.arrangement = Some(submit.arrangement);
        }
    };
    match &statement.body {
        Body::Withdraw(withdraw) => of_submit(&withdraw.submit_id),
        Body::Decision(decision) => of_submit(&decision.submit_id),
        Body::Receipt(receipt) => of_submit(&receipt.submit_id),
        Body::Reseal(reseal) => {
            if let Some(Body::Decision(decision)) = body_of(&reseal.decision_id) {
                of_submit(&decision.submit_id);
            }
        }
        Body::Message(message) => match message.subject_id.as_ref().and_then(body_of) {
            Some(Body::Decision(decision)) => of_submit(&decision.submit_id),
            _ => message.subject_id.iter().for_each(of_submit),
        },
        Body::Revoke(revoke) => match body_of(&revoke.target_id) {
            Some(Body::Member(member)) => about.arrangement = Some(member.arrangement),
            Some(Body::Invite(invite)) => about.arrangement = invite.arrangement,
            _ => {}
        },
        Body::Staff(staff) => {
            about.staff = Some(staff.staff);
            about.sign_key = Some(staff.sign_key.to_bytes());
        }
        Body::Member(member) => about.sign_key = Some(member.sign_key.to_bytes()),
        Body::Enrol(enrol) => about.invite = Some(enrol.invite_id),
        _ => {}
    }
    if let (None, Some(Body::Member(signer))) =
        (about.arrangement, statement.signer.as_ref().and_then(body_of))
    {
        about.arrangement = Some(signer.arrangement);
    }
    about
}

/// Folds everything logged that stands about the subjects or is reachable from `from`.
///
/// A logged statement that does not verify is an [`Error`]: rows were changed, and nothing is to
/// be decided on such ground.
pub(crate) async fn fold(
    tx: &mut Tx,
    agency: &Agency,
    root: PublicKey,
    about: &Subjects,
    from: &[StatementId],
) -> Result<Ledger, Error> {
    let mut roots = verdicts::list_standing(tx, about).await?;
    roots.extend_from_slice(from);
    let mut ledger = Ledger::new(agency.realm, root).map_err(|_| Error::NotThePinnedRealm)?;
    for stored in statements::reachable(tx, &roots).await?.statements {
        if !matches!(stored.verdict, Verdict::Logged { .. }) {
            continue;
        }
        let refused = |refusal| Error::History { statement: stored.id, refusal };
        let envelope = Envelope::parse(&stored.envelope).map_err(refused)?;
        if ledger.admit(&envelope, None).map_err(refused)? != stored.id {
            return Err(refused(seal::statement::Refusal::Malformed));
        }
    }
    Ok(ledger)
}
