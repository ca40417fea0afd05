//! What the law makes one keep has a key of its own and outlives the person's.

use domain::account::account_id;
use serde_json::json;
use uuid::Uuid;

use crate::app::{TestApp, rows};

#[tokio::test(flavor = "multi_thread")]
async fn the_books_of_an_erased_customer_stay_readable_for_those_who_keep_them() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let path = |what: &str| format!("/v1/customers/{ada}/{what}");
    app.post(&path("addresses"), json!({ "line1": "12 St James's Square" })).await.expect(201);
    app.post(&path("notes"), json!({ "text": "Likes tea" })).await.expect(201);
    let lines = json!([{ "quantity": 1, "unit_price": 100 }]);
    let bill = json!({ "currency": "EUR", "lines": lines });
    let bill = app.created(&path("invoices"), bill).await;
    let paid = json!({ "amount": { "amount": 100, "currency": "EUR" }, "reference": "Canary 7",
        "allocations": [{ "invoice": bill }] });
    app.post_with(&path("payments"), &[("Idempotency-Key", "paid")], paid).await.expect(201);
    let version = app.strong(&ada).await["version"].to_string();
    let headers = [("If-Match", version.as_str()), ("Idempotency-Key", "erase")];
    app.post_with(&path("erase"), &headers, json!({ "confirm": "erase" })).await.expect(200);

    let erased = json!({ "erased": true });
    let profile = app.events_of(&ada, "customer.created,customer.note_added").await;
    assert_eq!(profile[0]["data"]["last_name"], erased);
    assert_eq!(profile[1]["data"]["text"], erased);
    let books = app.events_of(&ada, "account.*").await;
    assert_eq!(books[0]["data"]["name"], "Ada Byron");
    assert_eq!(books[0]["data"]["address"]["line1"], "12 St James's Square");
    assert_eq!(books[1]["data"]["reference"], "Canary 7");
    let finance = app.user(&["finance"]).await;
    let shown = finance.get_fresh(&format!("/v1/invoices/{bill}")).await.expect(200);
    assert_eq!((&shown["name"], &shown["state"]), (&json!("Ada Byron"), &json!("paid")));
    let sales = app.user(&["sales"]).await;
    sales.get(&format!("/v1/invoices/{bill}")).await.denied("finance.read");
    let seen = rows(&sales.get("/v1/events?types=account.*").await);
    assert!(seen.is_empty(), "{seen:#?}");

    let client = app.superuser().await;
    let has_key = async |id: Uuid| -> bool {
        const THERE: &str = "SELECT EXISTS (SELECT FROM keys.person WHERE key_id = $1)";
        client.query_one(THERE, &[&id]).await.unwrap().get(0)
    };
    let customer: Uuid = ada.parse().unwrap();
    assert!(!has_key(customer).await && has_key(account_id(customer)).await);
    assert!(app.rebuilt_equals_live().await > 0);
}
