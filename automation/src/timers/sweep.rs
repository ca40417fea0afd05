//! The customers for whom a rule may have come due, a page at a time.

use std::time::Duration;

use domain::access::{self, Action, Principal, Scope};
use domain::customer::Presence;
use domain::rule::{DateField, DateTrigger, Definition};
use domain::rule_run::{self, ComeDue};
use domain::{Command, Source};
use eventstore::{Caller, Options, Subjects};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use projections::dated::{self, Wanted};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::{Timer, progress};
use crate::customers::Known;
use crate::error::Error;
use crate::matcher::causes;
use crate::matching::{Moment, Verdict, judge};
use crate::rules::Active;
use crate::{Shared, ids};

/// Records looked at between two notes of how far it has come.
const PAGE: i64 = 200;
/// How long a read model may take to come up to what was written before the moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// A customer for whom a moment has come, and the record that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Occasion {
    pub(crate) customer: Uuid,
    pub(crate) due_at: Timestamp,
    /// A record with its date.
    pub(crate) record: Option<(Uuid, Date)>,
}

impl Occasion {
    /// The event that tells of it.
    pub(crate) fn event(&self, rule: Uuid, rule_version: i64) -> Value {
        let (record, on) = self.record.unzip();
        let Self { customer, due_at, .. } = self;
        json!({ "rule": rule, "rule_version": rule_version, "customer": customer,
            "due_at": due_at, "on": on, "record": record })
    }
}

/// What a page is made of: the ids by which it goes on, and the customers in question.
struct Page {
    last: Option<Uuid>,
    occasions: Vec<Occasion>,
}

/// Goes through all of them; `false` where it was stopped or somebody else goes on.
pub(super) async fn sweep(
    shared: &Shared,
    timer: &Timer,
    definition: &Definition,
    (due, zone): (Timestamp, &TimeZone),
    stop: &watch::Receiver<bool>,
) -> Result<bool, Error> {
    let rule = Active::new(timer.rule, timer.rule_version, definition.clone());
    let mut after = timer.after.unwrap_or_default();
    if let Some(date) = &definition.trigger.date {
        caught_up(shared, timer, date.field).await?;
    }
    loop {
        let page = match &definition.trigger.date {
            Some(date) => dates(shared, timer, (date, due, zone), after).await?,
            None => customers(shared, timer, due, after).await?,
        };
        let Some(last) = page.last else { return Ok(true) };
        for occasion in page.occasions {
            come_due(shared, timer, &rule, occasion).await?;
        }
        after = last;
        if !progress(shared, timer, after).await? || *stop.borrow() {
            return Ok(false);
        }
    }
}

/// Waits until the dates are those of now.
async fn caught_up(shared: &Shared, timer: &Timer, field: DateField) -> Result<(), Error> {
    let head = shared.store.head_sequence(timer.organisation).await?;
    let model = dated::model(field);
    projections::wait_for(&shared.store, model, timer.organisation, head, PATIENCE).await?;
    Ok(())
}

/// All customers of the organisation.
async fn customers(
    shared: &Shared,
    timer: &Timer,
    due_at: Timestamp,
    after: Uuid,
) -> Result<Page, Error> {
    let subjects = Subjects {
        organisation: timer.organisation,
        events: vec!["customer.created".to_owned()],
        sealed: vec!["customer".to_owned()],
        until: i64::MAX,
        limit: PAGE,
    };
    let behind = if after.is_nil() { 0 } else { i64::MAX };
    let read = shared.store.read_streams(&subjects, (after, behind)).await?;
    let ids: Vec<Uuid> = read.iter().map(|read| read.recorded.stream_id).collect();
    let occasion = |customer: &Uuid| Occasion { customer: *customer, due_at, record: None };
    Ok(Page { last: ids.last().copied(), occasions: ids.iter().map(occasion).collect() })
}

/// The records whose date makes this moment.
async fn dates(
    shared: &Shared,
    timer: &Timer,
    (date, due_at, zone): (&DateTrigger, Timestamp, &TimeZone),
    after: Uuid,
) -> Result<Page, Error> {
    let nothing = Page { last: None, occasions: Vec::new() };
    let Some(days) = date.dates(due_at, zone) else { return Ok(nothing) };
    let Some(scope) = reading(timer.organisation, date.field) else { return Ok(nothing) };
    let wanted = Wanted { field: date.field, days, customer: None, after, limit: PAGE };
    let found = dated::list(&shared.store, &scope, &wanted).await?;
    let due = found.iter().filter(|dated| date.due(dated.on, zone) == Some(due_at));
    let occasions = due.map(|dated| {
        let record = Some((dated.record, dated.on));
        Occasion { customer: dated.customer, due_at, record }
    });
    Ok(Page { last: found.last().map(|dated| dated.record), occasions: occasions.collect() })
}

/// The service looks for dates; what comes of them is done with the owner's rights.
pub(crate) fn reading(organisation: Uuid, field: DateField) -> Option<Scope> {
    let action = match field {
        DateField::InvoiceDueOn => Action::FinanceRead,
        DateField::TaskDueOn => Action::TaskRead,
        DateField::QuoteValidUntil => Action::QuoteRead,
    };
    access::scope(&Principal::system(organisation), action).ok()
}

/// Writes that the rule came due for a customer, if it is for them.
async fn come_due(
    shared: &Shared,
    timer: &Timer,
    rule: &Active,
    occasion: Occasion,
) -> Result<(), Error> {
    let Occasion { customer, due_at, record } = occasion;
    let known = match Known::now(&shared.store, timer.organisation, customer).await {
        Ok(known) => known,
        Err(error @ eventstore::Error::Stored { .. }) => {
            tracing::error!(
                organisation.id = %timer.organisation,
                customer.id = %customer,
                error = %causes(&error),
                "a rule leaves this customer out: an event cannot be read"
            );
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if known.customer.presence != Presence::Present {
        return Ok(());
    }
    let moment = Moment::new(occasion.event(timer.rule, timer.rule_version), &known, &known);
    match judge(rule, &moment, customer, &[], due_at) {
        Verdict::No | Verdict::Withheld(_) => return Ok(()),
        // The run says what is the matter.
        Verdict::Fires | Verdict::Unreadable(_) => {}
    }
    let (rule, rule_version) = (timer.rule, timer.rule_version);
    let (record, on) = record.unzip();
    let id = ids::due(rule, record.unwrap_or(customer), due_at);
    let due = ComeDue { rule, rule_version, customer, due_at, on, record };
    let command = Command::RuleRun { id: id.id, command: rule_run::Command::ComeDue(due) };
    let caller = Caller::new(Principal::system(timer.organisation), Source::System);
    let options = Options { command: Some(id), ..Options::default() };
    let done = shared.store.execute(&caller, command, &options).await;
    done.map_err(|refused| Error::Unrecorded(Box::new(refused)))?;
    Ok(())
}
