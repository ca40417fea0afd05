//! A client on one connection that stays open: as little work as HTTP allows, the same for both sides.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::bench::Error;
use crate::bench::raw::body;

/// Streams that a client of the bare handler goes on with in turn.
const STREAMS: usize = 50;
const LONGEST_ANSWER: usize = 1 << 20;

/// A connection, and what is sent over it.
#[derive(Debug)]
pub(super) struct Client {
    stream: TcpStream,
    requests: Requests,
    buffer: Vec<u8>,
}

/// The requests of one client.
#[derive(Debug)]
pub(super) struct Requests {
    side: Side,
    body: String,
    turn: usize,
}

#[derive(Debug)]
enum Side {
    Notes { token: String, customers: Vec<Uuid> },
    Inserts { streams: Vec<(Uuid, i64)> },
}

impl Requests {
    /// Notes on these customers in turn.
    pub(super) fn notes(token: &str, customers: Vec<Uuid>) -> Self {
        let side = Side::Notes { token: token.to_owned(), customers };
        Self { side, body: body(), turn: 0 }
    }

    /// Bare inserts into streams of its own.
    pub(super) fn inserts() -> Self {
        let streams = std::iter::repeat_with(|| (Uuid::now_v7(), 0)).take(STREAMS).collect();
        Self { side: Side::Inserts { streams }, body: body(), turn: 0 }
    }

    fn next(&mut self) -> String {
        self.turn += 1;
        let (path, headers) = match &mut self.side {
            Side::Notes { token, customers } => {
                let customer = customers.get(self.turn % customers.len().max(1));
                let customer = customer.copied().unwrap_or_default();
                let key = Uuid::new_v4();
                let headers =
                    format!("Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n");
                (format!("/v1/customers/{customer}/notes"), headers)
            }
            Side::Inserts { streams } => {
                let at = self.turn % streams.len().max(1);
                let stream = streams.get_mut(at).map(|(id, version)| {
                    *version += 1;
                    (*id, *version - 1)
                });
                let (id, expected) = stream.unwrap_or_default();
                (format!("/bare/{id}/{expected}"), String::new())
            }
        };
        let (length, body) = (self.body.len(), &self.body);
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             {headers}Content-Length: {length}\r\n\r\n{body}"
        )
    }
}

impl Client {
    pub(super) async fn connect(address: SocketAddr, requests: Requests) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await.map_err(Error::Http)?;
        stream.set_nodelay(true).map_err(Error::Http)?;
        Ok(Self { stream, requests, buffer: Vec::new() })
    }

    /// Sends one request and reads its answer, which must be a good one.
    pub(super) async fn ask(&mut self) -> Result<(), Error> {
        let request = self.requests.next();
        self.stream.write_all(request.as_bytes()).await.map_err(Error::Http)?;
        self.buffer.clear();
        let (status, head, length) = loop {
            self.read().await?;
            if let Some(found) = head(&self.buffer) {
                break found;
            }
        };
        while self.buffer.len() < head + length {
            self.read().await?;
        }
        if (200..300).contains(&status) {
            return Ok(());
        }
        let body = self.buffer.get(head..).unwrap_or_default();
        Err(Error::Answer { status, body: String::from_utf8_lossy(body).into_owned() })
    }

    async fn read(&mut self) -> Result<(), Error> {
        let read = self.stream.read_buf(&mut self.buffer).await.map_err(Error::Http)?;
        if read == 0 || self.buffer.len() > LONGEST_ANSWER {
            return Err(Error::Http(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(())
    }
}

/// The status, where the body begins, and its length, once the head of the answer is whole.
fn head(bytes: &[u8]) -> Option<(u16, usize, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((status, end + 4, length.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::{Requests, head};

    #[test]
    fn an_answer_is_whole_when_its_head_is() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 12\r\nx: y\r\n\r\n{";
        assert_eq!(head(answer), Some((201, 50, 12)));
        assert_eq!(head(answer.get(..30).unwrap()), None);
    }

    #[test]
    fn a_stream_goes_on_where_it_was() {
        let mut requests = Requests::inserts();
        let first: Vec<String> = (0..50).map(|_| requests.next()).collect();
        assert!(first.iter().all(|request| request.contains("/0 HTTP/1.1\r\n")));
        assert!(requests.next().contains("/1 HTTP/1.1\r\n"));
    }
}
