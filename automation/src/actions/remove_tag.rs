//! `remove_tag`: takes a tag off the customer.

use domain::customer::{Command, TagCommand};
use domain::rule::RemoveTag;

use super::{Cause, Reaction, on_customer};

pub(super) fn react(step: &RemoveTag, cause: &Cause) -> Reaction {
    on_customer(cause, Command::Untag(TagCommand { tag: step.tag.clone() }))
}
