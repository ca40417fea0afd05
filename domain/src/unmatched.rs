//! What came in and belongs to nobody yet: a message from an unknown address, or a payment that
//! names no customer. It is attached to a customer, or dismissed; either way its own copy of what
//! is personal goes with its key.

use uuid::Uuid;

pub use crate::command::Nothing;
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};

mod commands;
mod event;

pub use commands::{Attach, ReceiveMessage, ReceivePayment};
pub use event::{Event, Message, Payment};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Unmatched;

/// What can be asked of it.
#[expect(clippy::large_enum_variant, reason = "a command is moved once or twice")]
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    ReceiveMessage(Box<ReceiveMessage>),
    ReceivePayment(Box<ReceivePayment>),
    Attach(Attach),
    Dismiss(Nothing),
}

/// What came in.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Message(Box<Message>),
    Payment(Box<Payment>),
}

/// Where it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum State {
    #[default]
    Absent,
    Open(Content),
    Attached(Uuid),
    Dismissed,
}

/// Why its command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("nothing of this id came in without a customer")]
    NotFound,
    #[error("it was attached to a customer before")]
    Attached,
    #[error("it was dismissed before, and its content is gone")]
    Dismissed,
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer was erased")]
    CustomerErased,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "unmatched_not_found",
            Self::Attached | Self::Dismissed => "unmatched_settled",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerErased => "customer_erased",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::CustomerNotFound | Self::CustomerErased => Some("/customer"),
            Self::NotFound | Self::Attached | Self::Dismissed => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Attached | Self::Dismissed => RefusalKind::Conflict,
            Self::CustomerNotFound | Self::CustomerErased => RefusalKind::Rule,
        }
    }
}

impl Decider for Unmatched {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "unmatched";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state, command) {
            (State::Absent, Command::ReceiveMessage(message)) => Ok(vec![(*message).into()]),
            (State::Absent, Command::ReceivePayment(payment)) => Ok(vec![(*payment).into()]),
            (State::Absent, Command::Attach(_) | Command::Dismiss(_)) => Err(Error::NotFound),
            // Providers deliver again what they delivered before.
            (_, Command::ReceiveMessage(_) | Command::ReceivePayment(_)) => Ok(Vec::new()),
            (State::Open(_), Command::Attach(attach)) => self::attach(attach),
            (State::Open(_), Command::Dismiss(_)) => Ok(vec![Event::Dismissed {}]),
            (State::Attached(customer), Command::Attach(attach))
                if *customer == attach.customer =>
            {
                Ok(Vec::new())
            }
            (State::Attached(_), Command::Attach(_) | Command::Dismiss(_)) => Err(Error::Attached),
            (State::Dismissed, Command::Attach(_)) => Err(Error::Dismissed),
            (State::Dismissed, Command::Dismiss(_)) => Ok(Vec::new()),
        }
    }

    fn evolve(_state: State, event: &Event) -> State {
        match event {
            Event::MessageReceived(message) => State::Open(Content::Message(message.clone())),
            Event::PaymentReceived(payment) => State::Open(Content::Payment(payment.clone())),
            Event::Attached { customer } => State::Attached(*customer),
            Event::Dismissed {} => State::Dismissed,
        }
    }
}

fn attach(attach: Attach) -> Result<Vec<Event>, Error> {
    let customer = attach.customer_fact.ok_or(Error::CustomerNotFound)?;
    if customer.erased {
        return Err(Error::CustomerErased);
    }
    Ok(vec![Event::Attached { customer: attach.customer }])
}

#[cfg(test)]
mod tests;
