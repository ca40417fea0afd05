//! Cells as numbers, dates and ids, each in writings that have one meaning only.

use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;

/// A spreadsheet writes the id 17850 as `17850.0`; both are `17850`.
pub(super) fn external_id(cell: &str) -> Option<String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return None;
    }
    let whole = cell.split_once('.').filter(|(whole, fraction)| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits(whole) && digits(fraction) && fraction.bytes().all(|b| b == b'0')
    });
    Some(whole.map_or(cell, |(whole, _)| whole).to_owned())
}

/// A decimal number with all its decimals. `1,234` means two things, so a comma needs
/// `decimal_comma`, and then points are thousands.
pub(super) fn decimal(cell: &str, decimal_comma: bool) -> Option<Decimal> {
    let mut text = cell.trim().to_owned();
    if decimal_comma {
        text = text.replace('.', "").replace(',', ".");
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    if plain { Decimal::from_str_exact(&text).ok() } else { None }
}

/// How to read dates.
#[derive(Debug, Clone)]
pub(super) struct Dates {
    /// `strptime` format; without it only writings of one meaning are taken.
    pub(super) format: Option<String>,
    pub(super) time_zone: TimeZone,
    pub(super) shift_weeks: i32,
}

impl Dates {
    /// A date, at midnight where no time is given, as it stands in the file.
    pub(super) fn read(&self, cell: &str) -> Option<DateTime> {
        let cell = cell.trim();
        if let Some(format) = &self.format {
            return with_format(format, cell);
        }
        if let Ok(instant) = Timestamp::from_str(cell) {
            return Some(instant.to_zoned(self.time_zone.clone()).datetime());
        }
        let day_first = ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"];
        DateTime::from_str(cell)
            .ok()
            .or_else(|| day_first.iter().find_map(|format| with_format(format, cell)))
    }

    /// Moved by the whole weeks asked for; `None` beyond the calendar.
    pub(super) fn shifted(&self, date: DateTime) -> Option<(DateTime, Timestamp)> {
        let weeks = Span::new().try_weeks(self.shift_weeks).ok()?;
        let moved = date.checked_add(weeks).ok()?;
        let instant = moved.to_zoned(self.time_zone.clone()).ok()?.timestamp();
        Some((moved, instant))
    }
}

fn with_format(format: &str, cell: &str) -> Option<DateTime> {
    let parsed = strtime::parse(format, cell).ok()?;
    parsed.to_datetime().ok().or_else(|| parsed.to_date().ok().map(DateTime::from))
}

/// The cell as an error message shows it.
pub(super) fn excerpt(cell: &str) -> String {
    const SHOWN: usize = 40;
    let mut text: String = cell.chars().take(SHOWN).collect();
    if cell.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}

/// The cell without blanks around it; `None` when nothing is left.
pub(super) fn filled(cell: &str) -> Option<String> {
    let cell = cell.trim();
    (!cell.is_empty()).then(|| cell.to_owned())
}
