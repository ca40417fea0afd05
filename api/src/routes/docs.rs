//! The reference: the `OpenAPI` document, a page to read it, a page for every error code.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::on;
use utoipa_swagger_ui::Config;

use crate::csp::{self, Nonce};
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::problem::{Code, FIELD_CODES, Problem};
use crate::{openapi, view, web};

const fn page(path: &'static str, id: &'static str, summary: &'static str) -> Endpoint {
    Endpoint {
        verb: Verb::Get,
        path,
        id,
        tag: "Service",
        summary,
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, "text/html"),
        handler: |verb| on(verb, start),
    }
}

pub(super) const ENDPOINTS: &[Endpoint] = &[
    page("/", "start_page", "The page for people; without it, a short one with links"),
    Endpoint {
        answer: Answer::Other(200, "application/json"),
        handler: |verb| on(verb, document),
        ..page("/openapi.json", "openapi_document", "This reference as OpenAPI 3.1")
    },
    Endpoint {
        handler: |verb| on(verb, redirect),
        answer: Answer::Empty(308),
        ..page("/docs", "docs_redirect", "Leads to the page of this reference")
    },
    Endpoint {
        handler: |verb| on(verb, index),
        ..page("/docs/", "docs_page", "This reference as a page")
    },
    Endpoint {
        answer: Answer::Other(200, "*/*"),
        handler: |verb| on(verb, file),
        ..page("/docs/{file}", "docs_file", "A file of that page")
    },
    Endpoint {
        handler: |verb| on(verb, errors),
        ..page("/docs/errors", "docs_errors", "All error codes")
    },
    Endpoint {
        handler: |verb| on(verb, error),
        ..page("/docs/errors/{code}", "docs_error", "What an error code means")
    },
];

static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let text = openapi::document().to_string();
    let tag = view::body_tag(text.as_bytes());
    (text, tag)
});

static READER: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::new(["/openapi.json"]).filter(true).validator_url("none")));

async fn start() -> Response {
    web::page().unwrap_or_else(|| html("Dossier", START))
}

const START: &str = r#"<p>An event-sourced customer management service.</p>
<ul>
<li><a href="/docs/">Reference of the HTTP API</a> (<a href="/openapi.json">OpenAPI 3.1</a>)</li>
<li><a href="/docs/errors">Error codes</a></li>
<li><a href="/readyz">Readiness</a>, <a href="/healthz">health</a>, <a href="/metrics">metrics</a></li>
</ul>
<p>Calls under <code>/v1</code> need a token:
<code>curl -H "Authorization: Bearer $(cat &lt;data-dir&gt;/owner-token)" http://127.0.0.1:8080/v1/customers</code></p>"#;

async fn document(headers: HeaderMap) -> Response {
    let (text, tag) = &*DOCUMENT;
    let kind = [(CONTENT_TYPE, "application/json")];
    view::tagged(&headers, tag, (kind, text.as_str()).into_response())
}

async fn redirect() -> Response {
    Redirect::permanent("/docs/").into_response()
}

async fn index(headers: HeaderMap) -> Response {
    asset("index.html", &headers)
}

async fn file(Path(file): Path<String>, headers: HeaderMap) -> Response {
    asset(&file, &headers)
}

fn asset(file: &str, headers: &HeaderMap) -> Response {
    let served = utoipa_swagger_ui::serve(file, READER.clone());
    let Ok(Some(file)) = served else { return Problem::new(Code::RouteNotFound).into_response() };
    let tag = view::body_tag(&file.bytes);
    let kind = [(CONTENT_TYPE, file.content_type)];
    let answer = (kind, file.bytes.into_owned()).into_response();
    with_policy(view::tagged(headers, &tag, answer), HeaderValue::from_static(csp::READER))
}

async fn errors() -> Response {
    let rows: String = Code::ALL
        .iter()
        .map(|code| {
            let (name, status) = (code.name(), code.status().as_u16());
            let title = escape(code.title());
            format!("<tr><td>{status}</td><td><a href=\"/docs/errors/{name}\"><code>{name}</code></a></td><td>{title}</td></tr>\n")
        })
        .collect();
    let fields: String = FIELD_CODES
        .iter()
        .map(|(name, text)| {
            format!("<tr><td><code>{name}</code></td><td>{}</td></tr>\n", escape(text))
        })
        .collect();
    html(
        "Error codes",
        &format!(
            "<p>Errors are problem documents (RFC 9457) with a stable <code>code</code>.</p>\n\
             <table>\n{rows}</table>\n<h2>Codes of single fields</h2>\n\
             <p>They stand in <code>errors[].code</code>, below <code>invalid_field</code>.</p>\n\
             <table>\n{fields}</table>"
        ),
    )
}

async fn error(Path(name): Path<String>) -> Response {
    let Some(code) = Code::from_name(&name) else {
        return Problem::new(Code::NotFound).into_response();
    };
    let document = Problem::new(code).document(Some("req_…"));
    let document = serde_json::to_string_pretty(&document).unwrap_or_default();
    let (title, explanation) = (escape(code.title()), escape(code.explanation()));
    let (status, document) = (code.status().as_u16(), escape(&document));
    html(
        code.name(),
        &format!(
            "<p><strong>{title}</strong> (status {status})</p>\n<p>{explanation}</p>\n\
             <pre>{document}</pre>\n<p><a href=\"/docs/errors\">All error codes</a></p>"
        ),
    )
}

pub(super) fn html(title: &str, body: &str) -> Response {
    let (title, nonce) = (escape(title), Nonce::make());
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style nonce=\"{}\">body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}\
         td{{padding:.15rem .75rem .15rem 0;vertical-align:top}}</style></head>\n\
         <body><h1>{title}</h1>\n{body}\n</body></html>\n",
        nonce.as_str()
    );
    with_policy((StatusCode::OK, Html(page)).into_response(), csp::page(&nonce))
}

pub(crate) fn with_policy(mut response: Response, policy: HeaderValue) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
