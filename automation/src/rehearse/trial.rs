//! A version of a rule, tried on an event: what it would have done.

use std::sync::Arc;

use domain::access::Principal;
use domain::organisation::Organisation;
use domain::rule::{Clock, Definition, Step};
use domain::rule_run::StepResult;
use domain::value::Outcome;
use domain::{Command, Event, Recorded, Source, message};
use eventstore::{Caller, Refused, Store};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ending;
use crate::actions::{self, Cause, react};
use crate::by_hand;
use crate::customers::Known;
use crate::error::Error;
use crate::matching::{Moment, Verdict, judge};
use crate::rules::Active;
use crate::runner::path::{Onward, Turn, ending, next, result, skip_rest, turn};
use crate::runner::step::{Trouble, refused};
use crate::runner::{call, owner, people};

/// When an event was, by this clock.
pub(super) fn at(clock: Clock, recorded: &Recorded) -> Timestamp {
    match clock {
        Clock::Effective => recorded.effective_at(),
        Clock::Recorded => recorded.recorded_at,
    }
}

/// A moment in a customer's life.
pub(crate) struct Met<'a> {
    pub(crate) customer: Uuid,
    /// The event's body, as people see it.
    pub(crate) event: Value,
    pub(crate) at: Timestamp,
    /// How the event came about.
    pub(crate) chain: &'a [(Uuid, Uuid)],
    pub(crate) before: &'a Known,
    pub(crate) after: &'a Known,
    /// By which the events that came later are ordered.
    pub(crate) clock: Clock,
    pub(crate) later: &'a [Recorded],
}

impl Met<'_> {
    pub(crate) fn moment(&self) -> Moment<'_> {
        Moment::new(self.event.clone(), self.before, self.after)
    }
}

/// A version of a rule with those who act in it.
pub(crate) struct Trial<'a> {
    store: &'a Store,
    organisation: Uuid,
    rule: Active,
    owner: Uuid,
    /// The owner as the one who acts, or why the owner cannot.
    principal: Result<Principal, &'static str>,
    /// Who has it run by hand.
    requester: Option<Principal>,
    zone: TimeZone,
}

impl<'a> Trial<'a> {
    /// A version of a rule of this organisation, id and owner.
    pub(crate) async fn of(
        store: &'a Store,
        (organisation, rule, owner): (Uuid, Uuid, Uuid),
        (version, definition): (i64, Definition),
    ) -> Result<Self, Error> {
        let zone = match definition.zone() {
            Some(zone) => zone,
            None => store.load::<Organisation>(organisation, organisation).await?.1.time_zone(),
        };
        let principal = owner::principal(store, organisation, owner).await?;
        let rule = Active::new(rule, version, definition);
        Ok(Self { store, organisation, rule, owner, principal, requester: None, zone })
    }

    /// The same, had run by somebody whose rights count as well.
    pub(crate) fn asked_by(mut self, requester: &Principal) -> Self {
        self.requester = Some(requester.clone());
        self
    }

    pub(crate) fn rule(&self) -> &Active {
        &self.rule
    }

    pub(super) fn version(&self) -> i64 {
        self.rule.version
    }

