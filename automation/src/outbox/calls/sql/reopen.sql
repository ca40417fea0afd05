UPDATE automation.effect
SET attempts = 0, due_at = clock_timestamp(), finished_at = NULL, outcome = NULL, reason = NULL,
  busy_until = NULL
WHERE organisation = $1 AND effect_id = $2 AND outcome = 'failed'
