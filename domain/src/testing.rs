//! Given some events, when a command comes in over the wire, then these events, or a refusal.

use std::fmt::Debug;

use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::Value;
use uuid::Uuid;

use crate::command::{Fact, Invalid, Need};
use crate::customer::{CustomerFact, Lineage, Presence};
use crate::decider::Decider;
use crate::message::{Content, Recipient};
use crate::order::OrderFact;
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::rule_run::RuleFact;
use crate::value::{Channel, Lifecycle};
use crate::{Command, Event, folder, template};

/// Ids that tests can read.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A folder with the statuses prospect and won.
pub(crate) const LEADS: Uuid = Uuid::from_u128(100);
/// A folder with the statuses won and lost.
pub(crate) const CLIENTS: Uuid = Uuid::from_u128(101);
/// An archived folder.
pub(crate) const CLOSED: Uuid = Uuid::from_u128(102);
/// Members of the organisation.
pub(crate) const ANNA: Uuid = Uuid::from_u128(200);
pub(crate) const BEN: Uuid = Uuid::from_u128(201);
/// Customers: one as they should be, one archived, one erased.
pub(crate) const ADA: Uuid = Uuid::from_u128(300);
pub(crate) const ARCHIVED: Uuid = Uuid::from_u128(301);
pub(crate) const ERASED: Uuid = Uuid::from_u128(302);
/// Customers who are not written to by themselves, each for one reason.
pub(crate) const DORMANT: Uuid = Uuid::from_u128(303);
pub(crate) const OPTED_OUT: Uuid = Uuid::from_u128(304);
pub(crate) const UNWANTED: Uuid = Uuid::from_u128(305);
pub(crate) const WITHOUT_ADDRESS: Uuid = Uuid::from_u128(306);
/// A customer whom Ada referred, who was referred by the customer of the test.
pub(crate) const NIECE: Uuid = Uuid::from_u128(307);
/// The customer of the test, where there is one.
const OWN: Uuid = Uuid::from_u128(9);
/// The day on which everything happens.
pub(crate) const TODAY: Date = Date::constant(2026, 11, 20);

/// An order of Ada's over 12.775 GBP.
pub(crate) const ORDER: Uuid = Uuid::from_u128(400);

/// Templates: one of e-mails in its third version, one of SMS, one archived.
pub(crate) const THANKS: Uuid = Uuid::from_u128(500);
pub(crate) const THANKS_BY_SMS: Uuid = Uuid::from_u128(501);
pub(crate) const OLD_THANKS: Uuid = Uuid::from_u128(502);

fn template(id: Uuid) -> template::State {
    let channel = match id {
        THANKS | OLD_THANKS => Channel::Email,
        THANKS_BY_SMS => Channel::Sms,
        _ => return None,
    };
    let of_email = |text: &str| (channel == Channel::Email).then(|| text.to_owned());
    let content = Content {
        subject: of_email("Thank you, {customer.first_name}"),
        text: "Dear {customer.first_name}".to_owned(),
        html: of_email("<p>Dear {customer.first_name}</p>"),
    };
    let wording =
        template::Wording { template_version: 3, name: "Thanks".to_owned(), channel, content };
    Some(template::Known { wording, archived: id == OLD_THANKS })
}

fn order(id: Uuid) -> Option<OrderFact> {
    let counted = rust_decimal::Decimal::new(12_775, 3);
    let currency = "GBP".to_owned();
    (id == ORDER).then_some(OrderFact { customer: ADA, currency, billable: true, counted })
}

/// The folders of the tests' world.
pub(crate) fn folder(id: Uuid) -> Option<folder::State> {
    let (name, statuses, default_status, archived) = match id {
        LEADS => ("Leads", ["prospect", "won"], "prospect", false),
        CLIENTS => ("Clients", ["won", "lost"], "won", false),
        CLOSED => ("Closed", ["won", "lost"], "won", true),
        _ => return None,
    };
    Some(folder::State {
        exists: true,
        name: name.to_owned(),
        parent: None,
        statuses: statuses.map(str::to_owned).to_vec(),
        default_status: default_status.to_owned(),
        archived,
    })
}

