use super::*;

#[test]
fn a_flag_has_a_reason_and_another_reason_replaces_it() {
    let flag = |reason: &str| json!({"reason": reason});
    let event = |reason: &str| Event::Flagged { reason: known(reason) };
    ada().when("customer.flag", flag("late")).then([event("late")]);
    let flagged = || ada().after("customer.flag", flag("late"));
    flagged().when("customer.flag", flag("late")).then_nothing();
    flagged().when("customer.flag", flag("rude")).then([event("rude")]);
    flagged().when("customer.unflag", json!({})).then([Event::Unflagged {}]);
    ada().when("customer.unflag", json!({})).then_nothing();
    ada().when("customer.flag", json!({})).then_refused("missing_field", "/reason");
}

#[test]
fn a_risk_flag_has_one_of_eight_types_and_a_reason_and_is_cleared_once() {
    let raise = |kind: &str| json!({"type": kind, "reason": "60 days"});
    for flag_type in RiskFlagType::ALL.iter().copied() {
        ada().when("customer.raise_risk_flag", raise(flag_type.name())).then([
            Event::RiskFlagRaised { flag_id: id(1000), flag_type, reason: known("60 days") },
        ]);
    }
    let refused = ada().when("customer.raise_risk_flag", raise("bad_mood"));
    refused.then_refused("invalid_field", "/type");
    let refused = ada().when("customer.raise_risk_flag", json!({"type": "manual_flag"}));
    refused.then_refused("missing_field", "/reason");

    let raised = || ada().after("customer.raise_risk_flag", raise("manual_flag"));
    let clear = json!({"flag_id": id(1000), "reason": "paid"});
    raised().when("customer.clear_risk_flag", clear.clone()).then([Event::RiskFlagCleared {
        flag_id: id(1000),
        flag_type: RiskFlagType::ManualFlag,
        reason: Some(known("paid")),
    }]);
    let cleared = raised().after("customer.clear_risk_flag", clear.clone());
    cleared.when("customer.clear_risk_flag", clear.clone()).then_nothing();
    ada().when("customer.clear_risk_flag", clear).then_refused("risk_flag_not_found", "/flag_id");
}
