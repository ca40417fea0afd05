SELECT run_id, rule, rule_version, trigger_event, trigger_type, trigger_recorded_at, sequence, ordinal,
  customer, correlation_id, chain, state, step, steps, attempts, next_attempt_at, reason,
  resumed, resumed_by, created_at, finished_at
FROM automation.run
WHERE organisation = $1 AND trigger_event = $2
ORDER BY sequence, ordinal
