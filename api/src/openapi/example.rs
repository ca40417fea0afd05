//! Examples of commands. Where none is written here, one is made from the schema, so that a new
//! command has one from its first day.

use domain::command::CommandSpec;
use serde_json::{Map, Value, json};

use super::samples;
use super::schemas;

/// Data of this command that works.
pub(super) fn of(spec: &CommandSpec) -> Value {
    written(spec.name).unwrap_or_else(|| {
        let mut referred = Vec::new();
        (spec.referred)(&mut referred);
        let referred = schemas::by_name(referred);
        made(&json!((spec.schema)()), &referred)
    })
}

/// The same without the fields that stand in the path.
pub(super) fn without(mut body: Value, fields: &[&str]) -> Value {
    if let Value::Object(body) = &mut body {
        body.retain(|name, _| !fields.contains(&name.as_str()));
    }
    body
}

/// Data of this command that is refused.
pub(super) fn wrong(spec: &CommandSpec, fields: &[&str]) -> Value {
    match spec.name {
        "customer.create" => json!({ "type": "person", "first_name": "Ada", "emails": ["ada"] }),
        "customer.add_email" => json!({ "address": "ada@" }),
        "customer.log_interaction" => json!({ "type": "carrier_pigeon" }),
        "customer.raise_risk_flag" => json!({ "type": "bad_mood", "reason": "Shouted" }),
        "customer.add_note" => json!({ "text": "Likes tea", "scope": "everybody" }),
        "folder.create" => json!({ "name": "Leads", "statuses": [] }),
        _ => {
            let mut body = without(of(spec), fields);
            if let Value::Object(body) = &mut body {
                body.insert("colour".to_owned(), "red".into());
            }
            body
        }
    }
}

/// Whether it makes something with an id of its own inside a record.
pub(super) fn makes_a_part(spec: &CommandSpec) -> bool {
    const PARTS: [&str; 4] = [
        "customer.add_note",
        "customer.log_interaction",
        "customer.raise_risk_flag",
        "customer.add_address",
    ];
    PARTS.contains(&spec.name)
}

fn written(name: &str) -> Option<Value> {
    Some(match name {
        "customer.create" => json!({
            "type": "person",
            "first_name": "Ada",
            "last_name": "Byron",
            "emails": [{ "address": "ada.byron@example.com", "label": "home" }],
            "phones": ["+44 20 7946 0958"],
            "addresses": [{
                "line1": "12 St James's Square",
                "city": "London",
                "postcode": "SW1Y 4JH",
                "country": "GB",
            }],
            "folder": samples::FOLDER,
            "status": "prospect",
            "tags": ["vip"],
            "external_ids": { "shop": "17850" },
        }),
        "customer.rename" => json!({ "first_name": "Augusta Ada" }),
        "customer.change_type" => json!({ "type": "company", "company_name": "Byron & Co" }),
        "customer.change_address" => json!({
            "address_id": samples::ADDRESS,
            "line1": "Ockham Park",
            "city": "Ockham",
            "country": "GB",
        }),
        "customer.set_external_id" => json!({ "source": "shop", "id": "17850" }),
        "customer.change_status" => json!({ "status": "won", "reason": "Signed offer 2026-114" }),
        "customer.flag" => json!({ "reason": "Wants to be called back before noon" }),
        "customer.tag" | "customer.untag" => json!({ "tag": "vip" }),
        "customer.set_referrer" => json!({ "customer": samples::REFERRER }),
        "customer.erase" => json!({ "confirm": "erase" }),
        "customer.clear_risk_flag" => {
            json!({ "flag_id": samples::RISK_FLAG, "reason": "Has paid" })
        }
        "customer.raise_risk_flag" => {
            json!({ "type": "overdue_payment", "reason": "Two invoices are overdue" })
        }
        _ => return written_elsewhere(name),
    })
}

