use std::fmt::Debug;

use jiff::ToSpan;
use serde_json::{Value, json};

use super::*;
use crate::Source;
use crate::access::Principal;
use crate::customer::{self, Customer};
use crate::file::File;
use crate::service_entry::ServiceEntry;
use crate::task::Task;
use crate::testing::{ADA, ANNA, BEN, CLIENTS, LEADS, Wire, ask, fact, id};
use crate::value::Role;

mod properties;

const OWN: Uuid = Uuid::from_u128(9);

fn anna() -> Principal {
    Principal::user(id(1), ANNA, [Role::Sales])
}

/// The commands, where somebody may undo the event.
fn decide(
    record: &[Change],
    event: Uuid,
    principal: &Principal,
    now: Timestamp,
) -> Result<Vec<Command>, Error> {
    let commands = inverse(record, OWN, event)?;
    check(record, event, principal, now).map(|()| commands)
}

fn moment(number: usize) -> Timestamp {
    let start: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    start + i64::try_from(number).unwrap().seconds()
}

/// The events of one record, as the log has them.
struct Record<D: Wire> {
    changes: Vec<Change>,
    state: D::State,
    commands: usize,
}

impl<D: Wire> Record<D>
where
    D::Event: Debug,
{
    fn new() -> Self {
        Self { changes: Vec::new(), state: D::State::default(), commands: 0 }
    }

    fn with(commands: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        let mut record = Self::new();
        for (name, data) in commands {
            record.does(name, data);
        }
        record
    }

    fn write(&mut self, events: Vec<D::Event>, undone: Option<Uuid>) {
        self.commands += 1;
        for event in events {
            self.state = D::evolve(std::mem::take(&mut self.state), &event);
            let event: Event = event.into();
            let metadata = Metadata {
                actor: Actor::User { id: ANNA },
                on_behalf_of: None,
                correlation_id: id(self.commands as u128),
                causation_id: undone,
                external_cause: None,
                rule: None,
                source: Source::Api,
                runs_rules: false,
                undoes: undone.is_some(),
                occurred_at: None,
            };
            self.changes.push(Change {
                id: id(5000 + self.changes.len() as u128),
                type_name: event.encode().unwrap().0,
                event,
                metadata,
                recorded_at: moment(self.commands),
            });
        }
    }

    /// Does a command, if it can be done; the first event of it.
    fn tries(&mut self, name: &str, data: Value, first_id: u128) -> Option<Uuid> {
        let command = ask::<D>(name, data, &self.state, first_id).ok()?;
        let events = D::decide(&self.state, command).ok()?;
        let first = self.changes.len();
        self.write(events, None);
        self.changes.get(first).map(|change| change.id)
    }

    fn does(&mut self, name: &str, data: Value) -> Uuid {
        let first_id = 1000 + 10 * self.changes.len() as u128;
        self.tries(name, data, first_id).unwrap_or_else(|| panic!("{name} changes something"))
    }

    /// Undoes an event; the first event that this made, or the code of the refusal.
    fn undoes(&mut self, event: Uuid) -> Result<Option<Uuid>, &'static str> {
        let now = moment(self.commands);
        let commands = decide(&self.changes, event, &anna(), now);
        let commands = commands.map_err(|error| error.code())?;
        let (mut state, mut events) = (self.state.clone(), Vec::new());
        for mut command in commands {
            assert_eq!(command.stream_id(), OWN);
            for need in command.needs() {
                command.supply(&fact(need, D::folder(&state)));
            }
            let command = D::unwrap(command).unwrap();
            let more = D::decide(&state, command).map_err(|error| error.code())?;
            state = more.iter().fold(state, D::evolve);
            events.extend(more);
        }
        let first = self.changes.len();
        self.write(events, Some(event));
        Ok(self.changes.get(first).map(|change| change.id))
    }

    fn refused(&self, event: Uuid) -> Error {
        decide(&self.changes, event, &anna(), moment(self.commands)).unwrap_err()
    }
}

/// What a customer looks like: lists in any order, and nothing of what is gone.
fn look(state: &customer::State) -> customer::State {
    let mut state = state.clone();
    state.emails.sort_by(|left, right| left.address.cmp(&right.address));
    state.phones.sort_by(|left, right| left.number.cmp(&right.number));
    state.addresses.sort_by_key(|record| record.address_id);
    state.notes.retain(|_, note| !note.deleted);
    state.risk_flags.retain(|_, flag| flag.open);
    state
}

