//! The API's own description, assembled from the routes themselves and served.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::OpenApi as _;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::{Content, OpenApi, Ref, ResponseBuilder};
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
pub fn serve(described: OpenApiRouter<AppState>) -> Router<AppState> {
    let (router, document) = assemble(described);
    // Strings and numbers only, so it always serialises.
    let body = Bytes::from(document.to_json().unwrap_or_default());
    router.route(
        "/api/openapi.json",
        get(move || {
            let body = body.clone();
            async move { ([(header::CONTENT_TYPE, "application/json")], body).into_response() }
        }),
    )
}

/// The router and its document.
pub fn assemble(described: OpenApiRouter<AppState>) -> (Router<AppState>, OpenApi) {
    let head = OpenApiRouter::with_openapi(Head::openapi());
    let (router, mut document) = head.merge(described).split_for_parts();
    for (path, item) in &mut document.paths.paths {
        if path.starts_with("/api/") {
            describe_problems(item);
        }
    }
    (router, document)
}

/// Every route may answer with a problem, whatever else it answers: signed out, too large, away.
fn describe_problems(item: &mut PathItem) {
    let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
    for operation in methods.into_iter().flatten() {
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new()
            .description("Why not, for the person and for the program")
            .content("application/problem+json", problem);
        let responses = &mut operation.responses.responses;
        responses.insert("default".to_owned(), response.build().into());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    #[test]
    fn the_description_refers_to_nothing_it_does_not_describe() {
        let (_, document) = super::assemble(crate::routes());
        let text = document.to_json().expect("a document is JSON");
        let schemas = document.components.expect("schemas").schemas;
        for reference in text.split(r##""$ref":"#/components/schemas/"##).skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(schemas.contains_key(name), "{name} is described nowhere");
        }
    }

    #[test]
    fn no_two_modules_describe_different_things_by_one_name() {
        // Merging keeps one of the two and says nothing.
        let mut known = BTreeMap::new();
        for mut module in crate::modules() {
            let components = module.to_openapi().components.unwrap_or_default();
            for (name, schema) in components.schemas {
                let schema = serde_json::to_string(&schema).expect("a schema is JSON");
                let before = known.insert(name.clone(), schema.clone());
                assert!(
                    before.is_none_or(|before| before == schema),
                    "{name} stands for two things"
                );
            }
        }
    }
}
