//! What one try at a command loads and decides, before anything is written.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use domain::account::Account;
use domain::customer::Customer;
use domain::file::File;
use domain::folder::Folder;
use domain::invitation::Invitation;
use domain::member::Member;
use domain::message::Message;
use domain::notification::Notification;
use domain::order::Order;
use domain::organisation::Organisation;
use domain::quote::Quote;
use domain::role::Role;
use domain::rule::Rule;
use domain::rule_run::RuleRun;
use domain::service_entry::ServiceEntry;
use domain::task::Task;
use domain::team::Team;
use domain::template::Template;
use domain::unmatched::Unmatched;
use domain::user::User;
use domain::webhook::Webhook;
use domain::{Command, Decider, Event};
use jiff::Timestamp;
use uuid::Uuid;

use super::authorise::Sight;
use super::{Caller, Done, Options, Receipt, Refused};
use crate::append::Appended;
use crate::store::Store;

/// A stream as loaded, and the events decided for it so far.
pub(super) struct Stream {
    pub(super) id: Uuid,
    /// As loaded: what the append expects.
    pub(super) version: i64,
    pub(super) events: Vec<Event>,
    pub(super) state: Arc<dyn Any + Send + Sync>,
}

/// The streams of one try; the first is the one that the answer speaks of.
#[derive(Default)]
pub(super) struct Work {
    streams: Vec<Stream>,
    /// Streams that are not written but whose version the decision rests on.
    rests_on: BTreeMap<Uuid, i64>,
}

/// A stream that a command writes, and what is expected of it.
struct Wanted {
    organisation: Uuid,
    id: Uuid,
    creates: bool,
    if_match: Option<i64>,
    fresh: bool,
}

impl Work {
    /// A try that takes the customer to be as given.
    pub(super) fn supposing(id: Uuid, state: Arc<domain::customer::State>) -> Self {
        let customer = Stream { id, version: 0, events: Vec::new(), state };
        Self { streams: vec![customer], ..Self::default() }
    }

    pub(super) fn into_events(self) -> Vec<Event> {
        self.streams.into_iter().flat_map(|stream| stream.events).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changed().next().is_none()
    }

    /// The stream, if this try has decided about it.
    pub(super) fn stream(&self, id: Uuid) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.id == id)
    }

    pub(super) fn changed(&self) -> impl Iterator<Item = &Stream> {
        self.streams.iter().filter(|stream| !stream.events.is_empty())
    }

    /// What was decided holds only as long as this stream is at this version.
    pub(super) fn rest_on(&mut self, id: Uuid, version: i64) {
        self.rests_on.insert(id, version);
    }

    /// The version that a stream must have. Where a fact was read from it apart from its state,
    /// and somebody wrote it in between, the fact's is the older one and the append refuses.
    pub(super) fn expected(&self, stream: &Stream) -> i64 {
        self.rests_on.get(&stream.id).copied().unwrap_or(stream.version)
    }

    /// The streams to be proved that are not written, and their versions.
    pub(super) fn read_only(&self) -> impl Iterator<Item = (Uuid, i64)> + '_ {
        let written = |id: Uuid| self.changed().any(|stream| stream.id == id);
        self.rests_on
            .iter()
            .map(|(id, version)| (*id, *version))
            .filter(move |(id, _)| !written(*id))
    }

    fn answer(&self) -> (Uuid, i64) {
        self.streams.first().map_or((Uuid::nil(), 0), |stream| {
            let count = i64::try_from(stream.events.len()).unwrap_or_default();
            (stream.id, stream.version + count)
        })
    }

    /// Decides one command on a stream and keeps what follows; answers what has to be done with it.
    fn decide<D: Decider>(
        &mut self,
        id: Uuid,
        version: i64,
        state: Arc<D::State>,
        command: D::Command,
    ) -> Result<Vec<Command>, Refused> {
        let events =
            D::decide(&state, command).map_err(|error| Refused::Rejected(Box::new(error)))?;
        let next = events.iter().fold((*state).clone(), D::evolve);
        let events: Vec<Event> = events.into_iter().map(Into::into).collect();
        let entailed = events.iter().flat_map(|event| event.entails(id)).collect();
        let index = match self.streams.iter().position(|stream| stream.id == id) {
            Some(index) => index,
            None => {
                let state: Arc<dyn Any + Send + Sync> = state;
                self.streams.push(Stream { id, version, events: Vec::new(), state });
                self.streams.len() - 1
            }
        };
        if let Some(stream) = self.streams.get_mut(index) {
            stream.events.extend(events);
            stream.state = Arc::new(next);
        }
        Ok(entailed)
    }

    /// The answer of a command that changed nothing.
    pub(super) async fn unchanged(self, store: &Store, caller: &Caller) -> Result<Done, Refused> {
        let (stream_id, version) = self.answer();
        let sequence = store.head_sequence(caller.principal.organisation).await?;
        Ok(Done {
            stream_id,
            version,
            sequence,
            changed: false,
            replayed: false,
            correlation_id: caller.correlation_id.unwrap_or_else(Uuid::now_v7),
            events: Vec::new(),
        })
    }

    /// The answer of a dry run: what it would write, from the next sequence on.
    pub(super) async fn rehearsed(self, store: &Store, caller: &Caller) -> Result<Done, Refused> {
        let head = store.head_sequence(caller.principal.organisation).await?;
        let count = self.changed().map(|stream| stream.events.len()).sum();
        let appended = Appended {
            first_sequence: head + 1,
            last_sequence: head,
            versions: Vec::new(),
            numbers: Vec::new(),
            recorded_at: Timestamp::now(),
            replayed: false,
        };
        let correlation_id = caller.correlation_id.unwrap_or_else(Uuid::now_v7);
        let ids = std::iter::repeat_with(Uuid::now_v7).take(count).collect();
        Ok(self.done(&appended, correlation_id, ids))
    }

    /// Writes the numbers that the append gave into the events that had none.
    pub(super) fn take_numbers(&mut self, numbers: &[String]) {
        let events = self.streams.iter_mut().flat_map(|stream| &mut stream.events);
        let unnumbered = events.filter(|event| event.series().is_some());
        for (event, number) in unnumbered.zip(numbers) {
            event.take_number(number.clone());
        }
    }

    pub(super) fn done(
        self,
        appended: &Appended,
        correlation_id: Uuid,
        event_ids: Vec<Uuid>,
    ) -> Done {
        let (stream_id, version) = self.answer();
        let mut ids = event_ids.into_iter();
        let mut sequence = appended.first_sequence;
        let mut events = Vec::new();
        for stream in self.streams {
            for (version, event) in (stream.version + 1..).zip(stream.events) {
                let (type_name, mut body) = event.encode().unwrap_or_default();
                domain::personal::reveal(&mut body);
                events.push(Receipt {
                    event_id: ids.next().unwrap_or_default(),
                    type_name,
                    stream_id: stream.id,
                    version,
                    sequence,
                    recorded_at: appended.recorded_at,
                    body,
                    event,
                });
                sequence += 1;
            }
        }
        Done {
            stream_id,
            version,
            sequence: appended.last_sequence,
            changed: !events.is_empty(),
            replayed: false,
            correlation_id,
            events,
        }
    }
}

