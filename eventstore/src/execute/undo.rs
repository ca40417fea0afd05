//! Taking back what an event changed: decided from its record's events, done by commands.

use domain::undo::{self, Change};
use domain::{Command, Recorded};
use jiff::Timestamp;

use super::{ATTEMPTS, Caller, Done, Options, Refused};
use crate::error::Error;
use crate::store::Store;

impl Store {
    /// Undoes one event in the name of the caller, who must be allowed the commands that do it.
    pub async fn undo(
        &self,
        caller: &Caller,
        event: &Recorded,
        options: &Options,
    ) -> Result<Done, Refused> {
        let caller = Caller { causation_id: Some(event.event_id), undoes: true, ..caller.clone() };
        for _ in 0..ATTEMPTS {
            let (version, commands) = match self.decide_undo(&caller, event).await {
                Ok(decided) => decided,
                // What is refused now may have been done before, by the same key.
                Err(refused) => {
                    return self.done_before(&caller, options).await?.ok_or(refused);
                }
            };
            let options = Options { if_match: Some(version), ..options.clone() };
            match self.execute_all(&caller, commands, &options).await {
                Err(Refused::VersionConflict { .. }) => {}
                done => return done,
            }
        }
        Err(Refused::Conflict)
    }

    /// The version of the event's record, and the commands that undo it.
    async fn decide_undo(
        &self,
        caller: &Caller,
        event: &Recorded,
    ) -> Result<(i64, Vec<Command>), Refused> {
        let Recorded { organisation, stream_id, event_id, .. } = *event;
        let events = self.read_stream(organisation, stream_id, 0).await?;
        let version = events.last().map_or(0, |event| event.version);
        let record: Vec<Change> = events
            .iter()
            .map(Change::of)
            .collect::<Result<_, _>>()
            .map_err(|error| Error::Stream(stream_id, error))?;
        let rejected = |error: undo::Error| Refused::Rejected(Box::new(error));
        let commands = undo::inverse(&record, stream_id, event_id).map_err(rejected)?;
        for command in &commands {
            self.permits(&caller.principal, command).await?;
        }
        undo::check(&record, event_id, &caller.principal, Timestamp::now()).map_err(rejected)?;
        Ok((version, commands))
    }
}
