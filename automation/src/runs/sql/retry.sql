-- Only what has ended, and was recorded as failed, can go on. What is passed over stays in its steps.
UPDATE automation.run
SET state = 'waiting', attempts = 0, reason = NULL, finished_at = NULL,
  next_attempt_at = clock_timestamp(), resumed = resumed + 1, resumed_by = $3,
  step = $4, steps = $5
WHERE organisation = $1 AND run_id = $2 AND state IN ('failed', 'dead') AND finished_at IS NOT NULL
RETURNING customer
