//! Which customers somebody meets, and that the others are nowhere to be seen.

use api::openapi::{Operation, operations, samples};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Person, TestApp, column, ever, rows, send};
use crate::openapi::World;

/// What belongs to the customer of a [`World`].
const OF_THE_CUSTOMER: [&str; 19] = [
    samples::CUSTOMER,
    samples::REFERRER,
    samples::FOLDER,
    samples::TASK,
    samples::NOTE,
    samples::INTERACTION,
    samples::ADDRESS,
    samples::RISK_FLAG,
    samples::EVENT,
    samples::ORDER,
    samples::MESSAGE,
    samples::QUOTE,
    samples::SERVICE_ENTRY,
    samples::INVOICE,
    samples::PAYMENT,
    samples::ALLOCATION,
    samples::CREDIT,
    samples::CREDIT_ALLOCATION,
    samples::UNSUBSCRIBE,
];

pub(crate) async fn set_reach(app: &TestApp, person: &Person, reach: Value) {
    app.post(&format!("/v1/users/{}/reach", person.id), reach).await.expect(200);
}

async fn assign(app: &TestApp, customer: &str, person: &Person) {
    let path = format!("/v1/customers/{customer}/workers");
    app.post(&path, json!({ "user": person.id })).await.expect(200);
}

/// The names of the customers that somebody lists.
async fn listed(person: &Person) -> Vec<String> {
    column(&rows(&person.get_fresh("/v1/customers").await), "display_name")
}

#[tokio::test(flavor = "multi_thread")]
async fn f162_what_is_out_of_reach_is_answered_as_what_is_not_there() {
    let app = TestApp::start().await;
    let world = World::make(&app, 0).await;
    let own = app.folder("Own", &["prospect"]).await;
    let ben = app.user(&["manager", "finance", "support"]).await;
    set_reach(&app, &ben, json!({ "read": { "folders": [own] } })).await;
    let hidden: Vec<(&str, String)> =
        world.ids.iter().filter(|(sample, _)| OF_THE_CUSTOMER.contains(sample)).cloned().collect();
    let unknown: Vec<(&str, String)> =
        hidden.iter().map(|(sample, _)| (*sample, Uuid::now_v7().to_string())).collect();
    let others: Vec<(&str, String)> =
        world.ids.iter().filter(|(sample, _)| !OF_THE_CUSTOMER.contains(sample)).cloned().collect();
    let head = app.head().await;
    let (mut compared, mut differing) = (0, Vec::new());
    for operation in operations() {
        let body = operation.body.as_ref().map(Value::to_string).unwrap_or_default();
        let asked =
            operation.path_values.iter().map(|(_, value)| value.as_str()).chain([body.as_str()]);
        let concerned =
            asked.clone().any(|text| hidden.iter().any(|(sample, _)| text.contains(sample)));
        // A job is taken in any case, and its report answers for each customer (`bulk.rs`).
        if !concerned || !operation.needs_token || operation.id == "jobs_bulk" {
            continue;
        }
        let there = call(&ben, &operation, &[hidden.clone(), others.clone()].concat()).await;
        let nowhere = call(&ben, &operation, &[unknown.clone(), others.clone()].concat()).await;
        let (there, nowhere) = (plain(&there, &hidden), plain(&nowhere, &unknown));
        if there != nowhere || there.0 / 100 == 2 {
            differing.push(format!("{}: {there:?}\nnot {nowhere:?}", operation.id));
        }
        compared += 1;
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(compared > 60, "only {compared} operations were compared");
    assert_eq!(app.head().await, head, "nothing was written");
}

async fn call(person: &Person, operation: &Operation, ids: &[(&str, String)]) -> Answer {
    let real = |text: &str| {
        ids.iter().fold(text.to_owned(), |text, (sample, id)| text.replace(sample, id))
    };
    let path =
        operation.path_values.iter().fold(operation.path.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), &real(value))
        });
    let method: Method = operation.method.to_uppercase().parse().unwrap();
    let request = person.request(method, &path);
    let request =
        request.header("Idempotency-Key", Uuid::now_v7().to_string()).header("If-Match", "\"1\"");
    send(match &operation.body {
        Some(body) => {
            request.header("content-type", "application/json").body(real(&body.to_string()))
        }
        None => request,
    })
    .await
}

