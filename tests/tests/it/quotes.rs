//! Quotes, and the orders that are placed here.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::app::{Person, TestApp, column, rows};

fn quote(valid_until: &str) -> Value {
    json!({ "valid_until": valid_until, "currency": "EUR", "lines": [
        { "description": "Lantern", "quantity": 2, "unit_price": "10.00" },
        { "description": "Oil", "quantity": 1, "unit_price": "5.50" },
    ] })
}

#[tokio::test(flavor = "multi_thread")]
async fn f100_an_accepted_quote_places_an_order_in_the_same_append() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    let drafted = app.post(&path("quotes"), quote("2099-12-31")).await;
    let quote = drafted.expect(201)["id"].as_str().unwrap().to_owned();
    let one = format!("/v1/quotes/{quote}");
    assert_eq!(drafted.header("location"), one);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["number"], &shown["state"]), (&json!("Q-1"), &json!("draft")));
    assert_eq!(shown["total"], json!({ "amount": "25.50", "currency": "EUR" }));
    app.post(&format!("{one}/send"), json!({})).await.expect(200);
    assert_eq!(app.get_fresh(&one).await.expect(200)["state"], "sent");

    // A dry run tells of both, and writes nothing.
    let would = app.post(&format!("{one}/accept?dry_run=true"), json!({})).await.expect(200);
    assert_eq!(
        column(would["would_emit"].as_array().unwrap(), "type"),
        ["quote.accepted", "order.placed"]
    );
    let accepted = app.post(&format!("{one}/accept"), json!({})).await.expect(200);
    let events = accepted["events"].as_array().unwrap();
    assert_eq!(column(events, "type"), ["quote.accepted", "order.placed"]);
    assert_eq!(events[0]["recorded_at"], events[1]["recorded_at"]);
    let order = events[1]["stream_id"].clone();
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["state"], &shown["order"]), (&json!("accepted"), &order));
    let listed = rows(&app.get_fresh(&path("orders")).await);
    let placed = &listed[0];
    assert_eq!((&placed["id"], &placed["quote"]), (&order, &json!(quote)));
    assert_eq!((&placed["state"], &placed["number"]), (&json!("placed"), &json!("O-1")));
    assert_eq!((&placed["gross"], &placed["lines"]), (&shown["total"], &shown["lines"]));
    assert_eq!(app.post(&format!("{one}/accept"), json!({})).await.expect(200)["changed"], false);
    app.post(&format!("{one}/reject"), json!({})).await.refused(422, "quote_decided");

    // What is not billed is no money yet (FEATURES decision 21).
    let customer = app.strong(&id).await;
    assert_eq!(customer["finance"]["by_currency"], json!([]));
    let summaries = column(&rows(&app.get(&path("timeline")).await), "summary");
    assert_eq!(
        summaries[..2],
        [
            "placed order O-1: 2 lines, 25.50 EUR",
            "recorded that the quote Q-1 was accepted: 25.50 EUR",
        ]
    );
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f100_quotes_are_listed_newest_first_and_changed_while_drafts() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/quotes");
    let first = app.created(&path, quote("2099-12-31")).await;
    let mut given = quote("2099-12-31");
    given["number"] = json!("2026-114");
    let second = app.created(&path, given.clone()).await;
    let third = app.created(&path, quote("2099-12-31")).await;
    assert_eq!(column(&rows(&app.get_fresh(&path).await), "number"), ["Q-2", "2026-114", "Q-1"]);
    app.post(&path, given).await.refused(409, "duplicate_document");
    let mut own = quote("2099-12-31");
    own["number"] = json!("Q-3");
    app.post(&path, own).await.wrong_field("/number", "invalid_code");

    let one = format!("/v1/quotes/{first}");
    let lines = json!([{ "description": "Candle", "quantity": 3, "unit_price": "1.255" }]);
    app.patch(&one, json!({ "lines": lines })).await.expect(200);
    assert_eq!(app.get_fresh(&one).await.expect(200)["total"]["amount"], "3.765");
    app.post(&format!("{one}/send"), json!({})).await.expect(200);
    app.patch(&one, json!({ "currency": "USD" })).await.refused(422, "quote_not_draft");
    let reason = json!({ "reason": "Too dear" });
    app.post(&format!("/v1/quotes/{second}/reject"), reason).await.expect(200);
    let numbers = async |state: &str| {
        column(&rows(&app.get_fresh(&format!("/v1/quotes?filter[state]={state}")).await), "number")
    };
    assert_eq!(numbers("sent").await, ["Q-1"]);
    assert_eq!(numbers("rejected").await, ["2026-114"]);
    assert_eq!(numbers("draft").await, ["Q-2"]);
    let shown = app.get_fresh(&format!("/v1/quotes/{second}")).await.expect(200);
    assert_eq!(shown["rejected_because"], "Too dear");

    app.get("/v1/quotes?filter[state]=late").await.refused(400, "invalid_parameter");
    app.get(&format!("/v1/quotes/{id}")).await.refused(404, "quote_not_found");
    app.post(&format!("/v1/quotes/{id}/send"), json!({})).await.refused(404, "quote_not_found");
    let mut none = quote("2099-12-31");
    none["lines"] = json!([]);
    app.post(&path, none).await.wrong_field("/lines", "invalid_field");
    let viewer = app.user(&["viewer"]).await;
    viewer.post(&path, quote("2099-12-31")).await.denied("quote.write");
    viewer.post(&format!("/v1/quotes/{third}/accept"), json!({})).await.denied("quote.write");
    // Amounts on a single quote are shown to all (FEATURES decision 24).
    assert_eq!(rows(&viewer.get(&path).await)[1]["total"]["amount"], "25.50");
    // What the customer said goes with their personal data.
    let (key, seen) = (("Idempotency-Key", "erase-ada"), ("If-Match", "\"1\""));
    let erase = format!("/v1/customers/{id}/erase");
    app.post_with(&erase, &[key, seen], json!({ "confirm": "erase" })).await.expect(200);
    app.get_fresh("/v1/quotes").await.expect(200);
    app.rebuilt_equals_live().await;
}

