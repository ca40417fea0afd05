//! A quote: what a customer is offered, at which price and until when.

use jiff::civil::Date;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
use crate::customer::CustomerFact;
use crate::decider::Decider;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::{count, reason};
use crate::value::{fold, words};

mod commands;
mod event;

pub use commands::{Accept, Draft, Edit, Reject, Send};
pub use event::{Accepted, Drafted, Event, Terms};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Quote;

/// What the numbers of the organisation's own series begin with.
pub const OWN: &str = "Q-";

/// What can be asked of a quote.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Draft(Box<Draft>),
    Edit(Edit),
    Send(Send),
    Accept(Accept),
    Reject(Reject),
}

words! {
    /// Where a quote stands.
    Status {
        Draft = "draft",
        Sent = "sent",
        Accepted = "accepted",
        Rejected = "rejected",
    }
}

/// A quote as its decider sees it; none before it was drafted.
pub type State = Option<Known>;

/// A quote that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub status: Status,
    pub customer: Uuid,
    pub number: Option<String>,
    pub terms: Terms,
}

/// Why a quote's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such quote")]
    NotFound,
    #[error("this quote exists already")]
    Exists,
    #[error("the quote is {status}; only a draft can be changed")]
    NotDraft { status: Status },
    #[error("the quote is {status} and stays so; draft another one")]
    Decided { status: Status },
    #[error("the quote was valid until {valid_until}; draft another one")]
    Expired { valid_until: Date },
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is archived; restore it first")]
    CustomerArchived,
    #[error("the customer was erased")]
    CustomerErased,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "quote_not_found",
            Self::Exists => "quote_exists",
            Self::NotDraft { .. } => "quote_not_draft",
            Self::Decided { .. } => "quote_decided",
            Self::Expired { .. } => "quote_expired",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerArchived => "customer_archived",
            Self::CustomerErased => "customer_erased",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::CustomerNotFound | Self::CustomerArchived | Self::CustomerErased => {
                Some("/customer")
            }
            Self::NotFound
            | Self::Exists
            | Self::NotDraft { .. }
            | Self::Decided { .. }
            | Self::Expired { .. } => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::NotDraft { .. }
            | Self::Decided { .. }
            | Self::Expired { .. }
            | Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased => RefusalKind::Rule,
        }
    }
}

impl Decider for Quote {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "quote";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        let Some(quote) = state else {
            return match command {
                Command::Draft(draft) => self::draft(*draft),
                Command::Edit(_) | Command::Send(_) | Command::Accept(_) | Command::Reject(_) => {
                    Err(Error::NotFound)
                }
            };
        };
        let status = quote.status;
        match (status, command) {
            (_, Command::Draft(_)) => Err(Error::Exists),
            (Status::Draft, Command::Edit(edit)) => Ok(self::edit(quote, edit)),
            (_, Command::Edit(_)) => Err(Error::NotDraft { status }),
            (Status::Draft, Command::Send(send)) => self::send(quote, &send),
            (Status::Sent, Command::Send(_))
            | (Status::Accepted, Command::Accept(_))
            | (Status::Rejected, Command::Reject(_)) => Ok(Vec::new()),
            // A quote may be handed over in person: it need not have been sent.
            (Status::Draft | Status::Sent, Command::Accept(accept)) => self::accept(quote, &accept),
            (Status::Draft | Status::Sent, Command::Reject(reject)) => {
                Ok(vec![self::reject(quote, reject)])
            }
            (Status::Accepted | Status::Rejected, _) => Err(Error::Decided { status }),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Drafted(drafted) => Some(Known {
                status: Status::Draft,
                customer: drafted.customer,
                number: drafted.number.clone(),
                terms: drafted.terms.clone(),
            }),
            Event::Edited { customer: _, number: _, from: _, to } => {
                state.map(|quote| Known { terms: (**to).clone(), ..quote })
            }
            Event::Sent { .. } => now(state, Status::Sent),
            Event::Accepted(_) => now(state, Status::Accepted),
            Event::Rejected { .. } => now(state, Status::Rejected),
        }
    }
}

fn now(state: State, status: Status) -> State {
    state.map(|quote| Known { status, ..quote })
}

fn draft(draft: Draft) -> Result<Vec<Event>, Error> {
    there(draft.customer_fact.as_ref())?;
    let total = crate::order::gross(&draft.lines).unwrap_or_default();
    let terms = Terms {
        valid_until: draft.valid_until,
        currency: draft.currency.into(),
        lines: draft.lines.into_iter().map(Into::into).collect(),
        total,
    };
    let number = draft.number.map(String::from);
    Ok(vec![Event::Drafted(Drafted { customer: draft.customer, number, terms })])
}

