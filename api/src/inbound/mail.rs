//! Mail as it came over the wire (RFC 5322 with MIME), whatever its sender's program made of it.

mod bounce;

use domain::value::Channel;
use jiff::Timestamp;
use mail_parser::{Addr, HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Incoming, Notice};

/// What a mail is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mail {
    /// What a mail server tells of messages of ours: that they could not be brought, or were.
    Report(Vec<Notice>),
    Letter(Box<Incoming>),
}

/// Why a mail is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("the body has no mail headers")]
    NoHeaders,
    #[error("the mail names no sender: it has neither From nor Sender nor Return-Path")]
    NoSender,
}

/// Reads a mail.
pub(crate) fn read(bytes: &[u8]) -> Result<Mail, Unreadable> {
    let mail = MessageParser::default().parse(bytes).ok_or(Unreadable::NoHeaders)?;
    if mail.headers().is_empty() {
        return Err(Unreadable::NoHeaders);
    }
    if let Some(notices) = bounce::notices(&mail) {
        return Ok(Mail::Report(notices));
    }
    let sender = sender(&mail).ok_or(Unreadable::NoSender)?;
    let to = mail.to().and_then(|to| to.first()).and_then(Addr::address);
    let letter = Incoming {
        channel: Channel::Email,
        from: sender.0,
        name: sender.1,
        to: to.map(str::to_owned),
        subject: mail.subject().map(str::to_owned),
        text: text(&mail),
        refers_to: refers_to(&mail),
        provider_id: id_of(&mail, bytes),
        attachments: attachments(&mail),
        automatic: is_automatic(&mail),
        sent_at: mail.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
    };
    Ok(Mail::Letter(Box::new(letter)))
}

/// Address and name of who wrote it, else of who sent it, else of where errors go.
fn sender(mail: &Message<'_>) -> Option<(String, Option<String>)> {
    let written = [mail.from(), mail.sender()].into_iter().flatten();
    let addresses = written.filter_map(|list| list.first());
    let found = addresses.filter_map(|one| Some((one.address()?, one.name()))).next();
    let found = found.or_else(|| Some((mail.return_address()?, None)));
    let (address, name) = found?;
    let address = super::line(address, super::LONGEST_NAME)?;
    Some((address, name.map(str::to_owned)))
}

/// The plain text, else the HTML as text. What a reply quotes is kept: it belongs to what was sent.
fn text(mail: &Message<'_>) -> Option<String> {
    (0..mail.text_body_count().max(1)).find_map(|part| mail.body_text(part)).map(Into::into)
}

/// In-Reply-To, then References from the nearest on.
fn refers_to(mail: &Message<'_>) -> Vec<String> {
    let mut ids: Vec<String> = ids(mail.in_reply_to());
    let mut further = self::ids(mail.references());
    further.reverse();
    ids.extend(further);
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids
}

fn ids(header: &HeaderValue<'_>) -> Vec<String> {
    match header.as_text_list() {
        Some(list) => list.iter().map(ToString::to_string).collect(),
        None => header.as_text().map(str::to_owned).into_iter().collect(),
    }
}

/// Its Message-ID; without one the same bytes are the same mail.
fn id_of(mail: &Message<'_>, bytes: &[u8]) -> String {
    let id = mail.message_id().filter(|id| !id.trim().is_empty());
    id.map_or_else(
        || format!("{}@no-message-id", hex::encode(Sha256::digest(bytes))),
        str::to_owned,
    )
}

fn attachments(mail: &Message<'_>) -> Vec<String> {
    mail.attachments()
        .map(|part| match (part.attachment_name(), &part.body, part.content_type()) {
            (Some(name), _, _) => name.to_owned(),
            (None, PartType::Message(inner), _) => inner.subject().unwrap_or("message").to_owned(),
            (None, _, Some(kind)) => {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("*"))
            }
            (None, _, None) => "attachment".to_owned(),
        })
        .collect()
}

/// Absence notes, confirmations of receipt and what lists send: nobody waits for an answer
/// (RFC 3834, and the headers that programs used before it).
fn is_automatic(mail: &Message<'_>) -> bool {
    let header = |name: &'static str| {
        let value = mail.header_raw(name);
        value.map(|value| value.trim().to_ascii_lowercase())
    };
    let submitted = header("Auto-Submitted").is_some_and(|how| !how.is_empty() && how != "no");
    let precedence = header("Precedence")
        .is_some_and(|how| ["auto_reply", "bulk", "junk", "list"].contains(&how.as_str()));
    let replied =
        ["X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"].into_iter().any(|name| {
            header(name).is_some_and(|how| !how.is_empty() && how != "no" && how != "none")
        });
    let of_nobody = header("Return-Path").is_some_and(|path| path == "<>");
    submitted || precedence || replied || of_nobody || is_of_a_server(mail)
}

/// Whether a mail server wrote it, and no person.
fn is_of_a_server(mail: &Message<'_>) -> bool {
    let address = mail.from().and_then(|from| from.first()).and_then(Addr::address);
    let local = address.and_then(|address| address.split('@').next()).unwrap_or_default();
    ["mailer-daemon", "postmaster"].iter().any(|name| local.eq_ignore_ascii_case(name))
}

/// The id of a message of ours in a Message-ID that we gave.
pub(crate) fn own_id(message_id: &str) -> Option<Uuid> {
    message_id.trim_matches(['<', '>', ' ']).split('@').next()?.parse().ok()
}
