//! Import files: what they make, what is told of every row, and that twice is once.

use std::collections::BTreeMap;
use std::io::Read;

use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::app::{TestApp, column, rows, send};

const ORDERS: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,Lantern,6,2010-12-01 08:26:00,2.555,17850.0,United Kingdom
536365,85123A,Lantern,6,2010-12-01 08:26:00,2.555,17850.0,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,United Kingdom
536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom
";
const CUSTOMERS: &str = "external_id,type,first_name,last_name,company_name,email,phone,tags
1,person,Ada,Byron,,ada@example.com,+44 20 7946 0958,vip
2,person,Ben,Jonson,,ben@example.com,,
3,company,,,,office@looms.example,,
";

/// How many customers there are.
async fn customers(app: &TestApp) -> usize {
    rows(&app.get_fresh("/v1/customers?limit=200").await).len()
}

fn counts(job: &Value) -> [i64; 5] {
    ["created", "updated", "unchanged", "skipped", "failed"].map(|name| job[name].as_i64().unwrap())
}

/// Asserts that a file as a whole is refused, and where the fault is.
async fn refused(app: &TestApp, query: &str, file: &[u8], code: &str, row: Value, column: Value) {
    let job = app.import(query, file.to_vec()).await;
    assert_eq!(job["state"], "failed", "{job:#}");
    let error = &job["error"];
    assert_eq!((&error["code"], &error["row"]), (&json!(code), &row), "{error}");
    assert_eq!(error["column"], column, "{error}");
    assert!(error["detail"].as_str().unwrap().len() > 10, "{error}");
    assert_eq!(counts(&job), [0; 5], "{job:#}");
}

#[derive(Debug, PartialEq)]
struct Figures {
    orders: i64,
    credit_notes: i64,
    lines: usize,
    gross: Decimal,
    credits: Decimal,
    net: Decimal,
}

fn data(name: &str) -> Vec<u8> {
    std::fs::read(format!("data/online-retail/{name}")).unwrap()
}

/// By the customer's outside id.
fn expected() -> BTreeMap<String, Figures> {
    let text = String::from_utf8(data("expected-2010-12-per-customer.csv")).unwrap();
    let figures = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let figures = Figures {
            orders: cells[1].parse().unwrap(),
            credit_notes: cells[2].parse().unwrap(),
            lines: cells[3].parse().unwrap(),
            gross: cells[4].parse().unwrap(),
            credits: cells[5].parse().unwrap(),
            net: cells[6].parse().unwrap(),
        };
        (cells[0].to_owned(), figures)
    };
    text.lines().skip(1).map(figures).collect()
}

/// What the service says of every customer, by outside id.
async fn found(app: &TestApp) -> BTreeMap<String, Figures> {
    let mut found = BTreeMap::new();
    let mut path = "/v1/customers?limit=200".to_owned();
    loop {
        let answer = app.get_fresh(&path).await;
        for row in rows(&answer) {
            let id = row["external_ids"]["shop"].as_str().unwrap().to_owned();
            found.insert(id, figures(app, row["id"].as_str().unwrap()).await);
        }
        let Some(after) = answer.json()["page"]["next"].as_str().map(str::to_owned) else { break };
        path = format!("/v1/customers?limit=200&after={after}");
    }
    found
}

async fn figures(app: &TestApp, id: &str) -> Figures {
    let customer = app.get(&format!("/v1/customers/{id}?include=orders")).await.expect(200);
    let currencies = customer["finance"]["by_currency"].as_array().unwrap();
    assert_eq!(currencies.len(), 1, "{customer:#}");
    let euros = &currencies[0];
    assert_eq!((&euros["currency"], &euros["balance"]), (&json!("GBP"), &json!("0")));
    let amount = |name: &str| euros[name].as_str().unwrap().parse::<Decimal>().unwrap();
    // More documents than come with the customer are read apart.
    let orders = if customer["orders"]["has_more"] == true {
        rows(&app.get(&format!("/v1/customers/{id}/orders?limit=200")).await)
    } else {
        customer["orders"]["data"].as_array().unwrap().clone()
    };
    Figures {
        orders: euros["order_count"].as_i64().unwrap(),
        credit_notes: euros["credit_note_count"].as_i64().unwrap(),
        lines: orders.iter().map(|order| order["lines"].as_array().unwrap().len()).sum(),
        gross: amount("gross"),
        credits: -amount("credits"),
        net: amount("lifetime_value"),
    }
}

