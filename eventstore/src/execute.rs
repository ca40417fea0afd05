//! From a command to its events in the log: load, authorise, decide, seal, append.

mod authorise;
mod principal;
mod seal;
mod states;
mod supply;
mod undo;
mod work;

use std::any::Any;
use std::sync::Arc;

use domain::access::{Denied, Principal};
use domain::claim::ClaimKind;
use domain::{Actor, Command, Decider, Metadata, Refusal, RuleRef, Source};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::append::{AppendError, Appended, CommandId};
use crate::error::Error;
use crate::store::Store;
use authorise::Sight;
pub use principal::{Absent, Acting};
use work::Work;

const LOOK_UP: &str = include_str!("execute/sql/look_up_command.sql");

/// How often a command is decided again after a conflict when no version was asked for.
const ATTEMPTS: usize = 5;

/// Who issues a command, through which door, and why.
#[derive(Debug, Clone)]
pub struct Caller {
    pub principal: Principal,
    pub source: Source,
    /// `None` starts a new correlation.
    pub correlation_id: Option<Uuid>,
    /// The event of this organisation that caused it.
    pub causation_id: Option<Uuid>,
    /// A cause named from outside that is no event of this organisation.
    pub external_cause: Option<String>,
    pub rule: Option<RuleRef>,
    /// Whether an import or a bulk command sets rules off.
    pub runs_rules: bool,
    /// Whether it takes back what its cause did.
    pub undoes: bool,
    pub occurred_at: Option<Timestamp>,
}

impl Caller {
    /// A caller of whom no more is known than who it is and the door.
    pub fn new(principal: Principal, source: Source) -> Self {
        Self {
            principal,
            source,
            correlation_id: None,
            causation_id: None,
            external_cause: None,
            rule: None,
            runs_rules: false,
            undoes: false,
            occurred_at: None,
        }
    }

    fn metadata(&self, correlation_id: Uuid) -> Metadata {
        use domain::access::PrincipalKind;
        let user = self.principal.user;
        let (actor, on_behalf_of) = match (self.principal.kind, &self.rule) {
            (PrincipalKind::Automation, Some(rule)) => {
                (Actor::Automation { rule: rule.rule, version: rule.version }, Some(user))
            }
            (PrincipalKind::System, _) => (Actor::System, None),
            (PrincipalKind::Service, _) => {
                (Actor::Service { id: self.principal.token.unwrap_or(user) }, Some(user))
            }
            (PrincipalKind::User | PrincipalKind::Automation, _) => {
                (Actor::User { id: user }, None)
            }
        };
        Metadata {
            actor,
            on_behalf_of,
            correlation_id,
            causation_id: self.causation_id,
            external_cause: self.external_cause.clone(),
            rule: self.rule.clone(),
            source: self.source,
            runs_rules: self.runs_rules,
            undoes: self.undoes,
            occurred_at: self.occurred_at,
        }
    }
}

/// How a command is to be done.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Identity of the command: done once, whatever happens.
    pub command: Option<CommandId>,
    /// The version that the first command's stream must have.
    pub if_match: Option<i64>,
    /// Decide only: nothing is written.
    pub dry_run: bool,
}

/// What a command did.
#[derive(Debug, Clone)]
pub struct Done {
    pub stream_id: Uuid,
    pub version: i64,
    /// The organisation's sequence afterwards: the public position.
    pub sequence: i64,
    pub changed: bool,
    pub replayed: bool,
    pub correlation_id: Uuid,
    pub events: Vec<Receipt>,
}

/// An event that a command made (or would make, in a dry run).
#[derive(Debug, Clone)]
pub struct Receipt {
    pub event_id: Uuid,
    pub type_name: String,
    pub stream_id: Uuid,
    pub version: i64,
    pub sequence: i64,
    pub recorded_at: Timestamp,
    /// The body as people see it.
    pub body: Value,
    /// The event itself.
    pub event: domain::Event,
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Denied(Denied),
    #[error("there is no such record")]
    NotFound,
    #[error("the person was erased")]
    Erased,
    #[error("{0}")]
    Rejected(Box<dyn Refusal>),
    #[error("the record is at version {current}, not {expected}")]
    VersionConflict { stream_id: Uuid, current: i64, expected: i64 },
    #[error("this {} is in use by another record", kind.name())]
    ClaimTaken { kind: ClaimKind, holder: Uuid },
    #[error("the key was used for another command")]
    KeyReused,
    #[error("others changed the record again and again meanwhile")]
    Conflict,
    #[error("no commands are taken at present: the disk is nearly full")]
    ReadOnly,
    #[error("too many commands are waiting")]
    Overloaded,
    #[error("the connection was lost: whether the command was done is not known")]
    OutcomeUnknown,
    #[error("the log cannot be reached")]
    Unavailable,
    #[error("the command failed")]
    Failed(#[source] Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        if matches!(error, Error::Pool(_)) { Self::Unavailable } else { Self::Failed(error) }
    }
}

