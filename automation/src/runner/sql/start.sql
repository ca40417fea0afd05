UPDATE automation.run SET started_at = clock_timestamp() WHERE organisation = $1 AND run_id = $2
