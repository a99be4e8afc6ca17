//! Signed statements as they came, and what became of them.

use domain::id::{AccountId, StatementId};
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql},
    jobs::Queue,
};

/// A statement to store. Nothing here is believed: the worker verifies the envelope itself.
#[derive(Clone, Debug)]
pub struct NewStatement<'a> {
    /// SHA-256 of its pre-authentication encoding, computed from the envelope.
    pub id: StatementId,
    /// `submit`, `decision` and so on.
    pub kind: &'a str,
    /// The exact JSON of the envelope.
    pub envelope: &'a [u8],
    /// Whose session brought it.
    pub account: Option<AccountId>,
    /// Every statement its body names.
    pub refers_to: &'a [StatementId],
    /// The one among them that it brings to an end: a `revoke`'s target, or the certificate that
    /// a `member` replaces.
    pub ends: Option<StatementId>,
    /// When it came.
    pub received_at: Timestamp,
}

/// What the worker found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not looked at yet.
    Waiting,
    /// Verified, and in the log at this place.
    Logged {
        /// Its leaf.
        index: u64,
    },
    /// Refused, for this reason (a stable code).
    Quarantined {
        /// Code of the failed check.
        reason: String,
    },
}

/// A stored statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its id.
    pub id: StatementId,
    /// Its kind.
    pub kind: String,
    /// The envelope as it came.
    pub envelope: Vec<u8>,
    /// Whose session brought it.
    pub account: Option<AccountId>,
    /// When it came.
    pub received_at: Timestamp,
    /// What the worker found.
    pub verdict: Verdict,
}

/// Stores a statement, its references and the job to verify it, in one round trip. False if it was
/// there already, and then nothing changes: sending twice is harmless.
///
/// Other modules call the same `record_statement` within a statement of their own, and then
/// [`Tx::wake`] the verify queue.
pub async fn insert(tx: &mut Tx, statement: &NewStatement<'_>) -> Result<bool, StoreError> {
    let row = sqlx::query!(
        r#"select record_statement($1, $2, $3, $4, $5, $6, $7) as "new!""#,
        statement.id.sql(),
        statement.kind,
        statement.envelope,
        statement.account.map(Id16::uuid),
        &byteas(statement.refers_to),
        statement.ends.as_ref().map(Id32::sql),
        to_sql(statement.received_at),
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.new)
}

/// A statement and what became of it.
pub async fn find(tx: &mut Tx, id: StatementId) -> Result<Option<Statement>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query_as!(
        Row,
        r#"select statement_id, kind, envelope, account_id, received_at,
                  log_index as "log_index?", reason
           from statements left join verdicts using (agency_id, statement_id)
           where agency_id = $1 and statement_id = $2"#,
        agency,
        id.sql(),
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Row::read).transpose()
}

/// What [`reachable`] found, all of one moment.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The statements.
    pub statements: Vec<Statement>,
    /// How many statements the log had then: all of these that are logged are in a tree of this size,
    /// and no `agency` statement in that tree is missing here.
    pub log_size: u64,
}

/// Every statement reachable from the given ones, themselves included, each once: by what they
/// refer to, and by logged statements that bring one of them to an end; and the agency's own, which
/// are logged and nothing refers to. In log order; what is not logged comes last, in the order it
/// came. An id that is not stored is silently absent: whoever verifies the result finds the
/// reference unresolved.
pub async fn reachable(tx: &mut Tx, from: &[StatementId]) -> Result<Reached, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query!(
        r#"with recursive reached (statement_id) as (
               (select unnest($2::bytea[])
                union all
                select s.statement_id from statements s
                join verdicts v using (agency_id, statement_id)
                where s.agency_id = $1 and s.kind = 'agency' and v.verdict = 'logged')
               union
               select next.statement_id from reached cross join lateral (
                   select r.refers_to from statement_references r
                   where r.agency_id = $1 and r.statement_id = reached.statement_id
                   union all
                   select r.statement_id from statement_references r
                   join verdicts v using (agency_id, statement_id)
                   where r.agency_id = $1 and r.refers_to = reached.statement_id and r.ends
                       and v.verdict = 'logged'
               ) as next (statement_id)
           )
           select s.statement_id, s.kind, s.envelope, s.account_id, s.received_at,
                  v.log_index as "log_index?", v.reason, (
                      select coalesce(max(size), 0) from checkpoints where agency_id = $1
                  ) as "log_size!"
           from reached
           join statements s on s.agency_id = $1 and s.statement_id = reached.statement_id
           left join verdicts v on v.agency_id = $1 and v.statement_id = reached.statement_id
           order by v.log_index nulls last, s.received_at, s.statement_id"#,
        agency,
        &byteas(from),
    )
    .fetch_all(tx.conn())
    .await?;
    let log_size = rows.first().map_or(0, |row| row.log_size.unsigned_abs());
    let statements = rows.into_iter().map(|row| {
        let row = Row {
            statement_id: row.statement_id,
            kind: row.kind,
            envelope: row.envelope,
            account_id: row.account_id,
            received_at: row.received_at,
            log_index: row.log_index,
            reason: row.reason,
        };
        row.read()
    });
    Ok(Reached { statements: statements.collect::<Result<_, _>>()?, log_size })
}

/// Refused statements, and letters that were stopped although their own statement stands; newest
/// first, at most 200.
pub async fn list_quarantined(tx: &mut Tx) -> Result<Vec<Statement>, StoreError> {
    let agency = tx.agency().uuid();
    let rows = sqlx::query_as!(
        Row,
        r#"select statement_id, kind, envelope, account_id, received_at,
                  log_index as "log_index?", reason
           from verdicts v join statements using (agency_id, statement_id)
           where agency_id = $1 and (verdict = 'quarantined' or statement_id in (
               select l.head_id from letters l
               where l.agency_id = $1 and l.state = 'quarantined'))
           order by judged_at desc, statement_id limit 200"#,
        agency,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

struct Row {
    statement_id: Vec<u8>,
    kind: String,
    envelope: Vec<u8>,
    account_id: Option<uuid::Uuid>,
    received_at: time::OffsetDateTime,
    log_index: Option<i64>,
    reason: Option<String>,
}

impl Row {
    fn read(self) -> Result<Statement, StoreError> {
        Ok(Statement {
            id: StatementId::from_sql(&self.statement_id)?,
            kind: self.kind,
            envelope: self.envelope,
            account: self.account_id.map(AccountId::from_uuid),
            received_at: from_sql(self.received_at)?,
            verdict: match (self.log_index, self.reason) {
                (Some(index), _) => Verdict::Logged { index: index.unsigned_abs() },
                (None, Some(reason)) => Verdict::Quarantined { reason },
                (None, None) => Verdict::Waiting,
            },
        })
    }
}
