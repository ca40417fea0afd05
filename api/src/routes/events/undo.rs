//! Taking back what one event changed.

use axum::response::Response;
use domain::access::Action;
use serde_json::Value;

use super::visible;
use crate::commands::{Manner, Wish, answered, undo_event};
use crate::extract::Ask;
use crate::problem::{Code, Problem};

pub(super) async fn undo(ask: Ask) -> Result<Response, Problem> {
    let manner = Manner::of(&ask)?;
    let scope = ask.scope(Action::EventRead)?;
    let id = ask.id("event_id")?;
    let event = visible(&ask.app, &scope, id).await?;
    let event = event.ok_or_else(|| Problem::new(Code::NotFound))?;
    let wish = Wish {
        name: "event.undo",
        target: Some(id),
        commands: Vec::new(),
        body: Value::Null,
        occurred_at: None,
        expected_version: None,
    };
    let done = undo_event(&ask, &manner, &wish, &event).await?;
    answered(&ask, manner, &wish, done, &[]).await
}
