//! Uniqueness inside an organisation: an event takes a value or lets it go.

/// What kind of value is claimed. The number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i16)]
pub enum ClaimKind {
    /// A customer's e-mail: trimmed, lower case, domain in ASCII.
    Email = 1,
    /// A customer's outside id: `source` NUL `id`.
    ExternalId = 2,
    /// A folder's name: trimmed, lower case.
    FolderName = 3,
    /// A person's sign-in e-mail, in the organisation `installation`.
    SignIn = 4,
    /// An imported document: `source` NUL `number`.
    DocumentNumber = 5,
    /// A message as its carrier knows it: `channel` NUL `id`.
    ProviderMessage = 10,
    /// The given number of a quote, without regard to case.
    QuoteNumber = 12,
    /// The number of an invoice, without regard to case.
    InvoiceNumber = 13,
    /// The number of a credit note, without regard to case.
    CreditNoteNumber = 14,
    /// A team's name: trimmed, lower case.
    TeamName = 15,
}

impl ClaimKind {
    /// The number under which it is stored.
    pub fn number(self) -> i16 {
        match self {
            Self::Email => 1,
            Self::ExternalId => 2,
            Self::FolderName => 3,
            Self::SignIn => 4,
            Self::DocumentNumber => 5,
            Self::ProviderMessage => 10,
            Self::QuoteNumber => 12,
            Self::InvoiceNumber => 13,
            Self::CreditNoteNumber => 14,
            Self::TeamName => 15,
        }
    }

    /// The name that people see: `email`, `external_id`…
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::ExternalId => "external_id",
            Self::FolderName => "folder_name",
            Self::SignIn => "sign_in_email",
            Self::DocumentNumber => "document_number",
            Self::ProviderMessage => "provider_message",
            Self::QuoteNumber => "quote_number",
            Self::InvoiceNumber => "invoice_number",
            Self::CreditNoteNumber => "credit_note_number",
            Self::TeamName => "team_name",
        }
    }

    /// The kind of a stored number.
    pub fn from_number(number: i16) -> Option<Self> {
        [
            Self::Email,
            Self::ExternalId,
            Self::FolderName,
            Self::SignIn,
            Self::DocumentNumber,
            Self::ProviderMessage,
            Self::QuoteNumber,
            Self::InvoiceNumber,
            Self::CreditNoteNumber,
            Self::TeamName,
        ]
        .into_iter()
        .find(|kind| kind.number() == number)
    }
}

/// A value taken or let go by an event. The value is normalised and plain; only its HMAC is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimChange {
    pub kind: ClaimKind,
    pub value: String,
    pub take: bool,
}

impl ClaimChange {
    pub fn take(kind: ClaimKind, value: impl Into<String>) -> Self {
        Self { kind, value: value.into(), take: true }
    }

    pub fn release(kind: ClaimKind, value: impl Into<String>) -> Self {
        Self { kind, value: value.into(), take: false }
    }
}
