UPDATE automation.timer
SET after = $4, look_at = clock_timestamp() + make_interval(secs => $5)
WHERE organisation = $1 AND rule = $2 AND claim = $3