/// December 2010 of the data set Online Retail, 42,481 rows, to the penny for all 948 customers.
#[tokio::test(flavor = "multi_thread")]
async fn online_retail_gives_every_customer_exactly_their_figures() {
    let app = TestApp::start().await;
    let mut file = Vec::new();
    let packed = data("online-retail-2010-12.csv.gz");
    flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut file).unwrap();
    let query = "kind=orders&source=shop&currency=GBP&time_zone=Europe/London";
    let job = app.import(query, file.clone()).await;
    assert_eq!((&job["state"], &job["error"]), (&json!("done"), &Value::Null));
    // 1,708 documents name a customer; the 15,631 rows that name none are told, none is dropped.
    assert_eq!(counts(&job), [1_708, 0, 0, 15_631, 0]);
    assert_eq!(found(&app).await, expected());
    assert_eq!(expected().len(), 948);

    let report = app.get(job["report_url"].as_str().unwrap()).await;
    assert_eq!(report.header("content-type"), "text/csv; charset=utf-8");
    assert!(report.header("content-disposition").starts_with("attachment"));
    let lines: Vec<&str> = report.text.lines().collect();
    assert_eq!(lines[0], "row,outcome,code,message,id");
    let skipped = lines.iter().filter(|line| line.contains(",skipped,no_customer,")).count();
    assert_eq!((lines.len(), skipped), (1 + 1_708 + 15_631, 15_631));

    // Twice is once.
    let head = app.head().await;
    let again = app.import(query, file).await;
    assert_eq!(counts(&again), [0, 0, 1_708, 15_631, 0]);
    assert_eq!(app.head().await, head);
    assert_eq!(app.get("/v1/audit/verify").await.expect(200)["ok"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_history_keeps_decimals_equal_rows_and_dates() {
    let app = TestApp::start().await;
    let job = app.import("kind=orders&source=shop&currency=GBP", ORDERS.into()).await;
    assert_eq!(counts(&job), [2, 0, 0, 1, 0]);
    let list = rows(&app.get_fresh("/v1/customers?filter[external_id.shop]=17850").await);
    let id = list[0]["id"].as_str().unwrap();
    let orders = rows(&app.get_fresh(&format!("/v1/customers/{id}/orders")).await);
    assert_eq!(orders.len(), 1);
    let order = &orders[0];
    assert_eq!(order["gross"], json!({ "amount": "30.660", "currency": "GBP" }));
    assert_eq!(order["lines"].as_array().unwrap().len(), 2);
    assert_eq!(order["lines"][0]["unit_price"], "2.555");
    assert_eq!(order["placed_at"], "2010-12-01T08:26:00.000000Z");
    let event = &app.events_of(id, "order.recorded").await[0];
    assert_eq!(
        (&event["occurredat"], &event["origin"]),
        (&json!("2010-12-01T08:26:00.000000Z"), &json!("import"))
    );
    let discount = rows(&app.get("/v1/customers?filter[external_id.shop]=14527").await);
    let id = discount[0]["id"].as_str().unwrap();
    let credit = &rows(&app.get(&format!("/v1/customers/{id}/orders")).await)[0];
    assert_eq!((&credit["kind"], &credit["number"]), (&json!("credit_note"), &json!("C536379")));
    // The past of an imported history is effective at its own dates.
    let then = format!("/v1/customers/{id}?as_of=2010-12-02T00:00:00Z&time=effective");
    let then = app.get(&then).await.expect(200);
    assert_eq!(then["finance"]["by_currency"][0]["credits"], "27.50");
}

#[tokio::test(flavor = "multi_thread")]
async fn f171_a_file_of_customers_makes_changes_and_reports_each_row() {
    let app = TestApp::start().await;
    let query = "kind=customers&source=crm";
    let job = app.import(query, CUSTOMERS.into()).await;
    assert_eq!(counts(&job), [2, 0, 0, 0, 1]);
    assert_eq!((&job["total"], &job["done"]), (&json!(3), &json!(3)));
    let report = app.get(job["report_url"].as_str().unwrap()).await.text;
    let failed = report.lines().find(|line| line.contains(",failed,")).unwrap();
    assert!(failed.starts_with("4,failed,name_required,"), "{failed}");
    // The row mended: only that one is made, the others are known.
    let mended = CUSTOMERS.replace("3,company,,,,", "3,company,,,Looms Ltd,");
    let job = app.import(query, mended.clone().into()).await;
    assert_eq!(counts(&job), [1, 0, 2, 0, 0], "{job:#}");
    let third = mended.replace("Byron", "Lovelace");
    let third = third.replace("ben@example.com,,", "ben@example.com,,friend");
    let job = app.import(query, third.into()).await;
    assert_eq!(counts(&job), [0, 2, 1, 0, 0], "{job:#}");
    assert_eq!(customers(&app).await, 3);
    let ada = &rows(&app.get("/v1/customers?q=lovelace").await)[0];
    assert_eq!((&ada["first_name"], &ada["tags"]), (&json!("Ada"), &json!(["vip"])));
    assert_eq!(ada["phones"][0]["e164"], "+442079460958");
    let list = rows(&app.get("/v1/jobs").await);
    assert_eq!(column(&list, "state"), ["done", "done", "done"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_encodings_and_separators_are_found_out_or_said() {
    let app = TestApp::start().await;
    let latin: Vec<u8> = "Nummer;Vorname;Nachname;Betrag\n7;J\u{fc}rgen;M\u{fc}ller;1\n"
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let mapping = "%7B%22external_id%22:%22Nummer%22,%22first_name%22:%22Vorname%22,%22last_name%22:%22Nachname%22%7D";
    let job = app.import(&format!("kind=customers&source=alt&mapping={mapping}"), latin).await;
    assert_eq!(counts(&job), [1, 0, 0, 0, 0], "{job:#}");
    let found = rows(&app.get_fresh("/v1/customers?q=muller").await);
    assert_eq!(found[0]["display_name"], "Jürgen Müller");
    assert_eq!(found[0]["external_ids"], json!({ "alt": "7" }));
    let comma = "Rechnung;Menge;Datum;Preis;Kunde\n1;2;21.11.2026 08:26;1.234,50;7\n";
    let mapping = "%7B%22invoice_number%22:%22Rechnung%22,%22invoice_date%22:%22Datum%22,%22unit_price%22:%22Preis%22,%22customer_id%22:%22Kunde%22,%22quantity%22:%22Menge%22%7D";
    let query = format!(
        "kind=orders&source=alt&decimal_comma=true&time_zone=Europe/Berlin&mapping={mapping}"
    );
    let job = app.import(&query, comma.into()).await;
    assert_eq!(counts(&job), [1, 0, 0, 0, 0], "{job:#}");
    let order = &rows(&app.get_fresh("/v1/orders").await)[0];
    assert_eq!(order["gross"]["amount"], "2469.00");
    assert_eq!(order["placed_at"], "2026-11-21T07:26:00.000000Z");
}

/// A clear error with row and column, and nothing half done that a second run does not finish.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_it_says_is_refused_whole() {
    let app = TestApp::start().await;
    let (orders, people) = ("kind=orders&source=shop", "kind=customers&source=crm");
    let null = Value::Null;
    let cut = CUSTOMERS.find("Jonson").unwrap();
    refused(
        &app,
        people,
        &CUSTOMERS.as_bytes()[..cut],
        "file_ends_in_row",
        json!(3),
        json!("company_name"),
    )
    .await;
    let cut = ORDERS.find("C536379,D,Disc").unwrap() + 12;
    refused(
        &app,
        orders,
        &ORDERS.as_bytes()[..cut],
        "file_ends_in_row",
        json!(4),
        json!("Quantity"),
    )
    .await;
    for (bytes, what) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "PNG"),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml", "Excel"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"<!doctype html><html><body>Sign in</body></html>", "web page"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "gzip"),
    ] {
        let job = app.import(people, bytes.to_vec()).await;
        assert_eq!(job["error"]["code"], "not_a_table", "{what}: {job:#}");
        assert!(job["error"]["detail"].as_str().unwrap().contains(what), "{what}: {job:#}");
    }
    let latin = [CUSTOMERS.as_bytes(), b"4,person,J\xfcrgen,M,,x@example.com,,\n"].concat();
    let utf8 = format!("{people}&encoding=utf-8");
    refused(&app, &utf8, &latin, "wrong_encoding", json!(5), json!("first_name")).await;
    // In the beginning it is no text at all, further on a text with a fault.
    let nul = CUSTOMERS.replace("Jonson", "Jon\0son");
    refused(&app, people, nul.as_bytes(), "not_a_table", null.clone(), null.clone()).await;
    let many: String = (4..3_000).map(|id| format!("{id},person,Ada,Byron,,,,\n")).collect();
    let nul = format!("{CUSTOMERS}{many}3000,person,Ada,By\0ron,,,,\n");
    let (row, column) = (json!(3_001), json!("last_name"));
    refused(&app, people, nul.as_bytes(), "nul_character", row, column).await;
    let quote = CUSTOMERS.replace("Jonson", "\"Jonson");
    refused(&app, people, quote.as_bytes(), "quote_not_closed", json!(3), json!("last_name")).await;
    let lacking = ORDERS.replace("Quantity", "Zahl");
    refused(&app, orders, lacking.as_bytes(), "columns_missing", json!(1), null.clone()).await;
    let job = app.import(&format!("{people}&encoding=klingon"), CUSTOMERS.into()).await;
    assert_eq!(job["error"]["code"], "unknown_encoding");
    // None of it left anything behind, and the whole files are taken.
    assert_eq!(customers(&app).await, 0);
    assert_eq!(counts(&app.import(people, CUSTOMERS.into()).await), [2, 0, 0, 0, 1]);
    assert_eq!(counts(&app.import(orders, ORDERS.into()).await), [2, 0, 0, 1, 0]);
}

/// A document is taken over whole or not at all, and says which row is to blame.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_row_fails_its_document_and_a_second_run_finishes_it() {
    let app = TestApp::start().await;
    let query = "kind=orders&source=shop";
    let broken = ORDERS.replacen(",6,2010-12-01", ",six,2010-12-01", 1);
    let job = app.import(query, broken.into()).await;
    assert_eq!(counts(&job), [1, 0, 0, 1, 2], "{job:#}");
    let report = app.get(job["report_url"].as_str().unwrap()).await.text;
    assert!(report.contains("2,failed,invalid_number,"), "{report}");
    assert!(report.contains("3,failed,document_incomplete,"), "{report}");
    assert_eq!(rows(&app.get_fresh("/v1/orders").await).len(), 1);
    assert_eq!(counts(&app.import(query, ORDERS.into()).await), [1, 0, 1, 1, 0]);
    // Another content under a known number is told, never taken.
    let other = ORDERS.replace("2.555", "9.99");
    let job = app.import(query, other.into()).await;
    assert_eq!(counts(&job), [0, 0, 1, 1, 1], "{job:#}");
    let report = app.get(job["report_url"].as_str().unwrap()).await.text;
    assert!(report.contains(",failed,document_differs,"), "{report}");
    // A cell that a spreadsheet would run as a formula comes back guarded.
    let formula = ORDERS.replace("17850.0", "=1+1").replace("536365", "9");
    let job = app.import(query, formula.into()).await;
    assert_eq!(job["state"], "done", "{job:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_ask_for_what_they_need_and_are_for_who_may() {
    let app = TestApp::start().await;
    let post = async |query: &str, body: &str| {
        send(app.request(Method::POST, &format!("/v1/imports{query}")).body(body.to_owned())).await
    };
    post("", CUSTOMERS).await.refused(400, "invalid_parameter");
    post("?kind=quotes", CUSTOMERS).await.refused(400, "invalid_parameter");
    post("?kind=customers&source=a b", CUSTOMERS).await.refused(400, "invalid_parameter");
    post("?kind=customers&mapping=x", CUSTOMERS).await.refused(400, "invalid_parameter");
    post("?kind=customers&color=red", CUSTOMERS).await.refused(400, "unknown_parameter");
    post("?kind=customers", "").await.refused(422, "import_refused");
    for role in ["executive", "support", "finance", "sales", "field", "viewer"] {
        let somebody = app.user(&[role]).await;
        let request = somebody.request(Method::POST, "/v1/imports?kind=customers");
        send(request.body(CUSTOMERS)).await.denied("import.run");
    }
    let job = app.import("kind=customers&source=crm", CUSTOMERS.into()).await;
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    let viewer = app.user(&["viewer"]).await;
    for path in [&path, "/v1/jobs", &format!("{path}/report")] {
        viewer.get(path).await.denied("job.read");
    }
    // A job of another organisation is not there.
    let elsewhere = app.abroad().await;
    elsewhere.get(&path).await.refused(404, "job_not_found");
    elsewhere.get(&format!("{path}/report")).await.refused(404, "job_not_found");
    assert_eq!(rows(&elsewhere.get("/v1/jobs").await), [Value::Null; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_does_no_more_than_the_token_it_was_asked_for_with() {
    let app = TestApp::start().await;
    let permissions = ["customer.list", "customer.read", "import.run", "job.read"];
    let permissions = json!({ "permissions": permissions });
    app.put("/v1/roles/manager/permissions", permissions).await.expect(200);
    let token = json!({ "name": "held", "role": "manager" });
    let token = app.post("/v1/tokens", token).await.expect(201)["token"].clone();
    let job = app.with_token(&token).import("kind=customers&source=crm", CUSTOMERS.into()).await;
    assert_eq!(counts(&job), [0, 0, 0, 0, 3], "{job:#}");
    assert_eq!(customers(&app).await, 0);
    let job = app.import("kind=customers&source=crm", CUSTOMERS.into()).await;
    assert_eq!(counts(&job)[0], 2, "{job:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invoices_and_payments_are_taken_over_once_and_set_against_each_other() {
    const INVOICES: &str =
        "Invoice No,Order No,Invoice Date,Due Date,Description,Quantity,Price,Customer
R1,536365,2026-01-05,2026-01-19,Lantern,6,2.555,17850.0
R1,536365,2026-01-05,2026-01-19,Freight,1,5.00,17850.0
R2,,2026-02-05,,Candle,1,10.00,17850
R3,,2026-02-05,soon,Candle,1,10.00,17850
R4,,2026-02-05,,Candle,-1,10.00,17850
";
    const PAYMENTS: &str = "Payment No,Customer,Amount,Date,Invoice,Reference
1,17850,20.33,2026-01-10,R1,Thanks
2,17850,4.00,2026-02-10,R2,
3,14527,9.50,2026-02-11,R2,For a friend
4,17850,7.25,2026-02-12,,
5,17850,x,2026-02-12,,
";
    let app = TestApp::start().await;
    app.import("kind=orders&source=shop&currency=GBP", ORDERS.into()).await;
    let job = app.import("kind=invoices&source=shop&currency=GBP", INVOICES.into()).await;
    assert_eq!(counts(&job), [2, 0, 0, 0, 2], "{job:#}");
    let report = app.get(job["report_url"].as_str().unwrap()).await.text;
    assert!(report.contains("5,failed,invalid_date"), "{report}");
    assert!(report.contains("6,failed,invalid_amount"), "{report}");
    let job = app.import("kind=payments&source=shop&currency=GBP", PAYMENTS.into()).await;
    assert_eq!(counts(&job), [4, 0, 0, 0, 1], "{job:#}");
    let report = app.get(job["report_url"].as_str().unwrap()).await.text;
    assert!(report.contains("4,created,invoice_not_found"), "{report}");
    let invoices = rows(&app.get_fresh("/v1/invoices").await);
    assert_eq!(column(&invoices, "number"), ["R2", "R1"]);
    assert_eq!(column(&invoices, "state"), ["open", "paid"]);
    assert_eq!(invoices[1]["orders"].as_array().unwrap().len(), 1);
    assert_eq!(invoices[0]["open"], json!({ "amount": "6.00", "currency": "GBP" }));
    let customer = invoices[0]["customer"].as_str().unwrap();
    let pounds = app.get_fresh(&format!("/v1/customers/{customer}")).await.expect(200)["finance"]
        ["by_currency"][0]
        .clone();
    // The order is billed: it counts through its invoice of 20.33 alone.
    assert_eq!(
        (&pounds["balance"], &pounds["credit_on_account"]),
        (&json!("6.00"), &json!("7.25"))
    );
    assert_eq!(pounds["lifetime_value"], "30.330");

    let head = app.head().await;
    let again = app.import("kind=invoices&source=shop&currency=GBP", INVOICES.into()).await;
    assert_eq!(counts(&again), [0, 0, 2, 0, 2]);
    let again = app.import("kind=payments&source=shop&currency=GBP", PAYMENTS.into()).await;
    assert_eq!(counts(&again), [0, 0, 4, 0, 1]);
    assert_eq!(app.head().await, head);
    app.rebuilt_equals_live().await;
}

/// A report quotes the rows of its file.
#[tokio::test(flavor = "multi_thread")]
async fn f078_the_report_of_imported_invoices_is_for_finance_roles() {
    const INVOICES: &str = "Invoice No,Invoice Date,Description,Quantity,Price,Customer
R1,2026-01-05,Lantern,6,2.555,17850
R2,2026-01-05,Candle,-1,10.00,17850
";
    let app = TestApp::start().await;
    let job = app.import("kind=invoices&source=shop&currency=GBP", INVOICES.into()).await;
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    let report = format!("{path}/report");
    for role in ["finance", "support"] {
        let senior = app.user(&[role]).await;
        assert_eq!(senior.get(&path).await.expect(200)["report_url"], report.as_str());
        assert_eq!(senior.get(&report).await.status, 200);
    }
    for role in ["sales", "field"] {
        let person = app.user(&[role]).await;
        assert!(person.get(&path).await.expect(200)["report_url"].is_null());
        person.get(&report).await.refused(404, "job_not_found");
    }
}