    pub(super) fn definition(&self) -> &Definition {
        &self.rule.definition
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn is_triggered_by(&self, name: &str) -> bool {
        self.rule.is_triggered_by(name)
    }

    /// How the run would have ended, if the rule would have run.
    pub(super) async fn judged(&self, met: &Met<'_>) -> Result<Option<Ending>, Error> {
        let verdict = judge(&self.rule, &met.moment(), met.customer, met.chain, met.at);
        let (outcome, reason) = match verdict {
            Verdict::No => return Ok(None),
            Verdict::Fires => return self.ending(met).await.map(Some),
            Verdict::Withheld(reason) => (Outcome::Withheld, reason),
            Verdict::Unreadable(reason) => (Outcome::Failed, reason),
        };
        Ok(Some(Ending { outcome, reason: Some(reason), steps: Vec::new() }))
    }

    /// How a run would end.
    pub(crate) async fn ending(&self, met: &Met<'_>) -> Result<Ending, Error> {
        let steps = match &self.principal {
            Ok(principal) => self.steps(met, principal).await?,
            Err(reason) => {
                let (outcome, reason) = (Outcome::Blocked, Some((*reason).to_owned()));
                return Ok(Ending { outcome, reason, steps: Vec::new() });
            }
        };
        let (state, reason) = ending(&steps);
        Ok(Ending { outcome: state.ended().unwrap_or(Outcome::Failed), reason, steps })
    }

    /// Goes through the steps, with the customer as it was and what the steps before would have
    /// made of it.
    async fn steps(&self, met: &Met<'_>, principal: &Principal) -> Result<Vec<StepResult>, Error> {
        let definition = &self.rule.definition;
        let (mut now, mut reached) = (met.after.clone(), met.at);
        let mut later = met.later.iter().peekable();
        let mut steps = Vec::new();
        while let Some((id, step)) = next(definition, &steps) {
            let cause = self.cause(met, step, reached, &now).await?;
            let mut came = match turn(&id, step, react(step, &cause)) {
                Turn::Came(came) => came,
                Turn::Unreadable(reason) => {
                    steps.push(result(&id, step, Outcome::Failed, Some(reason)));
                    break;
                }
                Turn::Call(webhook) => {
                    let requester = self.requester.as_ref();
                    let denied = call::denied(self.store, principal, requester, webhook).await?;
                    let (outcome, reason) = match denied {
                        Some(denied) => (Outcome::Blocked, denied),
                        None => (Outcome::Done, "the webhook would be called".to_owned()),
                    };
                    result(&id, step, outcome, Some(reason)).into()
                }
                Turn::Issue(command) => {
                    let (outcome, reason) = self.supposed(principal, *command, met, &mut now).await;
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
                    while let Some(event) = later.next_if(|event| at(met.clock, event) < until) {
                        if let Ok(event) = event.event() {
                            now = now.after(&event);
                        }
                    }
                }
            }
        }
        Ok(steps)
    }

    /// What would come of a step's command; the customer is then as it would have made it.
    async fn supposed(
        &self,
        principal: &Principal,
        command: Command,
        met: &Met<'_>,
        now: &mut Known,
    ) -> (Outcome, Option<String>) {
        if let Some(requester) = &self.requester {
            match by_hand::denied(self.store, requester, &command).await {
                Ok(None) => {}
                Ok(denied) => return (Outcome::Blocked, denied),
                Err(error) => return not_done(error),
            }
        }
        let caller = Caller::new(principal.clone(), Source::Automation);
        let customer = Arc::clone(&now.customer);
        match self.store.suppose(&caller, command, met.customer, customer).await {
            Ok(events) if events.is_empty() => {
                (Outcome::Skipped, Some("there was nothing to change".to_owned()))
            }
            Ok(events) => {
                *now = events.iter().fold(now.clone(), |known, event| known.after(event));
                match events.iter().find(|event| is_withheld(event)) {
                    Some(event) => (Outcome::Withheld, Some(event.sentence())),
                    None => (Outcome::Done, None),
                }
            }
            Err(error) => not_done(error),
        }
    }

    async fn cause(
        &self,
        met: &Met<'_>,
        step: &Step,
        reached: Timestamp,
        now: &Known,
    ) -> Result<Cause, Error> {
        let workers = &now.customer.workers;
        let people = match actions::asks_for(step) {
            Some(target) => {
                people::people(self.store, self.organisation, self.owner, target, workers).await?
            }
            None => Vec::new(),
        };
        let facts = if actions::asks_for_facts(step) {
            json!({
                "event": met.event,
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
            triggered_at: met.at,
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

/// What a step comes to whose command is not done.
fn not_done(error: Refused) -> (Outcome, Option<String>) {
    match refused(error) {
        Ok(reason) => (Outcome::Blocked, Some(reason)),
        Err(Trouble::Passing(reason) | Trouble::Lasting(reason) | Trouble::Held { reason, .. }) => {
            (Outcome::Failed, Some(reason))
        }
        Err(Trouble::Lost) => (Outcome::Failed, Some("the run was lost".to_owned())),
    }
}
