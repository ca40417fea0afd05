//! The predicate in SQL and the evaluator in memory are one: on generated customers and
//! conditions, and for every row scope.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::access::{self, Action, Placement, Principal, Rights, RoleRights, RowScope, Scope};
use domain::condition::{Condition, Kind, catalogue_customer};
use domain::value::{CustomerType, Lifecycle, NoteScope, RiskFlagType, Role, fold};
use domain::{Actor, Personal};
use jiff::{SignedDuration, Timestamp};
use projections::audience::{Audience, Mark, Marks};
use projections::customer_360::{
    AddressEntry, Email, Finance, Flag, OpenInvoice, Phone, RiskFlag, View,
};
use projections::directory_model::Directory;
use projections::predicate::{self, Predicate};
use projections::{Changes, Key, PageQuery, ReadModel, Shown, customer_list};
use serde_json::{Value, json};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::support::World;

const CUSTOMERS: u64 = 300;
const CONDITIONS: usize = 600;
const NOW: &str = "2026-11-22T12:00:00.123456Z";

const NAMES: [&str; 12] = [
    "Ada",
    "ada",
    "ADA",
    "Özgür",
    "özgür",
    "Émile",
    "E\u{301}mile",
    "İpek",
    "ΣΊΣΥΦΟΣ",
    "Straße",
    "Zoë O'Neil",
    "O",
];
const TAGS: [&str; 5] = ["VIP", "Ärger", "new", "İstanbul", "no 1"];
const STATUSES: [&str; 3] = ["prospect", "won", "übergeben"];
const CITIES: [&str; 4] = ["Köln", "KÖLN", "Paris", "Łódź"];
const AMOUNTS: [&str; 6] = ["0", "0.00", "12.775", "12.7750", "-3", "1000000.01"];
const CURRENCIES: [&str; 2] = ["EUR", "USD"];

/// The same numbers for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(below).unwrap()).unwrap()
    }

    pub(crate) fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.below(from.len());
        from[at].clone()
    }

    fn some<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.chance(3)).then(|| value(self))
    }

    fn instant(&mut self) -> Timestamp {
        let now: Timestamp = NOW.parse().unwrap();
        now - SignedDuration::from_hours(12 * i64::try_from(self.below(8)).unwrap())
    }
}

pub(crate) fn id(number: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::try_from(number).unwrap())
}

fn known(text: &str) -> Shown<String> {
    Shown(Personal::Known(text.to_owned()))
}

fn risk_flag(random: &mut Random) -> RiskFlag {
    RiskFlag {
        id: id(random.below(1_000)),
        flag_type: random.pick(RiskFlagType::ALL),
        reason: known("x"),
        raised_by: Actor::System,
        raised_at: random.instant(),
    }
}

fn address(random: &mut Random) -> AddressEntry {
    AddressEntry {
        id: id(random.below(1_000)),
        address: Shown(Personal::Known(domain::value::Address {
            line1: "Main Street 1".to_owned(),
            city: random.some(|random| random.pick(&CITIES).to_owned()),
            postcode: random.some(|random| random.pick(&["50667", "W1A 1AA"]).to_owned()),
            country: random.some(|random| random.pick(&["DE", "PL"]).to_owned()),
            ..domain::value::Address::default()
        })),
        label: None,
        primary: false,
    }
}

fn email(random: &mut Random) -> Email {
    let address = format!("{}{}@example.com", random.pick(&NAMES), random.below(5));
    Email { address: known(&address), label: None, primary: false }
}

fn phone(random: &mut Random) -> Phone {
    Phone {
        number: known(random.pick(&["030 123", "+49 30 123"])),
        e164: random.some(|_| known("+4930123")),
        label: None,
        primary: false,
    }
}

