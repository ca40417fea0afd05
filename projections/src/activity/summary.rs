//! What happened, in numbers: whoever shows it makes sentences of them in the reader's language.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{FieldGroup, Scope};
use domain::{Actor, Event, account};
use eventstore::Store;
use eventstore::state::look::Visit;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::customer_360::time;
use crate::error::Error;
use crate::item::Item;
use crate::reader::Ids;

/// Documents of one kind.
#[derive(Debug, Default)]
struct Sum {
    count: u32,
    amount: Decimal,
}

/// What came onto the account in one currency.
#[derive(Debug, Default)]
struct Sums {
    invoices: Sum,
    credit_notes: Sum,
    payments: Sum,
}

pub(super) async fn of(
    store: &Store,
    scope: &Scope,
    visit: &Visit,
    items: &[Item],
) -> Result<Value, Error> {
    let (mut people, mut rules) = (BTreeSet::new(), BTreeSet::new());
    let mut by_type: BTreeMap<&str, u32> = BTreeMap::new();
    let mut by_currency: BTreeMap<&str, Sums> = BTreeMap::new();
    let mut automatic = 0_u32;
    for item in items {
        if let Ok(Event::Account(event)) = item.event() {
            add(event, &mut by_currency);
        } else if let Actor::User { id } = item.metadata.actor {
            people.insert(id);
            *by_type.entry(&item.type_name).or_default() += 1;
        } else {
            automatic += 1;
            if let Actor::Automation { rule, version: _ } = item.metadata.actor {
                rules.insert(rule);
            }
        }
    }
    let mut ids = Ids::default();
    ids.users(people.iter().copied());
    rules.iter().for_each(|rule| ids.rule(Some(*rule)));
    let names = ids.names(store, scope.organisation()).await?;
    let named = |ids: BTreeSet<Uuid>, name: &dyn Fn(Uuid) -> Value| -> Value {
        ids.into_iter().map(name).collect()
    };
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("since", time(visit.at).into());
    put("entries", items.len().into());
    put(
        "people",
        json!({
            "entries": by_type.values().sum::<u32>(),
            "users": named(people, &|user| names.user(user)),
            "by_type": by_type,
        }),
    );
    put(
        "automatic",
        json!({ "entries": automatic, "rules": named(rules, &|rule| names.rule(rule)) }),
    );
    if scope.shows(FieldGroup::Financial) {
        put("money", by_currency.iter().map(|(currency, sums)| money(currency, sums)).collect());
    }
    Ok(Value::Object(body))
}

fn add<'a>(event: &'a account::Event, by_currency: &mut BTreeMap<&'a str, Sums>) {
    use account::Event;
    let mut put = |currency: &'a str, sum: fn(&mut Sums) -> &mut Sum, amount: Decimal| {
        let sum = sum(by_currency.entry(currency).or_default());
        sum.count += 1;
        sum.amount = sum.amount.saturating_add(amount);
    };
    match event {
        Event::InvoiceIssued(invoice) => {
            put(&invoice.currency, |sums| &mut sums.invoices, invoice.total);
        }
        Event::CreditNoteIssued(note) => {
            put(&note.currency, |sums| &mut sums.credit_notes, note.total);
        }
        Event::PaymentReceived { payment_id: _, funding } => {
            put(&funding.currency, |sums| &mut sums.payments, funding.amount);
        }
        // They move what is there from one place to another.
        Event::PaymentAllocated { .. }
        | Event::AllocationReversed(_)
        | Event::CreditAdded { .. }
        | Event::CreditAllocated { .. }
        | Event::CreditRefunded(_) => {}
    }
}

fn money(currency: &str, sums: &Sums) -> Value {
    let sum = |sum: &Sum| json!({ "count": sum.count, "amount": sum.amount });
    json!({
        "currency": currency,
        "invoices": sum(&sums.invoices),
        "credit_notes": sum(&sums.credit_notes),
        "payments": sum(&sums.payments),
    })
}
