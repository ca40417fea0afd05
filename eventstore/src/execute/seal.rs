//! From decided events to bytes: personal values sealed under their person's key, claims hashed.

use std::collections::{BTreeSet, HashMap};

use domain::event::SCHEMA_VERSION;
use domain::{Event, Metadata, personal};
use serde_json::Value;
use uuid::Uuid;

use super::Refused;
use super::work::Work;
use crate::append::{
    Append, ClaimRow, CommandId, Expected, NewEvent, NewKey, NumberUse, StreamAppend,
};
use crate::crypto::{SecretKey, claim_hash};
use crate::error::Error;
use crate::keys::PersonKey;
use crate::read::sealing_context;
use crate::store::Store;

/// An append ready to go, and what is to be remembered when it is committed.
pub(super) struct Sealed {
    pub(super) append: Append,
    pub(super) new_keys: Vec<(Uuid, PersonKey)>,
    pub(super) event_ids: Vec<Uuid>,
}

/// An event's parts before sealing.
struct Parts {
    type_name: String,
    body: Value,
    private: Vec<Value>,
    key_id: Option<Uuid>,
    customer_id: Option<Uuid>,
}

impl Parts {
    /// Personal values about nobody in particular are sealed under a key of the organisation's own.
    fn of(event: &Event, stream_id: Uuid, organisation: Uuid) -> Result<Self, Error> {
        let (type_name, mut body) = event.encode().map_err(Error::Encode)?;
        let private = personal::seal(&mut body);
        let key_id = (!private.is_empty()).then(|| event.key_id(stream_id).unwrap_or(organisation));
        Ok(Self { type_name, body, private, key_id, customer_id: event.customer_id(stream_id) })
    }
}

impl Store {
    pub(super) async fn seal(
        &self,
        organisation: Uuid,
        work: &Work,
        metadata: &Metadata,
        command: Option<CommandId>,
    ) -> Result<Sealed, Refused> {
        let mut append = Append::new(organisation);
        append.command = command;
        let meta = serde_json::to_vec(metadata).map_err(Error::Encode)?;
        let mut streams = Vec::new();
        let mut wanted = BTreeSet::new();
        for stream in work.changed() {
            let parts: Vec<Parts> = stream
                .events
                .iter()
                .map(|event| Parts::of(event, stream.id, organisation))
                .collect::<Result<_, _>>()?;
            wanted.extend(parts.iter().filter_map(|parts| parts.key_id));
            streams.push((stream, parts));
        }
        let wanted: Vec<Uuid> = wanted.into_iter().collect();
        let (keys, mut new_keys) = self.keys_for(organisation, &wanted, &mut append).await?;

        let claim_key = self.keyring().organisation(organisation).await?.claims;
        let mut event_ids = Vec::new();
        for (stream, parts) in streams {
            let mut events = Vec::with_capacity(parts.len());
            for parts in parts {
                let event = seal_one(organisation, parts, &meta, &keys)?;
                event_ids.push(event.event_id);
                events.push(event);
            }
            append.numbers.extend(numbers(append.streams.len(), &stream.events));
            append.claims.extend(claims(&claim_key, stream.id, &stream.events));
            append
                .destroyed_keys
                .extend(stream.events.iter().filter_map(|event| event.destroys_key(stream.id)));
            append.streams.push(StreamAppend {
                stream_id: stream.id,
                expected: Expected::Version(work.expected(stream)),
                events,
            });
        }
        append.streams.extend(work.read_only().map(|(stream_id, version)| StreamAppend {
            stream_id,
            expected: Expected::Version(version),
            events: Vec::new(),
        }));
        // Once it is committed, what was personal is unreadable here at once.
        new_keys.extend(append.destroyed_keys.iter().map(|id| (*id, PersonKey::Destroyed)));
        Ok(Sealed { append, new_keys, event_ids })
    }

    async fn keys_for(
        &self,
        organisation: Uuid,
        wanted: &[Uuid],
        append: &mut Append,
    ) -> Result<(HashMap<Uuid, SecretKey>, Vec<(Uuid, PersonKey)>), Refused> {
        let mut keys = HashMap::with_capacity(wanted.len());
        let mut new_keys = Vec::new();
        if wanted.is_empty() {
            return Ok((keys, new_keys));
        }
        for (id, key) in self.keyring().persons(organisation, wanted).await? {
            let key = match key {
                PersonKey::Known(key) => key,
                PersonKey::Destroyed => return Err(Refused::Erased),
                PersonKey::Missing => {
                    let (key, wrapped) = self.keyring().make_person(organisation, id).await?;
                    append.new_keys.push(NewKey { key_id: id, wrapped });
                    new_keys.push((id, PersonKey::Known(key.clone())));
                    key
                }
            };
            keys.insert(id, key);
        }
        Ok((keys, new_keys))
    }
}

fn seal_one(
    organisation: Uuid,
    parts: Parts,
    meta: &[u8],
    keys: &HashMap<Uuid, SecretKey>,
) -> Result<NewEvent, Error> {
    let event_id = Uuid::now_v7();
    let private = match parts.key_id.and_then(|id| keys.get(&id)) {
        Some(key) => {
            let plain = serde_json::to_vec(&parts.private).map_err(Error::Encode)?;
            let context = sealing_context(
                organisation,
                event_id,
                parts.key_id,
                &parts.type_name,
                SCHEMA_VERSION,
            );
            Some(key.seal(&plain, &context).map_err(|_| Error::MasterKey)?)
        }
        None => None,
    };
    Ok(NewEvent {
        event_id,
        type_name: parts.type_name,
        schema_version: SCHEMA_VERSION,
        customer_id: parts.customer_id,
        key_id: parts.key_id,
        meta: meta.to_vec(),
        data: serde_json::to_vec(&parts.body).map_err(Error::Encode)?,
        private,
    })
}

/// The numbers that the events of a stream take from the organisation's own series.
fn numbers(stream: usize, events: &[Event]) -> impl Iterator<Item = NumberUse> + '_ {
    let series = events.iter().enumerate().filter_map(|(at, event)| Some((at, event.series()?)));
    series.map(move |(event, series)| NumberUse {
        series: series.to_owned(),
        stream,
        event,
        member: "number".to_owned(),
    })
}

/// What the events take and let go of in the end: a value taken and let go again needs no row.
fn claims(key: &SecretKey, stream_id: Uuid, events: &[Event]) -> Vec<ClaimRow> {
    let mut rows: Vec<ClaimRow> = Vec::new();
    for change in events.iter().flat_map(Event::claims) {
        let kind = change.kind.number();
        let value = claim_hash(key, change.kind, &change.value);
        let opposite = rows
            .iter()
            .position(|row| row.kind == kind && row.value == value && row.take != change.take);
        match opposite {
            Some(index) => {
                rows.remove(index);
            }
            None => rows.push(ClaimRow { kind, value, stream_id, take: change.take }),
        }
    }
    rows
}
