WITH held AS (
  SELECT organisation FROM automation.line
  WHERE organisation = $1 AND customer = $2 AND claim = $3
  FOR UPDATE
)
UPDATE automation.run AS r SET step = $5, steps = $6
FROM held
WHERE r.organisation = held.organisation AND r.run_id = $4
