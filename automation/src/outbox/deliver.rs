//! One message: looked at once more, sent, and its outcome recorded.

use std::sync::Arc;
use std::time::Duration;

use domain::access::Principal;
use domain::customer::Customer;
use domain::message::{self, Message, RecordFailed, RecordSent, Requested, Stage, Withhold};
use domain::organisation::Organisation;
use domain::value::{AskedBy, ProviderId, Text, WithheldReason};
use domain::{Command, Event, Recorded, Source};
use eventstore::{Caller, CommandId, Options, Refused, Store};

use super::effects::{self, Effect, Next};
use super::line::Line;
use super::provider::{self, Provider};
use super::smtp::Trouble;
use super::{Handed, Settings, compose, unsubscribe};
use crate::egress::Egress;
use crate::error::Error;
use crate::ids;
use crate::matcher::causes;

/// How often an outcome is told to the log before the message is given back.
const TELLINGS: u32 = 5;
const BETWEEN_TELLINGS: Duration = Duration::from_millis(300);

#[derive(Debug, Clone)]
pub(super) struct Deliverer {
    store: Store,
    settings: Arc<Settings>,
    egress: Egress,
}

impl Line for Deliverer {
    type Item = Effect;

    fn store(&self) -> &Store {
        &self.store
    }

    fn concurrency(&self) -> usize {
        self.settings.concurrency
    }

    async fn claim(&self, most: usize) -> Result<Vec<Effect>, Error> {
        let client = self.store.worker().get().await?;
        effects::claim(&client, most, self.settings.claim).await
    }

    async fn work(&self, effect: Effect) {
        let delivered = tokio::select! {
            delivered = self.deliver(&effect) => delivered,
            lost = self.hold(&effect) => lost,
        };
        let settled = match delivered {
            Ok(next) => self.settle(&effect, &next).await,
            Err(error) => Err(error),
        };
        if let Err(error) = settled {
            // The claim ends by itself, and whoever takes it next looks where the message stands.
            tracing::error!(
                organisation.id = %effect.organisation,
                message.id = %effect.message,
                error = %causes(&error),
                "how a message went could not be written down; it is looked at again"
            );
        }
    }
}

impl Deliverer {
    pub(super) fn new(store: Store, egress: Egress, settings: Settings) -> Self {
        Self { store, egress, settings: Arc::new(settings) }
    }

    /// Keeps the claim for as long as the server takes; ends only when it cannot.
    async fn hold(&self, effect: &Effect) -> Result<Next, Error> {
        loop {
            tokio::time::sleep(self.settings.claim / 3).await;
            let client = self.store.worker().get().await?;
            effects::renew(&client, effect, self.settings.claim).await?;
        }
    }

    async fn settle(&self, effect: &Effect, next: &Next) -> Result<(), Error> {
        let client = self.store.worker().get().await?;
        effects::settle(&client, effect, next).await
    }

    async fn deliver(&self, effect: &Effect) -> Result<Next, Error> {
        let organisation = effect.organisation;
        let Some(recorded) = self.store.read_event(organisation, effect.event_id).await? else {
            return Ok(Next::Finish);
        };
        let Event::Message(message::Event::Requested(requested)) = recorded.event()? else {
            return Ok(Next::Finish);
        };
        let (_, state) = self.store.load::<Message>(organisation, effect.message).await?;
        if state.stage != Stage::Requested {
            return Ok(Next::Finish);
        }
        if let Some(reason) = self.withheld(effect, &requested).await? {
            let command = message::Command::Withhold(Withhold { reason });
            return self.tell(effect, &recorded, command, "withheld").await;
        }
        match self.hand_over(effect, &requested).await? {
            Handed::Taken(id) => {
                let provider_id = id.and_then(|id| ProviderId::try_from(id).ok());
                let command = message::Command::RecordSent(RecordSent { provider_id });
                self.tell(effect, &recorded, command, "sent").await
            }
            Handed::Waits(reason) => Ok(Next::Wait(self.settings.no_sender, reason)),
            Handed::Refused(trouble) => self.failed(effect, &recorded, trouble).await,
        }
    }

    async fn hand_over(&self, effect: &Effect, requested: &Requested) -> Result<Handed, Error> {
        let Some(provider) = Provider::of(requested.channel) else {
            return self.mail(effect, requested).await;
        };
        let out = (&self.egress, &self.settings.providers);
        provider::send(provider, &self.store, out, effect, requested).await
    }

