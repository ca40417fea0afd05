SELECT run_id, rule, rule_version, trigger_event, trigger_type, trigger_recorded_at, sequence, ordinal,
  customer, correlation_id, chain, state, step, steps, attempts, next_attempt_at, reason,
  resumed, resumed_by, created_at, finished_at
FROM automation.run
WHERE organisation = $1 AND (sequence, ordinal) < /* key */ ($2, $3)
  AND ($4::text[] IS NULL OR state = ANY($4))
  AND customer = $6 AND ($7::uuid IS NULL OR rule = $7)
ORDER BY sequence DESC, ordinal DESC
LIMIT $5
