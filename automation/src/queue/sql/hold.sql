UPDATE automation.run
SET state = $3, step = $4, steps = $5, attempts = 0, reason = $6, held = true, next_attempt_at = $7
WHERE organisation = $1 AND run_id = $2
