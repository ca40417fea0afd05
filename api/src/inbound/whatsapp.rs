//! The WhatsApp Cloud API: messages and statuses of messages. What a delivery holds beside them
//! (calls, templates, the account) is passed over.

use domain::value::Channel;
use jiff::Timestamp;
use serde_json::Value;

use super::{Incoming, Item, Notice, Status, member};

/// Everything that a delivery holds.
pub(crate) fn items(delivery: &Value) -> Vec<Item> {
    list(delivery, "/entry").flat_map(|entry| list(entry, "/changes")).flat_map(change).collect()
}

fn change(change: &Value) -> Vec<Item> {
    let Some(value) = change.get("value").filter(|_| member(change, "/field") == Some("messages"))
    else {
        return vec![Item::Other];
    };
    let messages = list(value, "/messages").map(|message| self::message(value, message));
    let statuses = list(value, "/statuses").map(status);
    let items: Vec<Item> = messages.chain(statuses).collect();
    if items.is_empty() { vec![Item::Other] } else { items }
}

fn message(value: &Value, message: &Value) -> Item {
    let (Some(id), Some(from)) = (member(message, "/id"), member(message, "/from")) else {
        return Item::Other;
    };
    let contact = list(value, "/contacts")
        .find(|contact| member(contact, "/wa_id") == Some(from))
        .or_else(|| list(value, "/contacts").next());
    let to = member(value, "/metadata/display_phone_number");
    let mut attachments = Vec::new();
    let text = said(message, &mut attachments);
    let refers_to = ["/context/id", "/reaction/message_id", "/edit/original_message_id"]
        .into_iter()
        .filter_map(|pointer| member(message, pointer))
        .map(str::to_owned);
    Item::Message(Box::new(Incoming {
        channel: Channel::Whatsapp,
        from: number(from),
        name: contact.and_then(|contact| member(contact, "/profile/name")).map(str::to_owned),
        to: to.map(number),
        subject: None,
        text: Some(text),
        refers_to: refers_to.collect(),
        provider_id: id.to_owned(),
        attachments,
        automatic: false,
        sent_at: moment(message),
    }))
}

/// What it says in words; where it has none, what it is, in brackets.
fn said(message: &Value, attachments: &mut Vec<String>) -> String {
    let kind = member(message, "/type").unwrap_or("unknown");
    let part = message.get(kind).unwrap_or(&Value::Null);
    let found = match kind {
        "text" => member(part, "/body").map(str::to_owned),
        "image" | "video" | "audio" | "document" | "sticker" => {
            let name = member(part, "/filename").or_else(|| member(part, "/mime_type"));
            attachments.extend(name.map(str::to_owned));
            member(part, "/caption").map(str::to_owned)
        }
        "reaction" => member(part, "/emoji").map(str::to_owned),
        "location" => Some(location(part)),
        "contacts" => Some(contacts(message)),
        "order" => Some(order(part)),
        "button" => member(part, "/text").map(str::to_owned),
        "interactive" => interactive(part),
        "system" => member(part, "/body").map(str::to_owned),
        "edit" => {
            let edited = part.get("message").unwrap_or(&Value::Null);
            Some(said(edited, attachments))
        }
        "unsupported" => member(message, "/errors/0/title").map(str::to_owned),
        _ => None,
    };
    found.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| format!("[{kind}]"))
}

fn interactive(part: &Value) -> Option<String> {
    let kind = member(part, "/type")?;
    let reply = part.get(kind)?;
    let words = ["/title", "/description", "/body", "/response"];
    let words: Vec<&str> = words.into_iter().filter_map(|word| member(reply, word)).collect();
    Some(if words.is_empty() { format!("[{kind}]") } else { words.join("\n") })
}

fn location(part: &Value) -> String {
    let words = ["/name", "/address", "/url"].into_iter().filter_map(|word| member(part, word));
    let coordinate = |name: &str| part.get(name).map(Value::to_string).unwrap_or_default();
    let place = format!("{}, {}", coordinate("latitude"), coordinate("longitude"));
    words.map(str::to_owned).chain([place]).collect::<Vec<_>>().join("\n")
}

fn contacts(message: &Value) -> String {
    let lines = list(message, "/contacts").map(|contact| {
        let name = member(contact, "/name/formatted_name").unwrap_or("?");
        let phones = list(contact, "/phones").filter_map(|phone| member(phone, "/phone"));
        let emails = list(contact, "/emails").filter_map(|email| member(email, "/email"));
        [name].into_iter().chain(phones).chain(emails).collect::<Vec<_>>().join(", ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn order(part: &Value) -> String {
    let text = member(part, "/text").filter(|text| !text.is_empty()).map(str::to_owned);
    let items = list(part, "/product_items").map(|item| {
        let number = |name: &str| item.get(name).map(Value::to_string).unwrap_or_default();
        let code = member(item, "/product_retailer_id").unwrap_or("?");
        let currency = member(item, "/currency").unwrap_or_default();
        format!("{} x {code} at {} {currency}", number("quantity"), number("item_price"))
    });
    text.into_iter().chain(items).collect::<Vec<_>>().join("\n")
}

fn status(status: &Value) -> Item {
    let (Some(id), Some(word)) = (member(status, "/id"), member(status, "/status")) else {
        return Item::Other;
    };
    let reason = || {
        let details = member(status, "/errors/0/error_data/details");
        let told = details.or_else(|| member(status, "/errors/0/title"));
        told.unwrap_or("WhatsApp could not deliver the message").to_owned()
    };
    let told = match word {
        "sent" => Status::Sent,
        "delivered" => Status::Delivered,
        "read" | "played" => Status::Opened,
        "failed" => Status::Failed { reason: reason(), is_final: true },
        _ => return Item::Other,
    };
    Item::Notice(Notice {
        channel: Channel::Whatsapp,
        message: member(status, "/biz_opaque_callback_data").and_then(|own| own.parse().ok()),
        provider_id: id.to_owned(),
        status: told,
        at: moment(status),
    })
}

fn moment(value: &Value) -> Option<Timestamp> {
    let seconds = member(value, "/timestamp")?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}

/// WhatsApp writes numbers in E.164 without the plus.
fn number(raw: &str) -> String {
    let digits = raw.len() > 3 && raw.bytes().all(|byte| byte.is_ascii_digit());
    if digits { format!("+{raw}") } else { raw.to_owned() }
}

fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}