    async fn mail(&self, effect: &Effect, requested: &Requested) -> Result<Handed, Error> {
        let Some(smtp) = &self.settings.smtp else {
            return Ok(Handed::Waits("no mail server is set"));
        };
        let organisation = effect.organisation;
        let (_, organisation) = self.store.load::<Organisation>(organisation, organisation).await?;
        let Some(sender) = &organisation.sender else {
            return Ok(Handed::Waits("its organisation has no sender yet"));
        };
        let link = self.link(effect, requested).await?;
        let composed = compose::compose(effect.effect_id, requested, sender, link.as_deref());
        let answer = match composed {
            Ok(message) => smtp.send(message).await,
            Err(error) => Err(Trouble::Lasting(causes(&error))),
        };
        Ok(match answer {
            Ok(()) => Handed::Taken(Some(compose::message_id(effect.effect_id, sender))),
            Err(trouble) => Handed::Refused(trouble),
        })
    }

    /// What has changed since the message was asked for may keep it back.
    async fn withheld(
        &self,
        effect: &Effect,
        requested: &Requested,
    ) -> Result<Option<WithheldReason>, Error> {
        let (_, customer) =
            self.store.load::<Customer>(effect.organisation, requested.customer).await?;
        let reason =
            customer.recipient().and_then(|recipient| recipient.withholds(requested.channel));
        let overridden = requested.asked_by == AskedBy::Person
            && matches!(
                reason,
                Some(
                    WithheldReason::Dormant
                        | WithheldReason::DoNotWorkWith
                        | WithheldReason::Archived
                )
            );
        Ok(reason.filter(|_| !overridden))
    }

    /// The link by which the customer closes the address: what is automatic carries one.
    async fn link(&self, effect: &Effect, requested: &Requested) -> Result<Option<String>, Error> {
        let Some(url) = &self.settings.public_url else { return Ok(None) };
        if requested.asked_by == AskedBy::Person {
            return Ok(None);
        }
        let token =
            unsubscribe::token(&self.store, effect.organisation, requested.customer).await?;
        Ok(Some(format!("{}/unsubscribe/{token}", url.trim_end_matches('/'))))
    }

    /// A passing failure is tried again, until there have been enough.
    async fn failed(
        &self,
        effect: &Effect,
        recorded: &Recorded,
        trouble: Trouble,
    ) -> Result<Next, Error> {
        let tried = usize::try_from(effect.attempts).unwrap_or_default();
        let pause = self.settings.backoff.get(tried).copied();
        let (reason, pause) = match trouble {
            Trouble::Passing(reason) => (reason, pause),
            Trouble::Lasting(reason) => (reason, None),
        };
        let text = Text::try_from(reason.chars().take(1_000).collect::<String>());
        let Ok(text) = text.or_else(|_| Text::try_from("the server refused it".to_owned())) else {
            return Ok(Next::Finish);
        };
        let failed = RecordFailed { reason: text, is_final: pause.is_none() };
        let what = format!("failed {tried}");
        let told = self.tell(effect, recorded, message::Command::RecordFailed(failed), &what).await;
        match pause {
            // What is not told now is told with the next try.
            Some(pause) => Ok(Next::Postpone(pause, "its carrier did not take it")),
            None => told,
        }
    }

    /// Records what came of the message, as the service itself, once however often it is told.
    async fn tell(
        &self,
        effect: &Effect,
        cause: &Recorded,
        command: message::Command,
        what: &str,
    ) -> Result<Next, Error> {
        let id = ids::outcome(effect.effect_id, what);
        let command = Command::Message { id: effect.message, command };
        let caller = Caller {
            correlation_id: Some(cause.metadata.correlation_id),
            causation_id: Some(cause.event_id),
            // The loop guard sees through a message: a rule on its sending may not send again.
            rule: cause.metadata.rule.clone(),
            ..Caller::new(Principal::system(effect.organisation), Source::System)
        };
        let command_id = CommandId { id, fingerprint: id };
        let options = Options { command: Some(command_id), ..Options::default() };
        let mut told = 0;
        loop {
            match self.store.execute(&caller, command.clone(), &options).await {
                Ok(_) => return Ok(Next::Finish),
                Err(
                    refused @ (Refused::Conflict
                    | Refused::ReadOnly
                    | Refused::Overloaded
                    | Refused::OutcomeUnknown
                    | Refused::Unavailable
                    | Refused::Failed(_)),
                ) if told < TELLINGS => {
                    tracing::warn!(error = %causes(&refused), "an outcome cannot be recorded yet");
                    told += 1;
                    tokio::time::sleep(BETWEEN_TELLINGS).await;
                }
                // Somebody else has said how it ended, or there is nobody left to say it of.
                Err(Refused::Rejected(_) | Refused::Erased | Refused::NotFound) => {
                    return Ok(Next::Finish);
                }
                Err(refused) => return Err(Error::Unrecorded(Box::new(refused))),
            }
        }
    }
}
