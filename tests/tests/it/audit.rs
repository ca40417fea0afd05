//! The chain of the log, and what stays when a person's keys are destroyed.

use serde_json::{Value, json};

use crate::app::{TestApp, rows};

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_verifies_and_counts_every_event() {
    let app = TestApp::start().await;
    for number in 0..10 {
        app.person("Ada", &format!("Byron {number}")).await;
    }
    let found = app.get("/v1/audit/verify").await.expect(200);
    let events = rows(&app.get("/v1/events?limit=200").await).len();
    assert_eq!((&found["ok"], &found["first_bad"]), (&json!(true), &Value::Null));
    assert_eq!((&found["events"], &found["sequence"]), (&json!(events), &json!(events)));
    assert_eq!(found["head"].as_str().unwrap().len(), 64);
    assert_eq!(app.get("/v1/audit/verify").await.expect(200), found);
    app.person("Ben", "Jonson").await;
    assert_ne!(app.get("/v1/audit/verify").await.expect(200)["head"], found["head"]);
    for role in ["support", "sales", "field", "viewer"] {
        app.user(&[role]).await.get("/v1/audit/verify").await.denied("audit.verify");
    }
    for role in ["executive", "finance"] {
        app.user(&[role]).await.get("/v1/audit/verify").await.expect(200);
    }
}

