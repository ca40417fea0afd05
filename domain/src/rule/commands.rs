//! The data of a rule's commands, and the decisions that take more than a line.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::control::read_steps;
use super::definition::{Definition, Limits, NotifyTarget, RunState, Scope, Step, condition};
use super::trigger::Trigger;
use super::{Clock, Error, Event, State};
use crate::command::{Data, Fact, Invalid, Need, plain};
use crate::value::{Channel, Name, Outcome, Tag, TimeZoneName};

/// Writes a rule.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Create)]
pub struct Create {
    pub name: Name,
    pub trigger: Trigger,
    #[serde(default)]
    pub scope: Scope,
    /// A condition tree over `event.*`, `before.*` and `after.*`.
    #[schema(value_type = Option<Object>)]
    pub when: Option<Value>,
    /// What to do, in this order.
    #[schema(value_type = Vec<Step>, min_items = 1)]
    pub then: Vec<Value>,
    pub limits: Option<Limits>,
    /// Of the days and times that its steps name; the organisation's if not said.
    pub time_zone: Option<TimeZoneName>,
    /// Left out: draft.
    pub state: Option<RunState>,
    /// Who writes it; the shell says so.
    #[serde(skip)]
    pub owner: Uuid,
    /// `then`, read.
    #[serde(skip)]
    pub steps: Vec<Step>,
    /// The folders, members, templates and webhooks that were looked up and are there.
    #[serde(skip)]
    pub present: BTreeSet<Uuid>,
}

/// Replaces what a rule says, as a new version.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Change)]
pub struct Change {
    pub name: Name,
    pub trigger: Trigger,
    #[serde(default)]
    pub scope: Scope,
    /// A condition tree over `event.*`, `before.*` and `after.*`.
    #[schema(value_type = Option<Object>)]
    pub when: Option<Value>,
    /// What to do, in this order.
    #[schema(value_type = Vec<Step>, min_items = 1)]
    pub then: Vec<Value>,
    pub limits: Option<Limits>,
    /// Of the days and times that its steps name; the organisation's if not said.
    pub time_zone: Option<TimeZoneName>,
    /// Left out: as it is. As a draft of an active rule it waits beside the version in force.
    pub state: Option<RunState>,
    /// `then`, read.
    #[serde(skip)]
    pub steps: Vec<Step>,
    /// The folders, members, templates and webhooks that were looked up and are there.
    #[serde(skip)]
    pub present: BTreeSet<Uuid>,
}

/// Records that the rule was rehearsed.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::RecordRehearsal)]
pub struct RecordRehearsal {
    pub job: Uuid,
    pub rule_version: i64,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    pub time: Clock,
    /// How many runs would have ended how.
    #[serde(default)]
    pub counts: BTreeMap<Outcome, i64>,
}

plain!(RecordRehearsal);

impl Data for Create {
    fn check(&mut self) -> Result<(), Invalid> {
        self.steps = check(&self.trigger, &mut self.scope, self.when.as_ref(), &self.then)?;
        check_limits(self.limits.as_ref())
    }

    fn needs(&self) -> Vec<Need> {
        needs(&self.scope, &self.steps)
    }

    fn supply(&mut self, fact: &Fact) {
        self.present.extend(found(fact));
    }
}

impl Data for Change {
    fn check(&mut self) -> Result<(), Invalid> {
        self.steps = check(&self.trigger, &mut self.scope, self.when.as_ref(), &self.then)?;
        check_limits(self.limits.as_ref())
    }

    fn needs(&self) -> Vec<Need> {
        needs(&self.scope, &self.steps)
    }

    fn supply(&mut self, fact: &Fact) {
        self.present.extend(found(fact));
    }
}

