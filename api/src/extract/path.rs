//! Path parameters.

use uuid::Uuid;

use crate::problem::{Code, Problem};

/// A record's id, in the usual hyphenated writing only, so that each record has one address.
pub(super) fn id(text: Option<&str>) -> Result<Uuid, Problem> {
    let id = text.filter(|text| text.len() == 36).and_then(|text| Uuid::try_parse(text).ok());
    id.ok_or_else(|| Problem::new(Code::NotFound))
}
