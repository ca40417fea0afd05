//! Rehearses a rule: over what has happened, with each customer as it was, by the code that
//! matches events and does steps. Nothing is written and nobody is told.
//!
//! It goes customer by customer and holds the events of one at a time. What a run would have done
//! is supposed for the rest of that run and then forgotten: the next event meets the customer as it
//! was. Limits do not show, since they put off and drop nothing. Rights are those of now.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::access::{Principal, Scope};
use domain::organisation::Organisation;
use domain::rule::{Clock, Rule};
use domain::rule_run::StepResult;
use domain::value::Outcome;
use domain::{Event, Recorded, Source, message};
use eventstore::{Caller, HistoryQuery, Store, Subjects};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actions::{self, Cause, react};
use crate::customers::Known;
use crate::error::Error;
use crate::matching::{Moment, Verdict, judge, of_a_machine};
use crate::rules::Active;
use crate::runner::path::{Onward, Turn, ending, next, result, skip_rest, turn};
use crate::runner::step::{Trouble, refused};
use crate::runner::{owner, people};
use crate::runs::reaches;

/// Events of a customer, and customers, read at a time.
const PAGE: i64 = 500;

/// What is to be rehearsed: the rule as it is now.
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

/// An event for which the rule would have run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub event: Uuid,
    pub event_type: String,
    pub at: Timestamp,
    pub customer: Uuid,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub steps: Vec<StepResult>,
}

/// What came of a rehearsal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    pub rule_version: i64,
    /// Customers that were looked at.
    pub customers: i64,
    /// Customers left out because an event of theirs cannot be read.
    pub unreadable: i64,
    /// Events that trigger the rule, whatever came of them.
    pub events: i64,
    /// How many runs would have ended how.
    pub counts: BTreeMap<Outcome, i64>,
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
    let rule_version = rehearsing.rule.version;
    let mut found = Found { rule_version, ..Found::default() };
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
                *found.counts.entry(row.outcome).or_default() += 1;
                tell(row).map_err(Stopped::Told)?;
            }
        }
        progress(found.customers).await;
    }
}

struct Rehearsing<'a> {
    store: &'a Store,
    scope: &'a Scope,
    rehearsal: &'a Rehearsal,
    rule: Active,
    owner: Uuid,
    /// The owner as the one who acts, or why the owner cannot.
    principal: Result<Principal, &'static str>,
    zone: TimeZone,
}

/// An event that triggers the rule, in its customer's life.
struct Met<'a> {
    customer: Uuid,
    recorded: &'a Recorded,
    before: &'a Known,
    after: &'a Known,
    /// What happened later.
    later: &'a [Recorded],
}

