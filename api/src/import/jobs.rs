//! Imports as jobs: the file is kept, the work goes on in the background and after a restart.

use std::path::PathBuf;

use domain::Source;
use domain::access::{Principal, PrincipalKind};
use eventstore::state::job::{self, Counts, Job};
use eventstore::state::token::{self, TokenKind};
use eventstore::{Acting, Caller, Store};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Import, ImportError, Kind, Options, import, report_path};
use crate::{bulk, rehearsals};

/// What an import job was asked to do, beside its file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    pub kind: Kind,
    /// Name of the system that the file comes from.
    pub source: String,
    pub options: Options,
    #[serde(default)]
    pub move_to: Option<Timestamp>,
    /// Whether what is imported sets rules off (FEATURES decision 14).
    #[serde(default)]
    pub runs_rules: bool,
}

/// The import jobs of one process.
#[derive(Debug, Clone)]
pub struct Jobs {
    store: Store,
    folder: PathBuf,
}

impl Jobs {
    /// Keeps files and reports in `folder`, which must exist.
    #[must_use]
    pub fn new(store: Store, folder: PathBuf) -> Self {
        Self { store, folder }
    }

    /// A fresh id and the place where the job's file is to be written before [`create`](Self::create).
    #[must_use]
    pub fn reserve(&self) -> (Uuid, PathBuf) {
        let job_id = Uuid::now_v7();
        (job_id, self.file(job_id))
    }

