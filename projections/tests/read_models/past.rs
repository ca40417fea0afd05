//! What was is what was shown then, and the last moment is the present.

use std::collections::BTreeMap;

use domain::access::{Action, Scope};
use domain::value::Role;
use jiff::Timestamp;
use projections::insight::Forecasts;
use projections::ledger::{FundsKind, InvoiceState, Invoices};
use projections::past::{self, Moment, Past};
use projections::{
    Page, PageQuery, customer_360, files, insight, ledger, orders, quotes, service_entries, tasks,
    timeline,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::mix::Mix;
use crate::support::World;

const LISTS: [&str; 15] = [
    "notes",
    "interactions",
    "referrals",
    "tasks",
    "open tasks",
    "quotes",
    "sent quotes",
    "orders",
    "entries",
    "files",
    "invoices",
    "unpaid invoices",
    "money",
    "ledger",
    "timeline",
];

/// One page of a list of a customer, as it is or as it was.
async fn page(
    world: &World,
    scope: &Scope,
    (customer, moment): (Uuid, Option<Moment>),
    list: &str,
    query: &PageQuery,
) -> Option<Page> {
    let store = &world.store;
    let past = match moment {
        Some(moment) => Some(Past::of(store, scope, customer, moment).await.unwrap()?),
        None => None,
    };
    let past = past.as_ref();
    let one = |(body, position): (Value, i64)| {
        let turns = projections::Turns::default();
        Page { data: vec![body], turns, position }
    };
    let whose = Some(customer);
    match list {
        "notes" => match past {
            Some(past) => customer_360::notes_as_of(store, scope, past, query).await.unwrap(),
            None => customer_360::notes(store, scope, customer, query).await.unwrap(),
        },
        "interactions" => match past {
            Some(past) => {
                customer_360::interactions_as_of(store, scope, past, query).await.unwrap()
            }
            None => customer_360::interactions(store, scope, customer, query).await.unwrap(),
        },
        "referrals" => Some(one(match past {
            Some(past) => customer_360::referrals_as_of(store, scope, past).await.unwrap(),
            None => {
                let (body, at) = customer_360::referrals(store, scope, customer).await.unwrap();
                (body?, at)
            }
        })),
        "tasks" | "open tasks" => {
            let done = (list == "open tasks").then_some(false);
            let filter = tasks::Filter { customer: whose, done, ..tasks::Filter::default() };
            Some(match past {
                Some(past) => tasks::list_as_of(store, scope, past, &filter, query).await.unwrap(),
                None => tasks::list(store, scope, &filter, query).await.unwrap(),
            })
        }
        "quotes" | "sent quotes" => {
            let state = (list == "sent quotes").then(|| "sent".to_owned());
            let filter = quotes::Filter { customer: whose, state };
            Some(match past {
                Some(past) => quotes::list_as_of(store, scope, past, &filter, query).await.unwrap(),
                None => quotes::list(store, scope, &filter, query).await.unwrap(),
            })
        }
        "orders" => Some(match past {
            Some(past) => orders::list_as_of(past, query).unwrap(),
            None => orders::list(store, scope, whose, query).await.unwrap(),
        }),
        "entries" => {
            let filter = service_entries::Filter { customer: whose, ..Default::default() };
            Some(match past {
                Some(past) => {
                    service_entries::list_as_of(store, scope, past, &filter, query).await.unwrap()
                }
                None => service_entries::list(store, scope, &filter, query).await.unwrap(),
            })
        }
        "files" => Some(match past {
            Some(past) => files::list_as_of(store, scope, past, query).await.unwrap(),
            None => files::list(store, scope, customer, query).await.unwrap(),
        }),
        "invoices" | "unpaid invoices" => {
            let state = (list == "unpaid invoices").then_some(InvoiceState::Unpaid);
            let wanted = Invoices { customer: whose, state };
            Some(match past {
                Some(past) => ledger::invoices_as_of(past, &wanted, query).unwrap(),
                None => ledger::invoices(store, scope, &wanted, query).await.unwrap(),
            })
        }
        "money" => {
            let kinds = [FundsKind::Payment, FundsKind::Credit, FundsKind::CreditNote];
            Some(match past {
                Some(past) => ledger::list_funds_as_of(past, &kinds, query).unwrap(),
                None => ledger::list_funds(store, scope, customer, &kinds, query).await.unwrap(),
            })
        }
        "ledger" => Some(match past {
            Some(past) => ledger::entries_as_of(past, query).unwrap(),
            None => ledger::entries(store, scope, customer, query).await.unwrap(),
        }),
        "timeline" => match moment {
            Some(moment) => {
                let past = Past::of(store, scope, customer, moment).await.unwrap()?;
                Some(timeline::timeline_as_of(store, scope, past, query).await.unwrap())
            }
            None => timeline::timeline(store, scope, customer, query).await.unwrap(),
        },
        _ => panic!("{list}"),
    }
}

/// All rows of a list, page by page, forwards and then backwards.
async fn walk(
    world: &World,
    scope: &Scope,
    of: (Uuid, Option<Moment>),
    list: &str,
) -> Option<Vec<Value>> {
    let mut rows = Vec::new();
    let mut query = PageQuery::first(3);
    let last = loop {
        let page = page(world, scope, of, list, &query).await?;
        rows.extend(page.data);
        match page.turns.next {
            Some(next) => query.after = Some(next),
            None => break page.turns.prev,
        }
    };
    let mut back = PageQuery { after: None, before: last, limit: 3 };
    let mut before = Vec::new();
    while back.before.is_some() {
        let page = page(world, scope, of, list, &back).await?;
        before.splice(0..0, page.data);
        back.before = page.turns.prev;
    }
    assert!(rows.starts_with(&before), "{list}: {rows:#?} {before:#?}");
    Some(rows)
}

/// Everything that is shown of these customers.
async fn shown(
    world: &World,
    role: Role,
    customers: &[Uuid],
    moment: Option<Moment>,
) -> BTreeMap<(Uuid, &'static str), Value> {
    let scope = world.scope(role, Action::CustomerRead);
    let mut shown = BTreeMap::new();
    for customer in customers {
        for list in LISTS {
            let rows = walk(world, &scope, (*customer, moment), list).await;
            shown.insert((*customer, list), json!(rows));
        }
        let store = &world.store;
        let found = match moment {
            Some(moment) => past::get(store, &scope, *customer, moment).await.unwrap(),
            None => customer_360::get(store, &scope, *customer).await.unwrap(),
        };
        if let customer_360::Found::Customer(answer) = found {
            shown.insert((*customer, "record"), answer.body);
        }
        if role == Role::Owner {
            let (mut body, _) = match moment {
                Some(moment) => {
                    let past = Past::of(store, &scope, *customer, moment).await.unwrap().unwrap();
                    insight::insight_as_of(store, &scope, &past).await.unwrap()
                }
                None => {
                    let forecasts = Forecasts::default();
                    insight::insight(store, &scope, &forecasts, *customer).await.unwrap()
                }
            };
            body.as_object_mut().unwrap().shift_remove("repurchase");
            shown.insert((*customer, "insight"), body);
        }
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_what_was_shown_then_and_its_last_moment_is_the_present() {
    let mut world = World::new().await;
    let mut mix = Mix::new(&world, 7).await;
    mix.commands(420).await;
    world.settle().await;
    let customers = mix.customers();
    let then = Timestamp::now();
    let shown_then = shown(&world, Role::Owner, &customers, None).await;
    let sales_then = shown(&world, Role::Sales, &customers, None).await;
    let rows = |of: &BTreeMap<(Uuid, &str), Value>, list: &str| -> usize {
        let lists = of.iter().filter(|((_, name), _)| *name == list);
        lists.map(|(_, rows)| rows.as_array().map_or(0, Vec::len)).sum()
    };
    // Some of what is filtered may be empty.
    for list in LISTS.into_iter().filter(|list| !list.contains(' ')) {
        assert!(rows(&shown_then, list) > 0, "the mix made no {list}");
    }
    assert!(rows(&sales_then, "notes") < rows(&shown_then, "notes"));
    assert!(rows(&sales_then, "files") < rows(&shown_then, "files"));

    mix.commands(200).await;
    world.settle().await;
    let differs = |is: &BTreeMap<(Uuid, &'static str), Value>, was: &BTreeMap<_, Value>| {
        let differing = is.iter().find(|(of, rows)| was.get(*of) != Some(rows));
        assert!(differing.is_none(), "{differing:#?} {:#?}", differing.map(|(of, _)| &was[of]));
        assert_eq!(is.len(), was.len());
    };
    for (role, then_shown) in [(Role::Owner, &shown_then), (Role::Sales, &sales_then)] {
        let again = shown(&world, role, &customers, Some(Moment::Recorded(then))).await;
        differs(&again, then_shown);
        let now = shown(&world, role, &customers, None).await;
        assert_ne!(&now, then_shown);
        let end = Timestamp::now();
        for moment in [Moment::Recorded(end), Moment::Effective(end)] {
            let last = shown(&world, role, &customers, Some(moment)).await;
            differs(&last, &now);
        }
    }
    world.stop().await;
}
