UPDATE automation.run
SET state = $4, step = $5, steps = $6, attempts = $7, reason = $8,
  next_attempt_at = clock_timestamp() + make_interval(secs => $9)
WHERE organisation = $1 AND run_id = $2 AND claim = $3
