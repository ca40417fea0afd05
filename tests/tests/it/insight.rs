//! What a customer is worth, when they may buy again, and how many flags there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use projections::repurchase::{BgNbd, Purchases};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::app::{TestApp, column, rows, send};
use crate::reach::set_reach;

const SENIOR: [&str; 6] = ["admin", "owner", "manager", "executive", "support", "finance"];
const OTHERS: [&str; 3] = ["sales", "field", "viewer"];

async fn insight(app: &TestApp, id: &str) -> Value {
    app.get_fresh(&format!("/v1/customers/{id}/insight")).await.expect(200)
}

async fn invoice(app: &TestApp, id: &str, amount: &str, orders: &[&str]) -> String {
    let lines = json!([{ "quantity": 1, "unit_price": amount }]);
    let body = json!({ "currency": "USD", "lines": lines, "orders": orders });
    app.created(&format!("/v1/customers/{id}/invoices"), body).await
}

fn order(customer: &str, number: &str, price: &str) -> Value {
    json!({ "customer": customer, "source": "shop", "number": number, "currency": "USD",
        "placed_at": "2026-02-03T10:00:00Z", "lines": [{ "quantity": 1, "unit_price": price }] })
}

/// The sum of the documents' amounts, page by page.
async fn summed(app: &TestApp, id: &str, currency: &str) -> Decimal {
    let mut sum = Decimal::ZERO;
    let mut after = String::new();
    loop {
        let path = format!(
            "/v1/customers/{id}/insight/documents?limit=2{after}&filter[currency]={currency}"
        );
        let page = app.get_fresh(&path).await.expect(200);
        for row in page["data"].as_array().unwrap() {
            assert_eq!(row["amount"]["currency"], currency);
            sum += row["amount"]["amount"].as_str().unwrap().parse::<Decimal>().unwrap();
        }
        let Some(next) = page["page"]["next"].as_str() else { return sum };
        after = format!("&after={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f077_the_lifetime_value_is_the_sum_of_its_documents() {
    let app = TestApp::start().await;
    let id = app.person("Eleanor", "Hunt").await;
    let path = format!("/v1/customers/{id}");
    assert_eq!(insight(&app, &id).await["lifetime_value"], json!([]));
    app.post("/v1/orders", order(&id, "1", "16.545")).await.expect(201);
    let billed = app.created("/v1/orders", order(&id, "2", "200")).await;
    let lines = json!([{ "quantity": 1, "unit_price": "500" }]);
    let placed = json!({ "currency": "USD", "lines": lines });
    app.created(&format!("{path}/orders"), placed).await;
    invoice(&app, &id, "210.00", &[&billed]).await;
    let taken_back = invoice(&app, &id, "100.00", &[]).await;
    let payment = json!({ "amount": { "amount": 40, "currency": "USD" } });
    let key = [("Idempotency-Key", "pay")];
    app.post_with(&format!("{path}/payments"), &key, payment).await.expect(201);
    let mut euros = order(&id, "3", "7");
    euros["currency"] = json!("EUR");
    app.post("/v1/orders", euros).await.expect(201);

    let value = &insight(&app, &id).await["lifetime_value"];
    assert_eq!(column(value.as_array().unwrap(), "currency"), ["EUR", "USD"]);
    assert_eq!(value[0]["amount"], "7");
    // Neither the payment nor what is not billed counts, and what is billed counts once.
    let parts = json!([
        { "kind": "invoice", "count": 2, "amount": "310.00" },
        { "kind": "order", "count": 1, "amount": "16.545" },
    ]);
    assert_eq!((&value[1]["amount"], &value[1]["parts"]), (&json!("326.545"), &parts));

    let note = json!({ "invoice": taken_back, "lines": [{ "quantity": 1, "unit_price": "100" }] });
    app.created(&format!("{path}/credit-notes"), note).await;
    let value = &insight(&app, &id).await["lifetime_value"][1];
    assert_eq!(value["amount"], "226.545");
    let credit = json!({ "kind": "credit_note", "count": 1, "amount": "-100.00" });
    assert_eq!(value["parts"][0], credit);
    let amount: Decimal = value["amount"].as_str().unwrap().parse().unwrap();
    assert_eq!(summed(&app, &id, "USD").await, amount);
    let finance = app.get_fresh(&path).await.expect(200)["finance"]["by_currency"][1].clone();
    assert_eq!(finance["lifetime_value"].as_str().unwrap().parse::<Decimal>().unwrap(), amount);
    let documents = rows(&app.get_fresh(&format!("{path}/insight/documents")).await);
    assert_eq!(documents.len(), 5);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f077_of_a_customer_who_bought_once_it_is_too_early_to_say_more() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let said = async || insight(&app, &id).await["repurchase"].clone();
    let nothing = said().await;
    assert_eq!(
        (&nothing["state"], &nothing["probability_alive"]),
        (&json!("no_orders"), &Value::Null)
    );
    let placed = app.created("/v1/orders", order(&id, "1", "16")).await;
    let once = said().await;
    assert_eq!((&once["state"], &once["last_order"]), (&json!("too_early"), &json!("2026-02-03")));
    assert_eq!(once["observed_until"], "2026-02-03");
    // On the same day it is the same purchase.
    app.post("/v1/orders", order(&id, "2", "5")).await.expect(201);
    assert_eq!(said().await["state"], "too_early");
    let mut later = order(&id, "3", "5");
    later["placed_at"] = json!("2026-02-13T09:00:00Z");
    app.post("/v1/orders", later).await.expect(201);
    let twice = said().await;
    assert_eq!(twice["state"], "too_little_history");
    assert_eq!((&twice["usual_gap_days"], &twice["customers_needed"]), (&json!(10), &json!(50)));
    // Taken back on the day, it was no purchase.
    let mut back = order(&id, "C3", "-5");
    (back["credited"], back["placed_at"]) = (json!(true), json!("2026-02-13T17:00:00Z"));
    app.post("/v1/orders", back).await.expect(201);
    assert_eq!(said().await["state"], "too_early");
    // So is what is on an invoice that a credit note takes back.
    let issued = invoice(&app, &id, "21", &[&placed]).await;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
    assert_eq!(said().await["last_order"], today);
    let note = json!({ "invoice": issued, "lines": [{ "quantity": 1, "unit_price": "21" }] });
    app.created(&format!("/v1/customers/{id}/credit-notes"), note).await;
    assert_eq!(said().await["last_order"], "2026-02-03");
}

/// What some of CDNOW's customers bought in the first 39 weeks: customer, day and amount.
fn cdnow() -> Vec<(String, Date, String)> {
    let text = std::fs::read_to_string("data/cdnow/purchases.txt").unwrap();
    let purchases = text.lines().map(|line| {
        let [_, customer, day, _, spent] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        (customer.to_owned(), Date::strptime("%Y%m%d", day).unwrap(), spent.to_owned())
    });
    purchases.filter(|(who, day, _)| who.as_str() <= "0300" && *day < date(1997, 10, 1)).collect()
}

/// As an order history: the day that counts is the last one in it, however long ago that is.
#[tokio::test(flavor = "multi_thread")]
async fn f077_a_forecast_follows_from_the_organisations_own_history() {
    let app = TestApp::start().await;
    let mut file = "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n".to_owned();
    let mut days: BTreeMap<String, BTreeSet<Date>> = BTreeMap::new();
    for (number, (who, day, spent)) in cdnow().into_iter().enumerate() {
        writeln!(file, "{number},1,{day} 12:00:00,{spent},{who}").unwrap();
        days.entry(who).or_default().insert(day);
    }
    let job = app.import("kind=orders&source=cdnow&currency=USD", file.into_bytes()).await;
    assert_eq!((&job["state"], &job["failed"]), (&json!("done"), &json!(0)), "{job}");
    let until = *days.values().flatten().max().unwrap();
    let weeks = |from: Date, to: Date| f64::from((to - from).get_days()) / 7.0;
    let purchases = |days: &BTreeSet<Date>| {
        let (first, last) = (*days.first().unwrap(), *days.last().unwrap());
        let repeats = u32::try_from(days.len()).unwrap() - 1;
        Purchases { repeats, last: weeks(first, last), age: weeks(first, until) }
    };
    let customers: Vec<_> = days.values().map(|days| (purchases(days), 1)).collect();
    let (model, _) = BgNbd::fit(&customers).unwrap();

    let found = app.get_fresh("/v1/customers?filter[external_id.cdnow]=0001").await;
    let id = rows(&found)[0]["id"].as_str().unwrap().to_owned();
    let said = insight(&app, &id).await["repurchase"].clone();
    assert_eq!(said["state"], "model", "{said}");
    let ends = (&said["first_order"], &said["last_order"]);
    assert_eq!(ends, (&json!("1997-01-01"), &json!("1997-08-02")));
    assert_eq!((&said["observed_until"], &said["purchase_days"]), (&json!(until), &json!(3)));
    assert_eq!(said["until"], json!(until + Span::new().weeks(26)));
    let number = |name: &str| said[name].as_f64().unwrap();
    let known = purchases(&days["0001"]);
    assert!((number("expected_purchases") - model.expected(&known, 26.0)).abs() < 0.02, "{said}");
    assert!((number("probability_alive") - model.alive(&known)).abs() < 0.01, "{said}");
    let value: f64 = said["expected_value"][0]["amount"].as_str().unwrap().parse().unwrap();
    let each = value / number("expected_purchases");
    assert!((20.0..30.0).contains(&each), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f076_insight_is_for_six_roles_only() {
    let app = TestApp::start().await;
    let id = app.person("Karl", "Seal").await;
    for role in SENIOR {
        let somebody = app.user(&[role]).await;
        let said = somebody.get_fresh(&format!("/v1/customers/{id}/insight")).await.expect(200);
        assert_eq!(said["_redacted"], json!([]), "{role}");
        somebody.get("/v1/reports/risk-flags").await.expect(200);
    }
    for role in OTHERS {
        let somebody = app.user(&[role]).await;
        for path in ["insight", "insight/documents"] {
            somebody.get(&format!("/v1/customers/{id}/{path}")).await.denied("insight.read");
        }
        somebody.get("/v1/reports/risk-flags").await.denied("risk.read");
    }
    // What a role does not show is absent, and named.
    let groups = json!({ "field_groups": ["basic", "contact", "financial"] });
    app.put("/v1/roles/support/field-groups", groups).await.expect(200);
    let support = app.user(&["support"]).await;
    let said = support.get_fresh(&format!("/v1/customers/{id}/insight")).await.expect(200);
    assert_eq!(said, json!({ "_redacted": ["lifetime_value", "repurchase", "risk"] }));
    support.get(&format!("/v1/customers/{id}/insight/documents")).await.denied("insight.read");
}

/// The counts of one type.
fn counts(types: &Value, kind: &str) -> (i64, i64, i64) {
    let row = types.as_array().unwrap().iter().find(|row| row["type"] == kind).unwrap();
    let count = |name: &str| row[name].as_i64().unwrap();
    (count("raised"), count("cleared"), count("open"))
}

#[tokio::test(flavor = "multi_thread")]
async fn f079_flags_are_counted_by_type_over_time() {
    let app = TestApp::start().await;
    let id = app.person("Karl", "Seal").await;
    let path = format!("/v1/customers/{id}/risk-flags");
    let raise = async |kind: &str, at: &str| {
        let body = json!({ "type": kind, "reason": "Look", "occurred_at": at });
        app.post(&path, body).await.expect(201)["flag_id"].as_str().unwrap().to_owned()
    };
    let first = raise("manual_flag", "2026-01-31T22:30:00Z").await;
    let body = json!({ "reason": "Has paid", "occurred_at": "2026-02-10T10:00:00Z" });
    let clear = app.request(reqwest::Method::DELETE, &format!("{path}/{first}")).json(&body);
    send(clear).await.expect(200);
    raise("manual_flag", "2026-02-11T10:00:00Z").await;
    raise("overdue_payment", "2026-03-01T10:00:00Z").await;

    let report = async |query: &str| {
        app.get_fresh(&format!("/v1/reports/risk-flags?{query}")).await.expect(200)
    };
    let months = report("from=2026-01-01&to=2026-03-31").await;
    assert_eq!(counts(&months["types"], "manual_flag"), (2, 1, 1));
    let of = |at: usize, kind: &str| counts(&months["periods"][at]["types"], kind);
    assert_eq!(months["periods"].as_array().unwrap().len(), 3);
    assert_eq!([of(0, "manual_flag"), of(1, "manual_flag")], [(1, 0, 1), (1, 1, 1)]);
    assert_eq!([of(1, "overdue_payment"), of(2, "overdue_payment")], [(0, 0, 0), (1, 0, 1)]);
    let weeks = report("from=2026-02-02&to=2026-02-15&by=week").await;
    let weeks: Vec<_> = weeks["periods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|week| (week["from"].clone(), counts(&week["types"], "manual_flag")))
        .collect();
    assert_eq!(weeks, [(json!("2026-02-02"), (0, 0, 1)), (json!("2026-02-09"), (1, 1, 1))]);
    // Days are those of the organisation.
    let zone = json!({ "time_zone": "Asia/Tokyo" });
    app.post("/v1/organisation/time-zone", zone).await.expect(200);
    let months = report("from=2026-01-01&to=2026-02-28").await;
    assert_eq!(counts(&months["periods"][0]["types"], "manual_flag"), (0, 0, 0));

    for (query, code) in [
        ("from=2026-03-01&to=2026-01-01", "invalid_parameter"),
        ("from=yesterday", "invalid_parameter"),
        ("from=2026-03-01T10:00:00Z", "invalid_parameter"),
        ("from=1900-01-01&by=day", "invalid_parameter"),
        ("by=year", "invalid_parameter"),
    ] {
        app.get(&format!("/v1/reports/risk-flags?{query}")).await.refused(400, code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f079_a_flag_keeps_who_raised_and_who_cleared_it() {
    let app = TestApp::start().await;
    let id = app.person("Karl", "Seal").await;
    let path = format!("/v1/customers/{id}/risk-flags");
    let manager = app.user(&["manager"]).await;
    let body = json!({ "type": "overdue_payment", "reason": "Two are overdue" });
    let flag = app.post(&path, body.clone()).await.expect(201)["flag_id"].clone();
    let why = json!({ "reason": "Has paid" });
    let clear = format!("{path}/{}", flag.as_str().unwrap());
    let clear = manager.request(reqwest::Method::DELETE, &clear).json(&why);
    send(clear).await.expect(200);
    app.post(&path, body).await.expect(201);
    let risk = insight(&app, &id).await["risk"].clone();
    assert_eq!((&risk["open"], &risk["cleared"]), (&json!(1), &json!(1)));
    let (open, cleared) = (&risk["flags"][0], &risk["flags"][1]);
    assert_eq!((&open["cleared_by"], &open["cleared_at"]), (&Value::Null, &Value::Null));
    assert_eq!((&cleared["id"], &cleared["raised_by"]["id"]), (&flag, &json!(app.id)));
    assert_eq!(cleared["cleared_by"]["id"], json!(manager.id));
    assert_eq!(
        (&cleared["reason"], &cleared["cleared_reason"]),
        (&json!("Two are overdue"), &json!("Has paid"))
    );
    // Who is limited counts only the customers that they reach.
    let report = app.get_fresh("/v1/reports/risk-flags").await.expect(200);
    assert_eq!(counts(&report["types"], "overdue_payment"), (2, 1, 1));

    let limited = app.user(&["support"]).await;
    set_reach(&app, &limited, json!({ "read": { "assigned": true } })).await;
    let report = limited.get_fresh("/v1/reports/risk-flags").await.expect(200);
    assert_eq!(counts(&report["types"], "overdue_payment"), (0, 0, 0));

    let version = app.strong(&id).await["version"].to_string();
    let headers = [("Idempotency-Key", "erase"), ("If-Match", version.as_str())];
    let erase = format!("/v1/customers/{id}/erase");
    app.post_with(&erase, &headers, json!({ "confirm": "erase" })).await.expect(200);
    let report = app.get_fresh("/v1/reports/risk-flags").await.expect(200);
    assert_eq!(counts(&report["types"], "overdue_payment"), (0, 0, 0));
    app.rebuilt_equals_live().await;
}
