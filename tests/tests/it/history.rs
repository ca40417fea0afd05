//! The history of a customer, of the organisation, and the chain of causes of an event.

use serde_json::{Value, json};

use crate::app::{Answer, TestApp, column, rows, send};

#[tokio::test(flavor = "multi_thread")]
async fn f195_the_history_tells_everything_that_happened_in_order() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    app.post(&format!("{path}/tags"), json!({ "tag": "vip" })).await.expect(200);
    let task = app.created(&format!("{path}/tasks"), json!({ "title": "Call" })).await;
    app.post(&format!("/v1/tasks/{task}/complete"), json!({})).await.expect(200);
    let order = json!({ "customer": id, "source": "shop", "number": "1", "currency": "EUR",
        "lines": [{ "quantity": 1, "unit_price": "1.50" }] });
    app.post("/v1/orders", order).await.expect(201);
    app.person("Ben", "Jonson").await;
    let history = rows(&app.get(&format!("{path}/history")).await);
    let told =
        ["customer.created", "customer.tagged", "task.added", "task.completed", "order.recorded"];
    assert_eq!(column(&history, "type"), told);
    let mut sequences = column(&history, "sequence");
    assert!(sequences.is_sorted());
    let backwards = rows(&app.get(&format!("{path}/history?order=desc")).await);
    sequences.reverse();
    assert_eq!(column(&backwards, "sequence"), sequences);
    for event in &history {
        assert!(event["summary"].as_str().is_some_and(|sentence| sentence.len() > 8), "{event}");
    }
    // As sentences, the latest first.
    let timeline = rows(&app.get(&format!("{path}/timeline")).await);
    assert_eq!(timeline.len(), 5);

    let types = "customer.*,task.completed";
    let some = rows(&app.get(&format!("{path}/history?types={types}")).await);
    assert_eq!(column(&some, "type"), ["customer.created", "customer.tagged", "task.completed"]);
    let wrong = app.get(&format!("{path}/history?types=customer.taged")).await;
    let problem = wrong.refused(400, "invalid_parameter");
    assert!(problem["detail"].as_str().unwrap().contains("customer.tagged"), "{problem}");

    let first = app.get(&format!("{path}/history?limit=2")).await.expect(200);
    let after = first["page"]["next"].as_str().unwrap();
    let rest = rows(&app.get(&format!("{path}/history?limit=200&after={after}")).await);
    assert_eq!(column(&rest, "type"), told[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f073_every_action_is_recorded_with_actor_and_moment() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let sales = app.user(&["sales"]).await;
    sales.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": "vip" })).await.expect(200);
    let history = app.events_of(&id, "").await;
    assert_eq!(column(&history, "actorid"), [app.id.clone(), sales.id.clone()]);
    let mine = rows(&app.get(&format!("/v1/customers/{id}/history?actor={}", sales.id)).await);
    assert_eq!(column(&mine, "type"), ["customer.tagged"]);

    // The envelope of API.md 2.7.
    let event = &history[1];
    let organisation = app.organisation;
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["source"], format!("/organizations/{organisation}/customers"));
    assert_eq!(event["subject"], format!("customers/{id}"));
    assert_eq!(event["dataschema"], "/v1/schemas/events/customer.tagged/1");
    assert_eq!(event["partitionkey"], id);
    assert_eq!(event["streamversion"], 2);
    assert_eq!(event["sequence"].as_str().unwrap().len(), 20);
    assert_eq!(event["data"], json!({ "tag": "vip" }));
    assert_eq!(event["time"], event["timestamp"]);
    let time = event["time"].as_str().unwrap();
    assert!(time.ends_with('Z') && time.len() == "2026-11-21T16:00:01.123456Z".len(), "{time}");
    let one = app.get(&format!("/v1/events/{}", event["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(&one, event);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_streams_as_ndjson_with_a_digest_at_its_end() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    for number in 0..30 {
        let body = json!({ "tag": format!("tag {number}") });
        app.post(&format!("/v1/customers/{id}/tags"), body).await.expect(200);
    }
    let path = format!("/v1/customers/{id}/history");
    let request = app.request(reqwest::Method::GET, &path);
    let answer = send(request.header("accept", "application/x-ndjson")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
    let lines: Vec<Value> =
        answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 32);
    assert_eq!(lines[..31], rows(&app.get(&format!("{path}?limit=200")).await)[..]);
    let digest = &lines[31]["digest"];
    assert_eq!((&digest["algorithm"], &digest["events"]), (&json!("sha-256"), &json!(31)));
    let end = answer.text.trim_end().rfind('\n').unwrap() + 1;
    assert_eq!(digest["value"], sha256(&answer.text.as_bytes()[..end]));
    let same = app.get(&format!("{path}?format=ndjson")).await;
    assert_eq!(same.text, answer.text);
}

/// By a program that is not ours.
fn sha256(bytes: &[u8]) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sha256sum is there");
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_the_organisation_are_listed_in_both_directions() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let ben = app.person("Ben", "Jonson").await;
    app.post(&format!("/v1/customers/{ada}/tags"), json!({ "tag": "vip" })).await.expect(200);
    let types = "types=customer.*";
    let events = rows(&app.get(&format!("/v1/events?{types}")).await);
    assert_eq!(column(&events, "partitionkey"), [ada.clone(), ben, ada]);
    let newest = app.get(&format!("/v1/events?{types}&order=desc&limit=1")).await;
    assert_eq!(rows(&newest)[0], events[2]);
    let after = newest.json()["page"]["next"].as_str().unwrap().to_owned();
    let older = rows(&app.get(&format!("/v1/events?{types}&order=desc&after={after}")).await);
    assert_eq!(older, [events[1].clone(), events[0].clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn why_tells_the_chain_of_causes_up_and_down() {
    let app = TestApp::start().await;
    let rule = json!({ "name": "Welcome", "then": [{ "action": "add_tag", "tag": "new" }] });
    let rule = app.rule("customer.created", rule).await;
    let created = app
        .post("/v1/customers", json!({ "type": "person", "last_name": "Byron" }))
        .await
        .expect(201);
    let id = created["id"].as_str().unwrap();
    app.settled().await;
    let tagged = app.events_of(id, "customer.tagged").await[0].clone();
    assert_eq!(tagged["causationid"], created["events"][0]["id"]);
    assert_eq!(tagged["correlationid"], created["correlation_id"]);
    assert_eq!(tagged["actorid"], format!("automation:{rule}@v1"));
    assert_eq!(
        (&tagged["actortype"], &tagged["onbehalfof"]),
        (&json!("automation"), &json!(app.id))
    );

    let why =
        app.get(&format!("/v1/events/{}/why", tagged["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(why["event"]["rule"]["id"], rule);
    assert_eq!(why["event"]["actor"], "rule Welcome (version 1)");
    assert_eq!(why["causes"][0]["type"], "customer.created");
    assert_eq!(why["causes"].as_array().unwrap().len(), 1);
    let root = created["events"][0]["id"].as_str().unwrap();
    let why = app.get(&format!("/v1/events/{root}/why")).await.expect(200);
    let effects = column(why["effects"].as_array().unwrap(), "type");
    assert!(effects.contains(&"customer.tagged".to_owned()), "{effects:?}");
    assert_eq!(why["complete"], true);
    app.get(&format!("/v1/events/{}/why", app.id)).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cause_named_by_the_caller_is_kept() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let cause = app.events_of(&id, "").await[0]["id"].as_str().unwrap().to_owned();
    let tags = format!("/v1/customers/{id}/tags");
    let tag = async |tag: &str, cause: &str| {
        let headers = [("Dossier-Causation-Id", cause)];
        app.post_with(&tags, &headers, json!({ "tag": tag })).await.expect(200);
        app.events_of(&id, "customer.tagged").await.last().unwrap().clone()
    };
    let known = tag("a", &cause).await;
    assert_eq!((&known["causationid"], known.get("externalcause")), (&json!(cause), None));
    let foreign = tag("b", "order 4711 of the shop").await;
    assert_eq!(foreign.get("causationid"), None);
    assert_eq!(foreign["externalcause"], "order 4711 of the shop");
    let long = "x".repeat(201);
    let headers = [("Dossier-Causation-Id", long.as_str())];
    app.post_with(&tags, &headers, json!({ "tag": "c" })).await.refused(400, "invalid_header");
    let why = app.get(&format!("/v1/events/{cause}/why")).await.expect(200);
    assert_eq!(why["effects"][0]["id"], known["id"]);
}

/// Who set which value of a field when (API.md 2.5), redacted as the customer is.
#[tokio::test(flavor = "multi_thread")]
async fn a_field_tells_who_set_which_value_and_when() {
    let app = TestApp::start().await;
    let folder = app.folder("Leads", &["prospect", "won"]).await;
    let body = json!({ "type": "person", "first_name": "Ada", "folder": folder, "emails": ["a@example.com"] });
    let id = app.customer(body).await;
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    let sales = app.user(&["sales"]).await;
    let won = sales.post(&path("status"), json!({ "status": "won" })).await.expect(200);
    app.post(&path("tags"), json!({ "tag": "vip" })).await.expect(200);
    app.post(&path("name"), json!({ "first_name": "Augusta" })).await.expect(200);
    let order = json!({ "customer": id, "source": "shop", "number": "1", "currency": "EUR",
        "lines": [{ "quantity": 2, "unit_price": "1.50" }] });
    app.post("/v1/orders", order).await.expect(201);
    let changes =
        async |field: &str| rows(&app.get(&path(&format!("fields/{field}/history"))).await);
    let status = changes("status").await;
    let told: Vec<(&Value, &Value)> = status.iter().map(|one| (&one["from"], &one["to"])).collect();
    assert_eq!(told, [(&Value::Null, &json!("prospect")), (&json!("prospect"), &json!("won"))]);
    assert_eq!(status[1]["event_id"], won["events"][0]["id"]);
    assert_eq!(status[1]["actor"]["id"], sales.id);
    assert_eq!(status[1]["at"], won["events"][0]["recorded_at"]);
    let names: Vec<Value> =
        changes("first_name").await.iter().map(|one| one["to"].clone()).collect();
    assert_eq!(names, ["Ada", "Augusta"]);
    assert_eq!(changes("folder").await[0]["to"]["name"], "Leads");
    assert_eq!(changes("finance.EUR.gross").await[0]["to"], "3.00");
    assert_eq!(changes("dormant").await, [Value::Null; 0]);

    let unknown = app.get(&path("fields/statsu/history")).await.refused(404, "field_not_found");
    assert!(unknown["detail"].as_str().unwrap().ends_with("did you mean status?"), "{unknown}");
    // What the role hides is as unknown as what there is not.
    for field in ["finance.EUR.gross", "risk.flags"] {
        let hidden = sales.get(&path(&format!("fields/{field}/history"))).await;
        let hidden = hidden.refused(404, "field_not_found");
        let allowed = hidden["allowed_values"].as_array().unwrap();
        assert!(allowed.iter().all(|name| name != "finance" && name != "risk"));
    }
    app.get(&format!("/v1/customers/{}/fields/status/history", app.id))
        .await
        .refused(404, "customer_not_found");
    let (key, seen) = (("Idempotency-Key", "erase-ada"), ("If-Match", "\"4\""));
    app.post_with(&path("erase"), &[key, seen], json!({ "confirm": "erase" })).await.expect(200);
    let erased = changes("first_name").await;
    assert!(!json!(erased).to_string().contains("Augusta"), "{erased:?}");
}

/// Copies an event of a type that no view folds, as if the organisation had lived for long.
const LONG_LIFE: &str = "
    WITH copied AS (
      INSERT INTO es.event (position, sequence, version, recorded_at, organisation, stream_id,
        event_id, lane, schema_version, type, customer_id, key_id, leaf, meta, data, private)
      SELECT e.position + l.n, e.sequence + l.n, e.version + l.n, e.recorded_at, e.organisation,
        e.stream_id, gen_random_uuid(), e.lane, e.schema_version, e.type, e.customer_id, e.key_id,
        e.leaf, e.meta, e.data, e.private
      FROM es.event e, generate_series(1, 50000) AS l (n)
      WHERE e.type = 'organisation.time_zone_set' RETURNING organisation, lane),
    counted AS (SELECT organisation, lane, count(*) AS events FROM copied GROUP BY 1, 2),
    moved AS (UPDATE es.lane l SET next_position = next_position + events
      FROM counted c WHERE c.lane = l.lane)
    UPDATE es.organisation o SET next_sequence = next_sequence + events
      FROM counted c WHERE c.organisation = o.organisation";

#[tokio::test(flavor = "multi_thread")]
async fn events_of_a_rare_type_come_in_full_pages_however_far_apart_they_are() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/tags");
    app.post(&path, json!({ "tag": "early" })).await.expect(200);
    let zone = json!({ "time_zone": "Europe/Berlin" });
    app.post("/v1/organisation/time-zone", zone).await.expect(200);
    app.settled().await;
    app.superuser().await.execute(LONG_LIFE, &[]).await.unwrap();
    let app = app.restart().await;
    app.post(&path, json!({ "tag": "late" })).await.expect(200);
    app.post(&path, json!({ "tag": "later" })).await.expect(200);
    let tags = |answer: &Answer| -> Vec<String> {
        let tag = |event: &Value| event["data"]["tag"].as_str().unwrap().to_owned();
        rows(answer).iter().map(tag).collect()
    };
    let path = "/v1/events?types=customer.tagged";
    let all = app.get(path).await;
    assert_eq!(tags(&all), ["early", "late", "later"]);
    assert_eq!(all.json()["page"]["next"], Value::Null);
    let first = app.get(&format!("{path}&order=desc&limit=2")).await;
    assert_eq!(tags(&first), ["later", "late"]);
    let next = first.json()["page"]["next"].as_str().unwrap().to_owned();
    let second = app.get(&format!("{path}&order=desc&limit=2&after={next}")).await;
    assert_eq!(tags(&second), ["early"]);
    assert_eq!(second.json()["page"]["next"], Value::Null);
    let back = second.json()["page"]["prev"].as_str().unwrap().to_owned();
    let back = app.get(&format!("{path}&order=desc&limit=2&before={back}")).await;
    assert_eq!(tags(&back), ["later", "late"]);
    let own = app.get(&format!("/v1/customers/{id}/history?types=customer.tagged")).await;
    assert_eq!(tags(&own), ["early", "late", "later"]);
}
