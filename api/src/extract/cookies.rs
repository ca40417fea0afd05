//! The cookies of the browser: the session's, and that of a device that has signed in before.

use axum::http::header::{COOKIE, HOST};
use axum::http::{HeaderMap, HeaderValue};

use eventstore::state::portal;

use crate::server::App;

/// As long as a session lasts at most.
const SESSION_SECONDS: u32 = 12 * 3600;
const DEVICE_SECONDS: u32 = 180 * 24 * 3600;

/// A cookie of ours. Behind https it is bound to this host and goes by https only; on http, which
/// is for this machine alone, it has another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Who is signed in.
    Session,
    /// That somebody has signed in here before.
    Device,
    /// Which customer is in the portal; sent there alone.
    Portal,
}

impl Cookie {
    fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-dossier",
            (Self::Session, false) => "dossier_session",
            (Self::Device, true) => "__Host-dossier-device",
            (Self::Device, false) => "dossier_device",
            (Self::Portal, true) => "__Secure-dossier-portal",
            (Self::Portal, false) => "dossier_portal",
        }
    }

    /// What the browser sent under it.
    pub(crate) fn read<'a>(self, app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.name(app.is_https());
        let sent = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        sent.flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The header that keeps a value in the browser.
    pub(crate) fn keep(self, app: &App, value: &str) -> Option<HeaderValue> {
        let seconds = match self {
            Self::Session => SESSION_SECONDS,
            Self::Device => DEVICE_SECONDS,
            Self::Portal => portal::SESSION_SECONDS,
        };
        self.set(app, value, seconds)
    }

    /// The header that takes it away.
    pub(crate) fn drop(self, app: &App) -> Option<HeaderValue> {
        self.set(app, "", 0)
    }

    fn set(self, app: &App, value: &str, seconds: u32) -> Option<HeaderValue> {
        let https = app.is_https();
        let secure = if https { "; Secure" } else { "" };
        let name = self.name(https);
        let path = if self == Self::Portal { "/portal" } else { "/" };
        let text = format!(
            "{name}={value}; Max-Age={seconds}; Path={path}; HttpOnly; SameSite=Lax{secure}"
        );
        HeaderValue::from_str(&text).ok()
    }
}

/// Whether a browser's cookies are safe on their way: by https, or within this machine.
pub(crate) fn are_safe(app: &App, headers: &HeaderMap) -> bool {
    app.is_https() || headers.get(HOST).and_then(|host| host.to_str().ok()).is_some_and(is_loopback)
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().map_or_else(
        |_| host == "localhost" || host.ends_with(".localhost"),
        |address: std::net::IpAddr| address.is_loopback(),
    )
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_is_told_by_its_names() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["example.com", "localhost.example.com", "10.0.0.1:8080", "[2001:db8::1]:80"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
