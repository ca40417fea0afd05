use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use encoding_rs::UTF_8;
use proptest::collection::vec;
use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::Value;

use super::{Record, Table};
use crate::import::error::Error;
use crate::import::sniff::Format;

fn table(bytes: &[u8]) -> Result<Table<Cursor<Vec<u8>>>, Error> {
    Table::new(Cursor::new(bytes.to_vec()), Format { encoding: UTF_8, separator: b',' })
}

fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, Error> {
    let mut table = table(bytes)?;
    let (mut record, mut rows) = (Record::default(), Vec::new());
    while table.read(&mut record)? {
        rows.push((record.row(), record.cells().map(str::to_owned).collect()));
    }
    Ok(rows)
}

fn lines(bytes: &[u8]) -> Vec<u64> {
    rows(bytes).unwrap().into_iter().map(|(row, _)| row).collect()
}

/// Gives one byte at a time, so that every boundary between chunks is met.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        let count = target.len().min(1);
        self.0.read(&mut target[..count])
    }
}

#[test]
fn csv_spectrum_gives_the_json_it_must_give() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/csv-spectrum"));
    let mut compared = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut text = fs::read_to_string(&path).unwrap();
        if name.ends_with("_crlf") {
            // The source repository normalised them away.
            text = text.replace('\n', "\r\n");
        }
        let json: Value =
            serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap()).unwrap();
        let mut expected = if json.is_array() { json } else { Value::Array(vec![json]) };
        if name == "location_coordinates" {
            // The two files of the source disagree about this number.
            expected[0]["Contact Phone Number"] = "2095257564".into();
        }
        assert_eq!(objects(&text), expected, "{name}");
        compared += 1;
    }
    assert_eq!(compared, 12);
}

