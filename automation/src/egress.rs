//! The one way out over HTTP. Whom it calls is decided by people outside, so it goes to public
//! addresses alone: it resolves a name once, refuses it if any of its addresses is not public, and
//! connects to what was checked and to nothing else. It follows no redirect.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{InvalidDnsNameError, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore, crypto::ring};
use url::{Host, Url};

mod public;

/// What is read of an answer.
const MOST_READ: usize = 64 * 1024;
const AGENT: &str = concat!("Dossier/", env!("CARGO_PKG_VERSION"));

/// Whom to call, and how long to wait.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether this machine may be called: for development and tests.
    pub loopback: bool,
    /// For the whole call, from the name to the end of the answer.
    pub timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { loopback: false, timeout: Duration::from_secs(15) }
    }
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    settings: Settings,
    tls: Arc<ClientConfig>,
}

impl fmt::Debug for Egress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Egress").field(&self.settings).finish()
    }
}

/// Why nothing can be called.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be spoken")]
pub struct SetUp(#[from] rustls::Error);

/// Why an address is not called.
#[derive(Debug, thiserror::Error)]
pub enum Forbidden {
    #[error("it cannot be read as a URL")]
    Unreadable(#[from] url::ParseError),
    #[error("only http and https are spoken")]
    Scheme,
    #[error("a URL with a name and a password in it is not called")]
    UserInfo,
    #[error("it names no host")]
    NoHost,
    #[error("{0} is not a public address")]
    NotPublic(String),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("the name of the host is not known")]
    Resolve(#[source] io::Error),
    #[error("nobody answers at the address")]
    Connect(#[source] io::Error),
    #[error("no secure connection could be made")]
    Secure(#[source] io::Error),
    #[error("the name of the host cannot be secured")]
    Name(#[from] InvalidDnsNameError),
    #[error("there was no answer in time")]
    Timeout,
    #[error("the answer broke off or was none")]
    Http(#[from] hyper::Error),
    #[error("the call cannot be put together")]
    Request(#[from] hyper::http::Error),
}

/// An answer, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// How long to wait, if it says so.
    pub retry_after: Option<Duration>,
    /// What it says, where it is text.
    pub text: Option<String>,
}

/// A call that was made: when, for how long, and what came of it.
#[derive(Debug)]
pub struct Called {
    pub at: Timestamp,
    pub took: Duration,
    pub answer: Result<Answer, Error>,
}

impl Egress {
    /// # Errors
    /// The cryptography is not there.
    pub fn new(settings: Settings) -> Result<Self, SetUp> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { settings, tls: Arc::new(tls) })
    }

    /// Says at once what is wrong with an address; its name is looked up only when it is called.
    ///
    /// # Errors
    /// Why it would not be called.
    pub fn check(&self, url: &str) -> Result<(), Forbidden> {
        let url = readable(url)?;
        let refused = |what: &dyn fmt::Display| Err(Forbidden::NotPublic(what.to_string()));
        match url.host().ok_or(Forbidden::NoHost)? {
            Host::Ipv4(address) if !self.allows(address.into()) => refused(&address),
            Host::Ipv6(address) if !self.allows(address.into()) => refused(&address),
            Host::Domain(name) if !self.settings.loopback && is_local(name) => refused(&name),
            Host::Ipv4(_) | Host::Ipv6(_) | Host::Domain(_) => Ok(()),
        }
    }

    /// Sends a body of JSON.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Called {
        let (at, begun) = (Timestamp::now(), Instant::now());
        let answer = timeout(self.settings.timeout, self.call(url, headers, body)).await;
        let answer = answer.unwrap_or(Err(Error::Timeout));
        Called { at, took: begun.elapsed(), answer }
    }

    async fn call(&self, url: &str, headers: HeaderMap, body: String) -> Result<Answer, Error> {
        let url = readable(url)?;
        let addresses = self.resolve(&url).await?;
        let stream = connect(&addresses).await.map_err(Error::Connect)?;
        let request = request(&url, headers, body)?;
        if url.scheme() == "http" {
            return exchange(stream, request).await;
        }
        let host = url.host_str().ok_or(Forbidden::NoHost)?;
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let stream = connector.connect(name, stream).await.map_err(Error::Secure)?;
        exchange(stream, request).await
    }

    /// The addresses of the host, all of which must be public.
    async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, Error> {
        let port = url.port_or_known_default().ok_or(Forbidden::Scheme)?;
        let addresses: Vec<SocketAddr> = match url.host().ok_or(Forbidden::NoHost)? {
            Host::Ipv4(address) => vec![(address, port).into()],
            Host::Ipv6(address) => vec![(address, port).into()],
            Host::Domain(name) => {
                lookup_host((name, port)).await.map_err(Error::Resolve)?.collect()
            }
        };
        match addresses.iter().find(|address| !self.allows(address.ip())) {
            Some(address) => Err(Forbidden::NotPublic(address.ip().to_string()).into()),
            None => Ok(addresses),
        }
    }

    fn allows(&self, address: std::net::IpAddr) -> bool {
        public::is_public(address) || (self.settings.loopback && address.is_loopback())
    }
}

fn readable(url: &str) -> Result<Url, Forbidden> {
    let url = Url::parse(url)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Forbidden::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Forbidden::UserInfo);
    }
    Ok(url)
}

/// RFC 6761: names that mean this machine.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

async fn connect(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn request(url: &Url, headers: HeaderMap, body: String) -> Result<Request<Full<Bytes>>, Error> {
    let host = url.host_str().ok_or(Forbidden::NoHost)?;
    let host = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut request = Request::post(target)
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))?;
    request.headers_mut().extend(headers);
    Ok(request)
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the sender, at the latest when the call has taken too long.
    let connection = tokio::spawn(connection);
    let answer = async {
        let response = sender.send_request(request).await?;
        read(response).await
    };
    let answer = answer.await;
    connection.abort();
    answer
}

async fn read(response: Response<Incoming>) -> Result<Answer, Error> {
    let status = response.status();
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let waits = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let retry_after = header(RETRY_AFTER).filter(|_| waits).and_then(wait);
    let is_text = header(CONTENT_TYPE).is_some_and(is_text);
    let mut body = response.into_body();
    let mut bytes = Vec::new();
    while bytes.len() < MOST_READ
        && let Some(frame) = body.frame().await
    {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    bytes.truncate(MOST_READ);
    // PostgreSQL keeps no text with this character.
    let text = is_text.then(|| String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}"));
    Ok(Answer { status: status.as_u16(), retry_after, text })
}

fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/") || kind == "application/json" || kind.ends_with("+json")
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn wait(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let left = date.timestamp().duration_since(Timestamp::now());
    Some(Duration::try_from(left).unwrap_or_default())
}

#[cfg(test)]
mod tests;
