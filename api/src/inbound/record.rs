//! From what came in to commands. The ids of streams follow from the ids that carriers give, so
//! what is delivered again, or by two doors, is there once.

use std::sync::Arc;

mod payment;

use domain::access::Principal;
use domain::claim::ClaimKind;
use domain::customer::{Customer, Presence};
use domain::message::{self, Message, Stage, provider_claim};
use domain::unmatched::{self, Unmatched};
use domain::value::{Channel, mask_card_numbers};
use domain::{Command, Source};
use eventstore::{Caller, Options, Refused, Store};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::sender::{self, Sender};
use super::{Incoming, Item, Notice, Outcome, Status, mail};
use crate::commands::invalid;
use crate::problem::Problem;

pub(crate) use payment::payment_id;

/// Writes what comes in on behalf of somebody.
#[derive(Debug)]
pub(crate) struct Recorder<'a> {
    store: &'a Store,
    principal: Principal,
}

/// The stream of a message that came in.
pub(crate) fn message_id(organisation: Uuid, channel: Channel, provider_id: &str) -> Uuid {
    stream_id(organisation, "message", channel.name(), provider_id)
}

/// The stream of something that waits for a customer.
pub(crate) fn unmatched_id(organisation: Uuid, source: &str, provider_id: &str) -> Uuid {
    stream_id(organisation, "unmatched", source, provider_id)
}

fn stream_id(organisation: Uuid, kind: &str, source: &str, provider_id: &str) -> Uuid {
    Uuid::new_v5(&organisation, format!("{kind}\0{source}\0{provider_id}").as_bytes())
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(store: &'a Store, principal: Principal) -> Self {
        Self { store, principal }
    }

    /// Writes one thing of a delivery.
    pub(crate) async fn item(&self, item: Item) -> Result<Outcome, Problem> {
        match item {
            Item::Message(message) => self.message(*message).await,
            Item::Notice(notice) => self.notice(notice).await,
            Item::Payment(payment) => self.payment(*payment).await,
            Item::Other => Ok(Outcome::Ignored),
        }
    }

    /// On the record of the customer who sent it, else into the list of what waits for one. What a
    /// machine sends for nobody known is not kept: no lead is behind it.
    pub(crate) async fn message(&self, incoming: Incoming) -> Result<Outcome, Problem> {
        let incoming = incoming.cleaned();
        if incoming.from.is_empty() || incoming.provider_id.is_empty() {
            return Ok(Outcome::Ignored);
        }
        let organisation = self.principal.organisation;
        let (channel, from) = (incoming.channel, &incoming.from);
        let id = message_id(organisation, channel, &incoming.provider_id);
        let waiting = unmatched_id(organisation, channel.name(), &incoming.provider_id);
        if let Some(outcome) = self.known(id, waiting).await? {
            return Ok(outcome);
        }
        let answered = self.answered(&incoming).await?;
        let of_thread = answered.map(|(_, customer)| customer);
        let sender = sender::of(self.store, organisation, channel, from).await?;
        let (customer, candidates) = match (sender, of_thread) {
            (Sender::One(customer), _) => (Some(customer), Vec::new()),
            (Sender::Several(those), Some(customer)) if those.contains(&customer) => {
                (Some(customer), Vec::new())
            }
            (Sender::Several(those), _) => (None, those),
            (Sender::Nobody, customer) => (customer, Vec::new()),
        };
        let at = incoming.sent_at;
        if let Some(customer) = customer {
            let data = received(&incoming, customer, answered.map(|(message, _)| message));
            self.write("message.receive", id, data, at).await?;
            return Ok(Outcome::Recorded { id, customer });
        }
        if incoming.automatic {
            return Ok(Outcome::Ignored);
        }
        self.write("unmatched.receive_message", waiting, waits(&incoming, &candidates), at).await?;
        Ok(Outcome::Unmatched { id: waiting })
    }

    /// What came of the same message when it was delivered before.
    async fn known(&self, id: Uuid, waiting: Uuid) -> Result<Option<Outcome>, Problem> {
        let organisation = self.principal.organisation;
        let (_, message) = self.store.load::<Message>(organisation, id).await?;
        if let Some(customer) = message.customer {
            return Ok(Some(Outcome::Recorded { id, customer }));
        }
        let (_, state) = self.store.load::<Unmatched>(organisation, waiting).await?;
        Ok(match &*state {
            unmatched::State::Absent => None,
            unmatched::State::Open(_) => Some(Outcome::Unmatched { id: waiting }),
            unmatched::State::Attached(customer) => {
                Some(Outcome::Recorded { id, customer: *customer })
            }
            unmatched::State::Dismissed => Some(Outcome::Ignored),
        })
    }

    /// The message on record that this one answers, and its customer, who is still known.
    async fn answered(&self, incoming: &Incoming) -> Result<Option<(Uuid, Uuid)>, Problem> {
        let organisation = self.principal.organisation;
        for refers_to in &incoming.refers_to {
            let found = self.find(incoming.channel, refers_to).await?;
            let Some((id, customer)) =
                found.and_then(|(id, message)| Some((id, message.customer?)))
            else {
                continue;
            };
            let (_, state) = self.store.load::<Customer>(organisation, customer).await?;
            if matches!(state.presence, Presence::Present | Presence::Archived) {
                return Ok(Some((id, customer)));
            }
        }
        Ok(None)
    }

    /// The message on record that its carrier knows by this id; in mail we give the id ourselves.
    async fn find(
        &self,
        channel: Channel,
        provider_id: &str,
    ) -> Result<Option<(Uuid, Arc<message::State>)>, Problem> {
        let organisation = self.principal.organisation;
        if channel == Channel::Email
            && let Some(own) = mail::own_id(provider_id)
        {
            let (_, message) = self.store.load::<Message>(organisation, own).await?;
            if message.customer.is_some() {
                return Ok(Some((own, message)));
            }
        }
        let claim = provider_claim(channel, provider_id);
        let kind = ClaimKind::ProviderMessage;
        let Some(id) = self.store.holder(organisation, kind, &claim).await? else {
            return Ok(None);
        };
        let (_, message) = self.store.load::<Message>(organisation, id).await?;
        Ok(Some((id, message)))
    }

    /// The message of ours with this id, if it went by this channel.
    async fn own(
        &self,
        id: Uuid,
        channel: Channel,
    ) -> Result<Option<(Uuid, Arc<message::State>)>, Problem> {
        let (_, message) = self.store.load::<Message>(self.principal.organisation, id).await?;
        Ok((message.channel == Some(channel)).then_some((id, message)))
    }

    /// What a carrier tells of a message of ours. What comes late changes nothing any more, and
    /// what is told of messages that we did not send is nothing to us.
    pub(crate) async fn notice(&self, notice: Notice) -> Result<Outcome, Problem> {
        let found = match notice.message {
            Some(own) => self.own(own, notice.channel).await?,
            None => self.find(notice.channel, &notice.provider_id).await?,
        };
        let Some((id, message)) = found else { return Ok(Outcome::Ignored) };
        let Some(customer) = message.customer else { return Ok(Outcome::Ignored) };
        if matches!(message.stage, Stage::Absent | Stage::Received | Stage::Withheld) {
            return Ok(Outcome::Ignored);
        }
        let (name, data) = match notice.status {
            Status::Sent if message.stage != Stage::Requested => {
                return Ok(Outcome::Recorded { id, customer });
            }
            Status::Sent => ("message.record_sent", json!({ "provider_id": notice.provider_id })),
            Status::Delivered => ("message.record_delivered", json!({})),
            Status::Opened => ("message.record_opened", json!({})),
            Status::Failed { reason, is_final } => (
                "message.record_failed",
                json!({ "reason": mask_card_numbers(&reason), "final": is_final }),
            ),
        };
        self.write(name, id, data, notice.at).await?;
        Ok(Outcome::Recorded { id, customer })
    }

    /// Does one command.
    async fn write(
        &self,
        name: &str,
        id: Uuid,
        data: Value,
        at: Option<Timestamp>,
    ) -> Result<(), Problem> {
        let command = Command::parse(name, Some(id), data).map_err(invalid)?;
        let written = self.store.execute(&self.caller(at), command, &Options::default()).await;
        written.map(drop).map_err(|refused: Refused| refused.into())
    }

    /// When something happened counts as its sender says, unless that lies in the future.
    fn caller(&self, at: Option<Timestamp>) -> Caller {
        let occurred_at = at.filter(|at| *at <= Timestamp::now());
        Caller { occurred_at, ..Caller::new(self.principal.clone(), Source::Api) }
    }
}

