use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use super::super::{Item, Kind, Options, Reader};
use crate::import::{CustomerRow, OrderDocument};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn open(name: &str, kind: Kind) -> Reader<File> {
    Reader::open(kind, File::open(path(name)).unwrap(), &Options::default()).unwrap()
}

pub(super) fn online_retail() -> Reader<Cursor<Vec<u8>>> {
    let file = File::open(path("tests/data/online-retail/online-retail-2010-12.csv.gz")).unwrap();
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut text).unwrap();
    Reader::open(Kind::Orders, Cursor::new(text), &Options::default()).unwrap()
}

/// A line of the expected file, and what is counted up to equal it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Figures {
    orders: u64,
    credit_notes: u64,
    lines: usize,
    gross: Decimal,
    credits: Decimal,
    net: Decimal,
    first_seen: Option<DateTime>,
    last_seen: Option<DateTime>,
    countries: BTreeSet<String>,
}

impl Figures {
    fn add(&mut self, document: &OrderDocument) {
        let total = document.total().unwrap();
        if document.credited {
            self.credit_notes += 1;
            self.credits += total;
        } else {
            self.orders += 1;
            self.gross += total;
        }
        self.net += total;
        self.lines += document.lines.len();
        let placed = document.placed_at;
        self.first_seen = Some(self.first_seen.map_or(placed, |seen| seen.min(placed)));
        self.last_seen = self.last_seen.max(Some(placed));
        self.countries.extend(document.country.clone());
    }
}

fn expected() -> BTreeMap<String, Figures> {
    let file = path("tests/data/online-retail/expected-2010-12-per-customer.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    let figures = |record: csv::StringRecord| {
        let figures = Figures {
            orders: record[1].parse().unwrap(),
            credit_notes: record[2].parse().unwrap(),
            lines: record[3].parse().unwrap(),
            gross: record[4].parse().unwrap(),
            credits: record[5].parse().unwrap(),
            net: record[6].parse().unwrap(),
            first_seen: Some(record[7].parse().unwrap()),
            last_seen: Some(record[8].parse().unwrap()),
            countries: record[9].split('|').map(str::to_owned).collect(),
        };
        (record[0].to_owned(), figures)
    };
    reader.records().map(|record| figures(record.unwrap())).collect()
}

#[test]
fn online_retail_gives_every_customer_exactly_their_figures() {
    let (mut found, mut without_customer, mut rows) = (BTreeMap::new(), 0, 0);
    for item in online_retail() {
        match item.unwrap() {
            Item::Order(document) => {
                rows += document.rows.len();
                let figures: &mut Figures = found.entry(document.customer.clone()).or_default();
                figures.add(&document);
            }
            Item::Problem(problem) => {
                assert_eq!(problem.error.code(), "no_customer", "row {}", problem.row);
                without_customer += 1;
            }
            other @ (Item::Customer(_) | Item::Invoice(_) | Item::Payment(_)) => {
                panic!("{other:?}")
            }
        }
    }
    let expected = expected();
    assert_eq!(expected.len(), 948);
    assert_eq!(found.len(), 948);
    for (customer, figures) in &expected {
        assert_eq!(found.get(customer), Some(figures), "customer {customer}");
    }
    assert_eq!(without_customer, 15_631);
    assert_eq!(rows + without_customer, 42_481);
}

#[test]
fn online_retail_is_counted_before_it_is_read() {
    let totals = online_retail().totals();
    assert_eq!((totals.rows, totals.records), (42_481, 2_025));
    assert_eq!(totals.newest, Some("2010-12-23T17:41:00".parse().unwrap()));
}

pub(super) fn demo_orders() -> Reader<File> {
    open("demo/orders.csv", Kind::Orders)
}

#[test]
fn the_demo_has_the_orders_of_sakila_to_the_cent() {
    let reader = demo_orders();
    assert_eq!(reader.totals().newest, Some("2006-02-14T15:16:03".parse().unwrap()));
    assert_eq!(reader.unused_columns(), [""; 0]);
    let mut found: BTreeMap<String, Figures> = BTreeMap::new();
    let mut free = 0;
    for item in reader {
        let Item::Order(order) = item.unwrap() else { panic!() };
        free += u32::from(order.total().unwrap().is_zero());
        found.entry(order.customer.clone()).or_default().add(&order);
    }
    let sum = |figure: fn(&Figures) -> Decimal| found.values().map(figure).sum::<Decimal>();
    assert_eq!((found.len(), free), (599, 24));
    assert_eq!(found.values().map(|figures| figures.orders).sum::<u64>(), 16_044);
    assert_eq!(sum(|figures| figures.net).to_string(), "67407.55");
    let of = |id: &str| (found[id].orders, found[id].net.to_string());
    assert_eq!(of("148"), (46, "216.54".to_owned()), "Eleanor Hunt");
    assert_eq!(of("526"), (45, "221.55".to_owned()), "Karl Seal");
    assert_eq!(of("259").1, "168.68", "Lena Jensen");
}

pub(super) fn demo_customers() -> Vec<CustomerRow> {
    let row = |item| match item {
        Item::Customer(row) => *row,
        Item::Order(_) | Item::Invoice(_) | Item::Payment(_) | Item::Problem(_) => {
            panic!("{item:?}")
        }
    };
    open("demo/customers.csv", Kind::Customers).map(|item| row(item.unwrap())).collect()
}

#[test]
fn the_demo_has_the_customers_of_sakila() {
    assert_eq!(open("demo/customers.csv", Kind::Customers).unused_columns(), ["phone_made_up"]);
    let (mut names, mut mails) = (BTreeSet::new(), BTreeSet::new());
    for (row, id) in demo_customers().into_iter().zip(1..) {
        assert_eq!(row.external_id, Some(id.to_string()));
        assert_eq!(row.kind.as_deref(), Some("person"));
        assert!(row.tags == ["store-1"] || row.tags == ["store-2"]);
        assert!(row.created_at.is_some());
        let address = row.address.unwrap();
        let lines = [address.line1, address.city, address.postcode, address.country];
        assert!(lines.iter().all(Option::is_some), "customer {id}");
        let [mail] = <[String; 1]>::try_from(row.emails).unwrap();
        assert_eq!(mail.to_lowercase(), mail);
        mails.insert(mail);
        names.insert(format!("{} {}", row.first_name.unwrap(), row.last_name.unwrap()));
    }
    assert_eq!((names.len(), mails.len()), (599, 599));
    for name in ["Mary Smith", "Leona O'Brien", "Edith McDonald", "Kimberly Lee"] {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn every_customer_of_the_demo_has_a_valid_made_up_number_of_their_own() {
    let numbers: BTreeSet<String> = demo_customers()
        .iter()
        .map(|row| {
            let number = phonenumber::parse(None, &row.phones[0]).unwrap();
            assert!(number.is_valid(), "{number}");
            number.to_string()
        })
        .collect();
    assert_eq!(numbers.len(), 599);
}

#[test]
fn half_of_a_real_file_is_refused() {
    let text = std::fs::read(path("demo/orders.csv")).unwrap();
    let middle = text.len() / 2;
    let after_line = text[..middle].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let half = Cursor::new(text[..after_line + 8].to_vec());
    let error = Reader::open(Kind::Orders, half, &Options::default()).map(|_| ()).unwrap_err();
    let lines = text[..after_line].iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(error.code(), "file_ends_in_row");
    assert_eq!(error.row(), Some(u64::try_from(lines).unwrap() + 1));
}
