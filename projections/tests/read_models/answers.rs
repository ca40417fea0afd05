//! What the queries answer, and to whom.

use domain::access::Action;
use domain::value::Role;
use jiff::Timestamp;
use projections::customer_360::{self, Found};
use projections::past::{self, Moment};
use projections::{
    PageQuery, folders, members, notifications, orders, rule_runs, rules, tasks, timeline,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{World, scope_of};

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
    let counters = json!({"open_projects": 0, "files": 0, "open_tasks": 1, "notes": 2,
        "interactions": 1, "messages": 0});
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

#[tokio::test]
async fn the_past_is_folded_in_both_times() {
    let mut world = World::new().await;
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let create = json!({"type": "person", "first_name": "Ada", "last_name": "Byron"});
    let ada = world.run("customer.create", None, create).await.stream_id;
    // Imported: it happened long before the record began.
    let line = json!({"quantity": "1", "unit_price": "10.00"});
    let order = json!({"customer": ada, "source": "shop", "number": "1", "currency": "GBP", "lines": [line]});
    let (organisation, long_ago) = (world.organisation, at("2010-12-01T08:26:00Z"));
    world.try_run(organisation, "order.record", None, order, Some(long_ago)).await.unwrap();
    let married = json!({"last_name": "Lovelace"});
    let moment = Some(at("2011-07-08T00:00:00Z"));
    world.try_run(organisation, "customer.rename", Some(ada), married, moment).await.unwrap();
    let before_tag = Timestamp::now();
    world.run("customer.tag", Some(ada), json!({"tag": "VIP"})).await;
    world.settle().await;

    let scope = world.scope(Role::Owner, Action::CustomerRead);
    let store = &world.store;
    let name = |found: Found| match found {
        Found::Customer(answer) => Some((
            answer.body["display_name"].as_str().unwrap().to_owned(),
            answer.body["finance"]["by_currency"].as_array().unwrap().len(),
            answer.body["tags"].as_array().unwrap().len(),
        )),
        Found::Nothing { .. } => None,
        Found::Erased { .. } => panic!("not erased"),
    };
    let effective = |moment: Timestamp| past::get(store, &scope, ada, Moment::Effective(moment));
    let recorded = |moment: Timestamp| past::get(store, &scope, ada, Moment::Recorded(moment));
    let byron = |finance, tags| Some(("Ada Byron".to_owned(), finance, tags));
    let lovelace = |finance, tags| Some(("Ada Lovelace".to_owned(), finance, tags));
    assert_eq!(name(effective(at("2010-11-30T00:00:00Z")).await.unwrap()), None);
    assert_eq!(name(effective(at("2010-12-02T00:00:00Z")).await.unwrap()), byron(1, 0));
    assert_eq!(name(effective(at("2012-01-01T00:00:00Z")).await.unwrap()), lovelace(1, 0));
    assert_eq!(name(effective(Timestamp::now()).await.unwrap()), lovelace(1, 1));
    assert_eq!(name(recorded(at("2012-01-01T00:00:00Z")).await.unwrap()), None);
    assert_eq!(name(recorded(before_tag).await.unwrap()), lovelace(1, 0));
    let versions = [byron(0, 0), lovelace(1, 0), lovelace(1, 1)];
    for (version, expected) in (1..).zip(versions) {
        let found = past::get(store, &scope, ada, Moment::Version(version)).await.unwrap();
        assert_eq!(name(found), expected, "version {version}");
    }

    let changes = past::diff(store, &scope, ada, 1, 3).await.unwrap().unwrap();
    let fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    let finance = ["balance", "credit_note_count", "credit_on_account", "credits", "gross"];
    assert!(finance.iter().all(|name| fields.contains(&format!("finance.GBP.{name}").as_str())));
    let renamed = changes.iter().find(|change| change.field == "last_name").unwrap();
    assert_eq!((&renamed.from, &renamed.to), (&json!("Byron"), &json!("Lovelace")));
    let tagged = changes.iter().find(|change| change.field == "tags").unwrap();
    assert_eq!((&tagged.from, &tagged.to), (&json!([]), &json!(["VIP"])));
    let sales = world.scope(Role::Sales, Action::CustomerRead);
    let changes = past::diff(store, &sales, ada, 3, 1).await.unwrap().unwrap();
    let fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["display_name", "last_name", "tags"]);
    assert_eq!(changes[1].to, "Byron");
    world.stop().await;
}

