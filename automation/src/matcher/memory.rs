//! What a matcher knows of its lane as of the last event that it has seen, and what follows.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::{GenericClient, Transaction};
use domain::rule::CAME_DUE;
use domain::{Event, Recorded};
use eventstore::source::EventSource;
use eventstore::{HistoryQuery, Read, Store};
use uuid::Uuid;

use crate::customers::{Customers, Unknown};
use crate::error::Error;
use crate::ids;
use crate::matching::{Moment, Verdict, judge, of_a_machine, triggers};
use crate::members::{self, MemberRow};
use crate::outbox::effects::{self, NewEffect};
use crate::queue::{self, NewRun};
use crate::rules::{self, Active, RuleRow, Rules};
use crate::runs::State;
use crate::webhooks::{self, WebhookRow, Webhooks};
use crate::{Shared, by_hand, timers};

const CHECKPOINT: &str = include_str!("sql/checkpoint.sql");
const PARKED: &str = include_str!("sql/parked.sql");
const PARK: &str = include_str!("sql/park.sql");
const UNPARK: &str = include_str!("sql/unpark.sql");

/// Events of a parked customer read at a time.
const PAGE: i64 = 500;

/// A customer: organisation and id.
type Key = (Uuid, Uuid);

pub(super) struct Memory {
    store: Store,
    source: Arc<dyn EventSource>,
    lane: i16,
    /// The last event seen.
    pub(super) position: i64,
    /// The checkpoint as stored.
    pub(super) saved: i64,
    rules: Rules,
    webhooks: Webhooks,
    customers: Customers,
    /// Customers that wait behind an event that cannot be read, with its sequence.
    parked: HashMap<Key, i64>,
    tried: Option<Instant>,
}

/// What is to be written with the checkpoint.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// How many events it comes from.
    pub(super) seen: usize,
    pub(super) runs: Vec<NewRun>,
    rules: Vec<RuleRow>,
    timers: Vec<timers::Change>,
    members: Vec<MemberRow>,
    webhooks: Vec<WebhookRow>,
    erased: Vec<Key>,
    effects: Vec<NewEffect>,
    parked: Vec<(Key, i64, String)>,
    unparked: Vec<Key>,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
            && self.rules.is_empty()
            && self.timers.is_empty()
            && self.members.is_empty()
            && self.webhooks.is_empty()
            && self.erased.is_empty()
            && self.effects.is_empty()
            && self.parked.is_empty()
            && self.unparked.is_empty()
    }

    pub(super) async fn write(&self, tx: &Transaction<'_>, lane: i16) -> Result<(), Error> {
        rules::put(tx, lane, &self.rules).await?;
        timers::put(tx, &self.timers).await?;
        members::put(tx, &self.members).await?;
        effects::insert(tx, &self.effects).await?;
        effects::forget(tx, &self.erased).await?;
        webhooks::put(tx, lane, &self.webhooks).await?;
        if !self.runs.is_empty() {
            queue::insert(tx, &self.runs).await?;
        }
        for ((organisation, customer), sequence, error) in &self.parked {
            let statement = tx.prepare_cached(PARK).await?;
            tx.execute(&statement, &[organisation, customer, sequence, error]).await?;
        }
        for (organisation, customer) in &self.unparked {
            let statement = tx.prepare_cached(UNPARK).await?;
            tx.execute(&statement, &[organisation, customer]).await?;
        }
        Ok(())
    }
}

impl Memory {
    /// Everything as of the stored checkpoint.
    pub(super) async fn load(shared: &Shared, lane: i16) -> Result<Self, Error> {
        let store = &shared.store;
        let client = store.worker().get().await?;
        let statement = client.prepare_cached(CHECKPOINT).await?;
        let position = client.query_one(&statement, &[&lane]).await?.try_get("position")?;
        let rules = Rules::load(&client, lane).await?;
        let webhooks = Webhooks::load(&client, lane).await?;
        let parked = parked(&client, lane).await?;
        Ok(Self {
            store: store.clone(),
            source: Arc::clone(&shared.source),
            lane,
            position,
            saved: position,
            rules,
            webhooks,
            customers: Customers::new(store.clone()),
            parked,
            tried: None,
        })
    }

