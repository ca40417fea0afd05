SELECT e.outcome, e.reason, e.due_at, e.busy_until, a.status
FROM automation.effect AS e
LEFT JOIN LATERAL (
  SELECT status FROM automation.attempt
  WHERE organisation = e.organisation AND effect_id = e.effect_id
  ORDER BY attempted_at DESC LIMIT 1
) AS a ON true
WHERE e.organisation = $1 AND e.effect_id = $2
