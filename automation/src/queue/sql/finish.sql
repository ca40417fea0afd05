UPDATE automation.run
SET state = $4, step = $5, steps = $6, attempts = $7, reason = $8, finished_at = clock_timestamp()
WHERE organisation = $1 AND run_id = $2 AND claim = $3
