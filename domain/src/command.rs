//! Commands from outside: a name and JSON become a typed command, or an answer that teaches.

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::customer::{CustomerFact, Lineage};
use crate::folder;
use crate::message::Recipient;
use crate::order::OrderFact;
use crate::refusal::Refusal;
use crate::rule_run::RuleFact;
use crate::{template, value};

mod cards;
mod entailed;
mod read;
mod registry;

pub use read::read;
pub(crate) use read::{given, nearest};
pub use registry::{Command, CommandSpec};

/// The data of a command that has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Input that cannot become a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Invalid {
    /// JSON pointer of the field in the command's data; empty for the whole.
    pub pointer: String,
    pub code: &'static str,
    pub detail: String,
    /// The values that would be right, when they can be listed.
    pub allowed: Option<Vec<String>>,
}

impl Invalid {
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into(), allowed: None }
    }

    #[must_use]
    pub fn allowing(mut self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed = Some(allowed.into_iter().map(Into::into).collect());
        self
    }

    /// The same, with the pointer seen from further outside.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }

    /// A value's own refusal, at this place.
    pub fn value(pointer: impl Into<String>, error: &value::Error) -> Self {
        let (code, detail) = read::coded(&error.to_string());
        Self::new(pointer, code, detail)
    }
}

impl Refusal for Invalid {
    fn code(&self) -> &'static str {
        self.code
    }

    fn pointer(&self) -> Option<&str> {
        Some(&self.pointer)
    }

    fn allowed(&self) -> Option<Vec<String>> {
        self.allowed.clone()
    }
}

/// Something that a decision must know and that other streams hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// The folder with this id.
    Folder(Uuid),
    /// The organisation's default folder.
    DefaultFolder,
    /// The folder in which the command's own customer is now.
    CustomersFolder,
    /// The customer with this id.
    Customer(Uuid),
    /// Whether this user is a member of the organisation.
    Member(Uuid),
    /// Whether the organisation has an owner beside the command's own member.
    OtherOwner,
    /// How long the command's own customer has been in the archive.
    ArchivedFor,
    /// How long ago the command's own file was removed.
    RemovedFor,
    /// The customer with this id, as somebody to write to.
    Recipient(Uuid),
    /// The referrers above the customer with this id.
    Lineage(Uuid),
    /// The order with this id.
    Order(Uuid),
    /// Whether an invoice bills the command's own order.
    Billed,
    /// Whether there is a team with this id that is not archived.
    Team(Uuid),
    /// The template with this id.
    Template(Uuid),
    /// Whether there is a webhook with this id.
    Webhook(Uuid),
    /// A rule, and how a customer stands to it.
    RuleFor { rule: Uuid, customer: Uuid },
    /// The day on which it happens, in the organisation's time zone.
    Today,
}

/// The answer to a [`Need`]. Without it a decision takes the thing to be absent.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Folder {
        id: Uuid,
        folder: Option<folder::State>,
    },
    DefaultFolder(Option<(Uuid, folder::State)>),
    CustomersFolder(Option<folder::State>),
    Customer {
        id: Uuid,
        customer: Option<CustomerFact>,
    },
    Member {
        user: Uuid,
        is_member: bool,
    },
    OtherOwner(bool),
    /// Nothing where this is decided together with the archiving.
    ArchivedFor(Option<SignedDuration>),
    /// Nothing where this is decided together with the removing.
    RemovedFor(Option<SignedDuration>),
    Recipient {
        id: Uuid,
        recipient: Option<Recipient>,
    },
    Lineage {
        of: Uuid,
        lineage: Lineage,
    },
    Order {
        id: Uuid,
        order: Option<OrderFact>,
    },
    Billed(bool),
    Team {
        id: Uuid,
        exists: bool,
    },
    Template {
        id: Uuid,
        template: template::State,
    },
    Webhook {
        id: Uuid,
        exists: bool,
    },
    RuleFor(Option<RuleFact>),
    Today(Date),
}

/// The data of one kind of command.
pub trait Data {
    /// Checks what one field alone does not show; runs once, at the edge.
    fn check(&mut self) -> Result<(), Invalid> {
        Ok(())
    }

    /// Fills the ids of new things that have none yet.
    fn assign_ids(&mut self, _next: &mut dyn FnMut() -> Uuid) {}

    /// What the shell has to look up.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// Takes what the shell found.
    fn supply(&mut self, _fact: &Fact) {}
}

/// Data without ids to fill and without needs.
macro_rules! plain {
    ($($data:ty),+ $(,)?) => { $(impl $crate::command::Data for $data {})+ };
}
pub(crate) use plain;

plain!(Nothing);

/// What is wrong about the way a command was sent.
fn unknown_command(name: &str) -> Invalid {
    let names = Command::specs().iter().map(|spec| spec.name);
    let hint = nearest(name, names.clone());
    let hint = hint.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    Invalid::new("/type", "unknown_command", format!("there is no command {name:?}{hint}"))
        .allowing(names)
}

/// Reads the data of one command.
fn parse_data<T: serde::de::DeserializeOwned + Data>(data: Value) -> Result<T, Invalid> {
    let data = if data.is_null() { Value::Object(serde_json::Map::new()) } else { data };
    // Serde would also take a list for a struct, field by field.
    if !data.is_object() {
        return Err(Invalid::new("", "invalid_field", "the data of a command is an object"));
    }
    let mut data: T = read(data)?;
    data.check()?;
    Ok(data)
}

#[cfg(test)]
mod tests;
