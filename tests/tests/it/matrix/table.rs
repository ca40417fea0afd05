//! The tables in `tests/authz`: who may do and see what, written by hand from the papers.

use std::collections::{BTreeMap, BTreeSet};

/// Rows by their first column, cells by the name of their column; the last one names the source.
#[derive(Debug, Clone)]
struct Table {
    name: &'static str,
    rows: BTreeMap<String, BTreeMap<String, String>>,
}

/// What somebody must be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Anything but a refusal for who they are.
    Allow,
    /// This status.
    Refuse(u16),
}

/// All that the tables say.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    operations: Table,
    objects: Table,
    fields: Table,
}

impl Table {
    fn read(name: &'static str) -> Self {
        let text = std::fs::read_to_string(format!("authz/{name}.csv")).unwrap();
        let mut lines = text.lines().map(|line| line.split(','));
        let columns: Vec<&str> = lines.next().unwrap().collect();
        let mut rows = BTreeMap::new();
        for line in lines {
            let cells: Vec<&str> = line.collect();
            assert_eq!(cells.len(), columns.len(), "{name}: {cells:?}");
            assert!(!cells.last().unwrap().is_empty(), "{name}: {cells:?} names no source");
            let row = columns.iter().zip(&cells).skip(1);
            let row = row.map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned()));
            let twice = rows.insert(cells[0].to_owned(), row.collect());
            assert!(twice.is_none(), "{name}: {} stands there twice", cells[0]);
        }
        Self { name, rows }
    }

    #[track_caller]
    fn cell(&self, row: &str, column: &str) -> &str {
        let cell = self.rows.get(row).and_then(|row| row.get(column));
        cell.unwrap_or_else(|| panic!("{}.csv has nothing for {row} and {column}", self.name))
    }
}

impl Expected {
    pub(crate) fn read() -> Self {
        Self {
            operations: Table::read("expected"),
            objects: Table::read("objects"),
            fields: Table::read("fields"),
        }
    }

    /// Operations of the reference without a row, and rows without an operation.
    pub(crate) fn unmatched(&self, operations: &BTreeSet<String>) -> Vec<String> {
        let rows: BTreeSet<String> = self.operations.rows.keys().cloned().collect();
        operations.symmetric_difference(&rows).cloned().collect()
    }

    /// What this caller must be answered; an object is the record that is asked for.
    pub(crate) fn verdict(
        &self,
        operation: &str,
        writes: bool,
        caller: &str,
        object: Option<&str>,
    ) -> Verdict {
        // At home somebody of another organisation is one of the nine.
        let at_home = caller == "foreign" && object == Some("other");
        let column = if at_home { role(caller).unwrap() } else { caller };
        match self.operations.cell(operation, column) {
            "allow" => match object {
                Some(object) if !self.reaches(caller, object) => Verdict::Refuse(404),
                Some(object) if writes && self.only_reads(caller, object) => Verdict::Refuse(403),
                Some(_) | None => Verdict::Allow,
            },
            status => Verdict::Refuse(status.parse().unwrap()),
        }
    }

    pub(crate) fn reaches(&self, caller: &str, object: &str) -> bool {
        role(caller).is_none() || self.objects.cell(object, caller) != "absent"
    }

    fn only_reads(&self, caller: &str, object: &str) -> bool {
        role(caller).is_some() && self.objects.cell(object, caller) == "read"
    }

    /// Whether this caller may see the fields of this kind of this object.
    pub(crate) fn shows(&self, caller: &str, object: &str, field: &str) -> bool {
        // A token that may do less is still its person's own.
        if caller == "narrowed" && field.starts_with("owners_") {
            return object == "organisation";
        }
        role(caller).is_some_and(|role| {
            self.reaches(caller, object) && self.fields.cell(field, role) == "present"
        })
    }

    /// How many customers the list of those in use has for this caller, of these objects.
    pub(crate) fn seen(&self, caller: &str, objects: &[&str]) -> usize {
        objects.iter().filter(|object| self.reaches(caller, object)).count()
    }

    /// Says something else than the papers do: for tests of the test.
    pub(crate) fn turn(&mut self, operation: &str, caller: &str, cell: Option<&str>) {
        match cell {
            Some(cell) => {
                let row = self.operations.rows.get_mut(operation).unwrap();
                *row.get_mut(caller).unwrap() = cell.to_owned();
            }
            None => drop(self.operations.rows.remove(operation)),
        }
    }
}

/// The role whose fields and note scopes hold for a caller; none for who is not let in.
pub(crate) fn role(caller: &str) -> Option<&str> {
    match caller {
        "anonymous" | "expired" | "revoked" | "removed" | "blocked" | "ended" => None,
        "assigned" | "reading" => Some("sales"),
        "folder" => Some("support"),
        "narrowed" => Some("viewer"),
        "foreign" => Some("owner"),
        role => Some(role),
    }
}
