//! What is new about a customer to each user, and what happened since their last visit.

use serde_json::{Value, json};

use crate::app::{Person, TestApp, rows};
use crate::reach::set_reach;

const ROLES: [&str; 9] =
    ["owner", "admin", "manager", "executive", "support", "finance", "sales", "field", "viewer"];

async fn look(person: &Person, customer: &str) {
    let looked = person.post(&format!("/v1/customers/{customer}/looks"), json!({})).await;
    assert_eq!(looked.status, 204, "{}", looked.text);
}

/// What the row of the list and the customer say, which is the same.
async fn new_activity(person: &Person, customer: &str) -> u64 {
    let found = rows(&person.get_fresh("/v1/customers").await);
    let row = found.into_iter().find(|row| row["id"] == customer).unwrap();
    let whole = person.get_fresh(&format!("/v1/customers/{customer}")).await.expect(200);
    assert_eq!(row["new_activity"], whole["new_activity"]);
    row["new_activity"].as_u64().unwrap()
}

async fn since(person: &Person, customer: &str) -> Value {
    person.get_fresh(&format!("/v1/customers/{customer}/since")).await.expect(200)
}

/// Lets so many minutes pass since everybody's last look.
async fn pass(app: &TestApp, minutes: i32) {
    let back = "UPDATE state.look SET seen_at = seen_at - make_interval(mins => $1)";
    app.superuser().await.execute(back, &[&minutes]).await.unwrap();
}