/// Checks a definition as it comes in; the answer is its steps.
fn check(
    trigger: &Trigger,
    scope: &mut Scope,
    when: Option<&Value>,
    then: &[Value],
) -> Result<Vec<Step>, Invalid> {
    check_trigger(trigger)?;
    for (index, tag) in scope.tags.iter_mut().enumerate() {
        let checked = Tag::try_from(std::mem::take(tag))
            .map_err(|error| Invalid::value(format!("/scope/tags/{index}"), &error))?;
        *tag = checked.into();
    }
    condition(trigger, when)?;
    read_steps(trigger, then)
}

fn check_trigger(trigger: &Trigger) -> Result<(), Invalid> {
    const CODE: &str = "unknown_event";
    trigger.check()?;
    if trigger.is_the_clock() {
        return Ok(());
    }
    if trigger.events.is_empty() {
        let invalid = Invalid::new(
            "/trigger/events",
            CODE,
            "a rule has at least one event, or else a schedule or a date",
        );
        return Err(invalid.allowing(triggers()));
    }
    for (index, name) in trigger.events.iter().enumerate() {
        if !triggers().any(|known| known == name) {
            let pointer = format!("/trigger/events/{index}");
            let detail = format!("{name:?} is no event that a rule can act on");
            return Err(Invalid::new(pointer, CODE, detail).allowing(triggers()));
        }
    }
    Ok(())
}

/// Rules act on a customer, so on events that can be about one.
fn triggers() -> impl Iterator<Item = &'static str> {
    let about_a_customer = |name: &&str| {
        ["customer.", "account.", "task.", "order.", "message."]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    crate::Event::type_names().iter().copied().filter(about_a_customer)
}

fn check_limits(limits: Option<&Limits>) -> Result<(), Invalid> {
    let Some(limits) = limits else { return Ok(()) };
    let members = [
        ("runs_per_hour", limits.runs_per_hour),
        ("runs_per_customer_per_day", limits.runs_per_customer_per_day),
    ];
    match members.into_iter().find(|(_, limit)| *limit == Some(0)) {
        None => Ok(()),
        Some((name, _)) => {
            let pointer = format!("/limits/{name}");
            Err(Invalid::new(pointer, "invalid_field", "a limit is at least 1"))
        }
    }
}

/// The folders, members, templates and webhooks that a definition names, with where it does.
fn named(scope: &Scope, steps: &[Step]) -> Vec<(String, Need)> {
    let folders = scope.folders.iter().enumerate();
    let mut named: Vec<(String, Need)> = folders
        .map(|(index, folder)| (format!("/scope/folders/{index}"), Need::Folder(*folder)))
        .collect();
    each_named(steps, "/then", &mut named);
    named
}

fn each_named(steps: &[Step], at: &str, named: &mut Vec<(String, Need)>) {
    for (index, step) in steps.iter().enumerate() {
        let at = format!("{at}/{index}");
        match step {
            Step::CreateTask(task) => {
                let pointer = format!("{at}/assignee");
                named.extend(task.assignee.map(|user| (pointer, Need::Member(user))));
            }
            Step::MoveFolder(to) => {
                named.push((format!("{at}/folder"), Need::Folder(to.folder)));
            }
            Step::Notify(notify) => {
                if let NotifyTarget::User(user) = notify.to {
                    named.push((format!("{at}/to"), Need::Member(user)));
                }
            }
            Step::Branch(branch) => {
                each_named(&branch.then, &format!("{at}/then"), named);
                each_named(&branch.otherwise, &format!("{at}/else"), named);
            }
            Step::SendEmail(email) => {
                let pointer = format!("{at}/template");
                named.extend(email.template.map(|template| (pointer, Need::Template(template))));
            }
            Step::CallWebhook(call) => {
                named.push((format!("{at}/webhook"), Need::Webhook(call.webhook)));
            }
            Step::ChangeStatus(_)
            | Step::AddTag(_)
            | Step::RemoveTag(_)
            | Step::RaiseFlag(_)
            | Step::Delay(_)
            | Step::WaitUntil(_) => {}
        }
    }
}

