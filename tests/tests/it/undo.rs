//! Taking changes back: whose, for how long, and what stands in the way.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Person, TestApp, rows};

/// The first event of what a command did.
fn event(answer: &Answer) -> String {
    assert!(answer.status < 300, "{}", answer.text);
    answer.json()["events"][0]["id"].as_str().unwrap().to_owned()
}

async fn undo(app: &Person, event: &str) -> Answer {
    app.post(&format!("/v1/events/{event}/undo"), json!({})).await
}

/// The customer without what tells that something happened at all.
async fn look(app: &Person, id: &str) -> Value {
    let mut customer = app.strong(id).await;
    for name in ["version", "position", "updated_at", "last_activity_at"] {
        customer.as_object_mut().unwrap().remove(name);
    }
    customer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_undone_and_done_again() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let clients = app.folder("Clients", &["client"]).await;
    // The name of a folder comes from a view.
    app.get_fresh("/v1/folders").await.expect(200);
    let person = json!({ "type": "person", "last_name": "Byron", "folder": leads });
    let id = app.customer(person).await;
    let path = |part: &str| format!("/v1/customers/{id}/{part}");
    let changes = [
        ("name", json!({ "first_name": "Ada" })),
        ("status", json!({ "status": "won" })),
        ("folder", json!({ "folder": clients })),
        ("tags", json!({ "tag": "VIP" })),
        ("workers", json!({ "user": app.id })),
        ("emails", json!({ "address": "ada@example.com" })),
        ("flags", json!({ "reason": "Look" })),
        ("dormant", json!({ "reason": "Sold the house" })),
        ("do-not-work-with", json!({ "reason": "Never pays" })),
        ("notes", json!({ "text": "Hello" })),
    ];
    for (part, body) in changes {
        let before = look(&app, &id).await;
        let done = event(&app.post(&path(part), body).await);
        let after = look(&app, &id).await;
        assert_ne!(before, after, "{part}");
        let undone = undo(&app, &done).await;
        assert_eq!(undone.expect(200)["changed"], true, "{}", undone.text);
        assert_eq!(look(&app, &id).await, before, "{part}");
        undo(&app, &done).await.refused(409, "undone_before");
        undo(&app, &event(&undone)).await.expect(200);
        let again = look(&app, &id).await;
        // When it was flagged, or became dormant, is another moment.
        if !["flags", "dormant"].contains(&part) {
            assert_eq!(again, after, "{part}");
        }
        undo(&app, &done).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_note_and_task_come_back_as_they_were() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let notes = format!("/v1/customers/{id}/notes");
    let note = app.post(&notes, json!({ "text": "Likes tea" })).await.expect(201);
    let note = format!("{notes}/{}", note["note_id"].as_str().unwrap());
    app.post(&format!("{note}/pin"), json!({})).await.expect(200);
    let before = rows(&app.get_fresh(&notes).await);
    let deleted = event(&app.delete(&note).await);
    assert_eq!(rows(&app.get_fresh(&notes).await).len(), 0);
    undo(&app, &deleted).await.expect(200);
    assert_eq!(rows(&app.get_fresh(&notes).await), before);
    assert_eq!(app.get_fresh(&format!("/v1/customers/{id}")).await.json()["counters"]["notes"], 1);

    let task = app.created("/v1/tasks", json!({ "title": "Call", "customer": id })).await;
    let task = format!("/v1/tasks/{task}");
    let before = app.get_fresh(&task).await.expect(200);
    let deleted = event(&app.delete(&task).await);
    app.get_fresh(&task).await.refused(404, "task_not_found");
    undo(&app, &deleted).await.expect(200);
    let after = app.get_fresh(&task).await.expect(200);
    for name in ["title", "state", "customer", "created_at", "created_by"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_said() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = |part: &str| format!("/v1/customers/{id}/{part}");
    let flagged = event(&app.post(&path("flags"), json!({ "reason": "One" })).await);
    let again = event(&app.post(&path("flags"), json!({ "reason": "Two" })).await);
    let refused = undo(&app, &flagged).await.refused(409, "changed_since");
    assert_eq!(refused["event"], again.as_str());
    // A look at it beforehand says the same, and a look at what can be done does nothing.
    let dry = format!("/v1/events/{flagged}/undo?dry_run=true");
    app.post(&dry, json!({})).await.refused(409, "changed_since");
    let dry = format!("/v1/events/{again}/undo?dry_run=true");
    let seen = app.post(&dry, json!({})).await.expect(200);
    assert_eq!(seen["would_emit"][0]["data"]["reason"], "One");
    assert_eq!(look(&app, &id).await["flag"]["reason"], "Two");

    let logged = event(&app.post(&path("interactions"), json!({ "type": "call" })).await);
    let refused = undo(&app, &logged).await.refused(422, "not_undoable");
    assert!(refused["detail"].as_str().unwrap().contains("note"), "{refused}");
    undo(&app, &Uuid::now_v7().to_string()).await.refused(404, "not_found");
    app.post(&path("archive"), json!({})).await.expect(200);
    undo(&app, &again).await.refused(422, "customer_archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_undoes_what_one_did_with_the_rights_of_now() {
    let app = TestApp::start().await;
    let (sales, other) = (app.user(&["sales"]).await, app.user(&["manager"]).await);
    let viewer = app.user(&["viewer"]).await;
    let id = app.person("Ada", "Byron").await;
    let tags = format!("/v1/customers/{id}/tags");
    let tagged = event(&sales.post(&tags, json!({ "tag": "vip" })).await);
    undo(&other, &tagged).await.refused(422, "not_your_change");
    undo(&viewer, &tagged).await.denied("customer.edit");
    let roles = format!("/v1/users/{}/roles", sales.id);
    app.post(&roles, json!({ "roles": ["viewer"] })).await.expect(200);
    undo(&sales, &tagged).await.denied("customer.edit");
    // Who administers the organisation may take back what others did.
    let undone = undo(&app, &tagged).await;
    undone.expect(200);
    let told = app.events_of(&id, "customer.untagged").await;
    assert_eq!((&told[0]["undoes"], &told[0]["causationid"]), (&json!(tagged), &json!(tagged)));
    let why = app.get(&format!("/v1/events/{tagged}/why")).await.expect(200);
    assert_eq!(why["effects"][0]["undoes"], tagged.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_undoes_once() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let tagged = event(&app.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": "a" })).await);
    let (path, key) = (format!("/v1/events/{tagged}/undo"), [("Idempotency-Key", "k1")]);
    let first = app.post_with(&path, &key, json!({})).await;
    let second = app.post_with(&path, &key, json!({})).await;
    assert_eq!(first.expect(200), second.expect(200));
    assert_eq!(second.header("idempotency-replayed"), "true");
}
