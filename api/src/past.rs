//! Reads of the past: as of when, and what there was to read.

use domain::access::Scope;
use projections::past::{Moment, Past};
use uuid::Uuid;

use crate::extract::Ask;
use crate::problem::{Code, Problem};

/// The moment that is asked for, where one is.
pub(crate) fn moment(ask: &Ask) -> Result<Option<Moment>, Problem> {
    match (ask.query.instant("as_of"), ask.query.integer("at_version")) {
        (Some(_), Some(_)) => {
            let detail = "ask for as_of or at_version, not for both";
            Err(Problem::parameter("at_version", detail, None))
        }
        (Some(at), None) if ask.query.text("time") == Some("effective") => {
            Ok(Some(Moment::Effective(at)))
        }
        (Some(at), None) => Ok(Some(Moment::Recorded(at))),
        (None, Some(version)) => Ok(Some(Moment::Version(version))),
        (None, None) => Ok(None),
    }
}

/// The customer's history up to that moment. 404 where there was no such customer then.
pub(crate) async fn asked(
    ask: &Ask,
    scope: &Scope,
    customer: Option<Uuid>,
) -> Result<Option<Past>, Problem> {
    let Some((moment, customer)) = moment(ask)?.zip(customer) else { return Ok(None) };
    let past = Past::of(ask.app.store(), scope, customer, moment).await?;
    past.map(Some).ok_or_else(|| Problem::new(Code::CustomerNotFound))
}
