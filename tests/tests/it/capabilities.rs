//! What somebody may see and do of a customer, and why not the rest.

use api::openapi::operations;
use serde_json::{Value, json};

use crate::app::{Person, TestApp};
use crate::openapi::World;
use crate::reach::set_reach;

async fn capabilities(person: &Person, customer: &str) -> Value {
    person.get(&format!("/v1/customers/{customer}/capabilities")).await.expect(200)
}

/// Why one of them is missing; nothing where it is there.
fn reason<'a>(told: &'a Value, kind: &str, name: &str) -> Option<&'a str> {
    let all = told[kind].as_array().unwrap();
    let one = all.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(one["available"], one.get("reason").is_none(), "{one}");
    one["reason"]["code"].as_str()
}

#[tokio::test(flavor = "multi_thread")]
async fn f015_capabilities_say_why_a_tab_or_command_is_missing_by_role_and_reach() {
    let app = TestApp::start().await;
    let (ada, karl) = (app.person("Ada", "Byron").await, app.person("Karl", "Seal").await);
    let flag = json!({ "type": "manual_flag", "reason": "Look" });
    app.post(&format!("/v1/customers/{karl}/risk-flags"), flag).await.expect(201);
    let (sales, viewer) = (app.user(&["sales"]).await, app.user(&["viewer"]).await);
    let told = capabilities(&sales, &ada).await;
    assert_eq!(told, capabilities(&sales, &karl).await, "it depends on no data");
    assert_eq!(reason(&told, "tabs", "overview"), None);
    assert_eq!(reason(&told, "tabs", "quotes"), None);
    assert_eq!(reason(&told, "tabs", "finance"), Some("role"));
    assert_eq!(reason(&told, "tabs", "insight"), Some("role"));
    assert_eq!(reason(&told, "commands", "customer.tag"), None);
    assert_eq!(reason(&told, "commands", "customer.raise_risk_flag"), Some("role"));
    assert_eq!(reason(&told, "commands", "account.issue_invoice"), Some("role"));
    assert_eq!(reason(&told, "commands", "customer.restore"), Some("role"));
    let told = capabilities(&viewer, &ada).await;
    let commands = told["commands"].as_array().unwrap();
    assert!(commands.len() > 30);
    assert!(commands.iter().all(|command| command["available"] == false));
    let told = capabilities(&app, &ada).await;
    assert!(told["tabs"].as_array().unwrap().iter().all(|tab| tab["available"] == true));
    assert_eq!(reason(&told, "commands", "customer.restore"), Some("not_archived"));

    // Who reads a customer does not always change them.
    let reach = json!({ "read": { "all": true }, "write": { "assigned": true } });
    set_reach(&app, &sales, reach).await;
    let told = capabilities(&sales, &ada).await;
    assert_eq!(reason(&told, "tabs", "overview"), None);
    assert_eq!(reason(&told, "commands", "customer.tag"), Some("reach"));
    assert_eq!(reason(&told, "commands", "account.issue_invoice"), Some("role"));
    let nobody = format!("/v1/customers/{}/capabilities", sales.id);
    sales.get(&nobody).await.refused(404, "customer_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn f015_capabilities_of_an_archived_customer_are_what_the_service_does() {
    let app = TestApp::start().await;
    let world = World::make(&app, 0).await;
    let customer = &world.ids[0].1;
    app.post(&format!("/v1/customers/{customer}/archive"), json!({})).await.expect(200);
    let told = capabilities(&app, customer).await;
    assert_eq!(reason(&told, "commands", "customer.restore"), None);
    assert_eq!(reason(&told, "commands", "customer.erase"), None);
    assert_eq!(reason(&told, "commands", "customer.archive"), Some("archived"));
    let mut refused = 0;
    for operation in operations() {
        let Some(name) = operation.command else { continue };
        // These end what is tried, or ask for the version.
        let apart = ["restore", "erase", "archive", "change_type"]
            .iter()
            .any(|command| name == format!("customer.{command}"));
        if apart || !operation.path.starts_with("/v1/customers/{customer_id}/") {
            continue;
        }
        let answer = world.call(&app, &operation, operation.body.as_ref()).await;
        let is_refused = answer.text.contains("customer_archived");
        let expected = reason(&told, "commands", name) == Some("archived");
        assert_eq!(is_refused, expected, "{name}: {}", answer.text);
        refused += usize::from(is_refused);
    }
    assert!(refused > 30, "{refused}");
}
