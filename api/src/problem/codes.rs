//! The one list of error codes: what each means, which status it goes with, what to do about it.

use axum::http::StatusCode;

macro_rules! codes {
    ($($variant:ident = $name:literal, $status:ident, $title:literal, $explanation:literal;)+) => {
        /// A stable code of the API. The pages under `/docs/errors/` are made from this list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = concat!("`", $name, "`")] $variant),+ }

        impl Code {
            /// All codes, in the order of their page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code itself, in snake case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The status that it is answered with, unless the answer says otherwise.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// The same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// What it means and what to do, for the page.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation),+ }
            }

            /// The code of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

codes! {
    MalformedJson = "malformed_json", BAD_REQUEST, "The body is not JSON",
        "The body could not be read as JSON. The detail names the line and column.";
    InvalidHeader = "invalid_header", BAD_REQUEST, "A header cannot be read",
        "A request header does not have the form that it needs: If-Match takes a version such as \"17\", Idempotency-Key up to 255 visible ASCII characters, Prefer the preferences named in the reference.";
    UnknownParameter = "unknown_parameter", BAD_REQUEST, "Unknown query parameter",
        "The address has a query parameter that this operation does not know. Unknown parameters are refused, so that a misspelt filter never returns everything.";
    InvalidParameter = "invalid_parameter", BAD_REQUEST, "A query parameter has no valid value",
        "The value does not fit its parameter: not a number, not a date, outside the limits, or a cursor of another list.";
    UnknownPosition = "unknown_position", BAD_REQUEST, "The position lies beyond the log",
        "min_position names a position that the organisation has not reached. Positions come from the answers of commands; they are not made up.";
    IdempotencyKeyMissing = "idempotency_key_missing", BAD_REQUEST, "An Idempotency-Key is needed",
        "This command must not happen twice. Send an Idempotency-Key header with a value of your own, and the same one when you try again.";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Sign in first",
        "Send Authorization: Bearer with a token of the service, or sign in for a session by POST /v1/session.";
    InvalidToken = "invalid_token", UNAUTHORIZED, "The token is not known",
        "No token of this service has this value. Check that it was copied whole.";
    TokenExpired = "token_expired", UNAUTHORIZED, "The token has expired",
        "The token's time is over. Make another one.";
    TokenRevoked = "token_revoked", UNAUTHORIZED, "The token was revoked",
        "Somebody ended this token. Make another one.";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "E-mail or password is not right",
        "Nobody signs in with this e-mail and password. Which of the two is wrong is not told.";
    SessionEnded = "session_ended", UNAUTHORIZED, "The session has ended",
        "A session ends after half an hour without use, twelve hours after signing in, when somebody ends it, and when the password changes. Sign in again.";
    AccountBlocked = "account_blocked", UNAUTHORIZED, "The account is blocked or no longer a member",
        "The person behind the token was blocked, or removed from the organisation.";
    InvalidSignature = "invalid_signature", UNAUTHORIZED, "The signature is not right",
        "What a provider delivers is signed with the secret of its connection. Check that the connection has the provider's present secret, and for Twilio that base_url is how Twilio calls this service.";
    StaleSignature = "stale_signature", UNAUTHORIZED, "The signature is too old",
        "A signature that names its moment counts for five minutes. Check the clock of this machine.";
    PermissionDenied = "permission_denied", FORBIDDEN, "Your role does not allow this",
        "required_permission names what is missing. Somebody with the role admin or owner can grant a role that has it.";
    InstallationAdminOnly = "installation_admin_only", FORBIDDEN, "This is for who administers the installation",
        "Organisations are made by an administrator of the installation, in person. The operator makes one with dossier user grant-admin.";
    CrossSiteRequest = "cross_site_request", FORBIDDEN, "The request does not come from this site",
        "With a cookie, only this site's own pages may change anything: the browser says so by Sec-Fetch-Site: same-origin or by an Origin that is this site, and the body is not of a type that forms send. Programs use a token.";
    HttpsRequired = "https_required", FORBIDDEN, "Signing in needs https",
        "Over plain http a session could be overheard. Sign in by https, or on the machine itself by its loopback address; the operator says by public_url that the service is reached by https.";
    NotFound = "not_found", NOT_FOUND, "There is no such thing",
        "Nothing of this id is within your reach. Records of other organisations answer like this too.";
    RouteNotFound = "route_not_found", NOT_FOUND, "There is no such address",
        "The path is not part of this API. The reference under /docs lists all of them.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The address does not take this method",
        "The Allow header lists the methods that it takes.";
    DuplicateCustomer = "duplicate_customer", CONFLICT, "Another customer has this value already",
        "An e-mail and an outside id belong to one customer of the organisation. existing names the other customer where you may see it.";
    UnknownEventType = "unknown_event_type", NOT_FOUND, "There is no such event",
        "No event has this name and version. allowed_values has what there is; GET /v1/schemas/events lists all of them.";
    FolderNameTaken = "folder_name_taken", CONFLICT, "Another folder has this name",
        "The names of folders differ within an organisation, without regard to case.";
    DuplicateUser = "duplicate_user", CONFLICT, "Another user signs in with this e-mail",
        "An e-mail belongs to one user of the installation.";
    DuplicateDocument = "duplicate_document", CONFLICT, "This document was recorded already",
        "A document is known by its source and number.";
    Conflict = "conflict", CONFLICT, "Others changed the record again and again",
        "The command was decided five times and each time somebody was faster. Send it again.";
    VersionConflict = "version_conflict", PRECONDITION_FAILED, "The record changed meanwhile",
        "If-Match named another version than the present one. events_since tells what happened; where mergeable is true, nothing of it touches what this command changes, and it can be sent again with the present version.";
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "If-Match is needed",
        "This command cannot be taken back. Read the record, then send its version in If-Match, so that you decide on what you saw.";
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large",
        "A request may have at most 1 MiB, a provider's delivery 4 MiB, a mail 25 MiB; files and imports may have more.";
    AddressTooLong = "address_too_long", URI_TOO_LONG, "The address is too long",
        "An address may have at most 8 KiB with its query. Search with POST, where a condition stands in the body.";
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large",
        "All headers of a request together may have at most 16 KiB, and there may be at most a hundred.";
    TooManyParameters = "too_many_parameters", BAD_REQUEST, "There are too many query parameters",
        "A query may have at most 100 parameters, filters included.";
    JsonTooDeep = "json_too_deep", BAD_REQUEST, "The JSON is too deep",
        "Lists and objects may lie in one another 32 deep.";
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests",
        "The operator of this service limits how fast callers may be. Retry-After says when to send it again, the header RateLimit how much is left (r) and in how many seconds all of it is there again (t), RateLimit-Policy what there is. A search costs 2, an answer 304 nothing, everything else 1.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Send JSON",
        "The body must be sent with Content-Type: application/json.";
    InvalidField = "invalid_field", UNPROCESSABLE_ENTITY, "A field is not right",
        "errors lists each field by its JSON pointer, with a code of its own and what would be right.";
    UnknownField = "unknown_field", UNPROCESSABLE_ENTITY, "A field is not known",
        "The body has a field that this operation does not know. Unknown fields are refused, so that a misspelt one is never lost in silence.";
    CardNumberRefused = "card_number_refused", UNPROCESSABLE_ENTITY, "The number of a payment card is not taken",
        "A text holds what looks like the number of a payment card. Such numbers are kept nowhere here: leave it out, or keep the last four digits only. If it is the number of something else, write it with its letters, or put it into a field for numbers.";
    MissingField = "missing_field", UNPROCESSABLE_ENTITY, "A field is missing",
        "The operation needs this field.";
    UnknownCommand = "unknown_command", UNPROCESSABLE_ENTITY, "There is no such command",
        "GET /v1/commands lists all commands.";
    RuleViolation = "rule_violation", UNPROCESSABLE_ENTITY, "A rule of the business forbids it",
        "The record is in a state that does not allow the command.";
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The Idempotency-Key was used for another request",
        "The same key came with another command or body. Take a new key for a new wish, the same one only for repeating the very same request.";
    InvalidCondition = "invalid_condition", UNPROCESSABLE_ENTITY, "The condition is not right",
        "A condition is a tree of all, any, not and leaves of field, op and value. GET /v1/fields lists the fields and their operators.";
    CelNotSupported = "cel_not_supported", UNPROCESSABLE_ENTITY, "CEL conditions are not supported yet",
        "Write the condition with field, op and value.";
    ImportRefused = "import_refused", UNPROCESSABLE_ENTITY, "The file cannot be imported",
        "The file is not what it should be; the detail names the row and column. Nothing of it, or only whole rows before, were taken over; sending it again finishes it.";
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS, "Too many attempts to sign in",
        "After several failures in a row one waits a little longer each time, at most a quarter of an hour. Try again after the time in Retry-After.";
    TooManySignIns = "too_many_sign_ins", TOO_MANY_REQUESTS, "Too many people sign in at this moment",
        "Checking a password takes its time. Try again after the time in Retry-After.";
    InvitationNotFound = "invitation_not_found", NOT_FOUND, "There is no such invitation",
        "No invitation of your organisation has this id.";
    InvitationClosed = "invitation_closed", UNPROCESSABLE_ENTITY, "The invitation is not open",
        "It was accepted or withdrawn, its seven days are over, it was sent again with another link, or who invited may no longer do so. Ask for another one.";
    InternalError = "internal_error", INTERNAL_SERVER_ERROR, "Something went wrong on our side",
        "The error was logged under the request id. The command was not done, unless its outcome is asked for again with the same Idempotency-Key.";
    ReadOnly = "read_only", SERVICE_UNAVAILABLE, "No commands are taken at present",
        "The disk of the database is nearly full. Nothing was done, and everything can be read. Commands are taken again by themselves once there is room; send the same request with the same Idempotency-Key after the time in Retry-After.";
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "Too many commands are waiting",
        "Try again after the time in Retry-After, with the same Idempotency-Key.";
    TooManyFeeds = "too_many_feeds", SERVICE_UNAVAILABLE, "Too many live feeds are open",
        "This process serves as many live feeds as it may. Come back after the time in Retry-After, or ask by long poll: GET /v1/events?after=…&wait=20.";
    OutcomeUnknown = "outcome_unknown", SERVICE_UNAVAILABLE, "Whether the command was done is not known",
        "The connection to the log was lost at the commit. Send the same request with the same Idempotency-Key: it is done once, whatever happened.";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The log cannot be reached",
        "The database does not answer. Nothing was done. Try again after the time in Retry-After.";
    BodyTimeout = "body_timeout", REQUEST_TIMEOUT, "The body did not come",
        "Nothing of the body came for 30 seconds. Send it again, with the same Idempotency-Key if it is a command.";
    Timeout = "timeout", SERVICE_UNAVAILABLE, "The answer took too long",
        "The request was given up after its time. Try again, with the same Idempotency-Key if it was a command.";
    ProjectionLagging = "projection_lagging", SERVICE_UNAVAILABLE, "The view has not caught up yet",
        "The view does not hold min_position yet. Try again, wait longer with Prefer: wait=5, or take what there is with Prefer: handling=lenient.";

    CustomerNotFound = "customer_not_found", NOT_FOUND, "There is no such customer",
        "No customer of this id is within your reach.";
    CustomerExists = "customer_exists", CONFLICT, "This customer exists already",
        "A customer of this id was created before.";
    CustomerArchived = "customer_archived", UNPROCESSABLE_ENTITY, "The customer is archived",
        "An archived customer takes no commands but restore and erase.";
    CustomerErased = "customer_erased", GONE, "The customer was erased",
        "The customer's personal data were destroyed for good. The history stays, without them.";
    NotYourChange = "not_your_change", UNPROCESSABLE_ENTITY, "Somebody else changed this",
        "One undoes what one did oneself, also by an app or a rule of one's own. Who administers the organisation undoes what others did; everybody else changes it by hand.";
    UndoTooLate = "undo_too_late", UNPROCESSABLE_ENTITY, "The change is too old to be undone",
        "A change can be undone for 30 days. After that, change it by hand: what stood there before is in the history.";
    NotUndoable = "not_undoable", UNPROCESSABLE_ENTITY, "This cannot be undone",
        "Some things stay once they are done: invoices, payments, messages, erasures, a change of type. The detail says what to do instead.";
    UndoneBefore = "undone_before", CONFLICT, "This was undone before",
        "The member event names what undid it; undo that to have the change again.";
    ChangedSince = "changed_since", CONFLICT, "The same was changed again since",
        "Undoing would take away what came later. The member event names the later change; undo that first, or change it by hand.";
    RestoreTooLate = "restore_too_late", UNPROCESSABLE_ENTITY, "The customer has been archived for too long",
        "Archiving can be undone for 30 days. After that the customer stays in the archive, where it can be read and erased.";
    NameRequired = "name_required", UNPROCESSABLE_ENTITY, "A name is missing",
        "A person needs a first or a last name, a company or supplier a company name.";
    StatusNotInFolder = "status_not_in_folder", UNPROCESSABLE_ENTITY, "The folder does not have this status",
        "A status is one from the list of the customer's folder; allowed_values has the list.";
    AddressNotFound = "address_not_found", NOT_FOUND, "The customer has no such address",
        "The address was removed, or never was this customer's.";
    NoteNotFound = "note_not_found", NOT_FOUND, "The customer has no such note",
        "The note was deleted, or never was this customer's, or is not for your role.";
    RiskFlagNotFound = "risk_flag_not_found", NOT_FOUND, "The customer has no such risk flag",
        "The flag was cleared, or never was this customer's.";
    ConfirmationRequired = "confirmation_required", UNPROCESSABLE_ENTITY, "Confirm it in words",
        "Erasing is for good: send {\"confirm\": \"erase\"}.";
    MemberNotFound = "member_not_found", UNPROCESSABLE_ENTITY, "Nobody of this organisation has this id",
        "Only members of the organisation can be named here. GET /v1/users lists them.";
    LastOwner = "last_owner", UNPROCESSABLE_ENTITY, "The organisation would be left without an owner",
        "Somebody has to be able to do everything. Make another member an owner first.";
    RoleFixed = "role_fixed", UNPROCESSABLE_ENTITY, "What this role gives cannot be changed",
        "Owner and admin may do and see everything. Give the person another role.";
    RoleNotSenior = "role_not_senior", UNPROCESSABLE_ENTITY, "This is for senior roles only",
        "Risk flags and money can be given to admin, owner, manager, executive, support and finance.";
    MemberExists = "member_exists", CONFLICT, "The user is a member already",
        "Change the member's roles instead.";
    UserNotFound = "user_not_found", NOT_FOUND, "There is no such user",
        "Nobody of this id signs in here.";
    UserExists = "user_exists", CONFLICT, "This user exists already",
        "A user of this id was registered before.";
    OrganisationNotFound = "organisation_not_found", NOT_FOUND, "There is no such organisation",
        "No organisation of this id was created.";
    OrganisationExists = "organisation_exists", CONFLICT, "This organisation exists already",
        "An organisation of this id was created before.";
    FolderNotFound = "folder_not_found", NOT_FOUND, "There is no such folder",
        "No folder of this id is in use. GET /v1/folders lists them.";
    FolderExists = "folder_exists", CONFLICT, "This folder exists already",
        "A folder of this id was created before.";
    FolderArchived = "folder_archived", UNPROCESSABLE_ENTITY, "The folder is archived",
        "An archived folder takes no customers and no changes.";
    ParentNotFound = "parent_not_found", UNPROCESSABLE_ENTITY, "There is no folder in use with the parent's id",
        "A folder lies in another folder that is in use, or in none.";
    TaskNotFound = "task_not_found", NOT_FOUND, "There is no such task",
        "No task of this id is within your reach.";
    TaskExists = "task_exists", CONFLICT, "This task exists already",
        "A task of this id was added before.";
    TaskDeleted = "task_deleted", GONE, "The task was deleted",
        "A deleted task takes no changes; add another one.";
    MessageNotFound = "message_not_found", NOT_FOUND, "There is no such message",
        "No message of this id is within your reach.";
    MessageExists = "message_exists", CONFLICT, "This message exists already",
        "A message of this id was written or received before.";
    MessageSettled = "message_settled", UNPROCESSABLE_ENTITY, "The message was sent already",
        "What was sent cannot be withheld any more.";
    MessageNotOutgoing = "message_not_outgoing", UNPROCESSABLE_ENTITY, "The message does not go out",
        "A message that came in, or that was withheld, is not sent, delivered or opened.";
    RecipientOptedOut = "recipient_opted_out", UNPROCESSABLE_ENTITY, "The customer wants no messages by this channel",
        "Nobody writes to an address that was closed to us. DELETE /v1/customers/{id}/opt-outs/{channel} once they opt in again.";
    RecipientWithoutAddress = "recipient_without_address", UNPROCESSABLE_ENTITY, "The customer has no address for this channel",
        "Add an address to the customer, or send to another one with the field to.";
    MessageTooLong = "message_too_long", UNPROCESSABLE_ENTITY, "The message is too long for its channel",
        "An SMS has at most 1,600 characters, a WhatsApp message 4,096. Say less, or send an e-mail.";
    FieldNotFound = "field_not_found", NOT_FOUND, "A customer has no such field",
        "allowed_values lists the fields whose history can be read; of counters, finance and risk each member is one, such as finance.EUR.gross.";
    OrderNotFound = "order_not_found", NOT_FOUND, "There is no such order",
        "No order of this id is within your reach. An invoice bills orders of its own customer that were not cancelled; a credit cannot be billed.";
    OrderExists = "order_exists", CONFLICT, "This order exists already",
        "An order of this id was placed or recorded before.";
    OrderRecorded = "order_recorded", UNPROCESSABLE_ENTITY, "The order is a document of another system",
        "A recorded document never changes. Only an order that was placed here can be cancelled.";
    QuoteNotFound = "quote_not_found", NOT_FOUND, "There is no such quote",
        "No quote of this id is within your reach.";
    QuoteExists = "quote_exists", CONFLICT, "This quote exists already",
        "A quote of this id was drafted before.";
    QuoteNotDraft = "quote_not_draft", UNPROCESSABLE_ENTITY, "The quote is no draft any more",
        "What the customer was sent does not change. Draft another quote.";
    QuoteDecided = "quote_decided", UNPROCESSABLE_ENTITY, "The quote was accepted or rejected before",
        "A decision about a quote stays. Draft another quote.";
    QuoteExpired = "quote_expired", UNPROCESSABLE_ENTITY, "The quote is not valid any more",
        "The last day of the quote has passed where your organisation is. Give a draft another day, or draft another quote.";
    ReferralCircle = "referral_circle", UNPROCESSABLE_ENTITY, "Nobody refers themselves",
        "The referrer would be the customer, or somebody whom the customer referred, directly or through others.";
    ServiceEntryNotFound = "service_entry_not_found", NOT_FOUND, "There is no such service entry",
        "No service entry of this id is within your reach.";
    ServiceEntryExists = "service_entry_exists", CONFLICT, "This service entry exists already",
        "A service entry of this id was added before.";
    ServiceEntryClosed = "service_entry_closed", UNPROCESSABLE_ENTITY, "The service entry is completed or cancelled",
        "A closed entry takes no changes; reopen it first.";
    PortalMailUnwanted = "portal_mail_unwanted", UNPROCESSABLE_ENTITY, "The customer wants no e-mails",
        "The customer opted out of e-mails, so the link is not sent. Leave send out, and hand the link over yourself.";
    PortalMailWithoutAddress = "portal_mail_without_address", UNPROCESSABLE_ENTITY, "There is no e-mail to send the link to",
        "Add a primary e-mail, or leave send out and hand the link over yourself.";
    FileNotFound = "file_not_found", NOT_FOUND, "There is no such file",
        "No file of this id is within your reach. A removed one is listed no more; it can be restored for 30 days.";
    FileExists = "file_exists", CONFLICT, "This file exists already",
        "A file of this id was uploaded before.";
    FileRemoved = "file_removed", UNPROCESSABLE_ENTITY, "The file was removed",
        "A removed file takes no changes; restore it first.";
    FileGone = "file_gone", UNPROCESSABLE_ENTITY, "The file was removed too long ago",
        "A removed file can be restored for 30 days. After that its bytes are gone; upload it again.";
    FileContentMissing = "file_content_missing", NOT_FOUND, "The bytes of the file are not there",
        "The file is known, but the folder files of the data directory does not hold its bytes: probably a backup was restored without that folder. Put it back, or upload the file again.";
    FileTooLarge = "file_too_large", PAYLOAD_TOO_LARGE, "The file is too large",
        "The detail says how large a file may be. Whoever runs the service sets that with largest_file_mib.";
    FileIncomplete = "file_incomplete", BAD_REQUEST, "The file broke off on its way here",
        "The connection ended before the file did. Nothing was kept; send it again, with the same Idempotency-Key.";
    TeamNotFound = "team_not_found", NOT_FOUND, "There is no such team",
        "No team of this id is there. GET /v1/teams lists them.";
    TeamExists = "team_exists", CONFLICT, "This team exists already",
        "A team of this id was created before.";
    TeamArchived = "team_archived", UNPROCESSABLE_ENTITY, "The team is archived",
        "An archived team takes nobody in and no changes, and gives nobody reach. GET /v1/teams lists those in use.";
    TeamNameTaken = "team_name_taken", CONFLICT, "Another team has this name",
        "Each team in use has a name of its own. The member existing names the one that has it.";
    TemplateNotFound = "template_not_found", NOT_FOUND, "There is no such template",
        "GET /v1/templates lists the templates in use.";
    TemplateExists = "template_exists", CONFLICT, "This template exists already",
        "A template of this id was written before.";
    TemplateArchived = "template_archived", UNPROCESSABLE_ENTITY, "The template is archived",
        "An archived template says nothing any more. GET /v1/templates lists those in use.";
    TemplateOfAnotherChannel = "template_of_another_channel", UNPROCESSABLE_ENTITY, "The template is for another channel",
        "Send the channel of the template with the message, or take a template of the message's channel.";
    InvalidPlaceholder = "invalid_placeholder", UNPROCESSABLE_ENTITY, "A placeholder of the message does not exist",
        "The placeholders are {customer.display_name}, {customer.first_name}, {customer.last_name} and {customer.company_name}; a brace that is meant is written \\{.";
    PlaceholderWithoutValue = "placeholder_without_value", UNPROCESSABLE_ENTITY, "The customer has nothing for a placeholder of the message",
        "Fill in what is missing of the customer, or write the message without it.";
    DocumentDiffers = "document_differs", CONFLICT, "The document was recorded before with another content",
        "A document is known by its source and number and never changes. Correct it by another document.";
    InvoiceNotFound = "invoice_not_found", NOT_FOUND, "There is no such invoice",
        "The customer's account has no invoice of this id or number.";
    PaymentNotFound = "payment_not_found", NOT_FOUND, "There is no such payment",
        "The customer's account has no payment of this id.";
    CreditNotFound = "credit_not_found", NOT_FOUND, "There is no such credit",
        "The customer's account has no payment, credit or credit note of this id.";
    AllocationNotFound = "allocation_not_found", NOT_FOUND, "There is no such allocation",
        "The payment or credit has no allocation of this id.";
    NumberTaken = "number_taken", CONFLICT, "Another document has this number",
        "The numbers of invoices differ within an organisation, and so do those of credit notes, without regard to case.";
    NumberReserved = "number_reserved", UNPROCESSABLE_ENTITY, "The number is one of the service's own",
        "Numbers such as DI-1 are given by the service, without gaps. Leave the number out to get the next one, or give one of another form.";
    CurrencyDiffers = "currency_differs", UNPROCESSABLE_ENTITY, "The currencies differ",
        "Amounts of different currencies are never set against each other.";
    AmountTooFine = "amount_too_fine", UNPROCESSABLE_ENTITY, "The amount has too many decimals",
        "Unit prices may have more decimals; money that moves has no more than its currency.";
    AllocationExceedsPayment = "allocation_exceeds_payment", UNPROCESSABLE_ENTITY, "More than is left of the payment",
        "The detail says how much is left to allocate. Leave the amount out to allocate as much as is left and open.";
    AllocationExceedsInvoice = "allocation_exceeds_invoice", UNPROCESSABLE_ENTITY, "More than is open on the invoice",
        "The detail says how much is open. Leave the amount out to allocate as much as is left and open.";
    NothingToAllocate = "nothing_to_allocate", UNPROCESSABLE_ENTITY, "Nothing is left or open",
        "The payment is allocated in full, or the invoice is paid in full.";
    RefundExceedsCredit = "refund_exceeds_credit", UNPROCESSABLE_ENTITY, "More than is left of the credit",
        "The detail says how much can be paid back. Take an allocation back first to pay back more.";
    NothingToRefund = "nothing_to_refund", UNPROCESSABLE_ENTITY, "Nothing is left of the credit",
        "All of it is allocated or was paid back.";
    CreditExceedsInvoice = "credit_exceeds_invoice", UNPROCESSABLE_ENTITY, "More than the invoice came to",
        "All credit notes to an invoice together are at most its total. The detail says how much is left.";
    OrderBilled = "order_billed", UNPROCESSABLE_ENTITY, "The order is billed already",
        "An order is billed by one invoice, and not cancelled any more: a credit note takes it back.";
    RuleNotFound = "rule_not_found", NOT_FOUND, "There is no such rule",
        "No rule of this id is within your reach.";
    RuleExists = "rule_exists", CONFLICT, "This rule exists already",
        "A rule of this id was written before.";
    RuleArchived = "rule_archived", UNPROCESSABLE_ENTITY, "The rule is archived",
        "An archived rule takes no changes; write another one.";
    RehearsalNeeded = "rehearsal_needed", UNPROCESSABLE_ENTITY,
        "A version that sends messages is rehearsed before it is switched on",
        "Keep it as a draft (`state: draft`), rehearse it over what has happened, then activate it.";
    WebhookNotFound = "webhook_not_found", NOT_FOUND, "There is no such webhook",
        "No webhook of this id is within your reach, or it was deleted.";
    WebhookExists = "webhook_exists", CONFLICT, "This webhook exists already",
        "A webhook of this id is there. Ids are made by the service; leave it out.";
    WebhookDisabled = "webhook_disabled", CONFLICT, "The webhook is switched off",
        "Nothing is delivered while it is off. POST /v1/webhooks/{id}/enable switches it on; then ask again.";
    RuleNotActive = "rule_not_active", UNPROCESSABLE_ENTITY, "The rule is switched off",
        "Only a rule that is switched on is run by hand; activate it first.";
    OutsideRuleScope = "outside_rule_scope", UNPROCESSABLE_ENTITY, "The rule is not for this customer",
        "The rule names folders, types or tags, and this customer is not among them.";
    RuleRunExists = "rule_run_exists", CONFLICT, "There is a run of this id",
        "A run is asked for once; leave the id out, and send an Idempotency-Key to try again safely.";
    RuleRunFinished = "rule_run_finished", CONFLICT, "The run was recorded before",
        "A run ends once.";
    RunNotFailed = "run_not_failed", CONFLICT, "The run did not fail",
        "Only a failed run can be had to go on.";
    MailUnreadable = "mail_unreadable", UNPROCESSABLE_ENTITY, "The body is no mail",
        "Send the mail as it came over the wire (RFC 5322), with its headers.";
    UnmatchedNotFound = "unmatched_not_found", NOT_FOUND, "Nothing of this id waits for a customer",
        "GET /v1/inbound/unmatched lists what came in and belongs to nobody yet.";
    UnmatchedSettled = "unmatched_settled", CONFLICT, "It was attached or dismissed before",
        "What came in is settled once. A message that was attached stands on its customer's timeline.";
    JobNotFinished = "job_not_finished", CONFLICT, "The job still runs",
        "A job is undone once it has ended. GET /v1/jobs/{job_id} says how far it is.";
    JobNotFound = "job_not_found", NOT_FOUND, "There is no such job",
        "No job of this id is within your reach.";
}

/// Codes of single values; they stand in `errors[].code`, below a problem `invalid_field`.
pub const FIELD_CODES: &[(&str, &str)] = &[
    (
        "card_number_refused",
        "Numbers of payment cards are kept nowhere: at most the last four digits.",
    ),
    ("invalid_name", "A name has 1 to 200 characters on one line."),
    (
        "invalid_file_name",
        "The name of a file has 1 to 255 characters on one line, none that turns the direction of writing.",
    ),
    ("invalid_label", "A label has 1 to 64 characters on one line."),
    ("invalid_tag", "A tag has 1 to 64 characters on one line."),
    ("invalid_status", "A status is lower-case letters, digits and underscores, up to 64."),
    ("invalid_source", "A source is ASCII letters, digits, - and _, up to 64."),
    ("invalid_id", "An outside id has 1 to 200 characters on one line."),
    ("invalid_subject", "A subject has 1 to 500 characters on one line."),
    (
        "invalid_placeholder",
        "A placeholder is {customer.display_name} or another name of the customer.",
    ),
    ("invalid_text", "A text has 1 to 20,000 characters."),
    ("invalid_email", "An e-mail address that mail servers would take."),
    ("invalid_phone", "A phone number has at least 3 digits."),
    ("invalid_address", "A line of an address has 1 to 200 characters."),
    ("invalid_country", "A country is its ISO 3166-1 alpha-2 code, such as DE."),
    ("invalid_currency", "A currency is its ISO 4217 code, such as EUR."),
    ("invalid_amount", "An amount is a decimal number, best sent as a string."),
    ("invalid_time_zone", "A time zone is its IANA name, such as Europe/Vienna."),
    ("invalid_period", "A period is an ISO 8601 duration above zero, such as P2D."),
    ("invalid_offset", "An offset is an ISO 8601 duration such as P1D, or -P3D for earlier."),
    ("invalid_time", "A time of day is hours and minutes, such as 09:00."),
    (
        "invalid_statuses",
        "A folder has at least one status, each once, and the default is one of them.",
    ),
    ("unknown_event", "The trigger names an event that does not exist."),
    (
        "invalid_url",
        "A URL begins with https:// or http://, names a public host, and holds no password.",
    ),
    (
        "invalid_password",
        "A password has 8 to 128 characters and is none that everybody tries first.",
    ),
    ("invalid_code", "A number of a document or code of an item has 1 to 100 characters."),
];