    /// Sees the next events.
    pub(super) async fn page(&mut self, limit: i64) -> Result<Batch, Error> {
        let mut batch = Batch::default();
        for read in self.source.page(self.lane, self.position, limit).await? {
            let (expected, found) = (self.position + 1, read.recorded.position);
            if found != expected {
                return Err(Error::Gap { lane: self.lane, expected, found });
            }
            self.see(&read, &mut batch).await?;
            self.position = found;
            batch.seen += 1;
        }
        Ok(batch)
    }

    async fn see(&mut self, read: &Read, batch: &mut Batch) -> Result<(), Error> {
        let recorded = &read.recorded;
        let organisation = recorded.organisation;
        // A webhook is not told of its own beginning.
        batch.effects.extend(effects::of(recorded, &self.webhooks));
        match recorded.type_name.split('.').next() {
            // Without these nothing can be judged, so one that cannot be read stops the lane.
            Some("rule") => {
                if let Event::Rule(event) = recorded.event()? {
                    let rule = recorded.stream_id;
                    batch.rules.extend(self.rules.apply(organisation, rule, &event)?);
                    batch.timers.push(self.timer(recorded, rule));
                }
            }
            Some("member") => {
                if let Event::Member(event) = recorded.event()? {
                    let user = recorded.stream_id;
                    batch.members.extend(MemberRow::after(organisation, user, &event));
                }
            }
            Some("webhook") => {
                if let Event::Webhook(event) = recorded.event()? {
                    let id = recorded.stream_id;
                    batch.webhooks.push(self.webhooks.apply(organisation, id, &event)?);
                }
            }
            Some("organisation") if recorded.type_name == "organisation.time_zone_set" => {
                batch.timers.push(timers::Change::MoveZone { organisation });
            }
            Some(_) | None => {}
        }
        if recorded.type_name == "customer.erased" {
            batch.erased.push((organisation, recorded.stream_id));
        }
        let Some(customer) = recorded.customer_id else { return Ok(()) };
        let key = (organisation, customer);
        if self.parked.contains_key(&key) {
            return Ok(());
        }
        match self.matched(read, customer).await {
            Ok(runs) => batch.runs.extend(runs),
            Err(Unknown::Failed(error)) => return Err(error),
            Err(Unknown::Unreadable(error)) => {
                tracing::error!(
                    organisation.id = %organisation,
                    customer.id = %customer,
                    event.sequence = recorded.sequence,
                    error,
                    "rules wait for this customer: an event cannot be read"
                );
                self.customers.forget(organisation, customer);
                self.parked.insert(key, recorded.sequence);
                batch.parked.push((key, recorded.sequence, error));
            }
        }
        Ok(())
    }

    /// What an event of a rule means for its timer.
    fn timer(&self, recorded: &Recorded, rule: Uuid) -> timers::Change {
        let organisation = recorded.organisation;
        match self.rules.by_clock(organisation, rule) {
            Some(rule_version) => {
                let since = recorded.recorded_at;
                timers::Change::Put { organisation, rule, rule_version, since }
            }
            None => timers::Change::Remove { organisation, rule },
        }
    }

