//! Who referred whom.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::app::{Person, TestApp, column};

#[tokio::test(flavor = "multi_thread")]
async fn f137_a_referral_is_seen_from_both_ends() {
    let app = TestApp::start().await;
    let (karl, eleanor) = (app.person("Karl", "Seal").await, app.person("Eleanor", "Hunt").await);
    let referrer = |id: &str| format!("/v1/customers/{id}/referrer");
    let referrals =
        async |id: &str| app.get_fresh(&format!("/v1/customers/{id}/referrals")).await.expect(200);
    let nothing = json!({ "referred_by": null, "referred": [] });
    assert_eq!(referrals(&eleanor).await, nothing);
    let body = json!({ "customer": karl });
    let done = app.put(&referrer(&eleanor), body.clone()).await.expect(200);
    let events = done["events"].as_array().unwrap();
    let types = ["customer.referrer_set", "customer.referral_recorded"];
    assert_eq!(column(events, "type"), types);
    assert_eq!(column(events, "stream_id"), [eleanor.as_str(), karl.as_str()]);
    assert_eq!(app.put(&referrer(&eleanor), body).await.expect(200)["changed"], false);
    let seen = referrals(&eleanor).await;
    assert_eq!(seen["referred_by"]["display_name"], "Karl Seal");
    assert_eq!(
        column(referrals(&karl).await["referred"].as_array().unwrap(), "id"),
        [eleanor.as_str()]
    );
    // Neither event holds the other's name.
    for (id, name) in [(&karl, "Eleanor"), (&eleanor, "Karl")] {
        let events = app.events_of(id, &types.join(",")).await;
        assert_eq!(events.len(), 1);
        assert!(!events[0].to_string().contains(name), "{}", events[0]);
    }

    let ada = app.person("Ada", "Byron").await;
    app.put(&referrer(&eleanor), json!({ "customer": ada })).await.expect(200);
    assert_eq!(referrals(&karl).await, nothing);
    assert_eq!(referrals(&ada).await["referred"][0]["id"], eleanor);
    app.delete(&referrer(&eleanor)).await.expect(200);
    assert_eq!(app.delete(&referrer(&eleanor)).await.expect(200)["changed"], false);
    assert_eq!(referrals(&ada).await, nothing);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f137_nobody_refers_themselves_and_a_referrer_is_there() {
    let app = TestApp::start().await;
    let mut chain = Vec::new();
    for number in 0..6 {
        chain.push(app.person("Ada", &format!("Byron {number}")).await);
    }
    let set = async |of: &str, to: &str| {
        app.put(&format!("/v1/customers/{of}/referrer"), json!({ "customer": to })).await
    };
    for pair in chain.windows(2) {
        set(&pair[1], &pair[0]).await.expect(200);
    }
    set(&chain[0], &chain[0]).await.refused(422, "referral_circle");
    set(&chain[0], &chain[1]).await.refused(422, "referral_circle");
    let problem = set(&chain[0], &chain[5]).await.refused(422, "referral_circle");
    assert_eq!(problem["errors"][0]["pointer"], "/customer");

    let (archived, other) = (app.person("Ben", "Jonson").await, app.person("Eve", "Cole").await);
    set(&other, &archived).await.expect(200);
    app.post(&format!("/v1/customers/{archived}/archive"), json!({})).await.expect(200);
    set(&chain[0], &archived).await.refused(422, "customer_archived");
    set(&archived, &chain[0]).await.refused(422, "customer_archived");
    set(&chain[0], &app.id).await.refused(422, "customer_not_found");
    app.put(&format!("/v1/customers/{}/referrer", app.id), json!({ "customer": other }))
        .await
        .refused(404, "customer_not_found");
    // Who is archived is let go all the same.
    app.delete(&format!("/v1/customers/{other}/referrer")).await.expect(200);

    let viewer = app.user(&["viewer"]).await;
    let path = format!("/v1/customers/{other}/referrer");
    viewer.put(&path, json!({ "customer": chain[0] })).await.denied("customer.edit");
    viewer.delete(&path).await.denied("customer.edit");
    // The other end is written with its own, never alone.
    let alone = json!({ "type": "customer.record_referral", "id": other, "data": { "referred": chain[0] } });
    app.post("/v1/commands", alone).await.refused(422, "unknown_command");
}

/// Links that are each right by themselves and close a circle together: whichever come last are
/// refused, also where no two of them write the same customer.
#[tokio::test(flavor = "multi_thread")]
async fn f137_links_made_at_once_close_no_circle() {
    let app = TestApp::start().await;
    for (round, length) in [2, 2, 3, 4, 4, 5, 6, 8].into_iter().enumerate() {
        let mut ring = Vec::new();
        for number in 0..length {
            ring.push(app.person("Ada", &format!("{round}-{number}")).await);
        }
        let links = (0..length).map(|at| {
            let body = json!({ "customer": ring[(at + 1) % length] });
            let path = format!("/v1/customers/{}/referrer", ring[at]);
            let person = Person::clone(&app);
            async move { person.put(&path, body).await.status }
        });
        let statuses = links.collect::<JoinSet<u16>>().join_all().await;
        assert!(statuses.iter().all(|status| [200, 409, 422].contains(status)), "{statuses:?}");
        let made = statuses.iter().filter(|status| **status == 200).count();
        assert!(made < length, "a circle of {length}");
        // Nobody is above themselves.
        for start in &ring {
            let (mut above, mut steps) = (start.clone(), 0);
            while let Some(next) = referrer(&app, &above).await {
                assert!(next != *start && steps < length, "a circle of {length} through {start}");
                (above, steps) = (next, steps + 1);
            }
        }
    }
}

async fn referrer(app: &TestApp, id: &str) -> Option<String> {
    let seen: Value = app.get_fresh(&format!("/v1/customers/{id}/referrals")).await.expect(200);
    seen["referred_by"]["id"].as_str().map(str::to_owned)
}