fn written_elsewhere(name: &str) -> Option<Value> {
    Some(match name {
        "task.add" => {
            json!({ "customer": samples::CUSTOMER, "title": "Call back", "due_on": "2026-11-23" })
        }
        "task.edit" => json!({ "title": "Call back before noon" }),
        "message.request" => json!({
            "customer": samples::CUSTOMER,
            "to": "ada@example.com",
            "subject": "Your offer",
            "text": "Dear Ms Byron,\n\nyour offer is ready.",
        }),
        "template.create" => json!({
            "name": "Thanks for a payment",
            "channel": "email",
            "subject": "Thank you, {customer.first_name}",
            "text": "Dear {customer.display_name},\n\nyour payment has come. Thank you.",
        }),
        "template.change" => json!({
            "name": "Thanks for a payment",
            "subject": "Many thanks, {customer.first_name}",
            "text": "Dear {customer.display_name},\n\nyour payment has come. Many thanks.",
        }),
        "message.receive" => json!({
            "customer": samples::CUSTOMER,
            "channel": "email",
            "from": "ada@example.com",
            "subject": "Re: Your offer",
            "text": "Thank you, I shall take it.",
            "provider_id": "cafe@example.com",
        }),
        "organisation.set_sender" => {
            json!({ "name": "Analytical Engines", "address": "office@example.com" })
        }
        "customer.opt_out" => json!({ "channel": "email", "reason": "Asked on the phone" }),
        "folder.create" => json!({
            "name": "Leads",
            "statuses": ["prospect", "in_negotiation", "won", "lost"],
            "default_status": "prospect",
        }),
        "folder.rename" => json!({ "name": "Active clients" }),
        "folder.change_statuses" => {
            json!({ "statuses": ["prospect", "won", "lost"], "default_status": "prospect" })
        }
        "rule.create" | "rule.change" => json!({
            "name": "Call who was won",
            "trigger": { "events": ["customer.status_changed"] },
            "when": { "field": "event.to", "op": "eq", "value": "won" },
            "then": [{ "action": "create_task", "title": "Welcome call", "due_in": "P2D" }],
        }),
        "webhook.create" => json!({
            "url": "https://hooks.example.com/dossier",
            "types": ["customer.*", "account.payment_received"],
            "payload": "full",
            "order": "subject",
        }),
        "webhook.change" => json!({ "types": ["customer.*"], "payload": "thin" }),
        "rule_run.request" => json!({ "rule": samples::RULE, "customer": samples::CUSTOMER }),
        "notification.send" => json!({ "to": [samples::USER], "text": "The offer was signed" }),
        _ => return written_for_access(name),
    })
}

fn written_for_access(name: &str) -> Option<Value> {
    Some(match name {
        "team.create" => json!({ "name": "North" }),
        "team.rename" => json!({ "name": "North and east" }),
        "team.add_member" => json!({ "user": samples::USER }),
        "member.set_reach" => json!({ "read": { "all": true }, "write": { "assigned": true } }),
        "role.change_permissions" => {
            json!({ "role": "viewer", "permissions": ["customer.list", "customer.read", "note.read"] })
        }
        "role.change_field_groups" => {
            json!({ "role": "viewer", "field_groups": ["basic", "contact"] })
        }
        "role.change_note_scopes" => {
            json!({ "role": "viewer", "note_scopes": ["internal", "customer"] })
        }
        "role.reset" => json!({ "role": "viewer" }),
        "member.change_roles" => json!({ "roles": ["sales", "support"] }),
        _ => return written_for_sales(name),
    })
}

