//! What a journey may ask for from outside the browser: an agency, people, letters, and that a
//! role stops or starts. On this machine only, behind a path that nobody can guess.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Path as Named, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::{Mutex, RwLock};
use tokio::task::JoinHandle;
use xtask::outbox;
use xtask::services::{self, Role};

use super::agency::{Held, NewFamily, NewLetter};
use super::coming_back::NewKeys;
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
    /// Founded while the journey before it goes on, if there will be another.
    next: Option<Mutex<Option<Starting>>>,
    folders: AtomicUsize,
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

/// An agency on its way.
type Starting = JoinHandle<Result<Held, Failure>>;

type Answer = Result<Json<Value>, Wrong>;

impl Control {
    /// With `ahead`, an agency is founded while the journey before it goes on: founding takes some
    /// seconds, which journeys that measure time are better left without.
    pub fn new(folder: &Path, pages: &Path, superuser: String, ahead: bool) -> Self {
        let token = hex::encode(seal::random::bytes::<16>(&mut seal::random::System));
        Self(Arc::new(Inner {
            token,
            folder: folder.to_owned(),
            pages: pages.to_owned(),
            superuser,
            agencies: RwLock::default(),
            next: ahead.then(Mutex::default),
            folders: AtomicUsize::new(0),
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
            .route("/agencies/{id}/other-team", post(other_team))
            .route("/agencies/{id}/families", post(family))
            .route("/agencies/{id}/letters", post(letter))
            .route("/agencies/{id}/new-keys", post(new_keys))
            .route("/agencies/{id}/three-days-later", post(three_days_later))
            .route("/agencies/{id}/pin", post(pin))
            .route("/agencies/{id}/new-log-key", post(new_log_key))
            .route("/agencies/{id}/outbox", get(mails))
            .route("/agencies/{id}/doctor/{site}", get(doctor))
            .route("/agencies/{id}/roles/{role}/{act}", post(role))
            .with_state(self.clone());
        Router::new().nest(&self.path(), routes)
    }

    fn start(&self, founded: bool) -> Starting {
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            let number = inner.folders.fetch_add(1, Ordering::Relaxed);
            let folder = inner.folder.join(number.to_string());
            Box::pin(Held::start(&folder, &inner.pages, &inner.superuser, founded)).await
        })
    }

    async fn founded(&self) -> Starting {
        let Some(next) = &self.0.next else { return self.start(true) };
        let mut next = next.lock().await;
        let ready = next.take().unwrap_or_else(|| self.start(true));
        *next = Some(self.start(true));
        ready
    }

    async fn agency(&self, id: usize) -> Result<Arc<Mutex<Option<Held>>>, Failure> {
        let found = self.0.agencies.read().await.get(id).cloned();
        found.ok_or_else(|| Failure(format!("no agency {id}")))
    }
}

async fn new_agency(State(control): State<Control>, Json(wanted): Json<NewAgency>) -> Answer {
    let starting = if wanted.founded { control.founded().await } else { control.start(false) };
    let held = starting.await.map_err(|error| Failure(error.to_string()))??;
    let mut agencies = control.0.agencies.write().await;
    let described = held.describe(agencies.len());
    agencies.push(Arc::new(Mutex::new(Some(held))));
    Ok(Json(described))
}

/// A journey that is over needs its agency's processes no longer.
async fn stop_all(State(control): State<Control>, Named(id): Named<usize>) -> Answer {
    drop(control.agency(id).await?.lock().await.take());
    Ok(Json(json!({})))
}

async fn other_team(State(control): State<Control>, Named(id): Named<usize>) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    Ok(Json(Box::pin(running(&mut agency)?.other_team()).await?))
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

async fn new_keys(
    State(control): State<Control>,
    Named(id): Named<usize>,
    Json(wanted): Json<NewKeys>,
) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    Ok(Json(Box::pin(running(&mut agency)?.new_keys(&wanted)).await?))
}

async fn three_days_later(State(control): State<Control>, Named(id): Named<usize>) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    Ok(Json(running(&mut agency)?.three_days_later().await?))
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

/// What the operator reads out.
async fn new_log_key(State(control): State<Control>, Named(id): Named<usize>) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    let key = running(&mut agency)?.stack.replace_log_key().map_err(Failure::from)?;
    Ok(Json(json!({ "log_key": key })))
}

async fn mails(State(control): State<Control>, Named(id): Named<usize>) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    let found = outbox::mails(&running(&mut agency)?.stack.outbox()).map_err(Failure::from)?;
    Ok(Json(json!(found)))
}

/// Whether a site serves the pages that were built, as anybody can ask from outside.
async fn doctor(
    State(control): State<Control>,
    Named((id, site)): Named<(usize, String)>,
) -> Answer {
    let agency = control.agency(id).await?;
    let mut agency = agency.lock().await;
    let stack = &running(&mut agency)?.stack;
    let origin = match site.as_str() {
        "family" => &stack.family().origin,
        "staff" => &stack.staff().origin,
        _ => fail(format!("no site {site}"))?,
    };
    let list = control.0.pages.join(format!("{site}.sha256"));
    let mut doctor = Command::new(services::executable().map_err(Failure::from)?);
    doctor.args(["doctor", "--client", origin, "--list"]).arg(list);
    let done = doctor.output().await.map_err(Failure::from)?;
    let said = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    Ok(Json(json!({ "ok": done.status.success(), "said": format!("{said}{errors}") })))
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