/// The default folder is LEADS; `customers_folder` is the one of the command's own customer.
pub(crate) fn fact(need: Need, customers_folder: Option<Uuid>) -> Fact {
    match need {
        Need::Folder(id) => Fact::Folder { id, folder: folder(id) },
        Need::DefaultFolder => Fact::DefaultFolder(folder(LEADS).map(|folder| (LEADS, folder))),
        Need::CustomersFolder => Fact::CustomersFolder(customers_folder.and_then(folder)),
        Need::Customer(id) => {
            let customer =
                [ADA, ARCHIVED, ERASED, NIECE, OWN].contains(&id).then(|| CustomerFact {
                    archived: id == ARCHIVED,
                    erased: id == ERASED,
                    folder: None,
                    workers: [].into(),
                    name: Some(Personal::Known("Ada Byron".to_owned())),
                    address: None,
                });
            Fact::Customer { id, customer }
        }
        Need::Lineage(of) => {
            let above = if of == NIECE { vec![ADA, OWN] } else { Vec::new() };
            Fact::Lineage { of, lineage: Lineage { own: OWN, above } }
        }
        Need::Today => Fact::Today(TODAY),
        Need::ArchivedFor => Fact::ArchivedFor(Some(SignedDuration::from_hours(24 * 30))),
        Need::RemovedFor => Fact::RemovedFor(Some(SignedDuration::from_hours(24 * 30))),
        Need::Recipient(id) => Fact::Recipient { id, recipient: recipient(id) },
        Need::Member(user) => Fact::Member { user, is_member: [ANNA, BEN].contains(&user) },
        Need::OtherOwner => Fact::OtherOwner(false),
        Need::Order(id) => Fact::Order { id, order: order(id) },
        Need::Billed => Fact::Billed(false),
        Need::Team(id) => Fact::Team { id, exists: id == TEAM },
        Need::Template(id) => Fact::Template { id, template: template(id) },
        Need::Webhook(id) => Fact::Webhook { id, exists: id == HOOK },
        Need::RuleFor { rule, customer } => Fact::RuleFor(rule_for(rule, customer)),
    }
}

/// The one team that there is.
pub(crate) const TEAM: Uuid = Uuid::from_u128(700);

/// The one webhook that there is.
pub(crate) const HOOK: Uuid = Uuid::from_u128(600);

/// Rules by number: switched on, a draft, an archived one, and one that is for nobody.
pub(crate) const RULES: [Uuid; 4] =
    [Uuid::from_u128(500), Uuid::from_u128(501), Uuid::from_u128(502), Uuid::from_u128(503)];

fn rule_for(rule: Uuid, customer: Uuid) -> Option<RuleFact> {
    let number = RULES.iter().position(|known| *known == rule)?;
    let presence = recipient(customer).map_or(Presence::Absent, |recipient| recipient.presence);
    let (active, archived) = (number != 1 && number != 2, number == 2);
    Some(RuleFact { rule_version: 3, active, archived, presence, covers: number != 3 })
}

/// ADA is as she should be, the others are each what their name says; nobody of them has a phone.
pub(crate) fn recipient(id: Uuid) -> Option<Recipient> {
    let presence = match id {
        ADA | DORMANT | OPTED_OUT | UNWANTED | WITHOUT_ADDRESS => Presence::Present,
        ARCHIVED => Presence::Archived,
        ERASED => Presence::Erased,
        _ => return None,
    };
    let lifecycle = if id == DORMANT { Lifecycle::Dormant } else { Lifecycle::Active };
    Some(Recipient {
        presence,
        lifecycle,
        do_not_work_with: id == UNWANTED,
        opted_out: (id == OPTED_OUT).then_some(Channel::Email).into_iter().collect(),
        email: (id != WITHOUT_ADDRESS && id != ERASED).then(|| "ada@example.com".to_owned()),
        phone: None,
        words: [("customer.first_name", "Ada <3".to_owned())].into(),
    })
}

/// A decider whose commands come over the wire.
pub(crate) trait Wire: Decider {
    fn unwrap(command: Command) -> Option<Self::Command>;

    fn folder(_state: &Self::State) -> Option<Uuid> {
        None
    }
}

macro_rules! wire {
    ($($module:ident::$decider:ident { $($rest:tt)* })+) => { $(
        impl Wire for crate::$module::$decider {
            fn unwrap(command: Command) -> Option<Self::Command> {
                if let Command::$decider { id: _, command } = command { Some(command) } else { None }
            }
            $($rest)*
        }
    )+ };
}

