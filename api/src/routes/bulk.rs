//! One command for many customers, and taking that back.

use axum::Json;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::command::read;
use serde_json::json;
use uuid::Uuid;

use super::jobs;
use crate::bulk::{self, Bulk, Task};
use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::{Ask, Body, idempotency_key};
use crate::openapi::samples;
use crate::problem::{Code, Problem};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/jobs/bulk",
        id: "jobs_bulk",
        tag: "Jobs",
        summary: "Do one command to many customers; the answer names the job",
        guard: Guard::Action(Action::CustomerEdit),
        parameters: &[],
        request: Request::Json {
            schema: "Bulk",
            example: || {
                json!({
                    "selection": { "ids": [samples::CUSTOMER] },
                    "command": { "type": "customer.tag", "data": { "tag": "vip" } },
                    "run_rules": false,
                    "dry_run": true,
                })
            },
            wrong: || {
                let command = json!({ "type": "customer.erase", "data": { "confirm": "erase" } });
                let selection = json!({ "ids": [samples::CUSTOMER] });
                (json!({ "selection": selection, "command": command }), "unknown_command")
            },
        },
        answer: Answer::Json(202, "Job"),
        handler: |verb| on(verb, begin),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/jobs/{job_id}/undo",
        id: "jobs_undo",
        tag: "Jobs",
        summary: "Take back what a bulk command did, where nothing rests on it; a job as well",
        guard: Guard::Action(Action::CustomerEdit),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(202, "Job"),
        handler: |verb| on(verb, undo),
    },
];

async fn begin(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let key = idempotency_key(&ask.headers)?.map(str::to_owned);
    let bulk: Bulk = read(body.into()).map_err(invalid)?;
    bulk::check(&bulk, &ask.scope(Action::CustomerList)?)?;
    let task = Task::Bulk(Box::new(bulk));
    if key.is_none() && !task.is_dry_run() {
        return Err(Problem::new(Code::IdempotencyKeyMissing));
    }
    queue(&ask, key.as_deref(), task).await
}

async fn undo(ask: Ask) -> Result<Response, Problem> {
    let key = idempotency_key(&ask.headers)?.map(str::to_owned);
    let job = jobs::find(&ask, ask.id("job_id")?).await?;
    let was_done = bulk::task_of(&job).is_some_and(|task| !task.is_dry_run());
    if !was_done {
        let detail = "only a bulk command that was done can be undone";
        return Err(Problem::new(Code::NotUndoable).detail(detail));
    }
    if job.finished_at.is_none() {
        return Err(Problem::new(Code::JobNotFinished));
    }
    if key.is_none() {
        return Err(Problem::new(Code::IdempotencyKeyMissing));
    }
    queue(&ask, key.as_deref(), Task::Undo { of: job.job_id }).await
}

/// The same key is the same job.
async fn queue(ask: &Ask, key: Option<&str>, task: Task) -> Result<Response, Problem> {
    let jobs = ask.app.jobs();
    let job_id = match key {
        Some(key) => {
            let name = format!("job\0{}\0{key}", ask.principal.user);
            Uuid::new_v5(&ask.organisation(), name.as_bytes())
        }
        None => Uuid::now_v7(),
    };
    let is_new = bulk::create(jobs, job_id, &ask.principal, &task).await?;
    let job = jobs::find(ask, job_id).await?;
    if !is_new && bulk::task_of(&job) != Some(task) {
        return Err(Problem::new(Code::IdempotencyKeyReused));
    }
    let body = jobs::row(&job, ask).await?;
    if is_new {
        bulk::spawn(jobs, job);
    }
    let address = [(LOCATION, format!("/v1/jobs/{job_id}"))];
    let mut response = (StatusCode::ACCEPTED, address, Json(body)).into_response();
    if !is_new {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
