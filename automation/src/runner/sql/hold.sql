UPDATE automation.run
SET state = 'waiting', held = true, reason = $4, next_attempt_at = $5
WHERE organisation = $1 AND run_id = $2 AND claim = $3
