//! From a row to an address somebody really gave: the agency's statement, the certificate and the
//! contact point itself are verified from the pinned realm before the sealed file is opened.

use domain::id::MembershipId;
use seal::{
    contact::Contact,
    envelope::Envelope,
    file,
    key::{PublicKey, X25519Identity},
    ledger::Ledger,
    statement::Body,
};
use store::{
    Tx,
    notices::{self, SealedContact},
    statements::{self, Verdict},
};

use crate::{Error, service::Agency};

/// Why a contact point is not used. The word goes into the notice's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// The root key in the database is not the pinned realm's.
    Realm,
    /// A statement behind it does not verify, or is missing.
    Statement,
    /// The agency names another notifier: this file may not be for us to open.
    Notifier,
    /// It is signed by a certificate that was revoked or replaced.
    Ended,
    /// The file is not the one the statement names.
    File,
    /// The file does not open, or is of another person.
    Sealed,
}

impl Unusable {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Realm => "contact-realm",
            Self::Statement => "contact-statement",
            Self::Notifier => "contact-notifier",
            Self::Ended => "contact-certificate-ended",
            Self::File => "contact-file",
            Self::Sealed => "contact-sealed",
        }
    }
}

/// Verifies a contact point and opens it.
pub(crate) async fn open(
    tx: &mut Tx,
    agency: &Agency,
    key: &X25519Identity,
    root: &[u8; 32],
    membership: MembershipId,
    row: &SealedContact,
) -> Result<Result<Contact, Unusable>, Error> {
    let Some(root) = PublicKey::from_bytes(root).ok().filter(|key| key.realm() == agency.realm)
    else {
        return Ok(Err(Unusable::Realm));
    };
    let mut wanted = notices::list_standing(tx, row.statement).await?;
    wanted.push(row.statement);
    let stored = statements::reachable(tx, &wanted).await?.statements;
    Ok(verify(agency, root, &stored, row)
        .and_then(|ledger| open_verified(&ledger, key, membership, row)))
}

fn verify(
    agency: &Agency,
    root: PublicKey,
    stored: &[statements::Statement],
    row: &SealedContact,
) -> Result<Ledger, Unusable> {
    let mut ledger = Ledger::new(agency.realm, root).map_err(|_| Unusable::Realm)?;
    let logged = stored.iter().filter(|one| matches!(one.verdict, Verdict::Logged { .. }));
    for one in logged {
        let admitted = Envelope::parse(&one.envelope).and_then(|it| ledger.admit(&it, None));
        if admitted != Ok(one.id) {
            return Err(Unusable::Statement);
        }
    }
    ledger.statement(row.statement).is_some().then_some(ledger).ok_or(Unusable::Statement)
}

fn open_verified(
    ledger: &Ledger,
    key: &X25519Identity,
    membership: MembershipId,
    row: &SealedContact,
) -> Result<Contact, Unusable> {
    let named = ledger.agency().map(|(_, agency)| agency.notifier_key.as_str());
    if named != Some(key.recipient().to_string().as_str()) {
        return Err(Unusable::Notifier);
    }
    let statement = ledger.statement(row.statement).ok_or(Unusable::Statement)?;
    let Body::Contact(body) = &statement.body else { return Err(Unusable::Statement) };
    if body.membership != membership || u64::try_from(row.n) != Ok(body.n) {
        return Err(Unusable::Statement);
    }
    if !statement.signer.is_some_and(|id| ledger.is_in_force(id)) {
        return Err(Unusable::Ended);
    }
    if file::hash(&row.sealed) != body.sealed_hash {
        return Err(Unusable::File);
    }
    let contact = Contact::open(&row.sealed, key).map_err(|_| Unusable::Sealed)?;
    contact
        .require(ledger.realm(), membership, body.n, body.channel.as_str())
        .map_err(|_| Unusable::Sealed)?;
    Ok(contact)
}
