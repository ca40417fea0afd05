use super::*;
use crate::testing::{ADA, ARCHIVED, ERASED, NIECE};

/// The customer of these tests is `id(9)`; the niece was referred by Ada, and Ada by `id(9)`.
fn set(referrer: uuid::Uuid) -> Value {
    json!({"customer": referrer})
}

#[test]
fn a_referrer_is_set_changed_and_removed() {
    let to = ADA;
    ada().when("customer.set_referrer", set(to)).then([Event::ReferrerSet { from: None, to }]);
    let referred = || ada().after("customer.set_referrer", set(ADA));
    referred().when("customer.set_referrer", set(ADA)).then_nothing();
    referred()
        .when("customer.remove_referrer", json!({}))
        .then([Event::ReferrerRemoved { from: ADA }]);
    ada().when("customer.remove_referrer", json!({})).then_nothing();
}

#[test]
fn each_end_is_told_in_the_same_append() {
    let names = |event: Event| {
        let entailed = crate::Event::from(event).entails(id(9));
        entailed.iter().map(|command| (command.name(), command.stream_id())).collect::<Vec<_>>()
    };
    let (removed, recorded) = ("customer.remove_referral", "customer.record_referral");
    assert_eq!(names(Event::ReferrerSet { from: None, to: ADA }), [(recorded, ADA)]);
    let changed = Event::ReferrerSet { from: Some(NIECE), to: ADA };
    assert_eq!(names(changed), [(removed, NIECE), (recorded, ADA)]);
    assert_eq!(names(Event::ReferrerRemoved { from: ADA }), [(removed, ADA)]);
}

#[test]
fn nobody_refers_themselves_by_however_many_others() {
    ada().when("customer.set_referrer", set(id(9))).then_refused("referral_circle", "/customer");
    ada().when("customer.set_referrer", set(NIECE)).then_refused("referral_circle", "/customer");
}

#[test]
fn a_referrer_is_a_customer_who_is_there() {
    for (referrer, code) in [
        (id(7), "customer_not_found"),
        (ARCHIVED, "customer_archived"),
        (ERASED, "customer_erased"),
    ] {
        ada().when("customer.set_referrer", set(referrer)).then_refused(code, "/customer");
    }
    let archived = ada().after("customer.archive", json!({}));
    archived.when("customer.set_referrer", set(ADA)).then_refused("customer_archived", "");
}

/// Who is gone is unlinked all the same when the other end asks for it.
#[test]
fn a_referral_is_kept_once_and_let_go_even_of_an_erased_customer() {
    let referral = || json!({"referred": NIECE});
    let referred = NIECE;
    ada().when("customer.record_referral", referral()).then([Event::ReferralRecorded { referred }]);
    let referrer = || ada().after("customer.record_referral", referral());
    referrer().when("customer.record_referral", referral()).then_nothing();
    ada().when("customer.remove_referral", referral()).then_nothing();
    for gone in [("customer.archive", json!({})), ("customer.erase", json!({"confirm": "erase"}))] {
        let gone = referrer().after(gone.0, gone.1);
        gone.when("customer.remove_referral", referral())
            .then([Event::ReferralRemoved { referred }]);
    }
}
