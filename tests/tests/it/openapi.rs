//! The reference: an `OpenAPI` 3.1 document whose every example works.

use std::collections::BTreeSet;

use api::openapi::{Operation, operations, samples};
use eventstore::state::session::{self, NewSession};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp, rows, send};
use crate::files;
use crate::hooks::{self, connect};
use crate::inbound::mail;
use crate::schemas::events_fit_their_schemas;

/// Real records that stand in for the ids of the examples.
pub(crate) struct World {
    pub(crate) ids: Vec<(&'static str, String)>,
    version: String,
}

impl World {
    pub(crate) async fn make(app: &TestApp, number: usize) -> Self {
        let folder = app.folder(&format!("Folder {number}"), &["prospect", "won"]).await;
        let customer = json!({ "type": "person", "first_name": "Ada", "folder": folder,
            "phones": ["+44 20 7946 0958"], "tags": ["vip"] });
        let customer = app.customer(customer).await;
        let path = |what: &str| format!("/v1/customers/{customer}/{what}");
        let part = async |what: &str, member: &str, body: Value| {
            app.post(&path(what), body).await.expect(201)[member].as_str().unwrap().to_owned()
        };
        let note = part("notes", "note_id", json!({ "text": "Likes tea" })).await;
        let address = part("addresses", "address_id", json!({ "line1": "1 High Street" })).await;
        let flag = json!({ "type": "manual_flag", "reason": "Look" });
        let flag = part("risk-flags", "flag_id", flag).await;
        let call = part("interactions", "interaction_id", json!({ "type": "call" })).await;
        let task = part("tasks", "id", json!({ "title": "Call" })).await;
        let lines = json!([{ "quantity": 1, "unit_price": 1 }]);
        let order = json!({ "currency": "EUR", "lines": lines });
        let order = part("orders", "id", order).await;
        let quote = json!({ "currency": "EUR", "lines": lines, "valid_until": "2099-12-31" });
        let quote = part("quotes", "id", quote).await;
        let entry = json!({ "kind": "delivery", "title": "Sofa", "scheduled_for": "2026-12-01" });
        let entry = part("service-entries", "id", entry).await;
        let file = files::upload(app, &customer, "name=offer.pdf", "%PDF-1.7").await;
        let file = file.expect(201)["id"].as_str().unwrap().to_owned();
        let referrer = app.person("Karl", "Seal").await;
        let (store, organisation) = (&app.service.store, app.organisation);
        let known = customer.parse().unwrap();
        let link =
            automation::outbox::unsubscribe::token(store, organisation, known).await.unwrap();
        let message = json!({ "to": "ada@example.com", "subject": "Hello", "text": "Dear Ada" });
        let message = part("messages", "id", message).await;
        let template = json!({ "name": "Thanks", "channel": "email", "subject": "Thank you",
            "text": "Dear {customer.display_name}" });
        let template = app.created("/v1/templates", template).await;
        let invoice = json!({ "currency": "EUR", "due_on": "2026-12-04",
            "lines": [{ "quantity": 1, "unit_price": 100 }] });
        let invoice = app.created(&path("invoices"), invoice).await;
        let part = json!([{ "invoice": invoice, "amount": 10, "allocation_id": Uuid::now_v7() }]);
        let allocation = part[0]["allocation_id"].as_str().unwrap().to_owned();
        let payment = json!({ "amount": { "amount": 50, "currency": "EUR" }, "allocations": part });
        let key = Uuid::now_v7().to_string();
        let key = [("Idempotency-Key", key.as_str())];
        let payment = app.post_with(&path("payments"), &key, payment).await.expect(201);
        let payment = payment["id"].as_str().unwrap().to_owned();
        let credit = json!({ "amount": { "amount": 20, "currency": "EUR" } });
        let credit = app.created(&path("account-credits"), credit).await;
        let credit_allocation = json!({ "invoice": invoice, "amount": 5 });
        let credits = format!("/v1/account-credits/{credit}/allocations");
        let credit_allocation = app.created(&credits, credit_allocation).await;
        let event = app.events_of(&customer, "customer.created").await[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let user =
            json!({ "email": format!("u{number}@example.com"), "name": "U", "roles": ["sales"] });
        let user = app.created("/v1/users", user).await;
        let team = app.created("/v1/teams", json!({ "name": format!("Team {number}") })).await;
        let token = app.post("/v1/tokens", json!({ "name": "t" })).await.expect(201)["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let letter = format!(
            "From: eve.{number}@example.org\r\nMessage-ID: <{number}@example.org>\r\n\r\nHello\r\n"
        );
        let unmatched = mail(app, letter).await.expect(200)["id"].as_str().unwrap().to_owned();
        let connection = connect(app, "whatsapp").await.id;
        let session = begun_session(app).await;
        let invited =
            json!({ "email": format!("i{number}@example.com"), "name": "I", "roles": ["sales"] });
        let invited = app.post("/v1/invitations", invited).await.expect(201);
        let invited = |name: &str| invited[name].as_str().unwrap().to_owned();
        let version = app.strong(&customer).await["version"].to_string();
        let ids = vec![
            (samples::CUSTOMER, customer),
            (samples::FOLDER, folder),
            (samples::TASK, task),
            (samples::NOTE, note),
            (samples::INTERACTION, call),
            (samples::ADDRESS, address),
            (samples::RISK_FLAG, flag),
            (samples::USER, user),
            (samples::EVENT, event),
            (samples::TOKEN, token),
            (samples::TEAM, team),
            (samples::ORDER, order),
            (samples::MESSAGE, message),
            (samples::QUOTE, quote),
            (samples::TEMPLATE, template),
            (samples::SERVICE_ENTRY, entry),
            (samples::FILE, file),
            (samples::REFERRER, referrer),
            (samples::UNSUBSCRIBE, link),
            (samples::UNMATCHED, unmatched),
            (samples::CONNECTION, connection),
            (samples::INVOICE, invoice),
            (samples::PAYMENT, payment),
            (samples::ALLOCATION, allocation),
            (samples::CREDIT, credit),
            (samples::CREDIT_ALLOCATION, credit_allocation),
            (samples::SESSION, session.0),
            (samples::INVITATION, invited("id")),
            (samples::INVITATION_TOKEN, invited("token")),
            (samples::EMAIL, "owner@dossier.localhost".to_owned()),
            (samples::PASSWORD, app.password().to_owned()),
        ];
        Self { ids, version }
    }

    /// A rule that has run, an import that is done, and what a webhook was told: made once, for those who read them.
    pub(crate) async fn with_work(mut self, app: &TestApp) -> Self {
        let webhook = json!({ "url": "https://hooks.example.com", "types": ["customer.flagged"] });
        let webhook = app.created("/v1/webhooks", webhook).await;
        let then = json!([{ "action": "add_tag", "tag": "seen" }]);
        let rule = app.rule("customer.flagged", json!({ "then": then })).await;
        let customer = app.person("Ben", "Jonson").await;
        let flags = format!("/v1/customers/{customer}/flags");
        app.post(&flags, json!({ "reason": "Look" })).await.expect(200);
        app.settled().await;
        let run = rows(&app.get("/v1/automation/runs").await)[0]["id"].as_str().unwrap().to_owned();
        let file = b"external_id,last_name\n1,Eve\n".to_vec();
        let job =
            app.import("kind=customers&source=x", file).await["id"].as_str().unwrap().to_owned();
        let told = format!("/v1/webhooks/{webhook}/deliveries");
        let told = app.until(&told, |list| list["data"][0].is_object()).await;
        let delivery = told["data"][0]["id"].as_str().unwrap().to_owned();
        self.ids.extend([
            (samples::RULE, rule),
            (samples::RUN, run),
            (samples::JOB, job),
            (samples::WEBHOOK, webhook),
            (samples::DELIVERY, delivery),
        ]);
        self
    }

    fn real(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (sample, id)| text.replace(sample, id))
    }

