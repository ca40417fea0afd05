-- What is under way comes to its end first.
UPDATE automation.effect
SET attempts = 0, due_at = clock_timestamp(), finished_at = NULL, outcome = NULL, reason = NULL,
  busy_until = NULL
WHERE organisation = $1 AND endpoint = $2 AND effect_id = $3
  AND (busy_until IS NULL OR busy_until < clock_timestamp())