fn finance(random: &mut Random) -> (String, Finance) {
    let finance = Finance {
        order_count: u32::try_from(random.below(4)).unwrap(),
        credit_note_count: 0,
        gross: random.pick(&AMOUNTS).parse().unwrap(),
        credits: random.pick(&AMOUNTS).parse().unwrap(),
        balance: random.pick(&AMOUNTS).parse().unwrap(),
        credit_on_account: random.pick(&AMOUNTS).parse().unwrap(),
        open_invoices: up_to(2, random, |random| {
            let open = random.pick(&AMOUNTS).parse().unwrap();
            (id(random.below(1_000)), OpenInvoice { open, due_on: None })
        })
        .into_iter()
        .collect(),
        ..Finance::default()
    };
    (random.pick(&CURRENCIES).to_owned(), finance)
}

fn up_to<T>(most: usize, random: &mut Random, one: impl Fn(&mut Random) -> T) -> Vec<T> {
    (0..random.below(most + 1)).map(|_| one(random)).collect()
}

fn marks(at: Timestamp, random: &mut Random) -> Marks {
    let mut marks = Marks::from([(Audience::Everybody, mark(at))]);
    for audience in [Audience::Contact, Audience::Risk, Audience::Notes(NoteScope::Internal)] {
        if random.chance(3) {
            marks.insert(audience, mark(random.instant()));
        }
    }
    marks
}

fn mark(at: Timestamp) -> Mark {
    Mark { position: 1, updated_at: at, last_activity_at: at }
}

pub(crate) fn view(number: usize, random: &mut Random) -> View {
    let tags = up_to(2, random, |random| random.pick(&TAGS).to_owned());
    let at = random.instant();
    View {
        id: id(number),
        customer_type: random.pick(CustomerType::ALL),
        first_name: random.some(|random| known(random.pick(&NAMES))),
        last_name: random.some(|random| known(random.pick(&NAMES))),
        company_name: random.some(|random| known(random.pick(&NAMES))),
        emails: up_to(2, random, email),
        phones: up_to(1, random, phone),
        addresses: up_to(2, random, address),
        external_ids: random
            .some(|random| ("shop".to_owned(), known(&random.below(5).to_string())))
            .into_iter()
            .collect(),
        source: None,
        lifecycle: random.pick(Lifecycle::ALL),
        dormant: None,
        status: random.some(|random| random.pick(&STATUSES).to_owned()),
        folder: random.some(|random| id(random.below(3))),
        tags: tags.into_iter().map(|tag| (fold(&tag), tag)).collect(),
        workers: up_to(2, random, |random| id(random.below(3))).into_iter().collect(),
        referrer: None,
        referred: [].into(),
        flag: random.some(|_| Flag { reason: known("why"), by: Actor::System, at }),
        risk_flags: up_to(2, random, risk_flag),
        notes: BTreeMap::new(),
        files: BTreeMap::new(),
        interactions: 0,
        messages: 0,
        opted_out: BTreeSet::new(),
        do_not_work_with: None,
        portal_until: None,
        open_tasks: BTreeSet::new(),
        finance: up_to(2, random, finance).into_iter().collect(),
        version: 1,
        created_at: at,
        marks: marks(at, random),
        archived_at: None,
        erased_at: None,
    }
}

/// A tree of conditions, as a caller would write it.
fn tree(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 1 } else { 5 }) {
        1 => {
            json!({"all": (0..random.below(4)).map(|_| tree(random, depth - 1)).collect::<Vec<_>>()})
        }
        2 => {
            json!({"any": (0..random.below(4)).map(|_| tree(random, depth - 1)).collect::<Vec<_>>()})
        }
        3 => json!({"not": tree(random, depth - 1)}),
        _ => leaf(random),
    }
}

