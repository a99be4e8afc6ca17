//! Team keys: epochs as the worker logged them, and their secrets sealed to each holder.

use domain::id::{StaffId, StatementId, TeamId};

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, to_sql},
    jobs::Queue,
    statements::NewStatement,
};

/// How often what was taken is tried before its team's next key no longer waits for it: a quarter of
/// an hour of tries, which outlasts a database that restarts. Meanwhile nobody can write to the team.
const TRIES: i32 = 10;

/// The newest epoch of a team.
#[derive(Clone, Debug)]
pub struct Newest {
    /// Its statement.
    pub id: StatementId,
    /// Its number.
    pub n: i32,
    /// What letters are sealed to.
    pub review_key: String,
}

/// The newest epoch of a team; none before its first.
pub async fn find_newest(tx: &mut Tx, team: TeamId) -> Result<Option<Newest>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select statement_id, n, review_key from epochs
where agency_id = $1 and team_id = $2
order by n desc limit 1
"#,
        agency,
        team.uuid(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Newest {
            id: StatementId::from_sql(&row.statement_id)?,
            n: row.n,
            review_key: row.review_key,
        })
    })
    .transpose()
}

/// Closes an epoch to whatever would still be sealed to it, until this transaction ends, and answers
/// whether letters or messages that were taken under it are to be judged before the next one.
///
/// Sound at READ COMMITTED, because `is_open_epoch` shares what is locked here, and looks only then.
/// Whoever took something under the epoch has committed, or undone it, before the look below, which
/// is a statement with a snapshot of its own; whoever comes later waits, and then sees the next epoch.
///
/// Only what waits for nothing but its own job counts, and only while that is tried for the first few
/// times. So no two ever wait for each other, whatever they name. And since nothing is taken while a
/// next epoch waits (for a day: `is_about_to_change`), waiting for this ends.
pub async fn close(tx: &mut Tx, epoch: StatementId) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!("select pg_advisory_xact_lock(epoch_lock($1))", epoch.sql())
        .execute(tx.conn())
        .await?;
    let row = sqlx::query!(
        r#"
select exists (
    select from statement_references r
    join statements s on s.agency_id = r.agency_id and s.statement_id = r.statement_id
        and s.kind in ('submit', 'message')
    join jobs j on j.agency_id = s.agency_id and j.queue = 'verify'
        and j.subject = encode(s.statement_id, 'hex') and j.state in ('ready', 'leased') and j.attempts < $3
    where r.agency_id = $1 and r.refers_to = $2
        and not exists (
            select from verdicts v
            where v.agency_id = s.agency_id and v.statement_id = s.statement_id)
        and not exists (
            select from statement_references named
            join statements other on other.agency_id = named.agency_id
                and other.statement_id = named.refers_to
            left join verdicts v on v.agency_id = other.agency_id
                and v.statement_id = other.statement_id
            where named.agency_id = s.agency_id and named.statement_id = s.statement_id
                and v.statement_id is null)) as "waits!"
"#,
        agency,
        epoch.sql(),
        TRIES,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.waits)
}

/// A new epoch: its statement and its secret, sealed to each holder.
#[derive(Clone, Debug)]
pub struct NewEpoch<'a> {
    /// The `epoch` statement.
    pub statement: NewStatement<'a>,
    /// The secret, sealed to each member of staff.
    pub wraps: Vec<(StaffId, &'a [u8])>,
    /// The secret, sealed to the archive.
    pub archive: &'a [u8],
    /// The secret of the epoch before, sealed to this one; none for the first.
    pub previous: Option<&'a [u8]>,
}

/// Stores a new epoch for the worker to verify. `false` when it was there already.
pub async fn insert(tx: &mut Tx, new: &NewEpoch<'_>) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let mut grantees: Vec<_> =
        new.wraps.iter().map(|(staff, _)| format!("staff:{staff}")).collect();
    let mut sealed: Vec<_> = new.wraps.iter().map(|(_, sealed)| *sealed).collect();
    grantees.push("archive".to_owned());
    sealed.push(new.archive);
    if let Some(previous) = new.previous {
        grantees.push("next".to_owned());
        sealed.push(previous);
    }
    let row = sqlx::query!(
        r#"
with recorded as materialized (
    select record_statement($2, 'epoch', $3, $4, $5, null, $6) as stored
),
wrapped as (
    insert into epoch_wraps (agency_id, statement_id, grantee, sealed)
    select $1, $2, w.grantee, w.sealed
    from recorded, unnest($7::text[], $8::bytea[]) as w (grantee, sealed)
    where stored
)
select stored as "stored!" from recorded
"#,
        agency,
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        &grantees,
        &sealed as &[&[u8]],
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.stored)
}

/// An epoch, with what one holder needs to open it.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Its statement.
    pub id: StatementId,
    /// Its number.
    pub n: i32,
    /// What letters of its time were sealed to.
    pub review_key: String,
    /// The envelope of its statement.
    pub envelope: Vec<u8>,
    /// The secret, sealed to the holder.
    pub wrap: Option<Vec<u8>>,
    /// The secret of the epoch before, sealed to this one.
    pub previous: Option<Vec<u8>>,
}

/// Every epoch of a team, oldest first, with the wraps of one member of staff.
pub async fn list(tx: &mut Tx, team: TeamId, staff: StaffId) -> Result<Vec<Epoch>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"
select e.statement_id, e.n, e.review_key, s.envelope, mine.sealed as "wrap?",
    previous.sealed as "previous?"
from epochs e
join statements s on s.agency_id = e.agency_id and s.statement_id = e.statement_id
left join epoch_wraps mine on mine.agency_id = e.agency_id
    and mine.statement_id = e.statement_id and mine.grantee = $3
left join epoch_wraps previous on previous.agency_id = e.agency_id
    and previous.statement_id = e.statement_id and previous.grantee = 'next'
where e.agency_id = $1 and e.team_id = $2
order by e.n
"#,
        agency,
        team.uuid(),
        format!("staff:{staff}"),
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Epoch {
                id: StatementId::from_sql(&row.statement_id)?,
                n: row.n,
                review_key: row.review_key,
                envelope: row.envelope,
                wrap: row.wrap,
                previous: row.previous,
            })
        })
        .collect()
}
