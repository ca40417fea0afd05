//! How long an address and how large the headers of a request may be.

use axum::extract::Request;

use crate::problem::{Code, Problem};

/// The address with its query. A cursor of a page may have 2,000 characters.
const LONGEST_ADDRESS: usize = 8 * 1024;
const LARGEST_HEADERS: usize = 16 * 1024;
/// What is read of a request at once, and so the most that its head may have. Beyond this, and
/// beyond a hundred headers, the server's library answers 431 by itself.
pub(super) const LARGEST_HEAD: usize = 64 * 1024;

/// Refuses what is beyond the limits.
pub(super) fn check(request: &Request) -> Result<(), Problem> {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > LONGEST_ADDRESS {
        return Err(Problem::new(Code::AddressTooLong));
    }
    let headers = request.headers().iter();
    let size: usize = headers.map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > LARGEST_HEADERS { Err(Problem::new(Code::HeadersTooLarge)) } else { Ok(()) }
}
