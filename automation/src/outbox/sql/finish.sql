UPDATE automation.effect SET finished_at = clock_timestamp(), reason = NULL
WHERE organisation = $1 AND effect_id = $2 AND claim = $3 AND finished_at IS NULL
