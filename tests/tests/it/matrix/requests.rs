//! Requests that would succeed, made of the reference's own examples with the world's ids.

use std::collections::BTreeSet;

use api::openapi::samples;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use uuid::Uuid;

use super::callers::Caller;
use super::world::{Ids, World};
use crate::app::{Answer, send};

/// The ids that the examples use, by the path parameter that takes such an id.
const SAMPLES: [(&str, &str); 24] = [
    (samples::CUSTOMER, "customer_id"),
    (samples::FOLDER, "folder_id"),
    (samples::TASK, "task_id"),
    (samples::INTERACTION, "interaction_id"),
    (samples::ADDRESS, "address_id"),
    (samples::RISK_FLAG, "flag_id"),
    (samples::USER, "user_id"),
    (samples::RULE, "rule_id"),
    (samples::RUN, "run_id"),
    (samples::EVENT, "event_id"),
    (samples::JOB, "job_id"),
    (samples::ORDER, "order_id"),
    (samples::UNMATCHED, "unmatched_id"),
    (samples::CONNECTION, "connection_id"),
    (samples::WEBHOOK, "webhook_id"),
    (samples::DELIVERY, "delivery_id"),
    (samples::MESSAGE, "message_id"),
    (samples::QUOTE, "quote_id"),
    (samples::SERVICE_ENTRY, "entry_id"),
    (samples::FILE, "file_id"),
    (samples::REFERRER, "referrer"),
    (samples::TEAM, "team_id"),
    (samples::INVOICE, "invoice_id"),
    (samples::PAYMENT, "payment_id"),
];
/// Path parameters of what belongs to one customer, beside those that only count below it.
const OF_CUSTOMERS: [&str; 18] = [
    "customer_id",
    "note_id",
    "file_id",
    "task_id",
    "order_id",
    "message_id",
    "quote_id",
    "entry_id",
    "invoice_id",
    "payment_id",
    "credit_id",
    "run_id",
    "event_id",
    "interaction_id",
    "address_id",
    "flag_id",
    "allocation_id",
    "credit_allocation_id",
];
/// Path parameters of what has a scope, and what the fields of such a thing are called.
pub(crate) const SCOPED: [(&str, &str); 2] = [("note_id", "note"), ("file_id", "file")];
/// Path parameters of what belongs to an organisation.
const OF_ORGANISATIONS: [&str; 12] = [
    "folder_id",
    "rule_id",
    "job_id",
    "template_id",
    "webhook_id",
    "connection_id",
    "unmatched_id",
    "user_id",
    "delivery_id",
    "team_id",
    "invitation_id",
    "session_id",
];
/// Asking, or keeping something of the caller's own, although it is no GET: no record is changed.
const ASKING: [&str; 7] = [
    "customers_search",
    "templates_preview",
    "customers_favourite",
    "customers_unfavourite",
    "customers_look",
    "customers_arrive",
    "customers_leave",
];

/// It names customers, and tells of each in a report of its own whether it was done.
const REPORTS: &str = "jobs_bulk";

/// An operation as the reference describes it.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The path's parameters, each with its example.
    parameters: Vec<(String, String)>,
    pub(crate) query: BTreeSet<String>,
    pub(crate) body: Option<Value>,
    /// The names of its body's own members.
    pub(crate) members: BTreeSet<String>,
    /// Whether the body is a file.
    bytes: bool,
}

/// Whom or what an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Customers,
    Organisations,
    Nothing,
}

/// A request that can be sent again.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: Method,
    pub(crate) path: String,
    headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

/// The operations of a reference.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        let each = item.as_object().unwrap().iter();
        each.map(move |(method, described)| operation(document, path, method, described))
    });
    each.collect()
}

fn operation(document: &Value, path: &str, method: &str, described: &Value) -> Operation {
    let parameters = || described["parameters"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let in_path = parameters().filter(|parameter| parameter["in"] == "path");
    let in_query = parameters().filter(|parameter| parameter["in"] == "query");
    let content = &described["requestBody"]["content"];
    let json = &content["application/json"];
    Operation {
        id: text(&described["operationId"]),
        method: method.to_uppercase().parse().unwrap(),
        path: path.to_owned(),
        parameters: in_path.map(|one| (text(&one["name"]), text(&one["example"]))).collect(),
        query: in_query.map(|one| text(&one["name"])).collect(),
        body: json.get("example").cloned(),
        members: members(document, &json["schema"]),
        bytes: content.get("*/*").is_some(),
    }
}

/// The names of the members that a schema describes.
pub(crate) fn members(document: &Value, schema: &Value) -> BTreeSet<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return members(document, document.pointer(&reference[1..]).unwrap());
    }
    let mut names: BTreeSet<String> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    for choice in ["allOf", "oneOf", "anyOf"] {
        for part in schema[choice].as_array().into_iter().flatten() {
            names.extend(members(document, part));
        }
    }
    names
}

impl Operation {
    pub(crate) fn about(&self) -> About {
        let takes =
            |names: &[&str]| self.parameters.iter().any(|(name, _)| names.contains(&name.as_str()));
        let named =
            |body: &Value| self.id != REPORTS && body.to_string().contains(samples::CUSTOMER);
        if takes(&OF_CUSTOMERS)
            || (!takes(&OF_ORGANISATIONS) && self.body.as_ref().is_some_and(named))
        {
            About::Customers
        } else if takes(&OF_ORGANISATIONS) {
            About::Organisations
        } else {
            About::Nothing
        }
    }

