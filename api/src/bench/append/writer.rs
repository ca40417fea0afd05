//! A client that appends as the service does: versions, command ids, claims, keys, sealed bodies.

use eventstore::append::{Append, ClaimRow, CommandId, Expected, NewEvent, NewKey, StreamAppend};
use eventstore::{SecretKey, Store};
use uuid::Uuid;

use crate::bench::Error;
use crate::bench::raw::{BODY_BYTES, META, body};

pub(crate) const ORGANISATIONS: usize = 64;
/// Streams that a client goes on with in turn.
const STREAMS: usize = 50;
/// One append in so many begins a customer: with a key and a claim.
const BEGINS: usize = 10;
/// Nonce and tag of a sealed body.
const SEAL_BYTES: usize = 40;

/// One client.
#[derive(Debug)]
pub(crate) struct Writer {
    organisation: Uuid,
    principal: Uuid,
    wrapping: SecretKey,
    streams: Vec<Stream>,
    turn: usize,
}

#[derive(Debug)]
struct Stream {
    id: Uuid,
    version: i64,
    key: SecretKey,
}

/// So many clients, spread over the organisations, which are made for them.
pub(crate) async fn writers(store: &Store, count: usize) -> Result<Vec<Writer>, Error> {
    let mut organisations = Vec::new();
    for _ in 0..ORGANISATIONS.min(count) {
        let organisation = Uuid::now_v7();
        store.create_organisation(organisation).await?;
        organisations.push(organisation);
    }
    let spread = organisations.iter().cycle().take(count);
    Ok(spread.map(|organisation| Writer::new(*organisation)).collect())
}

impl Writer {
    fn new(organisation: Uuid) -> Self {
        Self {
            organisation,
            principal: Uuid::now_v7(),
            wrapping: SecretKey::generate(),
            streams: Vec::new(),
            turn: 0,
        }
    }

    /// Appends one event and waits for its commit.
    pub(crate) async fn append(&mut self, store: &Store) -> Result<(), Error> {
        self.turn += 1;
        let begins = self.streams.is_empty() || self.turn.is_multiple_of(BEGINS);
        let mut append = Append::new(self.organisation);
        let key = Uuid::new_v4();
        append.command = Some(CommandId::new(self.principal, key.as_bytes(), &[META.as_bytes()]));
        if begins {
            self.begin(&mut append)?;
        }
        let index = if begins { self.streams.len() - 1 } else { self.turn % self.streams.len() };
        let Some(stream) = self.streams.get_mut(index) else { return Ok(()) };
        append.streams.push(StreamAppend {
            stream_id: stream.id,
            expected: Expected::Version(stream.version),
            events: vec![event(self.organisation, stream, length(self.turn))?],
        });
        store.append(append).await?;
        stream.version += 1;
        Ok(())
    }

    fn begin(&mut self, append: &mut Append) -> Result<(), Error> {
        let (id, key) = (Uuid::now_v7(), SecretKey::generate());
        let wrapped = key.wrap_under(&self.wrapping, id.as_bytes()).map_err(sealing)?;
        append.new_keys.push(NewKey { key_id: id, wrapped });
        append.claims.push(ClaimRow { kind: 1, value: Uuid::new_v4(), stream_id: id, take: true });
        if self.streams.len() == STREAMS {
            self.streams.remove(0);
        }
        self.streams.push(Stream { id, version: 0, key });
        Ok(())
    }
}

/// Of a sealed body: between two thirds and four thirds of [`BODY_BYTES`], which is the mean. Rows of
/// one length alone would fill their pages unusually well, or unusually badly.
fn length(turn: usize) -> usize {
    BODY_BYTES * 2 / 3 + turn * 37 % (BODY_BYTES * 2 / 3 + 1)
}

fn event(organisation: Uuid, stream: &Stream, length: usize) -> Result<NewEvent, Error> {
    let event_id = Uuid::now_v7();
    let body = body().repeat(2);
    let plain = body.as_bytes().get(..length - SEAL_BYTES).unwrap_or_default();
    let context = [organisation.as_bytes().as_slice(), event_id.as_bytes()].concat();
    Ok(NewEvent {
        event_id,
        type_name: "customer.note_added".to_owned(),
        schema_version: 1,
        customer_id: Some(stream.id),
        key_id: Some(stream.id),
        meta: META.as_bytes().to_vec(),
        data: br#"{"text":{"$personal":0}}"#.to_vec(),
        private: Some(stream.key.seal(plain, &context).map_err(sealing)?),
    })
}

fn sealing(_: eventstore::crypto::Unreadable) -> Error {
    Error::Store(eventstore::Error::MasterKey)
}
