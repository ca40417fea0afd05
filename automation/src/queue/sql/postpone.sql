UPDATE automation.run
SET state = $3, step = $4, steps = $5, attempts = $6, reason = $7,
  next_attempt_at = clock_timestamp() + make_interval(secs => $8)
WHERE organisation = $1 AND run_id = $2
