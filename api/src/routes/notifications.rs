//! The caller's own notifications.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;

use crate::endpoint::{Answer, Endpoint, Guard, PAGE, READ, Request, Target, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/notifications",
        id: "notifications_list",
        tag: "Notifications",
        summary: "List your notifications, newest first",
        guard: Guard::Action(Action::NotificationRead),
        parameters: &[PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Notification"),
        handler: |verb| on(verb, list),
    },
    Endpoint::command(Verb::Post, "/v1/notifications", "notification.send", Target::New, &[]),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::NotificationRead)?;
    let standing = page::of_view(&ask, "notifications").await?;
    let query = page::query(&ask)?;
    let found = projections::notifications::list(ask.app.store(), &scope, &query).await?;
    Ok(page::of(&ask, found, standing))
}
