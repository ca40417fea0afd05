//! What a rule says, as it is stored.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::control::{Branch, Delay, WaitUntil, Way};
use super::trigger::Trigger;
use crate::command::{Invalid, read};
use crate::condition::{Condition, catalogue_events};
use crate::message::Parts;
use crate::value::{Channel, CustomerType, Period, Role, TimeZoneName, time_zone, words};

words! {
    /// Whether a rule acts.
    RunState {
        Draft = "draft",
        Active = "active",
    }
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Definition {
    pub name: String,
    pub trigger: Trigger,
    #[serde(default, skip_serializing_if = "Scope::is_everything")]
    pub scope: Scope,
    /// The condition tree, as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Value>,
    pub then: Vec<Step>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// Of its days and times; without it the organisation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZoneName>,
}

impl Definition {
    /// The condition, against the fields of the events that trigger it.
    pub fn condition(&self) -> Result<Condition, Invalid> {
        condition(&self.trigger, self.when.as_ref())
    }

    /// The steps in the order in which a run does them, with their ids: "1", "2", "2.then.1"…
    /// Of a branch whose way is not decided yet, only itself.
    pub fn path(&self, way: impl Fn(&str) -> Option<Way>) -> Vec<(String, &Step)> {
        let mut path = Vec::new();
        follow(&self.then, "", &way, &mut path);
        path
    }

    /// The time zone of its days and times, if it has one of its own.
    pub fn zone(&self) -> Option<TimeZone> {
        self.time_zone.as_ref().and_then(|name| time_zone(name.as_str()))
    }

    /// `on customer.tagged: add_tag, notify`.
    pub(super) fn summary(&self) -> String {
        let actions: Vec<_> = self.then.iter().map(Step::action).collect();
        format!("{}: {}", self.trigger.summary(), actions.join(", "))
    }
}

fn follow<'a>(
    steps: &'a [Step],
    prefix: &str,
    way: &impl Fn(&str) -> Option<Way>,
    path: &mut Vec<(String, &'a Step)>,
) {
    for (index, step) in steps.iter().enumerate() {
        let id = format!("{prefix}{}", index + 1);
        path.push((id.clone(), step));
        if let Step::Branch(branch) = step
            && let Some(taken) = way(&id)
        {
            follow(branch.steps(taken), &format!("{id}.{taken}."), way, path);
        }
    }
}

pub(super) fn condition(trigger: &Trigger, when: Option<&Value>) -> Result<Condition, Invalid> {
    let Some(tree) = when else { return Ok(Condition::always()) };
    let catalogue = catalogue_events(trigger.event_names());
    Condition::parse(tree, &catalogue).map_err(|invalid| invalid.under("/when"))
}

/// Which customers a rule is for; what is left out does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Scope)]
pub struct Scope {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<CustomerType>,
    /// Customers with one of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Scope {
    /// Whether it narrows nothing.
    pub fn is_everything(&self) -> bool {
        self.folders.is_empty() && self.types.is_empty() && self.tags.is_empty()
    }

    /// Whether this customer is meant.
    pub fn covers(&self, customer: &crate::customer::State) -> bool {
        let folder = self.folders.is_empty()
            || customer.folder.is_some_and(|folder| self.folders.contains(&folder));
        let customer_type = self.types.is_empty() || self.types.contains(&customer.customer_type);
        let tag = self.tags.is_empty()
            || self.tags.iter().any(|tag| customer.tags.contains_key(&crate::value::fold(tag)));
        folder && customer_type && tag
    }
}

/// How often a rule may run; what is over waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Limits)]
pub struct Limits {
    /// Runs of the rule in an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_per_hour: Option<u32>,
    /// Runs of the rule for one customer in 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_per_customer_per_day: Option<u32>,
}

/// One thing that a rule does to the customer, or what steers the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
#[schema(as = rule::Step)]
pub enum Step {
    CreateTask(CreateTask),
    ChangeStatus(ChangeStatus),
    MoveFolder(MoveFolder),
    AddTag(AddTag),
    RemoveTag(RemoveTag),
    RaiseFlag(RaiseFlag),
    Notify(Notify),
    Branch(Branch),
    Delay(Delay),
    WaitUntil(WaitUntil),
    SendEmail(SendEmail),
    CallWebhook(CallWebhook),
}

/// Adds a task for the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::CreateTask)]
pub struct CreateTask {
    pub title: crate::value::Name,
    /// Due this long after the day of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_in: Option<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Uuid>,
}

/// Gives the customer another status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::ChangeStatus)]
pub struct ChangeStatus {
    pub status: crate::value::Status,
}

/// Moves the customer to a folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::MoveFolder)]
pub struct MoveFolder {
    pub folder: Uuid,
}

/// Puts a tag on the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::AddTag)]
pub struct AddTag {
    pub tag: crate::value::Tag,
}

/// Takes a tag off the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::RemoveTag)]
pub struct RemoveTag {
    pub tag: crate::value::Tag,
}

/// Flags the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::RaiseFlag)]
pub struct RaiseFlag {
    pub reason: crate::value::Text,
}

/// Notifies members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Notify)]
pub struct Notify {
    /// `owner` (of the rule), `workers` (of the customer), a role, or a user's id.
    #[schema(value_type = String, example = "workers")]
    pub to: NotifyTarget,
    pub text: crate::value::Text,
}

/// Sends an e-mail to the customer's primary address. It is withheld from those who are not to be
/// written to by themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::SendEmail)]
pub struct SendEmail {
    /// Says all that is left out here, as it is when the step is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Uuid>,
    /// May hold placeholders such as `{customer.first_name}`, as the other texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<crate::value::Subject>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<crate::value::MessageText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<crate::value::MessageText>,
}

/// Tells a webhook of the event that set the rule off, whatever its types and its filter, and waits
/// for the answer. The body is the event as the owner of the webhook sees it, with `ruleid`,
/// `rulename` and `ruleversion`; its `webhook-id` stays the same however often it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::CallWebhook)]
pub struct CallWebhook {
    pub webhook: Uuid,
}

impl SendEmail {
    fn checked(self) -> Result<Self, Invalid> {
        let parts = Parts::of(self.subject.as_ref(), self.text.as_ref(), self.html.as_ref());
        parts.check(self.template.is_some(), Channel::Email)?;
        parts.check_placeholders()?;
        Ok(self)
    }
}

/// Whom a rule notifies. The word `owner` is the owner of the rule, not the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum NotifyTarget {
    /// The owner of the rule.
    Owner,
    /// The customer's workers.
    Workers,
    User(Uuid),
    /// Every member with this role.
    Role(Role),
}

