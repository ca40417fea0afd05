//! Folded states of streams: cached, brought up to date, looked up for others' decisions.

use std::any::Any;
use std::sync::Arc;

use domain::Decider;
use domain::customer::{self, Customer};
use domain::event::Part;
use domain::folder::{self, Folder};
use uuid::Uuid;

use super::CachedState;
use super::work::Work;
use crate::error::Error;
use crate::store::Store;

impl Store {
    /// Remembers the states that the committed work left; not those that were decided before
    /// the append gave a number.
    pub(super) fn keep(&self, organisation: Uuid, work: &Work, epoch: Option<u64>) {
        let mut states = self.states().lock();
        for stream in work.changed() {
            if stream.events.iter().any(|event| event.series().is_some()) {
                states.pop(&(organisation, stream.id));
                continue;
            }
            let count = i64::try_from(stream.events.len()).unwrap_or_default();
            let (version, state) = (stream.version + count, Arc::clone(&stream.state));
            let cached = CachedState { version, epoch, state };
            states.put((organisation, stream.id), cached);
        }
    }

    /// `fresh` reads what others may have written since the states were cached.
    pub(super) async fn load_state<D: Decider>(
        &self,
        organisation: Uuid,
        stream_id: Uuid,
        fresh: bool,
    ) -> Result<(i64, Arc<D::State>), Error> {
        let epoch = self.epoch(organisation);
        let (mut version, mut state) = match self.cached_state::<D>(organisation, stream_id) {
            Some((version, state, read_at)) if !fresh && read_at.is_some() && read_at == epoch => {
                return Ok((version, state));
            }
            Some((version, state, _)) => (version, (*state).clone()),
            None => (0, D::State::default()),
        };
        for recorded in self.read_stream(organisation, stream_id, version).await? {
            let event = recorded.event().map_err(|error| Error::Stream(stream_id, error))?;
            if let Some(event) = D::Event::of(&event) {
                state = D::evolve(state, event);
            }
            version = recorded.version;
        }
        let state = Arc::new(state);
        if version > 0 {
            let kept: Arc<dyn Any + Send + Sync> = Arc::clone(&state) as _;
            let cached = CachedState { version, epoch, state: kept };
            self.states().lock().put((organisation, stream_id), cached);
        }
        Ok((version, state))
    }

    pub(super) fn cached_state<D: Decider>(
        &self,
        organisation: Uuid,
        stream_id: Uuid,
    ) -> Option<(i64, Arc<D::State>, Option<u64>)> {
        let cached = self.states().lock().get(&(organisation, stream_id)).cloned()?;
        Some((cached.version, cached.state.downcast::<D::State>().ok()?, cached.epoch))
    }

    pub(super) async fn folder(
        &self,
        organisation: Uuid,
        id: Uuid,
        fresh: bool,
    ) -> Result<Option<folder::State>, Error> {
        // The id may be that of a record of another kind.
        let (_, state) = self.load_state::<Folder>(organisation, id, fresh).await?;
        Ok(state.exists.then(|| (*state).clone()))
    }

    /// A customer, with what this try has decided about it so far.
    pub(super) async fn customer(
        &self,
        work: &Work,
        organisation: Uuid,
        id: Uuid,
        fresh: bool,
    ) -> Result<Arc<customer::State>, Error> {
        let decided = work.stream(id);
        if let Some(state) = decided.and_then(|stream| Arc::clone(&stream.state).downcast().ok()) {
            return Ok(state);
        }
        Ok(self.load_state::<Customer>(organisation, id, fresh).await?.1)
    }
}
