//! The log's tree: leaves, salts, nodes of complete subtrees, checkpoints.

use std::collections::HashMap;

use domain::id::StatementId;
use jiff::Timestamp;

use crate::{
    StoreError, Tx,
    convert::{Id16, Id32, to_sql},
};

/// A complete subtree: its height above the leaves, its place from the left, its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Height; 0 is a leaf.
    pub level: u8,
    /// Place from the left at this height.
    pub index: u64,
    /// RFC 6962 hash.
    pub hash: [u8; 32],
}

/// A statement to append, with what follows from it.
#[derive(Clone, Debug)]
pub struct NewLeaf<'a> {
    /// The statement.
    pub statement: StatementId,
    /// 16 fresh random bytes.
    pub salt: [u8; 16],
    /// The leaf first, then every subtree it completes.
    pub nodes: &'a [Node],
    /// The root of the tree with it.
    pub root: [u8; 32],
    /// The signed note for it.
    pub note: &'a str,
}

/// The newest checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many leaves.
    pub size: u64,
    /// Their root.
    pub root: [u8; 32],
    /// The signed note.
    pub note: String,
}

/// Waits until no other transaction appends to this agency's log; held until this one ends.
pub async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('log ' || $1::uuid::text, 0))",
        agency,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The newest checkpoint; none before the first statement.
pub async fn find_checkpoint(tx: &mut Tx) -> Result<Option<Checkpoint>, StoreError> {
    let agency = tx.agency().uuid();
    let row = sqlx::query!(
        "select size, root, note from checkpoints where agency_id = $1 order by size desc limit 1",
        agency,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Checkpoint { size: row.size.unsigned_abs(), root: hash(&row.root)?, note: row.note })
    })
    .transpose()
}

/// A checkpoint, and the salts of some leaves as far as they are there.
#[derive(Clone, Debug)]
pub struct Stand {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// By place. A leaf without one belongs to a statement that was purged.
    pub salts: HashMap<u64, [u8; 16]>,
}

/// The checkpoint of one size, or the newest, with the salts of these leaves; none if there is no
/// such checkpoint.
pub async fn stand(
    tx: &mut Tx,
    size: Option<u64>,
    leaves: &[u64],
) -> Result<Option<Stand>, StoreError> {
    let agency = tx.agency().uuid();
    let leaves: Vec<i64> = leaves.iter().map(|leaf| signed(*leaf)).collect::<Result<_, _>>()?;
    // A size that is no number of the database was never signed.
    let Ok(size) = size.map(i64::try_from).transpose() else { return Ok(None) };
    let rows = sqlx::query!(
        r#"
with checkpoint as (
    select size, root, note from checkpoints
    where agency_id = $1 and ($2::bigint is null or size = $2) order by size desc limit 1
)
select c.size, c.root, c.note, s.leaf_index as "leaf_index?", s.salt as "salt?"
from checkpoint c
left join log_salts s on s.agency_id = $1 and s.leaf_index = any ($3::bigint[])
"#,
        agency,
        size,
        &leaves,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut salts = HashMap::with_capacity(rows.len());
    let mut checkpoint = None;
    for row in rows {
        if let (Some(leaf), Some(salt)) = (row.leaf_index, row.salt) {
            let salt = salt.try_into().map_err(|_| StoreError::Corrupt("log salt"))?;
            salts.insert(leaf.unsigned_abs(), salt);
        }
        let size = row.size.unsigned_abs();
        checkpoint = Some(Checkpoint { size, root: hash(&row.root)?, note: row.note });
    }
    Ok(checkpoint.map(|checkpoint| Stand { checkpoint, salts }))
}

/// The hashes of these nodes (level, index), as far as they are stored.
pub async fn nodes(
    tx: &mut Tx,
    wanted: &[(u8, u64)],
) -> Result<HashMap<(u8, u64), [u8; 32]>, StoreError> {
    let agency = tx.agency().uuid();
    let levels: Vec<i16> = wanted.iter().map(|(level, _)| i16::from(*level)).collect();
    let indexes: Vec<i64> =
        wanted.iter().map(|(_, index)| signed(*index)).collect::<Result<_, _>>()?;
    let rows = sqlx::query!(
        r#"
select wanted.level as "level!", wanted.index as "index!", coalesce(l.leaf_hash, n.hash) as "hash!"
from unnest($2::smallint[], $3::bigint[]) as wanted (level, index)
left join log_leaves l on l.agency_id = $1 and wanted.level = 0 and l.leaf_index = wanted.index
left join log_nodes n on n.agency_id = $1 and n.level = wanted.level and n.node_index = wanted.index
where l.leaf_hash is not null or n.hash is not null
"#,
        agency,
        &levels,
        &indexes,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let level = u8::try_from(row.level).map_err(|_| StoreError::Corrupt("log level"))?;
            Ok(((level, row.index.unsigned_abs()), hash(&row.hash)?))
        })
        .collect()
}

/// Appends a statement: leaf, salt, nodes, checkpoint and verdict, in one round trip. Call
/// [`lock`] first; the first of `nodes` is the leaf and gives its place.
pub async fn append(tx: &mut Tx, leaf: &NewLeaf<'_>, now: Timestamp) -> Result<(), StoreError> {
    let agency = tx.agency().uuid();
    let (first, above) = leaf.nodes.split_first().ok_or(StoreError::Corrupt("no leaf"))?;
    let index = signed(first.index)?;
    let levels: Vec<i16> = above.iter().map(|node| i16::from(node.level)).collect();
    let indexes: Vec<i64> =
        above.iter().map(|node| signed(node.index)).collect::<Result<_, _>>()?;
    let hashes: Vec<Vec<u8>> = above.iter().map(|node| node.hash.to_vec()).collect();
    sqlx::query!(
        r#"
with judged as (
    insert into verdicts (agency_id, statement_id, verdict, log_index, judged_at)
    values ($1, $2, 'logged', $3, $4)
), leaf as (
    insert into log_leaves (agency_id, leaf_index, statement_id, leaf_hash) values ($1, $3, $2, $5)
), salt as (
    insert into log_salts (agency_id, leaf_index, salt) values ($1, $3, $6)
), above as (
    insert into log_nodes (agency_id, level, node_index, hash)
    select $1, node.level, node.index, node.hash
    from unnest($7::smallint[], $8::bigint[], $9::bytea[]) as node (level, index, hash)
)
insert into checkpoints (agency_id, size, root, note, signed_at) values ($1, $3 + 1, $10, $11, $4)
"#,
        agency,
        leaf.statement.sql(),
        index,
        to_sql(now),
        first.hash.as_slice(),
        leaf.salt.as_slice(),
        &levels,
        &indexes,
        &hashes,
        leaf.root.as_slice(),
        leaf.note,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn hash(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt("log hash"))
}

fn signed(index: u64) -> Result<i64, StoreError> {
    i64::try_from(index).map_err(|_| StoreError::Corrupt("log index"))
}
