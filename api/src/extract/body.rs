//! The body of a request: JSON, as PostgreSQL and people can keep it.

use std::error::Error;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::error::Category;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use tower_http::timeout::TimeoutError;

use crate::problem::{Code, FieldError, Problem};
use crate::server::App;

/// The most that a request may send, imports apart.
pub(crate) const LIMIT: usize = 1024 * 1024;

/// How deep lists and objects may lie in one another. The deepest condition of a rule needs 24.
const DEEPEST: usize = 32;

/// The JSON object that was sent; an empty body is an empty object.
#[derive(Debug, Clone)]
pub(crate) struct Body(pub(crate) Map<String, Value>);

impl FromRequest<App> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let JsonBody(value) = JsonBody::from_request(request, app).await?;
        object(value).map(Self)
    }
}

/// Any JSON; an empty body is an empty object.
#[derive(Debug, Clone)]
pub(crate) struct JsonBody(pub(crate) Value);

impl FromRequest<App> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, LIMIT).await.map_err(|error| unread(&error))?;
        if bytes.is_empty() {
            return Ok(Self(Value::Object(Map::new())));
        }
        if !is_json(&parts.headers) {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        read(&bytes).map(Self)
    }
}

/// Why a body could not be read to its end.
fn unread(error: &(dyn Error + 'static)) -> Problem {
    let code = if timed_out(Some(error)) { Code::BodyTimeout } else { Code::BodyTooLarge };
    Problem::new(code)
}

/// Whether the sender was waited for in vain.
pub(crate) fn timed_out(mut cause: Option<&(dyn Error + 'static)>) -> bool {
    while let Some(error) = cause {
        if error.is::<TimeoutError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The object that it must be.
///
/// # Errors
/// 422 for any other JSON.
pub(crate) fn object(value: Value) -> Result<Map<String, Value>, Problem> {
    match value {
        Value::Object(map) => Ok(map),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            let detail = "the body must be a JSON object";
            Err(Problem::field(FieldError::at("", Code::InvalidField.name(), detail)))
        }
    }
}

/// `application/json`, or a type of its family such as `application/merge-patch+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Reads JSON and refuses what could not be stored: NUL, half surrogates, numbers out of range.
pub(super) fn read(bytes: &[u8]) -> Result<Value, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: Value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| unreadable(&pointer(error.path()), error.inner()))?;
    deserializer.end().map_err(|error| malformed(&error))?;
    if depth(&value) > DEEPEST {
        return Err(Problem::new(Code::JsonTooDeep));
    }
    match find_nul(&value, &mut String::new()) {
        Some(pointer) => {
            let detail = "the character NUL (\\u0000) cannot be stored";
            Err(Problem::field(FieldError::at(pointer, Code::InvalidField.name(), detail)))
        }
        None => Ok(value),
    }
}

/// What is JSON by its grammar, but holds a value that nobody can keep, is the field's fault.
fn unreadable(pointer: &str, error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let field =
        |detail: &str| Problem::field(FieldError::at(pointer, Code::InvalidField.name(), detail));
    if text.starts_with("number out of range") {
        field("the number is out of range; send large numbers as strings")
    } else if text.starts_with("recursion limit exceeded") {
        Problem::new(Code::JsonTooDeep)
    } else if text.contains("surrogate") || text.starts_with("unexpected end of hex escape") {
        field("half of a surrogate pair is no character")
    } else {
        malformed(error)
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let what = match error.classify() {
        Category::Eof => "the JSON ends too early".to_owned(),
        Category::Io | Category::Syntax | Category::Data => {
            let text = error.to_string();
            let end = text.rfind(" at line ").unwrap_or(text.len());
            text.get(..end).unwrap_or(&text).to_owned()
        }
    };
    Problem::new(Code::MalformedJson)
        .detail(format!("{what} (line {line}, column {column})"))
        .with("line", line)
        .with("column", column)
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => push(&mut pointer, key),
            Segment::Unknown => {}
        }
    }
    pointer
}

/// How many lists and objects lie in one another, by way of the deepest.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

/// The pointer of the first NUL, in a value or a name.
fn find_nul(value: &Value, pointer: &mut String) -> Option<String> {
    let length = pointer.len();
    let found = match value {
        Value::String(text) if text.contains('\0') => Some(pointer.clone()),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            pointer.truncate(length);
            push(pointer, &index.to_string());
            find_nul(item, pointer)
        }),
        Value::Object(map) => map.iter().find_map(|(key, item)| {
            pointer.truncate(length);
            if key.contains('\0') {
                return Some(pointer.clone());
            }
            push(pointer, key);
            find_nul(item, pointer)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    pointer.truncate(length);
    found
}
