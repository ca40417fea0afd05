mod domain;
mod real_files;

use std::io::Cursor;

use proptest::collection::vec;
use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{Item, Kind, Options, Reader, weeks_until};
use crate::import::report::Outcome;
use crate::import::{Address, CustomerRow, Error, Mapping, OrderDocument, RowProblem};

const HEADER: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

fn open(kind: Kind, text: &[u8], options: &Options) -> Result<Reader<Cursor<Vec<u8>>>, Error> {
    Reader::open(kind, Cursor::new(text.to_vec()), options)
}

fn items(kind: Kind, text: &str, options: &Options) -> Vec<Item> {
    open(kind, text.as_bytes(), options).unwrap().map(Result::unwrap).collect()
}

fn documents(rows: &str, options: &Options) -> (Vec<OrderDocument>, Vec<RowProblem>) {
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for item in items(Kind::Orders, &format!("{HEADER}{rows}"), options) {
        match item {
            Item::Order(document) => documents.push(*document),
            Item::Problem(problem) => problems.push(problem),
            other @ (Item::Customer(_) | Item::Invoice(_) | Item::Payment(_)) => {
                panic!("{other:?}")
            }
        }
    }
    (documents, problems)
}

fn codes(problems: &[RowProblem]) -> Vec<(u64, &'static str, Option<&str>)> {
    let code = |problem: &RowProblem| (problem.row, problem.error.code());
    problems.iter().map(|p| (code(p).0, code(p).1, p.column.as_deref())).collect()
}

