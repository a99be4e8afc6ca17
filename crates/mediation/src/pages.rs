//! The built client: files of one folder, read-only, for sites that no proxy serves.

use std::ffi::OsStr;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::services::{ServeDir, ServeFile};

use crate::problem::Problem;
use crate::state::AppState;

/// Serves `folder` on every path that no route has. A path without an extension is a place inside
/// the client, so it gets the client.
pub fn serve(router: Router<AppState>, folder: Option<&Path>) -> Router<AppState> {
    let Some(folder) = folder else {
        return router.fallback(|| async { Problem::not_found() });
    };
    let client = ServeFile::new(folder.join("index.html"));
    let files = ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(true)
        .fallback(client);
    let pages = Router::new().fallback_service(files).layer(from_fn(only_pages));
    router.fallback_service(pages)
}

async fn only_pages(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::not_found().into_response();
    }
    let extension = Path::new(&path).extension().map(OsStr::to_ascii_lowercase);
    let is_page = extension.as_deref().is_none_or(|extension| extension == "html");
    let mut response = next.run(request).await;
    let got_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if got_page && !is_page {
        // A script that is gone must not arrive as a page.
        return Problem::not_found().into_response();
    }
    if response.status() == StatusCode::OK || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, keeping(&path, is_page));
    }
    response
}

/// How long a file keeps. `name-HASH.js` never changes; everything else is asked for again, and
/// pages are never kept: "Exit, then Back" must not find one.
fn keeping(path: &str, is_page: bool) -> HeaderValue {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_hashed = name.split_once('.').and_then(|(stem, _)| stem.rsplit_once('-')).is_some_and(
        |(_, hash)| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_alphanumeric()),
    );
    HeaderValue::from_static(match (is_page, is_hashed) {
        (true, _) => "no-store",
        (false, true) => "public, max-age=31536000, immutable",
        (false, false) => "no-cache",
    })
}

#[cfg(test)]
mod tests {
    use super::keeping;

    #[test]
    fn pages_are_never_kept_and_hashed_files_always() {
        assert_eq!(keeping("/", true), "no-store");
        assert_eq!(keeping("/letters", true), "no-store");
        assert_eq!(keeping("/index.html", true), "no-store");
        assert_eq!(keeping("/main.js", false), "no-cache");
        assert_eq!(keeping("/main-3FJ2K9QX.js", false), "public, max-age=31536000, immutable");
    }
}
