//! Who may do what: every operation tried by every role.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::app::{Person, TestApp, send};

const ALL: [&str; 9] =
    ["admin", "owner", "manager", "executive", "support", "finance", "sales", "field", "viewer"];

/// FEATURES decisions 15, 16 and 24, as this issue fills them: the roles of each permission.
fn roles(permission: &str) -> &'static [&'static str] {
    match permission {
        "customer.list" | "customer.read" | "note.read" | "order.read" | "task.read"
        | "message.read" | "quote.read" | "service.read" | "folder.read" | "notification.read"
        | "user.read" | "token.own" | "event.read" | "audit.read" => &ALL,
        "customer.create" | "customer.edit" | "note.write" | "interaction.write" | "task.write"
        | "notification.send" | "rule.read" | "rule.run" | "job.read" | "unmatched.read"
        | "unmatched.write" | "message.write" | "template.read" | "message.receive"
        | "order.place" | "quote.write" | "service.write" => &ALL[..8],
        "risk.read" | "risk.write" | "finance.read" => &ALL[..6],
        "customer.delete" => &ALL[..5],
        "order.write" | "finance.write" | "audit.verify" => {
            &["admin", "owner", "manager", "executive", "finance"]
        }
        "folder.admin" | "rule.admin" | "template.admin" | "webhook.admin" | "import.run" => {
            &ALL[..3]
        }
        "customer.erase" | "user.admin" | "token.admin" | "organisation.admin"
        | "connection.admin" => &ALL[..2],
        other => panic!("no roles are written down for {other}"),
    }
}

/// Where one shows for the first time who one is.
const OPEN: [&str; 2] = ["session_begin", "invitations_accept"];

/// Asks as somebody; what is allowed may fail for another reason, and writes nothing.
async fn try_it(person: &Person, method: &str, path: &str, customer: &str) -> u16 {
    let path = path.replace("{customer_id}", customer).replace("{role}", "viewer");
    let mut filled = String::new();
    for part in path.split('/').skip(1) {
        filled.push('/');
        filled.push_str(if part.starts_with('{') {
            "0199a1b2-0000-7000-8000-0000000000ff"
        } else {
            part
        });
    }
    let method: Method = method.to_uppercase().parse().unwrap();
    let request = person.request(method.clone(), &filled);
    let request = request.header("Idempotency-Key", "k").header("If-Match", "\"999\"");
    let request = if method == Method::GET { request } else { request.json(&json!({})) };
    // Without the body: that of a live feed has no end.
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn f161_every_operation_is_for_the_roles_of_its_permission() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let operations = api::openapi::operations();
    let guarded: Vec<_> = operations
        .iter()
        .filter_map(|operation| Some((operation, operation.permission?)))
        .collect();
    assert!(guarded.len() > 50);
    for role in ALL {
        let person = app.user(&[role]).await;
        for (operation, permission) in &guarded {
            // A command's body is read before the policy is asked: take one that can be read.
            let body = operation.body.clone();
            let status = match body {
                Some(body) if operation.method != "get" => {
                    let path = operation.path_values.iter().fold(
                        operation.path.to_owned(),
                        |path, (name, value)| {
                            let value = if *name == "customer_id" { &customer } else { value };
                            path.replace(&format!("{{{name}}}"), value)
                        },
                    );
                    let dry = if operation.path == "/v1/users"
                        || operation.path == "/v1/tokens"
                        || operation.path == "/v1/customers/search"
                    {
                        ""
                    } else {
                        "?dry_run=true"
                    };
                    let method: Method = operation.method.to_uppercase().parse().unwrap();
                    if roles(permission).contains(&role)
                        && dry.is_empty()
                        && operation.path != "/v1/customers/search"
                    {
                        continue;
                    }
                    send(person.request(method, &format!("{path}{dry}")).json(&body)).await.status
                }
                _ => try_it(&person, operation.method, operation.path, &customer).await,
            };
            let allowed = roles(permission).contains(&role);
            assert_eq!(status != 403, allowed, "{role} {} ({permission}): {status}", operation.id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_what_they_may_do() {
    let app = TestApp::start().await;
    let named: BTreeSet<&str> =
        api::openapi::operations().iter().filter_map(|operation| operation.permission).collect();
    for role in ALL {
        let me = app.user(&[role]).await.get("/v1/me").await.expect(200);
        assert_eq!(me["roles"], json!([role]));
        let permissions = me["permissions"].as_array().unwrap();
        for permission in &named {
            let told = permissions.contains(&json!(permission));
            assert_eq!(told, roles(permission).contains(&role), "{role} {permission}");
        }
    }
    // Grants only add.
    let both = app.user(&["viewer", "finance"]).await;
    both.get("/v1/audit/verify").await.expect(200);
}

/// Without a token nothing under `/v1` answers, whatever it is.
#[tokio::test(flavor = "multi_thread")]
async fn every_operation_needs_a_token_but_the_open_ones() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let nobody = app.with_token(&json!("none"));
    for operation in api::openapi::operations() {
        let status = try_it(&nobody, operation.method, operation.path, &customer).await;
        assert_eq!(status == 401, operation.needs_token, "{}: {status}", operation.id);
        let guarded = operation.path.starts_with("/v1/") && !OPEN.contains(&operation.id.as_str());
        assert_eq!(operation.needs_token, guarded, "{}", operation.id);
    }
}
