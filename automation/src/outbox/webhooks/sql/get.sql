SELECT effect_id, event_id, type, sequence, outcome, reason, due_at, created_at, finished_at,
  rule, rule_version
FROM automation.effect
WHERE organisation = $1 AND endpoint = $2 AND effect_id = $3
