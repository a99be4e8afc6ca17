//! An account's sealed belongings: the key bundle, replaced by compare-and-set, and the wraps of
//! the key that opens it. The server holds them and can open neither.

use axum::extract::State;
use axum::http::StatusCode;
use domain::id::{AccountId, WrapId};
use serde::{Deserialize, Serialize};
use store::bundles::Replaced;
use store::wraps::{NewWrap, Removed, Wrap, WrapKind};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Base64, Json, Path};
use crate::principal::{Proved, SignedIn};
use crate::problem::Problem;
use crate::state::AppState;

/// The most of one wrap in bytes; an age scrypt wrap takes about 250.
const WRAP_MOST: usize = 4096;
/// The most of a bundle in bytes, before the column's own check.
const BUNDLE_MOST: usize = 1 << 20;
/// A nonce and a tag: less is not AES-GCM.
const SEALED_LEAST: usize = 28;
/// The most wraps an account may have at one time.
const WRAPS_MOST: usize = 16;

/// The account's routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(insert, get))
        .routes(routes!(replace_bundle))
        .routes(routes!(insert_wrap))
        .routes(routes!(remove_wrap))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    /// Ed25519 public key, lowercase hex: its signature over a challenge proves the keys were opened.
    proof_key: String,
    /// 1.
    version: i64,
    /// The first key bundle.
    bundle: Base64,
    /// At least one that is not a device's.
    wraps: Vec<WrapBody>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WrapBody {
    #[schema(value_type = String)]
    kind: WrapKind,
    sealed: Base64,
    /// For `words`: the version of the gate key that hardened them.
    gate_version: Option<i32>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct Created {
    #[schema(value_type = String)]
    account: AccountId,
    /// The ids of the wraps, in the order they were sent.
    #[schema(value_type = Vec<String>)]
    wraps: Vec<WrapId>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct Account {
    #[serde(rename = "account")]
    #[schema(value_type = String)]
    id: AccountId,
    /// Lowercase hex; absent while the account is new.
    proof_key: Option<String>,
    /// Absent while the account is new.
    bundle: Option<Bundle>,
    /// Those in use, oldest first.
    wraps: Vec<WrapView>,
    /// The newest version of the gate key. Words hardened by an older one should be sealed anew.
    gate_version: u32,
}

#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Bundle {
    /// One more than the bundle it replaces.
    version: i64,
    sealed: Base64,
}

#[derive(Serialize, utoipa::ToSchema)]
struct WrapView {
    #[schema(value_type = String)]
    wrap: WrapId,
    #[schema(value_type = String)]
    kind: WrapKind,
    sealed: Base64,
    gate_version: Option<i32>,
}

/// Gives a new account its keys. Once: an account that has keys keeps them.
#[utoipa::path(post, path = "/api/account", tag = "account", request_body = NewAccount,
    responses((status = 201, body = Created), (status = 409), (status = 422)))]
async fn insert(
    signed_in: SignedIn,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let SignedIn { mut tx, session, now, .. } = signed_in;
    let proof_key = parse_proof_key(&new.proof_key)?;
    if new.version != 1 {
        return Err(Problem::invalid("bundle-version", "The first bundle is version 1."));
    }
    check_bundle(&new.bundle)?;
    if new.wraps.len() > WRAPS_MOST || !new.wraps.iter().any(|it| it.kind != WrapKind::Device) {
        return Err(last_wrap());
    }
    let wraps = new.wraps.into_iter().map(WrapBody::check).collect::<Result<Vec<_>, Problem>>()?;
    let ids = wraps.iter().map(|wrap| wrap.id).collect();
    let taken =
        store::accounts::open(&mut tx, session.account, &proof_key, &new.bundle.0, &wraps, now)
            .await?;
    if !taken {
        return Err(Problem::conflict(
            "account-exists",
            "This account has its keys already. Open it with your words.",
        ));
    }
    tx.commit().await?;
    tracing::info!(account = %session.account, wraps = wraps.len(), "account opened");
    Ok((StatusCode::CREATED, Json(Created { account: session.account, wraps: ids })))
}

/// Everything sealed that is needed to open the keys.
#[utoipa::path(get, path = "/api/account", tag = "account",
    responses((status = 200, body = Account)))]
async fn get(State(state): State<AppState>, signed_in: SignedIn) -> Result<Json<Account>, Problem> {
    let SignedIn { mut tx, session, .. } = signed_in;
    let bundle = store::bundles::find(&mut tx, session.account).await?;
    let wraps = store::wraps::list(&mut tx, session.account).await?;
    tx.commit().await?;
    Ok(Json(Account {
        id: session.account,
        proof_key: session.proof_key.map(hex::encode),
        bundle: bundle.map(|it| Bundle { version: it.version, sealed: Base64(it.sealed) }),
        wraps: wraps.into_iter().map(WrapView::from).collect(),
        gate_version: state.service().gate.newest(),
    }))
}

