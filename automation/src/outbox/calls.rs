//! What endpoints outside are told: claimed a few at a time for each, sent signed, and what they
//! answered is kept. If the process dies between the sending and the keeping, it is sent again
//! under the same id.

use std::sync::Arc;
use std::time::Duration;

use domain::access::Principal;
use domain::webhook::{self, Reason, Status, Suspend, Webhook};
use domain::{Command, Source, notification};
use eventstore::state::webhook::{self as secrets, WebhookRow};
use eventstore::{Caller, Options, Store};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::line::Line;
use crate::egress::{self, Called, Egress};
use crate::error::Error;
use crate::ids;
use crate::matcher::causes;
use rows::{Call, Next, Tried};
use told::Told;

mod rows;
pub(super) mod sign;
mod standing;
pub(super) mod told;

pub(crate) use standing::{Standing, reopen, standing};

/// How often what is too old is looked for.
const PRUNE: Duration = Duration::from_secs(3_600);
/// How long to wait for a program that can read the event.
const UNREADABLE: Duration = Duration::from_secs(60);
/// Who asks for more patience than this does not get it.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// How endpoints are called.
#[derive(Debug, Clone)]
pub struct Settings {
    pub egress: egress::Settings,
    /// How long to wait before each further try, give or take a fifth; after the last one it is
    /// given up. The schedule of Standard Webhooks.
    pub backoff: Vec<Duration>,
    /// How long a deliverer keeps a call to itself without a sign of life.
    pub claim: Duration,
    /// How many calls are under way at the same time, and of those to one endpoint.
    pub concurrency: usize,
    pub per_endpoint: usize,
    /// How long it is kept what was sent and answered.
    pub kept: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        let seconds = |count| Duration::from_secs(count);
        Self {
            egress: egress::Settings::default(),
            backoff: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
                .into_iter()
                .map(seconds)
                .collect(),
            claim: seconds(10),
            concurrency: 128,
            per_endpoint: 2,
            kept: seconds(30 * 86_400),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Calls {
    store: Store,
    settings: Arc<Settings>,
    egress: Egress,
    prune_at: Instant,
}

impl Line for Calls {
    type Item = Call;

    fn store(&self) -> &Store {
        &self.store
    }

    fn concurrency(&self) -> usize {
        self.settings.concurrency
    }

    async fn tidy(&mut self) -> Result<(), Error> {
        if self.prune_at <= Instant::now() {
            let client = self.store.worker().get().await?;
            rows::prune(&client, self.settings.kept).await?;
            self.prune_at = Instant::now() + PRUNE;
        }
        Ok(())
    }

    async fn claim(&self, most: usize) -> Result<Vec<Call>, Error> {
        let Settings { per_endpoint, claim, .. } = *self.settings;
        let client = self.store.worker().get().await?;
        rows::claim(&client, (most, per_endpoint), claim).await
    }

    async fn work(&self, call: Call) {
        let made = tokio::select! {
            made = self.make(&call) => made,
            lost = self.hold(&call) => lost,
        };
        let settled = match made {
            Ok(next) => self.settle(&call, next).await,
            Err(error) => Err(error),
        };
        if let Err(error) = settled {
            // The claim ends by itself, and whoever takes it next makes the call once more.
            tracing::error!(
                organisation.id = %call.organisation,
                webhook.id = %call.endpoint,
                error = %causes(&error),
                "how a call went could not be written down; it is made again"
            );
        }
    }
}

impl Calls {
    pub(super) fn new(store: Store, settings: Settings, egress: Egress) -> Self {
        Self { store, settings: Arc::new(settings), egress, prune_at: Instant::now() }
    }

    /// Keeps the claim for as long as the endpoint takes; ends only when it cannot.
    async fn hold(&self, call: &Call) -> Result<Next, Error> {
        loop {
            sleep(self.settings.claim / 3).await;
            let client = self.store.worker().get().await?;
            rows::renew(&client, call, self.settings.claim).await?;
        }
    }

    async fn settle(&self, call: &Call, next: Next) -> Result<(), Error> {
        let mut client = self.store.worker().get().await?;
        rows::settle(&mut client, call, &next).await
    }

    async fn make(&self, call: &Call) -> Result<Next, Error> {
        let (organisation, endpoint) = (call.organisation, call.endpoint);
        let (_, state) = self.store.load::<Webhook>(organisation, endpoint).await?;
        match (state.status, &state.definition) {
            (Status::Active, Some(definition)) => self.tell(call, &state, &definition.url).await,
            (Status::Disabled, _) => Ok(Next::GiveUp("the webhook was switched off")),
            (Status::Absent | Status::Deleted | Status::Active, _) => Ok(Next::Drop),
        }
    }

    async fn tell(&self, call: &Call, state: &webhook::State, url: &str) -> Result<Next, Error> {
        let (organisation, endpoint) = (call.organisation, call.endpoint);
        let Some(event) = self.store.read_event(organisation, call.event_id).await? else {
            return Ok(Next::Drop);
        };
        let body = match told::told(&self.store, state, &event, call.rule).await? {
            Told::Body(body) => body,
            // The run of the rule waits to hear it.
            Told::Nothing if call.rule.is_some() => {
                return Ok(Next::GiveUp("the owner of the webhook does not see the event"));
            }
            Told::Nothing => return Ok(Next::Drop),
            Told::Unreadable => {
                return Ok(Next::Later(UNREADABLE, "this program cannot read the event"));
            }
            Told::OwnerLeft => {
                self.suspend(call, state.owner, Reason::OwnerLeft).await?;
                return Ok(Next::GiveUp("the owner of the webhook has left"));
            }
        };
        let client = self.store.worker().get().await?;
        let row = secrets::find(&client, organisation, endpoint).await?;
        drop(client);
        let Some(row) = row else { return Ok(Next::Drop) };
        let id = match call.rule {
            Some(_) => call.effect_id.to_string(),
            None => sign::message_id(call.event_id, endpoint),
        };
        let called =
            send(&self.store, &self.egress, (organisation, &row), (url, &id), &body).await?;
        self.judge(call, (state.owner, &row), &body, called).await
    }

    /// What follows from an answer.
    async fn judge(
        &self,
        call: &Call,
        (owner, row): (Uuid, &WebhookRow),
        body: &str,
        called: Called,
    ) -> Result<Next, Error> {
        let tried = |next| Next::Tried(Box::new(Tried::new(body, &called, next)));
        let status = called.answer.as_ref().ok().map(|answer| answer.status);
        if status.is_some_and(|status| (200..300).contains(&status)) {
            return Ok(tried(rows::Outcome::Delivered));
        }
        if status == Some(410) {
            self.suspend(call, owner, Reason::Gone).await?;
            return Ok(tried(rows::Outcome::Failed));
        }
        let asked = called.answer.as_ref().ok().and_then(|answer| answer.retry_after);
        match self.pause(call.attempts, asked) {
            Some(pause) => Ok(tried(rows::Outcome::Postponed(pause))),
            None => {
                if row.last_success_at.is_none_or(|at| at < call.created_at) {
                    self.suspend(call, owner, Reason::Failing).await?;
                }
                Ok(tried(rows::Outcome::Failed))
            }
        }
    }

    /// How long to wait after so many tries that did not go well, and this one.
    fn pause(&self, attempts: i16, asked: Option<Duration>) -> Option<Duration> {
        let tried = usize::try_from(attempts).unwrap_or_default();
        let planned = self.settings.backoff.get(tried)?;
        Some(match asked {
            Some(asked) => asked.min(LONGEST_WAIT),
            None => planned.mul_f64(rand::random_range(0.8..=1.2)),
        })
    }

    /// Switches the webhook off, and tells its owner.
    async fn suspend(&self, call: &Call, owner: Uuid, reason: Reason) -> Result<(), Error> {
        let told = |error| Error::Unrecorded(Box::new(error));
        let caller = Caller {
            causation_id: Some(call.event_id),
            ..Caller::new(Principal::system(call.organisation), Source::System)
        };
        let suspend = webhook::Command::Suspend(Suspend { reason });
        let command = Command::Webhook { id: call.endpoint, command: suspend };
        let done = self.store.execute(&caller, command, &Options::default()).await.map_err(told)?;
        let Some(disabled) = done.events.first().filter(|_| reason != Reason::OwnerLeft) else {
            return Ok(());
        };
        let Ok(text) = notice(reason).try_into() else { return Ok(()) };
        let send = notification::Send { to: vec![owner], customer: None, text, rule: None };
        let id = ids::outcome(disabled.event_id, "notice");
        let command = Command::Notification { id, command: notification::Command::Send(send) };
        self.store.execute(&caller, command, &Options::default()).await.map_err(told)?;
        Ok(())
    }
}

fn notice(reason: Reason) -> String {
    let why = match reason {
        Reason::Gone => "its address answered that it is gone",
        Reason::Failing => "nothing got through to it for as long as it is tried",
        Reason::Asked | Reason::OwnerLeft => "it was asked for",
    };
    format!(
        "A webhook of yours was switched off: {why}. Switch it on again when its receiver works, \
         and have it replay what it missed."
    )
}

/// Signs a body and sends it.
pub(super) async fn send(
    store: &Store,
    egress: &Egress,
    (organisation, row): (Uuid, &WebhookRow),
    (url, id): (&str, &str),
    body: &str,
) -> Result<Called, Error> {
    let mut keys = Vec::new();
    for sealed in [Some(&row.secret), row.old_secret.as_ref()].into_iter().flatten() {
        keys.push(store.open_secret(organisation, row.webhook_id, sealed).await?);
    }
    let headers = sign::headers(id, body, &keys)?;
    Ok(egress.post(url, headers, body.to_owned()).await)
}

#[cfg(test)]
mod tests;
