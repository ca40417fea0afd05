//! One row of the API: routing, access, parameter checks and the reference all read this table.

use axum::routing::{MethodFilter, MethodRouter, on};
use domain::access::Action;
use serde_json::Value;

use crate::server::App;

/// An operation of the API.
#[derive(Debug)]
pub struct Endpoint {
    /// How it is called.
    pub verb: Verb,
    /// Where, with `{parameters}`.
    pub path: &'static str,
    /// The operation's id in the reference. Empty for commands: theirs is made from their name.
    pub id: &'static str,
    /// The part of the reference that it stands in.
    pub tag: &'static str,
    /// One line for people. Empty for commands: the domain's registry says it.
    pub summary: &'static str,
    /// Who may call it.
    pub guard: Guard,
    /// Its query parameters, in groups.
    pub parameters: &'static [&'static [Parameter]],
    /// What it reads as a body.
    pub request: Request,
    /// What it answers with.
    pub answer: Answer,
    /// What answers it.
    pub handler: fn(MethodFilter) -> MethodRouter<App>,
}

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Commands and searches.
    Post,
    /// Commands that replace something as a whole.
    Put,
    /// Commands that change some fields.
    Patch,
    /// Commands that take something away.
    Delete,
}

impl Verb {
    /// As the router knows it; who may GET may also ask for the headers alone.
    #[must_use]
    pub const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
        }
    }

    /// As `OpenAPI` writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
pub enum Guard {
    /// Everybody, without a token.
    Public,
    /// Everybody with a token.
    SignedIn,
    /// Who may do this; the policy is asked at the door.
    Action(Action),
    /// Who may issue this command; the store asks the policy with the record's facts.
    Command(CommandRoute),
    /// Who may issue the command that the body names, or that takes an event back.
    AnyCommand,
}

/// How a route makes its command.
#[derive(Debug, Clone, Copy)]
pub struct CommandRoute {
    /// The command's name in the domain's registry.
    pub name: &'static str,
    /// What it is meant for.
    pub target: Target,
    /// Fields of the command's data that stand in the path: (parameter, field).
    pub fields: &'static [(&'static str, &'static str)],
}

/// The record that a command is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A new one.
    New,
    /// The one that this path parameter names.
    Path(&'static str),
    /// The caller's organisation.
    Organisation,
}

/// What a query parameter holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Free text of up to so many characters.
    Text(usize),
    /// A whole number within limits.
    Integer(i64, i64),
    /// `true` or `false`.
    Flag,
    /// A UUID.
    Id,
    /// A moment, RFC 3339.
    Instant,
    /// A day.
    Date,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Several words, separated by commas.
    Words,
    /// `filter[field]=value` and `filter[field][op]=value`, any number of them.
    Filter,
}

/// A query parameter.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// One line for people.
    pub summary: &'static str,
}

impl Parameter {
    /// A parameter.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, summary: &'static str) -> Self {
        Self { name, kind, summary }
    }
}

/// What an operation reads as a body.
#[derive(Debug, Clone, Copy)]
pub enum Request {
    /// Nothing.
    None,
    /// The data of the route's command, and `occurred_at`.
    Command,
    /// A named schema of the reference, with an example.
    Json {
        /// Name in `components/schemas`.
        schema: &'static str,
        /// A body that works.
        example: fn() -> Value,
        /// A body that is refused, with the code of its first error.
        wrong: fn() -> (Value, &'static str),
    },
    /// Bytes of any kind.
    Bytes,
}

/// What an operation answers with when all is well.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// The outcome of a command: 201 for a new record, else 200.
    Command,
    /// A named schema of the reference, with this status.
    Json(u16, &'static str),
    /// A page of rows of this schema.
    Page(&'static str),
    /// Another media type.
    Other(u16, &'static str),
    /// Nothing but the status.
    Empty(u16),
}

/// `limit`, `after` and `before`.
pub const PAGE: &[Parameter] = &[
    Parameter::new("limit", Kind::Integer(1, 200), "Rows of a page, 50 if not said"),
    Parameter::new("after", Kind::Text(2000), "The cursor `next` of the page before"),
    Parameter::new("before", Kind::Text(2000), "The cursor `prev` of the page behind"),
];

/// `min_position`.
pub const READ: &[Parameter] = &[Parameter::new(
    "min_position",
    Kind::Text(20),
    "Wait until the view holds this position of a command's answer",
)];

/// `as_of`, `at_version` and `time`.
pub const PAST: &[Parameter] = &[
    Parameter::new("as_of", Kind::Instant, "As it was at this moment"),
    Parameter::new("at_version", Kind::Integer(1, i64::MAX), "As it was at this version"),
    Parameter::new(
        "time",
        Kind::Word(&["recorded", "effective"]),
        "What `as_of` means: when we learned it (the default), or when it happened",
    ),
];

/// `dry_run`.
pub const DRY_RUN: &[Parameter] = &[Parameter::new(
    "dry_run",
    Kind::Flag,
    "Check and decide, write nothing, and answer with what would happen",
)];

/// What a caller's bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Traffic {
    Reads,
    Writes,
}

impl Traffic {
    /// As in the headers `RateLimit` and `RateLimit-Policy`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
        }
    }
}

/// What an operation costs its caller, where the service counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Whose units.
    pub traffic: Traffic,
    /// How many.
    pub units: u32,
}

impl Endpoint {
    /// What it costs: a search twice what another read does.
    #[must_use]
    pub fn cost(&self) -> Cost {
        match self.verb {
            _ if self.path.ends_with("/search") => Cost { traffic: Traffic::Reads, units: 2 },
            Verb::Get => Cost { traffic: Traffic::Reads, units: 1 },
            Verb::Post | Verb::Put | Verb::Patch | Verb::Delete => {
                Cost { traffic: Traffic::Writes, units: 1 }
            }
        }
    }

    /// The route of a command.
    #[must_use]
    pub const fn command(
        verb: Verb,
        path: &'static str,
        name: &'static str,
        target: Target,
        fields: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            verb,
            path,
            id: "",
            tag: "",
            summary: "",
            guard: Guard::Command(CommandRoute { name, target, fields }),
            parameters: &[DRY_RUN],
            request: Request::Command,
            answer: Answer::Command,
            handler: |verb| on(verb, crate::commands::run),
        }
    }

    /// The query parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().flat_map(|group| group.iter())
    }

    /// The names in the path, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
