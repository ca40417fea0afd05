//! Whatever somebody's extent: lists, counts and searches give exactly the customers that the row
//! scope covers in memory.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::{self, Action, Placement, Principal, Rights, RoleRights, RowScope, Scope};
use domain::condition::Condition;
use domain::value::Role;
use projections::customer_360::View;
use projections::directory_model::Directory;
use projections::{Changes, Key, Page, PageQuery, ReadModel, customer_list, predicate};
use projections::{files, messages, orders, quotes, service_entries, tasks};
use serde_json::Value;
use uuid::Uuid;

use crate::conditions::{Random, id, view};
use crate::mix::Mix;
use crate::support::World;

const FEW: usize = 10_000;
const MANY: usize = 100_000;
const EXTENTS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn lists_counts_and_searches_give_what_the_extent_covers() {
    of_so_many(FEW).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_counts_and_searches_give_what_the_extent_covers() {
    of_so_many(MANY).await;
}

async fn of_so_many(customers: usize) {
    let world = World::without_runners().await;
    let mut random = Random(11);
    let views: Vec<View> = (0..customers).map(|number| spread(number, &mut random)).collect();
    load(&world, &views).await;
    let mut met = 0;
    for _ in 0..EXTENTS {
        met += agree(&world, &views, &extent(&mut random)).await;
    }
    assert!(met > customers, "the extents meet hardly anybody: {met}");
}

async fn load(world: &World, views: &[View]) {
    let mut client = world.store.worker().get().await.unwrap();
    client.batch_execute("SET search_path TO directory, public").await.unwrap();
    for chunk in views.chunks(5_000) {
        let tx = client.transaction().await.unwrap();
        let row = |view: &View| {
            (Key { organisation: world.organisation, id: view.id }, Box::new(view.clone()))
        };
        let changes = Changes { put: chunk.iter().map(row).collect(), gone: Vec::new() };
        Directory::save(&tx, &changes).await.unwrap();
        tx.commit().await.unwrap();
    }
    let analyse =
        "RESET search_path; ANALYZE directory.customers, directory.terms, directory.marks";
    client.batch_execute(analyse).await.unwrap();
}

/// SQL and memory agree on one extent; answers how many customers are within it.
async fn agree(world: &World, views: &[View], rows: &RowScope) -> usize {
    let everybody = Condition::All(Vec::new());
    let scope = within(world, rows, Action::CustomerList);
    let covered: Vec<&View> = views.iter().filter(|view| rows.covers(&placed(view))).collect();
    let expected: BTreeSet<Uuid> = covered.iter().map(|view| view.id).collect();
    let counted = predicate::count(&world.store, &scope, &everybody, false, None).await.unwrap();
    assert_eq!(usize::try_from(counted).unwrap(), expected.len(), "counted, {rows:?}");
    assert_eq!(listed(world, &scope, "").await, expected, "listed, {rows:?}");
    assert_eq!(found(world, &scope, &everybody).await, expected, "by condition, {rows:?}");
    let named: BTreeSet<Uuid> =
        covered.iter().filter(|view| is_strasse(view)).map(|view| view.id).collect();
    let searched = listed(world, &scope, "strasse").await;
    assert!(searched.is_superset(&named) && searched.is_subset(&expected), "searched, {rows:?}");
    expected.len()
}

fn is_strasse(view: &View) -> bool {
    let known = view.last_name.as_ref().and_then(|name| name.known());
    known.is_some_and(|name| name == "Straße")
}

/// A customer among more folders and workers than the conditions need.
fn spread(number: usize, random: &mut Random) -> View {
    let mut view = view(number, random);
    view.folder = (!random.chance(5)).then(|| id(random.below(40)));
    view.workers = (0..random.below(3)).map(|_| id(random.below(60))).collect();
    view
}

fn extent(random: &mut Random) -> RowScope {
    if random.chance(10) {
        return RowScope::All;
    }
    RowScope::Within {
        folders: (0..random.below(8)).map(|_| id(random.below(40))).collect(),
        workers: (0..random.below(8)).map(|_| id(random.below(60))).collect(),
    }
}

fn placed(view: &View) -> Placement {
    Placement { folder: view.folder, workers: view.workers.clone() }
}

fn within(world: &World, rows: &RowScope, action: Action) -> Scope {
    let given = [RoleRights::default_of(Role::Owner)];
    let rights = Arc::new(Rights::new(&given, rows.clone(), rows.clone()));
    let owner = Principal::user(world.organisation, Uuid::nil(), [Role::Owner]);
    access::scope(&Principal { rights, ..owner }, action).unwrap()
}

async fn listed(world: &World, scope: &Scope, text: &str) -> BTreeSet<Uuid> {
    let mut page = PageQuery::first(200);
    let mut seen = BTreeSet::new();
    loop {
        let query = customer_list::Query {
            text: text.to_owned(),
            page: page.clone(),
            ..customer_list::Query::default()
        };
        let found = customer_list::list(&world.store, scope, &query).await.unwrap();
        seen.extend(column(&found, "id"));
        match found.turns.next {
            Some(next) => page.after = Some(next),
            None => return seen,
        }
    }
}

async fn found(world: &World, scope: &Scope, condition: &Condition) -> BTreeSet<Uuid> {
    let mut page = PageQuery::first(200);
    let mut seen = BTreeSet::new();
    loop {
        let found =
            customer_list::search(&world.store, scope, condition, false, &page).await.unwrap();
        seen.extend(column(&found, "id"));
        match found.turns.next {
            Some(next) => page.after = Some(next),
            None => return seen,
        }
    }
}

fn column(page: &Page, name: &str) -> Vec<Uuid> {
    let id = |row: &Value| row[name].as_str().and_then(|id| id.parse().ok());
    page.data.iter().filter_map(id).collect()
}

/// The same of what belongs to customers: each row is there exactly if its customer is covered.
#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_customers_is_listed_as_far_as_they_are_covered() {
    let mut world = World::new().await;
    let mut mix = Mix::new(&world, 13).await;
    mix.commands(500).await;
    world.settle().await;
    let places = places(&world).await;
    let mut random = Random(3);
    let pick = |random: &mut Random, from: &[Uuid]| -> BTreeSet<Uuid> {
        from.iter().copied().filter(|_| random.chance(2)).collect()
    };
    let folders: Vec<Uuid> = places.iter().filter_map(|(_, place)| place.folder).collect();
    let workers: Vec<Uuid> = places.iter().flat_map(|(_, place)| place.workers.clone()).collect();
    let all = subjects(&world, &RowScope::All).await;
    assert!(all.len() > 30, "hardly anything is listed: {}", all.len());
    for _ in 0..EXTENTS {
        let rows = RowScope::Within {
            folders: pick(&mut random, &folders),
            workers: pick(&mut random, &workers),
        };
        let covered = |customer: &Uuid| {
            let place = places.iter().find(|(id, _)| id == customer);
            place.is_some_and(|(_, place)| rows.covers(place))
        };
        let expected: Vec<(&str, Uuid)> =
            all.iter().filter(|(_, customer)| covered(customer)).copied().collect();
        assert_eq!(subjects(&world, &rows).await, expected, "{rows:?}");
    }
    world.stop().await;
}

