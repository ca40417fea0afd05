//! Customer files: one row, one customer.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::super::error::{Error, RowError, RowProblem};
use super::super::mapping::{Columns, Field};
use super::super::report::unguard;
use super::super::table::{Record, column_name};
use super::super::values::{Dates, excerpt, external_id, filled};
use super::{Item, Options, dates, shape};

/// A row of a customer file, judged by nobody yet. Empty cells are `None`.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "the fields are those of POST /v1/customers")]
pub struct CustomerRow {
    /// The line in the file, beginning with 1.
    pub row: u64,
    /// The id in the system that the file comes from; `17850.0` is `17850`.
    pub external_id: Option<String>,
    /// person, company, …
    pub kind: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company_name: Option<String>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    /// Present when one of its cells is filled.
    pub address: Option<Address>,
    pub tags: Vec<String>,
    /// The folder's name or id.
    pub folder: Option<String>,
    pub status: Option<String>,
    /// As the file has it, moved by `shift_weeks`.
    pub created_at: Option<DateTime>,
    /// The same as an instant in the time zone asked for.
    pub occurred_at: Option<Timestamp>,
}

/// An address as it stands in the row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of POST /v1/customers")]
pub struct Address {
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    pub country: Option<String>,
}

const FIELDS: &[Field] = &[
    Field {
        name: "external_id",
        synonyms: &["id", "customerid", "customernumber", "customerno", "kundennummer", "kundennr"],
    },
    Field { name: "type", synonyms: &["customertype", "kind"] },
    Field {
        name: "first_name",
        synonyms: &["givenname", "forename", "vorname", "prénom", "prenom", "nombre"],
    },
    Field {
        name: "last_name",
        synonyms: &["surname", "familyname", "nachname", "familienname", "apellido", "apellidos"],
    },
    Field {
        name: "company_name",
        synonyms: &[
            "company",
            "organisation",
            "organization",
            "organisationname",
            "organizationname",
            "firma",
        ],
    },
    Field { name: "emails", synonyms: &["email", "emailaddress", "mail", "emailadresse"] },
    Field {
        name: "phones",
        synonyms: &[
            "phone",
            "phonenumber",
            "telephone",
            "tel",
            "mobile",
            "mobilephone",
            "cellphone",
            "telefon",
            "handy",
            "mobil",
        ],
    },
    Field {
        name: "address_line1",
        synonyms: &[
            "line1",
            "address1",
            "addressline",
            "street",
            "streetaddress",
            "address",
            "straße",
            "strasse",
        ],
    },
    Field { name: "address_line2", synonyms: &["line2", "address2", "street2", "adresszusatz"] },
    Field { name: "city", synonyms: &["town", "ort", "stadt", "ville"] },
    Field { name: "region", synonyms: &["state", "province", "district", "county", "bundesland"] },
    Field { name: "postcode", synonyms: &["postalcode", "zip", "zipcode", "plz", "postleitzahl"] },
    Field { name: "country", synonyms: &["countrycode", "land", "pays"] },
    Field { name: "tags", synonyms: &["tag", "labels", "label"] },
    Field { name: "folder", synonyms: &[] },
    Field { name: "status", synonyms: &["stage"] },
    Field {
        name: "created_at",
        synonyms: &["created", "createdate", "creationdate", "customersince"],
    },
];

/// Makes [`CustomerRow`]s.
pub(super) struct Customers {
    pub(super) dates: Dates,
    external_id: Option<usize>,
    kind: Option<usize>,
    first_name: Option<usize>,
    last_name: Option<usize>,
    company_name: Option<usize>,
    emails: Vec<usize>,
    phones: Vec<usize>,
    line1: Option<usize>,
    line2: Option<usize>,
    city: Option<usize>,
    region: Option<usize>,
    postcode: Option<usize>,
    country: Option<usize>,
    tags: Vec<usize>,
    folder: Option<usize>,
    status: Option<usize>,
    created_at: Option<usize>,
}