/// A target that is nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown variant `{word}`, expected one of {expected}")]
pub struct UnknownTarget {
    word: String,
    expected: String,
}

impl TryFrom<String> for NotifyTarget {
    type Error = UnknownTarget;

    fn try_from(word: String) -> Result<Self, UnknownTarget> {
        match word.as_str() {
            "owner" => Ok(Self::Owner),
            "workers" => Ok(Self::Workers),
            _ => {
                let user = Uuid::try_parse(&word).ok().map(Self::User);
                let target = user.or_else(|| word.parse().ok().map(Self::Role));
                target.ok_or_else(|| {
                    let roles = Role::ALL.iter().map(|role| role.name());
                    let words = ["workers", "a user's id"].into_iter().chain(roles);
                    let expected: Vec<_> = words.map(|word| format!("`{word}`")).collect();
                    UnknownTarget { word, expected: expected.join(", ") }
                })
            }
        }
    }
}

impl From<NotifyTarget> for String {
    fn from(target: NotifyTarget) -> Self {
        match target {
            NotifyTarget::Owner => "owner".to_owned(),
            NotifyTarget::Workers => "workers".to_owned(),
            NotifyTarget::User(user) => user.to_string(),
            NotifyTarget::Role(role) => role.name().to_owned(),
        }
    }
}

impl Step {
    /// The names of all actions.
    pub const ACTIONS: &'static [&'static str] = &[
        "create_task",
        "change_status",
        "move_folder",
        "add_tag",
        "remove_tag",
        "raise_flag",
        "notify",
        "branch",
        "delay",
        "wait_until",
        "send_email",
        "call_webhook",
    ];

    /// Those that do nothing to the customer and only steer the run.
    pub const STEERING: &'static [&'static str] = &["branch", "delay", "wait_until"];

    /// The name of what it does.
    pub fn action(&self) -> &'static str {
        match self {
            Self::CreateTask(_) => "create_task",
            Self::ChangeStatus(_) => "change_status",
            Self::MoveFolder(_) => "move_folder",
            Self::AddTag(_) => "add_tag",
            Self::RemoveTag(_) => "remove_tag",
            Self::RaiseFlag(_) => "raise_flag",
            Self::Notify(_) => "notify",
            Self::Branch(_) => "branch",
            Self::Delay(_) => "delay",
            Self::WaitUntil(_) => "wait_until",
            Self::SendEmail(_) => "send_email",
            Self::CallWebhook(_) => "call_webhook",
        }
    }

    /// Reads a step that has no further steps in it, with errors that point into it.
    pub(super) fn parse(mut step: Value) -> Result<Self, Invalid> {
        let Some(members) = step.as_object_mut() else {
            return Err(Invalid::new("", "invalid_field", "a step is an object"));
        };
        let action = members.shift_remove("action");
        match action.as_ref().and_then(Value::as_str) {
            Some("create_task") => read(step).map(Self::CreateTask),
            Some("change_status") => read(step).map(Self::ChangeStatus),
            Some("move_folder") => read(step).map(Self::MoveFolder),
            Some("add_tag") => read(step).map(Self::AddTag),
            Some("remove_tag") => read(step).map(Self::RemoveTag),
            Some("raise_flag") => read(step).map(Self::RaiseFlag),
            Some("notify") => read(step).map(Self::Notify),
            Some("delay") => read(step).map(Self::Delay),
            Some("wait_until") => read(step).map(Self::WaitUntil),
            Some("call_webhook") => read(step).map(Self::CallWebhook),
            Some("send_email") => read(step).and_then(SendEmail::checked).map(Self::SendEmail),
            Some(_) | None => {
                let detail = format!("a step's action is one of {}", Self::ACTIONS.join(", "));
                let invalid = Invalid::new("/action", "invalid_field", detail);
                Err(invalid.allowing(Self::ACTIONS.iter().copied()))
            }
        }
    }
}