/// What is said of a record that is not there.
fn unknown<D: Decider>(id: Uuid, command: D::Command, if_match: Option<i64>) -> Refused {
    if let Some(expected) = if_match.filter(|expected| *expected != 0) {
        return Refused::VersionConflict { stream_id: id, current: 0, expected };
    }
    match D::decide(&D::State::default(), command) {
        Err(error) => Refused::Rejected(Box::new(error)),
        Ok(_) => Refused::NotFound,
    }
}

impl Store {
    pub(super) async fn decide_all(
        &self,
        caller: &Caller,
        commands: &[Command],
        options: &Options,
        fresh: bool,
    ) -> Result<Work, Refused> {
        let mut work = Work::default();
        for (index, command) in commands.iter().enumerate() {
            let mut if_match = options.if_match.filter(|_| index == 0);
            let mut waiting = VecDeque::from([command.clone()]);
            while let Some(command) = waiting.pop_front() {
                let if_match = if_match.take();
                let entailed = self.decide_one(&mut work, caller, command, if_match, fresh).await?;
                waiting.extend(entailed);
            }
        }
        Ok(work)
    }

    #[expect(clippy::cognitive_complexity, reason = "an arm an aggregate")]
    pub(super) async fn decide_one(
        &self,
        work: &mut Work,
        caller: &Caller,
        mut command: Command,
        if_match: Option<i64>,
        fresh: bool,
    ) -> Result<Vec<Command>, Refused> {
        command.sign(&caller.principal);
        let sight = self.authorise(work, caller, &command, fresh).await?;
        let organisation = caller.principal.organisation;
        self.supply(work, caller, &mut command, fresh).await?;
        let creates = command.creates();
        macro_rules! dispatch {
            ($($variant:ident => $decider:ty),+ $(,)?) => {
                match command {
                    $(Command::$variant { id, command } if sight == Sight::Hidden => {
                        Err(unknown::<$decider>(id, command, if_match.filter(|_| creates)))
                    })+
                    $(Command::$variant { id, command } => {
                        let wanted = Wanted { organisation, id, creates, if_match, fresh };
                        let (version, state) = self.at_version::<$decider>(work, wanted).await?;
                        work.decide::<$decider>(id, version, state, command)
                    })+
                }
            };
        }
        dispatch! {
            Account => Account,
            Customer => Customer,
            File => File,
            Folder => Folder,
            Invitation => Invitation,
            Member => Member,
            Message => Message,
            Notification => Notification,
            Order => Order,
            Organisation => Organisation,
            Quote => Quote,
            Role => Role,
            Rule => Rule,
            RuleRun => RuleRun,
            ServiceEntry => ServiceEntry,
            Task => Task,
            Team => Team,
            Template => Template,
            Unmatched => Unmatched,
            User => User,
            Webhook => Webhook,
        }
    }

    /// Loads a stream; where a version is asked for and the cache does not have it, reads again
    /// before it says no.
    async fn at_version<D: Decider>(
        &self,
        work: &Work,
        stream: Wanted,
    ) -> Result<(i64, Arc<D::State>), Refused> {
        let Wanted { organisation, id, creates, if_match, fresh } = stream;
        if let Some(stream) = work.stream(id)
            && let Ok(state) = Arc::clone(&stream.state).downcast()
        {
            return Ok((stream.version, state));
        }
        // A stream about to begin is guessed to be new; the append knows better, and then it is read.
        let loaded = if creates && !fresh && if_match.is_none() {
            let cached = self.cached_state::<D>(organisation, id);
            cached.map(|(version, state, _)| (version, state)).unwrap_or_default()
        } else {
            self.load_state::<D>(organisation, id, fresh).await?
        };
        let Some(expected) = if_match.filter(|expected| *expected != loaded.0) else {
            return Ok(loaded);
        };
        let loaded = self.load_state::<D>(organisation, id, true).await?;
        // What is not there has no version to differ: the decider says that it is not there.
        if loaded.0 == expected || (loaded.0 == 0 && !creates) {
            return Ok(loaded);
        }
        Err(Refused::VersionConflict { stream_id: id, current: loaded.0, expected })
    }
}