fn ada() -> Record<Customer> {
    let create = json!({"type": "person", "first_name": "Ada", "last_name": "Byron",
        "emails": ["ada@example.com"], "phones": ["+44 20 7946 0958"],
        "addresses": [{"line1": "1 High Street"}]});
    Record::with([("customer.create", create)])
}

type Does = (&'static str, Value);

/// Every command that can be undone, with what has to be so before.
#[expect(clippy::too_many_lines, reason = "a case a command")]
fn undoable() -> Vec<(Vec<Does>, &'static str, Value)> {
    let risk = json!({"type": "manual_flag", "reason": "late"});
    let old = json!({"reason": "old"});
    vec![
        (vec![], "customer.rename", json!({"first_name": null, "company_name": "Looms"})),
        (vec![], "customer.change_status", json!({"status": "won"})),
        (vec![], "customer.move_folder", json!({"folder": CLIENTS})),
        (vec![], "customer.tag", json!({"tag": "VIP"})),
        (vec![("customer.tag", json!({"tag": "VIP"}))], "customer.untag", json!({"tag": "vip"})),
        (vec![], "customer.assign_worker", json!({"user": BEN})),
        (
            vec![("customer.assign_worker", json!({"user": BEN}))],
            "customer.unassign_worker",
            json!({"user": BEN}),
        ),
        (vec![], "customer.add_email", json!({"address": "b@example.com", "primary": true})),
        (vec![], "customer.add_email", json!({"address": "ada@example.com", "label": "work"})),
        (
            vec![("customer.add_email", json!({"address": "b@example.com"}))],
            "customer.remove_email",
            json!({"address": "ada@example.com"}),
        ),
        (vec![], "customer.add_phone", json!({"number": "+43 1 234567", "primary": true})),
        (vec![], "customer.add_phone", json!({"number": "+44 20 7946 0958", "label": "work"})),
        (vec![], "customer.remove_phone", json!({"number": "+44 20 7946 0958"})),
        (vec![], "customer.add_address", json!({"line1": "2 High Street", "primary": true})),
        (
            vec![],
            "customer.change_address",
            json!({"address_id": id(1001), "line1": "3 High Street", "country": "GB"}),
        ),
        (vec![], "customer.remove_address", json!({"address_id": id(1001)})),
        (vec![], "customer.set_external_id", json!({"source": "shop", "id": "1"})),
        (
            vec![("customer.set_external_id", json!({"source": "shop", "id": "1"}))],
            "customer.set_external_id",
            json!({"source": "shop", "id": "2"}),
        ),
        (
            vec![("customer.set_external_id", json!({"source": "shop", "id": "1"}))],
            "customer.remove_external_id",
            json!({"source": "shop"}),
        ),
        (vec![], "customer.add_note", json!({"text": "Hello"})),
        (
            vec![("customer.add_note", json!({"text": "Hello"}))],
            "customer.edit_note",
            json!({"note_id": id(1010), "text": "Bye"}),
        ),
        (
            vec![("customer.add_note", json!({"text": "Hello"}))],
            "customer.pin_note",
            json!({"note_id": id(1010)}),
        ),
        (
            vec![
                ("customer.add_note", json!({"text": "Hello"})),
                ("customer.pin_note", json!({"note_id": id(1010)})),
            ],
            "customer.unpin_note",
            json!({"note_id": id(1010)}),
        ),
        (
            vec![
                ("customer.add_note", json!({"text": "Hello"})),
                ("customer.pin_note", json!({"note_id": id(1010)})),
            ],
            "customer.delete_note",
            json!({"note_id": id(1010)}),
        ),
        (vec![], "customer.set_referrer", json!({"customer": ADA})),
        (
            vec![("customer.set_referrer", json!({"customer": ADA}))],
            "customer.remove_referrer",
            json!({}),
        ),
        (vec![], "customer.flag", json!({"reason": "new"})),
        (vec![("customer.flag", old.clone())], "customer.flag", json!({"reason": "new"})),
        (vec![("customer.flag", old.clone())], "customer.unflag", json!({})),
        (vec![], "customer.raise_risk_flag", risk.clone()),
        (
            vec![("customer.raise_risk_flag", risk)],
            "customer.clear_risk_flag",
            json!({"flag_id": id(1010)}),
        ),
        (vec![], "customer.mark_dormant", old.clone()),
        (vec![("customer.mark_dormant", old.clone())], "customer.reactivate", json!({})),
        (vec![], "customer.opt_out", json!({"channel": "email"})),
        (
            vec![("customer.opt_out", json!({"channel": "email"}))],
            "customer.opt_in",
            json!({"channel": "email"}),
        ),
        (vec![], "customer.set_do_not_work_with", old.clone()),
        (
            vec![("customer.set_do_not_work_with", old)],
            "customer.clear_do_not_work_with",
            json!({}),
        ),
        (vec![], "customer.archive", json!({})),
        (vec![("customer.archive", json!({}))], "customer.restore", json!({})),
    ]
}

#[test]
fn what_is_undone_is_as_it_was_and_what_is_undone_again_is_done() {
    for (first, name, data) in undoable() {
        let mut ada = ada();
        for (name, data) in first {
            ada.does(name, data);
        }
        let before = look(&ada.state);
        let event = ada.does(name, data);
        let after = look(&ada.state);
        let undone = ada.undoes(event).unwrap_or_else(|code| panic!("{name}: {code}"));
        assert_eq!(look(&ada.state), before, "{name}");
        assert_eq!(ada.undoes(event), Err("undone_before"), "{name}");
        let redone = ada.undoes(undone.unwrap()).unwrap_or_else(|code| panic!("{name}: {code}"));
        assert_eq!(look(&ada.state), after, "{name}");
        // Done once more, it can be undone once more.
        ada.undoes(event).unwrap_or_else(|code| panic!("{name}: {code}"));
        assert_eq!(look(&ada.state), before, "{name}");
        assert_eq!(ada.undoes(redone.unwrap()), Err("changed_since"), "{name}");
    }
}

#[test]
fn a_task_and_a_service_entry_go_back_as_well() {
    let mut task = Record::<Task>::with([("task.add", json!({"title": "Call"}))]);
    let first = task.state.clone();
    let edited = task.does("task.edit", json!({"title": "Write", "due_on": "2026-12-01"}));
    let completed = task.does("task.complete", json!({}));
    task.undoes(edited).unwrap();
    task.undoes(completed).unwrap();
    assert_eq!(task.state, first);
    let deleted = task.does("task.delete", json!({}));
    task.undoes(deleted).unwrap();
    assert_eq!(task.state, first);

    let add = json!({"customer": ADA, "kind": "delivery", "title": "Oak table",
        "scheduled_for": "2026-12-01"});
    let mut entry = Record::<ServiceEntry>::with([("service_entry.add", add)]);
    let first = entry.state.clone();
    let moved = entry.does("service_entry.reschedule", json!({"scheduled_for": "2026-12-03"}));
    let cancelled = entry.does("service_entry.cancel", json!({"reason": "ill"}));
    let reopened = entry.undoes(cancelled).unwrap();
    entry.undoes(moved).unwrap();
    assert_eq!(entry.state, first);
    entry.undoes(reopened.unwrap()).unwrap();
    assert!(entry.state.is_some_and(|entry| entry.state.name() == "cancelled"));
}

#[test]
fn a_file_and_the_portal_go_back_as_well() {
    let upload = json!({"customer": ADA, "name": "offer.pdf", "size_bytes": 4, "sha256": "9f86",
        "media_type": "application/pdf"});
    let mut file = Record::<File>::with([("file.upload", upload)]);
    let first = file.state.clone();
    let renamed = file.does("file.rename", json!({"name": "Offer.pdf"}));
    let removed = file.does("file.remove", json!({}));
    file.undoes(removed).unwrap();
    file.undoes(renamed).unwrap();
    assert_eq!(file.state, first);

    let mut ada = ada();
    let first = ada.state.clone();
    let granted = ada.does("customer.grant_portal_access", json!({}));
    let closed = ada.undoes(granted).unwrap();
    assert_eq!(ada.state, first);
    assert!(matches!(ada.refused(closed.unwrap()), Error::NoInverse { .. }));
}

#[test]
fn what_was_changed_again_is_not_undone() {
    let mut ada = ada();
    let won = ada.does("customer.change_status", json!({"status": "won"}));
    let tagged = ada.does("customer.tag", json!({"tag": "VIP"}));
    let back = ada.does("customer.change_status", json!({"status": "prospect"}));
    let (event, type_name) = (back, "customer.status_changed".to_owned());
    assert_eq!(ada.refused(won), Error::ChangedSince { event, type_name });
    // Another field is another matter.
    ada.undoes(tagged).unwrap();
    // Once the later change is undone, nothing rests on the first one.
    ada.undoes(back).unwrap();
    ada.undoes(won).unwrap();
    assert_eq!(ada.state.status.as_deref(), Some("prospect"));
}

#[test]
fn a_move_to_a_folder_takes_the_status_back_that_it_changed() {
    let mut ada = ada();
    let moved = ada.does("customer.move_folder", json!({"folder": CLIENTS}));
    assert_eq!(ada.state.status.as_deref(), Some("won"));
    let status = ada.changes.last().unwrap().id;
    assert!(matches!(ada.refused(status), Error::NoInverse { .. }));
    ada.undoes(moved).unwrap();
    assert_eq!((ada.state.folder, ada.state.status.as_deref()), (Some(LEADS), Some("prospect")));
    assert!(matches!(ada.refused(status), Error::NoInverse { .. }));

    // A status that somebody changed later stays, and so does the move.
    let moved = ada.does("customer.move_folder", json!({"folder": CLIENTS}));
    ada.does("customer.change_status", json!({"status": "lost"}));
    assert!(matches!(ada.refused(moved), Error::ChangedSince { .. }));
}

#[test]
fn a_new_customer_is_archived_as_long_as_nothing_followed() {
    let mut created = ada();
    let event = created.changes[0].id;
    created.undoes(event).unwrap();
    assert_eq!(created.state.presence, customer::Presence::Archived);
    let mut tagged = ada();
    tagged.does("customer.tag", json!({"tag": "VIP"}));
    assert!(matches!(tagged.refused(event), Error::ChangedSince { .. }));
}

#[test]
fn what_was_for_good_stays() {
    let mut ada = ada();
    let typed = ada.does("customer.change_type", json!({"type": "other"}));
    let logged = ada.does("customer.log_interaction", json!({"type": "call"}));
    for event in [typed, logged] {
        assert!(matches!(ada.refused(event), Error::NoInverse { .. }));
    }
    let tagged = ada.does("customer.tag", json!({"tag": "VIP"}));
    let erased = ada.does("customer.erase", json!({"confirm": "erase"}));
    assert_eq!(ada.refused(erased), Error::Erased);
    assert_eq!(ada.undoes(tagged), Err("changed_since"));
    assert_eq!(ada.refused(id(7)), Error::NotFound);
}

#[test]
fn one_undoes_ones_own_changes_for_thirty_days() {
    let mut ada = ada();
    let event = ada.does("customer.tag", json!({"tag": "VIP"}));
    let ask = |user, role, days: i64| {
        let principal = Principal::user(id(1), user, [role]);
        let now = moment(ada.commands) + (24 * days).hours();
        decide(&ada.changes, event, &principal, now).map(|commands| commands.len())
    };
    assert_eq!(ask(ANNA, Role::Sales, 30), Ok(1));
    assert_eq!(ask(ANNA, Role::Sales, 31), Err(Error::TooOld));
    assert_eq!(ask(BEN, Role::Manager, 0), Err(Error::NotOwn));
    assert_eq!(ask(BEN, Role::Admin, 0), Ok(1));
    assert_eq!(ask(BEN, Role::Admin, 31), Err(Error::TooOld));
}

/// No kind of event without an answer, and each refusal says what to do instead.
#[test]
fn every_kind_of_event_has_an_inverse_or_a_sentence() {
    for event in crate::stored::examples() {
        let (type_name, _) = event.encode().unwrap();
        let mut change = ada().changes.remove(0);
        (change.event, change.type_name) = (event, type_name.clone());
        let refused = decide(&[change.clone()], change.id, &anna(), change.recorded_at);
        if let Err(Error::NoInverse { instead }) = refused {
            assert!(!instead.is_empty(), "{type_name}");
        }
    }
}