/// One of everything that somebody may do with a customer, hidden and open things alike.
async fn happen(app: &TestApp, customer: &str, referred: &str) {
    let path = |what: &str| format!("/v1/customers/{customer}/{what}");
    for scope in [
        "internal",
        "sales",
        "branch",
        "support",
        "finance",
        "fulfillment",
        "restricted",
        "customer",
    ] {
        let note = json!({ "text": format!("A {scope} note"), "scope": scope });
        app.post(&path("notes"), note).await.expect(201);
    }
    let flag = json!({ "type": "overdue_payment", "reason": "Two invoices" });
    app.post(&path("risk-flags"), flag).await.expect(201);
    app.post(&path("emails"), json!({ "address": "ada@example.com" })).await.expect(200);
    app.post(&path("tags"), json!({ "tag": "vip" })).await.expect(200);
    app.post(&path("tasks"), json!({ "title": "Call" })).await.expect(201);
    app.post(&path("interactions"), json!({ "type": "call" })).await.expect(201);
    let lines = json!([{ "quantity": 1, "unit_price": 10 }]);
    let quote = json!({ "currency": "EUR", "lines": lines, "valid_until": "2099-12-31" });
    app.post(&path("quotes"), quote).await.expect(201);
    let invoice = json!({ "currency": "EUR", "due_on": "2099-12-04", "lines": lines });
    app.post(&path("invoices"), invoice).await.expect(201);
    let paid = json!({ "amount": { "amount": 4, "currency": "EUR" } });
    let key = [("Idempotency-Key", "paid-once")];
    app.post_with(&path("payments"), &key, paid).await.expect(201);
    let referrer = json!({ "customer": customer });
    app.put(&format!("/v1/customers/{referred}/referrer"), referrer).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn f005_new_activity_is_what_others_did_since_one_looked() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let karl = app.person("Karl", "Seal").await;
    let (ben, cleo) = (app.user(&["manager"]).await, app.user(&["sales"]).await);
    let notes = format!("/v1/customers/{ada}/notes");
    // What was there before one first looked at anybody is not new.
    assert_eq!(new_activity(&ben, &ada).await, 0);
    look(&ben, &karl).await;
    look(&cleo, &karl).await;
    assert_eq!(new_activity(&ben, &ada).await, 0);
    for text in ["One", "Two"] {
        app.post(&notes, json!({ "text": text })).await.expect(201);
    }
    assert_eq!(new_activity(&ben, &ada).await, 2);
    assert_eq!(new_activity(&cleo, &ada).await, 2);
    assert_eq!(new_activity(&ben, &karl).await, 0);
    assert_eq!(new_activity(&app, &ada).await, 0, "one's own doing is not new");
    // Looking clears it, for who looked.
    for _ in 0..2 {
        look(&ben, &ada).await;
    }
    assert_eq!(new_activity(&ben, &ada).await, 0);
    assert_eq!(new_activity(&cleo, &ada).await, 2);
    ben.post(&notes, json!({ "text": "Three" })).await.expect(201);
    assert_eq!(new_activity(&ben, &ada).await, 0);
    assert_eq!(new_activity(&cleo, &ada).await, 3);
    // Somebody who is new among the customers is new.
    let eve = app.person("Eve", "Moneypenny").await;
    assert_eq!(new_activity(&ben, &eve).await, 1);
    // Nobody reads of it in the history, and a row without it can be asked for.
    assert!(!app.history(&ada).await.iter().any(|event| event.contains("look")));
    let bare = rows(&ben.get_fresh("/v1/customers?fields=display_name").await);
    assert!(bare.iter().all(|row| row.get("new_activity").is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn f005_new_activity_counts_what_the_reader_sees_in_the_timeline() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let karl = app.person("Karl", "Seal").await;
    let mut everybody = Vec::new();
    for role in ROLES {
        let person = app.user(&[role]).await;
        look(&person, &ada).await;
        everybody.push((role, person));
    }
    let limited = app.user(&["manager"]).await;
    let assigned = json!({ "user": limited.id });
    app.post(&format!("/v1/customers/{ada}/workers"), assigned).await.expect(200);
    set_reach(&app, &limited, json!({ "read": { "assigned": true } })).await;
    look(&limited, &ada).await;
    everybody.push(("manager of some", limited));
    let position: i64 = app.head().await.parse().unwrap();
    happen(&app, &ada, &karl).await;
    let mut counts = Vec::new();
    for (role, person) in &everybody {
        let path = format!("/v1/customers/{ada}/timeline?limit=200");
        let entries = rows(&person.get_fresh(&path).await)
            .into_iter()
            .filter(|entry| entry["position"].as_str().unwrap().parse::<i64>().unwrap() > position);
        let entries = entries.count() as u64;
        // Who looked before the worker was assigned has that as well.
        let count = new_activity(person, &ada).await;
        let assigned = u64::from(*role != "manager of some");
        assert_eq!(count, entries + assigned, "{role}");
        counts.push((*role, count));
    }
    let of = |role: &str| counts.iter().find(|(name, _)| *name == role).unwrap().1;
    assert!(of("viewer") < of("sales"));
    assert!(of("sales") < of("support"));
    assert!(of("support") < of("manager"));
    assert_eq!(of("manager"), of("owner"));
    // The link to somebody out of reach is not there, and neither is the assignment from before.
    assert_eq!(of("manager of some"), of("manager") - 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn f005_what_is_hidden_makes_no_new_activity() {
    let app = TestApp::start().await;
    let karl = app.person("Karl", "Seal").await;
    let ben = app.user(&["sales"]).await;
    look(&ben, &karl).await;
    let path = |what: &str| format!("/v1/customers/{karl}/{what}");
    let flag = json!({ "type": "manual_flag", "reason": "Look" });
    app.post(&path("risk-flags"), flag).await.expect(201);
    app.post(&path("notes"), json!({ "text": "Secret", "scope": "restricted" })).await.expect(201);
    let lines = json!([{ "quantity": 1, "unit_price": 10 }]);
    let invoice = json!({ "currency": "EUR", "due_on": "2099-12-04", "lines": lines });
    app.post(&path("invoices"), invoice).await.expect(201);
    assert_eq!(new_activity(&ben, &karl).await, 0);
    let told = since(&ben, &karl).await;
    assert_eq!(told, json!({ "since": null, "entries": 0 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn f005_new_activity_ends_at_99() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let ben = app.user(&["sales"]).await;
    look(&ben, &ada).await;
    for number in 0..101 {
        let tag = json!({ "tag": format!("t{number}") });
        app.post(&format!("/v1/customers/{ada}/tags"), tag).await.expect(200);
    }
    assert_eq!(new_activity(&ben, &ada).await, 99);
}

#[tokio::test(flavor = "multi_thread")]
async fn f005_since_the_last_visit_is_told_what_people_money_and_rules_did() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let karl = app.person("Karl", "Seal").await;
    let (ben, cleo) = (app.user(&["manager"]).await, app.user(&["sales"]).await);
    let rule = json!({ "name": "Welcome", "then": [{ "action": "add_tag", "tag": "called" }] });
    let rule = app.rule("customer.interaction_logged", rule).await;
    assert_eq!(since(&ben, &ada).await, json!({ "since": null, "entries": 0 }));
    look(&ben, &ada).await;
    look(&cleo, &ada).await;
    assert_eq!(since(&ben, &ada).await["since"], Value::Null, "the first visit goes on");
    pass(&app, 31).await;
    let visit = since(&ben, &ada).await;
    assert!(visit["since"].is_string(), "{visit}");
    assert_eq!(visit["entries"], 0);
    happen(&app, &ada, &karl).await;
    app.until(&format!("/v1/customers/{ada}"), |body| {
        body["tags"].as_array().is_some_and(|tags| tags.contains(&json!("called")))
    })
    .await;
    ben.post(&format!("/v1/customers/{ada}/notes"), json!({ "text": "Mine" })).await.expect(201);
    let told = since(&ben, &ada).await;
    assert_eq!(told["people"]["users"][0]["id"], app.id.as_str());
    assert_eq!(told["people"]["by_type"]["customer.note_added"], 8);
    assert_eq!(told["people"]["by_type"]["customer.interaction_logged"], 1);
    assert_eq!(told["automatic"]["rules"], json!([{ "id": rule, "name": "Welcome" }]));
    assert!(told["automatic"]["entries"].as_u64().unwrap() >= 1);
    let money = json!([{ "currency": "EUR",
        "invoices": { "count": 1, "amount": "10.00" },
        "credit_notes": { "count": 0, "amount": "0" },
        "payments": { "count": 1, "amount": "4.00" } }]);
    assert_eq!(told["money"], money);
    let hers = since(&cleo, &ada).await;
    assert!(hers.get("money").is_none(), "{hers}");
    assert_eq!(hers["people"]["by_type"]["customer.note_added"], 4, "three scopes, and ben's");
    assert_eq!(hers["people"]["by_type"].get("customer.risk_flag_raised"), None);

    // It stays for the visit, however often one looks, and is over with the next one.
    for _ in 0..2 {
        look(&ben, &ada).await;
        assert_eq!(since(&ben, &ada).await["people"], told["people"]);
    }
    pass(&app, 31).await;
    look(&ben, &ada).await;
    let over = since(&ben, &ada).await;
    assert_eq!(over["entries"], 0);
    assert!(over["since"].as_str() > told["since"].as_str());
}
