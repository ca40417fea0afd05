//! One run: its steps as commands, until it has ended and the log says how.

use std::time::{Duration, Instant};

use domain::access::Principal;
use domain::rule::{Definition, Step};
use domain::rule_run::{self, Finish, StepResult};
use domain::value::Outcome;
use domain::{Command, RuleRef, Source};
use eventstore::{Caller, CommandId, Done, Options, Refused};
use jiff::Timestamp;
use uuid::Uuid;

use super::people::people;
use super::{limits, owner};
use crate::actions::{self, Cause, Reaction, react};
use crate::error::Error;
use crate::matcher::causes;
use crate::queue::{self, Claimed, Line, Next};
use crate::runs::State;
use crate::{Shared, guard, ids, meters};

/// The step that the record of a run's end names as its maker.
const END: &str = "end";

/// The longest wait before the end of a run is recorded again.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Why a run does not come to its end just now.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It may go better later.
    Passing(String),
    /// It will go as badly later.
    Lasting(String),
    /// A limit of the rule holds it until then.
    Held(Timestamp),
    /// Somebody else has it now.
    Lost,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        // The causes may quote what is stored; they are for the operator.
        tracing::warn!(error = %causes(&error), "a run of a rule cannot go on");
        let reason = error.to_string();
        match error {
            Error::Rule(..) | Error::Run(..) | Error::Event(_) | Error::Encode(_) => {
                Self::Lasting(reason)
            }
            Error::Database(_)
            | Error::Pool(_)
            | Error::Store(_)
            | Error::Gap { .. }
            | Error::LeaseLost(_) => Self::Passing(reason),
        }
    }
}

/// Works on a customer's due run as far as it goes.
pub(super) async fn work(shared: &Shared, line: Line, run: Option<Result<Claimed, Error>>) {
    let told = match run {
        None => put_back(shared, line, None).await.map(|_| ()),
        Some(Ok(run)) => work_on(shared, run).await,
        // Left as it is: the claim ends by itself, and perhaps a newer program takes it.
        Some(Err(error)) => Err(error),
    };
    if let Err(error) = told {
        // The claim ends by itself, and whoever takes the run next finds it as it was.
        tracing::error!(
            organisation.id = %line.organisation,
            customer.id = %line.customer,
            error = %causes(&error),
            "how a run of a rule went could not be written down; it will be done again"
        );
    }
}

async fn work_on(shared: &Shared, mut run: Claimed) -> Result<(), Error> {
    match steps(shared, &mut run).await {
        Ok(()) => record(shared, &mut run).await,
        Err(Trouble::Lost) => Ok(()),
        Err(Trouble::Held(until)) => {
            hand_back(shared, &run, Next::Hold(until, limits::REASON)).await
        }
        Err(Trouble::Passing(error)) => try_again(shared, &mut run, error).await,
        Err(Trouble::Lasting(error)) => {
            run.state = State::Failed;
            run.reason = Some(error);
            record(shared, &mut run).await
        }
    }
}

async fn hand_back(shared: &Shared, run: &Claimed, next: Next) -> Result<(), Error> {
    put_back(shared, run.line, Some((run, next))).await.map(|_| ())
}

async fn put_back(
    shared: &Shared,
    line: Line,
    run: Option<(&Claimed, Next)>,
) -> Result<bool, Error> {
    let mut client = shared.store.worker().get().await?;
    queue::put_back(&mut client, line, run).await
}

