//! Openings: who looked into a letter, in which role, when and why. Written before any ciphertext
//! leaves for staff, listed for the letter's writer and readers, never changed.

use domain::id::{ArrangementId, LetterId, OpeningId, StaffId, StatementId, TeamId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, from_sql, to_sql, uuids},
};

/// One opening.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its id.
    pub opening: OpeningId,
    /// The revision that was opened.
    pub submit: StatementId,
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: String,
    /// When.
    pub opened_at: Timestamp,
    /// Why, a word of a closed list.
    pub why: String,
}

/// A wish to open a letter.
#[derive(Clone, Debug)]
pub struct NewOpening<'a> {
    /// A fresh id.
    pub opening: OpeningId,
    /// The letter.
    pub letter: LetterId,
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: &'a str,
    /// The teams this role holds in.
    pub teams: &'a [TeamId],
    /// Why.
    pub why: &'a str,
    /// Whether only the holder of a claim in force may open it for this reason.
    pub needs_claim: bool,
}

/// What an opening gives: where the sealed letter is to be had.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// The newest revision.
    pub submit: StatementId,
    /// The letter's arrangement.
    pub arrangement: ArrangementId,
}

/// Records an opening and renews the claim. None when the letter is not in those teams, or the
/// claim is not there.
pub async fn insert(
    tx: &mut Tx,
    new: &NewOpening<'_>,
    now: Timestamp,
) -> Result<Option<Opened>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(new.teams));
    let row = sqlx::query!(
        r#"
with letter as materialized (
    select l.letter_id, l.head_id, l.arrangement_id from letters l
    where l.agency_id = $1 and l.letter_id = $2 and l.team_id = any ($3::uuid[])
        and l.state <> 'withdrawn'
),
claim as (
    update checks c set renewed_at = $4 from letter
    where c.agency_id = $1 and c.letter_id = letter.letter_id and c.submit_id = letter.head_id
        and c.staff_id = $5 and c.ended_at is null and c.renewed_at + (select claim_idle()) > $4
    returning c.check_id
),
opened as (
    insert into openings (agency_id, opening_id, letter_id, submit_id, staff_id, role, why,
        opened_at)
    select $1, $6, letter_id, head_id, $5, $7, $8, $4 from letter
    where not $9 or exists (select from claim)
    returning letter_id, submit_id
)
select submit_id, arrangement_id from opened join letter using (letter_id)
"#,
        agency,
        new.letter.uuid(),
        &teams,
        to_sql(now),
        new.staff.uuid(),
        new.opening.uuid(),
        new.role,
        new.why,
        new.needs_claim,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        let submit = StatementId::from_sql(&row.submit_id)?;
        Ok(Opened { submit, arrangement: ArrangementId::from_uuid(row.arrangement_id) })
    })
    .transpose()
}

/// Every opening of a letter, oldest first. The caller has checked that its reader may see it.
pub async fn list(tx: &mut Tx, letter: LetterId) -> Result<Vec<Opening>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select opening_id, submit_id, staff_id, role, why, opened_at from openings
where agency_id = $1 and letter_id = $2
order by opened_at, opening_id
"#,
        agency,
        letter.uuid(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Opening {
                opening: OpeningId::from_uuid(row.opening_id),
                submit: StatementId::from_sql(&row.submit_id)?,
                staff: StaffId::from_uuid(row.staff_id),
                role: row.role,
                opened_at: from_sql(row.opened_at)?,
                why: row.why,
            })
        })
        .collect()
}
