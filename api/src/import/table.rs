//! Rows and cells of a delimited text, with the line in the file where each row begins.
//!
//! `csv-core` parses. The `csv` crate above it is not used here, because its line numbers are those
//! before blank lines and before the second half of a CRLF, and it takes a file that ends inside
//! quotation marks for a whole one.

use std::io::{Read, Seek, SeekFrom};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::error::Error;
use super::sniff::Format;
use super::text::{END, MALFORMED, MARK, NUL, Text};

const ROW_LIMIT_BYTES: usize = 4 * 1024 * 1024;

/// One row. Reused from row to row.
#[derive(Debug, Default)]
pub(super) struct Record {
    row: u64,
    text: String,
    ends: Vec<usize>,
    cut: bool,
}

impl Record {
    /// The line in the file where the row begins, the first being 1.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the file ended before the line did.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }
}

/// A delimited text as header and rows.
pub(super) struct Table<R> {
    text: Text<R>,
    format: Format,
    parser: Reader,
    header: Vec<String>,
    chunk: Vec<u8>,
    at: usize,
    cells: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
    after_cr: bool,
}

impl<R: Read> Table<R> {
    /// Reads the header.
    pub(super) fn new(source: R, format: Format) -> Result<Self, Error> {
        let mut table = Self {
            text: Text::new(source, format.encoding),
            parser: ReaderBuilder::new().delimiter(format.separator).build(),
            format,
            header: Vec::new(),
            chunk: Vec::new(),
            at: 0,
            cells: vec![0; 1024],
            ends: vec![0; 32],
            line: 1,
            after_cr: false,
        };
        let mut first = Record::default();
        if !table.read(&mut first)? {
            return Err(Error::Empty);
        }
        table.header = first.cells().map(str::to_owned).collect();
        Ok(table)
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The name of a column as people would look for it.
    pub(super) fn column_name(&self, index: usize) -> String {
        column_name(&self.header, index)
    }

    /// The next row; `false` at the end. Blank lines are no rows.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        self.skip_line_breaks()?;
        record.row = self.line;
        let (mut length, mut count, mut taken) = (0, 0, 0);
        loop {
            if self.at == self.chunk.len() {
                self.refill()?;
            }
            let (result, used, wrote, ended) = self.parser.read_record(
                self.chunk.get(self.at..).unwrap_or_default(),
                self.cells.get_mut(length..).unwrap_or_default(),
                self.ends.get_mut(count..).unwrap_or_default(),
            );
            self.advance(used);
            length = length.saturating_add(wrote);
            count = count.saturating_add(ended);
            taken = used.saturating_add(taken);
            if taken > ROW_LIMIT_BYTES {
                return Err(Error::RowTooLong { row: record.row, limit_bytes: ROW_LIMIT_BYTES });
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(false),
            }
        }
        // The line end of a last row without one is the first byte of the mark behind the text.
        record.cut = self.at == 1 && self.text.cut_before_this_chunk();
        self.take(record, length, count)
    }

    fn skip_line_breaks(&mut self) -> Result<(), Error> {
        loop {
            if self.at == self.chunk.len() {
                self.refill()?;
            }
            match self.chunk.get(self.at) {
                Some(b'\n' | b'\r') => self.advance(1),
                Some(_) | None => return Ok(()),
            }
        }
    }

    fn refill(&mut self) -> Result<(), Error> {
        self.at = 0;
        Ok(self.text.fill(&mut self.chunk)?)
    }

    /// Moves on and counts lines, a CRLF as one.
    fn advance(&mut self, used: usize) {
        let end = self.at.saturating_add(used);
        for byte in self.chunk.get(self.at..end).unwrap_or_default() {
            let breaks = *byte == b'\r' || (*byte == b'\n' && !self.after_cr);
            self.line = self.line.saturating_add(u64::from(breaks));
            self.after_cr = *byte == b'\r';
        }
        self.at = end;
    }

    fn take(&self, record: &mut Record, length: usize, count: usize) -> Result<bool, Error> {
        record.text.clear();
        record
            .text
            .push_str(&String::from_utf8_lossy(self.cells.get(..length).unwrap_or_default()));
        record.ends.clear();
        record.ends.extend_from_slice(self.ends.get(..count).unwrap_or_default());
        let Some(mark) = record.text.find(MARK) else { return Ok(true) };
        let kind = record.text.get(mark.saturating_add(1)..).and_then(|rest| rest.chars().next());
        if kind == Some(END) && mark == 0 && count == 1 && length == 2 {
            return Ok(false);
        }
        Err(self.fault(record, mark, kind))
    }

    /// Names row and column of a mark.
    fn fault(&self, record: &Record, mark: usize, kind: Option<char>) -> Error {
        let index = record.ends.iter().take_while(|end| **end <= mark).count();
        let column = self.column_name(index);
        let cell_start = index.checked_sub(1).and_then(|before| record.ends.get(before).copied());
        // An open quote is to blame where it opens, anything else where it stands.
        let until = if kind == Some(END) { cell_start.unwrap_or(0) } else { mark };
        let row = record.row.saturating_add(line_breaks(record.text.get(..until)));
        match kind {
            Some(MALFORMED) => {
                Error::Undecodable { row, column, encoding: self.format.encoding.name() }
            }
            Some(NUL) => Error::NulCharacter { row, column },
            Some(_) | None => Error::UnclosedQuote { row, column },
        }
    }
}

impl<R: Read + Seek> Table<R> {
    /// Goes back to the first row.
    pub(super) fn restart(self) -> Result<Self, Error> {
        let mut source = self.text.into_source();
        source.seek(SeekFrom::Start(0))?;
        Self::new(source, self.format)
    }
}

pub(super) fn column_name(header: &[String], index: usize) -> String {
    match header.get(index).map(|name| name.trim()).filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => format!("column {}", index.saturating_add(1)),
    }
}

fn line_breaks(text: Option<&str>) -> u64 {
    let text = text.unwrap_or_default();
    let lone_cr = text.matches('\r').count().saturating_sub(text.matches("\r\n").count());
    u64::try_from(text.matches('\n').count().saturating_add(lone_cr)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
