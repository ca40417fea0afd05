-- The days of an organisation begin at another time: what is not being gone through is worked out again.
UPDATE automation.timer SET due_at = NULL, look_at = clock_timestamp(), claim = claim + 1
WHERE organisation = $1 AND after IS NULL
