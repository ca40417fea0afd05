//! One event of each type.

use jiff::civil::Date;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::testing::{ANNA, CLIENTS, LEADS, id};
use crate::{Event, Personal};

pub(super) fn known(text: &str) -> Personal<String> {
    Personal::Known(text.to_owned())
}

/// One of each, with every optional field there.
pub(crate) fn examples() -> Vec<Event> {
    [
        customers(),
        notes_and_flags(),
        tasks_and_orders(),
        sales(),
        files(),
        messages(),
        accounts(),
        settings(),
        people(),
        rules(),
        teams(),
        templates(),
        unmatched(),
        webhooks(),
    ]
    .concat()
}

#[expect(clippy::too_many_lines, reason = "one of each")]
fn customers() -> Vec<Event> {
    use crate::customer::{AddressRecord, Created, EmailRecord, Event as E, Names, PhoneRecord};
    use crate::value::{Address, CustomerType};
    let email = EmailRecord {
        address: known("ada@example.com"),
        label: Some(known("work")),
        primary: true,
    };
    let phone = PhoneRecord {
        number: known("+44 20 7946 0958"),
        e164: Some(known("+442079460958")),
        label: Some(known("desk")),
        primary: true,
    };
    let line = |text: &str| Some(text.to_owned());
    let address = Address {
        line1: "12 St James's Square".to_owned(),
        line2: line("First floor"),
        city: line("London"),
        postcode: line("SW1Y 4JH"),
        region: line("Greater London"),
        country: line("GB"),
    };
    let record = AddressRecord {
        address_id: id(40),
        address: Personal::Known(address.clone()),
        label: Some(known("home")),
        primary: true,
    };
    let names = |last: &str| Names {
        first_name: Some(known("Ada")),
        last_name: Some(known(last)),
        company_name: Some(known("Analytical Engines")),
    };
    vec![
        E::Created(Box::new(Created {
            customer_type: CustomerType::Person,
            first_name: Some(known("Ada")),
            last_name: Some(known("Byron")),
            company_name: Some(known("Analytical Engines")),
            emails: vec![email.clone()],
            phones: vec![phone.clone()],
            addresses: vec![record.clone()],
            folder: Some(LEADS),
            status: Some("prospect".to_owned()),
            tags: vec!["VIP".to_owned()],
            external_ids: [("shop".to_owned(), known("17850"))].into(),
            source: Some(known("fair")),
            workers: [].into(),
        }))
        .into(),
        E::Renamed { from: names("Byron"), to: names("Lovelace") }.into(),
        E::TypeChanged { from: CustomerType::Person, to: CustomerType::Company }.into(),
        E::EmailAdded(email.clone()).into(),
        E::EmailChanged(email).into(),
        E::EmailRemoved {
            address: known("ada@example.com"),
            new_primary: Some(known("countess@example.com")),
        }
        .into(),
        E::PhoneAdded(phone.clone()).into(),
        E::PhoneChanged(phone).into(),
        E::PhoneRemoved {
            number: known("+44 20 7946 0958"),
            new_primary: Some(known("+44 20 7946 0959")),
        }
        .into(),
        E::AddressAdded(record.clone()).into(),
        E::AddressChanged { from: Box::new(record.clone()), to: Box::new(record) }.into(),
        E::AddressRemoved {
            address_id: id(40),
            address: Personal::Known(address),
            new_primary: Some(id(41)),
        }
        .into(),
        E::ExternalIdSet {
            source: "shop".to_owned(),
            from: Some(known("17850")),
            to: known("17851"),
        }
        .into(),
        E::ExternalIdRemoved { source: "shop".to_owned(), id: known("17851") }.into(),
    ]
}

