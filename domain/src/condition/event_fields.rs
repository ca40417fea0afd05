//! What the data of each event holds, as far as conditions may ask for it.

use super::Kind;
use crate::access::FieldGroup;

mod account;

type Row = (&'static str, Kind, FieldGroup);

const fn basic(name: &'static str, kind: Kind) -> Row {
    (name, kind, FieldGroup::Basic)
}

const fn contact(name: &'static str, kind: Kind) -> Row {
    (name, kind, FieldGroup::Contact)
}

const fn risk(name: &'static str, kind: Kind) -> Row {
    (name, kind, FieldGroup::Risk)
}

/// The fields of an event of this stored name.
pub(super) fn event_fields(name: &str) -> Option<&'static [Row]> {
    let (stream, _) = name.split_once('.')?;
    match stream {
        "account" => account::fields(name),
        "customer" => customer(name),
        "order" => order(name),
        "quote" => quote(name),
        "service_entry" => service_entry(name),
        "file" => file(name),
        "task" => task(name),
        "message" => message(name),
        _ => other(name),
    }
}

#[expect(clippy::too_many_lines, reason = "every event by name")]
fn customer(name: &str) -> Option<&'static [Row]> {
    Some(match name {
        "customer.created" => {
            const {
                &[
                    basic("type", Kind::Label),
                    basic("first_name", Kind::Text),
                    basic("last_name", Kind::Text),
                    basic("company_name", Kind::Text),
                    basic("folder", Kind::Uuid),
                    basic("status", Kind::Label),
                    basic("tags", Kind::Labels),
                    basic("source", Kind::Text),
                    basic("external_ids.*", Kind::Text),
                ]
            }
        }
        "customer.renamed" => {
            const {
                &[
                    basic("from.first_name", Kind::Text),
                    basic("from.last_name", Kind::Text),
                    basic("from.company_name", Kind::Text),
                    basic("to.first_name", Kind::Text),
                    basic("to.last_name", Kind::Text),
                    basic("to.company_name", Kind::Text),
                ]
            }
        }
        "customer.type_changed" => {
            const { &[basic("from", Kind::Label), basic("to", Kind::Label)] }
        }
        "customer.email_added" | "customer.email_changed" => {
            const {
                &[
                    contact("address", Kind::Text),
                    contact("label", Kind::Text),
                    contact("primary", Kind::Bool),
                ]
            }
        }
        "customer.email_removed" => {
            const { &[contact("address", Kind::Text), contact("new_primary", Kind::Text)] }
        }
        "customer.phone_added" | "customer.phone_changed" => {
            const {
                &[
                    contact("number", Kind::Text),
                    contact("e164", Kind::Text),
                    contact("label", Kind::Text),
                    contact("primary", Kind::Bool),
                ]
            }
        }
        "customer.phone_removed" => {
            const { &[contact("number", Kind::Text), contact("new_primary", Kind::Text)] }
        }
        "customer.address_added" => {
            const {
                &[
                    contact("address_id", Kind::Uuid),
                    contact("address.city", Kind::Text),
                    contact("address.postcode", Kind::Text),
                    contact("address.region", Kind::Text),
                    contact("address.country", Kind::Text),
                    contact("label", Kind::Text),
                    contact("primary", Kind::Bool),
                ]
            }
        }
        "customer.address_changed" => {
            const {
                &[
                    contact("to.address_id", Kind::Uuid),
                    contact("from.address.city", Kind::Text),
                    contact("from.address.postcode", Kind::Text),
                    contact("from.address.country", Kind::Text),
                    contact("to.address.city", Kind::Text),
                    contact("to.address.postcode", Kind::Text),
                    contact("to.address.country", Kind::Text),
                ]
            }
        }
        "customer.address_removed" => {
            const {
                &[
                    contact("address_id", Kind::Uuid),
                    contact("address.city", Kind::Text),
                    contact("address.postcode", Kind::Text),
                    contact("address.country", Kind::Text),
                    contact("new_primary", Kind::Uuid),
                ]
            }
        }
        "customer.external_id_set" => {
            const { &[basic("source", Kind::Label), basic("from", Kind::Text), basic("to", Kind::Text)] }
        }
        "customer.external_id_removed" => {
            const { &[basic("source", Kind::Label), basic("id", Kind::Text)] }
        }
        "customer.status_changed" => {
            const {
                &[
                    basic("from", Kind::Label),
                    basic("to", Kind::Label),
                    basic("reason", Kind::Text),
                    basic("cause", Kind::Label),
                ]
            }
        }
        "customer.folder_moved" => const { &[basic("from", Kind::Uuid), basic("to", Kind::Uuid)] },
        "customer.tagged" | "customer.untagged" => const { &[basic("tag", Kind::Label)] },
        "customer.worker_assigned" | "customer.worker_unassigned" => {
            const { &[basic("user", Kind::Uuid)] }
        }
        "customer.note_added" => {
            const {
                &[
                    basic("note_id", Kind::Uuid),
                    basic("scope", Kind::Label),
                    basic("text", Kind::Text),
                ]
            }
        }
        "customer.note_edited" => {
            const {
                &[
                    basic("note_id", Kind::Uuid),
                    basic("scope", Kind::Label),
                    basic("from", Kind::Text),
                    basic("to", Kind::Text),
                ]
            }
        }
        "customer.note_restored" => {
            const {
                &[
                    basic("note_id", Kind::Uuid),
                    basic("scope", Kind::Label),
                    basic("text", Kind::Text),
                    basic("pinned", Kind::Bool),
                ]
            }
        }
        "customer.note_deleted" | "customer.note_pinned" | "customer.note_unpinned" => {
            const { &[basic("note_id", Kind::Uuid), basic("scope", Kind::Label)] }
        }
        "customer.interaction_logged" => {
            const {
                &[
                    basic("interaction_id", Kind::Uuid),
                    basic("type", Kind::Label),
                    basic("note", Kind::Text),
                ]
            }
        }
        "customer.referrer_set" => const { &[basic("from", Kind::Uuid), basic("to", Kind::Uuid)] },
        "customer.referrer_removed" => const { &[basic("from", Kind::Uuid)] },
        "customer.referral_recorded" | "customer.referral_removed" => {
            const { &[basic("referred", Kind::Uuid)] }
        }
        "customer.opted_out" => {
            const { &[basic("channel", Kind::Label), basic("reason", Kind::Text)] }
        }
        "customer.opted_in" => const { &[basic("channel", Kind::Label)] },
        "customer.flagged" | "customer.marked_dormant" | "customer.do_not_work_with_set" => {
            const { &[basic("reason", Kind::Text)] }
        }
        "customer.risk_flag_raised" | "customer.risk_flag_cleared" => {
            const {
                &[
                    risk("flag_id", Kind::Uuid),
                    risk("type", Kind::Label),
                    risk("reason", Kind::Text),
                ]
            }
        }
        "customer.portal_access_granted" => {
            const {
                &[
                    basic("link_id", Kind::Uuid),
                    basic("until", Kind::Date),
                    contact("sent_to", Kind::Text),
                ]
            }
        }
        "customer.unflagged"
        | "customer.reactivated"
        | "customer.do_not_work_with_cleared"
        | "customer.portal_access_revoked"
        | "customer.archived"
        | "customer.restored"
        | "customer.erased" => &[],
        _ => return None,
    })
}