    /// What was just done, to be undone.
    async fn done(&self, app: &TestApp, operation: &str) -> String {
        let (customer, tag) = (self.real(samples::CUSTOMER), Uuid::now_v7().to_string());
        let command = json!({ "type": "customer.tag", "data": { "tag": tag } });
        if operation == "events_undo" {
            let tags = format!("/v1/customers/{customer}/tags");
            let done = app.post(&tags, json!({ "tag": tag })).await.expect(200);
            return format!("/v1/events/{}/undo", done["events"][0]["id"].as_str().unwrap());
        }
        let body = json!({ "selection": { "ids": [customer] }, "command": command });
        let begun = app.post_with("/v1/jobs/bulk", &[("Idempotency-Key", &tag)], body).await;
        let job = begun.header("location");
        app.until(job, |job| !job["finished_at"].is_null()).await;
        format!("{job}/undo")
    }

    pub(crate) async fn call(
        &self,
        app: &TestApp,
        operation: &Operation,
        body: Option<&Value>,
    ) -> Answer {
        let path =
            operation.path_values.iter().fold(operation.path.to_owned(), |path, (name, value)| {
                path.replace(&format!("{{{name}}}"), &self.real(value))
            });
        let method: Method = operation.method.to_uppercase().parse().unwrap();
        let head = app.service.store.head_sequence(app.organisation).await.unwrap();
        let mut request =
            app.request(method, &path).header("Dossier-Min-Position", head.to_string());
        request = request
            .header("Prefer", "wait=5")
            .header("Idempotency-Key", Uuid::now_v7().to_string());
        if ["customers_erase", "customers_change_type"].contains(&operation.id.as_str()) {
            request = request.header("If-Match", &self.version);
        }
        if let Some(body) = body {
            let body = self.real(&body.to_string());
            request = request.header("content-type", "application/json").body(body);
        }
        if ["events_undo", "jobs_undo"].contains(&operation.id.as_str()) {
            let path = self.done(app, &operation.id).await;
            let key = Uuid::now_v7().to_string();
            request = app.request(Method::POST, &path).header("Idempotency-Key", key);
        }
        if operation.id == "imports_create" {
            request =
                app.request(Method::POST, "/v1/imports?kind=customers").body("last_name\nEve\n");
        }
        if operation.id == "customers_files_upload" {
            let path = format!("{path}?name=offer.pdf");
            request = app.request(Method::POST, &path).body("%PDF-1.7");
        }
        if operation.id == "inbound_mail" {
            request = app.request(Method::POST, "/v1/inbound/mail").body("From: a@b.de\r\n\r\nx");
        }
        if operation.id == "session_end" {
            let cookie = format!("dossier_session={}", begun_session(app).await.1);
            let own = reqwest::Client::new().delete(app.url("/v1/session"));
            request = own.header("cookie", cookie).header("sec-fetch-site", "same-origin");
        }
        if operation.id == "search" {
            request = app.request(Method::GET, "/v1/search?q=ada");
        }
        if operation.path.starts_with("/hooks/") {
            return hooks::example(app, &operation.id).await;
        }
        send(request).await
    }
}

/// The id of a session of the owner, and what its cookie holds.
async fn begun_session(app: &TestApp) -> (String, String) {
    let client = app.service.store.app().get().await.unwrap();
    let (user_id, organisation) = (app.id.parse().unwrap(), app.organisation);
    let new = NewSession { user_id, organisation, user_agent: None };
    let (session, secret) = session::begin(&client, &new).await.unwrap();
    (session.session_id.to_string(), secret)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_openapi_and_names_every_operation() {
    let app = TestApp::start().await;
    let answer = app.get("/openapi.json").await;
    let document = answer.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(document["openapi"], "3.1.0");
    let mut named = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            named.insert((path.clone(), method.clone()));
            let id = operation["operationId"].as_str().unwrap();
            assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{id}");
            if path.starts_with("/v1/") {
                for status in ["400", "401", "403", "404"] {
                    assert!(operation["responses"][status].is_object(), "{id} {status}");
                }
            }
        }
    }
    assert_eq!(named.len(), operations().len());
    let emits = &document["paths"]["/v1/customers/{customer_id}/status"]["post"]["x-emits"];
    assert_eq!(*emits, json!(["customer.status_changed"]));
    for event in ["customer.created", "order.recorded", "task.completed", "rule_run.finished"] {
        assert!(document["webhooks"][event].is_object(), "{event}");
    }
    let page = app.get("/docs/").await;
    assert_eq!(page.status, 200);
    // It works without the network.
    assert!(!page.text.contains("https://") && !page.text.contains("//cdn"), "{}", page.text);
    for file in page.text.split("href=\"").chain(page.text.split("src=\"")).skip(1) {
        let file = file.split('"').next().unwrap();
        if file.ends_with(".css") || file.ends_with(".js") {
            let path = format!("/docs/{}", file.trim_start_matches("./"));
            assert_eq!(app.get(&path).await.status, 200, "{path}");
        }
    }
}

