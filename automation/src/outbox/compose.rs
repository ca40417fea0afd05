//! A message as it goes over the wire.

use domain::message::Requested;
use domain::organisation::Sender;
use domain::value::AskedBy;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use uuid::Uuid;

/// Why a message cannot be put together.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("the customer's data was erased")]
    Erased,
    #[error("an address cannot be written to")]
    Address(#[from] lettre::address::AddressError),
    #[error("the message cannot be put together")]
    Message(#[from] lettre::error::Error),
}

/// The id under which mail servers know the message, however often it is sent.
pub(super) fn message_id(effect: Uuid, sender: &Sender) -> String {
    let domain = sender.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("{effect}@{domain}")
}

/// `unsubscribe` is the link by which the customer closes the address to us.
pub(super) fn compose(
    effect: Uuid,
    requested: &Requested,
    sender: &Sender,
    unsubscribe: Option<&str>,
) -> Result<Message, Error> {
    let to: Address = requested.to.known().ok_or(Error::Erased)?.parse()?;
    let text = requested.text.known().ok_or(Error::Erased)?.clone();
    let from = Mailbox::new(Some(sender.name.clone()), sender.address.parse()?);
    let subject = requested.subject.as_ref().and_then(|subject| subject.known());
    let builder = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(subject.cloned().unwrap_or_default())
        .message_id(Some(format!("<{}>", message_id(effect, sender))))
        .date_now();
    let mut message = match requested.html.as_ref().and_then(|html| html.known()) {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(text, html.clone()))?,
        None => builder.singlepart(SinglePart::plain(text))?,
    };
    if requested.asked_by == AskedBy::Automatic {
        // RFC 3834: nobody's absence note answers a machine.
        put(&mut message, "Auto-Submitted", "auto-generated".to_owned());
    }
    if let Some(link) = unsubscribe {
        put(&mut message, "List-Unsubscribe", format!("<{link}>"));
        put(&mut message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned());
    }
    Ok(message)
}

fn put(message: &mut Message, name: &'static str, value: String) {
    let name = HeaderName::new_from_ascii_str(name);
    message.headers_mut().insert_raw(HeaderValue::new(name, value));
}

#[cfg(test)]
mod tests;
