//! The page for the browser, as `web/` builds it, carried in the program.
//!
//! A build without `web/dist` has a short page with links in its place. A debug build reads the
//! files from there each time.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::csp::{self, Nonce};
use crate::problem::{Code, Problem};
use crate::view;

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
/// What the build writes where the nonce goes.
const PLACE: &str = "__CSP_NONCE__";
/// The page's own addresses; those below them are the page's too.
const PAGES: [&str; 3] = ["/sign-in", "/accept-invitation", "/organizations"];
/// Files whose names change with what is in them.
const LASTING: &str = "assets/";

/// What stands at an address that no route has: the page, one of its files, or nothing.
pub(crate) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let found = match method {
        Method::GET | Method::HEAD if is_page(path) => page(),
        Method::GET | Method::HEAD => asset(path.trim_start_matches('/'), &headers),
        _ => None,
    };
    found.unwrap_or_else(|| Problem::new(Code::RouteNotFound).into_response())
}

/// The page, where the program has one. Its nonce and its policy are made anew each time.
pub(crate) fn page() -> Option<Response> {
    let file = Files::get(INDEX)?;
    let nonce = Nonce::make();
    let page = String::from_utf8_lossy(&file.data).replace(PLACE, nonce.as_str());
    Some(([(CONTENT_SECURITY_POLICY, csp::page(&nonce))], Html(page)).into_response())
}

fn is_page(path: &str) -> bool {
    PAGES.iter().any(|page| {
        path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn asset(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path == INDEX {
        return None;
    }
    let file = Files::get(path)?;
    let keep = if path.starts_with(LASTING) {
        "public, max-age=31536000, immutable"
    } else {
        "public, no-cache"
    };
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let kind = file.metadata.mimetype().to_owned();
    let answer = ([(CONTENT_TYPE, kind)], file.data).into_response();
    let mut answer = view::tagged(headers, &tag, answer);
    answer.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static(keep));
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn addresses_of_the_page_are_told_from_others() {
        for path in ["/sign-in", "/accept-invitation", "/organizations/1/customers/2/files"] {
            assert!(is_page(path), "{path}");
        }
        for path in ["/", "/sign-in-now", "/organizationsx", "/v1/organizations", "/assets/a.js"] {
            assert!(!is_page(path), "{path}");
        }
    }
}
