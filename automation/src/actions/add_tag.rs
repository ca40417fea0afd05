//! `add_tag`: puts a tag on the customer.

use domain::customer::{Command, TagCommand};
use domain::rule::AddTag;

use super::{Cause, Reaction, on_customer};

pub(super) fn react(step: &AddTag, cause: &Cause) -> Reaction {
    on_customer(cause, Command::Tag(TagCommand { tag: step.tag.clone() }))
}