wire! {
    customer::Customer {
        fn folder(state: &Self::State) -> Option<Uuid> {
            state.folder
        }
    }
    account::Account {}
    task::Task {}
    unmatched::Unmatched {}
    webhook::Webhook {}
    file::File {}
    folder::Folder {}
    order::Order {}
    quote::Quote {}
    service_entry::ServiceEntry {}
    organisation::Organisation {}
    user::User {}
    invitation::Invitation {}
    member::Member {}
    role::Role {}
    rule::Rule {}
    rule_run::RuleRun {}
    notification::Notification {}
    message::Message {}
    team::Team {}
    template::Template {}
}

/// Reads a command, fills its ids (`next` and those after it) and supplies what it needs.
pub(crate) fn ask<D: Wire>(
    name: &str,
    data: Value,
    state: &D::State,
    mut next: u128,
) -> Result<D::Command, Invalid> {
    let target = Command::spec(name).filter(|spec| spec.needs_target).map(|_| OWN);
    let mut command = Command::parse(name, target, data)?;
    command.assign_ids(&mut || {
        next += 1;
        id(next - 1)
    });
    for need in command.needs() {
        command.supply(&fact(need, D::folder(state)));
    }
    Ok(D::unwrap(command).expect("a command of this aggregate"))
}

/// What has happened so far.
pub(crate) struct Given<D: Decider> {
    pub(crate) state: D::State,
}

pub(crate) fn given<D: Decider>(events: impl IntoIterator<Item = D::Event>) -> Given<D> {
    let state =
        events.into_iter().fold(D::State::default(), |state, event| D::evolve(state, &event));
    Given { state }
}

impl<D: Wire> Given<D> {
    /// A command that went well before the one in question.
    pub(crate) fn after(self, name: &str, data: Value) -> Self {
        let command = ask::<D>(name, data, &self.state, 1000).expect("a valid command");
        let events = D::decide(&self.state, command).expect("an accepted command");
        let state = events.iter().fold(self.state, D::evolve);
        Self { state }
    }

    pub(crate) fn when(self, name: &str, data: Value) -> When<D> {
        let answer = ask::<D>(name, data, &self.state, 1000)
            .map_err(Refused::from)
            .and_then(|command| D::decide(&self.state, command).map_err(Refused::from));
        When { answer }
    }
}

/// The answer to a command.
pub(crate) struct When<D: Decider> {
    answer: Result<Vec<D::Event>, Refused>,
}

#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    pub(crate) pointer: Option<String>,
    pub(crate) allowed: Option<Vec<String>>,
}

impl<R: Refusal> From<R> for Refused {
    fn from(refusal: R) -> Self {
        Self {
            code: refusal.code(),
            pointer: refusal.pointer().map(str::to_owned),
            allowed: refusal.allowed(),
        }
    }
}

impl<D: Decider> When<D> {
    pub(crate) fn then(self, expected: impl IntoIterator<Item = D::Event>) {
        let events = self.answer.expect("the command is accepted");
        let events: Vec<Event> = events.into_iter().map(Into::into).collect();
        let expected: Vec<Event> = expected.into_iter().map(Into::into).collect();
        assert_eq!(events, expected);
    }

    pub(crate) fn then_nothing(self) {
        self.then([]);
    }

    /// Refused with this code, at this field (an empty text: at none).
    pub(crate) fn then_refused(self, code: &str, pointer: &str) -> Refused {
        let refused = self.answer.expect_err("the command is refused");
        assert_eq!(refused.code, code, "{refused:?}");
        assert_eq!(refused.pointer.as_deref().unwrap_or_default(), pointer, "{refused:?}");
        refused
    }

    pub(crate) fn events(self) -> Vec<D::Event> {
        self.answer.expect("the command is accepted")
    }
}

/// Runs the commands one after the other; each, repeated on the state that it made, must yield
/// nothing or a refusal. The answer is all the events.
pub(crate) fn repeats_are_harmless<D: Wire>(
    commands: impl IntoIterator<Item = (&'static str, Value)>,
) -> (D::State, Vec<D::Event>)
where
    D::Event: Debug,
{
    let mut state = D::State::default();
    let mut happened = Vec::new();
    for ((name, data), first_id) in commands.into_iter().zip((1000..1004).cycle()) {
        let Ok(command) = ask::<D>(name, data, &state, first_id) else { continue };
        let Ok(events) = D::decide(&state, command.clone()) else { continue };
        state = events.iter().fold(state, D::evolve);
        happened.extend(events);
        if let Ok(again) = D::decide(&state, command.clone()) {
            assert!(again.is_empty(), "{command:?} again made {again:?}");
        }
    }
    (state, happened)
}