/// A superuser can do anything to the database, and it is found out at the right place.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_superuser_changes_in_the_past_is_named() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let mut at = Vec::new();
    for tag in ["a", "b", "c", "d"] {
        let body = json!({ "tag": tag });
        let done = app.post(&format!("/v1/customers/{id}/tags"), body).await.expect(200);
        at.push(done["position"].as_str().unwrap().parse::<i64>().unwrap());
    }
    let organisation = app.organisation;
    let row = format!("organisation = '{organisation}' AND sequence = {}", at[1]);
    let next = format!("organisation = '{organisation}' AND sequence = {}", at[2]);
    let superuser = app.superuser().await;
    // The log itself refuses, whoever asks.
    for change in [
        format!("UPDATE es.event SET data = '' WHERE {row}"),
        format!("DELETE FROM es.event WHERE {row}"),
        "TRUNCATE es.event".to_owned(),
    ] {
        assert!(superuser.batch_execute(&change).await.is_err(), "{change}");
    }
    superuser.batch_execute("CREATE TABLE kept AS SELECT * FROM es.event; CREATE TABLE roots AS SELECT * FROM es.batch").await.unwrap();
    let restore = "DELETE FROM es.event; INSERT INTO es.event SELECT * FROM kept;
        DELETE FROM es.batch; INSERT INTO es.batch SELECT * FROM roots";
    for (change, bad) in [
        (format!("UPDATE es.event SET data = convert_to(replace(convert_from(data, 'UTF8'), 'b', 'x'), 'UTF8') WHERE {row}"), at[1]),
        (format!("UPDATE es.event SET type = 'customer.untagged' WHERE {row}"), at[1]),
        (format!("UPDATE es.event SET recorded_at = recorded_at - interval '1 microsecond' WHERE {row}"), at[1]),
        (format!("UPDATE es.event SET meta = set_byte(meta, 20, get_byte(meta, 20) # 1) WHERE {row}"), at[1]),
        (format!("UPDATE es.event SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE {row}"), at[1]),
        (format!("UPDATE es.event SET stream_id = gen_random_uuid() WHERE {row}"), at[1]),
        (format!("DELETE FROM es.event WHERE {row}"), at[1]),
        (format!("UPDATE es.event SET private = set_byte(private, 3, get_byte(private, 3) # 1)
            WHERE organisation = '{organisation}' AND type = 'customer.created'"), at[0] - 1),
        (format!("UPDATE es.batch SET root = set_byte(root, 0, get_byte(root, 0) # 1)
            WHERE organisation = '{organisation}' AND first_sequence = {}", at[1]), at[1]),
        // The last event cut off.
        (format!("DELETE FROM es.event WHERE organisation = '{organisation}' AND sequence = {}", at[3]), at[3]),
        // Two events that changed places.
        (format!("UPDATE es.event SET sequence = -1 WHERE {row}; UPDATE es.event SET sequence = {} WHERE {next};
            UPDATE es.event SET sequence = {} WHERE organisation = '{organisation}' AND sequence = -1", at[1], at[2]), at[1]),
    ] {
        let tamper = format!("BEGIN; SET LOCAL session_replication_role = replica; {change}; COMMIT");
        superuser.batch_execute(&tamper).await.unwrap();
        let found = app.get("/v1/audit/verify").await.expect(200);
        assert_eq!(found["ok"], false, "{change}");
        assert_eq!(found["first_bad"]["sequence"], bad, "{change}: {found}");
        assert!(found["first_bad"]["reason"].as_str().unwrap().len() > 10, "{found}");
        let restore = format!("BEGIN; SET LOCAL session_replication_role = replica; {restore}; COMMIT");
        superuser.batch_execute(&restore).await.unwrap();
        assert_eq!(app.get("/v1/audit/verify").await.expect(200)["ok"], true, "{change}");
    }
}

/// One customer's events against their leaves and roots, whatever their stream.
#[tokio::test(flavor = "multi_thread")]
async fn a_customers_own_part_of_the_chain_verifies() {
    let app = TestApp::start().await;
    let (id, other) = (app.person("Ada", "Byron").await, app.person("Ben", "Jonson").await);
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    app.post(&path("tags"), json!({ "tag": "a" })).await.expect(200);
    app.post(&path("tasks"), json!({ "title": "Call" })).await.expect(201);
    let tagged = app.post(&path("tags"), json!({ "tag": "b" })).await.expect(200);
    let at: i64 = tagged["position"].as_str().unwrap().parse().unwrap();
    app.post(&format!("/v1/customers/{other}/tags"), json!({ "tag": "c" })).await.expect(200);
    let found = app.get(&path("verify")).await.expect(200);
    assert_eq!((&found["ok"], &found["first_bad"]), (&json!(true), &Value::Null));
    assert_eq!(
        (&found["events"], &found["streams"], &found["batches"]),
        (&json!(4), &json!(2), &json!(4))
    );

    let superuser = app.superuser().await;
    let keep =
        "CREATE TABLE kept AS SELECT * FROM es.event; CREATE TABLE roots AS SELECT * FROM es.batch";
    superuser.batch_execute(keep).await.unwrap();
    let own = format!("organisation = '{}' AND sequence = {at}", app.organisation);
    let before = format!("organisation = '{}' AND sequence = {}", app.organisation, at - 2);
    let root = format!("organisation = '{}' AND first_sequence = {at}", app.organisation);
    for (change, bad) in [
        (
            format!(
                "UPDATE es.event SET data = convert_to(replace(convert_from(data, 'UTF8'), 'b', 'x'), 'UTF8') WHERE {own}"
            ),
            at,
        ),
        (
            format!(
                "UPDATE es.event SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE {own}"
            ),
            at,
        ),
        (
            format!(
                "UPDATE es.batch SET root = set_byte(root, 0, get_byte(root, 0) # 1) WHERE {root}"
            ),
            at,
        ),
        (format!("DELETE FROM es.batch WHERE {root}"), at),
        // The tag before it is missing: the next one of the stream tells.
        (format!("DELETE FROM es.event WHERE {before}"), at),
    ] {
        let tamper =
            format!("BEGIN; SET LOCAL session_replication_role = replica; {change}; COMMIT");
        superuser.batch_execute(&tamper).await.unwrap();
        let found = app.get(&path("verify")).await.expect(200);
        assert_eq!(
            (&found["ok"], &found["first_bad"]["sequence"]),
            (&json!(false), &json!(bad)),
            "{change}: {found}"
        );
        let untouched = app.get(&format!("/v1/customers/{other}/verify")).await.expect(200);
        let chained = change.contains("es.batch");
        assert!(untouched["ok"] == true || chained, "{change}: {untouched}");
        let restore = "BEGIN; SET LOCAL session_replication_role = replica;
            DELETE FROM es.event; INSERT INTO es.event SELECT * FROM kept;
            DELETE FROM es.batch; INSERT INTO es.batch SELECT * FROM roots; COMMIT";
        superuser.batch_execute(restore).await.unwrap();
        assert_eq!(app.get(&path("verify")).await.expect(200)["ok"], true, "{change}");
    }
    app.user(&["sales"]).await.get(&path("verify")).await.denied("audit.verify");
    app.get(&format!("/v1/customers/{}/verify", app.id)).await.refused(404, "customer_not_found");
}

/// Strings by which a person's values are found again, wherever they are.
const CANARIES: [&str; 13] = [
    "canaryada",
    "canarybyron",
    "canary@secret.example",
    "5550199",
    "canarylane",
    "canarynote",
    "canarycall",
    "canaryflag",
    "canaryrisk",
    "canarytask",
    "canaryid",
    "canaryreason",
    "canarymail",
];

/// A customer whose every personal value is a canary.
async fn canary(app: &TestApp) -> String {
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let id = app
        .customer(json!({ "type": "person", "first_name": "CanaryAda", "last_name": "CanaryByron",
            "folder": leads, "emails": ["canary@secret.example"], "phones": ["+1 202 555 0199"],
            "addresses": [{ "line1": "1 CanaryLane", "city": "London" }],
            "external_ids": { "shop": "canaryid" } }))
        .await;
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    for (what, body) in [
        ("notes", json!({ "text": "canarynote" })),
        ("interactions", json!({ "type": "call", "note": "canarycall" })),
        ("flags", json!({ "reason": "canaryflag" })),
        ("risk-flags", json!({ "type": "manual_flag", "reason": "canaryrisk" })),
        ("status", json!({ "status": "won", "reason": "canaryreason" })),
        ("messages", json!({ "subject": "canarymail", "text": "canarymail" })),
        ("tasks", json!({ "title": "canarytask", "note": "canarytask" })),
    ] {
        let answer = app.post(&path(what), body).await;
        assert!([200, 201].contains(&answer.status), "{what}: {}", answer.text);
    }
    app.settled().await;
    app.get_fresh("/v1/customers").await.expect(200);
    id
}

/// The tables in which a canary stands in plain text.
async fn places(app: &TestApp) -> Vec<String> {
    const TABLES: &str = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
    let superuser = app.superuser().await;
    let mut found = Vec::new();
    for row in superuser.query(TABLES, &[]).await.unwrap() {
        let table: String = row.get(0);
        // Bytes are looked at as the text that they may be; digits stand also reversed.
        let query = format!(
            "SELECT lower(t::text) || lower(encode(convert_to(t::text, 'UTF8'), 'escape')) FROM {table} t"
        );
        for row in superuser.query(&query, &[]).await.unwrap() {
            let text: String = row.get(0);
            for canary in CANARIES {
                let bytes: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
                let reversed: String = canary.chars().rev().collect();
                if text.contains(canary)
                    || text.contains(&bytes)
                    || (canary == "5550199" && text.contains(&reversed))
                {
                    found.push(format!("{table}: {canary}"));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_gone_from_everywhere_and_history_stays() {
    let app = TestApp::start().await;
    let id = canary(&app).await;
    let neighbour = app
        .customer(json!({ "type": "person", "first_name": "Ben", "emails": ["ben@example.com"] }))
        .await;
    let before = app.events_of(&id, "").await;
    let known = places(&app).await;
    assert!(known.iter().any(|place| place.starts_with("directory")), "{known:#?}");
    assert!(known.iter().any(|place| place.starts_with("customer_360")), "{known:#?}");
    // In the log personal values never stand in plain text.
    let log: Vec<&String> = known.iter().filter(|place| place.starts_with("es.")).collect();
    assert!(log.is_empty(), "{log:#?}");

    let version = app.strong(&id).await["version"].to_string();
    let headers = [("Idempotency-Key", "erase"), ("If-Match", version.as_str())];
    let erase = json!({ "confirm": "erase" });
    app.post_with(&format!("/v1/customers/{id}/erase"), &headers, erase).await.expect(200);
    let app = after_erasing(app, &id, &before).await;
    // The neighbour is not concerned.
    assert_eq!(app.strong(&neighbour).await["first_name"], "Ben");
    assert_eq!(app.get("/v1/customers?q=ben").await.json()["data"][0]["id"], neighbour);
    // The same after a restart, with nothing cached.
    let app = app.restart().await;
    let app = after_erasing(app, &id, &before).await;
    assert_eq!(app.strong(&neighbour).await["emails"][0]["address"], "ben@example.com");
}

async fn after_erasing(app: TestApp, id: &str, before: &[Value]) -> TestApp {
    app.settled().await;
    for path in ["/v1/customers", "/v1/tasks", "/v1/notifications"] {
        app.get_fresh(path).await.expect(200);
    }
    app.get_fresh(&format!("/v1/customers/{id}")).await.refused(410, "customer_erased");
    app.get(&format!("/v1/customers/{id}?consistency=strong"))
        .await
        .refused(410, "customer_erased");
    for query in ["canary", "canary@secret.example", "2025550199", "canaryid"] {
        let found = rows(&app.get(&format!("/v1/customers?q={query}")).await);
        assert_eq!(found, [Value::Null; 0], "{query}");
    }
    // History keeps every event and what is not personal in it.
    let after = app.events_of(id, "").await;
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after.last().unwrap()["type"], "customer.erased");
    for (old, new) in before.iter().zip(&after) {
        for same in ["id", "type", "time", "sequence", "streamversion", "actorid", "correlationid"]
        {
            assert_eq!(old[same], new[same], "{same}");
        }
        let text = new.to_string().to_lowercase();
        let left = CANARIES.iter().find(|canary| text.contains(**canary));
        assert_eq!(left, None, "{new:#}");
    }
    let created = &after[0]["data"];
    assert_eq!((&created["type"], &created["status"]), (&json!("person"), &json!("prospect")));
    assert_eq!(created["first_name"], json!({ "erased": true }));
    assert_eq!(created["emails"][0]["address"], json!({ "erased": true }));
    let note = after.iter().find(|event| event["type"] == "customer.note_added").unwrap();
    assert_eq!(
        (&note["data"]["scope"], &note["data"]["text"]),
        (&json!("internal"), &json!({ "erased": true }))
    );

    assert_eq!(app.get("/v1/audit/verify").await.expect(200)["ok"], true);
    app.rebuilt_equals_live().await;
    let left = places(&app).await;
    assert!(left.is_empty(), "{left:#?}");
    app
}

/// A key that is lost behind the service's back: `data` stays, `private` reads as erased, the
/// chain verifies, and what is built anew equals what was erased before.
#[tokio::test(flavor = "multi_thread")]
async fn a_destroyed_profile_key_leaves_the_data_and_the_chain() {
    let app = TestApp::start().await;
    let id = canary(&app).await;
    let version = app.strong(&id).await["version"].to_string();
    let superuser = app.superuser().await;
    let data = "SELECT data FROM es.event WHERE stream_id = $1 ORDER BY version";
    let stream: uuid::Uuid = id.parse().unwrap();
    let before: Vec<Vec<u8>> =
        superuser.query(data, &[&stream]).await.unwrap().iter().map(|row| row.get(0)).collect();
    let keys = "SELECT count(*) FROM keys.person WHERE key_id = $1";
    let count: i64 = superuser.query_one(keys, &[&stream]).await.unwrap().get(0);
    assert_eq!(count, 1);
    let headers = [("Idempotency-Key", "erase"), ("If-Match", version.as_str())];
    let erase = json!({ "confirm": "erase" });
    app.post_with(&format!("/v1/customers/{id}/erase"), &headers, erase).await.expect(200);
    let count: i64 = superuser.query_one(keys, &[&stream]).await.unwrap().get(0);
    assert_eq!(count, 0);
    let after: Vec<Vec<u8>> =
        superuser.query(data, &[&stream]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(after[..before.len()], before);
    assert_eq!(app.get("/v1/audit/verify").await.expect(200)["ok"], true);
    // Every event of the person can still be read, and tells of it in a sentence.
    for event in app.events_of(&id, "").await {
        let path = format!("/v1/events/{}", event["id"].as_str().unwrap());
        let shown = app.get(&path).await.expect(200);
        assert!(shown["summary"].as_str().is_some_and(|sentence| sentence.len() > 5), "{shown}");
    }
    let lines = app.get(&format!("/v1/customers/{id}/history?format=ndjson")).await;
    assert_eq!(lines.status, 200);
    assert!(
        lines.text.contains("\"erased\":true") && !lines.text.to_lowercase().contains("canary")
    );
}
