//! Tasks: of customers and of nobody in particular.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};

#[tokio::test(flavor = "multi_thread")]
async fn f080_tasks_are_added_completed_and_reopened() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/tasks");
    let added = app.post(&path, json!({ "title": "Call", "note": "Before noon" })).await;
    let task = added.expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(added.header("location"), format!("/v1/tasks/{task}"));
    let one = format!("/v1/tasks/{task}");
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["state"], &shown["title"]), (&json!("open"), &json!("Call")));
    assert_eq!((&shown["customer"], &shown["note"]), (&json!(id), &json!("Before noon")));
    app.post(&format!("{one}/complete"), json!({})).await.expect(200);
    assert_eq!(app.post(&format!("{one}/complete"), json!({})).await.expect(200)["changed"], false);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["state"], &shown["done_by"]["id"]), (&json!("done"), &json!(app.id)));
    app.post(&format!("{one}/reopen"), json!({})).await.expect(200);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["state"], &shown["done_by"]), (&json!("open"), &Value::Null));
    let types = app.history(&id).await;
    assert_eq!(types[1..], ["task.added", "task.completed", "task.reopened"]);
    app.post(&path, json!({ "title": " " })).await.wrong_field("/title", "invalid_name");
    app.post(&path, json!({})).await.wrong_field("/title", "missing_field");
    let twice = json!({ "title": "x", "customer": id });
    app.post(&path, twice).await.wrong_field("/customer", "unknown_field");
}

#[tokio::test(flavor = "multi_thread")]
async fn f081_a_task_is_edited_and_deleted_for_good() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let task = app.created(&format!("/v1/customers/{id}/tasks"), json!({ "title": "Call" })).await;
    let one = format!("/v1/tasks/{task}");
    app.patch(&one, json!({ "title": "Call back", "due_on": "2026-12-24" })).await.expect(200);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["title"], &shown["due_on"]), (&json!("Call back"), &json!("2026-12-24")));
    // What is left out stays, null takes it away.
    app.patch(&one, json!({ "due_on": null })).await.expect(200);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["title"], &shown["due_on"]), (&json!("Call back"), &Value::Null));
    assert_eq!(
        app.patch(&one, json!({ "title": "Call back" })).await.expect(200)["changed"],
        false
    );
    app.patch(&one, json!({ "due_on": "tomorrow" })).await.wrong_field("/due_on", "invalid_field");
    app.delete(&one).await.expect(200);
    app.get_fresh(&one).await.refused(404, "task_not_found");
    let gone = app.patch(&one, json!({ "title": "x" })).await;
    assert_eq!(gone.json()["code"], "task_deleted");
    assert_eq!(rows(&app.get("/v1/tasks").await), [Value::Null; 0]);
    assert_eq!(app.strong(&id).await["counters"]["open_tasks"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn f082_tasks_are_filtered_by_the_day_on_which_they_were_made() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/tasks");
    let older = json!({ "title": "Older", "occurred_at": "2026-01-02T10:00:00Z" });
    app.post(&path, older).await.expect(201);
    app.post(&path, json!({ "title": "New" })).await.expect(201);
    let titles = async |query: &str| {
        column(&rows(&app.get_fresh(&format!("{path}?{query}")).await), "title")
    };
    assert_eq!(titles("filter[created_at][gte]=2026-01-03T00:00:00Z").await, ["New"]);
    assert_eq!(titles("filter[created_at][gte]=2026-01-01T00:00:00Z").await, ["Older", "New"]);
    app.get(&format!("{path}?filter[created_at][gte]=today"))
        .await
        .refused(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn f083_tasks_have_a_due_day_and_an_owner_and_come_in_that_order() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let sales = app.user(&["sales"]).await;
    let task = |title: &str, due_on: Value, assignee: Value| json!({ "customer": id, "title": title, "due_on": due_on, "assignee": assignee });
    for body in [
        task("whenever", Value::Null, Value::Null),
        task("later", json!("2026-12-24"), json!(sales.id)),
        task("soon", json!("2026-12-01"), json!(sales.id)),
    ] {
        app.post("/v1/tasks", body).await.expect(201);
    }
    let titles = async |query: &str| {
        column(&rows(&app.get_fresh(&format!("/v1/tasks?{query}")).await), "title")
    };
    assert_eq!(titles("").await, ["soon", "later", "whenever"]);
    assert_eq!(titles("filter[due_on][lte]=2026-12-05").await, ["soon"]);
    let mine = format!("filter[assignee]={}", sales.id);
    assert_eq!(titles(&mine).await, ["soon", "later"]);
    assert_eq!(titles(&format!("{mine}&filter[customer]={id}&limit=1")).await, ["soon"]);
    let stranger = task("x", Value::Null, json!(id));
    let problem = app.post("/v1/tasks", stranger).await.refused(422, "member_not_found");
    assert_eq!(problem["errors"][0]["pointer"], "/assignee");
    let shown = rows(&app.get("/v1/tasks").await);
    assert_eq!(shown[0]["assignee"], json!({ "id": sales.id, "name": "sales" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn f185_open_tasks_of_all_customers_are_one_list() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("Ada", "Byron").await, app.person("Ben", "Jonson").await);
    let first = app.created(&format!("/v1/customers/{ada}/tasks"), json!({ "title": "1" })).await;
    app.created(&format!("/v1/customers/{ben}/tasks"), json!({ "title": "2" })).await;
    app.created("/v1/tasks", json!({ "title": "3" })).await;
    app.post(&format!("/v1/tasks/{first}/complete"), json!({})).await.expect(200);
    let titles = async |query: &str| {
        column(&rows(&app.get_fresh(&format!("/v1/tasks?{query}")).await), "title")
    };
    assert_eq!(titles("filter[state]=open").await, ["2", "3"]);
    assert_eq!(titles("filter[state]=done").await, ["1"]);
    app.get("/v1/tasks?filter[state]=late").await.refused(400, "invalid_parameter");
    app.get("/v1/tasks?filter[titel]=x").await.refused(400, "unknown_parameter");
    let stranger = json!({ "customer": app.id, "title": "x" });
    let refused = app.post("/v1/tasks", stranger).await;
    assert_eq!(refused.json()["code"], "customer_not_found", "{}", refused.text);

    let viewer = app.user(&["viewer"]).await;
    viewer.post("/v1/tasks", json!({ "title": "x" })).await.denied("task.write");
    viewer.post(&format!("/v1/tasks/{first}/reopen"), json!({})).await.denied("task.write");
    viewer.delete(&format!("/v1/tasks/{first}")).await.denied("task.write");
    assert_eq!(rows(&viewer.get("/v1/tasks").await).len(), 3);
}
