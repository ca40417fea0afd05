//! What a file is, by its first 64 KiB: its encoding and separator, or why it is no table.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::Error;
use super::reader::Options;
use super::text::decode_head;

/// How much is looked at.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

const SEPARATORS: [u8; 4] = *b",;\t|";

/// How the bytes make a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    pub(super) encoding: &'static Encoding,
    pub(super) separator: u8,
}

/// Decides how to read a file. `whole` says that `head` is all of it.
pub(super) fn detect(head: &[u8], whole: bool, options: &Options) -> Result<Format, Error> {
    if head.is_empty() {
        return Err(Error::Empty);
    }
    if let Some(looks_like) = by_signature(head) {
        return Err(Error::NotATable { looks_like });
    }
    let encoding = match &options.encoding {
        Some(label) => Encoding::for_label(label.trim().as_bytes())
            .ok_or_else(|| Error::UnknownEncoding(label.clone()))?,
        None => guess_encoding(head, whole)?,
    };
    let text = decode_head(head, encoding);
    if text.trim().is_empty() {
        return Err(Error::Empty);
    }
    if let Some(looks_like) = by_text(&text) {
        return Err(Error::NotATable { looks_like });
    }
    let separator = match &options.separator {
        Some(given) => separator_of(given)?,
        None => guess_separator(&text, whole),
    };
    Ok(Format { encoding, separator })
}

fn by_signature(head: &[u8]) -> Option<&'static str> {
    let office = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    let known: [(&[u8], &'static str); 16] = [
        (b"PK\x03\x04", "a ZIP archive"),
        (b"PK\x05\x06", "an empty ZIP archive"),
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG", "a PNG picture"),
        (b"GIF8", "a GIF picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"{\\rtf", "an RTF document"),
        (b"\x7fELF", "a program"),
    ];
    let (_, name) = known.iter().find(|(signature, _)| head.starts_with(signature))?;
    match *name {
        "a ZIP archive" if office(b"xl/") => Some("an Excel workbook (save it as CSV)"),
        "a ZIP archive" if office(b"opendocument.spreadsheet") => {
            Some("an OpenDocument spreadsheet (save it as CSV)")
        }
        name => Some(name),
    }
}

fn by_text(text: &str) -> Option<&'static str> {
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_lowercase();
    let known = [
        ("<!doctype html", "a web page"),
        ("<html", "a web page"),
        ("<?xml", "an XML document"),
        ("begin:vcard", "a vCard file"),
        ("begin:vcalendar", "a calendar file"),
    ];
    if let Some((_, name)) = known.iter().find(|(signature, _)| start.starts_with(signature)) {
        return Some(name);
    }
    if is_json(text) {
        return Some("JSON");
    }
    let control = text.chars().filter(|c| matches!(c, '\u{1}'..='\u{8}' | '\u{e}'..='\u{1a}'));
    (control.count() > text.len() / 100).then_some("binary data")
}

/// A bracket alone may begin a column name, as in `[Name],[City]`.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let inner = text.strip_prefix('{').or_else(|| text.strip_prefix('['));
    inner.is_some_and(|inner| inner.trim_start().starts_with(['{', '}', '[', ']', '"']))
}

fn guess_encoding(head: &[u8], whole: bool) -> Result<&'static Encoding, Error> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if head.contains(&0) {
        return Err(Error::NotATable { looks_like: with_nul(head) });
    }
    let (valid, invalid) = multi_byte_characters(head, whole);
    // One bad byte in a UTF-8 file is a fault to be named, not a reason to read every name wrong.
    // Text in another encoding almost never has valid UTF-8 sequences.
    if invalid == 0 || (valid > 0 && valid >= invalid) {
        return Ok(UTF_8);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    Ok(detector.guess(None, chardetng::Utf8Detection::Deny))
}

/// Every second byte of Latin text in UTF-16 is NUL.
fn with_nul(head: &[u8]) -> &'static str {
    let nul_at =
        |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (nul_at(0), nul_at(1), head.len() / 2);
    if odd > half / 2 && even == 0 {
        return utf_16_without_mark(UTF_16LE);
    }
    if even > half / 2 && odd == 0 {
        return utf_16_without_mark(UTF_16BE);
    }
    "binary data"
}

fn utf_16_without_mark(encoding: &'static Encoding) -> &'static str {
    if encoding == UTF_16LE {
        "UTF-16 text without a byte order mark (name the encoding utf-16le)"
    } else {
        "UTF-16 text without a byte order mark (name the encoding utf-16be)"
    }
}

/// Valid and invalid sequences beyond ASCII; a sequence that the end of the head cuts is neither.
fn multi_byte_characters(head: &[u8], whole: bool) -> (usize, usize) {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    let mut rest = head.len();
    for chunk in head.utf8_chunks() {
        rest = rest.saturating_sub(chunk.valid().len() + chunk.invalid().len());
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let cut = rest == 0 && !whole && chunk.invalid().len() < 4;
        if !chunk.invalid().is_empty() && !cut {
            invalid += 1;
        }
    }
    (valid, invalid)
}

fn separator_of(given: &str) -> Result<u8, Error> {
    let byte = match given {
        "comma" => b',',
        "semicolon" => b';',
        "tab" | "\\t" => b'\t',
        "pipe" => b'|',
        other => match other.as_bytes() {
            [byte] => *byte,
            _ => return Err(Error::BadSeparator(given.to_owned())),
        },
    };
    if SEPARATORS.contains(&byte) { Ok(byte) } else { Err(Error::BadSeparator(given.to_owned())) }
}

/// The separator that cuts the header and gives the most rows just as many cells.
fn guess_separator(text: &str, whole: bool) -> u8 {
    let mut best = (0, 0, b',');
    for separator in SEPARATORS {
        let widths = widths(text, whole, separator);
        let Some((header, rows)) = widths.split_first() else { continue };
        if *header < 2 {
            continue;
        }
        let alike = rows.iter().filter(|width| *width == header).count();
        let per_mille = alike.saturating_mul(1000).checked_div(rows.len()).unwrap_or(0);
        if (per_mille, *header) > (best.0, best.1) {
            best = (per_mille, *header, separator);
        }
    }
    best.2
}

fn widths(text: &str, whole: bool, separator: u8) -> Vec<usize> {
    const ROWS: usize = 200;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut widths: Vec<usize> = reader
        .byte_records()
        .take(ROWS)
        .map_while(|record| record.ok().map(|record| record.len()))
        .collect();
    // The head may end in the middle of a row.
    if !whole && widths.len() < ROWS && widths.len() > 1 {
        widths.pop();
    }
    widths
}

#[cfg(test)]
mod tests;
