//! What to do where a change has no inverse.

use crate::Event;
use crate::account::Event as Account;

/// A sentence for people, by the kind of the event.
pub(super) fn of(event: &Event) -> &'static str {
    match event.stream_kind() {
        "account" => of_account(event),
        "quote" => "a quote keeps what became of it; draft another quote",
        "order" => "an order stays in the books; cancel it, or issue a credit note",
        "message" => "what was sent cannot be called back; write another message",
        "member" | "role" | "team" | "organisation" | "user" | "invitation" => {
            "access is changed where it is set, under Settings"
        }
        "folder" => "folders are changed where they are set, under Settings",
        "rule" | "rule_run" => "what a rule did is undone event by event, the rule itself edited",
        _ => "nothing takes this back",
    }
}

fn of_account(event: &Event) -> &'static str {
    let Event::Account(event) = event else { return "" };
    match event {
        Account::InvoiceIssued(_) => "what was issued stays; issue a credit note",
        Account::CreditNoteIssued(_) => "what was issued stays; issue another invoice",
        Account::PaymentReceived { .. } => "money that came in is paid back by a refund",
        Account::PaymentAllocated { .. } | Account::CreditAllocated { .. } => {
            "take the allocation back in Finance"
        }
        Account::AllocationReversed { .. } => "allocate the amount again in Finance",
        Account::CreditAdded { .. } => "credit is paid back by a refund",
        Account::CreditRefunded { .. } => "put the credit on the account again",
    }
}
