//! `dossier replay`: a customer's history as an auditor reads it.

use clap::ValueEnum;
use domain::Recorded;
use domain::claim::ClaimKind;
use eventstore::{HistoryQuery, Store};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::session::Session;
use super::{End, Error, say};
use crate::bootstrap;
use crate::commands::actor_name;
use crate::settings::Settings;

const PAGE: i64 = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Ndjson,
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The customer's id, an e-mail, or an outside id as source:id
    customer: String,
    /// Only what was recorded up to this moment, such as 2026-03-04T11:20:07Z
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<Timestamp>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    Session::new(settings)?.run(async |session, store| {
        let owner = bootstrap::bootstrap(&store, &session.data_dir).await?;
        let organisation = owner.principal.organisation;
        let customer = find(&store, organisation, &args.customer).await?;
        let mut query = HistoryQuery { limit: PAGE, ..HistoryQuery::default() };
        let mut count = 0_usize;
        'pages: loop {
            let events = store.read_customer(organisation, customer, &query).await?;
            let Some(last) = events.last() else { break };
            query.after = Some(last.sequence);
            for event in &events {
                if args.as_of.is_some_and(|moment| event.recorded_at > moment) {
                    break 'pages;
                }
                count += 1;
                say(&match args.format {
                    Format::Text => sentence(&store, event, count).await,
                    Format::Ndjson => record(event),
                });
            }
        }
        if count == 0 {
            return Err(format!("nothing is recorded about customer {customer}").into());
        }
        Ok(End::Well)
    })
}

async fn find(store: &Store, organisation: Uuid, wanted: &str) -> Result<Uuid, Error> {
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    let found = match wanted.split_once(':') {
        Some((source, id)) => {
            let value = domain::customer::external_id_claim(source, id);
            store.holder(organisation, ClaimKind::ExternalId, &value).await?
        }
        None => {
            let value = domain::value::normalise_email(wanted);
            store.holder(organisation, ClaimKind::Email, &value).await?
        }
    };
    found.ok_or_else(|| format!("there is no customer {wanted}").into())
}

fn record(event: &Recorded) -> String {
    json!({
        "sequence": event.sequence,
        "version": event.version,
        "id": event.event_id,
        "type": event.type_name,
        "recorded_at": event.recorded_at,
        "occurred_at": event.effective_at(),
        "actor": event.metadata.actor,
        "causation_id": event.metadata.causation_id,
        "correlation_id": event.metadata.correlation_id,
        "data": event.public_body(),
    })
    .to_string()
}

/// A line to read aloud: when, who, what, and where it came from.
async fn sentence(store: &Store, event: &Recorded, count: usize) -> String {
    let who = actor_name(store, event.organisation, &event.metadata.actor).await;
    let sentence = event.event().map_or_else(|error| error.to_string(), |event| event.sentence());
    let mut line = format!("{count:>4}. On {:.0} {who} {sentence}.", event.effective_at());
    if event.metadata.occurred_at.is_some() {
        line.push_str(&format!(" Recorded on {:.0}.", event.recorded_at));
    }
    if let Some(cause) = event.metadata.causation_id {
        line.push_str(&format!(" Because of event {cause}."));
    }
    line
}
