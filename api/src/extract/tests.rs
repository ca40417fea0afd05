use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::headers::{IfMatch, Prefer, idempotency_key, if_match, prefer};
use super::query::Query;
use super::{body, path};
use crate::endpoint::{Answer, Endpoint, Guard, Kind, PAGE, Parameter, Request, Verb};
use crate::problem::{Code, Problem};

fn pointer(problem: &Problem) -> String {
    let document = problem.document(None);
    document["errors"][0]["pointer"].as_str().unwrap_or("(none)").to_owned()
}

#[test]
fn what_cannot_be_stored_is_the_fields_fault() {
    for (text, place) in [
        (r#"{"a":{"b":["x","y\u0000"]}}"#, "/a/b/1"),
        (r#"{"a":"\ud800"}"#, "/a"),
        (r#"{"a":"\ud800\u0041"}"#, "/a"),
        (r#"{"a":"\udc00"}"#, "/a"),
        (r#"{"a":[1,1e400000]}"#, "/a/1"),
        (r#"{"a":{"k\u0000":1}}"#, "/a"),
        (r#"{"a~b/c":"\u0000"}"#, "/a~0b~1c"),
    ] {
        let problem = body::read(text.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), Code::InvalidField, "{text}");
        assert_eq!(problem.status_code(), 422, "{text}");
        assert_eq!(pointer(&problem), place, "{text}");
    }
}

#[test]
fn what_is_no_json_is_malformed_and_says_where() {
    for text in ["", "{", "nul", "{\"a\":1,}", "{} {}", "\u{feff}{}"] {
        let problem = body::read(text.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), Code::MalformedJson, "{text}");
        assert!(problem.document(None)["line"].is_u64(), "{text}");
    }
    assert_eq!(body::read(b"{\"a\":\"\xff\"}").unwrap_err().code(), Code::MalformedJson);
}

#[test]
fn json_may_be_so_deep_and_no_deeper() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(body::read(nested(32).as_bytes()).is_ok());
    for deep in [nested(33), nested(127), nested(4000), "{\"a\":".repeat(4000)] {
        assert_eq!(body::read(deep.as_bytes()).unwrap_err().code(), Code::JsonTooDeep);
    }
}

#[test]
fn what_can_be_stored_is_read() {
    let value = body::read(r#"{"a":"\ud83d\ude00","b":1e308,"c":null}"#.as_bytes()).unwrap();
    assert_eq!(value, json!({ "a": "😀", "b": 1e308, "c": null }));
}

const ENDPOINT: Endpoint = Endpoint {
    verb: Verb::Get,
    path: "/v1/things",
    id: "things",
    tag: "Things",
    summary: "",
    guard: Guard::Public,
    parameters: &[
        PAGE,
        &[
            Parameter::new("q", Kind::Text(5), ""),
            Parameter::new("filter", Kind::Filter, ""),
            Parameter::new("order", Kind::Word(&["asc", "desc"]), ""),
            Parameter::new("as_of", Kind::Instant, ""),
            Parameter::new("fields", Kind::Words, ""),
            Parameter::new("dry_run", Kind::Flag, ""),
        ],
    ],
    request: Request::None,
    answer: Answer::Empty(200),
    handler: |_| axum::routing::MethodRouter::new(),
};

fn query(text: &str) -> Result<Query, Problem> {
    Query::read(Some(text), &ENDPOINT)
}

#[test]
fn known_parameters_are_read() {
    let read = query("q=a%20b&limit=7&fields=a,%20b,,c&filter[status]=won&filter[x.y][gte]=1%2B1");
    let read = read.unwrap();
    assert_eq!(read.text("q"), Some("a b"));
    assert_eq!(read.limit(), 7);
    assert_eq!(read.words("fields"), ["a", "b", "c"]);
    assert_eq!(read.filters[0].field, "status");
    assert_eq!(read.filters[0].op, None);
    assert_eq!(read.filters[1].field, "x.y");
    assert_eq!(read.filters[1].op.as_deref(), Some("gte"));
    assert_eq!(read.filters[1].value, "1+1");
    assert_eq!(query("").unwrap().limit(), 50);
}

#[test]
fn the_next_address_keeps_the_question() {
    let read = query("q=a%20b&after=old&filter[status]=won").unwrap();
    assert_eq!(
        read.address("/v1/things", "after", "new="),
        "/v1/things?q=a%20b&filter%5Bstatus%5D=won&after=new%3D"
    );
}

#[test]
fn parameters_that_are_not_known_or_not_right_are_refused() {
    for (text, code) in [
        ("limt=3", Code::UnknownParameter),
        ("filter=won", Code::UnknownParameter),
        ("filtr[status]=won", Code::UnknownParameter),
        ("limit=0", Code::InvalidParameter),
        ("limit=201", Code::InvalidParameter),
        ("limit=ten", Code::InvalidParameter),
        ("limit=1&limit=2", Code::InvalidParameter),
        ("q=toolong", Code::InvalidParameter),
        ("q=%00", Code::InvalidParameter),
        ("order=up", Code::InvalidParameter),
        ("as_of=yesterday", Code::InvalidParameter),
        ("dry_run=yes", Code::InvalidParameter),
    ] {
        let problem = query(text).unwrap_err();
        assert_eq!(problem.code(), code, "{text}");
        assert_eq!(problem.status_code(), 400, "{text}");
    }
    let detail = query("limt=3").unwrap_err().document(None)["detail"].clone();
    assert_eq!(detail, "unknown parameter limt; did you mean limit?");
}

fn with(name: &'static str, value: &str) -> HeaderMap {
    let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
    HeaderMap::from_iter([(HeaderName::from_static(name), value)])
}

#[test]
fn if_match_takes_a_version_or_a_whole_tag() {
    for (text, version) in
        [("\"17\"", 17), ("17", 17), ("\"18.4711.a3f0\"", 18), ("W/\"3.1.x\"", 3)]
    {
        let read = if_match(&with("if-match", text)).unwrap();
        assert_eq!(read, Some(IfMatch::Version(version)), "{text}");
    }
    assert_eq!(if_match(&with("if-match", "*")).unwrap(), Some(IfMatch::Any));
    assert_eq!(if_match(&HeaderMap::new()).unwrap(), None);
    for text in ["\"x\"", "\"-1\"", "\"\"", "\"1\", \"2\"", "99999999999999999999"] {
        assert_eq!(
            if_match(&with("if-match", text)).unwrap_err().code(),
            Code::InvalidHeader,
            "{text}"
        );
    }
}

#[test]
fn an_idempotency_key_is_short_visible_ascii() {
    let longest = "k".repeat(255);
    assert_eq!(idempotency_key(&with("idempotency-key", &longest)).unwrap(), Some(&*longest));
    for text in ["", " ", "schlüssel", &"k".repeat(256)] {
        assert!(idempotency_key(&with("idempotency-key", text)).is_err(), "{text}");
    }
    let mut twice = with("idempotency-key", "a");
    twice.append("idempotency-key", HeaderValue::from_static("b"));
    assert!(idempotency_key(&twice).is_err());
}

#[test]
fn preferences_are_read_and_strange_ones_ignored() {
    let read =
        prefer(&with("prefer", "return=representation, wait=3, respond-async; foo")).unwrap();
    let wait = Duration::from_secs(3);
    assert_eq!(read, Prefer { representation: true, lenient: false, wait });
    let read = prefer(&with("prefer", "handling=lenient, wait=60")).unwrap();
    assert!(read.lenient);
    assert_eq!(read.wait, Duration::from_secs(5));
    assert!(prefer(&with("prefer", "wait=long")).is_err());
    assert_eq!(prefer(&HeaderMap::new()).unwrap(), Prefer::default());
}

#[test]
fn an_id_has_one_writing() {
    let id = "0199a1b2-0000-7000-8000-0000000000c1";
    assert!(path::id(Some(id)).is_ok());
    for text in
        ["0199a1b20000700080000000000000c1", "{0199a1b2-0000-7000-8000-0000000000c1}", "x", ""]
    {
        assert_eq!(path::id(Some(text)).unwrap_err().status_code(), 404, "{text}");
    }
}
