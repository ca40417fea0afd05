//! One run: its steps as commands, until it has ended and the log says how.

use std::time::{Duration, Instant};

use domain::access::Principal;
use domain::rule::Step;
use domain::rule_run::{self, Finish};
use domain::value::Outcome;
use domain::{Command, RuleRef, Source};
use eventstore::{Caller, CommandId, Options};
use jiff::Timestamp;
use uuid::Uuid;

use super::path::{Onward, ending, next, result, skip_rest};
use super::step::{self, Who};
use super::{limits, owner};
use crate::error::Error;
use crate::matcher::causes;
use crate::queue::{self, Claimed, Line, Next};
use crate::runs::State;
use crate::{Shared, by_hand, guard, ids, meters};

/// The step that the record of a run's end names as its maker.
const END: &str = "end";

/// The longest wait before the end of a run is recorded again.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Why a run does not come to its end just now.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It may go better later.
    Passing(String),
    /// It will go as badly later.
    Lasting(String),
    /// It is in this state until then, and why: over a limit, or told to wait.
    Held { until: Timestamp, state: State, reason: String },
    /// Somebody else has it now.
    Lost,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        // The causes may quote what is stored; they are for the operator.
        tracing::warn!(error = %causes(&error), "a run of a rule cannot go on");
        let reason = error.to_string();
        match error {
            Error::Rule(..)
            | Error::Run(..)
            | Error::Webhook(..)
            | Error::Event(_)
            | Error::Sign(_)
            | Error::Header(_)
            | Error::List(_)
            | Error::Encode(_) => Self::Lasting(reason),
            Error::Database(_)
            | Error::Pool(_)
            | Error::Store(_)
            | Error::Unrecorded(_)
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
        Err(Trouble::Held { until, state, reason }) => {
            run.state = state;
            run.reason = Some(reason);
            hand_back(shared, &run, Next::Hold(until)).await
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
        let reason = limits::REASON.to_owned();
        return Err(Trouble::Held { until, state: State::Queued, reason });
    }
    let who = match who(shared, run, version.owner).await? {
        Ok(who) => who,
        Err(reason) => {
            run.state = State::Blocked;
            run.reason = Some(reason.to_owned());
            return Ok(());
        }
    };
    // What a failed try left behind is not the last word.
    run.steps.truncate(usize::try_from(run.step).unwrap_or_default());
    let mut renewed = Instant::now();
    while let Some((id, step)) = next(definition, &run.steps) {
        if renewed.elapsed() > shared.settings.claim / 3 {
            hold(shared, run).await?;
            renewed = Instant::now();
        }
        let came = match step::do_step(shared, run, (&who, definition), (&id, step)).await {
            Ok(came) => came,
            Err(trouble) => {
                note_failure(run, &id, step, &trouble);
                return Err(trouble);
            }
        };
        let (outcome, branched) = (came.result.outcome, came.result.took.is_some());
        run.steps.push(came.result);
        run.step += 1;
        match came.next {
            Onward::Rest if outcome == Outcome::Blocked => {
                skip_rest(&mut run.steps, definition, "an earlier step was blocked");
            }
            // Decided again it might go the other way, so this is kept before anything is done.
            Onward::Rest if branched => keep(shared, run).await?,
            Onward::Rest => {}
            Onward::Nothing => skip_rest(&mut run.steps, definition, "the run ended before it"),
            Onward::Later(until) => {
                let reason = format!("it waits until {until}");
                return Err(Trouble::Held { until, state: State::Waiting, reason });
            }
        }
    }
    let (state, reason) = ending(&run.steps);
    run.state = state;
    run.reason = reason;
    Ok(())
}

/// Those whose rights the run has, or who cannot act any more.
async fn who(
    shared: &Shared,
    run: &Claimed,
    owner: Uuid,
) -> Result<Result<Who, &'static str>, Error> {
    let requester = match by_hand::requester(&shared.store, run).await?.transpose() {
        Ok(requester) => requester,
        Err(reason) => return Ok(Err(reason)),
    };
    let owner = owner::principal(&shared.store, run.line.organisation, owner).await?;
    Ok(owner.map(|owner| Who { owner, requester }))
}

async fn keep(shared: &Shared, run: &Claimed) -> Result<(), Trouble> {
    let client = shared.store.worker().get().await.map_err(Error::from)?;
    if queue::progress(&client, run).await? { Ok(()) } else { Err(Trouble::Lost) }
}

async fn hold(shared: &Shared, run: &Claimed) -> Result<(), Trouble> {
    let client = shared.store.worker().get().await.map_err(Error::from)?;
    if queue::renew(&client, run, shared.settings.claim).await? {
        Ok(())
    } else {
        Err(Trouble::Lost)
    }
}

/// Who issues a run's command, and why.
pub(super) fn caller(run: &Claimed, principal: Principal, step: &str) -> Caller {
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

pub(super) fn options(command: CommandId) -> Options {
    Options { command: Some(command), ..Options::default() }
}

fn note_failure(run: &mut Claimed, id: &str, step: &Step, trouble: &Trouble) {
    let (Trouble::Passing(reason) | Trouble::Lasting(reason)) = trouble else { return };
    run.steps.push(result(id, step, Outcome::Failed, Some(reason.clone())));
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
