//! What the queries answer, and to whom.

use domain::access::Action;
use domain::value::Role;
use projections::PageQuery;
use projections::customer_360::{self, Found};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::World;

async fn body(world: &World, role: Role, customer: Uuid) -> Value {
    let scope = world.scope(role, Action::CustomerRead);
    match customer_360::get(&world.store, &scope, customer).await.unwrap() {
        Found::Customer(answer) => answer.body,
        found @ (Found::Erased { .. } | Found::Nothing { .. }) => panic!("{found:?}"),
    }
}

#[tokio::test]
async fn a_customer_is_shown_with_counters_and_figures() {
    let mut world = World::new().await;
    let folder = json!({"name": "Clients", "statuses": ["prospect", "won"]});
    let folder = world.run("folder.create", None, folder).await.stream_id;
    let worker = world.member("Mary", Role::Sales).await;
    let data = json!({
        "type": "person", "first_name": "Ada", "last_name": "Byron",
        "emails": ["ada@example.com"], "phones": ["+44 20 7946 0958"],
        "addresses": [{"line1": "12 St James's Square", "city": "London", "country": "GB"}],
        "folder": folder, "tags": ["VIP"], "external_ids": {"shop": "17850"},
    });
    let ada = world.run("customer.create", None, data).await.stream_id;
    world.run("customer.assign_worker", Some(ada), json!({"user": worker})).await;
    world.run("customer.add_note", Some(ada), json!({"text": "likes tea"})).await;
    world.run("customer.add_note", Some(ada), json!({"text": "owes", "scope": "finance"})).await;
    world.run("customer.log_interaction", Some(ada), json!({"type": "call"})).await;
    world.run("customer.flag", Some(ada), json!({"reason": "call back"})).await;
    let risk = json!({"type": "frequent_refunds", "reason": "three in May"});
    world.run("customer.raise_risk_flag", Some(ada), risk).await;
    let task = world.run("task.add", None, json!({"customer": ada, "title": "Call"})).await;
    world.run("task.add", None, json!({"customer": ada, "title": "Write"})).await;
    world.run("task.complete", Some(task.stream_id), json!({})).await;
    let line = json!({"quantity": "6", "unit_price": "2.555"});
    let order = json!({"customer": ada, "source": "shop", "number": "1", "currency": "GBP", "lines": [line]});
    world.run("order.record", None, order).await;
    let line = json!({"quantity": "-1", "unit_price": "2.555"});
    let credit = json!({"customer": ada, "source": "shop", "number": "C2", "credited": true, "currency": "GBP", "lines": [line]});
    let last = world.run("order.record", None, credit).await;
    world.settle().await;

    let owner = body(&world, Role::Owner, ada).await;
    assert_eq!(owner["display_name"], "Ada Byron");
    assert_eq!(
        owner["emails"],
        json!([{"address": "ada@example.com", "label": null, "primary": true}])
    );
    assert_eq!(owner["phones"][0]["e164"], "+442079460958");
    assert_eq!(owner["addresses"][0]["city"], "London");
    assert_eq!(owner["folder"], json!({"id": folder, "name": "Clients"}));
    assert_eq!(owner["status"], "prospect");
    assert_eq!(owner["tags"], json!(["VIP"]));
    assert_eq!(owner["badges"], json!(["vip", "under_review", "flagged"]));
    assert_eq!(owner["workers"], json!([{"id": worker, "name": "Mary"}]));
    assert_eq!(owner["external_ids"], json!({"shop": "17850"}));
    let counters =
        json!({"open_projects": 0, "files": 0, "open_tasks": 1, "notes": 2, "interactions": 1});
    assert_eq!(owner["counters"], counters);
    assert_eq!(owner["finance"]["by_currency"][0]["gross"], "15.330");
    assert_eq!(owner["finance"]["by_currency"][0]["credits"], "2.555");
    assert_eq!(owner["finance"]["by_currency"][0]["lifetime_value"], "12.775");
    assert_eq!(owner["finance"]["by_currency"][0]["order_count"], 1);
    assert_eq!(owner["risk"]["flags"][0]["reason"], "three in May");
    assert_eq!(owner["version"], 7);
    assert_eq!(owner["position"], last.sequence.to_string());
    assert_eq!(owner["_redacted"], json!([]));

    let sales = body(&world, Role::Sales, ada).await;
    assert_eq!(sales["counters"]["notes"], 1);
    assert_eq!(sales["badges"], json!(["vip", "flagged"]));
    assert_eq!((sales.get("finance"), sales.get("risk")), (None, None));
    assert_eq!(sales["_redacted"], json!(["finance", "risk"]));

    let viewer = world.scope(Role::Viewer, Action::CustomerRead);
    let page = PageQuery::default();
    let notes = customer_360::notes(&world.store, &viewer, ada, &page).await.unwrap().unwrap();
    assert_eq!(notes.data, Vec::<Value>::new());
    let support = world.scope(Role::Support, Action::CustomerRead);
    let notes = customer_360::notes(&world.store, &support, ada, &page).await.unwrap().unwrap();
    assert_eq!(notes.data[0]["text"], "likes tea");
    world.stop().await;
}