/// Replaces the bundle by the next version; 409 when another device was first.
#[utoipa::path(put, path = "/api/account/bundle", tag = "account", request_body = Bundle,
    responses((status = 200, body = BundleVersion), (status = 409)))]
async fn replace_bundle(
    proved: Proved,
    Json(bundle): Json<Bundle>,
) -> Result<Json<BundleVersion>, Problem> {
    check_bundle(&bundle.sealed)?;
    let Proved { mut tx, session, .. } = proved;
    match store::bundles::replace(&mut tx, session.account, bundle.version, &bundle.sealed.0)
        .await?
    {
        Replaced::Done => {
            tx.commit().await?;
            Ok(Json(BundleVersion { version: bundle.version }))
        }
        Replaced::Stale => Err(Problem::conflict(
            "bundle-stale",
            "You changed something on another device. Open your letterbox again and try once more.",
        )),
    }
}

#[derive(Serialize, utoipa::ToSchema)]
struct BundleVersion {
    /// The version now in place.
    version: i64,
}

#[derive(Serialize, utoipa::ToSchema)]
struct NewWrapId {
    #[schema(value_type = String)]
    wrap: WrapId,
}

/// Adds a way to open the keys.
#[utoipa::path(post, path = "/api/account/wraps", tag = "account", request_body = WrapBody,
    responses((status = 201, body = NewWrapId), (status = 422)))]
async fn insert_wrap(
    proved: Proved,
    Json(body): Json<WrapBody>,
) -> Result<(StatusCode, Json<NewWrapId>), Problem> {
    let Proved { mut tx, session, now, .. } = proved;
    let wrap = body.check()?;
    let most = i64::try_from(WRAPS_MOST).expect("a small number");
    if !store::wraps::insert(&mut tx, session.account, &wrap, most, now).await? {
        return Err(Problem::conflict(
            "too-many-wraps",
            "There are too many ways to open this letterbox. Remove an old device first.",
        ));
    }
    tx.commit().await?;
    tracing::info!(account = %session.account, wrap = %wrap.id, "wrap added");
    Ok((StatusCode::CREATED, Json(NewWrapId { wrap: wrap.id })))
}

/// Takes a way to open the keys out of use; it is kept for 90 days. The last one that is not a
/// device's stays.
#[utoipa::path(delete, path = "/api/account/wraps/{wrap}", tag = "account",
    params(("wrap" = String, Path, description = "the wrap's id")),
    responses((status = 204), (status = 404), (status = 422)))]
async fn remove_wrap(proved: Proved, Path(wrap): Path<WrapId>) -> Result<StatusCode, Problem> {
    let Proved { mut tx, session, now, .. } = proved;
    match store::wraps::remove(&mut tx, session.account, wrap, now).await? {
        Removed::Done => {
            tx.commit().await?;
            tracing::info!(account = %session.account, %wrap, "wrap removed");
            Ok(StatusCode::NO_CONTENT)
        }
        Removed::Last => Err(last_wrap()),
        Removed::Absent => Err(Problem::not_found()),
    }
}

impl WrapBody {
    fn check(self) -> Result<NewWrap, Problem> {
        if !(SEALED_LEAST..=WRAP_MOST).contains(&self.sealed.0.len()) {
            return Err(Problem::invalid("wrap-size", "This wrap has an impossible size."));
        }
        if (self.kind == WrapKind::Words) != self.gate_version.is_some() {
            return Err(Problem::invalid(
                "gate-version",
                "A words wrap names its gate version, and no other wrap does.",
            ));
        }
        Ok(NewWrap {
            id: WrapId::from_bytes(seal::random::bytes(&mut seal::random::System)),
            kind: self.kind,
            sealed: self.sealed.0,
            gate_version: self.gate_version,
        })
    }
}

impl From<Wrap> for WrapView {
    fn from(wrap: Wrap) -> Self {
        Self {
            wrap: wrap.id,
            kind: wrap.kind,
            sealed: Base64(wrap.sealed),
            gate_version: wrap.gate_version,
        }
    }
}

fn check_bundle(sealed: &Base64) -> Result<(), Problem> {
    if (SEALED_LEAST..=BUNDLE_MOST).contains(&sealed.0.len()) {
        Ok(())
    } else {
        Err(Problem::invalid("bundle-size", "This bundle has an impossible size."))
    }
}

fn parse_proof_key(text: &str) -> Result<[u8; 32], Problem> {
    let bad = || Problem::invalid("proof-key", "The proof key is not a usable Ed25519 key.");
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| bad())?;
    // Canonical and torsion-free, or signatures under it would prove nothing.
    seal::key::PublicKey::from_bytes(&bytes).map_err(|_| bad())?;
    Ok(bytes)
}

fn last_wrap() -> Problem {
    Problem::invalid(
        "last-wrap",
        "Keep your words or your phone lock: without one of them nobody could open your letterbox.",
    )
}