fn objects(text: &str) -> Value {
    let header = table(text.as_bytes()).unwrap().header().to_vec();
    let rows = rows(text.as_bytes()).unwrap();
    let object = |cells: Vec<String>| -> Value {
        assert_eq!(cells.len(), header.len());
        header
            .iter()
            .cloned()
            .zip(cells.into_iter().map(Value::String))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    rows.into_iter().map(|(_, cells)| object(cells)).collect()
}

#[test]
fn a_row_is_known_by_the_line_where_it_begins() {
    assert_eq!(lines(b"a,b\n1,2\n3,4\n"), [2, 3]);
    assert_eq!(lines(b"a,b\r\n1,2\r\n3,4"), [2, 3]);
    assert_eq!(lines(b"a,b\r1,2\r3,4\r"), [2, 3]);
    assert_eq!(lines(b"a,b\n\n\n1,2\n\r\n3,4\n"), [4, 6]);
    assert_eq!(lines(b"\n\na,b\n1,2\n"), [4]);
    assert_eq!(lines(b"a,b\n\"x\ny\",2\n3,4\n"), [2, 4]);
    assert_eq!(lines(b"a,b\r\n\"x\r\n\r\ny\",2\r\n3,4\r\n"), [2, 5]);
}

#[test]
fn chunks_may_end_anywhere() {
    let text = "a,b\r\n\"x \"\"é\"\"\r\ny\",2\r\n\r\n日本,\"4\"";
    let format = Format { encoding: UTF_8, separator: b',' };
    let mut table = Table::new(Trickle(text.as_bytes()), format).unwrap();
    let mut record = Record::default();
    assert!(table.read(&mut record).unwrap());
    assert_eq!((record.row(), record.get(0), record.get(1)), (2, Some("x \"é\"\r\ny"), Some("2")));
    assert!(table.read(&mut record).unwrap());
    assert_eq!((record.row(), record.get(0), record.get(1)), (5, Some("日本"), Some("4")));
    assert!(!table.read(&mut record).unwrap());
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_named_where_it_opens() {
    let error = rows(b"a,b\n1,2\n3,\"four\n5,6\n7,8\n").unwrap_err();
    assert!(matches!(&error, Error::UnclosedQuote { row: 3, column } if column == "b"), "{error}");
    let error = rows(b"a,b\n\"1\n2\",\"3").unwrap_err();
    assert!(matches!(&error, Error::UnclosedQuote { row: 3, column } if column == "b"), "{error}");
    let error = rows(b"a,b\n1,\"2\"\"").unwrap_err();
    assert!(matches!(&error, Error::UnclosedQuote { row: 2, .. }), "{error}");
    assert_eq!(rows(b"a,b\n1,\"2\"").unwrap(), [(2, vec!["1".to_owned(), "2".to_owned()])]);
}

#[test]
fn a_header_that_is_not_closed_is_a_fault_of_row_one() {
    let error = table(b"a,\"b\n1,2\n").map(|_| ()).unwrap_err();
    assert!(
        matches!(&error, Error::UnclosedQuote { row: 1, column } if column == "column 2"),
        "{error}"
    );
}

#[test]
fn a_bad_byte_is_named_with_row_and_column() {
    let error = rows(b"name,city\nAda,London\nBen,M\xfcnchen\n").unwrap_err();
    let expected = "row 3, city: a byte here is not valid UTF-8; \
        save the file as UTF-8 or name its encoding";
    assert_eq!(error.to_string(), expected);
    let error = rows(b"name,city\n\"A\nd\xff\",x\n").unwrap_err();
    assert!(
        matches!(&error, Error::Undecodable { row: 3, column, .. } if column == "name"),
        "{error}"
    );
    let error = rows(b"name,city\nAda,London\xe2\x82").unwrap_err();
    assert!(
        matches!(&error, Error::Undecodable { row: 2, column, .. } if column == "city"),
        "{error}"
    );
}

#[test]
fn a_nul_is_named_with_row_and_column_and_cannot_forge_an_end() {
    for cell in ["\0", "\0e", "\0m", "x\0"] {
        let error = rows(format!("a,b\n1,2\n{cell},3\n\0e\n").as_bytes()).unwrap_err();
        assert!(
            matches!(&error, Error::NulCharacter { row: 3, column } if column == "a"),
            "{error}"
        );
    }
    let error = rows(b"a\n1\n\0e\n").unwrap_err();
    assert!(matches!(&error, Error::NulCharacter { row: 3, .. }), "{error}");
}

#[test]
fn a_replacement_character_of_the_file_itself_is_text() {
    assert_eq!(rows("a\n\u{fffd}\n".as_bytes()).unwrap(), [(2, vec!["\u{fffd}".to_owned()])]);
}

#[test]
fn a_quote_that_swallows_the_file_does_not_swallow_the_memory() {
    let mut text = b"a,b\n1,\"2\n".to_vec();
    text.extend(std::iter::repeat_n(*b"3,4\n", 3_000_000).flatten());
    let error = rows(&text).unwrap_err();
    assert!(matches!(error, Error::RowTooLong { row: 2, .. }), "{error}");
}

#[test]
fn a_table_can_be_read_again() {
    let mut first = table(b"a\n1\n").unwrap();
    let mut record = Record::default();
    while first.read(&mut record).unwrap() {}
    let mut again = first.restart().unwrap();
    assert!(again.read(&mut record).unwrap());
    assert_eq!((record.row(), record.get(0)), (2, Some("1")));
}

proptest! {
    #[test]
    fn what_a_csv_writer_wrote_is_read_back(
        written in vec(vec("[a-c,;\"'é日 \r\n]{0,6}", 2..4), 1..12),
        crlf in proptest::bool::ANY,
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(terminator)
            .from_writer(Vec::new());
        for row in &written {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let mut all = vec![table(&bytes).unwrap().header().to_vec()];
        all.extend(rows(&bytes).unwrap().into_iter().map(|(_, cells)| cells));
        prop_assert_eq!(all, written);
    }
}
