//! What customers owe and have paid: invoices, credit notes, payments, credit, and the ledger.

use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Person, TestApp, column, rows};

/// Issues an invoice over one line; answers its id.
async fn invoice(app: &TestApp, customer: &str, price: &str, due_on: Option<&str>) -> String {
    let body = json!({ "currency": "EUR", "due_on": due_on,
        "lines": [{ "description": "Lantern", "quantity": 1, "unit_price": price }] });
    app.created(&format!("/v1/customers/{customer}/invoices"), body).await
}

async fn pay(person: &Person, customer: &str, amount: &str, allocations: Value) -> Answer {
    let body = json!({ "amount": { "amount": amount, "currency": "EUR" }, "method": "transfer",
        "received_on": "2026-11-19", "allocations": allocations });
    let key = Uuid::now_v7().to_string();
    let path = format!("/v1/customers/{customer}/payments");
    person.post_with(&path, &[("Idempotency-Key", &key)], body).await
}

/// What the customer's page says of the euros.
async fn euros(app: &TestApp, customer: &str) -> Value {
    let customer = app.get_fresh(&format!("/v1/customers/{customer}")).await.expect(200);
    customer["finance"]["by_currency"][0].clone()
}

fn day(ago: i64) -> String {
    Zoned::now()
        .with_time_zone(jiff::tz::TimeZone::UTC)
        .date()
        .checked_sub(ago.days())
        .unwrap()
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn f103_an_invoice_is_open_overdue_or_paid_and_has_a_number_without_gaps() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let (open, overdue) = (day(-7), day(3));
    let first = invoice(&app, &ada, "10", Some(&open)).await;
    let second = invoice(&app, &ada, "20.005", Some(&overdue)).await;
    let third = invoice(&app, &ada, "30", None).await;
    pay(&app, &ada, "30", json!([{ "invoice": third }])).await.expect(201);
    let list = rows(&app.get_fresh(&format!("/v1/customers/{ada}/invoices")).await);
    assert_eq!(column(&list, "number"), ["DI-3", "DI-2", "DI-1"]);
    assert_eq!(column(&list, "state"), ["paid", "overdue", "open"]);
    assert_eq!(list[1]["total"], json!({ "amount": "20.01", "currency": "EUR" }));
    assert_eq!((&list[1]["overdue_days"], &list[0]["open"]["amount"]), (&json!(3), &json!("0.00")));
    for (state, ids) in [
        ("open", vec![&first]),
        ("overdue", vec![&second]),
        ("unpaid", vec![&second, &first]),
        ("paid", vec![&third]),
    ] {
        let found = rows(&app.get(&format!("/v1/invoices?filter[state]={state}")).await);
        assert_eq!(column(&found, "id"), ids.into_iter().cloned().collect::<Vec<_>>(), "{state}");
    }
    app.get("/v1/invoices?filter[state]=late").await.refused(400, "invalid_parameter");
    let page = rows(&app.get("/v1/invoices?limit=1").await);
    assert_eq!(column(&page, "number"), ["DI-3"]);
    let one = app.get(&format!("/v1/invoices/{second}")).await.expect(200);
    assert_eq!(one, list[1]);
    assert_eq!(
        (&one["name"], &one["lines"][0]["unit_price"]),
        (&json!("Ada Byron"), &json!("20.005"))
    );
    app.get(&format!("/v1/invoices/{ada}")).await.refused(404, "invoice_not_found");

    // A given number is one of its kind, and the service's own are not to be given.
    let path = format!("/v1/customers/{ada}/invoices");
    let numbered = |number: &str| {
        json!({ "number": number, "currency": "EUR",
        "lines": [{ "quantity": 1, "unit_price": 1 }] })
    };
    let made = app.post(&path, numbered("R-1")).await;
    made.expect(201);
    assert_eq!(
        made.header("location"),
        format!("/v1/invoices/{}", made.json()["id"].as_str().unwrap())
    );
    let ben = app.person("Ben", "Jonson").await;
    let other = format!("/v1/customers/{ben}/invoices");
    app.post(&other, numbered("r-1")).await.refused(409, "number_taken");
    app.post(&path, numbered("R-1")).await.refused(409, "number_taken");
    app.post(&path, numbered("DI-9")).await.refused(422, "number_reserved");
    let dry = app.post(&format!("{path}?dry_run=true"), numbered("R-2")).await.expect(200);
    assert_eq!(dry["would_emit"][0]["type"], "account.invoice_issued");
    invoice(&app, &ada, "1", None).await;
    let list = rows(&app.get_fresh(&path).await);
    assert_eq!(column(&list[..2], "number"), ["DI-4", "R-1"], "nothing burnt a number");
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f114_a_payment_is_allocated_to_invoices_and_never_to_more_than_is_open() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let first = invoice(&app, &ada, "60", None).await;
    let second = invoice(&app, &ada, "30", None).await;
    let parts = json!([{ "invoice": first, "amount": { "amount": "60.00", "currency": "EUR" } },
        { "invoice": second, "amount": "15" }]);
    let done = pay(&app, &ada, "100", parts).await;
    let payment = done.expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(done.header("location"), format!("/v1/payments/{payment}"));
    let types = column(done.json()["events"].as_array().unwrap(), "type");
    assert_eq!(
        types,
        ["account.payment_received", "account.payment_allocated", "account.payment_allocated"]
    );
    let finance = euros(&app, &ada).await;
    assert_eq!(
        (&finance["balance"], &finance["credit_on_account"]),
        (&json!("15.00"), &json!("25.00"))
    );
    assert_eq!((&finance["open_invoices"], &finance["invoice_count"]), (&json!(1), &json!(2)));

    // 15.00 is open, 25.00 is left.
    let path = format!("/v1/payments/{payment}/allocations");
    let too_much = json!({ "invoice": second, "amount": "15.01" });
    app.post(&path, too_much).await.refused(422, "allocation_exceeds_invoice");
    let rest = app.post(&path, json!({ "invoice": second })).await.expect(201);
    app.post(&path, json!({ "invoice": second })).await.refused(422, "nothing_to_allocate");
    let read = app.get_fresh(&format!("/v1/payments/{payment}")).await.expect(200);
    assert_eq!(read["unallocated"], json!({ "amount": "10.00", "currency": "EUR" }));
    assert_eq!(
        column(read["allocations"].as_array().unwrap(), "amount"),
        ["60.00", "15.00", "15.00"]
    );

    let allocation = rest["allocation_id"].as_str().unwrap();
    let taken = app.delete(&format!("{path}/{allocation}")).await.expect(200);
    assert_eq!(taken["events"][0]["type"], "account.allocation_reversed");
    assert_eq!(app.delete(&format!("{path}/{allocation}")).await.expect(200)["changed"], false);
    app.delete(&format!("{path}/{payment}")).await.refused(404, "allocation_not_found");
    assert_eq!(euros(&app, &ada).await["balance"], "15.00");
    let nobody = format!("/v1/payments/{ada}/allocations");
    app.post(&nobody, json!({ "invoice": second })).await.refused(404, "payment_not_found");

    // Currencies are never mixed, and another's invoice is none.
    let ben = app.person("Ben", "Jonson").await;
    let others = pay(&app, &ben, "5", json!([{ "invoice": second }])).await;
    others.wrong_field("/allocations/0/invoice", "invoice_not_found");
    let body = json!({ "amount": { "amount": 5, "currency": "USD" }, "allocations": [{ "invoice": second }] });
    let dollars = format!("/v1/customers/{ada}/payments");
    let answer = app.post_with(&dollars, &[("Idempotency-Key", "usd")], body.clone()).await;
    answer.refused(422, "currency_differs");

    // A payment must not be recorded twice.
    app.post(&dollars, body).await.refused(400, "idempotency_key_missing");
    let five = json!({ "amount": { "amount": "5.00", "currency": "EUR" } });
    let key = [("Idempotency-Key", "five")];
    let once = app.post_with(&dollars, &key, five.clone()).await.expect(201);
    let twice = app.post_with(&dollars, &key, five).await;
    assert_eq!(twice.header("idempotency-replayed"), "true");
    assert_eq!(twice.json()["id"], once["id"]);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f112_a_credit_note_takes_off_its_invoice_and_leaves_the_rest_as_credit() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let bought = invoice(&app, &ada, "60", None).await;
    pay(&app, &ada, "50", json!([{ "invoice": bought }])).await.expect(201);
    let path = format!("/v1/customers/{ada}/credit-notes");
    let note = |price: &str| {
        json!({ "invoice": bought, "reason": "Came broken",
        "lines": [{ "description": "Lantern", "quantity": 1, "unit_price": price }] })
    };
    app.post(&path, note("60.01")).await.refused(422, "credit_exceeds_invoice");
    let made = app.post(&path, note("30")).await;
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/v1/account-credits/{id}"));
    let finance = euros(&app, &ada).await;
    assert_eq!(
        (&finance["balance"], &finance["credit_on_account"]),
        (&json!("0.00"), &json!("20.00"))
    );
    assert_eq!(
        (&finance["lifetime_value"], &finance["credit_note_count"]),
        (&json!("30.00"), &json!(1))
    );
    let read = app.get(&format!("/v1/account-credits/{id}")).await.expect(200);
    assert_eq!(
        (&read["number"], &read["type"], &read["reason"]),
        (&json!("DC-1"), &json!("credit_note"), &json!("Came broken"))
    );
    let against = app.get(&format!("/v1/invoices/{bought}")).await.expect(200);
    assert_eq!(against["settled_by"][1]["funds"], id);
    let refund =
        app.post(&format!("/v1/account-credits/{id}/refunds"), json!({})).await.expect(201);
    assert_eq!(refund["events"][0]["type"], "account.credit_refunded");
    assert_eq!(euros(&app, &ada).await["credit_on_account"], "0.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn f115_credit_on_account_pays_later_invoices_and_can_be_paid_back() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{ada}/account-credits");
    let body = json!({ "amount": { "amount": "20", "currency": "EUR" }, "method": "cash",
        "reference": "Voucher" });
    let credit = app.created(&path, body).await;
    let bought = invoice(&app, &ada, "15", None).await;
    let own = format!("/v1/account-credits/{credit}");
    let part =
        app.post(&format!("{own}/allocations"), json!({ "invoice": "DI-1" })).await.expect(201);
    let allocation = part["id"].as_str().unwrap();
    assert_eq!(app.get_fresh(&format!("/v1/invoices/{bought}")).await.expect(200)["state"], "paid");
    let more = json!({ "amount": "5.01" });
    app.post(&format!("{own}/refunds"), more).await.refused(422, "refund_exceeds_credit");
    app.post(&format!("{own}/refunds"), json!({ "amount": "5" })).await.expect(201);
    app.delete(&format!("{own}/allocations/{allocation}")).await.expect(200);
    let list = rows(&app.get_fresh(&path).await);
    assert_eq!(list[0]["unallocated"]["amount"], "15.00");
    assert_eq!(
        (&list[0]["refunded"]["amount"], &list[0]["reference"]),
        (&json!("5.00"), &json!("Voucher"))
    );
    let finance = euros(&app, &ada).await;
    assert_eq!(
        (&finance["balance"], &finance["credit_on_account"]),
        (&json!("15.00"), &json!("15.00"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn f118_the_ledger_runs_and_its_sum_is_the_balance() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let bought = invoice(&app, &ada, "60", None).await;
    pay(&app, &ada, "100", json!([{ "invoice": bought }])).await.expect(201);
    let second = invoice(&app, &ada, "50", None).await;
    let dollars = json!({ "currency": "USD", "lines": [{ "quantity": 1, "unit_price": 7 }] });
    app.created(&format!("/v1/customers/{ada}/invoices"), dollars).await;
    let path = format!("/v1/customers/{ada}/ledger");
    let entries = rows(&app.get_fresh(&path).await);
    let euros: Vec<&Value> =
        entries.iter().filter(|entry| entry["amount"]["currency"] == "EUR").collect();
    // The payment was received the day before: it stands before the invoices.
    let told: Vec<_> = euros
        .iter()
        .map(|entry| {
            (
                entry["type"].as_str().unwrap(),
                entry["balance"].as_str().unwrap(),
                entry["credit_on_account"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[0], ("invoice_issued", "50.00", "40.00"));
    assert!(told.iter().any(|(what, ..)| *what == "payment_received"), "{told:?}");
    assert_eq!(
        entries.iter().find(|entry| entry["amount"]["currency"] == "USD").unwrap()["balance"],
        "7.00"
    );
    // Page by page it is the same.
    let mut seen = Vec::new();
    let mut next = format!("{path}?limit=1");
    loop {
        let page = app.get(&next).await;
        seen.extend(rows(&page));
        let Some(after) = page.json()["page"]["next"].as_str().map(str::to_owned) else { break };
        next = format!("{path}?limit=1&after={after}");
    }
    assert_eq!(seen, entries);
    assert_eq!(self::euros(&app, &ada).await["balance"], "50.00");
    let found = rows(&app.get("/v1/customers?filter[balance][gte]=50%20EUR").await);
    assert_eq!(column(&found, "id"), std::slice::from_ref(&ada));
    let found = rows(&app.get("/v1/customers?filter[open_invoices][gte]=3").await);
    assert_eq!(found, [Value::Null; 0]);
    drop(second);
}

#[tokio::test(flavor = "multi_thread")]
async fn f119_debt_has_an_age_by_the_organisations_days() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    assert_eq!(euros(&app, &ada).await, Value::Null);
    let old = invoice(&app, &ada, "10", Some(&day(12))).await;
    invoice(&app, &ada, "10", Some(&day(5))).await;
    invoice(&app, &ada, "10", Some(&day(-5))).await;
    let finance = euros(&app, &ada).await;
    assert_eq!((&finance["open_invoices"], &finance["overdue_invoices"]), (&json!(3), &json!(2)));
    assert_eq!(finance["debt_age_days"], 12);
    pay(&app, &ada, "10", json!([{ "invoice": old }])).await.expect(201);
    assert_eq!(euros(&app, &ada).await["debt_age_days"], 5);
    // At the other end of the world it is another day: what is due today here was due yesterday there.
    let ben = app.person("Ben", "Jonson").await;
    let zone = |zone: &str| json!({ "time_zone": zone });
    app.post("/v1/organisation/time-zone", zone("Etc/GMT-14")).await.expect(200);
    let there = Zoned::now().with_time_zone(jiff::tz::TimeZone::get("Etc/GMT-14").unwrap()).date();
    let yesterday = there.yesterday().unwrap().to_string();
    invoice(&app, &ben, "10", Some(&yesterday)).await;
    assert_eq!(euros(&app, &ben).await["debt_age_days"], 1);
    app.post("/v1/organisation/time-zone", zone("Etc/GMT+12")).await.expect(200);
    assert_eq!(euros(&app, &ben).await["debt_age_days"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn f078_invoices_payments_and_balances_are_for_finance_roles() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let bought = invoice(&app, &ada, "60", None).await;
    for role in ["support", "finance"] {
        let reader = app.user(&[role]).await;
        assert_eq!(rows(&reader.get_fresh("/v1/invoices").await).len(), 1, "{role}");
    }
    let sales = app.user(&["sales"]).await;
    for path in [
        "/v1/invoices".to_owned(),
        format!("/v1/invoices/{bought}"),
        format!("/v1/customers/{ada}/invoices"),
        format!("/v1/customers/{ada}/payments"),
        format!("/v1/customers/{ada}/ledger"),
    ] {
        sales.get(&path).await.denied("finance.read");
    }
    let customer = sales.get(&format!("/v1/customers/{ada}")).await.expect(200);
    assert_eq!(
        (&customer["finance"], &customer["_redacted"][0]),
        (&Value::Null, &json!("finance"))
    );
    let history = rows(&sales.get(&format!("/v1/customers/{ada}/history")).await);
    assert_eq!(column(&history, "type"), ["customer.created"]);
    sales
        .get("/v1/customers?filter[balance.amount][gte]=1")
        .await
        .refused(400, "unknown_parameter");
    pay(&sales, &ada, "1", json!([])).await.denied("finance.write");
    let support = app.user(&["support"]).await;
    pay(&support, &ada, "1", json!([])).await.denied("finance.write");
}

/// FEATURES decision 21: an order that an invoice bills is counted once.
#[tokio::test(flavor = "multi_thread")]
async fn f077_an_order_that_an_invoice_bills_counts_once() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let order = |number: &str| {
        json!({ "customer": ada, "source": "shop", "number": number,
        "currency": "EUR", "lines": [{ "quantity": 5, "unit_price": "2.555" }] })
    };
    let billed = app.created("/v1/orders", order("1")).await;
    app.created("/v1/orders", order("2")).await;
    let body = json!({ "currency": "EUR", "orders": [billed],
        "lines": [{ "quantity": 5, "unit_price": "2.555" }] });
    let path = format!("/v1/customers/{ada}/invoices");
    app.created(&path, body.clone()).await;
    let finance = euros(&app, &ada).await;
    // The invoice over 12.78, and the order over 12.775 that is not billed.
    assert_eq!(
        (&finance["lifetime_value"], &finance["order_count"]),
        (&json!("25.555"), &json!(2))
    );
    assert_eq!(finance["balance"], "12.78");
    app.post(&path, body.clone()).await.wrong_field("/orders/0", "order_billed");
    let mut unknown = body;
    unknown["orders"] = json!([ada]);
    app.post(&path, unknown).await.wrong_field("/orders/0", "order_not_found");
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_payment_received_triggers_rules_that_know_the_account() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let when = json!({ "all": [
        { "field": "event.amount", "op": "gte", "value": "50" },
        { "field": "before.balance.amount", "op": "gt", "value": "0" },
        { "field": "after.balance", "op": "eq", "value": { "amount": "60", "currency": "EUR" } },
    ] });
    let then = json!([{ "action": "add_tag", "tag": "payer" }]);
    app.rule("account.payment_received", json!({ "when": when, "then": then })).await;
    let paid = json!({ "all": [{ "field": "after.open_invoices", "op": "eq", "value": 0 }] });
    let then = json!([{ "action": "add_tag", "tag": "settled" }]);
    app.rule("account.payment_allocated", json!({ "when": paid, "then": then })).await;
    let bought = invoice(&app, &ada, "60", None).await;
    pay(&app, &ada, "49", json!([])).await.expect(201);
    app.settled().await;
    assert_eq!(app.strong(&ada).await["tags"], json!([]));
    pay(&app, &ada, "60", json!([{ "invoice": bought }])).await.expect(201);
    app.settled().await;
    assert_eq!(app.strong(&ada).await["tags"], json!(["payer", "settled"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_or_erased_customer_can_still_pay_what_is_owed() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let bought = invoice(&app, &ada, "60", None).await;
    app.post(&format!("/v1/customers/{ada}/archive"), json!({})).await.expect(200);
    let body = json!({ "currency": "EUR", "lines": [{ "quantity": 1, "unit_price": 1 }] });
    let path = format!("/v1/customers/{ada}/invoices");
    app.post(&path, body.clone()).await.refused(422, "customer_archived");
    pay(&app, &ada, "20", json!([{ "invoice": bought }])).await.expect(201);
    let version = app.strong(&ada).await["version"].to_string();
    let headers = [("If-Match", version.as_str()), ("Idempotency-Key", "erase")];
    let erase = format!("/v1/customers/{ada}/erase");
    app.post_with(&erase, &headers, json!({ "confirm": "erase" })).await.expect(200);
    pay(&app, &ada, "40", json!([{ "invoice": bought }])).await.expect(201);
    app.post(&path, body).await.refused(422, "customer_erased");
    // The books are kept: to whom the invoice was addressed is still there.
    let invoice = app.get_fresh(&format!("/v1/invoices/{bought}")).await.expect(200);
    assert_eq!((&invoice["state"], &invoice["name"]), (&json!("paid"), &json!("Ada Byron")));
    app.rebuilt_equals_live().await;
}