#[tokio::test]
async fn the_timeline_leaves_out_what_the_role_may_not_see() {
    let mut world = World::new().await;
    let ada = world.person("Ada", "Byron").await;
    world.run("customer.add_note", Some(ada), json!({"text": "owes", "scope": "finance"})).await;
    world.run("customer.add_note", Some(ada), json!({"text": "nice", "scope": "sales"})).await;
    let risk = json!({"type": "frequent_refunds", "reason": "three in May"});
    world.run("customer.raise_risk_flag", Some(ada), risk).await;
    let visit = json!({"type": "visit", "note": "in the shop"});
    let long_ago = "2020-05-01T10:00:00Z".parse().unwrap();
    let logged = world.try_run(
        world.organisation,
        "customer.log_interaction",
        Some(ada),
        visit,
        Some(long_ago),
    );
    logged.await.unwrap();

    let types = |page: projections::Page| -> Vec<String> {
        page.data.iter().map(|entry| entry["type"].as_str().unwrap().to_owned()).collect()
    };
    let (owner, sales) =
        (world.scope(Role::Owner, Action::AuditRead), world.scope(Role::Sales, Action::AuditRead));
    let store = &world.store;
    let all = PageQuery::default();
    let seen = timeline::timeline(store, &sales, ada, &all).await.unwrap().unwrap();
    assert_eq!(seen.data[0]["summary"].as_str().map(|text| text.contains("nice")), Some(true));
    assert_eq!(
        types(seen),
        ["customer.note_added", "customer.created", "customer.interaction_logged"]
    );
    let seen = timeline::audit(store, &owner, ada, false, &all).await.unwrap().unwrap();
    assert_eq!(types(seen).len(), 5);

    // Page by page nothing is lost, and what is hidden leaves no hole.
    let (mut pages, mut query) = (Vec::new(), PageQuery::first(2));
    loop {
        let page = timeline::audit(store, &sales, ada, true, &query).await.unwrap().unwrap();
        query.after.clone_from(&page.turns.next);
        pages.push(types(page));
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(
        pages,
        [vec!["customer.interaction_logged", "customer.note_added"], vec!["customer.created"]]
    );
    let nobody = timeline::timeline(store, &owner, Uuid::now_v7(), &all).await.unwrap();
    assert_eq!(nobody, None);
    world.stop().await;
}

#[tokio::test]
async fn tasks_are_listed_by_day_and_by_filter() {
    let mut world = World::new().await;
    let ada = world.person("Ada", "Byron").await;
    let mary = world.member("Mary", Role::Sales).await;
    let add = async |title: &str, due: Value, customer: Value, assignee: Value| {
        let data =
            json!({"title": title, "due_on": due, "customer": customer, "assignee": assignee});
        world.run("task.add", None, data).await.stream_id
    };
    let late = add("late", json!("2026-12-24"), json!(ada), Value::Null).await;
    add("never", Value::Null, Value::Null, json!(mary)).await;
    add("soon", json!("2026-11-23"), json!(ada), json!(mary)).await;
    let done = add("done", json!("2026-11-20"), json!(ada), Value::Null).await;
    world.run("task.complete", Some(done), json!({})).await;
    world.settle().await;

    let scope = world.scope(Role::Sales, Action::TaskRead);
    let list = async |filter: tasks::Filter, limit: u16| {
        let (mut titles, mut query) = (Vec::new(), PageQuery::first(limit));
        loop {
            let page = tasks::list(&world.store, &scope, &filter, &query).await.unwrap();
            titles.extend(page.data.iter().map(|task| task["title"].as_str().unwrap().to_owned()));
            match page.turns.next {
                Some(next) => query.after = Some(next),
                None => return titles,
            }
        }
    };
    let everything = tasks::Filter::default();
    assert_eq!(list(everything.clone(), 50).await, ["done", "soon", "late", "never"]);
    assert_eq!(list(everything, 1).await, ["done", "soon", "late", "never"]);
    let open = tasks::Filter { done: Some(false), ..tasks::Filter::default() };
    assert_eq!(list(open.clone(), 50).await, ["soon", "late", "never"]);
    let of_ada = tasks::Filter { customer: Some(ada), ..open.clone() };
    assert_eq!(list(of_ada, 50).await, ["soon", "late"]);
    let of_mary = tasks::Filter { assignee: Some(mary), ..open.clone() };
    assert_eq!(list(of_mary, 50).await, ["soon", "never"]);
    let due = tasks::Filter { due_until: Some("2026-11-30".parse().unwrap()), ..open };
    assert_eq!(list(due, 50).await, ["soon"]);
    let (task, _) = tasks::get(&world.store, &scope, late).await.unwrap();
    assert_eq!(task.unwrap()["state"], "open");
    let (nothing, _) = tasks::get(&world.store, &scope, Uuid::now_v7()).await.unwrap();
    assert_eq!(nothing, None);
    world.stop().await;
}

#[tokio::test]
async fn orders_folders_rules_notifications_and_members_are_listed() {
    let mut world = World::new().await;
    let mary = world.member("Mary", Role::Manager).await;
    let folder = json!({"name": "Clients", "statuses": ["prospect"]});
    let folder = world.run("folder.create", None, folder).await.stream_id;
    let ada = world.person("Ada", "Byron").await;
    world.run("customer.move_folder", Some(ada), json!({"folder": folder})).await;
    for (number, placed_at) in [
        ("1", "2026-01-01T00:00:00Z"),
        ("2", "2026-03-01T00:00:00.5Z"),
        ("3", "2026-03-01T00:00:00Z"),
    ] {
        let line = json!({"item_code": "A", "quantity": "2", "unit_price": "1.125"});
        let order = json!({
            "customer": ada, "source": "shop", "number": number, "currency": "EUR",
            "placed_at": placed_at, "lines": [line],
        });
        world.run("order.record", None, order).await;
    }
    let sent = json!({"to": [mary], "customer": ada, "text": "look"});
    world.run("notification.send", None, sent).await;
    let rule = json!({
        "name": "Welcome", "trigger": {"events": ["customer.created"]},
        "then": [{"action": "add_tag", "tag": "new"}],
    });
    let rule = world.run("rule.create", None, rule).await.stream_id;
    world.run("rule.activate", Some(rule), json!({})).await;
    world.settle().await;

    let (store, all) = (&world.store, PageQuery::default());
    let scope = |action| scope_of(world.organisation, mary, Role::Manager, action);
    let page = orders::list(store, &scope(Action::OrderRead), Some(ada), &all).await.unwrap();
    let numbers: Vec<_> = page.data.iter().map(|order| order["number"].clone()).collect();
    assert_eq!(numbers, ["2", "3", "1"]);
    assert_eq!(page.data[0]["gross"], json!({"amount": "2.250", "currency": "EUR"}));
    assert_eq!(page.data[0]["lines"][0]["total"], "2.250");
    let page = folders::list(store, &scope(Action::FolderRead), false).await.unwrap();
    assert_eq!((&page.data[0]["name"], &page.data[0]["customers"]), (&json!("Clients"), &json!(1)));
    let page = rules::list(store, &scope(Action::RuleRead), None, &all).await.unwrap();
    assert_eq!(
        (&page.data[0]["name"], &page.data[0]["state"]),
        (&json!("Welcome"), &json!("active"))
    );
    let page = notifications::list(store, &scope(Action::NotificationRead), &all).await.unwrap();
    assert_eq!(page.data[0]["text"], "look");
    let others =
        scope_of(world.organisation, Uuid::now_v7(), Role::Owner, Action::NotificationRead);
    let page = notifications::list(store, &others, &all).await.unwrap();
    assert_eq!(page.data, Vec::<Value>::new());
    let page = members::list(store, &scope(Action::UserRead)).await.unwrap();
    assert_eq!(page.data[0]["name"], "Mary");
    assert_eq!(page.data[0]["roles"], json!(["manager"]));

    // An organisation sees nothing of its neighbour's, whatever it asks for by id.
    let neighbour = Uuid::now_v7();
    store.create_organisation(neighbour).await.unwrap();
    let other = |action| scope_of(neighbour, mary, Role::Owner, action);
    let page = orders::list(store, &other(Action::OrderRead), Some(ada), &all).await.unwrap();
    assert_eq!(page.data, Vec::<Value>::new());
    let found = customer_360::get(store, &other(Action::CustomerRead), ada).await.unwrap();
    assert!(matches!(found, Found::Nothing { .. }), "{found:?}");
    let strong = customer_360::get_strong(store, &other(Action::CustomerRead), ada).await.unwrap();
    assert!(matches!(strong, Found::Nothing { .. }), "{strong:?}");
    world.stop().await;
}

#[tokio::test]
async fn runs_of_rules_are_listed_by_rule_customer_and_outcome() {
    let mut world = World::new().await;
    let ada = world.person("Ada", "Byron").await;
    let (rule, other) = (Uuid::now_v7(), Uuid::now_v7());
    for (rule, customer, outcome) in
        [(rule, Some(ada), "done"), (rule, None, "failed"), (other, Some(ada), "withheld")]
    {
        let finish = json!({
            "rule": rule, "rule_version": 1, "trigger_event": Uuid::now_v7(),
            "customer": customer, "outcome": outcome, "reason": "so",
        });
        world.run("rule_run.finish", Some(Uuid::now_v7()), finish).await;
    }
    world.settle().await;
    let scope = world.scope(Role::Manager, Action::RuleRead);
    let list = async |filter: rule_runs::Filter| -> Vec<Value> {
        let query = PageQuery::default();
        let page = rule_runs::list(&world.store, &scope, &filter, &query).await.unwrap();
        page.data.iter().map(|run| run["outcome"].clone()).collect()
    };
    let everything = rule_runs::Filter::default();
    assert_eq!(list(everything).await, ["withheld", "failed", "done"]);
    assert_eq!(
        list(rule_runs::Filter { rule: Some(rule), ..everything }).await,
        ["failed", "done"]
    );
    let of_ada = rule_runs::Filter { customer: Some(ada), ..everything };
    assert_eq!(list(of_ada).await, ["withheld", "done"]);
    let outcome = Some(domain::value::Outcome::Failed);
    assert_eq!(list(rule_runs::Filter { outcome, ..everything }).await, ["failed"]);
    world.stop().await;
}

#[tokio::test]
async fn a_strong_read_is_never_behind_and_an_erased_customer_is_gone() {
    let world = World::without_runners().await;
    let ada = world.person("Ada", "Byron").await;
    let scope = world.scope(Role::Owner, Action::CustomerRead);
    let store = &world.store;
    let eventual = customer_360::get(store, &scope, ada).await.unwrap();
    assert!(matches!(eventual, Found::Nothing { position: 0 }), "{eventual:?}");
    let Found::Customer(answer) = customer_360::get_strong(store, &scope, ada).await.unwrap()
    else {
        panic!("not found")
    };
    assert_eq!((answer.version, answer.body["display_name"].as_str()), (1, Some("Ada Byron")));
    world.run("customer.erase", Some(ada), json!({"confirm": "erase"})).await;
    let erased = customer_360::get_strong(store, &scope, ada).await.unwrap();
    assert!(matches!(erased, Found::Erased { .. }), "{erased:?}");
    // Its history stays, unreadable.
    let Found::Customer(then) = past::get(store, &scope, ada, Moment::Version(1)).await.unwrap()
    else {
        panic!("not found")
    };
    assert_eq!(then.body["display_name"], json!({"erased": true}));
}

#[tokio::test]
async fn requests_read_no_organisation_that_they_have_not_named() {
    let mut world = World::new().await;
    world.person("Ada", "Byron").await;
    world.settle().await;
    let mut client = world.store.app().get().await.unwrap();
    let all = "SELECT count(*) FROM customer_360.document";
    let count: i64 = client.query_one(all, &[]).await.unwrap().get(0);
    assert_eq!(count, 0);
    let tx = client.transaction().await.unwrap();
    let name = "SELECT set_config('dossier.organisation', $1, true)";
    tx.query_one(name, &[&world.organisation.to_string()]).await.unwrap();
    let count: i64 = tx.query_one(all, &[]).await.unwrap().get(0);
    assert_eq!(count, 1);
    drop(tx);
    let refused = client.query("SELECT * FROM directory.customers", &[]).await.unwrap_err();
    assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("42501"));
    let refused = client.execute("DELETE FROM customer_360.document", &[]).await.unwrap_err();
    assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("42501"));
    world.stop().await;
}
