-- The run's own time goes along: new runs behind it would else bring the line's back.
WITH held AS (
  UPDATE automation.line SET due_at = clock_timestamp() + make_interval(secs => $5)
  WHERE organisation = $1 AND customer = $2 AND claim = $3
  RETURNING organisation
)
UPDATE automation.run AS r SET next_attempt_at = clock_timestamp() + make_interval(secs => $5)
FROM held
WHERE r.organisation = held.organisation AND r.run_id = $4
