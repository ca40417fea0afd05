//! The times and the position of a customer: they move with what the reader sees, and with nothing
//! else. What a reader sees is what their timeline shows.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows, send};
use crate::files::upload;
use crate::reach::set_reach;

const ROLES: [&str; 7] = ["owner", "manager", "support", "finance", "sales", "field", "viewer"];
const SCOPES: [&str; 8] =
    ["internal", "sales", "branch", "support", "finance", "fulfillment", "restricted", "customer"];

/// Position, `updated_at` and `last_activity_at`.
type Mark = (i64, String, String);

fn mark(customer: &Value) -> Mark {
    let text = |name: &str| customer[name].as_str().unwrap().to_owned();
    (text("position").parse().unwrap(), text("updated_at"), text("last_activity_at"))
}

/// How far the entries of a timeline have come.
fn latest<'a>(entries: impl Iterator<Item = &'a Value>) -> Mark {
    entries.fold(Mark::default(), |(position, updated, active), entry| {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        let at: i64 = text("position").parse().unwrap();
        (position.max(at), updated.max(text("recorded_at")), active.max(text("occurred_at")))
    })
}

/// The customer as the reader meets it in every place, judged by the reader's timeline; its mark.
async fn meets(person: &Person, customer: &str, other: &str) -> Mark {
    let timeline = format!("/v1/customers/{customer}/timeline?limit=200");
    let entries = rows(&person.get_fresh(&timeline).await);
    let seen = latest(entries.iter());
    let now = Timestamp::now();
    for query in [String::new(), "?consistency=strong".to_owned(), format!("?as_of={now}")] {
        let path = format!("/v1/customers/{customer}{query}");
        assert_eq!(mark(&person.get_fresh(&path).await.expect(200)), seen, "{path}");
    }
    // The list follows neither files nor messages.
    let listed = |entry: &&Value| !entry["type"].as_str().unwrap().starts_with("file.");
    let listed = latest(entries.iter().filter(listed));
    let found = rows(&person.get_fresh("/v1/customers").await);
    let row = |id: &str| found.iter().find(|row| row["id"] == id).map(mark);
    assert_eq!(row(customer).unwrap(), listed);
    for (sort, of) in [("updated_at", 0), ("last_activity_at", 1)] {
        let moment = |(_, updated, active): Mark| [updated, active][of].clone();
        let mut wanted = vec![(moment(listed.clone()), customer)];
        wanted.extend(row(other).map(|mark| (moment(mark), other)));
        wanted.sort();
        let wanted: Vec<&str> = wanted.iter().rev().map(|(_, id)| *id).collect();
        let sorted = person.get_fresh(&format!("/v1/customers?sort=-{sort}")).await;
        assert_eq!(column(&rows(&sorted), "id"), wanted, "{sort}");
    }
    for (op, wanted) in [("gte", 1), ("gt", 0)] {
        let condition = json!({ "all": [
            { "field": "id", "op": "eq", "value": customer },
            { "field": "updated_at", "op": op, "value": listed.1 },
        ] });
        assert_eq!(rows(&person.search(condition).await).len(), wanted, "{op}");
        let filter = format!("/v1/customers?filter[updated_at][{op}]={}", listed.1);
        let ids = column(&rows(&person.get_fresh(&filter).await), "id");
        assert_eq!(ids.iter().filter(|id| *id == customer).count(), wanted, "{op}");
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn f061_what_a_reader_does_not_see_moves_no_time_and_no_position() {
    let app = TestApp::start().await;
    let karl = app.person("Karl", "Seal").await;
    let ada = app.person("Ada", "Byron").await;
    let mut readers = Vec::new();
    for role in ROLES {
        readers.push((role, app.user(&[role]).await));
    }
    let limited = app.user(&["manager"]).await;
    let path = |what: &str| format!("/v1/customers/{karl}/{what}");
    app.post(&path("workers"), json!({ "user": limited.id })).await.expect(200);
    set_reach(&app, &limited, json!({ "read": { "assigned": true } })).await;
    readers.push(("manager of some", limited));

    let note = |scope| (scope, "notes", json!({ "text": "Hush", "scope": scope }));
    let lines = json!([{ "quantity": 1, "unit_price": 10 }]);
    let mut happenings: Vec<(&str, &str, Value)> = SCOPES.into_iter().map(note).collect();
    happenings.extend([
        ("risk", "risk-flags", json!({ "type": "manual_flag", "reason": "Look" })),
        ("contact", "emails", json!({ "address": "karl@example.com" })),
        ("money", "invoices", json!({ "currency": "EUR", "lines": lines })),
        (
            "long ago",
            "interactions",
            json!({ "type": "call", "occurred_at": "2026-01-02T03:04:05Z" }),
        ),
        ("open", "tags", json!({ "tag": "vip" })),
        ("file", "sales", Value::Null),
        ("file", "restricted", Value::Null),
        ("link", "referrer", json!({ "customer": ada })),
    ]);
    let mut moved: Vec<(String, Vec<&str>)> = Vec::new();
    let mut before = Vec::new();
    for (_, reader) in &readers {
        before.push(meets(reader, &karl, &ada).await);
    }
    for (kind, what, body) in happenings {
        let done = match kind {
            "file" => upload(&app, &karl, &format!("name=a.txt&scope={what}"), "x").await,
            "link" => send(app.request(Method::PUT, &path(what)).json(&body)).await,
            _ => app.post(&path(what), body).await,
        };
        assert!(done.status < 300, "{kind} {what}: {}", done.text);
        let mut who = Vec::new();
        for ((role, reader), before) in readers.iter().zip(&mut before) {
            let after = meets(reader, &karl, &ada).await;
            if after != *before {
                who.push(*role);
            }
            *before = after;
        }
        moved.push((format!("{kind} {what}"), who));
    }
    let all: Vec<&str> = readers.iter().map(|(role, _)| *role).collect();
    let of = |kind: &str| &moved.iter().find(|(name, _)| name.starts_with(kind)).unwrap().1;
    assert_eq!(*of("restricted"), ["owner", "manager", "support", "finance", "manager of some"]);
    assert_eq!(*of("sales"), ["owner", "manager", "sales", "manager of some"]);
    assert_eq!(*of("risk"), ["owner", "manager", "support", "finance", "manager of some"]);
    assert_eq!(*of("money"), ["owner", "manager", "support", "finance", "manager of some"]);
    assert_eq!(*of("file restricted"), *of("restricted"));
    assert_eq!(*of("customer"), all);
    assert_eq!(*of("long"), all);
    assert_eq!(*of("open"), all);
    assert_eq!(*of("link"), all[..7]);
    assert!(app.rebuilt_equals_live().await > 0);
}
