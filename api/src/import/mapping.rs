//! Which column of a file is which of our fields: by the mapping, else by name.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::error::Error;

/// From our field names to the file's columns: `{"first_name":"Vorname","emails":["Mail","Mail 2"]}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(BTreeMap<String, Source>);

/// The column of a field, or the columns of a field that takes several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// One column by its name in the header.
    Column(String),
    /// Several columns whose values are put together.
    Columns(Vec<String>),
}

impl Mapping {
    /// Reads the JSON of the `mapping` parameter or of `--mapping FILE`.
    ///
    /// # Errors
    /// The text is not an object of column names.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(Error::InvalidMapping)
    }
}

/// One of our fields and the normalised column names that are taken for it unasked.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) synonyms: &'static [&'static str],
}

/// The fields of one kind of import, found in one header.
pub(super) struct Columns<'a> {
    header: &'a [String],
    normalised: Vec<String>,
    mapping: &'a Mapping,
    fields: Vec<&'static Field>,
    used: BTreeSet<usize>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(
        header: &'a [String],
        mapping: &'a Mapping,
        fields: impl IntoIterator<Item = &'static Field>,
    ) -> Result<Self, Error> {
        let fields: Vec<&'static Field> = fields.into_iter().collect();
        for field in mapping.0.keys() {
            if !fields.iter().any(|known| known.name == field) {
                return Err(Error::UnknownField {
                    field: field.clone(),
                    known: fields.iter().map(|known| known.name).collect(),
                });
            }
        }
        let normalised = header.iter().map(|name| normalise(name)).collect();
        Ok(Self { header, normalised, mapping, fields, used: BTreeSet::new() })
    }

    /// The column of a field that has one value.
    pub(super) fn one(&mut self, field: &'static str) -> Result<Option<usize>, Error> {
        let index = match self.mapping.0.get(field) {
            Some(Source::Column(column)) => Some(self.mapped(field, column)?),
            Some(Source::Columns(columns)) => match columns.as_slice() {
                [column] => Some(self.mapped(field, column)?),
                _ => return Err(Error::MappedTwice { field }),
            },
            None => self.by_name(field)?,
        };
        self.used.extend(index);
        Ok(index)
    }

    /// The columns of a field that takes several values, in the order of the file.
    pub(super) fn many(&mut self, field: &'static str) -> Result<Vec<usize>, Error> {
        let found: Vec<usize> = match self.mapping.0.get(field) {
            Some(Source::Column(column)) => vec![self.mapped(field, column)?],
            Some(Source::Columns(columns)) => {
                columns.iter().map(|column| self.mapped(field, column)).collect::<Result<_, _>>()?
            }
            None => {
                let names = self.names(field);
                let numbered = |name: &String| {
                    names.contains(&name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
                };
                self.positions(numbered)
            }
        };
        self.used.extend(&found);
        Ok(found)
    }

    /// The columns that no field uses.
    pub(super) fn unused(&self) -> Vec<String> {
        let unused = self.header.iter().enumerate().filter(|(index, _)| !self.used.contains(index));
        unused.map(|(_, name)| name.clone()).collect()
    }

    fn mapped(&self, field: &'static str, column: &str) -> Result<usize, Error> {
        let exact = self.header.iter().position(|name| name == column);
        let found = exact.or_else(|| {
            let wanted = column.trim().to_lowercase();
            self.header.iter().position(|name| name.trim().to_lowercase() == wanted)
        });
        found.ok_or_else(|| Error::MappedColumnMissing {
            field: field.to_owned(),
            column: column.to_owned(),
            found: self.header.to_vec(),
        })
    }

    fn by_name(&self, field: &'static str) -> Result<Option<usize>, Error> {
        for name in self.names(field) {
            match self.positions(|normalised| *normalised == name).as_slice() {
                [] => {}
                [index] => return Ok(Some(*index)),
                several => {
                    let named = several.iter().filter_map(|index| self.header.get(*index).cloned());
                    return Err(Error::AmbiguousColumn { field, columns: named.collect() });
                }
            }
        }
        Ok(None)
    }

    /// Our own name first, then the synonyms in the order of their plausibility.
    fn names(&self, field: &'static str) -> Vec<String> {
        let mut names = vec![normalise(field)];
        let known = self.fields.iter().find(|known| known.name == field);
        names.extend(
            known.into_iter().flat_map(|known| known.synonyms).map(|&name| name.to_owned()),
        );
        names
    }

    fn positions(&self, matches: impl Fn(&String) -> bool) -> Vec<usize> {
        let found = self.normalised.iter().enumerate().filter(|(_, name)| matches(name));
        found.map(|(index, _)| index).collect()
    }
}

/// `E-Mail Address`, `email_address` and `EmailAddress` are one name.
fn normalise(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
