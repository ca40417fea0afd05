UPDATE automation.effect
SET attempts = attempts + $4, due_at = clock_timestamp() + make_interval(secs => $5),
  busy_until = NULL, reason = $6, outcome = $7,
  finished_at = CASE WHEN $7::text IS NOT NULL THEN clock_timestamp() END
WHERE organisation = $1 AND effect_id = $2 AND claim = $3 AND finished_at IS NULL
