//! What events say is told as JSON Schema, where `dataschema` points to.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows};

/// Reads every event that there is and asserts that it says what its schema tells, and nothing
/// else; answers the types that it met.
pub(crate) async fn events_fit_their_schemas(person: &Person) -> Vec<String> {
    let mut schemas: BTreeMap<String, Validator> = BTreeMap::new();
    let mut path = "/v1/events?limit=200".to_owned();
    let mut types = Vec::new();
    loop {
        let page = person.get(&path).await.expect(200);
        for event in page["data"].as_array().unwrap() {
            let address = event["dataschema"].as_str().unwrap();
            if !schemas.contains_key(address) {
                let mut schema = person.get(address).await.expect(200);
                assert_eq!(schema["$id"], address);
                assert_eq!(schema["title"], event["type"]);
                schema["unevaluatedProperties"] = json!(false);
                let schema = jsonschema::validator_for(&schema).unwrap();
                schemas.insert(address.to_owned(), schema);
                types.push(event["type"].as_str().unwrap().to_owned());
            }
            let wrong: Vec<String> = schemas[address]
                .iter_errors(&event["data"])
                .map(|wrong| wrong.to_string())
                .collect();
            assert!(wrong.is_empty(), "{wrong:#?}\n{event:#}");
        }
        let Some(next) = page["page"]["next"].as_str() else { return types };
        path = format!("/v1/events?limit=200&after={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_event_has_a_schema() {
    let app = TestApp::start().await;
    let listed = rows(&app.get("/v1/schemas/events").await);
    let names = column(&listed, "type");
    for name in ["customer.created", "account.invoice_issued", "rule_run.finished"] {
        assert!(names.iter().any(|listed| listed == name), "{name}");
    }
    for row in &listed {
        let version = &row["versions"][0];
        let address = version["dataschema"].as_str().unwrap();
        assert_eq!(address, format!("/v1/schemas/events/{}/1", row["type"].as_str().unwrap()));
        let answer = app.get(address).await;
        assert_eq!(answer.header("content-type"), "application/schema+json");
        let schema = answer.expect(200);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(jsonschema::meta::is_valid(&schema), "{schema:#}");
    }
    let document = app.get("/openapi.json").await.expect(200);
    let told = document["webhooks"].as_object().unwrap();
    assert!(names.iter().all(|name| told.contains_key(name)));
    assert_eq!(told.len(), names.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn events_fit_the_schema_that_they_name_also_when_somebody_is_erased() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = |what: &str| format!("/v1/customers/{id}{what}");
    app.post(&path("/notes"), json!({ "text": "Likes tea" })).await.expect(201);
    app.post(&path("/addresses"), json!({ "line1": "1 High Street" })).await.expect(201);
    let version = app.strong(&id).await["version"].to_string();
    let headers = [("If-Match", version.as_str()), ("Idempotency-Key", "once")];
    app.post_with(&path("/erase"), &headers, json!({ "confirm": "erase" })).await.expect(200);
    let created = &app.events_of(&id, "customer.created").await[0];
    assert_eq!(created["data"]["last_name"], json!({ "erased": true }));
    let types = events_fit_their_schemas(&app).await;
    assert!(types.iter().any(|name| name == "customer.address_added"), "{types:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_there_is_not_is_answered_with_those_that_there_are() {
    let app = TestApp::start().await;
    let missing = async |path: &str| {
        let answer = app.get(&format!("/v1/schemas/events/{path}")).await;
        answer.refused(404, "unknown_event_type")
    };
    let misspelt = missing("customer.taged/1").await;
    assert!(misspelt["detail"].as_str().unwrap().ends_with("did you mean customer.tagged?"));
    let names = misspelt["allowed_values"].as_array().unwrap();
    assert!(names.contains(&Value::from("customer.tagged")));
    for version in ["2", "0", "x", "-1", "99999999999"] {
        let newer = missing(&format!("customer.tagged/{version}")).await;
        assert_eq!(newer["allowed_values"], json!(["1"]), "{version}");
    }
    app.with_token(&json!("dsr_pat_x"))
        .get("/v1/schemas/events")
        .await
        .refused(401, "invalid_token");
}
