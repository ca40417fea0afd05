//! The customer as a message sees it: where to reach them, and whether they may be written to.

use std::collections::{BTreeMap, BTreeSet};

use crate::customer::Presence;
use crate::value::{Channel, Lifecycle, WithheldReason};

/// What a message has to know about its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub presence: Presence,
    pub lifecycle: Lifecycle,
    pub do_not_work_with: bool,
    pub opted_out: BTreeSet<Channel>,
    /// The primary address.
    pub email: Option<String>,
    /// The primary number, in E.164 where it was understood.
    pub phone: Option<String>,
    /// What placeholders stand for, as far as it is known.
    pub words: BTreeMap<&'static str, String>,
}

impl Recipient {
    /// Where a message of this channel goes.
    pub fn address(&self, channel: Channel) -> Option<String> {
        match channel {
            Channel::Email => self.email.clone(),
            Channel::Sms | Channel::Whatsapp => self.phone.clone(),
        }
    }

    pub fn erased(&self) -> bool {
        self.presence == Presence::Erased
    }

    /// Why an automatic message is not sent, if it is not: what nobody may override comes first.
    pub fn withholds(&self, channel: Channel) -> Option<WithheldReason> {
        match self.presence {
            Presence::Absent | Presence::Erased => Some(WithheldReason::Erased),
            Presence::Archived => Some(WithheldReason::Archived),
            Presence::Present if self.opted_out.contains(&channel) => {
                Some(WithheldReason::OptedOut)
            }
            Presence::Present if self.do_not_work_with => Some(WithheldReason::DoNotWorkWith),
            Presence::Present if self.lifecycle == Lifecycle::Dormant => {
                Some(WithheldReason::Dormant)
            }
            Presence::Present => None,
        }
    }
}
