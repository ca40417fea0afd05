//! Imports, and the jobs that long work runs as.

use std::path::Path;

use axum::Json;
use axum::body::Body as HttpBody;
use axum::extract::Request as HttpRequest;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, FieldGroup, RowScope};
use eventstore::state::job::{self, Job};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::bulk;
use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, Request, Verb};
use crate::extract::Ask;
use crate::import::jobs::Request as ImportRequest;
use crate::import::{Kind as ImportKind, Mapping, Options};
use crate::problem::{Code, Problem};
use crate::rehearsals;
use crate::view::time;

/// The largest file that is taken over HTTP; the command line takes any.
const LARGEST_FILE: u64 = 4 * 1024 * 1024 * 1024;

const OPTIONS: &[Parameter] = &[
    Parameter::new(
        "kind",
        Kind::Word(&["customers", "orders", "invoices", "payments"]),
        "What the rows are",
    ),
    Parameter::new(
        "source",
        Kind::Text(64),
        "The system that the file comes from; `import` if not said",
    ),
    Parameter::new("mapping", Kind::Text(4_000), "JSON: our field names to the file's columns"),
    Parameter::new("encoding", Kind::Text(40), "Such as windows-1252; found out if not said"),
    Parameter::new("separator", Kind::Text(10), "One of , ; tab |; found out if not said"),
    Parameter::new("date_format", Kind::Text(100), "Such as %m/%d/%Y %H:%M"),
    Parameter::new("time_zone", Kind::Text(100), "Of dates without an offset; UTC if not said"),
    Parameter::new("decimal_comma", Kind::Flag, "Numbers are written 1.234,50"),
    Parameter::new(
        "rules",
        Kind::Word(&["run", "skip"]),
        "Whether the rows set rules off; skip if not said",
    ),
    Parameter::new("currency", Kind::Text(3), "Of documents whose file does not say"),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/imports",
        id: "imports_create",
        tag: "Imports",
        summary: "Import a file: its bytes are the body; the answer names the job",
        guard: Guard::Action(Action::ImportRun),
        parameters: &[OPTIONS],
        request: Request::Bytes,
        answer: Answer::Json(202, "Job"),
        handler: |verb| on(verb, import),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/jobs",
        id: "jobs_list",
        tag: "Jobs",
        summary: "List the newest jobs",
        guard: Guard::Action(Action::JobRead),
        parameters: &[&[Parameter::new("limit", Kind::Integer(1, 200), "50 if not said")]],
        request: Request::None,
        answer: Answer::Json(200, "JobList"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/jobs/{job_id}",
        id: "jobs_get",
        tag: "Jobs",
        summary: "How far a job is, and what came of it",
        guard: Guard::Action(Action::JobRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Job"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/jobs/{job_id}/report",
        id: "jobs_report",
        tag: "Jobs",
        summary: "The outcome of every row of an import, or of every run of a rehearsal, as CSV",
        guard: Guard::Action(Action::JobRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, "text/csv"),
        handler: |verb| on(verb, report),
    },
];

async fn import(ask: Ask, request: HttpRequest) -> Result<Response, Problem> {
    let wanted = read_request(&ask)?;
    let jobs = ask.app.jobs();
    let (job_id, file) = jobs.reserve();
    if let Err(problem) = receive(request.into_body(), &file).await {
        drop(tokio::fs::remove_file(&file).await);
        return Err(problem);
    }
    jobs.create(job_id, &ask.principal, &wanted).await?;
    let job = find(&ask, job_id).await?;
    let body = row(&job, &ask).await?;
    jobs.spawn(job);
    let address = [(LOCATION, format!("/v1/jobs/{job_id}"))];
    Ok((StatusCode::ACCEPTED, address, Json(body)).into_response())
}

fn read_request(ask: &Ask) -> Result<ImportRequest, Problem> {
    let text = |name: &str| ask.query.text(name).map(str::to_owned);
    let kind = ask.query.text("kind").and_then(ImportKind::from_name).ok_or_else(|| {
        let allowed = ImportKind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
        Problem::parameter("kind", "kind is missing", Some(allowed))
    })?;
    let mapping = match ask.query.text("mapping") {
        Some(json) => Mapping::from_json(json)
            .map_err(|error| Problem::parameter("mapping", error.to_string(), None))?,
        None => Mapping::default(),
    };
    let source = text("source").unwrap_or_else(|| "import".to_owned());
    domain::value::SourceName::try_from(source.clone())
        .map_err(|error| Problem::parameter("source", error.to_string(), None))?;
    Ok(ImportRequest {
        kind,
        source,
        options: Options {
            mapping,
            encoding: text("encoding"),
            separator: text("separator"),
            date_format: text("date_format"),
            time_zone: text("time_zone"),
            decimal_comma: ask.query.flag("decimal_comma"),
            currency: text("currency"),
            shift_weeks: 0,
        },
        move_to: None,
        runs_rules: ask.query.text("rules") == Some("run"),
    })
}

/// Writes the body to its place, as it comes.
async fn receive(body: HttpBody, file: &Path) -> Result<(), Problem> {
    let mut target = File::create(file).await.map_err(|error| Problem::internal(&error))?;
    let mut size = 0_u64;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(Code::ImportRefused).detail("the file broke off on its way here")
        })?;
        size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if size > LARGEST_FILE {
            return Err(Problem::new(Code::BodyTooLarge));
        }
        target.write_all(&chunk).await.map_err(|error| Problem::internal(&error))?;
    }
    target.sync_all().await.map_err(|error| Problem::internal(&error))?;
    if size == 0 {
        return Err(Problem::new(Code::ImportRefused).detail("the file is empty"));
    }
    Ok(())
}

