//! Twilio: messages by SMS and WhatsApp, and the statuses of those that were sent by it.

use domain::value::Channel;
use uuid::Uuid;

use super::{Incoming, Item, Notice, Status};

/// The parameters of a form, in the order in which they came.
pub(crate) fn parameters(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// What a delivery holds: one message, or the status of one. `own` is our id of it, where we gave
/// it along.
pub(crate) fn item(parameters: &[(String, String)], own: Option<Uuid>) -> Item {
    let get = |name: &str| {
        let found = parameters.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let Some(sid) = get("MessageSid").or_else(|| get("SmsSid")) else { return Item::Other };
    let status = get("MessageStatus").or_else(|| get("SmsStatus"));
    match (status, get("From")) {
        (None | Some("received" | "receiving"), Some(from)) => message(&get, sid, from),
        (Some(word), _) => notice(&get, sid, own, word),
        (None, None) => Item::Other,
    }
}

fn message<'a>(get: &impl Fn(&str) -> Option<&'a str>, sid: &str, from: &str) -> Item {
    let (channel, from) = address(from);
    let media = get("NumMedia").and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
    let kinds = (0..media.min(super::MOST_ATTACHMENTS))
        .filter_map(|number| get(&format!("MediaContentType{number}")));
    Item::Message(Box::new(Incoming {
        channel,
        from: from.to_owned(),
        name: get("ProfileName").map(str::to_owned),
        to: get("To").map(|to| address(to).1.to_owned()),
        subject: None,
        text: get("Body").map(str::to_owned),
        refers_to: get("OriginalRepliedMessageSid").map(str::to_owned).into_iter().collect(),
        provider_id: sid.to_owned(),
        attachments: kinds.map(str::to_owned).collect(),
        automatic: false,
        sent_at: None,
    }))
}

fn notice<'a>(
    get: &impl Fn(&str) -> Option<&'a str>,
    sid: &str,
    own: Option<Uuid>,
    word: &str,
) -> Item {
    let reason = || {
        let code = get("ErrorCode").map(|code| format!(" (error {code})")).unwrap_or_default();
        format!("Twilio could not deliver the message{code}")
    };
    let status = match word {
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        "read" => Status::Opened,
        "failed" | "undelivered" => Status::Failed { reason: reason(), is_final: true },
        _ => return Item::Other,
    };
    let (channel, _) = address(get("To").unwrap_or_default());
    let provider_id = sid.to_owned();
    Item::Notice(Notice { channel, message: own, provider_id, status, at: None })
}

/// `whatsapp:+14155552671` is a number of WhatsApp, anything else one of the telephone.
fn address(raw: &str) -> (Channel, &str) {
    match raw.strip_prefix("whatsapp:") {
        Some(number) => (Channel::Whatsapp, number),
        None => (Channel::Sms, raw),
    }
}