fn needs(scope: &Scope, steps: &[Step]) -> Vec<Need> {
    let distinct: BTreeSet<Need> = named(scope, steps).into_iter().map(|(_, need)| need).collect();
    distinct.into_iter().collect()
}

/// The id of a folder in use, of a member, of an e-mail's template or of a webhook, if that is what
/// was found.
fn found(fact: &Fact) -> Option<Uuid> {
    match fact {
        Fact::Folder { id, folder: Some(folder) } if !folder.archived => Some(*id),
        Fact::Member { user, is_member: true } => Some(*user),
        Fact::Webhook { id, exists: true } => Some(*id),
        Fact::Template { id, template: Some(template) }
            if !template.archived && template.wording.channel == Channel::Email =>
        {
            Some(*id)
        }
        Fact::Folder { .. }
        | Fact::Member { .. }
        | Fact::Template { .. }
        | Fact::Webhook { .. }
        | Fact::DefaultFolder(_)
        | Fact::CustomersFolder(_)
        | Fact::OtherOwner(_)
        | Fact::Team { .. }
        | Fact::Recipient { .. }
        | Fact::Customer { .. }
        | Fact::ArchivedFor(_)
        | Fact::RemovedFor(_)
        | Fact::Lineage { .. }
        | Fact::Order { .. }
        | Fact::Billed(_)
        | Fact::RuleFor(_)
        | Fact::Today(_) => None,
    }
}

pub(super) fn check_present(
    scope: &Scope,
    steps: &[Step],
    present: &BTreeSet<Uuid>,
) -> Result<(), Error> {
    for (pointer, need) in named(scope, steps) {
        match need {
            Need::Folder(folder) if !present.contains(&folder) => {
                return Err(Error::FolderNotFound { pointer, folder });
            }
            Need::Member(user) if !present.contains(&user) => {
                return Err(Error::MemberNotFound { pointer, user });
            }
            Need::Template(template) if !present.contains(&template) => {
                return Err(Error::TemplateNotFound { pointer, template });
            }
            Need::Webhook(webhook) if !present.contains(&webhook) => {
                return Err(Error::WebhookNotFound { pointer, webhook });
            }
            Need::Folder(_)
            | Need::Member(_)
            | Need::Template(_)
            | Need::Webhook(_)
            | Need::DefaultFolder
            | Need::CustomersFolder
            | Need::Customer(_)
            | Need::Recipient(_)
            | Need::ArchivedFor
            | Need::RemovedFor
            | Need::Lineage(_)
            | Need::Order(_)
            | Need::Billed
            | Need::OtherOwner
            | Need::Team(_)
            | Need::RuleFor { .. }
            | Need::Today => {}
        }
    }
    Ok(())
}

pub(super) fn create(create: Create) -> Result<Vec<Event>, Error> {
    check_present(&create.scope, &create.steps, &create.present)?;
    let definition = Definition {
        name: create.name.into(),
        trigger: create.trigger,
        scope: create.scope,
        when: create.when,
        then: create.steps,
        limits: create.limits,
        time_zone: create.time_zone,
    };
    let (rule_version, state) = (1, create.state.unwrap_or(RunState::Draft));
    if state == RunState::Active && definition.sends() {
        return Err(Error::RehearsalNeeded { rule_version });
    }
    Ok(vec![Event::Created {
        rule_version,
        owner: create.owner,
        state,
        definition: Box::new(definition),
    }])
}

/// Each rehearsal is a fact of its own; the job says which.
pub(super) fn record_rehearsal(state: &State, rehearsal: RecordRehearsal) -> Vec<Event> {
    let RecordRehearsal { job, rule_version, from, to, time, counts } = rehearsal;
    if state.rehearsed.is_some_and(|(known, _)| known == job) {
        return Vec::new();
    }
    vec![Event::Rehearsed { job, rule_version, from, to, time, counts }]
}