/// The last day is one of the organisation's time zone, and the day on which it happened counts.
#[tokio::test(flavor = "multi_thread")]
async fn f100_a_quote_expires_after_its_last_day_where_the_organisation_is() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/quotes");
    let zone = async |name: &str| {
        app.post("/v1/organisation/time-zone", json!({ "time_zone": name })).await
    };
    zone("Vienna").await.wrong_field("/time_zone", "invalid_time_zone");
    // It is tomorrow already in the east when it is still yesterday in the west.
    let east = jiff::Timestamp::now().in_tz("Pacific/Kiritimati").unwrap().date();
    let west = jiff::Timestamp::now().in_tz("Pacific/Pago_Pago").unwrap().date();
    assert!(west < east);
    zone("Pacific/Pago_Pago").await.expect(200);
    let one = format!("/v1/quotes/{}", app.created(&path, quote(&west.to_string())).await);
    app.post(&format!("{one}/send"), json!({})).await.expect(200);
    assert_eq!(app.get_fresh(&one).await.expect(200)["state"], "sent");
    zone("Pacific/Kiritimati").await.expect(200);
    assert_eq!(app.get_fresh(&one).await.expect(200)["state"], "expired");
    let expired = rows(&app.get("/v1/quotes?filter[state]=expired").await);
    assert_eq!(expired.len(), 1);
    app.post(&format!("{one}/accept"), json!({})).await.refused(422, "quote_expired");
    let in_time = json!({ "occurred_at": format!("{}T00:00:00Z", west.yesterday().unwrap()) });
    app.post(&format!("{one}/accept"), in_time).await.expect(200);
    assert_eq!(app.get_fresh(&one).await.expect(200)["state"], "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn f100_numbers_of_the_series_have_no_gaps_whoever_drafts_at_once() {
    let app = TestApp::start().await;
    let mut customers = Vec::new();
    for number in 0..4 {
        customers.push(app.person("Ada", &format!("Byron {number}")).await);
    }
    let drafts = (0..40).map(|number| {
        let path = format!("/v1/customers/{}/quotes", customers[number % 4]);
        // Every fourth is refused, and must not burn a number.
        let mut body = quote("2099-12-31");
        if number % 4 == 3 {
            body["currency"] = json!("EURO");
        }
        let person = Person::clone(&app);
        async move { person.post(&path, body).await.status }
    });
    let statuses = drafts.collect::<JoinSet<u16>>().join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 30);
    let mut numbers = column(&rows(&app.get_fresh("/v1/quotes?limit=200").await), "number");
    numbers.sort_by_key(|number| number[2..].parse::<u32>().unwrap());
    let expected: Vec<String> = (1..=30).map(|number| format!("Q-{number}")).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn f100_an_order_is_placed_and_cancelled() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/orders");
    let lines = json!([{ "description": "Lantern", "quantity": 2, "unit_price": "10.00" }]);
    let body = json!({ "currency": "EUR", "lines": lines });
    let order = app.created(&path, body.clone()).await;
    let one = format!("/v1/orders/{order}");
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["number"], &shown["state"]), (&json!("O-1"), &json!("placed")));
    assert_eq!((&shown["source"], &shown["quote"]), (&Value::Null, &Value::Null));
    app.post(&format!("{one}/cancel"), json!({ "reason": "Moved abroad" })).await.expect(200);
    assert_eq!(app.post(&format!("{one}/cancel"), json!({})).await.expect(200)["changed"], false);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!(shown["state"], "cancelled");
    assert!(shown["cancelled_at"].is_string());
    let sentence = "cancelled order O-1: \"Moved abroad\"";
    let timeline = rows(&app.get(&format!("/v1/customers/{id}/timeline")).await);
    assert_eq!(timeline[0]["summary"], sentence);

    let recorded = json!({ "customer": id, "source": "shop", "number": "1", "currency": "EUR",
        "lines": [{ "quantity": 1, "unit_price": 1 }] });
    let recorded = app.created("/v1/orders", recorded).await;
    let refused = app.post(&format!("/v1/orders/{recorded}/cancel"), json!({})).await;
    refused.refused(422, "order_recorded");
    app.post(&format!("/v1/orders/{id}/cancel"), json!({})).await.refused(404, "order_not_found");
    app.get(&format!("/v1/orders/{id}")).await.refused(404, "order_not_found");
    let viewer = app.user(&["viewer"]).await;
    viewer.post(&path, body.clone()).await.denied("order.place");
    app.post(&format!("/v1/customers/{id}/archive"), json!({})).await.expect(200);
    app.post(&path, body).await.refused(422, "customer_archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn f100_an_order_that_an_invoice_bills_is_billed_and_stays() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let lines = json!([{ "quantity": 1, "unit_price": 100 }]);
    let place = json!({ "currency": "EUR", "lines": lines });
    let orders = format!("/v1/customers/{ada}/orders");
    let placed = app.created(&orders, place.clone()).await;
    let other = app.created(&orders, place).await;
    let recorded = json!({ "customer": ada, "source": "shop", "number": "1",
        "currency": "EUR", "lines": lines });
    let recorded = app.created("/v1/orders", recorded).await;
    let bill = json!({ "currency": "EUR", "lines": lines, "orders": [placed, recorded] });
    let bill = app.created(&format!("/v1/customers/{ada}/invoices"), bill).await;
    for order in [&placed, &recorded] {
        let order = app.get_fresh(&format!("/v1/orders/{order}")).await.expect(200);
        assert_eq!((&order["state"], &order["invoice"]), (&json!("billed"), &json!(bill)));
    }
    let order = app.get_fresh(&format!("/v1/orders/{other}")).await.expect(200);
    assert_eq!((&order["state"], &order["invoice"]), (&json!("placed"), &Value::Null));
    let cancel = |order: &str| format!("/v1/orders/{order}/cancel");
    app.post(&cancel(&placed), json!({})).await.refused(422, "order_billed");
    app.post(&cancel(&other), json!({})).await.expect(200);
    assert!(app.rebuilt_equals_live().await > 0);
}
