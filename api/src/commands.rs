//! The one way of every command: from a route and a body to events, and to an answer.

mod answer;
mod changes;
pub(crate) mod conflict;
mod patch;
#[cfg(test)]
mod tests;

use axum::response::Response;
use domain::command::Invalid;
use domain::{Command, Recorded, Source, customer};
use eventstore::state::session;
use eventstore::{Caller, CommandId, Done, Options};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::endpoint::{CommandRoute, Guard, Target};
use crate::extract::{
    Ask, Body, IfMatch, Prefer, causation, changes_rights, idempotency_key, if_match, prefer,
};
use crate::problem::{Code, FieldError, Problem, nearest};

pub(crate) use answer::receipt;
pub(crate) use conflict::actor_name;
pub(crate) use patch::patch_customer;

/// Commands that cannot be taken back: they want to know what their sender saw.
const NEEDS_VERSION: &[&str] = &["customer.erase", "customer.change_type"];
/// Commands that others entail.
const ENTAILED: &[&str] =
    &["order.place_quoted", "customer.record_referral", "customer.remove_referral"];
/// Commands that must not happen twice.
const NEEDS_KEY: &[&str] = &["customer.erase", "account.receive_payment"];
/// Clocks differ a little; beyond that, what has occurred lies in the past.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// One or more commands that somebody wants done together.
#[derive(Debug)]
pub(crate) struct Wish {
    /// The name that it goes by: that of its command, or `customer.patch`.
    pub(crate) name: &'static str,
    pub(crate) target: Option<Uuid>,
    pub(crate) commands: Vec<Command>,
    /// What was asked for, for the fingerprint of its key.
    pub(crate) body: Value,
    pub(crate) occurred_at: Option<Timestamp>,
    /// The version that the body asks for, where a route takes it there.
    pub(crate) expected_version: Option<i64>,
}

/// How a command is to be done, by its headers and query. They are read before the body is judged.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    key: Option<String>,
    if_match: Option<i64>,
    prefer: Prefer,
    dry_run: bool,
}

impl Manner {
    /// Whether nothing is to be written.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// The same without anything being written.
    pub(crate) fn rehearsed(&self) -> Self {
        Self { key: None, dry_run: true, ..self.clone() }
    }

    /// Reads it.
    pub(crate) fn of(ask: &Ask) -> Result<Self, Problem> {
        Ok(Self {
            key: idempotency_key(&ask.headers)?.map(str::to_owned),
            if_match: if_match(&ask.headers)?.and_then(IfMatch::version),
            prefer: prefer(&ask.headers)?,
            dry_run: ask.query.flag("dry_run"),
        })
    }
}

/// Answers the route of a command.
pub(crate) async fn run(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    run_for(ask, body, None).await
}

/// The same for a customer whom the address names by something of theirs.
pub(crate) async fn run_for(
    ask: Ask,
    mut body: Map<String, Value>,
    customer: Option<Uuid>,
) -> Result<Response, Problem> {
    let manner = Manner::of(&ask)?;
    let route = match ask.endpoint.guard {
        Guard::Command(route) => route,
        Guard::Public | Guard::SignedIn | Guard::Action(_) | Guard::AnyCommand => {
            return Err(Problem::new(Code::RouteNotFound));
        }
    };
    let target = match route.target {
        Target::New => None,
        Target::Path(parameter) => Some(ask.id(parameter)?),
        Target::Organisation => Some(ask.organisation()),
    };
    let occurred_at = take_occurred_at(&mut body)?;
    add_path_fields(&ask, &route, &mut body)?;
    if let Some(customer) = customer {
        body.insert("customer".to_owned(), customer.to_string().into());
    }
    let body = Value::Object(body);
    let command = Command::parse(route.name, target, body.clone()).map_err(invalid)?;
    let wish = Wish {
        name: route.name,
        target,
        commands: vec![command],
        body,
        occurred_at,
        expected_version: None,
    };
    issue(&ask, manner, wish).await
}

/// Answers `POST /v1/commands`: the command is named in the body.
pub(crate) async fn run_any(ask: Ask, Body(mut body): Body) -> Result<Response, Problem> {
    const MEMBERS: [&str; 5] = ["type", "id", "data", "expected_version", "occurred_at"];
    let manner = Manner::of(&ask)?;
    let occurred_at = take_occurred_at(&mut body)?;
    if let Some(name) = body.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(unknown_member(name, &MEMBERS));
    }
    let name = text_member(&body, "type")?;
    let spec = Command::spec(&name).filter(|spec| is_open(spec.name));
    let spec = spec.ok_or_else(|| unknown_command(&name))?;
    let target = match body.get("id") {
        None | Some(Value::Null) => None,
        Some(id) => Some(id.as_str().and_then(|id| id.parse().ok()).ok_or_else(|| {
            Problem::field(FieldError::at("/id", "invalid_field", "id must be a UUID"))
        })?),
    };
    let expected_version = match body.get("expected_version") {
        None | Some(Value::Null) => None,
        Some(version) => {
            Some(version.as_i64().filter(|version| *version >= 0).ok_or_else(|| {
                let detail = "expected_version must be a whole number";
                Problem::field(FieldError::at("/expected_version", "invalid_field", detail))
            })?)
        }
    };
    let data = body.remove("data").unwrap_or_default();
    let under_data = |error: Invalid| {
        // The registry speaks of the data; what stands beside it has its own place.
        // So is an id too few, or one too many.
        let beside = spec.needs_target == target.is_none() && error.pointer == "/id";
        invalid(if beside { error } else { error.under("/data") })
    };
    let command = Command::parse(spec.name, target, data.clone()).map_err(under_data)?;
    let name = spec.name;
    let commands = vec![command];
    let wish = Wish { name, target, commands, body: data, occurred_at, expected_version };
    issue(&ask, manner, wish).await
}