/// Does the steps that are left, and says in the run how it ended.
async fn steps(shared: &Shared, run: &mut Claimed) -> Result<(), Trouble> {
    if run.state.ended().is_some() {
        return Ok(());
    }
    let key = (run.line.organisation, run.rule, run.rule_version);
    let Some(version) = shared.versions.get(&shared.store, key).await? else {
        return Err(Trouble::Lasting("the version of the rule is not there".to_owned()));
    };
    let definition = &version.definition;
    if let Some(until) = limits::free_at(shared, run, definition.limits.as_ref()).await? {
        return Err(Trouble::Held(until));
    }
    let principal =
        match owner::principal(&shared.store, run.line.organisation, version.owner).await? {
            Ok(principal) => principal,
            Err(reason) => {
                run.state = State::Blocked;
                run.reason = Some(reason.to_owned());
                return Ok(());
            }
        };
    let done = usize::try_from(run.step).unwrap_or_default();
    // What a failed try left behind is not the last word.
    run.steps.truncate(done);
    let mut renewed = Instant::now();
    for (id, step) in definition.steps().skip(done) {
        if renewed.elapsed() > shared.settings.claim / 3 {
            hold(shared, run).await?;
            renewed = Instant::now();
        }
        let result = do_step(shared, run, &principal, (&id, step)).await;
        match result {
            Ok(result) => {
                let blocked = result.outcome == Outcome::Blocked;
                run.steps.push(result);
                run.step += 1;
                if blocked {
                    skip_rest(run, definition);
                    break;
                }
            }
            Err(trouble) => {
                note_failure(run, &id, step, &trouble);
                return Err(trouble);
            }
        }
    }
    let (state, reason) = ending(&run.steps);
    run.state = state;
    run.reason = reason;
    Ok(())
}

async fn hold(shared: &Shared, run: &Claimed) -> Result<(), Trouble> {
    let client = shared.store.worker().get().await.map_err(Error::from)?;
    if queue::renew(&client, run, shared.settings.claim).await? {
        Ok(())
    } else {
        Err(Trouble::Lost)
    }
}

async fn do_step(
    shared: &Shared,
    run: &Claimed,
    principal: &Principal,
    (id, step): (&str, &Step),
) -> Result<StepResult, Trouble> {
    let command_id = ids::step(run.rule, run.trigger_event, id);
    let people = match actions::asks_for(step) {
        Some(target) => people(shared, run, principal.user, target).await?,
        None => Vec::new(),
    };
    let cause = Cause {
        rule: run.rule,
        customer: run.line.customer,
        triggered_at: run.trigger_recorded_at,
        effect: command_id.id,
        people,
    };
    let (outcome, reason, events) = match react(step, &cause) {
        Reaction::Nothing(reason) => (Outcome::Skipped, Some(reason.to_owned()), Vec::new()),
        Reaction::Do(command) => {
            let caller = caller(run, principal.clone(), id);
            let options = options(command_id);
            judged(shared.store.execute(&caller, *command, &options).await)?
        }
    };
    let action = step.action().to_owned();
    Ok(StepResult { step: id.to_owned(), action, outcome, reason, events })
}

/// Who issues a run's command, and why.
fn caller(run: &Claimed, principal: Principal, step: &str) -> Caller {
    Caller {
        correlation_id: Some(run.correlation_id),
        causation_id: Some(run.trigger_event),
        rule: Some(RuleRef {
            rule: run.rule,
            version: run.rule_version,
            run: run.run_id,
            step: step.to_owned(),
            chain: guard::extended(&run.chain, run.line.customer, run.rule),
        }),
        ..Caller::new(principal, Source::Automation)
    }
}

fn options(command: CommandId) -> Options {
    Options { command: Some(command), ..Options::default() }
}

type Judged = (Outcome, Option<String>, Vec<Uuid>);

/// What the answer to a step's command means for the step.
fn judged(answer: Result<Done, Refused>) -> Result<Judged, Trouble> {
    match answer {
        Ok(done) if done.changed => {
            let events = done.events.iter().map(|receipt| receipt.event_id).collect();
            Ok((Outcome::Done, None, events))
        }
        Ok(_) => Ok((Outcome::Skipped, Some("there was nothing to change".to_owned()), Vec::new())),
        Err(
            refused @ (Refused::Denied(_)
            | Refused::NotFound
            | Refused::Erased
            | Refused::Rejected(_)
            | Refused::ClaimTaken { .. }
            | Refused::VersionConflict { .. }),
        ) => Ok((Outcome::Blocked, Some(refused.to_string()), Vec::new())),
        Err(
            refused @ (Refused::Conflict
            | Refused::Overloaded
            | Refused::OutcomeUnknown
            | Refused::Unavailable),
        ) => Err(Trouble::Passing(refused.to_string())),
        Err(refused @ Refused::KeyReused) => Err(Trouble::Lasting(refused.to_string())),
        Err(Refused::Failed(error)) => {
            tracing::warn!(error = %causes(&error), "a command of a rule failed");
            let lasting =
                matches!(error, eventstore::Error::Stored { .. } | eventstore::Error::Stream(..));
            let reason = format!("the command failed: {error}");
            Err(if lasting { Trouble::Lasting(reason) } else { Trouble::Passing(reason) })
        }
    }
}

