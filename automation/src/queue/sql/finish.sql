UPDATE automation.run
SET state = $3, step = $4, steps = $5, attempts = $6, reason = $7, finished_at = clock_timestamp()
WHERE organisation = $1 AND run_id = $2
