//! A letter of the service to one of its own people, such as an invitation: it stands in no
//! customer's history and waits in no queue.

use domain::organisation::Sender;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};

use super::smtp::{Smtp, Trouble};

/// What it says, and to whom.
#[derive(Debug, Clone)]
pub struct Letter {
    pub from: Sender,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Why it did not go out.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    #[error("an address cannot be written to")]
    Address(#[from] lettre::address::AddressError),
    #[error("the letter cannot be put together")]
    Message(#[from] lettre::error::Error),
    #[error("the mail server did not take the letter: {0}")]
    Server(String),
}

impl Smtp {
    /// Hands a letter over, once.
    pub async fn send_letter(&self, letter: Letter) -> Result<(), NotSent> {
        let from = Mailbox::new(Some(letter.from.name), letter.from.address.parse()?);
        let mut message = Message::builder()
            .from(from)
            .to(Mailbox::new(None, letter.to.parse()?))
            .subject(letter.subject)
            .date_now()
            .singlepart(SinglePart::plain(letter.text))?;
        // RFC 3834: nobody's absence note answers a machine.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        let value = HeaderValue::new(name, "auto-generated".to_owned());
        message.headers_mut().insert_raw(value);
        self.send(message).await.map_err(|trouble| {
            let (Trouble::Passing(reason) | Trouble::Lasting(reason)) = trouble;
            NotSent::Server(reason)
        })
    }
}