/// Whether a command may be sent from outside. Users live in an organisation of their own and are
/// made by `POST /v1/users`, webhooks and invitations by routes of their own, as is access to the portal, since they have secrets; a file comes with
/// its bytes; organisations,
/// what became of runs and messages, and what waits for a customer are recorded by the service; what
/// another command entails is done with that one only.
pub(crate) fn is_open(name: &str) -> bool {
    const OF_THE_SERVICE: [&str; 11] = [
        "user.",
        "file.upload",
        "customer.grant_portal_access",
        "invitation.",
        "webhook.",
        "rule_run.finish",
        "rule_run.come_due",
        "rule.record_rehearsal",
        "organisation.create",
        "unmatched.receive_",
        "unmatched.attach",
    ];
    let recorded = name.starts_with("message.") && name != "message.request";
    let of_the_service = OF_THE_SERVICE.iter().any(|prefix| name.starts_with(prefix));
    !recorded && !of_the_service && !ENTAILED.contains(&name)
}

/// Whether somebody may issue it: at `/v1/commands`, or, where a secret or bytes come with it, by its
/// own route alone.
pub(crate) fn has_route(name: &str) -> bool {
    const OWN: [&str; 2] = ["file.upload", "customer.grant_portal_access"];
    let of_webhooks = name.starts_with("webhook.") && name != "webhook.suspend";
    is_open(name) || of_webhooks || OWN.contains(&name)
}

/// Does what was wished, and says what came of it.
pub(crate) async fn issue(ask: &Ask, manner: Manner, wish: Wish) -> Result<Response, Problem> {
    let done = execute(ask, &manner, &wish).await?;
    answered(ask, manner, &wish, done, &[]).await
}

/// Says what came of it, with what is shown in this answer alone.
pub(crate) async fn answered(
    ask: &Ask,
    manner: Manner,
    wish: &Wish,
    done: Done,
    shown: &[(&str, Value)],
) -> Result<Response, Problem> {
    let Manner { prefer, dry_run, .. } = manner;
    answer::done(ask, wish, done, (prefer, dry_run), shown).await
}

/// Does what was wished.
pub(crate) async fn execute(ask: &Ask, manner: &Manner, wish: &Wish) -> Result<Done, Problem> {
    let Manner { key, if_match, dry_run, .. } = manner;
    let expected = if_match.or(wish.expected_version);
    if !dry_run {
        if key.is_none() && NEEDS_KEY.contains(&wish.name) {
            return Err(Problem::new(Code::IdempotencyKeyMissing));
        }
        if expected.is_none() && NEEDS_VERSION.contains(&wish.name) {
            return Err(Problem::new(Code::PreconditionRequired));
        }
    }
    let options = Options {
        command: key.as_ref().filter(|_| !dry_run).map(|key| command_id(ask, key, wish)),
        if_match: expected,
        dry_run: *dry_run,
    };
    let caller = caller(ask, wish.occurred_at).await?;
    let store = ask.app.store();
    match store.execute_all(&caller, wish.commands.clone(), &options).await {
        Ok(done) => {
            if wish.commands.iter().any(|command| changes_rights(command.kind())) {
                end_sessions(ask, &wish.commands).await?;
                // They count from the next request on.
                ask.app.sessions().forget();
            }
            if !dry_run {
                forget_files(ask, &wish.commands).await;
            }
            Ok(done)
        }
        Err(refused) => Err(conflict::explain(ask, wish, refused).await),
    }
}

/// Takes back what an event changed.
pub(crate) async fn undo_event(
    ask: &Ask,
    manner: &Manner,
    wish: &Wish,
    event: &Recorded,
) -> Result<Done, Problem> {
    let Manner { key, dry_run, .. } = manner;
    let options = Options {
        command: key.as_ref().filter(|_| !dry_run).map(|key| command_id(ask, key, wish)),
        if_match: None,
        dry_run: *dry_run,
    };
    let caller = Caller::new(ask.principal.clone(), Source::Api);
    match ask.app.store().undo(&caller, event, &options).await {
        Ok(done) => Ok(done),
        Err(refused) => Err(conflict::explain(ask, wish, refused).await),
    }
}

