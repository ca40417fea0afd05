//! A receiver of webhooks for tests: it speaks HTTP over TCP, keeps what it got, and answers as it
//! is told to. It checks signatures by itself, as a receiver in another language would.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::app::PATIENCE;

/// What it does with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    Status(u16),
    /// A status and how long to stay away.
    Later(u16, &'static str),
    /// Sends the caller elsewhere.
    Redirect(String),
    /// Says again what it was told.
    Echo,
    /// Keeps the call and says nothing for ever.
    Silent,
}

/// A call as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) at: Instant,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// Whether one of its signatures is by this secret (Standard Webhooks 1.0.0).
    pub(crate) fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let signed = format!("{}.{}.{}", self.id(), self.headers["webhook-timestamp"], self.body);
        mac.update(signed.as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.headers["webhook-signature"].split(' ').any(|signature| signature == expected)
    }
}

#[derive(Debug, Default)]
struct Kept {
    received: Vec<Received>,
    replies: VecDeque<Reply>,
}

#[derive(Debug, Clone)]
pub(crate) struct Sink {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
}

impl Sink {
    /// Answers the first calls like this, and the rest with 204.
    pub(crate) async fn start(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let replies = replies.iter().cloned().collect();
        let kept = Arc::new(Mutex::new(Kept { received: Vec::new(), replies }));
        let sink = Self { address, kept };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = serving.clone();
                tokio::spawn(async move { sink.serve(stream).await });
            }
        });
        sink
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    /// The same by a name that has to be looked up.
    pub(crate) fn url_by_name(&self) -> String {
        format!("http://localhost:{}/in", self.address.port())
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.kept.lock().unwrap().received.clone()
    }

    /// Waits until so many calls have come.
    pub(crate) async fn got(&self, count: usize) -> Vec<Received> {
        let since = Instant::now();
        loop {
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            assert!(since.elapsed() < PATIENCE, "{} of {count} calls came", received.len());
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        let (mut headers, mut line) = (BTreeMap::new(), String::new());
        stream.read_line(&mut line).await.ok()?;
        assert!(line.starts_with("POST /in HTTP/1.1"), "{line}");
        loop {
            line.clear();
            stream.read_line(&mut line).await.ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
        stream.read_exact(&mut body).await.ok()?;
        let body = String::from_utf8(body).unwrap();
        let received = Received { at: Instant::now(), headers, body: body.clone() };
        let reply = {
            let mut kept = self.kept.lock().unwrap();
            kept.received.push(received);
            kept.replies.pop_front().unwrap_or(Reply::Status(204))
        };
        let answer = match reply {
            Reply::Status(status) => format!("HTTP/1.1 {status} .\r\nContent-Length: 0\r\n\r\n"),
            Reply::Later(status, until) => {
                format!("HTTP/1.1 {status} .\r\nRetry-After: {until}\r\nContent-Length: 0\r\n\r\n")
            }
            Reply::Redirect(to) => {
                format!("HTTP/1.1 307 .\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")
            }
            Reply::Echo => format!(
                "HTTP/1.1 200 .\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
            Reply::Silent => std::future::pending().await,
        };
        stream.write_all(answer.as_bytes()).await.ok()
    }
}