/// Every example is sent: the good ones work and answer as their schema says.
#[tokio::test(flavor = "multi_thread")]
async fn every_example_works_and_answers_as_described() {
    let app = TestApp::start().await;
    let document = app.get("/openapi.json").await.expect(200);
    let work = World::make(&app, 0).await.with_work(&app).await;
    for (number, operation) in operations().iter().enumerate() {
        if operation.id == "runs_retry" {
            // There is no failed run to be had over HTTP; that a good one is refused is tested.
            continue;
        }
        if operation.id == "events_stream" {
            // Its answer has no end; it has tests of its own.
            continue;
        }
        if operation.status / 100 == 3 {
            // The client follows redirects; where this one leads has a test of its own.
            continue;
        }
        let mut world = World::make(&app, number + 1).await;
        world.ids.extend(work.ids[work.ids.len() - 5..].iter().cloned());
        let answer = world.call(&app, operation, operation.body.as_ref()).await;
        assert_eq!(answer.status, operation.status, "{}: {}", operation.id, answer.text);
        if operation.id == "customers_create" {
            // Its outside id is that of another example.
            let made = format!("{}/external-ids/shop", answer.header("location"));
            app.delete(&made).await.expect(200);
        }
        let described = &document["paths"][operation.path][operation.method]["responses"]
            [operation.status.to_string()];
        let schema = &described["content"]["application/json"]["schema"];
        if !schema.is_null() && operation.id != "openapi_document" {
            let wrong = check(&document, schema, &answer.json(), operation.id.clone());
            assert!(wrong.is_empty(), "{wrong:#?}\n{}", answer.text);
        }
    }
    let types = events_fit_their_schemas(&app).await;
    assert!(types.len() > 70, "{types:?}");
}

