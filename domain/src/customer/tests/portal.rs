use jiff::civil::Date;
use serde_json::json;

use super::*;

fn granted(link: u128, sent_to: Option<&str>) -> Event {
    let until = Date::constant(2026, 12, 20);
    let sent_to = sent_to.map(|address| Known(address.to_owned()));
    Event::PortalAccessGranted { link_id: id(link), until, sent_to }
}

#[test]
fn access_is_for_thirty_days_and_a_new_link_takes_the_place_of_the_old_one() {
    ada().when("customer.grant_portal_access", json!({})).then([granted(1000, None)]);
    let again = ada().after("customer.grant_portal_access", json!({"link_id": id(7)}));
    again.when("customer.grant_portal_access", json!({})).then([granted(1000, None)]);
    let again = ada().after("customer.grant_portal_access", json!({"link_id": id(7)}));
    again.when("customer.grant_portal_access", json!({"link_id": id(7)})).then([]);
}

#[test]
fn a_link_is_sent_to_the_primary_email_if_the_customer_wants_mail() {
    let send = || json!({"send": true});
    let mail = json!({"address": "ada@example.com", "primary": true});
    let ada_with_mail = || ada().after("customer.add_email", mail.clone());
    ada_with_mail()
        .when("customer.grant_portal_access", send())
        .then([granted(1000, Some("ada@example.com"))]);
    ada_with_mail()
        .after("customer.opt_out", json!({"channel": "email"}))
        .when("customer.grant_portal_access", send())
        .then_refused("portal_mail_unwanted", "/send");
    given::<Customer>([])
        .after("customer.create", json!({"type": "person", "last_name": "Byron"}))
        .when("customer.grant_portal_access", send())
        .then_refused("portal_mail_without_address", "/send");
}

#[test]
fn access_is_taken_away_at_once() {
    let granted = ada().after("customer.grant_portal_access", json!({}));
    granted.when("customer.revoke_portal_access", json!({})).then([Event::PortalAccessRevoked {}]);
    ada().when("customer.revoke_portal_access", json!({})).then([]);
}
