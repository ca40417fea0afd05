//! The loop guard: a chain of causes ends where a rule meets a record that it has already acted
//! on, or where the chain grows too long (FEATURES decision 11).

use uuid::Uuid;

/// The records and rules on the way to an event, oldest first.
pub(crate) type Chain = Vec<(Uuid, Uuid)>;

/// How many rules may act one after the other.
pub const DEPTH: usize = 8;

/// Why a rule is withheld from an event that came about by `chain`, if it is.
pub(crate) fn withheld(chain: &[(Uuid, Uuid)], customer: Uuid, rule: Uuid) -> Option<String> {
    if chain.contains(&(customer, rule)) {
        let way = chain.iter().map(|(_, rule)| rule.to_string()).collect::<Vec<_>>();
        return Some(format!(
            "loop: this rule has already acted on {customer} in this chain of rules: {} -> {rule}",
            way.join(" -> ")
        ));
    }
    if chain.len() >= DEPTH {
        return Some(format!("too deep: {} rules have acted in this chain already", chain.len()));
    }
    None
}

/// The way to what this rule does to this record.
pub(crate) fn extended(chain: &[(Uuid, Uuid)], customer: Uuid, rule: Uuid) -> Chain {
    let mut chain = chain.to_vec();
    chain.push((customer, rule));
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn a_rule_may_start_another_rule() {
        let chain = extended(&[], id(1), id(10));
        assert_eq!(withheld(&chain, id(1), id(11)), None);
    }

    #[test]
    fn a_rule_may_act_on_another_record_in_the_same_chain() {
        let chain = extended(&[], id(1), id(10));
        assert_eq!(withheld(&chain, id(2), id(10)), None);
    }

    #[test]
    fn the_same_rule_on_the_same_record_is_withheld_and_the_chain_is_told() {
        let chain = extended(&extended(&[], id(1), id(10)), id(1), id(11));
        let reason = withheld(&chain, id(1), id(10)).unwrap();
        assert!(reason.contains(&format!("{} -> {} -> {}", id(10), id(11), id(10))), "{reason}");
    }

    #[test]
    fn the_eighth_rule_acts_and_the_ninth_is_withheld() {
        let chain = |length: u128| (0..length).map(|n| (id(100 + n), id(n))).collect::<Chain>();
        assert_eq!(withheld(&chain(7), id(1), id(50)), None);
        assert!(withheld(&chain(8), id(1), id(50)).is_some());
    }
}
