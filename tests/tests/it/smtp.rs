//! A mail server for tests: it speaks SMTP over TCP, keeps what it got, and fails when told to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::app::PATIENCE;

/// What it does to the next message instead of taking it well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Keeps the message and hangs up without a word.
    HangUpAfterData,
    /// Keeps the message and says nothing for ever.
    SilentAfterData,
    /// Does not know the recipient.
    UnknownRecipient,
    /// Has no time just now.
    TryLater,
}

/// A message as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) data: String,
}

impl Mail {
    /// The value of a header, unfolded; nothing where it is not there.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let prefix = format!("{name}: ");
        head.lines().find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
    }
}

#[derive(Debug, Default)]
struct Kept {
    mails: Vec<Mail>,
    faults: VecDeque<Fault>,
}

#[derive(Debug, Clone)]
pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
}

impl SmtpServer {
    pub(crate) async fn start(faults: &[Fault]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let faults = faults.iter().copied().collect();
        let kept = Arc::new(Mutex::new(Kept { mails: Vec::new(), faults }));
        let server = Self { address, kept };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.talk(stream).await });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.kept.lock().unwrap().mails.clone()
    }

    /// Waits until so many messages have come.
    pub(crate) async fn got(&self, count: usize) -> Vec<Mail> {
        let since = Instant::now();
        loop {
            let mails = self.mails();
            if mails.len() >= count {
                return mails;
            }
            assert!(since.elapsed() < PATIENCE, "{} of {count} messages came", mails.len());
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        }
    }

    fn next_fault(&self, of: &[Fault]) -> Option<Fault> {
        let mut kept = self.kept.lock().unwrap();
        kept.faults.pop_front_if(|fault| of.contains(fault))
    }

    /// One conversation (RFC 5321), until the client or a fault ends it.
    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let (mut from, mut to) = (String::new(), String::new());
        writer.write_all(b"220 mail.test ESMTP\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" | "HELO" => "250-mail.test\r\n250 8BITMIME",
                "MAIL" => {
                    from = address(&line);
                    if self.next_fault(&[Fault::TryLater]).is_some() {
                        "451 too busy, try later"
                    } else {
                        "250 go on"
                    }
                }
                "RCPT" => {
                    to = address(&line);
                    if self.next_fault(&[Fault::UnknownRecipient]).is_some() {
                        "550 no such mailbox here"
                    } else {
                        "250 go on"
                    }
                }
                "DATA" => {
                    writer.write_all(b"354 end with a dot\r\n").await.ok()?;
                    let mut data = String::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".")
                    {
                        data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        data.push_str("\r\n");
                    }
                    let mail = Mail { from: from.clone(), to: to.clone(), data };
                    self.kept.lock().unwrap().mails.push(mail);
                    match self.next_fault(&[Fault::HangUpAfterData, Fault::SilentAfterData]) {
                        Some(Fault::SilentAfterData) => std::future::pending().await,
                        Some(_) => return None,
                        None => "250 kept",
                    }
                }
                "RSET" | "NOOP" => "250 as you wish",
                "QUIT" => {
                    writer.write_all(b"221 goodbye\r\n").await.ok()?;
                    return None;
                }
                _ => "502 not here",
            };
            writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        None
    }
}

/// What stands in angle brackets.
fn address(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
