//! Messages from members to the team: a worry, another look, the plan, help.

use domain::id::{ArrangementId, MembershipId, MessageId, StatementId, TeamId};
use jiff::Timestamp;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, byteas, from_sql, to_sql, uuids},
    jobs::Queue,
    keyset,
    statements::NewStatement,
};

/// A message to store.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// The `message` statement.
    pub statement: NewStatement<'a>,
    /// The message.
    pub message: MessageId,
    /// The arrangement it is written in.
    pub arrangement: ArrangementId,
    /// Who wrote it.
    pub membership: MembershipId,
    /// `worry`, `look`, `plan` or `help`.
    pub about: &'a str,
    /// The statement it is about.
    pub subject: Option<StatementId>,
    /// The epoch it is sealed to.
    pub epoch: StatementId,
    /// The sealed message.
    pub sealed: &'a [u8],
    /// Its key, sealed to the epoch.
    pub grant: &'a [u8],
    /// Its key, sealed to the archive.
    pub archive_grant: &'a [u8],
}

/// Stores a message, or leaves it as it is there already. `false`, and nothing is stored, when its
/// team has a newer key, or one waits to be judged. Fails on `messages_pkey` when its id is taken.
pub async fn insert(tx: &mut Tx, new: &NewMessage<'_>) -> Result<bool, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
with gate as materialized (
    select is_open_epoch($15, $6)
        or exists (select from statements where agency_id = $1 and statement_id = $2) as is_open
),
recorded as materialized (
    select record_statement($2, 'message', $3, $4, $5, null, $6) as stored from gate where is_open
),
received as (
    insert into messages (agency_id, message_id, statement_id, arrangement_id, membership_id,
        about, subject_id, sealed, grant_sealed, archive_grant_sealed, received_at)
    select $1, $7, $2, $8, $9, $10, $11, $12, $13, $14, $6 from recorded where stored
)
select is_open as "is_open!" from gate
"#,
        agency,
        new.statement.id.sql(),
        new.statement.envelope,
        new.statement.account.map(Id16::uuid),
        &byteas(new.statement.refers_to),
        to_sql(new.statement.received_at),
        new.message.uuid(),
        new.arrangement.uuid(),
        new.membership.uuid(),
        new.about,
        new.subject.as_ref().map(Id32::sql),
        new.sealed,
        new.grant,
        new.archive_grant,
        new.epoch.sql(),
    )
    .fetch_one(tx.conn())
    .await?;
    tx.wake(Queue::Verify);
    Ok(row.is_open)
}

/// A message to the team.
#[derive(Clone, Debug)]
pub struct Message {
    /// The message.
    pub message: MessageId,
    /// Its statement.
    pub statement: StatementId,
    /// The arrangement it is written in.
    pub arrangement: ArrangementId,
    /// Who wrote it.
    pub membership: MembershipId,
    /// `worry`, `look`, `plan` or `help`.
    pub about: String,
    /// The statement it is about.
    pub subject: Option<StatementId>,
    /// When it came.
    pub received_at: Timestamp,
    /// When a member of staff had dealt with it.
    pub answered_at: Option<Timestamp>,
    /// The sealed message and its key sealed to the epoch; for staff only.
    pub sealed: Option<(Vec<u8>, Vec<u8>)>,
}

struct Row {
    message_id: Uuid,
    statement_id: Vec<u8>,
    arrangement_id: Uuid,
    membership_id: Uuid,
    about: String,
    subject_id: Option<Vec<u8>>,
    received_at: OffsetDateTime,
    answered_at: Option<OffsetDateTime>,
    sealed: Option<Vec<u8>>,
    grant_sealed: Option<Vec<u8>>,
}

impl Row {
    fn read(self) -> Result<Message, StoreError> {
        Ok(Message {
            message: MessageId::from_uuid(self.message_id),
            statement: StatementId::from_sql(&self.statement_id)?,
            arrangement: ArrangementId::from_uuid(self.arrangement_id),
            membership: MembershipId::from_uuid(self.membership_id),
            about: self.about,
            subject: self.subject_id.map(|id| StatementId::from_sql(&id)).transpose()?,
            received_at: from_sql(self.received_at)?,
            answered_at: self.answered_at.map(from_sql).transpose()?,
            sealed: self.sealed.zip(self.grant_sealed),
        })
    }
}

/// What some memberships wrote, newest first, before `before`.
pub async fn list_of_members(
    tx: &mut Tx,
    memberships: &[MembershipId],
    before: Option<(Timestamp, MessageId)>,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let (agency, mine) = (tx.agency().uuid(), uuids(memberships));
    let (before_at, before_id) = keyset::before(before);
    let rows = sqlx::query_as!(
        Row,
        r#"
select message_id, statement_id, arrangement_id, membership_id, about, subject_id, received_at,
    answered_at, null::bytea as sealed, null::bytea as grant_sealed
from messages
where agency_id = $1 and membership_id = any ($2::uuid[])
    and (received_at, message_id) < ($3, $4)
order by received_at desc, message_id desc
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

/// What waits for some teams, oldest first, after `after`.
pub async fn list_waiting(
    tx: &mut Tx,
    teams: &[TeamId],
    after: Option<(Timestamp, MessageId)>,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let (after_at, after_id) = keyset::after(after);
    let rows = sqlx::query_as!(
        Row,
        r#"
select m.message_id, m.statement_id, m.arrangement_id, m.membership_id, m.about, m.subject_id,
    m.received_at, m.answered_at, m.sealed as "sealed?", m.grant_sealed as "grant_sealed?"
from messages m
join arrangements a on a.agency_id = m.agency_id and a.arrangement_id = m.arrangement_id
    and a.team_id = any ($2::uuid[])
where m.agency_id = $1 and m.answered_at is null
    and (m.received_at, m.message_id) > ($3, $4)
order by m.received_at, m.message_id
limit $5
"#,
        agency,
        &teams,
        after_at,
        after_id,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Marks a message as dealt with. `false` when it is not one of the teams', or was answered.
pub async fn answer(
    tx: &mut Tx,
    message: MessageId,
    teams: &[TeamId],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (agency, teams) = (tx.agency().uuid(), uuids(teams));
    let done = sqlx::query!(
        r#"
update messages m set answered_at = $4
from arrangements a
where m.agency_id = $1 and m.message_id = $2 and m.answered_at is null
    and a.agency_id = m.agency_id and a.arrangement_id = m.arrangement_id
    and a.team_id = any ($3::uuid[])
"#,
        agency,
        message.uuid(),
        &teams,
        to_sql(now),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
