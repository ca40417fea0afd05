//! The moments at which the clock would have set a rule off, for a rehearsal: those of a schedule,
//! and those of a date by the dates as they are now.

use domain::rule::Trigger;
use eventstore::Store;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use projections::dated::{self, Wanted};
use uuid::Uuid;

use super::Rehearsal;
use crate::error::Error;
use crate::timers::{Occasion, reading};

/// Records of one customer that are looked at.
const MOST: i64 = 1_000;

/// The moments for one customer, in their order.
pub(super) async fn occasions(
    store: &Store,
    organisation: Uuid,
    customer: Uuid,
    rehearsal: &Rehearsal,
    (trigger, zone): (&Trigger, &TimeZone),
) -> Result<Vec<Occasion>, Error> {
    // What has not come yet did not happen.
    let to = rehearsal.to.min(Timestamp::now());
    let within = |at: &Timestamp| *at >= rehearsal.from && *at < to;
    let Some(date) = &trigger.date else {
        return Ok(moments(trigger, zone, rehearsal.from, to)
            .map(|due_at| Occasion { customer, due_at, record: None })
            .collect());
    };
    let Some(scope) = reading(organisation, date.field) else { return Ok(Vec::new()) };
    let (Some((first, _)), Some((_, last))) =
        (date.dates(rehearsal.from, zone), date.dates(to, zone))
    else {
        return Ok(Vec::new());
    };
    let (customer_id, after) = (Some(customer), Uuid::nil());
    let wanted = Wanted {
        field: date.field,
        days: (first, last),
        customer: customer_id,
        after,
        limit: MOST,
    };
    let found = dated::list(store, &scope, &wanted).await?;
    let mut occasions: Vec<Occasion> = found
        .iter()
        .filter_map(|dated| {
            let due_at = date.due(dated.on, zone).filter(within)?;
            Some(Occasion { customer, due_at, record: Some((dated.record, dated.on)) })
        })
        .collect();
    occasions.sort_by_key(|occasion| (occasion.due_at, occasion.record));
    Ok(occasions)
}

/// The moments of a schedule, from one on and up to another, which is left out.
fn moments(
    trigger: &Trigger,
    zone: &TimeZone,
    from: Timestamp,
    to: Timestamp,
) -> impl Iterator<Item = Timestamp> {
    let before = from.checked_sub(1.microsecond()).unwrap_or(from);
    let next = move |at: Timestamp| trigger.next(at, zone).filter(|at| *at < to);
    std::iter::successors(next(before), move |at| next(*at))
}