fn order(name: &str) -> Option<&'static [Row]> {
    match name {
        "order.recorded" | "order.credited" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("source", Kind::Label),
                    basic("number", Kind::Text),
                    basic("currency", Kind::Label),
                    basic("placed_at", Kind::Instant),
                    basic("gross", Kind::Number),
                ]
            },
        ),
        "order.placed" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("number", Kind::Text),
                    basic("quote", Kind::Uuid),
                    basic("currency", Kind::Label),
                    basic("gross", Kind::Number),
                ]
            },
        ),
        "order.cancelled" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("number", Kind::Text),
                    basic("reason", Kind::Text),
                ]
            },
        ),
        _ => None,
    }
}

fn quote(name: &str) -> Option<&'static [Row]> {
    match name {
        "quote.drafted" | "quote.sent" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("number", Kind::Text),
                    basic("valid_until", Kind::Date),
                    basic("currency", Kind::Label),
                    basic("total", Kind::Number),
                ]
            },
        ),
        "quote.edited" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("number", Kind::Text),
                    basic("from.valid_until", Kind::Date),
                    basic("from.currency", Kind::Label),
                    basic("from.total", Kind::Number),
                    basic("to.valid_until", Kind::Date),
                    basic("to.currency", Kind::Label),
                    basic("to.total", Kind::Number),
                ]
            },
        ),
        "quote.accepted" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("number", Kind::Text),
                    basic("order", Kind::Uuid),
                    basic("currency", Kind::Label),
                    basic("total", Kind::Number),
                ]
            },
        ),
        "quote.rejected" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("number", Kind::Text),
                    basic("reason", Kind::Text),
                ]
            },
        ),
        _ => None,
    }
}

fn file(name: &str) -> Option<&'static [Row]> {
    match name {
        "file.uploaded" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("scope", Kind::Label),
                    basic("name", Kind::Text),
                    basic("size_bytes", Kind::Number),
                    basic("sha256", Kind::Text),
                    basic("media_type", Kind::Text),
                ]
            },
        ),
        "file.renamed" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("scope", Kind::Label),
                    basic("name", Kind::Text),
                    basic("from", Kind::Text),
                ]
            },
        ),
        "file.removed" | "file.restored" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("scope", Kind::Label),
                    basic("name", Kind::Text),
                ]
            },
        ),
        _ => None,
    }
}