#[expect(clippy::too_many_lines, reason = "one example each")]
fn written_for_sales(name: &str) -> Option<Value> {
    Some(match name {
        "order.record" => json!({
            "customer": samples::CUSTOMER,
            "source": "shop",
            "number": "536365",
            "currency": "GBP",
            "placed_at": "2026-11-20T09:30:00Z",
            "lines": [{
                "item_code": "85123A",
                "description": "White hanging heart T-light holder",
                "quantity": "6",
                "unit_price": "2.55",
            }],
        }),
        "account.issue_invoice" => json!({
            "customer": samples::CUSTOMER,
            "due_on": "2026-12-04",
            "currency": "EUR",
            "lines": [{ "description": "Lantern", "quantity": "2", "unit_price": "12.50" }],
        }),
        "account.issue_credit_note" => json!({
            "customer": samples::CUSTOMER,
            "invoice": samples::INVOICE,
            "lines": [{ "description": "Came broken", "quantity": "1", "unit_price": "5.00" }],
        }),
        "account.receive_payment" => json!({
            "customer": samples::CUSTOMER,
            "amount": { "amount": "25.00", "currency": "EUR" },
            "method": "transfer",
            "received_on": "2026-11-20",
            "reference": "Invoice of November",
            "allocations": [{ "invoice": samples::INVOICE, "amount": "10.00" }],
        }),
        "account.allocate_payment" => json!({
            "payment": samples::PAYMENT, "invoice": samples::INVOICE, "amount": "5.00",
        }),
        "account.allocate_credit" => json!({
            "credit": samples::CREDIT, "invoice": samples::INVOICE, "amount": "5.00",
        }),
        "account.reverse_allocation" => json!({
            "funds": samples::PAYMENT,
            "allocation": samples::ALLOCATION,
            "reason": "It was for another invoice",
        }),
        "account.add_credit" => json!({
            "customer": samples::CUSTOMER,
            "amount": { "amount": "20.00", "currency": "EUR" },
            "method": "cash",
        }),
        "account.refund_credit" => json!({
            "credit": samples::CREDIT, "amount": "5.00", "method": "transfer",
        }),
        "order.place" => json!({
            "customer": samples::CUSTOMER,
            "currency": "EUR",
            "lines": [{ "description": "Lantern", "quantity": "2", "unit_price": "10.00" }],
        }),
        "quote.draft" => json!({
            "customer": samples::CUSTOMER,
            "valid_until": "2099-12-31",
            "currency": "EUR",
            "lines": [
                { "description": "Lantern", "quantity": "2", "unit_price": "10.00" },
                { "description": "Oil", "quantity": "1", "unit_price": "5.50" },
            ],
        }),
        "quote.edit" => json!({ "valid_until": "2099-12-30" }),
        "service_entry.add" => json!({
            "customer": samples::CUSTOMER,
            "kind": "delivery",
            "title": "Sofa, second floor",
            "scheduled_for": "2026-12-01",
        }),
        _ => return None,
    })
}

/// An example that a schema implies: its required members, each with its own example.
fn made(schema: &Value, referred: &Map<String, Value>) -> Value {
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or_default();
        return referred.get(name).map_or(Value::Null, |schema| made(schema, referred));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let first = schema.get(choice).and_then(Value::as_array).map(|all| {
            all.iter().find(|one| one.get("type").and_then(Value::as_str) != Some("null"))
        });
        if let Some(Some(first)) = first {
            return made(first, referred);
        }
    }
    if let Some(first) = schema.pointer("/enum/0") {
        return first.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => object(schema, referred),
        Some("array") => json!([made(schema.get("items").unwrap_or(&Value::Null), referred)]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("string") => match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => json!(samples::CUSTOMER),
            Some("date") => json!("2026-11-23"),
            Some("date-time") => json!("2026-11-20T16:00:00Z"),
            Some(_) | None => json!("text"),
        },
        Some(_) | None => json!({}),
    }
}

fn object(schema: &Value, referred: &Map<String, Value>) -> Value {
    let required = schema.get("required").and_then(Value::as_array);
    let names = required.into_iter().flatten().filter_map(Value::as_str);
    let members: Map<String, Value> = names
        .map(|name| {
            let member = schema.get("properties").and_then(|all| all.get(name));
            (
                name.to_owned(),
                identified(name)
                    .unwrap_or_else(|| member.map_or(Value::Null, |member| made(member, referred))),
            )
        })
        .collect();
    Value::Object(members)
}

/// Ids are those of the samples, by the name of their field.
fn identified(name: &str) -> Option<Value> {
    Some(json!(match name {
        "folder" => samples::FOLDER,
        "user" | "assignee" => samples::USER,
        "note_id" => samples::NOTE,
        "address_id" => samples::ADDRESS,
        "flag_id" => samples::RISK_FLAG,
        "customer" => samples::CUSTOMER,
        _ => return None,
    }))
}
