//! Ids that follow from their cause, so that doing a thing again does nothing.

use eventstore::CommandId;
use jiff::Timestamp;
use uuid::Uuid;

/// The namespace of all ids made here; for ever.
const NAMESPACE: Uuid = Uuid::from_u128(0x7d1c_3a52_9b0e_4c6f_a1d8_5e42_90b7_6f13);

/// The run of a rule for an event.
pub(crate) fn run(rule: Uuid, event: Uuid) -> Uuid {
    derived(&[rule.as_bytes(), event.as_bytes(), b"run"])
}

/// The run of a rule that came due at a moment, by a record or for a customer; also its command.
pub(crate) fn due(rule: Uuid, record: Uuid, due_at: Timestamp) -> CommandId {
    let moment = due_at.as_microsecond().to_be_bytes();
    command(derived(&[rule.as_bytes(), record.as_bytes(), b"due", &moment]))
}

/// The command of a step: the key of an effect is rule, event and step (FEATURES decision 13).
pub(crate) fn step(rule: Uuid, event: Uuid, step: &str) -> CommandId {
    command(derived(&[rule.as_bytes(), event.as_bytes(), b"step", step.as_bytes()]))
}

/// The command that records how a run ended; once more each time that a person had it go on.
pub(crate) fn finish(run: Uuid, resumed: i16) -> CommandId {
    command(derived(&[run.as_bytes(), b"finish", &resumed.to_be_bytes()]))
}

/// What shall go out because of an event.
pub(crate) fn effect(event: Uuid) -> Uuid {
    derived(&[event.as_bytes(), b"effect"])
}

/// What a webhook is told of an event.
pub(crate) fn delivery(event: Uuid, webhook: Uuid) -> Uuid {
    derived(&[event.as_bytes(), webhook.as_bytes(), b"delivery"])
}

/// The command that records what came of an effect.
pub(crate) fn outcome(effect: Uuid, what: &str) -> Uuid {
    derived(&[effect.as_bytes(), b"outcome", what.as_bytes()])
}

/// What the step's command says may depend on the moment (who is a worker now), so the
/// fingerprint is the cause as well: the same cause is the same command.
fn command(id: Uuid) -> CommandId {
    CommandId { id, fingerprint: id }
}

fn derived(parts: &[&[u8]]) -> Uuid {
    Uuid::new_v5(&NAMESPACE, &parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Uuid = Uuid::from_u128(1);
    const EVENT: Uuid = Uuid::from_u128(2);

    #[test]
    fn the_same_cause_gives_the_same_id() {
        assert_eq!(run(RULE, EVENT), run(RULE, EVENT));
        assert_eq!(step(RULE, EVENT, "1"), step(RULE, EVENT, "1"));
        assert_eq!(finish(RULE, 0), finish(RULE, 0));
        assert_eq!(
            due(RULE, EVENT, Timestamp::UNIX_EPOCH),
            due(RULE, EVENT, Timestamp::UNIX_EPOCH)
        );
    }

    #[test]
    fn another_rule_event_step_or_ending_gives_another() {
        assert_ne!(run(RULE, EVENT), run(EVENT, RULE));
        assert_ne!(step(RULE, EVENT, "1"), step(RULE, EVENT, "2"));
        assert_ne!(step(RULE, EVENT, "1"), step(RULE, RULE, "1"));
        assert_ne!(finish(RULE, 0), finish(RULE, 1));
        assert_ne!(due(RULE, EVENT, Timestamp::UNIX_EPOCH), due(RULE, EVENT, Timestamp::MAX));
        assert_ne!(run(RULE, EVENT), step(RULE, EVENT, "").id);
    }
}