impl Customers {
    /// Finds the columns. A name column there must be, whichever; the rest may be missing.
    pub(super) fn new(header: &[String], options: &Options) -> Result<(Self, Vec<String>), Error> {
        let mut columns = Columns::new(header, &options.mapping, FIELDS)?;
        let rows = Self {
            dates: dates(options)?,
            external_id: columns.one("external_id")?,
            kind: columns.one("type")?,
            first_name: columns.one("first_name")?,
            last_name: columns.one("last_name")?,
            company_name: columns.one("company_name")?,
            emails: columns.many("emails")?,
            phones: columns.many("phones")?,
            line1: columns.one("address_line1")?,
            line2: columns.one("address_line2")?,
            city: columns.one("city")?,
            region: columns.one("region")?,
            postcode: columns.one("postcode")?,
            country: columns.one("country")?,
            tags: columns.many("tags")?,
            folder: columns.one("folder")?,
            status: columns.one("status")?,
            created_at: columns.one("created_at")?,
        };
        if rows.first_name.or(rows.last_name).or(rows.company_name).is_none() {
            let missing = vec!["first_name", "last_name", "company_name"];
            return Err(Error::MissingColumns { missing, found: header.to_vec() });
        }
        Ok((rows, columns.unused()))
    }

    /// First pass.
    pub(super) fn note(&mut self, record: &Record) -> Option<DateTime> {
        self.dates.read(&cell(record, self.created_at)?)
    }

    /// Second pass.
    pub(super) fn item(&self, record: &Record, header: &[String]) -> Item {
        match shape(record, header).and_then(|()| self.row(record, header)) {
            Ok(row) => Item::Customer(Box::new(row)),
            Err(problem) => Item::Problem(problem),
        }
    }

    fn row(&self, record: &Record, header: &[String]) -> Result<CustomerRow, RowProblem> {
        let one = |index| cell(record, index);
        let address = Address {
            line1: one(self.line1),
            line2: one(self.line2),
            city: one(self.city),
            region: one(self.region),
            postcode: one(self.postcode),
            country: one(self.country),
        };
        let created = self.created(record, header)?;
        Ok(CustomerRow {
            row: record.row(),
            external_id: one(self.external_id).and_then(|id| external_id(&id)),
            kind: one(self.kind),
            first_name: one(self.first_name),
            last_name: one(self.last_name),
            company_name: one(self.company_name),
            emails: several(record, &self.emails, &[';', ',', '\n']),
            phones: several(record, &self.phones, &[';', '\n']),
            address: (address != Address::default()).then_some(address),
            tags: several(record, &self.tags, &[';', ',', '\n']),
            folder: one(self.folder),
            status: one(self.status),
            created_at: created.map(|(date, _)| date),
            occurred_at: created.map(|(_, instant)| instant),
        })
    }

    fn created(
        &self,
        record: &Record,
        header: &[String],
    ) -> Result<Option<(DateTime, Timestamp)>, RowProblem> {
        let Some(text) = cell(record, self.created_at) else { return Ok(None) };
        let date = self.dates.read(&text).and_then(|date| self.dates.shifted(date));
        date.map(Some).ok_or_else(|| RowProblem {
            row: record.row(),
            column: self.created_at.map(|index| column_name(header, index)),
            error: RowError::InvalidDate { value: excerpt(&text) },
        })
    }
}

fn cell(record: &Record, index: Option<usize>) -> Option<String> {
    record.get(index?).and_then(|cell| filled(unguard(cell)))
}

/// The values of several columns, and of cells that hold several.
fn several(record: &Record, columns: &[usize], separators: &[char]) -> Vec<String> {
    let cells = columns.iter().filter_map(|index| cell(record, Some(*index)));
    let mut values: Vec<String> = Vec::new();
    for value in
        cells.flat_map(|cell| cell.split(separators).filter_map(filled).collect::<Vec<_>>())
    {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}