fn files() -> Vec<Event> {
    use crate::file::{Event as E, Subject};
    use crate::value::NoteScope;
    let subject = || Subject { customer: id(9), scope: NoteScope::Sales, name: known("offer.pdf") };
    [
        E::Uploaded {
            subject: subject(),
            size_bytes: 48_211,
            sha256: known("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            media_type: "application/pdf".to_owned(),
        },
        E::Renamed { subject: subject(), from: known("scan.pdf") },
        E::Removed { subject: subject() },
        E::Restored { subject: subject() },
    ]
    .map(Event::from)
    .to_vec()
}

fn notes_and_flags() -> Vec<Event> {
    use crate::customer::{Event as E, StatusCause};
    use crate::value::{Channel, InteractionType, NoteScope, RiskFlagType};
    let (note_id, scope) = (id(50), NoteScope::Sales);
    let flag_id = id(60);
    let flag_type = RiskFlagType::OverduePayment;
    [
        E::StatusChanged {
            from: Some("prospect".to_owned()),
            to: "won".to_owned(),
            reason: Some(known("signed offer 2026-114")),
            cause: Some(StatusCause::FolderMove),
        },
        E::FolderMoved { from: Some(LEADS), to: CLIENTS },
        E::Tagged { tag: "VIP".to_owned() },
        E::Untagged { tag: "VIP".to_owned() },
        E::WorkerAssigned { user: ANNA },
        E::WorkerUnassigned { user: ANNA },
        E::NoteAdded { note_id, scope, text: known("Prefers mornings") },
        E::NoteEdited {
            note_id,
            scope,
            from: known("Prefers mornings"),
            to: known("Prefers afternoons"),
        },
        E::NoteDeleted { note_id, scope },
        E::NoteRestored { note_id, scope, text: known("Prefers afternoons"), pinned: true },
        E::NotePinned { note_id, scope },
        E::NoteUnpinned { note_id, scope },
        E::InteractionLogged {
            interaction_id: id(70),
            interaction_type: InteractionType::ShowroomVisit,
            note: Some(known("Liked the blue one")),
        },
        E::ReferrerSet { from: Some(id(10)), to: id(11) },
        E::ReferrerRemoved { from: id(11) },
        E::ReferralRecorded { referred: id(12) },
        E::ReferralRemoved { referred: id(12) },
        E::Flagged { reason: known("Asks for the manager") },
        E::Unflagged {},
        E::RiskFlagRaised { flag_id, flag_type, reason: known("60 days overdue") },
        E::RiskFlagCleared { flag_id, flag_type, reason: Some(known("Paid meanwhile")) },
        E::MarkedDormant { reason: Some(known("Moved abroad")) },
        E::Reactivated {},
        E::OptedOut { channel: Channel::Email, reason: Some(known("Asked on the phone")) },
        E::OptedIn { channel: Channel::Email },
        E::PortalAccessGranted {
            link_id: id(70),
            until: Date::constant(2026, 12, 20),
            sent_to: Some(known("ada@example.com")),
        },
        E::PortalAccessRevoked {},
        E::DoNotWorkWithSet { reason: known("Never paid") },
        E::DoNotWorkWithCleared {},
        E::Archived {},
        E::Restored {},
        E::Erased { releases: Vec::new() },
    ]
    .map(Event::from)
    .to_vec()
}

fn tasks_and_orders() -> Vec<Event> {
    use crate::order::{Document, Event as O, Line};
    use crate::task::{Content, Event as T};
    let customer = Some(id(9));
    let title = known("Call back");
    let due_on = Some(Date::constant(2026, 11, 23));
    let content = |title: &str| Content {
        title: known(title),
        due_on,
        assignee: Some(ANNA),
        note: Some(known("About the offer")),
    };
    let document = |number: &str, quantity: i64| Document {
        customer: id(9),
        source: "shop".to_owned(),
        number: number.to_owned(),
        currency: "GBP".to_owned(),
        placed_at: Some("2010-12-01T08:26:00Z".parse().expect("an instant")),
        lines: vec![Line {
            item_code: "85123A".to_owned(),
            description: "White hanging heart T-light holder".to_owned(),
            quantity: quantity.into(),
            unit_price: rust_decimal::Decimal::new(2550, 3),
        }],
        gross: rust_decimal::Decimal::new(2550, 3) * rust_decimal::Decimal::from(quantity),
    };
    vec![
        T::Added {
            customer,
            title: title.clone(),
            due_on,
            assignee: Some(ANNA),
            note: Some(known("About the offer")),
        }
        .into(),
        T::Edited { customer, from: content("Call back"), to: content("Call again") }.into(),
        T::Completed { customer, title: title.clone() }.into(),
        T::Reopened { customer, title: title.clone() }.into(),
        T::Deleted { customer, title }.into(),
        T::Restored { customer, task: content("Call back"), done: false }.into(),
        O::Recorded(document("536365", 6)).into(),
        O::Credited(document("C536379", -1)).into(),
    ]
}

fn messages() -> Vec<Event> {
    use crate::message::{Event as M, Received, Requested};
    use crate::value::{AskedBy, Channel, WithheldReason};
    let (customer, channel) = (id(9), Channel::Email);
    [
        M::Requested(Box::new(Requested {
            customer,
            channel,
            template: Some(id(90)),
            template_version: Some(3),
            to: known("ada@example.com"),
            subject: Some(known("Your order")),
            text: known("Thank you."),
            html: Some(known("<p>Thank you.</p>")),
            asked_by: AskedBy::Automatic,
        })),
        M::Withheld {
            customer,
            channel,
            reason: WithheldReason::Dormant,
            subject: Some(known("Your order")),
        },
        M::Sent { customer, channel, provider_id: Some(known("0199c0de@example.com")) },
        M::Failed { customer, reason: known("550 no such mailbox"), is_final: true },
        M::Delivered { customer },
        M::Opened { customer },
        M::Received(Box::new(Received {
            customer,
            channel,
            from: known("ada@example.com"),
            to: Some(known("office@example.com")),
            subject: Some(known("Re: Your order")),
            text: Some(known("When will it come?")),
            thread: Some(known("0199c0de@example.com")),
            in_reply_to: Some(id(91)),
            provider_id: known("cafe@example.org"),
            attachments: vec![known("receipt.pdf")],
            automatic: true,
        })),
    ]
    .map(Event::from)
    .to_vec()
}

fn sales() -> Vec<Event> {
    use crate::order::{Event as O, Line, Placed};
    use crate::quote::{Accepted, Drafted, Event as Q, Terms};
    use crate::service_entry::{Event as S, ServiceKind, ServiceState, Subject, When};
    use rust_decimal::Decimal;
    let (customer, currency) = (id(9), "EUR".to_owned());
    let number = || Some("Q-7".to_owned());
    let line = || Line {
        item_code: "L1".to_owned(),
        description: "Lantern".to_owned(),
        quantity: Decimal::from(2),
        unit_price: Decimal::new(1000, 2),
    };
    let terms = |day| Terms {
        valid_until: Date::constant(2026, 12, day),
        currency: currency.clone(),
        lines: vec![line()],
        total: Decimal::new(2000, 2),
    };
    let subject = || Subject { customer, kind: ServiceKind::Delivery, title: known("Sofa") };
    let (from, to) =
        (When::Day(Date::constant(2026, 12, 1)), When::Day(Date::constant(2026, 12, 3)));
    let moment = When::Moment("2026-12-03T09:30:00Z".parse().expect("an instant"));
    vec![
        O::Placed(Placed {
            customer,
            number: Some("O-7".to_owned()),
            quote: Some(id(90)),
            currency: currency.clone(),
            lines: vec![line()],
            gross: Decimal::new(2000, 2),
        })
        .into(),
        O::Cancelled { customer, number: Some("O-7".to_owned()), reason: Some(known("Moved")) }
            .into(),
        Q::Drafted(Drafted { customer, number: number(), terms: terms(24) }).into(),
        Q::Edited {
            customer,
            number: number(),
            from: Box::new(terms(24)),
            to: Box::new(terms(31)),
        }
        .into(),
        Q::Sent {
            customer,
            number: number(),
            valid_until: Date::constant(2026, 12, 31),
            currency: currency.clone(),
            total: Decimal::new(2000, 2),
        }
        .into(),
        Q::Accepted(Box::new(Accepted {
            customer,
            number: number(),
            order: id(91),
            currency: currency.clone(),
            total: Decimal::new(2000, 2),
            lines: Vec::new(),
        }))
        .into(),
        Q::Rejected { customer, number: number(), reason: Some(known("Too dear")) }.into(),
        S::Added { subject: subject(), scheduled_for: from, state: ServiceState::Scheduled }.into(),
        S::Rescheduled { subject: subject(), from: to, to: moment }.into(),
        S::Completed { subject: subject() }.into(),
        S::Cancelled { subject: subject(), reason: Some(known("No lift")) }.into(),
        S::Reopened { subject: subject(), from: ServiceState::Cancelled }.into(),
    ]
}

#[expect(clippy::too_many_lines, reason = "one of every event")]
fn accounts() -> Vec<Event> {
    use crate::account::{
        Allocation, BilledOrder, CreditNote, Event as A, Funding, Invoice, Line, Refund, Reversal,
    };
    use rust_decimal::Decimal;
    let (customer, invoice, payment, credit) = (id(9), id(90), id(91), id(92));
    let (amount, currency) = (Decimal::new(1533, 2), "GBP".to_owned());
    let on = Date::constant(2026, 11, 20);
    let line = || Line {
        item_code: "85123A".to_owned(),
        description: "White hanging heart T-light holder".to_owned(),
        quantity: 6.into(),
        unit_price: Decimal::new(2555, 3),
        amount,
    };
    let funding = || Funding {
        customer,
        amount,
        currency: currency.clone(),
        on,
        method: Some("transfer".to_owned()),
        reference: Some(known("Ada's December")),
    };
    let allocation = || Allocation {
        customer,
        allocation_id: id(93),
        invoice,
        amount,
        currency: currency.clone(),
    };
    vec![
        A::InvoiceIssued(Box::new(Invoice {
            customer,
            invoice_id: invoice,
            number: Some("DI-7".to_owned()),
            issued_on: on,
            due_on: Some(Date::constant(2026, 12, 4)),
            currency: currency.clone(),
            lines: vec![line()],
            total: amount,
            orders: vec![BilledOrder { order: id(94), counted: Decimal::new(15_330, 3) }],
            name: Some(known("Ada Byron")),
            address: Some(Personal::Known(crate::value::Address {
                line1: "12 St James's Square".to_owned(),
                city: Some("London".to_owned()),
                ..crate::value::Address::default()
            })),
        }))
        .into(),
        A::CreditNoteIssued(Box::new(CreditNote {
            customer,
            credit_note_id: id(95),
            number: Some("DC-1".to_owned()),
            invoice: Some(invoice),
            issued_on: on,
            currency: currency.clone(),
            lines: vec![line()],
            total: amount,
            applied: Decimal::new(1000, 2),
            reason: Some(known("Came broken")),
        }))
        .into(),
        A::PaymentReceived { payment_id: payment, funding: funding() }.into(),
        A::PaymentAllocated { payment, with_payment: true, allocation: allocation() }.into(),
        A::AllocationReversed(Reversal {
            customer,
            allocation_id: id(93),
            funds: payment,
            invoice,
            due_on: Some(on),
            amount,
            currency: currency.clone(),
            reason: Some(known("It was for another invoice")),
        })
        .into(),
        A::CreditAdded { credit_id: credit, funding: funding() }.into(),
        A::CreditAllocated { credit, allocation: allocation() }.into(),
        A::CreditRefunded(Refund {
            customer,
            refund_id: id(96),
            credit,
            amount,
            currency: currency.clone(),
            on,
            method: Some("transfer".to_owned()),
            reference: Some(known("Back to Ada")),
        })
        .into(),
    ]
}

fn settings() -> Vec<Event> {
    use crate::access::{Action, Extent, FieldGroup, Reach};
    use crate::value::NoteScope;
    use crate::value::Role;
    use crate::{folder, member, organisation, role};
    let reach = Reach {
        read: Extent { folders: [CLIENTS].into(), subtrees: [LEADS].into(), ..Extent::assigned() },
        write: Extent { teams: [CLIENTS].into(), ..Extent::assigned() },
    };
    let sender = |name: &str| organisation::Sender {
        name: name.to_owned(),
        address: "office@acme.example".to_owned(),
    };
    let statuses = |list: &[&str]| list.iter().map(|status| (*status).to_owned()).collect();
    vec![
        folder::Event::Created {
            name: "Leads".to_owned(),
            parent: Some(CLIENTS),
            statuses: statuses(&["prospect", "won"]),
            default_status: "prospect".to_owned(),
        }
        .into(),
        folder::Event::Renamed { from: "Leads".to_owned(), to: "New leads".to_owned() }.into(),
        folder::Event::StatusesChanged {
            from: statuses(&["prospect", "won"]),
            to: statuses(&["prospect", "lost"]),
            default_status: "prospect".to_owned(),
        }
        .into(),
        folder::Event::Archived { name: "New leads".to_owned() }.into(),
        organisation::Event::Created { name: "Acme".to_owned() }.into(),
        organisation::Event::DefaultFolderSet { from: Some(CLIENTS), to: LEADS }.into(),
        organisation::Event::TimeZoneSet {
            from: Some("Europe/London".to_owned()),
            to: "Europe/Vienna".to_owned(),
        }
        .into(),
        organisation::Event::SenderSet { from: Some(sender("Acme")), to: sender("Acme & Sons") }
            .into(),
        member::Event::Added { user: ANNA, roles: [Role::Owner, Role::Admin].into() }.into(),
        member::Event::RolesChanged { from: [Role::Owner].into(), to: [Role::Sales].into() }.into(),
        member::Event::ReachSet { from: Box::default(), to: Box::new(reach) }.into(),
        member::Event::Blocked {}.into(),
        member::Event::Unblocked {}.into(),
        member::Event::Removed {}.into(),
        role::Event::PermissionsChanged {
            role: Role::Viewer,
            from: [Action::CustomerRead].into(),
            to: [Action::CustomerRead, Action::NoteWrite].into(),
        }
        .into(),
        role::Event::FieldGroupsChanged {
            role: Role::Viewer,
            from: [FieldGroup::Basic, FieldGroup::Contact].into(),
            to: [FieldGroup::Basic].into(),
        }
        .into(),
        role::Event::NoteScopesChanged {
            role: Role::Viewer,
            from: [NoteScope::Customer].into(),
            to: [NoteScope::Customer, NoteScope::Internal].into(),
        }
        .into(),
        role::Event::Reset { role: Role::Viewer }.into(),
    ]
}

fn people() -> Vec<Event> {
    use crate::value::Role;
    use crate::{invitation, user};
    vec![
        user::Event::Registered { email: known("anna@example.com"), name: known("Anna Kern") }
            .into(),
        user::Event::Blocked {}.into(),
        user::Event::Unblocked {}.into(),
        user::Event::AdminGranted {}.into(),
        user::Event::AdminRevoked {}.into(),
        invitation::Event::Made {
            email: known("eve@example.com"),
            name: known("Eve Hall"),
            roles: [Role::Sales].into(),
        }
        .into(),
        invitation::Event::Renewed {}.into(),
        invitation::Event::Withdrawn {}.into(),
        invitation::Event::Accepted { user: ANNA }.into(),
    ]
}

/// Every kind of step once.
pub(crate) fn definition() -> Value {
    json!({
        "name": "Welcome", "trigger": {"events": ["customer.status_changed", "customer.created"]},
        "scope": {"folders": [LEADS], "types": ["person"], "tags": ["VIP"]},
        "when": {"all": [{"field": "after.status", "op": "eq", "value": "won"}]},
        "then": [
            {"action": "create_task", "title": "Call", "due_in": "P2D", "assignee": ANNA},
            {"action": "change_status", "status": "won"},
            {"action": "move_folder", "folder": CLIENTS},
            {"action": "add_tag", "tag": "Client"},
            {"action": "remove_tag", "tag": "Lead"},
            {"action": "raise_flag", "reason": "Check the address"},
            {"action": "notify", "to": "owner", "text": "A customer was won"},
            {"action": "notify", "to": ANNA, "text": "A customer was won"},
            {"action": "send_email", "subject": "Welcome", "text": "Dear {customer.first_name}",
                "html": "<p>Dear {customer.first_name}</p>"},
        ],
        "limits": {"runs_per_hour": 100, "runs_per_customer_per_day": 1},
    })
}

fn rules() -> Vec<Event> {
    use crate::rule::{Event as R, RunState};
    use crate::rule_run::{Event as Run, Finished, StepResult};
    use crate::value::Outcome;
    let definition = || serde_json::from_value(definition()).expect("a definition");
    let step = StepResult {
        step: "1".to_owned(),
        action: "create_task".to_owned(),
        outcome: Outcome::Done,
        reason: Some("done before".to_owned()),
        took: None,
        events: vec![id(81)],
    };
    vec![
        R::Created {
            rule_version: 1,
            owner: ANNA,
            state: RunState::Draft,
            definition: definition(),
        }
        .into(),
        R::Changed { rule_version: 2, definition: definition() }.into(),
        R::VersionDrafted { rule_version: 3, definition: definition() }.into(),
        R::Activated { rule_version: 2 }.into(),
        R::Deactivated { rule_version: 2 }.into(),
        R::Archived {}.into(),
        R::Rehearsed {
            job: id(84),
            rule_version: 2,
            from: "2026-10-01T00:00:00Z".parse().expect("a moment"),
            to: "2026-11-01T00:00:00Z".parse().expect("a moment"),
            time: crate::rule::Clock::Effective,
            counts: [(Outcome::Done, 12), (Outcome::Withheld, 1)].into(),
        }
        .into(),
        Run::Requested { rule: id(80), rule_version: 2, customer: id(83) }.into(),
        Run::CameDue {
            rule: id(80),
            rule_version: 2,
            customer: id(83),
            due_at: "2026-11-20T08:00:00Z".parse().expect("a moment"),
            on: Some("2026-11-23".parse().expect("a day")),
            record: Some(id(86)),
        }
        .into(),
        Run::Finished(Finished {
            rule: id(80),
            rule_version: 2,
            trigger_event: Uuid::from_u128(82),
            customer: Some(id(9)),
            outcome: Outcome::Done,
            reason: Some("all steps done".to_owned()),
            steps: vec![step],
        })
        .into(),
        crate::notification::Event::Sent {
            to: vec![ANNA],
            customer: Some(id(9)),
            text: known("Ada Byron was won"),
            rule: Some(id(80)),
        }
        .into(),
    ]
}

fn teams() -> Vec<Event> {
    use crate::team::Event as T;
    let name = |name: &str| name.to_owned();
    vec![
        T::Created { name: name("North") }.into(),
        T::Renamed { from: name("North"), to: name("South") }.into(),
        T::MemberAdded { user: ANNA }.into(),
        T::MemberRemoved { user: ANNA }.into(),
        T::Archived { name: name("South") }.into(),
    ]
}

fn templates() -> Vec<Event> {
    use crate::message::Content;
    use crate::template::{Event as T, Wording};
    let wording = |template_version| {
        Box::new(Wording {
            template_version,
            name: "Thanks".to_owned(),
            channel: crate::value::Channel::Email,
            content: Content {
                subject: Some("Thank you".to_owned()),
                text: "Dear {customer.first_name}".to_owned(),
                html: Some("<p>Dear {customer.first_name}</p>".to_owned()),
            },
        })
    };
    vec![T::Created(wording(1)).into(), T::Changed(wording(2)).into(), T::Archived {}.into()]
}

fn unmatched() -> Vec<Event> {
    use crate::unmatched::{Event as E, Message, Payment};
    use crate::value::Channel;
    let message = Message {
        channel: Channel::Email,
        from: known("eve@example.org"),
        to: Some(known("office@example.com")),
        name: Some(known("Eve")),
        subject: Some(known("Your offer")),
        text: Some(known("Do you deliver?")),
        provider_id: known("1@example.org"),
        thread: Some(known("0@example.org")),
        attachments: vec![known("plan.pdf")],
        candidates: vec![id(9)],
    };
    let payment = Payment {
        provider: "stripe".to_owned(),
        provider_id: "pi_1".to_owned(),
        amount: "12.50".parse().expect("an amount"),
        currency: "EUR".to_owned(),
        reference: Some(known("Invoice 2026-114")),
        payer_name: Some(known("Eve Example")),
        payer_email: Some(known("eve@example.org")),
        payer_phone: Some(known("+442079460958")),
        received_on: Date::constant(2026, 11, 22),
    };
    vec![
        E::MessageReceived(Box::new(message)).into(),
        E::PaymentReceived(Box::new(payment)).into(),
        E::Attached { customer: id(9) }.into(),
        E::Dismissed {}.into(),
    ]
}

fn webhooks() -> Vec<Event> {
    use crate::webhook::{Definition, Event as E, Order, Payload, Reason};
    let definition = |payload| {
        Box::new(Definition {
            url: "https://hooks.example.com/in".to_owned(),
            types: vec!["customer.*".to_owned()],
            filter: Some(json!({ "field": "event.tag", "op": "eq", "value": "vip" })),
            payload,
            order: Order::Subject,
        })
    };
    vec![
        E::Created { owner: ANNA, definition: definition(Payload::Full) }.into(),
        E::Changed { definition: definition(Payload::Thin) }.into(),
        E::Enabled {}.into(),
        E::Disabled { reason: Reason::Gone }.into(),
        E::SecretRotated {}.into(),
        E::Deleted {}.into(),
    ]
}
