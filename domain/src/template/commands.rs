//! The data of a template's commands, as they come over the wire.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::command::{Data, Invalid};
use crate::message::{Content, Parts};
use crate::value::{Channel, MessageText, Name, Subject};

/// Writes a template. Its texts may hold placeholders such as `{customer.first_name}`; a brace that
/// is meant is written `\{`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = template::Create)]
pub struct Create {
    pub name: Name,
    pub channel: Channel,
    /// Of an e-mail.
    pub subject: Option<Subject>,
    pub text: MessageText,
    /// Of an e-mail.
    pub html: Option<MessageText>,
}

/// Replaces what a template says, as a new version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = template::Change)]
pub struct Change {
    pub name: Name,
    /// Of an e-mail.
    pub subject: Option<Subject>,
    pub text: MessageText,
    /// Of an e-mail.
    pub html: Option<MessageText>,
}

macro_rules! worded {
    ($($data:ty),+) => { $(
        impl $data {
            /// What it says.
            pub(super) fn content(&self) -> Content {
                Content {
                    subject: self.subject.as_ref().map(ToString::to_string),
                    text: self.text.to_string(),
                    html: self.html.as_ref().map(ToString::to_string),
                }
            }
        }

        impl Data for $data {
            fn check(&mut self) -> Result<(), Invalid> {
                Parts::of(self.subject.as_ref(), Some(&self.text), self.html.as_ref())
                    .check_placeholders()
            }
        }
    )+ };
}

worded!(Create, Change);
