//! The way to the mail server.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// How long the server may take to answer one line.
const PATIENCE: Duration = Duration::from_secs(30);

/// An SMTP server, known by its address: `smtp://user:password@host:587?tls=required`.
#[derive(Clone)]
pub struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl fmt::Debug for Smtp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Smtp(…)")
    }
}

/// An address that is not one of an SMTP server.
#[derive(Debug, thiserror::Error)]
#[error("not the address of an SMTP server")]
pub struct InvalidSmtp(#[source] Error);

impl FromStr for Smtp {
    type Err = InvalidSmtp;

    fn from_str(url: &str) -> Result<Self, InvalidSmtp> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(InvalidSmtp)?;
        Ok(Self(builder.timeout(Some(PATIENCE)).build()))
    }
}

/// Why the server does not have a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It may go better later.
    Passing(String),
    /// It never will.
    Lasting(String),
}

impl Smtp {
    /// Hands a message over: `Ok` is the server's word that it has it.
    pub(super) async fn send(&self, message: Message) -> Result<(), Trouble> {
        match self.0.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let reason = crate::matcher::causes(&error);
                let lasting = error.is_permanent();
                Err(if lasting { Trouble::Lasting(reason) } else { Trouble::Passing(reason) })
            }
        }
    }
}
