//! The log as its readers see it: checkpoints, and proofs of what is in it and that it only grows.
//!
//! A checkpoint is for everybody, signed in or not: a log that shows one face to its members and
//! another to an onlooker is found out by comparing. It tells how many statements an agency has,
//! and nothing of whom they are about. What is in the log is shown to those who may see the
//! statement itself.

use seal::logged::{Logged, Place};
use seal::tree::{self, NodeId};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::log::{Checkpoint, Stand};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Base64, Json, Query};
use crate::principal::Visitor;
use crate::problem::Problem;
use crate::state::AppState;

/// The routes of the log.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get)).routes(routes!(get_consistency))
}

/// What the caller knows of the log.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Seen {
    /// The size of the checkpoint that was seen last: the proof shows that the log goes on from it.
    #[serde(default)]
    pub seen: u64,
}

/// Which tree.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InTree {
    /// How many leaves it had; the newest without.
    pub size: Option<u64>,
}

/// Two trees.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Between {
    /// The size of the older one, at least 1.
    from: u64,
    /// The size of the newer one; the newest without.
    to: Option<u64>,
}

/// A signed tree head.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Checkpoint)]
struct CheckpointView {
    /// The C2SP signed note.
    note: String,
    size: u64,
    /// The root hash, lowercase hex.
    root: String,
}

impl From<Checkpoint> for CheckpointView {
    fn from(it: Checkpoint) -> Self {
        Self { note: it.note, size: it.size, root: hex::encode(it.root) }
    }
}

/// A statement's place in the log.
#[derive(utoipa::ToSchema)]
#[schema(as = Place)]
#[expect(dead_code, reason = "describes what seal writes")]
struct PlaceView {
    /// Its leaf, from 0.
    index: u64,
    /// The salt of the leaf, lowercase hex.
    salt: String,
}

/// What holds the statements of a proof in the log, all at once.
#[derive(utoipa::ToSchema)]
#[schema(as = Logged)]
#[expect(dead_code, reason = "describes what seal writes")]
pub struct LoggedView {
    /// The newest checkpoint, a C2SP signed note.
    note: String,
    /// One a statement, in their order; null while it is not logged.
    places: Vec<Option<PlaceView>>,
    /// The hashes that the places, and the tree that was seen, leave open, base64.
    hashes: String,
}

/// The path of one statement through the tree.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Inclusion)]
pub struct InclusionView {
    index: u64,
    /// The salt of the leaf, lowercase hex.
    salt: String,
    /// RFC 6962, section 2.1.1: the hashes beside the way up, from the leaf.
    path: Vec<Base64>,
    checkpoint: CheckpointView,
}

/// The path from one tree to a later one.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Consistency)]
struct ConsistencyView {
    from: CheckpointView,
    to: CheckpointView,
    /// RFC 6962, section 2.1.2.
    path: Vec<Base64>,
}

/// The newest checkpoint, for everybody; 404 before the first.
#[utoipa::path(get, path = "/api/log/checkpoint", tag = "log",
    responses((status = 200, body = CheckpointView), (status = 404)))]
async fn get(visitor: Visitor) -> Result<Json<CheckpointView>, Problem> {
    let Visitor { mut tx, .. } = visitor;
    let newest = checkpoint(&mut tx, None).await?;
    tx.commit().await?;
    Ok(Json(newest.into()))
}

/// That one tree extends another, for everybody; 404 unless both have been signed.
#[utoipa::path(get, path = "/api/log/consistency", tag = "log", params(Between),
    responses((status = 200, body = ConsistencyView), (status = 404)))]
async fn get_consistency(
    visitor: Visitor,
    Query(Between { from, to }): Query<Between>,
) -> Result<Json<ConsistencyView>, Problem> {
    let Visitor { mut tx, .. } = visitor;
    let older = checkpoint(&mut tx, Some(from)).await?;
    let newer = checkpoint(&mut tx, to).await?;
    let path = read(&mut tx, |node| tree::consistency(older.size, newer.size, node)).await?;
    tx.commit().await?;
    let path = path.ok_or_else(Problem::not_found)?;
    Ok(Json(ConsistencyView { from: older.into(), to: newer.into(), path: bytes(path) }))
}

async fn checkpoint(tx: &mut Tx, size: Option<u64>) -> Result<Checkpoint, Problem> {
    let found = store::log::stand(tx, size, &[]).await?.ok_or_else(Problem::not_found)?;
    Ok(found.checkpoint)
}

/// The path of the leaf at a place, in the newest tree or that of `size`.
pub async fn inclusion(
    tx: &mut Tx,
    index: u64,
    size: Option<u64>,
) -> Result<InclusionView, Problem> {
    let found = store::log::stand(tx, size, &[index]).await?.ok_or_else(Problem::not_found)?;
    let Stand { checkpoint, salts } = found;
    let path = read(tx, |node| tree::inclusion(index, checkpoint.size, node)).await?;
    let (Some(path), Some(salt)) = (path, salts.get(&index)) else {
        return Err(Problem::not_found());
    };
    let salt = hex::encode(salt);
    Ok(InclusionView { index, salt, path: bytes(path), checkpoint: checkpoint.into() })
}

/// Holds statements at their places in the tree of `size`; none before the log has begun. Two round
/// trips.
pub async fn hold(
    tx: &mut Tx,
    places: &[Option<u64>],
    size: u64,
    Seen { seen }: Seen,
) -> Result<Option<Logged>, Problem> {
    let indexes: Vec<u64> = places.iter().flatten().copied().collect();
    let Some(Stand { checkpoint, salts }) = store::log::stand(tx, Some(size), &indexes).await?
    else {
        return Ok(None);
    };
    let place = |index: &Option<u64>| {
        let index = (*index)?;
        Some(Place { index, salt: *salts.get(&index)? })
    };
    let places: Vec<_> = places.iter().map(place).collect();
    let note = checkpoint.note;
    let logged =
        read(tx, |node| Logged::new(note.clone(), size, places.clone(), seen, node)).await?;
    logged.map(Some).ok_or_else(|| Problem::internal(Incomplete))
}

/// The log's nodes are not all there.
#[derive(Debug, thiserror::Error)]
#[error("the log lacks a node")]
struct Incomplete;

/// Fetches the nodes that an operation looks up, and does it.
async fn read<T>(
    tx: &mut Tx,
    operation: impl Fn(&mut dyn FnMut(NodeId) -> Option<tree::Hash>) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let wanted = tree::nodes_for(&operation);
    let wanted: Vec<_> = wanted.into_iter().map(|node| (node.level, node.index)).collect();
    let nodes = store::log::nodes(tx, &wanted).await?;
    Ok(operation(&mut |node| nodes.get(&(node.level, node.index)).copied()))
}

fn bytes(path: Vec<tree::Hash>) -> Vec<Base64> {
    path.into_iter().map(|hash| Base64(hash.to_vec())).collect()
}