fn leaf(random: &mut Random) -> Value {
    let fields: Vec<(String, Kind)> = catalogue_customer()
        .fields()
        .map(|field| (field.name.replace(".*", ".shop"), field.kind))
        .collect();
    let (field, kind) = random.pick(&fields);
    let op = random.pick(kind.ops()).name();
    let value = |random: &mut Random| match kind {
        Kind::Number => json!(random.pick(&AMOUNTS)),
        Kind::Money => {
            json!({"amount": random.pick(&AMOUNTS), "currency": random.pick(&CURRENCIES)})
        }
        Kind::Instant | Kind::Date => match random.below(3) {
            0 => json!("2026-11-20"),
            _ => json!(random.instant().to_string()),
        },
        Kind::Bool => json!(random.chance(2)),
        Kind::Uuid | Kind::Uuids => json!(id(random.below(4))),
        Kind::Text | Kind::Texts | Kind::Label | Kind::Labels => json!(word(&field, random)),
    };
    match op {
        "is_empty" | "is_set" => json!({"field": field, "op": op}),
        "in" | "nin" | "has_any" | "has_all" => {
            let values: Vec<Value> = (0..=random.below(2)).map(|_| value(random)).collect();
            json!({"field": field, "op": op, "value": values})
        }
        "between" => {
            let (low, mut high) = (value(random), value(random));
            if kind == Kind::Money {
                high["currency"] = low["currency"].clone();
            }
            json!({"field": field, "op": op, "value": [low, high]})
        }
        "within_last" => {
            let period = random.pick(&["P1D", "P2D", "PT12H", "P90Y"]);
            json!({"field": field, "op": op, "value": period})
        }
        _ => json!({"field": field, "op": op, "value": value(random)}),
    }
}

fn word(field: &str, random: &mut Random) -> String {
    let whole = match field {
        "type" => random.pick(CustomerType::ALL).name().to_owned(),
        "lifecycle" => random.pick(Lifecycle::ALL).name().to_owned(),
        "risk_flags" => random.pick(RiskFlagType::ALL).name().to_owned(),
        "tags" => random.pick(&TAGS).to_owned(),
        "status" => random.pick(&STATUSES).to_owned(),
        "city" => random.pick(&CITIES).to_owned(),
        "postcode" => random.pick(&["50667", "w1a"]).to_owned(),
        "country" => random.pick(&["DE", "de"]).to_owned(),
        "phones" => random.pick(&["+4930123", "030 123", "30"]).to_owned(),
        field if field.starts_with("external_id") => random.below(5).to_string(),
        field if field.ends_with("currency") => random.pick(&["EUR", "eur", "USD"]).to_owned(),
        _ => random.pick(&NAMES).to_owned(),
    };
    match random.below(4) {
        0 => whole.to_uppercase(),
        1 => whole.chars().take(2).collect(),
        2 => whole.chars().skip(1).take(2).collect(),
        _ => whole,
    }
}

fn placed(view: &View) -> Placement {
    Placement { folder: view.folder, workers: view.workers.clone() }
}

/// Somebody of any role, with any reach.
fn reader(organisation: Uuid, random: &mut Random) -> Scope {
    let rows = rows(random);
    let role = RoleRights::default_of(random.pick(Role::ALL));
    let rights = Arc::new(Rights::new([&role], rows.clone(), rows));
    let principal = Principal::user(organisation, Uuid::nil(), []);
    access::scope(&Principal { rights, ..principal }, Action::CustomerList).unwrap()
}

fn rows(random: &mut Random) -> RowScope {
    match random.below(4) {
        0 | 1 => RowScope::Within {
            folders: (0..random.below(3)).map(id).collect(),
            workers: (0..random.below(3)).map(id).collect(),
        },
        _ => RowScope::All,
    }
}

const ALL_OF_THEM: &str = "SELECT d.customer
    FROM directory.organisations o JOIN directory.customers d ON d.number = o.number
    WHERE o.organisation = $1 AND d.archived = $2
      AND $3::text IS NULL AND $4::text IS NULL AND $5::text IS NULL AND (/* predicate */ TRUE)";