fn there(customer: Option<&CustomerFact>) -> Result<(), Error> {
    match customer {
        None => Err(Error::CustomerNotFound),
        Some(customer) if customer.erased => Err(Error::CustomerErased),
        Some(customer) if customer.archived => Err(Error::CustomerArchived),
        Some(_) => Ok(()),
    }
}

fn edit(quote: &Known, edit: Edit) -> Vec<Event> {
    let from = &quote.terms;
    let total = edit.lines.as_ref().and_then(|lines| crate::order::gross(lines));
    let lines = edit.lines.map(|lines| lines.into_iter().map(Into::into).collect());
    let to = Terms {
        valid_until: edit.valid_until.unwrap_or(from.valid_until),
        currency: edit.currency.map_or_else(|| from.currency.clone(), Into::into),
        lines: lines.unwrap_or_else(|| from.lines.clone()),
        total: total.unwrap_or(from.total),
    };
    if to == *from {
        return Vec::new();
    }
    let (customer, number) = (quote.customer, quote.number.clone());
    vec![Event::Edited { customer, number, from: Box::new(from.clone()), to: Box::new(to) }]
}

fn send(quote: &Known, send: &Send) -> Result<Vec<Event>, Error> {
    quote.is_valid(send.today)?;
    Ok(vec![Event::Sent {
        customer: quote.customer,
        number: quote.number.clone(),
        valid_until: quote.terms.valid_until,
        currency: quote.terms.currency.clone(),
        total: quote.terms.total,
    }])
}

fn accept(quote: &Known, accept: &Accept) -> Result<Vec<Event>, Error> {
    quote.is_valid(accept.today)?;
    Ok(vec![Event::Accepted(Box::new(Accepted {
        customer: quote.customer,
        number: quote.number.clone(),
        order: accept.order,
        currency: quote.terms.currency.clone(),
        total: quote.terms.total,
        lines: quote.terms.lines.clone(),
    }))])
}

fn reject(quote: &Known, reject: Reject) -> Event {
    Event::Rejected {
        customer: quote.customer,
        number: quote.number.clone(),
        reason: reject.reason.map(|reason| Personal::Known(reason.into())),
    }
}

impl Known {
    /// The last day counts.
    fn is_valid(&self, today: Option<Date>) -> Result<(), Error> {
        let valid_until = self.terms.valid_until;
        if today.is_some_and(|today| today > valid_until) {
            return Err(Error::Expired { valid_until });
        }
        Ok(())
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["quote.drafted", "quote.edited", "quote.sent", "quote.accepted", "quote.rejected"];

    /// Own numbers differ by themselves; given ones are held.
    pub fn claims(&self) -> Vec<ClaimChange> {
        match self {
            Self::Drafted(Drafted { number: Some(number), .. }) => {
                vec![ClaimChange::take(ClaimKind::QuoteNumber, fold(number))]
            }
            Self::Drafted(_)
            | Self::Edited { .. }
            | Self::Sent { .. }
            | Self::Accepted(_)
            | Self::Rejected { .. } => Vec::new(),
        }
    }

    /// The customer to whom it is offered.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        match self {
            Self::Drafted(Drafted { customer, .. })
            | Self::Edited { customer, .. }
            | Self::Sent { customer, .. }
            | Self::Rejected { customer, .. } => Some(*customer),
            Self::Accepted(accepted) => Some(accepted.customer),
        }
    }

    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        self.customer_id(stream_id)
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Drafted(Drafted { number, terms, .. }) => {
                let Terms { valid_until, currency, lines, total } = terms;
                let (quote, lines) =
                    (named(number.as_deref()), count(lines.len(), "line", "lines"));
                format!("drafted {quote}: {lines}, {total} {currency}, valid until {valid_until}")
            }
            Self::Edited { number, from, to, .. } => {
                let mut sentence = format!("changed {}", named(number.as_deref()));
                if from.lines != to.lines || from.currency != to.currency {
                    sentence.push_str(&format!(", now {} {}", to.total, to.currency));
                }
                if from.valid_until != to.valid_until {
                    sentence.push_str(&format!(", valid until {}", to.valid_until));
                }
                sentence
            }
            Self::Sent { number, valid_until, .. } => {
                format!("sent {}, valid until {valid_until}", named(number.as_deref()))
            }
            Self::Accepted(accepted) => {
                let Accepted { number, currency, total, .. } = accepted.as_ref();
                format!(
                    "recorded that {} was accepted: {total} {currency}",
                    named(number.as_deref())
                )
            }
            Self::Rejected { number, reason: why, .. } => {
                let quote = named(number.as_deref());
                format!("recorded that {quote} was rejected{}", reason(why.as_ref()))
            }
        }
    }
}

/// A number of the series is not known before the append has given it.
fn named(number: Option<&str>) -> String {
    number.map_or_else(|| "a quote".to_owned(), |number| format!("the quote {number}"))
}

#[cfg(test)]
mod tests;