/// The data of `message.receive`.
fn received(incoming: &Incoming, customer: Uuid, in_reply_to: Option<Uuid>) -> Value {
    let mut data = said(incoming);
    if let Value::Object(data) = &mut data {
        data.insert("customer".to_owned(), json!(customer));
        data.insert("in_reply_to".to_owned(), json!(in_reply_to));
        data.insert("automatic".to_owned(), incoming.automatic.into());
    }
    data
}

/// The data of `unmatched.receive_message`.
fn waits(incoming: &Incoming, candidates: &[Uuid]) -> Value {
    let mut data = said(incoming);
    if let Value::Object(data) = &mut data {
        data.insert("name".to_owned(), json!(incoming.name));
        data.insert("candidates".to_owned(), json!(candidates));
    }
    data
}

/// What both have in common. A conversation by mail is known by its first message.
fn said(incoming: &Incoming) -> Value {
    let first = incoming.refers_to.last().unwrap_or(&incoming.provider_id);
    let thread =
        (incoming.channel == Channel::Email).then(|| super::line(first, super::LONGEST_LINE));
    json!({
        "channel": incoming.channel,
        "from": incoming.from,
        "to": incoming.to,
        "subject": incoming.subject,
        "text": incoming.text,
        "thread": thread.flatten(),
        "provider_id": incoming.provider_id,
        "attachments": incoming.attachments,
    })
}