    pub(crate) fn takes(&self, parameter: &str) -> bool {
        self.parameters.iter().any(|(name, _)| name == parameter)
    }

    pub(crate) fn writes(&self) -> bool {
        self.method != Method::GET && !ASKING.contains(&self.id.as_str())
    }

    /// Whether it can be tried without being done.
    pub(crate) fn can_be_tried(&self) -> bool {
        self.query.contains("dry_run")
    }

    /// The request with these ids; where one is missing, with the example's.
    pub(crate) fn request(&self, caller: &Caller, ids: &Ids, query: &str) -> Request {
        let mut path = self.path.clone();
        for (name, example) in &self.parameters {
            let value = match name.as_str() {
                "token_id" => &caller.spare_token,
                name => ids.get(name).unwrap_or(example),
            };
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        let mut headers = caller.headers.clone();
        headers.push(("idempotency-key", Uuid::now_v7().to_string()));
        if ["customers_erase", "customers_change_type"].contains(&self.id.as_str()) {
            headers.push(("if-match", ids.get("if-match").cloned().unwrap_or_default()));
        }
        let mut body = self.body.as_ref().map(|body| with(&body.to_string(), ids).into_bytes());
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let mut query = query.to_owned();
        match self.id.as_str() {
            "imports_create" => {
                query = "?kind=customers".to_owned();
                body = Some(b"external_id\n".to_vec());
            }
            "customers_files_upload" => {
                query = format!(
                    "{}name=offer.pdf",
                    if query.is_empty() { "?" } else { "?dry_run=true&" }
                );
                body = Some(b"%PDF-1.7".to_vec());
            }
            "inbound_mail" => body = Some(b"From: eve@example.org\r\n\r\nHi\r\n".to_vec()),
            "search" => query = "?q=example".to_owned(),
            "customers_diff" => query = "?from=0&to=9".to_owned(),
            // Who reaches one folder registers customers there.
            "inbound_create_customer" => {
                let person =
                    json!({ "type": "person", "last_name": "Eve", "folder": ids["folder_id"] });
                body = Some(person.to_string().into_bytes());
            }
            "users_create" | "invitations_make" => {
                let address = format!("{}@example.com", Uuid::now_v7().simple());
                body = body.map(|body| {
                    String::from_utf8_lossy(&body).replace("m.kern@example.com", &address).into()
                });
            }
            _ if self.bytes => body = Some(Vec::new()),
            _ => {}
        }
        Request { method: self.method.clone(), path: format!("{path}{query}"), headers, body }
    }

    /// The same of something that does not exist: of a customer who is not there, or, where the
    /// customer is, of a note or a file that is not.
    pub(crate) fn unknown(&self, ids: &Ids, reaches: bool) -> Ids {
        if reaches {
            let parts = SCOPED.map(|(name, _)| (name.to_owned(), Uuid::now_v7().to_string()));
            return ids.clone().into_iter().chain(parts).collect();
        }
        let names: &[&str] = match self.about() {
            About::Customers => &OF_CUSTOMERS,
            About::Organisations => &OF_ORGANISATIONS,
            About::Nothing => &[],
        };
        let unknown = names.iter().map(|name| ((*name).to_owned(), Uuid::now_v7().to_string()));
        ids.clone().into_iter().chain(unknown).collect()
    }
}

/// An example with these ids.
fn with(example: &str, ids: &Ids) -> String {
    SAMPLES.iter().fold(example.to_owned(), |text, (sample, name)| {
        ids.get(*name).map_or_else(|| text.clone(), |id| text.replace(sample, id))
    })
}

impl Request {
    /// A request that is not made of an operation.
    pub(crate) fn get(caller: &Caller, path: &str) -> Self {
        let (method, headers) = (Method::GET, caller.headers.clone());
        Self { method, path: path.to_owned(), headers, body: None }
    }

    pub(crate) fn post(caller: &Caller, path: &str, body: &Value) -> Self {
        let mut headers = caller.headers.clone();
        headers.push(("content-type", "application/json".to_owned()));
        headers.push(("idempotency-key", Uuid::now_v7().to_string()));
        let (method, body) = (Method::POST, Some(body.to_string().into_bytes()));
        Self { method, path: path.to_owned(), headers, body }
    }

    /// With a body of its own.
    pub(crate) fn with_body(&self, body: &Value) -> Self {
        Self { body: Some(body.to_string().into_bytes()), ..self.clone() }
    }

    pub(crate) async fn send(&self, world: &World, client: &Client) -> Answer {
        let request = client.request(self.method.clone(), world.app.url(&self.path));
        let request = self
            .headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, value));
        let request = match &self.body {
            Some(body) => request.body(body.clone()),
            None => request,
        };
        send(request).await
    }

    /// All that the caller told: what of it comes back is no news.
    pub(crate) fn said(&self) -> String {
        let body = self.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        format!("{} {body}", self.path).replace("%40", "@").replace("%2B", "+").to_lowercase()
    }
}
