//! A task: something to do, for a customer or for nobody in particular.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
pub use crate::command::Nothing;
use crate::command::{Data, Fact, Need, given};
use crate::customer::CustomerFact;
use crate::decider::Decider;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::quoted;
use crate::value::{Name, Text};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Task;

/// What can be asked of a task.
#[expect(clippy::large_enum_variant, reason = "a command is moved once or twice")]
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Add(Add),
    Edit(Edit),
    Complete(Nothing),
    Reopen(Nothing),
    Delete(Nothing),
    Restore(Nothing),
}

/// Adds a task.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = task::Add)]
pub struct Add {
    pub customer: Option<Uuid>,
    pub title: Name,
    #[schema(value_type = Option<String>, format = Date, example = "2026-11-23")]
    pub due_on: Option<Date>,
    /// The member who shall do it.
    pub assignee: Option<Uuid>,
    pub note: Option<Text>,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
    #[serde(skip)]
    pub assignee_is_member: bool,
}

impl Data for Add {
    fn needs(&self) -> Vec<Need> {
        let customer = self.customer.map(Need::Customer);
        customer.into_iter().chain(self.assignee.map(Need::Member)).collect()
    }

    fn supply(&mut self, fact: &Fact) {
        match fact {
            Fact::Customer { id, customer } if Some(*id) == self.customer => {
                self.customer_fact.clone_from(customer);
            }
            Fact::Member { user, is_member } if Some(*user) == self.assignee => {
                self.assignee_is_member = *is_member;
            }
            Fact::Customer { .. }
            | Fact::Member { .. }
            | Fact::Folder { .. }
            | Fact::DefaultFolder(_)
            | Fact::CustomersFolder(_)
            | Fact::Recipient { .. }
            | Fact::ArchivedFor(_)
            | Fact::RemovedFor(_)
            | Fact::Lineage { .. }
            | Fact::Order { .. }
            | Fact::Billed(_)
            | Fact::OtherOwner(_)
            | Fact::Team { .. }
            | Fact::Template { .. }
            | Fact::Webhook { .. }
            | Fact::RuleFor(_)
            | Fact::Today(_) => {}
        }
    }
}

/// Changes a task: what is left out stays, null takes it away.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = task::Edit)]
pub struct Edit {
    pub title: Option<Name>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Option<Date>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    pub assignee: Option<Option<Uuid>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Text>)]
    pub note: Option<Option<Text>>,
    #[serde(skip)]
    pub assignee_is_member: bool,
}

impl Data for Edit {
    fn needs(&self) -> Vec<Need> {
        self.assignee.flatten().map(Need::Member).into_iter().collect()
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Member { user, is_member } = fact
            && Some(*user) == self.assignee.flatten()
        {
            self.assignee_is_member = *is_member;
        }
    }
}

/// What a task says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    pub title: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<String>>,
}

/// A task's event. Each names the customer, whose key covers the texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "task.added")]
    Added {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<Uuid>,
        title: Personal<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_on: Option<Date>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<String>>,
    },
    #[serde(rename = "task.edited")]
    Edited {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<Uuid>,
        from: Content,
        to: Content,
    },
    #[serde(rename = "task.completed")]
    Completed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<Uuid>,
        title: Personal<String>,
    },
    #[serde(rename = "task.reopened")]
    Reopened {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<Uuid>,
        title: Personal<String>,
    },
    #[serde(rename = "task.deleted")]
    Deleted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<Uuid>,
        title: Personal<String>,
    },
    /// A deleted task is there again, as it was.
    #[serde(rename = "task.restored")]
    Restored {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<Uuid>,
        #[serde(flatten)]
        task: Content,
        done: bool,
    },
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Absent,
    Open,
    Done,
    /// It was done, or not.
    Deleted {
        done: bool,
    },
}

/// A task as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub status: Status,
    pub customer: Option<Uuid>,
    pub content: Option<Content>,
}

/// Why a task's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such task")]
    NotFound,
    #[error("this task exists already")]
    Exists,
    #[error("the task was deleted")]
    Deleted,
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is archived; restore it first")]
    CustomerArchived,
    #[error("the customer was erased")]
    CustomerErased,
    #[error("nobody of this organisation has the id given as assignee")]
    AssigneeNotFound,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "task_not_found",
            Self::Exists => "task_exists",
            Self::Deleted => "task_deleted",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerArchived => "customer_archived",
            Self::CustomerErased => "customer_erased",
            Self::AssigneeNotFound => "member_not_found",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::CustomerNotFound | Self::CustomerArchived | Self::CustomerErased => {
                Some("/customer")
            }
            Self::AssigneeNotFound => Some("/assignee"),
            Self::NotFound | Self::Exists | Self::Deleted => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound | Self::Deleted => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased
            | Self::AssigneeNotFound => RefusalKind::Rule,
        }
    }
}

