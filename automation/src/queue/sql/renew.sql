UPDATE automation.run SET next_attempt_at = clock_timestamp() + make_interval(secs => $4)
WHERE organisation = $1 AND run_id = $2 AND claim = $3
