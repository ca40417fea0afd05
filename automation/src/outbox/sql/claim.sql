WITH due AS (
  SELECT organisation, effect_id FROM automation.effect
  WHERE finished_at IS NULL AND endpoint IS NULL AND due_at <= statement_timestamp()
  ORDER BY due_at, effect_id
  LIMIT $1
  FOR UPDATE SKIP LOCKED
)
UPDATE automation.effect AS e
SET due_at = clock_timestamp() + make_interval(secs => $2), claim = e.claim + 1
FROM due
WHERE e.organisation = due.organisation AND e.effect_id = due.effect_id
RETURNING e.organisation, e.effect_id, e.message, e.event_id, e.attempts, e.claim
