use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde_json::json;

use super::{Code, FIELD_CODES, FieldError, MEDIA_TYPE, Problem, nearest};

/// The text of every source file of the domain.
fn domain_sources() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs")
                && path.file_name().is_some_and(|name| name != "tests.rs")
            {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src"), &mut found);
    found
}

fn is_code(text: &str) -> bool {
    text.contains('_') && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// Codes of `fn code(&self)` of refusals, and those that `Invalid::new` is called with.
fn domain_codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for source in domain_sources() {
        for block in source.split("fn code(&self)").skip(1) {
            let block = block.split("\n    fn ").next().unwrap();
            codes.extend(literals(block).filter(|text| is_code(text)).map(str::to_owned));
        }
        for call in source.split("Invalid::new(").skip(1) {
            let call = call.split(';').next().unwrap();
            codes.extend(literals(call).find(|text| is_code(text)).map(str::to_owned));
        }
        for line in source.lines().filter(|line| line.contains("const CODE: &str")) {
            codes.extend(literals(line).map(str::to_owned));
        }
    }
    codes
}

#[test]
fn every_code_of_the_domain_has_a_page_or_is_a_fields() {
    let codes = domain_codes();
    assert!(codes.len() > 30, "the scan has lost its way: {codes:?}");
    assert!(codes.contains("status_not_in_folder") && codes.contains("invalid_condition"));
    let field = |code: &str| FIELD_CODES.iter().any(|(name, _)| *name == code);
    let missing: Vec<_> =
        codes.iter().filter(|code| Code::from_name(code).is_none() && !field(code)).collect();
    assert!(missing.is_empty(), "not in problem/codes.rs: {missing:?}");
    for code in domain::value::CODES {
        assert!(field(code), "not among the field codes: {code}");
    }
}

#[test]
fn every_code_is_listed_once_and_explained() {
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    for code in Code::ALL {
        assert!(code.name().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code:?}");
        assert!(code.status().is_client_error() || code.status().is_server_error(), "{code:?}");
        assert!(!code.title().ends_with('.') && code.explanation().ends_with('.'), "{code:?}");
        assert_eq!(Code::from_name(code.name()), Some(*code));
    }
}

#[test]
fn a_document_has_the_members_of_rfc_9457_and_our_own() {
    let field = FieldError::at("/email", "invalid_email", "no @");
    let problem = Problem::field(field.allowing(Some(vec!["a".to_owned()])))
        .with("current_version", 19)
        .retry_after_ms(1500);
    assert_eq!(
        problem.document(Some("req_1")),
        json!({
            "type": "/docs/errors/invalid_field",
            "title": "A field is not right",
            "status": 422,
            "detail": "no @",
            "code": "invalid_field",
            "request_id": "req_1",
            "errors": [
                { "pointer": "/email", "code": "invalid_email", "detail": "no @", "allowed": ["a"] }
            ],
            "retry_after_ms": 1500,
            "current_version": 19,
        })
    );
}

fn headers(problem: Problem) -> (StatusCode, HeaderMap) {
    let response = problem.into_response();
    (response.status(), response.headers().clone())
}

#[test]
fn headers_say_what_it_is_and_when_to_come_again() {
    let (status, sent) = headers(Problem::new(Code::Overloaded).retry_after_ms(1500));
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(sent["content-type"], MEDIA_TYPE);
    assert_eq!(sent["retry-after"], "2");
    let (_, sent) = headers(Problem::new(Code::InvalidToken));
    assert_eq!(sent["www-authenticate"], "Bearer");
}

#[test]
fn a_word_far_from_all_is_not_guessed() {
    let known = ["limit", "after", "sort"];
    assert_eq!(nearest("limt", known.into_iter()), Some("limit"));
    assert_eq!(nearest("colour", known.into_iter()), None);
}
