//! Payments: on the account of whoever they name, else in the list of what waits for a customer.

use domain::Command;
use domain::claim::ClaimKind;
use domain::command::Invalid;
use domain::customer::{Customer, Presence, external_id_claim};
use domain::organisation::Organisation;
use domain::unmatched::{self, Unmatched};
use domain::value::{Email, Phone, holds_card_number};
use eventstore::{CommandId, Done, Options, Refused};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use uuid::Uuid;

use super::{Recorder, stream_id, unmatched_id};
use crate::inbound::sender::{Sender, of_email};
use crate::inbound::{
    IncomingPayment, LONGEST_LINE, LONGEST_NAME, LONGEST_REFERENCE, Outcome, PaidBack, said,
};
use crate::problem::Problem;

/// A payment on an account, as its provider knows it.
pub(crate) fn payment_id(organisation: Uuid, provider: &str, provider_id: &str) -> Uuid {
    stream_id(organisation, "payment", provider, provider_id)
}

impl Recorder<'_> {
    /// Several events tell of one payment: the first one records it, and one that knows whose it is
    /// takes it out of the list again.
    pub(super) async fn payment(&self, payment: IncomingPayment) -> Result<Outcome, Problem> {
        let organisation = self.principal.organisation;
        let waiting = unmatched_id(organisation, payment.provider, &payment.provider_id);
        let (_, state) = self.store.load::<Unmatched>(organisation, waiting).await?;
        let waits = match &*state {
            unmatched::State::Dismissed => return Ok(Outcome::Ignored),
            unmatched::State::Attached(customer) => {
                return self.recorded(&payment, *customer).await;
            }
            unmatched::State::Absent => false,
            unmatched::State::Open(_) => true,
        };
        let on = self.day(payment.paid_at).await?;
        let commands = match (self.payer(&payment).await?, waits) {
            (Some(customer), false) => {
                receive(organisation, &payment, customer, on).map(|receive| vec![receive])
            }
            (Some(customer), true) => attach(waiting, customer).and_then(|attach| {
                Ok(vec![attach, receive(organisation, &payment, customer, on)?])
            }),
            (None, false) => wait(waiting, &payment, on).map(|wait| vec![wait]),
            (None, true) => return Ok(Outcome::Unmatched { id: waiting }),
        };
        let commands = match commands {
            Ok(commands) => commands,
            Err(error) => {
                tracing::warn!(%error, "a payment of a provider cannot be kept; it is passed over");
                return Ok(Outcome::Ignored);
            }
        };
        let done = self.once(&payment, if waits { "known" } else { "first" }, commands).await?;
        let customer =
            done.events.iter().find_map(|receipt| receipt.event.customer_id(receipt.stream_id));
        match customer {
            Some(customer) => self.recorded(&payment, customer).await,
            None => Ok(Outcome::Unmatched { id: waiting }),
        }
    }

    /// Under an id that follows from the payment's own: the same answer, whoever is known later.
    async fn once(
        &self,
        payment: &IncomingPayment,
        key: &str,
        commands: Vec<Command>,
    ) -> Result<Done, Refused> {
        let own = [payment.provider, &payment.provider_id, key].join("\0");
        let command = CommandId::new(Uuid::nil(), own.as_bytes(), &[own.as_bytes()]);
        let options = Options { command: Some(command), ..Options::default() };
        self.store.execute_all(&self.caller(payment.paid_at), commands, &options).await
    }

    /// On the account of this customer; with it what was paid back of it, and what it is for.
    async fn recorded(
        &self,
        payment: &IncomingPayment,
        customer: Uuid,
    ) -> Result<Outcome, Problem> {
        let organisation = self.principal.organisation;
        let id = payment_id(organisation, payment.provider, &payment.provider_id);
        if let Some(paid_back) = &payment.paid_back {
            self.pay_back(payment, paid_back, customer, id).await?;
        }
        if let Some(invoice) = &payment.invoice {
            self.allocate(payment, invoice, customer, id).await?;
        }
        Ok(Outcome::Recorded { id, customer })
    }

    /// Sets the payment against the invoice that it names, if that takes it. What people change of
    /// it afterwards stays, since it is done once.
    async fn allocate(
        &self,
        payment: &IncomingPayment,
        invoice: &str,
        customer: Uuid,
        id: Uuid,
    ) -> Result<(), Problem> {
        let allocate = json!({ "customer": customer, "payment": id, "invoice": invoice });
        let command = Command::parse("account.allocate_payment", None, allocate);
        let Ok(command) = command else { return Ok(()) };
        match self.once(payment, "allocated", vec![command]).await {
            Ok(_) => Ok(()),
            Err(Refused::Rejected(refusal)) => {
                tracing::info!(
                    refusal = refusal.code(),
                    payment.id = %id,
                    "the invoice that a payment names does not take it: it stays as credit"
                );
                Ok(())
            }
            Err(refused) => Err(refused.into()),
        }
    }

    /// What lies on invoices stays there, and a task says so: which of them is open again is for
    /// people to say.
    async fn pay_back(
        &self,
        payment: &IncomingPayment,
        PaidBack { key, amount, at }: &PaidBack,
        customer: Uuid,
        id: Uuid,
    ) -> Result<(), Problem> {
        let organisation = self.principal.organisation;
        let refund = json!({
            "customer": customer,
            "credit": id,
            "refund_id": stream_id(organisation, "refund", payment.provider, key),
            "amount": amount.to_string(),
            "method": payment.provider,
            "refunded_on": self.day(*at).await?,
        });
        let Ok(command) = Command::parse("account.refund_credit", None, refund) else {
            return Ok(());
        };
        match self.store.execute(&self.caller(*at), command, &Options::default()).await {
            Ok(_) => Ok(()),
            Err(Refused::Rejected(refusal)) => {
                tracing::info!(
                    refusal = refusal.code(),
                    payment.id = %id,
                    "a payment that lies on invoices was paid back"
                );
                self.ask_for_reversal(payment, key, customer, &money(payment, amount)).await
            }
            Err(refused) => Err(refused.into()),
        }
    }

    async fn ask_for_reversal(
        &self,
        payment: &IncomingPayment,
        key: &str,
        customer: Uuid,
        amount: &str,
    ) -> Result<(), Problem> {
        let title = format!(
            "{} paid back {amount} of a payment that lies on invoices: reverse its allocation and refund it",
            payment.provider
        );
        let id = stream_id(self.principal.organisation, "task", payment.provider, key);
        let add = json!({ "customer": customer, "title": title });
        let Ok(command) = Command::parse("task.add", Some(id), add) else { return Ok(()) };
        match self.once(payment, &format!("task\0{key}"), vec![command]).await {
            Ok(_) | Err(Refused::Rejected(_)) => Ok(()),
            Err(refused) => Err(refused.into()),
        }
    }

    /// Our id of the customer in the payment's metadata, else the provider's id of them among the
    /// outside ids, else the e-mail.
    async fn payer(&self, payment: &IncomingPayment) -> Result<Option<Uuid>, Problem> {
        let organisation = self.principal.organisation;
        if let Some(id) = payment.customer.as_deref().and_then(|id| Uuid::try_parse(id).ok()) {
            let (_, customer) = self.store.load::<Customer>(organisation, id).await?;
            if matches!(customer.presence, Presence::Present | Presence::Archived) {
                return Ok(Some(id));
            }
        }
        if let Some(outside) = &payment.provider_customer {
            let claim = external_id_claim(payment.provider, outside);
            let holder = self.store.holder(organisation, ClaimKind::ExternalId, &claim).await?;
            if holder.is_some() {
                return Ok(holder);
            }
        }
        let Some(email) = &payment.payer_email else { return Ok(None) };
        match of_email(self.store, organisation, email).await? {
            Sender::One(customer) => Ok(Some(customer)),
            Sender::Several(_) | Sender::Nobody => Ok(None),
        }
    }

    /// The day in the organisation's time zone.
    async fn day(&self, at: Option<Timestamp>) -> Result<Date, Problem> {
        let organisation = self.principal.organisation;
        let (_, state) = self.store.load::<Organisation>(organisation, organisation).await?;
        Ok(at.unwrap_or_else(Timestamp::now).to_zoned(state.time_zone()).date())
    }
}

