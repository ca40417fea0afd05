//! `send_email`: writes to the customer, unless the customer is not to be written to.

use domain::Command;
use domain::message::{self, Request};
use domain::rule::SendEmail;
use domain::value::{AskedBy, Channel};

use super::{Cause, Reaction};

pub(super) fn react(step: &SendEmail, cause: &Cause) -> Reaction {
    let request = Request {
        customer: cause.customer,
        channel: Channel::Email,
        to: None,
        template: step.template,
        subject: step.subject.clone(),
        text: step.text.clone(),
        html: step.html.clone(),
        placeholders: true,
        asked_by: AskedBy::Automatic,
        recipient: None,
        kept: None,
    };
    let command = message::Command::Request(Box::new(request));
    Reaction::Do(Box::new(Command::Message { id: cause.effect, command }))
}