/// The files of whoever is erased go as well.
async fn forget_files(ask: &Ask, commands: &[Command]) {
    for command in commands {
        if let Command::Customer { id, command: customer::Command::Erase(_) } = command {
            ask.app.files().forget(ask.organisation(), *id).await;
        }
    }
}

/// Whoever is removed or blocked is signed out as well.
async fn end_sessions(ask: &Ask, commands: &[Command]) -> Result<(), Problem> {
    use domain::member::Command::{Block, Remove};
    for command in commands {
        if let Command::Member { id, command: Block(_) | Remove(_) } = command {
            let client = ask.app.store().app().get().await?;
            session::end_of_member(&client, *id, ask.organisation()).await?;
        }
    }
    Ok(())
}

/// Who issues it, through which door, why and when.
async fn caller(ask: &Ask, occurred_at: Option<Timestamp>) -> Result<Caller, Problem> {
    let (causation_id, external_cause) = causation(&ask.app, &ask.principal, &ask.headers).await?;
    Ok(Caller {
        causation_id,
        external_cause,
        occurred_at,
        ..Caller::new(ask.principal.clone(), Source::Api)
    })
}

/// The identity of a command that came with a key: the same key is the same wish of the same
/// person, whichever token they used.
fn command_id(ask: &Ask, key: &str, wish: &Wish) -> CommandId {
    let target = wish.target.unwrap_or_default();
    let body = wish.body.to_string();
    let occurred_at = wish.occurred_at.map(|at| at.to_string()).unwrap_or_default();
    let parts: [&[u8]; 4] =
        [wish.name.as_bytes(), target.as_bytes(), body.as_bytes(), occurred_at.as_bytes()];
    CommandId::new(ask.principal.user, key.as_bytes(), &parts)
}

/// Every command takes `occurred_at` beside its data: when it happened in the world.
pub(crate) fn take_occurred_at(
    body: &mut Map<String, Value>,
) -> Result<Option<Timestamp>, Problem> {
    const POINTER: &str = "/occurred_at";
    let wrong = |detail: &str| Problem::field(FieldError::at(POINTER, "invalid_field", detail));
    match body.shift_remove("occurred_at") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let at: Timestamp = text
                .parse()
                .map_err(|_| wrong("occurred_at must be a moment such as 2026-11-20T16:00:00Z"))?;
            if at > Timestamp::now() + CLOCK_SKEW {
                return Err(wrong("occurred_at lies in the future; what is recorded has happened"));
            }
            Ok(Some(at))
        }
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(wrong("occurred_at must be a moment such as 2026-11-20T16:00:00Z"))
        }
    }
}

fn add_path_fields(
    ask: &Ask,
    route: &CommandRoute,
    body: &mut Map<String, Value>,
) -> Result<(), Problem> {
    for (parameter, field) in route.fields {
        if body.contains_key(*field) {
            let detail = format!("{field} stands in the address; leave it out of the body");
            let error = FieldError::at(format!("/{field}"), "unknown_field", detail);
            return Err(Problem::field(error));
        }
        let value = ask.path(parameter).unwrap_or_default();
        body.insert((*field).to_owned(), Value::from(value));
    }
    Ok(())
}

/// What the registry says about the data, as a problem.
pub(crate) fn invalid(error: Invalid) -> Problem {
    let field = FieldError::at(error.pointer, error.code, error.detail);
    let problem = Problem::field(field.allowing(error.allowed));
    match Code::from_name(error.code) {
        // These have pages of their own and stand above as well.
        Some(code @ (Code::InvalidCondition | Code::CelNotSupported | Code::CardNumberRefused)) => {
            problem.recode(code)
        }
        Some(_) | None => problem,
    }
}

fn text_member(body: &Map<String, Value>, name: &str) -> Result<String, Problem> {
    let pointer = format!("/{name}");
    match body.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        None => {
            let detail = format!("{name} is missing");
            Err(Problem::field(FieldError::at(pointer, "missing_field", detail)))
        }
        Some(_) => {
            let detail = format!("{name} must be a string");
            Err(Problem::field(FieldError::at(pointer, "invalid_field", detail)))
        }
    }
}

/// A member of the body that is not known, with the one that was probably meant.
pub(crate) fn unknown_member(name: &str, known: &[&str]) -> Problem {
    let near = nearest(name, known.iter().copied());
    let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let detail = format!("there is no field {name:?} here{hint}");
    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    let allowed = known.iter().map(|name| (*name).to_owned()).collect();
    Problem::field(FieldError::at(pointer, "unknown_field", detail).allowing(Some(allowed)))
}

fn unknown_command(name: &str) -> Problem {
    let names = || Command::specs().iter().map(|spec| spec.name).filter(|name| is_open(name));
    let near = nearest(name, names());
    let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let detail = format!("there is no command {name:?}{hint}");
    let allowed = names().map(str::to_owned).collect();
    let error = FieldError::at("/type", Code::UnknownCommand.name(), detail.clone());
    Problem::new(Code::UnknownCommand).detail(detail).error(error.allowing(Some(allowed)))
}
