//! The events of a customer's account: money, for those who see financial figures.

use super::Row;
use crate::access::FieldGroup;
use crate::condition::Kind;

const fn financial(name: &'static str, kind: Kind) -> Row {
    (name, kind, FieldGroup::Financial)
}

#[expect(clippy::too_many_lines, reason = "every event by name")]
pub(super) fn fields(name: &str) -> Option<&'static [Row]> {
    Some(match name {
        "account.invoice_issued" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("invoice_id", Kind::Uuid),
                    financial("number", Kind::Text),
                    financial("issued_on", Kind::Date),
                    financial("due_on", Kind::Date),
                    financial("currency", Kind::Label),
                    financial("total", Kind::Number),
                    financial("name", Kind::Text),
                ]
            }
        }
        "account.credit_note_issued" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("credit_note_id", Kind::Uuid),
                    financial("number", Kind::Text),
                    financial("invoice", Kind::Uuid),
                    financial("issued_on", Kind::Date),
                    financial("currency", Kind::Label),
                    financial("total", Kind::Number),
                    financial("applied", Kind::Number),
                    financial("reason", Kind::Text),
                ]
            }
        }
        "account.payment_received" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("payment_id", Kind::Uuid),
                    financial("amount", Kind::Number),
                    financial("currency", Kind::Label),
                    financial("on", Kind::Date),
                    financial("method", Kind::Label),
                    financial("reference", Kind::Text),
                ]
            }
        }
        "account.credit_added" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("credit_id", Kind::Uuid),
                    financial("amount", Kind::Number),
                    financial("currency", Kind::Label),
                    financial("on", Kind::Date),
                    financial("method", Kind::Label),
                    financial("reference", Kind::Text),
                ]
            }
        }
        "account.payment_allocated" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("allocation_id", Kind::Uuid),
                    financial("payment", Kind::Uuid),
                    financial("with_payment", Kind::Bool),
                    financial("invoice", Kind::Uuid),
                    financial("amount", Kind::Number),
                    financial("currency", Kind::Label),
                ]
            }
        }
        "account.credit_allocated" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("allocation_id", Kind::Uuid),
                    financial("credit", Kind::Uuid),
                    financial("invoice", Kind::Uuid),
                    financial("amount", Kind::Number),
                    financial("currency", Kind::Label),
                ]
            }
        }
        "account.allocation_reversed" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("allocation_id", Kind::Uuid),
                    financial("funds", Kind::Uuid),
                    financial("invoice", Kind::Uuid),
                    financial("due_on", Kind::Date),
                    financial("amount", Kind::Number),
                    financial("currency", Kind::Label),
                    financial("reason", Kind::Text),
                ]
            }
        }
        "account.credit_refunded" => {
            const {
                &[
                    financial("customer", Kind::Uuid),
                    financial("refund_id", Kind::Uuid),
                    financial("credit", Kind::Uuid),
                    financial("amount", Kind::Number),
                    financial("currency", Kind::Label),
                    financial("on", Kind::Date),
                    financial("method", Kind::Label),
                    financial("reference", Kind::Text),
                ]
            }
        }
        _ => return None,
    })
}
