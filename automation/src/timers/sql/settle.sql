-- A moment beyond the calendar does not come.
UPDATE automation.timer
SET since = $4, due_at = $5::timestamptz, after = NULL,
  look_at = coalesce($5::timestamptz, 'infinity')
WHERE organisation = $1 AND rule = $2 AND claim = $3
