//! Headers that change what a command or a read does.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, header};
use domain::access::{self, Action, Principal};
use domain::value::holds_card_number;
use uuid::Uuid;

use crate::problem::Problem;
use crate::server::App;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const CAUSATION_ID: HeaderName = HeaderName::from_static("dossier-causation-id");
const PREFER: HeaderName = HeaderName::from_static("prefer");
/// The header that stands in for `?min_position=`.
pub(crate) const MIN_POSITION: HeaderName = HeaderName::from_static("dossier-min-position");

const LONGEST_WAIT: u64 = 5;
const LONGEST_CAUSE: usize = 200;

/// What `If-Match` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// The record must be there, at whatever version.
    Any,
    /// The stream must be at this version.
    Version(i64),
}

impl IfMatch {
    /// The version, where one is named.
    #[must_use]
    pub(crate) fn version(self) -> Option<i64> {
        match self {
            Self::Any => None,
            Self::Version(version) => Some(version),
        }
    }
}

/// What `Prefer` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prefer {
    /// `return=representation`: answer with the record as it is now.
    pub(crate) representation: bool,
    /// `handling=lenient`: rather old than late.
    pub(crate) lenient: bool,
    /// `wait=2`: how long to wait for a position.
    pub(crate) wait: Duration,
}

impl Default for Prefer {
    fn default() -> Self {
        Self { representation: false, lenient: false, wait: Duration::from_secs(1) }
    }
}

/// The text of a header that comes at most once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Problem::header(name, format!("{name} is given twice")));
    }
    let text = first.to_str();
    text.map(Some).map_err(|_| Problem::header(name, format!("{name} must be visible ASCII")))
}

/// The key under which a command is done once.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(key) = single(headers, &IDEMPOTENCY_KEY)? else { return Ok(None) };
    let visible = key.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if key.trim().is_empty() || key.len() > 255 || !visible {
        let detail = "Idempotency-Key must be 1 to 255 visible ASCII characters";
        return Err(Problem::header(&IDEMPOTENCY_KEY, detail));
    }
    Ok(Some(key))
}

/// The version that the caller has seen: `"17"`, or the whole tag of a read.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<IfMatch>, Problem> {
    let Some(text) = single(headers, &header::IF_MATCH)? else { return Ok(None) };
    let text = text.trim();
    if text == "*" {
        return Ok(Some(IfMatch::Any));
    }
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let tag = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag);
    let version = tag.split('.').next().unwrap_or_default();
    let digits = version.bytes().all(|byte| byte.is_ascii_digit());
    match version.parse().ok().filter(|_| digits) {
        Some(version) => Ok(Some(IfMatch::Version(version))),
        None => Err(Problem::header(
            &header::IF_MATCH,
            "If-Match must be a version such as \"17\", or the ETag of a read",
        )),
    }
}

/// What is preferred; preferences that are not known are ignored, as RFC 7240 says.
pub(crate) fn prefer(headers: &HeaderMap) -> Result<Prefer, Problem> {
    let mut prefer = Prefer::default();
    for value in headers.get_all(&PREFER) {
        let text = value.to_str().unwrap_or_default();
        for wish in text.split(',') {
            let (name, value) = wish.split_once('=').unwrap_or((wish, ""));
            let value = value.split(';').next().unwrap_or_default().trim().trim_matches('"');
            match (name.trim(), value) {
                ("return", "representation") => prefer.representation = true,
                ("return", "minimal") => prefer.representation = false,
                ("handling", "lenient") => prefer.lenient = true,
                ("handling", "strict") => prefer.lenient = false,
                ("wait", seconds) => {
                    let seconds: u64 = seconds.parse().map_err(|_| {
                        Problem::header(&PREFER, "wait must be a number of seconds")
                    })?;
                    prefer.wait = Duration::from_secs(seconds.min(LONGEST_WAIT));
                }
                _ => {}
            }
        }
    }
    Ok(prefer)
}

/// The cause that the caller names: an event of the organisation, or else a text from outside.
pub(crate) async fn causation(
    app: &App,
    principal: &Principal,
    headers: &HeaderMap,
) -> Result<(Option<Uuid>, Option<String>), Problem> {
    let Some(text) = single(headers, &CAUSATION_ID)?.map(str::trim).filter(|text| !text.is_empty())
    else {
        return Ok((None, None));
    };
    if text.len() > LONGEST_CAUSE {
        let detail = format!("Dossier-Causation-Id may have at most {LONGEST_CAUSE} characters");
        return Err(Problem::header(&CAUSATION_ID, detail));
    }
    if holds_card_number(text) {
        let detail = "Dossier-Causation-Id looks like the number of a payment card";
        return Err(Problem::header(&CAUSATION_ID, detail));
    }
    let visible = match (text.parse::<Uuid>(), access::scope(principal, Action::EventRead)) {
        (Ok(id), Ok(scope)) => crate::routes::events::visible(app, &scope, id).await?,
        (Err(_), _) | (_, Err(_)) => None,
    };
    Ok(match visible {
        Some(event) => (Some(event.event_id), None),
        None => (None, Some(text.to_owned())),
    })
}
