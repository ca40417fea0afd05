//! Payments as Stripe tells of them: by several events, in any order, more than once.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::app::{Answer, Person, TestApp, column, rows};
use crate::hooks::{Connection, SECRET, connect, deliver};
use crate::inbound::UNMATCHED;

/// A resource as Stripe publishes it, with what this case changes.
fn object(name: &str, changes: &Value) -> Value {
    let text = std::fs::read_to_string(format!("data/inbound/stripe/{name}.json")).unwrap();
    let mut object: Value = serde_json::from_str(&text).unwrap();
    for (field, value) in changes.as_object().unwrap() {
        object[field] = value.clone();
    }
    object
}

fn event(kind: &str, object: &Value) -> Value {
    json!({ "id": "evt_1", "object": "event", "type": kind, "data": { "object": object } })
}

fn signed(body: &str, at: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

pub(crate) async fn stripe(app: &Person, to: &Connection, event: &Value) -> Answer {
    let body = event.to_string();
    let signature = signed(&body, Timestamp::now().as_second());
    deliver(app, &to.path, &[("Stripe-Signature", &signature)], body.into()).await
}

/// The three events of one payment of 10.99: only the charge and the invoice know an e-mail.
fn told(email: &str, intent: &str) -> [Value; 3] {
    let billing = json!({ "name": "Ada Byron", "email": email, "phone": null });
    let by_intent = json!({ "id": intent, "amount_received": 1099, "status": "succeeded" });
    let by_charge = json!({ "payment_intent": intent, "captured": true, "amount": 1099,
        "amount_captured": 1099, "billing_details": billing });
    let by_invoice = json!({ "payment_intent": intent, "amount_paid": 1099, "status": "paid",
        "customer_email": email, "number": "A-17" });
    [
        event("payment_intent.succeeded", &object("payment_intent", &by_intent)),
        event("charge.succeeded", &object("charge", &by_charge)),
        event("invoice.paid", &object("invoice", &by_invoice)),
    ]
}

async fn payments(app: &TestApp, customer: &str) -> Vec<Value> {
    app.events_of(customer, "account.payment_received").await
}

async fn customer(app: &TestApp, body: Value) -> String {
    let mut customer = json!({ "type": "person", "first_name": "Ada" });
    for (field, value) in body.as_object().unwrap() {
        customer[field] = value.clone();
    }
    app.customer(customer).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f114_one_payment_that_three_events_tell_of_in_any_order_is_one_payment() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let id = customer(&app, json!({ "emails": ["ada@example.com"] })).await;
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (number, order) in orders.into_iter().enumerate() {
        let told = told("Ada@example.com", &format!("pi_{number}"));
        for index in order.into_iter().chain(order) {
            stripe(&app, &connection, &told[index]).await.expect(200);
        }
        assert_eq!(payments(&app, &id).await.len(), number + 1, "{order:?}");
    }
    let event = &payments(&app, &id).await[0];
    assert_eq!(
        (&event["data"]["amount"], &event["data"]["currency"]),
        (&json!("10.99"), &json!("USD"))
    );
    assert!(rows(&app.get_fresh(UNMATCHED).await).is_empty());
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_are_in_the_units_of_their_currency() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let id = customer(&app, json!({})).await;
    for (number, (currency, minor, amount)) in
        [("jpy", 500, "500"), ("kwd", 1234, "1.234"), ("ugx", 50_000, "500"), ("eur", 5, "0.05")]
            .into_iter()
            .enumerate()
    {
        let changes = json!({ "id": format!("pi_{number}"), "amount_received": minor,
            "currency": currency, "metadata": { "customer": id } });
        let told = event("payment_intent.succeeded", &object("payment_intent", &changes));
        assert_eq!(stripe(&app, &connection, &told).await.expect(200)["recorded"], 1);
        let event = payments(&app, &id).await.pop().unwrap();
        assert_eq!(event["data"]["amount"], amount, "{currency}");
        assert_eq!(event["data"]["currency"], currency.to_uppercase());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_finds_its_customer_by_the_providers_own_id_too() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let id = customer(&app, json!({ "external_ids": { "stripe": "cus_1" } })).await;
    let changes = json!({ "amount_received": 1099, "customer": "cus_1" });
    let told = event("payment_intent.succeeded", &object("payment_intent", &changes));
    stripe(&app, &connection, &told).await.expect(200);
    assert_eq!(payments(&app, &id).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_knows_its_customer_by_our_id() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let id = customer(&app, json!({})).await;
    let paid = json!({ "payment_intent": "pi_1", "payment_status": "paid", "amount_total": 1099,
        "currency": "eur", "client_reference_id": id });
    let told = event("checkout.session.completed", &object("checkout.session", &paid));
    assert_eq!(stripe(&app, &connection, &told).await.expect(200)["recorded"], 1);
    let intent = json!({ "id": "pi_1", "amount_received": 1099, "currency": "eur" });
    let told = event("payment_intent.succeeded", &object("payment_intent", &intent));
    stripe(&app, &connection, &told).await.expect(200);
    assert_eq!(payments(&app, &id).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f114_a_payment_is_set_against_the_invoice_that_it_names() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let id = customer(&app, json!({})).await;
    let lines = json!([{ "description": "Rental", "quantity": "1", "unit_price": "8.00" }]);
    let invoice = json!({ "number": "R-1", "currency": "USD", "lines": lines });
    app.post(&format!("/v1/customers/{id}/invoices"), invoice).await.expect(201);
    let told = |intent: &str, invoice: &str| {
        let changes = json!({ "id": intent, "amount_received": 1099,
            "metadata": { "customer": id, "invoice": invoice } });
        event("payment_intent.succeeded", &object("payment_intent", &changes))
    };
    // The second one finds nothing open any more, the third one no such invoice.
    for (intent, invoice) in [("pi_1", "R-1"), ("pi_1", "R-1"), ("pi_2", "R-1"), ("pi_3", "R-2")] {
        let taken = stripe(&app, &connection, &told(intent, invoice)).await.expect(200);
        assert_eq!(taken["recorded"], 1, "{intent} {invoice}");
    }
    assert_eq!(payments(&app, &id).await.len(), 3);
    let allocated = app.events_of(&id, "account.payment_allocated").await;
    assert_eq!(column_of(&allocated, "amount"), ["8.00"]);

    // What lies on an invoice is not taken from it unasked.
    let changes = json!({ "payment_intent": "pi_1", "captured": true, "amount_captured": 1099,
        "amount_refunded": 500, "metadata": { "customer": id } });
    let refunded = event("charge.refunded", &object("charge", &changes));
    for _ in 0..2 {
        assert_eq!(stripe(&app, &connection, &refunded).await.expect(200)["recorded"], 1);
    }
    assert!(app.events_of(&id, "account.credit_refunded").await.is_empty());
    let tasks = rows(&app.get_fresh(&format!("/v1/customers/{id}/tasks")).await);
    assert_eq!(tasks.len(), 1);
    let title = tasks[0]["title"].as_str().unwrap();
    assert!(title.starts_with("stripe paid back 5.00 USD of a payment"), "{title}");
    app.rebuilt_equals_live().await;
}

/// A member of what the events say.
fn column_of(events: &[Value], name: &str) -> Vec<String> {
    events.iter().map(|event| event["data"][name].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_payment_is_taken_and_passed_over() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let intent = object("payment_intent", &json!({ "amount_received": 1099 }));
    let authorised = object("charge", &json!({ "captured": false }));
    let nothing_due = object("invoice", &json!({ "charge": "ch_1", "amount_paid": 0 }));
    let unknown_money = json!({ "amount_received": 1099, "currency": "qqq" });
    let unpaid = object("checkout.session", &json!({ "currency": "eur", "amount_total": 1 }));
    for told in [
        event("payment_intent.created", &intent),
        event("payment_intent.succeeded", &object("payment_intent", &unknown_money)),
        event("checkout.session.completed", &unpaid),
        event("payment_intent.succeeded", &object("payment_intent", &json!({}))),
        event("charge.succeeded", &authorised),
        event("invoice.paid", &nothing_due),
        event("customer.created", &json!({ "id": "cus_1" })),
        json!({}),
        json!([]),
        json!({ "type": "charge.succeeded", "data": { "object": { "captured": true } } }),
    ] {
        let taken = stripe(&app, &connection, &told).await.expect(200);
        assert_eq!(taken, json!({ "recorded": 0, "unmatched": 0, "ignored": 1 }), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f114_a_payment_of_nobody_known_waits_for_who_may_see_money() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let [_, charge, _] = told("eve@example.org", "pi_1");
    for _ in 0..2 {
        assert_eq!(stripe(&app, &connection, &charge).await.expect(200)["unmatched"], 1);
    }
    let finance = app.user(&["finance"]).await;
    let waiting = rows(&finance.get_fresh(UNMATCHED).await);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["amount"], json!({ "amount": "10.99", "currency": "USD" }));
    assert_eq!(waiting[0]["payer_email"], "eve@example.org");
    let sales = app.user(&["sales"]).await;
    assert!(rows(&sales.get_fresh(UNMATCHED).await).is_empty());
    assert!(!sales.get("/v1/events?limit=200").await.text.contains("10.99"));

    let place = format!("{UNMATCHED}/{}/create-customer", waiting[0]["id"].as_str().unwrap());
    sales.post(&place, json!({})).await.denied("finance.write");
    let id = app.post(&place, json!({})).await.expect(201)["id"].as_str().unwrap().to_owned();
    let customer = app.strong(&id).await;
    assert_eq!(customer["display_name"], "Ada Byron");
    assert_eq!(customer["emails"][0]["address"], "eve@example.org");
    assert_eq!(payments(&app, &id).await.len(), 1);
    // The rest of what Stripe tells of it changes nothing.
    for event in told("eve@example.org", "pi_1") {
        assert_eq!(stripe(&app, &connection, &event).await.expect(200)["recorded"], 1);
    }
    assert_eq!(payments(&app, &id).await.len(), 1);
    assert!(column(&rows(&finance.get_fresh(UNMATCHED).await), "id").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_back_is_taken_from_what_is_left_of_the_payment() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let id = customer(&app, json!({ "emails": ["ada@example.com"] })).await;
    let refunded = |in_all: u32, before: u32| {
        let [_, mut charge, _] = told("ada@example.com", "pi_1");
        charge["type"] = json!("charge.refunded");
        charge["data"]["object"]["amount_refunded"] = json!(in_all);
        charge["data"]["previous_attributes"] = json!({ "amount_refunded": before });
        charge
    };
    // Told before the payment itself, twice, and the second part before the first.
    for event in [refunded(500, 200), refunded(500, 200), refunded(200, 0)] {
        assert_eq!(stripe(&app, &connection, &event).await.expect(200)["recorded"], 1);
    }
    let [_, charge, _] = told("ada@example.com", "pi_1");
    stripe(&app, &connection, &charge).await.expect(200);
    assert_eq!(payments(&app, &id).await.len(), 1);
    let back = app.events_of(&id, "account.credit_refunded").await;
    assert_eq!(column_of(&back, "amount"), ["3.00", "2.00"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stripe_signature_that_is_forged_or_stale_is_refused() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let [intent, charge, _] = told("ada@example.com", "pi_1");
    let (body, other) = (intent.to_string(), charge.to_string());
    let now = Timestamp::now().as_second();
    for (signature, code) in [
        (signed(&other, now), "invalid_signature"),
        (signed(&body, now).replace("t=", "t=1"), "invalid_signature"),
        (String::new(), "invalid_signature"),
        (signed(&body, now - 3_600), "stale_signature"),
        (signed(&body, now + 3_600), "stale_signature"),
    ] {
        let headers = [("Stripe-Signature", signature.as_str())];
        deliver(&app, &connection.path, &headers, body.clone().into()).await.refused(401, code);
    }
    assert!(rows(&app.get_fresh(UNMATCHED).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_payment_that_comes_in_sets_off_a_rule() {
    let app = TestApp::start().await;
    let connection = connect(&app, "stripe").await;
    let id = customer(&app, json!({ "emails": ["ada@example.com"] })).await;
    let then = json!([{ "action": "add_tag", "tag": "paid" }]);
    app.rule("account.payment_received", json!({ "then": then })).await;
    let [_, charge, _] = told("ada@example.com", "pi_1");
    stripe(&app, &connection, &charge).await.expect(200);
    app.settled().await;
    assert_eq!(app.strong(&id).await["tags"], json!(["paid"]));
}
