DELETE FROM automation.effect
WHERE endpoint IS NOT NULL AND finished_at < clock_timestamp() - make_interval(secs => $1)
