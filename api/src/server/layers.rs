//! What every answer has: an id, a time limit, a line in the log, headers that keep browsers safe.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::rates::Buckets;
use super::{limits, meter, metrics};
use crate::csp;
use crate::problem::{Code, Problem};
use crate::request_id;
use crate::routes::files;

/// After this time an answer is given up.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Taking a large file in takes as long as its sender's line does.
const TIME_LIMIT_OF_UPLOADS: Duration = Duration::from_secs(3600);
const UPLOADS: [&str; 2] = ["/v1/imports", files::UPLOADS];

/// For two years browsers come by https only, here and below.
const HTTPS_ONLY: (&str, &str) =
    ("strict-transport-security", "max-age=63072000; includeSubDomains");

const HEADERS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", csp::DATA),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("cache-control", "private, no-cache"),
];

/// What the answers of a service have in common.
#[derive(Debug, Clone)]
pub(super) struct Manners {
    pub(super) https: bool,
    pub(super) buckets: Arc<Buckets>,
}

/// Answers one request.
pub(super) async fn answer(
    State(manners): State<Manners>,
    request: Request,
    next: Next,
) -> Response {
    let id = request_id::make();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(no route)".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", request.id = %id, http.method = %method, http.route = %route);
    let limit = if UPLOADS.contains(&route.as_str()) { TIME_LIMIT_OF_UPLOADS } else { TIME_LIMIT };
    let limited = async {
        if let Err(problem) = limits::check(&request) {
            return problem.into_response();
        }
        match tokio::time::timeout(limit, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::new(Code::Timeout).retry_after_ms(1000).into_response(),
        }
    };
    let began = Instant::now();
    let metered = request_id::within(id.clone(), meter::within(limited));
    let (mut response, spent) = metered.instrument(span.clone()).await;
    if let Some(spent) = spent {
        if response.status() == StatusCode::NOT_MODIFIED {
            manners.buckets.give_back(spent);
        }
        manners.buckets.tell(spent, response.headers_mut(), Instant::now());
    }
    finish(&span, &method, &route, began.elapsed(), &response);
    decorate(response.headers_mut(), manners.https, &id);
    response
}

/// The line in the log: the route, never the address, which may hold what was searched for.
fn finish(span: &tracing::Span, method: &Method, route: &str, took: Duration, answer: &Response) {
    let status = answer.status();
    let _entered = span.enter();
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::warn!(http.status = status.as_u16(), took_ms, "answered");
    } else {
        tracing::debug!(http.status = status.as_u16(), took_ms, "answered");
    }
    metrics::count(method, route, status, took);
}

fn decorate(headers: &mut HeaderMap, https: bool, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static(request_id::HEADER), value);
    }
    for (name, value) in HEADERS.into_iter().chain(https.then_some(HTTPS_ONLY)) {
        if !headers.contains_key(name) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
}
