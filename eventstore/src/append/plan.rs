//! From waiting appends to the rows of one commit: pure.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::known::{KeyState, Known, KnownCommand};
use super::types::{Append, AppendError, Appended, Expected, NewEvent};
use crate::proof::{Hash, Root, leaf};

/// Answer to one append of the batch.
pub(super) type Verdict = Result<Appended, AppendError>;

/// A counter's move: compare with `from`, set `to`.
#[derive(Debug, Clone, Copy)]
pub(super) struct LaneMove {
    pub(super) from: i64,
    pub(super) to: i64,
}

#[derive(Debug, Clone)]
pub(super) struct OrganisationMove {
    pub(super) lane: i16,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) root: Root,
}

/// One row of `es.event`.
#[derive(Debug)]
pub(super) struct EventRow<'a> {
    pub(super) lane: i16,
    pub(super) position: i64,
    pub(super) organisation: Uuid,
    pub(super) sequence: i64,
    pub(super) stream_id: Uuid,
    pub(super) version: i64,
    pub(super) leaf: Hash,
    /// Its own copy where a number was written into it.
    pub(super) event: Cow<'a, NewEvent>,
}

/// Every row of one commit.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) recorded_at: Timestamp,
    pub(super) lanes: BTreeMap<i16, LaneMove>,
    pub(super) organisations: BTreeMap<Uuid, OrganisationMove>,
    pub(super) events: Vec<EventRow<'a>>,
    /// Streams whose version was expected but not known: (organisation, stream, version).
    pub(super) probes: Vec<(Uuid, Uuid, i64)>,
    pub(super) commands: Vec<(Uuid, KnownCommand)>,
    pub(super) claims_let_go: Vec<(Uuid, i16, Uuid, Uuid)>,
    pub(super) claims_taken: Vec<(Uuid, i16, Uuid, Uuid)>,
    pub(super) new_keys: Vec<(Uuid, Uuid, &'a [u8])>,
    pub(super) destroyed_keys: Vec<(Uuid, Uuid)>,
    pub(super) counters: BTreeMap<(Uuid, String), i64>,
}

impl Plan<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.commands.is_empty()
    }
}

/// Judges each append by what is known (earlier appends of the batch included) and lays out the
/// rows of those that go through.
pub(super) fn plan<'a>(
    appends: &'a [Append],
    known: &mut Known,
    now: Timestamp,
) -> (Plan<'a>, Vec<Verdict>) {
    let recorded_at =
        known.lanes.values().map(|lane| lane.last_recorded_at).fold(now, Timestamp::max);
    let mut plan = Plan {
        recorded_at,
        lanes: BTreeMap::new(),
        organisations: BTreeMap::new(),
        events: Vec::new(),
        probes: Vec::new(),
        commands: Vec::new(),
        claims_let_go: Vec::new(),
        claims_taken: Vec::new(),
        new_keys: Vec::new(),
        destroyed_keys: Vec::new(),
        counters: BTreeMap::new(),
    };
    let verdicts = appends
        .iter()
        .map(|append| match judge(append, known) {
            Ok(None) => Ok(lay_out(append, known, &mut plan)),
            Ok(Some(replay)) => Ok(replay.appended(recorded_at)),
            Err(error) => Err(error),
        })
        .collect();
    for (lane, moved) in &plan.lanes {
        if let Some(lane) = known.lanes.get_mut(lane) {
            lane.next_position = moved.to;
            lane.last_recorded_at = recorded_at;
        }
    }
    for (organisation, moved) in &plan.organisations {
        if let Some(organisation) = known.organisations.get_mut(organisation) {
            organisation.next_sequence = moved.to;
            organisation.head = moved.root.clone().finish();
        }
    }
    (plan, verdicts)
}

/// `Some` is a command that is known with the same body.
fn judge(append: &Append, known: &Known) -> Result<Option<KnownCommand>, AppendError> {
    let organisation = append.organisation;
    if !known.organisations.contains_key(&organisation) {
        return Err(AppendError::UnknownOrganisation);
    }
    if let Some(command) = append.command
        && let Some(seen) = known.commands.get(&(organisation, command.id))
    {
        return if seen.id.fingerprint == command.fingerprint {
            Ok(Some(*seen))
        } else {
            Err(AppendError::KeyReused)
        };
    }
    for stream in &append.streams {
        let cached = known.versions.get(&(organisation, stream.stream_id)).copied();
        let current = if known.complete { Some(cached.unwrap_or(0)) } else { cached };
        if let (Expected::Version(expected), Some(current)) = (stream.expected, current)
            && expected != current
        {
            return Err(AppendError::Conflict { stream_id: stream.stream_id, current });
        }
    }
    for claim in append.claims.iter().filter(|claim| claim.take) {
        if let Some(holder) = known.claims.get(&(organisation, claim.kind, claim.value))
            && *holder != claim.stream_id
        {
            return Err(AppendError::ClaimTaken { kind: claim.kind, holder: *holder });
        }
    }
    for key in &append.new_keys {
        match known.person_keys.get(&(organisation, key.key_id)) {
            Some(KeyState::Exists) => return Err(AppendError::KeyExists),
            Some(KeyState::Destroyed) => return Err(AppendError::KeyDestroyed),
            None => {}
        }
    }
    Ok(None)
}