fn service_entry(name: &str) -> Option<&'static [Row]> {
    match name {
        "service_entry.added" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("kind", Kind::Label),
                    basic("title", Kind::Text),
                    basic("scheduled_for", Kind::Text),
                    basic("state", Kind::Label),
                ]
            },
        ),
        "service_entry.rescheduled" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("kind", Kind::Label),
                    basic("title", Kind::Text),
                    basic("from", Kind::Text),
                    basic("to", Kind::Text),
                ]
            },
        ),
        "service_entry.completed" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("kind", Kind::Label),
                    basic("title", Kind::Text),
                ]
            },
        ),
        "service_entry.cancelled" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("kind", Kind::Label),
                    basic("title", Kind::Text),
                    basic("reason", Kind::Text),
                ]
            },
        ),
        "service_entry.reopened" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("kind", Kind::Label),
                    basic("title", Kind::Text),
                    basic("from", Kind::Label),
                ]
            },
        ),
        _ => None,
    }
}

fn task(name: &str) -> Option<&'static [Row]> {
    match name {
        "task.added" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("title", Kind::Text),
                    basic("due_on", Kind::Date),
                    basic("assignee", Kind::Uuid),
                    basic("note", Kind::Text),
                ]
            },
        ),
        "task.edited" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("from.title", Kind::Text),
                    basic("from.due_on", Kind::Date),
                    basic("from.assignee", Kind::Uuid),
                    basic("to.title", Kind::Text),
                    basic("to.due_on", Kind::Date),
                    basic("to.assignee", Kind::Uuid),
                ]
            },
        ),
        "task.restored" => Some(
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("title", Kind::Text),
                    basic("due_on", Kind::Date),
                    basic("assignee", Kind::Uuid),
                    basic("note", Kind::Text),
                    basic("done", Kind::Bool),
                ]
            },
        ),
        "task.completed" | "task.reopened" | "task.deleted" => {
            Some(const { &[basic("customer", Kind::Uuid), basic("title", Kind::Text)] })
        }
        _ => None,
    }
}

fn message(name: &str) -> Option<&'static [Row]> {
    Some(match name {
        "message.requested" => {
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("channel", Kind::Label),
                    basic("template", Kind::Uuid),
                    basic("template_version", Kind::Number),
                    contact("to", Kind::Text),
                    basic("subject", Kind::Text),
                    basic("text", Kind::Text),
                    basic("html", Kind::Text),
                    basic("asked_by", Kind::Label),
                ]
            }
        }
        "message.withheld" => {
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("channel", Kind::Label),
                    basic("reason", Kind::Label),
                    basic("subject", Kind::Text),
                ]
            }
        }
        "message.sent" => {
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("channel", Kind::Label),
                    basic("provider_id", Kind::Text),
                ]
            }
        }
        "message.failed" => {
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("reason", Kind::Text),
                    basic("final", Kind::Bool),
                ]
            }
        }
        "message.delivered" | "message.opened" => const { &[basic("customer", Kind::Uuid)] },
        "message.received" => {
            const {
                &[
                    basic("customer", Kind::Uuid),
                    basic("channel", Kind::Label),
                    contact("from", Kind::Text),
                    contact("to", Kind::Text),
                    basic("subject", Kind::Text),
                    basic("text", Kind::Text),
                    basic("thread", Kind::Text),
                    basic("in_reply_to", Kind::Uuid),
                    basic("provider_id", Kind::Text),
                    basic("automatic", Kind::Bool),
                ]
            }
        }
        _ => return None,
    })
}

/// Events that are about no customer, and those that rules make.
fn other(name: &str) -> Option<&'static [Row]> {
    match name {
        "rule_run.came_due" => Some(
            const {
                &[
                    basic("rule", Kind::Uuid),
                    basic("customer", Kind::Uuid),
                    basic("due_at", Kind::Instant),
                    basic("on", Kind::Date),
                    basic("record", Kind::Uuid),
                ]
            },
        ),
        "rule_run.finished" => Some(
            const {
                &[
                    basic("rule", Kind::Uuid),
                    basic("customer", Kind::Uuid),
                    basic("outcome", Kind::Label),
                    basic("reason", Kind::Text),
                ]
            },
        ),
        "notification.sent" => Some(
            const {
                &[
                    basic("to", Kind::Uuids),
                    basic("customer", Kind::Uuid),
                    basic("text", Kind::Text),
                    basic("rule", Kind::Uuid),
                ]
            },
        ),
        _ => crate::Event::type_names().contains(&name).then_some(&[]),
    }
}
