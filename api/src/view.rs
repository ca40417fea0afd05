//! How records look from outside: their tags and times.

use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::extract::Ask;

/// A moment as the API writes it: UTC with microseconds.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// `"<stream version>.<last sequence that touched it>.<view>"`. The view tells rights, requests for
/// parts of a record and what is the reader's own apart, not tokens.
pub(crate) fn tag(ask: &Ask, version: i64, sequence: i64, own: &str) -> String {
    let mut hash = Sha256::new();
    let rights = &ask.principal.rights;
    let groups = rights.field_groups().iter().map(|group| group.name());
    let scopes = rights.note_scopes().iter().map(|scope| scope.name());
    let permissions = rights.permissions().iter().map(|permission| permission.name());
    for name in groups.chain(scopes).chain(permissions) {
        hash.update(name);
        hash.update([0]);
    }
    for parameter in ["fields", "include"] {
        hash.update(ask.query.text(parameter).unwrap_or_default());
        hash.update([0]);
    }
    hash.update(own);
    let digest = hash.finalize();
    let view: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{version}.{sequence}.{view}\"")
}

/// A tag over a body that has no version of its own.
pub(crate) fn body_tag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let hash: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}\"")
}

/// The answer with its tag, or 304 where the caller has it already.
pub(crate) fn tagged(headers: &HeaderMap, tag: &str, answer: Response) -> Response {
    let mut answer =
        if unchanged(headers, tag) { bare(StatusCode::NOT_MODIFIED, &answer) } else { answer };
    if let Ok(value) = HeaderValue::from_str(tag) {
        answer.headers_mut().insert(ETAG, value);
    }
    answer
}

/// The same headers without the body.
fn bare(status: StatusCode, answer: &Response) -> Response {
    let mut bare = status.into_response();
    for (name, value) in answer.headers() {
        if name.as_str().starts_with("dossier-") {
            bare.headers_mut().insert(name.clone(), value.clone());
        }
    }
    bare
}

fn unchanged(headers: &HeaderMap, tag: &str) -> bool {
    let weak = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim() == "*" || weak(value) == tag)
}
