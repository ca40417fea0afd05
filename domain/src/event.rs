//! Every event of every aggregate under one roof: its stored name, its body, what it claims.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde_json::Value;
use uuid::Uuid;

use crate::claim::ClaimChange;
use crate::{
    account, customer, file, folder, invitation, member, message, notification, order,
    organisation, quote, role, rule, rule_run, service_entry, task, team, template, unmatched,
    user, webhook,
};

pub mod pattern;
mod schema;

use schema::Described;

/// Version of the bodies that this code writes; raised per type when an upcaster is added.
pub const SCHEMA_VERSION: i16 = 1;

/// One aggregate's events, as a part of all.
pub trait Part: Into<Event> {
    /// The event, if it is one of these.
    fn of(event: &Event) -> Option<&Self>;
}

macro_rules! events {
    ($($variant:ident($module:ident): $prefix:literal),+ $(,)?) => {
        /// An event of any aggregate.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event { $($variant($module::Event)),+ }

        $(impl From<$module::Event> for Event {
            fn from(event: $module::Event) -> Self { Self::$variant(event) }
        })+

        $(impl Part for $module::Event {
            fn of(event: &Event) -> Option<&Self> {
                if let Event::$variant(event) = event { Some(event) } else { None }
            }
        })+

        impl Event {
            /// The kind of the stream that it belongs to: the part of its name before the dot.
            pub fn stream_kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $prefix),+ }
            }

            /// The stored names of all events of all aggregates.
            pub fn type_names() -> &'static [&'static str] {
                static NAMES: LazyLock<Vec<&'static str>> =
                    LazyLock::new(|| [$($module::Event::NAMES),+].concat());
                &NAMES
            }

            /// `{"type": name, "data": body}`.
            fn tagged(&self) -> Result<Value, serde_json::Error> {
                match self { $(Self::$variant(event) => serde_json::to_value(event)),+ }
            }

            /// Reads a stored event.
            pub fn decode(name: &str, version: i16, body: &Value) -> Result<Self, DecodeError> {
                if version > SCHEMA_VERSION {
                    return Err(DecodeError::Newer { name: name.to_owned(), version });
                }
                let kind = name.split('.').next().unwrap_or_default();
                let type_name = Value::from(name);
                let members = [("type", &type_name), ("data", body)].into_iter();
                let tagged = MapDeserializer::new(members);
                let decoded = match kind {
                    $($prefix => $module::Event::deserialize(tagged).map(Self::$variant),)+
                    _ => return Err(DecodeError::Unknown { name: name.to_owned() }),
                };
                decoded.map_err(|source| DecodeError::Body { name: name.to_owned(), source })
            }

            /// The schemas of all events of a kind of stream.
            fn described(kind: &str) -> Option<Described> {
                match kind {
                    $($prefix => Some(Described::of::<$module::Event>()),)+
                    _ => None,
                }
            }

            /// What it takes and lets go of, unique in the organisation.
            pub fn claims(&self) -> Vec<ClaimChange> {
                match self { $(Self::$variant(event) => event.claims()),+ }
            }

            /// The customer that it is about, given the id of its stream.
            pub fn customer_id(&self, stream_id: Uuid) -> Option<Uuid> {
                match self { $(Self::$variant(event) => event.customer_id(stream_id)),+ }
            }

            /// The person whose key covers its personal values, given the id of its stream.
            pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
                match self { $(Self::$variant(event) => event.key_id(stream_id)),+ }
            }

            /// What happened, in one English sentence without its subject and final full stop:
            /// "moved to Active clients".
            pub fn sentence(&self) -> String {
                match self { $(Self::$variant(event) => event.sentence()),+ }
            }
        }
    };
}

events! {
    Account(account): "account",
    Customer(customer): "customer",
    File(file): "file",
    Folder(folder): "folder",
    Invitation(invitation): "invitation",
    Member(member): "member",
    Message(message): "message",
    Notification(notification): "notification",
    Order(order): "order",
    Organisation(organisation): "organisation",
    Quote(quote): "quote",
    Role(role): "role",
    Rule(rule): "rule",
    RuleRun(rule_run): "rule_run",
    ServiceEntry(service_entry): "service_entry",
    Task(task): "task",
    Team(team): "team",
    Template(template): "template",
    Unmatched(unmatched): "unmatched",
    User(user): "user",
    Webhook(webhook): "webhook",
}

impl Event {
    /// The person whose key is destroyed with it, given the id of its stream.
    pub fn destroys_key(&self, stream_id: Uuid) -> Option<Uuid> {
        let erased = matches!(self, Self::Customer(customer::Event::Erased { .. }));
        let settled = matches!(self, Self::Unmatched(event) if event.settles())
            || matches!(self, Self::Invitation(event) if event.settles());
        (erased || settled).then_some(stream_id)
    }

    /// The series from which the append gives it a number, if it has none of its own. The series'
    /// name is what its numbers begin with.
    pub fn series(&self) -> Option<&'static str> {
        match self {
            Self::Account(event) => event.series(),
            Self::Order(event) => event.series(),
            Self::Quote(event) => event.series(),
            Self::Customer(_)
            | Self::File(_)
            | Self::Folder(_)
            | Self::Invitation(_)
            | Self::Member(_)
            | Self::Message(_)
            | Self::Notification(_)
            | Self::Organisation(_)
            | Self::Role(_)
            | Self::Rule(_)
            | Self::RuleRun(_)
            | Self::ServiceEntry(_)
            | Self::Task(_)
            | Self::Team(_)
            | Self::Template(_)
            | Self::Unmatched(_)
            | Self::User(_)
            | Self::Webhook(_) => None,
        }
    }

    /// Takes the number that the append gave: its member `number`.
    pub fn take_number(&mut self, number: String) {
        match self {
            Self::Account(event) => event.take_number(number),
            Self::Order(event) => event.take_number(number),
            Self::Quote(event) => event.take_number(number),
            Self::Customer(_)
            | Self::File(_)
            | Self::Folder(_)
            | Self::Invitation(_)
            | Self::Member(_)
            | Self::Message(_)
            | Self::Notification(_)
            | Self::Organisation(_)
            | Self::Role(_)
            | Self::Rule(_)
            | Self::RuleRun(_)
            | Self::ServiceEntry(_)
            | Self::Task(_)
            | Self::Team(_)
            | Self::Template(_)
            | Self::Unmatched(_)
            | Self::User(_)
            | Self::Webhook(_) => {}
        }
    }

    /// The stored name and body (personal values still in it, marked).
    pub fn encode(&self) -> Result<(String, Value), serde_json::Error> {
        let mut tagged = self.tagged()?;
        let name = tagged.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = tagged.get_mut("data").map(Value::take).unwrap_or_default();
        Ok((name, body))
    }
}

/// Why a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("event {name} has version {version}, newer than this program knows")]
    Newer { name: String, version: i16 },
    #[error("event {name} is not known to this program")]
    Unknown { name: String },
    #[error("the body of event {name} cannot be read")]
    Body { name: String, source: serde_json::Error },
}