impl<'a> Rehearsing<'a> {
    async fn of(
        store: &'a Store,
        scope: &'a Scope,
        rehearsal: &'a Rehearsal,
    ) -> Result<Option<Self>, Error> {
        let organisation = scope.organisation();
        let (_, rule) = store.load::<Rule>(organisation, rehearsal.rule).await?;
        let Some(definition) = rule.definition.clone() else { return Ok(None) };
        let zone = match definition.zone() {
            Some(zone) => zone,
            None => store.load::<Organisation>(organisation, organisation).await?.1.time_zone(),
        };
        let principal = owner::principal(store, organisation, rule.owner).await?;
        let (owner, version) = (rule.owner, rule.version);
        let rule = Active::new(rehearsal.rule, version, definition);
        Ok(Some(Self { store, scope, rehearsal, rule, owner, principal, zone }))
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
        let mut before = Known::default();
        for (index, recorded) in events.iter().enumerate() {
            let Ok(event) = recorded.event() else {
                found.unreadable += 1;
                return Ok(rows);
            };
            let after = before.after(&event);
            if self.concerns(recorded) {
                found.events += 1;
                let later = events.get(index + 1..).unwrap_or_default();
                let (before, after) = (&before, &after);
                let met = Met { customer, recorded, before, after, later };
                rows.extend(self.judged(&met).await?);
            }
            before = after;
        }
        Ok(rows)
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

    fn at(&self, recorded: &Recorded) -> Timestamp {
        match self.rehearsal.time {
            Clock::Effective => recorded.effective_at(),
            Clock::Recorded => recorded.recorded_at,
        }
    }

    fn concerns(&self, recorded: &Recorded) -> bool {
        let at = self.at(recorded);
        at >= self.rehearsal.from
            && at < self.rehearsal.to
            && self.rule.is_triggered_by(&recorded.type_name)
    }

    /// The run, if the rule would have run.
    async fn judged(&self, met: &Met<'_>) -> Result<Option<Row>, Error> {
        let (recorded, at) = (met.recorded, self.at(met.recorded));
        if recorded.event().is_ok_and(|event| of_a_machine(&event)) {
            return Ok(None);
        }
        let chain = recorded.metadata.rule.as_ref().map_or(&[][..], |rule| &rule.chain);
        let verdict = {
            let moment = Moment::new(recorded.public_body(), met.before, met.after);
            judge(&self.rule, &moment, met.customer, chain, at)
        };
        let (outcome, reason, steps) = match verdict {
            Verdict::No => return Ok(None),
            Verdict::Withheld(reason) => (Outcome::Withheld, Some(reason), Vec::new()),
            Verdict::Unreadable(reason) => (Outcome::Failed, Some(reason), Vec::new()),
            Verdict::Fires => match &self.principal {
                Ok(principal) => self.steps(met, principal).await?,
                Err(reason) => (Outcome::Blocked, Some((*reason).to_owned()), Vec::new()),
            },
        };
        let (event, event_type) = (recorded.event_id, recorded.type_name.clone());
        let customer = met.customer;
        Ok(Some(Row { event, event_type, at, customer, outcome, reason, steps }))
    }

    /// Goes through the steps, with the customer as it was and what the steps before would have
    /// made of it.
    async fn steps(
        &self,
        met: &Met<'_>,
        principal: &Principal,
    ) -> Result<(Outcome, Option<String>, Vec<StepResult>), Error> {
        let definition = &self.rule.definition;
        let (mut now, mut reached) = (met.after.clone(), self.at(met.recorded));
        let mut later = met.later.iter().peekable();
        let mut steps = Vec::new();
        while let Some((id, step)) = next(definition, &steps) {
            let mut came =
                match turn(&id, step, react(step, &self.cause(met, step, reached, &now).await?)) {
                    Turn::Came(came) => came,
                    Turn::Unreadable(reason) => {
                        steps.push(result(&id, step, Outcome::Failed, Some(reason)));
                        break;
                    }
                    Turn::Issue(command) => {
                        let caller = Caller::new(principal.clone(), Source::Automation);
                        let customer = Arc::clone(&now.customer);
                        let answer =
                            self.store.suppose(&caller, *command, met.customer, customer).await;
                        let (outcome, reason) = match answer {
                            Ok(events) if events.is_empty() => {
                                (Outcome::Skipped, Some("there was nothing to change".to_owned()))
                            }
                            Ok(events) => {
                                now = events.iter().fold(now, |known, event| known.after(event));
                                match events.iter().find(|event| is_withheld(event)) {
                                    Some(event) => (Outcome::Withheld, Some(event.sentence())),
                                    None => (Outcome::Done, None),
                                }
                            }
                            Err(error) => match refused(error) {
                                Ok(reason) => (Outcome::Blocked, Some(reason)),
                                Err(trouble) => (Outcome::Failed, Some(told(trouble))),
                            },
                        };
                        result(&id, step, outcome, reason).into()
                    }
                };
            came.result.events.clear();
            let outcome = came.result.outcome;
            steps.push(came.result);
            match came.next {
                Onward::Rest if outcome == Outcome::Failed => break,
                Onward::Rest if outcome == Outcome::Blocked => {
                    skip_rest(&mut steps, definition, "an earlier step was blocked");
                }
                Onward::Rest => {}
                Onward::Nothing => skip_rest(&mut steps, definition, "the run ended before it"),
                Onward::Later(until) => {
                    reached = until;
                    while let Some(event) = later.next_if(|event| self.at(event) < until) {
                        if let Ok(event) = event.event() {
                            now = now.after(&event);
                        }
                    }
                }
            }
        }
        let (state, reason) = ending(&steps);
        Ok((state.ended().unwrap_or(Outcome::Failed), reason, steps))
    }

    async fn cause(
        &self,
        met: &Met<'_>,
        step: &domain::rule::Step,
        reached: Timestamp,
        now: &Known,
    ) -> Result<Cause, Error> {
        let organisation = self.scope.organisation();
        let people = match actions::asks_for(step) {
            Some(target) => {
                people::people(self.store, organisation, self.owner, target, &now.customer.workers)
                    .await?
            }
            None => Vec::new(),
        };
        let facts = if actions::asks_for_facts(step) {
            json!({
                "event": met.recorded.public_body(),
                "before": met.before.facts(),
                "after": met.after.facts(),
                "now": now.facts(),
            })
        } else {
            Value::Null
        };
        Ok(Cause {
            rule: self.rule.rule,
            trigger: self.rule.definition.trigger.clone(),
            zone: self.zone.clone(),
            customer: met.customer,
            triggered_at: self.at(met.recorded),
            // Not the id of the real effect, which may be there.
            effect: Uuid::now_v7(),
            people,
            reached,
            facts,
        })
    }
}

/// A message that would have been kept back.
fn is_withheld(event: &Event) -> bool {
    matches!(event, Event::Message(message::Event::Withheld { .. }))
}

fn told(trouble: Trouble) -> String {
    match trouble {
        Trouble::Passing(reason) | Trouble::Lasting(reason) => reason,
        Trouble::Held { reason, .. } => reason,
        Trouble::Lost => "the run was lost".to_owned(),
    }
}
