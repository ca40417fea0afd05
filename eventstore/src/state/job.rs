//! Jobs: long work that answers at once and is asked for later (imports, rebuilds).

use deadpool_postgres::GenericClient;
use domain::access::Principal;
use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

const INSERT: &str = include_str!("sql/insert_job.sql");
const GET: &str = include_str!("sql/get_job.sql");
const LIST: &str = include_str!("sql/list_jobs.sql");
const PROGRESS: &str = include_str!("sql/progress_job.sql");
const FINISH: &str = include_str!("sql/finish_job.sql");
const CONCLUDE: &str = include_str!("sql/conclude_job.sql");
const UNFINISHED: &str = include_str!("sql/unfinished_jobs.sql");

/// What became of the rows so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    pub done: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub skipped: i64,
    pub failed: i64,
}

/// A job as stored.
#[derive(Debug, Clone)]
pub struct Job {
    pub job_id: Uuid,
    pub organisation: Uuid,
    pub created_by: Uuid,
    /// The token with which it was asked for, if by one.
    pub token: Option<Uuid>,
    pub kind: String,
    /// queued, running, done or failed.
    pub state: String,
    pub options: Value,
    pub total: Option<i64>,
    pub counts: Counts,
    /// A problem document, when it failed as a whole.
    pub error: Option<Value>,
    /// What it found out, where it is about that.
    pub result: Option<Value>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

impl Job {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            job_id: row.try_get("job_id")?,
            organisation: row.try_get("organisation")?,
            created_by: row.try_get("created_by")?,
            token: row.try_get("token")?,
            kind: row.try_get("kind")?,
            state: row.try_get("state")?,
            options: row.try_get("options")?,
            total: row.try_get("total")?,
            counts: Counts {
                done: row.try_get("done")?,
                created: row.try_get("created")?,
                updated: row.try_get("updated")?,
                unchanged: row.try_get("unchanged")?,
                skipped: row.try_get("skipped")?,
                failed: row.try_get("failed")?,
            },
            error: row.try_get("error")?,
            result: row.try_get("result")?,
            created_at: row.try_get("created_at")?,
            finished_at: row.try_get("finished_at")?,
        })
    }
}

/// Queues a job of somebody; false where there is one of this id.
pub async fn create(
    client: &impl GenericClient,
    job_id: Uuid,
    principal: &Principal,
    kind: &str,
    options: &Value,
) -> Result<bool, Error> {
    let statement = client.prepare_cached(INSERT).await?;
    let Principal { organisation, user, token, .. } = principal;
    let parameters: [&(dyn ToSql + Sync); 6] = [&job_id, organisation, user, token, &kind, options];
    Ok(client.execute(&statement, &parameters).await? > 0)
}

/// One job of an organisation.
pub async fn get(
    client: &impl GenericClient,
    organisation: Uuid,
    job_id: Uuid,
) -> Result<Option<Job>, Error> {
    let statement = client.prepare_cached(GET).await?;
    client
        .query_opt(&statement, &[&organisation, &job_id])
        .await?
        .as_ref()
        .map(Job::from_row)
        .transpose()
}

/// The newest jobs of an organisation, perhaps only what this user asked for.
pub async fn list(
    client: &impl GenericClient,
    organisation: Uuid,
    limit: i64,
    created_by: Option<Uuid>,
) -> Result<Vec<Job>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    let rows = client.query(&statement, &[&organisation, &limit, &created_by]).await?;
    rows.iter().map(Job::from_row).collect()
}

/// Jobs that were not finished when the service last stopped.
pub async fn unfinished(client: &impl GenericClient) -> Result<Vec<Job>, Error> {
    let statement = client.prepare_cached(UNFINISHED).await?;
    client.query(&statement, &[]).await?.iter().map(Job::from_row).collect()
}

/// Writes how far a running job is.
pub async fn progress(
    client: &impl GenericClient,
    job_id: Uuid,
    total: Option<i64>,
    counts: &Counts,
) -> Result<(), Error> {
    let statement = client.prepare_cached(PROGRESS).await?;
    client
        .execute(
            &statement,
            &[
                &job_id,
                &total,
                &counts.done,
                &counts.created,
                &counts.updated,
                &counts.unchanged,
                &counts.skipped,
                &counts.failed,
            ],
        )
        .await?;
    Ok(())
}

/// Ends a job: done, or failed with a problem document.
pub async fn finish(
    client: &impl GenericClient,
    job_id: Uuid,
    error: Option<&Value>,
) -> Result<(), Error> {
    let statement = client.prepare_cached(FINISH).await?;
    client.execute(&statement, &[&job_id, &error]).await?;
    Ok(())
}

/// Ends a job that went well, with what it found out.
pub async fn conclude(
    client: &impl GenericClient,
    job_id: Uuid,
    result: &Value,
) -> Result<(), Error> {
    let statement = client.prepare_cached(CONCLUDE).await?;
    client.execute(&statement, &[&job_id, result]).await?;
    Ok(())
}
