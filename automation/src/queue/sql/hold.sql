UPDATE automation.run
SET state = 'waiting', held = true, reason = $3, next_attempt_at = $4
WHERE organisation = $1 AND run_id = $2
