//! Whoever signs in: nobody yet, from somewhere.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::{Ask, cookies, site};
use crate::problem::{Code, Problem};
use crate::server::{App, Peer};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A request to sign in, from this site's own page or from no page, over a line on which a cookie
/// is safe.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) app: App,
    pub(crate) headers: HeaderMap,
    /// The address from which they come, as far as it is known.
    pub(crate) address: Option<IpAddr>,
}

impl FromRequestParts<App> for Newcomer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let headers = parts.headers.clone();
        site::not_foreign(app, &headers)?;
        if !cookies::are_safe(app, &headers) {
            return Err(Problem::new(Code::HttpsRequired));
        }
        let address = parts.extensions.get::<Peer>().map(|peer| sender(peer.0, &headers));
        Ok(Self { app: app.clone(), headers, address })
    }
}

impl From<&Ask> for Newcomer {
    /// Somebody who has come in shows once more who they are.
    fn from(ask: &Ask) -> Self {
        Self { app: ask.app.clone(), headers: ask.headers.clone(), address: None }
    }
}

/// A proxy on this machine says for whom it asks; nobody else is believed.
fn sender(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back();
    let named = last.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    if peer.to_canonical().is_loopback() { named.unwrap_or(peer) } else { peer }
}

#[cfg(test)]
mod tests {
    use super::{FORWARDED_FOR, HeaderMap, sender};

    #[test]
    fn a_proxy_on_this_machine_is_believed_and_nobody_else() {
        let mut headers = HeaderMap::new();
        let of =
            |peer: &str, headers: &HeaderMap| sender(peer.parse().unwrap(), headers).to_string();
        assert_eq!(of("127.0.0.1", &headers), "127.0.0.1");
        headers.insert(FORWARDED_FOR, "198.51.100.7, 203.0.113.9".parse().unwrap());
        assert_eq!(of("127.0.0.1", &headers), "203.0.113.9");
        assert_eq!(of("203.0.113.1", &headers), "203.0.113.1");
        headers.insert(FORWARDED_FOR, "nonsense".parse().unwrap());
        assert_eq!(of("127.0.0.1", &headers), "127.0.0.1");
    }
}