#[tokio::test(flavor = "multi_thread")]
async fn sql_and_memory_agree_on_every_condition_and_scope() {
    let world = World::without_runners().await;
    let mut random = Random(42);
    let views: Vec<View> =
        (0..CUSTOMERS).map(|number| view(usize::try_from(number).unwrap(), &mut random)).collect();
    let organisation = world.organisation;
    let mut client = world.store.worker().get().await.unwrap();
    client.batch_execute("SET search_path TO directory, public").await.unwrap();
    let tx = client.transaction().await.unwrap();
    let put = views.iter().map(|view| (Key { organisation, id: view.id }, Box::new(view.clone())));
    let changes = Changes { put: put.collect(), gone: Vec::new() };
    Directory::save(&tx, &changes).await.unwrap();
    tx.commit().await.unwrap();

    let now: Timestamp = NOW.parse().unwrap();
    let (mut exact, mut found) = (0, 0);
    for number in 0..CONDITIONS {
        let tree = tree(&mut random, 3);
        let Ok(condition) = Condition::parse(&tree, catalogue_customer()) else {
            continue; // A value that its field does not take.
        };
        let scope = reader(organisation, &mut random);
        let expected: BTreeSet<Uuid> = views
            .iter()
            .filter(|view| scope.row_scope().covers(&placed(view)))
            .filter(|view| condition.matches(&view.facts(&scope), now).holds)
            .map(|view| view.id)
            .collect();
        let predicate = Predicate::compile(&condition, &scope, now);
        let nothing: Option<String> = None;
        let own: [&(dyn ToSql + Sync); 5] = [&organisation, &false, &nothing, &nothing, &nothing];
        let answer =
            client.query(&predicate.within(ALL_OF_THEM), &predicate.parameters(&own)).await;
        let answer = answer.unwrap_or_else(|error| panic!("{number} {tree}: {error:?}"));
        let answer: BTreeSet<Uuid> = answer.iter().map(|row| row.get(0)).collect();
        let lost: Vec<_> = expected.difference(&answer).collect();
        assert!(lost.is_empty(), "{number} lost {lost:?}: {tree} {scope:?}");
        if predicate.is_exact() {
            exact += 1;
            let more: Vec<_> = answer.difference(&expected).collect();
            assert!(more.is_empty(), "{number} has {more:?} too many: {tree} {scope:?}");
        }
        found += expected.len();
    }
    assert!(exact > CONDITIONS / 2, "only {exact} were judged by SQL alone");
    assert!(found > CONDITIONS * 10, "the conditions find hardly anybody: {found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_by_condition_pages_through_all_that_match_and_no_others() {
    let mut world = World::new().await;
    for number in 0..30 {
        let name = if number % 3 == 0 { "Özgür" } else { "Ada" };
        let data = json!({
            "type": "person", "first_name": name, "last_name": format!("Number{number:02}"),
            "tags": ["VIP"],
        });
        world.run("customer.create", None, data).await;
    }
    world.settle().await;
    let scope = world.scope(Role::Owner, Action::CustomerList);
    for (field, op, value, count) in [
        // Judged in memory, since the case of Ö is beyond ASCII.
        ("first_name", "eq", "ÖZGÜR", 10),
        ("first_name", "eq", "ADA", 20),
        ("tags", "has", "vip", 30),
    ] {
        let tree = json!({"field": field, "op": op, "value": value});
        let condition = Condition::parse(&tree, catalogue_customer()).unwrap();
        let (mut seen, mut query) = (Vec::new(), PageQuery::first(7));
        loop {
            let page = customer_list::search(&world.store, &scope, &condition, false, &query);
            let page = page.await.unwrap();
            assert!(page.data.len() <= 7);
            seen.extend(
                page.data.iter().map(|row| row["display_name"].as_str().unwrap().to_owned()),
            );
            match page.turns.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        let counted =
            predicate::count(&world.store, &scope, &condition, false, None).await.unwrap();
        assert_eq!((seen.len(), counted), (count, i64::try_from(count).unwrap()), "{tree}");
        assert!(seen.is_sorted(), "{seen:?}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), count);
    }
    world.stop().await;
}
