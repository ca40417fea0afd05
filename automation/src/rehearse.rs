//! Rehearses a rule: over what has happened, with each customer as it was, by the code that
//! matches events and does steps. Nothing is written and nobody is told.
//!
//! It goes customer by customer and holds the events of one at a time. What a run would have done
//! is supposed for the rest of that run and then forgotten: the next event meets the customer as it
//! was. Limits do not show, since they put off and drop nothing. Rights are those of now. A version
//! that waits beside the one in force is compared with it on the way.

use std::collections::BTreeMap;

use domain::Recorded;
use domain::access::Scope;
use domain::customer::Presence;
use domain::rule::{CAME_DUE, Clock, Rule};
use domain::rule_run::StepResult;
use domain::value::Outcome;
use eventstore::{HistoryQuery, Store, Subjects};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::customers::Known;
use crate::error::Error;
use crate::matching::of_a_machine;
use crate::runs::reaches;
use crate::timers::Occasion;

mod compare;
mod occasions;
pub(crate) mod trial;

pub use compare::Compared;
use occasions::occasions;
use trial::{Met, Trial};

/// Events of a customer, and customers, read at a time.
const PAGE: i64 = 500;

/// What is to be rehearsed: the version of the rule that was written last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    pub rule: Uuid,
    /// From this moment on.
    pub from: Timestamp,
    /// Up to this moment, which is left out.
    pub to: Timestamp,
    /// Which time of an event counts, and orders them.
    pub time: Clock,
}

/// How a run would have ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ending {
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub steps: Vec<StepResult>,
}

/// An event for which the rule would have run, or the version in force did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Nothing where the clock would have set it off.
    pub event: Option<Uuid>,
    pub event_type: String,
    pub at: Timestamp,
    pub customer: Uuid,
    /// Of the version that is rehearsed.
    pub run: Option<Ending>,
    /// Of the version in force, where that is another one.
    pub active: Option<Ending>,
    /// How the two go together, where there are two.
    pub compared: Option<Compared>,
}

/// What came of a rehearsal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    pub rule_version: i64,
    /// The version in force, where that is another one.
    pub active_version: Option<i64>,
    /// Customers that were looked at.
    pub customers: i64,
    /// Customers left out because an event of theirs cannot be read.
    pub unreadable: i64,
    /// Events that trigger the rule, whatever came of them.
    pub events: i64,
    /// How many runs would have ended how.
    pub counts: BTreeMap<Outcome, i64>,
    /// How many events go how in the two versions.
    pub compared: BTreeMap<Compared, i64>,
}

impl Found {
    fn count(&mut self, row: &Row) {
        if let Some(run) = &row.run {
            *self.counts.entry(run.outcome).or_default() += 1;
        }
        if let Some(compared) = row.compared {
            *self.compared.entry(compared).or_default() += 1;
        }
    }
}

/// Why a rehearsal did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Stopped<E> {
    #[error(transparent)]
    Failed(#[from] Error),
    #[error("there is no such rule")]
    NoRule,
    /// Whoever listens had enough.
    #[error("{0}")]
    Told(E),
}

/// Rehearses a rule over the customers within reach. `tell` hears every run, customer by customer,
/// `progress` now and then how many customers were looked at.
pub async fn rehearse<E: Send, P: Future<Output = ()> + Send>(
    store: &Store,
    scope: &Scope,
    rehearsal: &Rehearsal,
    mut tell: impl FnMut(Row) -> Result<(), E> + Send,
    mut progress: impl FnMut(i64) -> P + Send,
) -> Result<Found, Stopped<E>> {
    let rehearsing = Rehearsing::of(store, scope, rehearsal).await?.ok_or(Stopped::NoRule)?;
    let mut found = Found {
        rule_version: rehearsing.trial.version(),
        active_version: rehearsing.active.as_ref().map(Trial::version),
        ..Found::default()
    };
    let subjects = Subjects {
        organisation: scope.organisation(),
        events: vec!["customer.created".to_owned()],
        sealed: vec!["customer".to_owned()],
        until: i64::MAX,
        limit: PAGE,
    };
    let mut after = (Uuid::nil(), 0);
    loop {
        let page = store.read_streams(&subjects, after).await.map_err(Error::from)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = (last.recorded.stream_id, last.recorded.version);
        for read in &page {
            let rows = rehearsing.customer(read.recorded.stream_id, &mut found).await?;
            for row in rows {
                found.count(&row);
                tell(row).map_err(Stopped::Told)?;
            }
        }
        progress(found.customers).await;
    }
}

/// Which of the versions something sets off.
#[derive(Debug, Clone, Copy, Default)]
struct Which {
    new: bool,
    active: bool,
}

impl Which {
    fn any(self) -> bool {
        self.new || self.active
    }
}

struct Rehearsing<'a> {
    store: &'a Store,
    scope: &'a Scope,
    rehearsal: &'a Rehearsal,
    trial: Trial<'a>,
    /// The version in force, where that is another one.
    active: Option<Trial<'a>>,
}

impl<'a> Rehearsing<'a> {
    async fn of(
        store: &'a Store,
        scope: &'a Scope,
        rehearsal: &'a Rehearsal,
    ) -> Result<Option<Self>, Error> {
        let organisation = scope.organisation();
        let (_, rule) = store.load::<Rule>(organisation, rehearsal.rule).await?;
        let Some((version, definition)) = rule.latest() else { return Ok(None) };
        let named = (organisation, rehearsal.rule, rule.owner);
        let trial = Trial::of(store, named, (version, definition.clone())).await?;
        let active = match &rule.definition {
            Some(definition) if rule.draft.is_some() => {
                Some(Trial::of(store, named, (rule.version, definition.clone())).await?)
            }
            Some(_) | None => None,
        };
        Ok(Some(Self { store, scope, rehearsal, trial, active }))
    }

