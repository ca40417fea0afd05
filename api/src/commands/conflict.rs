//! Refusals that tell what is in the way: what happened meanwhile, who has the value already.

use domain::access::Action;
use domain::claim::ClaimKind;
use domain::rule::Rule;
use domain::user::User;
use domain::{
    Actor, Command, Refusal, customer, file, order, quote, rule_run, service_entry, task,
};
use eventstore::{Refused, Store};
use projections::envelope;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Wish, changes};
use crate::INSTALLATION;
use crate::endpoint::Guard;
use crate::extract::Ask;
use crate::problem::Problem;
use crate::{routes, view};

/// Events that an answer lists at most.
const LISTED: usize = 50;

/// The refusal as a problem, with what helps.
pub(super) async fn explain(ask: &Ask, wish: &Wish, refused: Refused) -> Problem {
    match refused {
        Refused::VersionConflict { stream_id, current, expected } => {
            let problem = Problem::from(Refused::VersionConflict { stream_id, current, expected });
            match since(ask, wish, stream_id, expected).await {
                Ok((events, mergeable)) => problem
                    .with("mergeable", mergeable)
                    .with("events_since", events)
                    .with("try", format!("resend with If-Match: \"{current}\"")),
                Err(failed) => failed,
            }
        }
        Refused::ClaimTaken { kind, holder } => {
            let problem = Problem::from(Refused::ClaimTaken { kind, holder });
            match kind {
                ClaimKind::Email | ClaimKind::ExternalId => {
                    problem.with("existing", existing(ask, kind, holder).await)
                }
                ClaimKind::FolderName | ClaimKind::TeamName => {
                    problem.with("existing", json!([{ "id": holder }]))
                }
                ClaimKind::SignIn
                | ClaimKind::DocumentNumber
                | ClaimKind::QuoteNumber
                | ClaimKind::ProviderMessage
                | ClaimKind::InvoiceNumber
                | ClaimKind::CreditNoteNumber => problem,
            }
        }
        Refused::NotFound => absent(wish),
        Refused::Rejected(refusal)
            if refusal.code() == "customer_not_found" && is_addressed_by_customer(ask) =>
        {
            let refusal: &dyn Refusal = &customer::Error::NotFound;
            refusal.into()
        }
        refused @ (Refused::Denied(_)
        | Refused::Erased
        | Refused::Rejected(_)
        | Refused::KeyReused
        | Refused::Conflict
        | Refused::ReadOnly
        | Refused::Overloaded
        | Refused::OutcomeUnknown
        | Refused::Unavailable
        | Refused::Failed(_)) => refused.into(),
    }
}

/// What is out of reach answers exactly like what is not there (FEATURES decision 16).
fn absent(wish: &Wish) -> Problem {
    let command = wish.commands.first().map(|command| (command.kind(), command.name()));
    let refusal: &dyn Refusal = match command {
        Some(("customer", name)) if name.ends_with("_note") => &customer::Error::NoteNotFound,
        Some(("customer", _)) => &customer::Error::NotFound,
        Some(("order", _)) => &order::Error::NotFound,
        Some(("quote", _)) => &quote::Error::NotFound,
        Some(("service_entry", _)) => &service_entry::Error::NotFound,
        Some(("file", _)) => &file::Error::NotFound,
        Some(("task", _)) => &task::Error::NotFound,
        Some(("rule_run", _)) => &rule_run::Error::CustomerNotFound,
        Some(_) | None => return Refused::NotFound.into(),
    };
    refusal.into()
}

/// Whether the customer whom the command names stands in the address: then it is the address that
/// leads nowhere, not a field that is wrong.
fn is_addressed_by_customer(ask: &Ask) -> bool {
    let Guard::Command(route) = ask.endpoint.guard else { return false };
    route.fields.iter().any(|(parameter, _)| *parameter == "customer_id")
}

/// What happened to the stream since `version`, as far as the caller may see it, and whether it
/// leaves alone what the wish would change.
async fn since(
    ask: &Ask,
    wish: &Wish,
    stream_id: Uuid,
    version: i64,
) -> Result<(Value, bool), Problem> {
    let store = ask.app.store();
    let events = store.read_stream(ask.organisation(), stream_id, version).await?;
    let scope = ask.scope(Action::CustomerRead)?;
    let mut listed = Vec::new();
    let mut happened = Vec::new();
    for event in events {
        if !envelope::shows(store, &scope, &event).await? {
            continue;
        }
        let fields = changes::fields(&event.type_name, Some(&event.body));
        happened.push(fields.clone());
        if listed.len() < LISTED {
            let actor = actor_name(store, ask.organisation(), &event.metadata.actor).await;
            listed.push(json!({
                "id": event.event_id,
                "type": event.type_name,
                "version": event.version,
                "actor": actor,
                "recorded_at": view::time(event.recorded_at),
                "fields": fields,
            }));
        }
    }
    let wanted: Vec<Vec<String>> = wish
        .commands
        .iter()
        .filter_map(|command| Command::spec(command.name()))
        .flat_map(|spec| spec.emits.iter().map(|name| changes::fields(name, None)))
        .collect();
    // A version from the future was never seen by anybody.
    let mergeable = !happened.is_empty() && changes::mergeable(&happened, &wanted);
    Ok((Value::Array(listed), mergeable))
}

/// The customer that has the value, where the caller may see it; else nothing of it is told.
async fn existing(ask: &Ask, kind: ClaimKind, holder: Uuid) -> Value {
    let name = match ask.scope(Action::CustomerRead) {
        Ok(scope) => routes::customers::name_within(&ask.app, &scope, holder).await,
        Err(_) => None,
    };
    match name {
        Some(name) => json!([{ "id": holder, "name": name, "matched_on": kind.name() }]),
        None => json!([]),
    }
}

/// Who did something, in a word for people.
pub(crate) async fn actor_name(store: &Store, organisation: Uuid, actor: &Actor) -> String {
    match actor {
        Actor::User { id } => user_name(store, *id).await.unwrap_or_else(|| id.to_string()),
        Actor::Service { .. } => "an app".to_owned(),
        Actor::Automation { rule, version } => {
            let name = match store.load::<Rule>(organisation, *rule).await {
                Ok((_, state)) => state.definition.as_ref().map(|rule| rule.name.to_string()),
                Err(_) => None,
            };
            format!("rule {} (version {version})", name.unwrap_or_else(|| rule.to_string()))
        }
        Actor::System => "Dossier".to_owned(),
    }
}

async fn user_name(store: &Store, id: Uuid) -> Option<String> {
    let (_, user) = store.load::<User>(INSTALLATION, id).await.ok()?;
    user.registered.as_ref()?.name.known().cloned()
}