fn customers(text: &str, options: &Options) -> Vec<CustomerRow> {
    let row = |item| match item {
        Item::Customer(row) => *row,
        Item::Order(_) | Item::Invoice(_) | Item::Payment(_) | Item::Problem(_) => {
            panic!("{item:?}")
        }
    };
    items(Kind::Customers, text, options).into_iter().map(row).collect()
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn error(kind: Kind, text: &str, options: &Options) -> Error {
    open(kind, text.as_bytes(), options).map(|_| ()).unwrap_err()
}

#[test]
fn rows_of_one_number_are_one_document_wherever_they_stand() {
    let rows = "7,A,Cup,6,2010-12-01 08:26:00,2.555,17850.0,France\n\
        C8,B,Lid,-1,2010-12-01 09:00:00,1.00,9.0,\n\
        7,A,Cup,6,2010-12-01 08:27:00,2.555,17850,France\n\
        9,D,Tray,1,2010-12-02,3,9,\n";
    let (documents, problems) = documents(rows, &Options::default());
    assert_eq!(problems, []);
    let numbers: Vec<_> = documents.iter().map(|d| (d.number.as_str(), d.rows.clone())).collect();
    assert_eq!(numbers, [("C8", vec![3]), ("7", vec![2, 4]), ("9", vec![5])]);
    let [credit, order, plain] = documents.as_slice() else { panic!("{documents:?}") };
    assert!(credit.credited && !order.credited && !plain.credited);
    assert_eq!((order.customer.as_str(), order.country.as_deref()), ("17850", Some("France")));
    assert_eq!(order.placed_at, "2010-12-01T08:26:00".parse().unwrap());
    assert_eq!(order.occurred_at, "2010-12-01T08:26:00Z".parse().unwrap());
    assert_eq!(order.lines.len(), 2, "equal rows are two lines");
    assert_eq!(order.lines[0].unit_price.to_string(), "2.555");
    assert_eq!(order.total().unwrap().to_string(), "30.660");
    assert_eq!(credit.total().unwrap().to_string(), "-1.00");
}

#[test]
fn a_row_without_a_customer_is_reported_and_nothing_is_guessed() {
    let rows = "1,A,x,1,2010-12-01,1.00,,\nA2,B,Adjust bad debt,1,2010-12-01,-11062.06,  ,\n\
        3,A,x,1,2010-12-01,1.00,5,\n3,A,x,1,2010-12-01,1.00,,\n";
    let (documents, problems) = documents(rows, &Options::default());
    assert_eq!(documents, []);
    let expected = [
        (2, "no_customer", Some("CustomerID")),
        (3, "no_customer", Some("CustomerID")),
        (4, "document_incomplete", None),
        (5, "no_customer", Some("CustomerID")),
    ];
    assert_eq!(codes(&problems), expected);
    assert_eq!(problems[0].outcome(), Outcome::Skipped);
    assert_eq!(problems[2].outcome(), Outcome::Failed);
}

#[test]
fn a_document_with_a_bad_row_is_not_recorded_at_half_its_amount() {
    let rows = "1,A,x,many,2010-12-01,1.00,5,\n2,A,x,1,2010-12-01,1.00,5,\n\
        1,A,x,1,2010-12-01,1.00,5,\n3,A,x,1,2010-12-01,\"1,50\",5,\n4,A,x,1,12/1/2010,1,5,\n\
        5,A,x,1,2010-12-01,1\n,A,x,1,2010-12-01,1,5,\n,,,,,,,\n6,A,x,1,2010-13-01,1,5,\n";
    let (documents, problems) = documents(rows, &Options::default());
    assert_eq!(documents.iter().map(|d| d.number.as_str()).collect::<Vec<_>>(), ["2"]);
    let expected = [
        (2, "invalid_number", Some("Quantity")),
        (4, "document_incomplete", None),
        (5, "invalid_number", Some("UnitPrice")),
        (6, "invalid_date", Some("InvoiceDate")),
        (7, "ragged_row", Some("CustomerID")),
        (8, "no_number", Some("InvoiceNo")),
        (9, "blank_row", None),
        (10, "invalid_date", Some("InvoiceDate")),
    ];
    assert_eq!(codes(&problems), expected);
}

#[test]
fn a_document_of_two_customers_or_two_currencies_is_nobodys() {
    let rows = "1,A,x,1,2010-12-01,1,5,\n1,A,x,1,2010-12-01,1,6,\n";
    let (found, problems) = documents(rows, &Options::default());
    assert_eq!(found, []);
    let column = Some("CustomerID");
    assert_eq!(
        codes(&problems),
        [(2, "customers_differ", column), (3, "customers_differ", column)]
    );
    let text = "invoice number,quantity,date,price,customer,currency\n\
        1,1,2010-12-01,1,5,EUR\n1,1,2010-12-01,1,5,USD\n2,1,2010-12-01,1,5,EUR\n";
    let items = items(Kind::Orders, text, &Options::default());
    assert!(
        matches!(&items[..2], [Item::Problem(a), Item::Problem(_)] if a.error.code() == "currencies_differ")
    );
    assert!(matches!(&items[2], Item::Order(order) if order.currency.as_deref() == Some("EUR")));
}

#[test]
fn writings_of_dates_and_numbers_can_be_named() {
    let options = Options {
        date_format: Some("%m/%d/%Y %H:%M".to_owned()),
        time_zone: Some("Europe/Berlin".to_owned()),
        decimal_comma: true,
        currency: Some("EUR".to_owned()),
        ..Options::default()
    };
    let (found, problems) = documents("1,A,x,\"1.000,5\",7/4/2010 8:26,\"2,555\",5,\n", &options);
    assert_eq!(problems, []);
    assert_eq!(found[0].placed_at, "2010-07-04T08:26:00".parse().unwrap());
    assert_eq!(found[0].occurred_at, "2010-07-04T06:26:00Z".parse().unwrap());
    assert_eq!(found[0].lines[0].quantity.to_string(), "1000.5");
    assert_eq!(found[0].lines[0].unit_price.to_string(), "2.555");
    assert_eq!(found[0].currency.as_deref(), Some("EUR"));
    let rows = "1,A,x,1,01.12.2010 08:26,1,5,\n2,A,x,1,2010-12-01T08:26:00+01:00,1,5,\n";
    let (found, _) = documents(rows, &Options::default());
    assert_eq!(found[0].placed_at, "2010-12-01T08:26:00".parse().unwrap());
    assert_eq!(found[1].placed_at, "2010-12-01T07:26:00".parse().unwrap());
}

#[test]
fn dates_move_by_whole_weeks() {
    let newest = "2006-02-14T15:16:03".parse().unwrap();
    let now = "2026-11-21T16:00:00".parse().unwrap();
    let weeks = weeks_until(newest, now);
    let text = format!("{HEADER}1,A,x,1,2006-02-14 15:16:03,1,5,\n");
    let mut reader = open(Kind::Orders, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(reader.totals().newest, Some(newest));
    reader.set_shift_weeks(weeks);
    let Some(Ok(Item::Order(order))) = reader.next() else { panic!() };
    assert_eq!(order.placed_at, "2026-11-17T15:16:03".parse().unwrap());
    assert_eq!(weeks_until(now, now), 0);
    assert_eq!(weeks_until("2026-11-22T16:00:00".parse().unwrap(), now), -1);
    let far = Options { shift_weeks: i32::MAX, ..Options::default() };
    let (_, problems) = documents("1,A,x,1,2006-02-14,1,5,\n", &far);
    assert_eq!(codes(&problems), [(2, "invalid_date", Some("InvoiceDate"))]);
}

#[test]
fn a_customer_file_is_matched_by_the_names_people_use() {
    let text = "\u{feff}Customer ID;First Name;Surname;E-Mail;Email 2;Mobile;Street;ZIP;Town;Country Code;Tags;Created;Shoe size\n\
        17850.0; Ada ;Byron;ada@example.com; ada@example.com ;'+44 20 7946 0958;12 St James's Square;SW1Y 4JH;London;GB;vip, press;2010-12-01;38\n";
    let rows = customers(text, &Options::default());
    let expected = CustomerRow {
        row: 2,
        external_id: Some("17850".to_owned()),
        first_name: Some("Ada".to_owned()),
        last_name: Some("Byron".to_owned()),
        emails: owned(&["ada@example.com"]),
        phones: owned(&["+44 20 7946 0958"]),
        address: Some(Address {
            line1: Some("12 St James's Square".to_owned()),
            city: Some("London".to_owned()),
            postcode: Some("SW1Y 4JH".to_owned()),
            country: Some("GB".to_owned()),
            ..Address::default()
        }),
        tags: owned(&["vip", "press"]),
        created_at: Some("2010-12-01T00:00:00".parse().unwrap()),
        occurred_at: Some("2010-12-01T00:00:00Z".parse().unwrap()),
        ..CustomerRow::default()
    };
    assert_eq!(rows, [expected]);
    let reader = open(Kind::Customers, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(reader.unused_columns(), ["Shoe size"]);
    assert_eq!((reader.totals().rows, reader.totals().records), (1, 1));
}

#[test]
fn a_mapping_names_columns_that_nobody_could_guess() {
    let mapping = r#"{"last_name":"Wer","emails":["M1","M2"],"folder":" akte "}"#;
    let options = Options { mapping: Mapping::from_json(mapping).unwrap(), ..Options::default() };
    let rows = customers(
        "Wer,M1,M2,Akte,email\nNoether,a@x.org,b@x.org;c@x.org,Leads,no@x.org\n",
        &options,
    );
    assert_eq!(rows[0].last_name.as_deref(), Some("Noether"));
    assert_eq!(rows[0].emails, ["a@x.org", "b@x.org", "c@x.org"]);
    assert_eq!(rows[0].folder.as_deref(), Some("Leads"));
}

#[test]
fn a_mapping_or_header_that_cannot_be_followed_is_refused_by_name() {
    let with = |mapping: &str| Options {
        mapping: Mapping::from_json(mapping).unwrap(),
        ..Options::default()
    };
    let text = "first_name,last_name\nAda,Byron\n";
    let found = error(Kind::Customers, text, &with(r#"{"first":"first_name"}"#));
    assert_eq!(found.code(), "unknown_mapping_field");
    let found = error(Kind::Customers, text, &with(r#"{"first_name":"Vorname"}"#));
    assert_eq!((found.code(), found.column()), ("mapped_column_missing", Some("Vorname")));
    let found = error(Kind::Customers, text, &with(r#"{"first_name":["first_name","last_name"]}"#));
    assert_eq!(found.code(), "mapped_twice");
    let found = error(Kind::Customers, "name,first name,first_name\n1,2,3\n", &Options::default());
    assert_eq!(found.code(), "column_ambiguous");
    assert_eq!(Mapping::from_json("[1]").unwrap_err().code(), "invalid_mapping");
    let found = error(Kind::Orders, "InvoiceNo,Qty,When,Betrag\n1,2,3,4\n", &Options::default());
    let expected = "the header lacks invoice_date, unit_price, customer_id; \
        its columns are InvoiceNo, Qty, When, Betrag; name the right ones with the mapping option, \
        for example {\"invoice_date\":\"<column>\"}";
    assert_eq!(
        (found.to_string().as_str(), found.code(), found.row()),
        (expected, "columns_missing", Some(1))
    );
    let found = error(Kind::Customers, "id,city\n1,London\n", &Options::default());
    assert_eq!(found.code(), "columns_missing");
    let options = Options { time_zone: Some("Mars/Olympus".to_owned()), ..Options::default() };
    assert_eq!(error(Kind::Customers, text, &options).code(), "unknown_time_zone");
}

#[test]
fn a_file_that_breaks_off_is_refused_before_its_first_item() {
    let rows = format!("{HEADER}1,A,x,1,2010-12-01,1,5,FR\n2,A,x,1,2010-12-01,1");
    let found = error(Kind::Orders, &rows, &Options::default());
    assert_eq!(
        (found.code(), found.row(), found.column()),
        ("file_ends_in_row", Some(3), Some("CustomerID"))
    );
    let rows = format!("{HEADER}1,A,x,1,2010-12-01,1,5,FR\n2,A,\"x,1,2010-12-01,1,5,FR\n");
    let found = error(Kind::Orders, &rows, &Options::default());
    assert_eq!(
        (found.code(), found.row(), found.column()),
        ("quote_not_closed", Some(3), Some("Description"))
    );
    // Only the missing line end: that is how many programs write.
    let rows = format!("{HEADER}1,A,x,1,2010-12-01,1,5,FR");
    assert_eq!(items(Kind::Orders, &rows, &Options::default()).len(), 1);
}

#[test]
fn a_bad_byte_far_behind_the_head_is_found_before_the_first_item() {
    let mut text = b"last_name,city\n".to_vec();
    for _ in 0..20_000 {
        text.extend_from_slice(b"Smith,London\n");
    }
    text.extend_from_slice(b"Gro\xdf,K\xf6ln\n");
    let found = open(Kind::Customers, &text, &Options::default()).map(|_| ()).unwrap_err();
    assert_eq!(
        (found.code(), found.row(), found.column()),
        ("wrong_encoding", Some(20_002), Some("last_name"))
    );
    let options = Options { encoding: Some("windows-1252".to_owned()), ..Options::default() };
    let last = open(Kind::Customers, &text, &options).unwrap().last().unwrap().unwrap();
    assert!(matches!(last, Item::Customer(row) if row.last_name.as_deref() == Some("Groß")));
}

#[test]
fn a_windows_1252_file_is_read_as_what_it_is() {
    let text = "Vorname;Nachname;Straße\nJürgen;Groß;Königstraße 5\nZoë;Müller;Höhenweg 3\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let mut reader = open(Kind::Customers, &bytes, &Options::default()).unwrap();
    let Some(Ok(Item::Customer(row))) = reader.next() else { panic!() };
    assert_eq!(
        (row.first_name.as_deref(), row.last_name.as_deref()),
        (Some("Jürgen"), Some("Groß"))
    );
    assert_eq!(row.address.unwrap().line1.as_deref(), Some("Königstraße 5"));
}

#[test]
fn a_header_alone_has_no_items() {
    assert_eq!(items(Kind::Orders, HEADER, &Options::default()), []);
    assert_eq!(items(Kind::Customers, "last_name", &Options::default()), []);
}

#[test]
fn a_reader_can_move_to_a_blocking_thread() {
    let reader = open(Kind::Orders, HEADER.as_bytes(), &Options::default()).unwrap();
    assert_eq!(std::thread::spawn(move || reader.count()).join().unwrap(), 0);
}

#[test]
fn options_are_json() {
    let options: Options = serde_json::from_str(
        r#"{"mapping":{"emails":["a","b"]},"separator":"tab","shift_weeks":3}"#,
    )
    .unwrap();
    assert_eq!(options.shift_weeks, 3);
    assert!(serde_json::from_str::<Options>(r#"{"delimiter":","}"#).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in vec(any::<u8>(), 0..400),
        order in proptest::bool::ANY,
    ) {
        let mut text = if order { HEADER.as_bytes().to_vec() } else { Vec::new() };
        text.extend_from_slice(&bytes);
        for kind in [Kind::Customers, Kind::Orders] {
            if let Ok(reader) = open(kind, &text, &Options::default()) {
                let rows = reader.totals().rows;
                let read: u64 = reader.map(|item| rows_of(&item.unwrap())).sum();
                prop_assert_eq!(read, rows, "every row is in exactly one item");
            }
        }
    }

    #[test]
    fn no_row_of_scattered_documents_is_lost_or_doubled(
        rows in vec(("[A-D]?", "[12]?", "1|x", "[^\r\n\"]{0,3}"), 0..30),
    ) {
        let line = |(number, customer, quantity, item): &(String, String, String, String)| {
            format!("{number},{item},x,{quantity},2010-12-01,1.5,{customer},\n")
        };
        let text = format!("{HEADER}{}", rows.iter().map(line).collect::<String>());
        if let Ok(reader) = open(Kind::Orders, text.as_bytes(), &Options::default()) {
            let mut numbers: Vec<u64> = reader.flat_map(|item| numbers_of(&item.unwrap())).collect();
            numbers.sort_unstable();
            let expected: Vec<u64> = (2..).take(rows.len()).collect();
            prop_assert_eq!(numbers, expected);
        }
    }
}

fn numbers_of(item: &Item) -> Vec<u64> {
    match item {
        Item::Customer(row) => vec![row.row],
        Item::Order(document) | Item::Invoice(document) => document.rows.clone(),
        Item::Payment(payment) => vec![payment.row],
        Item::Problem(problem) => vec![problem.row],
    }
}

fn rows_of(item: &Item) -> u64 {
    u64::try_from(numbers_of(item).len()).unwrap()
}
