//! Refusals and failures as people and programs get them: RFC 9457 problem documents.

mod codes;
mod from;
#[cfg(test)]
mod tests;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::request_id;

pub use codes::{Code, FIELD_CODES};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An answer that says no, and what would be right.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    code: Code,
    status: StatusCode,
    detail: Option<String>,
    errors: Vec<FieldError>,
    extras: Map<String, Value>,
    retry_after_ms: Option<u64>,
}

/// One thing that is wrong with the input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Name of the query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Name of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Stable code of what is wrong.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
    /// The values that would be right, where they can be listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
}

impl FieldError {
    /// Something in the body.
    pub fn at(
        pointer: impl Into<String>,
        code: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            pointer: Some(pointer.into()),
            code: code.into(),
            detail: detail.into(),
            ..Self::default()
        }
    }

    /// Adds what would be right.
    #[must_use]
    pub fn allowing(mut self, allowed: Option<Vec<String>>) -> Self {
        self.allowed = allowed;
        self
    }
}

impl Problem {
    /// A problem of this code, with its usual status.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner {
            code,
            status: code.status(),
            detail: None,
            errors: Vec::new(),
            extras: Map::new(),
            retry_after_ms: None,
        }))
    }

    /// Something in the body is wrong.
    #[must_use]
    pub fn field(error: FieldError) -> Self {
        Self::new(Code::InvalidField).detail(error.detail.clone()).error(error)
    }

    /// A query parameter has no valid value.
    pub fn parameter(name: &str, detail: impl Into<String>, allowed: Option<Vec<String>>) -> Self {
        Self::on_parameter(Code::InvalidParameter, name, detail.into(), allowed)
    }

    /// A query parameter is not known.
    #[must_use]
    pub fn unknown_parameter(name: &str, known: &[String]) -> Self {
        let detail = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("unknown parameter {name}; did you mean {near}?"),
            None => format!("unknown parameter {name}"),
        };
        Self::on_parameter(Code::UnknownParameter, name, detail, Some(known.to_vec()))
    }

    fn on_parameter(code: Code, name: &str, text: String, allowed: Option<Vec<String>>) -> Self {
        let error = FieldError {
            parameter: Some(name.to_owned()),
            code: code.name().to_owned(),
            detail: text.clone(),
            ..FieldError::default()
        };
        Self::new(code).detail(text).error(error.allowing(allowed))
    }

    /// A header cannot be read.
    pub fn header(name: &HeaderName, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let error = FieldError {
            header: Some(name.as_str().to_owned()),
            code: Code::InvalidHeader.name().to_owned(),
            detail: detail.clone(),
            ..FieldError::default()
        };
        Self::new(Code::InvalidHeader).detail(detail).error(error)
    }

    /// A failure of ours: the cause is logged here, and not told.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "a request failed");
        Self::new(Code::InternalError)
    }

    /// Adds a sentence about this occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Another code, with its usual status; what else was said stays.
    #[must_use]
    pub fn recode(mut self, code: Code) -> Self {
        self.0.code = code;
        self.0.status = code.status();
        self
    }

    /// Another status than the code's usual one.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// Adds one thing that is wrong with the input.
    #[must_use]
    pub fn error(mut self, error: FieldError) -> Self {
        self.0.errors.push(error);
        self
    }

    /// Adds a member beside the standard ones.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.extras.insert(name.to_owned(), value.into());
        self
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after_ms(mut self, milliseconds: u64) -> Self {
        self.0.retry_after_ms = Some(milliseconds);
        self
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The status with which it is answered.
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// The document, as it is sent.
    #[must_use]
    pub fn document(&self, request_id: Option<&str>) -> Value {
        let inner = &self.0;
        let mut document = Map::new();
        document.insert("type".into(), format!("/docs/errors/{}", inner.code.name()).into());
        document.insert("title".into(), inner.code.title().into());
        document.insert("status".into(), inner.status.as_u16().into());
        if let Some(detail) = &inner.detail {
            document.insert("detail".into(), detail.clone().into());
        }
        document.insert("code".into(), inner.code.name().into());
        if let Some(request_id) = request_id {
            document.insert("request_id".into(), request_id.into());
        }
        if !inner.errors.is_empty() {
            document.insert("errors".into(), json!(inner.errors));
        }
        if let Some(milliseconds) = inner.retry_after_ms {
            document.insert("retry_after_ms".into(), milliseconds.into());
        }
        document.extend(inner.extras.clone());
        Value::Object(document)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = self.document(request_id::current().as_deref());
        let body = document.to_string();
        let mut response = (self.0.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(milliseconds) = self.0.retry_after_ms {
            headers.insert(RETRY_AFTER, HeaderValue::from(milliseconds.div_ceil(1000).max(1)));
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The known word that a misspelt one was probably meant to be.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |known: &str| strsim::osa_distance(word, known);
    let near = known.map(|known| (distance(known), known)).min()?;
    let limit = word.chars().count().max(near.1.chars().count()).div_ceil(3);
    (near.0 <= limit).then_some(near.1)
}

/// An error with all its sources in one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}
