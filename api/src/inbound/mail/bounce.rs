//! Reports of mail servers about messages of ours (RFC 3464).

use domain::value::Channel;
use jiff::Timestamp;
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use crate::inbound::{LONGEST_LINE, Notice, Status, line};

/// What a report says; `None` where the mail is none.
pub(super) fn notices(mail: &Message<'_>) -> Option<Vec<Notice>> {
    let kind = mail.content_type()?;
    let is_report = kind.ctype().eq_ignore_ascii_case("multipart")
        && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
        && kind
            .attribute("report-type")
            .is_some_and(|report| report.eq_ignore_ascii_case("delivery-status"));
    if !is_report {
        return None;
    }
    let of_whom = original_id(mail);
    let status = mail.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            kind.subtype().is_some_and(|subtype| {
                subtype.eq_ignore_ascii_case("delivery-status")
                    || subtype.eq_ignore_ascii_case("global-delivery-status")
            })
        })
    });
    let (Some(of_whom), Some(status)) = (of_whom, status) else { return Some(Vec::new()) };
    let text = String::from_utf8_lossy(status.contents()).replace("\r\n", "\n");
    let at = mail.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
    let notice = |block: &str| {
        let status = judged(block)?;
        Some(Notice {
            channel: Channel::Email,
            message: None,
            provider_id: of_whom.clone(),
            status,
            at,
        })
    };
    Some(text.split("\n\n").filter_map(notice).collect())
}

/// What is said of one recipient.
fn judged(block: &str) -> Option<Status> {
    let mail = MessageParser::default().parse(block.as_bytes())?;
    let field = |name: &'static str| {
        let value = mail.header_raw(name)?;
        line(value, LONGEST_LINE)
    };
    let status = field("Status");
    let reason = || {
        let told = field("Diagnostic-Code").or_else(|| status.clone());
        let told = told.unwrap_or_else(|| "the mail could not be delivered".to_owned());
        told.split_once(';').map_or(told.as_str(), |(_, text)| text.trim()).to_owned()
    };
    match field("Action")?.to_ascii_lowercase().as_str() {
        "failed" => Some(Status::Failed { reason: reason(), is_final: true }),
        "delayed" => Some(Status::Failed { reason: reason(), is_final: false }),
        "delivered" | "relayed" | "expanded" => Some(Status::Delivered),
        _ => None,
    }
}

/// The Message-ID of what the report is about: it brings the message along, or its headers.
fn original_id(mail: &Message<'_>) -> Option<String> {
    mail.parts.iter().skip(1).find_map(|part| {
        let id = match &part.body {
            PartType::Message(inner) => inner.message_id().map(str::to_owned),
            PartType::Text(text) if is_headers(part.content_type()) => {
                let inner = MessageParser::default().parse(text.as_bytes())?;
                inner.message_id().map(str::to_owned)
            }
            PartType::Text(_)
            | PartType::Html(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Multipart(_) => None,
        };
        id.filter(|id| !id.is_empty())
    })
}

fn is_headers(kind: Option<&mail_parser::ContentType<'_>>) -> bool {
    kind.and_then(mail_parser::ContentType::subtype)
        .is_some_and(|subtype| subtype.eq_ignore_ascii_case("rfc822-headers"))
}
