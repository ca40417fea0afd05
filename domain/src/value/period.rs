//! Spans of time in the calendar, as ISO 8601 durations.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Error;

/// An ISO 8601 duration above zero: `P2D`, `PT12H`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(example = "P2D")]
pub struct Period(String);

impl Period {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day that lies this far after `date`, if the calendar reaches there.
    pub fn after(&self, date: Date) -> Option<Date> {
        date.checked_add(span(&self.0)?).ok()
    }

    /// The moment that lies this far after `instant`; days are days of UTC.
    pub fn after_instant(&self, instant: Timestamp) -> Option<Timestamp> {
        let zoned = instant.to_zoned(TimeZone::UTC).checked_add(span(&self.0)?).ok()?;
        Some(zoned.timestamp())
    }

    /// The moment that lies this far after `moment` by the clock of its place: a day later is the
    /// same time of day, also when the clocks were changed in between.
    pub fn after_zoned(&self, moment: &Zoned) -> Option<Timestamp> {
        Some(moment.checked_add(span(&self.0)?).ok()?.timestamp())
    }

    /// The moment that lies this far before `instant`; days are days of UTC.
    pub fn before_instant(&self, instant: Timestamp) -> Option<Timestamp> {
        let zoned = instant.to_zoned(TimeZone::UTC).checked_sub(span(&self.0)?).ok()?;
        Some(zoned.timestamp())
    }
}

fn span(text: &str) -> Option<Span> {
    text.starts_with('P').then(|| text.parse().ok()).flatten()
}

impl TryFrom<String> for Period {
    type Error = Error;

    fn try_from(raw: String) -> Result<Self, Error> {
        let text = raw.trim();
        match span(text) {
            Some(span) if span.is_positive() => Ok(Self(text.to_owned())),
            Some(_) | None => Err(Error::Period),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An ISO 8601 duration to either side: `P1D` is later, `-P3D` earlier.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(example = "-P3D")]
pub struct Offset(String);

impl Offset {
    /// The moment that lies this far from `moment` by the clock of its place.
    pub fn from(&self, moment: &Zoned) -> Option<Zoned> {
        moment.checked_add(self.0.parse::<Span>().ok()?).ok()
    }
}

impl Offset {
    /// The day from which this day lies so far.
    pub fn back(&self, day: Date) -> Option<Date> {
        day.checked_sub(self.0.parse::<Span>().ok()?).ok()
    }

    /// Whether it counts whole days.
    pub fn is_of_days(&self) -> bool {
        !self.0.contains(['T', 't'])
    }
}

impl TryFrom<String> for Offset {
    type Error = Error;

    fn try_from(raw: String) -> Result<Self, Error> {
        let text = raw.trim();
        match span(text.strip_prefix('-').unwrap_or(text)) {
            Some(span) if span.is_positive() => Ok(Self(text.to_owned())),
            Some(_) | None => Err(Error::Offset),
        }
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
