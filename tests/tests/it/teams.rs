//! Teams: members of the organisation under one name.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};
use crate::reach::set_reach;

#[tokio::test(flavor = "multi_thread")]
async fn f161_teams_are_made_filled_renamed_and_archived() {
    let app = TestApp::start().await;
    let ben = app.user(&["sales"]).await;
    let team = app.created("/v1/teams", json!({ "name": "North" })).await;
    let path = |what: &str| format!("/v1/teams/{team}{what}");
    let taken = app.post("/v1/teams", json!({ "name": " NORTH" })).await;
    assert_eq!(taken.refused(409, "team_name_taken")["existing"], json!([{ "id": team }]));

    let member = json!({ "user": ben.id });
    let added = app.post(&path("/members"), member.clone()).await.expect(200);
    assert_eq!(added["events"][0]["type"], "team.member_added");
    assert_eq!(app.post(&path("/members"), member).await.expect(200)["changed"], false);
    let stranger = json!({ "user": team });
    app.post(&path("/members"), stranger).await.wrong_field("/user", "member_not_found");
    app.post(&path("/name"), json!({ "name": "South" })).await.expect(200);
    let shown = ben.get_fresh(&path("")).await.expect(200);
    assert_eq!(shown["name"], "South");
    assert_eq!(shown["members"], json!([{ "id": ben.id, "name": "sales" }]));

    let out = path(&format!("/members/{}", ben.id));
    assert_eq!(app.delete(&out).await.expect(200)["changed"], true);
    assert_eq!(app.delete(&out).await.expect(200)["changed"], false);
    app.post(&path("/archive"), json!({})).await.expect(200);
    app.post(&path("/name"), json!({ "name": "x" })).await.refused(422, "team_archived");
    app.created("/v1/teams", json!({ "name": "South" })).await;
    let listed = rows(&ben.get_fresh("/v1/teams").await);
    assert_eq!(
        (column(&listed, "name"), &listed[0]["members"]),
        (vec!["South".to_owned()], &json!([]))
    );
    let archive = rows(&ben.get("/v1/teams?archived=true").await);
    assert_eq!(column(&archive, "id")[0], team);
    assert_eq!(ben.get(&path("")).await.expect(200)["archived"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn f161_only_who_administers_users_changes_teams() {
    let app = TestApp::start().await;
    let team = app.created("/v1/teams", json!({ "name": "North" })).await;
    let manager = app.user(&["manager"]).await;
    manager.get_fresh(&format!("/v1/teams/{team}")).await.expect(200);
    manager.post("/v1/teams", json!({ "name": "South" })).await.denied("user.admin");
    let refused: [(&str, Value); 3] = [
        ("members", json!({ "user": manager.id })),
        ("name", json!({ "name": "S" })),
        ("archive", json!({})),
    ];
    for (what, body) in refused {
        manager.post(&format!("/v1/teams/{team}/{what}"), body).await.denied("user.admin");
    }
    app.get("/v1/teams/0199a1b2-0000-7000-8000-0000000000ff").await.refused(404, "team_not_found");
}

/// Whoever reaches the customers of a team would reach more with each member that they add.
#[tokio::test(flavor = "multi_thread")]
async fn f161_who_does_not_reach_everybody_changes_no_team() {
    let app = TestApp::start().await;
    let admin = app.user(&["admin"]).await;
    let team = admin.created("/v1/teams", json!({ "name": "North" })).await;
    set_reach(&app, &admin, json!({ "read": { "teams": [team] } })).await;
    let member = json!({ "user": admin.id });
    admin.post(&format!("/v1/teams/{team}/members"), member).await.denied("user.admin");
    admin.post("/v1/teams", json!({ "name": "South" })).await.denied("user.admin");
    let shown = admin.get_fresh(&format!("/v1/teams/{team}")).await.expect(200);
    assert_eq!(shown["members"], json!([]));
}
