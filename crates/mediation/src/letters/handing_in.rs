//! Handing in a letter: checked at the door, stored whole in one SQL statement.

use axum::http::StatusCode;
use domain::id::{LetterId, StatementId};
use jiff::civil::Date;
use seal::envelope::Envelope;
use seal::statement::{Body, Refusal, Submit};
use serde::{Deserialize, Serialize};
use store::sessions::{Certificate, Holder};
use store::submissions::{File, Held, NewSubmission};

use crate::json::{Base64, Json};
use crate::principal::Member;
use crate::problem::Problem;
use crate::sealed;
use crate::statements::{EnvelopeView, refused, signed_by, wrong_kind};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLetter {
    /// The `submit` statement.
    #[schema(value_type = EnvelopeView)]
    statement: Envelope,
    /// The sealed letter.
    ciphertext: Base64,
    grants: NewLetterGrants,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLetterGrants {
    /// The letter key, sealed to the team's newest epoch.
    epoch: Base64,
    /// The same, sealed to the archive.
    archive: Base64,
    /// The same, sealed to the writer.
    #[serde(rename = "self")]
    own: Base64,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct HandedIn {
    #[schema(value_type = String)]
    pub(super) letter: LetterId,
    /// The revision.
    #[schema(value_type = String)]
    pub(super) statement: StatementId,
    pub(super) state: &'static str,
    /// By when it is to be checked, once the agency has it on its desk.
    #[schema(value_type = Option<String>)]
    pub(super) due_on: Option<Date>,
}

/// Hands in a letter, or the next revision of one.
#[utoipa::path(post, path = "/api/letters", tag = "letters", request_body = NewLetter,
    responses((status = 201, body = HandedIn), (status = 403), (status = 404),
        (status = 409, description = "a newer arrangement (`newest`), epoch or revision"),
        (status = 422), (status = 429)))]
pub(super) async fn insert(
    member: Member,
    Json(new): Json<NewLetter>,
) -> Result<(StatusCode, Json<HandedIn>), Problem> {
    let Member { mut tx, session, now, .. } = member;
    let (received, certificate) = signed_by(&new.statement, &session)?;
    let Body::Submit(submit) = &received.statement.body else { return Err(wrong_kind()) };
    check_author(submit, certificate)?;
    sealed::letter(&new.ciphertext.0, submit.ct_hash, submit.ct_len)?;
    sealed::grant(&new.grants.epoch.0, submit.grant_hash)?;
    sealed::grant(&new.grants.archive.0, submit.archive_grant_hash)?;
    sealed::grant(&new.grants.own.0, submit.self_grant_hash)?;
    let submission = NewSubmission {
        statement: received.as_new(session.account, now),
        signer: certificate.id,
        realm: received.statement.realm,
        letter: submit.letter,
        rev: i32::try_from(submit.rev).map_err(|_| refused(Refusal::WrongRevision))?,
        prev: submit.prev,
        arrangement: submit.arrangement,
        arrangement_version: submit.arrangement_id,
        author: submit.author,
        addressees: &submit.to,
        team: submit.team,
        epoch: submit.epoch_id,
        ct_hash: submit.ct_hash,
        key_hash: submit.key_hash,
        day: submit.day,
        ciphertext: &new.ciphertext.0,
        epoch_grant: File { hash: submit.grant_hash, sealed: &new.grants.epoch.0 },
        archive_grant: File { hash: submit.archive_grant_hash, sealed: &new.grants.archive.0 },
        self_grant: File { hash: submit.self_grant_hash, sealed: &new.grants.own.0 },
    };
    let stored = match store::submissions::insert(&mut tx, &submission).await {
        Err(error) if error.constraint() == Some("submissions_key_hash_unique") => {
            return Err(refused(Refusal::KeyReused).because(error));
        }
        Err(error) if error.constraint() == Some("letters_open") => {
            return Err(Problem::conflict(
                "letters-open",
                "Some of your letters are with the agency now. This one is kept as a draft. Send \
                 it when one of them has been read.",
            )
            .because(error));
        }
        stored => stored?,
    };
    if stored {
        tx.commit().await?;
        tracing::info!(letter = %submit.letter, rev = submit.rev, "letter handed in");
    } else {
        match store::submissions::explain(&mut tx, &submission).await? {
            // A lost answer, asked for again.
            Held::Repeated => {}
            held => return Err(explained(&held)),
        }
    }
    let handed_in = HandedIn {
        letter: submit.letter,
        statement: received.id,
        state: "with_agency",
        due_on: None,
    };
    Ok((StatusCode::CREATED, Json(handed_in)))
}

/// The writer is the certificate's own membership, in its own arrangement.
fn check_author(submit: &Submit, certificate: &Certificate) -> Result<(), Problem> {
    let Holder::Member { membership, arrangement } = certificate.holder else {
        return Err(Problem::not_found());
    };
    if submit.arrangement != arrangement {
        return Err(Problem::not_found());
    }
    if submit.author != membership {
        return Err(refused(Refusal::WrongAuthor));
    }
    Ok(())
}

fn explained(held: &Held) -> Problem {
    match held {
        Held::Repeated | Held::NotFound => Problem::not_found(),
        Held::StaleArrangement(newest) => Problem::conflict(
            "stale-arrangement",
            "Your plan has changed since you began. Look at it, then send your letter again.",
        )
        .with("newest", newest),
        Held::Changing => Problem::conflict(
            "plan-changing",
            "Your plan is being changed just now. Your letter is kept. Send it again in a minute.",
        ),
        Held::NotActive => Problem::forbidden(
            "Letters are paused in this arrangement. Ask your letterbox worker when they go on.",
        ),
        Held::NoWriteRight => Problem::new(
            StatusCode::FORBIDDEN,
            "no-write-right",
            "Your plan does not have letters from you at the moment. Ask your letterbox worker.",
        ),
        Held::WrongReader => refused(Refusal::WrongReader),
        Held::StaleEpoch => Problem::conflict(
            "stale-epoch",
            "The team has changed its lock. Your letter is kept. Send it again.",
        ),
        Held::KeyChanging => Problem::conflict(
            "key-changing",
            "The team is changing its lock just now. Your letter is kept. Send it again in a minute.",
        ),
        Held::WrongRevision => Problem::conflict(
            "wrong-revision",
            "This letter has moved on since you began. Open it again to see where it is.",
        ),
        Held::Foreign => refused(Refusal::WrongTeam),
    }
}