    /// The runs that follow from one event about a customer.
    async fn matched(&mut self, read: &Read, customer: Uuid) -> Result<Vec<NewRun>, Unknown> {
        let recorded = &read.recorded;
        match recorded.type_name.as_str() {
            by_hand::REQUESTED => return Ok(by_hand::run(recorded)?.into_iter().collect()),
            CAME_DUE => return Ok(timers::run(recorded)?.into_iter().collect()),
            _ => {}
        }
        let mut rules = Vec::new();
        if triggers(&recorded.metadata) {
            rules = self.rules.triggered_by(recorded.organisation, &recorded.type_name);
        }
        if rules.is_empty() {
            self.customers.pass(recorded, customer);
            return Ok(Vec::new());
        }
        if let Some(broken) = &read.broken {
            return Err(Unknown::Unreadable(broken.to_string()));
        }
        let event = recorded.event().map_err(|error| Unknown::Unreadable(error.to_string()))?;
        if of_a_machine(&event) {
            self.customers.pass(recorded, customer);
            return Ok(Vec::new());
        }
        let (before, after) = self.customers.around(recorded, customer, &event).await?;
        let moment = Moment::new(recorded.public_body(), &before, &after);
        let chain = recorded.metadata.rule.as_ref().map_or(&[][..], |rule| &rule.chain);
        let mut runs = Vec::new();
        for rule in rules {
            let (state, reason) = match judge(&rule, &moment, customer, chain, recorded.recorded_at)
            {
                Verdict::No => continue,
                Verdict::Fires => (State::Waiting, None),
                Verdict::Withheld(reason) => (State::Withheld, Some(reason)),
                Verdict::Unreadable(reason) => (State::Failed, Some(reason)),
            };
            let ordinal = i16::try_from(runs.len()).unwrap_or(i16::MAX);
            runs.push(new_run(&rule, recorded, customer, (state, reason, ordinal)));
        }
        Ok(runs)
    }

    /// Whether parked customers are due to be tried again.
    pub(super) fn retries(&self, every: Duration) -> bool {
        !self.parked.is_empty() && self.tried.is_none_or(|tried| tried.elapsed() >= every)
    }

    /// Tries those who wait again, with a program that may be newer than the one that parked them.
    /// Their events are judged by the rules of now: which rules there were then is not kept.
    pub(super) async fn retry_parked(&mut self) -> Result<Batch, Error> {
        self.tried = Some(Instant::now());
        let mut batch = Batch::default();
        for (key, sequence) in self.parked.clone() {
            match self.taken_up(key, sequence).await {
                Ok(runs) => {
                    batch.runs.extend(runs);
                    batch.unparked.push(key);
                    self.parked.remove(&key);
                }
                Err(Unknown::Failed(error)) => return Err(error),
                Err(Unknown::Unreadable(_)) => {}
            }
            // What was folded on the way is as of another event than the rest.
            self.customers.forget(key.0, key.1);
        }
        Ok(batch)
    }

    /// The runs of a parked customer from the event that could not be read up to where we are.
    async fn taken_up(&mut self, key: Key, sequence: i64) -> Result<Vec<NewRun>, Unknown> {
        let (organisation, customer) = key;
        let mut after = sequence - 1;
        let mut runs = Vec::new();
        loop {
            let query = HistoryQuery { after: Some(after), limit: PAGE, ..HistoryQuery::default() };
            let events = self.store.read_customer(organisation, customer, &query).await?;
            let Some(last) = events.last() else { return Ok(runs) };
            after = last.sequence;
            for recorded in events {
                if recorded.position > self.position {
                    return Ok(runs);
                }
                runs.extend(self.matched(&Read { recorded, broken: None }, customer).await?);
            }
        }
    }
}

fn new_run(
    rule: &Active,
    recorded: &Recorded,
    customer: Uuid,
    (state, reason, ordinal): (State, Option<String>, i16),
) -> NewRun {
    let run_id = ids::run(rule.rule, recorded.event_id);
    let run = NewRun::of(recorded, run_id, (rule.rule, rule.version), customer);
    NewRun { ordinal, state, reason, ..run }
}

async fn parked(client: &impl GenericClient, lane: i16) -> Result<HashMap<Key, i64>, Error> {
    let statement = client.prepare_cached(PARKED).await?;
    let rows = client.query(&statement, &[&lane]).await?;
    rows.iter()
        .map(|row| {
            let key = (row.try_get("organisation")?, row.try_get("subject")?);
            Ok((key, row.try_get("sequence")?))
        })
        .collect()
}
