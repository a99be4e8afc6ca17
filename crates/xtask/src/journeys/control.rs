//! What a journey may ask for from outside the browser: an agency, people, letters, and that a
//! role stops or starts. On this machine only, behind a path that nobody can guess.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{Path as Named, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex, RwLock};
use xtask::outbox;
use xtask::services::Role;

use super::agency::{Held, NewFamily, NewLetter};
use crate::step::{Failure, fail};

/// Every agency that a journey asked for.
#[derive(Clone)]
pub struct Control(Arc<Inner>);

struct Inner {
    token: String,
    folder: PathBuf,
    pages: PathBuf,
    superuser: String,
    agencies: RwLock<Vec<Arc<Mutex<Option<Held>>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAgency {
    founded: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Realm {
    realm: String,
}

type Answer = Result<Json<Value>, Wrong>;

impl Control {
    pub fn new(folder: &Path, pages: &Path, superuser: String) -> Self {
        let token = hex::encode(seal::random::bytes::<16>(&mut seal::random::System));
        Self(Arc::new(Inner {
            token,
            folder: folder.to_owned(),
            pages: pages.to_owned(),
            superuser,
            agencies: RwLock::default(),
        }))
    }

    /// The first part of every path.
    pub fn path(&self) -> String {
        format!("/{}", self.0.token)
    }

    pub fn router(&self) -> Router {
        let routes = Router::new()
            .route("/agencies", post(new_agency))
            .route("/agencies/{id}/stop", post(stop_all))
            .route("/agencies/{id}/families", post(family))
            .route("/agencies/{id}/letters", post(letter))
            .route("/agencies/{id}/pin", post(pin))
            .route("/agencies/{id}/outbox", get(mails))
            .route("/agencies/{id}/roles/{role}/{act}", post(role))
            .with_state(self.clone());
        Router::new().nest(&self.path(), routes)
    }

    async fn agency(&self, id: usize) -> Result<Arc<Mutex<Option<Held>>>, Failure> {
        let found = self.0.agencies.read().await.get(id).cloned();
        found.ok_or_else(|| Failure(format!("no agency {id}")))
    }
}

async fn new_agency(State(control): State<Control>, Json(wanted): Json<NewAgency>) -> Answer {
    let place = Arc::new(Mutex::new(None));
    let mut held = place.lock().await;
    let id = {
        let mut agencies = control.0.agencies.write().await;
        agencies.push(Arc::clone(&place));
        agencies.len() - 1
    };
    let folder = control.0.folder.join(id.to_string());
    let started = Held::start(&folder, &control.0.pages, &control.0.superuser, wanted.founded);
    let described = held.insert(Box::pin(started).await?).describe(id);
    Ok(Json(described))
}

/// A journey that is over needs its agency's processes no longer.
async fn stop_all(State(control): State<Control>, Named(id): Named<usize>) -> Answer {
    drop(control.agency(id).await?.lock().await.take());
    Ok(Json(json!({})))
}

async fn family(
    State(control): State<Control>,
    Named(id): Named<usize>,
    Json(wanted): Json<NewFamily>,
) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    Ok(Json(Box::pin(running(&mut agency)?.family(&wanted)).await?))
}

async fn letter(
    State(control): State<Control>,
    Named(id): Named<usize>,
    Json(wanted): Json<NewLetter>,
) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    Ok(Json(Box::pin(running(&mut agency)?.letter(&wanted)).await?))
}

async fn pin(
    State(control): State<Control>,
    Named(id): Named<usize>,
    Json(wanted): Json<Realm>,
) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    Ok(Json(running(&mut agency)?.pin(&wanted.realm).await?))
}

async fn mails(State(control): State<Control>, Named(id): Named<usize>) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    let found = outbox::mails(&running(&mut agency)?.stack.outbox()).map_err(Failure::from)?;
    Ok(Json(json!(found)))
}

async fn role(
    State(control): State<Control>,
    Named((id, role, act)): Named<(usize, String, String)>,
) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    let stack = &mut running(&mut agency)?.stack;
    let found = Role::ALL.into_iter().find(|it| it.name() == role);
    let found = found.ok_or_else(|| Failure(format!("no role {role}")))?;
    match act.as_str() {
        "start" => stack.start_role(found).await.map_err(Failure::from)?,
        "restart" => stack.restart(found).await.map_err(Failure::from)?,
        "stop" => stack.stop_role(found),
        "kill" => stack.kill_role(found),
        _ => fail(format!("a role can be started, stopped, restarted or killed, not {act}"))?,
    }
    Ok(Json(json!({})))
}

fn running(held: &mut Option<Held>) -> Result<&mut Held, Failure> {
    held.as_mut().ok_or_else(|| Failure("this agency was stopped".to_owned()))
}

/// What went wrong, for the journey to fail with.
struct Wrong(Failure);

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}
