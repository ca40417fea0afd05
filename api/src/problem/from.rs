//! How the refusals of the layers below become problems. Exhaustive, so that a new one is placed.

use axum::http::StatusCode;
use domain::access::Denied;
use domain::refusal::{Refusal, RefusalKind};
use eventstore::{Error, Refused};
use serde_json::json;

use super::{Code, FieldError, Problem};

const RETRY_MS: u64 = 1000;
/// A disk is seldom emptied at once.
const READ_ONLY_MS: u64 = 30_000;

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::new(Code::PermissionDenied)
            .detail(denied.to_string())
            .with("required_permission", denied.action.name())
    }
}

impl From<&dyn Refusal> for Problem {
    fn from(refusal: &dyn Refusal) -> Self {
        let status = match refusal.kind() {
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Gone => StatusCode::GONE,
        };
        // A test holds every code of the domain against the list.
        let code = Code::from_name(refusal.code()).unwrap_or(Code::RuleViolation);
        let detail = refusal.to_string();
        let mut problem = Self::new(code).status(status).detail(detail.clone());
        if let Some(pointer) = refusal.pointer() {
            let error = FieldError::at(pointer, refusal.code(), detail);
            problem = problem.error(error.allowing(refusal.allowed()));
        }
        if let Some(allowed) = refusal.allowed() {
            problem = problem.with("allowed_values", json!(allowed));
        }
        for (name, value) in refusal.extras() {
            problem = problem.with(&name, value);
        }
        problem
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Denied(denied) => denied.into(),
            Refused::NotFound => Self::new(Code::NotFound),
            Refused::Erased => Self::new(Code::CustomerErased),
            Refused::Rejected(refusal) => Self::from(refusal.as_ref()),
            Refused::VersionConflict { current, expected, .. } => Self::new(Code::VersionConflict)
                .with("current_version", current)
                .with("expected_version", expected),
            Refused::ClaimTaken { kind, .. } => {
                Self::new(duplicate(kind)).detail(format!("this {} is in use", kind.name()))
            }
            Refused::KeyReused => Self::new(Code::IdempotencyKeyReused),
            Refused::Conflict => Self::new(Code::Conflict).retry_after_ms(RETRY_MS),
            Refused::ReadOnly => Self::new(Code::ReadOnly).retry_after_ms(READ_ONLY_MS),
            Refused::Overloaded => Self::new(Code::Overloaded).retry_after_ms(RETRY_MS),
            Refused::OutcomeUnknown => Self::new(Code::OutcomeUnknown).retry_after_ms(RETRY_MS),
            Refused::Unavailable => Self::new(Code::Unavailable).retry_after_ms(RETRY_MS),
            Refused::Failed(error) => error.into(),
        }
    }
}

/// The code for a value that another record holds.
pub(crate) fn duplicate(kind: domain::claim::ClaimKind) -> Code {
    use domain::claim::ClaimKind;
    match kind {
        ClaimKind::Email | ClaimKind::ExternalId => Code::DuplicateCustomer,
        ClaimKind::FolderName => Code::FolderNameTaken,
        ClaimKind::TeamName => Code::TeamNameTaken,
        ClaimKind::SignIn => Code::DuplicateUser,
        ClaimKind::DocumentNumber | ClaimKind::QuoteNumber => Code::DuplicateDocument,
        ClaimKind::ProviderMessage => Code::MessageExists,
        ClaimKind::InvoiceNumber | ClaimKind::CreditNoteNumber => Code::NumberTaken,
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Pool(_) => unavailable(&error),
            Error::Database(source) => source.into(),
            Error::UnknownOrganisation(_) => Self::new(Code::NotFound),
            Error::Settings(_)
            | Error::Migration(_)
            | Error::MasterKey
            | Error::Encode(_)
            | Error::Stored { .. }
            | Error::Stream(..)
            | Error::Append(_) => Self::internal(&error),
        }
    }
}

impl From<tokio_postgres::Error> for Problem {
    /// A lost connection, and a server that shuts down or starts, are not failures of the request.
    fn from(error: tokio_postgres::Error) -> Self {
        let going =
            |code: &str| code.starts_with("57P") || code.starts_with("08") || code == "53300";
        let away = error.is_closed()
            || error.as_db_error().map_or(
                std::error::Error::source(&error)
                    .is_some_and(|source| source.is::<std::io::Error>()),
                |database| going(database.code().code()),
            );
        if away { unavailable(&error) } else { Self::internal(&error) }
    }
}

impl From<projections::Error> for Problem {
    fn from(error: projections::Error) -> Self {
        use projections::Error;
        match error {
            Error::Database(source) => source.into(),
            Error::Pool(source) => source.into(),
            Error::Store(source) => source.into(),
            Error::Cursor => Self::parameter("after", "this is no cursor of the list", None),
            Error::Periods(wrong) => Self::parameter("from", wrong.to_string(), None),
            Error::UnknownPosition { asked, head, .. } => Self::new(Code::UnknownPosition)
                .detail(format!("position {asked} lies beyond the log"))
                .with("current_position", head.to_string()),
            Error::Lagging { asked, reached, .. } => Self::new(Code::ProjectionLagging)
                .detail(format!("the view is at position {reached}, {} behind", asked - reached))
                .with("current_position", reached.to_string())
                .retry_after_ms(RETRY_MS),
            Error::Directory(projections::directory::Error::Database(source)) => source.into(),
            Error::Directory(projections::directory::Error::Cursor(_)) => {
                Self::parameter("after", "this is no cursor of the list", None)
            }
            Error::Directory(projections::directory::Error::OneWay) => {
                let detail = "a search by q goes forward only; leave out before, or q";
                Self::parameter("before", detail, None)
            }
            error @ (Error::Gap { .. }
            | Error::UnknownModel(_)
            | Error::OtherVersion { .. }
            | Error::Rebuilding(_)
            | Error::LeaseLost
            | Error::Task(_)
            | Error::Row(..)
            | Error::History(_)) => Self::internal(&error),
        }
    }
}

impl From<automation::Error> for Problem {
    fn from(error: automation::Error) -> Self {
        use automation::Error;
        match error {
            Error::Database(source) => source.into(),
            Error::Pool(source) => source.into(),
            Error::Store(source) => source.into(),
            Error::List(source) => source.into(),
            error @ (Error::Gap { .. }
            | Error::LeaseLost(_)
            | Error::Unrecorded(_)
            | Error::Run(..)
            | Error::Rule(..)
            | Error::Webhook(..)
            | Error::Event(_)
            | Error::Sign(_)
            | Error::Header(_)
            | Error::Encode(_)) => Self::internal(&error),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Problem {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        unavailable(&error)
    }
}

fn unavailable(error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::warn!(error = %super::chain(error), "the database does not answer");
    Problem::new(Code::Unavailable).retry_after_ms(RETRY_MS)
}
