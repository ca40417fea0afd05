//! Query parameters, checked against the endpoint's table: what is not in it is refused.

use axum::extract::Query as Pairs;
use axum::http::Uri;
use jiff::Timestamp;
use jiff::civil;
use uuid::Uuid;

use crate::endpoint::{Endpoint, Kind, Parameter};
use crate::problem::{Code, Problem};

const PAGE_ROWS: i64 = 50;
/// More than any question needs, filters included.
const MOST_PARAMETERS: usize = 100;

/// The query parameters of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    values: Vec<(&'static str, String)>,
    /// The simple filters, in their order.
    pub(crate) filters: Vec<Filter>,
}

/// `filter[field]=value` or `filter[field][op]=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    /// The parameter's whole name, for an answer about it.
    pub(crate) parameter: String,
    /// What is compared.
    pub(crate) field: String,
    /// How; `eq` where not said.
    pub(crate) op: Option<String>,
    /// With what.
    pub(crate) value: String,
}

impl Query {
    /// Reads and checks.
    ///
    /// # Errors
    /// 400 for a parameter that is not known, came twice, or has no valid value.
    pub(crate) fn read(text: Option<&str>, endpoint: &'static Endpoint) -> Result<Self, Problem> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Self::default()) };
        let mut query = Self::default();
        let pairs = pairs(text)?;
        if pairs.len() > MOST_PARAMETERS {
            return Err(Problem::new(Code::TooManyParameters));
        }
        for (name, value) in pairs {
            query.take(endpoint, name, value)?;
        }
        Ok(query)
    }

    fn take(
        &mut self,
        endpoint: &'static Endpoint,
        name: String,
        value: String,
    ) -> Result<(), Problem> {
        if name.contains('\0') || value.contains('\0') {
            return Err(Problem::parameter(&name.replace('\0', ""), "NUL is not taken", None));
        }
        if let Some(filter) = Filter::parse(&name, &value)
            && endpoint.parameters().any(|parameter| matches!(parameter.kind, Kind::Filter))
        {
            self.filters.push(filter);
            return Ok(());
        }
        let plain = |parameter: &&Parameter| !matches!(parameter.kind, Kind::Filter);
        let known = endpoint.parameters().filter(plain).find(|parameter| parameter.name == name);
        let Some(parameter) = known else {
            return Err(Problem::unknown_parameter(&name, &names(endpoint)));
        };
        if self.text(parameter.name).is_some() {
            return Err(Problem::parameter(&name, format!("{name} is given twice"), None));
        }
        check(parameter, &value)?;
        self.values.push((parameter.name, value));
        Ok(())
    }

    /// The value as it came.
    #[must_use]
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// A whole number.
    #[must_use]
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// `true` when it says so.
    #[must_use]
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// A UUID.
    #[must_use]
    pub(crate) fn id(&self, name: &str) -> Option<Uuid> {
        self.text(name)?.parse().ok()
    }

    /// A moment.
    #[must_use]
    pub(crate) fn instant(&self, name: &str) -> Option<Timestamp> {
        self.text(name)?.parse().ok()
    }

    /// A day.
    #[must_use]
    pub(crate) fn date(&self, name: &str) -> Option<civil::Date> {
        self.text(name)?.parse().ok()
    }

    /// The words of a list; empty where it is not given.
    #[must_use]
    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        let split = |text: &str| {
            text.split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        self.text(name).map(split).unwrap_or_default()
    }

    /// The same question with another page: an address for a `Link` header.
    #[must_use]
    pub(crate) fn address(&self, path: &str, parameter: &str, cursor: &str) -> String {
        let own = self.values.iter().map(|(name, value)| (*name, value.as_str()));
        let filters =
            self.filters.iter().map(|filter| (filter.parameter.as_str(), filter.value.as_str()));
        let kept = own
            .chain(filters)
            .filter(|(name, _)| !matches!(*name, "after" | "before" | "min_position"));
        let pairs: Vec<String> = kept
            .chain([(parameter, cursor)])
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// Rows of a page.
    #[must_use]
    pub(crate) fn limit(&self) -> i64 {
        self.integer("limit").unwrap_or(PAGE_ROWS)
    }
}

impl Filter {
    fn parse(name: &str, value: &str) -> Option<Self> {
        let rest = name.strip_prefix("filter[")?.strip_suffix(']')?;
        let (field, op) = match rest.split_once("][") {
            Some((field, op)) => (field, Some(op.to_owned())),
            None => (rest, None),
        };
        Some(Self {
            parameter: name.to_owned(),
            field: field.to_owned(),
            op,
            value: value.to_owned(),
        })
    }
}

fn pairs(text: &str) -> Result<Vec<(String, String)>, Problem> {
    // The extractor wants a whole address; only its query is read.
    let uri = Uri::builder().path_and_query(format!("/?{text}")).build();
    let read = |uri: Uri| Pairs::<Vec<(String, String)>>::try_from_uri(&uri).ok();
    let Pairs(pairs) = uri
        .ok()
        .and_then(read)
        .ok_or_else(|| Problem::new(Code::InvalidParameter).detail("the query cannot be read"))?;
    Ok(pairs)
}

fn names(endpoint: &Endpoint) -> Vec<String> {
    endpoint
        .parameters()
        .map(|parameter| match parameter.kind {
            Kind::Filter => "filter[…]".to_owned(),
            Kind::Text(_)
            | Kind::Integer(..)
            | Kind::Flag
            | Kind::Id
            | Kind::Instant
            | Kind::Date
            | Kind::Word(_)
            | Kind::Words => parameter.name.to_owned(),
        })
        .collect()
}

fn check(parameter: &Parameter, value: &str) -> Result<(), Problem> {
    let name = parameter.name;
    let wrong =
        |what: String| Err(Problem::parameter(name, format!("{name} must be {what}"), None));
    match parameter.kind {
        Kind::Text(max) if value.chars().count() > max => {
            wrong(format!("at most {max} characters"))
        }
        Kind::Integer(least, most) => match value.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(()),
            Ok(_) | Err(_) => wrong(format!("a whole number from {least} to {most}")),
        },
        Kind::Flag if !matches!(value, "true" | "false") => wrong("true or false".to_owned()),
        Kind::Id if value.parse::<Uuid>().is_err() => wrong("a UUID".to_owned()),
        Kind::Instant if value.parse::<Timestamp>().is_err() => {
            wrong("a moment such as 2026-11-20T16:00:00Z".to_owned())
        }
        Kind::Date if !is_date(value) => wrong("a day such as 2026-11-20".to_owned()),
        Kind::Word(words) if !words.contains(&value) => {
            let allowed = words.iter().map(|word| (*word).to_owned()).collect();
            let detail = format!("{name} must be one of {}", words.join(", "));
            Err(Problem::parameter(name, detail, Some(allowed)))
        }
        Kind::Text(_)
        | Kind::Flag
        | Kind::Id
        | Kind::Instant
        | Kind::Date
        | Kind::Word(_)
        | Kind::Words
        | Kind::Filter => Ok(()),
    }
}

/// A day as RFC 3339 writes it, and no more: a moment is a mistake.
fn is_date(text: &str) -> bool {
    text.len() == "2026-11-20".len() && text.parse::<civil::Date>().is_ok()
}

/// Percent-encoded, but for what every reader of addresses leaves alone.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