    /// Queues a job for a file that is in its place.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn create(
        &self,
        job_id: Uuid,
        principal: &Principal,
        request: &Request,
    ) -> Result<(), eventstore::Error> {
        let kind = format!("import.{}", request.kind.name());
        self.queue(job_id, principal, &kind, request).await?;
        Ok(())
    }

    /// Queues a job of any kind; false where there is one of this id.
    pub(crate) async fn queue(
        &self,
        job_id: Uuid,
        principal: &Principal,
        kind: &str,
        options: &impl Serialize,
    ) -> Result<bool, eventstore::Error> {
        let options = serde_json::to_value(options).map_err(eventstore::Error::Encode)?;
        let client = self.store.app().get().await?;
        Ok(job::create(&client, job_id, principal, kind, &options).await?)
    }

    /// Does a queued job to its end and notes how it went.
    ///
    /// # Errors
    /// The database does not answer; the job is taken up again at the next start.
    pub async fn run(&self, job: &Job) -> Result<(), eventstore::Error> {
        let request: Request = match serde_json::from_value(job.options.clone()) {
            Ok(request) => request,
            Err(error) => return self.finish(job.job_id, Some(&error.to_string())).await,
        };
        let caller = Caller { runs_rules: request.runs_rules, ..self.caller(job).await? };
        let file = self.file(job.job_id);
        let import_ = Import {
            kind: request.kind,
            report: report_path(&file),
            file,
            source: request.source,
            options: request.options,
            move_to: request.move_to,
        };
        let progress = |total, counts| {
            let (jobs, job_id) = (self.clone(), job.job_id);
            async move { jobs.progress(job_id, Some(total), &counts).await }
        };
        let done = import(&self.store, &caller, &import_, progress).await;
        let client = self.store.app().get().await?;
        let error = done.err().map(|error| problem(&error));
        job::finish(&client, job.job_id, error.as_ref()).await?;
        // The report stays; what was imported is in the log.
        drop(tokio::fs::remove_file(self.file(job.job_id)).await);
        Ok(())
    }

    /// Runs a job in the background.
    pub fn spawn(&self, job: Job) {
        let jobs = self.clone();
        tokio::spawn(async move {
            if let Err(error) = jobs.run(&job).await {
                tracing::error!(error = %error, job.id = %job.job_id, "an import stopped");
            }
        });
    }

    /// The log that jobs read and write.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Takes up what was not finished when the service last stopped.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn resume(&self) -> Result<usize, eventstore::Error> {
        let client = self.store.app().get().await?;
        let jobs = job::unfinished(&client).await?;
        let count = jobs.len();
        for job in jobs {
            if job.kind.starts_with("import.") {
                self.spawn(job);
            } else if job.kind == rehearsals::KIND {
                rehearsals::spawn(self, job);
            } else if job.kind == bulk::KIND || job.kind == bulk::UNDO {
                bulk::spawn(self, job);
            }
        }
        Ok(count)
    }

    /// Where the outcome of every row lies.
    #[must_use]
    pub fn report(&self, job_id: Uuid) -> PathBuf {
        report_path(&self.file(job_id))
    }

    fn file(&self, job_id: Uuid) -> PathBuf {
        self.folder.join(format!("{job_id}.file"))
    }

    /// The one who asked, with the rights of now and of the token that they came with; who left, or
    /// whose token is no longer valid, has none.
    pub(crate) async fn principal(&self, job: &Job) -> Result<Principal, eventstore::Error> {
        let (organisation, user) = (job.organisation, job.created_by);
        let token = match job.token {
            None => None,
            Some(token) => {
                let client = self.store.app().get().await?;
                let token = token::get(&client, token).await?;
                let valid = token.filter(|token| token.is_valid(Timestamp::now()));
                let Some(token) = valid else { return Ok(Principal::user(organisation, user, [])) };
                Some(token)
            }
        };
        let kind = match token.as_ref().map(|token| token.kind) {
            None | Some(TokenKind::Personal) => PrincipalKind::User,
            Some(TokenKind::Service) => PrincipalKind::Service,
        };
        // A role that is not known any more lets nobody do anything.
        let role = token.as_ref().and_then(|token| token.role.as_ref());
        let at_most = role.map(|role| role.parse().into_iter().collect());
        let acting =
            Acting { organisation, user, kind, token: job.token, at_most: at_most.as_ref() };
        let principal = self.store.principal(acting).await?;
        Ok(principal.unwrap_or_else(|_| Principal::user(organisation, user, [])))
    }

    async fn caller(&self, job: &Job) -> Result<Caller, eventstore::Error> {
        let principal = self.principal(job).await?;
        let mut caller = Caller::new(principal, Source::Import);
        caller.correlation_id = Some(job.job_id);
        Ok(caller)
    }

    /// Notes how far a job is; that it goes on matters more.
    pub(crate) async fn progress(&self, job_id: Uuid, total: Option<i64>, counts: &Counts) {
        let noted = match self.store.app().get().await {
            Ok(client) => {
                job::progress(&client, job_id, total, counts).await.map_err(eventstore::Error::from)
            }
            Err(error) => Err(error.into()),
        };
        if let Err(error) = noted {
            tracing::warn!(error = %error, job.id = %job_id, "progress was not noted");
        }
    }

    /// Notes what a job found out, or why it stopped.
    pub(crate) async fn end(&self, job: &Job, ended: Result<Value, Value>) {
        let noted = match (self.store.app().get().await, &ended) {
            (Ok(client), Ok(result)) => job::conclude(&client, job.job_id, result).await,
            (Ok(client), Err(error)) => job::finish(&client, job.job_id, Some(error)).await,
            (Err(error), _) => {
                tracing::error!(error = %error, job.id = %job.job_id, "the end of a job is not noted");
                return;
            }
        };
        if let Err(error) = noted {
            tracing::error!(error = %error, job.id = %job.job_id, "the end of a job is not noted");
        }
    }

    async fn finish(&self, job_id: Uuid, error: Option<&str>) -> Result<(), eventstore::Error> {
        let client = self.store.app().get().await?;
        let error = error.map(|detail| json!({ "code": "import_failed", "detail": detail }));
        Ok(job::finish(&client, job_id, error.as_ref()).await?)
    }
}

/// What the job's `error` says.
fn problem(error: &ImportError) -> Value {
    match error {
        ImportError::File(file) => json!({
            "code": file.code(),
            "detail": file.to_string(),
            "row": file.row(),
            "column": file.column(),
        }),
        ImportError::Report(_) | ImportError::Io(_) | ImportError::Stopped(_) => {
            json!({ "code": "import_stopped", "detail": error.to_string() })
        }
    }
}
