use proptest::prelude::{any, proptest};

use super::{Line, Outcome, Writer, guard, unguard};

#[test]
fn a_report_is_a_table_with_one_line_per_row() {
    let mut text = Vec::new();
    let mut report = Writer::new(&mut text).unwrap();
    let line = Line { row: 2, outcome: Outcome::Created, code: "", message: "", id: "0199" };
    report.write(&line).unwrap();
    let message = "\"a,b\" is not a number such as 12.50";
    let line = Line { row: 3, outcome: Outcome::Failed, code: "invalid_number", message, id: "" };
    report.write(&line).unwrap();
    report.flush().unwrap();
    drop(report);
    let expected = "row,outcome,code,message,id\n2,created,,,0199\n\
        3,failed,invalid_number,\"\"\"a,b\"\" is not a number such as 12.50\",\n";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn a_report_that_is_resumed_has_one_header() {
    let mut text = Vec::new();
    let line = Line { row: 2, outcome: Outcome::Unchanged, code: "", message: "", id: "1" };
    Writer::new(&mut text).unwrap().write(&line).unwrap();
    let line =
        Line { row: 3, outcome: Outcome::Skipped, code: "no_customer", message: "m", id: "" };
    Writer::resume(&mut text).write(&line).unwrap();
    let expected = "row,outcome,code,message,id\n2,unchanged,,,1\n3,skipped,no_customer,m,\n";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn what_a_spreadsheet_would_run_is_guarded() {
    for cell in ["=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", "\r=1", " =1", "\"=1", "'=1", "＝1"] {
        assert_eq!(guard(cell), format!("'{cell}"), "{cell:?}");
    }
    for cell in ["", "Smith", "O'Brien", "'quoted'", "1-2", "a=b", "12.50"] {
        assert_eq!(guard(cell), cell);
        assert_eq!(unguard(cell), cell);
    }
}

proptest! {
    #[test]
    fn unguard_takes_off_exactly_what_guard_put_on(cell in any::<String>(), lead in "['=+@ \t-]{0,4}") {
        let cell = format!("{lead}{cell}");
        assert_eq!(unguard(&guard(&cell)), cell);
    }
}