    /// The runs for one customer.
    async fn customer(&self, customer: Uuid, found: &mut Found) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        found.customers += 1;
        if !reaches(self.store, self.scope, customer).await? {
            return Ok(rows);
        }
        let Some(events) = self.events(customer).await? else {
            found.unreadable += 1;
            return Ok(rows);
        };
        let clock = self.rehearsal.time;
        let mut moments = self.moments(customer).await?.into_iter().peekable();
        let mut before = Known::default();
        for (index, recorded) in events.iter().enumerate() {
            let Ok(event) = recorded.event() else {
                found.unreadable += 1;
                return Ok(rows);
            };
            let at = trial::at(clock, recorded);
            while let Some((moment, which)) = moments.next_if(|(moment, _)| moment.due_at < at) {
                let later = events.get(index..).unwrap_or_default();
                rows.extend(self.by_clock(&moment, which, (&before, later), found).await?);
            }
            let after = before.after(&event);
            let which = self.which(|trial| trial.is_triggered_by(&recorded.type_name));
            if which.any() && self.is_meant(at) && !of_a_machine(&event) {
                let met = Met {
                    customer,
                    event: recorded.public_body(),
                    at,
                    chain: recorded.metadata.rule.as_ref().map_or(&[][..], |rule| &rule.chain),
                    before: &before,
                    after: &after,
                    clock,
                    later: events.get(index + 1..).unwrap_or_default(),
                };
                let name = (Some(recorded.event_id), recorded.type_name.as_str());
                rows.extend(self.row(name, &met, which, found).await?);
            }
            before = after;
        }
        for (moment, which) in moments {
            rows.extend(self.by_clock(&moment, which, (&before, &[]), found).await?);
        }
        Ok(rows)
    }

    /// The moments at which the clock sets off one of the versions, in their order.
    async fn moments(&self, customer: Uuid) -> Result<Vec<(Occasion, Which)>, Error> {
        let mut moments: BTreeMap<_, (Occasion, Which)> = BTreeMap::new();
        for (trial, in_force) in [(Some(&self.trial), false), (self.active.as_ref(), true)] {
            let Some(trial) = trial.filter(|trial| trial.definition().trigger.is_the_clock())
            else {
                continue;
            };
            let by = (&trial.definition().trigger, trial.zone());
            let organisation = self.scope.organisation();
            for moment in occasions(self.store, organisation, customer, self.rehearsal, by).await? {
                let key = (moment.due_at, moment.record);
                let (_, which) = moments.entry(key).or_insert((moment, Which::default()));
                if in_force {
                    which.active = true;
                } else {
                    which.new = true;
                }
            }
        }
        Ok(moments.into_values().collect())
    }

    /// The run at a moment, with the customer as they were then.
    async fn by_clock(
        &self,
        moment: &Occasion,
        which: Which,
        (known, later): (&Known, &[Recorded]),
        found: &mut Found,
    ) -> Result<Option<Row>, Error> {
        if known.customer.presence != Presence::Present {
            return Ok(None);
        }
        let met = Met {
            customer: moment.customer,
            event: moment.event(self.rehearsal.rule, self.trial.version()),
            at: moment.due_at,
            chain: &[],
            before: known,
            after: known,
            clock: self.rehearsal.time,
            later,
        };
        self.row((None, CAME_DUE), &met, which, found).await
    }

    /// What comes of an event, which has no id where it is the clock's.
    async fn row(
        &self,
        (event, name): (Option<Uuid>, &str),
        met: &Met<'_>,
        which: Which,
        found: &mut Found,
    ) -> Result<Option<Row>, Error> {
        found.events += i64::from(which.new);
        let run = if which.new { self.trial.judged(met).await? } else { None };
        let active = match &self.active {
            Some(in_force) if which.active => in_force.judged(met).await?,
            Some(_) | None => None,
        };
        if run.is_none() && active.is_none() {
            return Ok(None);
        }
        let compared = self.active.as_ref().and_then(|in_force| {
            compare::compare((&self.trial, run.as_ref()), (in_force, active.as_ref()))
        });
        let (at, customer) = (met.at, met.customer);
        Ok(Some(Row { event, event_type: name.to_owned(), at, customer, run, active, compared }))
    }

    fn which(&self, sets_off: impl Fn(&Trial<'_>) -> bool) -> Which {
        Which { new: sets_off(&self.trial), active: self.active.as_ref().is_some_and(sets_off) }
    }

    /// All events about the customer in their order; nothing where one cannot be opened.
    async fn events(&self, customer: Uuid) -> Result<Option<Vec<Recorded>>, Error> {
        let mut events: Vec<Recorded> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| event.sequence);
            let query = HistoryQuery { after: Some(after), limit: PAGE, ..HistoryQuery::default() };
            match self.store.read_customer(self.scope.organisation(), customer, &query).await {
                Ok(page) if page.is_empty() => break,
                Ok(page) => events.extend(page),
                Err(eventstore::Error::Stored { .. }) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
        if self.rehearsal.time == Clock::Effective {
            // Whatever is said to have happened before it, a customer begins with its creation.
            let begins = |event: &Recorded| event.type_name == "customer.created";
            events.sort_by_key(|event| (!begins(event), event.effective_at(), event.sequence));
        }
        Ok(Some(events))
    }

    fn is_meant(&self, at: Timestamp) -> bool {
        at >= self.rehearsal.from && at < self.rehearsal.to
    }
}
