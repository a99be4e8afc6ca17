//! The API's own description, assembled from the routes themselves and served.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::problem::Details;
use crate::state::AppState;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Postern mediation API",
        description = "Bytes are padded base64, ids lowercase hex, times UTC. Errors are RFC 9457 \
            problem details. A request that changes something carries `Origin`.",
    ),
    components(schemas(Details<'static>))
)]
struct Head;

/// Splits the routes into the router and its document, and serves the one by the other.
pub fn serve(routes: OpenApiRouter<AppState>) -> Router<AppState> {
    let (router, document) = assemble(routes);
    let bytes: Bytes = document
        .to_json()
        .expect("a document made of strings serialises")
        .into();
    let body = Arc::new(bytes);
    router.route(
        "/api/openapi.json",
        get(move || {
            let body = body.clone();
            async move {
                ([(header::CONTENT_TYPE, "application/json")], Bytes::clone(&body)).into_response()
            }
        }),
    )
}

/// The router and its document.
pub fn assemble(routes: OpenApiRouter<AppState>) -> (Router<AppState>, OpenApi) {
    OpenApiRouter::with_openapi(Head::openapi()).merge(routes).split_for_parts()
}