/// A stream's state as last folded here.
#[derive(Debug, Clone)]
pub(crate) struct CachedState {
    version: i64,
    /// That of the organisation's lane before it was read; `None` where the lane was not known.
    epoch: Option<u64>,
    state: Arc<dyn Any + Send + Sync>,
}

impl Store {
    /// Does one command: its events are committed when this answers `Ok`.
    pub async fn execute(
        &self,
        caller: &Caller,
        command: Command,
        options: &Options,
    ) -> Result<Done, Refused> {
        self.execute_all(caller, vec![command], options).await
    }

    /// Does several commands in one append: all or none. The answer speaks of the first one's stream.
    pub async fn execute_all(
        &self,
        caller: &Caller,
        mut commands: Vec<Command>,
        options: &Options,
    ) -> Result<Done, Refused> {
        for command in &mut commands {
            command.assign_ids(&mut Uuid::now_v7);
        }
        for attempt in 0..ATTEMPTS {
            let fresh = attempt > 0 || options.dry_run;
            let work = match self.decide_all(caller, &commands, options, fresh).await {
                Ok(work) => work,
                // What is refused now may have been done before, by the same key.
                Err(refused) => match self.done_before(caller, options).await? {
                    Some(done) => return Ok(done),
                    None if fresh => return Err(refused),
                    // Others may have made it possible meanwhile.
                    None => continue,
                },
            };
            if options.dry_run {
                return work.rehearsed(self, caller).await;
            }
            if work.is_empty() && options.command.is_none() {
                if !fresh {
                    continue;
                }
                return work.unchanged(self, caller).await;
            }
            match self.append_work(caller, options, work).await? {
                Some(done) => return Ok(done),
                None if options.if_match.is_some() => {
                    let work = self.decide_all(caller, &commands, options, true).await?;
                    drop(work);
                }
                None => {}
            }
        }
        Err(Refused::Conflict)
    }

    /// The events that a command would make if the customer were as `state` says. Nothing is
    /// written.
    pub async fn suppose(
        &self,
        caller: &Caller,
        mut command: Command,
        customer: Uuid,
        state: Arc<domain::customer::State>,
    ) -> Result<Vec<domain::Event>, Refused> {
        command.assign_ids(&mut Uuid::now_v7);
        let mut work = Work::supposing(customer, state);
        let mut waiting = vec![command];
        while let Some(command) = waiting.pop() {
            waiting.extend(self.decide_one(&mut work, caller, command, None, false).await?);
        }
        Ok(work.into_events())
    }

    /// Whether the policy lets somebody issue this command, whatever else would come of it.
    pub async fn permits(&self, principal: &Principal, command: &Command) -> Result<(), Refused> {
        let caller = Caller::new(principal.clone(), Source::Api);
        let mut command = command.clone();
        command.sign(principal);
        match self.authorise(&Work::default(), &caller, &command, true).await? {
            Sight::Granted => Ok(()),
            Sight::Hidden => Err(Refused::NotFound),
        }
    }

    /// The state of a stream and its version, with what other processes have written; version 0 is
    /// a stream that does not exist.
    pub async fn load<D: Decider>(
        &self,
        organisation: Uuid,
        stream_id: Uuid,
    ) -> Result<(i64, Arc<D::State>), Error> {
        self.load_state::<D>(organisation, stream_id, true).await
    }

