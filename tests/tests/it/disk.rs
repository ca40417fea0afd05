//! A disk that is nearly full: commands are refused in time, and taken again by themselves.

use std::process::Command;
use std::time::Duration;

use api::embedded_postgres::free_space;
use serde_json::json;

use crate::app::TestApp;

const MEBIBYTE: u64 = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn on_a_disk_that_is_nearly_full_everything_can_be_read_and_nothing_is_written() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let folder = app.data_dir.path().to_owned();
    // Other tests fill and empty the same disk meanwhile, by less than this.
    let floor = free_space(&folder).unwrap() - 1024 * MEBIBYTE;
    let watching = api::disk::watch(app.service.store.clone(), folder.clone(), floor);
    let notes = format!("/v1/customers/{id}/notes");
    app.post(&notes, json!({ "text": "Likes tea" })).await.expect(201);

    let filled = folder.join("filled");
    let done = Command::new("fallocate").args(["-l", "2G"]).arg(&filled).status().unwrap();
    assert!(done.success());
    app.until("/readyz", |ready| ready["read_only"] == true).await;
    let key = [("Idempotency-Key", "coffee")];
    let coffee = json!({ "text": "Likes coffee" });
    let refused = app.post_with(&notes, &key, coffee.clone()).await;
    let problem = refused.refused(503, "read_only");
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(problem["retry_after_ms"], 30_000);
    assert_eq!(app.history(&id).await, ["customer.created", "customer.note_added"]);
    app.get(&format!("/v1/customers/{id}")).await.expect(200);
    // What writes nothing goes on.
    let dry = app.post(&format!("{notes}?dry_run=true"), coffee.clone()).await;
    dry.expect(200);

    std::fs::remove_file(&filled).unwrap();
    app.until("/readyz", |ready| ready["read_only"] == false).await;
    app.post_with(&notes, &key, coffee).await.expect(201);
    assert_eq!(app.history(&id).await.len(), 3);
    watching.abort();
    tokio::time::timeout(Duration::from_secs(5), watching).await.unwrap().unwrap_err();
}