/// After a step that was blocked the rest is not done: it was meant to come after it.
fn skip_rest(run: &mut Claimed, definition: &Definition) {
    let done = run.steps.len();
    for (id, step) in definition.steps().skip(done) {
        run.steps.push(StepResult {
            step: id,
            action: step.action().to_owned(),
            outcome: Outcome::Skipped,
            reason: Some("an earlier step was blocked".to_owned()),
            events: Vec::new(),
        });
    }
}

fn note_failure(run: &mut Claimed, id: &str, step: &Step, trouble: &Trouble) {
    let (Trouble::Passing(reason) | Trouble::Lasting(reason)) = trouble else { return };
    run.steps.push(StepResult {
        step: id.to_owned(),
        action: step.action().to_owned(),
        outcome: Outcome::Failed,
        reason: Some(reason.clone()),
        events: Vec::new(),
    });
}

/// A run ends like that of its steps which most wants a person's eye.
fn ending(steps: &[StepResult]) -> (State, Option<String>) {
    let order = [
        (Outcome::Failed, State::Failed),
        (Outcome::Blocked, State::Blocked),
        (Outcome::Withheld, State::Withheld),
        (Outcome::Done, State::Done),
    ];
    for (outcome, state) in order {
        if let Some(step) = steps.iter().find(|step| step.outcome == outcome) {
            return (state, step.reason.clone());
        }
    }
    (State::Skipped, steps.first().and_then(|step| step.reason.clone()))
}

/// A step failed: it is tried again later, or the run is dead.
async fn try_again(shared: &Shared, run: &mut Claimed, error: String) -> Result<(), Error> {
    let tried = usize::try_from(run.attempts).unwrap_or_default();
    run.attempts = run.attempts.saturating_add(1);
    run.reason = Some(error);
    let Some(pause) = shared.settings.backoff.get(tried).copied() else {
        run.state = State::Dead;
        return record(shared, run).await;
    };
    run.state = State::Waiting;
    hand_back(shared, run, Next::Postpone(pause)).await
}

/// Records in the log how the run ended, then in its row.
async fn record(shared: &Shared, run: &mut Claimed) -> Result<(), Error> {
    let Some(outcome) = run.state.ended() else { return Ok(()) };
    let finish = Finish {
        rule: run.rule,
        rule_version: run.rule_version,
        trigger_event: run.trigger_event,
        customer: Some(run.line.customer),
        outcome,
        reason: run.reason.clone(),
        steps: run.steps.clone(),
    };
    let command = Command::RuleRun { id: run.run_id, command: rule_run::Command::Finish(finish) };
    // The service itself writes this down, whatever the owner may do and reach.
    let principal = Principal::system(run.line.organisation);
    let options = options(ids::finish(run.run_id, run.resumed));
    let answer = shared.store.execute(&caller(run, principal, END), command, &options).await;
    if let Err(refused) = answer {
        // A run that is not recorded has not ended: this is tried until it is.
        tracing::error!(
            organisation.id = %run.line.organisation,
            rule_run.id = %run.run_id,
            error = %causes(&refused),
            "how a run of a rule ended cannot be recorded yet"
        );
        let last = shared.settings.backoff.last().copied().unwrap_or(LONGEST_PAUSE);
        return hand_back(shared, run, Next::Postpone(last.min(LONGEST_PAUSE))).await;
    }
    if put_back(shared, run.line, Some((run, Next::Finish))).await? {
        meters::ended(run.state);
        // The customer's next run may be due.
        shared.work.notify_one();
    }
    Ok(())
}

#[cfg(test)]
mod tests;
