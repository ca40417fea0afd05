use super::*;
use crate::value::Channel;

#[test]
fn an_opt_out_holds_for_its_channel_until_the_opt_in() {
    let out = || json!({"channel": "email", "reason": "Asked on the phone"});
    let opted_out = || ada().after("customer.opt_out", out());
    opted_out().when("customer.opt_out", out()).then_nothing();
    let recipient = opted_out().state.recipient().expect("a customer");
    assert_eq!(recipient.opted_out, [Channel::Email].into());
    let opt_in = json!({"channel": "email"});
    let event = Event::OptedIn { channel: Channel::Email };
    opted_out().when("customer.opt_in", opt_in.clone()).then([event]);
    ada().when("customer.opt_in", opt_in).then_nothing();
    let unknown = json!({"channel": "pigeon"});
    ada().when("customer.opt_out", unknown).then_refused("invalid_field", "/channel");
}

#[test]
fn do_not_work_with_again_has_a_reason_and_can_be_taken_back() {
    let set = |reason: &str| json!({"reason": reason});
    let unwanted = || ada().after("customer.set_do_not_work_with", set("Never paid"));
    unwanted().when("customer.set_do_not_work_with", set("Never paid")).then_nothing();
    assert!(unwanted().state.recipient().is_some_and(|recipient| recipient.do_not_work_with));
    let clear = "customer.clear_do_not_work_with";
    unwanted().when(clear, json!({})).then([Event::DoNotWorkWithCleared {}]);
    ada().when(clear, json!({})).then_nothing();
    let without = ada().when("customer.set_do_not_work_with", json!({}));
    without.then_refused("missing_field", "/reason");
}