    /// `None`: somebody else was faster; decide again.
    async fn append_work(
        &self,
        caller: &Caller,
        options: &Options,
        mut work: Work,
    ) -> Result<Option<Done>, Refused> {
        let correlation_id = caller.correlation_id.unwrap_or_else(Uuid::now_v7);
        let organisation = caller.principal.organisation;
        let metadata = caller.metadata(correlation_id);
        let sealed = self.seal(organisation, &work, &metadata, options.command).await?;
        // The append proves that the streams were right, so they are as of now.
        let epoch = self.epoch(organisation);
        match self.append(sealed.append).await {
            Ok(appended) if appended.replayed => {
                self.replayed(organisation, &appended).await.map(Some)
            }
            Ok(appended) => {
                for (id, key) in sealed.new_keys {
                    self.keyring().remember(organisation, id, key);
                }
                self.keep(organisation, &work, epoch);
                work.take_numbers(&appended.numbers);
                Ok(Some(work.done(&appended, correlation_id, sealed.event_ids)))
            }
            Err(AppendError::Conflict { stream_id, .. }) => {
                self.states().lock().pop(&(organisation, stream_id));
                Ok(None)
            }
            Err(AppendError::KeyExists) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    /// What a command came to that was done under this identity before.
    pub async fn done_before(
        &self,
        caller: &Caller,
        options: &Options,
    ) -> Result<Option<Done>, Refused> {
        let Some(command) = options.command else { return Ok(None) };
        let organisation = caller.principal.organisation;
        let client = self.worker().get().await.map_err(|_| Refused::Unavailable)?;
        let statement = client.prepare_cached(LOOK_UP).await.map_err(Error::from)?;
        let row = client
            .query_opt(&statement, &[&organisation, &command.id])
            .await
            .map_err(Error::from)?;
        drop(client);
        let Some(row) = row else { return Ok(None) };
        let read = || -> Result<(Uuid, i64, i64), tokio_postgres::Error> {
            Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
        };
        let (fingerprint, first_sequence, last_sequence) = read().map_err(Error::from)?;
        if fingerprint != command.fingerprint {
            return Err(Refused::KeyReused);
        }
        let appended = Appended {
            first_sequence,
            last_sequence,
            versions: Vec::new(),
            numbers: Vec::new(),
            recorded_at: Timestamp::now(),
            replayed: true,
        };
        self.replayed(organisation, &appended).await.map(Some)
    }

    /// The first answer again, rebuilt from the log.
    async fn replayed(&self, organisation: Uuid, appended: &Appended) -> Result<Done, Refused> {
        let count = appended.last_sequence - appended.first_sequence + 1;
        let events = self
            .read_organisation(
                organisation,
                appended.first_sequence - 1,
                appended.last_sequence,
                count,
            )
            .await?;
        let first = events.first();
        let correlation_id = first.map_or_else(Uuid::now_v7, |event| event.metadata.correlation_id);
        let stream_id = first.map(|event| event.stream_id).unwrap_or_default();
        let version = events
            .iter()
            .filter(|event| event.stream_id == stream_id)
            .map(|event| event.version)
            .max()
            .unwrap_or_default();
        let mut receipts = Vec::with_capacity(events.len());
        for recorded in events {
            let event =
                recorded.event().map_err(|error| Error::Stream(recorded.stream_id, error))?;
            receipts.push(Receipt {
                event_id: recorded.event_id,
                stream_id: recorded.stream_id,
                version: recorded.version,
                sequence: recorded.sequence,
                recorded_at: recorded.recorded_at,
                body: recorded.public_body(),
                type_name: recorded.type_name,
                event,
            });
        }
        Ok(Done {
            stream_id,
            version,
            sequence: appended.last_sequence,
            changed: !receipts.is_empty(),
            replayed: true,
            correlation_id,
            events: receipts,
        })
    }
}

fn refused(error: AppendError) -> Refused {
    match error {
        AppendError::Conflict { .. } | AppendError::KeyExists => Refused::Conflict,
        AppendError::ClaimTaken { kind, holder } => match ClaimKind::from_number(kind) {
            Some(kind) => Refused::ClaimTaken { kind, holder },
            None => Refused::Conflict,
        },
        AppendError::KeyReused => Refused::KeyReused,
        AppendError::UnknownOrganisation => Refused::NotFound,
        AppendError::KeyDestroyed => Refused::Erased,
        AppendError::ReadOnly => Refused::ReadOnly,
        AppendError::Overloaded => Refused::Overloaded,
        AppendError::OutcomeUnknown => Refused::OutcomeUnknown,
        AppendError::Unavailable => Refused::Unavailable,
        error @ AppendError::Refused(_) => Refused::Failed(Error::Append(error)),
    }
}