/// The wrong ones are refused with the code that the reference tells.
#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_example_is_refused_as_described() {
    let app = TestApp::start().await;
    let world = World::make(&app, 0).await.with_work(&app).await;
    let mut tried = 0;
    for operation in operations() {
        let Some((body, code)) = &operation.wrong else { continue };
        let answer = world.call(&app, &operation, Some(body)).await;
        assert_eq!(answer.status, 422, "{}: {}", operation.id, answer.text);
        let problem = answer.json();
        let first = &problem["errors"][0]["code"];
        assert_eq!(*first, **code, "{}: {problem}", operation.id);
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

/// What an answer has against its schema; the parts of JSON Schema that the reference uses.
fn check(document: &Value, schema: &Value, value: &Value, at: String) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference}"));
        return check(document, target, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fits = |choice: &Value| check(document, choice, value, at.clone()).is_empty();
        return if choices.iter().any(fits) {
            Vec::new()
        } else {
            vec![format!("{at}: fits no choice: {value}")]
        };
    }
    let mut wrong = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        wrong.extend(check(document, part, value, at.clone()));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is = |name: &str| name == kind || (name == "number" && kind == "integer");
    let fits = match &schema["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    };
    if !fits {
        wrong.push(format!("{at}: {kind}, not {}", schema["type"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        wrong.push(format!("{at}: {value} is none of {words:?}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            wrong.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => wrong.extend(check(document, schema, member, format!("{at}/{name}"))),
            None if schema["additionalProperties"] == false => {
                wrong.push(format!("{at}: {name} is not described"))
            }
            None => {}
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        if !schema["items"].is_null() {
            wrong.extend(check(document, &schema["items"], item, format!("{at}/{index}")));
        }
    }
    wrong
}
