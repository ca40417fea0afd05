//! Everything that the real files hold must be acceptable to the domain as a command.

use domain::Command;
use serde_json::{Value, json};
use uuid::Uuid;

use super::real_files::{demo_customers, demo_orders, online_retail};
use crate::import::{CustomerRow, Item, OrderDocument};

fn assert_taken(command: &str, data: Value, what: &str) {
    if let Err(invalid) = Command::parse(command, None, data) {
        panic!("{what}: {invalid:?}");
    }
}

fn create(row: &CustomerRow) -> Value {
    let address = row.address.clone().unwrap();
    json!({
        "type": row.kind, "first_name": row.first_name, "last_name": row.last_name,
        "emails": row.emails, "phones": row.phones, "tags": row.tags,
        "external_ids": {"demo": row.external_id},
        "addresses": [{
            "line1": address.line1, "city": address.city,
            "postcode": address.postcode, "country": address.country,
        }],
    })
}

fn record(document: &OrderDocument) -> Value {
    let line = |line: &crate::import::OrderLine| {
        json!({
            "item_code": line.item_code.clone().unwrap_or_default(),
            "description": line.description.clone().unwrap_or_default(),
            "quantity": line.quantity.to_string(), "unit_price": line.unit_price.to_string(),
        })
    };
    json!({
        "customer": Uuid::from_u128(1), "source": "demo", "number": document.number,
        "credited": document.credited, "currency": "USD", "placed_at": document.occurred_at,
        "lines": document.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

#[test]
fn every_customer_of_the_demo_can_be_created() {
    for row in demo_customers() {
        assert_taken("customer.create", create(&row), &format!("row {}", row.row));
    }
}

#[test]
fn every_order_of_the_demo_and_of_online_retail_can_be_recorded() {
    let items = demo_orders().map(Result::unwrap).chain(online_retail().map(Result::unwrap));
    for item in items {
        if let Item::Order(document) = item {
            assert_taken(
                "order.record",
                record(&document),
                &format!("document {}", document.number),
            );
        }
    }
}