/// Where each customer stands, as the read model has it.
async fn places(world: &World) -> Vec<(Uuid, Placement)> {
    let text =
        "SELECT id, folder, ARRAY(SELECT jsonb_array_elements_text(body -> 'workers'))::uuid[]
        FROM customer_360.document WHERE organisation = $1 AND kind = 'customer'";
    let rows = world.sql().await.query(text, &[&world.organisation]).await.unwrap();
    rows.iter()
        .map(|row| {
            let workers: Vec<Uuid> = row.get(2);
            let place = Placement { folder: row.get(1), workers: workers.into_iter().collect() };
            (row.get(0), place)
        })
        .collect()
}

/// The customers of all rows of all lists, in the order of the lists.
async fn subjects(world: &World, rows: &RowScope) -> Vec<(&'static str, Uuid)> {
    let scope = |action| within(world, rows, action);
    let (store, page) = (&world.store, PageQuery::first(1_000));
    let mut found = Vec::new();
    let mut add = |kind, list: Page| {
        found.extend(column(&list, "customer").into_iter().map(|customer| (kind, customer)));
    };
    let (read, all) = (scope(Action::TaskRead), tasks::Filter::default());
    add("tasks", tasks::list(store, &read, &all, &page).await.unwrap());
    let (read, all) = (scope(Action::QuoteRead), quotes::Filter::default());
    add("quotes", quotes::list(store, &read, &all, &page).await.unwrap());
    let (read, all) = (scope(Action::ServiceRead), service_entries::Filter::default());
    add("service_entries", service_entries::list(store, &read, &all, &page).await.unwrap());
    let read = scope(Action::FileRead);
    for (customer, _) in places(world).await {
        add("files", files::list(store, &read, customer, &page).await.unwrap());
    }
    let read = scope(Action::OrderRead);
    add("orders", orders::list(store, &read, None, &page).await.unwrap());
    let read = scope(Action::MessageRead);
    for (customer, _) in places(world).await {
        add("messages", messages::list(store, &read, customer, &page).await.unwrap());
    }
    found
}