fn money(payment: &IncomingPayment, amount: &rust_decimal::Decimal) -> String {
    format!("{amount} {}", payment.currency)
}

fn attach(waiting: Uuid, customer: Uuid) -> Result<Command, Invalid> {
    Command::parse("unmatched.attach", Some(waiting), json!({ "customer": customer }))
}

fn receive(
    organisation: Uuid,
    payment: &IncomingPayment,
    customer: Uuid,
    on: Date,
) -> Result<Command, Invalid> {
    let reference = payment.reference.as_deref();
    let data = json!({
        "customer": customer,
        "payment_id": payment_id(organisation, payment.provider, &payment.provider_id),
        "amount": { "amount": payment.amount.to_string(), "currency": payment.currency },
        "method": payment.provider,
        "received_on": on,
        "reference": reference.and_then(|text| said(text, LONGEST_REFERENCE)),
    });
    Command::parse("account.receive_payment", None, data)
}

/// An e-mail or a number that is none is left out.
fn wait(waiting: Uuid, payment: &IncomingPayment, on: Date) -> Result<Command, Invalid> {
    let kept = |text: &Option<String>, most| text.as_deref().and_then(|text| said(text, most));
    let email = payment.payer_email.clone().filter(|email| Email::try_from(email.clone()).is_ok());
    let email = email.filter(|email| !holds_card_number(email));
    let phone = payment.payer_phone.clone().filter(|phone| Phone::try_from(phone.clone()).is_ok());
    let data = json!({
        "provider": payment.provider,
        "provider_id": payment.provider_id,
        "amount": { "amount": payment.amount.to_string(), "currency": payment.currency },
        "reference": kept(&payment.reference, LONGEST_LINE),
        "payer_name": kept(&payment.payer_name, LONGEST_NAME),
        "payer_email": email,
        "payer_phone": phone,
        "received_on": on,
    });
    Command::parse("unmatched.receive_payment", Some(waiting), data)
}