impl Decider for Task {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "task";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        let customer = state.customer;
        match (state.status, &state.content, command) {
            (Status::Absent, _, Command::Add(add)) => self::add(add),
            (Status::Absent, _, _) | (_, None, _) => Err(Error::NotFound),
            (_, Some(_), Command::Add(_)) => Err(Error::Exists),
            (Status::Deleted { .. }, Some(_), Command::Delete(_))
            | (Status::Done, Some(_), Command::Complete(_))
            | (Status::Open, Some(_), Command::Reopen(_))
            | (Status::Open | Status::Done, Some(_), Command::Restore(_)) => Ok(Vec::new()),
            (Status::Deleted { done }, Some(task), Command::Restore(_)) => {
                Ok(vec![Event::Restored { customer, task: task.clone(), done }])
            }
            (Status::Deleted { .. }, Some(_), _) => Err(Error::Deleted),
            (Status::Open | Status::Done, Some(from), Command::Edit(edit)) => {
                self::edit(customer, from, edit)
            }
            (Status::Open, Some(task), Command::Complete(_)) => {
                Ok(vec![Event::Completed { customer, title: task.title.clone() }])
            }
            (Status::Done, Some(task), Command::Reopen(_)) => {
                Ok(vec![Event::Reopened { customer, title: task.title.clone() }])
            }
            (Status::Open | Status::Done, Some(task), Command::Delete(_)) => {
                Ok(vec![Event::Deleted { customer, title: task.title.clone() }])
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Added { customer, title, due_on, assignee, note } => {
                let content = Content {
                    title: title.clone(),
                    due_on: *due_on,
                    assignee: *assignee,
                    note: note.clone(),
                };
                State { status: Status::Open, customer: *customer, content: Some(content) }
            }
            Event::Edited { customer: _, from: _, to } => {
                state.content = Some(to.clone());
                state
            }
            Event::Completed { customer: _, title: _ } => State { status: Status::Done, ..state },
            Event::Reopened { customer: _, title: _ } => State { status: Status::Open, ..state },
            Event::Deleted { customer: _, title: _ } => {
                let done = state.status == Status::Done;
                State { status: Status::Deleted { done }, ..state }
            }
            Event::Restored { customer: _, task: _, done } => {
                let status = if *done { Status::Done } else { Status::Open };
                State { status, ..state }
            }
        }
    }
}

fn add(add: Add) -> Result<Vec<Event>, Error> {
    if add.customer.is_some() {
        let customer = add.customer_fact.ok_or(Error::CustomerNotFound)?;
        if customer.erased {
            return Err(Error::CustomerErased);
        }
        if customer.archived {
            return Err(Error::CustomerArchived);
        }
    }
    if add.assignee.is_some() && !add.assignee_is_member {
        return Err(Error::AssigneeNotFound);
    }
    Ok(vec![Event::Added {
        customer: add.customer,
        title: Personal::Known(add.title.into()),
        due_on: add.due_on,
        assignee: add.assignee,
        note: add.note.map(|note| Personal::Known(note.into())),
    }])
}

fn edit(customer: Option<Uuid>, from: &Content, edit: Edit) -> Result<Vec<Event>, Error> {
    let new_assignee = edit.assignee.flatten().filter(|user| Some(*user) != from.assignee);
    if new_assignee.is_some() && !edit.assignee_is_member {
        return Err(Error::AssigneeNotFound);
    }
    let note = edit.note.map(|note| note.map(|note| Personal::Known(note.into())));
    let title = edit.title.map(|title| Personal::Known(title.into()));
    let to = Content {
        title: title.unwrap_or_else(|| from.title.clone()),
        due_on: edit.due_on.unwrap_or(from.due_on),
        assignee: edit.assignee.unwrap_or(from.assignee),
        note: note.unwrap_or_else(|| from.note.clone()),
    };
    if to == *from {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Edited { customer, from: from.clone(), to }])
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "task.added",
        "task.edited",
        "task.completed",
        "task.reopened",
        "task.deleted",
        "task.restored",
    ];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    /// The customer that the task is for.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        match self {
            Self::Added { customer, .. }
            | Self::Edited { customer, .. }
            | Self::Completed { customer, .. }
            | Self::Reopened { customer, .. }
            | Self::Deleted { customer, .. }
            | Self::Restored { customer, .. } => *customer,
        }
    }

    /// The customer's key; a task without a customer has a key of its own.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        self.customer_id(stream_id).or(Some(stream_id))
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Added { title, due_on, .. } => {
                let due = due_on.map(|date| format!(", due on {date}")).unwrap_or_default();
                format!("added the task {}{due}", quoted(title))
            }
            Self::Edited { from, to, .. } => edited_sentence(from, to),
            Self::Completed { title, .. } => format!("completed the task {}", quoted(title)),
            Self::Reopened { title, .. } => format!("reopened the task {}", quoted(title)),
            Self::Deleted { title, .. } => format!("deleted the task {}", quoted(title)),
            Self::Restored { task, .. } => format!("restored the task {}", quoted(&task.title)),
        }
    }
}

fn edited_sentence(from: &Content, to: &Content) -> String {
    let mut sentence = format!("changed the task {}", quoted(&from.title));
    if from.title != to.title {
        sentence.push_str(&format!(" to {}", quoted(&to.title)));
    }
    if from.due_on != to.due_on {
        let due = to.due_on.map_or_else(|| "no due date".to_owned(), |on| format!("due on {on}"));
        sentence.push_str(&format!(", {due}"));
    }
    if from.assignee != to.assignee {
        sentence.push_str(if to.assignee.is_some() {
            ", another assignee"
        } else {
            ", unassigned"
        });
    }
    if from.note != to.note {
        sentence.push_str(", another note");
    }
    sentence
}

#[cfg(test)]
mod tests;
