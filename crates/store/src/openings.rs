//! Openings: who looked into a letter, in which role, when and why. Written before any ciphertext
//! leaves for staff, listed for the letter's writer and readers, never changed.

use domain::id::{ArrangementId, LetterId, MembershipId, OpeningId, StaffId, StatementId, TeamId};
use jiff::Timestamp;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, from_sql, to_sql, uuids},
    keyset,
};

/// One opening.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its id.
    pub opening: OpeningId,
    /// The letter.
    pub letter: LetterId,
    /// The revision that was opened.
    pub submit: StatementId,
    /// Who.
    pub staff: StaffId,
    /// Their first name, as families see it.
    pub name: Option<String>,
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
    update checks c set renewed_at = greatest($4, c.claimed_at) from letter
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
    let rows = sqlx::query_as!(
        Row,
        r#"
select o.opening_id, o.letter_id, o.submit_id, o.staff_id, n.name as "name?", o.role, o.why,
    o.opened_at
from openings o
left join staff_names n on n.agency_id = o.agency_id and n.staff_id = o.staff_id
where o.agency_id = $1 and o.letter_id = $2
order by o.opened_at, o.opening_id
"#,
        agency,
        letter.uuid(),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// A page of the openings of every letter that some memberships wrote or were given, newest first,
/// before `before`.
pub async fn list_of_members(
    tx: &mut Tx,
    memberships: &[MembershipId],
    before: Option<(Timestamp, OpeningId)>,
    limit: i64,
) -> Result<Vec<Opening>, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let (before_at, before_id) = keyset::before(before);
    let rows = sqlx::query_as!(
        Row,
        r#"
select o.opening_id, o.letter_id, o.submit_id, o.staff_id, n.name as "name?", o.role, o.why,
    o.opened_at
from (
    select l.letter_id from letters l where l.agency_id = $1 and l.author = any ($2::uuid[])
    union
    select d.letter_id from deliveries d
    where d.agency_id = $1 and d.membership_id = any ($2::uuid[])) as mine
join openings o on o.agency_id = $1 and o.letter_id = mine.letter_id
left join staff_names n on n.agency_id = o.agency_id and n.staff_id = o.staff_id
where (o.opened_at, o.opening_id) < ($3, $4)
order by o.opened_at desc, o.opening_id desc
limit $5
"#,
        agency,
        &mine,
        before_at,
        before_id,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

struct Row {
    opening_id: Uuid,
    letter_id: Uuid,
    submit_id: Vec<u8>,
    staff_id: Uuid,
    name: Option<String>,
    role: String,
    why: String,
    opened_at: OffsetDateTime,
}

impl Row {
    fn read(self) -> Result<Opening, StoreError> {
        Ok(Opening {
            opening: OpeningId::from_uuid(self.opening_id),
            letter: LetterId::from_uuid(self.letter_id),
            submit: StatementId::from_sql(&self.submit_id)?,
            staff: StaffId::from_uuid(self.staff_id),
            name: self.name,
            role: self.role,
            opened_at: from_sql(self.opened_at)?,
            why: self.why,
        })
    }
}
