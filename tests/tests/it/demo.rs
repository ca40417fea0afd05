//! The demo: Sakila through the public import, and a supplement of commands.

use jiff::{Timestamp, ToSpan, Zoned};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};
use crate::browser::Browser;

async fn load(app: &TestApp, say: impl FnMut(&str)) {
    let service = &app.service;
    let owner = &service.owner.as_ref().unwrap().principal;
    api::demo::load(&service.store, &service.jobs, owner, app.data_dir.path(), say).await.unwrap();
}

/// All rows of a list.
async fn all(app: &TestApp, path: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut next = format!("{path}?limit=200");
    loop {
        let answer = app.get_fresh(&next).await;
        found.extend(rows(&answer));
        let Some(after) = answer.json()["page"]["next"].as_str().map(str::to_owned) else { break };
        next = format!("{path}?limit=200&after={after}");
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_sakila_to_the_cent_and_is_loaded_once() {
    let app = TestApp::start().await;
    let mut said = Vec::new();
    load(&app, |line| said.push(line.to_owned())).await;
    sign_in(&app, &said).await;
    for job in rows(&app.get("/v1/jobs").await) {
        assert_eq!(
            (&job["state"], &job["failed"], &job["skipped"]),
            (&json!("done"), &json!(0), &json!(0))
        );
    }
    let customers = all(&app, "/v1/customers").await;
    assert_eq!(customers.len(), 599);
    let orders = all(&app, "/v1/orders").await;
    assert_eq!(orders.len(), 16_044);
    let amount =
        |order: &Value| order["gross"]["amount"].as_str().unwrap().parse::<Decimal>().unwrap();
    assert_eq!(orders.iter().map(amount).sum::<Decimal>().to_string(), "67407.55");
    assert!(orders.iter().all(|order| order["gross"]["currency"] == "USD"));
    dates(&orders);
    books(&app).await;
    people(&app, &customers).await;
    views(&app).await;

    // Loading it again, its mark lost, changes nothing.
    app.settled().await;
    let before = app.head().await;
    std::fs::remove_file(app.data_dir.path().join("demo-loaded")).unwrap();
    load(&app, |_| ()).await;
    app.settled().await;
    assert_eq!(app.head().await, before);

    assert_eq!(app.get("/v1/audit/verify").await.expect(200)["ok"], true);
    let rows = app.rebuilt_equals_live().await;
    assert!(rows > 599 * 2 + 16_044 + 3 * 16_044, "{rows}");
    let app = app.restart().await;
    assert_eq!(app.head().await, before);
}

/// The newest order lies in the last seven days, and all keep their weekday and time of day.
fn dates(orders: &[Value]) {
    let placed = |order: &Value| order["placed_at"].as_str().unwrap().parse::<Timestamp>().unwrap();
    let newest = orders.iter().map(placed).max().unwrap();
    let week_ago = Zoned::now().checked_sub(7.days()).unwrap().timestamp();
    assert!(newest > week_ago && newest <= Timestamp::now(), "{newest}");
    assert!(newest.to_string().ends_with("T15:16:03Z"), "{newest}");
    let oldest = orders.iter().map(placed).min().unwrap();
    assert!(oldest.to_string().ends_with("T22:53:30Z"), "{oldest}");
    let listed: Vec<Timestamp> = orders.iter().map(placed).collect();
    assert!(listed.iter().rev().is_sorted(), "newest first");
}

/// Every rental is billed and paid; four payments for another's rental stay as credit.
async fn books(app: &TestApp) {
    let sum = |rows: &[Value], member: &str| -> Decimal {
        let amount = |row: &Value| row[member]["amount"].as_str().unwrap().parse::<Decimal>();
        rows.iter().map(|row| amount(row).unwrap()).sum()
    };
    let invoices = all(app, "/v1/invoices").await;
    assert_eq!(
        (invoices.len(), sum(&invoices, "total").to_string()),
        (16_044, "67407.55".to_owned())
    );
    assert!(invoices.iter().all(|invoice| invoice["state"] == "paid"));
    let settled = |invoice: &&Value| invoice["settled_by"].as_array().unwrap().len();
    let twice: Vec<&Value> = invoices.iter().filter(|invoice| settled(invoice) == 2).collect();
    assert_eq!((twice.len(), &twice[0]["number"]), (1, &json!("R291")));
    assert_eq!(invoices.iter().map(|invoice| settled(&invoice)).sum::<usize>(), 16_045);
    let payers = rows(&app.get_fresh("/v1/customers?filter[credit_on_account.amount][gt]=0").await);
    let mut names = column(&payers, "display_name");
    names.sort();
    assert_eq!(names, ["Kelly Knott", "Lena Jensen", "Sandra Martin", "Tony Carranza"]);
    let mut credit = Decimal::ZERO;
    for payer in &payers {
        let path = format!("/v1/customers/{}", payer["id"].as_str().unwrap());
        let dollars = app.get(&path).await.expect(200)["finance"]["by_currency"][0].clone();
        let left = dollars["credit_on_account"].as_str().unwrap();
        credit += left.parse::<Decimal>().unwrap();
        if payer["display_name"] == "Lena Jensen" {
            let sums = (&dollars["invoiced"], &dollars["paid"], &dollars["balance"]);
            assert_eq!(sums, (&json!("168.68"), &json!("170.67"), &json!("0.00")));
            let payments = all(app, &format!("{path}/payments")).await;
            assert_eq!(sum(&payments, "unallocated").to_string(), "1.99");
            let ledger = all(app, &format!("{path}/ledger")).await;
            let last = (&ledger[0]["balance"], &ledger[0]["credit_on_account"]);
            assert_eq!(last, (&json!("0.00"), &json!("1.99")));
        }
    }
    assert_eq!(credit.to_string(), "8.96");
}

async fn people(app: &TestApp, customers: &[Value]) {
    let names = column(customers, "display_name");
    for name in ["Mary Smith", "Leona O'Brien", "Edith McDonald"] {
        assert!(names.contains(&name.to_owned()), "{name}");
    }
    for customer in customers {
        assert!(customer["phones"][0]["e164"].is_string(), "{customer}");
    }
    let of = async |id: &str| {
        let list = rows(&app.get(&format!("/v1/customers?filter[external_id.demo]={id}")).await);
        let path = format!("/v1/customers/{}", list[0]["id"].as_str().unwrap());
        let customer = app.get_fresh(&path).await.expect(200);
        let dollars = customer["finance"]["by_currency"][0].clone();
        (
            dollars["order_count"].as_i64().unwrap(),
            dollars["lifetime_value"].as_str().unwrap().to_owned(),
        )
    };
    // Eleanor Hunt, Karl Seal.
    assert_eq!(of("148").await, (46, "216.54".to_owned()));
    assert_eq!(of("526").await, (45, "221.55".to_owned()));
}

/// No view is empty.
async fn views(app: &TestApp) {
    app.settled().await;
    for path in [
        "/v1/folders",
        "/v1/tasks",
        "/v1/automation/rules",
        "/v1/automation/runs",
        "/v1/notifications",
        "/v1/users",
        "/v1/customers?filter[lifecycle]=dormant",
        "/v1/customers?filter[tags]=vip",
        "/v1/customers?filter[under_review]=true",
        "/v1/customers?filter[flagged]=true",
    ] {
        assert!(!rows(&app.get_fresh(path).await).is_empty(), "{path}");
    }
    for types in ["customer.note_added", "customer.interaction_logged", "customer.risk_flag_raised"]
    {
        assert!(
            !rows(&app.get(&format!("/v1/events?types={types}&order=desc&limit=1")).await)
                .is_empty(),
            "{types}"
        );
    }
    // The rule that writes to customers was rehearsed like any other, and has written to nobody.
    let rules = rows(&app.get("/v1/automation/rules").await);
    let thanks = rules.iter().find(|rule| rule["name"] == "Thank for a payment").unwrap();
    assert_eq!((&thanks["state"], &thanks["rehearsed_version"]), (&json!("active"), &json!(1)));
    assert!(rows(&app.get("/v1/events?types=message.requested&limit=1").await).is_empty());
    let folders = rows(&app.get("/v1/folders").await);
    assert!(folders.iter().all(|folder| folder["customers"].as_i64().unwrap() > 0), "{folders:#?}");
}

/// One of each role and two with less reach, with the password that is told at the start.
async fn sign_in(app: &TestApp, said: &[String]) {
    app.settled().await;
    let told = said.iter().find(|line| line.contains("with the password")).unwrap();
    let password = told.rsplit(' ').next().unwrap();
    let kept = std::fs::read_to_string(app.data_dir.path().join("demo-password")).unwrap();
    assert_eq!(kept.trim(), password);
    let people = said.iter().filter(|line| line.contains("@demo.localhost")).count();
    assert_eq!(people, 11, "{said:?}");
    let count = async |email: &str| {
        let mut browser = Browser::at(app);
        browser.sign_in(email, password).await.expect(201);
        let page = browser.get("/v1/customers?count=exact&limit=1").await.expect(200);
        page["page"]["count"].clone()
    };
    assert_eq!(count("viewer@demo.localhost").await, 599);
    assert_eq!(count("sales.own@demo.localhost").await, 30);
    let vip = count("support.vip@demo.localhost").await.as_i64().unwrap();
    assert!(vip > 0 && vip < 599, "{vip}");
}
