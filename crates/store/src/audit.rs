//! A whole log as its rows have it, for whoever verifies it: nothing about them is believed here.

use crate::{StoreError, Tx, convert::Id16};

/// An entry and everything that is kept beside it; what belongs there and is not is none.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its leaf's place.
    pub index: u64,
    /// The id of the statement that the leaf names.
    pub statement: Vec<u8>,
    /// The leaf's hash.
    pub leaf: Vec<u8>,
    /// Its salt; none once the entry was purged.
    pub salt: Option<Vec<u8>>,
    /// What kind of statement it is said to be.
    pub kind: Option<String>,
    /// The statement's envelope.
    pub envelope: Option<Vec<u8>>,
    /// What the statement is said to refer to, in no order.
    pub refers_to: Vec<Vec<u8>>,
    /// Which of those it is said to bring to an end.
    pub ends: Vec<Vec<u8>>,
    /// Whether its verdict is that it was logged, at this place.
    pub is_judged: bool,
    /// The root in the row of its checkpoint.
    pub root: Option<Vec<u8>>,
    /// The note in the row of its checkpoint.
    pub note: Option<String>,
}

/// Entries from a place on, in order.
pub async fn entries(tx: &mut Tx, from: u64, most: u16) -> Result<Vec<Entry>, StoreError> {
    let agency = tx.agency().uuid();
    let from = i64::try_from(from).map_err(|_| StoreError::Corrupt("log index"))?;
    let rows = sqlx::query!(
        r#"
select l.leaf_index, l.statement_id, l.leaf_hash, k.salt as "salt?", s.kind as "kind?",
    s.envelope as "envelope?", c.root as "root?", c.note as "note?",
    r.refers_to as "refers_to?", r.ends as "ends?",
    coalesce(v.verdict = 'logged' and v.log_index = l.leaf_index, false) as "is_judged!"
from log_leaves l
left join log_salts k on k.agency_id = $1 and k.leaf_index = l.leaf_index
left join statements s on s.agency_id = $1 and s.statement_id = l.statement_id
left join verdicts v on v.agency_id = $1 and v.statement_id = l.statement_id
left join checkpoints c on c.agency_id = $1 and c.size = l.leaf_index + 1
left join lateral (
    select array_agg(refers_to) as refers_to, array_agg(refers_to) filter (where ends) as ends
    from statement_references where agency_id = $1 and statement_id = l.statement_id
) r on true
where l.agency_id = $1 and l.leaf_index >= $2
order by l.leaf_index limit $3
"#,
        agency,
        from,
        i64::from(most),
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            index: row.leaf_index.unsigned_abs(),
            statement: row.statement_id,
            leaf: row.leaf_hash,
            salt: row.salt,
            kind: row.kind,
            envelope: row.envelope,
            refers_to: row.refers_to.unwrap_or_default(),
            ends: row.ends.unwrap_or_default(),
            is_judged: row.is_judged,
            root: row.root,
            note: row.note,
        })
        .collect())
}

/// How many rows there are beside the leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Checkpoints.
    pub checkpoints: u64,
    /// Verdicts that name a place in the log.
    pub verdicts: u64,
    /// Nodes above the leaves.
    pub nodes: u64,
}

/// Counts them.
pub async fn counts(tx: &mut Tx) -> Result<Counts, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        r#"
select (select count(*) from checkpoints where agency_id = $1) as "checkpoints!",
    (select count(*) from verdicts where agency_id = $1 and log_index is not null) as "verdicts!",
    (select count(*) from log_nodes where agency_id = $1) as "nodes!"
"#,
        agency,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Counts {
        checkpoints: row.checkpoints.unsigned_abs(),
        verdicts: row.verdicts.unsigned_abs(),
        nodes: row.nodes.unsigned_abs(),
    })
}

/// The agency's root key, once it is set up.
pub async fn root_key(tx: &mut Tx) -> Result<Option<Vec<u8>>, StoreError> {
    let agency = tx.agency().uuid();
    Ok(sqlx::query_scalar!("select root_key from agencies where agency_id = $1", agency)
        .fetch_optional(tx.conn())
        .await?)
}