/// A job tells how many customers it met: to whoever does not reach all of them, there are only
/// their own.
pub(super) async fn find(ask: &Ask, job_id: Uuid) -> Result<Job, Problem> {
    let client = ask.app.store().app().get().await?;
    let job = job::get(&client, ask.organisation(), job_id).await?;
    let of_whom = of_whom(ask);
    let job = job.filter(|job| of_whom.is_none_or(|user| job.created_by == user));
    job.ok_or_else(|| Problem::new(Code::JobNotFound))
}

/// Whose jobs the caller sees; nothing for everybody's.
fn of_whom(ask: &Ask) -> Option<Uuid> {
    let all = ask.scope(Action::JobRead).is_ok_and(|scope| *scope.row_scope() == RowScope::All);
    (!all).then_some(ask.principal.user)
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let client = ask.app.store().app().get().await?;
    let (organisation, limit) = (ask.organisation(), ask.query.limit());
    let jobs = job::list(&client, organisation, limit, of_whom(&ask)).await?;
    drop(client);
    let mut rows = Vec::with_capacity(jobs.len());
    for job in &jobs {
        let mut row = row(job, &ask).await?;
        if let Some(result) = row.get_mut("result") {
            bulk::without_rows(result);
        }
        rows.push(row);
    }
    Ok(Json(json!({ "data": rows })).into_response())
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let job = find(&ask, ask.id("job_id")?).await?;
    let mut row = row(&job, &ask).await?;
    if let Some(result) = row.get_mut("result") {
        bulk::name_rows(&ask, result).await?;
    }
    Ok(Json(row).into_response())
}

/// Whether the caller is told what came of a job in its parts. Whom a rehearsal met depends on the
/// rights of whoever asked for it; a report of invoices or payments quotes their rows (F78).
fn is_told(job: &Job, ask: &Ask) -> bool {
    let is_own = job.created_by == ask.principal.user;
    is_own
        || match job.kind.as_str() {
            rehearsals::KIND | bulk::KIND | bulk::UNDO => false,
            "import.invoices" | "import.payments" => {
                ask.scope(Action::JobRead).is_ok_and(|scope| scope.shows(FieldGroup::Financial))
            }
            _ => true,
        }
}

async fn report(ask: Ask) -> Result<Response, Problem> {
    let job = find(&ask, ask.id("job_id")?).await?;
    if !is_told(&job, &ask) {
        return Err(Problem::new(Code::JobNotFound));
    }
    let mut bytes = match tokio::fs::read(ask.app.jobs().report(job.job_id)).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Problem::new(Code::NotFound).detail("the job has no report (yet)"));
        }
        Err(error) => return Err(Problem::internal(&error)),
    };
    if job.kind == rehearsals::KIND {
        bytes = rehearsals::within_reach(&ask, bytes).await?;
    }
    let name = format!("attachment; filename=\"{}.csv\"", job.job_id);
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

pub(super) async fn row(job: &Job, ask: &Ask) -> Result<Value, Problem> {
    let counts = job.counts;
    let reports = job.kind.starts_with("import.")
        || [rehearsals::KIND, bulk::KIND, bulk::UNDO].contains(&job.kind.as_str());
    let has_report = job.finished_at.is_some() && reports && is_told(job, ask);
    let mut result = job.result.clone().filter(|_| is_told(job, ask));
    if let Some(runs) = result.as_mut().and_then(|result| result.get_mut("runs")) {
        rehearsals::keep_within_reach(ask, runs).await?;
    }
    Ok(json!({
        "id": job.job_id,
        "kind": job.kind,
        "state": job.state,
        "total": job.total,
        "done": counts.done,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "skipped": counts.skipped,
        "failed": counts.failed,
        "report_url": has_report.then(|| format!("/v1/jobs/{}/report", job.job_id)),
        "error": job.error,
        "result": result,
        "created_by": job.created_by,
        "created_at": time(job.created_at),
        "finished_at": job.finished_at.map(time),
    }))
}
