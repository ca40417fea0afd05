//! Favourites: each user's own, and told to nobody else.

use serde_json::json;

use crate::app::{Person, TestApp, column, rows};
use crate::reach::set_reach;

async fn marked(person: &Person, query: &str) -> Vec<String> {
    let path = format!("/v1/customers?filter[favourite]=true{query}");
    column(&rows(&person.get_fresh(&path).await), "display_name")
}

#[tokio::test(flavor = "multi_thread")]
async fn f011_a_favourite_is_ones_own_and_stays_in_the_list_of_all() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let karl = app.person("Karl", "Seal").await;
    let (ben, cleo) = (app.user(&["sales"]).await, app.user(&["viewer"]).await);
    let path = format!("/v1/customers/{karl}/favourite");
    let before = app.history(&karl).await;
    let tag = ben.get_fresh(&format!("/v1/customers/{karl}")).await.header("etag").to_owned();
    for _ in 0..2 {
        assert_eq!(ben.post(&path, json!({})).await.status, 204);
    }
    assert_eq!(marked(&ben, "").await, ["Karl Seal"]);
    assert!(marked(&cleo, "").await.is_empty());
    assert!(marked(&app, "").await.is_empty());
    let all = rows(&ben.get_fresh("/v1/customers").await);
    assert_eq!(column(&all, "display_name"), ["Ada Byron", "Karl Seal"]);
    assert_eq!([&all[0]["favourite"], &all[1]["favourite"]], [false, true]);
    let own = ben.get_fresh(&format!("/v1/customers/{karl}")).await;
    assert_eq!(own.expect(200)["favourite"], true);
    assert_ne!(own.header("etag"), tag, "who asks with the old tag is told");
    assert_eq!(app.get_fresh(&format!("/v1/customers/{karl}")).await.json()["favourite"], false);
    // Nobody reads of it in the history.
    assert_eq!(app.history(&karl).await, before);

    for _ in 0..2 {
        assert_eq!(ben.delete(&path).await.status, 204);
    }
    assert!(marked(&ben, "").await.is_empty());
    assert_eq!(cleo.post(&format!("/v1/customers/{ada}/favourite"), json!({})).await.status, 204);
    assert_eq!(marked(&cleo, "").await, ["Ada Byron"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f011_favourites_are_searched_filtered_sorted_counted_and_paged() {
    let app = TestApp::start().await;
    let ben = app.user(&["sales"]).await;
    for (first, last) in [("Ada", "Byron"), ("Karl", "Seal"), ("Carl", "Smith"), ("Zoe", "Adams")] {
        let id = app.person(first, last).await;
        if first != "Zoe" {
            assert_eq!(
                ben.post(&format!("/v1/customers/{id}/favourite"), json!({})).await.status,
                204
            );
        }
        if first == "Ada" {
            app.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": "VIP" }))
                .await
                .expect(200);
        }
    }
    assert_eq!(marked(&ben, "").await, ["Ada Byron", "Carl Smith", "Karl Seal"]);
    assert_eq!(marked(&ben, "&sort=-name").await, ["Karl Seal", "Carl Smith", "Ada Byron"]);
    assert_eq!(marked(&ben, "&sort=-updated_at").await, ["Carl Smith", "Karl Seal", "Ada Byron"]);
    assert_eq!(marked(&ben, "&q=arl").await, ["Carl Smith", "Karl Seal"]);
    assert_eq!(marked(&ben, "&filter[tags]=vip&sort=-name").await, ["Ada Byron"]);
    assert!(marked(&ben, "&archived=true").await.is_empty());
    let path = "/v1/customers?filter[favourite]=true&limit=2&count=exact&sort=-name";
    let first = ben.get_fresh(path).await.expect(200);
    assert_eq!(first["page"]["count"], 3);
    let next = first["page"]["next"].as_str().unwrap();
    let second = ben.get_fresh(&format!("{path}&after={next}")).await.expect(200);
    assert_eq!(column(second["data"].as_array().unwrap(), "display_name"), ["Ada Byron"]);
    let prev = second["page"]["prev"].as_str().unwrap();
    let back = ben.get_fresh(&format!("{path}&before={prev}")).await.expect(200);
    assert_eq!(back["data"], first["data"]);
    let not = ben.get("/v1/customers?filter[favourite]=false").await;
    not.refused(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn f011_a_favourite_out_of_reach_is_not_there() {
    let app = TestApp::start().await;
    let karl = app.person("Karl", "Seal").await;
    let ben = app.user(&["sales"]).await;
    let path = format!("/v1/customers/{karl}/favourite");
    assert_eq!(ben.post(&path, json!({})).await.status, 204);
    set_reach(&app, &ben, json!({ "read": { "assigned": true } })).await;
    assert!(marked(&ben, "").await.is_empty());
    let count = ben.get_fresh("/v1/customers?filter[favourite]=true&count=exact").await;
    assert_eq!(count.expect(200)["page"]["count"], 0);
    ben.post(&path, json!({})).await.refused(404, "customer_not_found");
    ben.delete(&path).await.refused(404, "customer_not_found");
}
