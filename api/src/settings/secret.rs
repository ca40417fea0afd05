//! Values that must not be seen in a log or on a screen.

use std::fmt;

use tokio_postgres::config::Host;

/// A text that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The harmless parts of a connection string, picked out rather than the others left out.
pub(super) fn masked_postgres(connection: &Secret) -> String {
    let Ok(config) = connection.0.parse::<tokio_postgres::Config>() else {
        return "(hidden)".to_owned();
    };
    let hosts: Vec<String> = config.get_hosts().iter().map(host).collect();
    let ports: Vec<String> = config.get_ports().iter().map(u16::to_string).collect();
    let password = config.get_password().map(|_| "(hidden)".to_owned());
    [
        ("host", Some(hosts.join(","))),
        ("port", Some(ports.join(","))),
        ("user", config.get_user().map(str::to_owned)),
        ("password", password),
        ("dbname", config.get_dbname().map(str::to_owned)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
    .map(|(name, value)| format!("{name}={value}"))
    .collect::<Vec<String>>()
    .join(" ")
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

/// The servers without what stands before the `@`.
pub(super) fn masked_nats_url(servers: &Secret) -> String {
    let mask = |server: &str| {
        let server = server.trim();
        let (scheme, rest) = server.split_once("://").unwrap_or(("nats", server));
        match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://(hidden)@{host}"),
            None => format!("{scheme}://{rest}"),
        }
    };
    servers.0.split(',').map(mask).collect::<Vec<String>>().join(",")
}