impl KnownCommand {
    fn appended(&self, recorded_at: Timestamp) -> Appended {
        Appended {
            first_sequence: self.first_sequence,
            last_sequence: self.last_sequence,
            versions: Vec::new(),
            numbers: Vec::new(),
            recorded_at,
            replayed: true,
        }
    }
}

fn lay_out<'a>(append: &'a Append, known: &mut Known, plan: &mut Plan<'a>) -> Appended {
    let organisation = append.organisation;
    let mut versions = Vec::with_capacity(append.streams.len());
    let mut numbers = Vec::with_capacity(append.numbers.len());
    let first_sequence = next_sequence(organisation, known, plan);
    for (index, stream) in append.streams.iter().enumerate() {
        let key = (organisation, stream.stream_id);
        let mut version = match (stream.expected, known.versions.get(&key)) {
            (_, Some(version)) => *version,
            (Expected::Version(expected), None) => {
                if expected > 0 && !known.complete {
                    plan.probes.push((organisation, stream.stream_id, expected));
                }
                expected
            }
            (Expected::Any, None) => 0,
        };
        for (place, event) in stream.events.iter().enumerate() {
            version += 1;
            let event = numbered(append, (index, place), event, known, plan, &mut numbers);
            push_event(plan, known, organisation, stream.stream_id, version, event);
        }
        known.versions.insert(key, version);
        versions.push(version);
    }
    let last_sequence = next_sequence(organisation, known, plan) - 1;
    if let Some(id) = append.command {
        let command = KnownCommand { id, first_sequence, last_sequence };
        known.commands.insert((organisation, id.id), command);
        plan.commands.push((organisation, command));
    }
    lay_out_claims_and_keys(append, known, plan);
    Appended {
        first_sequence,
        last_sequence,
        versions,
        numbers,
        recorded_at: plan.recorded_at,
        replayed: false,
    }
}

/// The event with the next numbers of the organisation's series written into its body.
fn numbered<'a>(
    append: &Append,
    place: (usize, usize),
    event: &'a NewEvent,
    known: &mut Known,
    plan: &mut Plan<'_>,
    numbers: &mut Vec<String>,
) -> Cow<'a, NewEvent> {
    let mut event = Cow::Borrowed(event);
    for number in append.numbers.iter().filter(|number| (number.stream, number.event) == place) {
        let Ok(Value::Object(mut body)) = serde_json::from_slice(&event.data) else { continue };
        let key = (append.organisation, number.series.clone());
        let next = known.counters.entry(key.clone()).or_insert(1);
        let given = format!("{}{next}", number.series);
        body.insert(number.member.clone(), Value::from(given.clone()));
        numbers.push(given);
        *next += 1;
        plan.counters.insert(key, *next);
        event.to_mut().data = Value::Object(body).to_string().into_bytes();
    }
    event
}

fn lay_out_claims_and_keys<'a>(append: &'a Append, known: &mut Known, plan: &mut Plan<'a>) {
    let organisation = append.organisation;
    for claim in &append.claims {
        let key = (organisation, claim.kind, claim.value);
        let row = (organisation, claim.kind, claim.value, claim.stream_id);
        if !claim.take {
            known.claims.remove(&key);
            plan.claims_let_go.push(row);
        } else if known.claims.insert(key, claim.stream_id).is_none() {
            plan.claims_taken.push(row);
        }
    }
    for key in &append.new_keys {
        known.person_keys.insert((organisation, key.key_id), KeyState::Exists);
        plan.new_keys.push((organisation, key.key_id, &key.wrapped));
    }
    for key in &append.destroyed_keys {
        known.person_keys.insert((organisation, *key), KeyState::Destroyed);
        plan.destroyed_keys.push((organisation, *key));
    }
}

fn next_sequence(organisation: Uuid, known: &Known, plan: &Plan<'_>) -> i64 {
    plan.organisations.get(&organisation).map_or_else(
        || known.organisations.get(&organisation).map_or(1, |known| known.next_sequence),
        |moved| moved.to,
    )
}

fn push_event<'a>(
    plan: &mut Plan<'a>,
    known: &Known,
    organisation: Uuid,
    stream_id: Uuid,
    version: i64,
    event: Cow<'a, NewEvent>,
) {
    let Some(counters) = known.organisations.get(&organisation) else { return };
    let lane = counters.lane;
    let next_position = known.lanes.get(&lane).map_or(1, |lane| lane.next_position);
    let lane_move =
        plan.lanes.entry(lane).or_insert(LaneMove { from: next_position, to: next_position });
    let organisation_move =
        plan.organisations.entry(organisation).or_insert_with(|| OrganisationMove {
            lane,
            from: counters.next_sequence,
            to: counters.next_sequence,
            root: Root::over(&counters.head),
        });
    let sequence = organisation_move.to;
    let content = event.content(organisation, stream_id);
    let leaf = leaf(&content, sequence, version, plan.recorded_at);
    organisation_move.root.add(&leaf);
    organisation_move.to += 1;
    plan.events.push(EventRow {
        lane,
        position: lane_move.to,
        organisation,
        sequence,
        stream_id,
        version,
        leaf,
        event,
    });
    lane_move.to += 1;
}
