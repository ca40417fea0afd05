UPDATE automation.effect
SET due_at = clock_timestamp() + make_interval(secs => $4), reason = $5
WHERE organisation = $1 AND effect_id = $2 AND claim = $3 AND finished_at IS NULL
