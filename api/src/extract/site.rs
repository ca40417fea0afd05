//! Whether a request comes from this site's own page: another site may make a browser send it,
//! cookie and all.

use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method};

use crate::problem::{Code, Problem};
use crate::server::App;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a form of any page can send without asking.
const OF_FORMS: [&str; 3] =
    ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// What a request says of the page that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Own,
    Foreign,
    /// An old browser, or no browser.
    Unsaid,
}

/// Lets a request with a cookie through that comes from this site's own page. One that changes
/// nothing need not say where it comes from.
///
/// # Errors
/// It comes from elsewhere, or could have come from a form.
pub(super) fn own(app: &App, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let changes = !method.is_safe();
    let from = if changes { page(app, headers) } else { by_origin(app, headers) };
    match from {
        Page::Own => {}
        Page::Unsaid if !changes => {}
        Page::Foreign | Page::Unsaid => return Err(Problem::new(Code::CrossSiteRequest)),
    }
    if changes && is_of_form(headers) {
        return Err(Problem::new(Code::CrossSiteRequest)
            .detail("with a cookie, a body is not sent with a content type that forms have"));
    }
    Ok(())
}

/// Refuses what says that it comes from another site's page: for signing in, where there is no
/// cookie yet, and programs say nothing.
///
/// # Errors
/// It comes from elsewhere.
pub(crate) fn not_foreign(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    match page(app, headers) {
        Page::Own | Page::Unsaid => Ok(()),
        Page::Foreign => Err(Problem::new(Code::CrossSiteRequest)),
    }
}

fn page(app: &App, headers: &HeaderMap) -> Page {
    match headers.get(FETCH_SITE).map(|value| value.as_bytes()) {
        Some(b"same-origin" | b"none") => Page::Own,
        Some(_) => Page::Foreign,
        None => by_origin(app, headers),
    }
}

fn by_origin(app: &App, headers: &HeaderMap) -> Page {
    let Some(origin) = headers.get(ORIGIN) else { return Page::Unsaid };
    let scheme = if app.is_https() { "https" } else { "http" };
    let text = |value: &axum::http::HeaderValue| value.to_str().ok().map(str::to_lowercase);
    let own = headers.get(HOST).and_then(text).map(|host| format!("{scheme}://{host}"));
    if own.is_some() && own == text(origin) { Page::Own } else { Page::Foreign }
}

fn is_of_form(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    OF_FORMS.contains(&kind.as_str())
}
