//! The ids that stand in the examples of the reference. A test that tries the examples puts the
//! ids of real records in their place.

use serde_json::{Value, json};
use uuid::Uuid;

/// A customer.
pub const CUSTOMER: &str = "0199a1b2-0000-7000-8000-0000000000c1";
/// A folder with the statuses `prospect` and `won`, in which the customer is.
pub const FOLDER: &str = "0199a1b2-0000-7000-8000-0000000000f1";
/// A task of the customer.
pub const TASK: &str = "0199a1b2-0000-7000-8000-0000000000a1";
/// A note of the customer.
pub const NOTE: &str = "0199a1b2-0000-7000-8000-0000000000d1";
/// An interaction with the customer.
pub const INTERACTION: &str = "0199a1b2-0000-7000-8000-0000000000d2";
/// An address of the customer.
pub const ADDRESS: &str = "0199a1b2-0000-7000-8000-0000000000d3";
/// A risk flag of the customer.
pub const RISK_FLAG: &str = "0199a1b2-0000-7000-8000-0000000000d4";
/// A member of the organisation.
pub const USER: &str = "0199a1b2-0000-7000-8000-0000000000b1";
/// A rule.
pub const RULE: &str = "0199a1b2-0000-7000-8000-0000000000e1";
/// A run of the rule.
pub const RUN: &str = "0199a1b2-0000-7000-8000-0000000000e2";
/// An event about the customer.
pub const EVENT: &str = "0199a1b2-0000-7000-8000-0000000000e3";
/// A job.
pub const JOB: &str = "0199a1b2-0000-7000-8000-0000000000e4";
/// A token.
pub const TOKEN: &str = "0199a1b2-0000-7000-8000-0000000000e5";
/// A session.
pub const SESSION: &str = "0199a1b2-0000-7000-8000-0000000001d1";
/// An invitation, and what its link holds.
pub const INVITATION: &str = "0199a1b2-0000-7000-8000-0000000001d2";
pub const INVITATION_TOKEN: &str =
    "7b1f0c6c1a2b7d4e9f8a3b1c0d6e5f4a7b5f0c6c1a2b7d4e9f8a3b1c0d6e5f4a";
/// Of somebody who can sign in.
pub const EMAIL: &str = "owner@example.com";
pub const PASSWORD: &str = "three ships in a bottle";
/// A placed order of the customer.
pub const ORDER: &str = "0199a1b2-0000-7000-8000-0000000000e6";
/// A message of nobody known that waits for a customer.
pub const UNMATCHED: &str = "0199a1b2-0000-7000-8000-0000000001a1";
/// A connection with WhatsApp.
pub const CONNECTION: &str = "0199a1b2-0000-7000-8000-0000000001a2";
/// A webhook.
pub const WEBHOOK: &str = "0199a1b2-0000-7000-8000-0000000001b1";
/// What the webhook was told of an event.
pub const DELIVERY: &str = "0199a1b2-0000-7000-8000-0000000001b2";
/// The part of a connection's address that nobody guesses.
pub const CONNECTION_ADDRESS: &str =
    "5f0c6c1a2b7d4e9f8a3b1c0d6e5f4a7b5f0c6c1a2b7d4e9f8a3b1c0d6e5f4a7b";

/// A message to the customer.
pub const MESSAGE: &str = "0199a1b2-0000-7000-8000-0000000000e7";
/// A team with the member in it.
pub const TEAM: &str = "0199a1b2-0000-7000-8000-0000000001c1";
/// A template of e-mails.
pub const TEMPLATE: &str = "0199a1b2-0000-7000-8000-0000000001a3";
/// A quote for the customer.
pub const QUOTE: &str = "0199a1b2-0000-7000-8000-0000000000e8";
/// A service entry of the customer.
pub const SERVICE_ENTRY: &str = "0199a1b2-0000-7000-8000-0000000000e9";
/// What a link to the portal ends with.
pub const PORTAL: &str = "5d0c6f8e2b7a4193c1e0f2d3a4b5968778695a4b3c2d1e0f9a8b7c6d5e4f3021";
/// A file of the customer.
pub const FILE: &str = "0199a1b2-0000-7000-8000-000000000f11";
/// Another customer.
pub const REFERRER: &str = "0199a1b2-0000-7000-8000-0000000000c2";

/// What a link to unsubscribe ends with.
pub const UNSUBSCRIBE: &str = "0198f0000000700080000000000000010199a1b20000700080000000000000c10199a1b20000700080000000000000e8";
/// An invoice of the customer that is not paid.
pub const INVOICE: &str = "0199a1b2-0000-7000-8000-0000000000f7";
/// A payment of the customer, of which something is left.
pub const PAYMENT: &str = "0199a1b2-0000-7000-8000-0000000000f8";
/// What of the payment is allocated.
pub const ALLOCATION: &str = "0199a1b2-0000-7000-8000-0000000000ea";
/// Credit on the customer's account, of which something is left.
pub const CREDIT: &str = "0199a1b2-0000-7000-8000-0000000000eb";
/// What of the credit is allocated.
pub const CREDIT_ALLOCATION: &str = "0199a1b2-0000-7000-8000-0000000000ec";

/// Any id.
pub(super) const fn id() -> Uuid {
    Uuid::from_u128(0x0199_a1b2_0000_7000_8000_0000_0000_00c1)
}

/// A value for a path parameter.
pub(super) fn path_value(name: &str) -> String {
    let value = match name {
        "customer_id" => CUSTOMER,
        "folder_id" => FOLDER,
        "task_id" => TASK,
        "note_id" => NOTE,
        "interaction_id" => INTERACTION,
        "address_id" => ADDRESS,
        "flag_id" => RISK_FLAG,
        "user" | "user_id" => USER,
        "rule_id" => RULE,
        "run_id" => RUN,
        "event_id" => EVENT,
        "job_id" => JOB,
        "token_id" => TOKEN,
        "session_id" => SESSION,
        "invitation_id" => INVITATION,
        "order_id" => ORDER,
        "message_id" => MESSAGE,
        "quote_id" => QUOTE,
        "team_id" => TEAM,
        "template_id" => TEMPLATE,
        "entry_id" => SERVICE_ENTRY,
        "file_id" => FILE,
        "secret" => PORTAL,
        "unmatched_id" => UNMATCHED,
        "connection_id" => CONNECTION,
        "connection" => CONNECTION_ADDRESS,
        "webhook_id" => WEBHOOK,
        "delivery_id" => DELIVERY,
        "invoice_id" => INVOICE,
        "payment_id" => PAYMENT,
        "allocation_id" => ALLOCATION,
        "credit_id" => CREDIT,
        "credit_allocation_id" => CREDIT_ALLOCATION,
        "address" => "ada@example.com",
        "number" => "+442079460958",
        "source" => "shop",
        "tag" => "vip",
        "channel" => "email",
        "link" => UNSUBSCRIBE,
        "code" => "version_conflict",
        "role" => "viewer",
        "field" => "status",
        "file" => "swagger-ui.css",
        "type" => "customer.created",
        "version" => "1",
        _ => "",
    };
    value.to_owned()
}

/// What a path parameter is.
pub(super) fn path_schema(name: &str) -> Value {
    if Uuid::try_parse(&path_value(name)).is_ok() {
        json!({ "type": "string", "format": "uuid" })
    } else {
        json!({ "type": "string" })
    }
}