/// An answer without what differs from one request to the next.
fn plain(answer: &Answer, ids: &[(&str, String)]) -> (u16, Value) {
    let text = ids.iter().fold(answer.text.clone(), |text, (sample, id)| text.replace(id, sample));
    let mut body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn f162_who_sees_assigned_customers_only_sees_nothing_of_the_others() {
    let app = TestApp::start().await;
    let folder = app.folder("North", &["prospect"]).await;
    let of_folder = |name: &str| json!({ "type": "person", "last_name": name, "folder": folder });
    let own = app.customer(of_folder("Ownling")).await;
    let other = app.customer(of_folder("Otherwise")).await;
    let ben = app.user(&["manager"]).await;
    assign(&app, &own, &ben).await;
    for customer in [&own, &other] {
        let path = |what: &str| format!("/v1/customers/{customer}/{what}");
        app.post(&path("tasks"), json!({ "title": "Call them" })).await.expect(201);
        let lines = json!([{ "quantity": 1, "unit_price": 1 }]);
        app.post(&path("orders"), json!({ "currency": "EUR", "lines": lines })).await.expect(201);
        let quote = json!({ "currency": "EUR", "lines": lines, "valid_until": "2099-12-31" });
        app.post(&path("quotes"), quote).await.expect(201);
        let told = json!({ "to": [ben.id], "customer": customer, "text": "Look" });
        app.post("/v1/notifications", told).await.expect(201);
    }
    assert_eq!(listed(&ben).await.len(), 2);
    set_reach(&app, &ben, json!({ "read": { "assigned": true } })).await;
    assert_eq!(listed(&ben).await, ["Ownling"]);
    let counted = ben.get_fresh("/v1/customers?count=exact").await.expect(200);
    assert_eq!(counted["page"]["count"], 1);
    for path in ["/v1/tasks", "/v1/orders", "/v1/quotes"] {
        let found = rows(&ben.get_fresh(path).await);
        assert_eq!(column(&found, "customer"), [own.as_str()], "{path}");
    }
    let told = rows(&ben.get_fresh("/v1/notifications").await);
    assert_eq!(column(&told, "customer"), [own.as_str()]);
    let folders = rows(&ben.get_fresh("/v1/folders").await);
    let north = folders.iter().find(|row| row["id"] == folder.as_str()).unwrap();
    assert_eq!(north["customers"], 1);
    for path in [
        "/v1/search?q=otherwise",
        "/v1/search?q=call",
        "/v1/customers?q=otherwise",
        "/v1/events?limit=200",
    ] {
        let answer = ben.get_fresh(path).await;
        answer.expect(200);
        assert!(
            !answer.text.contains(&other) && !answer.text.contains("Otherwise"),
            "{path}: {}",
            answer.text
        );
    }
    let by_worker = json!({ "not": { "field": "workers", "op": "has", "value": ben.id } });
    assert_eq!(rows(&ben.search(by_worker).await), Vec::<Value>::new());
    // Ownership moves with the assignment.
    app.delete(&format!("/v1/customers/{own}/workers/{}", ben.id)).await.expect(200);
    assign(&app, &other, &ben).await;
    assert_eq!(listed(&ben).await, ["Otherwise"]);
    ben.get(&format!("/v1/customers/{own}")).await.refused(404, "customer_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn f161_a_reach_is_folders_those_below_and_the_customers_of_teams() {
    let app = TestApp::start().await;
    let north = app.folder("North", &["prospect"]).await;
    let below = json!({ "name": "Far north", "statuses": ["prospect"], "parent": north });
    let below = app.created("/v1/folders", below).await;
    let south = app.folder("South", &["prospect"]).await;
    let mut ids = Vec::new();
    for (name, folder) in [("In north", &north), ("In far north", &below), ("In south", &south)] {
        let body = json!({ "type": "company", "company_name": name, "folder": folder });
        ids.push(app.customer(body).await);
    }
    let (ben, eve) = (app.user(&["sales"]).await, app.user(&["sales"]).await);
    set_reach(&app, &ben, json!({ "read": { "folders": [north] } })).await;
    assert_eq!(listed(&ben).await, ["In north"]);
    assert_eq!(column(&rows(&ben.get_fresh("/v1/folders").await), "name"), ["North"]);
    ben.get(&format!("/v1/folders/{south}")).await.refused(404, "folder_not_found");
    set_reach(&app, &ben, json!({ "read": { "subtrees": [north] } })).await;
    assert_eq!(listed(&ben).await, ["In far north", "In north"]);

    let team = app.created("/v1/teams", json!({ "name": "Team" })).await;
    app.post(&format!("/v1/teams/{team}/members"), json!({ "user": eve.id })).await.expect(200);
    assign(&app, &ids[2], &eve).await;
    set_reach(&app, &ben, json!({ "read": { "teams": [team] } })).await;
    assert_eq!(listed(&ben).await, ["In south"]);
    app.delete(&format!("/v1/teams/{team}/members/{}", eve.id)).await.expect(200);
    assert_eq!(listed(&ben).await, Vec::<String>::new());
    set_reach(
        &app,
        &ben,
        json!({ "read": { "folders": [below], "teams": [team], "assigned": true } }),
    )
    .await;
    assert_eq!(listed(&ben).await, ["In far north"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f163_what_is_read_but_not_written_is_refused_openly() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.person("Ada", "Byron").await, app.person("Eve", "Example").await);
    let ben = app.user(&["sales"]).await;
    assign(&app, &ada, &ben).await;
    set_reach(&app, &ben, json!({ "read": { "all": true }, "write": { "assigned": true } })).await;
    assert_eq!(listed(&ben).await.len(), 2);
    let tag = json!({ "tag": "vip" });
    ben.post(&format!("/v1/customers/{ada}/tags"), tag.clone()).await.expect(200);
    ben.post(&format!("/v1/customers/{eve}/tags"), tag).await.denied("customer.edit");
    // A link needs the right to edit at both ends.
    let link = json!({ "customer": eve });
    ben.put(&format!("/v1/customers/{ada}/referrer"), link.clone()).await.denied("customer.edit");
    assign(&app, &eve, &ben).await;
    ben.put(&format!("/v1/customers/{ada}/referrer"), link).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn f162_a_link_to_somebody_out_of_reach_does_not_show() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.person("Ada", "Byron").await, app.person("Eve", "Example").await);
    let ben = app.user(&["manager"]).await;
    assign(&app, &ada, &ben).await;
    set_reach(&app, &ben, json!({ "read": { "assigned": true } })).await;
    let link = json!({ "customer": eve });
    let referrer = format!("/v1/customers/{ada}/referrer");
    ben.put(&referrer, link.clone()).await.wrong_field("/customer", "customer_not_found");
    app.put(&referrer, link).await.expect(200);
    for path in ["referrals", "history", "timeline", "diff"] {
        let answer = ben.get_fresh(&format!("/v1/customers/{ada}/{path}")).await;
        answer.expect(200);
        assert!(!answer.text.contains(&eve), "{path}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f162_the_past_is_seen_with_the_rights_of_today() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let ben = app.user(&["manager"]).await;
    assign(&app, &ada, &ben).await;
    set_reach(&app, &ben, json!({ "read": { "assigned": true } })).await;
    let then = format!("/v1/customers/{ada}?at_version=2");
    ben.get(&then).await.expect(200);
    let event = app.events_of(&ada, "customer.created").await[0]["id"].as_str().unwrap().to_owned();
    ben.get(&format!("/v1/events/{event}")).await.expect(200);
    app.delete(&format!("/v1/customers/{ada}/workers/{}", ben.id)).await.expect(200);
    ben.get(&then).await.refused(404, "customer_not_found");
    for path in ["history", "timeline", "diff", "verify", "fields/status/history"] {
        let path = format!("/v1/customers/{ada}/{path}");
        ben.get(&path).await.refused(404, "customer_not_found");
    }
    for path in ["", "/why"] {
        ben.get(&format!("/v1/events/{event}{path}")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f161_a_rule_reaches_no_further_than_its_owner_when_it_fires() {
    let app = TestApp::start().await;
    let ben = app.user(&["manager"]).await;
    let then = json!([{ "action": "add_tag", "tag": "seen" }]);
    let rule = ben.rule("customer.flagged", json!({ "then": then })).await;
    let (ada, eve) = (app.person("Ada", "Byron").await, app.person("Eve", "Example").await);
    assign(&app, &ada, &ben).await;
    set_reach(&app, &ben, json!({ "read": { "assigned": true } })).await;
    for customer in [&ada, &eve] {
        let flag = json!({ "reason": "Look" });
        app.post(&format!("/v1/customers/{customer}/flags"), flag).await.expect(200);
    }
    app.settled().await;
    assert_eq!(app.strong(&ada).await["tags"], json!(["seen"]));
    assert_eq!(app.strong(&eve).await["tags"], json!([]));
    // Neither the run nor what a rehearsal would have met tells of her.
    let runs = rows(&ben.get_fresh("/v1/automation/runs").await);
    assert_eq!(column(&runs, "customer"), [ada.as_str()]);
    let job = ben.rehearse(&rule, ever("recorded")).await;
    assert!(job.to_string().contains(&ada) && !job.to_string().contains(&eve), "{job}");
    app.delete(&format!("/v1/customers/{ada}/workers/{}", ben.id)).await.expect(200);
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    for path in [path.clone(), format!("{path}/report")] {
        let answer = ben.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains(&ada), "{path}: {}", answer.text);
    }
}
